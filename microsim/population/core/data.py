"""Households and their persons as arrays: what the engine reads, and other populations out of this one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from microsim.errors import InputError, Offence
from microsim.population.core import checks
from microsim.population.core.columns import registry
from microsim.population.core.findings import Findings
from microsim.population.core.scaling import Factors, times
from microsim.population.core.tables import Table, settle_weight

if TYPE_CHECKING:
    from microsim.population.profile.county import County

Array = NDArray[Any]


@dataclass(frozen=True, eq=False, repr=False)
class PopulationData:
    """Households and persons of a county (or of any place).

    Household ``h`` owns the persons ``offsets[h]:offsets[h + 1]``. Households are in the user's order,
    persons in the order of their households. Columns are float64, bool, int16/32/64, or int8 codes for
    categorical columns, whose names are in ``categories``. Money is yuan per year. Treat arrays as read-only.

    Users see it as ``Population``, which says how to make one.
    """

    offsets: NDArray[np.int64]
    person_table: Table
    household_table: Table
    weight: NDArray[np.float64]
    given_household_id: NDArray[np.int64] | None = None
    given_person_id: NDArray[np.int64] | None = None
    profile_path: Path | None = None
    given_county: County | None = None
    # The year to which amounts of money were carried; None: they are as given, of the county's own year.
    carried_to: int | None = None
    # Owners of the columns' memory: pandas then copies on the user's next write instead of writing here.
    owners: tuple[Any, ...] = field(default=(), compare=False)

    # --- What the engine reads

    @property
    def person_columns(self) -> Mapping[str, Array]:
        """Person columns by name; columns filled with a documented default are made when first asked for."""
        return self.person_table

    @property
    def household_columns(self) -> Mapping[str, Array]:
        """Household columns by name; see ``person_columns``."""
        return self.household_table

    @cached_property
    def categories(self) -> Mapping[str, tuple[str, ...]]:
        """Names of the codes of each categorical column."""
        return {**self.household_table.categories, **self.person_table.categories}

    @property
    def household_id(self) -> NDArray[np.int64]:
        """Ids of the households, int64[n_households]."""
        if self.given_household_id is None:
            return np.arange(1, self.n_households + 1, dtype=np.int64)
        return self.given_household_id

    @property
    def person_id(self) -> NDArray[np.int64]:
        """Ids of the persons, int64[n_persons]."""
        # Not kept where it is a plain numbering: 30 million persons would pay 240 MB for it.
        if self.given_person_id is None:
            return np.arange(1, self.n_persons + 1, dtype=np.int64)
        return self.given_person_id

    @property
    def n_households(self) -> int:
        """Number of household rows."""
        return len(self.weight)

    @property
    def n_persons(self) -> int:
        """Number of person rows."""
        return int(self.offsets[-1])

    @cached_property
    def most_members(self) -> int:
        """Size of the largest household."""
        return max(
            (int(np.diff(self.offsets[k : k + 65_537]).max()) for k in range(0, self.n_households, 65_536)),
            default=0,
        )

    @property
    def defaulted(self) -> tuple[str, ...]:
        """Known columns that were not given and carry the registry's documented default."""
        return (*self.household_table.defaults, *self.person_table.defaults)

    def how_to_give(self, name: str) -> str:
        """How a known column that is not there is given; empty for a name that the registry lacks."""
        column = registry().get(name)
        return f"add it, or map it in the import ({column.table}: columns: {name}:)" if column else ""

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the content: ids, weights, given columns and their categories."""
        digest = hashlib.sha256()
        structure = {"offsets": self.offsets, "weight": self.weight}
        structure["household_id"], structure["person_id"] = self.household_id, self.person_id
        for name, array in structure.items():
            digest.update(f"{name} {array.dtype.str} {len(array)}\n".encode())
            digest.update(np.ascontiguousarray(array).data)
        for table in (self.household_table, self.person_table):
            table.add_to(digest)
        return digest.hexdigest()

    def __repr__(self) -> str:
        return f"<Population: {self.n_households:,} households, {self.n_persons:,} persons>"

    def __getstate__(self) -> dict[str, Any]:
        made_on_demand = ("households", "persons", "categories", "owners")
        return {name: value for name, value in self.__dict__.items() if name not in made_on_demand}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, owners=())

    # --- New populations out of this one

    def select(self, households: Any) -> Self:
        """Some of the households: a boolean mask (one value each) or household ids in the wanted order."""
        positions = self._positions(np.asarray(households))
        sizes = np.diff(self.offsets)[positions]
        offsets = np.concatenate(([0], np.cumsum(sizes, dtype=np.int64)))
        start = np.repeat(self.offsets[:-1][positions] - offsets[:-1], sizes)
        members = start + np.arange(int(offsets[-1]))
        return replace(
            self,
            offsets=offsets,
            person_table=self.person_table.take(members),
            household_table=self.household_table.take(positions),
            weight=self.weight[positions],
            given_household_id=self.household_id[positions],
            given_person_id=self.person_id[members],
        )

    def split(self, k: int) -> Iterator[Self]:
        """``k`` pieces of consecutive households (fewer where households are fewer), columns not copied."""
        if k < 1:
            raise InputError(f"a population is split into 1 or more pieces, not {k}")
        k = min(k, self.n_households)
        bounds = [self.n_households * piece // k for piece in range(k + 1)]
        for first, last in pairwise(bounds):
            people = slice(int(self.offsets[first]), int(self.offsets[last]))
            yield replace(
                self,
                offsets=self.offsets[first : last + 1] - self.offsets[first],
                person_table=self.person_table.cut(people),
                household_table=self.household_table.cut(slice(first, last)),
                weight=self.weight[first:last],
                given_household_id=self.household_id[first:last],
                given_person_id=self.person_id[people],
            )

    def numbered(self) -> Self:
        """The same with its persons numbered 1, 2, ... in place of the ids they have."""
        return replace(self, given_person_id=None)

    def with_columns(
        self,
        persons: Mapping[str, Any] | None = None,
        households: Mapping[str, Any] | None = None,
    ) -> Self:
        """The same households with columns added or replaced (``weight`` too), in this population's order.

        Values are arrays, Series or lists with one value per row, or one value for all rows.
        """
        findings = Findings()
        new_weight = (households or {}).get("weight")
        others = {name: values for name, values in (households or {}).items() if name != "weight"}
        household_table = self.household_table.with_columns(others, findings)
        person_table = self.person_table.with_columns(persons or {}, findings)
        checks.column_names(person_table.arrays, household_table.arrays, findings)
        weight = self.weight if new_weight is None else settle_weight(new_weight, self.n_households, findings)
        findings.refuse("the columns cannot be added")
        return replace(self, person_table=person_table, household_table=household_table, weight=weight)

    def scaled(self, factors: Factors, year: int) -> Self:
        """The same households with amounts of money multiplied by ``factors``: they are then of ``year``."""
        new: dict[str, dict[str, Array]] = {"person": {}, "household": {}}
        for entity, name in factors:
            table = self.person_table if entity == "person" else self.household_table
            members = np.diff(self.offsets) if entity == "person" else None
            by_area = factors[entity, name]
            codes = None if "" in by_area else self.household_table["area"]
            new[entity][name] = times(
                table[name], by_area, codes, self.household_table.categories.get("area", ()), members
            )
        made = self.with_columns(persons=new["person"], households=new["household"])
        return replace(made, carried_to=year)

    def _positions(self, wanted: Array) -> NDArray[np.intp]:
        if wanted.dtype == bool:
            if wanted.shape != (self.n_households,):
                need = f"one value for each of {self.n_households} households"
                raise InputError(f"the mask has shape {wanted.shape}; it needs {need}")
            return np.flatnonzero(wanted)
        ids = self.household_id
        order = np.argsort(ids, kind="stable")
        ranks = np.minimum(np.searchsorted(ids[order], wanted), len(ids) - 1)
        positions = order[ranks]
        unknown = np.atleast_1d(wanted)[np.atleast_1d(ids[positions] != wanted)]
        if len(unknown):
            raise InputError([Offence(f"no household with id {one}") for one in unknown[:20].tolist()])
        return np.atleast_1d(positions)
