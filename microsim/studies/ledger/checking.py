"""What a scenario says of who pays, checked as far as files show it, before anything is run."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from microsim.errors import InputError, MicrosimError, Offence, did_you_mean
from microsim.studies.financing.reading import Financing, book_of

if TYPE_CHECKING:
    from microsim.scenario import Scenario

PARTS = ("pool", "increase")


def check_financing(
    scenario: Scenario, financing: str | os.PathLike[str] | Financing | None = None
) -> Financing:
    """The rules by which a scenario is financed: ``financing`` where it is given, those that the scenario
    names, or else the packaged ones.

    Raises ``InputError`` with every offence: rules that cannot be read, a financing key that they do not
    have, a scenario of the pool that cannot be used.
    """
    from microsim.scenario import load_scenario

    said = scenario.financing
    offences: list[Offence] = []
    book = None
    try:
        book = book_of(said.get("rules") if financing is None else financing)
    except MicrosimError as error:
        offences += error.offences
    keys = [key.name for key in book.keys] if book is not None else []
    for part in (one for one in PARTS if one in said and keys):
        if said[part]["key"] not in keys:
            message = f"there is no financing key '{said[part]['key']}'"
            hint = did_you_mean(said[part]["key"], keys) or f"one of {', '.join(keys)}"
            offences.append(Offence(message, scenario.place("financing", part, "key"), hint))
    for one in said.get("pool", {}).get("counties", ()):
        try:
            _ = load_scenario(one["scenario"]).profile
        except MicrosimError as error:
            offences += error.offences
    if offences or book is None:
        raise InputError(offences)
    return book
