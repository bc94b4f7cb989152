"""Two laws on one axis: figures by area, who gains and who loses, and what one family has under each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from microsim.charts import style
from microsim.charts.bars import Series, bars_of, grouped, name_groups, patch
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
from microsim.charts.stack import mark_present, present_sign
from microsim.charts.style import Look
from microsim.charts.words import checked, with_unit, word
from microsim.errors import InputError, Offence
from microsim.language import Lang

BASE, REFORM = Look(style.LIGHT_GREY, "", "o", "--"), Look(style.BLUE, "", "s")
GAIN, LOSS = Look(style.GREEN, "", "^"), Look(style.VERMILLION, "//", "v")
MONEY, PERSONS, SHARE = "yuan/year", "persons", "1"
CHANGE = "change"  # of a figure, beside its parts
DECILES = tuple(f"decile_{k}" for k in range(1, 11))


class BudgetLine(NamedTuple):
    """What a household has over its own earnings under one law (yuan/year; rising, both sides of a notch)."""

    label: str
    earnings: Any
    total: Any
    notches: Sequence[tuple[float, float]] = ()  # earnings at which it falls, and by how much


def compared_by_area(
    table: pd.DataFrame, measure: str, unit: str, lang: str | None = None, title: str = "", note: str = ""
) -> Figure:
    """Base and reform side by side for each area (or payer), on one axis.

    ``table``: ``area`` (rural, urban, all, or any name), ``a`` (base) and ``b`` (reform); where it holds
    ``before`` as well (poverty before any assistance), that comes first. ``measure`` names the axis;
    ``unit``: yuan/year (shown in million yuan, in Chinese 万元, once a bar reaches a million), persons, or 1
    (shares, shown in per cent).
    """
    language = checked(lang)
    need_columns(table, ["area", "a", "b"], "compared_by_area")
    columns = [name for name in ("before", "a", "b") if name in table.columns]
    values = {name: table[name].to_numpy(dtype=float) for name in columns}
    need_numbers(np.concatenate(list(values.values())), ", ".join(columns), "compared_by_area")
    largest = max(float(array.max(initial=0.0)) for array in values.values())
    if unit == MONEY:
        divisor, shown = money_scale(largest, language)
        decimals, suffix = decimals_for(largest / divisor), ""
    elif unit == SHARE:
        divisor, shown, decimals, suffix = 0.01, "percent", 1, " %"
    else:
        divisor, shown, decimals, suffix = 1.0, unit, 0, ""
    names = {"before": ("before", Look(style.WHITE, "//", "o")), "a": ("base", BASE), "b": ("reform", REFORM)}
    series = [
        Series(word(names[name][0], language), names[name][1], values[name] / divisor) for name in columns
    ]
    figure, (axes,) = blank(width=max(7.0, 1.8 * len(table)))  # a pair of labels of six digits beside another
    handles = grouped(axes, series, decimals, suffix)
    name_groups(axes, [word(str(area), language) for area in table["area"]])
    axes.set_ylabel(with_unit(measure, shown, language))
    axes.yaxis.set_major_formatter(Separated())
    head([axes], [word(title or f"title_compared_{measure}", language)], note)
    below(figure, handles)
    return finished(figure)


def winners_and_losers(
    table: pd.DataFrame, lang: str | None = None, title: str = "", note: str = ""
) -> Figure:
    """Shares of residents who gain (up) and lose (down) in each group, with the mean change beside them.

    ``table``: ``group`` (``decile_1`` to ``decile_10``, areas, or any name), ``gaining`` and ``losing``
    (shares of residents, both positive) and ``mean_change`` (yuan/year per head).
    """
    language = checked(lang)
    need_columns(table, ["group", "gaining", "losing", "mean_change"], "winners_and_losers")
    gaining, losing = (table[name].to_numpy(dtype=float) * 100 for name in ("gaining", "losing"))
    change = table["mean_change"].to_numpy(dtype=float)
    need_numbers(
        np.concatenate([gaining, losing, change]), "gaining, losing, mean_change", "winners_and_losers"
    )
    figure, (left, right) = blank(width=9.6, height=4.4, columns=2)
    places = np.arange(len(table))
    for values, look, name in ((gaining, GAIN, "gaining"), (-losing, LOSS, "losing")):
        left.bar(
            places,
            values,
            0.7,
            color=look.colour,
            hatch=look.hatch,
            edgecolor=style.BLACK,
            linewidth=style.EDGE,
            label=word(name, language),
        )
    left.axhline(0, color=style.BLACK, linewidth=style.EDGE)
    bars_of(right, places, change, 0.7, REFORM, decimals_for(float(np.abs(change).max(initial=0.0))))
    right.axhline(0, color=style.BLACK, linewidth=style.EDGE)
    right.margins(y=0.14)
    groups = [str(group) for group in table["group"]]
    labels = [_decile(group, language) for group in groups]
    for axes in (left, right):
        name_groups(axes, labels)
        axes.yaxis.set_major_formatter(Separated())
        if set(groups) <= set(DECILES):
            axes.set_xlabel(word("decile_axis", language))
    left.set_ylabel(with_unit("share_of_residents", "percent", language))
    right.set_ylabel(with_unit("mean_change", "yuan/year", language))
    titles = [word(title or "title_winners", language), word("title_mean_change", language)]
    head([left, right], titles, note, width=125)
    looks = ((GAIN, "gaining"), (LOSS, "losing"))
    below(figure, [patch(word(name, language), look) for look, name in looks])
    return finished(figure)


def _decile(group: str, language: Lang) -> str:
    return group.removeprefix("decile_") if group in DECILES else word(group, language)


def budgets_compared(
    lines: Sequence[BudgetLine],
    lang: str | None = None,
    title: str = "",
    note: str = "",
    present: float | None = None,
) -> Figure:
    """One family's disposable income over its own earnings under two laws, each fall marked.

    ``present``: the wage it has now, marked on both lines. Raises ``MicrosimError`` where there are not two
    lines, lengths differ or values are not finite.
    """
    language = checked(lang)
    if len(lines) != 2:
        raise InputError(Offence(f"two lines are compared, found {len(lines)}", "budgets_compared"))
    figure, (axes,) = blank(width=7.4, height=5.0)
    handles: list[Artist] = []
    for line, look in zip(lines, (BASE._replace(colour=style.GREY), REFORM), strict=True):
        x, total = (np.asarray(values, dtype=float) for values in (line.earnings, line.total))
        if x.shape != total.shape:
            message = f"{len(total)} totals for {len(x)} earnings"
            raise InputError(Offence(message, f"budgets_compared: {line.label}"))
        need_numbers(np.concatenate([x, total]), line.label, "budgets_compared")
        handles += axes.plot(
            x,
            total,
            color=look.colour,
            linewidth=style.LINE,
            linestyle=look.line,
            zorder=3,
            label=line.label,
        )
        for at, _ in line.notches:
            height = _before_the_fall(x, total, at)
            axes.plot([at], [height], marker="v", color=look.colour, markersize=7, zorder=4, linestyle="none")
    handles.append(
        Line2D(
            [],
            [],
            color=style.BLACK,
            marker="v",
            linestyle="none",
            markersize=7,
            label=word("notch", language),
        )
    )
    if present is not None:
        for line in lines:
            x, total = (np.asarray(values, dtype=float) for values in (line.earnings, line.total))
            mark_present(axes, present, float(np.interp(present, x, total)))
        handles.append(present_sign(language))
    axes.set_ylim(bottom=0)
    axes.margins(x=0)
    axes.set_xlabel(with_unit("own_earnings", "yuan/year", language))
    axes.set_ylabel(with_unit("disposable_income", "yuan/year", language))
    axes.xaxis.set_major_formatter(Separated())
    axes.yaxis.set_major_formatter(Separated())
    head([axes], [word(title or "title_budgets", language)], note)
    below(figure, handles, columns=2)
    return finished(figure)


def _before_the_fall(x: np.ndarray, total: np.ndarray, at: float) -> float:
    """What there is at the last place before the fall at ``at``, of two in one place the first."""
    first = int(np.searchsorted(x, at))
    here = first < len(x) and x[first] == at
    return float(total[first if here else max(first - 1, 0)])


def policy_effects(table: pd.DataFrame, lang: str | None = None, title: str = "", note: str = "") -> Figure:
    """Effects of law, practice, incomes and population on expenditure and on recipients, side by side.

    ``table``: ``factor`` (``law``, ``practice``, ``incomes``, ``population``, and ``change`` for their sum),
    ``cost`` (yuan/year) and ``caseload`` (persons), signed.
    """
    language = checked(lang)
    need_columns(table, ["factor", "cost", "caseload"], "policy_effects")
    cost, persons = (table[name].to_numpy(dtype=float) for name in ("cost", "caseload"))
    need_numbers(np.concatenate([cost, persons]), "cost, caseload", "policy_effects")
    divisor, shown = money_scale(float(np.abs(cost).max(initial=0.0)), language)
    figure, panels = blank(width=9.6, height=4.4, columns=2)
    is_sum = table["factor"].to_numpy() == CHANGE
    labels = [word(f"effect_{factor}", language) for factor in table["factor"]]
    for axes, values, label, unit in zip(
        panels, (cost / divisor, persons), ("cost", "recipients"), (shown, "persons"), strict=True
    ):
        decimals = decimals_for(float(np.abs(values).max(initial=0.0)))
        for chosen, look in ((~is_sum, REFORM), (is_sum, BASE)):
            bars_of(axes, np.flatnonzero(chosen), values[chosen], 0.66, look, decimals)
        axes.axhline(0, color=style.BLACK, linewidth=style.EDGE)
        axes.margins(y=0.14)
        axes.set_ylabel(with_unit(label, unit, language))
        axes.yaxis.set_major_formatter(Separated())
        name_groups(axes, labels)
    titles = [word(title or "title_effects_cost", language), word("title_effects_caseload", language)]
    head(list(panels), titles, note, width=125)
    looks = ((REFORM, "effect_part"), (BASE, "effect_change"))
    below(figure, [patch(word(name, language), look) for look, name in looks])
    return finished(figure)
