"""A small made population of two areas, the folder of its pieces, and a policy of four rules."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import microsim as ms
from microsim.population import Population


@pytest.fixture(scope="module")
def policy() -> ms.Policy:
    def poor(income: float, line: float, size: int) -> bool:
        return income < line * size

    def gap(poor: bool, income: float, line: float, size: int) -> float:
        return line * size - income if poor else 0.0

    rules = {
        "income": ms.total("wage_income"),
        "size": ms.count(),
        "poor": ms.household()(poor),
        "gap": ms.household(unit="yuan/year")(gap),
    }
    return ms.Policy.from_rules(
        rules, parameters={"line": {"by": "area", "values": {"rural": 5000.0, "urban": 9000.0}}}
    )


@pytest.fixture(scope="module")
def population() -> Population:
    rng = np.random.default_rng(5)
    sizes = rng.integers(1, 6, 5000)
    offsets = np.concatenate(([0], np.cumsum(sizes)))
    persons = {
        "wage_income": rng.gamma(0.5, 9000.0, offsets[-1]),
        "age": rng.integers(0, 90, offsets[-1]),
        "works": rng.random(offsets[-1]) < 0.5,
        "trade": rng.integers(0, 3, offsets[-1]).astype(np.int8),
    }
    households = {"weight": rng.random(5000), "area": rng.integers(0, 2, 5000).astype(np.int8)}
    words = {"area": ("rural", "urban"), "trade": ("wood", "cloth", "iron")}
    return Population.from_arrays(offsets, persons, households, words)


@pytest.fixture
def folder(population: Population, tmp_path: Path) -> Path:
    population.write(tmp_path / "county", households_per_piece=1300)
    return tmp_path / "county"
