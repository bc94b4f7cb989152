"""Notches on a budget constraint: where earning more leaves less, marked and named without covering data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from microsim.charts import style
from microsim.charts.base import number, wide, wrapped
from microsim.charts.words import word
from microsim.language import Lang

Notch = tuple[float, float, str]

# Measured in print, as shares of the height and of the width of the panel.
_LINE_HEIGHT = 0.05
_CHARACTER = 0.0125
_GAP = 0.03
_NEAR = 0.004
_LEGEND_LINE = 38  # characters, so that two entries are side by side


class _Flag(NamedTuple):
    """A notch's label on a pole: the pole's place, the label's corner and reach, all in the chart's units."""

    at: float
    peak: float
    foot: float
    head: float
    start: float
    end: float
    text: str


def mark(
    axes: Axes,
    x: np.ndarray,
    line: np.ndarray,
    notches: Sequence[Notch],
    top: float,
    lang: Lang,
    bottom: float = 0.0,
) -> list[Artist]:
    """Mark and name each notch of ``line`` over ``x``, set the height of the panel, return the legend.

    Names fly from poles above the curve; where that would leave the curve less than half of the panel, or a
    name at the right edge would cover the pole of another notch,
    notches are numbered and the legend names them. ``bottom`` and ``top`` are the lowest and the highest
    value drawn, in the unit of ``line``. A name may hold line breaks.
    """
    height = top - bottom
    # Measured from the bottom of the panel, so that shares of its height are shares of what is placed.
    ceiling, flags = _room(x, line - bottom, notches, height * 1.06, lang)
    if ceiling > 2 * height or _covers_a_pole(flags):
        axes.set_ylim(bottom, bottom + height * 1.12)
        return _numbered(axes, x, line, notches, lang)
    for flag in flags:
        _draw(axes, flag._replace(peak=flag.peak + bottom, head=flag.head + bottom))
    axes.set_ylim(bottom, bottom + ceiling)
    return [_sign(word("notch", lang))] if flags else []


def evened(handles: Sequence[Artist], shown: Sequence[Artist]) -> list[Artist]:
    """A legend's entries and those of ``mark``, so that numbers begin a row where entries are in pairs."""
    empty = [Line2D([], [], linestyle="none", label=" ")]
    before = len(handles) + 1  # the first of ``shown`` is the sign itself
    return [*handles, *shown[:1], *(empty if len(shown) > 1 and before % 2 else []), *shown[1:]]


def _sign(label: str, marker: str = "v") -> Line2D:
    """Legend entry of a notch."""
    return Line2D([], [], color=style.VERMILLION, marker=marker, linestyle="none", markersize=8, label=label)


def _numbered(
    axes: Axes, x: np.ndarray, line: np.ndarray, notches: Sequence[Notch], lang: Lang
) -> list[Artist]:
    """Numbers at the notches, and a legend entry for each."""
    handles: list[Artist] = [_sign(word("notch", lang))]
    for i, (at, losses) in enumerate(_gathered(notches, float(x[-1] - x[0]) * _NEAR), start=1):
        peak = _peak(x, line, at)
        _point(axes, at, peak)
        axes.annotate(
            str(i), (at, peak), (0, 8), textcoords="offset points", ha="center", va="bottom",
            fontsize=style.TEXT_SIZE, zorder=7,
            bbox={"facecolor": style.WHITE, "edgecolor": "none", "pad": 0.6},
        )  # fmt: skip
        loss = _loss(at, losses, lang)
        comma = "，" if lang == "zh" else ", "
        what = comma.join(text.replace("\n", comma) for _, text in losses)
        label = wrapped(f"{loss}{comma}{what}", _LEGEND_LINE)
        handles.append(_sign("\n".join(label), f"${i}$"))
    return handles


def _loss(at: float, losses: Sequence[tuple[float, str]], lang: Lang) -> str:
    return f"{number(at)}: {number(-sum(drop for drop, _ in losses))} {word('yuan/year', lang)}"


