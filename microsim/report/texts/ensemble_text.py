"""The range of figures, and of a reform's effects, over an ensemble of calibrations, as printed text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from microsim.report.text import in_words, large_sum, number, percent, signed, table, wrap

if TYPE_CHECKING:
    from microsim.outcome import Ranges
    from microsim.studies.common.baseline import RunResult
    from microsim.studies.compare.study import Comparison
    from microsim.studies.effects.study import PolicyEffects
    from microsim.studies.ledger.study import Ledger
    from microsim.studies.solving.study import Solution
    from microsim.studies.unification.study import Unification

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
# Of a ledger: figure -> words.
PAYING: dict[str, dict[str, str]] = {
    "cost.total": WORDS["cost.total"],
    "paid.centre": {"en": "  paid by the centre", "zh": "  中央负担"},
    "paid.province": {"en": "  paid by the province", "zh": "  省级负担"},
    "paid.prefecture": {"en": "  paid by the prefecture", "zh": "  市级负担"},
    "paid.county": {"en": "  paid by the county", "zh": "  县级负担"},
    "marginal.average_share.hardship.county": {
        "en": "County's share of dibao and like support",
        "zh": "困难群众救助资金县级负担比重",
    },
    "marginal.yuan.hardship.county": {"en": "  of one more yuan", "zh": "  新增每元县级负担"},
    "ratio.county_to_revenue": {"en": "County pays, of its own revenue", "zh": "县级负担占本级收入"},
    "ratio.county_line_1pct": {
        "en": "  more at lines 1 % higher, million yuan",
        "zh": "  标准提高1%县级增支（万元）",
    },
    "ratio.county_recipient": {
        "en": "  for one more recipient, yuan a year",
        "zh": "  每增1人县级增支（元/年）",
    },
}
# Of a path of a unification study in its last year.
OF_PATH: dict[str, dict[str, str]] = {
    "caseload.dibao": WORDS["caseload.dibao"],
    "cost.total": WORDS["cost.total"],
    "extra_cost.total": {"en": "  over the ratio held", "zh": "  比维持现状多"},
    "paid.county": {"en": "Paid by the county, million yuan", "zh": "县级负担（万元）"},
    "extra_paid.county": {"en": "  over the ratio held", "zh": "  比维持现状多"},
    "county_share.average": {"en": "County's share, average", "zh": "县级负担比重"},
    "county_share.marginal": {"en": "  of one more yuan of dibao", "zh": "  新增每元低保县级负担"},
    "poverty_urban_line.headcount.rural": {
        "en": "Rural persons below the urban line",
        "zh": "农村低于城市标准人口比重",
    },
}
SOLVED: dict[str, dict[str, str]] = {
    "solve.value": {"en": "Value that meets the target{part}", "zh": "达到目标的取值{part}"},
    "solve.at_value": {"en": "Figure at the value of this run", "zh": "取本次取值时的指标"},
    "part": {"en": " ({met} of {n} sets)", "zh": "（{n}组中的{met}组）"},
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


def ledger_text(study: Ledger, lang: str) -> str:
    """Who pays, on average and for one more yuan, with the range of each; empty without an ensemble."""
    return _beside(study.summary, study.ranges, PAYING, "", len(study.run.scenario.ensemble), lang)


def unify_text(study: Unification, sets: int, path: str, lang: str) -> str:
    """The main figures of a path's last year, with the range of each; empty without an ensemble."""
    start = f"{path}.{study.years[-1]}."
    return _beside(study.summary, study.ranges, OF_PATH, start, sets, lang)


def solve_text(found: Solution, sets: int, lang: str) -> str:
    """The value that meets a target, and the figure at this run's value, with the range of each."""
    if not found.ranges:
        return ""
    part = "" if found.sets_met == sets else in_words(SOLVED, "part", lang, met=found.sets_met, n=sets)
    of_run = {"solve.value": found.value, "solve.at_value": found.reached}
    rows = [
        (in_words(SOLVED, name, lang, part=part), *(number(one, 2) for one in (of_run[name], low, high)))
        for name, (low, high, _) in sorted(found.ranges.items(), reverse=True)  # the value first
    ]
    return _section("levels", rows, sets, lang)


def shares_text(found: PolicyEffects, factor: Callable[[str], str], lang: str) -> str:
    """The change of the main figures and each factor's part, with the range of each."""
    rows = []
    for figure in ("cost.total", "caseload.dibao"):
        if f"change.{figure}" not in found.ranges:
            continue
        names = {f"change.{figure}": say(figure, lang)}
        names |= {f"effect.{one}.{figure}": f"  {factor(one)}" for one in found.factors}
        rows += [
            (
                label,
                *(
                    _signed(figure, one, lang)
                    for one in (found.summary[name]["value"], *found.ranges[name][:2])
                ),
            )
            for name, label in names.items()
            if name in found.ranges
        ]
    return _section("effects", rows, found.sets, lang) if rows else ""


def _beside(
    summary: Mapping[str, Mapping[str, Any]],
    ranges: Ranges,
    words: dict[str, dict[str, str]],
    start: str,
    sets: int,
    lang: str,
) -> str:
    """Each figure of ``words`` that has a range, ``start`` before its name in the summary."""
    rows = [
        (
            in_words(words, name, lang),
            *(_shown(name, one, lang) for one in (summary[start + name]["value"], *ranges[start + name][:2])),
        )
        for name in words
        if start + name in ranges and start + name in summary
    ]
    return _section("levels", rows, sets, lang) if rows else ""


def _section(key: str, rows: list[tuple[str, ...]], sets: int, lang: str) -> str:
    heads = ("", *(say(name, lang) for name in ("this", "least", "most")))
    title, shown = say(key, lang, n=sets), table(heads, rows, (1, 2, 3))
    return "\n".join([wrap(title), shown, wrap(say("note", lang))])


def _named(ranges: Ranges) -> Ranges:
    return {name: ranges[name] for name in WORDS if name in ranges}


def _shown(name: str, value: float, lang: str) -> str:
    if name == "ratio.county_recipient":
        return number(value)
    if name.startswith(("cost", "extra_cost", "paid", "extra_paid", "ratio.county_line")):
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
