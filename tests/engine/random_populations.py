"""Small random populations with round amounts, for tests of the engine."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd
import pytest

# Generated code runs as plain Python, one numpy number at a time.
PLAIN = os.environ.get("NUMBA_DISABLE_JIT") == "1"
# The text is the same compiled, and compiling it takes seconds.
plain_only = pytest.mark.skipif(not PLAIN, reason="tried as plain Python, where NUMBA_DISABLE_JIT=1")

Entity = Literal["person", "household"]
Type = Literal["float", "int", "bool", "category", "schedule"]


@dataclass(frozen=True)
class Value:
    """A name that a rule can read."""

    name: str
    entity: Entity | None
    type: Type
    categories: tuple[str, ...] = ()


CATEGORIES = {
    "area": ("rural", "urban"),
    "tier": ("low", "middle", "high"),
    "stage": ("none", "primary", "junior", "senior"),
}
HOUSEHOLD_COLUMNS = (
    Value("area", "household", "category", CATEGORIES["area"]),
    Value("tier", "household", "category", CATEGORIES["tier"]),
    Value("homes", "household", "int"),
    Value("assets", "household", "float"),
    Value("filed_poor", "household", "bool"),
    Value("visible_share", "household", "float"),
)
PERSON_COLUMNS = (
    Value("age", "person", "int"),
    Value("wage_income", "person", "float"),
    Value("pension_income", "person", "float"),
    Value("disabled", "person", "bool"),
    Value("stage", "person", "category", CATEGORIES["stage"]),
    Value("grade", "person", "int"),
)


@dataclass(frozen=True, eq=False)
class TinyPopulation:
    """The data protocol of the engine, and nothing else."""

    offsets: np.ndarray
    household_columns: Mapping[str, np.ndarray]
    person_columns: Mapping[str, np.ndarray]
    weight: np.ndarray
    household_id: np.ndarray
    person_id: np.ndarray
    categories: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: dict(CATEGORIES))

    @property
    def n_households(self) -> int:
        return len(self.weight)

    @property
    def n_persons(self) -> int:
        return int(self.offsets[-1])

    def frames(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The same as two tables: persons, households."""

        def shown(name: str, column: np.ndarray) -> Any:
            return pd.Categorical.from_codes(column, CATEGORIES[name]) if name in CATEGORIES else column

        owners = np.repeat(self.household_id, np.diff(self.offsets))
        persons = {"person_id": self.person_id, "household_id": owners}
        households = {"household_id": self.household_id, "weight": self.weight}
        persons.update({name: shown(name, column) for name, column in self.person_columns.items()})
        households.update({name: shown(name, column) for name, column in self.household_columns.items()})
        return pd.DataFrame(persons), pd.DataFrame(households)


AMOUNTS = (0, 0, 100, 200, 300, 400, 600, 800, 1000, 1200, 1600, 2400, 3600)


def tiny_population(seed: int, households: int | None = None) -> TinyPopulation:
    """1 to 40 households of 1 to 7 persons with round amounts, so that sums often meet a line exactly."""
    draw = np.random.default_rng(seed)
    h = int(draw.integers(1, 41)) if households is None else households
    sizes = draw.choice([1, 2, 3, 4, 5, 6, 7], size=h, p=[0.25, 0.25, 0.2, 0.15, 0.05, 0.05, 0.05])
    n = int(sizes.sum())
    whole = [np.int16, np.int32, np.int64][int(draw.integers(3))]
    if PLAIN:  # numpy's small integers overflow where compiled ones, which are taken to 64 bits, do not
        whole = np.int64
    return TinyPopulation(
        offsets=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        household_columns={
            "area": draw.integers(0, 2, h).astype(np.int8),
            "tier": draw.integers(0, 3, h).astype(np.int8),
            "homes": draw.integers(0, 4, h).astype(whole),
            "assets": draw.choice(AMOUNTS, h).astype(np.float64) * 4,
            "filed_poor": draw.random(h) < 0.4,
            "visible_share": draw.choice([0.0, 0.25, 0.5, 0.75, 1.0], h),
        },
        person_columns={
            "age": draw.choice([0, 5, 6, 15, 16, 17, 18, 30, 45, 59, 60, 61, 75, 80], n).astype(whole),
            "wage_income": draw.choice(AMOUNTS, n).astype(np.float64),
            "pension_income": draw.choice(AMOUNTS, n).astype(np.float64) * 0.5,
            "disabled": draw.random(n) < 0.3,
            "stage": draw.integers(0, 4, n).astype(np.int8),
            "grade": draw.integers(0, 5, n).astype(whole),
        },
        weight=draw.choice([0.0, 0.5, 1.0, 2.0, 3.25], h),
        household_id=np.sort(draw.choice(np.arange(1, 10 * h + 1), h, replace=False)).astype(np.int64),
        person_id=np.arange(1, n + 1, dtype=np.int64) * 3,
    )
