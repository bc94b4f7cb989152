"""What a finished sweep is about, part by part: never more than one of its parts is in memory."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from microsim.sweeps.figures.rows import Figure

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from microsim.sweeps.grid import Grid

# (county, seed) -> number of the scenario -> hash of all its figures.
Hashes = dict[tuple[str, int], dict[int, bytes]]


class Overview(NamedTuple):
    """How many rows there are, of which figures, and the axes along which none of them moves.

    An axis is idle where scenarios that differ in it alone have the same figures, all of them; not where no
    two scenarios differ in it alone, as in a design.
    """

    rows: int
    figures: tuple[Figure, ...]
    idle_axes: tuple[str, ...]


def overview_of(tables: Iterable[pa.Table], grid: Grid) -> Overview:
    """The overview of the parts of a sweep, each of one county and seed."""
    rows, numbers, hashes = 0, dict[Figure, int](), Hashes()
    for table in tables:
        if not len(table):
            continue
        rows += len(table)
        place = (str(table["county"][0].as_py()), int(table["seed"][0].as_py()))
        hashes.setdefault(place, {}).update(_hashes(table, numbers))
    idle = (name for k, name in enumerate(grid.axes) if _is_idle(k, grid, hashes))
    return Overview(rows, tuple(numbers), tuple(idle))


def values_of(tables: Iterable[pa.Table], wanted: Collection[Figure]) -> pd.DataFrame:
    """The rows of some figures: scenario, county, seed, measure, subject, group, value."""
    import pandas as pd

    known: dict[Figure, int] = {}
    frames = []
    for table in (one for one in tables if len(one)):
        numbers = _numbered(table, known)
        chosen = np.isin(numbers, [number for figure, number in known.items() if figure in wanted])
        columns = ["scenario", "county", "seed", "measure", "subject", "group", "value"]
        words = dict.fromkeys(("county", "measure", "subject", "group"), str)
        frames.append(table.select(columns).filter(chosen).to_pandas().astype(words))
    frame: pd.DataFrame = pd.concat(frames, ignore_index=True)
    return frame


def _numbered(table: pa.Table, known: dict[Figure, int]) -> NDArray[np.int64]:
    """The number of each row's figure; figures not ``known`` are added there."""
    columns = [table[name].combine_chunks() for name in Figure._fields]
    names = [column.dictionary.to_pylist() for column in columns]
    codes = np.ravel_multi_index(
        tuple(column.indices.to_numpy() for column in columns), tuple(map(len, names))
    )
    _, first, which = np.unique(codes, return_index=True, return_inverse=True)
    numbers = np.empty(len(first), dtype=np.int64)
    for k in np.argsort(first):  # in the order of the rows
        figure = Figure(*(str(column[int(first[k])].as_py()) for column in columns))
        numbers[k] = known.setdefault(figure, len(known))
    return numbers[which]


def _hashes(table: pa.Table, known: dict[Figure, int]) -> dict[int, bytes]:
    """Number of a scenario -> hash of its figures, in whatever order they are."""
    scenarios = table["scenario"].to_numpy()
    figures = _numbered(table, known)
    order = np.lexsort((figures, scenarios))
    scenarios, figures = scenarios[order], figures[order]
    values = table["value"].to_numpy()[order] + 0.0  # of -0.0, 0.0
    ends = np.flatnonzero(np.append(scenarios[1:] != scenarios[:-1], True)) + 1
    out = {}
    for begin, end in zip(np.append(0, ends[:-1]), ends, strict=True):
        content = figures[begin:end].tobytes() + values[begin:end].tobytes()
        out[int(scenarios[begin])] = hashlib.blake2b(content, digest_size=16).digest()
    return out


def _is_idle(axis: int, grid: Grid, hashes: Mapping[tuple[str, int], Mapping[int, bytes]]) -> bool:
    groups: dict[tuple[object, ...], list[int]] = {}
    for number, point in enumerate(grid.points, grid.first):
        groups.setdefault(point[:axis] + point[axis + 1 :], []).append(number)
    compared = False
    for group in groups.values():
        if len({grid.points[number - grid.first][axis] for number in group}) < 2:
            continue
        for there in hashes.values():
            found = [there[number] for number in group if number in there]
            if len(set(found)) > 1:
                return False
            compared |= len(found) > 1
    return compared
