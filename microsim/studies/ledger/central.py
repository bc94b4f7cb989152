"""New central money: how much of it a county gets under a tilt, and which households it is for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from microsim.studies.common.expenditure import Account
from microsim.studies.common.within_year import Part
from microsim.studies.financing.rules import Increase, Task
from microsim.studies.ledger.cells import Group, groups_of

if TYPE_CHECKING:
    from microsim.simulation import Result

TOP_UP = "dibao_top_up"  # of a household: somebody in it is old, a minor, severely disabled or severely ill
DESTITUTE = "tekun"
RURAL = "rural"


@dataclass(frozen=True)
class Tilted:
    """New central money for one financing key.

    ``untilted``: the same money with every recipient counted alike. ``groups``: area and tier -> the share of
    the county's weighted recipients who are there.
    """

    increase: Increase
    untilted: Increase
    groups: Mapping[Group, float]


def tilted(
    said: Mapping[str, Any], parts: Sequence[Part], account: Account, keys: Mapping[str, str], task: Task
) -> Tilted:
    """What a scenario says under ``financing: increase:``, for a county with these recipients.

    A recipient counts the product of the weights of all that is true of them: rural, of a key county, and
    special (the destitute, and recipients in a household with a top-up). Of other counties only the shares of
    each trait are known; they are taken to be independent of one another.
    """
    tilt, mix = said.get("tilt", {}), said.get("others_mix", {})
    programmes = [name for name in account.recipients if keys.get(name) == said["key"]]
    weights: dict[Group, float] = {}
    for part in parts:
        for programme in programmes:
            for group, value in _weighted(
                part.result, account.recipients[programme], programme, tilt
            ).items():
                weights[group] = weights.get(group, 0.0) + part.share * value
    own = tilt.get("key_county", 1.0) if said.get("key_county") else 1.0
    whole = own * sum(weights.values())
    elsewhere = said["others"]
    for trait, weight in tilt.items():
        elsewhere *= 1.0 + mix.get(trait, 0.0) * (weight - 1.0)
    plain = Increase(said["total"], 1.0, said["others"], said["additionality"])
    mean = whole / task.recipients if task.recipients else 0.0
    shares = {group: own * value / whole for group, value in weights.items()} if whole else {}
    return Tilted(replace(plain, weight=mean, others=elsewhere), plain, shares)


def _weighted(
    result: Result, recipients: str, programme: str, tilt: Mapping[str, float]
) -> dict[Group, float]:
    """Group -> its recipients, each with the weights of area and of special hardship."""
    if recipients not in result.outputs:
        return {}
    population = result.population
    groups, codes = groups_of(result)
    count = result.of_households(recipients)
    special = np.full(len(count), programme == DESTITUTE)
    if TOP_UP in result.outputs:
        special |= result.array(TOP_UP) > 0.0
    count = (
        count * np.where(special, tilt.get("special", 1.0), 1.0) * np.asarray(population.weight, dtype=float)
    )
    sums = np.bincount(codes, weights=count, minlength=len(groups))
    factors = [tilt.get("rural", 1.0) if area == RURAL else 1.0 for area, _ in groups]
    return {group: float(value) * factor for group, value, factor in zip(groups, sums, factors, strict=True)}
