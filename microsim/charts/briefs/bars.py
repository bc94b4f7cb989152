"""Bars of a brief: lying, before and after, and what gains above what loses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from microsim.charts import style
from microsim.charts.base import blank
from microsim.charts.briefs.sheet import INKS, ONE, Marks, Sheet, no_values, room, room_for_texts

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_BAR = 0.62


def _beside(labels: Sequence[str], sheet: Sheet) -> tuple[list[str], float]:
    """Labels in lines, and the inches that are left for a panel beside them."""
    shown = [sheet.label(label) for label in labels]
    return shown, sheet.width - max(room(label, sheet.text) for label in shown) - 0.35


def _rows(labels: Sequence[str], sheet: Sheet, bars: int) -> float:
    """Height of a figure with so many bars a label, for labels of one line or several."""
    most = max(label.count("\n") + 1 for label in labels)
    return max(
        sheet.row * len(labels) * max(bars, 0.7 * most) + 4.5 * sheet.title / 72 + 2 * sheet.source / 72,
        0.55 * sheet.height,
    )


def bars(labels: Sequence[str], series: Sequence[Marks], unit: str, axis: str, sheet: Sheet) -> Figure:
    """Lying bars, the first at the top, their numbers behind them; no axis of values is needed."""
    shown, inches = _beside(labels, sheet)
    figure, (axes,) = blank(sheet.width, _rows(shown, sheet, len(series)))
    places, thick = np.arange(len(labels)), _BAR / len(series)
    looks = (ONE,) if len(series) == 1 else INKS
    # What a series is called is written at its first bar, in place of a legend.
    texts = [[f"{m.texts[0]}  {m.name}".strip(), *m.texts[1:]] for m in series]
    ends = [value for marks in series for value in marks.values]
    gap = room_for_texts(axes, ends, [text for row in texts for text in row], sheet, inches)
    for at, (marks, look) in enumerate(zip(series, looks, strict=False)):
        rows = places + (at - (len(series) - 1) / 2) * thick
        axes.barh(
            rows, marks.values, 0.9 * thick, color=look.colour, hatch=look.hatch,
            edgecolor=style.BLACK, linewidth=style.EDGE, label=marks.name,
        )  # fmt: skip
        for row, value, text in zip(rows, marks.values, texts[at], strict=True):
            side, place = ("left", value + gap) if value >= 0 else ("right", value - gap)
            axes.text(place, row, text, va="center", ha=side, fontsize=sheet.text)
    axes.set_yticks(places, shown)
    axes.invert_yaxis()
    axes.axvline(0, color=style.BLACK, linewidth=style.EDGE)
    no_values(axes, "x")
    axes.set_xlabel(unit, loc="left")
    return figure


def before_after(
    labels: Sequence[str], series: Sequence[Marks], unit: str, axis: str, sheet: Sheet
) -> Figure:
    """Two points a row with a line between them, the numbers outside."""
    shown, inches = _beside(labels, sheet)
    figure, (axes,) = blank(sheet.width, _rows([*shown, ""], sheet, 1))
    before, after = series
    places = np.arange(len(labels))
    a, b = np.asarray(before.values, dtype=float), np.asarray(after.values, dtype=float)
    highest, lowest = (float(f(np.concatenate([a, b]))) for f in (np.max, np.min))
    # A number on both sides; over the first row what the points are, which may reach over the labels.
    low_name = after.name if b[0] <= a[0] else before.name
    number = max(room(text, sheet.text) for text in [*before.texts, *after.texts]) + 0.15
    left = max(number, room(low_name, sheet.small) - (sheet.width - inches) + 0.3)
    right = max(number, room(after.name + before.name, sheet.small) - room(low_name, sheet.small) - 0.1)
    an_inch = (highest - min(lowest, 0.0) or 1.0) / max(inches - left - right, 0.2 * inches)
    gap = 0.12 * an_inch * sheet.text / 9.5
    axes.hlines(places, a, b, color=style.GREY, linewidth=sheet.line)
    for values, look in ((a, INKS[0]), (b, INKS[1])):
        axes.plot(
            values, places, look.marker, color=look.colour, markeredgecolor=style.BLACK,
            markersize=0.9 * sheet.text,
        )  # fmt: skip
    for i in range(len(labels)):
        for marks, value, other in ((before, a[i], b[i]), (after, b[i], a[i])):
            high = value > other or (value == other and marks is before)
            place, side = (value + gap, "left") if high else (value - gap, "right")
            if value != other or high:
                axes.text(place, i, marks.texts[i], va="center", ha=side, fontsize=sheet.text)
            if i == 0:
                axes.annotate(
                    marks.name, (value, i), (0, 0.8 * sheet.text), textcoords="offset points", ha=side,
                    fontsize=sheet.small,
                )  # fmt: skip
    axes.set_yticks(places, shown)
    axes.set_ylim(len(labels) - 0.5, -0.9)
    axes.set_xlim(min(lowest, 0.0) - left * an_inch, highest + right * an_inch)
    no_values(axes, "x")
    axes.set_xlabel(unit, loc="left")
    return figure


def two_sided(labels: Sequence[str], series: Sequence[Marks], unit: str, axis: str, sheet: Sheet) -> Figure:
    """What gains above the line, what loses below it."""
    figure, (axes,) = blank(sheet.width, sheet.height)
    up, down = series
    ends = [*up.values, *down.values]
    gap = 0.02 * (max(ends) or 1.0)
    # A number under a bar must be no wider than its place; where it would be, only the ends are written.
    narrow = (sheet.width - 0.5) / len(labels) < max(room(t, sheet.small) for m in series for t in m.texts)
    for marks, direction, look in ((up, 1.0, INKS[1]), (down, -1.0, INKS[2])):
        values = direction * np.asarray(marks.values, dtype=float)
        axes.bar(
            range(len(labels)), values, 0.72, color=look.colour, hatch=look.hatch,
            edgecolor=style.BLACK, linewidth=style.EDGE, label=marks.name,
        )  # fmt: skip
        most = int(np.argmax(np.abs(values)))
        for place, (value, text) in enumerate(zip(values, marks.texts, strict=True)):
            if value and (place == most or not narrow):
                axes.text(
                    place, value + direction * gap, text, ha="center",
                    va="bottom" if direction > 0 else "top", fontsize=sheet.small,
                )  # fmt: skip
        _named(axes, marks, values, direction, sheet)
    axes.axhline(0, color=style.BLACK, linewidth=style.EDGE)
    axes.set_xticks(range(len(labels)), labels)
    axes.set_xlabel(sheet.lines(axis, sheet.small, 0.85))
    axes.margins(y=0.16)
    no_values(axes, "y")
    axes.set_ylabel(unit)
    return figure


def _named(axes: Axes, marks: Marks, values: np.ndarray, direction: float, sheet: Sheet) -> None:
    """What the bars of a side are called, in the corner of it where they are lowest."""
    third = max(len(values) // 3, 1)
    right = np.abs(values[-third:]).max() <= np.abs(values[:third]).max()
    axes.text(
        0.99 if right else 0.01, 0.97 if direction > 0 else 0.03, marks.name, transform=axes.transAxes,
        ha="right" if right else "left", va="top" if direction > 0 else "bottom",
        fontsize=sheet.text,
    )  # fmt: skip
