"""What every brief says besides its answer: method, assumptions, what is not modelled, how to repeat it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from microsim.explanation.words import SOURCES
from microsim.report.books.headings import code_words
from microsim.report.brief import numbers
from microsim.report.brief.folder import Folder
from microsim.report.brief.model import Findings, Table, Text
from microsim.report.text import in_words
from microsim.simulation.explaining import cited, labelled

if TYPE_CHECKING:
    import pandas as pd

MOST_ASSUMPTIONS = 8
NAMED = 3  # in the text
MOST_COLUMNS = 8  # that are named in the text; more are in the annex
WORDS: dict[str, dict[str, str]] = {
    "method": {
        "en": "The law in force on {law} was applied to each of the {households} households ({persons} "
        "persons) "
        "in the data of {county}, weighted to the county, in money of {year}. Every entitlement follows from "
        "the articles of the law, household by household.",
        "zh": "对{county}数据中的{households}户（{persons}人）逐户适用{law}有效的政策法规，"
        "并按权数推及全县，金额为{year}年价格。"
        "每户的待遇均按政策条文逐条计算。",
    },
    "the_county": {"en": "the county", "zh": "该县"},
    "each": {"en": "each year", "zh": "各"},
    "compare": {
        "en": "Base and reform were computed for the same households, and their results compared.",
        "zh": "基准方案与改革方案分别测算后进行比较。",
    },
    "cliffs": {
        "en": "In each household one member's earnings were varied and every point was found at which the "
        "household's resources jump.",
        "zh": "逐户变动一名成员的劳动收入，找出家庭资源发生突变的全部位置。",
    },
    "ledger": {
        "en": "Each payment was shared out among levels of government by the financing rules in force.",
        "zh": "各项支出按现行资金分担办法在各级财政之间划分。",
    },
    "unification": {
        "en": "Each year was computed with its own lines and incomes, and compared with the ratio of "
        "lines held.",
        "zh": "逐年按当年标准和收入测算，并与维持现行城乡比例的情形比较。",
    },
    "solve": {
        "en": "The parameter was varied over its range until the target was met.",
        "zh": "在取值范围内变动该参数，直至达到目标。",
    },
    "sweep": {
        "en": "Each combination of values was computed for the same households.",
        "zh": "对同一组家庭逐一测算各种取值组合。",
    },
    "hangs": {
        "en": "No document gives {n} of the numbers used. {figure} depends most on {names} (annex table "
        "{at}).",
        "zh": "所用数字中有{n}项没有文件依据。对{figure}影响最大的依次为{names}（见附表{at}）。",
    },
    "unmoved": {
        "en": "No document gives {n} of the numbers used. {figure} does not move with any of them that is "
        "a tenth "
        "lower.",
        "zh": "所用数字中有{n}项没有文件依据，逐项降低一成均不影响{figure}。",
    },
    "listed": {
        "en": "No document gives {n} of the numbers used; how far each moves the answer was not "
        "measured. They "
        "are listed in the results folder (tables/assumptions.csv).",
        "zh": "所用数字中有{n}项没有文件依据，未逐项测算其影响，清单见结果文件夹（tables/assumptions.csv）。",
    },
    "not_listed": {
        "en": "How far assumptions move the answer was not measured here. Beside the values that are "
        "varied they are "
        "those of the base scenario: microsim run {file} lists and measures them.",
        "zh": "未在此测算各项假设的影响。除变动的取值外，假设与基准方案相同，"
        "运行 microsim run {file} 可列出并测算。",
    },
    "annex": {
        "en": "Numbers without a document that move {figure} most",
        "zh": "没有文件依据且对{figure}影响最大的数字",
    },
    "expenditure": {"en": "expenditure", "zh": "支出"},
    "extra": {"en": "the additional expenditure of {year}", "zh": "{year}年新增支出"},
    "note_figure": {
        "en": "If a tenth lower: by how much “{figure}” moves at the value found with this number alone.",
        "zh": "降低一成时：仅该项取值降低一成时，所求取值处“{figure}”的变动。",
    },
    "note_extra": {
        "en": "If a tenth lower: by how much the additional expenditure of {year} over the present ratio "
        "of lines "
        "moves with this number alone, under the law of the year's last day.",
        "zh": "降低一成时：仅该项取值降低一成时，{year}年比维持现行城乡比例新增支出的变动（按年末政策）。",
    },
    "assumption": {"en": "Number", "zh": "名称"},
    "value": {"en": "Value", "zh": "取值"},
    "source": {"en": "Basis", "zh": "来源"},
    "effect": {"en": "If a tenth lower", "zh": "降低一成时"},
    "annex_note": {
        "en": "If a tenth lower: by how much expenditure of all programmes a year (for a comparison, "
        "its change) "
        "moves with this number alone. Figures of the county's profile were used before and are no "
        "part of it.",
        "zh": "降低一成时：仅该项取值降低一成时各项救助年支出（对比时为其变化额）的变动。"
        "县情资料中的数字已用于生成人口，不在此列。",
    },
    "static": {
        "en": "Behaviour: nobody works more or less, moves or divides a household in response.",
        "zh": "行为反应：未考虑居民因政策而改变就业、迁移或分户。",
    },
    "lacking": {
        "en": "Missing from the data, so that these programmes are computed without: {columns}.",
        "zh": "数据缺少以下项目，相关政策按无此情形处理：{columns}。",
    },
    "lacking_many": {
        "en": "{n} items missing from the data, such as {columns} (annex): what depends on them is "
        "computed without.",
        "zh": "数据缺少{columns}等{n}个项目（见附表），相关政策按无此情形处理。",
    },
    "lacking_table": {"en": "Items that the data lack", "zh": "数据缺少的项目"},
    "lacking_column": {"en": "Item", "zh": "项目"},
    "lacking_reader": {"en": "Read by", "zh": "涉及政策"},
    "known": {
        "en": "Law after {date}: later dates are computed with the law of that day.",
        "zh": "{date}以后的政策法规：此后沿用该日规定。",
    },
    "idle": {
        "en": "Changes of the scenario that moved no figure: {names}.",
        "zh": "方案中未影响任何数字的改动：{names}。",
    },
    "withheld": {
        "en": "Figures that rest on fewer than {least} persons or households, or would reveal such "
        "figures: not "
        "published ({n}).",
        "zh": "涉及不足{least}人（户）以及可据以推算的数据：不予公布（{n}项）。",
    },
    "ensemble": {
        "en": "Ranges in brackets are over sets of assumptions that fit the county's known figures "
        "equally well. "
        "They are no margins of error.",
        "zh": "括号内的范围是同样符合本县已知情况的各组假设之间的差异，不是误差范围。",
    },
    "command": {"en": "Command: {command}", "zh": "命令：{command}"},
    "hash": {"en": "{what}: {hash}", "zh": "{what}：{hash}"},
    "hash_scenario": {"en": "Scenario (SHA-256)", "zh": "方案（SHA-256）"},
    "hash_policy": {"en": "Law (SHA-256)", "zh": "政策（SHA-256）"},
    "hash_population": {"en": "Population (SHA-256)", "zh": "人口数据（SHA-256）"},
    "hash_nation": {"en": "File of the study (SHA-256)", "zh": "研究文件（SHA-256）"},
    "hash_law": {"en": "Law (SHA-256)", "zh": "政策（SHA-256）"},
    "hash_census": {"en": "Census (SHA-256)", "zh": "普查表（SHA-256）"},
    "hash_table": {"en": "Table of counties (SHA-256)", "zh": "县表（SHA-256）"},
    "hash_archetypes": {"en": "Archetypes (SHA-256)", "zh": "典型县（SHA-256）"},
    "hash_kernel": {"en": "Computed function", "zh": "计算函数"},
    "hash_law_package": {"en": "Own law (SHA-256)", "zh": "自有规则（SHA-256）"},
    "version": {
        "en": "microsim {version}, computed on {date}.",
        "zh": "microsim {version}，测算日期{date}。",
    },
}
say = partial(in_words, WORDS)


def method(folder: Folder, found: Findings, lang: str) -> Text:
    """How the results came about, in a paragraph."""
    if found.method:
        return Text(found.method)
    about = folder.about
    population, money = about.get("population", {}), about.get("money", {})
    parts = []
    if population:
        # A study over years has the money of each.
        year = str(money["year"]) if "year" in money else say("each", lang)
        county = about.get("county_name", {}).get(lang) or say("the_county", lang)
        counts = {name: f"{int(population[name]):,}" for name in ("households", "persons")}
        parts.append(say("method", lang, law=law_of(folder, lang), county=county, year=year, **counts))
    if folder.kind in WORDS:
        parts.append(say(folder.kind, lang))
    return Text(("" if lang == "zh" else " ").join(parts))


def assumptions(folder: Folder, found: Findings, lang: str, at: int) -> tuple[Text, Table | None]:
    """The numbers without a document that move the answer most: a sentence, and the table at the end.

    ``at``: the number of that table.
    """
    if found.assumed:
        return Text(found.assumed), None
    moved, listed = folder.table("sensitivity"), folder.table("assumptions")
    if listed is None:
        file = str(folder.about.get("scenario", {}).get("file", ""))
        return Text(say("not_listed", lang, file=file)), None
    n = str(listed["name"].nunique())
    if moved is None or moved.empty:
        return Text(say("listed", lang, n=n)), None
    figure = _figure(folder, lang)
    opening = figure if lang == "zh" else figure[0].upper() + figure[1:]
    # Of results with withheld figures the table has the order alone, and no effect.
    moving = moved[moved["effect"] != 0.0] if "effect" in moved.columns else moved
    if moving.empty:
        return Text(say("unmoved", lang, n=n, figure=opening)), None
    most = moving.head(MOST_ASSUMPTIONS)
    labels = [folder.label("parameters", name, lang) for name in most["name"][:NAMED]]
    # Titles begin with a capital in English, which in a sentence only quotation marks explain.
    names = "、".join(labels) if lang == "zh" else ", ".join(f"“{label}”" for label in labels)
    return Text(say("hangs", lang, n=n, names=names, at=str(at), figure=opening)), annex_of(
        folder, most, lang
    )


def _figure(folder: Folder, lang: str) -> str:
    """What was measured, in words."""
    if folder.kind == "unification":
        return say("extra", lang, year=str(folder.manifest["years"][-1]))
    if "sensitivity" in folder.manifest:
        return f"“{folder.figure_words(str(folder.manifest['sensitivity']['figure']), lang)}”"
    return say("expenditure", lang)


def _note(folder: Folder, lang: str) -> str:
    if folder.kind == "unification":
        return say("note_extra", lang, year=str(folder.manifest["years"][-1]))
    if "sensitivity" in folder.manifest:
        return say("note_figure", lang, figure=_figure(folder, lang).strip("“”"))
    return say("annex_note", lang)


def annex_of(folder: Folder, most: pd.DataFrame, lang: str) -> Table:
    """Rows of a table of sensitivities in words: number, value, basis, and effect if it was measured."""
    measured = "effect" in most.columns
    unit = str(folder.manifest.get("sensitivity", {}).get("unit", "yuan/year"))
    heads = ["assumption", "value", "source", *(["effect"] if measured else [])]
    rows = []
    records: list[dict[str, Any]] = most.to_dict("records")  # type: ignore[assignment]
    for row in records:
        label = folder.label("parameters", row["name"], lang)
        # What a scenario changes says no more of itself than that.
        reference = "" if row["source"] == "scenario" else cited(row["reference"], lang)
        basis = [SOURCES[lang].get(row["source"], ""), reference]
        value = value_words(row["value"], row["unit"], lang, row["name"].split(".")[-1])
        cells = [label, value, ("：" if lang == "zh" else ": ").join(filter(None, basis))]
        if measured:
            effect = numbers.said(float(row["effect"]), unit, lang, 2)
            cells.append(f"+{effect}" if row["effect"] > 0 else effect)
        rows.append(tuple(cells))
    header = tuple(say(head, lang) for head in heads)
    note = _note(folder, lang) if measured else ""
    return Table(
        say("annex", lang, figure=_figure(folder, lang)), header, tuple(rows), (3,) if measured else (), note
    )


def value_words(value: str, unit: str, lang: str, name: str = "") -> str:
    """A value with its categories and its unit in words."""
    from microsim.report.books.headings import unit_of

    comma, others = ("；", "其他") if lang == "zh" else ("; ", "others")
    value = re.sub(r"\d+\.\d{5,}", lambda number: f"{float(number[0]):.6g}", value)
    # Steps of a schedule: from which place on, and how much.
    value = re.sub(
        r"(?<![\w.])(\d[\d.]*) (\d[\d.]*)(?=;|$)", r"\1起 \2" if lang == "zh" else r"from \1: \2", value
    )
    shown_as = labelled(value, lang).replace("; ", comma).replace("default", others)
    if unit in ("1", "choice", "yes/no"):
        return shown_as
    if unit == "years" and lang == "zh" and "age" in name:
        return f"{shown_as}岁"
    return f"{shown_as}{'' if lang == 'zh' else ' '}{unit_of(unit, lang)}"


def not_modelled(folder: Folder, found: Findings, lang: str) -> tuple[Text, ...]:
    """What the answer leaves out of account."""
    about, out = folder.about, [say("static", lang)]
    comma = "；" if lang == "zh" else "; "
    lacking = _columns(about.get("lacking_columns") or {}, lang)
    if lacking:
        few = len(lacking) <= MOST_COLUMNS
        named = ("、" if lang == "zh" else ", ").join(lacking if few else lacking[:NAMED])
        out.append(say("lacking" if few else "lacking_many", lang, columns=named, n=str(len(lacking))))
    if about.get("without_effect"):
        names = [folder.label("parameters", name, lang) for name in about["without_effect"]]
        out.append(say("idle", lang, names=comma.join(names)))
    if about.get("law_known_until"):
        out.append(say("known", lang, date=numbers.day(about["law_known_until"], lang)))
    if folder.withheld:
        least = str(folder.manifest["withheld"]["min_count"])
        out.append(say("withheld", lang, least=least, n=str(len(folder.withheld))))
    if any(name.startswith(("low.", "change_low.")) for name in folder.summary):
        out.append(say("ensemble", lang))
    return (*map(Text, out), *found.limits)


def lacking_table(folder: Folder, lang: str) -> Table | None:
    """Columns that the data lack, with the programmes that would read them; None where they are few."""
    lacking = folder.about.get("lacking_columns") or {}
    if len(lacking) <= MOST_COLUMNS:
        return None
    by_readers: dict[tuple[str, ...], list[str]] = {}
    for label, readers in zip(_columns(lacking, lang), lacking.values(), strict=True):
        by_readers.setdefault(tuple(readers), []).append(label)
    comma = "、" if lang == "zh" else "; "
    words = code_words(lang)
    rows = []
    for readers, labels in by_readers.items():
        known = [folder.label("programmes", one, lang) for one in readers]
        names = [
            words.get(one, one) if label == one else label for label, one in zip(known, readers, strict=True)
        ]
        rows.append((comma.join(labels), comma.join(names)))
    header = (say("lacking_column", lang), say("lacking_reader", lang))
    return Table(say("lacking_table", lang), header, tuple(rows))


def _columns(lacking: Mapping[str, list[str]], lang: str) -> list[str]:
    from microsim.population import registry

    known = registry()
    labels = (known[column].label if column in known else {} for column in lacking)
    return [str(label.get(lang, column)) for column, label in zip(lacking, labels, strict=True)]


def repeating(folder: Folder, lang: str) -> tuple[Text, ...]:
    """Command, hashes and version: what is needed to compute the results again."""
    # The manifest of a sweep names the file, which says everything that its command does.
    own = folder.manifest.get("command")
    command = own or " ".join(["microsim", folder.kind, str(folder.manifest.get("file") or "")])
    out = [say("command", lang, command=command)]
    for key, digest in _hashes(folder).items():
        out.append(say("hash", lang, what=say(f"hash_{key}", lang), hash=digest))
    version = folder.manifest.get("versions", {}).get("microsim", "")
    out.append(say("version", lang, version=version, date=computed_on(folder, lang)))
    return tuple(Text(text, exact=True) for text in out)


def _hashes(folder: Folder) -> dict[str, str]:
    """Hash of the scenario, the law and the population, as manifest or plan has them."""
    plan = folder.manifest.get("plan", {})
    named = {"scenario": "scenario", "law": "policy", "population": "population"}
    planned = {to: _joined(plan[name]) for name, to in named.items() if name in plan}
    found = {**planned, **folder.about.get("hashes", {})}
    return {key: _joined(digest) for key, digest in found.items() if f"hash_{key}" in WORDS and digest}


def _joined(digest: str | Mapping[str, str]) -> str:
    """Of several scenarios or counties, each with its name."""
    if isinstance(digest, Mapping):
        return "; ".join(f"{name} {one}" for name, one in digest.items())
    return str(digest)


def computed_on(folder: Folder, lang: str) -> str:
    """The day on which the results were computed, as the manifest has it."""
    return numbers.day(str(folder.manifest["time"])[:10], lang)


def law_of(folder: Folder, lang: str) -> str:
    """The day of the law, in words."""
    law = folder.about.get("law")
    return numbers.day(str(law), lang) if law else ""
