"""``Population``: households and their persons, in memory or on disk, and the ways to make one."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from microsim.card import card
from microsim.documents import shown
from microsim.errors import InputError, MicrosimError, Offence, made_by
from microsim.population.core import checks
from microsim.population.core.assembly import REFUSED, from_sorted_arrays
from microsim.population.core.columns import STRUCTURAL, registry
from microsim.population.core.data import PopulationData
from microsim.population.core.findings import Findings
from microsim.population.core.frames import households_frame, persons_frame, population_from_frames
from microsim.population.core.relations import warn_of_relations
from microsim.population.core.scaling import Factors, product
from microsim.population.core.tables import Lazy, Table, defaults_beside, in_memory
from microsim.population.profile.county import County

if TYPE_CHECKING:
    import pandas as pd

    from microsim.population.io.footers import Layout, Part
    from microsim.population.io.reading import Reader

Array = NDArray[Any]
Ints = NDArray[np.int64]


@made_by("write ms.Population.from_frames(persons, households), .from_arrays(...) or .read(folder)")
class Population(PopulationData):
    """Households and persons of a county (or of any place); the arrays are those of ``PopulationData``.

    Make one with ``from_frames`` (pandas), ``from_arrays`` (NumPy, no copies) or ``read`` (Parquet files).
    """

    @classmethod
    def from_frames(cls, persons: pd.DataFrame, households: pd.DataFrame) -> Population:
        """Two DataFrames, persons in any order.

        ``households`` has ``household_id`` and ``weight``, ``persons`` has ``household_id`` and perhaps
        ``person_id`` (else numbered from 1); any other columns. Raises ``MicrosimError`` with every
        offence, its row and its column.
        """
        return population_from_frames(cls, persons, households)

    @classmethod
    def from_arrays(
        cls,
        offsets: Any,
        persons: Mapping[str, Any],
        households: Mapping[str, Any],
        categories: Mapping[str, tuple[str, ...]] | None = None,
    ) -> Population:
        """NumPy arrays as they are (not copied where the dtype fits), persons already in household order.

        ``offsets`` int64[households + 1]; ``households`` holds ``weight`` and perhaps ``household_id``,
        ``persons`` perhaps ``person_id`` (else both are numbered from 1); ``categories`` names the codes of
        coded columns. Raises ``MicrosimError`` with every offence.
        """
        return from_sorted_arrays(cls, offsets, persons, households, categories or {}, Findings())

    @classmethod
    def read(cls, folder: str | os.PathLike[str]) -> Population:
        """Read a folder that holds ``persons.parquet`` and ``households.parquet``."""
        from microsim.population.io.pieces import in_pieces
        from microsim.population.io.storage import read_population

        if in_pieces(Path(folder)):
            population = cls.open(folder).read_all()
            warn_of_relations(population)
            return population
        return read_population(cls, Path(folder))

    @classmethod
    def open(cls, folder: str | os.PathLike[str]) -> OpenedPopulation:
        """A population on disk, whose columns are read when they are first used.

        ``pieces()`` of it goes through populations larger than memory; ``simulate`` and ``simulate_many`` do
        so by themselves, with the bits of a population in memory. Raises ``MicrosimError`` with every file
        that is missing, damaged or of another population.
        """
        from microsim.population.io.footers import layout_of

        layout = layout_of(Path(folder))
        return OpenedPopulation(layout, layout.parts, 0)

    @classmethod
    def open_or_read(cls, folder: str | os.PathLike[str]) -> Population:
        """``open`` a folder of pieces, ``read`` one of two files."""
        from microsim.population.io.pieces import in_pieces

        return cls.open(folder) if in_pieces(Path(folder)) else cls.read(folder)

    def write(self, folder: str | os.PathLike[str], households_per_piece: int | None = None) -> None:
        """Write two Parquet files (and the county's ``profile.yaml`` where there is one) into a folder.

        With ``households_per_piece``, write pieces of at most so many households, which ``open`` reads one at
        a time. The same population gives the same bytes. Written under a passing name: a folder that was not
        there appears whole. An older population there gives way, other files stay; a mixture of two
        populations is refused at reading.
        """
        from microsim.population.io.writing import write_in_pieces, write_population

        if self.carried_to is not None:
            message = f"the incomes were carried to {self.carried_to}, which no file would say"
            hint = "write the population as it is read or made; a scenario carries its incomes anew"
            raise InputError(Offence(message, shown(Path(folder)), hint))
        if households_per_piece is None:
            write_population(self, Path(folder), self.county)
        else:
            write_in_pieces(self, Path(folder), households_per_piece, self.county)

    # --- What users see

    def _repr_html_(self) -> str:
        said = repr(self).removeprefix("<Population: ")[:-1]
        return card("Population", said, self._columns_shown(), self._represented())

    def _represented(self) -> dict[str, dict[str, Any]]:
        """Households and persons that the sample represents."""
        weight = self.weight
        persons = float((weight * np.diff(self.offsets)).sum())
        return {
            "represented.households": {"value": float(weight.sum()), "unit": "households"},
            "represented.persons": {"value": persons, "unit": "persons"},
        }

    def _columns_shown(self) -> list[dict[str, object]]:
        given = [("person", name) for name in self.person_columns] + [
            ("household", name) for name in self.household_columns
        ]
        rows: list[dict[str, object]] = []
        for entity, name in given:
            known = registry().get(name)
            if name not in self.defaulted and name not in STRUCTURAL:
                label = " ".join(known.label.values()) if known else ""
                rows.append(
                    {"column": name, "of": entity, "unit": known.unit if known else "", "label": label}
                )
        return rows

    @cached_property
    def county(self) -> County | None:
        """The county's profile, where the population was made from one or is beside one."""
        if self.given_county is not None or self.profile_path is None:
            return self.given_county
        return County.read(self.profile_path)

    @property
    def income_year(self) -> int | None:
        """The year that incomes are of: the one they were carried to, or the profile's; None: unknown."""
        if self.carried_to is not None:
            return self.carried_to
        return self.county.year if self.county is not None else None

    @cached_property
    def households(self) -> pd.DataFrame:
        """``household_id``, ``weight`` and the given columns, in the user's order."""
        return households_frame(self)

    @cached_property
    def persons(self) -> pd.DataFrame:
        """``person_id``, ``household_id`` and the given columns, in the order of the households."""
        return persons_frame(self)


class OpenedPopulation(Population):
    """A population on disk, or (``pieces()``) a piece of one; see ``Population.open``.

    Everything a ``Population`` has is here too, read at first use and kept. New populations made from this
    one (``select``, ``with_columns``) are in memory.
    """

    def __init__(
        self,
        layout: Layout,
        parts: tuple[Part, ...],
        persons_before: int,
        factors: Factors | None = None,
        carried_to: int | None = None,
    ) -> None:
        state = {"layout": layout, "parts": parts, "persons_before": persons_before}
        state |= {"factors": factors or {}, "carried_to": carried_to}
        self.__dict__.update(state, profile_path=layout.profile, given_county=None, owners=())
        # Tables hold the reader and not this population: a ring would keep a piece's columns alive after it.
        from microsim.population.io.reading import Reader

        self.__dict__["_reader"] = Reader(layout, parts, self.factors)

    layout: Layout
    parts: tuple[Part, ...]
    persons_before: int  # this piece
    factors: Factors  # what columns are multiplied by as they are read
    _reader: Reader

    def pieces(self) -> Iterator[OpenedPopulation]:
        """Consecutive pieces, each read again: drop one before the next, and memory holds one at a time."""
        if len(self.parts) == 1:
            yield self
            return
        before = self.persons_before
        for part in self.parts:
            piece = OpenedPopulation(self.layout, (part,), before, self.factors, self.carried_to)
            if "county" in self.__dict__:
                piece.__dict__["county"] = self.county
            yield piece
            before += part.n_persons

    def read_all(self) -> Population:
        """All of it in memory. Raises ``MicrosimError`` with every offence of every piece."""
        findings = Findings()
        tables = {"person": self.person_table, "household": self.household_table}
        asked: list[Callable[[], Any]] = [lambda: self.offsets, lambda: self.weight, lambda: self.person_id]
        for table in tables.values():
            asked += [lambda table=table, name=name: table[name] for name in table.arrays]  # type: ignore[misc]
        for read in asked:
            try:
                read()
            except MicrosimError as error:
                findings.offences += [o for o in error.offences if o not in findings.offences]
        findings.refuse(REFUSED)
        person, household = (in_memory(table) for table in tables.values())
        return Population(
            self.offsets,
            person,
            household,
            self.weight,
            self.given_household_id,
            self.given_person_id,
            profile_path=self.profile_path,
            carried_to=self.carried_to,
        )

    # --- What is in the footers

    @property
    def n_households(self) -> int:
        """Number of household rows."""
        return sum(part.n_households for part in self.parts)

    @property
    def n_persons(self) -> int:
        """Number of person rows."""
        return sum(part.n_persons for part in self.parts)

    @cached_property
    def person_table(self) -> Table:
        """Person columns, read at first use."""
        return self._table("person", self.n_persons)

    @cached_property
    def household_table(self) -> Table:
        """Household columns, read at first use."""
        return self._table("household", self.n_households)

    def _table(self, entity: str, length: int) -> Table:
        names = self.layout.columns[entity]
        columns = Lazy(names, partial(self._reader.column, entity))
        defaults, categories = defaults_beside(names, entity)
        for name in names:
            if name in self.layout.categories:
                categories[name] = self.layout.categories[name]
            elif name in registry() and registry()[name].type == "category":
                categories[name] = registry()[name].categories
            elif name in self.layout.texts[entity]:
                # Files of other programs do not say the categories: the column is looked through.
                categories[name] = self._reader.column_of(self.parts[0], entity, name, Findings())[1]
        return Table(entity, length, columns, categories, defaults)

    # --- What is read at first use

    @cached_property
    def weight(self) -> NDArray[np.float64]:
        """Weights of the households."""
        weight = self._reader.column("household", "weight")
        findings = self._findings()
        if len(self.parts) == len(self.layout.parts):
            checks.weights(weight, findings)
        findings.refuse(REFUSED)
        return weight

    @cached_property
    def given_household_id(self) -> Ints:
        """Ids of the households."""
        return self._ids("household")

    @cached_property
    def given_person_id(self) -> Ints | None:
        """Ids of the persons; a plain numbering goes on over the pieces."""
        if self.layout.person_ids:
            return self._ids("person")
        if not self.persons_before:
            return None
        return np.arange(self.persons_before + 1, self.persons_before + self.n_persons + 1, dtype=np.int64)

    @cached_property
    def offsets(self) -> Ints:
        """Persons of each household, from the ids that persons name."""
        steps = [np.zeros(1, dtype=np.int64)]
        for part, (offsets, _) in zip(self.parts, self._reader.links, strict=True):
            steps.append(offsets[1:] + steps[-1][-1])
            assert offsets[-1] == part.n_persons
        return np.concatenate(steps)

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the content, the same as in memory; columns are read one after the other, not kept."""
        if self.factors:
            return self._with_lazy_columns().hash
        digest = hashlib.sha256()
        for name, array in (("offsets", self.offsets), ("weight", self.weight)):
            _add(digest, name, array)
        _add(digest, "household_id", self.household_id)
        _add(digest, "person_id", self.person_id)
        for entity, table in (("household", self.household_table), ("person", self.person_table)):
            for name in sorted(table.arrays):
                for k, part in enumerate(self.parts):
                    array, words = self._reader.settled(part, entity, name)
                    if k == 0:
                        digest.update(repr((entity, name, array.dtype.str, words)).encode())
                    digest.update(np.ascontiguousarray(array).data)
        return digest.hexdigest()

    def scaled(self, factors: Factors, year: int) -> OpenedPopulation:
        """See ``Population.scaled``: still on disk, and multiplied as it is read."""
        return OpenedPopulation(
            self.layout, self.parts, self.persons_before, product(self.factors, factors), year
        )

    # --- New populations are in memory

    def select(self, households: Any) -> Population:  # type: ignore[override]
        """See ``Population.select``."""
        return self._with_lazy_columns().select(households)

    def split(self, k: int) -> Iterator[Population]:  # type: ignore[override]
        """See ``Population.split``; ``pieces()`` needs less memory."""
        return self._with_lazy_columns().split(k)

    def with_columns(  # type: ignore[override]
        self, persons: Mapping[str, Any] | None = None, households: Mapping[str, Any] | None = None
    ) -> Population:
        """See ``Population.with_columns``."""
        return self._with_lazy_columns().with_columns(persons, households)

    def _with_lazy_columns(self) -> Population:
        tables = (self.person_table, self.household_table)
        ids = (self.given_household_id, self.given_person_id)
        return Population(
            self.offsets,
            *tables,
            self.weight,
            *ids,
            profile_path=self.profile_path,
            carried_to=self.carried_to,
        )

    def __repr__(self) -> str:
        pieces = "1 piece" if len(self.parts) == 1 else f"{len(self.parts)} pieces"
        return f"<Population: {self.n_households:,} households, {self.n_persons:,} persons, {pieces} on disk>"

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.layout, self.parts, self.persons_before, self.factors, self.carried_to)

    def _findings(self) -> Findings:
        return Findings(self.parts[0].names if len(self.parts) == 1 else {})

    def _ids(self, entity: str) -> Ints:
        name, findings = f"{entity}_id", self._findings()
        ids: Ints = self._reader.column(entity, name).astype(np.int64, copy=False)
        checks.unique_ids(f"{entity}s", name, ids, findings)
        findings.refuse(REFUSED)
        return ids


def _add(digest: Any, name: str, array: Array) -> None:
    digest.update(f"{name} {array.dtype.str} {len(array)}\n".encode())
    digest.update(np.ascontiguousarray(array).data)
