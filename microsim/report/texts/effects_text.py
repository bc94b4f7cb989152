"""The text that ``microsim policy-effects`` prints: the change of each figure, and its causes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from microsim.outcome import flat_name
from microsim.report.money_text import money_note
from microsim.report.text import in_words, number, percent, signed, table, wrap
from microsim.report.texts.calibration_text import calibrated_note
from microsim.report.texts.ensemble_text import shares_text
from microsim.report.words import law_notes, programme_label
from microsim.report.words import say as say_of_runs
from microsim.studies.common.expenditure import SUMS
from microsim.studies.effects.prices import INCOMES, NOMINAL, Index

if TYPE_CHECKING:
    import pandas as pd

    from microsim.studies.effects.study import PolicyEffects

WORDS: dict[str, dict[str, str]] = {
    "base": {"en": "From: {title} ({law})", "zh": "起点：{title}（{law}）"},
    "other": {"en": "To: {title} ({law})", "zh": "终点：{title}（{law}）"},
    "law": {"en": "law", "zh": "政策"},
    "practice": {"en": "practice", "zh": "执行"},
    "incomes": {"en": "incomes", "zh": "收入"},
    "population": {"en": "people", "zh": "人口"},
    "cost": {"en": "Expenditure, million yuan a year", "zh": "支出（万元/年）"},
    "caseload": {"en": "Recipients, persons", "zh": "保障人数（人）"},
    "unit_cost": {"en": "million yuan", "zh": "万元"},
    "unit_caseload": {"en": "persons", "zh": "人"},
    "rates": {"en": "Poverty and inequality, per cent", "zh": "贫困与不平等（%）"},
    "poverty": {"en": "poor, {line}", "zh": "贫困发生率（{line}）"},
    "national": {"en": "national line", "zh": "国家标准"},
    "dibao_line": {"en": "own dibao line", "zh": "当地低保标准"},
    "gini": {"en": "Gini, disposable income", "zh": "基尼系数（可支配收入）"},
    "dibao": {"en": "Dibao", "zh": "低保"},
    "total": {"en": "All programmes", "zh": "全部项目"},
    "from": {"en": "from", "zh": "起点"},
    "to": {"en": "to", "zh": "终点"},
    "change": {"en": "change", "zh": "变化"},
    "rural": {"en": "rural", "zh": "农村"},
    "urban": {"en": "urban", "zh": "城市"},
    "comma": {"en": ", ", "zh": "，"},
    "same": {
        "en": "The two do not differ in law, practice, incomes or people.",
        "zh": "两者的政策、执行、收入和人口均相同。",
    },
    "other_index": {
        "en": "Under another index the change is the same, and its parts are",
        "zh": "采用其他指数时，总变化不变，各部分为",
    },
    "index_incomes": {
        "en": "amounts of law carried as incomes grow ({factors})",
        "zh": "法定金额随收入增长调整（{factors}）",
    },
    "index_nominal": {"en": "amounts of law as they are", "zh": "法定金额按原数"},
    "index_prices": {
        "en": "amounts of law carried as prices grow ({rate} a year)",
        "zh": "法定金额随物价调整（每年{rate}）",
    },
    "how": {
        "en": "Each part is the mean of what it adds over all orders in which {factors} can be changed one "
        "by one (Shapley); the parts add up to the change. Where the law of one year meets the incomes of "
        "the other: {index}. So law is what changed beyond that. The least and the most that each adds in "
        "any order: tables/orders.csv.",
        "zh": "各部分是{factors}按所有先后次序逐项变动时其增减量的平均值（沙普利分解），"
        "各部分之和等于总变化。"
        "一年的政策遇到另一年的收入时，{index}；因此“政策”只含超出这一调整的部分。"
        "各部分在不同次序下的最小和最大值见tables/orders.csv。",
    },
    "practice_is": {
        "en": "Practice: {names}{seen}. All else that the scenarios set is law.",
        "zh": "执行：{names}{seen}。方案设定的其他参数均属政策。",
    },
    "seen": {
        "en": ", and the share of income that the office sees in the data",
        "zh": "，以及数据中可核实收入的比例",
    },
    "inseparable": {
        "en": "The counties differ in how much income the office sees, and their data cannot be made anew: "
        "this part of practice is counted with the people.",
        "zh": "两县数据中可核实收入的比例不同，且数据无法重新生成，这部分执行差异计入人口。",
    },
    "poverty_lines": {
        "en": "Poverty lines belong to incomes: they are those of the money that incomes are in.",
        "zh": "贫困线随收入所在年份取值，计入收入。",
    },
    "chart_note": {
        "en": ". Expenditure on all programmes, and recipients of dibao; each part is its mean over all "
        "orders.",
        "zh": "。支出为全部项目，人数为低保；各部分为各种次序下的平均值。",
    },
    "people_is": {
        "en": "People: the two counties' households are different rows, so composition, the shape of incomes "
        "and everything drawn for them changes with the people.",
        "zh": "人口：两县住户为不同记录，人口结构、收入分布形状和其他抽取特征的变化均计入人口。",
    },
}
say = partial(in_words, WORDS)


def effects_text(found: PolicyEffects, lang: str) -> str:
    """At most 80 columns wide."""
    sections = [_head(found, lang)]
    if not found.factors:
        return "\n\n".join([*sections, wrap(say("same", lang))]) + "\n"
    sections += [_amounts(found, "cost", lang), _amounts(found, "caseload", lang), _rates(found, lang)]
    sections.append(shares_text(found, lambda factor: say(factor, lang), lang))
    sections += [_alternatives(found, lang), "\n".join(wrap(line) for line in notes(found, lang))]
    return "\n\n".join(section for section in sections if section) + "\n"


def _head(found: PolicyEffects, lang: str) -> str:
    lines = []
    for key, scenario in (("base", found.base), ("other", found.other)):
        law = say_of_runs("law_of", lang, date=scenario.day)
        lines.append(say(key, lang, title=scenario.title_in(lang), law=law))
        lines += ["  " + note for note in calibrated_note(scenario, lang)]
        lines.append("  " + money_note(scenario.money(), lang))
    return "\n".join(wrap(line.strip(), "  " if line.startswith(" ") else "") for line in lines)


def notes(found: PolicyEffects, lang: str) -> list[str]:
    """What a reader must know before quoting a part."""
    comma = "、" if lang == "zh" else ", "
    factors = comma.join(say(factor, lang) for factor in found.factors)
    out = [say("how", lang, factors=factors, index=index_words(found, found.index, lang))]
    mixtures = found.mixtures
    if "practice" in found.factors:
        seen = say("seen", lang) if mixtures.practice_in_data else ""
        out.append(say("practice_is", lang, names=comma.join(mixtures.habits), seen=seen))
    if mixtures.inseparable:
        out.append(say("inseparable", lang))
    if "population" in found.factors:
        out.append(say("people_is", lang))
    if "poverty" in mixtures.wanted:
        out.append(say("poverty_lines", lang))
    for scenario in (found.base, found.other):
        out += [note for note in law_notes(scenario, lang) if note not in out]
    return out


def index_words(found: PolicyEffects, index: Index, lang: str) -> str:
    """How amounts of law get from one year's money to the other's."""
    if index.name == NOMINAL:
        return say("index_nominal", lang)
    if index.name != INCOMES:
        return say("index_prices", lang, rate=percent(index.rate))
    factors = found.mixtures.law_index(index)
    named = [f"{say(a, lang) if a in WORDS else a} × {f:.3f}".strip() for a, f in factors.items() if a]
    comma = "，" if lang == "zh" else ", "
    return say("index_incomes", lang, factors=comma.join(named or [f"× {factors['']:.3f}"]))


def _amounts(found: PolicyEffects, measure: str, lang: str) -> str:
    """Expenditure or recipients of each programme that changed, and of all."""
    rows = found.table
    rows = rows[rows["measure"] == measure]
    subjects = [s for s in dict.fromkeys(rows["subject"]) if s not in SUMS]
    if measure == "cost":
        subjects.append("total")
    factor, digits = _scale(measure, lang)
    shown = []
    for subject in subjects:
        of = rows[rows["subject"] == subject]
        whole = of[of["group"] == ""]
        if whole.empty or not (of[["change", *found.factors]].to_numpy() != 0.0).any():
            continue
        groups = of if subject in ("dibao", "total") else whole
        shown += [
            _row(_label(found, subject, group, lang), groups[groups["group"] == group], found, factor, digits)
            for group in groups["group"]
        ]
    return _table(found, measure, shown, lang)


def _rates(found: PolicyEffects, lang: str) -> str:
    """Poverty after assistance at each line, and inequality, in per cent and points of it."""
    rows = found.table
    shown = []
    for measure, subject in (
        ("poverty", "headcount"),
        ("poverty_dibao_line", "headcount"),
        ("gini", "disposable_income"),
    ):
        of = rows[(rows["measure"] == measure) & (rows["subject"] == subject) & (rows["group"] == "")]
        if not of.empty:
            line = say("dibao_line" if measure.endswith("_line") else "national", lang)
            label = say("gini", lang) if measure == "gini" else say("poverty", lang, line=line)
            shown.append(_row(label, of, found, 100.0, 2))
    return _table(found, "rates", shown, lang)


def _row(label: str, row: pd.DataFrame, found: PolicyEffects, factor: float, digits: int) -> tuple[str, ...]:
    (one,) = row.to_dict("records")
    sides = [number(one[side] * factor, digits) for side in ("a", "b")]
    parts = [signed(one[name] * factor, digits) for name in ("change", *found.factors)]
    return (label, *sides, *parts)


def _table(found: PolicyEffects, key: str, rows: list[tuple[str, ...]], lang: str) -> str:
    if not rows:
        return ""
    heads = [say(key, lang), *(say(name, lang) for name in ("from", "to", "change", *found.factors))]
    return wrap(heads[0]) + "\n" + table(["", *heads[1:]], rows, range(1, len(heads)))


def _label(found: PolicyEffects, subject: str, group: str, lang: str) -> str:
    if subject in ("total", "dibao"):
        label = say(subject, lang)
    else:
        policies = reversed(found.mixtures.policies)
        labels = (programme_label(policy, subject, lang) for policy in policies)
        label = next((one for one in labels if one != subject), subject)
    return f"{label}{say('comma', lang)}{say(group, lang) if group in WORDS else group}" if group else label


def _alternatives(found: PolicyEffects, lang: str) -> str:
    """The parts of the main figures under the indices that were not chosen."""
    if not {"law", "incomes"} <= set(found.factors):
        return ""
    sections = []
    for index in found.indices[1:]:
        of = found.alternatives[found.alternatives["index"] == str(index)]
        rows = []
        for measure, subject in (("cost", "total"), ("cost", "dibao"), ("caseload", "dibao")):
            one = of[(of["measure"] == measure) & (of["subject"] == subject) & (of["group"] == "")]
            if one.empty:
                continue
            label = f"{_label(found, subject, '', lang)}{say('comma', lang)}{say(f'unit_{measure}', lang)}"
            rows.append((label, *_row(label, one, found, *_scale(measure, lang))[3:]))
        heads = ("", *(say(name, lang) for name in ("change", *found.factors)))
        text = table(heads, rows, range(1, len(heads)))
        colon = "：" if lang == "zh" else ": "
        sections.append(
            wrap(f"{say('other_index', lang)}{colon}{index_words(found, index, lang)}") + "\n" + text
        )
    return "\n\n".join(sections)


def _scale(measure: str, lang: str) -> tuple[float, int]:
    """What amounts and persons are multiplied by to be shown, and the digits after the point."""
    if measure != "cost":
        return 1.0, 0
    return (1e-4, 0) if lang == "zh" else (1e-6, 1)


def figure_rows(found: PolicyEffects) -> list[tuple[str, float, float]]:
    """Factor, expenditure on all programmes, recipients of dibao: for the chart."""
    said = found.summary
    names = [flat_name("cost", "total"), flat_name("caseload", "dibao")]
    rows = [(f, *(said[f"effect.{f}.{name}"]["value"] for name in names)) for f in found.factors]
    return [*rows, ("change", *(said[f"change.{name}"]["value"] for name in names))]
