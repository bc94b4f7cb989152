"""A county's calibration in words: what was met, how far each lever moved, what else fits as well."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from microsim.report.text import in_words, large_sum, number, percent, table, wrap
from microsim.report.texts.practice_text import anchor_note

if TYPE_CHECKING:
    from microsim.outcome import Ranges
    from microsim.scenario import Scenario
    from microsim.studies.calibration.study import CountyCalibration

WORDS: dict[str, dict[str, str]] = {
    "law": {"en": "{county}; law of {date}", "zh": "{county}；执行{date}的政策法规"},
    "target": {"en": "Target", "zh": "目标"},
    "known": {"en": "known", "zh": "已知"},
    "reached": {"en": "reached", "zh": "校准后"},
    "difference": {"en": "difference", "zh": "相差"},
    "recipients": {"en": "recipients, persons", "zh": "保障人数（人）"},
    "expenditure": {"en": "expenditure, yuan", "zh": "支出（元）"},
    "dibao": {"en": "Dibao", "zh": "低保"},
    "tekun": {"en": "Tekun", "zh": "特困"},
    "living_subsidy": {"en": "Living subsidy", "zh": "困难残疾人生活补贴"},
    "nursing_subsidy": {"en": "Nursing subsidy", "zh": "重度残疾人护理补贴"},
    "rural": {"en": "rural", "zh": "农村"},
    "urban": {"en": "urban", "zh": "城市"},
    "all": {"en": "all", "zh": "合计"},
    "minor": {"en": "minors", "zh": "未成年"},
    "working_age": {"en": "working age", "zh": "劳动年龄"},
    "elderly": {"en": "elderly", "zh": "老年"},
    "way": {
        "en": "Way taken: {way}. Every value is an assumption.",
        "zh": "采用方式：{way}。各取值均为假设。",
    },
    "way_top_ups": {
        "en": "Way taken: {way}; top-ups are set to meet the expenditure. Every value is an assumption.",
        "zh": "采用方式：{way}；分类施保金按支出拟合。各取值均为假设。",
    },
    "lever": {"en": "Lever", "zh": "调整项"},
    "before": {"en": "before", "zh": "调整前"},
    "after": {"en": "after", "zh": "调整后"},
    "no_lever": {"en": "No lever had to move.", "zh": "无需调整。"},
    "others": {
        "en": "What else meets the figures as well (kept beside it; results show the range):",
        "zh": "同样符合目标的其他组合（一并保存，结果列出其范围）：",
    },
    "alone": {
        "en": "No other combination that was tried meets the figures.",
        "zh": "其他尝试的组合均不符合目标。",
    },
    "take_up": {"en": "take-up of dibao {low} to {high}", "zh": "低保申领率{low}至{high}"},
    "low": {
        "en": "Take-up below {least} is hardly plausible: the profile's incomes are probably too low, or the "
        "line too high.",
        "zh": "申领率低于{least}，可信度低：县情资料的收入可能偏低，或标准偏高。",
    },
    "written": {
        "en": "Written to {path}: every command uses it for this county from now on.",
        "zh": "已写入{path}，此后各命令对本县均采用这一校准结果。",
    },
    "not_written": {"en": "Nothing was written (--dry-run).", "zh": "未写入（--dry-run）。"},
    "calibrated": {
        "en": "Calibrated to the county's own figures ({path}; {n} sets of levers fit)",
        "zh": "已按本县数字校准（{path}；{n}组取值均符合）",
    },
    "ensemble": {
        "en": "Ensemble: {n} calibrations that fit equally well; run, compare, ledger, unify, solve "
        "and policy-effects show the range over them, other studies use the first alone.",
        "zh": "校准组合：{n}组同样符合目标的取值；run、compare、ledger、unify、solve和policy-effects"
        "列出其范围，其他分析只采用第一组。",
    },
    "ranges": {
        "en": "Change over the sets of levers that fit",
        "zh": "各组符合的取值下的变化",
    },
    "least": {"en": "from", "zh": "最小"},
    "most": {"en": "to", "zh": "最大"},
    "cost": {"en": "expenditure, million yuan", "zh": "支出（万元）"},
    "caseload": {"en": "recipients, persons", "zh": "保障人数（人）"},
    "total": {"en": "All programmes", "zh": "全部项目"},
    "comma": {"en": ", ", "zh": "，"},
}


say = partial(in_words, WORDS)


def calibrated_note(scenario: Scenario, lang: str) -> list[str]:
    """The lines of a header that say that the county is calibrated, or an ensemble named."""
    from microsim.documents import shown

    found, out = scenario.calibration, []
    if found is not None:
        out.append(say("calibrated", lang, path=shown(found.path), n=1 + len(found.others)))
    if scenario.ensemble:
        out.append(say("ensemble", lang, n=len(scenario.ensemble)))
    return [*out, *anchor_note(scenario, lang)]


def ranges_text(ranges: Ranges, lang: str) -> str:
    """The change of what a reform moves under all sets of levers of a calibrated county; empty without."""
    rows = []
    for name, (low, high, _) in ranges.items():
        measure, subject, *group = name.split(".")
        if subject not in WORDS or not (low or high):
            continue
        where = "" if not group else say("comma", lang) + say(group[0], lang)
        label = f"{say(subject, lang)}{say('comma', lang)}{say(measure, lang)}{where}"
        shown_as = partial(large_sum, lang=lang, digits=2) if measure == "cost" else number
        rows.append((label, shown_as(low), shown_as(high)))
    if not rows:
        return ""
    return table((say("ranges", lang), say("least", lang), say("most", lang)), rows, (1, 2))


def calibration_text(found: CountyCalibration, lang: str) -> str:
    """The text that ``microsim calibrate`` prints, at most 80 columns wide."""
    county = found.scenario.county_path
    name = county.name if county.is_dir() else county.stem
    sections = [
        wrap(say("law", lang, county=name, date=found.scenario.law.date)),
        _targets(found, lang),
        _levers(found, lang),
        _others(found, lang),
    ]
    return "\n\n".join(sections) + "\n"


def _targets(found: CountyCalibration, lang: str) -> str:
    rows = []
    first = found.ways[0]
    for programme, kind, group, value in found.targets:
        key = (programme, kind, group)
        where = "" if group == "all" else say("comma", lang) + say(group, lang)
        label = f"{say(programme, lang)}{say('comma', lang)}{say(kind, lang)}{where}"
        rows.append((label, number(value), number(first.reached[key]), percent(first.misses[key], 2)))
    heads = [say(key, lang) for key in ("target", "known", "reached", "difference")]
    return table(heads, rows, (1, 2, 3))


def _levers(found: CountyCalibration, lang: str) -> str:
    from microsim.studies.calibration.study import moved_levers
    from microsim.studies.calibration.ways import PLAUSIBLE

    first = found.ways[0]
    rows = []
    for name, cell, start, value in moved_levers(found.policy, first.changes):
        label = found.policy.parameters[name].label.get(lang, name)
        of = [say(key, lang) if key in WORDS else key for key in cell]
        if start != value:
            rows.append((say("comma", lang).join([label, *of]), _short(start), _short(value)))
    key = "way_top_ups" if any("top_up" in name for name in first.changes) else "way"
    way = wrap(say(key, lang, way=first.label[lang]))
    if not rows:
        return f"{way}\n{say('no_lever', lang)}"
    text = f"{way}\n\n{table([say(key, lang) for key in ('lever', 'before', 'after')], rows, (1, 2))}"
    if first.least_rate < PLAUSIBLE:
        text += "\n" + wrap(say("low", lang, least=percent(PLAUSIBLE, 0)))
    return text


def _others(found: CountyCalibration, lang: str) -> str:
    lines = []
    for met in found.ways[1:]:
        rates = [v for _, v in _rates(met.changes)]
        spread = say("take_up", lang, low=percent(min(rates)), high=percent(max(rates))) if rates else ""
        line = say("comma", lang).join(filter(None, [met.label[lang], spread]))
        lines.append(wrap(line, "  ", rest="    "))
    return "\n".join([wrap(say("others", lang)), *lines]) if lines else wrap(say("alone", lang))


def _rates(changes: Any) -> Iterable[tuple[str, float]]:
    from microsim.studies.calibration.study import cells_of

    return [(".".join(cell), value) for cell, value in cells_of(changes.get("take_up.dibao", {})) if cell]


def _short(value: Any) -> str:
    return value if isinstance(value, str) else f"{value:,.4g}" if abs(value) < 1000 else number(value)
