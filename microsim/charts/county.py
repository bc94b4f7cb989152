"""A synthetic county beside its published figures: ages, household sizes, incomes, what goes with what."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from microsim.charts import style
from microsim.charts.bars import patch
from microsim.charts.base import Separated, below, blank, finished, head, need_columns, need_numbers, number
from microsim.charts.style import Look
from microsim.charts.words import checked, with_unit, word

_SEXES = {"male": -1, "female": 1}
_DARK = 0.6  # size of a correlation from which its number is written in white


def age_pyramid(table: pd.DataFrame, lang: str | None = None, title: str = "", note: str = "") -> Figure:
    """Residents by sex and age: bars of the synthetic county, marks where the published figures lie.

    ``table``: ``sex`` (male, female), ``age_group`` (youngest first), ``target`` and ``found`` (persons).
    """
    language = checked(lang)
    need_columns(table, ["sex", "age_group", "target", "found"], "age_pyramid")
    for column in ("target", "found"):
        need_numbers(table[column].to_numpy(dtype=float), column, "age_pyramid")
    figure, (axes,) = blank(height=5.6)
    looks = {"male": style.look(1), "female": style.look(2)}
    handles: list[Artist] = []
    for sex, side in _SEXES.items():
        rows = table[table["sex"] == sex]
        places = np.arange(len(rows))
        look = looks[sex]
        axes.barh(
            places, side * rows["found"].to_numpy(dtype=float), 0.86,
            color=look.colour, hatch=look.hatch, edgecolor=style.BLACK, linewidth=style.EDGE,
        )  # fmt: skip
        axes.plot(
            side * rows["target"].to_numpy(dtype=float), places, linestyle="", marker="|", markersize=11,
            color=style.BLACK, markeredgewidth=2.0, zorder=5,
        )  # fmt: skip
        handles.append(patch(word(sex, language), look))
    handles.append(_mark(word("published", language), "|"))
    axes.axvline(0, color=style.BLACK, linewidth=style.EDGE)
    groups = list(dict.fromkeys(table["age_group"]))
    axes.set_yticks(range(len(groups)), [str(group) for group in groups])
    axes.grid(axis="y", visible=False)
    axes.xaxis.set_major_formatter(_Unsigned())
    axes.set_xlabel(with_unit("residents", "persons", language))
    axes.set_ylabel(word("age", language))
    head([axes], [word(title or "title_ages", language)], note)
    below(figure, handles)
    return finished(figure)


def household_sizes(table: pd.DataFrame, lang: str | None = None, title: str = "", note: str = "") -> Figure:
    """Shares of households by size: ``size`` (the last: and more), ``target``, ``found`` (ratios)."""
    language = checked(lang)
    need_columns(table, ["size", "target", "found"], "household_sizes")
    figure, (axes,) = blank()
    handles: list[Artist] = []
    places = np.arange(len(table))
    series = (("synthetic", style.OURS, "found"), ("published", style.PUBLISHED, "target"))
    for k, (name, look, column) in enumerate(series):
        values = table[column].to_numpy(dtype=float) * 100
        need_numbers(values, column, "household_sizes")
        bars = axes.bar(
            places + (k - 0.5) * 0.38, values, 0.36,
            color=look.colour, hatch=look.hatch, edgecolor=style.BLACK, linewidth=style.EDGE,
        )  # fmt: skip
        axes.bar_label(bars, [number(value, 1) for value in values], padding=2, fontsize=style.SMALL_SIZE - 1)
        handles.append(patch(word(name, language), look))
    names = [str(size) for size in table["size"]]
    axes.set_xticks(places, [*names[:-1], f"{names[-1]}+"])
    axes.set_xlabel(with_unit("household_size", "persons", language))
    axes.set_ylabel(with_unit("share_of_households", "percent", language))
    axes.yaxis.set_major_formatter(Separated())
    head([axes], [word(title or "title_sizes", language)], note)
    below(figure, handles)
    return finished(figure)


def income_fit(
    lorenz: pd.DataFrame, density: pd.DataFrame, lang: str | None = None, title: str = "", note: str = ""
) -> Figure:
    """Two panels: Lorenz curves with the published points, and densities with the law fitted to them.

    ``lorenz``: ``area``, ``rank``, ``target`` (NaN where nothing is published), ``found`` (ratios).
    ``density``: ``area``, ``income`` (yuan/year), ``target``, ``found`` (share of persons per 1,000 yuan).
    """
    language = checked(lang)
    need_columns(lorenz, ["area", "rank", "target", "found"], "income_fit")
    need_columns(density, ["area", "income", "target", "found"], "income_fit")
    figure, (left, right) = blank(width=9.6, height=4.6, columns=2)
    handles: list[Artist] = []
    left.plot([0, 100], [0, 100], color=style.GREY, linewidth=style.EDGE)
    for i, area in enumerate(dict.fromkeys(lorenz["area"])):
        look = style.AREAS.get(str(area), style.look(i))
        rows = lorenz[lorenz["area"] == area]
        left.plot(rows["rank"] * 100, rows["found"] * 100, look.line, color=look.colour, linewidth=style.LINE)
        known = rows[rows["target"].notna()]
        left.plot(
            known["rank"] * 100, known["target"] * 100, linestyle="", marker=look.marker, markersize=6,
            markerfacecolor=style.WHITE, markeredgecolor=style.BLACK, zorder=5,
        )  # fmt: skip
        rows = density[density["area"] == area]
        thousands = rows["income"].to_numpy(dtype=float) / 1000
        right.step(
            thousands, rows["found"] * 100, look.line, where="mid", color=look.colour, linewidth=style.LINE
        )
        right.plot(thousands, rows["target"] * 100, color=style.BLACK, linewidth=style.EDGE * 1.6, zorder=4)
        (curve,) = left.plot([], [], look.line, color=look.colour, linewidth=style.LINE)
        curve.set_label(word(str(area), language))
        handles.append(curve)
    handles.append(_mark(word("published", language), "o"))
    fitted = Line2D([], [], color=style.BLACK, linewidth=style.EDGE * 1.6)
    fitted.set_label(word("fitted_law", language))
    handles.append(fitted)
    left.set_xlabel(with_unit("share_of_persons", "percent", language))
    left.set_ylabel(with_unit("share_of_income", "percent", language))
    right.set_xlabel(with_unit("income_per_head", "thousand yuan/year", language))
    right.set_ylabel(with_unit("density", "percent", language))
    for axes in (left, right):
        axes.set_xlim(left=0)
        axes.set_ylim(bottom=0)
        axes.xaxis.set_major_formatter(Separated())
        axes.yaxis.set_major_formatter(Separated())
    head([left, right], [word(title or "title_lorenz", language), word("title_density", language)], note, 125)
    below(figure, handles)
    return finished(figure)


def correlation_map(table: pd.DataFrame, lang: str | None = None, title: str = "", note: str = "") -> Figure:
    """What goes with what: correlations between traits of households, as numbers on shades.

    ``table``: ``trait``, and a column of correlations for each trait, in the same order.
    """
    language = checked(lang)
    names = [str(name) for name in table["trait"]] if "trait" in table else []
    need_columns(table, ["trait", *names], "correlation_map")
    values = table[names].to_numpy(dtype=float)
    need_numbers(values.ravel(), "correlations", "correlation_map")
    figure, (axes,) = blank(width=8.4, height=6.8)
    shades = LinearSegmentedColormap.from_list("county", [style.VERMILLION, style.WHITE, style.BLUE])
    axes.imshow(values, cmap=shades, vmin=-1, vmax=1, aspect="auto")
    for row, line in enumerate(values):
        for column, value in enumerate(line):
            if row != column:
                axes.text(
                    column, row, number(value, 2), ha="center", va="center", fontsize=style.SMALL_SIZE - 1,
                    color=style.WHITE if abs(value) > _DARK else style.BLACK,
                )  # fmt: skip
    labels = [word(f"trait_{name}", language) for name in names]
    axes.set_xticks(range(len(names)), labels, rotation=40, ha="right", rotation_mode="anchor")
    axes.set_yticks(range(len(names)), labels)
    axes.tick_params(length=0)
    axes.grid(visible=False)
    head([axes], [word(title or "title_correlations", language)], note)
    looks = (
        ("falls_together", style.VERMILLION),
        ("no_relation", style.WHITE),
        ("rises_together", style.BLUE),
    )
    below(figure, [patch(word(name, language), Look(colour, "", "")) for name, colour in looks])
    return finished(figure)


class _Unsigned(Separated):
    """Both sides of a pyramid count from the middle."""

    def __call__(self, value: float, position: int | None = None) -> str:
        return super().__call__(abs(value), position)


def _mark(label: str, marker: str) -> Line2D:
    return Line2D(
        [], [], linestyle="", marker=marker, markersize=8, markerfacecolor=style.WHITE,
        markeredgecolor=style.BLACK, markeredgewidth=1.5, label=label,
    )  # fmt: skip
