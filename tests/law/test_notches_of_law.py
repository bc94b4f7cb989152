"""The whole law along one income: notches found from flip to flip against a walk in steps of one yuan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import microsim as ms
from microsim.engine.runtime.notches import Found, notches
from microsim.engine.support.notch_walk import EXACT
from microsim.studies.common.benefits import benefits

ROOT = Path(__file__).resolve().parents[2]
HIGH = 60_000.0
SCENARIOS = ("linked-2014", "gradual-exit", "tiered-2024", "work-deduction")
QUICK = ("gradual-exit",)  # the notebook on cliffs searches it too: one kernel for both
RESOURCES = "resources"


@dataclass(frozen=True)
class Compared:
    """Jumps of the one-yuan walk, those missed, places found of more than a yuan, those that are wrong."""

    jumps: int
    missed: int
    places: int
    wrong: int
    evaluations: float

    def __add__(self, other: Compared) -> Compared:
        pairs = zip(self.__dict__.values(), other.__dict__.values(), strict=True)
        return Compared(*(a + b for a, b in pairs))


@pytest.fixture(scope="module")
def county() -> ms.Population:
    return ms.Population.read(ROOT / "data" / "synthetic" / "h-county")


def search(
    policy: ms.Policy, county: ms.Population, rows: np.ndarray, walked: np.ndarray, vary: str = "wage_income"
) -> Found:
    outputs = [RESOURCES, *(name for names in benefits(policy).values() for name in names)]
    present = county.person_columns[vary][walked]
    return notches(policy, county, vary, outputs, rows, walked, 0.0, HIGH, present)


def top_earners(county: ms.Population, rows: np.ndarray, vary: str) -> np.ndarray:
    """Of each household the member with the most, the first of equals."""
    column, offsets = county.person_columns[vary], county.offsets
    return np.array([offsets[r] + np.argmax(column[offsets[r] : offsets[r + 1]]) for r in rows], np.uint64)


def chosen(county: ms.Population, count: int, seed: int) -> np.ndarray:
    draw = np.random.default_rng(seed)
    return np.sort(draw.choice(county.n_households, count, replace=False)).astype(np.uint64)


def compare(
    policy: ms.Policy,
    county: ms.Population,
    rows: np.ndarray,
    vary: str = "wage_income",
    walked: np.ndarray | None = None,
) -> Compared:
    """Both ways of searching for notches of resources, a few households at a time."""
    who = top_earners(county, rows, vary) if walked is None else walked
    found = search(policy, county, rows, who, vary)
    done = Compared(0, 0, 0, 0, float(found.levels[:, 4].sum()))
    for first in range(0, len(rows), 50):
        some = slice(first, first + 50)
        is_walked = np.zeros(county.n_persons, bool)
        # One member of every household has to be marked; those of others do not matter.
        is_walked[county.offsets[:-1]] = True
        for row, member in zip(rows[some], who[some], strict=True):
            is_walked[county.offsets[row] : county.offsets[row + 1]] = False
            is_walked[member] = True
        ids = county.household_id[rows[some]]

        def at(grid: np.ndarray, ids: Any = ids, is_walked: Any = is_walked) -> np.ndarray:
            walk = ms.walk(county, policy, vary, grid, [RESOURCES], households=ids, member=is_walked)
            return np.asarray(walk[RESOURCES])

        done += _compared(found, first, at(np.arange(0.0, HIGH + 1.0)), at)
    return done


def _compared(found: Found, first: int, values: np.ndarray, at: Any) -> Compared:
    """One piece: ``values`` at each whole yuan, ``at`` evaluates at any amounts."""
    steps = np.diff(values, axis=1)
    jumps = missed = wrong = 0
    places, owners = [], []
    for number, step in enumerate(steps):
        mine = found.row == first + number
        where, size = found.places[mine, 0], found.jumps[mine, 0]
        before, after = np.r_[step[0], step[:-1]], np.r_[step[1:], step[-1]]
        odd = np.flatnonzero((np.abs(step - before) > 1.0) & (np.abs(step - after) > 1.0))
        jumps += len(odd)
        for yuan in odd:
            there = (where >= yuan - 1e-6) & (where <= yuan + 1.0 + 1e-6)
            missed += not there.any() or abs(size[there].sum() - step[yuan]) > 3.5
        large = (np.abs(size) > 1.0) & (where > 0.0) & (where < HIGH)
        places += where[large].tolist()
        owners += list(zip([number] * int(large.sum()), size[large].tolist(), strict=True))
    if places:
        # All places of these households are looked at in one walk: just below and just above.
        grid = np.sort(np.concatenate([np.array(places) - 0.01, np.array(places) + 0.01]))
        sides = at(grid)
        for place, (number, size_there) in zip(places, owners, strict=True):
            low, high = np.searchsorted(grid, [place - 0.01, place + 0.01])
            around = (found.row == first + number) & (np.abs(found.places[:, 0] - place) <= 0.01)
            jump = found.jumps[around, 0].sum()
            assert abs(size_there) > 1.0
            wrong += abs(sides[number, high] - sides[number, low] - jump) > 0.1
    return Compared(jumps, missed, len(places), wrong, 0.0)


def policies(names: tuple[str, ...] = SCENARIOS) -> Iterator[tuple[str, ms.Policy]]:
    for name in names:
        yield name, ms.load_scenario(ROOT / "scenarios" / f"{name}.yaml").policy()


@pytest.mark.slow
@pytest.mark.compiled
def test_no_notch_of_the_law_is_missed(county: ms.Population) -> None:
    """Fifty households; the long tests take a thousand, and other scenarios."""
    ((_, policy),) = policies(QUICK)
    done = compare(policy, county, chosen(county, 50, 5))
    assert done.missed == done.wrong == 0, done
    assert done.jumps > 10, done
    assert done.places >= done.jumps, done


@pytest.mark.slow
@pytest.mark.compiled
def test_the_parts_add_up_to_the_jump(county: ms.Population) -> None:
    """Resources jump by what benefits jump, and where nothing is curved every place is exact."""
    ((_, policy),) = policies(QUICK)
    rows = np.arange(county.n_households, dtype=np.uint64)
    found = search(policy, county, rows, top_earners(county, rows, "wage_income"))
    assert np.abs(found.jumps[:, 0] - found.jumps[:, 1:].sum(axis=1)).max() < 1e-4
    exact = found.flags[found.row] == EXACT
    assert (found.places[exact, 5] == 0.0).all()
    assert (found.case >= 0).all()


@pytest.mark.compiled
@pytest.mark.long
@pytest.mark.parametrize("name", SCENARIOS)
def test_no_notch_of_a_thousand_households_is_missed(county: ms.Population, name: str) -> None:
    ((_, policy),) = policies((name,))
    done = compare(policy, county, chosen(county, 1000, 11))
    assert done.missed == done.wrong == 0, done
    assert done.jumps > 250, done


@pytest.mark.compiled
@pytest.mark.long
@pytest.mark.parametrize("vary", ["pension_income", "business_income"])
def test_no_notch_along_another_income_is_missed(county: ms.Population, vary: str) -> None:
    ((_, policy),) = policies(("linked-2014",))
    done = compare(policy, county, chosen(county, 60, 7), vary)
    assert done.missed == done.wrong == 0, done
    assert done.jumps > 5, done


@pytest.mark.compiled
@pytest.mark.long
def test_no_notch_of_another_member_is_missed(county: ms.Population) -> None:
    """The last member of each household, whoever that is."""
    ((_, policy),) = policies(("linked-2014",))
    rows = chosen(county, 60, 9)
    done = compare(
        policy,
        county,
        rows,
        walked=county.offsets[rows.astype(np.int64) + 1].astype(np.uint64) - np.uint64(1),
    )
    assert done.missed == done.wrong == 0, done
