"""Conditions of the household taken out of sums over members."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microsim.engine.compiler.hoisting import Part, Split, as_expression, fold, lift, parts_of
from microsim.engine.compiler.trees import Branch, Leaf, Let
from microsim.engine.reference.interpreter import interpret_all
from microsim.engine.runtime.kernels import generate
from microsim.policy import any_member, count, every_member, household, largest, person, total
from microsim.policy.policy import Policy
from microsim.policy.rules import Rule
from microsim.simulation import simulate, simulate_many, walk
from tests.engine.random_populations import TinyPopulation, tiny_population

# NumPy warns where the generated text runs as plain Python and divides by zero.
IN_PLAIN_PYTHON = pytest.mark.filterwarnings("ignore::RuntimeWarning")
HOUSEHOLD = {"poor", "near", "line", "factor"}


def expression(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def shown(split: Split | Part) -> str:
    """A split as text: ``test ? then : else``, with sums in brackets."""
    if isinstance(split, Split):
        return f"{ast.unparse(split.test)} ? {shown(split.then)} : {shown(split.orelse)}"
    times = "" if split.times is None else f"{ast.unparse(split.times)} * "
    return f"{times}[{ast.unparse(split.value)}]"


@pytest.mark.parametrize(
    ("text", "counts", "expected"),
    [
        ("a if poor else b if near else 0", False, "poor ? [a] : near ? [b] : [0]"),
        ("a if poor and ill else 0", False, "poor ? [a if ill else 0] : [0]"),
        (
            "a if ill and (poor or near) else 0",
            False,
            "poor ? [a if ill else 0] : near ? [a if ill else 0] : [0]",
        ),
        ("a if not poor else b", False, "poor ? [b] : [a]"),
        ("a if factor > 2 else b", False, "factor > 2 ? [a] : [b]"),
        ("a if factor > x else b", False, "[a if factor > x else b]"),
        ("line if ill else 0", False, "line * [1.0 if ill else 0.0]"),
        ("line if ill else a", False, "[line if ill else a]"),
        ("line * factor", False, "line * factor * [1.0]"),
        ("line + a", False, "[line + a]"),
        ("a + (b if poor else 0)", False, "poor ? [a + b] : [a + 0]"),
        ("ill and poor", True, "poor ? [ill] : [False]"),
        ("poor or ill", True, "poor ? [True] : [ill]"),
        ("not (poor and ill)", True, "poor ? [not ill] : [True]"),
    ],
)
def test_what_is_lifted(text: str, counts: bool, expected: str) -> None:
    split = lift(expression(text), HOUSEHOLD.__contains__, HOUSEHOLD.__contains__, counts)
    assert shown(split) == expected


def test_only_what_is_worth_it_is_lifted() -> None:
    split = lift(
        expression("a if poor and near else 0"), HOUSEHOLD.__contains__, {"near"}.__contains__, False
    )
    assert shown(split) == "near ? [a if poor else 0] : [0]"
    assert [ast.unparse(part.value) for part in parts_of(split)] == ["a if poor else 0"]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("a if True else b", "a"),
        ("a if not True and x else b", "b"),
        ("a if x and True else b", "a if x else b"),
        ("a if x or True else b", "a"),
        ("a if x else a", "a"),
        ("1 if x else 1.0", "1 if x else 1.0"),
        ("max(a if False else b, c)", "max(b, c)"),
        ("-(a if False else b) + 0", "-b + 0"),
        ("(a if True else b) < c", "a < c"),
        ("(False if a else True) and c", "(False if a else True) and c"),
    ],
)
def test_constant_conditions_go_and_arithmetic_stays(text: str, folded: str) -> None:
    assert ast.unparse(fold(expression(text))) == folded


def test_a_tree_as_one_expression() -> None:
    statements = tuple(ast.parse("y = x + 1\nif c:\n    y = y * 2\nelse:\n    pass\nz = y").body)
    tree = Let(statements, Branch(expression("z > 0"), Leaf(expression("z")), Leaf(expression("0"))))
    made = as_expression(tree)
    assert made is not None
    y = "(x + 1) * 2 if c else x + 1"
    assert ast.unparse(made) == f"({y}) if ({y}) > 0 else 0"
    loop = Let(tuple(ast.parse("for k in range(3):\n    y = k").body), Leaf(expression("y")))
    assert as_expression(loop) is None


# -- any expression at all: taken apart and put together again it is the same sum ----------------------------

tests = st.recursive(
    st.sampled_from(["ill", "old", "poor", "near", "line > 2", "x < 2", "factor < x", "True", "False"]),
    lambda inner: st.one_of(
        inner.map(lambda a: f"(not {a})"),
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda abc: "({} {} {})".format(*abc)),
        st.tuples(inner, inner, inner).map(lambda abc: "({} if {} else {})".format(*abc)),
    ),
    max_leaves=5,
)
values = st.recursive(
    st.sampled_from(["x", "line", "factor", "0", "0.0", "1", "2.5", "line * factor"]),
    lambda inner: st.one_of(
        st.tuples(inner, tests, inner).map(lambda abc: "({} if {} else {})".format(*abc)),
        st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda abc: "({} {} {})".format(*abc)),
        st.tuples(inner, inner).map(lambda ab: "min({}, {})".format(*ab)),
    ),
    max_leaves=6,
)
amounts = st.sampled_from([0.0, 1.0, 2.0, 3.5])
families = st.fixed_dictionaries(
    {"poor": st.booleans(), "near": st.booleans(), "line": amounts, "factor": amounts}
)
members = st.lists(
    st.fixed_dictionaries({"ill": st.booleans(), "old": st.booleans(), "x": amounts}), min_size=1, max_size=4
)


def computed(node: ast.expr, names: Mapping[str, Any]) -> Any:
    return eval(ast.unparse(node), {"min": min}, dict(names))


def put_together(split: Split | Part, family: Mapping[str, Any], persons: list[dict[str, Any]]) -> float:
    """What the generated function makes of a split."""
    if isinstance(split, Split):
        chosen = split.then if computed(split.test, family) else split.orelse
        return put_together(chosen, family, persons)
    added = sum(float(computed(split.value, {**family, **person})) for person in persons)
    return added if split.times is None else computed(split.times, family) * added


@given(values, families, members, st.sets(st.sampled_from(sorted(HOUSEHOLD))))
def test_a_sum_taken_apart_is_the_same_sum(
    text: str, family: dict[str, Any], persons: list[dict[str, Any]], worth: set[str]
) -> None:
    split = lift(expression(text), HOUSEHOLD.__contains__, worth.__contains__, False)
    plain = sum(float(eval(text, {"min": min}, {**family, **person})) for person in persons)
    assert put_together(split, family, persons) == pytest.approx(plain)


@given(tests, families, members, st.sets(st.sampled_from(sorted(HOUSEHOLD))))
def test_a_count_taken_apart_is_the_same_count(
    text: str, family: dict[str, Any], persons: list[dict[str, Any]], worth: set[str]
) -> None:
    split = lift(expression(text), HOUSEHOLD.__contains__, worth.__contains__, True)
    plain = sum(bool(eval(text, {}, {**family, **person})) for person in persons)
    assert put_together(split, family, persons) == plain
    assert computed(fold(expression(text)), {**family, **persons[0]}) == eval(
        text, {}, {**family, **persons[0]}
    )


# -- in a policy: every way of lifting gives what the plain loop gives ---------------------------------------


@person
def net(wage_income: float, rate: float) -> float:
    return wage_income * (1 - rate)


@household
def poor(income: float, line: float, size: int) -> bool:
    return income < line * size


@household
def near(income: float, line: float, size: int, poor: bool) -> bool:
    return not poor and income < 2 * line * size


@person
def fee(poor: bool, near: bool, disabled: bool, pension_income: float, age: int, aid_enabled: bool) -> float:
    """By the household's standing."""
    if not aid_enabled:
        return 0.0
    if poor:
        return 100.0 + 0.5 * pension_income
    if near and disabled:
        return 40.0
    return 0.0


