"""The column registry: what each known column of a population means, its type, unit and range."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from microsim.documents import read_document

ENTITIES = ("household", "person")
TYPES = ("float", "int", "bool", "category")
# Table names as users see them in messages.
TABLES = {"household": "households", "person": "persons"}
# Columns that identify or weigh rows; they are attributes of the population, not inputs of rules.
STRUCTURAL = ("household_id", "person_id", "weight")
# Dibao received according to the data: a record, not an income, in whatever year's law it is compared.
RECORDED = "dibao_received"

Scalar = float | int | bool | str


@dataclass(frozen=True)
class Column:
    """One known column: entity, type, unit, inclusive range, default, labels and meaning."""

    name: str
    entity: str
    type: str
    unit: str
    label: Mapping[str, str]
    meaning: str
    categories: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    default: Scalar | None = None

    @property
    def table(self) -> str:
        """``persons`` or ``households``."""
        return TABLES[self.entity]

    @property
    def is_money(self) -> bool:
        """Whether the column is an amount of yuan."""
        return self.unit.startswith("yuan")


@cache
def registry() -> Mapping[str, Column]:
    """Known columns by name, in the order of ``columns.yaml`` (read once per process)."""
    entries: dict[str, dict[str, Any]] = read_document(Path(__file__).with_name("columns.yaml")).data
    return MappingProxyType({name: _column(name, entry) for name, entry in entries.items()})


def known(entity: str) -> dict[str, Column]:
    """Known columns of one entity that rules may read (ids and weight left out)."""
    return {
        name: column
        for name, column in registry().items()
        if column.entity == entity and name not in STRUCTURAL
    }


def _column(name: str, entry: Mapping[str, Any]) -> Column:
    return Column(
        name=name,
        entity=entry["entity"],
        type=entry["type"],
        unit=entry["unit"],
        label=MappingProxyType(dict(entry["label"])),
        meaning=entry["meaning"],
        categories=tuple(entry.get("categories", ())),
        minimum=entry.get("minimum"),
        maximum=entry.get("maximum"),
        default=entry.get("default"),
    )
