"""``County``: a profile of a county (demography, income, public finance), every number with its source."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from microsim.documents import Document, parse_document, read_document, shown
from microsim.errors import DataError, InputError, Offence, did_you_mean
from microsim.outcome import card
from microsim.population.profile.checks import contradictions
from microsim.population.profile.edit import edited
from microsim.population.profile.figures import (
    PARTS,
    SOURCES,
    Problem,
    SourcedValue,
    ValueSpec,
    parts,
    schema,
    sections,
    settle_value,
)

HEAD = ("name", "code", "year", "identification")


@dataclass(frozen=True)
class County:
    """A county profile. Figures are found by dotted name, ``county["demography.residents"]["rural"]``.

    Money is yuan per year. ``text`` is the YAML it was read from; ``path`` where that stands.
    """

    name: Mapping[str, str]
    code: str
    year: int
    figures: Mapping[str, SourcedValue] = field(repr=False)
    text: str = field(repr=False)
    path: Path | None = None

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> County:
        """Read a ``profile.yaml`` (or the folder that holds one).

        Raises ``MicrosimError`` with every offence at file:line:column.
        """
        where = Path(path)
        if os.path.isdir(where):
            where = where / "profile.yaml"
        document = read_document(where)
        return _county(document, document.text, where)

    @classmethod
    def parse(cls, text: str, path: str | os.PathLike[str] = "profile.yaml") -> County:
        """The county of a profile that stands in no file yet; ``path`` names it in errors, as in ``read``."""
        return _county(parse_document(text, Path(path)), text, None)

    def __getitem__(self, name: str) -> Any:
        """The value of a figure by dotted name; keys may follow: ``county["income.assistance.rural"]``."""
        figure = self.figures.get(name)
        if figure is not None:
            return figure.value
        for known, candidate in self.figures.items():
            if name.startswith(f"{known}."):
                value = candidate.value
                for step in name[len(known) + 1 :].split("."):
                    inside = parts(value)
                    if step not in inside:
                        hint = did_you_mean(step, inside)
                        raise InputError(Offence(f"the profile has no figure '{name}'", hint=hint))
                    value = value[inside[step]]
                return value
        hint = did_you_mean(name, self.figures)
        raise InputError(Offence(f"the profile has no figure '{name}'", hint=hint))

    def get(self, name: str) -> Any:
        """The value of an optional figure, or ``None``."""
        return self.figures[name].value if name in self.figures else None

    @property
    def residents(self) -> Mapping[str, float]:
        """Residents by area."""
        value: Mapping[str, float] = self["demography.residents"]
        return value

    @property
    def revenue(self) -> float:
        """General public budget revenue, yuan per year."""
        return float(self["public_finance.general_public_budget_revenue"])

    @property
    def expenditure(self) -> float:
        """General public budget expenditure, yuan per year."""
        return float(self["public_finance.general_public_budget_expenditure"])

    def __repr__(self) -> str:
        return f"<County: {self._headline}>"

    def _repr_html_(self) -> str:
        rows = []
        for section in sections():
            sources = [one.source for name, one in self.figures.items() if name.startswith(f"{section}.")]
            if sources:
                counts = {source: sources.count(source) for source in SOURCES}
                rows.append({"section": section, "figures": len(sources), **counts})
        return card("County", self._headline, rows)

    @property
    def _headline(self) -> str:
        name = " ".join(dict.fromkeys(self.name.values()))
        people = f"{sum(self.residents.values()):,.0f} residents"
        return f"{name} ({self.code}), {self.year}; {people}, revenue {self.revenue / 1e6:,.0f} million yuan"

    def assumptions(self) -> tuple[SourcedValue, ...]:
        """Figures that stand on an assumption or on memory, for the reports to list."""
        return tuple(
            figure for figure in self.figures.values() if figure.source in ("assumption", "recalled")
        )

    def with_values(self, changes: Mapping[str, Any]) -> County:
        """A county with some numbers replaced, by dotted name: ``{"assumptions.severe_illness_rate": 0.04}``.

        The text changes with them (comments and layout stay), so that a population carries its own profile.
        Source tags stay too: whoever changes a cited figure should write the profile anew.
        """
        text = edited(self.text, self.figures, changes)
        path = self.path or Path("profile.yaml")
        return _county(parse_document(text, path), text, self.path)


def _county(document: Document, text: str, path: Path | None) -> County:
    offences = list(_offences_of_head(document))
    figures: dict[str, SourcedValue] = {}
    if isinstance(document.data, Mapping):
        offences += _offences_of_keys(document)
        for name, spec in schema().items():
            figure, found = _figure(document, spec)
            offences += found
            if figure is not None:
                figures[name] = figure
        offences += contradictions(document, figures)
    if offences:
        raise DataError(offences, title=f"{shown(document.path)} cannot be used as a county profile")
    data = document.data
    return County(
        name=MappingProxyType({lang: str(text) for lang, text in data["name"].items()}),
        code=str(data.get("code", "")),
        year=data["year"],
        figures=MappingProxyType(figures),
        text=text,
        path=path,
    )


def _offences_of_head(document: Document) -> Iterator[Offence]:
    data = document.data
    if not isinstance(data, Mapping):
        yield Offence("a county profile is a mapping of sections", document.place())
        return
    if not isinstance(data.get("name"), Mapping) or "en" not in data["name"]:
        yield Offence("name must be a mapping with the county's name in en (and zh)", document.place("name"))
    year = data.get("year")
    if isinstance(year, bool) or not isinstance(year, int) or not 1949 <= year <= 2100:
        yield Offence(f"year must be a year from 1949 to 2100, not {year!r}", document.place("year"))


def _offences_of_keys(document: Document) -> Iterator[Offence]:
    """Sections and figures that nobody knows."""
    allowed = (*HEAD, *sections())
    for section, entries in document.data.items():
        if section not in allowed:
            hint = did_you_mean(str(section), allowed) or f"sections: {', '.join(allowed)}"
            yield Offence(f"unknown section '{section}'", document.place(section), hint)
        elif section in sections() and isinstance(entries, Mapping):
            known = [name.split(".")[1] for name in schema() if name.startswith(f"{section}.")]
            for key in entries:
                if key not in known:
                    hint = did_you_mean(str(key), known) or f"figures of {section}: {', '.join(known)}"
                    yield Offence(f"unknown figure '{section}.{key}'", document.place(section, key), hint)


def _figure(document: Document, spec: ValueSpec) -> tuple[SourcedValue | None, list[Offence]]:
    section, key = spec.name.split(".")
    entries = document.data.get(section)
    entry = entries.get(key) if isinstance(entries, Mapping) else None
    if entry is None:
        if spec.optional:
            return None, []
        return None, [
            Offence(f"missing figure '{spec.name}'", document.place(section), f"it is: {spec.meaning}")
        ]
    if not isinstance(entry, Mapping) or "value" not in entry:
        hint = "write {value: ..., unit: ..., source: ..., reference: ...}"
        return None, [
            Offence(f"'{spec.name}' is not a figure with a value", document.place(section, key), hint)
        ]
    offences = list(_offences_of_source(document, spec, entry))
    value, problems = settle_value(spec, entry["value"])
    offences += [_placed(document, section, key, spec, problem) for problem in problems]
    if offences:
        return None, offences
    texts = {part: " ".join(str(entry.get(part, "")).split()) for part in ("reference", "note")}
    return SourcedValue(
        spec.name, value, spec.unit, entry["source"], texts["reference"], texts["note"], spec.meaning
    ), []


def _placed(document: Document, section: str, key: str, spec: ValueSpec, problem: Problem) -> Offence:
    steps, message, hint = problem
    inside = "".join(f".{step}" for step in steps)
    return Offence(f"{spec.name}{inside} {message}", document.place(section, key, "value", *steps), hint)


def _offences_of_source(document: Document, spec: ValueSpec, entry: Mapping[str, Any]) -> Iterator[Offence]:
    section, key = spec.name.split(".")
    for part in entry:
        if part not in PARTS:
            hint = did_you_mean(str(part), PARTS) or f"parts of a figure: {', '.join(PARTS)}"
            yield Offence(
                f"{spec.name} has an unknown part '{part}'", document.place(section, key, part), hint
            )
    if entry.get("unit") != spec.unit:
        found = f"not '{entry['unit']}'" if "unit" in entry else "but has none"
        place = document.place(section, key, "unit")
        yield Offence(f"{spec.name} must have unit '{spec.unit}', {found}", place)
    if entry.get("source") not in SOURCES:
        found = f"not '{entry['source']}'" if "source" in entry else "but has none"
        hint = did_you_mean(str(entry.get("source")), SOURCES)
        place = document.place(section, key, "source")
        yield Offence(f"{spec.name} must have a source ({', '.join(SOURCES)}), {found}", place, hint)
    if not str(entry.get("reference") or "").strip():
        place = document.place(section, key, "reference")
        yield Offence(f"{spec.name} has no reference", place, "name the document, or why it is assumed")
