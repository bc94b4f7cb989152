"""Made-up households for timing, from a seed.

Incomes only have a shape in which every branch of the bench policy is taken by a few per cent of the
households. A population is a dict of NumPy arrays: persons are in household order, household h owns the
persons ``offsets[h]:offsets[h + 1]``. Columns of codes follow ``bench_policy.CATEGORIES``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = dict[str, NDArray[Any]]
PERSONS = (
    "age",
    "disability_grade",
    "severe_illness",
    "student_stage",
    "wage",
    "farm_income",
    "transfer_income",
    "medical_oop",
)
HOUSEHOLDS = ("area", "weight")
_SIZES = np.array([0.20, 0.29, 0.24, 0.15, 0.08, 0.04])  # one to six persons


def generate(households: int, seed: int = 11) -> Arrays:
    """``households`` households (about 2.7 times as many persons); the same arrays for the same seed."""
    draw = np.random.default_rng(seed)
    size = draw.choice(np.arange(1, len(_SIZES) + 1), households, p=_SIZES)
    offsets = np.concatenate(([0], np.cumsum(size, dtype=np.int64)))
    area = (draw.random(households) < 0.4).astype(np.int8)
    weight = draw.uniform(0.5, 2.5, households).round(3)
    fortune = draw.normal(0.0, 0.5, households)  # what the members of a household have in common

    persons = int(offsets[-1])
    owner = np.repeat(np.arange(households, dtype=np.int32), size)
    head = np.zeros(persons, dtype=bool)
    head[offsets[:-1]] = True
    urban = area[owner] == 1
    age = np.where(head, draw.integers(20, 85, persons), draw.integers(0, 80, persons)).astype(np.int16)
    age[draw.random(persons) < 0.02] = 12  # some heads are children, and some of these live alone

    def amount(
        median_rural: float, median_urban: float, spread: float, who: NDArray[np.bool_]
    ) -> NDArray[np.float64]:
        values = np.exp(spread * draw.normal(size=persons) + fortune[owner])
        values *= np.where(urban, median_urban, median_rural)
        values[~who] = 0.0
        return values.round(2)

    old = age >= 60
    chance = draw.random(persons)
    disability_grade = np.where(chance < np.where(old, 0.16, 0.06), draw.integers(1, 5, persons), 0).astype(
        np.int8
    )
    severe_illness = draw.random(persons) < np.where(old, 0.10, 0.04)
    student_stage = np.select([age < 6, age < 15, age < 18, age < 22], [0, 1, 2, 3], 0).astype(np.int8)
    able = (age >= 18) & ~old & (student_stage == 0) & (disability_grade == 0) & ~severe_illness
    wage = amount(30_000, 48_000, 0.5, able & (draw.random(persons) < 0.8))
    farm_income = amount(9_000, 0, 0.6, (age >= 18) & ~urban & (draw.random(persons) < 0.7))
    transfer_income = amount(5_000, 30_000, 0.4, old)
    medical_oop = amount(800, 1_000, 1.2, draw.random(persons) < 0.5)
    medical_oop[severe_illness] *= 15.0
    return {
        "offsets": offsets,
        "area": area,
        "weight": weight,
        "age": age,
        "disability_grade": disability_grade,
        "severe_illness": severe_illness,
        "student_stage": student_stage,
        "wage": wage,
        "farm_income": farm_income,
        "transfer_income": transfer_income,
        "medical_oop": medical_oop.round(2),
    }


def stored(folder: Path, households: int, seed: int = 11) -> Path:
    """File of a population of this size in ``folder``, made where it is not there yet."""
    path = folder / f"bench-{households}-{seed}.npz"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".part.npz")
        np.savez(unfinished, allow_pickle=False, **generate(households, seed))
        unfinished.replace(path)
    return path


def load(path: Path) -> Arrays:
    with np.load(path) as file:
        return dict(file)
