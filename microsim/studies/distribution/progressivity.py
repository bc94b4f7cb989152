"""Whom each programme reaches and what it does to the distribution of income."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from microsim.measures import (
    concentration_index,
    influence,
    kakwani,
    mean,
    rank_reversals,
    ratio,
    redistribution,
    reranking,
    reynolds_smolensky,
    targeting,
)
from microsim.studies.common.benefits import benefits
from microsim.studies.common.estimates import Floats, Group, Influence, Of, Statistic, ratio_of
from microsim.studies.common.poverty import AFTER, BEFORE

if TYPE_CHECKING:
    from microsim.simulation import Result


def paid_per_head(result: Result) -> dict[str, Floats]:
    """Programme -> what it pays per member of each household, in cash and kind; only those that pay.

    Raises ``MicrosimError`` where the result lacks a benefit of the policy.
    """
    size = np.maximum(np.diff(result.population.offsets), 1)
    weights = np.asarray(result.population.weight)
    paid = {
        programme: np.sum([result.array(rule) for rule in rules], axis=0) / size
        for programme, rules in benefits(result.policy).items()
    }
    return {programme: amount for programme, amount in paid.items() if np.any(weights * amount)}


def progressivity_of(
    result: Result, paid: Mapping[str, Floats], groups: Sequence[Group]
) -> Iterator[Statistic]:
    """Concentration and Kakwani's index of each programme, its redistribution and re-ranking.

    Everything is compared with income before benefits per head; a programme's income after is that plus what
    the programme pays per head. Incomes below zero count as zero.
    """
    pre = np.maximum(result.array(BEFORE), 0.0)
    for name, amount in paid.items():
        for group in groups:
            yield Statistic("concentration", name, group, "1", *_concentration(amount, pre))
            yield Statistic("kakwani", name, group, "1", *_kakwani(amount, pre))
            yield Statistic("reynolds_smolensky", name, group, "1", *_reynolds(pre, pre + amount))
            yield Statistic("reranking", name, group, "1", *_reranking(pre, pre + amount))


def redistribution_of(result: Result, groups: Sequence[Group], equals_within: float) -> Iterator[Statistic]:
    """What all benefits in cash do together: parts of the change of the Gini coefficient, reversed pairs.

    ``redistribution.total`` = ``vertical`` - ``horizontal`` - ``reranking``, among persons by income per head
    before and after; equals are those within one interval of ``equals_within`` yuan.
    """
    pre, post = (np.maximum(result.array(name), 0.0) for name in (BEFORE, AFTER))
    for group in groups:
        for part in ("total", "vertical", "horizontal", "reranking"):
            yield Statistic(
                "redistribution", part, group, "1", _part_of_redistribution(pre, post, equals_within, part)
            )
        yield Statistic("reynolds_smolensky", "benefits", group, "1", *_reynolds(pre, post))
        yield Statistic("reranking", "benefits", group, "1", *_reranking(pre, post))
        yield Statistic("reversed_pairs", "benefits", group, "1", _reversed(pre, post))


def targeting_of(paid: Mapping[str, Floats], poor: Floats, groups: Sequence[Group]) -> Iterator[Statistic]:
    """Coverage, errors of exclusion and inclusion, leakage, and the CGH index of each programme.

    Persons are reached where their household receives anything; ``poor`` is 1 for those meant.
    """
    everyone, others = np.ones(len(poor)), 1.0 - poor
    for name, amount in paid.items():
        reached = (amount > 0).astype(float)
        moved = {
            "coverage": ratio_of(poor * reached, poor)[1],
            "exclusion_error": ratio_of(poor * (1.0 - reached), poor)[1],
            "inclusion_error": ratio_of(others * reached, reached)[1],
            "leakage": ratio_of(others * amount, amount)[1],
            "recipient_share": ratio_of(reached, everyone)[1],
            "cgh": _cgh(amount, poor),
        }
        for group in groups:
            for measure, influence_of in moved.items():
                yield Statistic(measure, name, group, "1", _targeted(amount, poor, measure), influence_of)


def shares_of(paid: Mapping[str, Floats], groups: Sequence[Group]) -> Iterator[Statistic]:
    """Share of each programme's money that goes to each group."""
    for name, amount in paid.items():
        for label, mask in groups:
            whole = (label, np.ones(len(mask), dtype=bool))
            yield Statistic("benefit_share", name, whole, "1", *ratio_of(amount * mask, amount))


def _concentration(amount: Floats, pre: Floats) -> tuple[Of, Influence]:
    return (
        lambda w: concentration_index(amount, pre, w),
        lambda w: influence.concentration_index(amount, pre, w),
    )


def _kakwani(amount: Floats, pre: Floats) -> tuple[Of, Influence]:
    return lambda w: kakwani(amount, pre, w), lambda w: influence.kakwani(amount, pre, w)


def _reynolds(pre: Floats, post: Floats) -> tuple[Of, Influence]:
    return (
        lambda w: reynolds_smolensky(pre, post, w),
        lambda w: influence.reynolds_smolensky(pre, post, w),
    )


def _reranking(pre: Floats, post: Floats) -> tuple[Of, Influence]:
    return lambda w: reranking(pre, post, w), lambda w: influence.reranking(pre, post, w)


def _part_of_redistribution(pre: Floats, post: Floats, width: float, part: str) -> Of:
    return lambda w: float(getattr(redistribution(pre, post, w, equals_within=width), part))


def _reversed(pre: Floats, post: Floats) -> Of:
    return lambda w: rank_reversals(pre, post, w).reversed


def _targeted(amount: Floats, poor: Floats, part: str) -> Of:
    return lambda w: float(getattr(targeting(amount, poor, w), part))


def _cgh(amount: Floats, poor: Floats) -> Influence:
    def moved(w: Floats) -> Floats:
        kept = influence.ratio(amount * poor, amount, w)
        members = influence.ratio(poor, np.ones(len(poor)), w)
        share, size = ratio(amount * poor, amount, w), mean(poor, w)
        return kept / size - share / size**2 * members

    return moved
