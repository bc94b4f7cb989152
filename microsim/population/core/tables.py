"""The columns of one table, as the engine reads them, with documented defaults made only when asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from microsim.population.core import checks
from microsim.population.core.columns import Column, Scalar, known
from microsim.population.core.findings import Findings
from microsim.population.core.intake import WHOLE, take

Array = NDArray[Any]
_DEFAULT_DTYPES: dict[str, type[np.generic]] = {"float": np.float64, "int": WHOLE, "bool": np.bool_}

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Table(Mapping[str, Array]):
    """Columns by name: those given, and those that carry the registry's default.

    A default column is an array like any other, but it is made (and kept) at the first use: a population of
    30 million persons does not pay for columns that no rule reads.
    """

    entity: str
    length: int
    arrays: Mapping[str, Array]
    categories: Mapping[str, tuple[str, ...]]
    defaults: Mapping[str, Scalar] = field(default_factory=dict)
    _made: dict[str, Array] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Array:
        if name in self.arrays:
            return self.arrays[name]
        if name not in self._made:
            self._made[name] = _default_array(known(self.entity)[name], self.defaults[name], self.length)
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        yield from self.arrays
        yield from self.defaults

    def __len__(self) -> int:
        return len(self.arrays) + len(self.defaults)

    def __contains__(self, name: object) -> bool:
        return name in self.arrays or name in self.defaults

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_made": {}}

    def take(self, rows: NDArray[np.intp]) -> Table:
        """Some rows, copied."""
        return self._of_rows({name: array[rows] for name, array in self.arrays.items()}, len(rows))

    def cut(self, rows: slice) -> Table:
        """Consecutive rows, as views."""
        arrays = {name: array[rows] for name, array in self.arrays.items()}
        return self._of_rows(arrays, rows.stop - rows.start)

    def with_columns(self, columns: Mapping[str, Any], findings: Findings) -> Table:
        """This table with columns added or replaced; offences go to ``findings``."""
        full = {
            name: np.full(self.length, values) if np.ndim(values) == 0 else values
            for name, values in columns.items()
        }
        new = settle(self.entity, full, self.length, {}, findings)
        arrays = {**self.arrays, **new.arrays}
        kept = {name: names for name, names in self.categories.items() if name not in new.arrays}
        return Table(
            self.entity,
            self.length,
            arrays,
            {**kept, **new.categories},
            {name: value for name, value in self.defaults.items() if name not in arrays},
        )

    def add_to(self, digest: Any) -> None:
        """Feed the given columns to a hash, in the order of their names.

        Defaults are left out: they belong to the software, whose version is beside the hash in a
        manifest, and files must not change when the registry learns a new column.
        """
        for name in sorted(self.arrays):
            array = self.arrays[name]
            head = (self.entity, name, array.dtype.str, self.categories.get(name, ()))
            digest.update(repr(head).encode())
            digest.update(np.ascontiguousarray(array).data)

    def _of_rows(self, arrays: Mapping[str, Array], length: int) -> Table:
        return Table(self.entity, length, arrays, self.categories, self.defaults)


def settle(
    entity: str,
    columns: Mapping[str, Any],
    length: int,
    categories: Mapping[str, tuple[str, ...]],
    findings: Findings,
) -> Table:
    """Convert and check columns; absent known columns get their documented default, if they have one."""
    arrays: dict[str, Array] = {}
    names: dict[str, tuple[str, ...]] = {}
    for name, values in columns.items():
        taken = take(name, values, entity, length, findings, categories.get(name))
        if taken is None:
            continue
        checks.in_range(name, taken.array, entity, findings)
        arrays[name] = taken.array
        if taken.categories is not None:
            names[name] = taken.categories
    defaults, of_defaults = defaults_beside(columns, entity)
    return Table(entity, length, arrays, {**names, **of_defaults}, defaults)


def defaults_beside(
    columns: Iterable[str], entity: str
) -> tuple[dict[str, Scalar], dict[str, tuple[str, ...]]]:
    """Documented defaults of known columns that are not given, and the categories of those among them."""
    given = set(columns)
    absent = {name: column for name, column in known(entity).items() if name not in given}
    values = {name: column.default for name, column in absent.items() if column.default is not None}
    return values, {name: absent[name].categories for name in values if absent[name].type == "category"}


def _default_array(column: Column, value: Scalar, length: int) -> Array:
    if column.type == "category":
        return np.full(length, column.categories.index(str(value)), dtype=np.int8)
    return np.full(length, value, dtype=_DEFAULT_DTYPES[column.type])


def settle_weight(values: Any, length: int, findings: Findings) -> NDArray[np.float64]:
    """Household weights, checked: present, finite, not negative, not all 0."""
    if np.isscalar(values):
        values = np.full(length, values)
    taken = take("weight", values, "household", length, findings)
    if taken is None:
        return np.zeros(length)
    checks.in_range("weight", taken.array, "household", findings)
    checks.weights(taken.array, findings)
    return taken.array


def settle_ids(entity: str, values: Any, length: int, findings: Findings) -> Ints | None:
    """Ids of one table, checked: whole numbers, present, each used once; ``None`` where there are none."""
    if values is None:
        return None
    name, table = f"{entity}_id", f"{entity}s"
    taken = take(name, values, entity, length, findings)
    if taken is None:
        return None
    checks.unique_ids(table, name, taken.array, findings)
    return taken.array.astype(np.int64, copy=False)


@dataclass(frozen=True)
class Lazy(Mapping[str, Array]):
    """Columns by name, read at first use and kept."""

    names: tuple[str, ...]
    read: Callable[[str], Array]

    def __getitem__(self, name: str) -> Array:
        kept = self.__dict__.setdefault("kept", {})
        if name not in kept:
            kept[name] = self.read(name)
        array: Array = kept[name]
        return array

    def __contains__(self, name: object) -> bool:
        return name in self.names

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)


def in_memory(table: Table) -> Table:
    """The same table with every column read."""
    return Table(table.entity, table.length, dict(table.arrays), table.categories, table.defaults)
