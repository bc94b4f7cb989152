"""Sums in their order, products of sparse matrices, linear equations and least squares."""

from __future__ import annotations

import os
import subprocess
import sys
from math import fsum

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from microsim.numerics.solving import following, least_squares, null_space, solve
from microsim.numerics.sums import (
    column_products,
    compressed,
    dense_products,
    product,
    row_products,
    second_moments,
    sums_by_code,
    sums_by_group,
    total,
    weighted_by_group,
)

NUMBERS = st.lists(st.floats(-1e9, 1e9), max_size=40)


@given(NUMBERS)
def test_sums_go_from_the_first_to_the_last(values: list[float]) -> None:
    expected = 0.0
    for value in values:
        expected += value
    assert total(values) == expected
    assert product(values, values) == sum_of([v * v for v in values])
    assert total(values) == pytest.approx(fsum(values), rel=1e-9, abs=1e-4)


def sum_of(values: list[float]) -> float:
    out = 0.0
    for value in values:
        out += value
    return out


@given(st.lists(NUMBERS, max_size=8))
def test_groups(groups: list[list[float]]) -> None:
    offsets = np.cumsum([0, *map(len, groups)])
    found = sums_by_group([v for group in groups for v in group], offsets)
    assert found.tolist() == [sum_of(group) for group in groups]


def test_groups_beyond_the_values_and_vectors_of_other_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="groups from 0 to 3 of 2 values"):
        sums_by_group([1.0, 2.0], np.array([0, 3]))
    with pytest.raises(ValueError, match="2 values, 2 weights and 1 codes"):
        sums_by_code(np.ones(2), np.ones(2), np.zeros(1, np.intp), 1)
    with pytest.raises(ValueError, match="vectors of shapes"):
        product([1.0], [1.0, 2.0])


@given(st.lists(st.tuples(st.floats(-1e9, 1e9), st.floats(0, 1e3), st.integers(0, 2)), max_size=40))
def test_weighted_groups_go_through_each_block_and_then_over_the_blocks(
    rows: list[tuple[float, float, int]],
) -> None:
    values, weights, codes = (np.array([row[k] for row in rows]) for k in range(3))
    found = weighted_by_group(values, weights, codes.astype(np.uint8), 3, 7)
    blocks = [rows[first : first + 7] for first in range(0, len(rows), 7)]
    wanted = [
        sum_of([sum_of([v * w for v, w, code in block if code == group]) for block in blocks])
        for group in range(3)
    ]
    assert found.tolist() == wanted
    of_code = sums_by_code(values, weights, codes.astype(np.intp), 3)
    assert of_code.tolist() == np.bincount(codes.astype(np.intp), values * weights, 3).tolist()
    counted = sums_by_code(values > 0.0, weights, codes.astype(np.intp), 3)
    assert counted.tolist() == [sum_of([w for v, w, code in rows if v > 0.0 and code == k]) for k in range(3)]


@pytest.mark.parametrize("density", [0.0, 0.1, 1.0])
def test_products_of_sparse_matrices(density: float) -> None:
    rng = np.random.default_rng(2)
    dense = rng.normal(size=(300, 11)) * (rng.random((300, 11)) < density)
    matrix = sparse.csr_array(dense)
    parts = (matrix.data, matrix.indices.astype(np.int32), matrix.indptr.astype(np.int64))
    x, weights = rng.normal(size=11), rng.random(300)
    np.testing.assert_allclose(row_products(*parts, x), dense @ x, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(column_products(*parts, weights, 11), weights @ dense, rtol=1e-12, atol=1e-12)
    moments = second_moments(*parts, weights, 11)
    np.testing.assert_allclose(moments, dense.T @ (dense * weights[:, None]), rtol=1e-12, atol=1e-12)
    np.testing.assert_array_equal(moments, moments.T)


@pytest.mark.parametrize("density", [0.0, 0.1, 1.0])
def test_columns_become_compressed_rows(density: float) -> None:
    rng = np.random.default_rng(4)
    dense = rng.normal(size=(300, 11)) * (rng.random((300, 11)) < density)
    dense[3, 4] = np.nan
    matrix = sparse.csr_array(dense)
    for columns in (dense.T, np.ascontiguousarray(dense.T)):
        data, indices, starts = compressed(columns)
        np.testing.assert_array_equal(data, matrix.data)
        assert (indices.tolist(), starts.tolist()) == (matrix.indices.tolist(), matrix.indptr.tolist())
    dense[3, 4] = 0.0
    found = dense_products(dense, np.arange(11.0))
    assert found.tolist() == [product(row, np.arange(11.0)) for row in dense]


@pytest.mark.parametrize("seed", range(5))
def test_combinations_that_are_nothing(seed: int) -> None:
    rng = np.random.default_rng(seed)
    columns = rng.integers(0, 2, (200, 20)).astype(float)
    columns[:, 7] = columns[:, :3].sum(axis=1)
    columns[:, 19] = columns[:, 7] - 2 * columns[:, 11]
    length = np.sqrt((columns**2).sum(axis=0))
    gram = columns.T @ columns / np.outer(length, length)
    found = null_space(gram, 1e-9)
    assert found.shape == (2, 20)
    np.testing.assert_allclose(columns @ (found / length).T, 0.0, atol=1e-12)
    assert np.linalg.matrix_rank(found) == 2
    assert np.flatnonzero(following(gram, 1e-9)).tolist() == [7, 19]
    assert null_space(gram[:7, :7], 1e-9).shape == (0, 7)
    assert not following(gram[:7, :7], 1e-9).any()
    assert null_space(np.zeros((2, 2)), 1e-9).tolist() == [[1.0, 0.0], [0.0, 1.0]]


def test_equations() -> None:
    rng = np.random.default_rng(3)
    root = rng.normal(size=(9, 9)) * 10.0 ** np.arange(-4, 5)
    matrix = root.T @ root
    x = rng.normal(size=9)
    np.testing.assert_allclose(solve(matrix, matrix @ x), x, rtol=1e-5)


def test_equations_of_which_some_follow_from_others() -> None:
    rows = np.array([[1.0, 0, 1, 1], [0, 1, 1, 2], [1, 1, 2, 3], [2, 0, 2, 2]])
    matrix = rows.T @ rows
    right = matrix @ np.array([1.0, 2.0, 3.0, 4.0])
    found = solve(matrix, right)
    np.testing.assert_allclose(matrix @ found, right, rtol=1e-9)
    assert np.count_nonzero(found) <= 2
    assert solve(np.zeros((2, 2)), np.zeros(2)).tolist() == [0.0, 0.0]


def test_least_squares_within_bounds() -> None:
    def misses(at):
        return np.array([10.0 * (at[1] - at[0] ** 2), 1.0 - at[0]])

    at, cost = least_squares(misses, (-1.2, 1.0), (-5.0, -5.0), (5.0, 5.0))
    np.testing.assert_allclose(at, [1.0, 1.0], rtol=1e-8)
    assert cost < 1e-20
    at, _ = least_squares(misses, (-1.2, 1.0), (-5.0, -5.0), (0.5, 5.0))
    np.testing.assert_allclose(at, [0.5, 0.25], rtol=1e-6)


def test_functions_are_compiled_where_nothing_can_be_kept() -> None:
    # Neither beside the package nor in the user's folder.
    code = (
        "import numba.core.caching as c\n"
        "c.CacheImpl._locator_classes = []\n"
        "from microsim.numerics.sums import total\n"
        "print(total([0.1, 0.2, 0.3]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ}
    )
    assert float(done.stdout) == 0.1 + 0.2 + 0.3
