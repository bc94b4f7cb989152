"""The rows of a sweep: every figure of every scenario, as an Arrow table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from microsim.sweeps.settings import ENSEMBLE

if TYPE_CHECKING:
    import pyarrow as pa

    from microsim.sweeps.cells import Cell
    from microsim.sweeps.design import Points
    from microsim.sweeps.spread import Value


class Figure(NamedTuple):
    """What a row is of: as an :class:`~microsim.studies.common.indicators.Indicator` without its value."""

    measure: str
    subject: str
    group: str
    unit: str


Found = dict[Figure, NDArray[np.float64]]  # one value a point


def table_of(
    cell: Cell,
    axes: Sequence[str],
    types: Sequence[pa.DataType],
    numbers: Sequence[int],
    points: Points,
    figures: Sequence[Figure],
    values: NDArray[np.float64],
) -> pa.Table:
    """Rows of the points ``numbers``: one for each figure, but where its value (float64[figure, point]) is
    NaN, which says that there is none.

    ``points``: the values of the axes at these points, ``types`` what they are.
    """
    import pyarrow as pa

    count, each = len(numbers), len(figures)

    def words(texts: Sequence[str], width: Any) -> pa.DictionaryArray:
        names = list(dict.fromkeys(texts))
        places = {name: k for k, name in enumerate(names)}
        codes = np.tile(np.array([places[text] for text in texts], dtype=width), count)
        return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(names, pa.string()))

    columns: dict[str, Any] = {
        "scenario": np.repeat(np.asarray(numbers, dtype=np.int32), each),
        "county": words([cell.county] * each, np.int32),
        "seed": np.full(count * each, cell.seed, dtype=np.int64),
    }
    for k, (axis, kind) in enumerate(zip(axes, types, strict=True)):
        values_here = pa.array([point[k] for point in points], type=kind)
        columns[axis] = values_here.take(pa.array(np.repeat(np.arange(count), each)))
    columns |= {
        "measure": words([one.measure for one in figures], np.int16),
        "subject": words([one.subject for one in figures], np.int16),
        "group": words([one.group for one in figures], np.int16),
        "value": np.ascontiguousarray(values.T).ravel(),
        "unit": words([one.unit for one in figures], np.int16),
    }
    table = pa.table(columns)
    there = ~np.isnan(columns["value"])
    return table if there.all() else table.filter(pa.array(there))


def type_of(axis: str, values: Iterable[Value | None]) -> pa.DataType:
    """The type of a column with the values of an axis."""
    import pyarrow as pa

    if axis == ENSEMBLE:
        return pa.int64()
    kinds = {type(value) for value in values} - {type(None)}
    if kinds == {bool}:
        return pa.bool_()
    return pa.string() if str in kinds or not kinds else pa.float64()


def summary_of(tables: Iterable[pa.Table]) -> dict[str, dict[str, Any]]:
    """Size of the sweep, and the least and the greatest of each of the county's figures.

    Of a sweep that is larger than memory: of one table after another no more than these is kept.
    """
    import pyarrow.compute as pc

    scenarios: set[int] = set()
    rows = 0
    ends: dict[tuple[str, str, str], tuple[float, float]] = {}
    for table in tables:
        rows += len(table)
        scenarios.update(pc.unique(table["scenario"]).to_pylist())
        county = table.filter(pc.equal(table["group"], "")).select(["measure", "subject", "unit", "value"])
        by = county.group_by(["measure", "subject", "unit"]).aggregate([("value", "min"), ("value", "max")])
        for one in by.to_pylist():
            key = (one["measure"], one["subject"], one["unit"])
            least, greatest = ends.get(key, (np.inf, -np.inf))
            ends[key] = (min(least, one["value_min"]), max(greatest, one["value_max"]))
    out: dict[str, dict[str, Any]] = {
        "scenarios": {"value": len(scenarios), "unit": "scenarios"},
        "rows": {"value": rows, "unit": "rows"},
    }
    for (measure, subject, unit), (least, greatest) in sorted(ends.items()):
        out[f"{measure}.{subject}.least"] = {"value": least, "unit": unit}
        out[f"{measure}.{subject}.greatest"] = {"value": greatest, "unit": unit}
    return out
