"""Which value of a parameter meets a target: all of them between two ends, or how near one can get."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from microsim.errors import InputError, Offence, did_you_mean
from microsim.outcome import Outcome, Ranges, in_brackets, low_and_high, worded
from microsim.policy.plain import is_number
from microsim.policy.ranges import limits_of
from microsim.policy.reform import apply_changes, split_name
from microsim.policy.unusual import unusual_values_of
from microsim.scenario.live import live_parameters
from microsim.scenario.varied import why_not_varied
from microsim.studies.common.crossings import Crossing, Found, search
from microsim.studies.common.within_year import stretches_of
from microsim.studies.ensemble.study import figures_under, ranges_of
from microsim.studies.solving.targets import Place, Target, target_of, unknown_figure

if TYPE_CHECKING:
    import pandas as pd

    from microsim.policy.parameters import Parameter
    from microsim.policy.policy import Policy
    from microsim.population import Population
    from microsim.scenario import Scenario

Progress = Callable[[str], None]
_TITLE = "the target cannot be solved for"
VALUE, AT_VALUE = "solve.value", "solve.at_value"


@dataclass(frozen=True, eq=False, repr=False)
class Solution(Outcome):
    """Where a figure meets a target as one parameter varies.

    ``crossings`` are all that were found, in the order of the parameter; ``nearest`` is the point at which
    the figure is nearest to the target. ``present`` is the parameter's own value (None where it differs by
    category), ``scan`` the coarse scan (parameter, figure), ``step`` the distance of its points: two
    crossings that are nearer to one another can have been missed. ``place`` and ``rules`` are what the figure
    was computed from.
    """

    vary: str
    vary_unit: str
    target: str
    wanted: float
    unit: str
    between: tuple[float, float]
    present: float | None
    crossings: tuple[Crossing, ...]
    nearest: Crossing
    scan: tuple[tuple[float, float], ...]
    evaluations: int
    place: Place
    rules: tuple[str, ...]
    ranges: Ranges = field(default_factory=dict)  # of ``value`` and ``at_value`` over the scenario's ensemble
    sets_met: int = 0  # sets of it under which the target is met or jumped over

    @property
    def best(self) -> Crossing:
        """The crossing nearest to the present value; without any, the point nearest to the target."""
        if not self.crossings:
            return self.nearest
        start = self.present if self.present is not None else self.between[0]
        return min(self.crossings, key=lambda one: (not one.met, abs(one.value - start)))

    @property
    def value(self) -> float:
        """The value of the parameter, in its own unit."""
        return self.best.value

    @property
    def reached(self) -> float:
        """The figure at ``value``."""
        return self.best.reached

    @property
    def bracket(self) -> tuple[float, float]:
        """Both sides of the value: the same where the target is met at one point, else those of the jump."""
        return self.best.bracket

    @property
    def met(self) -> bool:
        """Whether the target is met (to a billionth of it)."""
        return self.best.met

    @property
    def step(self) -> float:
        """Distance between two points of the coarse scan, in the parameter's own unit."""
        return (self.between[1] - self.between[0]) / (len(self.scan) - 1)

    @property
    def still(self) -> bool:
        """Whether the figure is the same all along the scan."""
        figures = [figure for _, figure in self.scan if math.isfinite(figure)]
        return len(set(figures)) < 2

    @cached_property
    def table(self) -> pd.DataFrame:
        """point (scan, reached, below, above, nearest), crossing (number, from 1), at, value, unit.

        ``at`` is the parameter, ``value`` the figure. A jump has a row for each of its sides.
        """
        import pandas as pd

        rows = [("scan", 0, at, value) for at, value in self.scan]
        for k, one in enumerate(self.crossings, start=1):
            if one.met:
                rows += [("reached", k, one.value, one.reached)]
            else:
                ends = zip(("below", "above"), one.bracket, one.sides, strict=True)
                rows += [(side, k, at, value) for side, at, value in ends]
        if not self.crossings:
            rows.append(("nearest", 0, self.nearest.value, self.nearest.reached))
        frame = pd.DataFrame(rows, columns=["point", "crossing", "at", "value"])
        return frame.assign(unit=self.unit)

    @cached_property
    def summary(self) -> dict[str, dict[str, Any]]:
        """``solve.value`` and ``solve.reached``, the two sides, and all crossings by number.

        Over an ensemble ``low.`` and ``high.`` of ``solve.value`` (over the ``solve.sets_met`` sets that have
        one) and of ``solve.at_value``, the figure under every set at the value found here.
        """
        out: dict[str, dict[str, Any]] = {
            "solve.wanted": {"value": self.wanted, "unit": self.unit},
            "solve.met": {"value": self.met, "unit": "yes/no"},
            "solve.crossings": {"value": len(self.crossings), "unit": "1"},
        }
        out |= self._figures("solve", self.best)
        for k, one in enumerate(self.crossings, start=1):
            out |= self._figures(f"solve.crossing.{k}", one)
        if self.ranges:
            out["solve.sets_met"] = {"value": self.sets_met, "unit": "1"}
        return out | low_and_high(self.ranges)

    def _figures(self, name: str, one: Crossing) -> dict[str, dict[str, Any]]:
        low, high = one.bracket
        figures = {"reached": one.reached, "reached_below": one.sides[0], "reached_above": one.sides[1]}
        values = {"value": one.value, "below": low, "above": high}
        of_crossing = {
            f"{name}.{key}": {"value": value, "unit": self.vary_unit} for key, value in values.items()
        }
        return of_crossing | {f"{name}.{key}": {"value": x, "unit": self.unit} for key, x in figures.items()}

    @property
    def headline(self) -> str:
        """The value that meets the target, or how near one can get."""
        wanted, reached = worded(self.wanted, self.unit), worded(self.reached, self.unit)
        at = f"{self.value:.12g}{in_brackets(self.ranges, VALUE)}"
        if self.met:
            said = f"{self.target} is {wanted} where {self.vary} is {at}"
        elif self.crossings:
            low, high = self.best.sides
            said = f"{self.target} jumps over {wanted} where {self.vary} is {at}: {low:.12g}, {high:.12g}"
        else:
            said = f"{self.target} does not reach {wanted}: nearest {reached}, where {self.vary} is {at}"
        return f"{said}; values that meet it: {len(self.crossings)}"


