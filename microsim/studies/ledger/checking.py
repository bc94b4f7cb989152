"""What a scenario says of who pays, checked as far as files show it, before anything is run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microsim.errors import InputError, MicrosimError, Offence, did_you_mean
from microsim.studies.financing.reading import packaged, read_financing

if TYPE_CHECKING:
    from microsim.scenario import Scenario

PARTS = ("pool", "increase")


def check_financing(scenario: Scenario) -> None:
    """Raise ``InputError`` with every offence: rules that cannot be read, a financing key that they do not
    have, a scenario of the pool that cannot be used.
    """
    from microsim.scenario import load_scenario

    said = scenario.financing
    book = read_financing(said["rules"]) if "rules" in said else packaged()
    keys = [key.name for key in book.keys]
    offences = []
    for part in (one for one in PARTS if one in said):
        if said[part]["key"] not in keys:
            message = f"there is no financing key '{said[part]['key']}'"
            hint = did_you_mean(said[part]["key"], keys) or f"one of {', '.join(keys)}"
            offences.append(Offence(message, scenario.place("financing", part, "key"), hint))
    for one in said.get("pool", {}).get("counties", ()):
        try:
            load_scenario(one["scenario"])
        except MicrosimError as error:
            offences += error.offences
    if offences:
        raise InputError(offences)
