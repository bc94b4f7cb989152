"""Planted notches, whose places and sizes are known, are found: where, how large, and why.

Nearly all stand in one small law, of which every rule is an output, so that one kernel finds them all. The
household has three members with wages of 4,000, 1,000 and 2,000; the first one's is walked, so that the
household's income is the walked wage and 3,000.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import microsim as ms
from microsim.engine.compiler.notch_text import BRACKETED, EXACT, GIVEN_UP
from microsim.engine.policy.rules import Rule
from microsim.engine.runtime.notches import Found, notches
from microsim.errors import MicrosimError
from tests.engine.notches.naive_notches import along, jumps
from tests.engine.random_policies import RandomPolicy, Seeded, random_policy
from tests.engine.random_populations import PLAIN, TinyPopulation, tiny_population

HIGH = 20_000.0


def people(wages: list[list[float]], **columns: list[float]) -> TinyPopulation:
    """Households of persons with these wages; ``columns``: others, one value a person."""
    sizes = [len(of) for of in wages]
    persons = {"wage_income": np.array([w for of in wages for w in of])}
    persons |= {name: np.array(values) for name, values in columns.items()}
    return TinyPopulation(
        offsets=np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)]).astype(np.int64),
        household_columns={"homes": np.zeros(len(sizes), np.int64)},
        person_columns=persons,
        weight=np.ones(len(sizes)),
        household_id=np.arange(1, len(sizes) + 1),
        person_id=np.arange(1, sum(sizes) + 1),
        categories={},
    )


# The text is the same compiled, and compiling it takes seconds.
plain_only = pytest.mark.skipif(not PLAIN, reason="tried as plain Python, where NUMBA_DISABLE_JIT=1")

THREE = people([[4000.0, 1000.0, 2000.0]], pension_income=[0.0, 500.0, 0.0])


def search(
    policy: ms.Policy,
    outputs: list[str],
    data: TinyPopulation = THREE,
    *,
    vary: str = "wage_income",
    member: int = 0,
    low: float = 0.0,
    high: float = HIGH,
    present: float | None = None,
    **options: Any,
) -> Found:
    """The search for notches of every household of ``data``, along the same member of each."""
    rows = np.arange(len(data.weight), dtype=np.uint64)
    walked = data.offsets[:-1].astype(np.uint64) + np.uint64(member)
    now = data.person_columns[vary][walked] if present is None else np.full(len(rows), present)
    return notches(policy, data, vary, outputs, rows, walked, low, high, now, **options)


def of_output(found: Found, number: int, row: int = 0) -> list[tuple[float, float]]:
    """Places where one output jumps, and how much."""
    chosen = (found.row == row) & (found.jumps[:, number] != 0.0)
    return list(zip(found.places[chosen, 0].tolist(), found.jumps[chosen, number].tolist(), strict=True))


def planted(found: Found, expected: list[tuple[float, float]]) -> bool:
    """Whether these are the notches of the first output: places and jumps."""
    got = np.array(of_output(found, 0)).reshape(-1, 2)
    return got.shape == (len(expected), 2) and bool(np.abs(got - np.array(expected)).max() < 1e-5)


# --- one law of many rules ---


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


def _capped(amount: float, top: float = 4000.0) -> float:
    if amount > top:
        return 0.0
    if amount > 0.5 * top:
        return 10.0
    return 0.01 * amount


def _otherwise_capped(amount: float) -> float:
    return _capped(top=5000.0, amount=amount)


def _in_steps(near: float, level: float) -> float:
    """Names of the text's own, assignments in passing, a tuple, and a loop whose length moves."""
    amount_1, near_slope = near, level
    near_slope -= 500.0
    times = 0
    while near_slope > 1000.0:
        near_slope -= 1000.0
        times += 1
        if times == 3:
            break
    return times if times not in (0, 3) else 0.0 * amount_1


@ms.household
def by_helper(income: float) -> float:
    return _capped(income - 3000.0)


@ms.household
def by_named_input(income: float) -> float:
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
    "by_named_input": [(3000.0, 10.0), (5000.0, -10.0)],
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


@pytest.fixture(scope="module")
def small() -> ms.Policy:
    return small_law()


