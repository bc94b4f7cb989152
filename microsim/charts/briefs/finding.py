"""Charts of briefs: one message, which is the title; few inks, names and numbers at the marks, no legend.

Each takes values in the unit shown and the text that is written at each mark, and is readable in grey: series
differ by lightness, and by what is written at them.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from microsim.charts import style
from microsim.charts.base import Separated, blank, finished, need_numbers, wrapped
from microsim.charts.style import Look
from microsim.errors import InputError, Offence, did_you_mean

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Inches: over the whole text of an A4 page, in one of two columns, and on a slide.
SIZES = {"page": (6.14, 3.1), "column": (3.0, 2.6), "slide": (10.0, 5.2)}
_INKS = (
    Look(style.LIGHT_GREY, "", "o", "--"),
    Look(style.BLUE, "", "s"),
    Look(style.ORANGE, "//", "^", "-."),
)
_ONE = _INKS[1]
_BAR, _PER_LABEL = 0.62, 0.3


class Marks(NamedTuple):
    """A series: what it is called, its values, and what is written at each."""

    name: str
    values: Sequence[float]
    texts: Sequence[str]


def finding(
    kind: str,
    title: str,
    labels: Sequence[str],
    series: Sequence[Marks],
    unit: str,
    axis: str = "",
    source: str = "",
    size: str = "page",
) -> Figure:
    """A chart of a brief.

    ``kind``: ``bars`` (one or two series side by side, lying), ``before_after`` (two points a label and the
    line between), ``two_sided`` (what gains above, what loses below), ``lines`` (over the numbers that
    ``labels`` are). ``source`` is written small under it. ``size``: page, column or slide. Raises
    ``InputError`` for another kind or size, or where a series has not a value a label.
    """
    if size not in SIZES:
        raise InputError(Offence(f"charts have no size '{size}'", "size", did_you_mean(size, SIZES)))
    if kind not in _KINDS:
        raise InputError(Offence(f"there is no chart of kind '{kind}'", "kind", did_you_mean(kind, _KINDS)))
    for marks in series:
        if not len(marks.values) == len(marks.texts) == len(labels):
            message = f"{len(marks.values)} values and {len(marks.texts)} texts for {len(labels)} labels"
            raise InputError(Offence(message, f"{kind}: {marks.name}"))
        need_numbers(np.asarray(marks.values, dtype=float), marks.name or kind, "finding")
    width, height = SIZES[size]
    if kind in ("bars", "before_after"):
        rows = len(labels) * (len(series) if kind == "bars" else 1)
        height = max(1.3 + _PER_LABEL * rows, 0.55 * height) * (1 if size != "slide" else 1.3)
    figure, (axes,) = blank(width, height)
    _KINDS[kind](axes, labels, series, unit, axis)
    # From the edge of the figure: a finding is often wider than the panel beside long labels.
    heading = "\n".join(wrapped(title, int(width * 11.5)))
    figure.suptitle(heading, x=0.01, ha="left", fontsize=style.TITLE_SIZE - 1, linespacing=1.3)
    if source:
        small = "\n".join(wrapped(source, int(width * 15.5)))
        figure.supxlabel(small, x=0.01, ha="left", fontsize=style.SMALL_SIZE - 1, color=style.GREY)
    return finished(figure)


def _bars(axes: Axes, labels: Sequence[str], series: Sequence[Marks], unit: str, axis: str) -> None:
    """Lying bars, the first at the top, their numbers behind them; no axis of values is needed."""
    places, thick = np.arange(len(labels)), _BAR / len(series)
    ends = [value for marks in series for value in marks.values]
    room = 0.02 * (max([*ends, 0.0]) - min([*ends, 0.0]) or 1.0)
    looks = (_ONE,) if len(series) == 1 else _INKS
    for at, (marks, look) in enumerate(zip(series, looks, strict=False)):
        rows = places + (at - (len(series) - 1) / 2) * thick
        axes.barh(
            rows, marks.values, 0.9 * thick, color=look.colour, hatch=look.hatch,
            edgecolor=style.BLACK, linewidth=style.EDGE, label=marks.name,
        )  # fmt: skip
        # What a series is called is written at its first bar, in place of a legend.
        texts = [f"{marks.texts[0]}  {marks.name}".strip(), *marks.texts[1:]]
        for row, value, text in zip(rows, marks.values, texts, strict=True):
            side = "left" if value >= 0 else "right"
            axes.text(
                value + (room if value >= 0 else -room),
                row,
                text,
                va="center",
                ha=side,
                fontsize=style.TEXT_SIZE,
            )
    axes.set_yticks(places, labels)
    axes.invert_yaxis()
    axes.axvline(0, color=style.BLACK, linewidth=style.EDGE)
    axes.margins(x=0.16)
    _no_values(axes, "x")
    axes.set_xlabel(unit, loc="right", fontsize=style.SMALL_SIZE)


def _before_after(axes: Axes, labels: Sequence[str], series: Sequence[Marks], unit: str, axis: str) -> None:
    """Two points a row with a line between them, the numbers outside."""
    before, after = series
    places = np.arange(len(labels))
    a, b = np.asarray(before.values, dtype=float), np.asarray(after.values, dtype=float)
    room = 0.03 * (float(max(a.max(), b.max())) or 1.0)
    axes.hlines(places, a, b, color=style.GREY, linewidth=style.LINE)
    for values, look in ((a, _INKS[0]), (b, _INKS[1])):
        axes.plot(values, places, look.marker, color=look.colour, markeredgecolor=style.BLACK, markersize=9)
    for i in range(len(labels)):
        for marks, value, other in ((before, a[i], b[i]), (after, b[i], a[i])):
            high = value > other or (value == other and marks is before)
            side = "left" if high else "right"
            if value != other or high:
                place = value + (room if high else -room)
                axes.text(place, i, marks.texts[i], va="center", ha=side, fontsize=style.TEXT_SIZE)
            if i == 0:  # what a series is called is written over its first point, in place of a legend
                axes.annotate(
                    marks.name, (value, i), (0, 8), textcoords="offset points", ha=side,
                    fontsize=style.SMALL_SIZE,
                )  # fmt: skip
    axes.set_yticks(places, labels)
    axes.set_ylim(len(labels) - 0.5, -0.8)
    axes.margins(x=0.2)
    axes.set_xlim(left=min(0.0, axes.get_xlim()[0]) - 3 * room)
    _no_values(axes, "x")
    axes.set_xlabel(unit, loc="right", fontsize=style.SMALL_SIZE)


def _two_sided(axes: Axes, labels: Sequence[str], series: Sequence[Marks], unit: str, axis: str) -> None:
    """What gains above the line, what loses below it."""
    up, down = series
    places = np.arange(len(labels))
    ends = [*up.values, *down.values]
    room = 0.02 * (max(ends) or 1.0)
    looks = (_INKS[1], _INKS[2])
    for marks, direction, look in ((up, 1.0, looks[0]), (down, -1.0, looks[1])):
        values = direction * np.asarray(marks.values, dtype=float)
        axes.bar(
            places, values, 0.72, color=look.colour, hatch=look.hatch,
            edgecolor=style.BLACK, linewidth=style.EDGE, label=marks.name,
        )  # fmt: skip
        corner = 0.97 if direction > 0 else 0.03
        axes.text(
            0.99, corner, marks.name, transform=axes.transAxes, ha="right", fontsize=style.TEXT_SIZE,
            va="top" if direction > 0 else "bottom", color=look.colour if direction > 0 else style.BLACK,
        )  # fmt: skip
        for place, value, text in zip(range(len(labels)), values, marks.texts, strict=True):
            if value:
                axes.text(
                    place, value + direction * room, text, ha="center",
                    va="bottom" if direction > 0 else "top", fontsize=style.SMALL_SIZE,
                )  # fmt: skip
    axes.axhline(0, color=style.BLACK, linewidth=style.EDGE)
    axes.set_xticks(places, labels)
    axes.set_xlabel(axis)
    axes.margins(y=0.14)
    _no_values(axes, "y")
    axes.set_ylabel(unit, fontsize=style.SMALL_SIZE)


def _lines(axes: Axes, labels: Sequence[str], series: Sequence[Marks], unit: str, axis: str) -> None:
    """Lines with their names and last numbers at their ends."""
    x = np.asarray([float(label.replace(",", "")) for label in labels])
    looks = (
        (_ONE,) if len(series) == 1 else (_INKS[0]._replace(colour=style.GREY), *_INKS[1:], *style.SERIES[3:])
    )
    for marks, look in zip(series, looks, strict=False):
        axes.plot(x, marks.values, color=look.colour, linestyle=look.line, marker=look.marker, markersize=4)
    ends = [float(marks.values[-1]) for marks in series]
    for marks, height in zip(series, _apart(ends, axes), strict=True):
        name = f"{marks.name} {marks.texts[-1]}".strip()
        axes.annotate(
            name, (x[-1], height), (6, 0), textcoords="offset points", va="center", fontsize=style.TEXT_SIZE
        )
    axes.annotate(series[0].texts[0], (x[0], series[0].values[0]), (0, 6), textcoords="offset points",
                  fontsize=style.SMALL_SIZE)  # fmt: skip
    if all(place == int(place) for place in x) and len(x) <= 12:
        axes.set_xticks(x, labels)
    else:
        axes.xaxis.set_major_formatter(Separated())
    axes.set_xlabel(axis)
    axes.set_ylabel(unit)
    axes.yaxis.set_major_formatter(Separated())
    axes.margins(y=0.15)


def _apart(heights: Sequence[float], axes: Axes) -> list[float]:
    """The heights of labels, moved so far apart that they do not touch."""
    low, high = axes.get_ylim()
    least = 0.075 * (high - low)
    order = sorted(range(len(heights)), key=lambda i: heights[i])
    placed = list(heights)
    for below_it, above in pairwise(order):
        placed[above] = max(placed[above], placed[below_it] + least)
    return placed


def _no_values(axes: Axes, which: str) -> None:
    """The numbers are written at the marks: no ticks, no grid, no line of the axis."""
    axes.grid(visible=False)
    if which == "x":
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)
        axes.tick_params(left=False)
        axes.spines["left"].set_visible(False)
    else:
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.tick_params(bottom=False)


_KINDS = {"bars": _bars, "before_after": _before_after, "two_sided": _two_sided, "lines": _lines}
