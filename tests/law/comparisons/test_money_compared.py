"""No rule of the packaged law compares amounts of money to the last bit."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from microsim.policy import below, household, share_reached
from microsim.policy.rules import Rule
from microsim.population.core.columns import registry
from microsim.units import is_money
from tests.law.comparisons.money_compared import raw_comparisons
from tests.law.test_cases import law

FORMULAS = [rule for rule in law().versions if rule.kind == "formula"]


def of_money() -> dict[str, bool]:
    """Rules, parameters and columns by name, and whether each is an amount."""
    units = {name: column.unit for name, column in registry().items()}
    units |= {p.argument: p.unit for p in law().parameters.values() if p.kind == "number"}
    units |= {rule.name: rule.unit for rule in law().versions}
    return {name: unit.startswith(("yuan", "1000", "10000")) for name, unit in units.items()}


STEPS = frozenset(p.argument for p in law().parameters.values() if p.kind == "step")


@pytest.mark.parametrize("rule", FORMULAS, ids=lambda rule: f"{rule.name}-{rule.source_line}")
def test_the_law_compares_money_at_the_fen(rule: Rule) -> None:
    assert raw_comparisons(rule, of_money(), STEPS) == []


def test_units_of_money_are_those_of_the_package() -> None:
    for unit in ("yuan", "yuan/year", "yuan/month", "yuan/day", "10000 yuan/year"):
        assert is_money(unit)
    assert of_money()["dibao_line"]
    assert of_money()["medical_bill"]
    assert not of_money()["unit_size"]


@household
def raw_line(income: float, line: float) -> bool:
    limit = 1.5 * line
    return income < limit


@household
def raw_band(income: float, line: float, band: Callable[[float], float]) -> float:
    return band(income / line)


@household
def raw_nothing(income: float, on: bool) -> bool:
    return on and not income


@household
def raw_share(income: float, line: float) -> bool:
    return income / line >= 0.5


@household
def at_the_fen(income: float, line: float, size: int, band: Callable[[float], float]) -> float:
    if size <= 0 or below(income, 2.0 * line):
        return 0.0
    return band(share_reached(income, line)) * line


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        (raw_line, ["income < limit"]),
        (raw_band, ["band(income / line)"]),
        (raw_nothing, ["not income"]),
        (raw_share, ["income / line >= 0.5"]),
        (at_the_fen, []),
    ],
    ids=lambda value: value.name if isinstance(value, Rule) else "",
)
def test_what_the_check_refuses(rule: Rule, found: list[str]) -> None:
    assert raw_comparisons(rule, {"income": True, "line": True}, frozenset({"band"})) == found