@pytest.fixture(scope="module")
def all_found(small: ms.Policy) -> Found:
    return search(small, list(EXPECTED))


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # NumPy's, where the text runs as plain Python
@pytest.mark.parametrize("name", EXPECTED)
def test_planted_notches_are_found(all_found: Found, name: str) -> None:
    got = of_output(all_found, list(EXPECTED).index(name))
    expected = [(at, jump) for at, jump in EXPECTED[name] if jump]
    assert [at for at, _ in got] == pytest.approx([at for at, _ in expected], abs=1e-5), got
    assert [jump for _, jump in got] == pytest.approx([jump for _, jump in expected], abs=1e-4), got


def test_only_those_and_all_of_them_at_once(all_found: Found) -> None:
    """One list of places, in order: each where at least one output jumps, also where jumps cancel."""
    planted = {at for places in EXPECTED.values() for at, jump in places if jump}
    at = all_found.places[:, 0]
    assert at == pytest.approx(sorted(planted), abs=1e-5)
    assert all_found.flags.tolist() == [EXACT]
    assert (all_found.places[:, 5] == 0.0).all()
    both = [list(EXPECTED).index(name) for name in ("gives", "takes")]
    together = all_found.jumps[np.abs(at - 6000.0) < 1e-5][0]
    assert together[both].tolist() == [-45.0, 45.0]
    assert all_found.levels[0, 4] < 60  # evaluations: about one a flip


def test_the_interpreter_finds_the_same(small: ms.Policy) -> None:
    """The expected places are no opinion: the slow way finds them too."""
    hidden = ("one_fen", "at_the_end", "here_and_gone")  # too small, outside, between two steps
    names = [name for name, places in EXPECTED.items() if places and name not in hidden]
    values = along(small, THREE, 0, 0, "wage_income", names)
    slow = list(jumps(values, -0.6, HIGH - 0.6, 500.0, 0.05))
    for number, name in enumerate(names):
        got = [(at, jump[number]) for at, jump in slow if abs(jump[number]) > 0.05]
        expected = [(at, jump) for at, jump in EXPECTED[name] if jump]
        assert [at for at, _ in got] == pytest.approx([at for at, _ in expected], abs=1e-4), name
        assert [jump for _, jump in got] == pytest.approx([jump for _, jump in expected], abs=1e-2), name


# --- small laws of their own ---


def made(**rules: Any) -> ms.Policy:
    """A law of ``income`` (the household's wages) and these rules."""
    named = {name: rule for name, rule in rules.items() if isinstance(rule, Rule)}
    parameters = {name: value for name, value in rules.items() if name not in named}
    return ms.Policy.from_rules({"income": ms.total("wage_income"), **named}, parameters)


ONE = people([[2500.0]], pension_income=[300.0])


@ms.household
def left_over(income: float) -> float:
    """Half of the wage is kept; a drop of 900 at 1,000, one of 200 at 2,000, a rise of 500 at 6,000."""
    aid = 1100.0 if income < 1000.0 else (200.0 if income < 2000.0 else 0.0)
    return 0.5 * income + aid + (500.0 if income >= 6000.0 else 0.0)


@ms.household
def gone_for_good(income: float) -> float:
    return 5000.0 if income < 1000.0 else 0.1 * income


@ms.household
def bent(income: float) -> float:
    return max(3000.0 - income, 0.0) + 1.0 * min(income, 4000.0)


def test_dead_zones_levels_and_slopes() -> None:
    """Just below 1,000 one has 1,600; after the drops 0.5 x 3,200 are the first to be as much again."""
    found = search(made(left_over=left_over), ["left_over"], ONE, high=10_000.0)
    assert planted(found, [(1000.0, -900.0), (2000.0, -200.0), (6000.0, 500.0)])
    assert found.places[:, 1] == pytest.approx([1600.0, 1200.0, 3000.0])  # just below
    assert found.places[:, 4] == pytest.approx([2200.0, 400.0, 0.0])
    assert found.places[:, 2:4] == pytest.approx(np.full((3, 2), 0.5))
    assert found.levels[0, :4] == pytest.approx([1100.0, 1250.0, 0.5, 5500.0])


@plain_only
def test_a_dead_zone_ends_with_a_rise_or_not_at_all() -> None:
    @ms.household
    def regained(income: float) -> float:
        return 0.0 if 1000.0 <= income < 4000.0 else 80.0

    policy = made(regained=regained, gone_for_good=gone_for_good)
    found = search(policy, ["regained"], ONE, high=9000.0)
    assert found.places[:, 4].tolist() == pytest.approx([3000.0, 0.0])
    found = search(policy, ["gone_for_good"], ONE, high=45_000.0)
    assert planted(found, [(1000.0, -4900.0)])
    assert np.isnan(found.places[0, 4])  # 0.1 x 45,000 are no 5,000
    found = search(policy, ["gone_for_good"], ONE, high=60_000.0)
    assert found.places[0, 4] == pytest.approx(49_000.0)


