"""From a sweep file to its grid; every offence at once, each with its place."""

from __future__ import annotations

import glob
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microsim.documents import Document, read_document, shown
from microsim.documents.findings import Findings
from microsim.documents.nodes import by_language
from microsim.errors import InputError, MicrosimError, Offence, did_you_mean
from microsim.studies.common.expenditure import SUMS
from microsim.studies.common.within_year import account_over
from microsim.sweeps.axes import Axes, Axis
from microsim.sweeps.counties import Row, counties_of
from microsim.sweeps.design import GRID, Design, Points, read_design
from microsim.sweeps.figures.outputs import read_outputs, subjects_of
from microsim.sweeps.grammar import MOST, SWEEP
from microsim.sweeps.grid import Grid
from microsim.sweeps.settings import BASE, OWN, SEED, of_base
from microsim.sweeps.source import County, Source
from microsim.sweeps.spread import Steps
from microsim.sweeps.variants import Variants

if TYPE_CHECKING:
    from microsim.policy.policy import Policy
    from microsim.scenario import Scenario
    from microsim.scenario.own_law import Code

_ONE_OF = ("axes", "linked", "cases")
_MISSING = "add axes: {dibao.line.rural: [4200, 4800]} or cases: [...]"


def read_grid(
    source: str | os.PathLike[str] | Mapping[str, Any],
    *,
    allow_code: bool = False,
    allow_unusual: bool = False,
) -> Grid:
    """A sweep file (or the same content as a mapping, paths in it relative to the working folder).

    ``allow_code``: whether the base scenario's own rules may be run. ``allow_unusual``: whether values
    outside the observed range are taken where neither sweep nor scenario says that they are meant. Raises
    ``MicrosimError`` naming every offence with file, line and column: unknown keys, parameters, categories
    and outputs, values of the wrong kind, axes that cover one another, a scenario that cannot be used.
    """
    document = None if isinstance(source, Mapping) else read_document(source)
    data = source if isinstance(source, Mapping) else document.data if document else None
    title = f"{shown(document.path)} cannot be used as a sweep" if document else "the sweep cannot be run"
    found = Findings(document, "sweep")
    if not isinstance(data, Mapping):
        found.add((), "a sweep is a list of keys with values, at least scenario: and axes: or cases:")
        raise InputError(found.offences, title)
    if document and "county" in data and not any(key in data for key in ("scenario", "scenarios", *_ONE_OF)):
        hint = f"run it with: microsim run {shown(document.path)}, or name it under scenario: in a sweep file"
        raise InputError(
            Offence("the file is one scenario, not a sweep", document.place("county"), hint), title
        )
    plain = {key: os.fspath(part) if isinstance(part, os.PathLike) else part for key, part in data.items()}
    said = found.check(replace(SWEEP, required={}) if "scenarios" in plain else SWEEP, plain)
    folder = Path(os.path.abspath(document.path.parent if document else Path()))
    design = read_design(found, data.get("design"))
    code: Code = "run" if allow_code else "refused"
    bases, elsewhere = _bases(found, said, folder, code, allow_unusual)
    rows: list[Row] = []
    table = found  # whose place what is wrong with counties has: the sweep's, or that of their table
    try:
        if "counties" in plain:
            rows, table = counties_of(found, plain["counties"], folder)
    except MicrosimError as error:
        elsewhere += error.offences
    scenarios = [scenario for _, scenario in bases]
    meant = None if allow_unusual else (*said.get("unusual", ()), *(n for s in scenarios for n in s.unusual))
    documents = tuple(one for one, _ in bases)
    merged = tuple(scenario.data for scenario in scenarios)
    loaded = Source(documents, merged, tuple(said.get("unusual", ())), code, allow_unusual)
    counties = tuple(county for county, *_ in rows)
    variants = Variants(found, loaded, counties[0] if counties else County())
    laws = variants.laws_of(data) if bases else ()
    axes = Axes(found, laws or (_present_law(),), meant, drawn=design.kind != GRID)
    _check_own_values(axes.noting(table), rows)
    asked = read_outputs(found, data.get("outputs"), _subjects(laws))
    groups, points, seeds = _points(found, axes, design, data, merged, variants)
    offences = [*found.offences, *elsewhere, *(table.offences if table is not found else ())]
    if offences or not bases:
        raise InputError(offences, title)
    bases_named = _names(scenarios)
    if len(bases) > 1:
        # Where points are drawn, those of one number follow one another: a sequence can go on.
        groups = ((BASE,), *groups)
        pairs = (
            [(name, point) for name in bases_named for point in points]
            if design.kind == GRID
            else [(name, point) for point in points for name in bases_named]
        )
        points = tuple((name, *point) for name, point in pairs)
    grid = Grid(
        tuple(scenarios),
        bases_named,
        groups,
        points,
        counties or (County(),),
        seeds,
        asked.names,
        design,
        by_language(said.get("title")),
        document.path if document else None,
        loaded,
    )
    variants.check(grid, tuple(steps for _, steps in rows) if table is found else ())
    if found:
        raise InputError(found.offences, title)
    return grid


def _present_law() -> Any:
    """Where no base scenario can be read, the present law identifies misspelt names."""
    from microsim.scenario.lawful import law_on

    return law_on(None)


