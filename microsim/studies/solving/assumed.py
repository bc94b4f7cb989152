"""How far the figure of a target moves, at the value found, with each number that no document gives."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from microsim.policy.reform import split_name
from microsim.studies.sensitivity.study import Law, sensitivity_of_figure
from microsim.studies.solving.targets import CLIFFS, target_of

if TYPE_CHECKING:
    import pandas as pd

    from microsim.policy.policy import Policy
    from microsim.studies.solving.study import Solution


def sensitivity_at(found: Solution) -> pd.DataFrame | None:
    """The undocumented numbers by how far the target's figure moves when each is a tenth lower.

    The varied parameter has the value found and is no part of it; the law is that of the year's last day.
    None for targets of the search for cliffs, each evaluation of which is a study of its own.
    """
    if found.target.split(".")[0] == CLIFFS:
        return None
    place = replace(found.place, stretches=())
    policy = place.policy.reform({found.vary: found.value}, allow_unusual=True)

    def figure(law: Policy) -> float:
        # A place of its own: against another law each number would vary, and have a kernel compiled for it.
        (value,) = target_of(replace(place, policy=law), found.target).values([law])
        return float(value)

    moved = sensitivity_of_figure(Law(policy, place.population, found.rules), figure)
    varied = split_name(policy.parameters, found.vary)
    if moved is None or varied is None:
        return moved
    return moved[moved["name"] != varied[0].name].reset_index(drop=True)
