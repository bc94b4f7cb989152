"""The scenarios that a command is given, read before the first of them is worked on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from microsim.errors import InputError, MicrosimError, Offence

if TYPE_CHECKING:
    from microsim.scenario import Scenario


def load_scenarios(
    paths: Iterable[str], folder_of: Callable[[Scenario], Path] | None = None, study: str | None = None
) -> list[Scenario]:
    """All scenarios; a slip in the last must not cost the time of the others.

    ``folder_of`` gives the results folder of each, which must be free or hold results of the same ``study``
    (a plain run where none is named). Raises ``MicrosimError`` with the offences of all of them, and for two
    of one name, whose results would be one folder.
    """
    from microsim.report.results import RUN, refuse_foreign
    from microsim.scenario import load_scenario

    loaded: list[Scenario] = []
    offences: list[Offence] = []
    for path in paths:
        try:
            scenario = load_scenario(path)
            if folder_of is not None:
                refuse_foreign(folder_of(scenario), study or RUN)
            loaded.append(scenario)
        except MicrosimError as error:
            offences += error.offences
    names = [scenario.name for scenario in loaded]
    for name in sorted({name for name in names if names.count(name) > 1}):
        hint = "their results would share one folder; rename a file"
        offences.append(Offence(f"two scenarios are named {name}", "", hint))
    if offences:
        raise InputError(offences, title="nothing was run")
    return loaded
