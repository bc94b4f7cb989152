"""The shadow price of a budget, through the law: gap payment, and an office that sees all income."""

from __future__ import annotations

import numpy as np
import pytest

from microsim import Policy
from microsim.population import County
from microsim.scenario.economy import Economy
from microsim.studies.financing.reading import book_of
from microsim.studies.planning.grid import Grid, grid_of, ratios_between
from microsim.studies.planning.splitting import split_budget
from tests.scenario.small_county import PROFILE
from tests.studies.months.test_families import county

URBAN, PRESENT = 9000.0, 0.5


@pytest.fixture(scope="module")
def grids() -> list[Grid]:
    """Fifty plain families, with their incomes of two years as two counties."""
    lines = {"by": {"rural": PRESENT * URBAN, "urban": URBAN}}
    law = Policy.load("2022-12-31").reform({"dibao.line": lines, "price_supplement.enabled": False})
    profile, book = County.read(PROFILE), book_of(None)
    return [
        grid_of(
            county(year), law, profile, ratios_between(PRESENT, 9), (2022,),
            present=PRESENT, book=book, economy=Economy.of("none"),
        )
        for year in (2022, 2023)
    ]  # fmt: skip


@pytest.mark.compiled
def test_it_is_what_one_more_yuan_closes(grids: list[Grid]) -> None:
    """Most is paid to persons below the urban line and fills their gap; some is in kind, and fills none."""
    costs = [grid.cost[0] - grid.held_cost[0] for grid in grids]
    gaps = [grid.gap[0] for grid in grids]
    for cost, gap in zip(costs, gaps, strict=True):
        assert (np.diff(cost) > 0.0).all()
        assert (np.diff(gap) < 0.0).all()
    whole = float(sum(cost[-1] for cost in costs))
    prices = []
    for share in (0.13, 0.4, 0.77):
        here, there = (split_budget(costs, gaps, share * whole + more) for more in (0.0, 10.0))
        assert here.shadow_price == pytest.approx((here.bound - there.bound) / 10.0, rel=1e-6)
        assert here.bound <= here.gap + 1e-6
        assert here.spent <= share * whole + 0.01
        prices.append(here.shadow_price)
    assert 0.5 < min(prices) <= max(prices) <= 1.0 + 1e-9
    assert prices == sorted(prices, reverse=True)
    enough = split_budget(costs, gaps, 2.0 * whole)
    assert enough.shadow_price == pytest.approx(0.0, abs=1e-12)