@plain_only
def test_bends_are_told_where_they_are_asked_for() -> None:
    policy = made(bent=bent, left_over=left_over)
    assert len(search(policy, ["bent"], ONE, high=9000.0).row) == 0
    found = search(policy, ["bent"], ONE, high=9000.0, kinks=True)
    assert found.places[:, 0] == pytest.approx([3000.0, 4000.0])
    assert found.places[:, 2:4].ravel() == pytest.approx([0.0, 1.0, 1.0, 0.0])
    assert found.jumps.tolist() == [[0.0], [0.0]]
    assert found.case.tolist() == [-1, -1]
    both = search(policy, ["bent", "left_over"], ONE, high=9000.0, kinks=True)
    assert both.places[:, 0] == pytest.approx([1000.0, 2000.0, 3000.0, 4000.0, 6000.0])


@plain_only
def test_bends_of_schedules(small: ms.Policy) -> None:
    """Brackets, points of a line, and least, greatest and absolute amounts: each where it is planted."""
    found = search(small, ["continuous"], kinks=True)
    incomes = [3500.0, 4321.0, 5000.0, 5432.0, 8000.0, 9500.0, 10_000.0, 13_578.0]
    assert found.places[:, 0] + 3000.0 == pytest.approx(incomes)
    # 0.1 of income up to 9,500 and 0.2 down from 8,000; abs and max add 1 and 0.5, the least takes 1 away.
    after = [0.1, -0.9, -0.8, 1.2, 0.9, 1.1, 1.3, 1.8]
    assert found.places[:, 3] == pytest.approx(after)
    assert not found.jumps.any()


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_smallest_jumps_told(small: ms.Policy) -> None:
    fewer = search(small, list(EXPECTED), smallest=0.5)
    assert of_output(fewer, list(EXPECTED).index("one_fen")) == []
    assert len(of_output(fewer, list(EXPECTED).index("one_yuan"))) == 1


def test_the_present_income_may_stand_anywhere() -> None:
    """Also on a notch: there the law just above it is told."""
    policy = made(left_over=left_over)
    for present in (0.0, 999.9, 1000.0, 1000.1, 1500.0, 2000.0, 6000.0, 10_000.0):
        _present(policy, present)


def _present(policy: ms.Policy, present: float) -> None:
    found = search(policy, ["left_over"], ONE, high=10_000.0, present=present)
    assert planted(found, [(1000.0, -900.0), (2000.0, -200.0), (6000.0, 500.0)])
    assert found.places[:, 4] == pytest.approx([2200.0, 400.0, 0.0])
    expected = 0.5 * present + (1100.0 if present < 1000 else 200.0 if present < 2000 else 0.0)
    assert found.levels[0, 1] == pytest.approx(expected + (500.0 if present >= 6000.0 else 0.0))
    assert found.levels[0, 2] == 0.5


def test_a_present_income_outside_the_range_is_not_seen() -> None:
    for present in (-1.0, 10_001.0, math.nan):
        found = search(made(left_over=left_over), ["left_over"], ONE, high=10_000.0, present=present)
        assert np.isnan(found.levels[0, 1:3]).all()
        assert len(found.row) == 3


def test_the_cause_is_named(all_found: Found) -> None:
    """The rule and the comparison that flipped, also where it stands in a rule or helper far below."""

    def cause(at: float) -> tuple[str, str]:
        (here,) = np.flatnonzero(np.abs(all_found.places[:, 0] - at) < 1e-4)
        case = all_found.kernel.text.cases[all_found.case[here]]
        return case.rule, case.text

    assert cause(12_000.0)[1] in ("income > 15000.0", "round(income / 100000.0, 1)", "income / 5000.0")
    assert cause(4777.77) == ("one_yuan", "income < 7777.77")
    assert cause(4778.5) == ("one_fen", "income < 7778.5")
    assert cause(8111.11) == ("adjacent", "income < 11111.11")
    assert cause(8111.13) == ("adjacent", "income < 11111.13")
    assert cause(8110.0) == ("set_twice", "set_twice__rest < 5555.0")
    assert cause(300.0) == ("of_extremes", "least < 300.0")
    assert cause(9001.0)[0] == "by_locals"
    assert cause(HIGH) == ("at_the_end", f"income < {HIGH} + 3000.0")
    rule, text = cause(2500.0)
    assert rule.endswith("_in_steps")
    assert text.endswith("> 1000.0")
    assert (all_found.case >= 0).all()


