"""Policies and their graph: how rules come together, which are in force, and what outputs stand on."""

from __future__ import annotations

import datetime as dt
import types
from typing import Any

import pytest

from microsim.errors import MicrosimError
from microsim.policy import any_member, collect, count, household, largest, person, total
from microsim.policy.graph import Columns
from microsim.policy.parameter_spec import parameter_from
from microsim.policy.policy import Policy
from microsim.policy.rules import Rule

COLUMNS = Columns(
    {"wage": "person", "age": "person", "area": "household", "given": "household"},
    {"area": ("rural", "urban")},
)


@person(unit="yuan/year")
def counted(wage: float) -> float:
    """What counts of a wage."""
    return wage / 2


@household(unit="yuan/year", reference="Act, art. 1", label={"en": "Gap", "zh": "差额"})
def gap(income: float, line: float, size: int) -> float:
    """What is missing up to the line.

    For the whole family.
    """
    return max(line * size - income, 0.0)


@person
def is_old(age: int, gap: float) -> bool:
    """A person rule sees the household's values."""
    return age >= 60 and gap > 0


RULES = {"gap": gap, "income": total(counted), "size": count(), "old": count(is_old), "is_old": is_old}
PARAMETERS: dict[str, Any] = {"line": {"by": "area", "values": {"rural": 1, "urban": 2}}}


def policy() -> Policy:
    return Policy.from_rules(RULES, PARAMETERS)


def test_a_rule_keeps_what_its_decorator_and_its_text_say() -> None:
    assert (gap.name, gap.entity, gap.kind, gap.dtype) == ("gap", "household", "formula", "float")
    assert gap.arguments == ("income", "line", "size")
    assert (gap.unit, gap.reference, gap.label) == ("yuan/year", "Act, art. 1", {"en": "Gap", "zh": "差额"})
    assert gap.description == "What is missing up to the line.\n\nFor the whole family."
    assert gap.source_file == __file__
    assert gap.place == f"rule gap ({__file__}:{gap.source_line})"
    assert (is_old.dtype, is_old.unit, is_old.entity) == ("bool", "yes/no", "person")
    assert gap(100.0, 60.0, 2) == 20.0, "a rule can be tried by hand"


def test_aggregates_take_unit_and_place_from_where_they_are_made() -> None:
    income = total(counted, label="Income", reference="Act, art. 2")
    assert (income.kind, income.of, income.unit, income.dtype) == ("total", "counted", "yuan/year", "float")
    assert (income.label, income.reference) == ({"en": "Income"}, "Act, art. 2")
    assert income.source_file == __file__
    assert (count().of, count().unit, count().dtype) == (None, "persons", "int")
    assert (any_member("wage").unit, largest("wage", unit="yuan").unit) == ("yes/no", "yuan")
    with pytest.raises(TypeError, match="is a total over the members of a household, not a function"):
        income(3.0)


def test_the_rules_an_aggregate_is_made_of_come_along() -> None:
    made = policy()
    assert set(made.rules) == {*RULES, "counted"}
    assert made.rules["income"].of == "counted"


def test_a_mapping_may_give_a_rule_another_name() -> None:
    made = Policy.from_rules({"mine": counted, "income": total(counted)})
    assert set(made.rules) == {"mine", "income"}
    assert made.rules["income"].of == "mine"
    assert made.rules["income"].arguments == ("mine",)


def test_rules_from_a_module_and_from_a_list() -> None:
    module = types.ModuleType(__name__)
    module.__file__ = __file__
    module.gap, module.counted, module._hidden = gap, counted, is_old  # type: ignore[attr-defined]
    module.income = total(counted)  # type: ignore[attr-defined]
    assert set(Policy.from_rules(module).rules) == {"gap", "counted", "income"}
    assert set(Policy.from_rules([gap, counted]).rules) == {"gap", "counted"}
    with pytest.raises(
        MicrosimError, match=r"an aggregate in a list has no name; give rules as \{name: rule\}"
    ):
        Policy.from_rules([gap, total(counted)])
    with pytest.raises(MicrosimError, match="f: is not a rule; decorate the function"):
        Policy.from_rules({"f": abs})  # type: ignore[dict-item]


def test_with_rules_replaces_by_name_and_keeps_the_parameters() -> None:
    @household(name="gap")
    def nothing(line: float) -> float:
        return line

    made = policy().reform({"line": 7}).with_rules([nothing])
    assert made.rules["gap"].arguments == ("line",)
    assert made.value("line") == 7.0
    assert policy().rules["gap"].function is gap.function
    with pytest.raises(MicrosimError, match="'line' is both a rule and a parameter"):
        policy().with_rules({"line": counted})


