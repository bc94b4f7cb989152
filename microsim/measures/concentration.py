"""Concentration of one amount along the ranking by another, and what taxes and benefits do to a ranking."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from microsim.measures.arrays import Floats, Negatives, midranks, no_answer, positive_total, rows, shares


def concentration_index(
    x: npt.ArrayLike,
    rank_by: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    *,
    negatives: Negatives = "keep",
) -> float:
    """Concentration index of ``x`` along the ranking by ``rank_by``, with tie-averaged ranks.

    C = sum_i w_i x_i (2 R_i - 1) / sum_i w_i x_i with R_i the fractional rank by ``rank_by``, equal to
    twice the weighted covariance of x and R over the mean of x. Ranked by itself, it is the Gini coefficient.
    Source: Kakwani (1980); Lerman and Yitzhaki (1989) for weights.

    Parameters: ``x`` and ``rank_by`` float[n] in any units. Returns a number without unit: negative where
    ``x`` goes to those with low ``rank_by``, at most the Gini coefficient of ``x`` in size. Rows with equal
    ``rank_by`` share one rank, so their order cannot matter. Negatives of ``x`` are kept,
    set to 0 with ``negatives="floor"``, left out with ``"drop"``.
    Raises ``MicrosimError`` as all measures do, and where the weighted total of ``x`` is 0.

    >>> round(concentration_index([3, 1, 0], rank_by=[1, 2, 3]), 12)
    -0.5
    """
    w, values, by = rows("concentration_index", weights, negatives=negatives, x=x, rank_by=rank_by)
    return _concentration("concentration_index", "x", values, by, w)


def concentration_curve(
    x: npt.ArrayLike,
    rank_by: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    at: npt.ArrayLike | None = None,
    *,
    negatives: Negatives = "keep",
) -> float | Floats | tuple[Floats, Floats]:
    """Share of the total of ``x`` that goes to the share ``p`` of the population lowest in ``rank_by``.

    As :func:`microsim.measures.lorenz`, but along another ranking; rows with equal ``rank_by`` are one
    straight piece. 1 minus twice the area below it is :func:`concentration_index`. Source: Kakwani (1980).

    Without ``at``: a pair of float64[m + 1] arrays from 0 to 1, where m is the number of distinct ranks;
    with ``at`` (a share or an array of shares): the heights there. Negatives and errors as
    for :func:`concentration_index`.
    """
    levels, offences = (None, []) if at is None else shares("at", at)
    w, values, by = rows("concentration_curve", weights, offences, negatives=negatives, x=x, rank_by=rank_by)
    _nonzero_total("concentration_curve", "x", values, w)
    _, group = np.unique(by, return_inverse=True)
    population = np.append(0.0, np.cumsum(np.bincount(group, weights=w)))
    held = np.append(0.0, np.cumsum(np.bincount(group, weights=w * values)))
    population /= population[-1]
    held /= held[-1]
    if levels is None:
        return population, held
    heights = np.interp(levels, population, held)
    return float(heights) if levels.ndim == 0 else heights


def kakwani(
    tax: npt.ArrayLike,
    pre: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    *,
    negatives: Negatives = "keep",
) -> float:
    """Kakwani's index of progressivity: C_tax - G_pre.

    C_tax is the concentration index of ``tax`` (or of a benefit) ranked by ``pre``, G_pre the Gini
    coefficient of income before.
    Source: Kakwani (1977). Positive for a progressive tax, 0 for a proportional one; a benefit that favours
    the poor is negative. All float[n]; ``negatives`` is about ``pre``; ties and errors as for
    :func:`concentration_index` and :func:`microsim.measures.gini`.
    """
    w, amounts, before = rows(
        "kakwani", weights, negatives=negatives, negatives_in=("pre",), tax=tax, pre=pre
    )
    return _concentration("kakwani", "tax", amounts, before, w) - _gini("kakwani", "pre", before, w)


def reynolds_smolensky(
    pre: npt.ArrayLike,
    post: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    *,
    negatives: Negatives = "keep",
) -> float:
    """Reynolds and Smolensky's index of redistribution: G_pre - C_post.

    C_post is the concentration index of income after, ranked by income before. Source: Reynolds and
    Smolensky (1977); Lambert (2001). Equal to the change of the Gini coefficient, G_pre - G_post, plus
    :func:`reranking`. Positive where the poor gain share. All float[n]; ``negatives`` is about both;
    ties and errors as for :func:`concentration_index`.
    """
    w, before, after = rows(
        "reynolds_smolensky", weights, negatives=negatives, negatives_in=("pre", "post"), pre=pre, post=post
    )
    return _gini("reynolds_smolensky", "pre", before, w) - _concentration(
        "reynolds_smolensky", "post", after, before, w
    )


def reranking(
    pre: npt.ArrayLike,
    post: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    *,
    negatives: Negatives = "keep",
) -> float:
    """Atkinson and Plotnick's re-ranking: G_post - C_post, with C_post ranked by income before.

    Source: Atkinson (1980); Plotnick (1981). 0 where nobody changes place and never negative (up to
    rounding); units tied before and apart after count as re-ranked by half their distance, because ties
    share a rank. All float[n]; ``negatives`` is about both; errors as for :func:`concentration_index` and
    :func:`microsim.measures.gini`.
    """
    w, before, after = rows(
        "reranking", weights, negatives=negatives, negatives_in=("pre", "post"), pre=pre, post=post
    )
    return _gini("reranking", "post", after, w) - _concentration("reranking", "post", after, before, w)


def _concentration(measure: str, name: str, x: Floats, by: Floats, w: Floats) -> float:
    total = _nonzero_total(measure, name, x, w)
    # Deviations from the mean leave the sum unchanged (the ranks' weighted mean is 1/2) and lose no digits.
    return float(np.sum(w * (x - total / np.sum(w)) * (2.0 * midranks(by, w) - 1.0)) / total)


def _gini(measure: str, name: str, x: Floats, w: Floats) -> float:
    positive_total(measure, x, w, name)  # more than the concentration index asks for
    return _concentration(measure, name, x, x, w)


def _nonzero_total(measure: str, name: str, x: Floats, w: Floats) -> float:
    total = float(np.sum(w * x))
    if total == 0:
        raise no_answer(measure, "the weighted total is 0, so shares of it do not exist", name)
    return total
