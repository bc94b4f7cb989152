"""Whether what a sweep reads on its way is still what it was when the sweep began.

The scenarios' own files are read once and carried to every process. Their bases, own laws and rules of
financing, and the households, are read where a task is computed, perhaps hours later.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from microsim.batch.work import StopRunError
from microsim.documents import shown
from microsim.errors import Offence
from microsim.sweeps.counties import stored_hash

if TYPE_CHECKING:
    from microsim.scenario import Scenario

Hashes = Mapping[Path, str]  # of a file or a folder: SHA-256 of what it says


def behind(scenario: Scenario) -> dict[Path, str]:
    """What a scenario reads besides its own file and its county."""
    above = (scenario.base, getattr(scenario.anchor, "base", None))
    out = {one.path: one.hash for one in above if one is not None}
    if scenario.own is not None:
        out[scenario.own.folder] = scenario.own.hash
    return {**out, **financing_files(scenario)}


def financing_files(scenario: Scenario) -> dict[Path, str]:
    """The files of rules of who pays that the scenario and its base name."""
    named = (one.financing.get("rules") for one in (scenario, scenario.base) if one is not None)
    return {
        Path(file): hashlib.sha256(Path(file).read_bytes()).hexdigest() for file in named if file is not None
    }


def refuse_changed(scenario: Scenario, then: Hashes) -> None:
    """Raise ``StopRunError`` with every file that is not as ``then``.

    ``then``: what is behind the scenario, and its county, when the sweep began.
    """
    now = {**behind(scenario), scenario.county_path: stored_hash(scenario.county_path)}
    changed = [path for path, content in now.items() if path in then and then[path] != content]
    if changed:
        message = "has changed since the sweep began"
        hint = "put it back and continue with --resume; without --resume the sweep starts afresh"
        raise StopRunError([Offence(message, shown(path), hint) for path in changed])