@plain_only
def test_not_a_bend_but_the_comparison_there_is_the_cause() -> None:
    """What is left of a benefit reaches 0, which is a bend; that it is asked for at all makes the jump."""
    policy = made(benefit=benefit, not_that_point=not_that_point)
    found = search(policy, ["not_that_point"], ONE)
    assert planted(found, [(8000.0, -14.0)])
    case = found.kernel.text.cases[found.case[0]]
    assert (case.rule, case.text) == ("not_that_point", "benefit != 0.0")


# --- law that is no straight line ---


@ms.household
def squared(income: float) -> float:
    """A product of the walked amount with itself: 400 are reached at 2,000."""
    share = income / 100.0
    share *= share
    return 90.0 if share < 400.0 else 20.0


@ms.household
def over_amount(income: float) -> float:
    """The walked amount over one that moves with it: half at 3,000."""
    return 55.0 if income / (income + 3000.0) >= 0.5 else 0.0


@ms.household
def of_root(income: float) -> float:
    return 33.0 if math.sqrt(income) > 70.0 else 0.01 * math.exp(-income / 1000.0)


def test_curved_law_is_flagged_and_bracketed() -> None:
    rules = [left_over, squared, over_amount, of_root]
    policy = made(**{rule.name: rule for rule in rules})
    found = search(policy, [rule.name for rule in rules], ONE, high=9000.0)
    assert found.flags.tolist() == [BRACKETED]
    at = [1000.0, 2000.0, 3000.0, 4900.0, 6000.0]
    assert found.places[:, 0] == pytest.approx(at, abs=0.001)
    assert ((found.places[:, 5] > 0.0) & (found.places[:, 5] <= 0.001)).all()
    jumps_there = [
        [-900.0, 0, 0, 0],
        [-200.0, -70.0, 0, 0],
        [0, 0, 55.0, 0],
        [0, 0, 0, 33.0],
        [500.0, 0, 0, 0],
    ]
    assert found.jumps == pytest.approx(np.array(jumps_there), abs=0.001)


@plain_only
def test_a_root_of_what_is_just_nothing_is_a_number() -> None:
    """Where a least, greatest or absolute amount turns, it is 0 but for rounding, and never below."""

    @ms.household
    def roots(income: float) -> float:
        left = max(1000.1 - 0.3 * income, 0.0)
        return math.sqrt(left) + math.sqrt(abs(700.7 - 0.7 * income)) + (9.0 if income > 5000.0 else 0.0)

    found = search(made(roots=roots), ["roots"], ONE, high=8000.0)
    assert planted(found, [(5000.0, 9.0)])
    assert np.isfinite(found.levels[0]).all()
    assert found.flags.tolist() == [BRACKETED]


@plain_only
def test_functions_that_step_and_are_not_looked_into() -> None:
    @ms.household
    def stepping(income: float) -> float:
        return math.fmod(income, 3000.0) + math.fabs(income - 2000.0)

    @ms.household
    def signed(income: float) -> float:
        return math.copysign(10.0, income - 2500.0)

    found = search(made(stepping=stepping, signed=signed), ["stepping", "signed"], ONE, high=8000.0)
    assert found.places[:, 0] == pytest.approx([2500.0, 3000.0, 6000.0])
    assert found.jumps[:, 0] == pytest.approx([0.0, -3000.0, -3000.0])
    assert found.jumps[:, 1] == pytest.approx([20.0, 0.0, 0.0])
    assert found.flags.tolist() == [EXACT]


@plain_only
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_an_amount_that_is_no_number_in_a_part() -> None:
    """Where an output turns infinite, that is a place, and what follows is right again."""

    @ms.household
    def share(income: float, homes: int) -> float:
        return income / homes if 2000.0 <= income < 3000.0 else (40.0 if income < 5000.0 else 0.0)

    found = search(made(share=share), ["share"], ONE, high=8000.0)
    assert found.places[:, 0] == pytest.approx([2000.0, 3000.0, 5000.0])
    assert found.jumps[:, 0].tolist() == [math.inf, -math.inf, -40.0]


