"""Flows between two years: stock(t+1) = stock(t) + entries - exits + reweighting; spells and relapse.

Persons are the same rows in every year. Entries and exits count with the weight of the earlier year;
``reweighting`` is what the later stock changes by because weights do. The identity holds to rounding.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from microsim.numerics.changes import changes_by_group, spells_by_group

if TYPE_CHECKING:
    from microsim.population import Population

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
Row = tuple[str, str, str, float, str]  # measure, subject, group, value, unit
PERSONS, YEARS, SHARE = "persons", "years", "1"
POOR = "poor"
_FLOWS = ("stock", "entries", "exits", "reweighting")


@dataclass(frozen=True, eq=False)
class Year:
    """Subject (a programme, or ``poor``) -> flags of persons in a year; weights of households."""

    is_in: Mapping[str, Flags]
    weight: Floats


@dataclass(eq=False)
class Flows:
    """The years so far, and the figures of each next one.

    Of persons by subject: ``spells`` are the years in a row so far, ``left`` who left in the last year.
    """

    owner: NDArray[np.int64]
    areas: NDArray[np.int64]
    names: tuple[str, ...]
    last: Year | None = None
    spells: dict[str, NDArray[np.int64]] = field(default_factory=dict)
    left: dict[str, Flags] = field(default_factory=dict)

    @classmethod
    def of(cls, population: Population) -> Flows:
        """Nothing yet."""
        owner = np.repeat(np.arange(population.n_households), np.diff(population.offsets))
        if "area" not in population.household_columns:
            return cls(owner, np.zeros(population.n_households, np.int64), ("",))
        codes = population.household_columns["area"].astype(np.int64)
        return cls(owner, codes, tuple(population.categories["area"]))

    def add(self, year: Year) -> list[Row]:
        """The figures of one more year."""
        rows: list[Row] = []
        for subject, now in year.is_in.items():
            before = self.last.is_in.get(subject) if self.last is not None else None
            if before is not None and self.last is not None:
                rows += self._flows(subject, before, now, self.last.weight, year.weight)
                rows += self._relapse(subject, now, year.weight)
                self.left[subject] = before & ~now
            else:
                nothing = np.zeros(len(now), dtype=bool)
                sums = self._sums(nothing, now, year.weight, year.weight)
                rows += [("stock", subject, group, one[4], PERSONS) for group, one in sums]
            rows += self._spell(subject, now, year.weight)
        self.last = year
        return rows

    def _flows(
        self, subject: str, before: Flags, now: Flags, weight_before: Floats, weight: Floats
    ) -> Iterator[Row]:
        for group, one in self._sums(before, now, weight_before, weight):
            for measure, value in zip(_FLOWS, (one[4], one[1], one[2], one[3]), strict=True):
                yield measure, subject, group, value, PERSONS
            if one[0] > 0.0:
                yield "exit_rate", subject, group, one[2] / one[0], SHARE

    def _relapse(self, subject: str, now: Flags, weight: Floats) -> Iterator[Row]:
        """Of those who had left the year before, the share who are in again."""
        left = self.left.get(subject)
        if left is None:
            return
        for group, one in self._sums(left, left & now, weight, weight):
            if one[0] > 0.0:
                yield "relapse", subject, group, one[4] / one[0], SHARE

    def _spell(self, subject: str, now: Flags, weight: Floats) -> Iterator[Row]:
        """Mean years in a row of those who are in, counted from the first year of the projection."""
        if subject not in self.spells:
            self.spells[subject] = np.zeros(len(now), np.int64)
        spell = self.spells[subject]
        sums = spells_by_group(spell, now, self.owner, weight, self.areas, len(self.names))
        for group, (in_years, heads) in self._with_all(sums):
            if heads > 0.0:
                yield "spell", subject, group, in_years / heads, YEARS

    def _sums(
        self, before: Flags, after: Flags, weight_before: Floats, weight: Floats
    ) -> Iterator[tuple[str, list[float]]]:
        """Area, and the county under the empty name -> in before, came, left, by weight, in after."""
        sums = changes_by_group(before, after, self.owner, weight_before, weight, self.areas, len(self.names))
        yield from self._with_all(sums)

    def _with_all(self, by_area: Floats) -> Iterator[tuple[str, list[float]]]:
        """The rows of the areas, then their sum under the empty name."""
        if self.names != ("",):
            yield from zip(self.names, by_area.tolist(), strict=True)
        yield "", [sum(column) for column in by_area.T.tolist()]
