"""Workbooks (.xlsx): tables as sheets that a reader can use as they are, and the same bytes for the same
content.
"""

from __future__ import annotations

import datetime as dt
import io
import math
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microsim.documents import shown
from microsim.errors import InputError, Offence

if TYPE_CHECKING:
    import pandas as pd
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

ROWS = 1_048_576  # of a sheet, with the row of headings
_LIKE_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_WHOLE, _FRACTION, _SMALL, _PLAIN = "#,##0", "#,##0.00", "0.0000", "0"
_COUNTED = ("persons", "households", "scenarios", "rows")
# Whatever the day: equal content has equal bytes.
_DAY = (1980, 1, 1, 0, 0, 0)
_MADE = "1980-01-01T00:00:00Z"
_NARROWEST, _WIDEST, _LOOKED_AT = 8, 60, 200  # widths in characters, and the rows that decide them
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\]")
_LONGEST_NAME = 31


@dataclass(frozen=True)
class Sheet:
    """One table of a workbook, with the words that it is headed by.

    ``headings``: column -> what it is headed by (others by their own name). ``units``: column -> the unit of
    its numbers, ``unit_of``: the column that holds the unit of each row. ``words``: column -> code -> what is
    written in its place (of codes with "; " between them, in the place of each). ``plain``: columns of
    numbers that are names (a year, the number of a household) and have no separators.
    """

    name: str
    table: pd.DataFrame
    headings: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    unit_of: str | None = None
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    plain: frozenset[str] = frozenset()


def refuse_workbook(path: Path) -> None:
    """Raise ``InputError`` where a file is not called as a workbook is."""
    if path.suffix != ".xlsx":
        raise InputError(Offence(f"a workbook is not called '{path.name}'", shown(path), "end it in .xlsx"))


def write_workbook(
    path: Path, sheets: Sequence[Sheet], more: Callable[[Workbook], None] = lambda book: None
) -> None:
    """Write tables as the sheets of one workbook; ``more`` may add others behind them.

    The row of headings stays in view, columns are as wide as their content, numbers keep all their digits
    and are shown with as many as their size and unit need. Text stays text: a cell that begins like a formula
    (``=``, ``+``, ``-``, ``@``) is never computed. Equal sheets give equal bytes. Raises as
    :func:`refuse_workbook` does, and ``InputError`` where a table has more rows than a sheet.
    """
    refuse_workbook(path)
    import openpyxl

    for sheet in sheets:
        if len(sheet.table) >= ROWS:
            message = f"a sheet holds {ROWS - 1:,} rows, and the table has {len(sheet.table):,}"
            raise InputError(Offence(message, shown(path), "use to_parquet or to_csv"))
    book = openpyxl.Workbook(write_only=True)
    used: list[str] = []
    for sheet in sheets:
        used.append(_sheet_name(sheet.name, used))
        _fill(book.create_sheet(used[-1]), sheet)
    more(book)
    made = io.BytesIO()
    book.save(made)
    _pack(made, path)


def _fill(page: WriteOnlyWorksheet, sheet: Sheet) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    names = [str(name) for name in sheet.table.columns]
    heads = [sheet.headings.get(name, name) for name in names]
    page.freeze_panes = "A2"
    for number, head in enumerate(heads, start=1):
        words = sheet.words.get(names[number - 1], {})
        column = sheet.table.iloc[:_LOOKED_AT, number - 1]
        shown_widths = [
            _width(words.get(value, value) if isinstance(value, str) else value) for value in column
        ]
        widest = max([_width(head), *shown_widths], default=_NARROWEST)
        page.column_dimensions[get_column_letter(number)].width = min(max(widest, _NARROWEST) + 2, _WIDEST)
    bold, top = Font(bold=True), Alignment(vertical="top", wrap_text=True)

    def cell(value: Any, form: str | None) -> Any:
        if isinstance(value, str):
            made = WriteOnlyCell(page, value=value)
            made.data_type = "s"  # openpyxl takes =1 for a formula, and #N/A for an error
            made.quotePrefix = value.startswith(_LIKE_A_FORMULA)
            if _width(value) > _WIDEST:
                made.alignment = top
            return made
        if form is None or value is None:
            return value
        made = WriteOnlyCell(page, value=value)
        made.number_format = form
        return made

    titles = [cell(_plain(head), None) for head in heads]
    for title in titles:
        title.font, title.alignment = bold, top
    page.append(titles)
    unit_at = names.index(sheet.unit_of) if sheet.unit_of in names else None
    for row in sheet.table.itertuples(index=False, name=None):
        unit = "" if unit_at is None else str(row[unit_at])
        cells = []
        for name, given in zip(names, row, strict=True):
            value = _plain(given)
            if isinstance(value, str) and name in sheet.words:
                words = sheet.words[name]
                value = words.get(value) or "; ".join(words.get(part, part) for part in value.split("; "))
            of = _PLAIN if name in sheet.plain else _format(value, sheet.units.get(name, unit))
            cells.append(cell(value, of))
        page.append(cells)


def _plain(value: Any) -> Any:
    """A value as a cell holds it: nothing for what is missing or empty, text for what no cell can hold."""
    import numpy as np
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return None if value != value else value if math.isfinite(value) else str(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return ILLEGAL_CHARACTERS_RE.sub("\ufffd", str(value)) or None if value == value else None


def _format(value: Any, unit: str) -> str | None:
    """How a number is shown: whole where it is large or counts, four decimals where it is a share."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if isinstance(value, int) or abs(value) >= 1000 or unit in _COUNTED:
        return _WHOLE
    if value == int(value) and unit not in ("1", ""):
        return _WHOLE
    return _SMALL if unit == "1" or abs(value) < 0.1 else _FRACTION


def _width(value: Any) -> int:
    """About how many characters wide a value is shown; Chinese ones count as two."""
    if isinstance(value, float):
        return len(f"{value:,.2f}")
    longest = max(str(value).splitlines() or [""], key=len)
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in longest)


def _sheet_name(wanted: str, used: Iterable[str]) -> str:
    """A name that a sheet can have: at most 31 characters, no brackets or slashes, once in a workbook."""
    name = _NOT_IN_A_NAME.sub(" ", wanted)[:_LONGEST_NAME] or "-"
    taken, number = {one.lower() for one in used}, 2
    while name.lower() in taken:
        mark = f" ({number})"
        name, number = f"{name[: _LONGEST_NAME - len(mark)]}{mark}", number + 1
    return name


def _pack(made: io.BytesIO, path: Path) -> None:
    """The parts of a workbook as a file, without the time at which they were made."""
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", _MADE.encode(), content)
            part = zipfile.ZipInfo(name, _DAY)
            part.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(part, content)
