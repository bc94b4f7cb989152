"""Columns of a population on disk, read from all its pieces or from one, and checked."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from microsim.documents import shown
from microsim.errors import MicrosimError
from microsim.population.core import checks
from microsim.population.core.assembly import REFUSED, link
from microsim.population.core.columns import registry
from microsim.population.core.findings import Findings
from microsim.population.core.intake import Raw, take
from microsim.population.core.scaling import Factors, times
from microsim.population.io.footers import Layout, Part
from microsim.population.io.storage import mark_of, open_file, read_column

Array = NDArray[Any]
Ints = NDArray[np.int64]


class Reader:
    """Reads columns of some pieces; it keeps none of them. All methods refuse values that are wrong."""

    def __init__(self, layout: Layout, parts: tuple[Part, ...], factors: Factors) -> None:
        self.layout, self.parts, self.factors = layout, parts, factors

    @cached_property
    def links(self) -> list[tuple[Ints, NDArray[np.intp] | None]]:
        """Of each part: offsets, and the order of persons by households (``None``: as they are)."""
        links, findings = [], Findings()
        for part in self.parts:
            of_part = Findings(part.names)
            ids = self._raw(part, "household", "household_id")
            named = self._raw(part, "person", "household_id")
            taken = take("household_id", ids, "household", part.n_households, of_part)
            if taken is not None:
                own = taken.array.astype(np.int64, copy=False)
                checks.unique_ids("households", "household_id", own, of_part)
                links.append(link(named, part.n_persons, own, of_part))
            if self.layout.person_ids and not part.in_order:  # in files of microsim they are
                persons, _ = self.column_of(part, "person", "person_id", of_part)
                checks.unique_ids("persons", "person_id", persons, of_part)
            findings.offences += of_part.offences
        findings.refuse(REFUSED)
        return links

    def column(self, entity: str, name: str) -> Array:
        """A column of all parts in one array, multiplied by its factors; offences of all parts at once."""
        values = self._as_written(entity, name)
        if (entity, name) not in self.factors:
            return values
        by_area = self.factors[entity, name]
        if "" in by_area:
            return times(values, by_area, None, (), None)
        areas = self.layout.categories.get("area") or registry()["area"].categories
        person = entity == "person"
        sizes = np.concatenate([np.diff(offsets) for offsets, _ in self.links]) if person else None
        return times(values, by_area, self._as_written("household", "area"), areas, sizes)

    def _as_written(self, entity: str, name: str) -> Array:
        findings, out, start = Findings(), np.zeros(0), 0
        length = sum(part.n_persons if entity == "person" else part.n_households for part in self.parts)
        for part in self.parts:
            try:
                array, _ = self.settled(part, entity, name)
            except MicrosimError as error:
                findings.offences += error.offences
                continue
            if len(self.parts) == 1:
                return array
            if not start:
                out = np.empty(length, array.dtype)
            out[start : start + len(array)] = array
            start += len(array)
        findings.refuse(REFUSED)
        return out

    def settled(self, part: Part, entity: str, name: str) -> tuple[Array, tuple[str, ...]]:
        """A column of one part in the order of its households, and its categories; refused if it is wrong."""
        findings = Findings(part.names)
        array, words = self.column_of(part, entity, name, findings)
        expected = self.layout.categories.get(name)
        if expected is not None and words != expected and not findings.offences:
            what = f"categories {', '.join(words)}, but the footer says {', '.join(expected)}"
            findings.table(f"{entity}s", what, "write the piece again", column=name)
        findings.refuse(REFUSED)
        if entity == "person" and not part.in_order:
            order = self.links[self.parts.index(part)][1]
            array = array if order is None else array[order]
        return array, words

    def column_of(
        self, part: Part, entity: str, name: str, findings: Findings
    ) -> tuple[Array, tuple[str, ...]]:
        """A column of one part as it is in the file, and its categories; offences go to ``findings``."""
        rows = part.n_persons if entity == "person" else part.n_households
        taken = take(name, self._raw(part, entity, name), entity, rows, findings)
        if taken is None:
            return np.zeros(0), ()
        checks.in_range(name, taken.array, entity, findings)
        return taken.array, taken.categories or ()

    def _raw(self, part: Part, entity: str, name: str) -> Raw:
        findings = Findings(part.names)
        path = part.persons if entity == "person" else part.households
        file = open_file(path, f"{entity}s", findings, "it existed when the population was opened")
        if file is None:
            findings.refuse(REFUSED)
            raise AssertionError("a file that cannot be opened is an offence")
        with file:
            rows = part.n_persons if entity == "person" else part.n_households
            if (file.metadata.num_rows, mark_of(file).get("population", "")) != (rows, part.population):
                findings.table(f"{entity}s", "has changed since the population was opened", "open it again")
            findings.refuse(REFUSED)
            return read_column(file, name, shown(path))
