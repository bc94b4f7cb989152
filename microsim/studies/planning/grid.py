"""Cost, payers and poverty of one county on a grid of years and ratios of the lines: one pass a year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from microsim.scenario.economy import Economy
from microsim.scenario.uprating import uprated, uprating
from microsim.studies.financing.reading import Financing
from microsim.studies.unification.counted import with_counts
from microsim.studies.unification.rows import Row
from microsim.studies.unification.year import RURAL, URBAN, Laws, Setting, figures_of_year

if TYPE_CHECKING:
    from microsim.policy.policy import Policy
    from microsim.population import County, Population

Floats = NDArray[np.float64]
HELD = "held"  # the path at the present ratio
GAPS = {"urban": "urban_line", "national": "national_line"}


@dataclass(frozen=True)
class Grid:
    """Figures by year and ratio, float64[years, ratios], yuan a year.

    ``present``: the ratio that is held; ``cost``: all programmes; ``county``: what the county itself pays;
    ``gap``: what rural persons lack to the poverty line after benefits; ``held_cost``, ``held_county`` and
    ``held_gap``: the same where the present ratio is held, and ``revenue``: float64[years].
    """

    years: tuple[int, ...]
    ratios: tuple[float, ...]
    present: float
    cost: Floats
    county: Floats
    gap: Floats
    held_cost: Floats
    held_county: Floats
    held_gap: Floats
    revenue: Floats

    @property
    def increment(self) -> Floats:
        """What the county pays more than at the present ratio."""
        return self.county - self.held_county[:, None]

    def burden(self, of: str) -> Floats:
        """The county's ``increment`` or ``level``, as a share of its own revenue."""
        amounts = self.increment if of == "increment" else self.county
        return np.asarray(amounts / self.revenue[:, None])


def ratios_between(present: float, said: int | Sequence[float]) -> tuple[float, ...]:
    """The ratios of a grid: those that are said, or so many from the present one to 1 at equal distances.

    The present one is among them; those below it are left out, since no standard is lowered.
    """
    if isinstance(said, int):
        if present >= 1.0:
            return (present,)
        return tuple(float(value) for value in np.linspace(present, 1.0, said))
    return tuple(sorted({present, *(float(one) for one in said if one > present)}))


def present_ratio(policy: Policy) -> float:
    """The rural line over the urban one."""
    return float(policy.value(RURAL)) / float(policy.value(URBAN))


def grid_of(
    population: Population,
    policy: Policy,
    county: County,
    ratios: Sequence[float],
    years: Sequence[int],
    *,
    present: float,
    book: Financing,
    economy: Economy,
    follow: bool = False,
    line: str = "urban",
    progress: Callable[[str], None] = lambda text: None,
) -> Grid:
    """The grid of a county. The law of each year is that of its 31 December.

    ``policy`` and ``economy`` as for ``ms.unify``; ``present``: the ratio that is held; ``line``: the poverty
    line, ``urban`` or ``national``.
    """
    base = economy.urban_line_grown(policy, policy if follow else policy.frozen(), years)
    first = years[0]

    def at(ratio: float) -> dict[str, Any]:
        ends = {"from": {first - 1: ratio}, "to": {first: ratio}}
        return {RURAL: {"path": "linear", "ratio_to": URBAN, **ends}}

    held = with_counts(base).reform(at(present), allow_unusual=True)
    names = [f"{k}" for k in range(len(ratios))]
    policies = {HELD: held}
    policies |= {
        name: held.reform(at(ratio), allow_unusual=True) for name, ratio in zip(names, ratios, strict=True)
    }
    since = population.income_year if population.carried_to is not None else county.year
    plan = replace(uprating(population, base, economy), since=since)
    tables: list[dict[str, Floats]] = []
    for year in years:
        progress(f"{year}")
        end = Laws(1.0, held, policies).at(dt.date(year, 12, 31))
        held, policies = end.policy, dict(end.policies)
        revenue = economy.revenue(county, year)
        rows = figures_of_year(uprated(population, plan, year), (end,), year, revenue, Setting(county, book))
        tables.append(_of_paths(rows, [HELD, *names], line) | {"revenue": np.array([revenue])})
    columns = {name: np.stack([one[name] for one in tables]) for name in tables[0]}
    return Grid(
        years=tuple(years),
        ratios=tuple(ratios),
        present=present,
        cost=columns["cost"][:, 1:],
        county=columns["county"][:, 1:],
        gap=columns["gap"][:, 1:],
        held_cost=columns["cost"][:, 0],
        held_county=columns["county"][:, 0],
        held_gap=columns["gap"][:, 0],
        revenue=columns["revenue"][:, 0],
    )


def _of_paths(rows: Sequence[Row], names: Sequence[str], line: str) -> dict[str, Floats]:
    """Figure -> its value on each path."""
    wanted = {
        ("cost", "total", ""): "cost",
        ("paid", "county", ""): "county",
        ("poverty_gap", GAPS[line], "rural"): "gap",
    }
    found: dict[str, dict[str, float]] = {name: {} for name in wanted.values()}
    for path, _, measure, subject, group, value, _ in rows:
        key = wanted.get((measure, subject, group))
        if key is not None:
            found[key][path] = value
    return {key: np.array([by.get(name, 0.0) for name in names]) for key, by in found.items()}
