"""What sources of income contribute to inequality."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from microsim.errors import DataError, Offence
from microsim.measures.arrays import Floats, midranks, positive_total, rows
from microsim.measures.inequality import gini
from microsim.measures.shapley import shapley


@dataclass(frozen=True)
class SourcePart:
    """One source of income in the Gini coefficient of the total.

    ``share`` S of all income; ``gini`` G of the source; ``correlation`` R, the Gini correlation with the
    total's ranking (-1 to 1); ``contribution`` S G R to the coefficient; ``relative`` the same over the
    coefficient; ``elasticity`` S G R / G_total - S, the change of the coefficient in percent when everybody's
    amount of this source rises by 1 %.
    """

    share: float
    gini: float
    correlation: float
    contribution: float
    relative: float
    elasticity: float


def gini_by_source(
    sources: Mapping[str, npt.ArrayLike], weights: npt.ArrayLike | None = None
) -> dict[str, SourcePart]:
    """The Gini coefficient of the sum of ``sources`` as the sum of S_k G_k R_k.

    S_k G_k R_k = sum w y_k (2 R - 1) / sum w y with R the tie-averaged rank in the total y, that is S_k
    times the concentration index of the source. Source: Lerman and Yitzhaki (1985); elasticity: Stark,
    Taylor and Yitzhaki (1986).

    ``sources``: name -> float[n], what is taken off as negative amounts. ``gini`` and ``correlation`` are NaN
    for a source whose total is 0, ``correlation`` also for one of which everybody has the same; ``relative``
    and ``elasticity`` are NaN where the total is equal for all. The contributions are defined in all cases.
    Raises ``MicrosimError`` as all measures do, and where the total of all sources is not positive.

    >>> parts = gini_by_source({"wage": [0, 0, 4, 8], "dibao": [2, 2, 0, 0]})
    >>> round(parts["wage"].contribution, 6), round(parts["dibao"].contribution, 6), gini([2, 2, 4, 8])
    (0.4375, -0.125, 0.3125)
    """
    w, amounts = _columns("gini_by_source", sources, weights)
    income = np.sum(list(amounts.values()), axis=0)
    total = positive_total("gini_by_source", income, w, "sources")
    ranks = 2.0 * midranks(income, w) - 1.0
    whole = gini(income, w)
    parts = {}
    for name, amount in amounts.items():
        held = float(np.sum(w * amount))
        centred = w * (amount - held / np.sum(w))
        along = float(np.sum(centred * ranks))
        own = float(np.sum(centred * (2.0 * midranks(amount, w) - 1.0)))
        relative = along / total / whole if whole > 0 else np.nan
        parts[name] = SourcePart(
            share=held / total,
            gini=own / held if held else np.nan,
            correlation=along / own if own > 0 and held else np.nan,
            contribution=along / total,
            relative=relative,
            elasticity=relative - held / total,
        )
    return parts


def shapley_by_source(
    sources: Mapping[str, npt.ArrayLike],
    weights: npt.ArrayLike | None = None,
    index: Callable[[Floats, Floats], float] = gini,
    *,
    absent: Literal["mean", "zero"] = "mean",
) -> dict[str, float]:
    """Shapley value of each source in an index of inequality of their sum; they add up to the index.

    A source that is not in a coalition is replaced by its mean for everybody (``absent="mean"``: what its
    unequal spread adds) or by nothing (``"zero"``: what its presence adds; no income at all counts as
    inequality 0). Exact over all coalitions, so for few sources. Source: Shorrocks (2013).

    ``index(x, weights)`` is any measure of this package or function like it; ``sources`` as in
    :func:`gini_by_source`. Returns source -> value in the unit of the index.
    Raises ``MicrosimError`` as all measures do, for more than 16 sources, and where the index has no answer
    for a coalition (a sum that is not positive, where sources are negative).

    >>> parts = shapley_by_source({"wage": [0, 0, 4, 8], "dibao": [2, 2, 0, 0]})
    >>> round(sum(parts.values()), 12) == round(gini([2, 2, 4, 8]), 12)
    True
    """
    if absent not in ("mean", "zero"):
        offence = Offence(f"'{absent}' is not one of mean, zero", "absent")
        raise DataError(offence, title="shapley_by_source cannot be computed")
    w, amounts = _columns("shapley_by_source", sources, weights)
    means = {name: float(np.sum(w * amount) / np.sum(w)) for name, amount in amounts.items()}

    def worth(team: frozenset[str]) -> float:
        if not team:
            return 0.0  # equal for all, or nothing at all
        income = np.sum([amount for name, amount in amounts.items() if name in team], axis=0)
        if absent == "mean":
            income = income + sum(mean for name, mean in means.items() if name not in team)
        return float(index(income, w))

    return shapley(amounts, worth)


def _columns(
    measure: str, sources: Mapping[str, npt.ArrayLike], weights: npt.ArrayLike | None
) -> tuple[Floats, dict[str, Floats]]:
    """Weights and amounts by source, checked together."""
    if not sources:
        raise DataError(
            Offence("is empty", "sources", "give at least one"), title=f"{measure} cannot be computed"
        )
    columns: dict[str, Any] = {f"sources.{name}": column for name, column in sources.items()}
    w, *amounts = rows(measure, weights, **columns)
    return w, dict(zip(sources, amounts, strict=True))
