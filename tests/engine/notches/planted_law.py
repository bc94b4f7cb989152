"""One law of many rules, each with its notches at known places: one kernel finds them all.

The household has three members with wages of 4,000, 1,000 and 2,000; the first one's is walked, so that the
household's income is the walked wage and 3,000.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import microsim as ms
from tests.engine.notches.searching import HIGH


@ms.person
def is_low_paid(wage_income: float) -> bool:
    return wage_income < 1500.0


@ms.person
def grant(standing: str, is_low_paid: bool) -> float:
    """A person's amount by the household's status and the person's own."""
    return 30.0 if is_low_paid and standing != "rich" else 5.0


@ms.person
def above_others(wage_income: float, income: float) -> bool:
    return wage_income > 0.5 * income


@ms.person
def net_wage(wage_income: float, pension_income: float) -> float:
    return wage_income + pension_income - (60.0 if wage_income >= 9000.0 else 0.0)


@ms.household(categories=("poor", "near", "rich"))
def standing(income: float) -> str:
    if income < 6000.0:
        return "poor"
    return "near" if income <= 12_000.0 else "rich"


@ms.household
def drop(income: float) -> float:
    return 100.0 if income < 10_000.0 else 0.0


@ms.household
def rise(income: float) -> float:
    return 70.0 if income >= 10_000.25 else 0.0


@ms.household
def several(income: float) -> float:
    """Falls twice and rises once; sloped in between."""
    if income < 5000.0:
        return 3000.0 - 0.2 * income
    if income < 8000.0:
        return 1500.0 - 0.1 * income
    return 100.0 if income > 15_000.0 else 0.0


@ms.household
def one_yuan(income: float) -> float:
    return 1.0 if income < 7777.77 else 0.0


@ms.household
def one_fen(income: float) -> float:
    return 0.01 if income < 7778.5 else 0.0


@ms.household
def adjacent(income: float) -> float:
    return (40.0 if income < 11_111.11 else 0.0) + (25.0 if income < 11_111.13 else 0.0)


@ms.household
def here_and_gone(income: float) -> float:
    """Rises and falls between two whole yuan."""
    return 50.0 if 13_000.3 <= income < 13_000.7 else 0.0


@ms.household
def gives(income: float) -> float:
    return 45.0 if income < 9000.0 else 0.0


@ms.household
def takes(income: float) -> float:
    return 0.0 if income < 9000.0 else 45.0


@ms.household
def at_zero(working: bool) -> float:
    return 12.0 if working else 0.0


@ms.household
def at_the_end(income: float) -> float:
    return 9.0 if income < HIGH + 3000.0 else 0.0


@ms.household
def by_step(income: float, band: Callable[[float], float]) -> float:
    return band(income)


@ms.household
def continuous(income: float, tax: Callable[[float], float], slope: Callable[[float], float]) -> float:
    """Bends only."""
    return (
        tax(income) + slope(income) + min(income, 4321.0) + max(0.5 * income, 6789.0) + abs(income - 5432.0)
    )


def _capped(amount: float, top: float) -> float:
    if amount > top:
        return 0.0
    if amount > 0.5 * top:
        return 10.0
    return 0.01 * amount


def _otherwise_capped(amount: float) -> float:
    return _capped(amount, 5000.0)


def _in_steps(near: float, level: float) -> float:
    """Names of the text's own, and a loop that ends early."""
    amount_1 = near
    near_slope = level
    near_slope -= 500.0
    times = 0
    for _ in range(3):
        if near_slope <= 1000.0:
            break
        near_slope -= 1000.0
        times += 1
    return times if times not in (0, 3) else 0.0 * amount_1


@ms.household
def by_helper(income: float) -> float:
    return _capped(income - 3000.0, 4000.0)


@ms.household
def by_helper_in_helper(income: float) -> float:
    return _otherwise_capped(income - 3000.0) if income > 6000.0 else 0.0


@ms.household
def by_loop_in_helper(income: float) -> float:
    return _in_steps(income, income - 3000.0)


