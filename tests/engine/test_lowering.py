"""Rules as text: what a rule may say comes out as it was meant, compiled and in the generated text."""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from microsim.engine.compiler.definite_assignment import unset_reads
from microsim.engine.compiler.result_types import expression_type
from microsim.engine.reference.interpreter import interpret_all
from microsim.engine.runtime.kernels import generate
from microsim.policy import count, household, person, total
from microsim.policy.policy import Policy
from microsim.policy.rules import Rule
from microsim.simulation import simulate
from tests.engine.random_populations import TinyPopulation, tiny_population

RATE = -0.25
NO = False


def clipped(x: float, top: float) -> float:
    """A helper with a loop, an early return, a constant below zero and a helper of its own."""
    if x < 0.0:
        return RATE
    y: float = min(x, top) + RATE**2
    for _ in range(4):
        if y > 500.0:
            y -= 100.0
    return root(y)


def root(x: float) -> float:
    return math.sqrt(x) if x > 0 else 0.0


def made_in(factor: float) -> Rule:
    """A rule that reads a number and a function of its surroundings."""

    def doubled(x: float) -> float:
        return 2 * x

    @household
    def surrounded(assets: float) -> float:
        return doubled(assets) * factor

    return surrounded


@household
def branches(assets: float, homes: int, filed_poor: bool) -> float:
    """Early returns, elif, a condition that falls through, dead ends."""
    if assets > 6000:
        return 1.0
    factor = 2.0
    if homes > 2:
        factor += 1.0
    elif homes == 1:
        if filed_poor:
            return factor
        factor *= 4.0
    else:
        factor -= 0.5
    return factor * assets


@household
def loops(homes: int, assets: float) -> float:
    """Loops, break and continue."""
    amount = 0.0
    for k in range(1, 6):
        if k == 2:
            continue
        if amount > assets:
            break
        for _ in range(homes):
            amount += k * 100.0
    return amount


@household
def numbers(assets: float, visible_share: float) -> float:
    """Operators and the functions that a rule may call."""
    x = round(assets / 7, 1) + abs(-assets) // 3 + assets % 11 - int(visible_share * 3) + bool(assets)
    return max(x, min(visible_share, 2.0, assets), -1.0) ** 0.5 + math.floor(x) + math.pi + float(3)


@household
def constants(assets: float) -> float:
    """A negative constant keeps its brackets; a switch of the module is a constant too."""
    return RATE**2 + assets if not NO else math.inf


@household
def powers(homes: int) -> float:
    """Whole numbers to a negative power."""
    return 2 ** (-homes) + homes**2 + 10 ** (homes - 3)


@household
def conditions(area: str, tier: str, homes: int, filed_poor: bool) -> bool:
    """Words, tuples of words, chains and their opposites."""
    rural = area == "rural"
    if tier in ("low", "middle") and not rural:
        return 0 < homes <= 2
    if tier not in ("high", "middle") or "urban" != area:  # noqa: SIM300
        return filed_poor and homes in (1, 3)
    return rural if homes else not filed_poor


@household(categories=("none", "some", "<many>", ">many<", "很多"))
def standing(homes: int, tier: str) -> str:
    """Categories with signs that no name may have."""
    none = 1
    if homes < none:
        return "none"
    if homes == 1:
        return "some" if tier == "low" else "<many>"
    return ">many<" if homes == 2 else "很多"


@household
def reads_standing(standing: str) -> float:
    if standing in ("none", "<many>"):
        return 1.0
    return 2.0 if standing == ">many<" else 3.0 if standing == "很多" else 4.0


@household
def same_standing(standing: str, standing_again: str) -> bool:
    return standing == standing_again


@household(categories=("none", "some", "<many>", ">many<", "很多"))
def standing_again(standing: str, homes: int) -> str:
    return standing if homes < 2 else "some"


@household
def with_helpers(assets: float, homes: int) -> float:
    """Helpers called in sums, behind conditions and with one another's results."""
    amount = clipped(assets, 900.0) + clipped(assets - 300.0, 50.0) + root(1.0 * homes)
    if root(assets) > 20.0 and (homes < 2 or clipped(assets * 2.0, 1e6) > 21.0):
        amount += clipped(clipped(assets, 1e4), 9.0) if assets > 600.0 else root(1.0 / homes)
    return amount


def of_town(area: str, other: str, band: Any, x: float) -> float:
    """A helper that is given categories and a schedule."""
    if area == "urban" and other in ("low", "middle"):
        return band(x)
    return 0.5


@household
def with_categories(area: str, tier: str, band: Any, assets: float) -> float:
    return of_town(area, tier, band, assets / 2.0)


