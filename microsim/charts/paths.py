"""Charts of paths to one standard: what each does over the years, and who pays for one of them."""

from __future__ import annotations

from typing import Any

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
    finished,
    head,
    money_scale,
    need_columns,
    need_numbers,
)
from microsim.charts.ledger import PAYERS
from microsim.charts.unify import whole_years
from microsim.charts.words import checked, with_unit, word
from microsim.errors import DataError, Offence

# Panels of ``unification_paths``: measure, whether it is a share shown in per cent, and the word of its axis.
_PANELS = (("line_ratio", True, "line_ratio"), ("cost", False, "cost"), ("poverty", True, "poverty_rate"))


def unification_paths(table: pd.DataFrame, lang: str | None = None, note: str = "") -> Figure:
    """Three panels over the years, one line a path: the ratio of the lines, expenditure, rural poverty.

    ``table``: ``path``, ``year``, ``measure`` (``line_ratio``, ``cost`` in yuan/year, ``poverty``; the first
    and the last are shares), ``value``; one row for each path, year and measure. Paths are named as given.
    """
    language = checked(lang)
    need_columns(table, ["path", "year", "measure", "value"], "unification_paths")
    _one_each(table, "unification_paths", ["path", "year", "measure"], [name for name, _, _ in _PANELS])
    figure, panels = blank(width=12.0, height=4.6, columns=3)
    handles: list[Artist] = []
    for axes, (measure, percent, label) in zip(panels, _PANELS, strict=True):
        rows = table[table["measure"] == measure]
        values = rows["value"].to_numpy(dtype=float)
        need_numbers(values, measure, "unification_paths")
        divisor, unit = (0.01, "percent") if percent else money_scale(float(values.max()), language)
        lines = _lines(axes, rows, divisor)
        handles = handles or lines
        top = float(values.max()) / divisor
        axes.set_ylim(0, (max(top, 1e-9)) * 1.12)
        axes.set_ylabel(with_unit(label, unit, language))
        axes.yaxis.set_major_formatter(Separated())
        whole_years(axes, table, language)
    titles = [word(f"title_paths_{measure}", language) for measure, _, _ in _PANELS]
    head(panels, titles, note, width=165)
    below(figure, handles, columns=4)
    return finished(figure)


def payers_over_years(table: pd.DataFrame, lang: str | None = None, note: str = "") -> Figure:
    """Stacked bars over the years of one path: what each level of budget, and whoever else, pays.

    ``table``: ``year``, ``payer`` (centre, province, prefecture, county, township, or another payer), and
    ``value`` (yuan/year); one row for each year and payer.
    """
    language = checked(lang)
    need_columns(table, ["year", "payer", "value"], "payers_over_years")
    _one_each(table, "payers_over_years", ["year", "payer"])
    wide = table.pivot_table(index="year", columns="payer", values="value", aggfunc="sum").fillna(0.0)
    shown = [name for name in PAYERS if name in wide.columns and (wide[name] > 0).any()]
    amounts = wide[shown].to_numpy(dtype=float)
    need_numbers(amounts, "value", "payers_over_years")
    figure, (axes,) = blank(width=7.6, height=4.8)
    divisor, unit = money_scale(float(amounts.sum(axis=1).max()), language)
    floor = np.zeros(len(wide))
    handles: list[Artist] = []
    for i, name in enumerate(shown):
        look = PAYERS[name]
        options: dict[str, Any] = {"hatch": look.hatch, "edgecolor": style.BLACK, "linewidth": style.EDGE}
        axes.bar(wide.index, amounts[:, i] / divisor, 0.7, bottom=floor, color=look.colour, **options)
        handles.append(Patch(facecolor=look.colour, label=word(name, language), **options))
        floor = floor + amounts[:, i] / divisor
    axes.set_ylim(0, float(floor.max() or 1.0) * 1.12)
    axes.set_ylabel(with_unit("cost", unit, language))
    axes.yaxis.set_major_formatter(Separated())
    whole_years(axes, table, language)
    head([axes], [word("title_payers_over_years", language)], note)
    below(figure, handles, columns=4)
    return finished(figure)


def _lines(axes: Axes, rows: pd.DataFrame, divisor: float) -> list[Artist]:
    """One line a path; returns the legend's handles."""
    handles: list[Artist] = []
    for i, name in enumerate(dict.fromkeys(rows["path"])):
        own, look = rows[rows["path"] == name].sort_values("year"), style.look(i)
        values = own["value"].to_numpy(dtype=float) / divisor
        (line,) = axes.plot(
            own["year"], values, color=look.colour, marker=look.marker, linestyle=look.line,
            linewidth=style.LINE, markersize=5.0, markeredgecolor=style.BLACK, markeredgewidth=style.EDGE,
            label=str(name),
        )  # fmt: skip
        handles.append(line)
    return handles


def _one_each(table: pd.DataFrame, chart: str, keys: list[str], measures: list[str] | None = None) -> None:
    """Every figure once, and every measure there."""
    place = f"table for {chart}"
    rows = table if measures is None else table[table["measure"].isin(measures)]
    offences = [
        Offence(f"no rows with measure '{name}'", place)
        for name in measures or ()
        if name not in set(table["measure"])
    ]
    if rows.duplicated(keys).any():
        offences.append(Offence(f"holds a figure twice for the same {', '.join(keys)}", place, "select one"))
    if not len(table):
        offences.append(Offence("is empty", place))
    if offences:
        raise DataError(offences, title=f"the chart {chart} cannot be drawn")


def planned_path(
    table: pd.DataFrame, cap: float | None = None, lang: str | None = None, note: str = ""
) -> Figure:
    """Two panels over the years of a planned path: the ratio of the lines, and the county's burden.

    ``table``: ``year``, ``ratio``, ``burden`` (both shares), one row a year. ``cap``: a share, as a line.
    """
    language = checked(lang)
    need_columns(table, ["year", "ratio", "burden"], "planned_path")
    _one_each(table, "planned_path", ["year"])
    figure, panels = blank(width=9.6, height=4.4, columns=2)
    handles: list[Artist] = []
    for k, (axes, name) in enumerate(zip(panels, ("ratio", "burden"), strict=True)):
        percent = table[name].to_numpy(dtype=float) * 100
        need_numbers(percent, name, "planned_path")
        (line,) = axes.plot(
            table["year"], percent, color=style.look(k).colour, marker=style.look(k).marker,
            linewidth=style.LINE, markersize=5.5, markeredgecolor=style.BLACK, markeredgewidth=style.EDGE,
            label=word(("line_ratio", "county_burden")[k], language),
        )  # fmt: skip
        handles.append(line)
        top, low = float(percent.max()), min(float(percent.min()), 0.0)
        if k == 1 and cap is not None:
            label = word("cap", language)
            handles.append(
                axes.axhline(100 * cap, color=style.VERMILLION, linewidth=1.4, linestyle=":", label=label)
            )
            top = max(top, 100 * cap)
        axes.set_ylim(low, max(top, 1e-9) * 1.12)
        axes.set_ylabel(with_unit("ratio", "percent", language))
        axes.yaxis.set_major_formatter(Separated())
        whole_years(axes, table, language)
    titles = [word(f"title_planned_{name}", language) for name in ("ratio", "burden")]
    head(panels, titles, note, width=125)
    below(figure, handles, columns=3)
    return finished(figure)
