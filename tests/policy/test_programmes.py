"""A body of law on disk: how programmes are found, and what is said of each bad file."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from microsim.errors import MicrosimError
from microsim.policy.policy import Policy
from microsim.policy.programmes import load_parameters, load_programmes
from microsim.simulation import simulate
from tests.bad_files import bad_files, check_that_all_have_words, refused, words_of
from tests.engine.random_populations import tiny_population

ALLOWANCE = '''
from microsim.policy import count, household, person, total


@person
def counts(age: int, allowance_age: float) -> bool:
    """Young enough."""
    return age < allowance_age


children = count(counts)


@household(name="allowance", unit="yuan/year", end="2020-12-31")
def allowance_of_2012(children: int, allowance_amount: float, allowance_enabled: bool) -> float:
    """So much for each."""
    return children * allowance_amount if allowance_enabled else 0.0


@household(name="allowance", unit="yuan/year", start="2021-01-01")
def allowance_of_2021(children: int, allowance_amount: float, allowance_enabled: bool) -> float:
    """Twice as much for each."""
    return children * allowance_amount * 2 if allowance_enabled else 0.0
'''
ALLOWANCE_YAML = """
label: {en: Allowance, zh: 津贴}
description: {en: So much for each child, zh: 每名儿童一份}
parameters:
  enabled:
    label: {en: Paid, zh: 实施}
    kind: boolean
    access: true
    values:
      2012-12-12: {value: true, source: cited, reference: r}
  amount:
    label: {en: Amount, zh: 标准}
    unit: yuan/month
    values:
      2012-12-12: {value: 10, source: cited, reference: r}
  age:
    label: {en: Age limit, zh: 年龄}
    unit: years
    access: true
    values:
      2012-12-12: {value: 16, source: cited, reference: r}
      2021-01-01: {value: 18, source: cited, reference: r}
"""
SUPPLEMENT = '''
from invented_law.allowance import allowance_of_2012, children
from microsim.policy import household


@household(unit="yuan/year")
def supplement(allowance: float) -> float:
    """Half as much again."""
    return allowance / 2
'''


@pytest.fixture
def law(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package of law with two programmes."""
    package = tmp_path / "invented_law"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "allowance.py").write_text(ALLOWANCE)
    (package / "allowance.yaml").write_text(ALLOWANCE_YAML, encoding="utf-8")
    (package / "supplement.py").write_text(SUPPLEMENT)
    (package / "supplement.yaml").write_text("label: {en: Supplement, zh: 补贴}\n", encoding="utf-8")
    (package / "_notes.py").write_text("raise RuntimeError('not a programme')")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield package
    for name in [name for name in sys.modules if name.split(".")[0] == "invented_law"]:
        del sys.modules[name]
    load_programmes.cache_clear()


def test_programmes_are_found_from_their_files(law: Path) -> None:
    allowance, supplement = load_programmes("invented_law")
    assert (allowance.name, supplement.name) == ("allowance", "supplement")
    assert allowance.label == {"en": "Allowance", "zh": "津贴"}
    assert allowance.description["en"] == "So much for each child"
    assert [p.name for p in allowance.parameters] == [
        "allowance.enabled",
        "allowance.amount",
        "allowance.age",
    ]
    assert [r.name for r in allowance.rules] == ["counts", "children", "allowance", "allowance"]
    assert {r.programme for r in allowance.rules} == {"allowance"}
    assert [r.name for r in supplement.rules] == ["supplement"], (
        "what is imported belongs to its own programme"
    )


def test_the_law_on_a_date(law: Path) -> None:
    old, new = Policy.load("2020-12-31", "invented_law"), Policy.load("2021-01-01", "invented_law")
    assert [old.rules["allowance"].description, new.rules["allowance"].description] == [
        "So much for each.",
        "Twice as much for each.",
    ]
    assert (old.value("allowance.amount"), old.amount("allowance.amount")) == (10.0, 120.0)
    assert [old.value("allowance.age"), new.value("allowance.age")] == [16.0, 18.0]
    assert old.at("2021-01-01").rules["allowance"] is new.rules["allowance"]
    assert Policy.load("2020-12-31", "invented_law") is old
    assert Policy.load("2012-12-11", "invented_law").values == {}


def test_needs_name_columns_with_the_programmes_that_ask(law: Path) -> None:
    needs = Policy.load("2021-01-01", "invented_law").needs(["supplement"])
    assert needs.columns == {"age": ("allowance",)}
    assert set(needs.parameters) == {"allowance.age", "allowance.amount", "allowance.enabled"}
    assert needs.rules == ("counts", "children", "allowance", "supplement")


def test_a_missing_column_is_told_with_the_programme_that_asks(law: Path) -> None:
    data = tiny_population(1, 3)
    bare = replace(data, person_columns={"ages": data.person_columns["age"]})
    with pytest.raises(MicrosimError) as caught:
        simulate(bare, Policy.load("2021-01-01", "invented_law"), ["supplement"])
    (offence,) = caught.value.offences
    assert offence.message == "no rule, parameter or column named 'age'"
    assert offence.place.startswith("programme allowance, rule counts (")
    assert offence.hint == "did you mean 'ages'?"


def test_gates_of_a_programme_are_pinned_and_its_amounts_go_on(law: Path) -> None:
    pinned = Policy.load("2022-01-01", "invented_law").pin("allowance", "2015-01-01")
    assert pinned.value("allowance.age") == 16.0
    assert pinned.at("2030-01-01").value("allowance.age") == 16.0
    for programme, date, words in (
        (
            "allowence",
            "2015-01-01",
            "'allowence' has no terms of access in force on 2015-01-01; did you mean 'allowance'?",
        ),
        ("allowance", "2001-01-01", "'allowance' has no terms of access in force on 2001-01-01"),
    ):
        with pytest.raises(MicrosimError) as caught:
            Policy.load("2022-01-01", "invented_law").pin(programme, date)
        assert words in str(caught.value)


def test_offences_of_all_files_come_at_once(law: Path) -> None:
    (law / "allowance.yaml").write_text("labels: {}\n")
    (law / "supplement.yaml").unlink()
    with pytest.raises(MicrosimError) as caught:
        load_programmes("invented_law")
    message = str(caught.value)
    assert "allowance.yaml:1:1: unknown key 'labels'; did you mean 'label'?" in message
    assert "programme 'supplement' has no supplement.yaml next to it" in message


def test_every_bad_file_has_its_words() -> None:
    check_that_all_have_words("law")


@pytest.mark.parametrize("path", bad_files("law"), ids=lambda path: path.stem)
def test_a_bad_file_is_refused_in_these_words(path: Path) -> None:
    assert len(refused(load_parameters, path).offences) == len(words_of(path))
