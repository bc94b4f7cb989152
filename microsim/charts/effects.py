"""What lies behind a change between two years: one bar for each cause, and the change itself."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from microsim.charts import style
from microsim.charts.bars import bars_of, name_groups
from microsim.charts.base import (
    Separated,
    blank,
    decimals_for,
    finished,
    head,
    money_scale,
    need_columns,
    need_numbers,
)
from microsim.charts.comparison import BASE, REFORM
from microsim.charts.words import checked, with_unit, word

CHANGE = "change"


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
    return finished(figure)
