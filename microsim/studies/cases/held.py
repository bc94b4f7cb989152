"""Cases held against the law: what it gives the family beside what it should."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from microsim.documents import shown
from microsim.documents.findings import Findings
from microsim.engine.reference.interpreter import Found, Interpreter
from microsim.errors import InputError, MicrosimError, Offence, did_you_mean
from microsim.scenario.lawful import check_against_law
from microsim.scenario.model import LawDate
from microsim.studies.cases.case import Case

if TYPE_CHECKING:
    import datetime as dt

    from microsim.policy.own_law import OwnLaw
    from microsim.policy.policy import Policy


@dataclass(frozen=True)
class Difference:
    """A value that is not as expected; ``found`` holds what it was computed from."""

    expected: Any
    found: Found


@dataclass(frozen=True)
class Verdict:
    """A case, its law, and where the two differ: first what the others may follow from."""

    case: Case
    policy: Policy
    differences: tuple[Difference, ...]

    def as_data(self) -> dict[str, Any]:
        """For JSON; ``person`` counts from 1, and is null for a value of the household."""
        return {
            "file": shown(self.case.document.path),
            "title": self.case.title,
            "passed": not self.differences,
            "differences": [
                {
                    "rule": one.found.name,
                    "person": None if one.found.member is None else one.found.member + 1,
                    "expected": one.expected,
                    "got": one.found.value,
                }
                for one in self.differences
            ],
        }


def hold(cases: Sequence[Case], own: OwnLaw | None = None) -> list[Verdict]:
    """What the law (with ``own`` beside it) gives the family of each case.

    The rules are evaluated by the plain interpreter, one by one. Raises ``MicrosimError`` with the place of
    all that no law can be held to: changes that cannot be made, rules that do not exist, a member's value
    expected of a household rule.
    """
    verdicts, offences = [], list[Offence]()
    for case in cases:
        try:
            verdicts.append(_held(case, own))
        except MicrosimError as error:
            offences += error.offences
    if offences:
        raise InputError(offences, title="nothing was tested")
    return verdicts


def policy_of(case: Case, own: OwnLaw | None = None) -> Policy:
    """The law of the case's day with its changes; ``InputError`` with the place of each that cannot be."""
    found = Findings(case.document)
    given = {"changes": dict(case.changes)}
    changes = check_against_law(found.add, given, LawDate(case.date), own, invented=True)
    if found:
        raise InputError(found.offences)
    return _law(case.date, own).reform(changes, allow_unusual=True)


@lru_cache(maxsize=64)
def _law(day: dt.date, own: OwnLaw | None) -> Policy:
    from microsim.policy.policy import Policy

    return Policy.load(day, own=own)


def _held(case: Case, own: OwnLaw | None) -> Verdict:
    policy = policy_of(case, own)
    _refuse_unknown(case, policy)
    order: dict[tuple[str, int | None], int] = {}

    def note(found: Found) -> None:
        order[found.name, found.member] = len(order)

    interpreter = Interpreter(policy, case.household, case.persons, observer=note)
    differences = [
        Difference(expected, found)
        for name, member, expected in _expected(case)
        if not same((found := interpreter.find(name, member)).value, expected)
    ]
    # In the order in which they were found: what a rule is computed from comes before it.
    differences.sort(key=lambda one: order[one.found.name, one.found.member])
    return Verdict(case, policy, tuple(differences))


def _expected(case: Case) -> Iterator[tuple[str, int | None, Any]]:
    for name, value in case.of_household.items():
        yield name, None, value
    for name, values in case.of_persons.items():
        for member, value in enumerate(values):
            yield name, member, value


def _refuse_unknown(case: Case, policy: Policy) -> None:
    offences = []
    for part, entity, names in (
        ("household", "household", case.of_household),
        ("persons", "person", case.of_persons),
    ):
        for name in names:
            rule = policy.rules.get(name)
            place = case.document.place("expect", part, name)
            if rule is None:
                hint = did_you_mean(name, policy.rules) or "microsim rules lists them"
                offences.append(Offence(f"no rule '{name}' is in force on {case.date}", place, hint))
            elif rule.entity != entity:
                right = "persons" if rule.entity == "person" else "household"
                hint = f"write it under {right}:"
                offences.append(Offence(f"'{name}' is a rule about the {rule.entity}", place, hint))
    if offences:
        raise InputError(offences)


def same(found: Any, expected: Any) -> bool:
    """Whether a value is as expected: words and yes/no exactly, numbers but for the last digits."""
    if isinstance(expected, bool):
        return bool(found) is expected
    if isinstance(expected, str) or isinstance(found, str):
        return bool(found == expected)
    return math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-7)
