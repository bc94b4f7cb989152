"""Data files of surveys and registers as columns of values: Stata, SPSS, Excel, CSV, Parquet."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from microsim.documents import shown
from microsim.errors import MicrosimError, Offence, did_you_mean

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
INSTALL = "pip install 'microsim[survey]'"
_ENCODINGS = ("utf-8-sig", "gb18030")  # tried in turn; GB18030 holds GBK and GB2312


@dataclass(frozen=True)
class DataFile:
    """Wanted columns of one file, as they stand there; text stays text, so that ids keep their zeros."""

    path: Path
    frame: pd.DataFrame
    columns: tuple[str, ...]  # all that the file has
    labels: Mapping[str, Mapping[Any, str]] = field(default_factory=dict)  # of values, by column
    encoding: str = ""

    def place(self, column: str = "") -> str:
        """The file and column as an error names them."""
        return f"{shown(self.path)}, column {column}" if column else shown(self.path)


def read_file(
    path: Path, wanted: Iterable[str] | None = None, encoding: str = "", sheet: str = "", separator: str = ""
) -> DataFile:
    """Read the ``wanted`` columns (all where ``None``) of a file; its kind is told by the end of its name.

    ``encoding`` and ``separator`` are for CSV (else UTF-8, then GB18030; commas, or tabs in .tsv), ``sheet``
    for Excel (else the first). Raises ``MicrosimError`` naming every wanted column that is not there.
    """
    kind = KINDS.get(path.suffix.lower())
    if kind is None:
        known = ", ".join(KINDS)
        raise MicrosimError(
            Offence(f"cannot read files that end in '{path.suffix}'", shown(path), f"known: {known}")
        )
    if not path.is_file():
        raise MicrosimError(Offence("no such file", shown(path)))
    if kind in ("Stata", "SPSS"):
        return _statistical(path, kind, wanted, encoding)
    try:
        if kind == "CSV":
            return _csv(path, wanted, encoding, separator)
        return _excel(path, wanted, sheet) if kind == "Excel" else _parquet(path, wanted)
    except MicrosimError:
        raise
    # What pandas, pyarrow and zipfile raise for broken files.
    except (ValueError, KeyError, OSError, BadZipFile) as error:
        problem = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise MicrosimError(Offence(f"not a readable {kind} file ({problem})", shown(path))) from None


def needed(name: str, path: Path) -> ModuleType:
    """An optional library, or how to install it."""
    try:
        return importlib.import_module(name)
    except ImportError:
        raise MicrosimError(
            Offence(f"reading this file needs {name}, which is not installed", shown(path), INSTALL)
        ) from None


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
        raise MicrosimError(Offence(f"not a readable {kind} file ({error})", shown(path), hint)) from None
    return DataFile(path, frame, columns, about.variable_value_labels, encoding)


def _csv(path: Path, wanted: Iterable[str] | None, encoding: str, separator: str) -> DataFile:
    import pandas as pd

    settled = encoding or _encoding_of(path)
    sep = separator or ("\t" if path.suffix.lower() == ".tsv" else ",")
    common: dict[str, Any] = {"sep": sep, "encoding": settled, "dtype": str}
    columns = tuple(pd.read_csv(path, nrows=0, **common).columns)
    names = _present(path, columns, wanted)
    frame = pd.read_csv(path, usecols=names, keep_default_na=False, na_values=[""], **common)
    return DataFile(path, frame, columns, {}, settled)


def _encoding_of(path: Path) -> str:
    content = path.read_bytes()
    for encoding in _ENCODINGS:
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    raise MicrosimError(
        Offence(
            "is neither UTF-8 nor GB18030",
            shown(path),
            "give its encoding in the mapping: read: {encoding: ...}",
        )
    )


def _excel(path: Path, wanted: Iterable[str] | None, sheet: str) -> DataFile:
    import pandas as pd

    needed("openpyxl", path)
    with pd.ExcelFile(path, engine="openpyxl") as book:
        sheets = [str(name) for name in book.sheet_names]
        if sheet and sheet not in sheets:
            hint = did_you_mean(sheet, sheets) or f"sheets: {', '.join(sheets)}"
            raise MicrosimError(Offence(f"has no sheet '{sheet}'", shown(path), hint))
        frame = pd.read_excel(book, sheet or 0, dtype=object, keep_default_na=False, na_values=[""])
    frame.columns = pd.Index([str(name) for name in frame.columns])
    columns = tuple(frame.columns)
    names = _present(path, columns, wanted)
    return DataFile(path, frame if names is None else frame[names], columns)


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
        raise MicrosimError(
            [Offence(f"has several columns named '{name}'", shown(path)) for name in repeated]
        )
    if wanted is None:
        return None
    names = set(wanted)
    missing = sorted(names - set(columns))
    if missing:
        near = {name: did_you_mean(name, columns) for name in missing}
        raise MicrosimError([Offence(f"has no column '{name}'", shown(path), near[name]) for name in missing])
    return [name for name in columns if name in names]
