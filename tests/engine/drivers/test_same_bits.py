"""Identical bits however the work is cut: threads, pieces, waves, and the order of households."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from microsim.engine.compiler.emit import BLOCK
from microsim.engine.runtime import drivers
from microsim.policy.policy import Policy
from microsim.simulation import simulate, walk
from tests.engine.drivers.mixed_policy import HOUSEHOLDS, MONEY, OUTPUTS, WALKED, bits, part, shuffled
from tests.engine.random_populations import TinyPopulation

CUTS = [0, 1, 2, BLOCK - 1, BLOCK, 2 * BLOCK + 500, 2 * BLOCK + 501, HOUSEHOLDS]


def test_totals_have_the_same_bits_on_any_number_of_threads(
    policy: Policy, population: TinyPopulation
) -> None:
    one, two, five = (
        drivers.evaluate(policy, population, OUTPUTS, totals=MONEY, by="tier", threads=n) for n in (1, 2, 5)
    )
    assert one.totals.shape == (3, 3)
    assert bits(one.totals) == bits(two.totals) == bits(five.totals)
    assert bits(one.arrays["fee"]) == bits(two.arrays["fee"])
    assert (one.total_names, one.groups) == (("payment", "left", "poor"), ("low", "middle", "high"))


def test_and_for_data_that_comes_in_pieces(policy: Policy, population: TinyPopulation) -> None:
    whole = drivers.evaluate(policy, population, OUTPUTS, totals=MONEY, by="tier", threads=1)
    carry, arrays = drivers.Carry(), []
    for first, last in pairwise(CUTS):
        piece = part(population, first, last)
        done = drivers.evaluate(policy, piece, OUTPUTS, totals=MONEY, by="tier", carry=carry, threads=2)
        arrays.append(done.arrays["payment"])
    assert carry.households == HOUSEHOLDS
    assert bits(done.totals) == bits(whole.totals)
    assert bits(np.concatenate(arrays)) == bits(whole.arrays["payment"])


def scenarios(policy: Policy) -> list[Policy]:
    changes: list[dict[str, Any]] = [{}, {"rate": 0.1}, {"line.urban.low": 700, "paid": False}, {"line": 111}]
    return [policy.reform(change) for change in changes]


@pytest.mark.parametrize("wave_bytes", [1, drivers.WAVE_BYTES])
def test_totals_of_scenarios_have_the_same_bits_however_they_are_cut(
    policy: Policy, population: TinyPopulation, wave_bytes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    varying = ["rate", "line", "paid"]
    whole, groups = drivers.totals(scenarios(policy), varying, population, MONEY, by="tier", threads=1)
    assert groups.names == ("low", "middle", "high")
    assert whole.shape == (3, 3, 4)
    monkeypatch.setattr(drivers, "WAVE_BYTES", wave_bytes)
    for threads in (1, 2):
        again, _ = drivers.totals(scenarios(policy), varying, population, MONEY, by="tier", threads=threads)
        assert bits(again) == bits(whole)
    carry = drivers.Carry()
    for first, last in pairwise(CUTS):
        piece = part(population, first, last)
        reached, _ = drivers.totals(scenarios(policy), varying, piece, MONEY, by="tier", carry=carry)
    assert bits(reached) == bits(whole)


def test_totals_in_the_kernel_and_from_the_arrays_have_the_same_bits(
    policy: Policy, population: TinyPopulation
) -> None:
    early = simulate(population, policy, OUTPUTS, totals=MONEY, by="tier")
    late = simulate(population, policy, OUTPUTS)
    for name in MONEY:
        assert bits(early.total(name, by="tier")) == bits(late.total(name, by="tier"))
    whole = simulate(population, policy, OUTPUTS, totals=MONEY, by=None)
    assert [whole.total(name) for name in MONEY] == [late.total(name) for name in MONEY]
    assert late.total("payment", by="area").sum() == pytest.approx(late.total("payment"), rel=1e-12)


def test_walks_have_the_same_bits_on_any_number_of_threads(policy: Policy, small: TinyPopulation) -> None:
    one, two = (walk(small, policy, grid=[0, 500.0, 900.0], outputs=WALKED, threads=n) for n in (1, 2))
    assert bits(one["left"]) == bits(two["left"])


def test_arrays_of_an_old_result_are_written_anew(policy: Policy, small: TinyPopulation) -> None:
    old = simulate(small, policy, OUTPUTS)
    before = {name: array.copy() for name, array in old.arrays.items()}
    new = simulate(small, policy.reform({"paid": False}), OUTPUTS, reuse=old)
    assert all(new.arrays[name] is old.arrays[name] for name in OUTPUTS)
    assert before["payment"].any()
    assert not new.array("payment").any()
    smaller = simulate(part(small, 0, 10), policy, OUTPUTS, reuse=old)
    assert all(smaller.arrays[name] is not old.arrays[name] for name in OUTPUTS)
    first = walk(small, policy, grid=[0.0, 1.0], outputs=WALKED)
    assert walk(small, policy, grid=[2.0, 3.0], outputs=WALKED, reuse=first)["left"] is first["left"]


def test_neither_the_order_of_households_nor_of_members_matters(
    policy: Policy, small: TinyPopulation
) -> None:
    draw = np.random.default_rng(4)
    households = draw.permutation(len(small.weight))
    persons = np.concatenate(
        [draw.permutation(np.arange(small.offsets[h], small.offsets[h + 1])) for h in households]
    )
    plain = simulate(small, policy, OUTPUTS)
    mixed = simulate(shuffled(small, households, persons), policy, OUTPUTS)
    np.testing.assert_allclose(mixed.array("left"), plain.array("left")[households], rtol=1e-12)
    np.testing.assert_allclose(mixed.array("fee"), plain.array("fee")[persons], rtol=1e-12)
    assert mixed.total("left") == pytest.approx(plain.total("left"), rel=1e-12)
