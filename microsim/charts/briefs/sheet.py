"""What charts of briefs share: their sizes, their inks, series with names, and room for what is written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from microsim.charts import style
from microsim.charts.base import wide, wrapped
from microsim.charts.style import Look

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Width of a Latin character as a share of the size of type: at most, and in running text. A Chinese one is as
# wide as it is high.
_NARROW, _OF_TEXT = 0.6, 0.54
INKS = (
    Look(style.LIGHT_GREY, "", "o", "--"),
    Look(style.BLUE, "", "s"),
    Look(style.ORANGE, "//", "^", "-."),
)
ONE = INKS[1]


class Marks(NamedTuple):
    """A series: what it is called, its values, and what is written at each."""

    name: str
    values: Sequence[float]
    texts: Sequence[str]


class Sheet(NamedTuple):
    """What a chart is drawn for: inches, and sizes of type in points."""

    width: float
    height: float
    title: float
    text: float
    small: float
    source: float

    @property
    def row(self) -> float:
        """Height of a row of bars, in inches."""
        return 2.2 * self.text / 72

    @property
    def line(self) -> float:
        """Width of a line, in points."""
        return style.LINE * self.text / 9.5

    def lines(self, text: str, size: float, share: float = 1.0) -> str:
        """A text in as few lines as fit into a share of the width, about as long, no Latin word broken."""
        least = max((len(word) for word in re.findall(r"[!-~]+", text)), default=2)
        width = max(int(share * self.width * 72 / (_OF_TEXT * size)), least)
        fewest = len(wrapped(text, width))
        while width > least and len(wrapped(text, width - 1)) <= fewest:
            width -= 1
        return "\n".join(wrapped(text, width))

    def label(self, text: str, share: float = 0.3) -> str:
        """A label beside its row, in two lines where it is long."""
        return self.lines(text, self.text, share)


# Over the whole text of an A4 page, in one of two columns, and on a slide of 13.3 by 7.5 inches.
SIZES = {
    "page": Sheet(6.14, 3.1, 11.0, 9.5, 8.5, 7.5),
    "column": Sheet(3.1, 2.5, 9.0, 7.5, 7.0, 6.0),
    "slide": Sheet(12.0, 5.6, 22.0, 17.0, 15.0, 11.0),
}


def room(text: str, size: float) -> float:
    """About how wide a text of one or several lines gets, in inches."""
    longest = max(sum(1.0 if wide(c) else _NARROW for c in line) for line in text.split("\n"))
    return size * longest / 72


def room_for_texts(
    axes: Axes, ends: Sequence[float], texts: Sequence[str], sheet: Sheet, inches: float, size: float = 0.0
) -> float:
    """Limit a panel ``inches`` wide so that the text behind each lying bar fits; returns the gap before them.

    ``size`` of type, where it is not that of labels.
    """
    size = size or sheet.text
    space = 0.35 * size / 72
    behind = [room(text, size) + 2 * space for text in texts]
    least = max(map(abs, ends), default=0.0) or 1.0

    def reach(unit: float) -> tuple[float, float]:
        """How far bars and texts reach to the left and to the right with so many units an inch."""
        right = max((v / unit + b for v, b in zip(ends, behind, strict=True) if v >= 0), default=space)
        left = max((-v / unit + b for v, b in zip(ends, behind, strict=True) if v < 0), default=0.0)
        return left, right

    unit = least / inches
    while sum(reach(unit)) > inches and unit < 20 * least / inches:
        unit *= 1.02
    left, right = reach(unit)
    axes.set_xlim(-unit * left, unit * right)
    return unit * space


def apart(heights: Sequence[float], least: float) -> list[float]:
    """The heights of labels, moved up so far that they do not touch.

    >>> apart([1.0, 1.1, 3.0], 0.5)
    [1.0, 1.5, 3.0]
    """
    placed = list(heights)
    for lower, above in pairwise(sorted(range(len(heights)), key=lambda i: heights[i])):
        placed[above] = max(placed[above], placed[lower] + least)
    return placed


def no_values(axes: Axes, which: str) -> None:
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
