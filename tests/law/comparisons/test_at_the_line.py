"""Exactly at a line, a fen below it and a fen above it, whatever sum or division made the amount."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from typing import Any

import numpy as np
import pandas as pd
import pytest

import microsim as ms
from microsim.engine.reference.interpreter import Interpreter, household_from
from microsim.engine.runtime.notches import notches
from tests.law.cases import all_cases, outputs_of
from tests.law.families import DEFAULTS

LINE = 6956.4  # of 2018, urban
PARTS = ("wage_income", "business_income", "property_income", "private_transfer_income", "pension_income")
LAW = ms.Policy.load("2022-12-31").reform(
    {
        "dibao.line": {"by": {"rural": 4833.4, "urban": LINE}},
        "dibao.payment": "banded",
        "means_test.work_cost": "none",
        "means_test.financial_assets_lines": 2.0,
    },
    allow_unusual=True,
)
OUTPUTS = outputs_of(all_cases())  # whatever is asked for, the kernel of the hand-worked cases


def split(total_fen: int, n: int, seed: int) -> list[int]:
    """A whole number of fen in ``n`` parts."""
    cuts = np.sort(np.random.default_rng(seed).integers(0, total_fen + 1, n - 1))
    return [int(part) for part in np.diff([0, *cuts, total_fen])]


def family(
    total_fen: int, size: int, order: Sequence[str], seed: int = 0
) -> tuple[list[Any], dict[str, Any]]:
    """Persons whose incomes of all kinds add up to ``total_fen``."""
    shares = split(total_fen, size * len(order), seed)
    persons = []
    for member in range(size):
        own = shares[member * len(order) : (member + 1) * len(order)]
        persons.append(
            {"household_id": 1, "age": 40, "relation": "head" if member == 0 else "sibling", "sex": "female",
             "works": True} | {name: fen / 100 for name, fen in zip(order, own, strict=True)}
        )  # fmt: skip
    return persons, {"household_id": 1, "weight": 1.0, "area": "urban"}


def population(families: Sequence[tuple[list[Any], dict[str, Any]]]) -> ms.Population:
    persons, households = [], []
    for number, (members, household) in enumerate(families, start=1):
        persons += [{**DEFAULTS["person"], **member, "household_id": number} for member in members]
        households.append({**DEFAULTS["household"], **household, "household_id": number})
    return ms.Population.from_frames(pd.DataFrame(persons), pd.DataFrame(households))


def both_ways(people: ms.Population, output: str, outputs: Sequence[str] = OUTPUTS) -> list[Any]:
    """The output of each household, compiled; the interpreter must say the same."""
    compiled = ms.simulate(people, LAW, outputs).array(output).tolist()
    for row, value in enumerate(compiled):
        household, persons = household_from(people, row)
        assert Interpreter(LAW, household, persons).household_value(output) == pytest.approx(value), row
    return compiled


ORDERS = list(permutations(PARTS))[::29]
SIZES = range(1, 9)


def about(fen_per_head: int, further: int = 0) -> ms.Population:
    """Families of 1 to 8 with so many fen a head and ``further`` in all, their incomes in several orders."""
    return population(
        [
            family(fen_per_head * size + further, size, order, seed)
            for size in SIZES
            for seed, order in enumerate(ORDERS)
        ]
    )


@pytest.mark.parametrize(("further", "expected"), [(-1, True), (0, False), (1, False)])
def test_who_is_below_the_line_of_2018(further: int, expected: bool) -> None:
    found = both_ways(about(695640 + further), "dibao_within_law")
    assert set(found) == {expected}


def test_the_sums_that_this_is_about_do_miss_the_line() -> None:
    """Without the fen some of these households are a last bit below, others at the line or above it."""
    per_head = ms.simulate(about(695640), LAW, OUTPUTS).array("counted_income_per_head")
    assert (per_head < LINE).any()
    assert (per_head >= LINE).any()
    assert np.abs(per_head - LINE).max() < 1e-9


def test_a_household_of_two_that_is_one_fen_short_is_below_in_every_order() -> None:
    """Half a fen a head is a difference; less is none."""
    families = [family(2 * 695640 - 1, 2, order, seed) for seed in range(8) for order in ORDERS]
    assert all(both_ways(population(families), "dibao_within_law"))
    families = [family(3 * 695640 - 1, 3, order, seed) for seed in range(8) for order in ORDERS]
    assert not any(both_ways(population(families), "dibao_within_law"))


@pytest.mark.parametrize(("further", "share"), [(-1, 0.6), (0, 0.5), (1, 0.5)])
def test_bands_begin_at_the_fen(further: int, share: float) -> None:
    """Two thirds of 6,956.4 are 4,637.6: from there on band C, half the line."""
    people = about(463760 + further)
    paid = np.array(both_ways(people, "dibao_entitlement"))
    sizes = np.diff(people.offsets)
    assert paid == pytest.approx(share * LINE * sizes)


@pytest.mark.parametrize(("further", "expected"), [(-1, True), (0, False), (1, False)])
def test_edge_households_end_at_one_and_a_half_lines(further: int, expected: bool) -> None:
    assert set(both_ways(about(1043460 + further), "edge_household")) == {expected}


@pytest.mark.parametrize(("further", "expected"), [(-1, True), (0, True), (1, False)])
def test_assets_up_to_the_limit_are_within_it(further: int, expected: bool) -> None:
    households = []
    for size in SIZES:
        persons, household = family(100, size, PARTS)
        lines = 2.0 * 695640 * size
        households.append((persons, household | {"financial_assets": (lines + further) / 100}))
    assert set(both_ways(population(households), "property_within_limits")) == {expected}


@pytest.mark.parametrize(("further", "months"), [(-1, 0.0), (0, 1.0), (1, 1.0)])
def test_grades_of_a_burden_are_reached_at_the_fen(further: int, months: float) -> None:
    """Spending of half the income is the first grade: one month of the line for one person."""
    households = []
    for size in (1, 3, 6, 7):
        persons, household = family(1000_02 * size, size, PARTS)
        means = 695640 * size  # less than the line: the line is what counts
        shock = {"shock": "illness", "shock_persons": 1, "shock_loss": (means // 2 + further) / 100}
        households.append((persons, household | shock))
    paid = both_ways(population(households), "temporary_expenditure_amount")
    assert paid == pytest.approx([months * LINE / 12.0] * 4)


def test_single_precision_columns_are_at_the_line_too() -> None:
    """A float32 of 6956.4 is 6956.39990..., widened to what was typed."""
    persons, household = family(695640, 1, PARTS[:2])
    persons[0] |= {"wage_income": 6956.4, "business_income": 0.0}
    frame = pd.DataFrame(persons).astype({"wage_income": np.float32})
    people = ms.Population.from_frames(frame, pd.DataFrame([household]))
    assert people.person_columns["wage_income"].tolist() == [6956.4]
    # A column of another type makes a kernel of its own, which is small.
    assert both_ways(people, "dibao_within_law", ["dibao_within_law"]) == [False]


def test_the_search_for_notches_flips_where_the_kernel_does() -> None:
    """The line of 2018 for three: the place, and the law evaluated a hair beside it on both sides."""
    persons, household = family(0, 3, PARTS)
    people = population([(persons, household)])
    rows, walked = np.zeros(1, np.uint64), np.zeros(1, np.uint64)
    found = notches(
        LAW,
        people,
        "wage_income",
        ["dibao_entitlement"],
        rows,
        walked,
        0.0,
        30_000.0,
        np.zeros(1),
        smallest=1.0,
    )
    places = found.places[:, 0]
    assert places == pytest.approx([2318.8 * 3, 4637.6 * 3, LINE * 3], abs=0.02)
    assert found.jumps[:, 0] == pytest.approx([-0.1 * 3 * LINE, -0.1 * 3 * LINE, -0.5 * 3 * LINE])
    grid = np.sort(np.concatenate([places - 1e-4, places + 1e-4, [2318.8 * 3, 4637.6 * 3, LINE * 3]]))
    walk = ms.walk(people, LAW, "wage_income", grid, ["dibao_entitlement"])["dibao_entitlement"][0]
    whole = 3 * LINE
    assert walk == pytest.approx(np.array([0.7, 0.6, 0.6, 0.6, 0.5, 0.5, 0.5, 0.0, 0.0]) * whole)
