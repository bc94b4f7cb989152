"""Mapping files: which column of a survey or register becomes which column of a population, and how."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from microsim.documents import Document, Step, read_document
from microsim.documents.findings import Findings
from microsim.errors import FileError, InputError, Offence, did_you_mean
from microsim.population.core.column_nodes import column_node
from microsim.population.core.columns import STRUCTURAL, Column, registry
from microsim.population.survey.grammar import FACTORS, FILL, GIVE, MAPPING, TABLES

_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class ColumnRule:
    """How one column is made. ``steps`` is its place in the mapping file."""

    name: str
    table: str
    steps: tuple[Step, ...]
    sources: tuple[str, ...]  # several are added up
    less: tuple[str, ...]  # and these taken off
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
        return used | {name for one in rules if one.from_table == table for name in (*one.sources, *one.less)}


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
    data = document.data
    if not isinstance(data, dict):
        raise InputError(Offence("a mapping file has keys and values", document.place()))
    found = Findings(document)
    said = found.check(MAPPING, data)
    tables = {name: _table(found, name, said.get(name) or {}) for name in TABLES}
    weight = None
    if given := (said.get("households") or {}).get("weight"):
        weight = _column(found, "weight", given, "households", ("households", "weight"), ())
    if found:
        raise InputError(found.offences, title="the mapping cannot be used")
    source, read = (said.get(part) or {} for part in ("source", "read"))
    return SurveyMapping(document, source, read, tables["persons"], tables["households"], weight)


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


def _table(found: Findings, name: str, said: Mapping[str, Any]) -> TableRule:
    codes = _codes(said.get("missing"))
    columns = [
        _column(found, str(key), entry, name, (name, "columns", key), codes)
        for key, entry in (said.get("columns") or {}).items()
    ]
    keep = {str(column): _codes(values) for column, values in (said.get("keep_if") or {}).items()}
    ids = {key: str(said.get(key) or "") for key in ("file", "household", "person")}
    fill_down = tuple(str(one) for one in said.get("fill_down") or ())
    layout = int(said.get("header_row") or 1), fill_down
    return TableRule(name, ids["file"], ids["household"], ids["person"], tuple(columns), keep, *layout)


def _codes(said: list[Any] | None) -> tuple[str, ...]:
    return tuple(text_of(value) for value in said or ())


def _column(
    found: Findings, name: str, entry: Any, table: str, steps: tuple[Step, ...], codes: tuple[str, ...]
) -> ColumnRule:
    """One column; what its parts mean together is checked here."""
    said: dict[str, Any] = entry if isinstance(entry, dict) else {"from": entry}
    sources, less = _names(said.get("from")), _names(said.get("less"))
    known = registry().get(name)
    if name != "weight":
        _name(found, name, known, table, steps, bool(said.get("new")))
    if bool(sources) == ("value" in said) and found.clean(*steps, "from"):
        found.add(steps, f"'{name}' needs either 'from' or 'value'")
    from_table = said.get("table", table)
    for key, whose, fits in (
        ("take", "persons", table == "households" and from_table == "persons"),
        ("give", "households", table == "persons" and from_table == "households"),
    ):
        if key in said and not fits:
            message = f"'{key}' is for columns that come from the {whose}"
            found.add((*steps, key), message, f"table: {whose}")
    if table == "persons" and from_table == "households" and "give" not in said:
        hint = f"give: {', '.join(GIVE)} says who gets it"
        if found.clean(*steps, "give"):
            found.add(steps, f"'{name}' of persons comes from the households", hint)
    counted = known is not None and known.type in ("int", "float")
    if said.get("clip") and not counted:
        found.add((*steps, "clip"), f"{name} has no range to clip to")
    recode = said.get("recode")
    if known is not None:
        _values(found, said, known, steps)
    if less and (not sources or recode is not None or (known is not None and not counted)):
        found.add((*steps, "less"), f"{name} is no amount that something could be taken off", "leave it out")
    if (known is not None and known.type == "category") or _says_text(recode):
        _no_sum(found, said, name, steps, len(sources))
    if said.get("identity") == "age" and not said.get("on"):
        found.add(steps, "age from an identity number needs a day", "on: 2020-12-31")
    return ColumnRule(
        name=name,
        table=table,
        steps=steps,
        sources=sources,
        less=less,
        from_table=from_table,
        value=said.get("value"),
        recode=None if recode is None else {text_of(code): value for code, value in recode.items()},
        otherwise=said.get("otherwise"),
        unit=str(said.get("unit", "")),
        factor=_factor(found, said, known, name, steps),
        missing=(*codes, *_codes(said.get("missing"))),
        subtract_from=said.get("subtract_from"),
        identity=said.get("identity", ""),
        on=str(said.get("on", "")),
        fill=said.get("fill"),
        clip=said.get("clip", False),
        take=said.get("take", "same"),
        give=said.get("give", ""),
        verified=said.get("verified"),
        column=known,
        scale_to_persons=said.get("scale_to_persons"),
    )


def _names(given: Any) -> tuple[str, ...]:
    return tuple(map(str, given if isinstance(given, list) else [] if given is None else [given]))


def _name(
    found: Findings, name: str, known: Column | None, table: str, steps: tuple[Step, ...], new: bool
) -> None:
    if name in STRUCTURAL:
        found.add(steps, f"'{name}' is not a column of its own", "see household:, person: and weight:")
    elif known is None and not new:
        same = [one for one, column in registry().items() if column.entity == TABLES[table]]
        hint = did_you_mean(name, same)
        found.add(steps, f"no known column '{name}'", f"{hint} new: true keeps it anyway".strip())
    elif known is not None and known.entity != TABLES[table]:
        found.add(steps, f"'{name}' is a column of {known.table}", f"move it to {known.table}")


def _no_sum(
    found: Findings, said: Mapping[str, Any], name: str, steps: tuple[Step, ...], sources: int
) -> None:
    """Words are neither added up nor divided."""
    if sources > 1:
        found.add((*steps, "from"), f"{name} holds words, and several sources are added up", "name one")
    if said.get("take") in ("sum", "largest", "any"):
        found.add((*steps, "take"), f"{name} holds words, not numbers", "take: same or take: first")
    if said.get("give") in ("equal", "adults"):
        found.add((*steps, "give"), f"{name} holds words, which cannot be divided", "leave it out")


def _values(found: Findings, said: Mapping[str, Any], known: Column, steps: tuple[Step, ...]) -> None:
    """Whether the values that are written are such as the column holds (None: missing)."""
    node = column_node(known, null=True, ranged=False)
    if said.get("fill") == "median" and known.type not in ("int", "float"):
        found.add((*steps, "fill"), f"{known.name} has no median", "fill: VALUE or fill: drop")
    for key in ("value", "otherwise", *(() if said.get("fill") in FILL else ("fill",))):
        if key != "otherwise" or "recode" in said:
            found.check(node, said.get(key), (*steps, key))
    for code, value in (said.get("recode") or {}).items():
        found.check(node, value, (*steps, "recode", code))


def _factor(
    found: Findings, said: Mapping[str, Any], column: Column | None, name: str, steps: tuple[Step, ...]
) -> float:
    """What amounts are multiplied by."""
    if "unit" not in said:
        if column is not None and column.is_money and said.get("from") is not None:
            units = ", ".join(FACTORS.get(column.unit, {}))
            found.add(steps, f"the unit of '{name}' in the source is not given", f"unit: one of {units}")
        return 1.0
    unit, target = str(said["unit"]), column.unit if column is not None else ""
    table = FACTORS.get(target, {target: 1.0}) if column is not None else FACTORS["yuan/year"]
    if unit not in table:
        hint = did_you_mean(unit, table) or f"one of {', '.join(table)}"
        found.add((*steps, "unit"), f"'{unit}' cannot become {target or 'yuan/year'}", hint)
    return table.get(unit, 1.0)
