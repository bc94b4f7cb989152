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
from microsim.charts.stack import fill, hatched, mark_present, present_sign, stack_floor, stacked
from microsim.charts.words import checked, with_unit, word
from microsim.errors import DataError, Offence


def budget_constraint(
    earnings: Any,
    parts: Mapping[str, Any],
    total: Any,
    lang: str | None = None,
    title: str = "",
    notches: Sequence[Notch] = (),
    labels: Mapping[str, Mapping[str, str]] | None = None,
    note: str = "",
    present: float | None = None,
    measure: str = "resources",
    deducted: str = "deductions",
) -> Figure:
    """Resources against own earnings, stacked by source, with every notch marked.

    The line is the top of the stack: where something is taken off, the stack begins that far below zero.

    Args:
        earnings: array of n yuan/year, rising; a position occurs twice where both sides of a notch are given,
            whose drop is then upright
        parts: name -> array of n yuan/year, none below zero, stacked in the order given. Names of the
            vocabulary (``earnings``, ``other_income``, ``dibao``, ...) are written in the chart's language.
        total: array of n yuan/year, the line on top; what it is less than the parts together is taken off
            them
        notches: (earnings at which it falls, yuan/year lost, what is lost: a name as in ``parts``, or any
            text, such as that of :func:`~microsim.charts.notch_labels`)
        labels: name -> {"en": ..., "zh": ...}, for names that the vocabulary does not know, or knows
            otherwise (``own_earnings`` is the axis: another income may be moved)
        note: a sentence under the title: which family, which law
        present: the earnings that the household has now, marked on the line
        measure: what the line is, ``resources`` or ``disposable_income``
        deducted: what is taken off, ``costs`` or ``deductions``

    Raises ``MicrosimError`` where lengths differ, values are not finite, or a part is negative.
    """
    language = checked(lang)
    x, stack, line = _checked(earnings, parts, total)
    figure, (axes,) = blank(width=7.4, height=5.2)
    handles: list[Artist] = []
    looks = style.looks_of(stack)
    for name, under, over in stacked(stack, line):
        options = fill(looks[name])
        axes.fill_between(x, under, over, **options)
        handles.append(Patch(label=word(name, language, labels), **options))
    bottom = stack_floor(stack, line)
    if bottom.any():
        axes.fill_between(x, bottom, 0.0, **hatched())
        handles.append(Patch(label=word(deducted, language), **fill(style.COSTS)))
        axes.axhline(0.0, color=style.BLACK, linewidth=1.0, zorder=3)
    axes.plot(x, line, color=style.WHITE, linewidth=style.LINE + 2.2, solid_capstyle="butt", zorder=3)
    axes.plot(x, line, color=style.BLACK, linewidth=style.LINE + 0.2, zorder=4)
    handles.append(
        Line2D(
            [], [], color=style.BLACK, linewidth=style.LINE + 0.2, label=word(f"total_{measure}", language)
        )
    )
    if present is not None and x[0] <= present <= x[-1]:
        mark_present(axes, present, float(np.interp(present, x, line)))
        handles.append(present_sign(language))

    axes.set_xlim(float(x[0]), float(x[-1]))
    top = max(float(line.max()), 1.0)
    named = [(at, drop, word(what, language, labels)) for at, drop, what in notches]
    low = min(float(line.min()), float(bottom.min()))
    handles = evened(handles, mark(axes, x, line, named, top, language, bottom=low * 1.06))
    axes.set_xlabel(with_unit("own_earnings", "yuan/year", language, labels))
    axes.set_ylabel(with_unit(measure, "yuan/year", language))
    axes.xaxis.set_major_formatter(Separated())
    axes.yaxis.set_major_formatter(Separated())
    head([axes], [word(title or f"title_budget_{measure}", language)], note)
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
