"""One set of values for all programmes, and whether it meets every target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from microsim.studies.calibration.bench import Bench
from microsim.studies.calibration.beside_dibao import subsidy_changes, tekun_changes
from microsim.studies.calibration.dibao import Block, dibao_again
from microsim.studies.calibration.reaching import TOLERANCE, Out, OutOfReachError
from microsim.studies.calibration.targets import Targets
from microsim.studies.calibration.ways import AMOUNTS, LABELS, TAKE_UP, Road, joined


@dataclass(frozen=True)
class Met:
    """One set of values that meets all targets: ``changes`` as a scenario writes them."""

    name: str
    label: Mapping[str, str]
    changes: Mapping[str, Any]
    misses: Mapping[tuple[str, str, str], float] = field(default_factory=dict)
    reached: Mapping[tuple[str, str, str], float] = field(default_factory=dict)
    least_rate: float = 1.0
    draws: Mapping[str, int] = field(default_factory=dict)  # area -> seed, where not those of the data


def settle(bench: Bench, targets: Targets, block: Mapping[str, Block], held: tuple[str, ...]) -> Met:
    """One set of values out of a block for each area, with tekun and the subsidies laid beside them.

    Who is tekun is outside the dibao unit, and the living subsidy asks for dibao: they are solved in this
    order, and dibao again where tekun moved it. Raises ``OutOfReachError`` where the targets are not met.
    """
    draws = {area: seed for one in block.values() for area, seed in one.draws.items()}
    bench = bench.redrawn(draws)
    changes = joined(*(one.changes for one in block.values()))
    changes |= tekun_changes(bench, targets, changes)
    if block and targets.values.get("tekun"):
        changes |= dibao_again(bench, targets, block, held, changes)
    for programme, parameter in AMOUNTS.items():
        changes |= subsidy_changes(bench, targets, programme, parameter, changes)
    reached = reached_by(bench, targets, changes)
    misses = {(p, k, g): reached[p, k, g] / value - 1.0 for p, k, g, value in targets}
    beyond = {key: miss for key, miss in misses.items() if abs(miss) > TOLERANCE}
    if beyond:
        raise OutOfReachError([Out(*key, reached[key], reached[key]) for key in beyond])
    rates = [rate for name in TAKE_UP.values() for rate in _leaves(changes.get(name))]
    roads = {group: one.road for group, one in block.items()}
    return Met(*_named(roads), changes, misses, reached, min(rates, default=1.0), draws)


def _named(roads: Mapping[str, Road]) -> tuple[str, dict[str, str]]:
    """The name of a set, and what it is in words."""
    names = list(dict.fromkeys(road.name for road in roads.values()))
    if not names:
        return "take_up", dict(zip(("en", "zh"), LABELS["take_up"], strict=True))
    if len(names) == 1:
        return names[0], next(iter(roads.values())).label
    words = {"en": {"rural": "rural: ", "urban": "urban: "}, "zh": {"rural": "农村：", "urban": "城市："}}
    label = {
        language: ("; " if language == "en" else "；").join(
            words[language][group] + road.label[language] for group, road in roads.items()
        )
        for language in words
    }
    return "/".join(road.name for road in roads.values()), label


def reached_by(
    bench: Bench, targets: Targets, changes: Mapping[str, Any]
) -> dict[tuple[str, str, str], float]:
    """What the rules give for each target."""
    amounts = bench.amounts(changes)
    return {
        (programme, kind, group): float(amounts[programme, kind][bench.inside(group)].sum())
        for programme, kind, group, _ in targets
    }


def _leaves(change: Any) -> list[float]:
    if isinstance(change, Mapping):
        return [leaf for inner in change.values() for leaf in _leaves(inner)]
    return [] if change is None else [float(change)]
