"""Mapping files: which column of a survey or register becomes which column of a population, and how."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from microsim.documents import Document, Step, read_document
from microsim.errors import FileError, InputError, Offence, did_you_mean
from microsim.population.core.columns import STRUCTURAL, Column, registry

TABLES = {"persons": "person", "households": "household"}
IDENTITY = ("age", "sex")  # what an identity number tells
TAKE = ("same", "first", "sum", "largest", "any")  # one value of a household out of those of its persons
GIVE = ("head", "equal", "adults")  # who of a household gets an amount of the household
FILL = ("drop", "median")  # besides a value
# What amounts are multiplied by, by the unit of the source and the unit of the registry.
FACTORS = {
    "yuan/year": {
        "yuan/year": 1.0,
        "yuan/month": 12.0,
        "yuan/quarter": 4.0,
        "10000 yuan/year": 1e4,
        "1000 yuan/year": 1e3,
    },
    "yuan": {"yuan": 1.0, "1000 yuan": 1e3, "10000 yuan": 1e4},
    "1": {"1": 1.0, "percent": 0.01},
}
_TEMPLATES = Path(__file__).parent / "templates"
_TOP = ("source", "read", "persons", "households")
_READ = ("encoding", "sheet", "separator")
_TABLE = (
    *("file", "header_row", "fill_down", "household", "person"),
    *("missing", "columns", "weight", "keep_if"),
)
_COLUMN = (
    *("from", "table", "value", "recode", "otherwise", "unit", "missing", "subtract_from", "identity", "on"),
    *("fill", "clip", "take", "give", "new", "verified"),
)


@dataclass(frozen=True)
class ColumnRule:
    """How one column is made. ``steps`` is its place in the mapping file."""

    name: str
    table: str
    steps: tuple[Step, ...]
    sources: tuple[str, ...]  # several are added up
    from_table: str
    value: Any = None
    recode: Mapping[str, Any] | None = None
    otherwise: Any = None
    unit: str = ""
    factor: float = 1.0
    missing: tuple[str, ...] = ()
    subtract_from: float | None = None
    identity: str = ""
    on: str = ""
    fill: Any = None
    clip: bool = False
    take: str = "same"
    give: str = ""
    verified: bool | None = None
    column: Column | None = None
    scale_to_persons: float | None = None


@dataclass(frozen=True)
class TableRule:
    """Where one table comes from."""

    name: str
    file: str
    household: str
    person: str
    columns: tuple[ColumnRule, ...]
    keep_if: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    header_row: int = 1
    fill_down: tuple[str, ...] = ()


@dataclass(frozen=True)
class SurveyMapping:
    """A checked mapping file."""

    document: Document
    source: Mapping[str, Any]
    read: Mapping[str, str]
    persons: TableRule
    households: TableRule
    weight: ColumnRule | None

    def wanted(self, table: str) -> set[str]:
        """Source columns that are read from the file of a table."""
        rule = self.persons if table == "persons" else self.households
        used = {rule.household, rule.person, *rule.keep_if, *rule.fill_down} - {""}
        rules = [*self.persons.columns, *self.households.columns, *([self.weight] if self.weight else [])]
        return used | {name for one in rules if one.from_table == table for name in one.sources}


def templates() -> dict[str, Path]:
    """The mappings that come with the package, by name."""
    return {path.stem: path for path in sorted(_TEMPLATES.glob("*.yaml"))}


def find_mapping(name: str) -> Path:
    """A mapping file, or the template of that name."""
    path = Path(name)
    if os.path.exists(path) or path.suffix:
        return path
    known = templates()
    if name in known:
        return known[name]
    hint = did_you_mean(name, known) or f"templates: {', '.join(known)}"
    raise FileError(Offence("no such mapping file or template", name, hint))


def read_mapping(path: Path) -> SurveyMapping:
    """Read and check a mapping file. Raises ``MicrosimError`` with every offence at file:line:column."""
    document = read_document(path)
    return _Reader(document).read()


def text_of(value: Any) -> str:
    """A code as text: 1, 1.0 and '1' are one code."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        try:
            number = float(value)
        except ValueError:
            return value.strip()
        whole = math.isfinite(number) and number == int(number) and abs(number) < 1e15
        return str(int(number)) if whole and _plain(value) else value.strip()
    if value is None or value != value:
        return ""
    if isinstance(value, (int, float)) and math.isfinite(value) and float(value) == int(value):
        return str(int(value))
    return str(value)


