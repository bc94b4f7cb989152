"""The controls as a sparse matrix, and the products with it that a Newton solve needs."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from typing import Any

import numpy as np
from numpy.typing import NDArray

from microsim.errors import DataError
from microsim.numerics.sums import column_products, compressed, row_products, second_moments

Floats = NDArray[np.float64]


class Design:
    """Rows x controls in compressed rows, and its products, whose bits are the same on every processor."""

    def __init__(
        self, rows: int, controls: int, data: Floats, indices: NDArray[np.int32], starts: NDArray[np.int64]
    ) -> None:
        self.rows, self.controls = rows, controls
        self.data, self.indices, self.starts = data, indices, starts

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
        matrix.sum_duplicates()  # which sorts them, too
        parts = (matrix.data, matrix.indices.astype(np.int32), matrix.indptr.astype(np.int64))
        return Design(given.shape[0], given.shape[1], *parts), _numbered(given.shape[1])
    if isinstance(given, Mapping):
        return _compressed(_columns(given)), tuple(str(name) for name in given)
    dense = np.asarray(given, dtype=np.float64)
    if dense.ndim == 1:
        dense = dense[:, None]
    names = getattr(given, "columns", None)
    labels = _numbered(dense.shape[1]) if names is None else tuple(str(name) for name in names)
    return _compressed(dense.T), labels


def _compressed(columns: Floats) -> Design:
    """The entries that are not 0; several times faster than scipy's own way through coordinates."""
    return Design(columns.shape[1], columns.shape[0], *compressed(columns))


def _columns(given: Mapping[Any, Any]) -> Floats:
    """Controls x rows."""
    columns = [np.asarray(column, dtype=np.float64) for column in given.values()]
    lengths = {str(name): column.shape for name, column in zip(given, columns, strict=True)}
    if len(set(lengths.values())) > 1 or any(column.ndim != 1 for column in columns):
        lengths_of = ", ".join(f"'{name}' {shape}" for name, shape in lengths.items())
        raise DataError(f"the columns of controls must be vectors of one length; shapes: {lengths_of}")
    return np.array(columns) if columns else np.empty((0, 0))


def _numbered(count: int) -> tuple[str, ...]:
    return tuple(f"control {k}" for k in range(count))
