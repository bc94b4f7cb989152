"""Cliffs between neighbours: what households just below the line end up with, and those just above it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from microsim import measures as m
from microsim.errors import InputError, MicrosimError, Offence
from microsim.measures import influence
from microsim.measures.arrays import number
from microsim.outcome import Outcome, flat_name
from microsim.renamed import renamed_attribute
from microsim.studies.common.benefits import benefits
from microsim.studies.common.estimates import (
    Floats,
    Group,
    Influence,
    Of,
    Sampling,
    Statistic,
    by_area,
    everybody,
    persons,
)
from microsim.studies.common.poverty import AFTER, BEFORE
from microsim.studies.distribution.progressivity import paid_per_head
from microsim.studies.distribution.registered_poor import (
    Mask,
    gaps_in_band,
    registered_beside,
    tails_of_registered,
)
from microsim.studies.distribution.study import EQUALS_WITHIN, Distribution, Estimate, estimated

if TYPE_CHECKING:
    import pandas as pd

    from microsim.policy.policy import Policy
    from microsim.population import Population
    from microsim.simulation import Result

INCOME, LINE, SIZE = "counted_income_per_head", "dibao_line_in_force", "unit_size"
RESOURCES, EXPENSES, ADMITTED = "resources_per_head", "rigid_expenses", "dibao_eligible"
BAND, NEAR = 0.5, 1.5  # in lines: half a line on both sides; edge households reach 1.5 lines


@dataclass(frozen=True, repr=False)
class Neighbours(Outcome):
    """What neighbours around the line end up with.

    ``estimates`` holds all estimates and those without an answer; ``excluded`` the persons of households that
    the means test does not know (nobody counts as a member) or ``only`` leaves out. ``law`` is the day of the
    law (None: it has none), ``income_year`` the year whose money incomes are in (None: not known).
    """

    estimates: Distribution
    excluded: float
    law: dt.date | None
    income_year: int | None

    figures = renamed_attribute("figures", "estimates")

    @property
    def table(self) -> pd.DataFrame:
        """Tidy table: measure, subject, group, value, unit, standard_error."""
        return self.estimates.table

    @property
    def summary(self) -> dict[str, dict[str, float | str]]:
        """``cliffs.neighbours.<measure>.<subject>.<group>`` -> value, unit, and standard error if any."""
        return {f"cliffs.neighbours.{name}": item for name, item in self.estimates.summary.items()}

    @property
    def headline(self) -> str:
        """The jump of resources at the line, under which law and in which money."""
        found = self.estimates.summary.get("jump.resources")
        said = "no jump at the line could be estimated"
        if found is not None:
            jump, error = float(found["value"]), float(found["standard_error"])
            said = f"resources per head jump by {jump:,.0f} yuan/year at the line (error {error:,.0f})"
        year = self.income_year if self.income_year is not None else "a year that is not known"
        law = self.law if self.law is not None else "no date"
        return f"{said}; law of {law}, money of {year}"


@dataclass(frozen=True, eq=False)
class _County:
    """Columns of households, money in yuan/year per head; ``counts`` marks those that are looked at."""

    result: Result
    counts: Mask
    distance: Floats  # assessed income less the line
    line: Floats
    registered: Mask
    admitted: Floats
    before: Mapping[str, Floats]  # disposable_income, resources: without any assistance
    after: Mapping[str, Floats]
    parts: Mapping[str, Floats]  # of resources after: they add up to them


def neighbours(
    population: Population,
    policy: Policy,
    *,
    bandwidth: float | None = None,
    band: float = BAND,
    near: float = NEAR,
    equals_within: float = EQUALS_WITHIN,
    only: str | None = None,
    sampling: Sampling | None = None,
) -> Neighbours:
    """The jump of final resources at the line, rank reversals around it, registered poor against near-poor.

    The running variable is assessed (counted) income per head less the dibao line in force, yuan/year; at the
    line and above, dibao ends. Persons count (weight times household size); groups are each area and all.

    * ``jump``, ``level_below``, ``level_above``: local-linear limits at the line
      (:func:`microsim.measures.jump`) of ``resources`` per head, of what they are made of
      (``income_before_benefits``, ``expenses``, each programme; these add up), of all ``benefits``, of
      ``disposable_income``, and of the share ``admitted``. ``bandwidth`` in yuan/year; left out, that of
      Imbens and Kalyanaraman for resources, at most the lowest line, one for all outcomes of a group;
      ``jump_half_bandwidth`` and ``jump_double_bandwidth`` show what depends on it.
    * In the band of households within ``band`` lines of the line, from before to after assistance:
      ``reversed_pairs``, ``levelled_pairs``, ``reranking`` (Atkinson and Plotnick), ``vertical`` and
      ``horizontal`` (see :func:`microsim.measures.redistribution`, equals by ``equals_within`` yuan).
    * Registered poor households beside the near-poor: not registered, not admitted, assessed from the line up
      to ``near`` lines: ``mean``, ``gap``, ``ahead`` (share of pairs in which the registered has more) before
      and after, means and ratios of the tails, the rank of the near-poor's mean among the registered poor;
      and ``gap_in_band`` between registered and other households of the band.

    ``only`` names a yes/no household rule or column, such as ``property_within_limits``, that chooses
    households. The errors of jumps are robust to heteroskedasticity and always given: they measure the
    scatter of households around the lines; those of other figures need ``sampling``, as in
    :func:`microsim.distribution`. See docs/neighbours.md.

    Raises ``MicrosimError`` for numbers out of range and for rules that the policy lacks.
    """
    found = [*number("band", band, 0.0), *number("near", near, 1.0)]
    found += number("equals_within", equals_within, 0.0)
    if bandwidth is not None and (number("bandwidth", bandwidth, 0.0) or bandwidth == 0):
        found.append(Offence(f"is {bandwidth!r}", "bandwidth", "give a number above 0"))
    if found:
        raise InputError(found, title="neighbours cannot be computed")
    county = _county(population, policy, only)
    groups = [
        (name, mask & county.counts) for name, mask in [*by_area(county.result), everybody(county.result)]
    ]
    jumps: list[Estimate] = []
    without: dict[str, str] = {}
    for group in groups:
        if not np.any(persons(county.result) * group[1]):
            continue
        width = bandwidth
        try:
            width = _bandwidth(county, group) if bandwidth is None else bandwidth
            jumps += _jumps(county, group, width)
        except MicrosimError as error:
            without[_name("jump", group)] = "; ".join(map(str, error.offences))
            continue
        for measure, factor in (("jump_half_bandwidth", 0.5), ("jump_double_bandwidth", 2.0)):
            try:
                jumps += _again(county, group, measure, width * factor)
            except MicrosimError as error:
                without[_name(measure, group)] = "; ".join(map(str, error.offences))
    near_poor, inside = _near_poor(county, near), _within(county, band)
    before = {"income_before_benefits": county.before["disposable_income"]}
    asked = [
        *_in_band(county, groups, inside, equals_within),
        *registered_beside(
            county.registered,
            near_poor,
            {**before, "resources_before": county.before["resources"], **county.after},
            groups,
        ),
        *tails_of_registered(county.registered, near_poor, county.after["disposable_income"], groups),
        *gaps_in_band(
            county.registered, inside, {**before, **county.after, "benefits": _benefits(county)}, groups
        ),
    ]
    rest = estimated(asked, county.result, sampling)
    excluded = float(np.sum(persons(county.result)[~county.counts]))
    estimates = Distribution((*jumps, *rest.rows), {**without, **rest.without_answer})
    return Neighbours(estimates, excluded, policy.date, population.income_year)


def _county(population: Population, policy: Policy, only: str | None) -> _County:
    from microsim.simulation import simulate

    column = only is not None and only in population.household_columns
    paying = [rule for rules in benefits(policy).values() for rule in rules]
    wanted = [INCOME, LINE, SIZE, RESOURCES, EXPENSES, ADMITTED, BEFORE, AFTER, *paying]
    if only is not None and not column:
        wanted.append(only)
    result = simulate(population, policy, list(dict.fromkeys(wanted)))
    size = np.maximum(np.diff(population.offsets), 1)
    chosen = np.asarray(result.array(SIZE)) > 0
    if only is not None:
        flag = np.asarray(population.household_columns[only] if column else result.array(only))
        if len(flag) != len(chosen) or flag.dtype != np.bool_:
            offence = Offence(f"'{only}' does not say yes or no for each household", "only")
            raise InputError(offence, title="neighbours cannot be computed")
        chosen = chosen & flag
    income, line, before, after, resources = (
        np.asarray(result.array(name), dtype=np.float64) for name in (INCOME, LINE, BEFORE, AFTER, RESOURCES)
    )
    expenses = np.asarray(result.array(EXPENSES), dtype=np.float64) / size
    return _County(
        result=result,
        counts=chosen,
        distance=income - line,
        line=line,
        registered=np.asarray(population.household_columns["filed_poor"], dtype=bool),
        admitted=np.asarray(result.array(ADMITTED), dtype=np.float64),
        before={"disposable_income": before, "resources": before - expenses},
        after={"disposable_income": after, "resources": resources},
        parts={"income_before_benefits": before, "expenses": -expenses, **paid_per_head(result)},
    )


def _name(measure: str, group: Group) -> str:
    return flat_name(measure, "resources", group[0])


def _benefits(county: _County) -> Floats:
    return county.after["resources"] - county.before["resources"]


def _bandwidth(county: _County, group: Group) -> float:
    w = persons(county.result) * group[1]
    # Not past assessed incomes of 0, where households heap up: they are no neighbours of the line.
    lowest = float(np.min(county.line[w > 0]))
    return min(m.optimal_bandwidth(county.after["resources"], county.distance, w), lowest)


def _again(county: _County, group: Group, measure: str, bandwidth: float) -> Iterator[Estimate]:
    """The jumps of resources and of benefits with another bandwidth."""
    w = persons(county.result) * group[1]
    for subject, outcome in (("resources", county.after["resources"]), ("benefits", _benefits(county))):
        found = m.jump(outcome, county.distance, w, bandwidth=bandwidth)
        yield Estimate(measure, subject, group[0], found.value, "yuan/year", found.standard_error)


def _jumps(county: _County, group: Group, bandwidth: float) -> Iterator[Estimate]:
    """All outcomes with one bandwidth, so that the jumps of the parts add up to that of resources."""
    name, mask = group
    w = persons(county.result) * mask
    outcomes = {**county.after, "benefits": _benefits(county), **county.parts}
    for subject, outcome in (*outcomes.items(), ("admitted", county.admitted)):
        unit = "1" if subject == "admitted" else "yuan/year"
        found = m.jump(outcome, county.distance, w, bandwidth=bandwidth)
        yield Estimate("jump", subject, name, found.value, unit, found.standard_error)
        yield Estimate("level_below", subject, name, found.below, unit, None)
        yield Estimate("level_above", subject, name, found.above, unit, None)
    yield Estimate("bandwidth", "", name, bandwidth, "yuan/year", None)
    yield Estimate("households_within", "below", name, found.rows_below, "rows", None)
    yield Estimate("households_within", "above", name, found.rows_above, "rows", None)


def _within(county: _County, band: float) -> Mask:
    return np.asarray(np.abs(county.distance) <= band * county.line)


def _in_band(
    county: _County, groups: Sequence[Group], inside: Mask, equals_within: float
) -> Iterator[Statistic]:
    for name, mask in groups:
        group = (name, mask & inside)
        yield Statistic("persons", "band", group, "persons", lambda w: float(np.sum(w)))
        for subject, pre in county.before.items():
            post = county.after[subject]
            for measure, of, moved in _changes_of_rank(pre, post, equals_within):
                yield Statistic(measure, subject, group, "1", of, moved)


def _changes_of_rank(
    pre: Floats, post: Floats, equals_within: float
) -> Iterator[tuple[str, Of, Influence | None]]:
    yield "reversed_pairs", lambda w: m.rank_reversals(pre, post, w).reversed, None
    yield "levelled_pairs", lambda w: m.rank_reversals(pre, post, w).levelled, None
    yield (
        "reranking",
        lambda w: m.reranking(pre, post, w),
        lambda w: influence.reranking(pre, post, w),
    )
    yield "vertical", lambda w: m.redistribution(pre, post, w, equals_within=equals_within).vertical, None
    yield "horizontal", lambda w: m.redistribution(pre, post, w, equals_within=equals_within).horizontal, None


def _near_poor(county: _County, near: float) -> Mask:
    below = county.distance < (near - 1.0) * county.line
    return np.asarray(~county.registered & (county.admitted == 0) & (county.distance >= 0) & below)