@person
def helped(poor: bool, near: bool, age: int) -> bool:
    return poor or (near and age < 18)


@person
def share(helped: bool, each: float) -> float:
    """Of what is divided among those helped; where nobody is, ``each`` is infinite."""
    return each if helped else 0.0


@household
def each(assets: float, n_helped: int) -> float:
    return assets / n_helped


@person
def second(fees: float, wage_income: float) -> float:
    """A third loop over members."""
    return wage_income * 0.1 if fees > 150 else 0.0


@household
def left(income: float, fees: float, seconds: float, shared: float) -> float:
    return income - fees + seconds + shared


RULES: dict[str, Rule] = {
    "net": net,
    "income": total(net),
    "size": count(),
    "poor": poor,
    "near": near,
    "fee": fee,
    "fees": total(fee),
    "helped": helped,
    "n_helped": count(helped),
    "any_helped": any_member(helped),
    "all_helped": every_member(helped),
    "highest_fee": largest(fee),
    "each": each,
    "share": share,
    "shared": total(share),
    "second": second,
    "seconds": total(second),
    "left": left,
}
PARAMETERS: dict[str, Any] = {
    "rate": 0.1,
    "aid_enabled": True,
    "line": {"by": "area", "values": {"rural": 350, "urban": 450}},
}
OUTPUTS = ["fees", "n_helped", "any_helped", "all_helped", "highest_fee", "shared", "seconds", "left"]


