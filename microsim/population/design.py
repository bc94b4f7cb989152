"""The controls as a sparse matrix, and weighted second moments of its rows: what a Newton solve needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from microsim.errors import MicrosimError

Floats = NDArray[np.float64]
Moments = Callable[[Floats], Floats]
# Below this share of all pairs of columns, products of the pairs that occur are kept from step to step;
# above it, blocks of rows are multiplied as they are.
_SPARSE = 1 / 40
# Products of matrices this small run on one thread in every BLAS we know: the same bits on any machine.
_ONE_THREAD = 1 << 18
_ROWS_TOGETHER = 1 << 13
_ROWS_OF_PAIRS = 1 << 10  # their products fit into a processor's cache


def read_design(given: Any) -> tuple[Any, tuple[str, ...]]:
    """Rows x controls as a CSR array, and the names of the controls.

    ``given`` is an array, a DataFrame (its columns name the controls), a scipy sparse matrix, or a mapping of
    name to column.
    """
    from scipy import sparse

    if sparse.issparse(given):
        matrix = sparse.csr_array(given).astype(np.float64)
        matrix.sum_duplicates()
        return matrix, _numbered(given.shape[1])
    if isinstance(given, Mapping):
        return _from_columns(given), tuple(str(name) for name in given)
    dense = np.asarray(given, dtype=np.float64)
    if dense.ndim == 1:
        dense = dense[:, None]
    names = getattr(given, "columns", None)
    labels = _numbered(dense.shape[1]) if names is None else tuple(str(name) for name in names)
    return _from_dense(np.ascontiguousarray(dense)), labels


def second_moments(matrix: Any) -> Moments:
    """A function of row weights ``d`` that gives ``X' diag(d) X`` (controls x controls)."""
    lengths = np.diff(matrix.indptr)
    rows, columns = matrix.shape
    pairs = int(np.sum(lengths * (lengths + 1) // 2))
    return _by_pairs(matrix, lengths) if pairs <= _SPARSE * rows * columns**2 else _by_blocks(matrix)


def _by_pairs(matrix: Any, lengths: NDArray[Any]) -> Moments:
    """Rows hold few controls: each row's products of two of them, made once and weighted anew each time."""
    from scipy import sparse

    count = matrix.shape[1]
    by_length = {int(k): np.flatnonzero(lengths == k) for k in np.unique(lengths) if k}
    total = sum(len(rows) * k * (k + 1) // 2 for k, rows in by_length.items())
    products, positions = np.empty(total), np.empty(total, dtype=np.int32)
    # The kind of whole number that scipy wants: others it would copy.
    kind = np.int32 if total < np.iinfo(np.int32).max else np.int64
    starts = [np.zeros(1, dtype=kind)]
    for length, rows in by_length.items():
        size = length * (length + 1) // 2
        begin = int(starts[-1][-1])
        here = slice(begin, begin + len(rows) * size)
        value, position = products[here].reshape(-1, size), positions[here].reshape(-1, size)
        entries = matrix.indptr[rows][:, None] + np.arange(length)
        first, second = np.triu_indices(length)
        for k in range(0, len(rows), _ROWS_OF_PAIRS):
            some = slice(k, k + _ROWS_OF_PAIRS)
            # Which of the two comes first is left open: both halves are added up below.
            names, values = matrix.indices[entries[some]], matrix.data[entries[some]]
            np.multiply(values.take(first, axis=1), values.take(second, axis=1), out=value[some])
            np.add(names.take(first, axis=1) * count, names.take(second, axis=1), out=position[some])
        starts.append((np.arange(1, len(rows) + 1) * size + begin).astype(kind))
    parts = (products, positions, np.concatenate(starts))
    used = sum(map(len, by_length.values()))
    pairs = sparse.csr_array(parts, shape=(used, count * count)).T
    order = np.concatenate([np.zeros(0, dtype=np.int64), *by_length.values()])

    def moments(d: Floats) -> Floats:
        half = np.asarray(pairs @ d[order]).reshape(count, count)
        out: Floats = half + half.T
        np.fill_diagonal(out, half.diagonal())
        return out

    return moments


def _by_blocks(matrix: Any) -> Moments:
    """Rows hold many controls: products of small dense blocks, added up in their order."""
    rows, count = matrix.shape
    small = max(_ONE_THREAD // count**2 - 1, 1)
    together = max(_ROWS_TOGETHER // small, 1) * small
    dense = [matrix[k : k + together].toarray() for k in range(0, rows, together)]

    def moments(d: Floats) -> Floats:
        out = np.zeros((count, count))
        for k, block in enumerate(dense):
            weighted = block * d[k * together : k * together + len(block), None]
            whole = len(block) // small * small
            left = block[:whole].reshape(-1, small, count).transpose(0, 2, 1)
            out += np.matmul(left, weighted[:whole].reshape(-1, small, count)).sum(axis=0)
            out += block[whole:].T @ weighted[whole:]
        return out

    return moments


def _from_dense(dense: Floats) -> Any:
    """The non-zero entries; several times faster than scipy's own way through coordinates."""
    from scipy import sparse

    filled = dense != 0
    entries = np.flatnonzero(filled)
    width = max(dense.shape[1], 1)
    starts = np.concatenate([[0], np.cumsum(np.count_nonzero(filled, axis=1))])
    parts = (dense.ravel()[entries], (entries % width).astype(np.int32), starts.astype(np.int32))
    return sparse.csr_array(parts, shape=dense.shape)


def _from_columns(given: Mapping[Any, Any]) -> Any:
    from scipy import sparse

    columns = [np.asarray(column, dtype=np.float64) for column in given.values()]
    lengths = {str(name): column.shape for name, column in zip(given, columns, strict=True)}
    if len(set(lengths.values())) > 1 or any(column.ndim != 1 for column in columns):
        told = ", ".join(f"'{name}' {shape}" for name, shape in lengths.items())
        raise MicrosimError(f"the columns of controls must be vectors of one length; shapes: {told}")
    entries = [np.flatnonzero(column) for column in columns]
    starts = np.concatenate([[0], np.cumsum([len(rows) for rows in entries])])
    data = [column[rows] for column, rows in zip(columns, entries, strict=True)]
    if not columns:
        return sparse.csr_array((0, 0), dtype=np.float64)
    parts = (np.concatenate(data), np.concatenate(entries), starts)
    return sparse.csc_array(parts, shape=(len(columns[0]), len(columns))).tocsr()


def _numbered(count: int) -> tuple[str, ...]:
    return tuple(f"control {k}" for k in range(count))
