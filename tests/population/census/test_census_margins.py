"""Reconciling a county's census tables: each rule by hand, and every conflict told with its size."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from microsim.errors import MicrosimError
from microsim.population.census.margins import Conflict, Margins, margins_of
from microsim.population.census.tables import CensusCounty, read_census
from tests.population.census.census_table import row, write

OLD = 28824  # residents of 65 and over in H county's table of ages


def census(tmp_path: Path, **changes: Any) -> CensusCounty:
    return read_census(write(tmp_path / "c.csv", row(**changes))).find("640522")


def by_figure(margins: Margins) -> dict[str, Conflict]:
    return {conflict.figure.split(".")[1]: conflict for conflict in margins.conflicts}


def test_what_agrees_is_kept(tmp_path: Path) -> None:
    found = margins_of(census(tmp_path))
    assert found.residents == {"rural": 216056, "urban": 117462}
    assert found.ages["female"]["85+"] == 828
    assert (found.households, found.persons, found.mean_size, found.one_person) == (
        102663,
        322469,
        3.14,
        18006,
    )
    assert found.generations == {"one": 38569, "two": 52527, "three": 11567}
    assert set(by_figure(found)) == {"family_persons", "elderly_households"}


def test_sizes_and_generations_have_the_margins_of_the_census(tmp_path: Path) -> None:
    found = margins_of(census(tmp_path))
    sizes = found.sizes
    assert sizes[1] == pytest.approx(18006 / 102663)
    assert sum(sizes.values()) == pytest.approx(1)
    assert sum(size * share for size, share in sizes.items()) == pytest.approx(322469 / 102663)
    for span, count in found.generations.items():
        alone = sizes[1] if span == "one" else 0.0
        several = sum(shares[span] * sizes[size] for size, shares in found.generations_by_size.items())
        assert alone + several == pytest.approx(count / 102663), span


def test_residents_of_collective_households_are_stood_for(tmp_path: Path) -> None:
    conflict = by_figure(margins_of(census(tmp_path)))["family_persons"]
    assert (conflict.census, conflict.kept) == (322469, 333518)
    assert conflict.size == pytest.approx(11049 / 322469)
    assert margins_of(census(tmp_path)).per_household == pytest.approx(333518 / 322469)


def test_the_elderly_of_households_are_those_of_the_table_of_ages(tmp_path: Path) -> None:
    found = margins_of(census(tmp_path))
    held = 12000 + 2 * 8200 + 3 * 100
    aimed = OLD * 322469 / 333518
    conflict = by_figure(found)["elderly_households"]
    assert conflict.census == held
    assert conflict.kept == pytest.approx(aimed)
    assert found.elderly == pytest.approx(
        {"one": 12000 * aimed / held, "two": 8200 * aimed / held, "three": 100 * aimed / held}
    )
    assert f"({aimed / held - 1:+.2%})" in str(conflict)


def test_nobody_collective_and_the_elderly_right_is_no_conflict(tmp_path: Path) -> None:
    one = OLD - 2 * 8200 - 3 * 100
    changes = {"hh_pop": 333518, "hh_size": 3.25, "hh_65p_one": one, "hh_65p": one + 8300}
    assert margins_of(census(tmp_path, **changes)).conflicts == ()


def test_a_mean_size_that_is_not_persons_over_households(tmp_path: Path) -> None:
    found = margins_of(census(tmp_path, hh_size=3.3))
    assert found.mean_size == 3.14
    assert by_figure(found)["mean_household_size"].census == 3.3


@pytest.mark.parametrize(("area", "residents"), [("rural", (1, 333517)), ("urban", (333517, 1))])
def test_an_area_without_residents_gets_one(tmp_path: Path, area: str, residents: tuple[int, int]) -> None:
    counts = {"rural": 333518, "urban": 333518} | {area: 0}
    found = margins_of(census(tmp_path, **counts))
    assert tuple(found.residents.values()) == residents
    assert list(found.residents) == ["rural", "urban"]
    assert by_figure(found)["residents"].kept == 1


def test_a_blank_is_what_its_total_leaves(tmp_path: Path) -> None:
    found = margins_of(census(tmp_path, hh_gen4p="", f_0=""))
    assert found.ages["female"]["0"] == 2512
    assert found.generations["three"] == 11567
    assert {conflict.what for conflict in found.conflicts} >= {"column hh_gen4p", "column f_0"}


def test_every_broken_sum_is_named(tmp_path: Path) -> None:
    damaged = census(
        tmp_path,
        m_0=0,
        rural=0,
        hh_gen2=1,
        hh_65p_two=0,
        hh_1person=40000,
        emp_agri_long=14000,
        hh_pop=400000,
    )
    with pytest.raises(MicrosimError) as caught:
        margins_of(damaged)
    told = str(caught.value)
    for words in (
        "c.csv, row 2 (code 640522): these numbers cannot all be from the census",
        "urban + rural add up to 117,462, pop is 333,518",
        "m_0 to m_85p add up to",
        "hh_gen1 + hh_gen2 + hh_gen3 + hh_gen4p add up to 50,137, hh is 102,663",
        "hh_65p_one + hh_65p_two + hh_65p_three add up to 12,100, hh_65p is 20,300",
        "hh_1person (40,000) is more than hh_gen1 (38,569)",
        "emp_agri_long (14,000) is more than emp_long (13,031)",
        "hh_pop (400,000) is more than pop (333,518)",
    ):
        assert words in told


def test_more_persons_than_the_households_hold_are_refused(tmp_path: Path) -> None:
    few = census(tmp_path, hh_pop=180000, hh_size=1.75)
    with pytest.raises(MicrosimError, match=r"households of these generations hold .* hh_pop is 180,000"):
        margins_of(few)
    without = census(tmp_path, hh_65p=0, hh_65p_one=0, hh_65p_two=0, hh_65p_three=0)
    with pytest.raises(MicrosimError, match="hh_65p is 0, and 28,824 residents are 65 and over"):
        margins_of(without)
