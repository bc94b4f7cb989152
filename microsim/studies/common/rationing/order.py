"""Who goes first, and how far the money goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from microsim.numerics.streams import Streams
from microsim.scenario.budget.caps import FIRST_COME, Cap

if TYPE_CHECKING:
    from microsim.simulation import Result

ASSESSED = "counted_income_per_head"  # income as the office finds it, by which it knows who is poorer
Floats = NDArray[np.float64]


def order_of(cap: Cap, result: Result, household_id: NDArray[Any]) -> NDArray[np.intp]:
    """Rows of households, first to last.

    The poorest first: by assessed income per member to the fen, and by id where that is equal. Who comes
    first: by a number drawn for each household from the cap's seed and its id alone, whatever else is in the
    run, in which pieces and on how many threads.
    """
    by: Floats
    if cap.rule != FIRST_COME:
        by = np.round(np.asarray(result.array(ASSESSED), dtype=np.float64), 2).astype(np.float64)
    else:
        by = Streams(cap.seed).uniform("first come", household_id)
    return np.lexsort((household_id, by))


def kept_shares(amount: Floats, weight: Floats, order: NDArray[np.intp], most: float) -> Floats:
    """Of each household the share of its weight that is served, where ``most`` is served in this order.

    All of it up to one household, of which a part is served, and nothing after it: the sum of share x weight
    x amount is ``most``, or the sum of all where that is less.
    """
    own = (amount * weight)[order]
    before = np.concatenate([[0.0], np.add.accumulate(own)[:-1]])
    left = most - before
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(own > 0.0, np.clip(left / own, 0.0, 1.0), left > 0.0)
    out = np.empty(len(amount))
    out[order] = share
    return out
