"""Paths on which status is carried: who was admitted in the year before counts as on dibao last year."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

import microsim as ms
from microsim.errors import InputError, MicrosimError
from microsim.policy.rules import household
from microsim.population import County, Population
from microsim.studies.unification.scenario_file import unify_scenario
from tests.studies.unification.one_line import LINES, SCENARIO

RURAL, RATIO = "dibao.line.rural", {"ratio_to": "dibao.line.urban"}
GROWTH = {"income_growth": 0.08, "urban_line_growth": 0.0}
SHAPES = {
    "low": {"path": "points", "at": {2021: 0.8, 2022: 0.8, 2023: 0.84}},
    "high": {"path": "points", "at": {2021: 0.8, 2022: 0.84, 2023: 0.9}},
    "higher": {"path": "points", "at": {2021: 0.85, 2022: 0.9, 2023: 1.0}},
}
PATHS = {name: {RURAL: {**shape, **RATIO}} for name, shape in SHAPES.items()}


def law(**changes: bool) -> ms.Policy:
    """The law of 2021 without single admission."""
    return ms.Policy.load("2021-12-31").reform(
        {**LINES, "dibao.single_admission_enabled": False, **{f"{k}.enabled": v for k, v in changes.items()}}
    )


def test_without_gradual_exit_a_higher_path_costs_at_least_as_much(
    population: Population, county: County
) -> None:
    off = law(gradual_exit=False)
    done = ms.unify(population, off, county, PATHS, (2021, 2023), economy=GROWTH, carry_status=True)
    assert done.exceptions == ()
    for year, (lower, higher) in itertools.product(done.years, itertools.pairwise(SHAPES)):
        costs = [done.values[path, year, "cost.total"] for path in (lower, higher)]
        assert costs[0] <= costs[1] + 0.01


@pytest.mark.parametrize("exits", [True, False])
def test_gradual_exit_that_a_higher_line_spares_is_an_exception(
    population: Population, county: County, exits: bool
) -> None:
    """It pays as before the income rose; under a higher line the family is still due, and gets the gap."""
    family = population.select(population.household_id == 13)
    how = {"economy": GROWTH, "carry_status": True}
    found = ms.unify(family, law(gradual_exit=exits), county, PATHS, (2021, 2022), **how)
    low, high = (found.values[name, 2022, "cost.total"] for name in ("low", "high"))
    if not exits:
        assert found.exceptions == ()
        assert high >= low
        return
    assert [(a, b, year) for a, b, year, _ in found.exceptions if (a, b) == ("high", "low")] == [
        ("high", "low", 2022)
    ]
    assert low - high > 1e5  # 40 such families, each of which gets several thousand yuan less


def test_the_first_year_is_that_of_the_data(population: Population, county: County) -> None:
    """And what is carried matters in later years."""
    carried, held = (
        ms.unify(population, law(), county, PATHS, (2021, 2022), economy=GROWTH, carry_status=carry)
        for carry in (True, False)
    )
    first = [one.table[one.table["year"] == 2021]["value"].to_numpy() for one in (carried, held)]
    assert (first[0] == first[1]).all()
    costs = [one.values["low", 2022, "cost.dibao.rural"] for one in (carried, held)]
    assert costs[0] > costs[1] * 1.01


def test_years_that_are_left_out_carry_nothing(population: Population, county: County) -> None:
    with pytest.raises(
        InputError,
        match="status is carried from year to year, and years are left out; give the first and the",
    ):
        ms.unify(population, law(), county, PATHS, [2021, 2023, 2025], economy=GROWTH, carry_status=True)


def test_a_law_that_admits_by_the_status_of_last_year_is_refused(
    population: Population, county: County
) -> None:
    @household
    def dibao_by_discretion(dibao_last_year: bool, claims_dibao: bool) -> bool:
        return dibao_last_year and claims_dibao

    own = law().with_rules({"dibao_by_discretion": dibao_by_discretion})
    for ask in (
        lambda: ms.unify(population, own, county, PATHS, (2021, 2022), economy=GROWTH, carry_status=True),
        lambda: ms.plan(population, own, county, (2021, 2022), goal="cheapest", carry_status=True),
    ):
        with pytest.raises(InputError, match="admission to dibao depends on dibao_last_year: status would"):
            ask()


def test_a_scenario_says_that_status_is_carried(file: Path) -> None:
    path = file.with_name("carried.yaml")
    path.write_text(SCENARIO + "unification: {carry_status: true}\n", encoding="utf-8")
    assert unify_scenario(ms.load_scenario(path)).carry_status
    path.write_text(SCENARIO + "unification: {carry_status: often}\n", encoding="utf-8")
    with pytest.raises(MicrosimError, match=r"carried.yaml:\d+:\d+: .*carry_status"):
        ms.load_scenario(path)
