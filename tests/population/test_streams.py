"""Random numbers that depend on seed, purpose, household and member, and on nothing else."""

from __future__ import annotations

import numpy as np

from microsim.numerics.streams import Streams


def test_a_household_draws_the_same_whatever_else_is_in_the_run() -> None:
    many = np.arange(1, 10_001)
    alone = Streams(3).uniform("age", np.array([77, 4]))
    assert alone.tolist() == Streams(3).uniform("age", many)[[76, 3]].tolist()


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
