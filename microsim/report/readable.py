"""Tables as people read them: headings and codes in words, numbers rounded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from microsim.csv_mark import encoding
from microsim.language import language
from microsim.report.books.headings import (
    PLAIN,
    WRITTEN,
    Labels,
    heading_of,
    unit_words,
    words_for_codes,
)
from microsim.words.codes import CODED

if TYPE_CHECKING:
    import pandas as pd


def write_csv(
    path: Path, table: pd.DataFrame, labels: Labels | None = None, *, for_excel: bool = False
) -> None:
    """In Chinese as people read it, with the mark by which Excel knows UTF-8; else as programs do.

    ``for_excel``: the mark is written in English, too, for tables that quote what a user wrote.
    :mod:`microsim.csv_mark`: what was asked for comes before both.
    """
    lang = language()
    shown_as = table if lang == "en" else readable(table, lang, labels)
    shown_as.to_csv(path, index=False, lineterminator="\n", encoding=encoding(lang == "zh" or for_excel))


def readable(table: pd.DataFrame, lang: str, labels: Labels | None = None) -> pd.DataFrame:
    """A table with headings, codes and units in words; columns that are rules have their ``labels``.

    Numbers from a hundred up have no decimals and others four, as far as they have that many. The numbers in
    full are in the Parquet file of the same name, under the names that programs use.
    """
    units, known = unit_words(lang), labels or {}
    words = words_for_codes(lang, known)
    out = table.copy()
    for column in map(str, out.columns):
        if column in CODED:
            out[column] = [words.get(value, value) for value in out[column]]
        elif column in WRITTEN:
            out[column] = [WRITTEN[column](v, lang) if isinstance(v, str) else v for v in out[column]]
        elif column == "unit":
            out[column] = [units.get(value, value) for value in out[column]]
        elif column not in PLAIN:
            out[column] = [_rounded(value) for value in out[column]]
    return out.rename(columns={column: heading_of(str(column), lang, known) for column in out.columns})


def storable(table: pd.DataFrame) -> pd.DataFrame:
    """A table as Parquet can hold it: a column of numbers and texts together is text."""
    mixed = [name for name in table.columns if table[name].dtype == object]
    return table.astype(dict.fromkeys(mixed, str))


def _rounded(value: Any) -> Any:
    if not isinstance(value, float) or value != value or value in (float("inf"), float("-inf")):
        return value
    rounded = round(value, 0 if abs(value) >= 100 else 4)
    return int(rounded) if rounded == int(rounded) else rounded