@pytest.fixture(scope="module")
def policy() -> Policy:
    return Policy.from_rules(RULES, PARAMETERS)


@pytest.fixture(scope="module")
def population() -> TinyPopulation:
    return tiny_population(5, 200)


@pytest.fixture(scope="module")
def by_hand(policy: Policy, population: TinyPopulation) -> Mapping[str, np.ndarray]:
    return {name: np.array(values) for name, values in interpret_all(population, policy, OUTPUTS)[0].items()}


@IN_PLAIN_PYTHON
def test_lifted_sums_are_those_of_the_plain_loop(
    policy: Policy, population: TinyPopulation, by_hand: Mapping[str, np.ndarray]
) -> None:
    found = simulate(population, policy, OUTPUTS).arrays
    assert 0 < by_hand["any_helped"].sum() < 200, "the data tells cases apart"
    for name in OUTPUTS:
        np.testing.assert_allclose(found[name], by_hand[name], rtol=1e-12, err_msg=name)


@IN_PLAIN_PYTHON
def test_and_so_they_are_where_parameters_vary(
    policy: Policy, population: TinyPopulation, by_hand: Mapping[str, np.ndarray]
) -> None:
    changes: list[dict[str, Any]] = [
        {},
        {"aid_enabled": False},
        {"line.rural": 600},
        {"rate": 0.4, "line": 200},
    ]
    table = simulate_many(population, policy, changes, OUTPUTS, by=None).set_index(["scenario", "output"])[
        "value"
    ]
    for k, change in enumerate(changes):
        values = interpret_all(population, policy.reform(change), OUTPUTS)[0]
        for name in OUTPUTS:
            expected = float(np.array(values[name], dtype=float) @ population.weight)
            assert table[k, name] == pytest.approx(expected, rel=1e-12), (change, name)


@IN_PLAIN_PYTHON
def test_and_so_they_are_along_a_wage(
    policy: Policy, population: TinyPopulation, by_hand: Mapping[str, np.ndarray]
) -> None:
    wages = population.person_columns["wage_income"]
    walked = walk(population, policy, grid=np.unique(wages), outputs=OUTPUTS)
    top = np.maximum.reduceat(wages, population.offsets[:-1])
    now = np.searchsorted(walked.grid, top)
    for name in OUTPUTS:
        at_home = walked[name][np.arange(len(now)), now]
        np.testing.assert_allclose(at_home, by_hand[name], rtol=1e-12, err_msg=name)


# -- the text ----------------------------------------------------------------------------------------------


def text_of(policy: Policy, outputs: list[str], **options: Any) -> str:
    return generate(policy, outputs, tiny_population(1, 2), **options)[0].source


def test_inside_the_scenarios_stands_only_what_varies(policy: Policy) -> None:
    source = text_of(policy, [], driver="totals", varying=["line"], totals=["left"])
    before, inside = source.split("for scenario in range", 1)
    assert "net = wage_income" in before
    assert "income += net" in before
    assert "poor = income < line * size" in inside
    assert "wage_income" not in inside.split("poor = ")[0]


def test_along_a_wage_the_others_are_summed_once(policy: Policy) -> None:
    source = text_of(policy, ["left"], driver="walk", varying=["wage_income"])
    before, inside = source.split("for point in range", 1)
    assert "if member != walked:" in before
    assert "income_of_others += net" in before
    assert "income = income_of_others + net_walked" in inside
