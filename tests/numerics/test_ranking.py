"""Orders of computed amounts do not hang on their last bits."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from microsim.charts.notch_labels import _gates, _programmes
from microsim.numerics.ranking import to_rank_by
from microsim.studies.cliffs.causes import Causes
from microsim.studies.cliffs.commonest import commonest


def nudged(value: float) -> list[float]:
    """The number and its neighbours in floating point."""
    return [value, float(np.nextafter(value, np.inf)), float(np.nextafter(value, -np.inf))]


@pytest.mark.parametrize("value", [0.3, 12.34, -2880.0, 1e9 / 3, 0.0])
def test_neighbours_rank_alike(value: float) -> None:
    assert len({to_rank_by(near) for near in nudged(value)}) == 1


@pytest.mark.parametrize(("less", "more"), [(1.00, 1.01), (-5.0, -4.99), (1e8, 1e8 + 1), (0.0, 0.01)])
def test_what_differs_by_more_ranks_as_it_is(less: float, more: float) -> None:
    assert to_rank_by(less) < to_rank_by(more)


def test_causes_that_are_equal_stand_by_name() -> None:
    orders = set()
    for one, other in itertools.product(nudged(-1 / 3), repeat=2):
        table = pd.DataFrame(
            {
                "gate": ["b", "a", "c"],
                "programme": ["p", "q", "r"],
                "change": [one, other, -9.0],
                "weight": 3.0,
            }
        )
        made = Causes(table, np.zeros(1), np.zeros(1, dtype=np.int64)).shares()
        assert made["change"].sum() == pytest.approx(-29.0)
        orders.add(tuple(made["gate"]))
    assert orders == {("c", "a", "b")}


def test_labels_of_notches_keep_their_order() -> None:
    said = set()
    for one, other in itertools.product(nudged(-842.1), repeat=2):
        rows = pd.DataFrame(
            {
                "gate": ["x", "y"],
                "programme": ["p", "q"],
                "change": [one, other],
                "through": ["law", "law"],
            }
        )
        said.add((_gates(rows, "en", None), _programmes(rows, "en", None)))
    assert len(said) == 1


def test_the_household_of_the_picture_is_the_same() -> None:
    found = set()
    for one, other in itertools.product(nudged(500.3), repeat=2):
        households = pd.DataFrame(
            {
                "household_id": [1, 2, 3],
                "next_distance": 100.0,
                "next_drop": [other, one, 900.0],
                "next_rule": "dibao_eligible",
                "weight": [0.1, 0.2, 0.3],
            }
        )
        found.add(commonest(households).household_id)
    assert found == {2}
