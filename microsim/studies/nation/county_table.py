"""The table of counties that a user gives: lines, incomes, public finance, zone and labels, by code."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from microsim.documents import shown
from microsim.errors import DataError, FileError, Offence, did_you_mean
from microsim.population.census.tables import texts_of

if TYPE_CHECKING:
    import pandas as pd

# Column -> its heading in Chinese, and what a number in it can be (yuan; of lines and incomes a year a head).
NUMBERS: Mapping[str, tuple[str, float, float]] = {
    "urban_line": ("城市低保标准", 2_000, 40_000),
    "rural_line": ("农村低保标准", 2_000, 40_000),
    "urban_income": ("城镇居民人均可支配收入", 5_000, 300_000),
    "rural_income": ("农村居民人均可支配收入", 1_000, 200_000),
    "revenue": ("一般公共预算收入", 1e6, 1e12),
    "expenditure": ("一般公共预算支出", 1e6, 1e12),
}
TEXTS: Mapping[str, str] = {
    "code": "代码",
    "county": "县名",
    "zone": "片区",
    "labels": "标签",
    "source": "来源",
}
_CHINESE = {zh: name for name, (zh, *_) in NUMBERS.items()} | {zh: name for name, zh in TEXTS.items()}
_CODE = re.compile(r"^\d{6}$")
_BETWEEN_LABELS = re.compile(r"[;；、|]")


@dataclass(frozen=True)
class CountyRow:
    """One county: the numbers given (yuan), its zone and labels, and where they are from."""

    code: str
    numbers: Mapping[str, float]
    zone: str = ""
    labels: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True)
class CountyTable:
    """The table; ``rows`` by code, ``path`` None for none at all."""

    path: Path | None = None
    rows: Mapping[str, CountyRow] = field(default_factory=dict, repr=False)

    def of(self, code: str) -> CountyRow:
        """What is given of a county: nothing where it is not in the table."""
        return self.rows.get(code) or CountyRow(code, {})

    def unmatched(self, codes: tuple[str, ...]) -> list[str]:
        """Codes of the table that are not among ``codes``."""
        known = set(codes)
        return [code for code in self.rows if code not in known]


def read_county_table(path: str | os.PathLike[str]) -> CountyTable:
    """Read the table: .csv (UTF-8 or GB18030) or the first sheet of .xlsx, one row a county.

    ``code`` is needed; of the others every column and every cell may be left out. Headings are the names of
    ``NUMBERS`` and ``TEXTS`` or their Chinese ones. Raises ``MicrosimError`` with every offence at its row
    and column: unknown and repeated columns, codes that are none or come twice, cells that are no number or
    outside what a county can have, a rural line above the urban one.
    """
    source = Path(path)
    frame = _read(source)
    title = f"{shown(source)} cannot be used as a table of counties"
    names = [_CHINESE.get(heading, heading) for heading in frame.columns]
    offences = list(_of_headings(source, frame, names))
    if offences:
        raise DataError(offences, title)
    frame.columns = names
    rows: dict[str, CountyRow] = {}
    at: dict[str, int] = {}
    for k, given in enumerate(frame.to_dict("records")):
        record = {str(name): str(text) for name, text in given.items()}
        place = f"{shown(source)}, row {k + 2}"
        if not any(record.values()):
            continue
        code = record["code"].removesuffix(".0")
        if not _CODE.match(code):
            message = f"'{record['code']}' is not a county's code of six digits"
            offences.append(Offence(message, f"{place}, column code"))
            continue
        if code in at:
            message = f"county {code} is in row {at[code]} already"
            offences.append(Offence(message, f"{place}, column code", "leave one row a county"))
            continue
        at[code] = k + 2
        found: list[Offence] = []
        numbers = dict(_numbers(record, place, found))
        if not found and numbers.get("rural_line", 0.0) > numbers.get("urban_line", float("inf")):
            message = f"the rural line {numbers['rural_line']:,.0f} is above the urban one"
            found.append(Offence(message, f"{place}, column rural_line", "are the two columns swapped?"))
        offences += found
        labels = tuple(part.strip() for part in _BETWEEN_LABELS.split(record.get("labels", "")))
        rows[code] = CountyRow(
            code,
            numbers,
            record.get("zone", ""),
            tuple(label for label in labels if label),
            record.get("source", "") or f"{source.name}, row {k + 2}",
        )
    if offences:
        raise DataError(offences, title)
    if not rows:
        raise DataError(Offence("has no row with a county", shown(source)), title)
    return CountyTable(source, rows)


def _of_headings(source: Path, frame: pd.DataFrame, names: list[str]) -> Iterator[Offence]:
    known = [*TEXTS, *NUMBERS]
    for heading, name in zip(frame.columns, names, strict=True):
        place = f"{shown(source)}, column {heading}"
        if name not in known:
            hint = did_you_mean(name, [*known, *_CHINESE]) or f"known: {', '.join(known)}"
            yield Offence(f"no such column '{heading}'", place, hint)
        elif names.count(name) > 1 and heading != frame.columns[names.index(name)]:
            yield Offence(f"column '{name}' is there twice", place, "leave one of them out")
    if "code" not in names:
        yield Offence("has no column 'code'", shown(source), "the county's code of six digits")
    if not set(names) & {*NUMBERS, "zone", "labels"}:
        hint = f"add at least one of {', '.join(NUMBERS)}"
        yield Offence("gives nothing of the counties", shown(source), hint)


def _numbers(record: Mapping[str, str], place: str, offences: list[Offence]) -> Iterator[tuple[str, float]]:
    for name, (_, least, most) in NUMBERS.items():
        text = record.get(name, "")
        if not text:
            continue
        where = f"{place}, column {name}"
        hint = "write yuan a year per person, not a month"
        if name in ("revenue", "expenditure"):
            hint = "write yuan a year, not ten thousand yuan"
        try:
            number = float(text.replace(",", "").replace("，", ""))
        except ValueError:
            offences.append(Offence(f"'{text}' is not a number", where, hint))
            continue
        if not least <= number <= most:
            message = f"{text} is outside {least:,.0f} to {most:,.0f}"
            offences.append(Offence(message, where, hint))
            continue
        yield name, number


def _read(path: Path) -> pd.DataFrame:
    import pandas as pd

    if not path.is_file():
        raise FileError(Offence("no such file", shown(path)))
    ending = path.suffix.lower()
    if ending not in (".csv", ".xlsx"):
        raise FileError(Offence("is not a format of tables of counties", shown(path), "known: .csv, .xlsx"))
    frame = texts_of(path, ending)
    frame.columns = pd.Index([str(name).strip() for name in frame.columns])
    stripped: pd.DataFrame = frame.apply(lambda column: column.str.strip())
    return stripped
