"""Budget lines of described families under several scenarios: small multiples on common scales."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from microsim.charts import style
from microsim.charts.base import (
    Separated,
    below,
    blank,
    finished,
    need_columns,
    need_numbers,
    number,
    wrapped,
)
from microsim.charts.notch_labels import in_life
from microsim.charts.stack import fill, hatched, mark_present, present_sign, stack_floor, stacked
from microsim.charts.words import checked, with_unit, word
from microsim.errors import DataError, Offence
from microsim.language import Lang
from microsim.numerics.ranking import to_rank_by

Labels = Mapping[str, Mapping[str, str]]
# Parts that are no colour of their own on the stack: the line on top, and what is taken off it.
_TOTAL, _COSTS = "total", "costs"
_WIDTH, _HEIGHT = 4.3, 2.6  # inches of a panel
_NUMBER = 0.17  # share of a panel's width that a number takes
_LEAST = 1.0  # yuan: a smaller drop is not marked


def family_lines(
    lines: pd.DataFrame,
    notches: pd.DataFrame,
    lang: str | None = None,
    title: str = "",
    note: str = "",
    labels: Labels | None = None,
    households: pd.DataFrame | None = None,
) -> Figure:
    """Families (rows) under scenarios (columns): resources stacked by source, every drop marked and labelled.

    ``lines``: ``scenario``, ``family``, ``earnings``, ``part``, ``value`` (tidy; places rising, both sides of
    a notch); the part ``total`` is the line, ``costs`` what is taken off (below zero). ``notches``:
    ``scenario``, ``family``, ``at``, ``drop``, and perhaps ``months_of_support`` and
    ``days_of_minimum_wage``. ``labels``: family, scenario or programme -> language -> label. ``households``
    (``scenario``, ``family``, ``present``): where a mark shows the present income. These are the tables of
    ``microsim.studies.cliffs.family_lines``. Raises ``MicrosimError`` for missing columns, values that are
    not finite, and lines without total.
    """
    language = checked(lang)
    need_columns(lines, ["scenario", "family", "earnings", "part", "value"], "family_lines")
    need_numbers(lines["value"].to_numpy(dtype=float), "value", "family_lines")
    if len(notches):
        need_columns(notches, ["scenario", "family", "at", "drop"], "family_lines")
    if households is not None:
        need_columns(households, ["scenario", "family", "present"], "family_lines")
    families, scenarios = (list(dict.fromkeys(lines[c].astype(str))) for c in ("family", "scenario"))
    parts = [p for p in dict.fromkeys(lines["part"].astype(str)) if p not in (_TOTAL, _COSTS)]
    lacking = lines.groupby(["family", "scenario"], sort=False)["part"].agg(
        lambda own: _TOTAL not in set(own)
    )
    if lacking.any():
        where = ", ".join(f"{f} under {s}" for f, s in lacking[lacking].index)
        raise DataError(Offence(f"no part 'total' for {where}", "table for family_lines"))
    rows, looks = len(families), style.looks_of(parts)
    ends = {family: _end(lines, notches, households, family) for family in families}
    figure, panels = blank(
        _WIDTH * max(len(scenarios), 1) + 0.5,
        _HEIGHT * rows + (1.5 if rows > 1 else 2.4),
        len(scenarios),
        rows,
    )
    for row, family in enumerate(families):
        beside = panels[row * len(scenarios) : (row + 1) * len(scenarios)]
        for axes, scenario in zip(beside, scenarios, strict=True):
            own = _of(lines, family, scenario)
            heading = [word(family, language, labels), word(scenario, language, labels)]
            if own.empty:
                axes.set_axis_off()
                continue
            drops = _of(notches, family, scenario) if len(notches) else notches
            drops = drops[drops["drop"] >= _LEAST] if len(drops) else drops
            _panel(axes, own, drops, parts, looks, ends[family])
            if households is not None:
                _present(axes, _of(households, family, scenario), own)
            _headed(axes, heading, drops, language)
        _same_height(beside)
    for k, axes in enumerate(panels):
        axes.xaxis.set_major_locator(MaxNLocator(5))
        axes.xaxis.set_major_formatter(Separated())
        axes.yaxis.set_major_formatter(Separated())
        if k % len(scenarios):
            axes.tick_params(labelleft=False)
        if k // len(scenarios) == rows - 1:
            axes.set_xlabel(with_unit("own_earnings", "yuan/year", language, labels))
    figure.supylabel(with_unit("resources", "yuan/year", language), fontsize=style.TEXT_SIZE + 0.5)
    _title(figure, word(title or "title_families", language), note, len(scenarios))
    costs = (lines["part"] == _COSTS).any()
    below(figure, _legend(parts, bool(len(notches)), bool(costs), households is not None, language, labels))
    return finished(figure)


def _of(table: pd.DataFrame, family: str, scenario: str) -> pd.DataFrame:
    return table[(table["family"].astype(str) == family) & (table["scenario"].astype(str) == scenario)]


def _end(lines: pd.DataFrame, notches: pd.DataFrame, households: pd.DataFrame | None, family: str) -> float:
    """Where a family's panels end: a fifth beyond its last drop and present income under any scenario."""
    last = [0.0]
    for table, column in ((notches, "at"), (households, "present")):
        if table is not None and len(table):
            last += list(table.loc[table["family"].astype(str) == family, column].astype(float))
    far = float(lines.loc[lines["family"].astype(str) == family, "earnings"].max())
    return min(max(1.25 * max(last), 0.1 * far), far)


