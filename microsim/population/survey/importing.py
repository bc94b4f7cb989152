"""Survey and register microdata into a population, with a report of what was mapped, missing and filled."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from microsim.documents import shown
from microsim.errors import DataError, InputError, Offence
from microsim.population.core.findings import SHOWN_ROWS
from microsim.population.core.frames import population_from_frames
from microsim.population.core.relations import described, odd_households
from microsim.population.population import Population
from microsim.population.survey.files import DataFile
from microsim.population.survey.grammar import TAKE
from microsim.population.survey.ids import (
    IDS,
    exact_ids,
    ids_as_asked,
    lost_zeros,
    note_copies,
    refuse_gaps,
    refuse_repeated,
)
from microsim.population.survey.levels import constant, first_of_each, shares, typed
from microsim.population.survey.mapping import (
    ColumnRule,
    SurveyMapping,
    TableRule,
    find_mapping,
    read_mapping,
    text_of,
)
from microsim.population.survey.report import ImportReport
from microsim.population.survey.tables import read_tables
from microsim.population.survey.values import Records, Values, column_values, looks_like_identity

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[Any]
Ints = NDArray[np.int64]
REFUSED = "the data cannot be imported (records are counted from 1, without the header)"


def import_survey(
    mapping: SurveyMapping | str | os.PathLike[str],
    paths: Sequence[str | os.PathLike[str]],
    ids: str = "number",
    key: bytes = b"",
) -> tuple[Population, ImportReport]:
    """A population out of data files, and what was done to them. Identifiers are replaced unless kept.

    ``mapping``: a mapping file, or the name of a template; ``paths``: one file of persons and households, or
    one of each. ``ids``: ``number`` (households and persons are numbered 1, 2, ...), ``hash`` (keyed hashes:
    the same ``key`` gives the same ids in another import) or ``keep`` (whole numbers as they are). Raises
    ``MicrosimError`` with every offence, its file, column and records.
    """
    if ids not in IDS:
        raise InputError(f"ids are {', '.join(IDS)}, not '{ids}'")
    if ids == "hash" and len(key) < 16:
        raise DataError("hashed ids need a secret key of at least 16 bytes: without one they can be guessed")
    if not isinstance(mapping, SurveyMapping):
        mapping = read_mapping(find_mapping(os.fspath(mapping)))
    files = read_tables(mapping, [Path(path) for path in paths])
    job = _Import(mapping, files, ids, key)
    return job.run()


class _Import:
    def __init__(self, mapping: SurveyMapping, files: dict[str, DataFile], ids: str, key: bytes) -> None:
        self.mapping, self.ids, self.key = mapping, ids, key
        self.found = Records()
        self.report = ImportReport(mapping.source, {name: shown(file.path) for name, file in files.items()})
        for name, file in files.items():
            self.report.unused[name] = [one for one in file.columns if one not in file.frame.columns]
        self.own_file = files["persons"] is not files["households"]  # of the households
        self.report.notes += dict.fromkeys(note for file in files.values() for note in file.notes)
        self.files = {name: self._kept(self._rule(name), file) for name, file in files.items()}

    def _rule(self, name: str) -> TableRule:
        return self.mapping.persons if name == "persons" else self.mapping.households

    def _kept(self, rule: TableRule, file: DataFile) -> DataFile:
        """The records that ``keep_if`` keeps."""
        keep = np.ones(len(file.frame), dtype=bool)
        for column, codes in rule.keep_if.items():
            keep &= np.array([text_of(value) in codes for value in file.frame[column]], dtype=bool)
        self.report.counts[f"records of {rule.name}"] = len(keep)
        records = file.frame.index.to_numpy()[~keep]
        self.report.leave_out(rule.name, f"records of {rule.name} left out by keep_if", records)
        if keep.all():
            return file
        return replace(file, frame=file.frame[keep])

    def run(self) -> tuple[Population, ImportReport]:
        import pandas as pd

        keys = self.keys = {name: self._keys(name) for name in self.files}
        self._refuse_repeated()
        self._refuse()  # nothing can be linked without the ids
        known, self.owner = self._link(keys)
        self.known = known
        rules = self.mapping.households.columns
        household_columns = {rule.name: self._of_households(rule, keys, known) for rule in rules}
        weight = self._of_households(self.mapping.weight, keys, known) if self.mapping.weight else None
        person_columns: dict[str, Values] = {}
        # Ages and relations first: amounts given to heads or adults need them.
        for rule in sorted(self.mapping.persons.columns, key=lambda one: bool(one.give)):
            person_columns[rule.name] = self._of_persons(rule, keys, known, person_columns)
        self._refuse()
        dropped = np.zeros(len(known), dtype=bool)
        frames = {}
        for name, columns, rules in (
            ("households", household_columns, self.mapping.households.columns),
            ("persons", person_columns, self.mapping.persons.columns),
        ):
            owner = np.arange(len(known)) if name == "households" else self.owner
            frames[name] = {
                rule.name: self._filled(rule, columns[rule.name], owner, dropped) for rule in rules
            }
        assert weight is not None
        frames["households"]["weight"] = self._filled(
            self.mapping.weight, weight, np.arange(len(known)), dropped
        )
        self._refuse()
        self.report.counts["households dropped for missing values (fill: drop)"] = int(dropped.sum())
        lost = self._records_of("persons")[dropped[self.owner]]
        self.report.leave_out("persons", "persons of the households dropped", lost)
        households = pd.DataFrame({"household_id": self._ids("household", known), **frames["households"]})
        persons = pd.DataFrame({"household_id": households["household_id"].to_numpy()[self.owner]})
        if self.mapping.persons.person:
            persons["person_id"] = self._ids("person", self.names[self.linked])
        persons = persons.assign(**frames["persons"])
        self._refuse()
        persons, households = persons[~dropped[self.owner]], households[~dropped]
        households = self._scaled(persons, households)
        records = self._records_of("persons")[~dropped[self.owner]]
        population = population_from_frames(
            Population, persons.reset_index(drop=True), households.reset_index(drop=True), warn_of_heads=False
        )
        self._note_relations(population, records)
        self.report.defaulted = population.defaulted
        self.report.counts["households imported"] = population.n_households
        self.report.counts["persons imported"] = population.n_persons
        return population, self.report

    # --- Households and their persons

    def _keys(self, name: str) -> Array:
        """The household of each record, as text."""
        file, column = self.files[name], self._rule(name).household
        ids = exact_ids(file, column, self.found, self.report.notes)
        refuse_gaps(file, column, ids, self.found, "no household")
        return ids

    def _refuse_repeated(self) -> None:
        """Persons who are there twice, and households whose own file has them twice."""
        persons, households = self.mapping.persons, self.mapping.households
        file = self.files["persons"]
        if persons.person:
            self.names = exact_ids(file, persons.person, self.found, self.report.notes)
            refuse_gaps(file, persons.person, self.names, self.found, "no person")
            hint = "keep one of them; if the column numbers persons within the household, leave person: out"
            refuse_repeated(file, persons.person, self.names, self.found, "a person", hint)
        for source in {source for rule in persons.columns if rule.identity for source in rule.sources}:
            numbers = exact_ids(file, source, self.found, self.report.notes)
            hint = "keep one record per person: a person belongs to one household"
            refuse_repeated(file, source, numbers, self.found, "an identity number", hint)
        if not persons.person and not any(rule.identity for rule in persons.columns):
            note_copies(file, self.report.notes)
        if not self.own_file:
            return
        file, ids = self.files["households"], self.keys["households"]
        if households.person:
            ids = ids + "\0" + exact_ids(file, households.person, self.found, self.report.notes)
        hint = (
            "keep one record of each household (keep_if:); where the file has one for each of its members, "
            "name the column that distinguishes them under households: person:"
        )
        refuse_repeated(file, households.household, ids, self.found, "a household", hint)

    def _link(self, keys: dict[str, Array]) -> tuple[Array, Ints]:
        """The households that have both a record and persons, and the household of each person kept."""
        import pandas as pd

        known = pd.unique(keys["households"])
        has_persons = np.isin(known.astype(str), keys["persons"].astype(str))
        known = known[has_persons]
        for table, other, what in (
            ("households", "persons", "households without persons, left out"),
            ("persons", "households", "persons without a household record, left out"),
        ):
            alone = ~np.isin(keys[table].astype(str), keys[other].astype(str))
            self.report.leave_out(table, what, self.files[table].frame.index.to_numpy()[alone])
        owner = pd.Index(known).get_indexer_for(pd.Index(keys["persons"]))
        if lost_zeros(keys["households"], keys["persons"]):
            place = self.files["persons"].place(self.mapping.persons.household)
            message = "households whose ids match except for leading zeros"
            raise DataError(Offence(message, place, "write the ids in the same way, as text, in both files"))
        if not len(known):
            place = self.files["persons"].place(self.mapping.persons.household)
            raise DataError(
                Offence(
                    "no person belongs to any household of the household file",
                    place,
                    "do both columns contain the same ids?",
                )
            )
        self.linked = np.flatnonzero(owner >= 0)
        # Persons of one household are together, in the order of the file.
        order = np.argsort(owner[self.linked], kind="stable")
        self.linked = self.linked[order]
        return known, owner[self.linked].astype(np.int64)

    def _note_relations(self, population: Population, records: Ints) -> None:
        """Households without a head, or with several heads or spouses, by their first person's record."""
        for what, where in odd_households(population).items():
            first = records[population.offsets[:-1][where[:SHOWN_ROWS]]] + 1
            named = [str(one) for one in first.tolist()]
            self.report.notes.append(described(what, named, len(where), "the one that starts in record"))

    # --- Columns

    def _of_households(self, rule: ColumnRule, keys: dict[str, Array], known: Array) -> Values:
        import pandas as pd

        if not rule.sources:
            return constant(rule, len(known))
        file = self.files[rule.from_table]
        raw = column_values(rule, file, self.found)
        position = pd.Index(known).get_indexer_for(pd.Index(keys[rule.from_table]))
        records = file.frame.index.to_numpy()
        inside = position >= 0
        position, values, missing = position[inside], raw.values[inside], raw.missing[inside]
        if rule.take in ("same", "first"):
            out = first_of_each(position, values, missing, len(known))
            out = replace(raw, values=out.values, missing=out.missing)
            if rule.take == "same":
                present = ~missing
                other = present & ~out.missing[position] & (values != out.values[position])
                if other.any():
                    self.found.say(
                        file.place(rule.sources[0]),
                        f"{rule.name} differs within a household",
                        records[inside][other],
                        f"table: persons with take: {' | '.join(TAKE[1:])} resolves this",
                    )
            return out
        gaps = np.bincount(position, missing, len(known)) == np.bincount(position, minlength=len(known))
        numbers = np.where(missing, 0.0, values).astype(np.float64)
        if rule.take == "sum":
            total = np.bincount(position, numbers, len(known))
            return replace(raw, values=total, missing=gaps, parts_missing=int(missing.sum()))
        largest = np.full(len(known), -np.inf)
        np.maximum.at(largest, position[~missing], numbers[~missing])
        largest = np.where(gaps, 0.0, largest)
        return replace(raw, values=largest > 0 if rule.take == "any" else largest, missing=gaps)

    def _of_persons(
        self, rule: ColumnRule, keys: dict[str, Array], known: Array, others: dict[str, Values]
    ) -> Values:
        if not rule.sources:
            return constant(rule, len(self.owner))
        if not rule.give:
            raw = column_values(rule, self.files["persons"], self.found)
            return replace(raw, values=raw.values[self.linked], missing=raw.missing[self.linked])
        whole = self._of_households(rule, keys, known)
        share = shares(rule.give, self.owner, others)
        amount = whole.values[self.owner].astype(np.float64) * share
        return replace(whole, values=amount, missing=whole.missing[self.owner])

    def _records_of(self, table: str) -> Ints:
        """The record of the file that each person or household is in (the first of several)."""
        index = self.files[table].frame.index.to_numpy()
        if table == "persons":
            return np.asarray(index[self.linked])
        keys, first = np.unique(self.keys["households"].astype(str), return_index=True)
        return np.asarray(index[first[np.searchsorted(keys, self.known.astype(str))]])

    def _filled(
        self, rule: ColumnRule | None, values: Values, owner: Ints, dropped: NDArray[np.bool_]
    ) -> Any:
        """The column without gaps, and its row of the report; gaps that nothing fills are an offence."""
        assert rule is not None
        gaps = values.missing & ~dropped[owner]
        count, filler = int(gaps.sum()), ""
        out = values.values
        if count and rule.fill is None:
            file = self.files[rule.from_table]
            records = self._records_of(rule.table)[gaps]
            named = ", ".join(str(int(one) + 1) for one in records[:5])
            place = file.place(rule.sources[0] if rule.sources else "")
            self.found.offences.append(
                Offence(
                    f"{rule.name} is missing in {count:,} of {len(gaps):,} {rule.table}: record {named}"
                    + (f" and {count - 5} more" if count > 5 else ""),
                    place,
                    "say what to do: fill: VALUE, fill: median, or fill: drop (leaves the household out)",
                )
            )
        elif count and rule.fill == "drop":
            dropped[owner[gaps]] = True
            records, of = self._records_of(rule.table)[gaps], "" if rule.name == "weight" else f" {rule.name}"
            self.report.leave_out(
                rule.table, f"{rule.table} without{of or ' a weight'} (fill: drop)", records
            )
            filler = "nothing: their households were left out"
        elif count:
            value: Any = rule.fill
            if rule.fill == "median":
                value = (
                    float(np.median(out[~values.missing].astype(np.float64)))
                    if (~values.missing).any()
                    else 0.0
                )
                if rule.column is not None and rule.column.type == "int":
                    value = round(value)
            out = out.copy() if out.dtype == object or not isinstance(value, str) else out.astype(object)
            out[gaps] = value
            filler = str(value)
        rest = values.missing if filler.startswith("nothing") or not filler else values.missing & ~gaps
        if rest.any():  # of households that are left out, or of an import that is refused
            out = np.where(rest, out[~values.missing][0] if (~values.missing).any() else 0, out)
        self.report.add(rule, values, out, count, filler)
        return typed(rule, out)

    # --- Ids and weights

    def _ids(self, what: str, texts: Array) -> Ints:
        """Ids as asked for; unique in any case."""
        table = self.files["persons" if what == "person" else "households"]
        column = self.mapping.persons.person if what == "person" else self.mapping.households.household
        return ids_as_asked(what, texts, self.ids, self.key, table.place(column), self.found.offences)

    def _scaled(self, persons: pd.DataFrame, households: pd.DataFrame) -> pd.DataFrame:
        rule = self.mapping.weight
        if rule is None or rule.scale_to_persons is None or not len(households):
            return households
        sizes = persons["household_id"].value_counts().reindex(households["household_id"]).to_numpy()
        total = float((households["weight"].to_numpy() * sizes).sum())
        if total <= 0:
            raise DataError(Offence("all weights are 0", self.mapping.document.place(*rule.steps)))
        return households.assign(weight=households["weight"] * (rule.scale_to_persons / total))

    def _refuse(self) -> None:
        if self.ids != "keep" and not self.found.offences:
            for rule in (*self.mapping.persons.columns, *self.mapping.households.columns):
                file = self.files[rule.from_table]
                for source in rule.sources:
                    if not rule.identity and rule.recode is None and looks_like_identity(file.frame[source]):
                        self.found.offences.append(
                            Offence(
                                f"{rule.name} contains what look like identity or telephone numbers",
                                file.place(source),
                                "leave it out, or import it knowingly with --ids keep",
                            )
                        )
        if self.found.offences:
            raise DataError(self.found.offences, title=REFUSED)
