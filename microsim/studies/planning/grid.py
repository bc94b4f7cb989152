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
from microsim.studies.projection.households import with_status
from microsim.studies.unification.carried import Flags, admitted
from microsim.studies.unification.counted import with_counts
from microsim.studies.unification.rows import Row
from microsim.studies.unification.year import RURAL, URBAN, Laws, Setting, figures_of_year

if TYPE_CHECKING:
    from microsim.policy.policy import Policy
    from microsim.population import County, Population

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
HELD = "held"  # the path at the present ratio
GAPS = {"urban": "urban_line", "national": "national_line"}


@dataclass(frozen=True)
class Grid:
    """Figures by year and ratio, float64[years, ratios], yuan a year.

    Where status is carried from year to year, a figure depends on the ratio of the year before, too:
    float64[years, ratio of the year before, ratio], NaN where no path goes, and in the first year everywhere
    but at the present ratio before.

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
    def carried(self) -> bool:
        """Whether status is carried from year to year."""
        return self.cost.ndim == 3

    @property
    def start(self) -> int:
        """Place of the present ratio among ``ratios``."""
        return self.ratios.index(self.present)

    @property
    def increment(self) -> Floats:
        """What the county pays more than at the present ratio."""
        return self.county - self._over(self.held_county)

    def burden(self, of: str) -> Floats:
        """The county's ``increment`` or ``level``, as a share of its own revenue."""
        amounts = self.increment if of == "increment" else self.county
        return np.asarray(amounts / self._over(self.revenue))

    @property
    def by_year_before(self) -> float:
        """The most that the ratio of the year before moves the cost of a year, yuan; 0 without status."""
        if not self.carried or len(self.years) == 1:
            return 0.0
        later = self.cost[1:]
        return float(np.max(np.nanmax(later, axis=1) - np.nanmin(later, axis=1)))

    def at(self, steps: Sequence[int]) -> tuple[Any, ...]:
        """The index of a path in every table: places of its ratios, one a year."""
        years, now = np.arange(len(self.years)), np.array(steps)
        return (years, np.r_[self.start, now[:-1]], now) if self.carried else (years, now)

    def _over(self, by_year: Floats) -> Floats:
        return by_year.reshape(-1, *[1] * (self.cost.ndim - 1))


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
    onward: Bools | None = None,
    progress: Callable[[str], None] = lambda text: None,
) -> Grid:
    """The grid of a county. The law of each year is that of its 31 December.

    ``policy`` and ``economy`` as for ``ms.unify``; ``present``: the ratio that is held; ``line``: the poverty
    line, ``urban`` or ``national``. With ``onward`` status is carried from year to year, for every pair of
    ratios of which it says that one may follow the other: bool[ratios, ratios].
    """
    base = economy.urban_line_grown(policy, policy if follow else policy.frozen(), years)
    first = years[0]

    def at(ratio: float) -> dict[str, Any]:
        ends = {"from": {first - 1: ratio}, "to": {first: ratio}}
        return {RURAL: {"path": "linear", "ratio_to": URBAN, **ends}}

    held = with_counts(base).reform(at(present), allow_unusual=True)
    policies = [held.reform(at(ratio), allow_unusual=True) for ratio in ratios]
    since = population.income_year if population.carried_to is not None else county.year
    plan = replace(uprating(population, base, economy), since=since)
    setting, start, every = Setting(county, book), ratios.index(present), np.arange(len(ratios))
    on_dibao: list[Flags] = []  # by ratio of the year before
    tables: list[dict[str, Floats]] = []
    for year in years:
        progress(f"{year}")
        day = dt.date(year, 12, 31)
        held, policies = held.at(day), [one.at(day) for one in policies]
        there, revenue = uprated(population, plan, year), economy.revenue(county, year)
        pairs = [(start, int(k)) for k in every]
        if on_dibao:
            assert onward is not None, "status is carried along ways that are known"
            pairs = [(int(k), int(j)) for k, j in np.argwhere(onward)]
        statuses = [with_status(there, flags, year) for flags in on_dibao] or [there] * len(ratios)
        under = {HELD: held} | {_name(pair): policies[pair[1]] for pair in pairs}
        own = {HELD: statuses[start]} | {_name(pair): statuses[pair[0]] for pair in pairs}
        rows = figures_of_year(there, (Laws(1.0, held, under),), year, revenue, setting, own)
        found = _of_paths(rows, list(under), line)
        made = {"revenue": np.array(revenue)}
        for name, values in found.items():
            cells = np.full((len(ratios), len(ratios)), np.nan)
            cells[tuple(np.array(pairs).T)] = values[1:]
            made |= {name: cells[start] if onward is None else cells, f"held_{name}": values[0]}
        tables.append(made)
        if onward is not None:
            on_dibao = [admitted(there, one) for one in policies]
    columns = {name: np.stack([one[name] for one in tables]) for name in tables[0]}
    return Grid(years=tuple(years), ratios=tuple(ratios), present=present, **columns)


def _name(pair: tuple[int, int]) -> str:
    """What a path is called that comes from the first of two ratios to the second."""
    return f"{pair[0]}>{pair[1]}"


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
