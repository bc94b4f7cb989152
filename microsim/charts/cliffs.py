"""Cliffs of a population: who loses how much, how far the next drop is, and what a reform changes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, LogNorm
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from microsim.charts import style
from microsim.charts.bars import patch
from microsim.charts.base import (
    Separated,
    below,
    blank,
    decimals_for,
    finished,
    head,
    need_columns,
    need_numbers,
    number,
    wrapped,
)
from microsim.charts.style import Look
from microsim.charts.words import checked, with_unit, word
from microsim.errors import DataError, Offence
from microsim.language import Lang

Labels = Mapping[str, Mapping[str, str]]
AHEAD = (500.0, 1000.0, 3000.0)  # yuan: the distances of the figures
MANY = 600  # households from which they are counted in cells instead of drawn one by one
_SHADES = LinearSegmentedColormap.from_list("loss", [style.WHITE, style.SKY, style.BLUE, "#002A42"])
FEWEST = 10  # households in the data: a mean over fewer is not shown
_DARK = 0.45  # lightness of a shade below which numbers on it are white
_LABEL: Mapping[Lang, int] = {"en": 13, "zh": 8}  # characters of a line under a bar
SHARES = (
    "facing_notch_within_500",
    "facing_notch_within_1000",
    "facing_notch_within_3000",
    "share_in_dead_zone",
    "marginal_rate_at_least_100",
)
LOSSES = ("mean_loss", "mean_total_loss")


def loss_map(
    table: pd.DataFrame,
    lang: str | None = None,
    title: str = "",
    note: str = "",
    labels: Labels | None = None,
    measure: str = "mean_loss",
) -> Figure:
    """Loss by household type (rows) and income band (columns), as numbers on light to dark shades.

    ``table``: ``household_type``, ``income_band`` (a text such as ``0-5,000``), ``value`` (yuan/year; nan
    where nobody loses); each pair once, in the order in which they are shown; and perhaps ``households``
    (weighted), written below each value, and ``rows`` (households in the data), of which fewer than 10 show
    no value. Types of the vocabulary are written in the chart's language. ``measure``: what the values are.
    """
    language = checked(lang)
    need_columns(table, ["household_type", "income_band", "value"], "loss_map")
    if table.duplicated(["household_type", "income_band"]).any():
        hint = "select one scenario"
        raise DataError(Offence("a type and band occur more than once", "table for loss_map", hint))
    types, bands = (list(dict.fromkeys(table[c].astype(str))) for c in ("household_type", "income_band"))

    def cells(column: str) -> np.ndarray:
        wide = table.astype({"household_type": str, "income_band": str}).pivot(
            index="household_type", columns="income_band", values=column
        )
        return wide.reindex(index=types, columns=bands).to_numpy(dtype=float, copy=True)

    values = cells("value")
    counts = cells("households") if "households" in table.columns else None
    few = np.zeros(values.shape, dtype=bool)
    if "rows" in table.columns:
        few = np.isfinite(values) & (cells("rows") < FEWEST)
        values[few] = np.nan
    known = np.isfinite(values)
    if not known.any() or np.isinf(values).any() or (values[known] < 0).any():
        raise DataError(Offence("contains no losses, or negative ones", "table for loss_map: value"))
    top = max(float(values[known].max()), 1.0)
    figure, (axes,) = blank(width=max(7.0, 2.4 + 1.05 * len(bands)), height=1.9 + 0.52 * len(types))
    axes.imshow(np.where(known, values, 0.0), cmap=_SHADES, vmin=0.0, vmax=top, aspect="auto")
    for row, column in np.ndindex(values.shape):
        value = float(values[row, column])
        here = bool(known[row, column])
        text = number(value) if here else "<" if few[row, column] else "–"
        ink = style.WHITE if here and _dark(value / top) else style.BLACK
        axes.text(column, row, text, ha="center", va="center", fontsize=style.TEXT_SIZE, color=ink)
        if counts is not None and here:
            households = f"({number(float(counts[row, column]))})"
            axes.text(column, row + 0.34, households, ha="center", va="center", fontsize=6.5, color=ink)
    axes.set_xticks(range(len(bands)), bands)
    axes.set_yticks(range(len(types)), [word(kind, language, labels) for kind in types])
    axes.set_xticks(np.arange(len(bands) + 1) - 0.5, minor=True)
    axes.set_yticks(np.arange(len(types) + 1) - 0.5, minor=True)
    axes.grid(visible=False)
    axes.grid(which="minor", color=style.WHITE, linewidth=2.0)
    axes.tick_params(which="both", length=0)
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.set_xlabel(with_unit("income_band", "yuan/year", language))
    head([axes], [word(title or "title_loss_map", language)], note)
    shades = [
        Patch(
            facecolor=_SHADES(share), edgecolor=style.BLACK, linewidth=style.EDGE, label=number(share * top)
        )
        for share in (0.0, 0.5, 1.0)
    ]
    shades[0].set_label(f"{with_unit(measure, 'yuan/year', language)}: {shades[0].get_label()}")
    absent = Line2D([], [], color=style.BLACK, marker="_", linestyle="", label=word("nobody", language))
    signs = [absent] if (~known & ~few).any() else []
    if few.any():
        signs.append(Line2D([], [], linestyle="", label=f"<  {word('few_rows', language)}"))
    if counts is not None:
        signs.append(Line2D([], [], linestyle="", label=f"( )  {word('households_facing', language)}"))
    below(figure, [*shades, *signs])
    return finished(figure)


def _dark(share: float) -> bool:
    """Whether black would not be read on this shade."""
    red, green, blue, _ = _SHADES(share)
    return bool(0.299 * red + 0.587 * green + 0.114 * blue < _DARK)


def cliff_ladder(
    table: pd.DataFrame,
    lang: str | None = None,
    title: str = "",
    note: str = "",
    labels: Labels | None = None,
    studied: Mapping[str, float] | None = None,
) -> Figure:
    """Each household's distance to its next drop against the drop's size, both on logarithmic scales.

    ``table``: ``distance`` (additional income until the drop, yuan/year), ``drop`` (yuan/year), ``area``,
    ``weight``; one row a household that has a drop ahead. Up to 600 households are drawn one by one, the area
    by marker, the weight by size; more are counted in cells, a panel for each area. Lines are at 500, 1,000
    and 3,000 yuan, with the (weighted) share of households that is nearer: of all households that were
    studied, whose weight by area ``studied`` gives, or of those in the table. Distances below a yuan are at
    one.
    """
    language = checked(lang)
    need_columns(table, ["distance", "drop", "area", "weight"], "cliff_ladder")
    for name in ("distance", "drop", "weight"):
        need_numbers(table[name].to_numpy(dtype=float), name, "cliff_ladder")
    wrong = [n for n, bad in (("drop", table["drop"] <= 0), ("distance", table["distance"] < 0)) if bad.any()]
    if wrong or not (table["weight"] > 0).any():
        offences = [
            Offence("contains values that do not describe a drop", f"cliff_ladder: {n}") for n in wrong
        ]
        raise DataError(offences or [Offence("all weights are 0", "cliff_ladder: weight")])
    table = table[table["weight"] > 0].assign(distance=table["distance"].clip(lower=1.0))
    areas = list(dict.fromkeys(table["area"].astype(str)))
    areas = [a for a in style.AREAS if a in areas] + [a for a in areas if a not in style.AREAS]
    if len(table) > MANY:
        figure, panels = blank(width=1.0 + 5.0 * len(areas), height=4.6, columns=len(areas))
        handles = _cells(panels, table, areas, language)
        groups = [table[table["area"].astype(str) == area] for area in areas]
        wholes = [studied[area] if studied else None for area in areas]
        titles = [word(area, language, labels) for area in areas]
        titles[0] = (
            f"{word(title or 'title_ladder', language)}{'：' if language == 'zh' else ': '}{titles[0]}"
        )
    else:
        figure, panels = blank(width=7.4, height=4.8)
        handles = _points(panels[0], table, areas, language, labels)
        groups, titles = [table], [word(title or "title_ladder", language)]
        wholes = [sum(studied.values()) if studied else None]
    low, high = float(table["drop"].min()), float(table["drop"].max())
    far = float(table["distance"].max())
    # A fifth of the panel above all of it, where the shares are written.
    heights = (low / 1.4, high * 1.3 * (1.82 * high / low) ** 0.25)
    for axes, group, whole in zip(panels, groups, wholes, strict=True):
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_xlim(0.8, far * 1.6)
        axes.set_ylim(*heights)
        _distances(axes, group, whole)
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_locator(LogLocator(base=10.0))
            axis.set_major_formatter(FuncFormatter(lambda value, _: number(value)))
            axis.set_minor_formatter(NullFormatter())
        axes.set_xlabel(with_unit("distance", "yuan/year", language))
    panels[0].set_ylabel(with_unit("size_of_drop", "yuan/year", language))
    head(panels, titles, note, 92 if len(panels) == 1 else 125)
    below(figure, handles)
    return finished(figure)


def _points(
    axes: Axes, table: pd.DataFrame, areas: list[str], lang: Lang, labels: Labels | None
) -> list[Artist]:
    """Households one by one."""
    handles: list[Artist] = []
    largest = float(table["weight"].max())
    for i, area in enumerate(areas):
        look = style.AREAS.get(area, style.look(i + 1))
        rows = table[table["area"].astype(str) == area]
        axes.scatter(
            rows["distance"], rows["drop"], s=14.0 + 90.0 * rows["weight"] / largest, marker=look.marker,
            facecolor=look.colour, edgecolor=style.BLACK, linewidth=style.EDGE, alpha=0.75, zorder=3,
        )  # fmt: skip
        handles.append(
            Line2D(
                [],
                [],
                linestyle="",
                marker=look.marker,
                markersize=8,
                markerfacecolor=look.colour,
                markeredgecolor=style.BLACK,
                markeredgewidth=style.EDGE,
                label=word(area, lang, labels),
            )
        )
    return handles


def _cells(panels: list[Axes], table: pd.DataFrame, areas: list[str], lang: Lang) -> list[Artist]:
    """Weighted counts in hexagons, by the same shades in every panel."""
    cells, most = [], 1.0
    low, high = float(table["drop"].min()), float(table["drop"].max())
    extent = (*np.log10([0.8, table["distance"].max() * 1.6]), *np.log10([low / 1.4, high * 1.4]))
    for axes, area in zip(panels, areas, strict=True):
        rows = table[table["area"].astype(str) == area]
        drawn = axes.hexbin(
            rows["distance"], rows["drop"], C=rows["weight"], reduce_C_function=np.sum, gridsize=26,
            xscale="log", yscale="log", cmap=_SHADES, mincnt=1, linewidths=0.2, edgecolors=style.GREY,
            zorder=2, extent=extent,
        )  # fmt: skip
        cells.append(drawn)
        most = max(most, float(np.asarray(drawn.get_array()).max(initial=0.0)))
    norm = LogNorm(1.0, max(most, 10.0), clip=True)
    for drawn in cells:
        drawn.set_norm(norm)
    steps = [10.0**k for k in range(int(np.log10(max(most, 10.0))) + 1)]
    handles = [
        Patch(
            facecolor=_SHADES(float(norm(step))),
            edgecolor=style.GREY,
            linewidth=style.EDGE,
            label=number(step),
        )
        for step in steps
    ]
    colon = "：" if lang == "zh" else ": "
    handles[0].set_label(f"{word('households_in_cell', lang)}{colon}{number(1)}")
    return list(handles)


def _distances(axes: Axes, group: pd.DataFrame, whole: float | None) -> None:
    """Lines at the distances of the figures, with the share of households that is nearer."""
    total = float(group["weight"].sum()) if whole is None else whole
    for k, yuan in enumerate(AHEAD):
        axes.axvline(yuan, color=style.BLACK, linewidth=1.0, linestyle=("-", "--", ":")[k], zorder=4)
        share = float(group.loc[group["distance"] <= yuan, "weight"].sum()) / total if total else 0.0
        # One under the other, since 500 and 1,000 are close together.
        axes.annotate(
            f"≤ {number(yuan)}: {number(100 * share, 1)} %", (yuan, 1.0), (-4, -4 - 12 * k),
            xycoords=("data", "axes fraction"), textcoords="offset points", ha="right", va="top",
            fontsize=style.SMALL_SIZE, zorder=6,
            bbox={"facecolor": style.WHITE, "edgecolor": "none", "pad": 0.8},
        )  # fmt: skip


def reform_cliffs(
    table: pd.DataFrame,
    lang: str | None = None,
    title: str = "",
    note: str = "",
    labels: Labels | None = None,
) -> Figure:
    """Cliff figures of two scenarios or more side by side: shares on the left, losses on the right.

    ``table``: ``scenario``, ``measure`` (as ``Cliffs.table`` names it), ``value``, and perhaps ``group``, of
    which only the whole (empty) is drawn. Drawn are the shares that face a drop within 500, 1,000 and 3,000
    yuan, are in a dead zone or face a marginal rate of 100 % or more, and the mean losses; other measures
    are passed over. Scenarios are drawn in the order in which they first appear; ``labels``: scenario ->
    language -> label.
    """
    language = checked(lang)
    need_columns(table, ["scenario", "measure", "value"], "reform_cliffs")
    rows = table[table["group"].isin(["", "all"])] if "group" in table else table
    rows = rows.assign(measure=rows["measure"].astype(str).str.removeprefix("cliffs."))
    rows = rows[rows["measure"].isin([*SHARES, *LOSSES])]
    scenarios = list(dict.fromkeys(rows["scenario"].astype(str)))
    offences = []
    if len(scenarios) < 2:
        hint = "stack the tables of two scenarios, each with its column scenario"
        offences.append(Offence(f"holds {len(scenarios)} scenarios", "table for reform_cliffs", hint))
    if rows.duplicated(["scenario", "measure"]).any():
        offences.append(Offence("a scenario has a measure more than once", "table for reform_cliffs"))
    if offences:
        raise DataError(offences, title="the chart reform_cliffs cannot be drawn")
    need_numbers(rows["value"].to_numpy(dtype=float), "value", "reform_cliffs")
    values = {
        (str(s), m): float(v)
        for s, m, v in zip(rows["scenario"], rows["measure"], rows["value"], strict=True)
    }
    figure, (left, right) = blank(width=10.4, height=4.6, columns=2, shares=(len(SHARES), len(LOSSES)))
    looks = [Look(style.LIGHT_GREY, "", ""), *(style.look(k) for k in (2, 1, 3, 4, 5, 6, 7))]
    looks += [style.look(k) for k in range(8, 8 + len(scenarios))]
    for axes, names, scale in ((left, SHARES, 100.0), (right, LOSSES, 1.0)):
        shown = [m for m in names if any((s, m) in values for s in scenarios)]
        _bars(axes, shown, scenarios, values, scale, looks)
        said = [word("mean_loss_bar" if m == "mean_loss" else m, language) for m in shown]
        axes.set_xticks(range(len(shown)), ["\n".join(wrapped(text, _LABEL[language])) for text in said])
        axes.yaxis.set_major_formatter(Separated())
        axes.tick_params(axis="x", length=0)
    left.set_ylabel(with_unit("share_of_walked", "percent", language))
    right.set_ylabel(with_unit("loss", "yuan/year", language))
    head([left, right], [word(title or "title_reform", language), ""], note, width=125)
    handles = [patch(word(s, language, labels), looks[k]) for k, s in enumerate(scenarios)]
    below(figure, handles)
    return finished(figure)


def _bars(
    axes: Axes,
    measures: list[str],
    scenarios: list[str],
    values: Mapping[tuple[str, str], float],
    scale: float,
    looks: list[Look],
) -> None:
    width = 0.84 / len(scenarios)
    highest = max((values.get((s, m), 0.0) * scale for s in scenarios for m in measures), default=1.0)
    for k, scenario in enumerate(scenarios):
        places = [i for i, m in enumerate(measures) if (scenario, m) in values]
        heights = [values[scenario, measures[i]] * scale for i in places]
        look = looks[k]
        bars = axes.bar(
            [i + (k - (len(scenarios) - 1) / 2) * width for i in places], heights, width * 0.94,
            color=look.colour, hatch=look.hatch, edgecolor=style.BLACK, linewidth=style.EDGE,
        )  # fmt: skip
        digits = decimals_for(highest)
        size = style.SMALL_SIZE - (0.5 if len(scenarios) < 4 else 2.5)
        axes.bar_label(bars, [number(h, digits) for h in heights], padding=2, fontsize=size)
    axes.set_ylim(0, highest * 1.1 if highest > 0 else 1.0)
