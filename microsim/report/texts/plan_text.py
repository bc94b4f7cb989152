"""A plan as printed text: the path and its burden year by year, or what each county gets of a budget."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from microsim.report.text import in_words, large_sum, number, percent, table, wrap
from microsim.report.texts.calibration_text import calibrated_note
from microsim.report.texts.run_text import revenue_note
from microsim.report.words import law_notes
from microsim.studies.planning.study import Plan

if TYPE_CHECKING:
    from microsim.scenario import Scenario
    from microsim.studies.planning.split_study import BudgetSplit

WORDS: dict[str, dict[str, str]] = {
    "fastest": {
        "en": "The fastest path to one standard, {first}-{last}",
        "zh": "城乡标准统一的最快路径，{first}至{last}年",
    },
    "cheapest": {
        "en": "The path to one standard by {by} at least cost, {first}-{last}",
        "zh": "{by}年前实现城乡标准统一的最低成本路径，{first}至{last}年",
    },
    "cap": {
        "en": "Cap: the county's {of} at most {share} of its own revenue of the year.",
        "zh": "限额：{of}不超过当年本级财政收入的{share}。",
    },
    "increment": {"en": "additional payment (over the present ratio)", "zh": "比维持现行比率多负担的支出"},
    "level": {"en": "payment for social assistance", "zh": "县级负担的救助支出"},
    "target": {
        "en": "Least: {cost} plus {weight} yuan for each yuan of the rural poverty gap, discounted at {rate} "
        "a year.",
        "zh": "最小化：{cost}，加农村贫困缺口每元折{weight}元，年贴现率{rate}。",
    },
    "county_cost": {"en": "what the county itself pays", "zh": "县级负担"},
    "total_cost": {"en": "expenditure on all programmes", "zh": "各项救助总支出"},
    "grid": {
        "en": "Chosen among {count} ratios from {low} to {high}{step}; no year is below the one before.",
        "zh": "在{low}至{high}之间的{count}个比率中选取{step}；比率逐年不降。",
    },
    "step": {"en": ", at most {step} points a year", "zh": "，每年最多提高{step}个百分点"},
    "year": {"en": "Year", "zh": "年份"},
    "ratio": {"en": "% of urban", "zh": "占城市标准"},
    "cost": {"en": "Total", "zh": "总支出"},
    "county": {"en": "County", "zh": "县级负担"},
    "increment_of": {"en": "More", "zh": "其中多负担"},
    "burden": {"en": "/own rev.", "zh": "占本级收入"},
    "gap": {"en": "Rural gap", "zh": "农村贫困缺口"},
    "arrives": {"en": "One standard in {year}.", "zh": "{year}年实现标准统一。"},
    "short": {
        "en": "The cap does not allow one standard by {last}: the path ends at {ratio}. With a cap of "
        "{share} it could be reached.",
        "zh": "在该限额内到{last}年不能实现标准统一，止于{ratio}。限额为{share}时可以实现。",
    },
    "short_ever": {
        "en": "One standard cannot be reached by {last}: the path ends at {ratio}.",
        "zh": "到{last}年不能实现标准统一，止于{ratio}。",
    },
    "present_breaks": {
        "en": "No path: already at the present ratio the county pays {present} of its own revenue in its "
        "worst year, more than the cap of {share}.",
        "zh": "没有可行路径：即使维持现行比率，县级负担最高的年份已占本级收入的{present}，超过限额{share}。",
    },
    "none": {"en": "No path keeps to these conditions.", "zh": "没有满足上述条件的路径。"},
    "nearest": {
        "en": "The nearest feasible cap is {share}; one standard by {by} needs {arrival}.",
        "zh": "最接近的可行限额为{share}；{by}年前实现标准统一需要{arrival}。",
    },
    "nearest_only": {"en": "The nearest feasible cap is {share}.", "zh": "最接近的可行限额为{share}。"},
    "units": {
        "en": "Money in million yuan a year. Total: all programmes in cash and in kind; County: what the "
        "county itself pays; More: over the present ratio, and /own rev.: that as a share of its own "
        "revenue; Rural gap: what rural persons lack after benefits to {line}. Grants that are a share of "
        "expenditure stay those of the present ratio.",
        "zh": "金额单位为万元/年。总支出为各项救助（现金和实物）；县级负担为本级财政支出；“其中多负担”"
        "为比维持现行比率多负担的部分，“占本级收入”为其比重；农村贫困缺口为农村人口救助后距{line}的差额。"
        "按支出比例核定的补助按维持现行比率时计算。",
    },
    "carried": {
        "en": "Households admitted to dibao in a year count as on dibao last year in the next: the ratio of "
        "the year before moves the expenditure of a year by up to {most} million yuan.",
        "zh": "逐年结转低保状态（上年准入的家庭为当年的上年低保家庭）：因上年比率不同，"
        "当年支出最多相差{most}万元。",
    },
    "carried_idle": {
        "en": "Households admitted to dibao in a year count as on dibao last year in the next; at these "
        "growth rates the ratio of the year before changes no year's expenditure.",
        "zh": "逐年结转低保状态（上年准入的家庭为当年的上年低保家庭）；在所设收入和标准增长率下，"
        "上年比率不影响各年支出。",
    },
    "urban": {"en": "the urban line", "zh": "城市低保标准"},
    "national": {"en": "the national poverty line", "zh": "国家扶贫标准"},
    "answer": {
        "en": "The answer is a scenario of its own: {file} in the results folder.",
        "zh": "结果已写成可运行的方案：结果文件夹中的{file}。",
    },
    "split": {
        "en": "A budget of {budget} million yuan a year over {count} counties",
        "zh": "{budget}万元/年在{count}个县之间的分配",
    },
    "name": {"en": "County", "zh": "县"},
    "line": {"en": "Rural line", "zh": "农村标准"},
    "extra": {"en": "Gets", "zh": "分得资金"},
    "before": {"en": "Gap before", "zh": "原缺口"},
    "after": {"en": "Gap after", "zh": "剩余缺口"},
    "spent": {
        "en": "{spent} million yuan are spent, and a gap of {gap} million is left; no split leaves less than "
        "{bound} million ({slack} less). One more yuan would close {price} yuan of it, if lines between "
        "those of the grid could be mixed.",
        "zh": "共分配{spent}万元，剩余缺口{gap}万元；任何分配的剩余缺口不低于{bound}万元（相差{slack}）。"
        "若允许在网格标准之间混合，每增加1元可减少缺口{price}元。",
    },
    "split_units": {
        "en": "Rural line in yuan a year per person; money in million yuan a year, on top of present "
        "expenditure; gap: what rural persons lack after benefits to {line}. The cost of a line need not "
        "rise evenly, so that whole lines are chosen.",
        "zh": "农村标准单位为元/人·年；资金为现有支出之外的增支，单位为万元/年；"
        "缺口为农村人口救助后距{line}的差额。标准提高的成本未必均匀递增，因此按整档标准选取。",
    },
}
_say = partial(in_words, WORDS)
FEN = 0.01  # yuan


def plan_text(found: Plan | BudgetSplit, scenario: Scenario, lang: str) -> str:
    """The text that ``microsim plan`` prints, at most 80 columns wide."""
    head = [scenario.title_in(lang), *calibrated_note(scenario, lang)]
    parts = _path(found, scenario, lang) if isinstance(found, Plan) else _split(found, lang)
    ends = law_notes(scenario, lang)
    sections = [head, *parts, *([ends] if ends else [])]
    return "\n\n".join("\n".join(line for text in one for line in _wrapped(text)) for one in sections) + "\n"


def _wrapped(text: str) -> list[str]:
    """A table as it is, a sentence at 80 columns."""
    return text.split("\n") if "\n" in text else [wrap(text)]


def method_note(found: Plan, lang: str) -> str:
    """What was looked for, in one or two sentences."""
    said = []
    if found.cap is not None:
        of, share = found.cap
        said.append(_say("cap", lang, of=_say(of, lang), share=percent(share)))
    if found.goal == "cheapest":
        cost = _say(f"{found.cost_of}_cost", lang)
        said.append(_say("target", lang, cost=cost, weight=f"{found.weight:g}", rate=percent(found.discount)))
    ratios, step = found.grid.ratios, ""
    if found.largest_step is not None:
        step = _say("step", lang, step=f"{100 * found.largest_step:g}")
    ends = {"low": percent(ratios[0]), "high": percent(ratios[-1])}
    said.append(_say("grid", lang, count=len(ratios), step=step, **ends))
    return ("" if lang == "zh" else " ").join(said)


def _path(found: Plan, scenario: Scenario, lang: str) -> list[list[str]]:
    years = found.grid.years
    title = _say(found.goal, lang, first=years[0], last=years[-1], by=found.by)
    sections = [[title, method_note(found, lang)]]
    if found.chosen is not None:
        keys = ("year", "ratio", "cost", "county", "increment_of", "burden", "gap")
        rows = []
        for record in found.table[found.table["chosen"]].to_dict("records"):
            amounts = [large_sum(float(record[key]), lang) for key in ("cost", "county", "increment", "gap")]
            shares = [percent(float(record[key])) for key in ("ratio", "burden")]
            rows.append((str(record["year"]), shares[0], *amounts[:3], shares[1], amounts[3]))
        sections.append([table([_say(key, lang) for key in keys], rows, range(1, len(keys)))])
    sections.append(_verdict(found, lang))
    notes = [_say("units", lang, line=_say(found.poverty_line, lang))] if found.chosen is not None else []
    if found.grid.carried:
        most = found.grid.by_year_before
        notes.append(_say("carried" if most >= FEN else "carried_idle", lang, most=large_sum(most, lang)))
    if found.county is not None:
        notes.append(revenue_note(found.county, lang))
    if found.chosen is not None:
        notes.append(_say("answer", lang, file=f"{scenario.name}-planned.yaml"))
    return [*sections, notes]


def _verdict(found: Plan, lang: str) -> list[str]:
    """Whether one standard is reached, and which cap would allow it."""
    caps, last = found.caps, found.grid.years[-1]
    arrival = percent(caps["arrival"]) if np.isfinite(caps["arrival"]) else ""
    if found.chosen is not None:
        if found.arrival is not None:
            return [_say("arrives", lang, year=found.arrival)]
        ratio = percent(found.ratios[last])
        key = "short" if arrival else "short_ever"
        return [_say(key, lang, last=last, ratio=ratio, share=arrival)]
    out = [_say("none", lang)]
    if found.cap is not None and caps["present"] > found.cap[1]:
        shares = {"present": percent(caps["present"]), "share": percent(found.cap[1])}
        out = [_say("present_breaks", lang, **shares)]
    if found.cap is not None:
        key = "nearest" if arrival else "nearest_only"
        out.append(_say(key, lang, share=percent(caps["least"]), by=found.by, arrival=arrival))
    return out


def _split(found: BudgetSplit, lang: str) -> list[list[str]]:
    split = found.split
    title = _say("split", lang, budget=large_sum(found.budget, lang), count=len(found.curves))
    keys = ("name", "ratio", "line", "extra", "before", "after")
    rows = []
    for curve, point in zip(found.curves, split.points, strict=True):
        grid = curve.grid
        ratio = grid.ratios[point]
        rows.append(
            (
                curve.name,
                percent(ratio),
                number(ratio * curve.urban_line),
                large_sum(float(grid.cost[0, point] - grid.held_cost[0]), lang),
                large_sum(float(grid.held_gap[0]), lang),
                large_sum(float(grid.gap[0, point]), lang),
            )
        )
    sums = {"spent": split.spent, "gap": split.gap, "bound": split.bound}
    spent = _say(
        "spent",
        lang,
        slack=percent(split.slack, 2),
        price=f"{split.shadow_price:.2f}",
        **{name: large_sum(value, lang) for name, value in sums.items()},
    )
    units = _say("split_units", lang, line=_say(found.poverty_line, lang))
    return [[title], [table([_say(key, lang) for key in keys], rows, range(1, len(keys)))], [spent], [units]]
