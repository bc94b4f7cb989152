"""``ms.plan``: the fastest path to one standard that a cap allows, or the cheapest that is done in time."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from microsim.errors import InputError, Offence, did_you_mean
from microsim.outcome import Outcome, flat_name, worded
from microsim.policy.plain import is_number
from microsim.scenario.economy import Economy
from microsim.scenario.unification.nodes import CAPS, LINES
from microsim.studies.financing.reading import Financing, book_of
from microsim.studies.planning.grid import Bools, Grid, grid_of, present_ratio, ratios_between
from microsim.studies.planning.paths import Chosen, cheapest, fastest, least_cap, reachable
from microsim.studies.unification.carried import carrying_offences
from microsim.studies.unification.year import LINE, RURAL, URBAN

if TYPE_CHECKING:
    import pandas as pd

    from microsim.policy.policy import Policy
    from microsim.population import County, Population

Goal = Literal["fastest", "cheapest"]
YUAN, SHARE = "yuan/year", "1"
ROUNDING = 1e-9  # of a share of revenue


@dataclass(frozen=True, eq=False, repr=False)
class Plan(Outcome):
    """The path chosen on a grid of years and ratios; ``chosen`` is None where no path keeps to the rules.

    ``cap``: what of the county's own payment is held under which share of its revenue (None: no cap).
    ``caps``: ``present`` (the largest burden at the present ratio), ``least`` (the smallest cap under which
    there is a path at all) and ``arrival`` (under which one standard is reached in time).
    """

    goal: Goal
    grid: Grid
    chosen: tuple[int, ...] | None
    cap: tuple[str, float] | None
    caps: Mapping[str, float]
    by: int
    largest_step: float | None
    discount: float
    weight: float
    cost_of: str
    poverty_line: str
    value: float | None = None  # of a cheapest path: its discounted sum
    policy: Policy | None = field(default=None, repr=False)
    population: Population | None = field(default=None, repr=False)
    county: County | None = field(default=None, repr=False)

    @property
    def feasible(self) -> bool:
        """Whether there is a path."""
        return self.chosen is not None

    @property
    def ratios(self) -> dict[int, float]:
        """Year -> ratio of the lines on the path; empty where there is none."""
        if self.chosen is None:
            return {}
        return {year: self.grid.ratios[k] for year, k in zip(self.grid.years, self.chosen, strict=True)}

    @property
    def arrival(self) -> int | None:
        """The first year at the last ratio; None where the path does not get there."""
        last = self.grid.ratios[-1]
        return next((year for year, ratio in self.ratios.items() if ratio == last), None)

    @property
    def changes(self) -> dict[str, Any]:
        """The path as ``changes:`` of a scenario; empty where there is none."""
        if not self.ratios:
            return {}
        return {RURAL: {"path": "points", "ratio_to": URBAN, "at": self.ratios}}

    @cached_property
    def table(self) -> pd.DataFrame:
        """year, ratio, chosen, cost, extra_cost, county, increment, burden, gap: every point of the grid.

        ``burden``: the county's increment as a share of its revenue; ``gap``: of rural persons; yuan/year.
        Where status is carried, ``ratio_before`` comes after the year: every way from one ratio to another.
        """
        import pandas as pd

        grid, chosen = self.grid, np.zeros(self.grid.cost.shape, dtype=bool)
        if self.chosen is not None:
            chosen[grid.at(self.chosen)] = True
        points = np.argwhere(np.isfinite(grid.cost))
        ratios, burden = np.array(grid.ratios), grid.burden("increment")
        years = points[:, 0]
        columns: dict[str, Any] = {"year": np.array(grid.years)[years]}
        if grid.carried:
            columns["ratio_before"] = ratios[points[:, 1]]
        here = tuple(points.T)
        columns |= {
            "ratio": ratios[points[:, -1]],
            "chosen": chosen[here],
            "cost": grid.cost[here],
            "extra_cost": grid.cost[here] - grid.held_cost[years],
            "county": grid.county[here],
            "increment": grid.increment[here],
            "burden": burden[here],
            "gap": grid.gap[here],
        }
        return pd.DataFrame(columns)

    @property
    def summary(self) -> dict[str, dict[str, Any]]:
        """``plan.ratio.2024``, ``plan.cap.least``, ``plan.arrival`` and the like, with units."""
        out: dict[str, dict[str, Any]] = {}
        for one, ratio in self.ratios.items():
            out[flat_name("plan", "ratio", str(one))] = {"value": ratio, "unit": SHARE}
        chosen = self.table[self.table["chosen"]].set_index("year")
        for name in ("cost", "extra_cost", "county", "increment", "gap"):
            for year, value in chosen[name].items():
                out[flat_name("plan", name, str(year))] = {"value": float(value), "unit": YUAN}
        for year, value in chosen["burden"].items():
            out[flat_name("plan", "burden", str(year))] = {"value": float(value), "unit": SHARE}
        for name, share in self.caps.items():
            if np.isfinite(share):
                out[flat_name("plan", "cap", name)] = {"value": share, "unit": SHARE}
        if self.arrival is not None:
            out["plan.arrival"] = {"value": self.arrival, "unit": "year"}
        if self.value is not None:
            out["plan.discounted"] = {"value": self.value, "unit": "yuan"}
        return out

    @property
    def headline(self) -> str:
        """When one standard is reached, and what it costs then; or which cap would allow a path."""
        first, last = self.grid.years[0], self.grid.years[-1]
        if self.chosen is None:
            return f"{self.goal}, {first} to {last}: no path; the least cap is {self.caps['least']:.1%}"
        when = f"one standard in {self.arrival}" if self.arrival else f"no single standard by {last}"
        more = self.grid.increment[self.grid.at(self.chosen)][-1]
        return (
            f"{self.goal}, {first} to {last}: {when}; county pays {worded(float(more), YUAN)} more in {last}"
        )


def plan(
    population: Population,
    policy: Policy,
    county: County,
    years: Sequence[int],
    *,
    goal: Goal,
    ratios: int | Sequence[float] = 11,
    cap: Mapping[str, Any] | None = None,
    by: int | None = None,
    largest_step: float | None = None,
    discount: float = 0.0,
    cost: str = "county",
    poverty_weight: float = 0.0,
    poverty_line: str = "urban",
    present: float | None = None,
    economy: Mapping[str, float] | Literal["none"] | Economy | None = None,
    follow: bool = False,
    carry_status: bool = False,
    financing: str | os.PathLike[str] | Financing | None = None,
    progress: Callable[[str], None] = lambda text: None,
) -> Plan:
    """The path to one standard on a grid of ratios: no ratio falls, the first year keeps the present one.

    ``population``, ``policy``, ``county``, ``economy``, ``follow``, ``carry_status`` and ``financing`` as for
    ``ms.unify``; ``years``: first and last. Where status is carried, the cost of a year depends on the ratio
    of the year before, too: every pair of ratios is worked out, and the path found is the best of all.

    ``goal``: ``"fastest"``: at the last ratio as soon as ``cap`` allows (of several such paths the highest);
    ``"cheapest"``: at the last ratio from the year ``by`` on (default: the last), with the least sum over the
    years t of (cost + ``poverty_weight`` x gap) / (1 + ``discount``)^t, under the ``cap`` where there is one.
    ``ratios``: those that may be chosen, or how many from the present one to 1. ``cap``: ``{"of":
    "increment", "share": 0.05}``: what the county itself pays more than at the present ratio (``"level"``:
    all that it pays) is at most that share of its own revenue of the same year. ``largest_step``: how much
    the ratio may rise in a year. ``cost``: ``"county"`` or ``"total"``. The gap is what rural persons lack
    after benefits to ``poverty_line``: the ``"urban"`` dibao line or the ``"national"`` poverty line.
    ``present``: the ratio to set out from (default: that of the policy's lines).

    Grants that are a share of expenditure are those of the present ratio. Raises ``MicrosimError`` with every
    offence; a cap under which there is no path is no offence, but an answer.
    """
    offences = _offences(policy, goal, cap, cost, poverty_line, largest_step, discount, poverty_weight)
    given = list(years)
    if (
        len(given) != 2
        or any(isinstance(y, bool) or not isinstance(y, int) for y in given)
        or given[0] >= given[1]
    ):
        offences.append(Offence(f"years are {given}", "years", "first and last: (2021, 2030)"))
    elif by is not None and not given[0] < by <= given[1]:
        offences.append(Offence(f"by is {by}, not after {given[0]} and up to {given[1]}", "by"))
    many = isinstance(ratios, int) and not isinstance(ratios, bool) and ratios >= 2
    some = not isinstance(ratios, int) and bool(ratios) and all(is_number(r) and 0 < r <= 10 for r in ratios)
    if not many and not some:
        hint = "a number from 2 on, or a list such as [0.7, 0.8, 1.0]"
        offences.append(Offence(f"ratios are {ratios!r}", "ratios", hint))
    if carry_status and not offences:
        offences += carrying_offences(policy)
    if offences:
        raise InputError(offences, title="the plan cannot be made")
    start = present_ratio(policy) if present is None else present
    span, tried = range(given[0], given[1] + 1), ratios_between(start, ratios)
    onward = reachable(tried, largest_step)
    how: dict[str, Any] = {"follow": follow, "line": poverty_line, "progress": progress}
    grid = grid_of(
        population,
        policy,
        county,
        tried,
        span,
        onward=onward if carry_status else None,
        present=start,
        book=book_of(financing),
        economy=Economy.of(economy),
        **how,
    )
    wanted = given[1] if by is None else by
    kind = "increment" if cap is None else str(cap.get("of", "increment"))
    share = None if cap is None else float(cap["share"])
    found, caps = _chosen(grid, goal, kind, share, wanted, onward, (discount, poverty_weight, cost))
    return Plan(
        goal=goal,
        grid=grid,
        chosen=found.steps,
        cap=None if share is None else (kind, share),
        caps=caps,
        by=wanted,
        largest_step=largest_step,
        discount=discount,
        weight=poverty_weight,
        cost_of=cost,
        poverty_line=poverty_line,
        value=found.value[0] if found.steps is not None and goal == "cheapest" else None,
        policy=policy,
        population=population,
        county=county,
    )


def _chosen(
    grid: Grid,
    goal: Goal,
    kind: str,
    share: float | None,
    by: int,
    onward: Bools,
    target: tuple[float, float, str],
) -> tuple[Chosen, dict[str, float]]:
    """The path, and the caps that would allow one."""
    burden, start, end = grid.burden(kind), grid.start, len(grid.ratios) - 1
    here = burden[: by - grid.years[0] + 1]
    caps = {
        "present": float(burden[grid.at([start] * len(grid.years))].max()),
        "least": least_cap(burden, onward, start, None),
        "arrival": least_cap(here, onward, start, end),
    }
    if goal == "fastest":
        assert share is not None, "a fastest path has a cap"
        return fastest(burden, share + ROUNDING, onward, start), caps
    discount, weight, cost_of = target
    cost = grid.county if cost_of == "county" else grid.cost
    within = burden <= (np.inf if share is None else share + ROUNDING)
    place = by - grid.years[0]
    return cheapest(cost, grid.gap, discount, weight, within, onward, start, place), caps


def _offences(
    policy: Policy,
    goal: str,
    cap: Mapping[str, Any] | None,
    cost: str,
    line: str,
    step: float | None,
    discount: float,
    weight: float,
) -> list[Offence]:
    found = []
    for value, place, known in (
        (goal, "goal", ("fastest", "cheapest")),
        (cost, "cost", ("county", "total")),
        (line, "poverty_line", LINES),
        ((cap or {}).get("of", "increment"), "cap", CAPS),
    ):
        if value not in known:
            hint = did_you_mean(str(value), known) or f"one of {', '.join(known)}"
            found.append(Offence(f"'{value}' is not known here", place, hint))
    if goal == "fastest" and cap is None:
        found.append(Offence("a fastest path needs a cap", "cap", "cap={'of': 'increment', 'share': 0.05}"))
    share: Any = None if cap is None else cap.get("share")
    if cap is not None and (not is_number(share) or not 0.0 <= share <= 10.0):
        found.append(Offence(f"the share of the cap is {share!r}", "cap", "5 % of own revenue is 0.05"))
    for number, place, hint in (
        (step, "largest_step", "five percentage points a year are 0.05"),
        (discount, "discount", "3 % a year is 0.03"),
    ):
        if number is not None and (not is_number(number) or not 0.0 <= number <= 1.0):
            found.append(Offence(f"{place} is {number!r}, not a number from 0 to 1", place, hint))
    if not is_number(weight) or weight < 0.0:
        found.append(Offence(f"poverty_weight is {weight!r}, not a number from 0 on", "poverty_weight"))
    parameter = policy.parameters.get(LINE)
    if policy.date is None or parameter is None or LINE not in policy.values or parameter.by != ("area",):
        found.append(Offence(f"the policy has no parameter {LINE} by area on {policy.date}", "policy"))
    return found
