"""Bars by area: expenditure, caseload, burden on revenue, poverty."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from microsim.charts import style
from microsim.charts.bars import Series, bars_of, grouped, name_groups
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
)
from microsim.charts.style import Look
from microsim.charts.words import checked, with_unit, word


def cost_by_area(table: pd.DataFrame, lang: str | None = None, title: str = "", note: str = "") -> Figure:
    """Expenditure of this run and of the source paper.

    ``table``: ``area`` (rural, urban, all, or any name), ``value`` (yuan/year), optionally ``paper``
    (yuan/year; NaN where the paper prints none). The axis is in million yuan (in Chinese 万元)
    once a bar reaches a million.
    """
    language = checked(lang)
    values, paper = _ours_and_paper(table, "cost_by_area")
    divisor, unit = money_scale(_largest(values, paper), language)
    return _beside_paper(
        table, values / divisor, paper / divisor, lang, "cost", unit, title or "title_cost", note
    )


def caseload_by_area(table: pd.DataFrame, lang: str | None = None, title: str = "", note: str = "") -> Figure:
    """Recipients of this run beside the source paper's.

    ``table``: ``area``, ``value`` (persons), optionally ``paper`` (persons; NaN where the paper prints none).
    """
    values, paper = _ours_and_paper(table, "caseload_by_area")
    return _beside_paper(table, values, paper, lang, "recipients", "persons", title or "title_caseload", note)


def revenue_share(table: pd.DataFrame, lang: str | None = None, title: str = "", note: str = "") -> Figure:
    """Expenditure over the county's general public budget revenue, with a line at 100 % of revenue.

    ``table``: ``area``, ``value`` (a ratio: 1.0 is 100 %). Say in ``note`` what the revenue rests on.
    """
    language = checked(lang)
    need_columns(table, ["area", "value"], "revenue_share")
    percent = table["value"].to_numpy(dtype=float) * 100
    need_numbers(percent, "value", "revenue_share")
    figure, (axes,) = blank()
    names = [str(area) for area in table["area"]]
    looks = [style.AREAS.get(name, style.look(i)) for i, name in enumerate(names)]
    for i, (height, look) in enumerate(zip(percent, looks, strict=True)):
        bars_of(axes, np.array([i]), np.array([height]), 0.55, look, 1 if height < 100 else 0, suffix=" %")
    axes.axhline(100, color=style.VERMILLION, linewidth=style.LINE, linestyle="--", zorder=3)
    name_groups(axes, [word(name, language) for name in names])
    axes.set_ylim(0, max(100.0, float(percent.max())) * 1.14)
    axes.set_ylabel(with_unit("share_of_revenue", "percent", language))
    axes.yaxis.set_major_formatter(Separated())
    head([axes], [word(title or "title_revenue", language)], note)
    limit = Line2D([], [], color=style.VERMILLION, linewidth=style.LINE, linestyle="--")
    limit.set_label(word("whole_revenue", language))
    below(figure, [limit])
    return finished(figure)


def poverty_before_after(
    table: pd.DataFrame, lang: str | None = None, title: str = "", note: str = ""
) -> Figure:
    """Headcount rate before and after assistance.

    ``table``: ``area``, ``before``, ``after`` (ratios: 0.1 is 10 %). Say in ``note`` which
    poverty line is meant.
    """
    language = checked(lang)
    need_columns(table, ["area", "before", "after"], "poverty_before_after")
    before = table["before"].to_numpy(dtype=float) * 100
    after = table["after"].to_numpy(dtype=float) * 100
    need_numbers(np.concatenate([before, after]), "before, after", "poverty_before_after")
    figure, (axes,) = blank()
    series = [
        Series(word("before", language), Look(style.LIGHT_GREY, "//", "o"), before),
        Series(word("after", language), style.OURS, after),
    ]
    handles = grouped(axes, series, decimals=1, suffix=" %")
    name_groups(axes, [word(str(area), language) for area in table["area"]])
    axes.set_ylabel(with_unit("poverty_rate", "percent", language))
    axes.yaxis.set_major_formatter(Separated())
    head([axes], [word(title or "title_poverty", language)], note)
    below(figure, handles)
    return finished(figure)


def _ours_and_paper(table: pd.DataFrame, chart: str) -> tuple[np.ndarray, np.ndarray]:
    """Both columns as float64; all NaN where the table has no column ``paper``."""
    need_columns(table, ["area", "value"], chart)
    values = table["value"].to_numpy(dtype=float)
    need_numbers(values, "value", chart)
    paper = table["paper"].to_numpy(dtype=float) if "paper" in table.columns else np.full(len(table), np.nan)
    return values, paper


def _largest(values: np.ndarray, paper: np.ndarray) -> float:
    return float(np.nanmax(np.concatenate([values, paper])))


def _beside_paper(
    table: pd.DataFrame,
    values: np.ndarray,
    paper: np.ndarray,
    lang: str | None,
    measure: str,
    unit: str,
    title: str,
    note: str,
) -> Figure:
    """Our bars, and the paper's beside them where it prints a figure. Values are in ``unit`` already."""
    language = checked(lang)
    figure, (axes,) = blank()
    series = [Series(word("ours", language), style.OURS, values)]
    if np.isfinite(paper).any():
        series.append(Series(word("paper", language), style.PUBLISHED, paper))
    decimals = 0 if unit == "persons" else decimals_for(_largest(values, paper))
    handles = grouped(axes, series, decimals)
    name_groups(axes, [word(str(area), language) for area in table["area"]])
    axes.set_ylabel(with_unit(measure, unit, language))
    axes.yaxis.set_major_formatter(Separated())
    head([axes], [word(title, language)], note)
    below(figure, handles)
    return finished(figure)
