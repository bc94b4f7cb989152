"""A population as a kernel takes it: each of its columns looked up once, and handed on from there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from microsim.engine.compiler.emit import Text
from microsim.engine.compiler.nodes import Plan
from microsim.engine.runtime.arrays import Data, Floats
from microsim.engine.runtime.memory import writable
from microsim.errors import InputError, Offence
from microsim.policy.graph import Columns
from microsim.policy.kinds import ValueKind

OUTPUT_TYPES = {"float": "float64", "bool": "bool", "int": "int64", "category": "uint8"}


@dataclass(frozen=True, eq=False)
class Layout:
    """The arrays that one kernel reads and writes, of types that hang on their dtypes alone.

    ``columns``: in the kernel's order, those of persons before those of households. Columns that the kernel
    does not read are not in it: they may not even have been read from disk. ``outputs``: length (households
    or persons) and dtype of what it writes; a column asked for as output keeps its own.
    """

    offsets: NDArray[np.int64]
    weight: Floats
    columns: dict[str, NDArray[Any]]
    outputs: dict[str, tuple[int, np.dtype[Any]]]
    n_households: int
    most_members: int

    @staticmethod
    def of(data: Data, text: Text, plan: Plan) -> Layout:
        persons, households = data.person_columns, data.household_columns
        columns = {name: _codes_unsigned(persons[name], name, data) for name in text.person_columns}
        columns |= {name: _codes_unsigned(households[name], name, data) for name in text.household_columns}
        offsets, weight = writable(data.offsets), writable(data.weight)
        lengths = {"person": int(offsets[-1])}
        outputs = {}
        for name in text.outputs:
            node = plan.nodes[name]
            own = columns.get(node.column) if node.kind == "column" else None
            dtype = np.dtype(OUTPUT_TYPES[node.dtype]) if own is None else own.dtype
            outputs[name] = lengths.get(node.level, len(weight)), dtype
        return Layout(offsets, weight, columns, outputs, len(weight), _most_members(data))

    @property
    def dtypes(self) -> tuple[Any, ...]:
        """All that a compiled kernel's argument types hang on."""
        return (self.offsets.dtype, self.weight.dtype, *(array.dtype for array in self.columns.values()))


@dataclass(frozen=True)
class Groups:
    """Households put in groups for totals: a code for each household and the names of the codes."""

    codes: NDArray[np.uint8]
    names: tuple[str, ...]

    @staticmethod
    def of(data: Data, by: str | None) -> Groups:
        """The groups of categorical household column ``by``; None: one group of all."""
        known = _GROUPS.setdefault(data, {})
        if by not in known:
            known[by] = Groups(*_grouped(data, by))
        return known[by]


# Groups that were asked for, for as long as there is the population.
_GROUPS: WeakKeyDictionary[Data, dict[str | None, Groups]] = WeakKeyDictionary()


def _grouped(data: Data, by: str | None) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    if by is None:
        return np.zeros(len(data.weight), np.uint8), ("all",)
    if by not in data.household_columns or by not in data.categories:
        known = ", ".join(sorted(set(data.household_columns) & set(data.categories))) or "none"
        raise InputError(
            Offence(f"totals by '{by}': not a categorical household column", "by", f"known: {known}")
        )
    return _codes_unsigned(data.household_columns[by], by, data), data.categories[by]


def columns_of(data: Data) -> Columns:
    """Names, entities, categories and (where they are asked for) kinds of the data's columns."""
    entities: dict[str, Any] = dict.fromkeys(data.person_columns, "person")
    entities.update(dict.fromkeys(data.household_columns, "household"))

    def kind(name: str) -> ValueKind:
        return _kind(data, name)

    how_to_give = getattr(data, "how_to_give", lambda name: "")
    return Columns(entities, dict(data.categories), kind, how_to_give)


def names_of_columns(data: Data, kinds_asked: Sequence[str]) -> tuple[Any, ...]:
    """What the text of a kernel hangs on: equal for data on which the same question has the same text."""
    persons, households = tuple(data.person_columns), tuple(data.household_columns)
    kinds = [
        (n, _kind(data, n)) for n in kinds_asked if n in data.person_columns or n in data.household_columns
    ]
    return persons, households, tuple(data.categories.items()), tuple(kinds)


def _kind(data: Data, name: str) -> ValueKind:
    columns = data.household_columns if name in data.household_columns else data.person_columns
    return "bool" if columns[name].dtype == np.bool_ else "float"


def _codes_unsigned(array: NDArray[Any], name: str, data: Data) -> NDArray[Any]:
    """A column in the form kernels take: codes unsigned, so that no index can be negative."""
    return writable(array.view(np.uint8) if array.dtype == np.int8 and name in data.categories else array)


def _most_members(data: Data) -> int:
    """Size of the largest household (room for values kept from one loop over members to the next)."""
    known = getattr(data, "most_members", None)
    return int(np.diff(data.offsets).max(initial=0)) if known is None else int(known)
