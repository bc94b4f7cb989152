"""Tekun and the two subsidies: rates, and amounts where expenditure is known as well."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from microsim.studies.calibration.bench import Bench
from microsim.studies.calibration.reaching import (
    FINE,
    TOLERANCE,
    Out,
    OutOfReachError,
    claimants,
    overlap,
    paid_to,
    rate_change,
    rates_of,
    secant,
)
from microsim.studies.calibration.take_up import Rates
from microsim.studies.calibration.targets import ALL, AREAS, EXPENDITURE, RECIPIENTS, Targets
from microsim.studies.calibration.ways import AMOUNT_RANGE, LIVING, LIVING_RANGE, TAKE_UP


def tekun_rates(
    bench: Bench, targets: Targets, under: Mapping[str, Any]
) -> tuple[dict[str, Rates], list[Out]]:
    """Rates of tekun by group, under other levers, and what is out of reach."""
    if not (targets.of("tekun", RECIPIENTS) or targets.of("tekun", EXPENDITURE)):
        return {}, []
    everybody = {name: change for name, change in under.items() if name != TAKE_UP["tekun"]}
    return rates_of(bench, targets, "tekun", bench.amounts(everybody), None)


def tekun_changes(bench: Bench, targets: Targets, under: Mapping[str, Any]) -> dict[str, Any]:
    """Rates of tekun, and its living standard where expenditure is known as well."""
    programme = "tekun"
    rates, outs = tekun_rates(bench, targets, under)
    if outs:
        raise OutOfReachError(outs)
    changes = rate_change(programme, rates)
    found: dict[str, float] = {}
    people = targets.of(programme, RECIPIENTS)
    for group, value in targets.of(programme, EXPENDITURE).items():
        if not any(overlap(group, other) for other in people):
            continue
        areas = AREAS if group == ALL else (group,)

        def miss(x: float, group: str = group, value: float = value, areas: Any = areas) -> float:
            tried = {**under, **changes, LIVING: {"by": dict.fromkeys(areas, x)}}
            paid = bench.amounts(tried)[programme, EXPENDITURE]
            return float(paid[bench.inside(group)].sum()) / value - 1.0

        start = bench.policy.value(LIVING)
        x, y = secant(miss, float(start[areas[0]] if isinstance(start, Mapping) else start), LIVING_RANGE)
        if abs(y) > TOLERANCE:
            each = sum(v for own, v in people.items() if overlap(own, group))
            ends = [value * (1.0 + miss(end)) / each for end in LIVING_RANGE]
            raise OutOfReachError([Out(programme, EXPENDITURE, group, *ends)])
        found |= dict.fromkeys(areas, round(x, 6))
    return changes | ({LIVING: {"by": found}} if found else {})


def subsidy_changes(
    bench: Bench, targets: Targets, programme: str, parameter: str, under: Mapping[str, Any]
) -> dict[str, Any]:
    """Rates of a subsidy, and its amounts, by one factor for all grades, where expenditure is known."""
    if not (targets.of(programme, RECIPIENTS) or targets.of(programme, EXPENDITURE)):
        return {}
    amounts = bench.amounts(under)
    rates, outs = rates_of(bench, targets, programme, amounts, None)
    if outs:
        raise OutOfReachError(outs)
    changes = rate_change(programme, rates)
    value = targets.of(programme, EXPENDITURE).get(ALL)
    if value is None or not targets.of(programme, RECIPIENTS):
        return changes
    paid = paid_to(amounts, bench, programme, ALL, claimants(bench, rates, ALL))
    factor = value / paid if paid else np.inf
    if not AMOUNT_RANGE[0] <= factor <= AMOUNT_RANGE[1]:
        people = float((amounts[programme, RECIPIENTS] * claimants(bench, rates, ALL)).sum())
        each = paid / max(people, 1.0)
        raise OutOfReachError([Out(programme, EXPENDITURE, ALL, *(each * end for end in AMOUNT_RANGE))])
    if abs(factor - 1.0) > FINE:
        now = bench.policy.value(parameter)
        changes[parameter] = {"by": {grade: round(v * factor, 4) for grade, v in now.items() if v}}
    return changes
