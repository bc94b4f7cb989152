"""Weighted means and ratios of totals."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from microsim.measures.arrays import no_answer, rows


def mean(x: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> float:
    """Weighted mean: sum w x / sum w, in the unit of ``x``. Negatives are kept; errors as all measures.

    >>> mean([1, 4], [2, 1])
    2.0
    """
    w, values = rows("mean", weights, x=x)
    return float(np.sum(w * values) / np.sum(w))


def ratio(
    numerator: npt.ArrayLike, denominator: npt.ArrayLike, weights: npt.ArrayLike | None = None
) -> float:
    """Ratio of two weighted totals: sum w y / sum w x; with a yes/no denominator the mean of a group.

    Parameters: float[n] in any units. Negatives are kept. Raises ``MicrosimError`` as all measures do, and
    where the total of the denominator is 0.

    >>> ratio([1, 0, 5], [1, 1, 0])
    3.0
    """
    w, above, below = rows("ratio", weights, numerator=numerator, denominator=denominator)
    total = float(np.sum(w * below))
    if total == 0:
        raise no_answer("ratio", "the weighted total is 0, so there is no ratio to it", "denominator")
    return float(np.sum(w * above) / total)
