"""The charts of a projection: expenditure, recipients and poverty over the years, and flows."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from microsim.charts import style
from microsim.charts.base import (
    Separated,
    below,
    blank,
    decimals_for,
    finished,
    head,
    money_scale,
    need_columns,
    need_numbers,
    number,
)
from microsim.charts.unify import whole_years
from microsim.charts.words import checked, with_unit, word
from microsim.errors import DataError, Offence
from microsim.language import Lang

_COLUMNS = ["year", "measure", "subject", "group", "value"]
_BARS = (
    style.Look(style.BLUE, "", ""),
    style.Look(style.ORANGE, "//", ""),
    style.Look(style.GREEN, "xx", ""),
)
_LOOKS = {
    **style.AREAS,
    "all": style.Look(style.BLACK, "", "o"),
    "nominal": style.Look(style.PURPLE, "", "o"),
    "constant_prices": style.Look(style.SKY, "", "v", "--"),
    "before": style.Look(style.VERMILLION, "", "^"),
    "after": style.Look(style.GREEN, "", "D", "--"),
    "stock": style.Look(style.BLACK, "", "o"),
}


def projection(table: pd.DataFrame, lang: str | None = None, note: str = "") -> Figure:
    """Panels over the years: expenditure (nominal, constant), dibao recipients by area, poverty rates.

    What the table does not have is left out.

    ``table`` is tidy, one figure a row: ``year``, ``measure``, ``subject``, ``group``, ``value``, as the
    table of a projection.
    """
    language = checked(lang)
    need_columns(table, _COLUMNS, "projection")
    there = set(zip(table["measure"], table["subject"], strict=True))
    panels: list[
        tuple[str, dict[str, pd.Series[float]], str]
    ] = []  # what is drawn, its lines, the label of its axis
    if ("cost", "total") in there:
        costs = {
            "nominal": _line(table, "cost", "total"),
            "constant_prices": _line(table, "cost_constant", "total"),
        }
        divisor, unit = money_scale(max(float(line.max()) for line in costs.values()), language)
        lines = {key: line / divisor for key, line in costs.items()}
        panels.append(("cost", lines, with_unit("cost", unit, language)))
    if ("caseload", "dibao") in there:
        areas = {
            area: _line(table, "caseload", "dibao", area)
            for area in ("rural", "urban")
            if ((table["measure"] == "caseload") & (table["group"] == area)).any()
        }
        areas = areas or {"all": _line(table, "caseload", "dibao")}
        panels.append(("recipients", areas, with_unit("recipients", "persons", language)))
    if ("poverty", "headcount") in there:
        rates = {
            "before": 100.0 * _line(table, "poverty", "headcount_before"),
            "after": 100.0 * _line(table, "poverty", "headcount"),
        }
        panels.append(("poverty_rate", rates, with_unit("poverty_rate", "percent", language)))
    if not panels:
        message = "no rows with expenditure, dibao recipients or poverty"
        raise DataError(Offence(message, "table for projection"))
    figure, axes = blank(width=4.2 * max(len(panels), 2), height=4.2, columns=len(panels))
    handles: list[Artist] = []
    for one, (_, drawn, label) in zip(axes, panels, strict=True):
        handles += _lines(one, drawn, language)
        one.set_ylabel(label)
    head(axes, [word(key, language) for key, _, _ in panels], note, width=55 * len(panels))
    below(figure, handles, columns=6)
    return finished(figure)


def flows(table: pd.DataFrame, subject: str, lang: str | None = None, note: str = "") -> Figure:
    """Bars of who came (up), who left (down) and what the population changed, year by year; stock as a line.

    ``table`` as for :func:`projection`; ``subject``: a programme, or ``poor``.
    """
    language = checked(lang)
    need_columns(table, _COLUMNS, "flows")
    figure, (axes, other) = blank(width=9.6, height=4.2, columns=2)
    stock = _line(table, "stock", subject)
    came, left = _line(table, "entries", subject), _line(table, "exits", subject)
    moved = _line(table, "reweighting", subject)
    handles: list[Artist] = []
    floor_up, floor_down = np.zeros(len(came)), np.zeros(len(came))
    for key, line, look in zip(
        ("entries", "exits", "by_population"), (came, -left, moved), _BARS, strict=True
    ):
        heights = line.to_numpy(dtype=float)
        base = np.where(heights >= 0, floor_up, floor_down)
        axes.bar(
            line.index,
            heights,
            0.7,
            bottom=base,
            color=look.colour,
            hatch=look.hatch,
            edgecolor=style.BLACK,
            linewidth=style.EDGE,
        )
        handles.append(
            Patch(
                facecolor=look.colour, edgecolor=style.BLACK, linewidth=style.EDGE, label=word(key, language)
            )
        )
        floor_up, floor_down = floor_up + np.maximum(heights, 0), floor_down + np.minimum(heights, 0)
    axes.axhline(0, color=style.BLACK, linewidth=style.EDGE)
    axes.set_ylabel(with_unit("change_of_persons", "persons", language))
    axes.yaxis.set_major_formatter(Separated())
    whole_years(axes, came.reset_index(), language)
    handles += _lines(other, {"stock": stock}, language)
    other.set_ylabel(with_unit("stock", "persons", language))
    titles = [word("title_flows", language), word(f"title_stock_{subject}", language)]
    head([axes, other], titles, note, width=125)
    below(figure, handles, columns=4)
    return finished(figure)


def _line(table: pd.DataFrame, measure: str, subject: str, group: str = "") -> pd.Series[float]:
    """One figure over the years. Raises ``DataError`` where the table has none."""
    mine = (table["measure"] == measure) & (table["subject"] == subject) & (table["group"] == group)
    rows = table[mine].sort_values("year")
    if rows.empty:
        raise DataError(Offence(f"no rows with measure '{measure}' of '{subject}'", "table for projection"))
    need_numbers(rows["value"].to_numpy(dtype=float), measure, "projection")
    return pd.Series(
        rows["value"].to_numpy(dtype=float), index=rows["year"].to_numpy(), name="value"
    ).rename_axis("year")


def _lines(axes: Axes, lines: dict[str, pd.Series[float]], lang: Lang) -> list[Artist]:
    """Lines over the years, the first and the last value of each beside it; returns the legend's.

    A value is below its line where another line is close above.
    """
    top = max(float(line.max()) for line in lines.values()) or 1.0
    handles: list[Artist] = []
    for k, (key, line) in enumerate(lines.items()):
        look = _LOOKS[key]
        (drawn,) = axes.plot(
            line.index, line, color=look.colour, marker=look.marker, linestyle=look.line,
            linewidth=style.LINE, markersize=5.5, markeredgecolor=style.BLACK, markeredgewidth=style.EDGE,
            label=word(key, lang),
        )  # fmt: skip
        handles.append(drawn)
        others = [other for name, other in lines.items() if name != key]
        for year in sorted({line.index[0], line.index[-1]}):
            value = float(line[year])
            above = [float(other[year]) - value for other in others if float(other[year]) >= value]
            if k and 0.0 in above:
                continue  # the same number is there already
            below_line = any(gap < 0.15 * top for gap in above if gap > 0.0)
            axes.annotate(
                number(value, decimals_for(top)), (float(year), value), (0, -7 if below_line else 6),
                textcoords="offset points", ha="center", va="top" if below_line else "bottom",
                fontsize=style.TEXT_SIZE, zorder=5,
                bbox={"facecolor": style.WHITE, "edgecolor": "none", "pad": 0.6},
            )  # fmt: skip
    axes.set_ylim(0, top * 1.15)
    axes.yaxis.set_major_formatter(Separated())
    whole_years(axes, next(iter(lines.values())).reset_index(), lang)
    return handles