@household
def whole(assets: float) -> int:
    """A whole number, whatever the text computes."""
    return assets / 300


@household
def of_whole(whole: int) -> float:
    return whole * 10.0


@household
def yes(assets: float) -> bool:
    return assets - 400


@household
def of_yes(yes: bool, homes: int) -> float:
    if homes == 0:
        return True
    return yes * 10


@household
def len(assets: float, first: float) -> float:  # noqa: A001
    """A rule may be named as what the generated function uses for itself."""
    return assets + first


@household
def first(assets: float) -> float:
    weight = assets * 2
    return weight


@household
def len_(len: float, first: float) -> float:  # noqa: A002
    """And so may another, as that one is then written."""
    return len - 2 * first


@household
def choices(payment: str, band: Any, curve: Any, tax: Any, assets: float, special: float) -> float:
    """Choices are compared as words; schedules are called."""
    amount = band(assets) if payment == "banded" else curve(assets)
    return amount + tax(assets) + special


RULES: dict[str, Rule] = {
    rule.name: rule
    for rule in (
        branches, loops, numbers, constants, powers, conditions, standing, reads_standing, same_standing,
        standing_again, with_helpers, with_categories, whole, of_whole, yes, of_yes, len, len_, first,
        choices, made_in(3.0),
    )
}  # fmt: skip
PARAMETERS: dict[str, Any] = {
    "payment": {"kind": "choice", "choices": ["gap", "banded"], "values": "banded"},
    "band": {"kind": "step", "values": [[0, 1.0], [800, 2.0], [4000, 0.5]]},
    "curve": {"kind": "linear", "values": [[100, 5.0], [4000, 50.0], [6000, 0.0]]},
    "tax": {"kind": "brackets", "values": [[0, 0.0], [400, 0.1], [3200, 0.25]]},
    "special": {"by": "standing", "values": {"none": 100.0, "<many>": 200.0, "很多": 300.0, "default": 0.0}},
}


@pytest.fixture(scope="module")
def population() -> TinyPopulation:
    return tiny_population(11, 60)


@pytest.fixture(scope="module")
def everything(population: TinyPopulation) -> Mapping[str, np.ndarray]:
    return simulate(population, Policy.from_rules(RULES, PARAMETERS), list(RULES)).arrays


@pytest.fixture(scope="module")
def by_hand(population: TinyPopulation) -> Mapping[str, list[Any]]:
    return interpret_all(population, Policy.from_rules(RULES, PARAMETERS), list(RULES))[0]


@pytest.mark.parametrize("name", RULES)
def test_what_a_rule_says_is_what_comes_out(
    name: str, everything: Mapping[str, np.ndarray], by_hand: Mapping[str, list[Any]]
) -> None:
    found: list[Any] = everything[name].tolist()
    if RULES[name].categories:
        found = [RULES[name].categories[code] for code in found]
    expected = by_hand[name]
    assert {*map(str, expected)} != {str(expected[0])} or name == "same_standing", (
        "the data tells cases apart"
    )
    if RULES[name].dtype in ("bool", "category", "int"):
        assert found == expected
    else:
        assert found == pytest.approx(expected, rel=1e-12)


def test_the_interpreter_calls_the_functions_themselves(by_hand: Mapping[str, list[Any]]) -> None:
    """So that the comparison above is one with Python: three figures worked out from the data."""
    data = tiny_population(11, 60)
    assets, homes = data.household_columns["assets"], data.household_columns["homes"]
    assert by_hand["constants"] == [0.0625 + x for x in assets]
    assert by_hand["surrounded"] == [6 * x for x in assets]
    assert by_hand["powers"] == [2.0**-h + h**2 + 10.0 ** (h - 3) for h in homes.astype(float)]


def text_of(
    rules: Mapping[str, Rule], outputs: list[str], parameters: Mapping[str, Any] | None = None
) -> str:
    policy = Policy.from_rules(rules, parameters)
    return generate(policy, outputs, tiny_population(1, 2))[0].source


def test_the_text_is_the_rules_own() -> None:
    @household(reference="Act, art. 3")
    def payment(area: str, assets: float, line: float) -> float:
        """The gap to the line.

        With details that the text leaves out.
        """
        gap = line - assets
        if area == "rural" and gap > 0:
            return gap
        return 0

    source = text_of({"payment": payment}, ["payment"], {"line": {"by": "area", "values": 5}})
    start = source.index("            # The gap")
    assert source[start:].split("out_payment")[0].rstrip() == (
        "            # The gap to the line. [Act, art. 3]\n"
        "            payment__gap = line - assets\n"
        "            payment = payment__gap if area == AREA__RURAL and payment__gap > 0 else 0.0"
    )
    assert "AREA__RURAL = 0" in source
    # As a plain integer: NumPy refuses 300 + a code of one byte where the text runs uncompiled.
    assert "area = int(column_area[hh])" in source
    assert "line = P[0 + area]" in source
    ast.parse(source)


