"""Symmetric linear equations and least squares in a few unknowns, in an order that is written down."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from microsim.numerics.compiled import compiled

Floats = NDArray[np.float64]
_NOTHING = 1e-12  # of the largest pivot: an equation of which less is left follows from those before
_STEP = 1e-6  # of a numerical derivative
_MOST_DAMPED = 1e12


@compiled
def _eliminate(left: Floats, y: Floats, order: NDArray[np.int64], nothing: float) -> int:
    """Cholesky with pivots, in place: how many unknowns there are until what is left is nothing."""
    n = len(y)
    for k in range(n):
        best = k
        for j in range(k + 1, n):
            if left[j, j] > left[best, best]:
                best = j
        if left[best, best] <= nothing:
            return k
        if best != k:
            order[k], order[best] = order[best], order[k]
            y[k], y[best] = y[best], y[k]
            for j in range(n):
                left[k, j], left[best, j] = left[best, j], left[k, j]
            for j in range(n):
                left[j, k], left[j, best] = left[j, best], left[j, k]
        pivot = left[k, k]
        for row in range(k + 1, n):
            factor = left[row, k] / pivot
            if factor != 0.0:
                for j in range(k + 1, n):
                    left[row, j] -= factor * left[k, j]
                y[row] -= factor * y[k]
    return n


@compiled
def _back(left: Floats, y: Floats, order: NDArray[np.int64], rank: int, out: Floats) -> None:
    """The first ``rank`` unknowns of an eliminated system, the last of them first, into ``out``."""
    for k in range(rank - 1, -1, -1):
        total = y[k]
        for j in range(k + 1, rank):
            total -= left[k, j] * out[order[j]]
        out[order[k]] = total / left[k, k]


@compiled
def _solve(matrix: Floats, right: Floats, nothing: float) -> Floats:
    """Upon equations scaled to a diagonal of ones."""
    n = len(right)
    scale, left, order = np.empty(n), np.empty((n, n)), np.arange(n)
    for k in range(n):
        scale[k] = 1.0 / np.sqrt(matrix[k, k]) if matrix[k, k] > 0.0 else 0.0
    for k in range(n):
        for j in range(n):
            left[k, j] = matrix[k, j] * scale[k] * scale[j]
    y, out = right * scale, np.zeros(n)
    rank = _eliminate(left, y, order, nothing)
    _back(left, y, order, rank, out)
    return out * scale


@compiled
def _null_space(matrix: Floats, nothing: float) -> Floats:
    """Each unknown that is left over is 1 in one combination, and the others follow."""
    n = len(matrix)
    left, order = matrix.copy(), np.arange(n)
    rank = _eliminate(left, np.zeros(n), order, nothing)
    out = np.zeros((n - rank, n))
    for one in range(n - rank):
        out[one, order[rank + one]] = 1.0
        _back(left, -left[:, rank + one], order, rank, out[one])
    return out


@compiled
def _following(matrix: Floats, nothing: float) -> NDArray[np.bool_]:
    """Gram and Schmidt, on the products of columns with one another."""
    n = len(matrix)
    left, found = matrix.copy(), np.zeros(n, dtype=np.bool_)
    for k in range(n):
        found[k] = left[k, k] <= nothing
        if found[k]:
            continue
        for row in range(k + 1, n):
            factor = left[row, k] / left[k, k]
            if factor != 0.0:
                for j in range(k + 1, n):
                    left[row, j] -= factor * left[k, j]
    return found


def solve(matrix: Floats, right: Floats, nothing: float = _NOTHING) -> Floats:
    """``x`` with ``matrix x = right`` for a symmetric matrix without negative eigenvalues (n x n, n).

    Of equations that follow from others, the unknown that would be settled last is set to 0.
    """
    out: Floats = _solve(
        np.ascontiguousarray(matrix, dtype=np.float64),
        np.ascontiguousarray(right, dtype=np.float64),
        nothing,
    )
    return out


def null_space(matrix: Floats, nothing: float) -> Floats:
    """Combinations that a symmetric matrix without negative eigenvalues makes nothing (k x n, of n x n).

    A pivot of at most ``nothing`` is nothing. (LAPACK starts threads for it, which cost more than so small a
    matrix, and its last bits differ between processors.)
    """
    out: Floats = _null_space(np.ascontiguousarray(matrix, dtype=np.float64), nothing)
    return out


def following(matrix: Floats, nothing: float) -> NDArray[np.bool_]:
    """Of the products of columns with one another (n x n): which columns follow from earlier ones."""
    out: NDArray[np.bool_] = _following(np.ascontiguousarray(matrix, dtype=np.float64), nothing)
    return out


def least_squares(
    misses: Callable[[Floats], Floats],
    start: Sequence[float],
    low: Sequence[float],
    high: Sequence[float],
    steps: int = 200,
    enough: float = 0.0,
) -> tuple[Floats, float]:
    """Unknowns within bounds that make half the sum of squared misses least, and that least.

    The way of Levenberg and Marquardt with numerical derivatives, from ``start``; it ends where a step no
    longer helps, or below ``enough``.
    """
    lowest, highest = np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)
    at = np.minimum(np.maximum(np.asarray(start, dtype=np.float64), lowest), highest)
    found = misses(at)
    cost, damping = 0.5 * _squares(found), 1e-3
    for _ in range(steps):
        if cost <= enough:
            break
        slopes = _slopes(misses, at, found, lowest, highest)
        gradient = _by_columns(slopes, found)
        normal = _by_columns(slopes, slopes)
        # An unknown at its bound that the gradient pushes further out stays there.
        free = ~(((at <= lowest) & (gradient > 0)) | ((at >= highest) & (gradient < 0)))
        if not free.any():
            break
        better = False
        while damping < _MOST_DAMPED:
            damped = normal[np.ix_(free, free)].copy()
            diagonal = damped.diagonal().copy()
            np.fill_diagonal(damped, diagonal * (1.0 + damping) + 1e-300)
            step = np.zeros(len(at))
            step[free] = solve(damped, -gradient[free], 0.0)
            ahead = np.minimum(np.maximum(at + step, lowest), highest)
            trial = misses(ahead)
            new = 0.5 * _squares(trial)
            if new < cost:
                better = cost - new > 1e-14 * cost
                at, found, cost, damping = ahead, trial, new, max(damping / 10.0, 1e-15)
                break
            damping *= 10.0
        if not better:
            break
    return at, cost


def _slopes(
    misses: Callable[[Floats], Floats], at: Floats, found: Floats, low: Floats, high: Floats
) -> Floats:
    slopes = np.empty((len(found), len(at)))
    for k in range(len(at)):
        above, below = at.copy(), at.copy()
        above[k], below[k] = min(at[k] + _STEP, high[k]), max(at[k] - _STEP, low[k])
        slopes[:, k] = (misses(above) - misses(below)) / (above[k] - below[k])
    return slopes


def _by_columns(slopes: Floats, right: Floats) -> Floats:
    """``slopes' right``, row after row."""
    out = np.zeros((slopes.shape[1], *right.shape[1:]))
    for one, other in zip(slopes, right, strict=True):
        out += np.multiply.outer(one, other)
    return out


def _squares(values: Floats) -> float:
    out = 0.0
    for value in values.tolist():
        out += value * value
    return out
