"""The data of the page: every figure of every point, exactly as the sweep stored it, and the words for it."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from microsim.errors import InputError, Offence
from microsim.language import spoken
from microsim.report.brief import numbers
from microsim.report.page.labels import Labels
from microsim.report.page.points import Columns, Dimension, Floats, Points
from microsim.report.page.words import SCRIPT
from microsim.report.texts.sweep_text import shown_columns

if TYPE_CHECKING:
    from microsim.report.brief.folder import Folder
    from microsim.sweeps.figures.rows import Figure
    from microsim.sweeps.grid import Grid
    from microsim.sweeps.run import Sweep

MOST_POINTS = 10_000
MOST_NUMBERS = 2_000_000  # about 20 MB
DIGITS = 4
_MOST_KEY = 4  # figures that are shown large and in the table of points


def refuse_too_many(grid: Grid) -> None:
    """Raise ``InputError`` where a page would have too many points to be usable."""
    if grid.runs > MOST_POINTS:
        hint = "take fewer values, or split the sweep into files; microsim.read_sweep reads any number"
        message = f"a page holds {MOST_POINTS:,} points at most; the sweep has {grid.runs:,}"
        raise InputError(Offence(message, "", hint))


def content(done: Sweep, folder: Folder, lang: str, progress: Callable[[str], None]) -> dict[str, Any]:
    """The data that the page's script reads, as JSON takes it.

    ``columns`` hold numbers of float64: one where all runs have the same, else all of them, little-endian in
    base64, NaN for none. Figures that the folder withholds are not among them. Raises ``InputError`` where
    there are too many.
    """
    refuse_too_many(done.grid)
    points = Points(done)
    figures = points.columns(folder.withheld)
    if len(figures) * points.count > MOST_NUMBERS:
        hint = "the sweep is stored; for its page name fewer outputs, such as outputs: [cost.total]"
        said = f"{len(figures) * points.count:,}"
        message = f"a page holds {MOST_NUMBERS:,} numbers at most; the sweep has {said}"
        raise InputError(Offence(message, "", hint))
    bases, errors = points.bases(folder.withheld, progress)
    labels = Labels(done.grid, folder, lang)
    count = len(done.grid.scenarios) * len(done.grid.counties) * len(done.grid.seeds)
    stored = _Columns()
    key = _key_figures(done, figures)
    return {
        "lang": lang,
        "words": {name: said[lang] for name, said in SCRIPT.items()},
        "digits": DIGITS,
        "crossed": points.crossed,
        "count": points.count,
        "numbers": [done.grid.first + k for k in range(len(done.grid.points))],
        "dimensions": [_dimension(one, labels, points) for one in points.dimensions],
        "base_of": points.base_of.tolist(),
        "bases": count,
        "failed": [
            {"reason": failure.reason, "name": spoken(failure.name), "runs": runs.tolist()}
            for failure, runs in points.failed()
        ],
        "no_base": [str(error) for error in errors],
        "scales": _scales(figures, labels, lang),
        "figures": [
            {
                "measure": labels.measure(one),
                "subject": labels.subject(one),
                "group": one.group,
                "unit": one.unit,
                "column": stored.add(values),
                "base": stored.add(bases.get(one, np.full(count, np.nan))),
                "key": one in key,
            }
            for one, values in figures.items()
        ],
        "areas": {one.group: labels.area(one.group) for one in figures if one.group},
        "columns": stored.columns,
        "start": _start(points, figures, bases),
    }


class _Columns:
    """Columns of numbers, each kept once."""

    def __init__(self) -> None:
        self.columns: list[float | str | None] = []
        self._known: dict[bytes, int] = {}

    def add(self, values: Floats) -> int:
        """The place of a column."""
        data = values.astype("<f8").tobytes()
        if data not in self._known:
            self._known[data] = len(self.columns)
            first = data[:8]
            if data == first * len(values):
                same = float(values[0])
                self.columns.append(None if np.isnan(same) else same)
            else:
                self.columns.append(base64.b64encode(data).decode("ascii"))
        return self._known[data]


def _dimension(one: Dimension, labels: Labels, points: Points) -> dict[str, Any]:
    bases = [points.base_value(name) for name in one.names]
    return {
        "labels": [labels.axis(name) for name in one.names],
        "units": [labels.unit(name) for name in one.names],
        "positions": one.positions,
        "values": [
            [labels.value(name, value) for name, value in zip(one.names, values, strict=True)]
            for values in one.values
        ],
        "bases": [
            None if value is None else labels.value(name, value)
            for name, value in zip(one.names, bases, strict=True)
        ],
        "codes": one.codes.tolist(),
    }


def _scales(figures: Columns, labels: Labels, lang: str) -> dict[str, Any]:
    """Unit -> how its numbers are written; a change of a share is in percentage points."""
    out: dict[str, Any] = {}
    for unit in dict.fromkeys(figure.unit for figure in figures):
        steps, decimals, one = numbers.steps_of(unit, lang)
        yearly = {"zh": "/年", "en": "/year"}[lang] if unit.endswith("/year") else ""
        word = labels.unit_of_figure(unit)
        alone = f"{'' if lang == 'zh' or not word else ' '}{word}"
        said = [(least, divisor, f"{name}{yearly}") for least, divisor, name in steps]
        out[unit] = {"steps": said or [(0.0, 1.0, alone)], "decimals": decimals, "one": one}
    return out


def _key_figures(done: Sweep, figures: Mapping[Figure, Floats]) -> set[Figure]:
    """The figure of each output that comes first, for the county."""
    shown = {(one.measure, one.subject) for one in shown_columns(done)}
    found = [one for one in figures if not one.group and (one.measure, one.subject) in shown]
    return set((found or list(figures))[:_MOST_KEY])


def _start(points: Points, figures: Columns, bases: Columns) -> int:
    """The point that is shown first: one that is the base scenario, else the first that has figures."""
    same = np.full(points.count, bool(bases))
    some = np.zeros(points.count, dtype=bool)
    for figure, values in figures.items():
        base = bases.get(figure)
        beside = np.full(points.count, np.nan) if base is None else base[points.base_of]
        same &= (values == beside) | (np.isnan(values) & np.isnan(beside))
        some |= ~np.isnan(values)
    found = np.flatnonzero(same & some) if (same & some).any() else np.flatnonzero(some)
    return int(found[0]) if len(found) else 0
