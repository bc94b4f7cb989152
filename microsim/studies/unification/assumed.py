"""How far what a path costs more in its last year moves with each number that no document gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microsim.scenario.uprating import uprated
from microsim.studies.sensitivity.study import Law, sensitivity
from microsim.studies.unification.study import AS_IS

if TYPE_CHECKING:
    import pandas as pd

    from microsim.studies.unification.study import Unification


def extra_cost(study: Unification) -> str:
    """The figure that is measured: of the first path that is not the ratio held."""
    return f"{_first(study)}.{study.years[-1]}.extra_cost.total"


def sensitivity_of_last(study: Unification) -> pd.DataFrame | None:
    """The undocumented numbers by how far that figure moves when each is a tenth lower.

    Under the laws of the last year's 31 December, of the path and with the ratio held, for the whole year;
    statuses that a path carries on are those of the data. None where a study has no such laws or too many
    households.
    """
    path = _first(study)
    if path not in study.last:
        return None
    people = uprated(study.population, study.uprating, study.years[-1])
    sides = (Law(study.last[name], people, study.outputs) for name in (path, AS_IS))
    return sensitivity(*sides)


def _first(study: Unification) -> str:
    return next((path for path in study.paths if path != AS_IS), AS_IS)
