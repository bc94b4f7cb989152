"""Pairs that change places: the share of pairs whose order is turned round."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from microsim.measures.arrays import Floats, no_answer, rows


@dataclass(frozen=True)
class RankReversals:
    """Pairs of units that differ before, by what becomes of their order; the shares sum to 1.

    ``reversed`` are the pairs of which the lower before is the higher after, ``levelled`` those that are
    equal after, ``kept`` the rest. ``pairs`` is the weight of all pairs that differ before (products of the
    two weights).
    """

    reversed: float
    levelled: float
    kept: float
    pairs: float


def rank_reversals(
    pre: npt.ArrayLike, post: npt.ArrayLike, weights: npt.ArrayLike | None = None
) -> RankReversals:
    """Weighted share of pairs whose rank is reversed, in O(n log n).

    sum over pairs with pre_i < pre_j of w_i w_j [post_i > post_j], over the same sum without the bracket.
    Pairs that are tied before have no order to reverse and are left out of both; pairs tied after are
    ``levelled`` and not reversed. Without ties it is (1 - tau) / 2 with Kendall's tau. Source: Kendall
    (1938) for pairs; definition.

    Parameters: ``pre``, ``post`` float[n] in any units. Negatives are values like others.
    Raises ``MicrosimError`` as all measures do, and where all units are equal before.

    >>> found = rank_reversals([1, 2, 3], [5, 4, 9])
    >>> round(found.reversed, 4), found.levelled
    (0.3333, 0.0)
    """
    w, before, after = rows("rank_reversals", weights, pre=pre, post=post)
    _, first = np.unique(before, return_inverse=True)
    _, second = np.unique(after, return_inverse=True)
    everyone = float(np.sum(w)) ** 2
    tied_before, tied_after = _tied(first, w), _tied(second, w)
    tied_both = _tied(first * (int(second.max()) + 1) + second, w)
    pairs = (everyone - tied_before) / 2.0
    if not len(first) or first.max() == 0:
        raise no_answer("rank_reversals", "all values are equal, so no pair has an order", "pre")
    order = np.lexsort((second, first))  # ties before are in the order after: never an inversion
    turned = _inversions(second[order], w[order]) / pairs
    levelled = (tied_after - tied_both) / 2.0 / pairs
    return RankReversals(turned, levelled, 1.0 - turned - levelled, pairs)


def _tied(groups: npt.NDArray[np.int64], w: Floats) -> float:
    """Sum over groups of their squared weight: ordered pairs inside groups, each unit with itself too."""
    _, codes = np.unique(groups, return_inverse=True)
    return float(np.sum(np.bincount(codes, weights=w) ** 2))


def _inversions(ranks: npt.NDArray[np.int64], w: Floats) -> float:
    """Sum of w_i w_j over i before j with ranks_i > ranks_j.

    Digit by digit from the highest bit: among rows whose higher bits agree, each row with a 0 meets the rows
    with a 1 before it. A stable partition then puts the next bit's groups together.
    """
    found = 0.0
    for bit in range(int(ranks.max()).bit_length() - 1, -1, -1):
        prefix = ranks >> (bit + 1)
        one = (ranks >> bit & 1).astype(bool)
        ones = np.cumsum(np.where(one, w, 0.0))
        starts = np.flatnonzero(np.append(True, prefix[1:] != prefix[:-1]))
        before_group = np.append(0.0, ones)[starts]
        inside = ones - np.repeat(before_group, np.diff(np.append(starts, len(ranks))))
        found += float(np.sum(np.where(one, 0.0, w * inside)))
        order = np.argsort(ranks >> bit, kind="stable")
        ranks, w = ranks[order], w[order]
    return found
