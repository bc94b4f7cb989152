"""What groups of people contribute to inequality and poverty: within and between."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from microsim.errors import Offence
from microsim.measures.arrays import Floats, Negatives, no_answer, number, rows
from microsim.measures.inequality import mean_log_deviation, theil
from microsim.measures.labels import labels
from microsim.measures.lines import with_line


@dataclass(frozen=True)
class GroupPart:
    """One group: its shares of the weight and of the total value, its mean, its own index.

    ``contribution`` is what its index adds to that of all, in the unit of the index; shares are 0 to 1,
    ``mean`` has the unit of the values.
    """

    weight_share: float
    value_share: float
    mean: float
    index: float
    contribution: float


@dataclass(frozen=True)
class GroupDecomposition:
    """An index of inequality as ``within + between``, and its groups by label.

    ``within`` is the sum of the groups' contributions; ``between`` is the index when everybody has the mean
    of the own group. ``excluded_weight`` is the weight at values of 0 or below, which are left out, of
    ``total_weight``.
    """

    index: float
    within: float
    between: float
    groups: Mapping[Any, GroupPart]
    excluded_weight: float
    total_weight: float


def theil_by_group(
    x: npt.ArrayLike, by: npt.ArrayLike, weights: npt.ArrayLike | None = None
) -> GroupDecomposition:
    """Theil's T within and between groups, on positive values: T = sum_g s_g T_g + sum_g s_g ln(m_g / m).

    s_g is the group's share of the total value, T_g its own index, m_g its mean. Source: Theil (1967);
    Bourguignon (1979); Shorrocks (1980).

    Parameters: ``x`` float[n], ``by`` a label for each row (text, numbers, a Categorical). A label without a
    positive value of positive weight is not among the groups.
    Raises ``MicrosimError`` as all measures do, for a missing label, and where no value is positive.

    >>> found = theil_by_group([1, 3, 2, 2], ["a", "a", "b", "b"])
    >>> found.between, round(found.within, 4), found.groups["b"].index
    (0.0, 0.0654, 0.0)
    """
    return _decomposed("theil_by_group", theil, lambda part: part.value_share, x, by, weights)


def mean_log_deviation_by_group(
    x: npt.ArrayLike, by: npt.ArrayLike, weights: npt.ArrayLike | None = None
) -> GroupDecomposition:
    """Mean log deviation within and between, on positive values: L = sum_g p_g L_g + sum_g p_g ln(m / m_g).

    p_g is the group's share of the weight. Source: Bourguignon (1979); Shorrocks (1980). Otherwise as
    :func:`theil_by_group`.
    """
    return _decomposed(
        "mean_log_deviation_by_group", mean_log_deviation, lambda part: part.weight_share, x, by, weights
    )


def fgt_by_group(
    x: npt.ArrayLike,
    line: npt.ArrayLike,
    alpha: float,
    by: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    *,
    negatives: Negatives = "keep",
) -> dict[Any, GroupPart]:
    """Each group's own Foster-Greer-Thorbecke index, and what it adds to that of all: P = sum_g p_g P_g.

    p_g is the group's share of the weight; the ``contribution`` p_g P_g sums to
    :func:`microsim.measures.fgt`. Source: Foster, Greer and Thorbecke (1984).

    Parameters and errors as for ``fgt``; ``by`` a label for each row. Labels are sorted. ``value_share`` is
    NaN where the weighted total of ``x`` is 0.
    """
    offences = number("alpha", alpha, low=0.0)
    names, codes = labels("by", by, offences)
    w, values, z, group = with_line("fgt_by_group", x, line, weights, offences, negatives, by=codes)
    poor = values < z
    gap = np.zeros(len(values))
    gap[poor] = ((z[poor] - values[poor]) / z[poor]) ** alpha
    parts = {}
    for label, own in _groups(names, group):
        share, of_value, mean = _sizes(own, values, w)
        index = float(np.sum((w * gap)[own]) / np.sum(w[own]))
        parts[label] = GroupPart(share, of_value, mean, index, share * index)
    return parts


def _decomposed(
    measure: str,
    index: Callable[[Floats, Floats], float],
    weight_of: Callable[[GroupPart], float],
    x: npt.ArrayLike,
    by: npt.ArrayLike,
    weights: npt.ArrayLike | None,
) -> GroupDecomposition:
    offences: list[Offence] = []
    names, codes = labels("by", by, offences)
    w, values, group = rows(measure, weights, offences, x=x, by=codes)
    keep = values > 0
    if not keep.any():
        raise no_answer(measure, "no value is positive")
    excluded, everyone = float(np.sum(w[~keep])), float(np.sum(w))
    w, values, group = w[keep], values[keep], group[keep]
    parts: dict[Any, GroupPart] = {}
    means = np.empty(len(values))
    for label, own in _groups(names, group):
        share, of_value, mean = _sizes(own, values, w)
        part = GroupPart(share, of_value, mean, float(index(values[own], w[own])), 0.0)
        parts[label] = GroupPart(share, of_value, mean, part.index, weight_of(part) * part.index)
        means[own] = mean
    within = float(sum(part.contribution for part in parts.values()))
    return GroupDecomposition(
        float(index(values, w)), within, float(index(means, w)), parts, excluded, everyone
    )


def _groups(names: list[Any], group: Floats) -> list[tuple[Any, npt.NDArray[np.bool_]]]:
    """Labels that have rows, with the mask of these rows."""
    masks = ((label, group == k) for k, label in enumerate(names))
    return [(label, own) for label, own in masks if own.any()]


def _sizes(own: npt.NDArray[np.bool_], values: Floats, w: Floats) -> tuple[float, float, float]:
    """Share of the weight, share of the value, mean."""
    held, total = float(np.sum((w * values)[own])), float(np.sum(w * values))
    weight = float(np.sum(w[own]))
    return weight / float(np.sum(w)), held / total if total else float("nan"), held / weight
