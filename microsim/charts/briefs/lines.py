"""Lines of a brief: over numbers, over numbers in a panel a county, and Lorenz curves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from microsim.charts import style
from microsim.charts.base import Separated, blank
from microsim.charts.briefs.sheet import INKS, ONE, Marks, Sheet, apart, room
from microsim.charts.style import Look

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MOST_MARKERS = 12  # of a line: more would hide it


def lines(labels: Sequence[str], series: Sequence[Marks], unit: str, axis: str, sheet: Sheet) -> Figure:
    """Lines with their names and last numbers at their ends, the first number at their beginning."""
    figure, (axes,) = blank(sheet.width, sheet.height)
    x = _places(labels)
    looks = _looks(len(series))
    for marks, look in zip(series, looks, strict=False):
        axes.plot(
            x, marks.values, color=look.colour, linestyle=look.line,
            marker=look.marker if len(x) <= _MOST_MARKERS else "", linewidth=sheet.line,
            markersize=0.45 * sheet.text,
        )  # fmt: skip
    axes.margins(y=0.15)
    low, high = axes.get_ylim()
    line = (high - low) * 1.35 * sheet.text / 72 / (0.62 * sheet.height)  # of text, in the axis' unit
    ends = apart([float(marks.values[-1]) for marks in series], line)
    for marks, height in zip(series, ends, strict=True):
        name = f"{marks.name} {marks.texts[-1]}".strip()
        axes.annotate(
            name, (x[-1], height), (0.6 * sheet.text, 0), textcoords="offset points", va="center",
            fontsize=sheet.text, annotation_clip=False,
        )  # fmt: skip
    # On the side from which the lines go away. What stays the same is said at its end.
    rises = sum(float(marks.values[-1]) - float(marks.values[0]) for marks in series) > 0
    if series[0].values[0] != series[0].values[-1]:
        axes.annotate(
            series[0].texts[0], (x[0], series[0].values[0]), (0, (-0.7 if rises else 0.7) * sheet.text),
            textcoords="offset points", va="top" if rises else "bottom", fontsize=sheet.small,
        )  # fmt: skip
    shown = labels_along(labels, x, 0.62 * sheet.width, sheet)
    axes.set_xticks([x[i] for i in shown], [labels[i] for i in shown])
    axes.set_xlabel(sheet.lines(axis, sheet.small, 0.75))
    axes.set_ylabel(unit)
    axes.yaxis.set_major_formatter(Separated())
    return figure


def lorenz(labels: Sequence[str], series: Sequence[Marks], unit: str, axis: str, sheet: Sheet) -> Figure:
    """Two Lorenz curves (per cent of the poorest, per cent of income) under the line of equal incomes.

    The first series is before, the second after; the area between them is what the second is nearer to it.
    """
    side = min(sheet.width, 1.45 * sheet.height)
    figure, (axes,) = blank(sheet.width, side * 0.82)
    x = _places(labels)
    before, after = series
    axes.plot([0, 100], [0, 100], color=style.GREY, linewidth=style.EDGE)
    axes.fill_between(x, before.values, after.values, color=style.LIGHT_GREY, linewidth=0)
    looks = (INKS[0]._replace(colour=style.BLACK), ONE)
    for marks, look in zip(series, looks, strict=True):
        axes.plot(x, marks.values, look.line, color=look.colour, linewidth=sheet.line)
    _pointed(axes, x, before, 0.8, (1.06, 0.3), "left", sheet)
    _pointed(axes, x, after, 0.55, (0.05, 0.72), "left", sheet)
    axes.set_xlim(0, 100)
    axes.set_ylim(min(0.0, *map(float, before.values), *map(float, after.values)), 100)
    axes.set_aspect("equal")
    axes.set_anchor("W")
    axes.grid(visible=False)
    for ticks in (axes.set_xticks, axes.set_yticks):
        ticks([0, 20, 40, 60, 80, 100])
    axes.set_xlabel(sheet.lines(axis, sheet.small, 0.6))
    axes.set_ylabel(unit)
    return figure


def multiples(labels: Sequence[str], series: Sequence[Marks], unit: str, axis: str, sheet: Sheet) -> Figure:
    """A panel a series (a county, say) on one scale: its line and last number, the others' lines in grey.

    The panels come in the order of the series, row by row; what the axes are is said under all of them.
    """
    x = _places(labels)
    columns = min(max(int(sheet.width / (13 * sheet.text / 72)), 2), len(series))
    rows = -(-len(series) // columns)
    each = 9.5 * sheet.text / 72
    figure, panels = blank(sheet.width, rows * each + 0.45 * sheet.height, columns, rows)
    values = np.asarray([marks.values for marks in series], dtype=float)
    low, high = float(values.min()), float(values.max())
    margin = 0.22 * ((high - low) or abs(high) or 1.0)
    inches = sheet.width / columns - 0.35
    for place, axes in enumerate(panels):
        if place >= len(series):
            axes.set_visible(False)
            continue
        marks = series[place]
        axes.plot(x, values.T, color=style.RULE, linewidth=style.EDGE)
        axes.plot(x, marks.values, color=ONE.colour, linewidth=sheet.line)
        axes.plot(x[-1], marks.values[-1], ONE.marker, color=ONE.colour, markersize=0.4 * sheet.text)
        axes.set_title(sheet.lines(marks.name, sheet.text, inches / sheet.width), loc="left",
                       fontsize=sheet.text)  # fmt: skip
        for end, side in ((0, "left"), (-1, "right")):
            axes.annotate(
                marks.texts[end], (x[end], marks.values[end]), (0, 0.5 * sheet.text),
                textcoords="offset points", ha=side, va="bottom", fontsize=sheet.small,
            )  # fmt: skip
        axes.set_ylim(low - margin, high + 1.6 * margin)
        axes.grid(visible=False)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.set_xticks([x[0], x[-1]], [labels[0], labels[-1]])
        first, last = axes.get_xticklabels()
        first.set_horizontalalignment("left")
        last.set_horizontalalignment("right")
        crowded = room(labels[0] + labels[-1], sheet.text) > 0.9 * inches
        if place < len(series) - columns or (crowded and place % columns):
            axes.set_xticklabels([])
    return figure


def _places(labels: Sequence[str]) -> np.ndarray:
    """Labels are numbers as they are written."""
    return np.asarray([float(label.replace(",", "")) for label in labels])


def _looks(count: int) -> tuple[Look, ...]:
    return (ONE,) if count == 1 else (INKS[0]._replace(colour=style.GREY), *INKS[1:], *style.SERIES[3:])


def labels_along(
    labels: Sequence[str], x: Sequence[float] | np.ndarray, inches: float, sheet: Sheet
) -> list[int]:
    """Which labels along an axis ``inches`` long can be written without touching: always the first and last.

    >>> from microsim.charts.briefs.sheet import SIZES
    >>> labels_along(["3,000", "5,000", "5,250"], [3000, 5000, 5250], 1.9, SIZES["column"])
    [0, 2]
    """
    an_inch = (x[-1] - x[0] or 1.0) / inches

    def touch(one: int, other: int) -> bool:
        both = room(labels[one], sheet.text) + room(labels[other], sheet.text)
        return (x[other] - x[one]) / an_inch < both / 2 + 0.5 * sheet.text / 72

    kept = [0]
    for place in range(1, len(labels)):
        if not touch(kept[-1], place):
            kept.append(place)
    last = len(labels) - 1
    while len(kept) > 1 and kept[-1] != last and touch(kept[-1], last):
        kept.pop()
    return kept if kept[-1] == last else [*kept, last]


def _pointed(
    axes: Axes, x: np.ndarray, marks: Marks, share: float, where: tuple[float, float], side: str, sheet: Sheet
) -> None:
    """The name of a curve in the empty part ``where`` of the panel, with a thin line to the curve."""
    at = x[0] + share * (x[-1] - x[0])
    height = float(np.interp(at, x, np.asarray(marks.values, dtype=float)))
    axes.annotate(
        marks.name, (at, height), where, textcoords="axes fraction", ha=side, va="center",
        fontsize=sheet.text, arrowprops={"arrowstyle": "-", "color": style.GREY, "linewidth": style.EDGE},
    )  # fmt: skip
