"""Data files of surveys and registers as columns of values: Stata, SPSS, Excel, CSV, Parquet."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microsim.documents import shown
from microsim.errors import DataError, FileError, InputError, MicrosimError, Offence, did_you_mean
from microsim.population.io.storage import first_line
from microsim.population.survey.libraries import needed
from microsim.population.survey.rows import Layout, csv_rows, sheet_rows, table_of

if TYPE_CHECKING:
    import pandas as pd

KINDS = {
    ".dta": "Stata",
    ".sav": "SPSS",
    ".zsav": "SPSS",
    ".xlsx": "Excel",
    ".csv": "CSV",
    ".txt": "CSV",
    ".tsv": "CSV",
    ".parquet": "Parquet",
}
EXACT_IN_EXCEL = 1e15  # Excel keeps 15 digits of a number and puts zeros for the others
_AGAIN = "open it in the program that wrote it and save it again, or export it as CSV"


@dataclass(frozen=True)
class DataFile:
    """Wanted columns of one file, as they are there; text stays text, so that ids keep their zeros."""

    path: Path
    frame: pd.DataFrame
    columns: tuple[str, ...]  # all that the file has
    labels: Mapping[str, Mapping[Any, str]] = field(default_factory=dict)  # of values, by column
    encoding: str = ""
    notes: tuple[str, ...] = ()  # what was passed over or filled in reading
    exact_below: Mapping[str, float] = field(
        default_factory=dict
    )  # column -> size from which digits are lost

    @property
    def takes_encoding(self) -> bool:
        """Whether ``encoding:`` has a say in how the file is read."""
        return KINDS[self.path.suffix.lower()] in ("CSV", "Stata", "SPSS")

    def place(self, column: str = "") -> str:
        """The file and column as an error names them."""
        return f"{shown(self.path)}, column {column}" if column else shown(self.path)


def read_file(
    path: Path,
    wanted: Iterable[str] | None = None,
    encoding: str = "",
    sheet: str = "",
    separator: str = "",
    layout: Layout | None = None,
) -> DataFile:
    """Read the ``wanted`` columns (all where ``None``) of a file; its kind is inferred from its extension.

    ``encoding`` and ``separator`` are for CSV (else UTF-8, then GB18030; commas, or tabs in .tsv), ``sheet``
    for Excel (else the first), ``layout`` (where the header is, what is filled down) for both. Raises
    ``MicrosimError`` naming every wanted column that is not there and every row that is no record.
    """
    kind = KINDS.get(path.suffix.lower())
    if kind is None:
        known = ", ".join(KINDS)
        raise FileError(
            Offence(f"cannot read files that end in '{path.suffix}'", shown(path), f"known: {known}")
        )
    if not os.path.isfile(path):
        raise FileError(Offence("no such file", shown(path)))
    layout = layout or Layout()
    if kind not in ("CSV", "Excel") and (layout.header_row != 1 or layout.fill_down):
        raise InputError(Offence(f"header_row: and fill_down: are not for {kind} files", shown(path)))
    if kind in ("Stata", "SPSS"):
        return _statistical(path, kind, wanted, encoding)
    try:
        if kind == "CSV":
            return _csv(path, wanted, encoding, separator, layout)
        return _excel(path, wanted, sheet, layout) if kind == "Excel" else _parquet(path, wanted)
    except (MicrosimError, MemoryError):
        raise
    # pandas, pyarrow, openpyxl, zipfile, zlib and the parser of XML raise errors of a dozen kinds for files
    # that are damaged, and promise none.
    except Exception as error:  # noqa: BLE001
        problem = f"not a readable {kind} file ({first_line(error)})"
        raise FileError(Offence(problem, shown(path), _AGAIN)) from None


def _statistical(path: Path, kind: str, wanted: Iterable[str] | None, encoding: str) -> DataFile:
    pyreadstat = needed("pyreadstat", path)
    read = pyreadstat.read_dta if kind == "Stata" else pyreadstat.read_sav
    options: dict[str, Any] = {"encoding": encoding} if encoding else {}
    try:
        _, about = read(str(path), metadataonly=True, **options)
        columns = tuple(about.column_names)
        names = _present(path, columns, wanted)
        if names is not None and not names:
            names = list(columns[:1])  # pyreadstat takes an empty list for all
        frame, about = read(str(path), usecols=names, **options)
    except (pyreadstat.ReadstatError, UnicodeDecodeError) as error:
        hint = "give its encoding in the mapping: read: {encoding: gb18030}" if "nicode" in str(error) else ""
        raise FileError(Offence(f"not a readable {kind} file ({error})", shown(path), hint)) from None
    # Stata's `float` holds 24 bits: its ids run together long before those of a double.
    exact = {name: 2.0**24 for name, one in about.readstat_variable_types.items() if one == "float"}
    return DataFile(path, frame, columns, about.variable_value_labels, encoding, exact_below=exact)


def _csv(path: Path, wanted: Iterable[str] | None, encoding: str, separator: str, layout: Layout) -> DataFile:
    rows, settled = csv_rows(path, encoding, separator)
    frame, columns, notes = table_of(rows, None if wanted is None else set(wanted), layout)
    return DataFile(path, frame, columns, {}, settled, notes=tuple(notes))


def _excel(path: Path, wanted: Iterable[str] | None, sheet: str, layout: Layout) -> DataFile:
    names = None if wanted is None else set(wanted)
    frame, columns, notes = table_of(sheet_rows(path, sheet), names, layout)
    exact = dict.fromkeys(frame.columns, EXACT_IN_EXCEL)
    return DataFile(path, frame, columns, notes=tuple(notes), exact_below=exact)


def _parquet(path: Path, wanted: Iterable[str] | None) -> DataFile:
    import pandas as pd
    import pyarrow.parquet as pq

    columns = tuple(pq.read_schema(path).names)
    names = _present(path, columns, wanted)
    return DataFile(path, pd.read_parquet(path, columns=names), columns)


def _present(path: Path, columns: tuple[str, ...], wanted: Iterable[str] | None) -> list[str] | None:
    """The wanted columns in the order of the file; all that are missing are named."""
    repeated = sorted({name for name in columns if columns.count(name) > 1})
    if repeated:
        raise FileError([Offence(f"has several columns named '{name}'", shown(path)) for name in repeated])
    if wanted is None:
        return None
    names = set(wanted)
    missing = sorted(names - set(columns))
    if missing:
        near = {name: did_you_mean(name, columns) for name in missing}
        raise DataError([Offence(f"has no column '{name}'", shown(path), near[name]) for name in missing])
    return [name for name in columns if name in names]
