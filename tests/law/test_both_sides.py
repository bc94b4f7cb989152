"""Wherever the law changes, hand-worked cases stand on the day before and on the day, and feel the change.

The days are read from the law itself: the start of a rule that follows another one, and every dated value
that differs from the one before. A case stands beside a change if what it expects is worked out with that
rule or value, and the case does not pin it. It feels the change if what it expects would be wrong under the
other side.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

import pytest

from microsim.engine.reference.interpreter import Interpreter
from microsim.policy.parameters import ALWAYS, DatedValue
from microsim.policy.policy import Policy
from microsim.policy.rules import Rule
from microsim.studies.cases.case import Case
from tests.law.cases import all_cases
from tests.law.test_cases import law, policy_of

DAY = dt.timedelta(days=1)
CASES = {case.name: case for case in all_cases()}


@dataclass(frozen=True, eq=False)
class Change:
    """A value of law, or the wording of a rule, until the day before and from the day on."""

    name: str
    day: dt.date
    before: DatedValue | Rule
    after: DatedValue | Rule

    def __str__(self) -> str:
        return f"{self.name} on {self.day}"


def changes_of_values() -> Iterable[Change]:
    """Every day on which a value of law becomes another."""
    for parameter in law().parameters.values():
        for (_, before), (day, after) in pairwise(parameter.values.items()):
            if before.value != after.value:
                yield Change(parameter.name, day, before, after)


def changes_of_rules() -> Iterable[Change]:
    """Every day on which one wording of a rule follows another."""
    for later in law().versions:
        for earlier in law().versions:
            if earlier.name == later.name and later.start and earlier.end == later.start - DAY:
                yield Change(later.name, later.start, earlier, later)


CHANGES = (*changes_of_values(), *changes_of_rules())


@cache
def worked_with(case: str) -> frozenset[str]:
    """The rules, columns and arguments of parameters that the expectations of a case are worked out with."""
    rules = policy_of(CASES[case]).rules
    seen: set[str] = set()
    waiting = [*CASES[case].of_household, *CASES[case].of_persons]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += rules[name].arguments if name in rules else ()
    return frozenset(seen)


@cache
def beside(change: Change) -> tuple[Case, ...]:
    """The cases of the day before and of the day that are worked out with what changes, and do not pin it."""
    parameter = law().parameters.get(change.name)
    argument = parameter.argument if parameter else change.name
    return tuple(
        case
        for case in CASES.values()
        if case.date in (change.day - DAY, change.day)
        and argument in worked_with(case.name)
        and not any(pinned == change.name or pinned.startswith(f"{change.name}.") for pinned in case.changes)
    )


def under(policy: Policy, held: DatedValue | Rule, name: str) -> Policy:
    """The policy with one value or one wording held at the other side of its change."""
    if isinstance(held, Rule):
        return policy.with_rules({name: replace(held, start=None, end=None)})
    parameter = policy.timelines[name].with_values({ALWAYS: replace(held, since=ALWAYS)})
    return replace(policy, timelines={**policy.timelines, name: parameter})


def holds(case: Case, policy: Policy) -> bool:
    """Whether every amount that a case expects comes out under a policy."""
    of = Interpreter(policy, case.household, case.persons)
    found = [(of.household_value(name), value) for name, value in case.of_household.items()]
    for name, values in case.of_persons.items():
        found += [(of.person_value(name, index), value) for index, value in enumerate(values)]
    return all(
        one == other if isinstance(other, str) else one == pytest.approx(other, rel=1e-9, abs=1e-7)
        for one, other in found
    )


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_a_case_stands_on_each_side_of_a_change(change: Change) -> None:
    days = {case.date for case in beside(change)}
    missing = [str(day) for day in (change.day - DAY, change.day) if day not in days]
    assert not missing, f"{change}: no case is dated {' or '.join(missing)}"


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_a_case_feels_the_change(change: Change) -> None:
    # A new wording may ask for values that the day before does not have; it is tried one way only.
    both_ways = isinstance(change.before, DatedValue)
    felt = (
        not holds(case, under(policy_of(case), change.before if after else change.after, change.name))
        for case in beside(change)
        for after in (case.date == change.day,)
        if after or both_ways
    )
    assert any(felt), f"{change}: {[str(case) for case in beside(change)]} come out alike on both sides"


def test_the_other_side_is_told_from_the_own() -> None:
    change = next(change for change in CHANGES if change.name == "tekun.enabled")
    case = next(case for case in beside(change) if case.date == change.day)
    assert holds(case, policy_of(case))
    assert holds(case, under(policy_of(case), change.after, change.name))
