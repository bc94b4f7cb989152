"""The marginal-rate profile: what is lost of each additional yuan, and where much is lost at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from microsim.charts import style
from microsim.charts.base import Separated, below, blank, finished, head, need_numbers
from microsim.charts.notches import Notch, evened, mark
from microsim.charts.stack import mark_present, present_sign
from microsim.charts.words import checked, with_unit, word
from microsim.errors import DataError, Offence

_WHOLE = 100.0  # per cent
_SPIKE = 135.0  # per cent: where spikes end, unless a rate is higher
_SAME = 1e-6  # yuan: nearer places are two sides of one


def marginal_rates(
    earnings: Any,
    total: Any,
    notches: Sequence[Notch] = (),
    lang: str | None = None,
    title: str = "",
    labels: Mapping[str, Mapping[str, str]] | None = None,
    note: str = "",
    present: float | None = None,
) -> Figure:
    """Effective marginal tax rate over own earnings: a step line, with a spike at each notch.

    Args:
        earnings: array of n yuan/year, rising; both sides of a notch are a position that occurs twice.
        total: array of n yuan/year: the budget line from breakpoint to breakpoint. Between two places the
            rate is the share of the additional earnings that the total does not gain; above 100 % (shaded)
            the household is left with less.
        notches: (earnings at which it falls, yuan/year lost, what is lost), as for ``budget_constraint``
        labels: name -> {"en": ..., "zh": ...}, for names that the vocabulary does not know, or knows
            otherwise (``own_earnings`` is the axis: another income may be moved)
        present: the earnings that the household has now, marked on the profile

    Raises ``MicrosimError`` where lengths differ, earnings fall or values are not finite.
    """
    language = checked(lang)
    x, line = _checked(earnings, total)
    steps = np.flatnonzero(np.diff(x) > _SAME)
    rates = _WHOLE * (1.0 - (line[steps + 1] - line[steps]) / (x[steps + 1] - x[steps]))
    # Each stretch is given with both its ends, so that the profile is drawn as steps.
    places = np.column_stack([x[steps], x[steps + 1]]).ravel()
    profile = np.repeat(rates, 2)
    figure, (axes,) = blank(width=7.4, height=4.8)
    highest = max(_SPIKE, float(rates.max()) * 1.1)
    lowest = min(0.0, float(rates.min()) * 1.1)
    axes.plot(places, profile, color=style.BLACK, linewidth=style.LINE + 0.2, zorder=4)
    named = [(at, drop, word(what, language, labels)) for at, drop, what in notches]
    for at, _, _ in named:
        axes.plot(
            [at, at],
            [max(_at(places, profile, at), 0.0), highest],
            color=style.VERMILLION,
            linewidth=1.6,
            zorder=5,
        )
    tall, over = _with_spikes(places, profile, [at for at, _, _ in named], highest)
    axes.set_xlim(float(x[0]), float(x[-1]))
    shown = mark(
        axes, tall, over, named, highest if named else max(120.0, highest), language, bottom=lowest - 4.0
    )
    ceiling = axes.get_ylim()[1]
    axes.axhspan(_WHOLE, ceiling, facecolor=style.LIGHT_GREY, alpha=0.55, zorder=0)
    axes.axhline(_WHOLE, color=style.GREY, linewidth=1.0, linestyle="--", zorder=3)
    handles: list[Artist] = [
        Line2D([], [], color=style.BLACK, linewidth=style.LINE + 0.2, label=word("marginal_rate", language)),
        Patch(
            facecolor=style.LIGHT_GREY,
            edgecolor=style.GREY,
            linestyle="--",
            label=word("above_100", language),
        ),
    ]
    if shown:
        spike = Line2D([], [], color=style.VERMILLION, marker="v", markersize=8, linewidth=1.6)
        spike.set_label(word("spike", language))
        handles = evened(handles, [spike, *shown[1:]])
    if present is not None and x[0] <= present <= x[-1]:
        mark_present(axes, present, _at(places, profile, present))
        handles.append(present_sign(language))
    # Above the spikes are their names: the axis has nothing to say there.
    axes.set_yticks([tick for tick in axes.get_yticks() if lowest - 4.0 <= tick <= highest])
    axes.set_xlabel(with_unit("own_earnings", "yuan/year", language, labels))
    axes.set_ylabel(with_unit("marginal_rate", "percent", language))
    axes.xaxis.set_major_formatter(Separated())
    axes.yaxis.set_major_formatter(Separated())
    head([axes], [word(title or "title_rates", language)], note)
    below(figure, handles, columns=3)
    return finished(figure)


def _at(places: np.ndarray, profile: np.ndarray, at: float) -> float:
    """The rate just before a place."""
    return float(profile[max(int(np.searchsorted(places, at)) - 1, 0)])


def _with_spikes(
    places: np.ndarray, profile: np.ndarray, spikes: list[float], top: float
) -> tuple[np.ndarray, np.ndarray]:
    """The profile with a point at ``top`` at each spike, twice: names are placed above it."""
    x = np.concatenate([places, np.repeat(spikes, 2)])
    y = np.concatenate([profile, np.full(2 * len(spikes), top)])
    order = np.argsort(x, kind="stable")
    return x[order], y[order]


def _checked(earnings: Any, total: Any) -> tuple[np.ndarray, np.ndarray]:
    x, line = np.asarray(earnings, dtype=float), np.asarray(total, dtype=float)
    offences = []
    if x.ndim != 1 or x.size < 2 or not (np.diff(x) >= 0).all() or x[0] == x[-1]:
        offences.append(Offence("must be one row of at least two increasing values", "earnings"))
    if line.shape != x.shape:
        offences.append(Offence(f"has shape {line.shape} where earnings has {x.shape}", "total"))
    if offences:
        raise DataError(offences, title="the chart marginal_rates cannot be drawn")
    need_numbers(x, "earnings", "marginal_rates")
    need_numbers(line, "total", "marginal_rates")
    return x, line
