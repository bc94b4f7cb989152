"""Which counties could have one line, against the same written out county by county and split by split."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from microsim.studies.nation.reading import Unify
from microsim.studies.nation.unifying import Curves, order_of_zones, outlook


def curves(counties: int, points: int, seed: int) -> Curves:
    draw = np.random.default_rng(seed)
    start = draw.uniform(0.4, 1.0, counties)
    start[0] = 1.0
    ratios = np.linspace(start, 1.0, points).T
    rise = draw.uniform(0.0, 9e6, (counties, points)) * (1.0 - start)[:, None]
    extra = np.cumsum(rise, axis=1)
    extra -= extra[:, :1]
    gap = 4e7 * draw.uniform(0.2, 1.0, (counties, 1)) - extra * draw.uniform(0.3, 1.2, (counties, 1))
    codes = tuple(f"{k:06d}" for k in range(counties))
    return Curves(codes, ratios, extra, np.maximum(gap, 0.0), draw.uniform(1e8, 9e8, counties))


def by_hand(found: Curves, unify: Unify, year: int) -> list[tuple[str, float, float, list[int]]]:
    """Kind, what is lacking, the highest ratio by own money, and the points that can be chosen."""
    out = []
    for ratios, extra, revenue in zip(found.ratios, found.extra, found.revenue, strict=True):
        limit = unify.cap * revenue
        most = ratios[0] + (unify.by - year) * unify.largest_step + 1e-9
        points = [k for k, ratio in enumerate(ratios) if k == 0 or ratio <= most]
        reach = max(ratios[k] for k in points if extra[k] <= limit)
        lacks = max(extra[-1] - limit, 0.0)
        if ratios[0] >= 1.0 - 1e-9:
            out.append(("unified", 0.0, reach, points))
        elif len(ratios) - 1 not in points:
            out.append(("late", lacks, reach, points))
        else:
            out.append(("own" if lacks == 0.0 else "central", lacks, reach, points))
    return out


def test_own_revenue_that_grows_is_that_of_the_year_in_question() -> None:
    given = curves(40, 4, 3)
    still = outlook(given, Unify(2027, 0.02, 1.0, 4, 0.4), 2020)
    grown = outlook(given, Unify(2027, 0.02, 1.0, 4, 0.4, 0.03), 2020)
    assert grown.revenue == pytest.approx(given.revenue * 1.03**7)
    assert grown.burden == pytest.approx(still.burden / 1.03**7)
    assert grown.lacks.sum() < still.lacks.sum()
    richer = Curves(given.codes, given.ratios, given.extra, given.gap, given.revenue * 1.03**7)
    other = outlook(richer, Unify(2027, 0.02, 1.0, 4, 0.4), 2020)
    assert (grown.kind, grown.points.tolist()) == (other.kind, other.points.tolist())
    assert still.revenue.tolist() == given.revenue.tolist()


@pytest.mark.parametrize("seed", range(8))
def test_every_county_and_the_split(seed: int) -> None:
    unify = Unify(2027, 0.02, 0.07, 4, 0.4)
    given = curves(6, 4, seed)
    found, plain = outlook(given, unify, 2020), by_hand(given, unify, 2020)
    assert list(found.kind) == [kind for kind, *_ in plain]
    assert found.lacks == pytest.approx([lacks for _, lacks, *_ in plain])
    assert found.reach == pytest.approx([reach for *_, reach, _ in plain])
    budget = 0.4 * sum(lacks for _, lacks, *_ in plain)
    assert found.budget == pytest.approx(budget)

    def cost(county: int, point: int) -> float:
        return float(max(given.extra[county, point] - unify.cap * given.revenue[county], 0.0))

    best = min(
        sum(float(given.gap[c, k]) for c, k in enumerate(choice) if plain[c][0] != "unified")
        for choice in itertools.product(*([0] if kind == "unified" else ks for kind, *_, ks in plain))
        if sum(cost(c, k) for c, k in enumerate(choice)) <= budget + 0.01
    )
    assert found.split is not None
    assert found.split.gap == pytest.approx(best, rel=1e-5)
    assert sum(cost(c, int(k)) for c, k in enumerate(found.points)) <= budget + 0.01


def test_where_every_county_has_one_line_nothing_is_split() -> None:
    one = np.ones((2, 3))
    given = Curves(("1", "2"), one, 0.0 * one, 5.0 * one, np.array([1e8, 1e8]))
    found = outlook(given, Unify(2027, 0.02, 0.07, 3, 0.5), 2020)
    assert found.kind == ("unified", "unified")
    assert found.split is None
    assert found.budget == 0.0


def test_zones_that_are_ready_set_out_first() -> None:
    table = pd.DataFrame(
        {
            "zone": ["east", "east", "west", "west", "centre"],
            "kind": ["unified", "own", "own", "central", "own"],
            "residents": [10.0, 30.0, 10.0, 30.0, 5.0],
            "extra": [0.0, 4.0, 2.0, 8.0, 3.0],
            "lacks": [0.0, 0.0, 0.0, 6.0, 1.0],
            "revenue": 100.0,
        }
    )
    order = order_of_zones(table)
    assert list(order["zone"]) == ["east", "centre", "west"]
    assert list(order["order"]) == [1, 2, 3]
    west = order.set_index("zone").loc["west"]
    assert (west["ready"], west["central"], west["own"]) == (0.25, 1, 1)
    assert west["lacking"] == pytest.approx(0.6)
    assert west["share_of_lack"] == pytest.approx(6.0 / 7.0)
