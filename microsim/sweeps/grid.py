"""From a sweep file to the list of its scenarios; every offence at once, each with its place."""

from __future__ import annotations

import itertools
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microsim.documents import read_document, shown
from microsim.documents.findings import Findings
from microsim.documents.nodes import by_language
from microsim.errors import InputError, MicrosimError, Offence, did_you_mean
from microsim.studies.common.within_year import Stretch, stretches_of
from microsim.sweeps.axes import Axes, Value
from microsim.sweeps.grammar import MOST, OUTPUTS, SWEEP

if TYPE_CHECKING:
    from microsim.policy.policy import Policy
    from microsim.scenario import Scenario


@dataclass(frozen=True, eq=False)
class Grid:
    """A sweep, checked: a base scenario, and what each point of the grid changes in it.

    ``axes`` are the parameters that vary; ``points`` holds one value for each of them, point after point (the
    last axis moves fastest). ``path`` is None for a sweep given as a mapping.
    """

    scenario: Scenario
    policy: Policy = field(repr=False)
    stretches: tuple[Stretch, ...] = field(repr=False)
    axes: tuple[str, ...]
    points: tuple[tuple[Value, ...], ...] = field(repr=False)
    outputs: tuple[str, ...]
    title: Mapping[str, str]
    path: Path | None
    # What another process reads the same sweep from, and what it allows.
    source: Path | Mapping[str, Any] = field(repr=False)
    loading: Mapping[str, bool] = field(repr=False)

    def changes(self, first: int, last: int) -> list[dict[str, Value]]:
        """Changes of the points ``first`` to ``last`` (not included), as ``Policy.reform`` takes them."""
        return [dict(zip(self.axes, point, strict=True)) for point in self.points[first:last]]

    def title_in(self, language: str) -> str:
        """The title in ``en`` or ``zh``, else in the other language, else the file's name."""
        name = self.path.stem if self.path else self.scenario.name
        return self.title.get(language) or next(iter(self.title.values()), name)


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
    if document and "county" in data and not any(key in data for key in ("scenario", "axes", "cases")):
        hint = f"run it with: microsim run {shown(document.path)}, or name it under scenario: in a sweep file"
        raise InputError(
            Offence("the file is one scenario, not a sweep", document.place("county"), hint), title
        )
    plain = {key: os.fspath(part) if isinstance(part, os.PathLike) else part for key, part in data.items()}
    said = found.check(SWEEP, plain)
    folder = document.path.parent if document else Path()
    loading = {"allow_code": allow_code, "allow_unusual": allow_unusual}
    scenario, elsewhere = _scenario(found, said.get("scenario"), folder, loading)
    policy = _policy(scenario)
    meant = None if allow_unusual else (*said.get("unusual", ()), *(scenario.unusual if scenario else ()))
    axes = Axes(found, policy, meant)
    names, points = _points(found, axes, data)
    offences = [*found.offences, *elsewhere]
    if offences or scenario is None:
        raise InputError(offences, title)
    return Grid(
        scenario,
        policy,
        stretches_of(scenario, policy),
        names,
        points,
        tuple(said.get("outputs", OUTPUTS)),
        by_language(said.get("title")),
        document.path if document else None,
        document.path.absolute() if document else {**plain, "scenario": str(scenario.path.absolute())},
        {"allow_code": allow_code, "allow_unusual": allow_unusual},
    )


def _policy(scenario: Scenario | None) -> Policy:
    """The law of the base scenario; where that cannot be read, the present law identifies misspelt names."""
    from microsim.scenario.lawful import law_on

    return scenario.policy() if scenario else law_on(None)


def _scenario(
    found: Findings, value: str | None, folder: Path, loading: Mapping[str, Any]
) -> tuple[Scenario | None, tuple[Offence, ...]]:
    """The base scenario, or what is wrong with it (with places in its own file)."""
    from microsim.scenario import load_scenario

    if value is None:
        return None, ()
    path = Path(os.path.normpath(folder / value))
    if not os.path.isfile(path):
        near = did_you_mean(
            path.name, [p.name for p in path.parent.glob("*.yaml")] if os.path.isdir(path.parent) else []
        )
        found.add(
            ("scenario",),
            f"no scenario at '{value[:80]}' ({shown(path)})",
            near or "give its path from here",
        )
        return None, ()
    try:
        loaded = load_scenario(path, **loading)
        loaded.refuse_budget("a sweep")
        return loaded, ()
    except MicrosimError as error:
        return None, error.offences


def _points(
    found: Findings, axes: Axes, data: Mapping[str, Any]
) -> tuple[tuple[str, ...], tuple[tuple[Value, ...], ...]]:
    """Names of what varies, and the value of each at each point."""
    if "axes" in data and "cases" in data:
        found.add(("cases",), "a sweep has axes: or cases:, not both", "leave one of them out")
    elif "cases" in data:
        return axes.cases(data["cases"])
    elif "axes" not in data:
        found.add((), "'axes' is missing", "add axes: {dibao.line.rural: [4200, 4800]} or cases: [...]")
        return (), ()
    values = axes.product(data.get("axes"))
    count = 1
    for one in values.values():
        count *= len(one)
    if count > MOST:
        found.add(("axes",), f"the grid has {count:,} scenarios; the limit is {MOST:,}", "take fewer values")
        return (), ()
    return tuple(values), tuple(itertools.product(*values.values()))
