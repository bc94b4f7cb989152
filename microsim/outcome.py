"""``Outcome``, the base of all results: tidy table, flat summary and headline, shown and saved alike."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microsim.card import card, short
from microsim.csv_mark import encoding
from microsim.documents import shown
from microsim.errors import FileError, Offence
from microsim.staging import becoming
from microsim.workbook import Sheet, refuse_workbook, write_workbook

if TYPE_CHECKING:
    import pandas as pd

# Figure -> its least and its greatest value over sets of assumptions that fit equally well, and its unit.
Ranges = Mapping[str, tuple[float, float, str]]


class Outcome:
    """The answer to a question: ``table``, ``summary`` and ``headline``, and what is done with them.

    A result says these three; showing it in a notebook and saving it are the same for all.
    """

    if TYPE_CHECKING:  # declared, not defined: some results compute them, others hold them as fields

        @property
        def table(self) -> pd.DataFrame:
            """Tidy: one figure a row."""

        @property
        def summary(self) -> Mapping[str, Mapping[str, Any]]:
            """Flat name -> ``{"value": ..., "unit": ...}``."""

        @property
        def headline(self) -> str:
            """The answer in one line."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}: {self.headline}"

    def _repr_html_(self) -> str:
        name = type(self).__name__
        return card(name, self.headline, self.table, self.summary, self._labels, result=True)

    @property
    def _labels(self) -> Mapping[str, Mapping[str, str]]:
        """Part of the name of a figure -> what it is called, by language, where the result knows it."""
        return {}

    def to_csv(self, path: str | os.PathLike[str]) -> Path:
        """Write ``table`` as CSV and return the path. An older file gives way when all is written.

        The encoding is UTF-8, with the mark that Excel needs where ``MICROSIM_CSV_BOM`` is 1.
        """
        return _write(
            path,
            lambda new: self.table.to_csv(new, index=False, lineterminator="\n", encoding=encoding(False)),
        )

    def to_parquet(self, path: str | os.PathLike[str]) -> Path:
        """Write ``table`` as Parquet and return the path. An older file gives way when all is written."""
        return _write(path, lambda new: self.table.to_parquet(new, index=False))

    def to_excel(self, path: str | os.PathLike[str]) -> Path:
        """Write ``table`` and ``summary`` as two sheets of a workbook (.xlsx) and return the path.

        Text stays text, and equal results have equal bytes. Raises
        ``InputError`` where a sheet has too few rows.
        """
        import pandas as pd

        goal = Path(path)
        refuse_workbook(goal)
        rows = [{"name": name, **said} for name, said in self.summary.items()]
        summary = pd.DataFrame(rows or None, columns=None if rows else ["name", "value", "unit"])
        sheets = [Sheet("table", self.table, unit_of="unit"), Sheet("summary", summary, unit_of="unit")]
        return _write(goal, lambda new: write_workbook(new, sheets))


def flat_name(*parts: str) -> str:
    """The name of a figure: measure, subject and group, those left out that say nothing.

    >>> flat_name("cost", "dibao", "rural"), flat_name("cost", "total", "")
    ('cost.dibao.rural', 'cost.total')
    """
    return ".".join(part for part in parts if part)


def worded(value: float, unit: str) -> str:
    """A number with its unit, for a headline.

    >>> worded(1234567.0, "yuan/year"), worded(0.25, "1")
    ('1,234,567 yuan/year', '0.25')
    """
    return short(value) if unit in ("", "1") else f"{short(value)} {unit}"


def in_brackets(ranges: Ranges, name: str) -> str:
    """The range of a figure behind its value in a headline; nothing where it has none.

    >>> in_brackets({"cost.total": (1234567.0, 2345678.0, "yuan/year")}, "cost.total")
    ' [1,234,567 to 2,345,678]'
    """
    if name not in ranges:
        return ""
    low, high, _ = ranges[name]
    return f" [{short(low)} to {short(high)}]"


def low_and_high(ranges: Ranges, before: str = "") -> dict[str, dict[str, Any]]:
    """The ends of each range for a summary: ``low.cost.total`` and ``high.cost.total`` -> value and unit.

    >>> low_and_high({"cost.total": (1.0, 2.0, "yuan/year")}, before="change_")["change_high.cost.total"]
    {'value': 2.0, 'unit': 'yuan/year'}
    """
    return {
        f"{before}{end}.{name}": {"value": value, "unit": unit}
        for name, (low, high, unit) in ranges.items()
        for end, value in (("low", low), ("high", high))
    }


def _write(path: str | os.PathLike[str], write: Callable[[Path], object]) -> Path:
    goal = Path(path)
    if goal.is_dir():
        raise FileError(Offence("is a folder", shown(goal), "name a file"))
    with becoming(goal, lambda new, target: os.replace(new / target.name, target)) as new:
        write(new / goal.name)
    return goal
