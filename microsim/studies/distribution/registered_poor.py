"""Households registered as poor (建档立卡) beside their neighbours, compared as in the source paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from microsim import measures as m
from microsim.studies.common.estimates import Floats, Group, Influence, Of, Statistic, ratio_of

TAILS = (0.05, 0.10, 0.25)  # the shares for which the paper prints incomes of registered poor households
Mask = NDArray[np.bool_]


def registered_beside(
    registered: Mask, others: Mask, incomes: Mapping[str, Floats], groups: Sequence[Group]
) -> Iterator[Statistic]:
    """Persons and means of the registered and of the near-poor, their gap, and who is ahead in pairs of them.

    ``incomes``: name -> yuan/year per head, float64[households]. Nobody is both registered and among others.
    """
    one, other = registered.astype(float), others.astype(float)
    for group in groups:
        for who, flag in (("filed_poor", one), ("near_poor", other)):
            yield Statistic("persons", who, group, "persons", _sum(flag))
            for income, values in incomes.items():
                yield Statistic("mean", f"{who}_{income}", group, "yuan/year", *ratio_of(values * flag, flag))
        for income, values in incomes.items():
            yield Statistic("gap", income, group, "yuan/year", *_difference(values, one, other))
            yield Statistic("ahead", income, group, "1", _ahead(values, registered, others))


def gaps_in_band(
    registered: Mask, inside: Mask, amounts: Mapping[str, Floats], groups: Sequence[Group]
) -> Iterator[Statistic]:
    """Means of the registered less those of all others, among households ``inside`` the band."""
    one, other = (inside & registered).astype(float), (inside & ~registered).astype(float)
    for group in groups:
        for subject, values in amounts.items():
            yield Statistic("gap_in_band", subject, group, "yuan/year", *_difference(values, one, other))


def tails_of_registered(
    registered: Mask, others: Mask, values: Floats, groups: Sequence[Group]
) -> Iterator[Statistic]:
    """Means of the poorest and richest registered poor, and where the near-poor's mean lies among them."""
    top = 1.0 - TAILS[-1]
    for name, mask in groups:
        group = (name, mask & registered)
        subject = f"top_{TAILS[-1] * 100:.0f}"
        yield Statistic("filed_poor_mean", subject, group, "yuan/year", _mean_between(values, top, 1.0))
        for share in TAILS:
            subject = f"bottom_{share * 100:.0f}"
            poorest = _mean_between(values, 0.0, share)
            yield Statistic("filed_poor_mean", subject, group, "yuan/year", poorest)
            yield Statistic("filed_poor_top_over", subject, group, "1", _ratio_of_tails(values, share, top))
        both = (name, mask & (registered | others))
        yield Statistic("near_poor_rank", "filed_poor", both, "1", _rank(values, registered, others))


def _mean_between(values: Floats, low: float, high: float) -> Of:
    """Mean of the part of the people between two shares of them, poorest first; boundary units are split."""

    def of(w: Floats) -> float:
        heights = m.lorenz(values, w, [low, high])
        return float((heights[1] - heights[0]) / (high - low)) * m.mean(values, w)

    return of


def _ratio_of_tails(values: Floats, share: float, top: float) -> Of:
    upper, lower = _mean_between(values, top, 1.0), _mean_between(values, 0.0, share)

    def of(w: Floats) -> float:
        floor = lower(w)
        return upper(w) / floor if floor > 0 else float("nan")

    return of


def _rank(values: Floats, registered: Mask, others: Mask) -> Of:
    """Share of the registered poor who have less than the near-poor have on average."""

    def of(w: Floats) -> float:
        mean = m.ratio(values * others, others, w)
        return m.ratio((values < mean) * registered, registered, w)

    return of


def _sum(flag: Floats) -> Of:
    return lambda w: float(np.sum(w * flag))


def _difference(values: Floats, one: Floats, other: Floats) -> tuple[Of, Influence]:
    """Mean of the values of one flag less that of another."""
    of_one, moved_one = ratio_of(values * one, one)
    of_other, moved_other = ratio_of(values * other, other)
    return lambda w: of_one(w) - of_other(w), lambda w: moved_one(w) - moved_other(w)


def _ahead(values: Floats, one: Mask, other: Mask) -> Of:
    """Share of pairs of one and other in which the one has more; ties count half."""

    def of(w: Floats) -> float:
        mine, theirs = one & (w > 0), other & (w > 0)
        if not mine.any() or not theirs.any():
            return float("nan")
        order = np.argsort(values[theirs], kind="stable")
        ranked = values[theirs][order]
        cumulative = np.append(0.0, np.cumsum(w[theirs][order]))
        below = cumulative[np.searchsorted(ranked, values[mine], side="left")]
        upto = cumulative[np.searchsorted(ranked, values[mine], side="right")]
        return float(np.sum(w[mine] * (below + upto)) / (2.0 * np.sum(w[mine]) * cumulative[-1]))

    return of
