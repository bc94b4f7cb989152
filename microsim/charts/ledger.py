"""Who pays whom: a flow picture from payers to what they pay for, and the county's shares."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, PathPatch, Rectangle
from matplotlib.path import Path

from microsim.charts import style
from microsim.charts.base import (
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

PAYERS = {
    "centre": style.Look(style.VERMILLION, "", "o"),
    "province": style.Look(style.ORANGE, "//", "s"),
    "prefecture": style.Look(style.YELLOW, "..", "D"),
    "county": style.Look(style.BLUE, "", "^"),
    "township": style.Look(style.SKY, "\\\\", "v"),
    "collective": style.Look(style.GREEN, "xx", "P"),
    "employer": style.Look(style.PURPLE, "++", "X"),
    "insurance_fund": style.Look(style.SKY, "..", "*"),
    "lottery_fund": style.Look(style.GREEN, "", "*"),
    "society": style.Look(style.MID_GREY, "", "*"),
}
_WIDE, _GAP, _LEAST = 0.035, 0.035, 0.012  # of the picture: bars, gaps between them, the least height of one


def who_pays(table: pd.DataFrame, lang: str | None = None, note: str = "") -> Figure:
    """A flow picture: payers on the left, what they pay for on the right, bands as wide as the money.

    ``table``: payer, target, value (yuan/year), one row for each pair; targets are shown as they are named.
    """
    language = checked(lang)
    need_columns(table, ["payer", "target", "value"], "who_pays")
    need_numbers(table["value"].to_numpy(dtype=float), "value", "who_pays")
    rows = table[table["value"] > 0]
    left = [name for name in PAYERS if name in set(rows["payer"])]
    sums = rows.groupby("target")["value"].sum().sort_values(ascending=False, kind="stable")
    figure, (axes,) = blank(width=9.0, height=5.2)
    axes.set_axis_off()
    axes.set_xlim(0, 1)
    axes.set_ylim(-0.01, 1.02)
    whole = float(rows["value"].sum()) or 1.0
    divisor, unit = money_scale(whole, language)
    digits = decimals_for(whole / divisor)
    paid = rows.groupby("payer")["value"].sum()
    starts = _bars(axes, {n: float(paid[n]) for n in left}, whole, 0.22)
    ends = _bars(axes, {str(n): float(v) for n, v in sums.items()}, whole, 0.74)
    for name in left:
        _label(
            axes,
            0.21,
            starts[name],
            f"{word(name, language)}  {number(paid[name] / divisor, digits)}",
            "right",
        )
        _box(axes, 0.22, starts[name], PAYERS[name])
    for name in sums.index:
        text = f"{word(str(name), language)}  {number(sums[name] / divisor, digits)}"
        _label(axes, 0.79, ends[str(name)], text, "left")
        _box(axes, 0.74, ends[str(name)], style.Look(style.LIGHT_GREY, "", ""))
    _bands(axes, rows, left, list(map(str, sums.index)), starts, ends)
    head([axes], [with_unit("title_who_pays", unit, language)], note, width=120)
    return finished(figure)


Span = tuple[float, float]  # lower and upper edge


def _bars(axes: Axes, values: dict[str, float], whole: float, at: float) -> dict[str, Span]:
    """Where each bar is, the first at the top; what is too small to be seen is drawn a little higher."""
    room = 1.0 - _GAP * (len(values) - 1)
    heights = np.maximum(np.array(list(values.values())) / whole, _LEAST)
    heights *= room / heights.sum()
    top, out = 1.0, {}
    for name, height in zip(values, heights, strict=True):
        out[name] = (top - float(height), top)
        top -= float(height) + _GAP
    return out


def _box(axes: Axes, at: float, span: Span, look: style.Look) -> None:
    axes.add_patch(
        Rectangle(
            (at, span[0]), _WIDE, span[1] - span[0], facecolor=look.colour, hatch=look.hatch,
            edgecolor=style.BLACK, linewidth=style.EDGE,
        )
    )  # fmt: skip


def _label(axes: Axes, at: float, span: Span, text: str, side: str) -> None:
    axes.text(at, sum(span) / 2, text, ha=side, va="center", fontsize=style.TEXT_SIZE)


def _bands(
    axes: Axes,
    rows: pd.DataFrame,
    left: list[str],
    right: list[str],
    starts: dict[str, Span],
    ends: dict[str, Span],
) -> None:
    """A band for each pair, in the order of the bars on both sides so that few of them cross."""
    value = {
        (str(p), str(t)): float(v) for p, t, v in rows[["payer", "target", "value"]].itertuples(index=False)
    }
    out_of = {p: sum(v for (one, _), v in value.items() if one == p) for p in left}
    into = {t: sum(v for (_, one), v in value.items() if one == t) for t in right}
    here = {p: starts[p][1] for p in left}
    there = {t: ends[t][1] for t in right}
    for payer in left:
        for target in right:
            amount = value.get((payer, target), 0.0)
            if not amount:
                continue
            a = amount / out_of[payer] * (starts[payer][1] - starts[payer][0])
            b = amount / into[target] * (ends[target][1] - ends[target][0])
            _band(axes, (here[payer] - a, here[payer]), (there[target] - b, there[target]), PAYERS[payer])
            here[payer] -= a
            there[target] -= b


def _band(axes: Axes, start: Span, end: Span, look: style.Look) -> None:
    x0, x1 = 0.22 + _WIDE, 0.74
    middle = (x0 + x1) / 2
    points = [
        (x0, start[1]), (middle, start[1]), (middle, end[1]), (x1, end[1]),
        (x1, end[0]), (middle, end[0]), (middle, start[0]), (x0, start[0]), (x0, start[1]),
    ]  # fmt: skip
    curve = Path.CURVE4
    codes = [Path.MOVETO, curve, curve, curve, Path.LINETO, curve, curve, curve, Path.CLOSEPOLY]
    axes.add_patch(
        PathPatch(Path(points, codes), facecolor=look.colour, alpha=0.45, edgecolor=style.GREY, linewidth=0.3)
    )


def county_shares(table: pd.DataFrame, lang: str | None = None, note: str = "") -> Figure:
    """The county's share of all expenditure beside its share of one more yuan, in % by financing key.

    ``table``: target (shown as named), average_share and yuan (shares).
    """
    language = checked(lang)
    need_columns(table, ["target", "average_share", "yuan"], "county_shares")
    figure, (axes,) = blank(width=7.6, height=max(2.6, 0.55 * len(table) + 1.6))
    places = np.arange(len(table))[::-1].astype(float)
    handles = []
    for offset, column, look in (
        (0.2, "average_share", PAYERS["county"]),
        (-0.2, "yuan", PAYERS["province"]),
    ):
        values = table[column].to_numpy(dtype=float) * 100
        need_numbers(values, column, "county_shares")
        axes.barh(
            places + offset, values, 0.36, color=look.colour, hatch=look.hatch,
            edgecolor=style.BLACK, linewidth=style.EDGE,
        )  # fmt: skip
        for place, value in zip(places + offset, values, strict=True):
            axes.text(value + 1, place, f"{number(value, 0)} %", va="center", fontsize=style.TEXT_SIZE)
        filled: dict[str, Any] = {"facecolor": look.colour, "hatch": look.hatch, "edgecolor": style.BLACK}
        handles.append(Patch(label=word(column, language), **filled))
    axes.set_yticks(places, list(map(str, table["target"])))
    axes.set_xlim(0, 114)
    axes.grid(axis="y", visible=False)
    axes.set_xlabel(with_unit("share_paid", "percent", language))
    head([axes], [word("title_county_shares", language)], note)
    below(figure, handles, columns=2)
    return finished(figure)
