"""Levers of practice at which the rules give a county's known recipients and expenditure."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microsim.errors import DataError, InputError, Offence
from microsim.outcome import Outcome
from microsim.scenario import Scenario
from microsim.scenario.calibration import calibration_file
from microsim.studies.calibration.bench import Bench
from microsim.studies.calibration.dibao import Block, blocks_of, dibao
from microsim.studies.calibration.reaching import Out, OutOfReachError
from microsim.studies.calibration.refusing import refusal
from microsim.studies.calibration.solving import Met, settle
from microsim.studies.calibration.targets import (
    ALL,
    AREAS,
    EXPENDITURE,
    RECIPIENTS,
    UNITS,
    Targets,
    read_targets,
    targets_from,
)
from microsim.studies.calibration.ways import PLAUSIBLE, TAKE_UP, is_held, joined, roads
from microsim.studies.calibration.writing import write_calibration

if TYPE_CHECKING:
    import pandas as pd

    from microsim.policy.policy import Policy

MOST = 10  # ways that are kept
_RAISED = 1.1  # the line by whose effect they are chosen


@dataclass(frozen=True, eq=False, repr=False)
class CountyCalibration(Outcome):
    """The ways that meet a county's targets: ``ways[0]`` is the one that its scenarios use."""

    scenario: Scenario
    targets: Targets
    policy: Policy  # before the levers
    ways: tuple[Met, ...]
    households: int  # of the sample

    @property
    def changes(self) -> Mapping[str, Any]:
        """What is laid over the law, as a scenario's ``changes``."""
        return self.ways[0].changes

    @cached_property
    def levers(self) -> pd.DataFrame:
        """way, lever, cell (area, age band), start, value: every lever that moved, in each way."""
        import pandas as pd

        rows = [
            (met.name, name, ".".join(cell), start, value)
            for met in self.ways
            for name, cell, start, value in moved_levers(self.policy, met.changes)
        ]
        return pd.DataFrame(rows, columns=["way", "lever", "cell", "start", "value"])

    @cached_property
    def table(self) -> pd.DataFrame:
        """way, programme, kind, group, unit, target, reached, difference (as a share of the target)."""
        import pandas as pd

        rows = [
            (met.name, programme, kind, group, UNITS[kind], value, met.reached[key], met.misses[key])
            for met in self.ways
            for programme, kind, group, value in self.targets
            for key in [(programme, kind, group)]
        ]
        names = ["way", "programme", "kind", "group", "unit", "target", "reached", "difference"]
        return pd.DataFrame(rows, columns=names)

    @property
    def summary(self) -> dict[str, dict[str, Any]]:
        """``<programme>.<kind>.<group>`` -> what is reached, and its unit; and the number of ways."""
        reached = self.ways[0].reached
        found = {".".join(key): {"value": value, "unit": UNITS[key[1]]} for key, value in reached.items()}
        return {**found, "ways": {"value": len(self.ways), "unit": "1"}}

    @property
    def headline(self) -> str:
        """Which way was taken, and how many others meet the targets as well."""
        worst = max(abs(miss) for miss in self.ways[0].misses.values())
        found = f"{len(self.targets)} targets met within {worst:.2%} by {self.ways[0].label['en']}"
        return f"{self.scenario.county_path.name}: {found}; {len(self.ways) - 1} other ways meet them as well"

    def write(self) -> Path:
        """Write the calibration into the county's folder, whole or not at all; its place."""
        path = calibration_file(self.scenario.county_path)
        return write_calibration(path, self.scenario, self.targets, self.ways)


def calibrate_county(
    county: str | os.PathLike[str],
    targets: Targets | Mapping[str, Any] | str | os.PathLike[str],
    scenario: str | os.PathLike[str] | Scenario | None = None,
    *,
    allow_code: bool = False,
    progress: Callable[[str], None] = lambda text: None,
) -> CountyCalibration:
    """Move levers of practice until the rules give what the office of ``county`` counts and pays.

    ``county``: a population folder or a profile. ``targets``: plain data as
    ``{"dibao": {"recipients": {"rural": 5123}}}``, or the file of them. ``scenario``: whose law and lines
    apply; without one, the law at the end of the county's year; ``allow_code``: whether the rules of its
    ``law_package:`` may be run. What the scenario itself sets is not moved.
    The first of ``ways`` is the most plausible one: take-up alone, then what the office sees of incomes, then
    discretion, floors and form of payment. Nothing is written before ``.write()``.

    Raises ``InputError`` for targets that cannot be read and a scenario of another county, ``DataError``,
    with what could be met at most, where no way leads to the targets.
    """
    chosen = scenario_of(Path(county), scenario, allow_code).calibrated_by(None)
    aims = _targets(targets)
    if not len(aims):
        raise InputError(Offence("no targets are given", "", "name at least one, as dibao recipients"))
    held = tuple(chosen.changes)
    _refuse_held(aims, held, chosen)
    progress("reading the county")
    from microsim.population import with_draws

    bench = Bench(with_draws(chosen.population()), chosen.policy())
    blocks, outs = _ways(bench, aims, held, progress)
    lacking = [name for name in blocks_of(aims) if not blocks[name]]
    if lacking:
        raise DataError(
            refusal(bench, aims, [o for o in outs if o.group in (*lacking, ALL)]), title=_title(chosen)
        )
    progress("tekun, subsidies")
    met: list[Met] = []
    outs = []
    for k in range(min(MOST, max((len(found) for found in blocks.values()), default=1))):
        try:
            one = settle(bench, aims, {name: found[k % len(found)] for name, found in blocks.items()}, held)
        except OutOfReachError as error:
            outs += error.outs
            continue
        if all(one.changes != other.changes for other in met):
            met.append(one)
    if not met:
        raise DataError(refusal(bench, aims, outs), title=_title(chosen))
    ranked = sorted(met, key=lambda one: one.least_rate < PLAUSIBLE)
    return CountyCalibration(chosen, aims, bench.policy, tuple(ranked), bench.population.n_households)


