"""Sentences, tables and charts out of a folder's figures; nothing is said of a figure that is not there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from microsim.report.brief import numbers
from microsim.report.brief.folder import Figure, Folder
from microsim.report.brief.model import Chart, ChartKind, Series, Table, Text

Sentences = Mapping[str, Mapping[str, str]]  # key -> language -> text with the places of figures


@dataclass(frozen=True)
class Teller:
    """Says figures of one folder in one language, by the sentences of its kind."""

    folder: Folder
    lang: str
    sentences: Sentences

    def word(self, key: str, **said: str) -> str:
        """Words without figures."""
        return self.sentences[key][self.lang].format(**said)

    def figure(self, name: str) -> Figure | None:
        """A figure by its name; None where it is missing or withheld."""
        return self.folder.figure(name)

    def say(self, key: str, **values: Figure | str | None) -> Text | None:
        """The sentence ``key`` with its figures in; None where one of them is not there."""
        if any(value is None for value in values.values()):
            return None
        figures = {name: value for name, value in values.items() if isinstance(value, Figure)}
        said = {name: value for name, value in values.items() if isinstance(value, str)}
        said |= {name: numbers.in_words(figure, self.lang) for name, figure in figures.items()}
        return Text(self.word(key, **said), tuple(figure.name for figure in figures.values()))

    def change(
        self, key: str, change: Figure | None, level: Figure | None, **values: Figure | str | None
    ) -> Text | None:
        """A sentence about a change, by its sign: of ``key_up``, ``_down``, ``_same`` and ``_unknown``.

        In it ``{by}`` is the size of the change, with its range where it has one. Where both signs are
        possible, the sentence has the two ends of the range and no size.
        """
        if change is None or level is None:
            return None
        sign = numbers.sign(change, level.value)
        ends = self._ends(change) if sign == "unknown" else {}
        given = {"by": abs(change), **values, **ends}
        template = self.sentences[f"{key}_{sign}"][self.lang]
        return self.say(
            f"{key}_{sign}", **{name: v for name, v in given.items() if f"{{{name}}}" in template}
        )

    def joined(self, *parts: Text | None) -> Text | None:
        """Short sentences that answer one question, as one; None where none can be said."""
        found = [part for part in parts if part is not None]
        if not found:
            return None
        blank = "" if self.lang == "zh" else " "
        return Text(blank.join(one.text for one in found), tuple(n for one in found for n in one.figures))

    def within(self, figure: Figure) -> str:
        """The range of a figure in brackets; nothing where it has none."""
        if figure.low is None or figure.high is None:
            return ""
        figure = abs(figure) if figure.low > 0 or figure.high < 0 else figure
        ends = self._ends(figure)
        return (
            " ({low} to {high})".format(**ends) if self.lang == "en" else "（{low}至{high}）".format(**ends)
        )

    def _ends(self, figure: Figure) -> dict[str, str]:
        digits = numbers.digits_known(figure)
        low, high = figure.low or 0.0, figure.high or 0.0
        return {
            "low": numbers.said(low, figure.unit, self.lang, digits),
            "high": numbers.said(high, figure.unit, self.lang, digits),
        }

    def table(
        self,
        caption: str,
        header: Sequence[str],
        rows: Sequence[tuple[str, Sequence[Figure | None]]],
        note: str = "",
        signed: Sequence[int] = (),
    ) -> Table | None:
        """A table of figures, one row a label; rows without any figure are left out, an empty table is None.

        The unit of a row is written behind its label. ``signed``: columns whose figures are changes.
        """
        made = []
        for label, figures in rows:
            known = [figure for figure in figures if figure is not None]
            if not known:
                continue
            divisor, unit = numbers.column_unit(known, self.lang)
            cells = [numbers.cell(figure, divisor, i in signed) for i, figure in enumerate(figures)]
            made.append((self.unit_behind(label, unit), *cells))
        if not made:
            return None
        return Table(caption, tuple(header), tuple(made), tuple(range(1, len(header))), note)

    def unit_behind(self, label: str, unit: str) -> str:
        """A label and, in brackets, its unit."""
        if not unit:
            return label
        return f"{label}（{unit}）" if self.lang == "zh" else f"{label} ({unit})"

    def chart(
        self,
        name: str,
        kind: ChartKind,
        title: Text | None,
        labels: Sequence[str],
        series: Sequence[tuple[str, Sequence[Figure]]],
        axis: str = "",
        note: str = "",
        spoken: slice = slice(None),
    ) -> Chart | None:
        """A chart whose title is a finding; None without a title or figures. ``name``: of its file.

        The description for those who cannot see it is the title and every number in words, or those at the
        labels ``spoken`` where there are too many to listen to.
        """
        figures = [figure for _, row in series for figure in row]
        if title is None or not figures:
            return None
        largest = max(figures, key=lambda figure: abs(figure.value))
        divisor, unit = numbers.column_unit([largest], self.lang)
        made = tuple(
            Series(
                name,
                tuple(figure.value / divisor for figure in row),
                tuple(numbers.cell(figure, divisor) for figure in row),
            )
            for name, row in series
        )
        alt = self._alt(title.text, axis, labels, made, unit, spoken)
        return Chart(name, kind, title.text, alt, tuple(labels), made, unit, axis, note)

    def _alt(
        self, title: str, axis: str, labels: Sequence[str], series: Sequence[Series], unit: str, spoken: slice
    ) -> str:
        colon, comma, semicolon, end = (
            ("：", "，", "；", "。") if self.lang == "zh" else (": ", ", ", "; ", ". ")
        )
        parts = []
        for one in series:
            pairs = list(zip(labels, one.texts, strict=True))[spoken]
            said = comma.join(f"{label} {text}" for label, text in pairs)
            parts.append(f"{one.name}{colon}{said}" if one.name else said)
        sentences = [one for one in (title, axis) if one]
        blank = "" if self.lang == "zh" else " "
        head = blank.join(one if one.endswith(("。", ".")) else f"{one}{end.strip()}" for one in sentences)
        return self.unit_behind(f"{head}{blank}{semicolon.join(parts)}", unit)


def index(figure: Figure | None) -> Figure | None:
    """A figure that is no share though it has no unit, such as a Gini coefficient."""
    return None if figure is None else replace(figure, unit="index")


def first(*candidates: Text | None) -> Text | None:
    """The first sentence that can be said."""
    return next((one for one in candidates if one is not None), None)


def sayable(*candidates: Text | None) -> tuple[Text, ...]:
    """Those that can be said, three at most."""
    return tuple(one for one in candidates if one is not None)[:3]


def drawable(*candidates: Chart | None) -> tuple[Chart, ...]:
    """Those that there are figures for, the most important first."""
    return tuple(one for one in candidates if one is not None)
