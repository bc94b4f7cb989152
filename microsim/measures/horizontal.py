"""Redistribution split into vertical effect, unequal treatment of equals, and re-ranking."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from microsim.measures.arrays import Floats, Negatives, midranks, number, positive_total, rows


@dataclass(frozen=True)
class Redistribution:
    """The change of the Gini coefficient: ``total`` = ``vertical`` - ``horizontal`` - ``reranking``.

    ``horizontal`` is the inequality made among equals (negative where near-equals are brought together),
    ``reranking`` that of groups and of members overtaking each other, never negative up to rounding.
    """

    total: float
    vertical: float
    horizontal: float
    reranking: float


def redistribution(
    pre: npt.ArrayLike,
    post: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    *,
    equals_within: float = 0.0,
    negatives: Negatives = "keep",
) -> Redistribution:
    """Vertical effect, classical horizontal inequity and re-ranking, by groups of equals.

    Units are equals where their ``pre`` lies in one interval [k d, (k + 1) d) with d = ``equals_within``
    (exactly equal values for 0). With B the Gini coefficient between the groups (everybody at the group's
    mean, groups ordered by ``pre``) and A the part within, A = sum over pairs of one group of
    w_i w_j |y_i - y_j| / (2 W sum w y), which is sum_k a_k G_k with a_k the group's share of people times
    its share of income:

    * total = G_pre - G_post; vertical = B_pre - B_post;
    * horizontal = A_post - A_pre, where A_pre is 0 for exact equals;
    * re-ranking = G_post - B_post - A_post.

    Source: Aronson, Johnson and Lambert (1994) for exact equals; van de Ven, Creedy and Lambert (2001) for
    groups of close equals. Here the within-group inequality before is taken off, so that the identity holds
    for any ``equals_within``. The re-ranking of Atkinson and Plotnick without groups is
    :func:`microsim.measures.reranking`.

    Parameters: ``pre``, ``post`` float[n] and ``equals_within`` >= 0 in one unit. Negatives of both are
    kept, set to 0 with ``negatives="floor"``, rows with one left out with ``"drop"``.
    Raises ``MicrosimError`` as all measures do, and where a weighted total is not positive.

    >>> found = redistribution([1, 1, 3, 3], [1, 3, 4, 4])
    >>> round(found.horizontal, 12), round(found.total, 12)
    (0.041666666667, 0.041666666667)
    """
    offences = number("equals_within", equals_within, low=0.0)
    w, before, after = rows(
        "redistribution",
        weights,
        offences,
        negatives=negatives,
        negatives_in=("pre", "post"),
        pre=pre,
        post=post,
    )
    for name, values in (("pre", before), ("post", after)):
        positive_total("redistribution", values, w, name)
    place = np.floor(before / equals_within) if equals_within else before
    _, group = np.unique(place, return_inverse=True)
    g_pre, b_pre, a_pre = _parts(before, group, w)
    g_post, b_post, a_post = _parts(after, group, w)
    return Redistribution(g_pre - g_post, b_pre - b_post, a_post - a_pre, g_post - b_post - a_post)


def _parts(values: Floats, group: npt.NDArray[np.int64], w: Floats) -> tuple[float, float, float]:
    """Gini coefficient, its part between groups in the order of their numbers, its part within."""
    total, people = float(np.sum(w * values)), float(np.sum(w))
    centred = values - total / people
    whole = float(np.sum(w * centred * (2.0 * midranks(values, w) - 1.0))) / total
    between = float(np.sum(w * centred * (2.0 * midranks(group.astype(float), w) - 1.0))) / total
    # Within: sorted by group and value, each row is compared with those of its group below and above it.
    order = np.lexsort((values, group))
    g, v, m = group[order], centred[order], w[order]
    starts = np.flatnonzero(np.append(True, g[1:] != g[:-1]))
    sizes = np.diff(np.append(starts, len(g)))
    held = np.add.reduceat(m, starts)
    below = np.cumsum(m) - m - np.repeat(np.cumsum(held) - held, sizes)
    above = np.repeat(held, sizes) - below - m
    within = float(np.sum(m * v * (below - above))) / (people * total)
    return whole, between, within
