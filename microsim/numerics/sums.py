"""Sums in the order of their terms: of arrays, by group, and products of sparse matrices with vectors.

A sparse matrix is given as the arrays of its compressed rows (as ``scipy.sparse.csr_array`` holds them):
``data``, ``indices`` (the column of each entry) and ``starts`` (where each row begins, and the end).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.typing import NDArray

from microsim.numerics.compiled import compiled

Floats = NDArray[np.float64]


@compiled
def _total(values: Floats) -> float:
    out = 0.0
    for value in values:
        out += value
    return out


@compiled
def _product(left: Floats, right: Floats) -> float:
    out = 0.0
    for k in range(len(left)):
        out += left[k] * right[k]
    return out


@compiled
def _by_group(values: Floats, offsets: NDArray[np.int64]) -> Floats:
    out = np.empty(len(offsets) - 1)
    for group in range(len(out)):
        total = 0.0
        for k in range(offsets[group], offsets[group + 1]):
            total += values[k]
        out[group] = total
    return out


@compiled
def row_products(data: Floats, indices: NDArray[np.int32], starts: NDArray[np.int64], x: Floats) -> Floats:
    """``X x``: one number a row."""
    out = np.empty(len(starts) - 1)
    for row in range(len(out)):
        total = 0.0
        for k in range(starts[row], starts[row + 1]):
            total += data[k] * x[indices[k]]
        out[row] = total
    return out


@compiled
def dense_products(matrix: Floats, x: Floats) -> Floats:
    """``matrix x`` of a matrix that holds every entry: one number a row."""
    out = np.empty(len(matrix))
    for row in range(len(matrix)):
        total = 0.0
        for k in range(len(x)):
            total += matrix[row, k] * x[k]
        out[row] = total
    return out


@compiled
def column_products(
    data: Floats, indices: NDArray[np.int32], starts: NDArray[np.int64], weights: Floats, columns: int
) -> Floats:
    """``X' weights``: one number a column."""
    out = np.zeros(columns)
    for row in range(len(starts) - 1):
        weight = weights[row]
        for k in range(starts[row], starts[row + 1]):
            out[indices[k]] += data[k] * weight
    return out


@compiled
def second_moments(
    data: Floats, indices: NDArray[np.int32], starts: NDArray[np.int64], weights: Floats, columns: int
) -> Floats:
    """``X' diag(weights) X``: columns x columns. The columns of a row are in rising order."""
    out = np.zeros((columns, columns))
    for row in range(len(starts) - 1):
        weight, end = weights[row], starts[row + 1]
        for k in range(starts[row], end):
            weighted, own = weight * data[k], out[indices[k]]
            for other in range(k, end):
                own[indices[other]] += weighted * data[other]
    for k in range(columns):
        for other in range(k):
            out[k, other] = out[other, k]
    return out


@compiled
def compressed(columns: Floats) -> tuple[Floats, NDArray[np.int32], NDArray[np.int64]]:
    """The compressed rows of a matrix that is given column after column (columns x rows)."""
    starts = np.zeros(columns.shape[1] + 1, dtype=np.int64)
    for column in columns:
        for row in range(len(column)):
            if column[row] != 0.0:
                starts[row + 1] += 1
    for row in range(len(starts) - 1):
        starts[row + 1] += starts[row]
    data, indices = np.empty(starts[-1]), np.empty(starts[-1], dtype=np.int32)
    at = starts[:-1].copy()
    for k in range(len(columns)):
        for row in range(len(at)):
            value = columns[k, row]
            if value != 0.0:
                data[at[row]], indices[at[row]] = value, k
                at[row] += 1
    return data, indices, starts


@compiled
def weighted_by_group(
    values: Floats, weights: Floats, codes: NDArray[np.uint8], groups: int, block: int
) -> Floats:
    """``weights' values`` of each group, float64[groups]: within each ``block`` of rows, then over blocks."""
    out = np.zeros(groups)
    for first in range(0, len(values), block):
        own = np.zeros(groups)
        for k in range(first, min(first + block, len(values))):
            own[codes[k]] += values[k] * weights[k]
        out += own
    return out


@compiled
def _by_code(values: Floats, weights: Floats, codes: NDArray[np.intp], groups: int) -> Floats:
    out = np.zeros(groups)
    for k in range(len(values)):
        if values[k] != 0:  # most are nothing of what is counted, and nothing added changes no bit
            out[codes[k]] += values[k] * weights[k]
    return out


def sums_by_code(values: NDArray[Any], weights: Floats, codes: NDArray[np.intp], groups: int) -> Floats:
    """``weights' values`` of each group, float64[groups], in the order of the rows; flags are counted.

    ``values`` and ``weights`` have one number a row, ``codes`` the group of each, from 0 to ``groups`` - 1
    (which is not checked).
    """
    if not len(values) == len(weights) == len(codes):
        raise ValueError(f"{len(values)} values, {len(weights)} weights and {len(codes)} codes")
    flat: Any = values.view(np.uint8) if values.dtype == np.bool_ else values.astype(np.float64, copy=False)
    out: Floats = _by_code(flat, weights, codes, groups)
    return out


def total(values: npt.ArrayLike) -> float:
    """The sum of all numbers of an array."""
    return float(_total(np.ascontiguousarray(values, dtype=np.float64).reshape(-1)))


def product(left: npt.ArrayLike, right: npt.ArrayLike) -> float:
    """The sum of the products of two vectors of one length."""
    one = np.ascontiguousarray(left, dtype=np.float64)
    other = np.ascontiguousarray(right, dtype=np.float64)
    if one.ndim != 1 or one.shape != other.shape:
        raise ValueError(f"vectors of shapes {one.shape} and {other.shape}")
    return float(_product(one, other))


def sums_by_group(values: npt.ArrayLike, offsets: NDArray[np.int64]) -> Floats:
    """The sum over each group: group ``k`` holds ``values[offsets[k]:offsets[k + 1]]``."""
    raw: NDArray[Any] = np.asarray(values)
    # Flags are added up as they lie: a copy in floats would be eight times as large.
    flat: Any = raw.view(np.uint8) if raw.dtype == np.bool_ else raw.astype(np.float64, copy=False)
    array = np.ascontiguousarray(flat)
    if len(offsets) and (offsets[0] < 0 or offsets[-1] > len(array)):
        raise ValueError(f"groups from {offsets[0]} to {offsets[-1]} of {len(array)} values")
    out: Floats = _by_group(array, np.ascontiguousarray(offsets, dtype=np.int64))
    return out
