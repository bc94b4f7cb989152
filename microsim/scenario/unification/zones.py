"""Reading ``zones:`` and ``plan:`` of a scenario: their counties as paths, and what does not fit together."""

from __future__ import annotations

import itertools
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from microsim.documents import shown
from microsim.documents.findings import Findings
from microsim.documents.nodes import by_language
from microsim.errors import did_you_mean
from microsim.scenario.unification.nodes import OWN

Steps = tuple[str | int, ...]
# Keys of a plan that its goal cannot do without, and an example of each.
NEEDED = {
    "fastest": {"cap": "cap: {of: increment, share: 0.05}"},
    "cheapest": {},
    "split": {"budget": "budget: 50.0e6", "counties": "counties: [own, neighbour.yaml]"},
}
ELSEWHERE = {"fastest": ("budget", "counties"), "cheapest": ("budget", "counties"), "split": ("cap", "by")}


def named_file(found: Findings, folder: Path, steps: Steps, value: str) -> Path:
    """The file that a text names from ``folder`` on; one that is not there is reported at ``steps``."""
    path = Path(os.path.normpath(folder / value))
    if not path.is_file():
        near = [one.name for one in path.parent.glob("*.yaml")] if path.parent.is_dir() else []
        hint = did_you_mean(path.name, near) or "the path is relative to the file that names it"
        found.add(steps, f"no file at '{value}' ({shown(path)})", hint)
    return path


def zones_of(
    found: Findings, file: Path, said: Mapping[str, Any] | None, years: tuple[int, int] | None
) -> dict[str, Any]:
    """Zone -> ``start``, ``label`` and ``counties`` (paths of scenario files, or ``own``) in ``file``."""
    out: dict[str, Any] = {}
    zones: dict[str, str] = {}
    places: list[tuple[Steps, Path | str]] = []
    for name, one in (said or {}).items():
        if not isinstance(one, Mapping) or not isinstance(one.get("counties"), list):
            continue
        counties = _counties(found, file.parent, ("zones", name, "counties"), one["counties"])
        for k, county in enumerate(counties):
            places.append((("zones", name, "counties", k), county))
            if str(county) in zones:
                message = f"'{one['counties'][k]}' is in zone '{zones[str(county)]}' already"
                found.add(("zones", name, "counties", k), message, "name each county once")
            zones.setdefault(str(county), name)
        start = one.get("start")
        if years and isinstance(start, int) and not years[0] <= start <= years[1]:
            message = f"zone '{name}' begins in {start}, outside years: {years[0]} to {years[1]}"
            found.add(("zones", name, "start"), message, "begin within years:")
        out[name] = {"start": start, "label": by_language(one.get("label")), "counties": counties}
    _refuse_namesakes(found, file, places)
    if said and years is None and found.clean("years"):
        found.add(("zones",), "zones need years:", "years: [2021, 2030]")
    return out


def plan_of(
    found: Findings, file: Path, said: Mapping[str, Any] | None, years: tuple[int, int] | None
) -> dict[str, Any]:
    """What the plan of ``file`` says, its counties as paths of scenario files, or ``own``."""
    out = dict(said or {})
    goal = out.get("goal")
    if not said or goal not in NEEDED:
        return out
    for key, example in NEEDED[goal].items():
        if key not in out:
            found.add(("plan",), f"plan: goal {goal} needs '{key}'", example)
    for key in ELSEWHERE[goal]:
        if key in out:
            found.add(("plan", key), f"plan: goal {goal} does not use '{key}'", "leave it out")
    if isinstance(out.get("counties"), list):
        steps = ("plan", "counties")
        out["counties"] = _counties(found, file.parent, steps, out["counties"])
        _refuse_namesakes(found, file, [((*steps, k), one) for k, one in enumerate(out["counties"])])
    ratios = out.get("ratios")
    if isinstance(ratios, list) and any(a >= b for a, b in itertools.pairwise(ratios)):
        found.add(("plan", "ratios"), "plan.ratios must rise", "ratios: [0.65, 0.8, 1.0]")
    if goal != "split":
        if years is None and found.clean("years"):
            found.add(("plan",), f"plan: goal {goal} needs years:", "years: [2021, 2030]")
        elif years and isinstance(out.get("by"), int) and not years[0] < out["by"] <= years[1]:
            message = f"plan.by is {out['by']}, outside {years[0] + 1} to {years[1]}"
            found.add(("plan", "by"), message, "a year of years:, after the first")
    return out


def _counties(found: Findings, folder: Path, steps: Steps, said: list[Any]) -> list[Path | str]:
    return [
        OWN if one == OWN else named_file(found, folder, (*steps, k), one)
        for k, one in enumerate(said)
        if isinstance(one, str)
    ]


def _refuse_namesakes(found: Findings, file: Path, counties: Sequence[tuple[Steps, Path | str]]) -> None:
    """Report counties with a file name in common: tables, summaries and answers call each by its own."""
    known: dict[str, Path | str] = {}
    for steps, county in counties:
        name = file.stem if isinstance(county, str) else county.stem
        if known.setdefault(name, county) != county:
            message = f"the results would call two counties '{name}', by the names of their files"
            found.add(steps, message, "rename one of the files, or name each county once")
