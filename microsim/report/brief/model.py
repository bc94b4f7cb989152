"""A brief before it has a format: its text, tables and charts in the order in which they are read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

ChartKind = Literal[
    "bars", "before_after", "by_payer", "lines", "lorenz", "multiples", "pyramid", "two_sided"
]


@dataclass(frozen=True)
class Text:
    """A sentence or paragraph; ``figures``: the figures of the summary whose numbers it says.

    ``exact``: it is for copying (a command, a hash), and is set small.
    """

    text: str
    figures: tuple[str, ...] = ()
    exact: bool = False


@dataclass(frozen=True)
class Table:
    """A table as it is read: cells are text. ``numeric``: the columns that are aligned right."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[int, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Series:
    """One row of marks of a chart; ``texts``: what is written at each, rounded to what is known."""

    name: str
    values: tuple[float, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Chart:
    """A chart with one message, which is its title; ``values`` are in ``unit``, as shown.

    ``name``: of its file. ``labels``: the categories, or for lines the places on the axis. ``axis``: what
    these are.
    """

    name: str
    kind: ChartKind
    title: str
    alt: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str
    axis: str = ""
    note: str = ""


@dataclass(frozen=True)
class Section:
    """A heading and what is under it; ``sections`` are numbered within it."""

    heading: str
    parts: tuple[Text | Table | Chart, ...] = ()
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True)
class Findings:
    """What one results folder says: the answer of three sentences at most, its key table, its charts,
    the most important first.

    ``annex``: tables too large to be read with the answer.
    """

    title: str
    question: str
    answer: tuple[Text, ...]
    table: Table | None
    charts: tuple[Chart, ...]
    annex: tuple[Table, ...] = ()
    assumed: str = ""  # what is said of assumptions that are not in a table
    method: str = ""  # where it is not that of one county's households
    limits: tuple[Text, ...] = ()  # of this kind of results, besides those of all


@dataclass(frozen=True)
class Brief:
    """A brief in one language. ``annex`` are the tables at its end."""

    lang: str
    title: str
    date: str  # of the computation, as it is written under the title
    question: str
    answer: tuple[Text, ...]
    sections: tuple[Section, ...]
    annex: tuple[Table, ...] = field(default=())
