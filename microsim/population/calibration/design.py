"""The controls as a sparse matrix, and the products with it that a Newton solve needs."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from typing import Any

import numpy as np
from numpy.typing import NDArray

from microsim.errors import DataError
from microsim.numerics.sums import column_products, row_products, second_moments

Floats = NDArray[np.float64]


class Design:
    """Rows x controls in compressed rows, and its products, whose bits are the same on every processor."""

    def __init__(self, matrix: Any) -> None:
        matrix.sort_indices()
        self.rows, self.controls = matrix.shape
        self.data: Floats = np.ascontiguousarray(matrix.data, dtype=np.float64)
        self.indices = np.ascontiguousarray(matrix.indices, dtype=np.int32)
        self.starts = np.ascontiguousarray(matrix.indptr, dtype=np.int64)

    def scaled(self, scale: Floats) -> Design:
        """Each control divided by a number of its own."""
        out = copy(self)
        out.data = self.data / scale[self.indices]
        return out

    def times(self, multipliers: Floats) -> Floats:
        """``X multipliers``: one number a row."""
        out: Floats = row_products(self.data, self.indices, self.starts, multipliers)
        return out

    def sums(self, weights: Floats) -> Floats:
        """``X' weights``: one number a control."""
        out: Floats = column_products(self.data, self.indices, self.starts, weights, self.controls)
        return out

    def moments(self, weights: Floats) -> Floats:
        """``X' diag(weights) X``: controls x controls."""
        out: Floats = second_moments(self.data, self.indices, self.starts, weights, self.controls)
        return out

    @property
    def sparse(self) -> Any:
        """The same as scipy's ``csr_array``."""
        from scipy import sparse

        return sparse.csr_array((self.data, self.indices, self.starts), shape=(self.rows, self.controls))


def read_design(given: Any) -> tuple[Design, tuple[str, ...]]:
    """Rows x controls, and the names of the controls.

    ``given`` is an array, a DataFrame (its columns name the controls), a scipy sparse matrix, or a mapping of
    name to column.
    """
    from scipy import sparse

    if sparse.issparse(given):
        matrix = sparse.csr_array(given).astype(np.float64)
        matrix.sum_duplicates()
        return Design(matrix), _numbered(given.shape[1])
    if isinstance(given, Mapping):
        return Design(_from_columns(given)), tuple(str(name) for name in given)
    dense = np.asarray(given, dtype=np.float64)
    if dense.ndim == 1:
        dense = dense[:, None]
    names = getattr(given, "columns", None)
    labels = _numbered(dense.shape[1]) if names is None else tuple(str(name) for name in names)
    return Design(_from_dense(np.ascontiguousarray(dense))), labels


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
        lengths_of = ", ".join(f"'{name}' {shape}" for name, shape in lengths.items())
        raise DataError(f"the columns of controls must be vectors of one length; shapes: {lengths_of}")
    entries = [np.flatnonzero(column) for column in columns]
    starts = np.concatenate([[0], np.cumsum([len(rows) for rows in entries])])
    data = [column[rows] for column, rows in zip(columns, entries, strict=True)]
    if not columns:
        return sparse.csr_array((0, 0), dtype=np.float64)
    parts = (np.concatenate(data), np.concatenate(entries), starts)
    return sparse.csc_array(parts, shape=(len(columns[0]), len(columns))).tocsr()


def _numbered(count: int) -> tuple[str, ...]:
    return tuple(f"control {k}" for k in range(count))
