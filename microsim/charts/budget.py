"""The budget constraint: what a household has as a member earns more, and where that leaves it less."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from microsim.charts import style
from microsim.charts.base import Separated, below, blank, finished, head, need_numbers
from microsim.charts.notches import Notch, evened, mark
from microsim.charts.words import checked, with_unit, word
from microsim.errors import DataError, Offence


def budget_constraint(
    earnings: Any,
    parts: Mapping[str, Any],
    total: Any,
    lang: str = "en",
    title: str = "",
    notches: Sequence[Notch] = (),
    labels: Mapping[str, Mapping[str, str]] | None = None,
    note: str = "",
) -> Figure:
    """Resources against own earnings, stacked by source, with every notch marked.

    Parameters
    ----------
    earnings : array of n yuan/year, rising; a position occurs twice where both sides of a notch are given,
    whose
        drop is then upright
    parts : name -> array of n yuan/year, none below zero, stacked in the order given. Names of the vocabulary
        (``earnings``, ``other_income``, ``dibao``, ...) are written in the chart's language.
    total : array of n yuan/year, the line on top. It lies below the stack where deductions are made.
    notches : (earnings at which it falls, yuan/year lost, what is lost: a name as in ``parts``, or any text,
        such as that of :func:`~microsim.charts.notch_labels.notch_labels`)
    labels : name -> {"en": ..., "zh": ...}, for names that the vocabulary does not know, or knows otherwise
        (``own_earnings`` is the axis: another income may be moved)
    note : a sentence under the title: which family, which law

    Raises ``MicrosimError`` where lengths differ, values are not finite, or a part is negative.
    """
    language = checked(lang)
    x, stack, line = _checked(earnings, parts, total)
    figure, (axes,) = blank(width=7.4, height=5.2)
    handles: list[Artist] = []
    floor = np.zeros(len(x))
    for i, (name, values) in enumerate(stack.items()):
        look = style.look(i)
        options: dict[str, Any] = {
            "facecolor": look.colour,
            "hatch": look.hatch,
            "edgecolor": style.BLACK,
            "linewidth": 0.4,
        }
        axes.fill_between(x, floor, floor + values, **options)
        handles.append(Patch(label=word(name, language, labels), **options))
        floor = floor + values
    axes.plot(x, line, color=style.WHITE, linewidth=style.LINE + 2.2, solid_capstyle="butt", zorder=3)
    axes.plot(x, line, color=style.BLACK, linewidth=style.LINE + 0.2, zorder=4)
    handles.append(
        Line2D([], [], color=style.BLACK, linewidth=style.LINE + 0.2, label=word("total_resources", language))
    )

    axes.set_xlim(float(x[0]), float(x[-1]))
    top = max(float(floor.max()), float(line.max()), 1.0)
    named = [(at, drop, word(what, language, labels)) for at, drop, what in notches]
    low = min(float(line.min()), 0.0)
    handles = evened(handles, mark(axes, x, line, named, top, language, bottom=low * 1.06))
    axes.set_xlabel(with_unit("own_earnings", "yuan/year", language, labels))
    axes.set_ylabel(with_unit("resources", "yuan/year", language))
    axes.xaxis.set_major_formatter(Separated())
    axes.yaxis.set_major_formatter(Separated())
    head([axes], [word(title or "title_budget", language)], note)
    below(figure, handles, columns=3)
    return finished(figure)


def _checked(
    earnings: Any, parts: Mapping[str, Any], total: Any
) -> tuple[np.ndarray, dict[str, np.ndarray], np.ndarray]:
    """All inputs as float64 arrays of one length; every offence at once."""
    x = np.asarray(earnings, dtype=float)
    stack = {name: np.asarray(values, dtype=float) for name, values in parts.items()}
    line = np.asarray(total, dtype=float)
    offences = []
    if x.ndim != 1 or x.size < 2 or not (np.diff(x) >= 0).all() or x[0] == x[-1]:
        offences.append(Offence("must be one row of at least two increasing values", "earnings"))
    for name, values in (*((f"parts['{name}']", values) for name, values in stack.items()), ("total", line)):
        if values.shape != x.shape:
            offences.append(Offence(f"has shape {values.shape} where earnings has {x.shape}", name))
    for name, values in stack.items():
        if (values < 0).any():
            hint = "subtract deductions from the total instead"
            offences.append(
                Offence(f"is negative at position {int((values < 0).argmax())}", f"parts['{name}']", hint)
            )
    if offences:
        raise DataError(offences, title="the chart budget_constraint cannot be drawn")
    for name, values in (("earnings", x), *stack.items(), ("total", line)):
        need_numbers(values, name, "budget_constraint")
    return x, stack, line
