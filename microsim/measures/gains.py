"""Gainers and losers between two states of the same units."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from microsim.measures.arrays import number, rows


@dataclass(frozen=True)
class GainsAndLosses:
    """Who gains and who loses, in the unit of the weights, of the values, or as shares (0 to 1).

    ``gainers``, ``losers`` and ``unchanged`` are weights and add up to ``total``. ``mean_gain`` and
    ``mean_loss`` are per gainer and per loser, both positive, 0 where there is none. ``total_gain`` less
    ``total_loss`` is the change of all within ``tolerance``.
    """

    total: float
    gainers: float
    losers: float
    unchanged: float
    total_gain: float
    total_loss: float

    @property
    def gaining_share(self) -> float:
        return self.gainers / self.total

    @property
    def losing_share(self) -> float:
        return self.losers / self.total

    @property
    def mean_gain(self) -> float:
        return self.total_gain / self.gainers if self.gainers else 0.0

    @property
    def mean_loss(self) -> float:
        return self.total_loss / self.losers if self.losers else 0.0


def gainers_and_losers(
    before: npt.ArrayLike,
    after: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    *,
    tolerance: float = 0.005,
    relative: float = 0.0,
) -> GainsAndLosses:
    """Weight of those whose value rises, falls or stays, and by how much.

    A unit gains where after - before exceeds max(tolerance, relative |before|), loses where it falls short
    of minus that, and is unchanged otherwise. Source: definition.

    Parameters: ``before``, ``after`` float[n] in the same unit, of the same units in the same order;
    ``tolerance`` >= 0 in that unit (the default takes half a fen of rounding for no change); ``relative``
    >= 0 as a share of the value before (0.05: changes within 5 % count as none). Negatives are kept.
    Raises ``MicrosimError`` as all measures do.

    >>> found = gainers_and_losers([10, 10, 10], [10, 14, 9], weights=[2, 1, 1])
    >>> found.unchanged, found.gaining_share, found.mean_loss
    (2.0, 0.25, 1.0)
    """
    offences = [*number("tolerance", tolerance, 0.0), *number("relative", relative, 0.0)]
    w, old, new = rows("gainers_and_losers", weights, offences, before=before, after=after)
    change = new - old
    least = np.maximum(tolerance, relative * np.abs(old))
    up, down = change > least, change < -least
    whole = float(np.sum(w))
    gainers, losers = float(np.sum(w[up])), float(np.sum(w[down]))
    return GainsAndLosses(
        total=whole,
        gainers=gainers,
        losers=losers,
        unchanged=float(np.sum(w[~up & ~down])),
        total_gain=float(np.sum((w * change)[up])),
        total_loss=-float(np.sum((w * change)[down])),
    )