def solve(
    population: Population | Scenario,
    policy: Policy | None = None,
    vary: str = "",
    target: str = "",
    value: float = math.nan,
    between: Sequence[float] | None = None,
    *,
    allow_unusual: bool = False,
    progress: Progress = lambda text: None,
) -> Solution:
    """The values of the parameter ``vary`` at which the figure ``target`` is ``value``.

    Args:
        population: households, or a :class:`microsim.Scenario`, which brings its own ``policy``.
        vary: a parameter that is a number (``dibao.line.rural``), in its own unit as in ``Policy.reform``.
        target: a figure of a run, named as in ``summary.json``: ``cost.dibao.rural`` (yuan/year),
            ``caseload.dibao`` (persons), ``poverty.headcount``; or of the search for cliffs,
            ``cliffs.facing_notch``. Shares of revenue need the population's county.
        value: the target, in the figure's unit.
        between: the two ends of the search, in the parameter's unit; by default its observed range.
        allow_unusual: whether ends outside the observed range are taken.

    The figure is first taken at points spread evenly between the ends (33 for sums, in one pass over the
    households; 17 for poverty, inequality and cliffs), then the places where it passes the target are
    narrowed down. A figure that jumps over the target gives the two sides. The answer holds for the law and
    households as they are: nobody is modelled as changing behaviour.

    Under each set of a scenario's ensemble the same is looked for, and ``ranges`` has the least and the
    greatest value.

    Raises ``MicrosimError`` with every offence: an unknown parameter or figure, one on which the target does
    not depend, ends that are none.
    """
    from microsim.scenario import Scenario

    if isinstance(population, Scenario):
        population.refuse_budget("solve")
        progress("reading the county")
        scenario = population
        found = _solve(
            _place(scenario, scenario.population()), vary, target, value, between, allow_unusual, progress
        )
        under = partial(_under, found=found, allow_unusual=allow_unusual)
        rows = figures_under(scenario, under, progress)
        solved = [row for row in rows if VALUE in row]
        return replace(found, ranges={**ranges_of(rows), **ranges_of(solved)}, sets_met=len(solved))
    from microsim.simulation.asked import refuse_swapped

    refuse_swapped(population, policy, "solve")
    assert policy is not None
    county = population.county
    place = Place(population, policy, None if county is None else county.revenue, ())
    return _solve(place, vary, target, value, between, allow_unusual, progress)


def _place(scenario: Scenario, households: Population) -> Place:
    """A scenario's law on households in its own money."""
    policy, county = scenario.policy(), scenario.profile
    revenue = None if county is None else scenario.economy.revenue(county, scenario.year)
    return Place(households, policy, revenue, stretches_of(scenario, policy))


def _under(
    scenario: Scenario, given: Population, found: Solution, allow_unusual: bool
) -> dict[str, tuple[float, str]]:
    """The value under one set of an ensemble, where there is one, and the figure at the value found."""
    place = _place(scenario, scenario.carried(given))
    own = _solve(place, found.vary, found.target, found.wanted, found.between, allow_unusual)
    law = place.policy.reform({found.vary: found.value}, allow_unusual=True)
    (at,) = target_of(place, found.target).values([law])
    out = {} if math.isnan(at) else {AT_VALUE: (float(at), found.unit)}
    return out | {VALUE: (own.value, found.vary_unit)} if own.crossings else out


