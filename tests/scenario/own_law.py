"""A small law of one's own for tests: one programme, whose import leaves a mark that it was run."""

from __future__ import annotations

from pathlib import Path

from tests.scenario.small_county import write

RULES = '''"""Cake money (invented)."""

from __future__ import annotations

from pathlib import Path

from microsim import person, total

Path(__file__).with_name("was-run").touch()


@person(unit="yuan/year", reference="invented rules, art. 1", label={"en": "Cake money", "zh": "糕点费"})
def person_cake(age: int, cake_from_age: float, cake_amount: float) -> float:
    """From an age on."""
    return cake_amount if age >= cake_from_age else 0.0


cake_benefit = total(
    person_cake,
    role="cash_benefit",
    reference="invented rules, art. 1",
    label={"en": "Cake money of the household", "zh": "家庭糕点费"},
)
'''
NUMBERS = """\
label: {en: Cake money, zh: 糕点费}
description: {en: An invented programme., zh: 虚构项目。}
financing: civil_affairs
parameters:
  from_age:
    label: {en: First age, zh: 起始年龄}
    unit: years
    values:
      2012-12-12: {value: 70, source: assumption, reference: "invented rules, art. 1"}
  amount:
    label: {en: Amount, zh: 标准}
    unit: yuan/month
    values:
      2012-12-12: {value: 10, source: assumption, reference: "invented rules, art. 2"}
"""
SCENARIO = """\
county: county
law: 2020-12-31
law_package: mylaw
changes:
  cake.amount: 20
  dibao.line: {by: {rural: 4600, urban: 7000}}
"""


def own_law(folder: Path, rules: str = RULES, numbers: str = NUMBERS, name: str = "cake") -> Path:
    """``folder``/mylaw with one programme."""
    law = folder / "mylaw"
    law.mkdir(exist_ok=True)
    (law / f"{name}.py").write_text(rules, encoding="utf-8")
    (law / f"{name}.yaml").write_text(numbers, encoding="utf-8")
    return law


def own_scenario(folder: Path, text: str = SCENARIO) -> Path:
    """A scenario of the small county with that law beside it."""
    own_law(folder)
    return write(folder, text, "own.yaml")


def was_run(folder: Path) -> bool:
    """Whether anything of the law was executed."""
    return (folder / "mylaw" / "was-run").exists()