# --- what is walked, and how ---


@plain_only
def test_any_amount_of_any_member_can_be_walked() -> None:
    @ms.household
    def by_pension(pensions: float, best: float) -> float:
        return (20.0 if pensions > 1200.0 else 0.0) + (5.0 if best < 3500.0 else 0.0)

    rules = {
        "pensions": ms.total("pension_income"),
        "best": ms.largest("wage_income"),
        "by_pension": by_pension,
    }
    policy = made(**rules)
    for member, at in ((0, 700.0), (1, 1200.0), (2, 700.0)):
        found = search(policy, ["by_pension"], vary="pension_income", member=member, high=5000.0)
        assert planted(found, [(at, 20.0)])
    # The other members' wages decide, however much the first one earns.
    assert of_output(search(policy, ["by_pension"], member=2, high=5000.0), 0) == []
    assert planted(search(policy, ["by_pension"], member=0, high=5000.0), [(3500.0, -5.0)])


@plain_only
def test_what_is_walked_may_play_no_part() -> None:
    @ms.household
    def by_homes(homes: int) -> float:
        return 3.0 if homes < 1 else 0.0

    found = search(made(by_homes=by_homes), ["by_homes"], vary="pension_income", kinks=True)
    assert len(found.row) == 0
    assert found.levels[0, :4].tolist() == [3.0, 3.0, 0.0, 3.0]


def test_no_households() -> None:
    nobody = people([], pension_income=[])
    found = search(made(left_over=left_over), ["left_over"], nobody)
    assert found.places.shape == (0, 6)
    assert found.jumps.shape == (0, 1)
    assert found.levels.shape == (0, 5)
    assert len(found.flags) == 0


def test_values_of_persons_are_refused() -> None:
    with pytest.raises(MicrosimError, match="differs from person to person"):
        search(made(net_wage=net_wage), ["net_wage"])


