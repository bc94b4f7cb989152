"""Rows of a text file or a sheet as a table: where the header is, what is no record, what is filled down.

CSV and Excel files come from offices as they are: titles above the header, blank rows, merged cells,
subtotals, lines that were cut. What can be read exactly is, and noted; what cannot is refused with its rows.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microsim.documents import shown
from microsim.errors import DataError, FileError, Offence, did_you_mean
from microsim.population.survey.encoding import ENCODINGS, encodings_of, garbled
from microsim.population.survey.libraries import needed

if TYPE_CHECKING:
    import pandas as pd

_LOOKED_AT = 20  # rows from the top in which a header is looked for
_SHOWN = 5
_TOTAL = re.compile(
    r"(合\s*计|小\s*计|总\s*计|共\s*计|累\s*计|本页(合|小)计|(sub|grand )?-?\s*totals?|sums?)\s*[:：]?",
    re.IGNORECASE,
)
_MOST_ROWS, _MOST_COLUMNS = 1_048_576, 16_384  # of an Excel sheet
_ERRORS = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!")  # cells that hold no value


@dataclass(frozen=True)
class Layout:
    """How the rows of a file are to be taken: ``key`` is the column of the household."""

    header_row: int = 1
    fill_down: tuple[str, ...] = ()
    key: str = ""


@dataclass
class Rows:
    """Cells row by row, and the number of each row (or line) in the file as an editor counts them."""

    path: Path
    cells: list[Sequence[Any]]
    numbers: list[int]
    word: str  # "row" or "line"
    merged: dict[int, list[tuple[int, int]]] = field(default_factory=dict)  # column -> first and last row
    cut_off: bool = False  # the last line has no end


def csv_rows(path: Path, encoding: str, separator: str) -> tuple[Rows, str]:
    """All lines of a CSV file, and the encoding that they were read in."""
    content = path.read_bytes()
    fitting = encodings_of(content)
    settled = encoding or (fitting[0] if fitting else "")
    if not settled:
        hint = "give its encoding in the mapping: read: {encoding: ...}"
        raise FileError(Offence("is neither UTF-8 nor GB18030", shown(path), hint))
    try:
        text = content.decode(settled)
    except UnicodeDecodeError as error:
        hint = f"read: {{encoding: {fitting[0]}}} fits" if fitting else f"known: {', '.join(ENCODINGS)}"
        message = f"is not encoded in {settled}: byte {error.start + 1} is {content[error.start]:#04x}"
        raise FileError(Offence(message, shown(path), hint)) from None
    except LookupError:
        known = f"for example {', '.join(ENCODINGS)}"
        raise FileError(Offence(f"no encoding '{settled}'", shown(path), known)) from None
    delimiter = separator or ("\t" if path.suffix.lower() == ".tsv" else ",")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows = Rows(path, [], [], "line", cut_off=bool(text) and not text.endswith(("\n", "\r")))
    begins = 1
    try:
        for row in reader:
            rows.cells.append(row)
            rows.numbers.append(begins)
            begins = reader.line_num + 1
    except csv.Error as error:
        hint = "is a quotation mark or a line end missing?"
        raise FileError(
            Offence(f"cannot be read from line {begins} on ({error})", shown(path), hint)
        ) from None
    return rows, settled


def sheet_rows(path: Path, sheet: str) -> Rows:
    """All rows of an Excel sheet; cells that are merged with others hold their value once."""
    openpyxl = needed("openpyxl", path)
    book = openpyxl.load_workbook(path, data_only=True)
    try:
        if sheet and sheet not in book.sheetnames:
            hint = did_you_mean(sheet, book.sheetnames) or f"sheets: {', '.join(book.sheetnames)}"
            raise FileError(Offence(f"has no sheet '{sheet}'", shown(path), hint))
        page = book[sheet] if sheet else book.worksheets[0]
        if page.max_row > _MOST_ROWS or page.max_column > _MOST_COLUMNS:
            # A damaged place of one cell: openpyxl would go through all rows up to it.
            what = f"has cells beyond row {_MOST_ROWS:,} or column {_MOST_COLUMNS:,}, where Excel ends"
            hint = "the file is damaged: open it in Excel and save it again"
            raise FileError(Offence(what, shown(path), hint))
        cells: list[Sequence[Any]] = [
            [None if isinstance(value, str) and value in _ERRORS else value for value in row]
            for row in page.iter_rows(min_row=1, min_col=1, values_only=True)
        ]
        merged: dict[int, list[tuple[int, int]]] = {}
        for one in page.merged_cells.ranges:
            if one.max_row > one.min_row:
                merged.setdefault(one.min_col - 1, []).append((one.min_row, one.max_row))
    finally:
        book.close()
    return Rows(path, cells, list(range(1, len(cells) + 1)), "row", merged)


def table_of(
    rows: Rows, wanted: Collection[str] | None, layout: Layout
) -> tuple[pd.DataFrame, tuple[str, ...], list[str]]:
    """The wanted columns, all columns' names, and notes; the index counts records from 0, blank rows too.

    Raises ``MicrosimError`` with every missing column, every row of a wrong length and every subtotal.
    """
    import pandas as pd

    place = shown(rows.path)
    start = next((k for k, number in enumerate(rows.numbers) if number >= layout.header_row), None)
    if start is None:
        message = f"has no {rows.word} {layout.header_row}, which header_row: names"
        raise DataError(Offence(message, place, f"it has {len(rows.cells):,} {rows.word}s"))
    header = [_text(cell) for cell in rows.cells[start]]
    _refuse_header(rows, header, wanted, layout)
    names = [name for name in header if name and (wanted is None or name in wanted)]
    body, numbers, notes = rows.cells[start + 1 :], rows.numbers[start + 1 :], []
    filled = [any(map(_text, row)) for row in body]
    offences = _ragged(rows, body, numbers, filled, len(header)) + _totals(
        rows, body, numbers, header, layout.key
    )
    if offences:
        raise DataError(offences, title=f"{place} is not a table of records")
    if not any(filled):
        message = f"has no records below the header in {rows.word} {rows.numbers[start]}"
        raise FileError(
            Offence(message, place, "is the file truncated, or are the records on another sheet?")
        )
    blank = len(filled) - sum(filled) - _blank_at_end(filled)
    if start and any(any(map(_text, row)) for row in rows.cells[:start]):
        notes.append(f"{place}: {_count(start, rows.word)} above the header skipped")
    if blank:
        where = [str(number) for number, full in zip(numbers, filled, strict=True) if not full][:blank]
        notes.append(f"{place}: {_count(blank, 'blank ' + rows.word)} left out ({rows.word} {_named(where)})")
    columns = {}
    for name in names:
        at = header.index(name)
        values = [None if at >= len(row) or row[at] == "" else row[at] for row in body]
        down = [first for first, _ in rows.merged.get(at, []) if first > rows.numbers[start]]
        if name in layout.fill_down:
            count = _fill(values, filled)
            if count:
                notes.append(
                    f"{place}, column {name}: {_count(count, 'blank cell')} filled with the value above"
                )
        elif down:
            notes.append(
                f"{place}, column {name}: {_count(len(down), 'merged cell')} with one value for several rows "
                f"({rows.word} {', '.join(map(str, sorted(down)[:_SHOWN]))}); fill_down: [{name}] repeats it"
            )
        columns[name] = values
    frame = pd.DataFrame(columns, index=pd.RangeIndex(len(body)), dtype=object)
    return frame[filled], tuple(header), notes


def _refuse_header(rows: Rows, header: list[str], wanted: Collection[str] | None, layout: Layout) -> None:
    """Columns that are missing or are there twice, with the row in which they are found."""
    place, offences = shown(rows.path), []
    asked = set(header) - {""} if wanted is None else set(wanted)
    offences += [
        Offence(f"has several columns named '{name}'", place)
        for name in sorted(asked)
        if header.count(name) > 1
    ]
    missing = sorted((asked | set(layout.fill_down)) - set(header))
    way_out = _where_the_header_is(rows, header, asked) if missing else ""
    for name in missing:
        offences.append(Offence(f"has no column '{name}'", place, did_you_mean(name, header) or way_out))
        way_out = ""
    if offences:
        raise FileError(offences)


def _where_the_header_is(rows: Rows, header: list[str], asked: set[str]) -> str:
    wrong = garbled(header)
    if wrong is not None:
        return (
            f"the names are garbled ('{wrong.seen}' is '{wrong.meant}'): read: {{encoding: {wrong.encoding}}}"
        )
    for row, number in zip(rows.cells[:_LOOKED_AT], rows.numbers, strict=False):
        here = {_text(cell) for cell in row}
        if here != set(header) and len(here & asked) * 2 > len(asked):
            top = next((text for text in header if text), "")
            said = f"the header row holds '{top}'; " if top else ""
            return f"{said}{rows.word} {number} holds the names: header_row: {number}"
    if len(header) == 1:
        other = next((mark for mark in (";", "\t", "|", ",") if mark in header[0]), "")
        if other:
            return f"the header is one field: read: {{separator: {other!r}}}"
    return ""


def _ragged(
    rows: Rows, body: list[Sequence[Any]], numbers: list[int], filled: list[bool], width: int
) -> list[Offence]:
    """Lines of too many or too few fields; empty fields beyond the header are none."""
    if rows.word != "line":
        return []
    long, short = [], []
    for row, number, full in zip(body, numbers, filled, strict=True):
        if full and len(row) > width and any(map(_text, row[width:])):
            long.append((number, len(row)))
        elif full and len(row) < width:
            short.append((number, len(row)))
    offences, place = [], shown(rows.path)
    if long:
        lines_named = _named([f"line {number} ({count})" for number, count in long])
        hint = "is a line end missing, or quotation marks around text that contains the separator?"
        offences.append(Offence(f"more fields than the {width} of the header in {lines_named}", place, hint))
    if short:
        lines_named = _named([f"line {number} ({count})" for number, count in short])
        last = rows.cut_off and short[-1][0] == numbers[-1]
        hint = (
            "the last line is incomplete: is the file truncated?"
            if last
            else "is a part of the line missing?"
        )
        offences.append(Offence(f"fewer fields than the {width} of the header in {lines_named}", place, hint))
    return offences


def _totals(
    rows: Rows, body: list[Sequence[Any]], numbers: list[int], header: list[str], key: str
) -> list[Offence]:
    """Rows that add up others: labelled so in their first cell, or where no household is named."""
    at = header.index(key) if key in header else None
    found = []
    for row, number in zip(body, numbers, strict=True):
        together = "\n".join([cell for cell in row if isinstance(cell, str)]).lower()
        if not ("计" in together or "total" in together or "sum" in together):  # quick: most rows are none
            continue
        texts = [(k, cell.strip()) for k, cell in enumerate(row) if isinstance(cell, str)]
        labels = [(k, text) for k, text in texts if _TOTAL.fullmatch(text)]
        if not labels:
            continue
        first = next(k for k, cell in enumerate(row) if _text(cell))
        nameless = at is not None and (at >= len(row) or not _text(row[at]))
        if labels[0][0] in (first, at) or nameless:
            found.append(f"{rows.word} {number} ('{labels[0][1]}')")
    if not found:
        return []
    hint = "delete them in a copy of the file: they would be counted as persons or households"
    what = (
        "a row that is the total of others"
        if len(found) == 1
        else f"{len(found):,} rows that are totals of others"
    )
    return [Offence(f"{what}: {_named(found)}", shown(rows.path), hint)]


def _named(places: list[str]) -> str:
    more = f" and {len(places) - _SHOWN} more" if len(places) > _SHOWN else ""
    return ", ".join(places[:_SHOWN]) + more


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _fill(values: list[Any], filled: list[bool]) -> int:
    """Give blank cells of rows that are not blank the value above; how many."""
    count, above = 0, None
    for k, (value, full) in enumerate(zip(values, filled, strict=True)):
        if value is None or not _text(value):
            if full and above is not None:
                values[k], count = above, count + 1
        else:
            above = value
    return count


def _blank_at_end(filled: list[bool]) -> int:
    return next((k for k, full in enumerate(reversed(filled)) if full), len(filled))


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell).strip()
