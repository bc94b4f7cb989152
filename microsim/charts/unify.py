"""The unification chart: what each year costs, how far the lines have met, what burden that is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
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
from microsim.charts.words import checked, with_unit, word
from microsim.errors import DataError, Offence
from microsim.language import Lang

_MEASURES = ("cost", "line_ratio", "revenue_share")


def unification(table: pd.DataFrame, lang: str | None = None, title: str = "", note: str = "") -> Figure:
    """Two panels over the years of one path: expenditure stacked by area; line ratio and revenue share in %.

    ``table`` is tidy, one figure a row: ``year``, ``measure``, ``group``, ``value``. Measures: ``cost``
    (yuan/year, one row per area in ``group``), ``line_ratio`` (rural line over urban) and ``revenue_share``
    (expenditure over revenue), both ratios for the whole county (``group`` empty or ``all``). Other measures
    are passed over. The table must hold one path, and of each measure one subject.
    """
    language = checked(lang)
    need_columns(table, ["year", "measure", "group", "value"], "unification")
    _check_rows(table)
    figure, (left, right) = blank(width=9.6, height=4.4, columns=2)
    handles = _cost_panel(left, table[table["measure"] == "cost"], language)
    handles += _ratio_panel(right, table, language)
    titles = [word(title or "title_unification_cost", language), word("title_unification_ratio", language)]
    head([left, right], titles, note, width=125)
    below(figure, handles, columns=5)
    return finished(figure)


def _check_rows(table: pd.DataFrame) -> None:
    offences = []
    if "path" in table.columns and table["path"].nunique() > 1:
        names = ", ".join(sorted(map(str, table["path"].unique())))
        offences.append(
            Offence(f"holds several paths ({names})", "table for unification", "select one of them")
        )
    drawn = table[table["measure"].isin(_MEASURES)]
    repeated = drawn[
        drawn.duplicated([c for c in ("path", "year", "measure", "group") if c in table.columns])
    ]
    for name in repeated["measure"].unique():
        subjects = table.loc[table["measure"] == name, "subject"] if "subject" in table.columns else ()
        which = f" ({', '.join(sorted(set(map(str, subjects))))})" if len(subjects) else ""
        offences.append(
            Offence(
                f"holds measure '{name}' more than once for a year and group{which}",
                "table for unification",
                "select one subject",
            )
        )
    present = set(table["measure"])
    offences += [
        Offence(f"no rows with measure '{name}'", "table for unification")
        for name in _MEASURES
        if name not in present
    ]
    if offences:
        raise DataError(offences, title="the chart unification cannot be drawn")


def _cost_panel(axes: Axes, rows: pd.DataFrame, lang: Lang) -> list[Artist]:
    """Stacked bars by area; returns the legend's handles."""
    wide = rows.assign(group=rows["group"].astype(str)).pivot_table(
        index="year", columns="group", values="value", aggfunc="sum"
    )
    areas = [a for a in ("rural", "urban") if a in wide.columns]
    areas += [a for a in wide.columns if a not in (*areas, "all", "")]
    areas = areas or list(wide.columns)
    costs = wide[areas].to_numpy(dtype=float)
    need_numbers(costs, "cost", "unification")
    divisor, unit = money_scale(float(costs.sum(axis=1).max()), lang)
    floor = np.zeros(len(wide))
    handles: list[Artist] = []
    for i, area in enumerate(areas):
        look = style.AREAS.get(area, style.look(i))
        heights = costs[:, i] / divisor
        options: dict[str, Any] = {"hatch": look.hatch, "edgecolor": style.BLACK, "linewidth": style.EDGE}
        axes.bar(wide.index, heights, 0.7, bottom=floor, color=look.colour, **options)
        handles.append(Patch(facecolor=look.colour, label=word(area, lang), **options))
        floor = floor + heights
    for end in _ends(len(wide)):
        text = number(float(floor[end]), decimals_for(float(floor.max())))
        _say(axes, float(wide.index[end]), float(floor[end]), text)
    axes.set_ylim(0, float(floor.max() or 1.0) * 1.12)
    axes.set_ylabel(with_unit("cost", unit, lang))
    axes.yaxis.set_major_formatter(Separated())
    whole_years(axes, rows, lang)
    return handles


def _ratio_panel(axes: Axes, table: pd.DataFrame, lang: Lang) -> list[Artist]:
    """Both ratios as lines over the years, with the line of 100 %; returns the legend's handles."""
    handles: list[Artist] = []
    top = 100.0
    for measure, look in (
        ("line_ratio", style.Look(style.GREEN, "", "o")),
        ("revenue_share", style.Look(style.PURPLE, "", "s", "--")),
    ):
        rows = table[table["measure"] == measure]
        county = rows[rows["group"].isna() | rows["group"].isin(["", "all"])]
        rows = (county if len(county) else rows).sort_values("year")
        percent = rows["value"].to_numpy(dtype=float) * 100
        need_numbers(percent, measure, "unification")
        (line,) = axes.plot(
            rows["year"], percent, color=look.colour, marker=look.marker, linestyle=look.line,
            linewidth=style.LINE, markersize=5.5, markeredgecolor=style.BLACK, markeredgewidth=style.EDGE,
            label=word(measure, lang),
        )  # fmt: skip
        handles.append(line)
        for end in _ends(len(rows)):
            _say(axes, float(rows["year"].iloc[end]), float(percent[end]), f"{number(percent[end])} %", 5)
        top = max(top, float(percent.max()))
    limit = Line2D([], [], color=style.VERMILLION, linewidth=1.2, linestyle=":", label="100 %")
    axes.axhline(100, color=style.VERMILLION, linewidth=1.2, linestyle=":", zorder=1)
    axes.set_ylim(0, top * 1.12)
    axes.set_ylabel(with_unit("ratio", "percent", lang))
    axes.yaxis.set_major_formatter(Separated())
    whole_years(axes, table, lang)
    return [*handles, limit]


def _ends(count: int) -> list[int]:
    """The first and the last year: what lies between them the eye reads off the axis."""
    return sorted({0, count - 1})


def _say(axes: Axes, year: float, height: float, text: str, gap: float = 2) -> None:
    """A value above its bar or marker (``gap`` in points), over whatever line crosses it."""
    axes.annotate(
        text, (year, height), (0, gap), textcoords="offset points", ha="center", va="bottom",
        fontsize=style.TEXT_SIZE, zorder=5, bbox={"facecolor": style.WHITE, "edgecolor": "none", "pad": 0.6},
    )  # fmt: skip


def whole_years(axes: Axes, rows: pd.DataFrame, lang: Lang) -> None:
    """Whole years below the panel, eight at most, with the same room beside the first and the last."""
    first, last = int(rows["year"].min()), int(rows["year"].max())
    years = range(first, last + 1, (last - first) // 8 + 1)
    axes.set_xticks(years, [str(year) for year in years])
    axes.set_xlim(first - 0.6, last + 0.6)
    axes.set_xlabel(word("year", lang))
