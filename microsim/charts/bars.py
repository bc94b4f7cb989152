"""Bars side by side in groups, each with its value above it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from microsim.charts import style
from microsim.charts.base import number
from microsim.charts.style import Look


class Series(NamedTuple):
    """Bars of one colour: what they are called, how they look, and a value per group (NaN: no bar)."""

    label: str
    look: Look
    values: np.ndarray


def grouped(axes: Axes, series: Sequence[Series], decimals: int, suffix: str = "") -> list[Artist]:
    """Series side by side in each group; returns the legend's handles."""
    width = 0.72 / max(len(series), 2)
    handles: list[Artist] = []
    top = 0.0
    for i, (label, look, values) in enumerate(series):
        drawn = np.flatnonzero(np.isfinite(values))
        places = drawn + (i - (len(series) - 1) / 2) * width
        bars_of(axes, places, values[drawn], width * 0.94, look, decimals, suffix)
        top = max(top, float(values[drawn].max(initial=0.0)))
        handles.append(patch(label, look))
    axes.set_ylim(0, (top or 1.0) * 1.12)
    return handles


def patch(label: str, look: Look) -> Patch:
    """A legend's entry for bars of one look."""
    return Patch(
        facecolor=look.colour, hatch=look.hatch, edgecolor=style.BLACK, linewidth=style.EDGE, label=label
    )


def bars_of(
    axes: Axes,
    places: np.ndarray,
    values: np.ndarray,
    width: float,
    look: Look,
    decimals: int,
    suffix: str = "",
) -> None:
    """Bars of one look, each with its value above it."""
    bars = axes.bar(
        places,
        values,
        width,
        color=look.colour,
        hatch=look.hatch,
        edgecolor=style.BLACK,
        linewidth=style.EDGE,
    )
    labels = [number(value, decimals) + suffix for value in values]
    written = axes.bar_label(bars, labels, padding=2, fontsize=style.TEXT_SIZE, zorder=5)
    for label in written:
        # A line across the panel must not strike a number through.
        label.set_bbox({"facecolor": style.WHITE, "edgecolor": "none", "pad": 0.6})


def name_groups(axes: Axes, names: Sequence[str]) -> None:
    """One name under each group of bars."""
    axes.set_xticks(range(len(names)), names)
    axes.tick_params(axis="x", length=0)
    axes.set_xlim(-0.6, len(names) - 0.4)
