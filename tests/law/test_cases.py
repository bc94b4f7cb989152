"""Every hand-worked case, through the interpreter and through the compiled kernel."""

from __future__ import annotations

import datetime as dt
from functools import cache

import pytest

from microsim.engine.reference.interpreter import Interpreter
from microsim.engine.runtime.drivers import evaluate
from microsim.policy.policy import Policy
from microsim.studies.cases.case import Case
from tests.law.cases import all_cases, outputs_of

CASES = all_cases()
OUTPUTS = outputs_of(CASES)


@cache
def law() -> Policy:
    return Policy.load("2020-12-31")


@cache
def law_on(date: dt.date) -> Policy:
    """The law of a day: its reforms share its kernel."""
    return law().at(date)


def policy_of(case: Case) -> Policy:
    return law_on(case.date).reform(case.changes, allow_unusual=True)


def compare(case: Case, name: str, found: object, expected: object) -> None:
    if isinstance(expected, bool):
        assert bool(found) is expected, f"{case}: {name}"
    elif isinstance(expected, str):
        assert found == expected, f"{case}: {name}"
    else:
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-7), f"{case}: {name}"


@pytest.mark.parametrize("case", CASES, ids=str)
def test_interpreter_gives_the_amounts_worked_out_by_hand(case: Case) -> None:
    interpreter = Interpreter(policy_of(case), case.household, case.persons)
    for name, expected in case.of_household.items():
        compare(case, name, interpreter.household_value(name), expected)
    for name, values in case.of_persons.items():
        for index, expected in enumerate(values):
            compare(case, f"{name} of person {index + 1}", interpreter.person_value(name, index), expected)


@pytest.mark.compiled
@pytest.mark.parametrize("case", CASES, ids=str)
def test_kernel_gives_the_amounts_worked_out_by_hand(case: Case) -> None:
    policy, population = policy_of(case), case.population()
    # A column in a rule's place makes another kernel, which is then one of what the case expects alone.
    replaced = any(
        name in policy.rules for name in (*population.person_columns, *population.household_columns)
    )
    outputs = outputs_of([case]) if replaced else OUTPUTS
    arrays = {
        name: [policy.rules[name].categories[code] for code in codes]
        if policy.rules[name].categories
        else codes
        for name, codes in evaluate(policy, population, outputs, threads=1).arrays.items()
    }
    for name, expected in case.of_household.items():
        assert len(arrays[name]) == 1
        compare(case, name, arrays[name][0], expected)
    for name, values in case.of_persons.items():
        assert len(arrays[name]) == len(values)
        for index, expected in enumerate(values):
            compare(case, f"{name} of person {index + 1}", arrays[name][index], expected)
