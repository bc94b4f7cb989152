"""The range of figures, and of a reform's effects, over an ensemble of calibrations, as printed text."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from microsim.report.text import in_words, large_sum, number, percent, signed, table, wrap

if TYPE_CHECKING:
    from microsim.outcome import Ranges
    from microsim.studies.common.baseline import RunResult
    from microsim.studies.compare.study import Comparison

WORDS: dict[str, dict[str, str]] = {
    "levels": {
        "en": "Range over {n} calibrations that fit equally well",
        "zh": "在{n}组同样符合目标的取值下的范围",
    },
    "effects": {
        "en": "Range of the change over {n} calibrations that fit equally well",
        "zh": "在{n}组同样符合目标的取值下变化的范围",
    },
    "this": {"en": "this run", "zh": "本次"},
    "least": {"en": "from", "zh": "最小"},
    "most": {"en": "to", "zh": "最大"},
    "note": {
        "en": "A range over sets of assumptions that give the county's known figures equally well; no "
        "confidence interval: the sets are no sample, and the truth need not lie among them.",
        "zh": "这是同样符合本县已知数字的各组假设之间的范围，不是置信区间："
        "各组不是样本，真实值不一定在其中。",
    },
    "cost.total": {"en": "Expenditure of all programmes, million yuan", "zh": "全部项目支出（万元）"},
    "cost.dibao": {"en": "Dibao expenditure, million yuan", "zh": "低保支出（万元）"},
    "cost.dibao.rural": {"en": "  rural", "zh": "  农村"},
    "cost.dibao.urban": {"en": "  urban", "zh": "  城市"},
    "caseload.dibao": {"en": "Dibao recipients, persons", "zh": "低保人数（人）"},
    "caseload.dibao.rural": {"en": "  rural", "zh": "  农村"},
    "caseload.dibao.urban": {"en": "  urban", "zh": "  城市"},
    "poverty.headcount": {"en": "Poor after assistance, national line", "zh": "救助后贫困发生率（国家标准）"},
    "poverty_dibao_line.headcount": {
        "en": "Poor after assistance, own dibao line",
        "zh": "救助后贫困发生率（当地低保标准）",
    },
    "gini.disposable_income": {"en": "Gini of disposable income", "zh": "可支配收入基尼系数"},
}
say = partial(in_words, WORDS)


def levels_text(run: RunResult, lang: str) -> str:
    """Each main figure of a run, with its range; empty without an ensemble."""
    if not run.ranges:
        return ""
    values = {row.name: row.value for row in run.indicators.rows}
    rows = [
        (say(name, lang), *(_shown(name, one, lang) for one in (values[name], low, high)))
        for name, (low, high, _) in _named(run.ranges).items()
        if name in values
    ]
    return _section("levels", rows, len(run.scenario.ensemble), lang)


def effects_text(compared: Comparison, lang: str) -> str:
    """The change of each main figure, with its range over the reform's ensemble; empty without one."""
    sets = compared.reform.scenario.ensemble
    if not sets or not compared.ranges:
        return ""
    rows = []
    for name, (low, high, _) in _named(compared.ranges).items():
        a, b = compared.values.get(name, (float("nan"), float("nan")))
        rows.append((say(name, lang), *(_signed(name, one, lang) for one in (b - a, low, high))))
    return _section("effects", rows, len(sets), lang)


def _section(key: str, rows: list[tuple[str, ...]], sets: int, lang: str) -> str:
    heads = ("", *(say(name, lang) for name in ("this", "least", "most")))
    title, shown = say(key, lang, n=sets), table(heads, rows, (1, 2, 3))
    return "\n".join([wrap(title), shown, wrap(say("note", lang))])


def _named(ranges: Ranges) -> Ranges:
    return {name: ranges[name] for name in WORDS if name in ranges}


def _shown(name: str, value: float, lang: str) -> str:
    if name.startswith("cost"):
        return large_sum(value, lang)
    if name.startswith("caseload"):
        return number(value)
    return number(value, 4) if name.startswith("gini") else percent(value, 2)


def _signed(name: str, value: float, lang: str) -> str:
    if name.startswith("cost"):
        return signed(value / 1e4, 0) if lang == "zh" else signed(value / 1e6, 2)
    if name.startswith("caseload"):
        return signed(value, 0)
    return signed(value, 4) if name.startswith("gini") else signed(value, None)
