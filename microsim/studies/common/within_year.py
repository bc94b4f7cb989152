"""The stretches of a year between the days on which the law changes: money is paid under what holds then."""

from __future__ import annotations

import datetime as dt
import itertools
from calendar import monthrange
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from microsim.scenario.grammar import YEAR_END, WithinYear
from microsim.scenario.idle import moves_within
from microsim.studies.common.expenditure import Account, account_of, by_area

if TYPE_CHECKING:
    from microsim.policy.policy import Policy
    from microsim.population import Population
    from microsim.scenario import Scenario
    from microsim.simulation import Result

MONTHS = 12


class Under(Protocol):
    """A law, and its share of the year."""

    @property
    def share(self) -> float: ...

    @property
    def policy(self) -> Policy: ...


S = TypeVar("S", bound=Under)


@dataclass(frozen=True)
class Stretch:
    """A part of a year under one law: its first day, and its months as a share of the year's twelve."""

    since: dt.date
    share: float
    policy: Policy


@dataclass(frozen=True)
class Part:
    """What the law of a stretch gives, at the rate of a whole year; its first day and share of the year."""

    since: dt.date
    share: float
    result: Result


def stretches_of(scenario: Scenario, here: Policy) -> tuple[Stretch, ...]:
    """The stretches between dated changes of the year of ``here``, the scenario's policy on its day.

    One of them has that policy. Without ``follow`` the law is that of the scenario's day
    all year and only the scenario's own dated changes move; with it, the law's own changes do, too. Under
    ``within_year: year_end`` the law of the day is that of the whole year.
    """
    follows = scenario.law.follow
    assert here.date is not None, "a scenario has a day"
    calibrated = scenario.calibration.changes if scenario.calibration else {}
    changes = (*calibrated.values(), *scenario.changes.values())
    moves = follows or any(moves_within(change, here.date.year) for change in changes)
    if scenario.within_year == YEAR_END or not moves:
        return (whole(here),)
    law = here if follows else scenario.held()
    days = days_of_change([law], here.date.year)
    laws = [_sharing(scenario.policy_on(day) if follows else law.at(day), here, follows) for day in days]
    laws[max(k for k, day in enumerate(days) if day <= here.date)] = here
    return joined([Stretch(*part) for part in zip(days, shares(days), laws, strict=True)], here)


def stretches_over(law: Policy, here: Policy, within_year: WithinYear) -> tuple[Stretch, ...]:
    """The stretches of the year of ``here``, the policy on its last day, under ``law`` on other days."""
    if within_year == YEAR_END or here.date is None:
        return (whole(here),)
    days = days_of_change([law], here.date.year)
    laws = [sharing(law.at(day), here) for day in days[:-1]]
    return joined([Stretch(*part) for part in zip(days, shares(days), [*laws, here], strict=True)], here)


def whole(policy: Policy) -> Stretch:
    """A year under one law."""
    first = dt.date.min if policy.date is None else dt.date(policy.date.year, 1, 1)
    return Stretch(first, 1.0, policy)


def days_of_change(policies: Iterable[Policy], year: int) -> tuple[dt.date, ...]:
    """1 January, and every later day of the year on which a value or a rule begins or ends."""
    days = {dt.date(year, 1, 1)}
    for policy in policies:
        for parameter in policy.timelines.values():
            days |= {day for day in parameter.values if day.year == year}
        for rule in policy.versions:
            after = None if rule.end is None else rule.end + dt.timedelta(days=1)
            days |= {day for day in (rule.start, after) if day is not None and day.year == year}
    return tuple(sorted(days))


def shares(days: Sequence[dt.date]) -> tuple[float, ...]:
    """How much of the year lies between each of ``days``, the first of which is 1 January, and the next.

    Benefits are paid by the month: a stretch counts its months, and of a month that it shares with another
    the part of its days. The shares add up to 1.

    >>> shares([dt.date(2021, 1, 1), dt.date(2021, 7, 1)])
    (0.5, 0.5)
    """
    ends = [*(_months_before(day) for day in days), float(MONTHS)]
    return tuple((end - start) / MONTHS for start, end in itertools.pairwise(ends))


def _months_before(day: dt.date) -> float:
    return day.month - 1 + (day.day - 1) / monthrange(day.year, day.month)[1]


def joined(stretches: Sequence[Stretch], here: Policy) -> tuple[Stretch, ...]:
    """Neighbouring stretches under the same law as one; the policy ``here`` stays that of its own."""
    out: list[Stretch] = []
    for one in stretches:
        before = out[-1] if out else None
        if before is not None and same_law(before.policy, one.policy):
            policy = here if one.policy is here else before.policy
            out[-1] = Stretch(before.since, before.share + one.share, policy)
        else:
            out.append(one)
    return tuple(out)


