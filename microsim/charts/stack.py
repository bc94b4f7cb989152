"""A household's resources stacked by source, so that the top of the stack is what it has left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from microsim.charts import style
from microsim.charts.style import Look
from microsim.charts.words import word
from microsim.language import Lang

Floats = NDArray[np.float64]
_SEEN = 1.0  # yuan: less that is taken off is not drawn
_RING: Any = {
    "marker": "o",
    "markerfacecolor": style.WHITE,
    "markeredgecolor": style.BLACK,
    "markeredgewidth": 1.4,
    "linestyle": "none",
}


def stack_floor(parts: Mapping[str, Floats], total: Floats) -> Floats:
    """Where the stack begins (yuan/year, zero or below): by what is taken off, below zero."""
    taken = np.sum(list(parts.values()), axis=0) - total
    return np.where(taken > _SEEN, -taken, 0.0)


def stacked(parts: Mapping[str, Floats], total: Floats) -> Iterator[tuple[str, Floats, Floats]]:
    """Name, lower and upper edge of each part; the last upper edge is ``total``."""
    low = stack_floor(parts, total)
    for name, values in parts.items():
        yield name, low, low + values
        low = low + values


def fill(look: Look, edge: float = 0.4) -> dict[str, Any]:
    """How an area of this look is filled."""
    return {"facecolor": look.colour, "hatch": look.hatch, "edgecolor": style.BLACK, "linewidth": edge}


def hatched() -> dict[str, Any]:
    """How what is taken off is drawn over the parts that pay for it: a pale veil with the hatch of costs."""
    return {**fill(style.COSTS), "facecolor": (1.0, 1.0, 1.0, 0.75)}


def mark_present(axes: Axes, at: float, height: float, size: float = 8.0) -> None:
    """A ring on the line where the household is now."""
    axes.plot([at], [height], markersize=size, zorder=8, clip_on=False, **_RING)


def present_sign(lang: Lang) -> Artist:
    """Its entry in a legend."""
    return Line2D([], [], markersize=8, label=word("present_income", lang), **_RING)
