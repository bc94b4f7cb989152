"""Dibao month by month: what a job changes, and how many are paid."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from microsim.charts import style
from microsim.charts.base import Separated, below, blank, finished, head, need_columns, need_numbers, number
from microsim.charts.comparison import BASE, REFORM
from microsim.charts.style import Look
from microsim.charts.words import checked, with_unit, word
from microsim.language import Lang

LOOKS: Mapping[str, Look] = {"base": BASE, "reform": REFORM, "all": Look(style.BLUE, "", "s")}
LINE_COLOUR = {"base": style.GREY}  # a light grey line would be lost


def job_by_month(table: pd.DataFrame, lang: str | None = None, note: str = "") -> Figure:
    """A panel for each wage: the mean change of resources in each month after a job was taken.

    ``table``: ``series`` (base, reform, or all), ``wage`` (yuan/year), ``month`` (from 1) and ``value``
    (yuan/month). Raises ``MicrosimError`` for columns that are missing and values that are not finite.
    """
    language = checked(lang)
    need_columns(table, ["series", "wage", "month", "value"], "job_by_month")
    need_numbers(table["value"].to_numpy(dtype=float), "value", "job_by_month")
    wages = sorted(set(table["wage"]))
    figure, panels = blank(width=3.4 * max(len(wages), 2), height=4.2, columns=len(wages))
    handles: list[Artist] = []
    for axes, wage in zip(panels, wages, strict=True):
        handles = _lines(axes, table[table["wage"] == wage], language)
        axes.axhline(0.0, color=style.BLACK, linewidth=1.0, zorder=2)
        axes.set_xlabel(word("months_after_job", language))
    panels[0].set_ylabel(with_unit("change_of_resources", "yuan/month", language))
    titles = [word("title_job", language).format(wage=number(wage)) for wage in wages]
    head(panels, titles, note, width=42 * len(wages))
    below(figure, handles)
    return finished(figure)


def caseload_by_month(table: pd.DataFrame, lang: str | None = None, note: str = "") -> Figure:
    """Recipients of dibao from month to month.

    ``table``: ``series`` (base, reform, or all), ``year``, ``month`` and ``value`` (persons). Raises
    ``MicrosimError`` for columns that are missing and values that are not finite.
    """
    language = checked(lang)
    need_columns(table, ["series", "year", "month", "value"], "caseload_by_month")
    need_numbers(table["value"].to_numpy(dtype=float), "value", "caseload_by_month")
    figure, (axes,) = blank(width=8.0, height=4.2)
    at = table["year"] + (table["month"] - 1) / 12.0
    handles = _lines(axes, table.assign(month=at), language, marked=False)
    axes.set_xticks(sorted(set(table["year"])))
    axes.set_xlabel(word("year", language))
    axes.set_ylabel(with_unit("recipients", "persons", language))
    axes.set_ylim(0.0, float(table["value"].max()) * 1.12)
    head([axes], [word("title_caseload_months", language)], note)
    below(figure, handles)
    return finished(figure)


def _lines(axes: Axes, rows: pd.DataFrame, lang: Lang, marked: bool = True) -> list[Artist]:
    """A line for each series; returns the legend's handles."""
    handles: list[Artist] = []
    for name in [name for name in LOOKS if (rows["series"] == name).any()]:
        own = rows[rows["series"] == name].sort_values("month")
        look = LOOKS[name]
        (line,) = axes.plot(
            own["month"],
            own["value"].to_numpy(dtype=float),
            color=LINE_COLOUR.get(name, look.colour),
            linestyle=look.line,
            linewidth=style.LINE,
            marker=look.marker if marked else "",
            markersize=3.5,
            label=word(name, lang),
        )
        handles.append(line)
    axes.yaxis.set_major_formatter(Separated())
    if marked:
        last = int(np.max(rows["month"]))
        axes.set_xticks([1, *range(6, last + 1, 6)])
    return handles