def _peak(x: np.ndarray, line: np.ndarray, at: float) -> float:
    """What the household has just before the notch, whichever side of it ``at`` names."""
    here = np.flatnonzero(np.abs(x - at) <= 1e-9 * max(abs(at), 1.0))
    if len(here) > 1:  # both sides of the notch are among the points
        return float(line[here].max())
    step = int(np.searchsorted(x, at))
    return float(line[max(step - 2, 0) : step + 2].max())


def _room(
    x: np.ndarray, line: np.ndarray, notches: Sequence[Notch], ceiling: float, lang: Lang
) -> tuple[float, list[_Flag]]:
    """The lowest ceiling of the panel, from ``ceiling`` up, under which all labels fit, and those labels."""
    for _ in range(40):  # a higher ceiling makes a line of text taller in yuan, so the two are found together
        flags = _flags(x, line, notches, ceiling, lang)
        needed = max((flag.head for flag in flags), default=0.0) + _GAP / 2 * ceiling
        if needed <= ceiling:
            break
        ceiling = needed
    return ceiling, flags


def _covers_a_pole(flags: Sequence[_Flag]) -> bool:
    """Whether a name that flies to the left, for want of room on the right, hides a taller pole."""
    return any(f.start < g.at < f.end and g.head > f.foot for f in flags for g in flags if g is not f)


def _flags(x: np.ndarray, line: np.ndarray, notches: Sequence[Notch], top: float, lang: Lang) -> list[_Flag]:
    """Place the labels so that none touches another, a pole or the curve.

    Labels fly to the right of their pole and are placed from the last to the first: each is above the
    poles that it would cut. Notches at one place share a pole.
    """
    span = float(x[-1] - x[0])
    flags: list[_Flag] = []
    for at, losses in reversed(_gathered(notches, span * _NEAR)):
        lines = [_loss(at, losses, lang)]
        for drop, what in losses:
            text = what if len(losses) == 1 else f"{what} {number(-drop)}"
            lines += [line for piece in text.split("\n") for line in wrapped(piece, 34)]
        width = span * _CHARACTER * max(sum(2 if wide(c) else 1 for c in text) for text in lines)
        start = at if at + width <= x[-1] else max(at - width, float(x[0]))
        end = start + width
        inside = (x >= start) & (x <= end)
        # Points may be far apart: what the curve has at the label's edges lies between two of them.
        under = np.concatenate([line[inside], np.interp([start, end], x, line)])
        peak = _peak(x, line, at)
        foot = max(peak, float(under.max(initial=0.0))) + _GAP * top
        for other in flags:
            if start < other.end and end > min(other.start, other.at):
                foot = max(foot, other.head + _GAP * top)
        height = _LINE_HEIGHT * top * len(lines)
        flags.append(_Flag(at, peak, foot, foot + height, start, end, "\n".join(lines)))
    return flags


def _gathered(notches: Sequence[Notch], near: float) -> list[tuple[float, list[tuple[float, str]]]]:
    """Notches in rising order, those within ``near`` of the one before put together."""
    groups: list[tuple[float, list[tuple[float, str]]]] = []
    for at, drop, what in sorted(notches):
        if groups and at - groups[-1][0] <= near:
            groups[-1][1].append((drop, what))
        else:
            groups.append((at, [(drop, what)]))
    return groups


def _draw(axes: Axes, flag: _Flag) -> None:
    """Pole, marker at the peak that is lost, and label."""
    axes.plot([flag.at, flag.at], [flag.peak, flag.head], color=style.VERMILLION, linewidth=1.2, zorder=5)
    _point(axes, flag.at, flag.peak)
    right = flag.start == flag.at
    axes.annotate(
        flag.text, (flag.at, flag.head), (4 if right else -4, 0), textcoords="offset points", va="top",
        ha="left" if right else "right", fontsize=style.SMALL_SIZE, linespacing=1.2, zorder=7,
        bbox={"facecolor": style.WHITE, "edgecolor": "none", "pad": 1.0},
    )  # fmt: skip


def _point(axes: Axes, at: float, peak: float) -> None:
    """The marker of a notch."""
    axes.plot(
        [at], [peak], color=style.VERMILLION, marker="v", markersize=8,
        markeredgecolor=style.BLACK, markeredgewidth=style.EDGE, zorder=6,
    )  # fmt: skip
