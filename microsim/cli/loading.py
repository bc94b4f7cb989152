"""The scenarios that a command is given, read before the first of them is worked on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from microsim.cli.options import unusual_allowed
from microsim.errors import InputError, MicrosimError, Offence

if TYPE_CHECKING:
    from microsim.policy.own_law import OwnLaw
    from microsim.scenario import Scenario


def load_scenarios(
    paths: Iterable[str],
    folder_of: Callable[[Scenario], Path] | None = None,
    study: str | None = None,
    *,
    allow_code: bool = False,
) -> list[Scenario]:
    """All scenarios; a slip in the last must not cost the time of the others.

    ``folder_of`` gives the results folder of each, which must be free or hold results of the same ``study``
    (a plain run where none is named); ``allow_code``: whether their own rules may be run. Raises
    ``MicrosimError`` with the offences of all of them, and for two of one name, whose results would be one
    folder.
    """
    from microsim.report.results import RUN, refuse_foreign
    from microsim.scenario import load_scenario
    from microsim.studies.ledger.checking import check_financing

    loaded: list[Scenario] = []
    offences: list[Offence] = []
    for path in paths:
        try:
            scenario = load_scenario(path, allow_code=allow_code, allow_unusual=unusual_allowed())
            if scenario.financing:
                check_financing(scenario)
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


def own_law(folder: str | None, allow_code: bool) -> OwnLaw | None:
    """The own law in a folder, rules and all; without ``allow_code`` an error lists what would be run."""
    from microsim.policy.own_law import read_own_law
    from microsim.policy.policy import PACKAGED_LAW
    from microsim.scenario.own_law import ALLOW, told_rules

    if folder is None:
        return None
    own = read_own_law(folder, run=allow_code, beside=PACKAGED_LAW)
    if not allow_code:
        message = f"'{folder}' holds rules in Python, which would be run: {told_rules(own)}"
        raise InputError(Offence(message, "--law-package", ALLOW))
    return own


def own_numbers(folder: str | None) -> OwnLaw | None:
    """The own law in a folder with its parameters alone: nothing of it is run."""
    from microsim.policy.own_law import read_own_law
    from microsim.policy.policy import PACKAGED_LAW

    return None if folder is None else read_own_law(folder, run=False, beside=PACKAGED_LAW)
