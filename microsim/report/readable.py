"""Tables as people read them: headings and codes in words, numbers rounded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from microsim.report.books.headings import CODED, PLAIN, SOURCED, code_words, heading, unit_words
from microsim.simulation.told import cited

if TYPE_CHECKING:
    import pandas as pd


def readable(table: pd.DataFrame, lang: str) -> pd.DataFrame:
    """A table with headings, codes and units in words.

    Numbers from a hundred up have no decimals and others four, as far as they have that many. The numbers in
    full are in the Parquet file of the same name, under the names that programs use.
    """
    words, units = code_words(lang), unit_words(lang)
    out = table.copy()
    for column in map(str, out.columns):
        if column in CODED:
            out[column] = [words.get(value, value) for value in out[column]]
        elif column in SOURCED:
            out[column] = [cited(value, lang) if isinstance(value, str) else value for value in out[column]]
        elif column == "unit":
            out[column] = [units.get(value, value) for value in out[column]]
        elif column not in PLAIN:
            out[column] = [_rounded(value) for value in out[column]]
    return out.rename(columns={column: heading(str(column), lang) for column in out.columns})


def storable(table: pd.DataFrame) -> pd.DataFrame:
    """A table as Parquet can hold it: a column of numbers and texts together is text."""
    mixed = [name for name in table.columns if table[name].dtype == object]
    return table.astype(dict.fromkeys(mixed, str))


def _rounded(value: Any) -> Any:
    if not isinstance(value, float) or value != value or value in (float("inf"), float("-inf")):
        return value
    rounded = round(value, 0 if abs(value) >= 100 else 4)
    return int(rounded) if rounded == int(rounded) else rounded
