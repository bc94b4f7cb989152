"""What every programme's solution is made of: rates by group, who claims, and a search for one amount."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from microsim.studies.calibration.bench import Bench
from microsim.studies.calibration.take_up import Rates, meet
from microsim.studies.calibration.targets import ALL, EXPENDITURE, RECIPIENTS, Targets
from microsim.studies.calibration.ways import TAKE_UP, Road

TOLERANCE = 0.001  # of each target
FINE = 1e-4  # at which the search for an amount ends
_SECANTS = 8


@dataclass(frozen=True)
class Out:
    """A target out of reach: what the levers give at least and at most (persons, or yuan each)."""

    programme: str
    kind: str
    group: str
    low: float
    high: float


class OutOfReachError(Exception):
    """One way does not lead to the targets."""

    def __init__(self, outs: list[Out]) -> None:
        self.outs = outs
        super().__init__(", ".join(f"{o.programme} {o.kind} {o.group}" for o in outs))


def rates_of(
    bench: Bench, targets: Targets, programme: str, amounts: Mapping[tuple[str, str], Any], road: Road | None
) -> tuple[dict[str, Rates], list[Out]]:
    """Rates by group: from recipients, or where they are not known from expenditure."""
    found, outs = {}, []
    known = {group: (RECIPIENTS, v) for group, v in targets.of(programme, RECIPIENTS).items()}
    for group, value in targets.of(programme, EXPENDITURE).items():
        if not any(overlap(group, other) for other in known):
            known[group] = (EXPENDITURE, value)
    for group, (kind, value) in known.items():
        rates = meet(
            amounts[programme, kind], value, bench.inside(group), bench.area, bench.band, bench.draw,
            road.tilt if road else {},
        )  # fmt: skip
        if rates is None:
            most = float(amounts[programme, kind][bench.inside(group)].sum())
            outs.append(Out(programme, kind, group, 0.0, most))
        else:
            found[group] = rates
    return found, outs


def overlap(a: str, b: str) -> bool:
    """Whether two groups have an area in common."""
    return a == b or ALL in (a, b)


def rate_change(programme: str, rates: Mapping[str, Rates]) -> dict[str, Any]:
    """The rates of a programme as a change, by area and age band; empty where there are none."""
    cells: dict[str, dict[str, float]] = {}
    for one in rates.values():
        for (area, band), rate in one.cells.items():
            cells.setdefault(area, {})[band] = round(rate, 6)
    return {TAKE_UP[programme]: {"by": cells}} if cells else {}


def paid_to(
    amounts: Mapping[tuple[str, str], Any], bench: Bench, programme: str, group: str, claims: Any
) -> float:
    """What a programme pays to those who claim in a group, yuan a year."""
    return float(amounts[programme, EXPENDITURE][bench.inside(group) & claims].sum())


def claimants(bench: Bench, rates: Mapping[str, Rates], group: str) -> Any:
    """Who claims in a group: by the rates of the groups in it, or everybody where none is known."""
    claims = np.ones(bench.population.n_households, dtype=bool)
    for own, one in rates.items():
        if overlap(own, group):
            inside = bench.inside(own)
            claims = np.where(inside, one.claims, claims)
    return claims


def secant(miss: Callable[[float], float], start: float, bounds: tuple[float, float]) -> tuple[float, float]:
    """The point in ``bounds`` at which a nearly linear rising ``miss`` is 0, and the miss there."""
    x, y = start, miss(start)
    if abs(y) <= FINE:
        return x, y
    other = bounds[1] if y < 0.0 else bounds[0]
    z = miss(other)
    best = min(((x, y), (other, z)), key=lambda pair: abs(pair[1]))
    for _ in range(_SECANTS):
        if abs(best[1]) <= FINE or z == y:
            break
        new = float(np.clip(x - y * (other - x) / (z - y), *bounds))
        x, y, other, z = new, miss(new), x, y
        best = min((best, (x, y)), key=lambda pair: abs(pair[1]))
    return best
