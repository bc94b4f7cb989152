"""Plans over years in which status is carried: the best of all paths, each followed by itself."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

import microsim as ms
from microsim.population import County, Population
from microsim.scenario.economy import Economy
from microsim.scenario.uprating import uprated, uprating
from microsim.studies.common.expenditure import account_of
from microsim.studies.financing.reading import book_of
from microsim.studies.planning.grid import Grid
from microsim.studies.planning.paths import cheapest, fastest, least_cap, reachable
from microsim.studies.unification.paying import Payers
from tests.scenario.small_county import PROFILE, frames
from tests.studies.planning.walked import Walked, walk

FIRST, YEARS, RATIOS = 2022, 6, np.linspace(0.62, 1.0, 9)
LAST = FIRST + YEARS - 1
URBAN, GROWTH = 7000.0, {"income_growth": 0.08, "revenue_growth": 0.04, "urban_line_growth": 0.02}
LINES = {"dibao.line": {"by": {"rural": 0.62 * URBAN, "urban": URBAN}}}
WEIGHT, DISCOUNT, BY = 1.5, 0.03, LAST - 1


@dataclass(frozen=True)
class Way:
    """One path: its ratios, what it costs and what the county pays and the poor lack, year by year."""

    steps: tuple[int, ...]
    total: tuple[float, ...]
    county: tuple[float, ...]
    gap: tuple[float, ...]


@pytest.fixture(scope="module")
def population() -> Population:
    return Population.from_frames(*frames())


@pytest.fixture(scope="module")
def county() -> County:
    return County.read(PROFILE)


@pytest.fixture(scope="module")
def policy() -> ms.Policy:
    return ms.Policy.load("2022-12-31").reform(LINES)


def urban_line(year: int) -> float:
    return URBAN * 1.02 ** (year - FIRST)


def paths(population: Population, policy: ms.Policy, county: County, carry: bool) -> list[Way]:
    """Every path that does not fall, followed year by year."""
    years = range(FIRST, LAST + 1)
    plan = replace(uprating(population, policy, Economy.of(GROWTH)), since=county.year)
    laws = {
        (year, k): policy.frozen()
        .at(f"{year}-12-31")
        .reform({"dibao.line": {"by": {"rural": ratio * urban_line(year), "urban": urban_line(year)}}})
        for year in years
        for k, ratio in enumerate(RATIOS)
    }

    walked = dict(
        walk(
            years,
            lambda year, k: range(k, len(RATIOS)),
            lambda year: uprated(population, plan, year),
            lambda year, k: laws[year, k],
            urban_line,
            carry,
        )
    )
    held = walked[(0,) * YEARS]
    account, book = account_of(laws[FIRST, 0]), book_of(None)
    payers = [Payers.of(account, book, county, y, one.paid) for y, one in zip(years, held, strict=True)]

    def made(steps: tuple[int, ...], found: list[Walked]) -> Way:
        paid = tuple(who.paid(one.paid).county for who, one in zip(payers, found, strict=True))
        return Way(steps, tuple(one.cost for one in found), paid, tuple(one.gap for one in found))

    return [made(steps, found) for steps, found in walked.items()]


@pytest.fixture(scope="module", params=[True, False], ids=["carried", "not carried"])
def carry(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture(scope="module")
def every(population: Population, policy: ms.Policy, county: County, carry: bool) -> list[Way]:
    """All 1,287 paths over six years and nine ratios."""
    found = paths(population, policy, county, carry)
    assert len(found) == 1287
    return found


@pytest.fixture(scope="module")
def grid(population: Population, policy: ms.Policy, county: County, carry: bool) -> Grid:
    return ms.plan(
        population, policy, county, (FIRST, LAST),
        goal="cheapest", ratios=len(RATIOS), economy=GROWTH, carry_status=carry,
    ).grid  # fmt: skip


@pytest.mark.compiled
def test_every_path_costs_on_the_grid_what_it_costs_by_itself(
    every: list[Way], grid: Grid, carry: bool
) -> None:
    assert grid.carried == carry
    for way in every:
        here = grid.at(way.steps)
        np.testing.assert_allclose(grid.cost[here], way.total, rtol=1e-11)
        np.testing.assert_allclose(grid.county[here], way.county, rtol=1e-9)
        np.testing.assert_allclose(grid.gap[here], way.gap, rtol=1e-9)
    if carry:  # and it is not the same whatever the year before was
        assert grid.by_year_before > 1e6
        assert len({round(way.total[2]) for way in every if way.steps[2] == 4}) > 1


@pytest.mark.compiled
@pytest.mark.parametrize("of", ["increment", "level"])
def test_the_fastest_path_is_the_fastest_of_all(
    every: list[Way], grid: Grid, county: County, of: str
) -> None:
    revenue = np.array([Economy.of(GROWTH).revenue(county, year) for year in range(FIRST, LAST + 1)])
    held = np.array(next(way.county for way in every if not any(way.steps)))
    base = held if of == "increment" else 0.0 * held
    burdens = {way.steps: float(np.max((np.array(way.county) - base) / revenue)) for way in every}
    least = min(burdens.values())
    arriving = min(most for steps, most in burdens.items() if steps[-1] == 8)
    onward, burden = reachable(grid.ratios, None), grid.burden(of)
    assert least_cap(burden, onward, 0, None) == pytest.approx(least, rel=1e-9, abs=1e-12)
    assert least_cap(burden, onward, 0, 8) == pytest.approx(arriving, rel=1e-9)
    seen = set()
    for share in (
        least * 1.01 + 1e-6,
        (least + arriving) / 2,
        arriving * 1.001,
        max(burdens.values()) + 1e-6,
    ):
        feasible = [steps for steps, most in burdens.items() if most <= share]
        wanted = min((sum(k < 8 for k in steps), -sum(steps)) for steps in feasible)
        found = fastest(burden, share, onward, 0).steps
        assert found in feasible
        assert (sum(k < 8 for k in found), -sum(found)) == wanted
        seen.add(found)
    assert len(seen) > 2
    assert least == 0.0 or fastest(burden, least * 0.999, onward, 0).steps is None


@pytest.mark.compiled
@pytest.mark.parametrize(("cost", "weight"), [("county", 0.0), ("total", 0.0), ("county", WEIGHT)])
def test_the_cheapest_path_is_the_cheapest_of_all(
    every: list[Way], grid: Grid, cost: str, weight: float
) -> None:
    factor = (1.0 + DISCOUNT) ** -np.arange(YEARS)
    sums = {
        way.steps: float(np.sum((np.array(getattr(way, cost)) + weight * np.array(way.gap)) * factor))
        for way in every
        if way.steps[BY - FIRST] == 8
    }
    table = grid.county if cost == "county" else grid.cost
    within, onward = np.ones(table.shape, dtype=bool), reachable(grid.ratios, None)
    found = cheapest(table, grid.gap, DISCOUNT, weight, within, onward, 0, BY - FIRST)
    assert found.steps == min(sums, key=lambda steps: sums[steps])
    assert found.value[0] == pytest.approx(min(sums.values()), rel=1e-11)
