"""Arrays as users hand them over: read-only, strided, of another byte order; walks too large for memory."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

import microsim as ms
from microsim.engine.runtime import memory
from microsim.errors import MicrosimError
from microsim.policy import household, total


@household(unit="yuan/year")
def doubled(income: float) -> float:
    return 2.0 * income


POLICY = ms.Policy.from_rules({"doubled": doubled, "income": total("wage_income")})
POINTS = [0.0, 10.0, 20.0]


def frozen(values: list[float]) -> np.ndarray:
    array = np.array(values)
    array.flags.writeable = False
    return array


def people() -> ms.Population:
    persons = pd.DataFrame({"household_id": [1, 1, 2], "wage_income": [5.0, 1.0, 7.0]})
    return ms.Population.from_frames(persons, pd.DataFrame({"household_id": [1, 2], "weight": [1.0, 1.0]}))


@pytest.mark.parametrize(
    "given",
    [
        frozen,
        pd.Series,
        lambda points: np.repeat(points, 2)[::2],
        lambda points: np.array(points, ">f8"),
        lambda points: np.array(points, np.float32),
    ],
    ids=["read-only", "Series", "strided", "big-endian", "float32"],
)
def test_a_grid_of_any_kind_of_array(given: Callable[[list[float]], object]) -> None:
    ms.walk(people(), POLICY, grid=POINTS, outputs=["doubled"])  # compiled for plain arrays before
    walk = ms.walk(people(), POLICY, grid=given(POINTS), outputs=["doubled"])  # type: ignore[arg-type]
    assert walk["doubled"].tolist() == [[2.0, 22.0, 42.0], [0.0, 20.0, 40.0]]


def test_results_of_an_earlier_walk_that_may_not_be_written_to_are_left_alone() -> None:
    before = ms.walk(people(), POLICY, grid=POINTS, outputs=["doubled"])
    before["doubled"].flags.writeable = False
    after = ms.walk(people(), POLICY, grid=[1.0, 2.0, 3.0], outputs=["doubled"], reuse=before)
    assert before["doubled"][1].tolist() == [0.0, 20.0, 40.0]
    assert after["doubled"][1].tolist() == [2.0, 4.0, 6.0]


class ReadOnly:
    """A population of someone's own whose arrays are all read-only."""

    def __init__(self, population: ms.Population) -> None:
        self.population = population

    def __getattr__(self, name: str) -> object:
        value = getattr(self.population, name)
        if name in ("person_columns", "household_columns"):
            return {key: frozen(column.tolist()) for key, column in value.items() if key == "wage_income"}
        return frozen(value.tolist()) if name in ("offsets", "weight") else value


def test_columns_that_are_read_only() -> None:
    plain, locked = people(), ReadOnly(people())
    for population in (plain, locked, plain):  # one kernel, whichever comes first
        result = ms.simulate(population, POLICY, ["doubled"])
        assert result.array("doubled").tolist() == [12.0, 14.0]
        walk = ms.walk(population, POLICY, grid=POINTS, outputs=["doubled"])
        assert walk["doubled"][0].tolist() == [2.0, 22.0, 42.0]


def test_a_walk_that_does_not_fit_says_so_before_it_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "free_memory", lambda: 32 * 2**20)
    grid = np.linspace(0.0, 60_000.0, 4 * 2**20)
    with pytest.raises(MicrosimError) as caught:
        ms.walk(people(), POLICY, grid=grid, outputs=["doubled", "income"])
    words = str(caught.value)
    assert (
        "2 households at 4,194,304 incomes and 2 outputs (doubled, income) take 128.0 MiB of memory" in words
    )
    assert "32.0 MiB are free" in words
    assert "a grid of at most 1,048,576 points" in words
    assert "ms.cliffs" in words


def test_free_memory_is_told() -> None:
    free = memory.free_memory()
    assert free is None or 0 < free <= (memory.memory() or free)