def same_law(one: Policy, other: Policy) -> bool:
    """Whether two policies have the same rules and values in force."""
    return _rules(one) == _rules(other) and _values(one) == _values(other)


def sharing(law: Policy, other: Policy) -> Policy:
    """The law with the compiled functions of another one, where their rules are the same."""
    return _sharing(law, other, follows=True)


def _sharing(law: Policy, here: Policy, follows: bool) -> Policy:
    """The law with the compiled functions of the scenario's day, where its rules are the same."""
    if law.book is here.book:
        return law
    return replace(law, book=here.book) if not follows or _rules(law) == _rules(here) else law


def _rules(policy: Policy) -> dict[str, Any]:
    return {name: (_code(rule.function), rule.kind, rule.of) for name, rule in policy.rules.items()}


def _code(function: Any) -> Any:
    """What a rule runs: sums of programmes are written anew for each policy, and yet are the same."""
    plain = hasattr(function, "__code__") and not (function.__closure__ or function.__defaults__)
    return function.__code__ if plain else function


def _values(policy: Policy) -> Mapping[str, Any]:
    return {name: dated.value for name, dated in policy.values.items()}


def parts_of(
    population: Population,
    stretches: Sequence[Stretch],
    here: Result,
    outputs: Callable[[Policy], Sequence[str]],
) -> tuple[Part, ...]:
    """Each stretch of the year on the county's households; ``here`` is that of the scenario's day.

    ``outputs``: the rules that are asked of a law.
    """
    from microsim.simulation import simulate

    found = []
    for one in stretches:
        result = here
        if one.policy is not here.policy:
            result = simulate(population, one.policy, outputs(one.policy), warn=False)
        found.append(Part(one.since, one.share, result))
    return tuple(found)


def account_over(policies: Iterable[Policy]) -> Account:
    """The account of a year: every payment of any of its laws, those of the first in their order."""
    accounts = [account_of(policy) for policy in policies]
    payments = dict.fromkeys(payment for one in accounts for payment in one.payments)
    recipients: dict[str, str] = {}
    for one in accounts:
        recipients = {**one.recipients, **recipients}
    return accounts[0] if len(accounts) == 1 else Account(tuple(payments), recipients)


def over_year(parts: Sequence[Part], rules: Iterable[str]) -> dict[str, dict[str, float]]:
    """Rule -> area -> weighted total of the year: each part's, times its share; nothing where there is no
    such rule.
    """
    out: dict[str, dict[str, float]] = {}
    for rule in dict.fromkeys(rules):
        sums: dict[str, float] = {}
        for part in parts:
            if rule in part.result.outputs:
                for area, value in by_area(part.result, rule).items():
                    sums[area] = sums.get(area, 0.0) + part.share * value
        out[rule] = sums
    return out


def totals_of_year(
    stretches: Sequence[S],
    rules: Sequence[str],
    totals: Callable[[S, list[str]], tuple[NDArray[np.float64], tuple[str, ...]]],
    *,
    day: S | None = None,
    paid: Container[str] = (),
) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """Weighted totals of the year, [rule, area, law], and the names of the areas.

    ``totals(stretch, rules)`` gives them under the laws of one stretch, at the rate of a whole year; each
    counts with its share. Of a rule that a stretch's law does not have it adds nothing. With a ``day``, only
    what is ``paid`` is counted so, and all other rules are those of that stretch alone.
    """
    out: NDArray[np.float64] | None = None
    areas: tuple[str, ...] = ()
    later = [rule for rule in rules if any(rule in one.policy.rules for one in stretches)]
    for one in stretches:
        there = [k for k, rule in enumerate(rules) if rule in one.policy.rules or rule not in later]
        sums, areas = totals(one, [rules[k] for k in there])
        if out is None:
            out = np.zeros((len(rules), *sums.shape[1:]))
        counted = [one.share if day is None or rules[k] in paid else float(one is day) for k in there]
        out[there] += np.array(counted)[:, None, None] * sums
    assert out is not None, "a year has at least one stretch"
    return out, areas


def changed_totals(
    population: Population,
    stretches: Sequence[Stretch],
    changes: Sequence[Mapping[str, Any]],
    rules: Sequence[str],
    threads: int | None = None,
    *,
    day: Stretch | None = None,
    paid: Container[str] = (),
) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """:func:`totals_of_year` of many changes, in one pass over the households for each stretch."""
    from microsim.simulation import many_totals

    def totals(one: Stretch, asked: list[str]) -> tuple[NDArray[np.float64], tuple[str, ...]]:
        return many_totals(population, one.policy, changes, asked, threads=threads)

    return totals_of_year(stretches, rules, totals, day=day, paid=paid)
