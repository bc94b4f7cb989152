"""Charts of briefs: one message, which is the title; few inks, names and numbers at the marks, no legend.

Each takes values in the unit shown and the text that is written at each mark, and is readable in grey: series
differ by lightness, and by what is written at them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from microsim.charts import style
from microsim.charts.base import finished, need_numbers
from microsim.charts.briefs.bars import bars, before_after, two_sided
from microsim.charts.briefs.lines import lines, lorenz, multiples
from microsim.charts.briefs.panels import by_payer, pyramid
from microsim.charts.briefs.sheet import SIZES, Marks, Sheet
from microsim.errors import InputError, Offence, did_you_mean

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Drawer = Callable[[Sequence[str], Sequence[Marks], str, str, Sheet], "Figure"]
KINDS: Mapping[str, Drawer] = {
    "bars": bars,
    "before_after": before_after,
    "by_payer": by_payer,
    "lines": lines,
    "lorenz": lorenz,
    "multiples": multiples,
    "pyramid": pyramid,
    "two_sided": two_sided,
}
_PAIRS = ("before_after", "lorenz", "pyramid", "two_sided")  # they have two series


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

    ``kind``: ``bars`` (one to three series side by side, lying), ``before_after`` (two points a label and
    the line between), ``two_sided`` (what gains above, what loses below), ``pyramid`` (two series back to
    back, the first label at the bottom), ``by_payer`` (a panel of bars a series), ``lines`` and
    ``multiples`` (over the numbers that ``labels`` are, in one panel or a panel a series), ``lorenz`` (per
    cent of persons, per cent of income before and after). ``source`` is written small under it. ``size``:
    page, column or slide. Raises ``InputError`` for another kind or size, where a series has not a value a
    label, or where there are too few or too many of them.
    """
    offences = [
        *_unknown(size, SIZES, f"charts have no size '{size}'", "size"),
        *_unknown(kind, KINDS, f"there is no chart of kind '{kind}'", "kind"),
        *_uneven(kind, labels, series),
    ]
    if offences:
        raise InputError(offences)
    for marks in series:
        need_numbers(np.asarray(marks.values, dtype=float), marks.name or kind, "finding")
    sheet = SIZES[size]
    figure = KINDS[kind](labels, series, unit, axis, sheet)
    # From the edge of the figure: a finding is often wider than the panel beside long labels.
    heading = sheet.lines(title, sheet.title)
    figure.suptitle(heading, x=0.01, ha="left", fontsize=sheet.title, linespacing=1.3)
    # Of many panels none has room for what the axes are.
    axes = " · ".join(filter(None, [axis, unit])) if kind == "multiples" else ""
    if source or axes:
        small = "\n".join(sheet.lines(text, sheet.source) for text in (axes, source) if text)
        figure.supxlabel(small, x=0.01, ha="left", fontsize=sheet.source, color=style.GREY)
    return _sized(finished(figure), sheet)


def _sized(figure: Figure, sheet: Sheet) -> Figure:
    """The type of axes as large as the sheet has it."""
    for axes in figure.axes:
        axes.tick_params(labelsize=sheet.text)
        for label in (axes.xaxis.label, axes.yaxis.label):
            label.set_fontsize(sheet.small)
    return figure


def _unknown(name: str, known: Mapping[str, object], message: str, place: str) -> list[Offence]:
    hint = did_you_mean(name, known) or f"there are {', '.join(known)}"
    return [] if name in known else [Offence(message, place, hint)]


def _uneven(kind: str, labels: Sequence[str], series: Sequence[Marks]) -> list[Offence]:
    found = []
    if not series or not labels:
        found.append(Offence("there is nothing to draw: no series or no labels", kind))
    if kind in _PAIRS and len(series) != 2:
        found.append(Offence(f"has two series, not {len(series)}", kind))
    for marks in series:
        if not len(marks.values) == len(marks.texts) == len(labels):
            message = f"{len(marks.values)} values and {len(marks.texts)} texts for {len(labels)} labels"
            found.append(Offence(message, f"{kind}: {marks.name}"))
    return found
