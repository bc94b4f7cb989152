"""What axes, their values and figures are called on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microsim.report.books.headings import code_words, unit_of
from microsim.report.brief import numbers
from microsim.report.page.points import COUNTY
from microsim.report.page.words import NAMES, named
from microsim.report.texts import cliffs_text
from microsim.report.words import say as said_elsewhere
from microsim.scenario.grammar import ECONOMY
from microsim.simulation.explaining import labelled
from microsim.studies.ledger.ratios import MEANINGS
from microsim.sweeps.settings import BASE, ENSEMBLE, LAW, PROGRAMMES, REGIME, SEED
from microsim.sweeps.settings import ECONOMY as GROWTH

if TYPE_CHECKING:
    from microsim.report.brief.folder import Folder
    from microsim.sweeps.figures.rows import Figure
    from microsim.sweeps.grid import Grid
    from microsim.sweeps.spread import Value

CLIFFS = "cliffs"


class Labels:
    """Words of one sweep in one language."""

    def __init__(self, grid: Grid, folder: Folder, lang: str) -> None:
        self.grid, self.folder, self.lang = grid, folder, lang
        self._codes = code_words(lang)
        self._programmes = {one.name: dict(one.label) for one in grid.policy.programmes}

    def axis(self, name: str) -> str:
        """An axis in words."""
        head, _, inner = name.partition(".")
        if name in (BASE, LAW, ENSEMBLE, SEED, COUNTY):
            return named(name, self.lang)
        if head == REGIME and inner:
            if inner == "all":
                return named("regime_all", self.lang)
            return named("regime", self.lang, name=self._programme(inner))
        if head == GROWTH and inner in ECONOMY:
            return ECONOMY[inner][self.lang == "zh"]
        if head == PROGRAMMES and inner:
            return self._programme(inner)
        return self.folder.parameter_words(name, self.lang)

    def unit(self, name: str) -> str:
        """The unit of an axis as it is written behind its values; nothing where they have none."""
        unit = str(self.folder.manifest["units"].get(name, ""))
        return self.folder.unit_words(unit, self.lang)

    def value(self, name: str, value: Value | None) -> str:
        """A value of an axis, with its unit."""
        head, lang = name.partition(".")[0], self.lang
        if value is None:
            return named("as_base", lang)
        if isinstance(value, bool):
            pair = ("on", "off") if head == PROGRAMMES else ("yes", "no")
            return named(pair[not value], lang)
        if name == SEED:
            return named("drawn_anew", lang, n=value) if value else named("own", lang)
        if name == ENSEMBLE:
            return named("set", lang, n=int(value))
        if isinstance(value, str):
            return self._text(name, head, value)
        unit = self.unit(name)
        blank = "" if lang == "zh" or not unit else " "
        return f"{value:,.7g}{blank}{unit}"

    def _text(self, name: str, head: str, value: str) -> str:
        lang = self.lang
        if name == LAW:
            return numbers.day(value, lang)
        if name == BASE:
            known = dict(zip(self.grid.names, self.grid.scenarios, strict=True))
            return known[value].title_in(lang)
        if head == REGIME:
            return said_elsewhere(f"regime_{value}", lang)
        return value if name == COUNTY else labelled(value, lang)

    def _programme(self, name: str) -> str:
        return str(self._programmes.get(name, {}).get(self.lang) or name)

    def measure(self, figure: Figure) -> str:
        """What a figure measures."""
        head = figure.measure.partition(".")[0]
        return self._upper(self._named(head) or self._codes.get(head, head))

    def subject(self, figure: Figure) -> str:
        """Of what it is; of a figure that is alone in its measure nothing."""
        subject = figure.measure.partition(".")[2] or figure.subject
        if figure.measure == "ratio":
            meaning = MEANINGS.get(subject, {}).get(self.lang, subject)
            return self._named(subject) or meaning
        if figure.measure.startswith(f"{CLIFFS}."):
            known = cliffs_text.WORDS.get(subject, {}).get(self.lang, subject)
            return self._named(subject) or known
        own = self._named("none") if figure.measure == PROGRAMMES and subject == "none" else ""
        return self._upper(
            own or self._programmes.get(subject, {}).get(self.lang) or self._codes.get(subject, subject)
        )

    def area(self, group: str) -> str:
        """The area or group of households that a figure is of."""
        return labelled(self._codes.get(group, group), self.lang)

    def unit_of_figure(self, unit: str) -> str:
        """The unit of a figure that has no steps of its own."""
        return "" if unit in ("", "1", "index") else unit_of(unit, self.lang)

    def _named(self, key: str) -> str:
        return NAMES[key][self.lang] if key in NAMES else ""

    @staticmethod
    def _upper(text: str) -> str:
        return text[:1].upper() + text[1:]
