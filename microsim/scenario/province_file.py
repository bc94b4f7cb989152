"""A province's file, and the ``province:`` of a scenario, held against the law."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from microsim.documents import read_document, shown
from microsim.documents.findings import Findings, kind_of
from microsim.documents.nodes import Date, Described, Record, Text, by_language, localised
from microsim.errors import InputError, Offence, did_you_mean
from microsim.scenario.change_nodes import changes
from microsim.scenario.lawful import check_against_law, law_on
from microsim.scenario.provinces import Province, province_files

PROVINCE = Record(
    null=False,
    en="What a province or municipality sets in place of the national law, each value with its document.",
    zh="省（自治区、直辖市）与国家规定不同的取值，逐项注明文件。",
    unknown="unknown key '$key' of a province",
    required={
        "title": "title: {en: Beijing, zh: 北京市}",
        "changes": "changes: {dibao.line: {on: {2024-07-01: {by: {rural: 17400, urban: 17400}}}}}",
        "sources": "sources: {dibao.line: the document in which it was read}",
    },
    missing="a province needs '$key'",
    fields={
        "title": localised("What it is called, in English and Chinese.", "名称（中英文）。", null=False),
        "changes": Described(
            en="Values by the day from which they hold, as in a scenario.",
            zh="按生效日期取值，写法与方案相同。",
            node=lambda: changes(law_on(None)),
        ),
        "sources": Record(
            en="The document in which each value was read, by parameter.",
            zh="各参数取值所依据的文件。",
            fields={},
            rest=Text(filled=True, null=False),
            null=False,
        ),
        "until": Record(
            en="The last day of values that have ended, by parameter; the national ones hold again after it.",
            zh="已失效取值的最后一日（按参数）；此后恢复全国取值。",
            fields={},
            rest=Date(null=False),
            null=False,
        ),
    },
)


def read_province(path: Path) -> Province:
    """The province in a file; ``InputError`` with every offence at file, line and column."""
    document = read_document(path)
    title = f"{shown(path)} cannot be used as a province"
    if not isinstance(document.data, dict):
        message = f"the file holds a {kind_of(document.data)}"
        raise InputError(
            Offence(message, document.place(), "a province has title:, changes: and sources:"), title
        )
    found = Findings(document)
    said = found.check(PROVINCE, document.data)
    given, sources, until = said.get("changes"), said.get("sources") or {}, said.get("until") or {}
    made = check_against_law(found.add, {"changes": given}, None, allow_unusual=True)
    for name, change in (given if isinstance(given, Mapping) else {}).items():
        if not (isinstance(change, Mapping) and "on" in change):
            hint = f"{name}: {{on: {{{dt.date(2025, 1, 1)}: ...}}}}"
            found.add(("changes", name), "a province's value says from which day it holds", hint)
        elif name not in sources:
            found.add(("changes", name), f"no document for '{name}'", f"sources: {{{name}: ...}}")
    for key, named in (("sources", sources), ("until", until)):
        for name in named:
            if name not in (given or {}):
                found.add((key, name), f"changes has no '{name}'", did_you_mean(str(name), given or {}))
    titles = by_language(said.get("title"))
    if not {"en", "zh"} <= set(titles) and found.clean("title"):
        found.add(("title",), "a province is named in both languages", "title: {en: Beijing, zh: 北京市}")
    if found:
        raise InputError(found.offences, title)
    return Province(path, titles, made, sources, until)


def province_named(name: str) -> Province:
    """The province of that name; ``InputError`` with the list of those that there are."""
    files = province_files()
    if name not in files:
        hint = f"{did_you_mean(name, files)} known: {', '.join(files)}".strip()
        raise InputError(Offence(f"no province '{name}'", "", hint))
    return read_province(files[name])