def _subjects(laws: Sequence[Policy]) -> Mapping[str, Any]:
    """What figures can be of: programmes that pay under any of the laws, and those with recipients."""
    if not laws:
        return {}
    account = account_over(laws)
    paying = tuple(name for name in account.subjects if name not in SUMS)
    return subjects_of(paying, tuple(account.recipients), SUMS)


def _bases(
    found: Findings, said: Mapping[str, Any], folder: Path, code: Code, allow_unusual: bool
) -> tuple[list[tuple[Document, Scenario]], list[Offence]]:
    """The base scenarios with their files, and what is wrong with them (with places in their own files)."""
    from microsim.scenario.reading import scenario_from

    named: list[tuple[Steps, Path]] = []
    if isinstance(said.get("scenario"), str):
        named += _files(found, ("scenario",), folder, said["scenario"], pattern=False)
    several = said.get("scenarios")
    if several and "scenario" in said:
        hint = "put it into the list scenarios:"
        found.add(("scenario",), "a sweep has scenario: or scenarios:, not both", hint)
    for k, one in enumerate(several or ()):
        if one is not None:
            named += _files(found, ("scenarios", k), folder, one, pattern=True)
    bases: list[tuple[Document, Scenario]] = []
    elsewhere: list[Offence] = []
    known: set[Path] = set()
    for steps, path in named:
        if path.resolve() in known:
            found.add(steps, f"{shown(path)} is given twice", "leave one of them out")
            continue
        known.add(path.resolve())
        try:
            document = read_document(path)
            loaded = scenario_from(document, code, allow_unusual)
            loaded.refuse_budget("a sweep")
            bases.append((document, loaded))
        except MicrosimError as error:
            elsewhere += error.offences
    return ([] if elsewhere else bases), elsewhere


def _files(
    found: Findings, steps: Steps, folder: Path, value: str, *, pattern: bool
) -> list[tuple[Steps, Path]]:
    """The scenario file at a path; of a pattern, all that it finds."""
    if pattern and glob.has_magic(value):
        files = sorted(glob.glob(os.path.join(folder, value)))
        if not files:
            found.add(steps, f"'{value[:80]}' finds no file", "the pattern is relative to this file")
        return [(steps, Path(os.path.normpath(file))) for file in files if os.path.isfile(file)]
    path = Path(os.path.normpath(folder / value))
    if os.path.isfile(path):
        return [(steps, path)]
    near = did_you_mean(
        path.name, [p.name for p in path.parent.glob("*.yaml")] if os.path.isdir(path.parent) else []
    )
    hint = near or "give its path from here"
    found.add(steps, f"no scenario at '{value[:80]}' ({shown(path)})", hint)
    return []


def _names(scenarios: Sequence[Scenario]) -> tuple[str, ...]:
    """Names of the base scenarios, each its own: those of their files, with folders where need be."""
    names = [scenario.name for scenario in scenarios]
    return tuple(
        name if names.count(name) == 1 else shown(scenario.path.with_suffix(""))
        for name, scenario in zip(names, scenarios, strict=True)
    )


def _check_own_values(axes: Axes, rows: Sequence[Row]) -> None:
    """Hold what counties have of their own against the law."""
    for county, steps in rows:
        for name, value in county.changes.items():
            if axes.usable(name, steps):
                axes.fits(name, value, steps)


def _points(
    found: Findings,
    axes: Axes,
    design: Design,
    data: Mapping[str, Any],
    merged: Sequence[Mapping[str, Any]],
    variants: Variants,
) -> tuple[tuple[tuple[str, ...], ...], Points, tuple[int, ...]]:
    """Names of what varies by what moves together, the value of each name at each point, and the seeds of the
    counties' households."""
    if "cases" in data:
        for key in ("axes", "linked", "design"):
            if key in data:
                message = f"a sweep has {key}: or cases:, not both"
                found.add(("cases",), message, "leave one of them out")
                return (), (), (OWN,)
        alone = len(merged) < 2 and "counties" not in data
        base = merged[0] if alone and merged else {}
        names, points = axes.cases(data["cases"], lambda name: of_base(base, name), alone=alone)
        return (names,), points, (OWN,)
    if not any(key in data for key in _ONE_OF):
        if len(merged) > 1 or "counties" in data:
            return (), ((),), (OWN,)
        found.add((), "'axes' is missing", _MISSING)
        return (), (), (OWN,)
    read = variants.every_member(axes.product(data.get("axes"), data.get("linked")))
    seeds = next((axis.values[0] for axis in read if axis.names == (SEED,)), [OWN])
    read = [axis for axis in read if axis.names != (SEED,)]
    count = _count(read, design)
    if count > MOST:
        place: Steps = ("axes",) if design.kind == GRID else ("design",)
        found.add(place, f"the grid has {count:,} scenarios; the limit is {MOST:,}", "take fewer values")
        return (), (), (OWN,)
    if found or any(not one for axis in read for one in axis.values if isinstance(one, list)):
        return (), (), (OWN,)
    groups = tuple(axis.names for axis in read)
    return groups, design.points(read), tuple(int(seed) for seed in seeds)  # type: ignore[union-attr]


def _count(axes: Sequence[Axis], design: Design) -> int:
    count = 1
    for axis in axes:
        count *= axis.count
    return count if design.kind == GRID else design.count
