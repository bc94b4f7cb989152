"""The county's published margins as controls, and the household weights that meet them."""

from __future__ import annotations

from collections.abc import Callable
from math import fsum

import numpy as np
from numpy.typing import NDArray

from microsim.errors import MicrosimError
from microsim.population.calibration.calibrate import CalibrationReport, calibrate
from microsim.population.profile.county import County
from microsim.population.profile.figures import band
from microsim.population.synthesis.households import Roster

Floats = NDArray[np.float64]
# Columns and totals of additional controls, each of which so many rows must have a part of.
Further = Callable[[int], tuple[dict[str, Floats], dict[str, float]]]
_ROWS_PER_GROUP = (10, 30, 100)  # fewer rows cannot carry a group; tried in turn
_LARGE = 2_000  # households: from here on a miss is the profile's fault, not that of a small sample
_MANY = 20_000  # households: of so many, a group without ten rows is too small to matter
OLD = 65  # years: from here on the census counts the elderly of a household
_DIGITS = 6  # of a weight: far finer than any use, and all that its file keeps


def household_weights(
    county: County, roster: Roster, further: Further | None = None
) -> tuple[Floats, CalibrationReport]:
    """Weights that meet residents by area, residents by sex and age, household sizes and generations.

    Households with elderly members are met too where the profile counts them.

    ``further`` gives additional controls that are met at once. (Raking from the same start, weights that
    met the demography first and everything later would be the same.)

    Family households represent all residents: their number is scaled so that their persons add up to the
    residents, those of collective households included (``demography.family_persons`` in the profile).

    Neighbouring groups that hold too few rows are met together (their controls are named ``male 70-120``).
    Samples below 2,000 households may need coarser groups than large ones; the smallest only meet the
    residents by area. The report lists what was met. Raises ``MicrosimError`` naming what a large sample
    cannot meet.
    """
    rows = len(roster.size)
    start = np.full(rows, fsum(county.residents.values()) / len(roster.owner))
    groupings = [*_ROWS_PER_GROUP, len(roster.owner) + 1] if rows < _LARGE else list(_ROWS_PER_GROUP[:1])
    if rows < _MANY and county.get("demography.elderly_households") is not None:
        # Chosen among candidates, a group has about the rows that it should have, be they few.
        groupings = [1, *groupings]
    for least in groupings:
        columns, targets = controls(county, roster, least)
        if further is not None and least <= len(roster.owner):
            more_columns, more_targets = further(max(least, _ROWS_PER_GROUP[0]))
            columns, targets = columns | more_columns, targets | more_targets
        try:
            weights, report = calibrate(columns, targets, start, method="raking")
        except MicrosimError:
            if least == groupings[-1]:
                raise
            continue
        return np.round(weights, _DIGITS), report
    raise AssertionError("the last grouping either works or raises")


def controls(county: County, roster: Roster, least: int = 1) -> tuple[dict[str, Floats], dict[str, float]]:
    """Control columns (households) and their totals, by name; each group holds at least ``least`` rows.

    Where there are fewer rows than that altogether, only the residents by area are left.
    """
    columns: dict[str, Floats] = {}
    targets: dict[str, float] = {}
    residents = fsum(county.residents.values())
    for position, (area, persons) in enumerate(county.residents.items()):
        if (roster.area == position).any():
            columns[f"residents {area}"] = np.where(roster.area == position, roster.size, 0).astype(float)
            targets[f"residents {area}"] = persons
    # A sample without one of the areas still represents all residents.
    missed = residents / fsum(targets.values())
    targets = {name: total * missed for name, total in targets.items()}
    if least > len(roster.owner):
        return columns, targets
    ages = county["demography.age_by_sex"]
    # Both tables count all residents; where they round differently, the areas are kept.
    scale = residents / fsum(persons for one_sex in ages.values() for persons in one_sex.values())
    for sex, groups in ages.items():
        of_sex = roster.female == (sex == "female")
        counted = np.bincount(roster.age[of_sex], minlength=121)
        cells = [(*(band(group) or (0, -1)), persons * scale) for group, persons in groups.items()]
        for first, last, persons in _merged(cells, counted, least):
            inside = of_sex & (roster.age >= first) & (roster.age <= last)
            columns[f"{sex} {first}-{last}"] = roster.sums(inside)
            targets[f"{sex} {first}-{last}"] = persons
    shares = {int(size): share for size, share in county["demography.household_sizes"].items()}
    # As many households as hold all residents at the mean size.
    all_sizes = fsum(shares.values())
    households = residents / (fsum(size * share for size, share in shares.items()) / all_sizes)
    sizes = [(size, size, share / all_sizes * households) for size, share in shares.items()]
    for first, last, total in _merged(sizes, np.bincount(roster.size, minlength=9), least):
        columns[f"size {first}-{last}"] = ((roster.size >= first) & (roster.size <= last)).astype(float)
        targets[f"size {first}-{last}"] = total
    living = list(county["demography.generations"].values())
    spans = [(k, k, number / fsum(living) * households) for k, number in enumerate(living, start=1)]
    for first, last, total in _merged(spans, np.bincount(roster.generations, minlength=4), least):
        inside = (roster.generations >= first) & (roster.generations <= last)
        columns[f"generations {first}-{last}"] = inside.astype(float)
        targets[f"generations {first}-{last}"] = total
    elderly = county.get("demography.elderly_households")
    if elderly is not None:
        old = roster.sums(roster.age >= OLD)
        scale = households / county["demography.family_households"]
        columns["with elderly"] = (old > 0).astype(float)
        targets["with elderly"] = fsum(elderly.values()) * scale
        # The table of ages settles how many elderly there are. Where hardly a household holds three of them,
        # that settles those with one, too: as a control it would say nothing new.
        in_rows = elderly["three"] * scale * len(roster.size) / households
        if min(np.count_nonzero(old > 2), in_rows) >= least:
            columns["with one elderly"] = (old == 1).astype(float)
            targets["with one elderly"] = elderly["one"] * scale
    return columns, targets


def _merged(
    cells: list[tuple[int, int, float]], rows: NDArray[np.int64], least: int
) -> list[tuple[int, int, float]]:
    """Neighbouring cells (first, last, total) put together until each holds at least so many rows."""
    out: list[tuple[int, int, float]] = []
    for first, last, total in reversed(cells):
        if out and rows[out[-1][0] : out[-1][1] + 1].sum() < least:
            _, end, other = out[-1]
            out[-1] = (first, end, other + total)
        else:
            out.append((first, last, total))
    # The last one made may still be too small; it joins its neighbour.
    if len(out) > 1 and rows[out[-1][0] : out[-1][1] + 1].sum() < least:
        first, _, total = out.pop()
        _, end, other = out[-1]
        out[-1] = (first, end, other + total)
    return out[::-1]
