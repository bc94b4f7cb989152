"""County tables of the 2020 population census: one row a county, read from a file that the user gives.

``docs/census.md`` lists the columns. Of the file, the columns that a profile needs are read; others may be
beside them.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from microsim.documents import shown
from microsim.errors import DataError, FileError, InputError, MicrosimError, Offence
from microsim.population.profile.figures import schema
from microsim.population.survey.encoding import ENCODINGS
from microsim.population.survey.libraries import needed

if TYPE_CHECKING:
    import pandas as pd

ENDINGS = (".csv", ".csv.gz", ".xlsx")
NAMES = ("code", "province", "city", "county")
GENERATIONS = ("hh_gen1", "hh_gen2", "hh_gen3", "hh_gen4p")
ELDERLY = ("hh_65p_one", "hh_65p_two", "hh_65p_three")
AGE_GROUPS = tuple(str(name) for name in schema()["demography.age_by_sex"].keys[1])
SEXES = {"male": "m", "female": "f"}
_COUNTS = ("pop", "pop_m", "pop_f", "urban", "rural", "hh", "hh_pop", "hh_1person", *GENERATIONS)
_LONG_FORM = ("emp_long", "emp_agri_long", "pop15p_long", "hh_long", "hh_car_long", "hh_rent_long")
_SHOWN = 20


def age_column(sex: str, group: str) -> str:
    """The column of an age group: ``m_1_4``, ``f_85p``.

    >>> age_column("male", "1-4"), age_column("female", "85+")
    ('m_1_4', 'f_85p')
    """
    return f"{SEXES[sex]}_{group.replace('-', '_').replace('+', 'p')}"


AGES = tuple(age_column(sex, group) for sex in SEXES for group in AGE_GROUPS)
NUMBERS = (*_COUNTS, "hh_size", "hh_65p", *ELDERLY, *_LONG_FORM, *AGES)


@dataclass(frozen=True)
class CensusCounty:
    """One county's row: names, and numbers by column. Columns in ``blank`` had no number and are at 0."""

    code: str
    province: str
    city: str
    county: str
    numbers: Mapping[str, float]
    blank: tuple[str, ...]
    place: str  # file and row, for errors

    def __getitem__(self, column: str) -> float:
        return self.numbers[column]

    def ages(self, sex: str) -> dict[str, float]:
        """Residents of one sex by age group."""
        return {group: self.numbers[age_column(sex, group)] for group in AGE_GROUPS}