def _says_text(recode: Any) -> bool:
    return isinstance(recode, dict) and any(isinstance(value, str) for value in recode.values())


def _plain(text: str) -> bool:
    # '0012' is a name and not the number 12.
    digits = text.strip().lstrip("+-")
    return digits == "0" or not digits.startswith("0") or digits.startswith("0.")


class _Reader:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.offences: list[Offence] = []

    def say(self, steps: tuple[Step, ...], message: str, hint: str = "") -> None:
        self.offences.append(Offence(message, self.document.place(*steps), hint))

    def read(self) -> SurveyMapping:
        data = self.document.data
        if not isinstance(data, dict):
            raise InputError(Offence("a mapping file has keys and values", self.document.place()))
        self.keys(data, (), _TOP)
        read = self.part(data, (), "read")
        self.keys(read, ("read",), _READ)
        for key in read.keys() & set(_READ):
            if not isinstance(read[key], str) or (key == "separator" and len(read[key]) != 1):
                what = "one character" if key == "separator" else "text"
                self.say(("read", key), f"{key} is {what}, not {read[key]!r}")
        tables = {name: self.part(data, (), name) for name in TABLES}
        for name in TABLES:
            if not tables[name]:
                self.say((), f"has no part for {name}", f"add a part '{name}:'")
        rules = {name: self.table(name, part) for name, part in tables.items()}
        weight = None
        if "weight" in tables["households"]:
            weight = self.weight(tables["households"]["weight"])
        elif tables["households"]:
            self.say(
                ("households",),
                "does not give weights",
                "weight: {from: COLUMN}, or weight: {value: 1} if each row represents one household",
            )
        if self.offences:
            raise InputError(self.offences, title="the mapping cannot be used")
        source = self.part(data, (), "source")
        return SurveyMapping(self.document, source, read, rules["persons"], rules["households"], weight)

    def part(self, data: Mapping[str, Any], steps: tuple[Step, ...], name: str) -> dict[str, Any]:
        found = data.get(name) or {}
        if not isinstance(found, dict):
            self.say((*steps, name), f"'{name}' has keys and values, not {found!r}")
            return {}
        return found

    def keys(self, data: Mapping[str, Any], steps: tuple[Step, ...], allowed: tuple[str, ...]) -> None:
        for key in data:
            if key not in allowed:
                hint = did_you_mean(str(key), allowed) or f"keys: {', '.join(allowed)}"
                self.say((*steps, key), f"no such key '{key}'", hint)

    def table(self, name: str, data: dict[str, Any]) -> TableRule:
        self.keys(data, (name,), _TABLE)
        if data and not data.get("household"):
            self.say((name,), f"{name} need the column that names the household", "household: COLUMN")
        if name == "persons" and "weight" in data:
            self.say((name, "weight"), "weights belong to households")
        codes = self.codes(data.get("missing"), (name, "missing"))
        columns = [
            rule
            for key, entry in self.part(data, (name,), "columns").items()
            if (rule := self.column(str(key), entry, name, (name, "columns", key), codes)) is not None
        ]
        keep = {
            str(column): self.codes(values, (name, "keep_if", column))
            for column, values in self.part(data, (name,), "keep_if").items()
        }
        ids = {key: str(data.get(key) or "") for key in ("file", "household", "person")}
        layout = self.header_row(data, name), self.fill_down(data, name)
        return TableRule(name, ids["file"], ids["household"], ids["person"], tuple(columns), keep, *layout)

    def header_row(self, data: Mapping[str, Any], table: str) -> int:
        row = data.get("header_row", 1)
        if type(row) is not int or row < 1:
            hint = "the row that holds the names of the columns, counted from 1"
            self.say((table, "header_row"), f"header_row is a whole number from 1, not {row!r}", hint)
            return 1
        return row

    def fill_down(self, data: Mapping[str, Any], table: str) -> tuple[str, ...]:
        given = data.get("fill_down")
        names = given if isinstance(given, list) else [] if given is None else [given]
        wrong = [one for one in names if not isinstance(one, (str, int)) or isinstance(one, bool)]
        if wrong:
            hint = "fill_down: [COLUMN, ...]"
            self.say((table, "fill_down"), f"columns are named by text, not {wrong[0]!r}", hint)
            return ()
        return tuple(str(one) for one in names)

    def codes(self, given: Any, steps: tuple[Step, ...]) -> tuple[str, ...]:
        if given is None:
            return ()
        values = given if isinstance(given, list) else [given]
        if any(isinstance(value, (dict, list)) for value in values):
            self.say(steps, "codes are a list of numbers or texts")
            return ()
        return tuple(text_of(value) for value in values)

    def weight(self, entry: Any) -> ColumnRule | None:
        data = dict(entry) if isinstance(entry, dict) else entry
        scale = data.pop("scale_to_persons", None) if isinstance(data, dict) else None
        if scale is not None and not (isinstance(scale, (int, float)) and scale > 0):
            self.say(
                ("households", "weight", "scale_to_persons"), f"persons are a number above 0, not {scale!r}"
            )
            scale = None
        rule = self.column("weight", data, "households", ("households", "weight"), ())
        return None if rule is None else ColumnRule(**{**vars(rule), "scale_to_persons": scale})

    def column(
        self, name: str, entry: Any, table: str, steps: tuple[Step, ...], codes: tuple[str, ...]
    ) -> ColumnRule | None:
        data = entry if isinstance(entry, dict) else {"from": entry}
        before = len(self.offences)
        self.keys(data, steps, _COLUMN)
        known = registry().get(name)
        if name != "weight":
            self.name(name, known, table, steps, bool(data.get("new")))
        given = data.get("from")
        sources = tuple(
            str(one) for one in (given if isinstance(given, list) else [given] if given is not None else [])
        )
        if bool(sources) == ("value" in data):
            self.say(steps, f"'{name}' needs either 'from' or 'value'")
        from_table = str(data.get("table", table))
        if from_table not in TABLES:
            self.say((*steps, "table"), f"no table '{from_table}'", "persons or households")
        self.choice(data, steps, "take", TAKE, table == "households" and from_table == "persons")
        self.choice(data, steps, "give", GIVE, table == "persons" and from_table == "households")
        self.choice(data, steps, "identity", IDENTITY, True)
        if table == "persons" and from_table == "households" and "give" not in data:
            hint = f"give: {', '.join(GIVE)} says who gets it"
            self.say(steps, f"'{name}' of persons comes from the households", hint)
        if data.get("clip") and (known is None or known.type not in ("int", "float")):
            self.say((*steps, "clip"), f"{name} has no range to clip to")
        recode = data.get("recode")
        if recode is not None and not isinstance(recode, dict):
            self.say((*steps, "recode"), "recode is a table of code: value")
            recode = None
        if recode is not None and known is not None:
            self.recoded(recode, data.get("otherwise"), known, steps)
        if known is not None:
            self.fitting(data.get("value"), known, (*steps, "value"))
            if data.get("fill") not in FILL:
                self.fitting(data.get("fill"), known, (*steps, "fill"))
            elif data.get("fill") == "median" and known.type not in ("int", "float"):
                self.say((*steps, "fill"), f"{name} has no median", "fill: VALUE or fill: drop")
        if (known is not None and known.type == "category") or _says_text(recode):
            self.no_sum(data, name, steps, len(sources))
        factor = self.factor(data, known, name, steps)
        if data.get("identity") == "age" and not data.get("on"):
            self.say(steps, "age from an identity number needs a day", "on: 2020-12-31")
        if len(self.offences) > before:
            return None
        return ColumnRule(
            name=name,
            table=table,
            steps=steps,
            sources=sources,
            from_table=from_table,
            value=data.get("value"),
            recode=None if recode is None else {text_of(code): value for code, value in recode.items()},
            otherwise=data.get("otherwise"),
            unit=str(data.get("unit", "")),
            factor=factor,
            missing=(*codes, *self.codes(data.get("missing"), (*steps, "missing"))),
            subtract_from=data.get("subtract_from"),
            identity=str(data.get("identity", "")),
            on=str(data.get("on", "")),
            fill=data.get("fill"),
            clip=bool(data.get("clip", False)),
            take=str(data.get("take", "same")),
            give=str(data.get("give", "")),
            verified=data.get("verified"),
            column=known,
        )

    def name(self, name: str, known: Column | None, table: str, steps: tuple[Step, ...], new: bool) -> None:
        if name in STRUCTURAL:
            self.say(steps, f"'{name}' is not a column of its own", "see household:, person: and weight:")
        elif known is None and not new:
            same = [one for one, column in registry().items() if column.entity == TABLES[table]]
            hint = did_you_mean(name, same)
            self.say(steps, f"no known column '{name}'", f"{hint} new: true keeps it anyway".strip())
        elif known is not None and known.entity != TABLES[table]:
            self.say(steps, f"'{name}' is a column of {known.table}", f"move it to {known.table}")

    def choice(
        self, data: Mapping[str, Any], steps: tuple[Step, ...], key: str, allowed: tuple[str, ...], fits: bool
    ) -> None:
        if key not in data:
            return
        if not fits:
            other = "persons" if key == "take" else "households"
            self.say((*steps, key), f"'{key}' is for columns that come from the {other}", f"table: {other}")
        elif data[key] not in allowed:
            hint = did_you_mean(str(data[key]), allowed) or f"one of {', '.join(allowed)}"
            self.say((*steps, key), f"'{key}' cannot be {data[key]!r}", hint)

    def no_sum(self, data: Mapping[str, Any], name: str, steps: tuple[Step, ...], sources: int) -> None:
        """Words are neither added up nor shared out."""
        if sources > 1:
            self.say((*steps, "from"), f"{name} holds words, and several sources are added up", "name one")
        if data.get("take") in ("sum", "largest", "any"):
            self.say((*steps, "take"), f"{name} holds words, not numbers", "take: same or take: first")
        if data.get("give") in ("equal", "adults"):
            self.say((*steps, "give"), f"{name} holds words, which cannot be divided", "leave it out")

    def recoded(
        self, recode: Mapping[Any, Any], otherwise: Any, column: Column, steps: tuple[Step, ...]
    ) -> None:
        """Whether the new values are such as the column holds (None: missing)."""
        for code, value in recode.items():
            self.fitting(value, column, (*steps, "recode", code))
        self.fitting(otherwise, column, (*steps, "otherwise"))

    def fitting(self, value: Any, column: Column, place: tuple[Step, ...]) -> None:
        """Whether a column can hold a value."""
        if value is None:
            return
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if column.type == "category" and value not in column.categories:
            hint = did_you_mean(str(value), column.categories)
            allowed = f"allowed: {', '.join(column.categories)}"
            self.say(place, f"'{value}' is not a category of {column.name}", f"{hint} {allowed}".strip())
        elif column.type == "bool" and not isinstance(value, bool):
            self.say(place, f"{column.name} is true or false, not {value!r}")
        elif column.type in ("int", "float") and not number:
            self.say(place, f"{column.name} is a number, not {value!r}")

    def factor(
        self, data: Mapping[str, Any], column: Column | None, name: str, steps: tuple[Step, ...]
    ) -> float:
        if column is not None and column.is_money and data.get("from") is not None and "unit" not in data:
            units = ", ".join(FACTORS.get(column.unit, {}))
            self.say(steps, f"the unit of '{name}' in the source is not given", f"unit: one of {units}")
        if "unit" not in data:
            return 1.0
        unit, target = str(data["unit"]), column.unit if column is not None else ""
        table = FACTORS.get(target, {target: 1.0}) if column is not None else FACTORS["yuan/year"]
        if unit not in table:
            hint = did_you_mean(unit, table) or f"one of {', '.join(table)}"
            self.say((*steps, "unit"), f"'{unit}' cannot become {target or 'yuan/year'}", hint)
        return table.get(unit, 1.0)
