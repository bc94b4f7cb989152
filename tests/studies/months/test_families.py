"""Fifty families written by hand: month by month in plain Python, and by compiled rules and the register."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from microsim import Policy, Population
from microsim.scenario.administration.figures import Administration
from microsim.studies.months.register import IN, STATUSES, Register
from microsim.studies.months.situation import situation_of
from microsim.studies.months.study import Period, follow_months
from tests.scenario.small_county import frames
from tests.studies.months.walker import Month, walk

# Members, of whom the last so many cannot work; income from an own business in 2022, 2023 and 2024.
FAMILIES = """
1 0   4000  4000  4000    1 0   4000  7000  7000    1 0   4000  9500  4000    1 1   4000  7000  7000
1 1   5990  6010  6010    1 0   5990  6010  6590    1 0      0     0     0    1 0      0 12000 12000
1 0      0  6000  6600    1 0   8000  8000  8000    1 0   8000  5000  5000    1 0   8000  5000  8000
2 0  11000 13000 13000    2 1  11000 13000 13000    2 2  11000 13000 13000    2 0   6000 17000 17000
2 0   6000 18000 18000    2 0   6000 18100  6000    2 1      0 12000 13200    2 0  12000 11990 12000
2 2   9000  9000 20000    2 0   9000 20000  9000    2 1   9000 14000  9000    2 0  13000 11000 13000
3 0  17000 17000 17000    3 1  17000 20000 20000    3 2  10000 26000 26000    3 0  10000 27000 27000
3 0  10000 27100 27100    3 3  10000 18000 19799    3 0  18000 17999 19800    3 0  20000 16000 20000
3 1  20000 20000 16000    3 0   5000 19000  5000    3 0      0 40000     0    3 2   9000 21000 12000
4 0  23000 25000 25000    4 2  23000 25000 23000    4 1  12000 35999 35999    4 0  12000 36000 36000
4 0  24000 23999 26400    4 4      0     0     0    4 0  30000 20000 30000    4 0  20000 30000 20000
5 0  29000 31000 31000    5 3  29000 31000 29000    5 1  15000 44000 44000    5 0  15000 45000 45000
5 0  30000 29000 33000    5 0  31000 31000 31000
"""
YEARS = (2022, 2023, 2024)
RAISED = 2024, 7  # year and month from which the line is higher
EXIT_MONTHS = 6
RATE = (1.0, 1.0, 1.0, 0.5, 0.5, 0.5)  # of gradual exit
SPARED = {"grandfathered": 15}
OFFICES = [
    Administration.of(),
    Administration.of(
        {"decision": 2, "notice": 1, "stays": 0.4, "audits": 0.1, "apply": 0.5, "grandfathered": 15}
    ),
    Administration.of({"decision": 0, "review_stable": "never", "review_unstable": 3}),
]
CHANGES = {
    "dibao.line": {"on": {"2022-01-01": {"by": {"rural": 6000.0}}, "2024-07-01": {"by": {"rural": 6600.0}}}},
    "gradual_exit.months": EXIT_MONTHS,
    "gradual_exit.rate": [[0, 1.0], [3, 0.5]],
    "price_supplement.enabled": False,
}


@dataclass(frozen=True)
class Family:
    size: int
    unable: int
    incomes: tuple[int, ...]


def families() -> list[Family]:
    numbers = [int(word) for word in FAMILIES.split()]
    rows = [numbers[k : k + 5] for k in range(0, len(numbers), 5)]
    return [Family(size, unable, tuple(incomes)) for size, unable, *incomes in rows]


def county(year: int) -> Population:
    """The families with their incomes of a year, all else as nothing."""
    people = frames()[0]
    made = families()
    size = np.array([family.size for family in made])
    owner = np.repeat(np.arange(1, len(made) + 1), size)
    first = np.r_[True, owner[1:] != owner[:-1]]
    place = np.concatenate([np.arange(n) for n in size])
    unable = place >= np.repeat(size - [family.unable for family in made], size)
    income = np.repeat([family.incomes[YEARS.index(year)] for family in made], size)
    blank = {name: 0.0 for name, kind in people.dtypes.items() if kind == np.float64}
    persons = pd.DataFrame(
        {
            "household_id": owner, "age": np.int16(40), "sex": "male", **blank,
            "relation": np.where(first, "head", "other"), "disability_grade": "none",
            "severe_illness": False, "business_income": np.where(first, income, 0.0),
            "labour_capacity": np.where(unable, "none", "full"),
        }
    )  # fmt: skip
    houses = pd.DataFrame(
        {
            "household_id": np.arange(1, len(made) + 1), "weight": 1.0, "financial_assets": 0.0,
            "area": pd.Categorical(["rural"] * len(made), categories=["rural", "urban"]),
            "filed_poor": False, "admission_draw": 0.5,
        }
    )  # fmt: skip
    return Population.from_frames(persons, houses)


def gradual_exit(
    per_head: float, line: float, whole: float, inside: float
) -> tuple[Callable[[float], bool], Callable[[float], list[float]]]:
    """Whether a family leaves step by step, and what it gets in each month of it (dibao, if due again)."""

    def gradual(before: float) -> bool:
        return line <= per_head < 1.5 * line and before < whole

    def leaving(before: float) -> list[float]:
        if per_head < line:
            return [inside] * EXIT_MONTHS
        return [rate * (whole - before) * gradual(before) for rate in RATE]

    return gradual, leaving


def by_hand(family: Family) -> list[Month]:
    """36 months of what the law gives the family, worked out from its income and the line alone."""
    months = []
    for year, income in zip(YEARS, family.incomes, strict=True):
        for month in range(1, 13):
            line = 6600.0 if (year, month) >= RAISED else 6000.0
            whole = line * family.size
            per_head = income / family.size
            inside = max(whole - income, 0.0)

            gradual, leaving = gradual_exit(per_head, line, whole, inside)
            months.append(
                Month(
                    due=per_head < line,
                    stable=family.unable == family.size,
                    inside=inside,
                    outside=0.0,
                    work=float(income),
                    gradual=gradual,
                    leaving=leaving,
                    exit_months=EXIT_MONTHS,
                    starts=month == 1,
                    new_law=(year, month) == RAISED,
                )
            )
    return months


def test_there_are_fifty_of_many_kinds() -> None:
    made = families()
    assert len(made) == 50
    assert len(set(made)) == 50
    assert {family.size for family in made} == {1, 2, 3, 4, 5}


@pytest.mark.compiled
@pytest.mark.parametrize("office", OFFICES)
def test_person_months_and_yuan(office: Administration) -> None:
    law = Policy.load("2022-12-31").frozen().reform(CHANGES, allow_unusual=True)
    before, after = law.at("2024-06-30"), law.at("2024-07-01")
    periods = [Period(year, county(year), before) for year in YEARS[:2]]
    last = county(YEARS[2])
    periods += [Period(2024, last, before, range(1, 7)), Period(2024, last, after, range(7, 13))]
    found = follow_months(periods, administration=office, seed=11)
    seen = set()
    paid_months, yuan = np.zeros(50), np.zeros(50)
    for k, family in enumerate(families()):
        for status, amount in walk(k + 1, by_hand(family), office, 11):
            paid_months[k] += (STATUSES.index(status) >= IN) * family.size
            yuan[k] += amount
            seen.add(status)
    assert seen >= {"out", "in", "leaving"}
    counted = sum(
        (tally.inside + sum(tally.leaving, np.zeros(50))) * tally.situation.inside.recipients["dibao"]
        for tally in found.tallies
    )
    np.testing.assert_allclose(counted, paid_months, rtol=0, atol=1e-9)
    dibao = np.zeros(50)
    for tally in found.tallies:
        dibao += tally.granted
        for gone, amounts in zip(tally.leaving, tally.situation.leaving, strict=True):
            dibao += gone * amounts.dibao / 12
    np.testing.assert_allclose(dibao, yuan, rtol=1e-12, atol=1e-9)
    for year in YEARS:
        months = [found.values[year, month, "cost.dibao"] for month in range(1, 13)]
        assert found.values[year, 0, "cost.dibao"] == pytest.approx(sum(months), abs=1e-6)
    assert sum(found.values[year, 0, "person_months.dibao"] for year in YEARS) == pytest.approx(
        paid_months.sum()
    )
    assert yuan.sum() == pytest.approx(sum(found.values[year, 0, "cost.dibao"] for year in YEARS))
    situation = situation_of(periods[0].population, before)
    start = Register.begin(np.arange(1, 51), situation, office, 11)
    assert (start.paid() == situation.due).all()
