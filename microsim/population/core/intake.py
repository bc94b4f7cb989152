"""One column as a user brings it (pandas, NumPy, list) -> one NumPy array as the engine reads it.

Numbers that already have the right dtype are taken as they are, without a copy. Conversions lose nothing
(3.0 -> 3, 1 -> yes, ages of 64 bits to 16); whatever would change a value is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from microsim.engine.runtime.memory import writable
from microsim.errors import did_you_mean
from microsim.population.core.columns import TABLES, Column, registry
from microsim.population.core.findings import Findings, where

Array = NDArray[Any]
MAX_CATEGORIES = 127  # codes are int8
IDS = ("household_id", "person_id")
WHOLE = np.int16  # whole numbers of known columns: ages, counts, months
_NUMBERED = "number the households and persons 1, 2, ... (pandas.factorize), as `microsim import` does"
_EXACT = (
    "as floating point, whole numbers from 2^53 on (2^24 in single precision) are rounded: keep ids as "
    "int64 (read them as text, dtype=str, and convert with int), or number them 1, 2, ..."
)


@dataclass(frozen=True)
class Raw:
    """A column before its type is settled: numbers, or codes into names; ``missing`` marks empty rows."""

    kind: str  # "float", "int", "bool", "category", "mixed" (Python objects) or "other"
    values: Array
    names: tuple[Any, ...] = ()
    missing: NDArray[np.bool_] | None = None


@dataclass(frozen=True)
class Taken:
    """A column as the engine reads it; ``categories`` for coded columns."""

    array: Array
    categories: tuple[str, ...] | None = None


def take(
    name: str,
    values: Any,
    entity: str,
    length: int,
    findings: Findings,
    categories: Sequence[str] | None = None,
) -> Taken | None:
    """Convert one column; on any offence note it in ``findings`` and return ``None``.

    ``categories`` names the codes of an integer array. Registered categorical columns come out in the
    registry's order.
    """
    table = TABLES[entity]
    if not isinstance(values, Raw) and np.ndim(values) != 1:
        findings.table(table, f"must have one dimension, not {np.ndim(values)}", column=name)
        return None
    raw = _coded(values, categories) if categories is not None else read_raw(values)
    if len(raw.values) != length:
        findings.table(table, f"has {len(raw.values)} values where the table has {length} rows", column=name)
        return None
    if raw.missing is not None and raw.missing.any():
        findings.rows(table, name, "missing value", where(raw.missing), hint="fill it or drop the household")
        raw = _with_gaps_closed(raw)
    if raw.kind == "category" and len(raw.values) and raw.values.max() >= len(raw.names) > 0:
        beyond = where(raw.values >= len(raw.names))
        findings.rows(table, name, f"code outside its {len(raw.names)} categories", beyond, raw.values)
        return None
    column = registry().get(name)
    if column is not None and column.entity != entity and name != "household_id":
        other = column.table
        findings.table(table, f"belongs to the {other} table", f"move it to {other}", column=name)
        return None
    wanted = column.type if column is not None else raw.kind
    if wanted == "category":
        return _category(name, raw, column, table, findings)
    if wanted == "bool":
        return _bool(name, raw, table, findings)
    if wanted in ("int", "float"):
        return _number(name, raw, wanted, table, findings)
    findings.table(
        table,
        f"holds {_described(raw)}; a column is numbers, yes/no, or names of categories",
        "convert or drop it",
        column=name,
    )
    return None


def read_raw(values: Any) -> Raw:
    """Settle what kind of values a pandas object, array or sequence holds."""
    if isinstance(values, Raw):
        return values
    if isinstance(values, np.ndarray) and values.ndim == 1 and values.dtype.kind in "biuf":
        return numeric(values)
    import pandas as pd

    series = values if isinstance(values, pd.Series) else pd.Series(values)
    dtype = series.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        codes = np.asarray(series.cat.codes)
        return Raw("category", codes, tuple(dtype.categories), codes < 0)
    missing = np.asarray(series.isna(), dtype=bool)
    gaps = missing if missing.any() else None
    if pd.api.types.is_bool_dtype(dtype) or pd.api.types.is_numeric_dtype(dtype):
        if not isinstance(dtype, np.dtype):
            target = {"b": "bool", "i": "int64", "u": "uint64"}.get(getattr(dtype, "kind", "f"), "float64")
            return Raw(**{**vars(numeric(series.to_numpy(target, na_value=0))), "missing": gaps})
        plain = series.to_numpy()
        return numeric(writable(plain)) if dtype.kind in "biuf" else Raw("other", plain)
    if not (pd.api.types.is_string_dtype(dtype) or pd.api.types.is_object_dtype(dtype)):
        return Raw("other", series.to_numpy())
    objects = series.to_numpy(dtype=object)
    return _objects(objects, missing, gaps)


def _with_gaps_closed(raw: Raw) -> Raw:
    """Harmless values in the gaps, only so that the other checks go on: the column is refused anyway."""
    if raw.kind in ("mixed", "other") or raw.missing is None:
        return Raw(raw.kind, raw.values)
    return Raw(raw.kind, np.where(raw.missing, 0, raw.values), raw.names)


def numeric(values: Array) -> Raw:
    """An array of numbers or booleans, with NaN as missing."""
    kind = {"b": "bool", "i": "int", "u": "int", "f": "float"}[values.dtype.kind]
    if kind != "float":
        return Raw(kind, values)
    # min() carries NaN through and needs no temporary array.
    gaps = np.isnan(values) if len(values) and np.isnan(values.min()) else None
    return Raw(kind, values, missing=gaps)


def _objects(objects: Array, missing: NDArray[np.bool_], gaps: NDArray[np.bool_] | None) -> Raw:
    import pandas as pd

    present = objects[~missing]
    kinds = {type(value) for value in present}
    if all(issubclass(kind, str) for kind in kinds) and kinds:
        codes, names = pd.factorize(objects, sort=True)
        return Raw("category", codes, tuple(str(name) for name in names), gaps)
    if all(issubclass(kind, (bool, np.bool_)) for kind in kinds) and kinds:
        return Raw("bool", np.where(missing, False, objects).astype(bool), missing=gaps)
    if kinds and all(issubclass(kind, (int, np.integer)) and kind is not bool for kind in kinds):
        try:  # as they are: by way of float64, whole numbers beyond 2^53 would be rounded to one
            return Raw("int", np.where(missing, 0, objects).astype(np.int64), missing=gaps)
        except OverflowError:
            pass
    if not any(issubclass(kind, (bool, np.bool_)) for kind in kinds) and all(
        issubclass(kind, (int, float, np.integer, np.floating)) for kind in kinds
    ):
        return Raw("float", np.where(missing, 0.0, objects).astype(np.float64), missing=gaps)
    return Raw("mixed", objects, missing=gaps)


def _coded(values: Any, categories: Sequence[str]) -> Raw:
    codes = np.asarray(values)
    if codes.dtype.kind not in "iu":
        return read_raw(values)
    gaps = codes < 0 if len(codes) and codes.min() < 0 else None
    return Raw("category", codes, tuple(categories), gaps)


def _category(name: str, raw: Raw, column: Column | None, table: str, findings: Findings) -> Taken | None:
    if raw.kind != "category":
        allowed = f"use the names {', '.join(column.categories)}" if column else ""
        _not_of_kind(name, raw, "category names", _is_text, table, findings, allowed)
        return None
    not_text = [value for value in raw.names if not isinstance(value, str)]
    if not_text:
        words = {value: f"{name}_{value}" for value in raw.names[:3]}
        hint = f"name it with text: {table}['{name}'] = {table}['{name}'].map({words})"
        findings.table(table, f"category {not_text[0]!r} is not text", hint, column=name)
        return None
    names: tuple[str, ...] = raw.names
    if len(names) > MAX_CATEGORIES:
        findings.table(
            table,
            f"{len(names)} different texts; a category column has at most {MAX_CATEGORIES}",
            "drop it, or recode it into fewer categories",
            column=name,
        )
        return None
    if not names:
        return None  # nothing but missing values, said above
    if column is None or names == column.categories:
        return Taken(_narrow(raw.values), names)
    return _in_registry_order(name, raw, names, column, table, findings)


def _in_registry_order(
    name: str, raw: Raw, names: tuple[str, ...], column: Column, table: str, findings: Findings
) -> Taken | None:
    position = {category: code for code, category in enumerate(column.categories)}
    used = set(np.unique(raw.values).tolist())
    good = True
    for code, category in enumerate(names):
        if category in position or code not in used:
            continue
        good = False
        hint = did_you_mean(category, column.categories)
        allowed = f"allowed: {', '.join(column.categories)}"
        findings.rows(
            table,
            name,
            f"unknown category '{category}'",
            where(raw.values == code),
            hint=f"{hint} {allowed}".strip(),
        )
    if not good:
        return None
    recode = np.array([position.get(category, 0) for category in names], dtype=np.int8)
    return Taken(recode[raw.values], column.categories)


def _narrow(codes: Array) -> NDArray[np.int8]:
    return codes if codes.dtype == np.int8 else codes.astype(np.int8)


def _bool(name: str, raw: Raw, table: str, findings: Findings) -> Taken | None:
    if raw.kind == "bool":
        return Taken(writable(raw.values))
    if raw.kind == "int":
        bad = where((raw.values != 0) & (raw.values != 1))
        if not len(bad):
            return Taken(raw.values.astype(bool))
        findings.rows(table, name, "neither yes nor no", bad, raw.values, "use True and False")
        return None
    _not_of_kind(name, raw, "True or False", lambda value: isinstance(value, bool), table, findings)
    return None


def _number(name: str, raw: Raw, wanted: str, table: str, findings: Findings) -> Taken | None:
    if raw.kind not in ("int", "float"):
        what = "whole numbers" if wanted == "int" else "numbers"
        _not_of_kind(name, raw, what, _is_number, table, findings, _NUMBERED if name in IDS else "")
        return None
    values = raw.values
    if raw.kind == "float" and len(values) and not (np.isfinite(values.min()) and np.isfinite(values.max())):
        findings.rows(table, name, "infinite value", where(np.isinf(values)), values)
        values = np.where(np.isinf(values), 0.0, values)
    if wanted == "float":
        return Taken(
            writable(
                as_typed(values) if values.dtype == np.float32 else values.astype(np.float64, copy=False)
            )
        )
    inexact = where(_inexact(values)) if name in IDS else ()
    if len(inexact):
        findings.rows(table, name, "not an exact id", inexact, values, _EXACT)
        return None
    known = name in registry() and name not in IDS
    if raw.kind == "int":
        return Taken(writable(_as_registered(values) if known else _signed(values)))
    fractions = where(values != np.floor(values))
    if len(fractions):
        findings.rows(table, name, "not a whole number", fractions, values)
        values = np.floor(values)  # only so that the range is checked too
    return Taken(_as_registered(values) if known else values.astype(np.int64))


def _inexact(values: Array) -> NDArray[np.bool_]:
    """Which numbers may represent several: floating point beyond its digits, or more than int64 holds."""
    if values.dtype.kind == "f":
        return np.abs(values) >= 2.0 ** (np.finfo(values.dtype).nmant + 1)
    return values > np.iinfo(np.int64).max if values.dtype.kind == "u" else np.zeros(len(values), dtype=bool)


def as_typed(values: NDArray[np.float32]) -> NDArray[np.float64]:
    """Single-precision numbers as the decimals of up to two places that were typed, where this is
    unambiguous.

    A float32 of 6956.4 is 6956.39990...; of the decimals that are stored as this same number the shortest is
    taken, so that an amount at a line in the file is at the line here. Up to 131,072 yuan every fen is
    distinguished. What is not such a decimal (a draw, a weight) stays as it is.
    """
    wide = values.astype(np.float64)
    left = np.ones(len(values), dtype=bool)
    for places in range(3):
        rounded = np.round(wide[left], places)
        same = rounded.astype(np.float32) == values[left]
        rows = np.flatnonzero(left)[same]
        wide[rows] = rounded[same]
        left[rows] = False
    return wide


def _as_registered(values: Array) -> Array:
    """Whole numbers as ``WHOLE``, in which the shipped counties and the defaults hold them too: every other
    dtype would compile the rules anew. What does not fit is out of range almost everywhere, and stays.
    """
    ends = np.iinfo(WHOLE)
    if len(values) and (values.min() < ends.min or values.max() > ends.max):
        return _signed(values) if values.dtype.kind in "iu" else values.astype(np.int64)
    return values.astype(WHOLE, copy=False)


def _signed(values: Array) -> Array:
    """int16, int32 or int64: int8 is kept for category codes, unsigned integers surprise in arithmetic."""
    dtype = values.dtype
    if dtype.kind == "i" and dtype.itemsize > 1:
        return values.astype(dtype.newbyteorder("="), copy=False)
    return values.astype({1: np.int16, 2: np.int32}.get(dtype.itemsize, np.int64))


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)


def _not_of_kind(
    name: str, raw: Raw, wanted: str, fits: Any, table: str, findings: Findings, hint: str = ""
) -> None:
    """Say which rows hold something else than is wanted."""
    if raw.kind == "mixed":
        bad = where([not (fits(value) or value is None or value != value) for value in raw.values])
        findings.rows(table, name, f"must be {wanted}; found something else", bad, raw.values, hint)
        return
    values: Any = raw.values
    if raw.kind == "category" and len(raw.names):
        values = np.array(raw.names, dtype=object)[raw.values]
    findings.rows(
        table, name, f"must be {wanted}, but holds {_described(raw)}", np.arange(len(values)), values, hint
    )


def _described(raw: Raw) -> str:
    words = {"category": "text", "mixed": "values of several kinds", "int": "numbers", "float": "numbers"}
    words["bool"] = "yes/no values"
    return words.get(raw.kind, f"values of type {raw.values.dtype}")
