"""Planted notches, whose places and sizes are known, are found: where, how large, and why."""

from __future__ import annotations

import numpy as np
import pytest

import microsim as ms
from microsim.engine.runtime.notches import Found
from microsim.engine.support.notch_walk import EXACT
from tests.engine.notches.naive_notches import along, jumps
from tests.engine.notches.planted_law import EXPECTED, small_law
from tests.engine.notches.searching import HIGH, THREE, of_output, people, search
from tests.engine.random_populations import PLAIN, plain_only


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


@pytest.mark.slow
@plain_only  # no kernel has a part in it
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


def test_the_cause_is_named(all_found: Found) -> None:
    """The rule and the comparison that flipped, also where it is in a helper or in a rule far below."""

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
    assert rule == "by_loop_in_helper"
    assert text.endswith("near_slope <= 1000.0")
    assert (all_found.case >= 0).all()


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
