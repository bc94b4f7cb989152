"""What a sweep will be, before it begins: runs, classes of figures, time, size, and what has no effect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from microsim.engine.runtime.drivers import threads_in_use
from microsim.errors import MicrosimError
from microsim.policy.reform import split_name
from microsim.population.synthesis.sample import HOUSEHOLDS
from microsim.scenario.live import live_parameters
from microsim.studies.common.expenditure import SUMS as SUM_SUBJECTS
from microsim.studies.common.expenditure import account_of
from microsim.studies.common.outputs import baseline_outputs
from microsim.studies.common.within_year import same_law
from microsim.sweeps.counties import households_in
from microsim.sweeps.figures.outputs import CLASSES, CLIFFS, EVALUATED, LINES, SUMS, Asked, figures_of
from microsim.sweeps.settings import BASE, OWN, is_setting, parameter_of
from microsim.sweeps.trial import SIZES, Rate, tried
from microsim.sweeps.variants import MOST_TRIED
from microsim.sweeps.work import SweepWork

if TYPE_CHECKING:
    from microsim.policy.policy import Policy
    from microsim.scenario import Scenario
    from microsim.sweeps.grid import Grid
    from microsim.sweeps.source import Settings

    Variant = tuple[int, Settings]
    Tried = tuple[Policy, Scenario]

# Seconds of one processor for a household under one scenario where it cannot be tried (benchmarks/README.md,
# Sweeps), a county of 20,000 that is made under another seed, and a task that is begun; bytes of a row.
RATES = {
    kind: Rate(0.0, seconds)
    for kind, seconds in {SUMS: 2.5e-7, LINES: 4e-7, EVALUATED: 1.2e-6, CLIFFS: 6e-5}.items()
}
MAKING = 1.5
BEGINNING = 0.1
ROW_BYTES = 10.0
PROBED = 50  # counties whose households are counted
_HEAD = 1024.0


def notes_of(grid: Grid) -> list[str]:
    """What ``microsim check`` says of a sweep in which nothing is wrong, each in a sentence or two."""
    work, asked = SweepWork(grid), Asked(grid.outputs)
    points, counties, seeds = len(grid.points), len(grid.counties), len(grid.seeds)
    if counties > 1 and seeds > 1:
        size = (
            f"{grid.runs:,} runs: {points:,} scenarios in each of {counties:,} counties, on each of {seeds} "
            f"samples of households"
        )
    elif counties > 1:
        size = f"{grid.runs:,} runs: {points:,} scenarios in each of {counties:,} counties"
    elif seeds > 1:
        size = f"{grid.runs:,} runs: {points:,} scenarios on each of {seeds} samples of households"
    else:
        size = f"scenarios: {points:,}"
    out = [size]
    if grid.design.note:
        out.append(grid.design.note)
    for kind in CLASSES:
        measures = ", ".join(asked.of_class(kind))
        if measures and kind == SUMS:
            out.append(f"sums, of up to {work.part} scenarios in one pass: {measures}")
        elif measures and kind == LINES:
            out.append(f"counts at given lines, of up to {work.part} scenarios in one pass: {measures}")
        elif measures and kind == EVALUATED:
            out.append(f"one evaluation of all households for each scenario: {measures}")
        elif measures:
            out.append(f"one search of all households for each scenario: {measures}")
    out.append(_time(grid, work))
    out.append(f"gives about {rows_of(grid):,} rows, {volume(rows_of(grid) * ROW_BYTES)} on disk")
    return [*out, *idle(grid)]


def _time(grid: Grid, work: SweepWork) -> str:
    """How long the sweep may take on the processors at hand, and how that is known."""
    asked = [kind for kind in CLASSES if Asked(grid.outputs).of_class(kind)]
    here = tried(work)
    households = mean_households(grid)
    takes = duration(seconds_of(grid, work, {**RATES, **here}, households))
    if len(here) == len(asked):
        most = max(SIZES[kind][1] for kind in asked)
        return (
            f"takes {takes} with {threads_in_use()} threads and {households:,} households a county, by a "
            f"trial on this computer of some scenarios on at most {most:,} households"
        )
    if here:
        return (
            f"takes {takes} with {threads_in_use()} threads and {households:,} households a county, in part "
            f"by a trial on this computer, in part by rates measured on another one (benchmarks/README.md)"
        )
    return (
        f"takes {takes} with {threads_in_use()} threads and {households:,} households a county, by rates "
        f"measured on another computer (benchmarks/README.md), and up to a minute more for each kernel that "
        f"is compiled for the first time"
    )


def mean_households(grid: Grid) -> int:
    """Of a county, as far as files say."""
    counted = [households_in(path) for path in grid.county_paths[:PROBED]]
    known = [count for count in counted if count is not None]
    return round(sum(known) / len(known)) if known else HOUSEHOLDS


def seconds_of(grid: Grid, work: SweepWork, rates: Mapping[str, Rate], households: int) -> float:
    """How long the sweep may take on the processors at hand, with so many households a county."""
    asked = Asked(grid.outputs)
    each = sum(rates[kind].of(households) for kind in CLASSES if asked.of_class(kind))
    busy = each * grid.runs + BEGINNING * work.count
    made = len(grid.counties) * sum(seed != OWN for seed in grid.seeds)
    busy += MAKING * households / HOUSEHOLDS * made
    return busy / threads_in_use()


def rows_of(grid: Grid) -> int:
    """How many rows the sweep may have."""
    account = account_of(grid.policy)
    paying = tuple(name for name in account.subjects if name not in SUM_SUBJECTS)
    each = figures_of(Asked(grid.outputs), paying, tuple(account.recipients))
    return each * grid.runs


def idle(grid: Grid) -> Iterator[str]:
    """Axes that change no figure, as far as the law shows: under each of their values it is the same."""
    tried: dict[Variant, Tried] = {}
    for variant in list(dict.fromkeys(map(grid.variant, grid.points)))[:MOST_TRIED]:
        try:
            loaded, _ = grid.source.scenario(*variant, grid.counties[0])
            tried[variant] = loaded.policy(), loaded
        except MicrosimError:  # said when the task comes to it
            continue
    for name in grid.axes:
        if name == BASE or not tried:
            continue
        if is_setting(name):
            if name != "ensemble" and _same_everywhere(tried, name):
                yield f"{name} changes no figure: law and money are the same under all of its values"
        elif not any(_is_read(policy, parameter_of(name)) for policy, _ in tried.values()):
            yield f"{name} changes no figure: no rule in force reads it"


def _same_everywhere(tried: Mapping[Variant, Tried], name: str) -> bool:
    """Whether law and money are the same wherever variants differ in one setting only; not where none do."""
    groups: dict[Variant, list[Tried]] = {}
    for (base, settings), found in tried.items():
        others = tuple(pair for pair in settings if pair[0] != name)
        groups.setdefault((base, others), []).append(found)
    pairs = [(group[0], other) for group in groups.values() for other in group[1:]]
    return bool(pairs) and all(
        same_law(one[0], other[0]) and one[1].money().same_as(other[1].money()) for one, other in pairs
    )


def _is_read(policy: Policy, name: str) -> bool:
    found = split_name(policy.parameters, name)
    assert found is not None, "axes are checked"
    return found[0].name in live_parameters(policy, baseline_outputs(policy)).read


def duration(seconds: float) -> str:
    """Seconds as one reads them."""
    if seconds < 90:
        return "a second or two" if seconds < 2 else f"{round(seconds)} seconds"
    return f"{round(seconds / 60)} minutes" if seconds < 5400 else f"{seconds / 3600:.1f} hours"


def volume(size: float) -> str:
    """Bytes as one reads them."""
    for unit in ("kB", "MB", "GB"):
        size /= _HEAD
        if size < _HEAD or unit == "GB":
            return f"{max(size, 0.1):.1f} {unit}"
    raise AssertionError("the last unit is large enough")
