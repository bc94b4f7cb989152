"""``County``: a profile of a county (demography, income, public finance), every number with its source."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from microsim.card import card
from microsim.documents import Document, parse_document, read_document, shown
from microsim.documents.findings import Findings
from microsim.errors import DataError, InputError, Offence, did_you_mean
from microsim.population.profile.checks import contradictions
from microsim.population.profile.edit import edited
from microsim.population.profile.figures import SOURCES, SourcedValue, parts, schema, sections, settled
from microsim.population.profile.grammar import PROFILE


@dataclass(frozen=True)
class County:
    """A county profile. Figures are found by dotted name, ``county["demography.residents"]["rural"]``.

    Money is yuan per year. ``text`` is the YAML it was read from; ``path`` where that is.
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
        """The county of a profile that is in no file yet; ``path`` names it in errors, as in ``read``."""
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
    def expenditure(self) -> float | None:
        """General public budget expenditure, yuan per year; None where the profile does not say."""
        said = self.get("public_finance.general_public_budget_expenditure")
        return None if said is None else float(said)

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
        people = f"population {sum(self.residents.values()):,.0f}"
        return f"{name} ({self.code}), {self.year}; {people}, revenue {self.revenue / 1e6:,.0f} million yuan"

    def assumptions(self) -> tuple[SourcedValue, ...]:
        """Figures that rest on an assumption or on memory, for the reports to list."""
        return tuple(
            figure for figure in self.figures.values() if figure.source in ("assumption", "recalled")
        )

    def with_values(self, changes: Mapping[str, Any]) -> County:
        """A county with some numbers replaced, by dotted name: ``{"assumptions.severe_illness_rate": 0.04}``.

        The text changes with them (comments and layout stay), so that a population carries its own profile.
        Source tags stay too: whoever changes a cited figure should write the profile again.
        """
        text = edited(self.text, self.figures, changes)
        path = self.path or Path("profile.yaml")
        return _county(parse_document(text, path), text, self.path)


def _county(document: Document, text: str, path: Path | None) -> County:
    title = f"{shown(document.path)} cannot be used as a county profile"
    data = document.data
    if not isinstance(data, Mapping):
        raise DataError(Offence("a county profile is a mapping of sections", document.place()), title=title)
    found = Findings(document, unspoken=("value",))
    # A section that is not there lacks each of its figures.
    whole = {
        section: data[section] if isinstance(data.get(section), Mapping) else {} for section in sections()
    }
    said = found.check(PROFILE, {**data, **whole})
    figures = dict(_figures(found, said))
    offences = [*found.offences, *contradictions(document, figures)]
    if offences:
        raise DataError(offences, title=title)
    return County(
        name=MappingProxyType(dict(said["name"])),
        code=str(said.get("code", "")),
        year=said["year"],
        figures=MappingProxyType(figures),
        text=text,
        path=path,
    )


def _figures(found: Findings, said: Mapping[str, Any]) -> Iterator[tuple[str, SourcedValue]]:
    """The figures with nothing wrong, by dotted name."""
    for name, spec in schema().items():
        section, key = name.split(".")
        entry = said[section].get(key)
        value = None
        if entry is not None and found.clean(section, key, "value") and "value" in entry:
            value = settled(spec, entry["value"], found, (section, key, "value"))
        if value is not None and found.clean(section, key):
            reference, note = (" ".join(str(entry.get(part, "")).split()) for part in ("reference", "note"))
            source = entry["source"]
            yield name, SourcedValue(name, value, spec.unit, source, reference, note, spec.meaning)
