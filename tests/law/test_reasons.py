"""Why a programme does not pay: the first condition that fails, checked by meeting it."""

from __future__ import annotations

from typing import Any

import pytest

from microsim.engine.reference.interpreter import Interpreter, household_from
from microsim.explanation.reasons import Reason, reason
from microsim.policy.policy import Policy
from microsim.population import Population
from microsim.scenario import load_scenario

COUNTY = "data/synthetic/h-county"


@pytest.fixture(scope="module")
def law() -> Policy:
    return load_scenario("scenarios/h-county-2020.yaml").policy()


@pytest.fixture(scope="module")
def population() -> Population:
    return Population.read(COUNTY)


def paying_rules(policy: Policy) -> list[str]:
    sums = [rule.name for rule in policy.versions if rule.kind == "collected"]
    return [name for total in sums for name in policy.rules[total].arguments]


def met(why: Reason) -> Any:
    """A value of the left side under which the condition would hold."""
    left, right = why.left, why.right
    if why.relation in ("yes", "no"):
        return why.relation == "yes"
    limit = None if right is None else right.value
    if isinstance(limit, str):
        return limit if why.relation == "equal" else None
    if not isinstance(limit, int | float) or isinstance(left.value, str):
        return None
    beyond = {"below": -1, "at_most": 0, "at_least": 0, "above": 1}.get(why.relation)
    return None if beyond is None else type(left.value)(limit + beyond)


def test_a_condition_that_is_met_is_no_reason_any_more(law: Policy, population: Population) -> None:
    """The column that is named is the one that keeps the benefit away."""
    tried = 0
    for index in range(0, 400, 16):
        household, persons = household_from(population, index)
        before = Interpreter(law, household, persons)
        for rule in paying_rules(law):
            why = reason(before, rule, None)
            if why is None:
                assert before.household_value(rule)
                continue
            found = why.left.found
            if found is None or found.kind != "column" or met(why) is None:
                continue
            changed, people = dict(household), [dict(person) for person in persons]
            (changed if found.name in household else people[why.member or 0])[found.name] = met(why)
            after = reason(Interpreter(law, changed, people), rule, None)
            assert after is None or (after.condition, after.member) != (why.condition, why.member), (
                rule,
                why,
            )
            tried += 1
    assert tried > 90


def told(law: Policy, rule: str, household: dict[str, Any], persons: list[dict[str, Any]]) -> tuple[Any, ...]:
    why = reason(Interpreter(law, household, persons), rule, None)
    assert why is not None
    names = [side.found.name if side is not None and side.found else None for side in (why.left, why.right)]
    return (names[0], why.left.value, why.relation, names[1], why.right.value if why.right else None)


def test_dibao_names_income_first_and_then_the_car(law: Policy, population: Population) -> None:
    household, persons = household_from(population, 16)
    limit = ("vehicles", 1, "at_most", "means_test.vehicle_limit", 0.0)
    assert told(law, "dibao_benefit", household, persons) == limit
    persons = [{**person, "wage_income": 90_000.0} for person in persons]
    name, value, *rest = told(law, "dibao_benefit", household, persons)
    assert [name, *rest] == ["counted_income_per_head", "below", "dibao_line_in_force", 4560.0]
    assert value > 4560.0


def test_a_switch_that_is_off_is_named(population: Population) -> None:
    law = (
        load_scenario("scenarios/h-county-2020.yaml")
        .policy()
        .reform({"dibao.enabled": False}, allow_unusual=True)
    )
    household, persons = household_from(population, 16)
    assert told(law, "dibao_benefit", household, persons)[:3] == ("dibao.enabled", False, "yes")


def test_members_with_different_reasons_are_told_apart(law: Policy, population: Population) -> None:
    household, persons = household_from(population, 16)
    persons[0]["has_able_supporter"], persons[1]["has_able_supporter"] = False, True
    why = reason(Interpreter(law, household, persons), "tekun_benefit", None)
    assert why is not None
    told_of = {one.member: one for one in (why, *why.others)}
    assert told_of[1].left.found is not None
    assert told_of[1].left.found.name == "has_able_supporter"
    assert told_of[0].condition != told_of[1].condition
