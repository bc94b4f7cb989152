"""The nation: provinces as tiles, each with its counties as a strip; provinces ranked; a curve for each.

No map data: the place of each tile is that of the table, which the caller gives.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from microsim.charts import style
from microsim.charts.base import (
    Separated,
    below,
    blank,
    finished,
    head,
    need_columns,
    need_numbers,
    number,
    wrapped,
)
from microsim.charts.words import checked, with_unit, word
from microsim.errors import DataError, Offence

# What becomes of a county, from light to dark, so that the strips differ in grey, too.
KINDS: Mapping[str, style.Look] = {
    "unified": style.Look(style.LIGHT_GREY, "", ""),
    "own": style.Look(style.SKY, "", ""),
    "central": style.Look(style.VERMILLION, "", ""),
    "late": style.Look(style.BLACK, "", ""),
}
_TILE, _STRIP = 0.94, 0.24  # of the distance of tiles: their width, and the height of the strip
_TEXT_ROOM = 0.07
_MANY = 10  # counties
_COLUMNS = 7  # of small multiples


def tile_map(
    provinces: pd.DataFrame, counties: pd.DataFrame, lang: str | None = None, title: str = "", note: str = ""
) -> Figure:
    """Provinces as tiles; under each name a share, and a strip of its counties by what becomes of them.

    ``provinces``: ``code``, ``label``, ``column``, ``row``, ``share`` (a ratio: 1.0 is 100 %); ``counties``:
    ``code`` (of the province), ``kind`` (``KINDS``), ``residents`` (the width of the county in the strip). A
    province without counties is drawn empty. Raises ``MicrosimError`` for kinds that are not known.
    """
    language = checked(lang)
    need_columns(provinces, ["code", "label", "column", "row", "share"], "tile_map")
    need_columns(counties, ["code", "kind", "residents"], "tile_map")
    need_numbers(counties["residents"].to_numpy(dtype=float), "residents", "tile_map")
    strange = sorted(set(counties["kind"]) - set(KINDS))
    if strange:
        raise DataError(Offence(f"no such kinds: {', '.join(strange)}", "kind", f"known: {', '.join(KINDS)}"))
    columns, rows = (int(provinces[name].max()) + 1 for name in ("column", "row"))
    figure, (axes,) = blank(width=1.02 * columns, height=0.92 * rows + 1.4)
    axes.grid(visible=False)
    axes.set_axis_off()
    by_province = dict(list(counties.groupby("code")))
    places = provinces[["code", "label", "column", "row", "share"]].to_numpy().tolist()
    for code, label, column, row, share in places:
        _tile(axes, float(column), float(row), str(label), float(share), by_province.get(code))
    axes.set_xlim(-0.05, columns)
    axes.set_ylim(rows, -0.05)
    axes.set_aspect("equal")
    head([axes], [title or word("title_nation_tiles", language)], note)
    handles = [
        Patch(
            facecolor=look.colour,
            edgecolor=style.GREY,
            linewidth=style.EDGE,
            label=word(f"outlook_{kind}", language),
        )
        for kind, look in KINDS.items()
    ]
    below(figure, handles, 2)
    return finished(figure)


def _tile(axes: Axes, x: float, y: float, label: str, share: float, own: pd.DataFrame | None) -> None:
    empty = own is None or not len(own)
    edge = style.MID_GREY if empty else style.GREY
    axes.add_patch(
        Rectangle((x, y), _TILE, _TILE, facecolor=style.WHITE, edgecolor=edge, linewidth=style.EDGE)
    )
    middle = x + _TILE / 2
    colour = style.MID_GREY if empty else style.BLACK
    axes.text(
        middle, y + _TEXT_ROOM, label, ha="center", va="top", fontsize=style.SMALL_SIZE - 0.6, color=colour
    )
    if own is None or empty:
        return
    shown = "-" if np.isnan(share) else f"{number(100 * share)} %"
    axes.text(middle, y + 0.36, shown, ha="center", va="top", fontsize=style.TEXT_SIZE)
    order = {kind: k for k, kind in enumerate(KINDS)}
    sorted_own = own.sort_values("kind", key=lambda kinds: kinds.map(order), kind="stable")
    whole = float(sorted_own["residents"].sum())
    left, edge_width = x, 0.0 if len(own) > _MANY else 0.15  # the edges of many would wash out the strip
    for kind, residents in zip(sorted_own["kind"], sorted_own["residents"], strict=True):
        width = _TILE * float(residents) / whole
        axes.add_patch(
            Rectangle(
                (left, y + _TILE - _STRIP), width, _STRIP, facecolor=KINDS[kind].colour,
                edgecolor=style.WHITE, linewidth=edge_width,
            )
        )  # fmt: skip
        left += width


def ranked_provinces(
    table: pd.DataFrame, measure: str, lang: str | None = None, title: str = "", note: str = ""
) -> Figure:
    """Provinces ranked by a ratio: a bar each, with a mark where the middle of its counties lies.

    ``table``: ``label``, ``value`` (a ratio: 1.0 is 100 %), ``low``, ``median``, ``high`` (of its counties:
    where a tenth, half and nine tenths of the residents live below); ``measure``: the word of the axis.
    """
    language = checked(lang)
    need_columns(table, ["label", "value", "low", "median", "high"], "ranked_provinces")
    numbers = table[["value", "low", "median", "high"]].to_numpy(dtype=float) * 100
    need_numbers(numbers.ravel(), "value, low, median, high", "ranked_provinces")
    order = np.lexsort((table["label"].to_numpy(dtype=str), -numbers[:, 0]))
    values, low, median, high = numbers[order].T
    figure, (axes,) = blank(width=7.4, height=0.235 * len(table) + 1.9)
    axes.grid(axis="y", visible=False)
    axes.grid(axis="x", color=style.RULE, linewidth=style.EDGE)
    at = np.arange(len(table))
    axes.barh(at, values, height=0.62, color=style.SKY, edgecolor=style.BLUE, linewidth=style.EDGE, zorder=3)
    axes.hlines(at, low, high, color=style.GREY, linewidth=1.0, zorder=4)
    axes.scatter(median, at, marker="D", s=16, color=style.BLACK, zorder=5)
    axes.set_yticks(at, [str(label) for label in table["label"].to_numpy()[order]])
    axes.invert_yaxis()
    axes.set_xlim(0, max(float(high.max()), float(values.max()), 1.0) * 1.08)
    axes.set_xlabel(with_unit(measure, "percent", language))
    axes.xaxis.set_major_formatter(Separated())
    head([axes], [title or word("title_nation_ranked", language)], note)
    handles = [
        Patch(facecolor=style.SKY, edgecolor=style.BLUE, label=word("province_whole", language)),
        axes.plot([], [], marker="D", markersize=4, color=style.GREY, label=word("county_spread", language))[
            0
        ],
    ]
    below(figure, handles, 2)
    return finished(figure)


def province_curves(
    table: pd.DataFrame, labels: Mapping[str, str], lang: str | None = None, title: str = "", note: str = ""
) -> Figure:
    """A panel for each province: additional expenditure as the rural line rises to the urban one.

    ``table``: ``code``, ``way`` (0 at the present line, 1 at the urban one), ``value`` (additional
    expenditure over present expenditure, a ratio); ``labels``: code -> name, in the order of the panels.
    """
    language = checked(lang)
    need_columns(table, ["code", "way", "value"], "province_curves")
    need_numbers(table[["way", "value"]].to_numpy(dtype=float).ravel(), "way, value", "province_curves")
    rows = -(-len(labels) // _COLUMNS)
    width = min(_COLUMNS, len(labels))
    figure, panels = blank(width=max(1.2 * width, 5.0), height=1.12 * rows + 1.3, columns=width, rows=rows)
    by_code = dict(list(table.groupby("code")))
    most = max(100.0 * float(table["value"].max()), 1.0) * 1.08
    for k, axes in enumerate(panels):
        if k >= len(labels):
            axes.set_axis_off()
            continue
        code = list(labels)[k]
        axes.set_title(labels[code], fontsize=style.SMALL_SIZE, pad=3)
        axes.set_xlim(0, 100)
        axes.set_ylim(0, most)
        axes.set_xticks([0, 100], ["0", "100"] if k + width >= len(labels) else ["", ""])
        axes.yaxis.set_major_formatter(Separated())
        if k % width:
            axes.tick_params(labelleft=False)
        if code in by_code:
            own = by_code[code].sort_values("way")
            axes.plot(100 * own["way"], 100 * own["value"], color=style.BLUE, linewidth=style.LINE)
            axes.fill_between(100 * own["way"], 100 * own["value"], color=style.SKY, alpha=0.35, linewidth=0)
    figure.supxlabel(with_unit("way_to_one_line", "percent", language), fontsize=style.TEXT_SIZE)
    figure.supylabel(with_unit("extra_over_present", "percent", language), fontsize=style.TEXT_SIZE)
    lines = [title or word("title_nation_curves", language), *wrapped(note, 22 * width)]
    figure.suptitle("\n".join(lines), x=0.01, ha="left", fontsize=style.TEXT_SIZE + 0.5)
    finished(figure)
    for axes in panels:
        axes.tick_params(labelsize=style.SMALL_SIZE - 1)
    return figure