@ms.household
def many_steps(income: float) -> float:
    return 2.0 * (income // 100.0)


def test_more_places_than_there_was_room_for() -> None:
    data = people([[float(k)] for k in range(3)])
    found = search(made(many_steps=many_steps), ["many_steps"], data, high=5000.0)
    assert np.bincount(found.row).tolist() == [50, 50, 50]
    for row in range(3):
        assert [at for at, _ in of_output(found, 0, row)] == pytest.approx(100.0 * np.arange(1, 51))
        assert {jump for _, jump in of_output(found, 0, row)} == {2.0}


@pytest.mark.compiled
def test_a_household_with_too_many_places_is_given_up_and_said_so() -> None:
    @ms.household
    def dust(income: float) -> float:
        return round(income, 2)

    found = search(made(dust=dust), ["dust"], ONE, high=60_000.0, smallest=1.0)
    assert found.flags.tolist() == [GIVEN_UP]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_the_same_bits_on_any_number_of_threads(small: ms.Policy) -> None:
    draw = np.random.default_rng(3)
    count = 30 if PLAIN else 4500  # more than one piece of work
    data = people(draw.uniform(0, 9000, (count, 3)).round(2).tolist(), pension_income=[1.0] * 3 * count)
    outputs = list(EXPECTED)
    one, two = (search(small, outputs, data, threads=n) for n in (1, 2))
    assert len(one.row) > 2 * count
    assert (np.diff(one.row) >= 0).all()
    for name in ("row", "places", "jumps", "case", "levels", "flags"):
        assert getattr(one, name).tobytes() == getattr(two, name).tobytes(), name


# --- names, and what cannot be followed ---


@ms.household
def amount_1(income: float) -> float:
    return min(income, 500.0) + (1.0 if income < 700.0 else 0.0)


@ms.household
def amount_1_slope(amount_1: float) -> float:
    return 2.0 * amount_1


@ms.household
def near(amount_1_slope: float, income: float) -> float:
    return amount_1_slope + (10.0 if income < 800.0 else 0.0)


@ms.person
def x(wage_income: float, near: float) -> float:
    return min(wage_income, 900.0) + near


@ms.person
def x_slope(x: float) -> float:
    return x + (100.0 if x >= 2010.0 else 0.0)


@ms.household
def base(x_slopes: float, xs: float, is_2: bool) -> float:
    return x_slopes - xs + (1000.0 if is_2 else 0.0)


@ms.household
def is_2(xs: float, pace: float) -> bool:
    return xs < 1800.0 and pace > 0.0


@ms.household
def pace(near: float) -> float:
    return near


@plain_only
def test_names_of_rules_may_be_those_of_the_text() -> None:
    """x is min(w, 900) + 2 min(w, 500) (+ 2 below 700, + 10 below 800) and reaches 1,800 at 800 only."""
    names = [amount_1, amount_1_slope, near, x, x_slope, base, is_2, pace]
    rules = {rule.name: rule for rule in names}
    policy = made(**rules, x_slopes=ms.total(x_slope), xs=ms.largest(x))
    found = search(policy, ["base", "near", "amount_1"], ONE, high=3000.0)
    values = along(policy, ONE, 0, 0, "wage_income", ["base", "near", "amount_1"])
    slow = list(jumps(values, -1.0, 2999.0, 100.0, 0.5))
    assert len(slow) >= 3
    assert found.places[:, 0] == pytest.approx([at for at, _ in slow], abs=1e-4)
    assert found.jumps == pytest.approx(np.array([jump for _, jump in slow]), abs=1e-2)


def _listed(amount: float) -> float:
    steps = [amount, 2.0]
    return steps[0] if amount > 3.0 else steps[1]


def _several(amount: float) -> tuple[float, float]:
    return amount, 2.0 * amount


def _first(amount: float) -> float:
    one, other = _several(amount)
    return one + other


@pytest.mark.parametrize(("helper", "text"), [(_listed, "[amount, 2.0]"), (_first, "_several(amount)")])
def test_what_cannot_be_followed_is_refused_in_words(helper: Callable[[float], float], text: str) -> None:
    @ms.household
    def refused(income: float) -> float:
        return helper(income)

    with pytest.raises(MicrosimError, match="cannot be followed along an income") as caught:
        search(made(refused=refused), ["refused"], ONE)
    assert text in str(caught.value)


# --- random laws, beside the slow way ---

RANGE = 3000.0
# Laws with jumps, of which most have none; compiling one takes seconds.
MANY = (
    17,
    20,
    28,
    30,
    31,
    32,
    36,
    42,
    46,
    53,
    54,
    131,
    142,
    148,
    149,
    152,
    155,
    162,
    163,
    174,
    178,
    193,
    195,
    196,
)
RANDOM = MANY if PLAIN else (54, 196)


def compare_with_the_slow_way(law: RandomPolicy, data: TinyPopulation, seed: int) -> int:
    """Every jump of a yuan or more along one member's wage, both ways; how many there are."""
    rules = law.policy.rules
    outputs = [n for n in law.outputs if rules[n].entity == "household" and rules[n].dtype != "category"]
    sizes = np.diff(data.offsets)
    members = seed % sizes
    rows = np.arange(len(sizes), dtype=np.uint64)
    walked = (data.offsets[:-1] + members).astype(np.uint64)
    present = data.person_columns["wage_income"][walked]
    found = notches(law.policy, data, "wage_income", outputs, rows, walked, 0.0, RANGE, present)
    count = 0
    for row, member in enumerate(members.tolist()):
        values = along(law.policy, data, row, member, "wage_income", outputs)
        places, sizes_there = found.places[found.row == row], found.jumps[found.row == row]
        for at, jump in jumps(values, 0.0, RANGE, 16.0, 1.0):
            near_it = np.abs(places[:, 0] - at) <= 0.01
            assert near_it.any(), f"household {row}: {jump} at {at} is missed"
            assert sizes_there[near_it].sum(axis=0) == pytest.approx(jump, abs=0.05), (row, at)
            count += 1
        for place in places[(places[:, 0] > 0.0) & (places[:, 0] < RANGE)]:
            below, above = values(place[0] - 2e-5), values(place[0] + 2e-5)
            together = np.abs(places[:, 0] - place[0]) <= 2e-5
            told = sizes_there[together].sum(axis=0)
            assert above - below == pytest.approx(told, abs=0.1), (row, place[0])
    return count


def test_random_laws(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder, count = tmp_path_factory.mktemp("made_up_notches"), 0
    for seed in RANDOM:
        law = random_policy(Seeded(seed), folder)
        count += compare_with_the_slow_way(law, tiny_population(seed, households=2), seed)
    assert count > len(RANDOM)
