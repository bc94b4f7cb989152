"""Deciles and other quantile groups: who is in which, and what each group holds."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from microsim.measures.arrays import Floats, Negatives, positive_total, rows, whole
from microsim.measures.inequality import lorenz
from microsim.measures.quantiles import quantile


def quantile_groups(
    x: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    groups: int = 10,
    *,
    negatives: Negatives = "keep",
) -> npt.NDArray[np.int64]:
    """Group of each row, 1 for the lowest: 1 + the number of inner boundaries below its value.

    Boundaries are the quantiles at 1 / groups, 2 / groups, ..., as :func:`microsim.measures.quantile`; group
    k holds the values above boundary k - 1 and up to boundary k. The specification:

    * equal values always are in one group, the one that ends at or above them; with many ties a group may
      hold more or less than its share of the weight, or nobody;
    * a row of weight 0 moves no boundary and gets the group in which its value lies;
    * negatives are values like others; ``"floor"`` counts them as 0; ``"drop"`` takes them out of the
      boundaries and gives them the group 0.

    Source: the boundaries and sides of ``qsr`` in the R package laeken (Alfons and Templ 2013), so that
    :func:`microsim.measures.s80s20` is the total of group 5 over that of group 1 with ``groups=5``.
    Where groups of exactly equal size are wanted, :func:`quantile_shares` splits the boundary unit.

    Parameters: ``x`` float[n] in any unit, ``groups`` a whole number of at least 2. Returns int64[n], in the
    order of the rows.
    Raises ``MicrosimError`` as all measures do.

    >>> quantile_groups([10, 40, 20, 30], groups=2).tolist(), quantile_groups([0, 0, 0, 9], groups=2).tolist()
    ([1, 2, 1, 2], [1, 1, 1, 2])
    """
    w, values = rows("quantile_groups", weights, whole("groups", groups, 2), negatives=negatives, x=x)
    boundaries = quantile(values, np.arange(1, groups) / groups, w)
    everyone = np.asarray(x, dtype=np.float64)
    placed = np.maximum(everyone, 0.0) if negatives == "floor" else everyone
    found = 1 + np.searchsorted(boundaries, placed, side="left")
    if negatives == "drop":
        found[everyone < 0] = 0
    return found.astype(np.int64)


def quantile_shares(
    x: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    groups: int = 10,
    *,
    negatives: Negatives = "keep",
) -> Floats:
    """Share of the total held by each of ``groups`` groups of equal weight, poorest first: decile shares.

    L(k / groups) - L((k - 1) / groups) on the Lorenz polygon, so the unit at a boundary is split in
    proportion and ties do not matter. Source: as :func:`microsim.measures.lorenz`.

    Parameters: ``x`` float[n], ``groups`` a whole number of at least 2. Returns float64[groups] that sums to
    1; times ``groups`` it is each group's mean over the mean of all. Negatives are kept (a share may then be
    negative), set to 0 with ``"floor"``, left out with ``"drop"``.
    Raises ``MicrosimError`` as all measures do, and where the weighted total is not positive.

    >>> quantile_shares([1, 2, 3, 4], groups=2).tolist()
    [0.3, 0.7]
    """
    found = whole("groups", groups, 2)
    w, values = rows("quantile_shares", weights, found, negatives=negatives, x=x)
    positive_total("quantile_shares", values, w)
    return np.diff(lorenz(values, w, np.linspace(0.0, 1.0, groups + 1)))