def _solve(
    place: Place,
    vary: str,
    target: str,
    value: float,
    between: Sequence[float] | None,
    allow_unusual: bool,
    progress: Progress = lambda text: None,
) -> Solution:
    policy = place.policy
    offences: list[Offence] = []
    parameter = _parameter(policy, vary, offences)
    if not is_number(value) or not math.isfinite(value):
        offences.append(Offence(f"{value!r} is no number", "value", "give the target in the figure's unit"))
    figure: Target | None = None
    try:
        figure = target_of(place, target)
    except InputError as error:
        offences += error.offences
    ends = None if parameter is None else _ends(policy, vary, between, allow_unusual, offences)
    if parameter is not None and figure is not None:
        offences += _apart(place, parameter, vary, target, figure)
    if offences or figure is None or parameter is None or ends is None:
        raise InputError(offences, _TITLE)
    progress("looking between the two ends")
    found = _search(place, figure, vary, target, ends, float(value))
    present = _present(policy, vary)
    return Solution(
        vary, parameter.unit, target, float(value), figure.unit, ends, present,
        found.crossings, found.nearest, found.scan, found.evaluations, place, tuple(figure.rules),
    )  # fmt: skip


def _search(
    place: Place, figure: Target, vary: str, name: str, ends: tuple[float, float], value: float
) -> Found:
    def at(points: Sequence[float]) -> Sequence[float]:
        laws = [place.policy.reform({vary: x}, allow_unusual=True) for x in points]
        return figure.values(laws)

    found = search(at, ends, value, figure.effort)
    if all(math.isnan(reached) for _, reached in found.scan):
        raise unknown_figure(place, name)
    return found


def _parameter(policy: Policy, vary: str, offences: list[Offence]) -> Parameter | None:
    """The parameter that varies, or None with what keeps it from varying."""
    problems = [Offence(message, "vary", hint) for message, hint in why_not_varied(policy, vary)]
    found = split_name(policy.parameters, vary)
    if not problems and found is not None and found[0].kind != "number":
        hint = "microsim params shows its values: compare them one by one with microsim run"
        problems.append(Offence(f"{vary} is no number ({found[0].kind})", "vary", hint))
    offences += problems
    return None if problems or found is None else found[0]


def _ends(
    policy: Policy, vary: str, between: Sequence[float] | None, allow_unusual: bool, offences: list[Offence]
) -> tuple[float, float] | None:
    """Where to look, low and high."""
    found = split_name(policy.parameters, vary)
    assert found is not None
    parameter, cell = found
    hint = "give the two ends: between=(4000, 6000), on the command line --between 4000 6000"
    if between is None:
        ends = limits_of(parameter.range_on(policy.date), cell)
        if ends is None or ends[0] == ends[1]:
            offences.append(Offence(f"no observed range of {vary} is known", "between", hint))
            return None
        return ends
    if len(between) != 2 or not all(is_number(end) and math.isfinite(end) for end in between):
        offences.append(Offence(f"{between!r} are no two ends", "between", hint))
        return None
    low, high = map(float, between)
    if low >= high:
        message = f"the lower end, {low:.12g}, is not below the upper one, {high:.12g}"
        offences.append(Offence(message, "between", hint))
        return None
    before = len(offences)
    for end in (low, high):
        changed, wrong = apply_changes(policy.parameters, {vary: end})
        offences += [Offence(message, "between", way_out or hint) for _, message, way_out in wrong]
        if not allow_unusual:
            # Each end by itself: whether rural is above urban depends on what is in between.
            beyond = unusual_values_of(changed, policy.parameters, policy.date, ())
            way_out = "search within it, or take it as meant: allow_unusual=True, --allow-unusual"
            offences += [Offence(one.text("en"), "between", way_out) for one in beyond]
    return (low, high) if len(offences) == before else None


def _apart(place: Place, parameter: Parameter, vary: str, name: str, figure: Target) -> list[Offence]:
    """What is said where the target does not depend on the parameter under the law in force."""
    policy = place.policy
    columns = (*place.population.person_columns, *place.population.household_columns)
    live = live_parameters(policy, figure.rules)
    needed = {*figure.parameters, *policy.needs(figure.rules, columns).parameters}
    if parameter.name in needed and (parameter.name in live.read or parameter.name in figure.parameters):
        return []
    keepers = sorted(live.kept_by.get(parameter.name, ()))
    if keepers and parameter.name in needed:
        held = ", ".join(f"{keeper}: {policy.value(keeper)}" for keeper in keepers)
        return [Offence(f"{name} does not depend on {vary} under {held}", "vary", "change that first")]
    numbers = [n for n in live.read & needed if policy.parameters[n].kind == "number"]
    near = did_you_mean(vary, numbers) or f"it depends on {', '.join(sorted(numbers)[:5])}, for example"
    return [Offence(f"{name} does not depend on {vary}", "vary", near)]


def _present(policy: Policy, vary: str) -> float | None:
    """The value in force, in the parameter's own unit; None where it differs by category."""
    found = split_name(policy.parameters, vary)
    assert found is not None
    dated = policy.values.get(found[0].name)
    value: Any = None if dated is None else found[0].cell(dated.value, found[1])
    return None if value is None or isinstance(value, Mapping) else float(value)