def test_casts_are_written_only_where_the_text_does_not_show_the_type() -> None:
    source = text_of(
        {"whole": whole, "yes": yes, "standing": standing, "of_whole": of_whole}, ["whole", "yes", "of_whole"]
    )
    assert "whole = int(assets / 300)" in source
    assert "yes = bool(assets - 400)" in source
    assert "of_whole = whole * 10.0" in source


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("1", "int"),
        ("True", "bool"),
        ("1.5", "float"),
        ("a < b", "bool"),
        ("not a", "bool"),
        ("-flag", "int"),
        ("-x", "unknown"),
        ("flag and a < 1", "bool"),
        ("flag or x", "unknown"),
        ("n + 1", "int"),
        ("n / 1", "float"),
        ("n * amount", "float"),
        ("n ** 2", "unknown"),
        ("n + x", "unknown"),
        ("flag + flag", "int"),
        ("1 if x else n", "int"),
        ("1.0 if x else n", "unknown"),
        ("min(n, 3)", "int"),
        ("max(n, amount)", "unknown"),
        ("int(x)", "int"),
        ("bool(x)", "bool"),
        ("float(x)", "float"),
        ("round(x)", "unknown"),
    ],
)
def test_types_as_far_as_the_text_shows_them(text: str, kind: str) -> None:
    types: dict[str, Any] = {"flag": "bool", "n": "int", "amount": "float"}
    node = ast.parse(text, mode="eval").body
    assert expression_type(node, lambda name: types.get(name, "unknown")) == kind


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("x = 1\nreturn x", []),
        ("return x", ["x"]),
        ("if a:\n    x = 1\nreturn x", ["x"]),
        ("if a:\n    x = 1\nelse:\n    x = 2\nreturn x", []),
        ("if a:\n    return 0\nelse:\n    x = 2\nreturn x", []),
        ("if a:\n    x = 1\n    return x\nreturn x", ["x"]),
        ("for k in range(3):\n    x = k\nreturn x + k", []),
        ("for k in range(a):\n    x = k\nreturn x", ["x"]),
        ("for k in range(3, 3):\n    x = k\nreturn k", ["k"]),
        ("for k in range(x):\n    x = k\nreturn 0", ["x"]),
        ("x += 1\nreturn x", ["x"]),
        ("x: float = 1\nx += x\nreturn x", []),
        ("return 0\nreturn x", []),
    ],
)
def test_locals_that_may_be_read_before_they_are_set(body: str, names: list[str]) -> None:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    definition = ast.parse(f"def rule(a):\n{lines}").body[0]
    assert isinstance(definition, ast.FunctionDef)
    assert [name.id for name in unset_reads(definition.body, frozenset({"x", "k"}))] == names


def test_a_helper_is_written_out_where_it_is_called() -> None:
    text = text_of({"surrounded": made_in(2.0)}, ["surrounded"])
    assert "surrounded = 2 * assets * 2.0" in text
    several = text_of({"with_helpers": with_helpers}, ["with_helpers"])
    assert several.count("@njit") == 1
    names = {node.id for node in ast.walk(ast.parse(several)) if isinstance(node, ast.Name)}
    assert sum(name.startswith("with_helpers__clipped_") and name.endswith("__y") for name in names) == 5


def test_what_a_condition_guards_stays_behind_it() -> None:
    """A helper's statements too: nothing is divided by nobody."""
    rules = {"with_helpers": with_helpers}
    text = text_of(rules, ["with_helpers"])
    assert text.index("if assets > 600.0:") < text.index("1.0 / homes")


def test_a_person_rule_sees_household_values_and_a_sum_its_persons() -> None:
    @person
    def share(wage_income: float, income: float, size: int) -> float:
        return wage_income - income / size

    data = tiny_population(2, 8)
    rules = {"share": share, "income": total("wage_income"), "size": count(), "shares": total(share)}
    result = simulate(data, Policy.from_rules(rules), ["share", "shares"])
    wages = data.person_columns["wage_income"]
    means = np.add.reduceat(wages, data.offsets[:-1]) / np.diff(data.offsets)
    np.testing.assert_allclose(result.array("share"), wages - np.repeat(means, np.diff(data.offsets)))
    np.testing.assert_allclose(result.array("shares"), 0, atol=1e-9)