def _panel(
    axes: Axes,
    own: pd.DataFrame,
    drops: pd.DataFrame,
    parts: list[str],
    looks: Mapping[str, style.Look],
    end: float,
) -> None:
    """One family under one scenario: the stack, the line, a mark and a number at each drop."""
    line = own[own["part"] == _TOTAL]
    x, total = line["earnings"].to_numpy(dtype=float), line["value"].to_numpy(dtype=float)
    stack = {}
    for part in parts:
        values = own.loc[own["part"] == part, "value"].to_numpy(dtype=float)
        if len(values) == len(x):  # otherwise this family never has it
            stack[part] = np.maximum(values, 0.0)
    for part, under, over in stacked(stack, total):
        axes.fill_between(x, under, over, **fill(looks[part], 0.3))
    bottom = stack_floor(stack, total)
    if bottom.any():
        axes.fill_between(x, bottom, 0.0, **hatched())
    axes.plot(x, total, color=style.WHITE, linewidth=style.LINE + 1.8, solid_capstyle="butt", zorder=3)
    axes.plot(x, total, color=style.BLACK, linewidth=style.LINE, zorder=4)
    axes.set_xlim(float(x[0]), end)
    low = min(float(total[x <= end].min()), float(bottom[x <= end].min()))
    high = max(float(total[x <= end].max()), float(np.interp(end, x, total)), 1.0)
    axes.set_ylim(low * 1.08, high + 0.16 * (high - low))
    if low < 0.0:
        axes.axhline(0.0, color=style.GREY, linewidth=style.EDGE, zorder=3)
    numbered: list[float] = []
    for _, drop in drops.sort_values(
        "drop", ascending=False, key=lambda sizes: sizes.map(to_rank_by), kind="stable"
    ).iterrows():
        at = float(drop["at"])
        peak = float(total[np.abs(x - at) <= 1e-6].max(initial=float(np.interp(at, x, total))))
        axes.plot(
            [at], [peak], color=style.VERMILLION, marker="v", markersize=6,
            markeredgecolor=style.BLACK, markeredgewidth=style.EDGE, zorder=6, clip_on=False,
        )  # fmt: skip
        # The largest are labelled; a number that would touch another is left to the table.
        near = _NUMBER * (end - float(x[0]))
        if all(abs(at - other) > near for other in numbered):
            numbered.append(at)
            left = at < near / 2 + x[0]
            axes.annotate(
                number(-float(drop["drop"])), (at, peak), (-3 if left else 0, 6), textcoords="offset points",
                ha="left" if left else "center", va="bottom", fontsize=style.SMALL_SIZE - 1, zorder=7,
                bbox={"facecolor": style.WHITE, "edgecolor": "none", "pad": 0.5},
            )  # fmt: skip


