"""The levers of dibao: rates from the draws, incomes seen by bisection, top-ups by secants."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from microsim.studies.calibration.bench import Bench
from microsim.studies.calibration.beside_dibao import tekun_rates
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
from microsim.studies.calibration.ways import (
    SEEN,
    SEEN_RANGE,
    TAKE_UP,
    TOP_UP_RANGE,
    Road,
    joined,
    of_areas,
    per_area,
    top_up_changes,
)

_HALVINGS = 12


@dataclass(frozen=True)
class Block:
    """Levers of dibao that meet the targets of one area (or of both, where these are in all)."""

    road: Road
    changes: Mapping[str, Any]
    draws: Mapping[str, int]  # area -> seed, where not those of the data


def blocks_of(targets: Targets) -> dict[str, tuple[str, ...]]:
    """Name -> the areas whose levers of dibao are found together."""
    known = [*targets.of("dibao", RECIPIENTS), *targets.of("dibao", EXPENDITURE)]
    if ALL in known:
        return {ALL: AREAS}
    return {area: (area,) for area in AREAS if area in known}


def dibao(
    bench: Bench, targets: Targets, road: Road, held: tuple[str, ...]
) -> tuple[dict[str, Block], list[Out]]:
    """One way for all areas at once: the blocks in which it meets the targets, and what it does not meet."""
    blocks = blocks_of(targets)
    people, yuan = targets.of("dibao", RECIPIENTS), targets.of("dibao", EXPENDITURE)
    both = {group: v for group, v in yuan.items() if any(overlap(group, other) for other in people)}
    groups = {area: name for name, areas in blocks.items() for area in areas}
    seen = dict.fromkeys(blocks, road.seen or 1.0)
    factors = dict.fromkeys(blocks, road.top_ups)
    tekun: dict[str, dict[str, Any]] = {}

    def laid(seen: Mapping[str, float], factors: Mapping[str, float]) -> dict[str, Any]:
        moved = {g: s for g, s in seen.items() if s != 1.0}
        own = {**road.changes, SEEN: per_area(moved, groups)} if moved else dict(road.changes)
        # Who is tekun hangs on what is seen of the own income, and not on the amounts.
        key = str(own)
        if key not in tekun:
            tekun[key] = rate_change("tekun", tekun_rates(bench, targets, own)[0])
        return {**own, **tekun[key], **top_up_changes(bench.policy, held, factors, groups)}

    if road.name != "take_up" and SEEN not in held and road.seen in (None, 1.0):
        seen = _bisected(bench, targets, road, seen, both, lambda tried: laid(tried, factors))
    amounts = bench.amounts(laid(seen, factors))
    rates, outs = rates_of(bench, targets, "dibao", amounts, road)
    # Among few households no rate may come near enough.
    for group, one in rates.items():
        if abs(one.miss) > TOLERANCE:
            kind = RECIPIENTS if any(overlap(group, other) for other in people) else EXPENDITURE
            reached = targets.of("dibao", kind)[group] * (1.0 + one.miss)
            outs.append(Out("dibao", kind, group, reached, reached))
    paying = {g: v for g, v in both.items() if not any(overlap(g, out.group) for out in outs)}
    factors, more = _topped(bench, rates, factors, people, paying, lambda tried: laid(seen, tried))
    outs += more
    changes = joined(
        {name: change for name, change in laid(seen, factors).items() if name != TAKE_UP["tekun"]},
        rate_change("dibao", rates),
    )
    found = {
        name: Block(road, of_areas(changes, areas), road.draws_of(areas))
        for name, areas in blocks.items()
        if not any(overlap(name, out.group) for out in outs)
    }
    return found, outs


def dibao_again(
    bench: Bench, targets: Targets, block: Mapping[str, Block], held: tuple[str, ...],
    under: Mapping[str, Any],
) -> dict[str, Any]:  # fmt: skip
    """Rates and top-ups found anew under what tekun came to."""
    everybody = {name: change for name, change in under.items() if name != TAKE_UP["dibao"]}
    amounts = bench.amounts(everybody)
    rates: dict[str, Rates] = {}
    for one in block.values():
        own, outs = rates_of(bench, targets, "dibao", amounts, one.road)
        if outs:
            raise OutOfReachError(outs)
        rates |= {g: rate for g, rate in own.items() if any(overlap(g, name) for name in block)}
    people, yuan = targets.of("dibao", RECIPIENTS), targets.of("dibao", EXPENDITURE)
    both = {group: v for group, v in yuan.items() if any(overlap(group, other) for other in people)}
    groups = {area: name for name, areas in blocks_of(targets).items() for area in areas}
    now = Bench(bench.population, bench.policy.reform(everybody, allow_unusual=True))
    factors, outs = _topped(
        now, rates, dict.fromkeys(block, 1.0), people, both,
        lambda tried: top_up_changes(now.policy, held, tried, groups),
    )  # fmt: skip
    if outs:
        raise OutOfReachError(outs)
    moved = top_up_changes(now.policy, held, factors, groups)
    before = {name: under[name] for name in moved if name in under}
    return {**joined(before, moved), **rate_change("dibao", rates)}


def _bisected(
    bench: Bench, targets: Targets, road: Road, seen: Mapping[str, float], both: Mapping[str, float],
    laid: Callable[[Mapping[str, float]], dict[str, Any]],
) -> dict[str, float]:  # fmt: skip
    """The factor on incomes seen at which those who claim are paid what is known, group by group.

    The less the office sees, the more each is paid, and the more may claim. Where expenditure is not known,
    the factor is the one nearest to 1 at which enough persons are entitled.
    """
    low = dict.fromkeys(seen, SEEN_RANGE[0])
    high = {group: SEEN_RANGE[1] if group in both else 1.0 for group in seen}
    best = dict.fromkeys(seen, (np.inf, SEEN_RANGE[0]))
    tried = dict(seen)
    for _ in range(_HALVINGS):
        amounts = bench.amounts(laid(tried))
        rates, outs = rates_of(bench, targets, "dibao", amounts, road)
        for group, x in tried.items():
            if any(overlap(group, out.group) for out in outs):
                high[group] = x
                continue
            if group not in both:  # enough persons are entitled: nearer to 1, if there is room
                best[group] = (0.0, x)
                low[group] = x
                continue
            miss = paid_to(amounts, bench, "dibao", group, claimants(bench, rates, group)) / both[group] - 1.0
            if abs(miss) < best[group][0]:
                best[group] = (abs(miss), x)
            if miss > 0.0:
                low[group] = x
            else:
                high[group] = x
        new = {group: round(0.5 * (low[group] + high[group]), 6) for group in seen}
        if all(best[group][0] <= FINE or high[group] - low[group] < FINE for group in seen):
            break
        tried = new
    return {group: x for group, (_, x) in best.items()}


def _topped(
    bench: Bench, rates: Mapping[str, Rates], factors: Mapping[str, float], people: Mapping[str, float],
    both: Mapping[str, float], laid: Callable[[Mapping[str, float]], dict[str, Any]],
) -> tuple[dict[str, float], list[Out]]:  # fmt: skip
    """The factor on the top-ups at which those who claim are paid what is known, and what it does not."""
    found = dict(factors)
    outs = []
    for group, value in both.items():
        claims = claimants(bench, rates, group)

        def miss(x: float, group: str = group, value: float = value, claims: Any = claims) -> float:
            amounts = bench.amounts(laid({**found, group: x}))
            return paid_to(amounts, bench, "dibao", group, claims) / value - 1.0

        x, y = secant(miss, found[group], TOP_UP_RANGE)
        if abs(y) > TOLERANCE:
            persons = sum(v for own, v in people.items() if overlap(own, group))
            ends = [value * (1.0 + miss(end)) / persons for end in TOP_UP_RANGE]
            outs.append(Out("dibao", EXPENDITURE, group, *ends))
        else:
            found[group] = round(x, 6)
    return found, outs
