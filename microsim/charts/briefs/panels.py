"""Bars of a brief in panels: a pyramid of ages, and programmes by who pays them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from microsim.charts import style
from microsim.charts.base import blank
from microsim.charts.briefs.sheet import ONE, Marks, Sheet, no_values, room, room_for_texts

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_BAR = 0.78


def pyramid(labels: Sequence[str], series: Sequence[Marks], unit: str, axis: str, sheet: Sheet) -> Figure:
    """Two series back to back, the first label at the bottom: one ink, as the side says which is which."""
    labels_inches = max(room(label, sheet.text) for label in labels) + 0.2
    inches = (sheet.width - labels_inches) / 2
    height = max(0.72 * sheet.row * len(labels) + 7 * sheet.title / 72, sheet.height)
    figure, panels = blank(sheet.width, height, 2)
    ends = [value for marks in series for value in marks.values]
    texts = [text for marks in series for text in marks.texts]
    for axes, marks, left in zip(panels, series, (True, False), strict=True):
        places = range(len(labels))
        axes.barh(places, marks.values, _BAR, color=ONE.colour, edgecolor=style.WHITE, linewidth=style.EDGE)
        gap = room_for_texts(axes, ends, texts, sheet, inches, sheet.small)
        for place, value, text in zip(places, marks.values, marks.texts, strict=True):
            axes.text(
                value + gap, place, text, va="center", ha="right" if left else "left", fontsize=sheet.small
            )
        no_values(axes, "x")
        axes.set_title(marks.name, loc="right" if left else "left", fontsize=sheet.text)
        axes.set_ylim(-0.6, len(labels) - 0.4)
        if left:
            axes.invert_xaxis()
            axes.set_yticks([])
        else:
            # Between the two halves, at the middle of the gap.
            axes.set_yticks(places, labels)
            axes.tick_params(left=False)
    panels[0].set_xlabel(axis, loc="left")
    panels[1].set_xlabel(unit, loc="right")
    return figure


def by_payer(labels: Sequence[str], series: Sequence[Marks], unit: str, axis: str, sheet: Sheet) -> Figure:
    """Rows are programmes, each series (a payer) is a panel on the same scale; its name is over its bars."""
    shown = [sheet.label(label, 0.26) for label in labels]
    inches = (sheet.width - max(room(label, sheet.text) for label in shown) - 0.2) / len(series) - 0.1
    most = max(label.count("\n") + 1 for label in shown)
    rows = len(labels) * max(0.85, 0.7 * most)
    figure, panels = blank(sheet.width, sheet.row * rows + 8 * sheet.title / 72, len(series))
    ends = [value for marks in series for value in marks.values]
    texts = [text for marks in series for text in marks.texts]
    for axes, marks in zip(panels, series, strict=True):
        places = range(len(labels))
        axes.barh(places, marks.values, _BAR, color=ONE.colour, edgecolor=style.BLACK, linewidth=style.EDGE)
        gap = room_for_texts(axes, ends, texts, sheet, inches, sheet.small)
        for place, value, text in zip(places, marks.values, marks.texts, strict=True):
            if value:
                axes.text(value + gap, place, text, va="center", fontsize=sheet.small)
        axes.axvline(0, color=style.BLACK, linewidth=style.EDGE)
        axes.invert_yaxis()
        no_values(axes, "x")
        title = sheet.lines(marks.name, sheet.small, inches / sheet.width)
        axes.set_title(title, loc="left", fontsize=sheet.small)
        axes.set_yticks(places, shown if axes is panels[0] else [])
    panels[0].set_xlabel(unit, loc="left")
    return figure