def test_rules_in_force_on_a_date() -> None:
    @household(name="paid", end="2020-12-31")
    def before() -> float:
        return 1.0

    @household(name="paid", start=dt.date(2021, 1, 1), end="2021-06-30")
    def after() -> float:
        return 2.0

    law = Policy.from_rules([before, after], date="2020-12-31")
    assert law.rules["paid"].description == ""
    assert law.rules["paid"].function is before.function
    assert law.at("2021-01-01").rules["paid"].function is after.function
    assert law.at(dt.date(2021, 6, 30)).rules["paid"].function is after.function
    assert law.at("2021-07-01").rules == {}
    with pytest.raises(MicrosimError, match="'2021' is not a date; write dates as 2020-12-31"):
        law.at("2021")


def test_the_same_rules_on_another_date_share_their_kernels() -> None:
    law = Policy.from_rules(RULES, PARAMETERS, date="2020-12-31")
    assert law.at("2021-12-31").book is law.book
    assert law.reform({"line": 3}).book is law.book
    assert law.with_rules({"size": count("age")}).book is not law.book


def test_needs_are_ordered_and_tell_who_asks() -> None:
    needs = policy().needs(["gap", "old"])
    assert needs.rules == ("counted", "income", "size", "gap", "is_old", "old")
    assert needs.parameters == ("line",)
    assert needs.columns == {"wage": ("counted",), "area": ("line",), "age": ("is_old",)}
    assert policy().needs(["income"]).columns == {"wage": ("counted",)}


def test_a_given_column_takes_the_place_of_a_rule_unless_given() -> None:
    @household(unless_given=True)
    def given(size: int) -> float:
        return 1.0 * size

    made = Policy.from_rules({"given": given, "size": count()})
    assert made.book.resolve(["given"], COLUMNS)["given"].source == "column"
    without = Columns({"wage": "person"}, {})
    assert made.book.resolve(["given"], without)["given"].source == "rule"
    assert made.needs(["given"]).rules == ("size", "given")
    assert made.needs(["given"], columns=["given"]).rules == ()


def test_what_differs_from_person_to_person() -> None:
    items = policy().book.resolve(["old", "gap", "wage", "line"], COLUMNS)
    assert {name: item.level for name, item in items.items()} == {
        "wage": "person",
        "counted": "person",
        "age": "person",
        "is_old": "person",
        "income": "household",
        "size": "household",
        "area": "household",
        "line": "household",
        "gap": "household",
        "old": "household",
    }
    by_age = Policy.from_rules(
        {"stage": stage, "amount": amount}, {"rate": {"by": ["area", "stage"], "values": 1}, "flat": 2}
    )
    levels = {n: i.level for n, i in by_age.book.resolve(["amount"], COLUMNS).items()}
    assert (levels["rate"], levels["flat"]) == ("person", "constant")


@person(categories=("child", "adult"))
def stage(age: int) -> str:
    return "child" if age < 18 else "adult"


@person
def amount(rate: float, flat: float) -> float:
    return rate * flat


def test_roles_are_collected() -> None:
    @household(role="cash_benefit")
    def first(size: int) -> float:
        return 1.0 * size

    @household(role="cash_benefit", end="2020-12-31")
    def second(size: int) -> float:
        return 2.0 * size

    rules: dict[str, Rule] = {"a": first, "b": second, "cash": collect("cash_benefit"), "size": count()}
    law = Policy.from_rules(rules, date="2020-12-31")
    assert law.rules["cash"].arguments == ("a", "b")
    assert law.rules["cash"](2.0, 3.0) == 5.0
    assert law.at("2021-01-01").rules["cash"].arguments == ("a",)


def test_offences_of_parameters_come_at_once() -> None:
    with pytest.raises(MicrosimError) as caught:
        Policy.from_rules(
            [gap], {"line": "high", "rate": {"unit": "yuann"}, "ready": parameter_from("ready", 1)}
        )
    assert [offence.place for offence in caught.value.offences] == [
        "parameter line.values",
        "parameter rate.unit",
        "parameter rate.values",
    ]


def test_one_line_for_each_missing_name_however_many_ask() -> None:
    rules = {name: _asking(name) for name in ("a", "b", "c")}
    with pytest.raises(MicrosimError) as caught:
        Policy.from_rules(rules).book.resolve(["a", "b", "c"], COLUMNS)
    (offence,) = caught.value.offences
    assert offence.message == "no rule, parameter or column named 'wages'"
    assert offence.hint == "did you mean 'wage'?"
    assert offence.place.startswith("rule a (")
    assert offence.place.endswith(" and 1 more")


def _asking(name: str) -> Rule:
    @household(name=name)
    def asks(wages: float) -> float:
        return wages

    return asks


def test_a_policy_is_shown_in_one_line() -> None:
    law = Policy.load("2020-12-31")
    shown = f"law of 2020-12-31, {len(law.rules)} rules, {len(law.values)} parameters"
    assert repr(law) == f"<Policy: {shown}>"
    assert repr(law.reform({"dibao.merger": False})) == f"<Policy: {shown}, 1 changed>"
