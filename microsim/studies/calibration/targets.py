"""What an office knows of its county: recipients and expenditure, by area or in all; any part of it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from microsim.documents import read_document, shown
from microsim.documents.findings import Findings, kind_of
from microsim.documents.nodes import AnyOf, Node, Number, Record
from microsim.errors import InputError, Offence

AREAS = ("rural", "urban")
ALL = "all"  # both areas together
RECIPIENTS, EXPENDITURE = "recipients", "expenditure"
PROGRAMMES = (
    "tekun",
    "dibao",
    "living_subsidy",
    "nursing_subsidy",
)  # in the order in which each hangs on others
UNITS = {RECIPIENTS: "persons", EXPENDITURE: "yuan/year"}
EXAMPLE = "dibao: {recipients: {rural: 5123, urban: 1200}, expenditure: {rural: 2.3e7}}"
_EN = {RECIPIENTS: "Recipients, persons.", EXPENDITURE: "Expenditure of the year, yuan."}
_ZH = {RECIPIENTS: "保障人数（人）。", EXPENDITURE: "全年支出（元）。"}


def _amount(kind: str, by_area: bool = True) -> Node:
    wrong, hint = "'$path' is a number above 0, found $shown", "leave out what is not known"
    number = Number(en=_EN[kind], zh=_ZH[kind], above=0, null=False, wrong=wrong, hint=hint)
    if not by_area:
        return number
    areas = Record(fields=dict.fromkeys(AREAS, number), filled=True, null=False, unknown="no area '$key'")
    wrong = "'$path' is a number, or numbers by area, found $shown"
    return AnyOf(
        en=_EN[kind], zh=_ZH[kind], options=(number, areas), null=False, wrong=wrong,
        hint=f"{kind}: {{rural: 5123, urban: 1200}}",
    )  # fmt: skip


def _programme(en: str, zh: str, by_area: bool) -> Record:
    kinds = {RECIPIENTS: _amount(RECIPIENTS), EXPENDITURE: _amount(EXPENDITURE, by_area)}
    return Record(
        en=en, zh=zh, fields=kinds, filled=True, null=False, unknown="'$key' is no target of $parent"
    )


TARGETS = Record(
    null=False,
    filled=True,
    en="What the office knows: recipients and expenditure, by area or in all; whatever is known.",
    zh="民政部门掌握的数字：保障人数和支出，可分城乡或合计，知道多少填多少。",
    unknown="'$key' is no programme with targets",
    known="known: $names",
    wrong="the file names programmes and what is known of them, found $shown",
    hint=EXAMPLE,
    fields={
        "dibao": _programme("The minimum living guarantee.", "最低生活保障。", True),
        "tekun": _programme(
            "Support of the destitute, in cash and in kind.", "特困人员救助供养（含实物和照料）。", True
        ),
        # One set of amounts holds in both areas: their expenditure is met in all.
        "living_subsidy": _programme(
            "The living subsidy of disabled persons.", "困难残疾人生活补贴。", False
        ),
        "nursing_subsidy": _programme(
            "The nursing subsidy of disabled persons.", "重度残疾人护理补贴。", False
        ),
    },
)


@dataclass(frozen=True)
class Targets:
    """Programme -> kind -> group (``rural``, ``urban`` or ``all``) -> persons, or yuan a year."""

    values: Mapping[str, Mapping[str, Mapping[str, float]]] = field(default_factory=dict)

    def of(self, programme: str, kind: str) -> Mapping[str, float]:
        """The targets of one kind by group; empty where nothing is known."""
        return self.values.get(programme, {}).get(kind, {})

    def __iter__(self) -> Iterator[tuple[str, str, str, float]]:
        for programme, kinds in self.values.items():
            for kind, groups in kinds.items():
                for group, value in groups.items():
                    yield programme, kind, group, value

    def __len__(self) -> int:
        return sum(1 for _ in self)


def read_targets(path: str | os.PathLike[str]) -> Targets:
    """The targets in a YAML file. Raises ``InputError`` with every offence at file, line and column."""
    document = read_document(path, f"write one, for example: {EXAMPLE}")
    title = f"{shown(Path(path))} cannot be used as targets"
    if not isinstance(document.data, Mapping):
        found = "is empty" if document.data is None else f"holds a {kind_of(document.data)}"
        raise InputError(Offence(f"the file {found}", document.place(), EXAMPLE), title)
    return targets_from(document.data, Findings(document), title)


def targets_from(
    said: Mapping[str, Any], found: Findings | None = None, title: str = "the targets cannot be used"
) -> Targets:
    """Targets as plain data: ``{"dibao": {"recipients": {"rural": 5123}}}``.

    Raises ``InputError`` with everything that is wrong with them.
    """
    found = found if found is not None else Findings(None)
    checked = found.check(TARGETS, said) or {}
    values: dict[str, dict[str, dict[str, float]]] = {}
    for programme in PROGRAMMES:
        for kind, given in (checked.get(programme) or {}).items():
            groups = given if isinstance(given, Mapping) else {ALL: given}
            values.setdefault(programme, {})[kind] = {group: float(v) for group, v in groups.items()}
        own = values.get(programme, {})
        if ALL in own.get(RECIPIENTS, {}) and set(own.get(EXPENDITURE, {})) & set(AREAS):
            message = f"{programme}: expenditure by area, but recipients in all"
            found.add((programme, EXPENDITURE), message, "give recipients by area, or expenditure in all")
    if found:
        raise InputError(found.offences, title)
    return Targets(values)
