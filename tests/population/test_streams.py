"""Random numbers that depend on seed, purpose, household and member, and on nothing else."""

from __future__ import annotations

import numpy as np

from microsim.numerics.streams import Streams


def test_a_household_draws_the_same_whatever_else_is_in_the_run() -> None:
    many = np.arange(1, 10_001)
    alone = Streams(3).uniform("age", np.array([77, 4]))
    assert alone.tolist() == Streams(3).uniform("age", many)[[76, 3]].tolist()


def test_these_are_the_numbers() -> None:
    # Regression: every county that was ever made rests on them.
    ids = np.array([1, 2, -3, 2**62 + 1])
    found = [number.hex() for number in Streams(3).uniform("age", ids)]
    assert found == [
        "0x1.27478850143e6p-1",
        "0x1.413be4b8c3056p-3",
        "0x1.6cd15c745c4e9p-2",
        "0x1.15e8c5230a8a8p-1",
    ]
    found = [number.hex() for number in Streams(3).uniform("age", ids, np.arange(4))[1:]]
    assert found == ["0x1.cd8d4bbeee7f1p-2", "0x1.672bff7f20a14p-1", "0x1.b978c8b06c712p-3"]


def test_one_household_several_members_and_tables_of_both() -> None:
    streams, ids = Streams(3), np.arange(6).reshape(2, 3)
    table = streams.uniform("age", ids, np.arange(3))
    assert table.shape == (2, 3)
    assert table[1, 2] == streams.uniform("age", np.array([5]), 2)[0]
    assert streams.uniform("age", np.int64(5), np.arange(3))[2] == table[1, 2]
    assert float(streams.uniform("age", np.int64(5), 2)) == table[1, 2]
    assert streams.uniform("age", ids.T.astype(np.int32), 2)[2, 1] == table[1, 2]


def test_seed_purpose_household_and_member_all_matter() -> None:
    ids = np.arange(1, 1001)
    base = Streams(3).uniform("age", ids)
    for other in (
        Streams(4).uniform("age", ids),
        Streams(3).uniform("sex", ids),
        Streams(3).uniform("age", ids, 1),
    ):
        assert not np.intersect1d(base, other).size
        assert abs(np.corrcoef(base, other)[0, 1]) < 0.1
    assert np.unique(base).size == ids.size


def test_numbers_are_uniform_and_normal() -> None:
    ids = np.arange(1, 200_001)
    uniform = Streams(1).uniform("any", ids)
    assert 0 < uniform.min() < uniform.max() < 1
    counts = np.bincount((uniform * 100).astype(int), minlength=100)
    assert ((counts - 2000.0) ** 2 / 2000.0).sum() < 150  # chi squared, 99 degrees of freedom
    assert abs(np.corrcoef(uniform[1:], uniform[:-1])[0, 1]) < 0.01
    normal = Streams(1).normal("any", ids)
    assert abs(normal.mean()) < 0.01
    assert abs(normal.std() - 1.0) < 0.01


def test_the_numbers_are_these_on_every_machine() -> None:
    # Integer arithmetic only; a change would change every synthetic county.
    draws = Streams(1).uniform("age", np.array([1, 2, 3]))
    assert draws.tolist() == Streams(1).uniform("age", np.array([1, 2, 3], dtype=np.int32)).tolist()
    np.testing.assert_array_equal(draws, [0.8225450808693051, 0.17695924456340234, 0.4973083938865242])
