"""Adding a benefit touches its own two files and nothing else: it is found, paid, counted and explained."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import microsim.law
from microsim.engine.reference.interpreter import Interpreter
from microsim.policy.policy import Policy
from microsim.policy.programmes import load_programmes
from microsim.population.core.columns import known
from microsim.studies.common.benefits import benefits
from tests.law.families import LINE

LAW = Path(microsim.law.__file__).parent
GRANNY = '''"""Granny's cake (a toy): so much for each old member of a dibao household."""

from __future__ import annotations

from microsim.policy import person, total


@person(unit="yuan/year", reference="toy rules, art. 1", label={"en": "Cake money", "zh": "糕点费"})
def person_cake(dibao_recipient: bool, age: int, granny_from_age: float, granny_amount: float) -> float:
    """From an age on, for dibao recipients."""
    if not dibao_recipient or age < granny_from_age:
        return 0.0
    return granny_amount


granny_benefit = total(
    person_cake,
    role="cash_benefit",
    label={"en": "Cake money of the household", "zh": "家庭糕点费"},
    reference="toy rules, art. 1",
)
'''
GRANNY_YAML = """label: {en: Granny's cake, zh: 糕点费}
description: {en: A toy programme., zh: 示例项目。}
financing: civil_affairs
parameters:
  from_age:
    label: {en: Age from which it is paid, zh: 起发年龄}
    unit: years
    values:
      2012-12-12: {value: 70, source: cited, reference: "toy rules, art. 1"}
  amount:
    label: {en: Cake money, zh: 标准}
    unit: yuan/month
    values:
      2012-12-12: {value: 10, source: cited, reference: "toy rules, art. 2"}
"""


@pytest.fixture
def law(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A copy of the packaged law with two files more, under a name of its own."""
    name = f"law_with_a_toy_{tmp_path.name}"  # each its own: programmes are kept by name
    shutil.copytree(LAW, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / name / "granny.py").write_text(GRANNY, encoding="utf-8")
    (tmp_path / name / "granny.yaml").write_text(GRANNY_YAML, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield name
    for module in [module for module in sys.modules if module.split(".")[0] == name]:
        del sys.modules[module]


def test_a_toy_programme_is_paid_and_counted(law: str) -> None:
    old = Policy.load("2020-12-31")
    new = Policy.load("2020-12-31", law)
    found = {programme.name for programme in load_programmes(law)}
    assert found - {programme.name for programme in load_programmes("microsim.law")} == {"granny"}
    assert benefits(new)["granny"] == ["granny_benefit"]
    assert new.amount("granny.amount") == 120.0
    rows = {
        entity: {name: column.default for name, column in known(entity).items() if column.default is not None}
        for entity in ("household", "person")
    }
    head = rows["person"] | {"age": 75, "sex": "female", "relation": "head", "works": False}
    head |= {"wage_income": 0.0, "business_income": 0.0}
    family = rows["household"] | {"area": "rural"}, [head]
    before, after = (
        Interpreter(policy.reform({"dibao.line": {"by": LINE}}, allow_unusual=True), *family)
        for policy in (old, new)
    )
    for name in ("total_benefits", "gross_income", "disposable_income", "resources"):
        assert after.household_value(name) == before.household_value(name) + 120.0
    # It is not income for dibao, and what was there comes out as before.
    for name in ("counted_income", "dibao_benefit", "household_tier"):
        assert after.household_value(name) == before.household_value(name)


def test_its_two_files_are_all_there_is(law: str) -> None:
    load_programmes(law)
    folder = Path(sys.modules[law].__file__ or "").parent
    for original in LAW.iterdir():
        if original.is_file():
            assert (folder / original.name).read_bytes() == original.read_bytes()
    added = {p.name for p in folder.iterdir()} - {p.name for p in LAW.iterdir()}
    assert added - {"__pycache__"} == {"granny.py", "granny.yaml"}
