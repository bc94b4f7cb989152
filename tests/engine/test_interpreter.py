"""The interpreter by itself, against values worked out by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from microsim.engine.reference.ieee import with_ieee_arithmetic
from microsim.engine.reference.interpreter import Interpreter, household_from, interpret_all
from microsim.engine.reference.schedules import Brackets, Linear, Step
from microsim.errors import MicrosimError
from microsim.policy import any_member, count, every_member, household, largest, person, smallest, total
from microsim.policy.policy import Policy
from tests.engine.grants import PARAMETERS, RULES
from tests.engine.random_populations import tiny_population


@pytest.fixture
def policy() -> Policy:
    return Policy.from_rules(RULES, PARAMETERS, date="2021-01-01")


def one(rule: Any, inputs: dict[str, Any], parameters: dict[str, Any] | None = None) -> Any:
    """The value of one household rule for a household without members."""
    return Interpreter(Policy.from_rules({"it": rule}, parameters), inputs, []).household_value("it")


def test_a_family_by_hand(policy: Policy) -> None:
    family = Interpreter(policy, {"area": "urban"}, [{"wage": 600.0, "age": 40}, {"wage": 0.0, "age": 7}])
    assert family.person_value("net_wage", 0) == 450.0
    assert family.household_value("income") == 450.0
    assert family.household_value("size") == 2
    assert family.household_value("standing") == "near_poor"
    assert [family.person_value("grant", index) for index in (0, 1)] == [0.0, 30.0]
    assert family.household_value("grants") == 30.0


def test_exactly_on_the_line_is_not_below_it(policy: Policy) -> None:
    assert (
        Interpreter(policy, {"area": "rural"}, [{"wage": 100.0, "age": 7}]).household_value("standing")
        == "near_poor"
    )
    assert (
        Interpreter(policy, {"area": "rural"}, [{"wage": 99.99, "age": 7}]).household_value("standing")
        == "poor"
    )


def test_a_category_not_named_takes_the_default(policy: Policy) -> None:
    alone = Interpreter(policy, {"area": "rural"}, [{"wage": 120.0, "age": 7}])
    assert alone.household_value("grants") == 20.0
    assert Interpreter(policy, {"area": "town"}, []).household_value("line") == 200.0


def test_aggregates_over_members_and_over_nobody() -> None:
    made = {
        "wages": total("wage"),
        "how_many": count(),
        "ill_members": count("ill"),
        "someone_ill": any_member("ill"),
        "all_ill": every_member("ill"),
        "top": largest("wage"),
        "bottom": smallest("wage"),
    }
    policy = Policy.from_rules(made)
    two = Interpreter(policy, {}, [{"wage": 3, "ill": True}, {"wage": 8, "ill": False}])
    assert [two.household_value(name) for name in made] == [11.0, 2, 1, True, False, 8.0, 3.0]
    nobody = Interpreter(policy, {}, [])
    assert [nobody.household_value(name) for name in list(made)[:5]] == [0.0, 0, 0, False, True]
    with pytest.raises(MicrosimError, match="largest of no members has no meaning"):
        nobody.household_value("top")


def test_a_rule_comes_before_a_parameter_and_a_parameter_before_a_column() -> None:
    @household
    def it(floor: float, ceiling: float) -> float:
        return floor + ceiling

    @household
    def floor() -> float:
        return 1.0

    policy = Policy.from_rules({"it": it, "floor": floor}, {"ceiling": 20.0})
    assert Interpreter(policy, {"floor": 300.0, "ceiling": 4000.0}, []).household_value("it") == 21.0


def test_a_given_column_takes_the_place_of_a_rule_that_allows_it() -> None:
    @person(unless_given=True)
    def assessed(wage: float) -> float:
        return wage / 2

    policy = Policy.from_rules({"assessed": assessed, "sum_of_them": total(assessed)})
    assert Interpreter(policy, {}, [{"wage": 8.0}]).household_value("sum_of_them") == 4.0
    assert Interpreter(policy, {}, [{"wage": 8.0, "assessed": 7.0}]).household_value("sum_of_them") == 7.0


def test_each_value_is_found_once(policy: Policy) -> None:
    found: list[tuple[str, int | None]] = []
    family = Interpreter(
        policy,
        {"area": "urban"},
        [{"wage": 600.0, "age": 40}, {"wage": 0.0, "age": 7}],
        observer=lambda one: found.append((one.name, one.member)),
    )
    family.household_value("grants")
    family.household_value("grants")
    assert len(found) == len(set(found))
    assert found.index(("income", None)) < found.index(("standing", None)) < found.index(("grant", 0))


def test_declared_types_hold() -> None:
    @household
    def whole(a: int) -> float:
        return a

    @household
    def yes(a: int) -> bool:
        return a > 2

    assert type(one(whole, {"a": 3})) is float
    assert type(one(yes, {"a": 3})) is bool


@pytest.mark.parametrize(
    ("amount", "expected"), [(-1.0, 5.0), (0.0, 5.0), (99.0, 5.0), (100.0, 7.0), (250.0, 9.0), (1e9, 9.0)]
)
def test_step(amount: float, expected: float) -> None:
    assert Step([(0, 5), (100, 7), (250, 9)])(amount) == expected


@pytest.mark.parametrize(
    ("amount", "expected"),
    [(-5.0, 10.0), (0.0, 10.0), (50.0, 15.0), (100.0, 20.0), (150.0, 10.0), (999.0, 0.0)],
)
def test_linear(amount: float, expected: float) -> None:
    assert Linear([(0, 10), (100, 20), (200, 0)])(amount) == expected


@pytest.mark.parametrize(
    ("amount", "expected"), [(-5.0, 0.0), (1000.0, 0.0), (2000.0, 100.0), (3000.0, 200.0), (5000.0, 600.0)]
)
def test_brackets(amount: float, expected: float) -> None:
    assert Brackets([(1000, 0.1), (3000, 0.2)])(amount) == pytest.approx(expected, abs=1e-12)


# --- arithmetic that Python refuses and the processor defines ---


def _quotient(a: float, b: float) -> float:
    return a / b


@household
def quotient(a: float, b: float) -> float:
    return a / b


@household
def through_a_helper(a: float, b: float) -> float:
    share = 1.0
    share *= _quotient(a, b)
    return min(share, 9.0)


@household
def whole_quotient(a: int, b: int) -> float:
    return a // b + a % b


@household
def root(a: float, b: float) -> float:
    return math.sqrt(a) + b


@household
def power(a: float, b: float) -> float:
    return a**b


@pytest.mark.parametrize(
    ("rule", "a", "b", "expected"),
    [
        (quotient, 1.0, 0.0, math.inf),
        (quotient, -1.0, 0.0, -math.inf),
        (quotient, 1.0, -0.0, -math.inf),
        (quotient, 0.0, 0.0, math.nan),
        (quotient, 3, 0, math.inf),
        (through_a_helper, 1.0, 0.0, 9.0),
        (whole_quotient, 7, 0, 0.0),
        (root, -1.0, 0.0, math.nan),
        (power, -8.0, 0.5, math.nan),
        (power, 0.0, -1.0, math.inf),
        (power, 1e200, 2.0, math.inf),
    ],
)
def test_arithmetic_at_its_limits_is_the_processors(rule: Any, a: float, b: float, expected: float) -> None:
    value = one(rule, {"a": a, "b": b})
    assert value == expected or (math.isnan(value) and math.isnan(expected))


def test_the_rewritten_function_is_the_same_function_elsewhere() -> None:
    def mixed(a: float, b: float) -> float:
        for _ in range(2):
            a //= b
        return a % 7 + math.log(b) + 2**3

    for a, b in ((100.0, 3.0), (5.0, 0.5)):
        assert with_ieee_arithmetic(mixed)(a, b) == mixed(a, b)
    assert with_ieee_arithmetic(math_at_its_limits)(0.0) == (-math.inf, math.inf)


def math_at_its_limits(a: float) -> tuple[float, float]:
    return math.log(a), math.exp(1000.0)


# --- what is wrong is said in words ---


def test_a_missing_name_says_who_asks_and_what_is_near(policy: Policy) -> None:
    with pytest.raises(MicrosimError) as raised:
        Interpreter(policy, {"area": "urban"}, [{"wages": 1.0, "age": 3}]).household_value("income")
    message = str(raised.value)
    assert "'wage' is neither a rule in force on 2021-01-01, nor a parameter, nor a column" in message
    assert "rule net_wage" in message
    assert "did you mean 'wages'?" in message


def test_a_circle_is_shown_as_the_loop_it_is() -> None:
    @household
    def hen(egg: float) -> float:
        return egg

    @household
    def egg(hen: float) -> float:
        return hen

    with pytest.raises(MicrosimError, match=r"in a circle: hen -> egg -> hen"):
        Interpreter(Policy.from_rules([hen, egg]), {}, []).household_value("hen")


def test_a_household_rule_cannot_see_persons(policy: Policy) -> None:
    @household
    def greedy(wage: float) -> float:
        return wage

    with pytest.raises(MicrosimError, match=r"'wage' is a column of persons.*total\(wage\)"):
        Interpreter(policy.with_rules([greedy]), {"area": "urban"}, [{"wage": 1.0}]).household_value("greedy")
    with pytest.raises(MicrosimError, match="'net_wage' is a rule about persons"):
        Interpreter(policy, {"area": "urban"}, [{"wage": 1.0}]).household_value("net_wage")


def test_an_aggregate_of_a_household_column_is_refused() -> None:
    policy = Policy.from_rules({"rooms": total("homes")})
    with pytest.raises(MicrosimError, match="over the members, but 'homes' belongs to the household"):
        Interpreter(policy, {"homes": 2}, [{"age": 4}]).household_value("rooms")


def test_a_category_that_the_law_does_not_cover() -> None:
    @household
    def it(fee: float) -> float:
        return fee

    with pytest.raises(MicrosimError, match=r"parameter fee has no value where area is 'sea'.*rural, urban"):
        one(it, {"area": "sea"}, {"fee": {"by": "area", "values": {"rural": 1.0, "urban": 2.0}}})


def test_a_parameter_before_its_first_date() -> None:
    @household
    def it(fee: float) -> float:
        return fee

    policy = Policy.from_rules([it], {"fee": {"values": {"2022-01-01": 5.0}}}, date="2021-01-01")
    with pytest.raises(MicrosimError, match=r"parameter fee has no value on 2021-01-01.*2022-01-01"):
        Interpreter(policy, {}, []).household_value("it")


def test_a_rule_that_fails_is_named_with_its_inputs() -> None:
    @household(categories=("a", "b"))
    def odd(x: float) -> str:
        return "c"

    @household
    def broken(x: float) -> float:
        return x.nothing  # type: ignore[attr-defined,no-any-return]

    with pytest.raises(
        MicrosimError, match=r"rule it .*: returned 'c', which is not one of its categories a, b"
    ):
        one(odd, {"x": 1.0})
    with pytest.raises(AttributeError):
        one(broken, {"x": 1.0})

    @household
    def wrong(x: float) -> float:
        return math.sqrt("x")  # type: ignore[arg-type]

    with pytest.raises(MicrosimError, match=r"rule it .*cannot be computed \(TypeError.*x = 1.0"):
        one(wrong, {"x": 1.0})


# --- populations ---


def test_a_household_out_of_arrays() -> None:
    data = tiny_population(5, households=6)
    household_row, persons = household_from(data, 2)
    first, end = data.offsets[2:4]
    assert len(persons) == end - first
    assert household_row["area"] == data.categories["area"][data.household_columns["area"][2]]
    assert persons[0]["wage_income"] == data.person_columns["wage_income"][first]
    assert type(household_row["filed_poor"]) is bool
    assert type(persons[0]["age"]) is int


def test_a_code_without_category_is_refused() -> None:
    data = tiny_population(5, households=2)
    data.household_columns["area"][1] = -1  # type: ignore[index]
    with pytest.raises(MicrosimError, match="code -1 is not a category of 'area'"):
        household_from(data, 1)


def test_whole_populations_come_in_the_order_of_the_population() -> None:
    data = tiny_population(7, households=5)
    policy = Policy.from_rules({"wages": total("wage_income")})
    by_household, by_person = interpret_all(data, policy, ["wages", "age"])
    assert by_household["wages"] == list(
        np.add.reduceat(data.person_columns["wage_income"], data.offsets[:-1])
    )
    assert by_person["age"] == data.person_columns["age"].tolist()