@ms.household
def by_locals(income: float) -> float:
    """A loop, and local names that are set again."""
    rest = income
    x = 0.0
    x_slope = 1.0
    for k in range(3):
        if rest > 4000.0:
            x += 10.0 * x_slope
            rest -= 4000.0 + k
        else:
            rest = 0.5 * rest
    return x


@ms.household
def by_length_of_loop(income: float) -> float:
    x = 0.0
    for k in range(int(income / 5000.0)):
        x += 3.0 + k
    return x


@ms.household
def set_twice(income: float) -> float:
    """Its own value on both sides."""
    rest = 0.5 * income
    rest = rest * 2.0 - rest
    return 8.0 if rest < 5555.0 else 0.0


@ms.household
def whole_down(income: float) -> float:
    return float(math.floor(income / 6000.0)) + (0.0 - income) // 9000.0


@ms.household
def whole_up(income: float) -> float:
    return math.ceil(income / 8000.0) + int((10_000.0 - income) / 4000.0) + round(income / 14_000.0)


@ms.household
def cents(income: float) -> float:
    return round(income / 100_000.0, 1)


@ms.household
def remainder(income: float) -> float:
    return income % 7000.0


@ms.household
def chained(income: float) -> float:
    return 6.0 if 5000.0 < income <= 9500.0 < 2.0 * income else 0.0


@ms.household
def lazy(income: float, size: int) -> float:
    """What is looked at depends on what was found before."""
    is_so = (income > 4000.0 and (income < 6500.0 or size > 5)) or (size == 3 and not income < 17_000.0)
    return 11.0 if is_so else 0.0


@ms.household
def amount_as_condition(benefit: float, drop: float) -> float:
    return 13.0 if bool(benefit) and drop else 0.0


@ms.household
def amount_in_elif(benefit: float, size: int) -> float:
    if size > 5:
        return 1.0
    elif benefit:
        return 17.0
    return 0.0


@ms.household
def benefit(income: float) -> float:
    return max(8000.0 - income, 0.0)


@ms.household
def one_point(income: float) -> float:
    return 1000.0 if income == 8888.0 else 0.0


@ms.household
def not_that_point(benefit: float) -> float:
    return 14.0 if benefit != 0.0 else 0.0


@ms.household
def by_nothing(income: float, homes: int) -> float:
    """Infinite, and compared: so is the kernel."""
    ratio = income / homes
    return (15.0 if ratio > income and ratio >= math.inf else 0.0) + min(ratio, income)


@ms.household
def no_order(homes: int, income: float) -> float:
    """Not a number: no comparison with it holds, and a least keeps what stood first."""
    no = 0.0 * (income / homes)
    first = 1.0 if no < income or no >= income or no == income else 0.0
    return first + (1.0 if income < 9999.0 else 0.0) + min(7.0, no)


@ms.household
def large(income: float) -> float:
    return 10_000_000.0 if 1000.0 * income + 1e7 < 17_000_000.0 else 0.0


@ms.household
def slow_taper(income: float) -> float:
    left = 1e7 + 50.0 - 0.001 * income
    return 21.0 if left > 1e7 + 40.0 else 0.0


@ms.household
def of_members(grants: float, low_paid: int, nobody_low: bool, all_below: bool) -> float:
    return grants + 100.0 * low_paid + (1000.0 if nobody_low else 0.0) + (10_000.0 if all_below else 0.0)


@ms.household
def of_extremes(best: float, least: float, net: float) -> float:
    return (3.0 if best < 5000.0 else 0.0) + (4.0 if least < 300.0 else 0.0) + (5.0 if net < 7500.0 else 0.0)


@ms.household
def of_one_above(one_above: bool) -> float:
    return 16.0 if one_above else 0.0


@ms.household
def untouched(size: int, homes: int) -> float:
    return 2.0 * size + homes