@dataclass(frozen=True)
class CensusTable:
    """The file: names and codes of all counties, and their rows."""

    path: Path
    frame: pd.DataFrame

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of all counties, in the order of the file."""
        return tuple(self.frame["code"])

    def find(self, wanted: str) -> CensusCounty:
        """The county of that code or name; those of province and city may be before it (``中卫市海原县``).

        Raises ``MicrosimError``: near names where there is none, codes where there are several, and every
        number of the row that cannot be read.
        """
        frame, text = self.frame, "".join(wanted.split())
        rows = frame.index[frame["code"] == text]
        if not len(rows):  # a name: putting those of all counties together takes longer
            full = frame["province"] + frame["city"] + frame["county"]
            city, province = frame["city"] + frame["county"], frame["province"] + frame["county"]
            fits = (frame["county"] == text) | (full == text)
            rows = frame.index[fits | (city == text) | (province == text)]
        if not len(rows):
            raise InputError(Offence(f"has no county '{wanted}'", shown(self.path), self._near(text)))
        if len(rows) > 1:
            listed = "; ".join(self._named(row) for row in rows[:_SHOWN])
            more = f" and {len(rows) - _SHOWN} more" if len(rows) > _SHOWN else ""
            message = f"has {len(rows)} counties '{wanted}': {listed}{more}"
            raise InputError(Offence(message, shown(self.path), "give the code, or add the city"))
        return self._county(int(rows[0]))

    def _named(self, row: Any) -> str:
        names = self.frame.loc[row, list(NAMES)]
        return f"{names['code']} {names['county']} ({names['province']}, {names['city']})"

    def _near(self, text: str) -> str:
        """The nearest name; ambiguous ones with their codes. (Three characters leave little to compare.)"""
        # An official name with or without its 县, 市 or 区 is the first thing to be meant.
        starts = [name for name in self.frame["county"] if text and name[:-1] == text]
        known = sorted(set(self.frame["county"]))
        near = starts or difflib.get_close_matches(text, known, n=10, cutoff=0.5)
        near = sorted(near, key=lambda name: name[:1] != text[:1])[:3]  # the same first character is nearer
        if not near or text.isdigit():
            return "county names are in column 'county', six-digit codes in column 'code'"
        named = self.frame.index[self.frame["county"].isin(near)][:5]
        return f"did you mean {' or '.join(self._named(row) for row in named)}?"

    def _county(self, row: int) -> CensusCounty:
        entries = self.frame.loc[row]
        place = f"{shown(self.path)}, row {row + 2} (code {entries['code']})"
        numbers, blank, offences = {}, [], []
        for column in NUMBERS:
            text = str(entries[column])
            if text == "":
                blank.append(column)
                numbers[column] = 0.0
                continue
            try:
                number = float(text.replace(",", ""))
            except ValueError:
                offences.append(Offence(f"{column} is '{text}', not a number", place))
                continue
            if not 0 <= number < float("inf"):
                offences.append(Offence(f"{column} is {text}; counts are not below 0", place))
            numbers[column] = number
        if offences:
            raise DataError(offences, title=f"{shown(self.path)} cannot be used for this county")
        names = {name: str(entries[name]) for name in NAMES}
        return CensusCounty(**names, numbers=MappingProxyType(numbers), blank=tuple(blank), place=place)


def read_census(path: Path) -> CensusTable:
    """Read the county tables: .csv, .csv.gz (UTF-8 or GB18030) or the first sheet of .xlsx.

    Raises ``MicrosimError`` naming every column that is missing, or why the file cannot be read.
    """
    ending = next((one for one in sorted(ENDINGS, reverse=True) if path.name.lower().endswith(one)), None)
    if os.path.isdir(path):
        raise FileError(Offence("is a folder, not a census table", shown(path)))
    if not os.path.isfile(path):
        raise FileError(Offence("no such file", shown(path)))
    if ending is None:
        known = ", ".join(ENDINGS)
        raise FileError(Offence("is not a format of census tables", shown(path), f"known: {known}"))
    frame = texts_of(path, ending)
    missing = [name for name in (*NAMES, *NUMBERS) if name not in frame.columns]
    if missing:
        raise FileError(
            [Offence(f"has no column '{name}'", shown(path)) for name in missing],
            title=f"{shown(path)} is not a census table by county (docs/census.md lists its columns)",
        )
    frame = frame[[*NAMES, *NUMBERS]].apply(lambda column: column.str.strip())
    frame["code"] = frame["code"].str.removesuffix(".0")
    return CensusTable(path, frame)


def texts_of(path: Path, ending: str) -> pd.DataFrame:
    """A table as texts: .csv, .csv.gz (UTF-8 or GB18030) or the first sheet of .xlsx.

    Raises ``FileError`` where the file cannot be read, and says what is wrong with it.
    """
    try:
        return _excel(path) if ending == ".xlsx" else _csv(path)
    except MicrosimError:
        raise
    # What pandas, gzip and zipfile raise for broken files.
    except (ValueError, KeyError, OSError, EOFError, BadZipFile) as error:
        problem = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise FileError(Offence(f"not a readable {ending} file ({problem})", shown(path))) from None


def _csv(path: Path) -> pd.DataFrame:
    import pandas as pd

    for encoding in ENCODINGS:
        try:
            return pd.read_csv(path, dtype=str, keep_default_na=False, encoding=encoding)
        except UnicodeDecodeError:
            continue
    raise FileError(Offence("is neither UTF-8 nor GB18030", shown(path)))


def _excel(path: Path) -> pd.DataFrame:
    import pandas as pd

    needed("openpyxl", path)
    frame = pd.read_excel(path, dtype=str, keep_default_na=False, engine="openpyxl")
    frame.columns = pd.Index([str(name) for name in frame.columns])
    return frame
