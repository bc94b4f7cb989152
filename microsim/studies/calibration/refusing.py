"""Targets that no way leads to, in words: what the rules could give at most, and what to look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from microsim.errors import Offence
from microsim.studies.calibration.bench import Bench
from microsim.studies.calibration.reaching import TOLERANCE, Out
from microsim.studies.calibration.targets import EXPENDITURE, RECIPIENTS, Targets

_NAMES = {
    "dibao": "dibao",
    "tekun": "tekun",
    "living_subsidy": "the living subsidy",
    "nursing_subsidy": "the nursing subsidy",
}


def refusal(bench: Bench, targets: Targets, outs: Sequence[Out]) -> list[Offence]:
    """One offence for each target out of reach, with the most (or the range) that any way gives."""
    found: dict[tuple[str, str, str], list[Out]] = {}
    for out in outs:
        found.setdefault((out.programme, out.kind, out.group), []).append(out)
    return [_offence(bench, targets, key, some) for key, some in found.items()]


def _offence(bench: Bench, targets: Targets, key: tuple[str, str, str], outs: Sequence[Out]) -> Offence:
    programme, kind, group = key
    value = targets.of(programme, kind)[group]
    name = f"{_NAMES[programme]}, {kind}" + ("" if group == "all" else f", {group}")
    place = f"{programme}.{kind}" + ("" if group == "all" else f".{group}")
    low, high = min(out.low for out in outs), max(max(out.low, out.high) for out in outs)
    sizes = bench.population.offsets[1:] - bench.population.offsets[:-1]
    residents = float((bench.population.weight * sizes)[bench.inside(group)].sum())
    if kind == RECIPIENTS and value > residents:
        return Offence(f"{name}: {value:,.0f} persons, more than the {residents:,.0f} residents", place)
    near = [out for out in outs if out.low == out.high and abs(out.low / value - 1.0) < 0.05]
    if near:
        best = min(near, key=lambda out: abs(out.low / value - 1.0))
        miss = abs(best.low / value - 1.0)
        message = (
            f"{name}: {value:,.0f} is missed by {miss:.2%} ({TOLERANCE:.1%} is asked for), since the sample "
            f"of {bench.population.n_households:,} households is too small for steps that fine"
        )
        return Offence(message, place, "make a larger county: microsim synth --households")
    if kind == RECIPIENTS or high > value:
        unit = "persons" if kind == RECIPIENTS else "yuan"
        message = f"{name}: {value:,.0f} {unit}, but at most {high:,.0f} even if all who are entitled claimed"
        return Offence(message, place, _line(bench, group))
    persons = sum(v for own, v in targets.of(programme, RECIPIENTS).items() if group in (own, "all"))
    if kind == EXPENDITURE and persons:
        message = (
            f"{name}: {value:,.0f} yuan for {persons:,.0f} recipients are {value / persons:,.0f} yuan each "
            f"a year, but the rules pay {low:,.0f} to {high:,.0f} yuan each, whatever the office sees of "
            "incomes"
        )
        return Offence(message, place, _line(bench, group))
    return Offence(f"{name}: {value:,.0f} yuan, but at most {high:,.0f}", place, _line(bench, group))


def _line(bench: Bench, group: str) -> str:
    line = bench.policy.value("dibao.line")
    lines = line if isinstance(line, Mapping) else {"rural": line, "urban": line}
    shown: Any = {area: f"{value:,.0f}" for area, value in lines.items() if group in ("all", area)}
    said = ", ".join(f"{area} {value}" for area, value in shown.items())
    return (
        f"check the figure and its unit (yuan a year), the dibao line of the scenario ({said} yuan a year) "
        "and the incomes of the county's profile"
    )
