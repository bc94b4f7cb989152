"""Families files: what is written and what is not, and every offence at its place."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from microsim.errors import MicrosimError
from microsim.population import Families, load_families, registry
from tests.bad_files import bad_files, check_order, check_that_all_have_words, refused

SHIPPED = Path(__file__).parents[2] / "scenarios" / "families.yaml"
TWO = """
title: Two
families:
  elder:
    label: An elder
    description: {zh: 老人}
    area: rural
    members:
      - {relation: head, sex: female, age: 70}
  parents:
    label: {en: Parents, zh: 父母}
    area: urban
    vehicles: 1
    members:
      - {relation: child, sex: male, age: 9, in_school: primary}
      - {relation: head, sex: male, age: 40, works: false, wage_income: 100}
      - {relation: spouse, sex: female, age: 39, business_income: 50, earner: true}
"""


@pytest.fixture
def two(tmp_path: Path) -> Families:
    (tmp_path / "two.yaml").write_text(TWO, encoding="utf-8")
    return load_families(tmp_path / "two.yaml")


def test_a_family_is_a_household_of_weight_1(two: Families) -> None:
    assert two.names == ("elder", "parents")
    assert two.title == {"en": "Two"}
    assert two.labels == {"elder": {"en": "An elder"}, "parents": {"en": "Parents", "zh": "父母"}}
    assert two.descriptions["elder"] == {"zh": "老人"}
    households, persons = two.population.households, two.population.persons
    assert list(households["household_id"]) == [1, 2]
    assert list(households["weight"]) == [1, 1]
    assert list(households["area"]) == ["rural", "urban"]
    assert list(persons["household_id"]) == [1, 2, 2, 2]
    assert list(persons["age"]) == [70, 9, 40, 39]


def test_what_is_not_written_is_the_registrys_default(two: Families) -> None:
    households, persons = two.population.households, two.population.persons
    assert list(households["vehicles"]) == [registry()["vehicles"].default, 1]
    assert list(persons["in_school"]) == ["none", "primary", "none", "none"]
    assert list(persons["wage_income"]) == [0, 0, 100, 0]
    # In work is who earns, unless the file says otherwise.
    assert list(persons["works"]) == [False, False, False, True]
    assert "financial_assets" in two.population.defaulted


def test_the_earner_is_who_is_marked_else_the_first_adult(two: Families) -> None:
    assert list(two.earner) == [True, False, False, True]
    child_first = TWO.replace(", earner: true", "")
    two.path.write_text(child_first, encoding="utf-8")
    assert list(load_families(two.path).earner) == [True, False, True, False]


def test_some_families_in_the_wanted_order(two: Families) -> None:
    chosen = two.select(["parents", "elder"])
    assert chosen.names == ("parents", "elder")
    assert list(chosen.population.household_id) == [2, 1]
    assert list(chosen.earner) == [False, False, True, True]
    with pytest.raises(MicrosimError, match=r"no family 'parent'; did you mean 'parents'\?"):
        two.select(["parent"])
    with pytest.raises(MicrosimError, match="no family is named"):
        two.select([])


def test_the_shipped_families_are_told_in_both_languages() -> None:
    families = load_families(SHIPPED)
    assert len(families.names) >= 8
    for name in families.names:
        assert set(families.labels[name]) == set(families.descriptions[name]) == {"en", "zh"}
    owner = np.repeat(families.population.household_id, np.diff(families.population.offsets))
    assert list(owner[families.earner]) == list(families.population.household_id)
    assert {"rural", "urban"} == set(families.population.households["area"])


@pytest.mark.parametrize("path", bad_files("families"), ids=lambda path: path.stem)
def test_bad_files_are_told_in_words(path: Path) -> None:
    check_order(refused(load_families, path), path)


def test_every_bad_file_has_its_words() -> None:
    check_that_all_have_words("families")
    with pytest.raises(MicrosimError, match="no such file"):
        load_families("absent.yaml")


def test_the_example_of_the_page_is_one(tmp_path: Path) -> None:
    page = (SHIPPED.parents[1] / "docs" / "families.md").read_text(encoding="utf-8")
    (tmp_path / "own.yaml").write_text(page.split("```yaml\n")[1].split("```")[0], encoding="utf-8")
    assert load_families(tmp_path / "own.yaml").names == ("grandmother-and-pupil",)