# Every output with its notches along the first member's wage, from 0 to 20,000 (both ends included).
EXPECTED: dict[str, list[tuple[float, float]]] = {
    "drop": [(7000.0, -100.0)],
    "rise": [(7000.25, 70.0)],
    "several": [(2000.0, -1000.0), (5000.0, -700.0), (12_000.0, 100.0)],
    "one_yuan": [(4777.77, -1.0)],
    "one_fen": [(4778.5, -0.01)],
    "adjacent": [(8111.11, -40.0), (8111.13, -25.0)],
    "here_and_gone": [(10_000.3, 50.0), (10_000.7, -50.0)],
    "gives": [(6000.0, -45.0)],
    "takes": [(6000.0, 45.0)],
    "at_zero": [(0.0, 12.0)],
    "at_the_end": [(HIGH, -9.0)],
    "by_step": [(1000.0, 150.0), (9000.0, -50.0)],
    "continuous": [],
    "by_helper": [(2000.0, -10.0), (4000.0, -10.0)],
    "by_helper_in_helper": [(3000.0, 10.0), (5000.0, -10.0)],
    "by_loop_in_helper": [(1500.0, 1.0), (2500.0, 1.0), (3500.0, -2.0)],
    "by_locals": [(1000.0, 10.0), (5000.0, 10.0), (9001.0, 10.0)],
    "by_length_of_loop": [(2000.0, 3.0), (7000.0, 4.0), (12_000.0, 5.0), (17_000.0, 6.0)],
    "set_twice": [(8110.0, -8.0)],
    "whole_down": [(3000.0, 1.0), (6000.0, -1.0), (9000.0, 1.0), (15_000.0, 0.0)],
    "whole_up": [(3000.0, -1.0), (4000.0, 1.0), (5000.0, 1.0), (11_000.0, -1.0), (13_000.0, 1.0),
                 (15_000.0, -1.0), (18_000.0, 1.0), (19_000.0, -1.0)],
    "cents": [(2000.0, 0.1), (12_000.0, 0.1)],
    "remainder": [(4000.0, -7000.0), (11_000.0, -7000.0), (18_000.0, -7000.0)],
    "chained": [(2000.0, 6.0), (6500.0, -6.0)],
    "lazy": [(1000.0, 11.0), (3500.0, -11.0), (14_000.0, 11.0)],
    "amount_as_condition": [(5000.0, -13.0)],
    "amount_in_elif": [(5000.0, -17.0)],
    "one_point": [],
    "not_that_point": [(5000.0, -14.0)],
    "by_nothing": [],
    "no_order": [(6999.0, -1.0)],
    "large": [(4000.0, -1e7)],
    "slow_taper": [(7000.0, -21.0)],
    "of_members": [(1500.0, -125.0), (9000.0, -25.0)],
    "of_extremes": [(300.0, -4.0), (4000.0, -5.0), (5000.0, -3.0)],
    "of_one_above": [(1000.0, -16.0), (3000.0, 16.0)],
    "untouched": [],
}  # fmt: skip


def small_law() -> ms.Policy:
    rules: dict[str, Any] = {
        "income": ms.total("wage_income"),
        "size": ms.count(),
        "is_low_paid": is_low_paid,
        "standing": standing,
        "grant": grant,
        "grants": ms.total(grant),
        "low_paid": ms.count(is_low_paid),
        "nobody_low": ms.every_member("above_low"),
        "above_low": above_low,
        "all_below": ms.every_member(is_low_paid),
        "above_others": above_others,
        "one_above": ms.any_member(above_others),
        "best": ms.largest("wage_income"),
        "least": ms.smallest("wage_income"),
        "net_wage": net_wage,
        "net": ms.total(net_wage),
        "works": works,
        "working": ms.any_member(works),
        "benefit": benefit,
        **{name: globals()[name] for name in EXPECTED},
    }
    parameters: dict[str, Any] = {
        "band": {"kind": "step", "values": [[0, 100.0], [4000, 250.0], [12_000, 200.0]]},
        "tax": {"kind": "brackets", "values": [[0, 0.0], [5000, 0.1], [10_000, 0.3]]},
        "slope": {"kind": "linear", "values": [[3500, 100.0], [8000, 550.0], [9500, 250.0]]},
    }
    return ms.Policy.from_rules(rules, parameters)


@ms.person
def above_low(is_low_paid: bool) -> bool:
    return not is_low_paid


@ms.person
def works(wage_income: float, pension_income: float) -> bool:
    """Only the walked member's wage counts: the others are known by theirs."""
    return wage_income > 0.0 and wage_income != 1000.0 and wage_income != 2000.0