def _present(axes: Axes, households: pd.DataFrame, own: pd.DataFrame) -> None:
    """A ring on the line of the family's present position."""
    line = own[own["part"] == _TOTAL]
    x, total = line["earnings"].to_numpy(dtype=float), line["value"].to_numpy(dtype=float)
    for present in households["present"].to_numpy(dtype=float):
        if x[0] <= present <= x[-1]:
            mark_present(axes, present, float(np.interp(present, x, total)), size=6.0)


def _headed(axes: Axes, heading: list[str], drops: pd.DataFrame, lang: Lang) -> None:
    """Above a panel: the family, and in small type the scenario and its largest drop in life's terms."""
    family, scenario = heading
    small = [*wrapped(scenario, 64)]
    if len(drops):
        worst = drops.iloc[int(drops["drop"].to_numpy().argmax())]
        colon = "：" if lang == "zh" else " "
        small.append(f"{word('largest_drop', lang)}{colon}{number(float(worst['drop']))}")
        life = in_life(worst, lang)
        small += [life] if life else []
    else:
        small.append(word("no_drop", lang))
    axes.set_title(family, loc="left", fontsize=style.TITLE_SIZE - 2, pad=6 + 11.0 * len(small))
    axes.annotate(
        "\n".join(small), (0, 1), (0, 5), xycoords="axes fraction", textcoords="offset points", va="bottom",
        fontsize=style.SMALL_SIZE - 0.5, color=style.GREY, linespacing=1.2,
    ).set_in_layout(False)  # fmt: skip


def _same_height(panels: list[Axes]) -> None:
    """One scale for a family, so that scenarios can be compared."""
    limits = [axes.get_ylim() for axes in panels if axes.axison]
    for axes in panels:
        axes.set_ylim(min(low for low, _ in limits), max(high for _, high in limits))


def _title(figure: Figure, title: str, note: str, columns: int) -> None:
    """The title above all panels, and under it, in small type, what a reader must know besides."""
    lines = wrapped(note, 60 * columns)
    # Empty lines keep the room, since one text has one size of type.
    above = figure.suptitle(
        title + "\n" * len(lines), x=0.01, ha="left", fontsize=style.TITLE_SIZE, linespacing=1.25
    )
    if lines:
        figure.axes[0].annotate(
            "\n".join(lines), (0, 0), xycoords=above, va="bottom", ha="left", fontsize=style.SMALL_SIZE,
            color=style.GREY, linespacing=1.25, annotation_clip=False,
        ).set_in_layout(False)  # fmt: skip


def _legend(
    parts: list[str], notches: bool, costs: bool, present: bool, lang: Lang, labels: Labels | None
) -> list[Artist]:
    looks = style.looks_of(parts)
    handles: list[Artist] = [Patch(label=word(p, lang, labels), **fill(looks[p], 0.3)) for p in parts]
    if costs:
        handles.append(Patch(label=word(_COSTS, lang), **fill(style.COSTS, 0.3)))
    handles.append(
        Line2D([], [], color=style.BLACK, linewidth=style.LINE, label=word("total_resources", lang))
    )
    if notches:
        handles.append(
            Line2D(
                [],
                [],
                color=style.VERMILLION,
                marker="v",
                linestyle="none",
                markersize=7,
                markeredgecolor=style.BLACK,
                markeredgewidth=style.EDGE,
                label=word("notch", lang),
            )
        )
    if present:
        handles.append(present_sign(lang))
    return handles