def _ways(
    bench: Bench, targets: Targets, held: Sequence[str], progress: Callable[[str], None]
) -> tuple[dict[str, list[Block]], list[Out]]:
    """The ways that meet each area's targets of dibao, and what others do not meet.

    Of more than are kept, those stay at whose values a higher line has the least and the greatest effect:
    what the ways are for is the range of a reform's effect.
    """
    blocks: dict[str, list[Block]] = {name: [] for name in blocks_of(targets)}
    effects: dict[str, list[tuple[float, float]]] = {name: [] for name in blocks}
    outs: list[Out] = []
    both = bool(targets.of("dibao", EXPENDITURE) and targets.of("dibao", RECIPIENTS))
    higher = _higher(bench.policy.value("dibao.line"))
    raised = Bench(bench.population, bench.policy.reform(higher, allow_unusual=True))
    for road in roads(bench.policy, both, held) if blocks else []:
        progress("trying ways to the figures")
        own = bench.redrawn(road.draws_of(AREAS))
        found, missed = dibao(own, targets, road, tuple(held))
        outs += missed
        new = {n: one for n, one in found.items() if all(one.changes != o.changes for o in blocks[n])}
        if new:
            amounts = raised.redrawn(road.draws_of(AREAS)).amounts(
                joined(*(one.changes for one in new.values()))
            )
        for name, one in new.items():
            inside = bench.inside(name)
            blocks[name].append(one)
            people, yuan = (amounts["dibao", kind][inside].sum() for kind in (RECIPIENTS, EXPENDITURE))
            effects[name].append((float(people), float(yuan)))
    return {name: _spread(found, effects[name]) for name, found in blocks.items()}, outs


def _higher(line: Any) -> dict[str, Any]:
    lines = line if isinstance(line, Mapping) else dict.fromkeys(AREAS, line)
    return {"dibao.line": {"by": {area: _RAISED * value for area, value in lines.items()}}}


def _spread(found: Sequence[Block], effects: Sequence[tuple[float, float]]) -> list[Block]:
    """The most plausible way, those of the least and greatest effects, then others in their order."""
    if not found:
        return []
    places = range(len(found))
    ends = [end(places, key=lambda k: effects[k][of]) for of in (0, 1) for end in (min, max)]
    return [found[k] for k in dict.fromkeys([0, *ends, *places])][:MOST]


def scenario_of(
    county: Path, scenario: str | os.PathLike[str] | Scenario | None, allow_code: bool = False
) -> Scenario:
    """The scenario whose law applies; without one, that of the end of the county's year.

    Raises ``InputError`` where the scenario is about another county, or the county cannot be read.
    """
    from microsim.scenario import load_scenario
    from microsim.scenario.calibration import county_scenario

    if scenario is None:
        return county_scenario(county)
    loaded = scenario if isinstance(scenario, Scenario) else load_scenario(scenario, allow_code=allow_code)
    if not county.exists() or loaded.county_path.resolve() != county.resolve():
        hint = f"its county is {loaded.county_path}"
        raise InputError(Offence(f"the scenario is not about {county}", str(loaded.path), hint))
    return loaded


def moved_levers(
    policy: Policy, changes: Mapping[str, Any]
) -> Iterator[tuple[str, tuple[str, ...], Any, Any]]:
    """Parameter, categories, value before and value of every lever of one set."""
    for name, change in changes.items():
        for cell, value in cells_of(change):
            yield name, cell, _cell(policy.value(name), cell), value


def cells_of(change: Any) -> list[tuple[tuple[str, ...], Any]]:
    """The values of a change with the categories that lead to each."""
    inner = change["by"] if isinstance(change, Mapping) and "by" in change else change
    if not isinstance(inner, Mapping):
        return [((), inner)]
    return [((str(key), *rest), value) for key, item in inner.items() for rest, value in cells_of(item)]


def _cell(value: Any, cell: Sequence[str]) -> Any:
    for key in cell:
        if not isinstance(value, Mapping):
            return value
        value = value.get(key, value.get("default"))
    return value


def _targets(given: Any) -> Targets:
    if isinstance(given, Targets):
        return given
    return targets_from(given) if isinstance(given, Mapping) else read_targets(given)


def _refuse_held(targets: Targets, held: Sequence[str], scenario: Scenario) -> None:
    """Take-up that the scenario itself sets cannot be moved."""
    programmes = dict.fromkeys(programme for programme, *_ in targets)
    offences = [
        Offence(
            f"the scenario sets {name}, which is to be found",
            str(scenario.path),
            "take it out of changes:, or leave out these targets",
        )
        for programme in programmes
        for name in [TAKE_UP[programme]]
        if is_held(name, held)
    ]
    if offences:
        raise InputError(offences)


def _title(scenario: Scenario) -> str:
    return f"{scenario.county_path.name}: the targets cannot be met under the law of {scenario.law.date}"
