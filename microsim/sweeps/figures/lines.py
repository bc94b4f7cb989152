"""Poverty at given lines under many scenarios: persons below them and their gaps, counted in one pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from microsim.simulation import many_totals
from microsim.studies.common.expenditure import by_area_of, with_county
from microsim.studies.common.poverty_rules import with_poverty
from microsim.sweeps.figures.rows import Figure, Found
from microsim.sweeps.figures.sums import refuse_infinite

if TYPE_CHECKING:
    from microsim.sweeps.cells import Cell

SIZE = "household_size"


def poverty_at_lines(cell: Cell, changes: Sequence[Mapping[str, Any]], threads: int | None) -> Found:
    """Headcount and gap before and after benefits at the national line and at the dibao line.

    Shares of the residents of an area and of the county: the total of a rule over residents. Where nobody
    lives there is no figure.
    """
    law, names = with_poverty(cell.policy)
    rules = list(names.values())
    sums, groups = many_totals(cell.population, law, changes, [*rules, SIZE], threads=threads)
    refuse_infinite(sums, [*rules, SIZE], changes)
    areas = by_area_of(cell.population, groups)
    residents = with_county(dict(zip(areas, sums[-1], strict=True)))
    out: Found = {}
    for (line, subject), of_rule in zip(names, sums[:-1], strict=True):
        measure = "poverty" if line == "national" else f"poverty_{line}"
        for group, poor in with_county(dict(zip(areas, of_rule, strict=True))).items():
            with np.errstate(invalid="ignore"):
                out[Figure(measure, subject, group, "1")] = poor / residents[group]
    return out
