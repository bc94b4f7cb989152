"""Results folders -> a brief: one folder's findings, or those of several side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from microsim.documents import shown
from microsim.errors import InputError, Offence
from microsim.report.brief import common
from microsim.report.brief.folder import Folder
from microsim.report.brief.kinds import cliffs, compare, ledger, nation, run, solve, sweep, unify
from microsim.report.brief.model import Brief, Chart, Findings, Section, Table, Text
from microsim.report.text import in_words

KINDS: Mapping[str, Callable[[Folder, str], Findings]] = {
    "run": run.findings,
    "compare": compare.findings,
    "cliffs": cliffs.findings,
    "ledger": ledger.findings,
    "unification": unify.findings,
    "solve": solve.findings,
    "sweep": sweep.findings,
    "nation": nation.findings,
}
WORDS: dict[str, dict[str, str]] = {
    "titled": {"en": "{title}, {kind}", "zh": "{title}：{kind}"},
    "run": {"en": "as it is", "zh": "现状"},
    "compare": {"en": "change", "zh": "政策影响"},
    "cliffs": {"en": "cliffs", "zh": "福利悬崖"},
    "ledger": {"en": "who pays", "zh": "资金负担"},
    "unification": {"en": "paths to one line", "zh": "城乡统筹"},
    "solve": {"en": "target", "zh": "目标反算"},
    "sweep": {"en": "other values", "zh": "不同取值"},
    "nation": {"en": "county by county", "zh": "逐县测算"},
    "results": {"en": "Results", "zh": "主要结果"},
    "method": {"en": "How it was computed", "zh": "测算方法"},
    "assumptions": {"en": "The assumptions that matter most", "zh": "主要假设"},
    "not_modelled": {"en": "What is not modelled", "zh": "未纳入测算的内容"},
    "repeating": {"en": "How to compute this again", "zh": "复现方法"},
    "several": {"en": "{n} results side by side", "zh": "{n}项测算结果对比简报"},
    "asked": {"en": "Question: {question}", "zh": "问题：{question}"},
    "sentence": {"en": "{title}: {text}", "zh": "“{title}”：{text}"},
    "annex_table": {"en": "Annex table {n}. {caption}", "zh": "附表{n}　{caption}"},
    "annex_table_of": {"en": "Annex table {n}. {caption}: {name}", "zh": "附表{n}　{caption}（{name}）"},
    "table": {"en": "Table {n}. {caption}", "zh": "表{n}　{caption}"},
}
say = partial(in_words, WORDS)
MOST_CHARTS = 4


def brief_of(folders: Sequence[Folder], lang: str) -> Brief:
    """The brief of one results folder, or of several side by side.

    Of several, the answer is the first sentence of each, and each has its own section of results. Raises
    ``InputError`` for a kind of results of which there are no briefs.
    """
    _refuse_unknown(folders)
    found = [findings_of(folder, lang) for folder in folders]
    return _one(folders[0], found[0], lang) if len(folders) == 1 else _several(folders, found, lang)


def findings_of(folder: Folder, lang: str) -> Findings:
    """What one results folder says, with all its charts. Raises as :func:`brief_of`."""
    _refuse_unknown([folder])
    return KINDS[folder.kind](folder, lang)


def _refuse_unknown(folders: Sequence[Folder]) -> None:
    hint = f"there are briefs of {', '.join(KINDS)}"
    unknown = [folder for folder in folders if folder.kind not in KINDS]
    if unknown:
        raise InputError(
            [Offence(f"no brief is made of results of '{f.kind}'", shown(f.path), hint) for f in unknown]
        )


def _one(folder: Folder, found: Findings, lang: str) -> Brief:
    ((text, annex),) = _annexes([folder], [found], [""], lang)
    sections = (
        Section(say("results", lang), (*_numbered([found.table], lang), *found.charts[:MOST_CHARTS])),
        Section(say("method", lang), (common.method(folder, found, lang),)),
        Section(say("assumptions", lang), (text,)),
        Section(say("not_modelled", lang), common.not_modelled(folder, found, lang)),
        Section(say("repeating", lang), common.repeating(folder, lang)),
    )
    date = common.computed_on(folder, lang)
    return Brief(lang, found.title, date, found.question, found.answer, sections, annex)


def _several(folders: Sequence[Folder], found: Sequence[Findings], lang: str) -> Brief:
    """Each folder's answer and table under its own heading; what is said of one is not said again."""
    names = _names(folders, lang)
    answer = tuple(
        Text(say("sentence", lang, title=name, text=one.answer[0].text), one.answer[0].figures)
        for name, one in zip(names, found, strict=True)
        if one.answer
    )
    numbered = _numbered([one.table for one in found], lang)
    numbers = iter(numbered)
    each = max(MOST_CHARTS // len(found), 1)
    results = []
    for name, one in zip(names, found, strict=True):
        own = () if one.table is None else (next(numbers),)
        parts: tuple[Text | Table | Chart, ...] = (*one.answer, *own, *one.charts[:each])
        results.append(Section(name, parts))
    assumed = _annexes(folders, found, names, lang)
    both = list(zip(folders, found, strict=True))
    sections = (
        Section(say("results", lang), sections=tuple(results)),
        _apart("method", names, [(common.method(folder, one, lang),) for folder, one in both], lang),
        _apart("assumptions", names, [(text,) for text, _ in assumed], lang),
        _apart("not_modelled", names, [common.not_modelled(folder, one, lang) for folder, one in both], lang),
        _apart("repeating", names, [common.repeating(folder, lang) for folder in folders], lang),
    )
    questions = tuple(dict.fromkeys(one.question for one in found))
    title = say("several", lang, n=str(len(found)))
    date = common.computed_on(max(folders, key=lambda folder: str(folder.manifest["time"])), lang)
    joined = ("" if lang == "zh" else " ").join(questions)
    annex = tuple(table for _, tables in assumed for table in tables)
    return Brief(lang, title, date, joined, answer, sections, annex)


def _names(folders: Sequence[Folder], lang: str) -> list[str]:
    """What each is called: its scenario's title, with its kind where several have the same, or its folder."""
    names = [folder.title(lang) for folder in folders]
    kinds = [
        say("titled", lang, title=n, kind=say(f.kind, lang)) for n, f in zip(names, folders, strict=True)
    ]
    names = [kind if names.count(name) > 1 else name for name, kind in zip(names, kinds, strict=True)]
    own = [say("titled", lang, title=n, kind=f.path.name) for n, f in zip(names, folders, strict=True)]
    return [one if names.count(name) > 1 else name for name, one in zip(names, own, strict=True)]


def _annexes(
    folders: Sequence[Folder], found: Sequence[Findings], names: Sequence[str], lang: str
) -> list[tuple[Text, tuple[Table, ...]]]:
    """Of each folder what is said of its assumptions, and its tables at the end, numbered through."""
    out, n = [], 0
    seen: set[tuple[Any, ...]] = set()
    for folder, one, name in zip(folders, found, names, strict=True):
        text, assumed = common.assumptions(folder, one, lang, n + 1)
        tables = []
        lacking = common.lacking_table(folder, lang)
        if lacking is not None and lacking.rows in seen:
            lacking = None  # what the same data lack is said once
        elif lacking is not None:
            seen.add(lacking.rows)
        for table in (assumed, *one.annex, lacking):
            if table is None:
                continue
            n += 1
            key = "annex_table_of" if name else "annex_table"
            tables.append(replace(table, caption=say(key, lang, n=str(n), caption=table.caption, name=name)))
        out.append((text, tuple(tables)))
    return out


def _apart(key: str, names: Sequence[str], texts: Sequence[tuple[Text, ...]], lang: str) -> Section:
    """One text where all folders have the same, else each under its own heading."""
    if len({tuple(text.text for text in one) for one in texts}) == 1:
        return Section(say(key, lang), texts[0])
    parts = tuple(Section(name, one) for name, one in zip(names, texts, strict=True))
    return Section(say(key, lang), sections=parts)


def _numbered(tables: Sequence[Table | None], lang: str) -> tuple[Table, ...]:
    """Tables with their number in the caption."""
    found = [table for table in tables if table is not None]
    return tuple(
        replace(table, caption=say("table", lang, n=str(n), caption=table.caption))
        for n, table in enumerate(found, start=1)
    )


def default_name(folders: Sequence[Folder], ending: str) -> Path:
    """What a brief is called where nothing is said: as its folder is, beside it."""
    return folders[0].path.with_name(f"{folders[0].path.name}-brief.{ending}")
