"""The budget constraint: what a household has as a member earns more, and where that leaves it less."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from microsim.charts import style
from microsim.charts.base import below, blank, finished, head, need_numbers, number, separated, wide, wrapped
from microsim.charts.words import Lang, checked, with_unit, word
from microsim.errors import MicrosimError, Offence

Notch = tuple[float, float, str]


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
    earnings : array of n yuan/year, rising
    parts : name -> array of n yuan/year, none below zero, stacked in the order given. Names of the vocabulary
        (``earnings``, ``other_income``, ``dibao``, ...) are written in the chart's language.
    total : array of n yuan/year, the line on top. It lies below the stack where deductions are made.
    notches : (earnings at which it falls, yuan/year lost, what is lost: a name as in ``parts``, or any text)
    labels : name -> {"en": ..., "zh": ...}, for names that the vocabulary does not know
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
    ceiling, flags = _room(x, line, named, top * 1.06, language)
    for flag in flags:
        _draw(axes, flag)
    axes.set_ylim(0, ceiling)
    if flags:
        handles.append(Line2D([], [], color=style.VERMILLION, marker="v", label=word("notch", language)))
    axes.set_xlabel(with_unit("own_earnings", "yuan/year", language))
    axes.set_ylabel(with_unit("resources", "yuan/year", language))
    axes.xaxis.set_major_formatter(separated())
    axes.yaxis.set_major_formatter(separated())
    head([axes], [word(title or "title_budget", language)], note)
    below(figure, handles, columns=3)
    return finished(figure)


# Measured in print, as shares of the height and of the width of the panel.
_LINE_HEIGHT = 0.05
_CHARACTER = 0.0125
_GAP = 0.03


class _Flag(NamedTuple):
    """A notch's label on a pole: the pole's place, the label's corner and reach, all in the chart's units."""

    at: float
    peak: float
    foot: float
    head: float
    start: float
    end: float
    text: str


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


def _flags(x: np.ndarray, line: np.ndarray, notches: Sequence[Notch], top: float, lang: Lang) -> list[_Flag]:
    """Place the labels so that none touches another, a pole or the curve.

    Labels fly to the right of their pole and are placed from the last to the first: each stands above the
    poles that it would cut. Notches at one place share a pole.
    """
    span = float(x[-1] - x[0])
    flags: list[_Flag] = []
    for at, losses in reversed(_gathered(notches, span * 0.004)):
        lines = [f"{number(at)}: {number(-sum(drop for drop, _ in losses))} {word('yuan/year', lang)}"]
        for drop, what in losses:
            lines += wrapped(what if len(losses) == 1 else f"{what} {number(-drop)}", 34)
        width = span * _CHARACTER * max(sum(2 if wide(c) else 1 for c in text) for text in lines)
        start = at if at + width <= x[-1] else max(at - width, float(x[0]))
        end = start + width
        under = line[(x >= start) & (x <= end)]
        step = np.searchsorted(x, at)
        peak = float(line[max(step - 2, 0) : step + 2].max())
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
    axes.plot(
        [flag.at], [flag.peak], color=style.VERMILLION, marker="v", markersize=8,
        markeredgecolor=style.BLACK, markeredgewidth=style.EDGE, zorder=6,
    )  # fmt: skip
    right = flag.start == flag.at
    axes.annotate(
        flag.text, (flag.at, flag.head), (4 if right else -4, 0), textcoords="offset points", va="top",
        ha="left" if right else "right", fontsize=style.SMALL_SIZE, linespacing=1.2, zorder=7,
        bbox={"facecolor": style.WHITE, "edgecolor": "none", "pad": 1.0},
    )  # fmt: skip


def _checked(
    earnings: Any, parts: Mapping[str, Any], total: Any
) -> tuple[np.ndarray, dict[str, np.ndarray], np.ndarray]:
    """All inputs as float64 arrays of one length; every offence at once."""
    x = np.asarray(earnings, dtype=float)
    stack = {name: np.asarray(values, dtype=float) for name, values in parts.items()}
    line = np.asarray(total, dtype=float)
    offences = []
    if x.ndim != 1 or x.size < 2 or not (np.diff(x) > 0).all():
        offences.append(Offence("must be one row of at least two rising values", "earnings"))
    for name, values in (*((f"parts['{name}']", values) for name, values in stack.items()), ("total", line)):
        if values.shape != x.shape:
            offences.append(Offence(f"has shape {values.shape} where earnings has {x.shape}", name))
    for name, values in stack.items():
        if (values < 0).any():
            hint = "take deductions off the total instead"
            offences.append(
                Offence(f"is negative at position {int((values < 0).argmax())}", f"parts['{name}']", hint)
            )
    if offences:
        raise MicrosimError(offences, title="the chart budget_constraint cannot be drawn")
    for name, values in (("earnings", x), *stack.items(), ("total", line)):
        need_numbers(values, name, "budget_constraint")
    return x, stack, line
