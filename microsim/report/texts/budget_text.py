"""Caps of a scenario in words, and what they did: money, who is left out, how poor they are, the cliff."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from microsim.outcome import flat_name
from microsim.report.text import in_words, large_sum, number, percent, table, wrap
from microsim.report.words import programme_label
from microsim.scenario.budget.caps import SHARING, YUAN, Cap

if TYPE_CHECKING:
    from microsim.policy.policy import Policy
    from microsim.studies.common.baseline import RunResult

WORDS: dict[str, dict[str, str]] = {
    "rural": {"en": "rural", "zh": "农村"},
    "urban": {"en": "urban", "zh": "城市"},
    "": {"en": "county", "zh": "全县"},
    "cap": {"en": "{of}: at most {most} a year, {rule}", "zh": "{of}：每年不超过{most}，{rule}"},
    "poorest_first": {
        "en": "the poorest by assessed income first",
        "zh": "按核定收入从低到高保障",
    },
    "first_come": {"en": "first come, first served (seed {seed})", "zh": "先到先得（随机种子{seed}）"},
    "pro_rata": {"en": "the same share of what is due to everybody", "zh": "同比例发放"},
    "whole_months": {"en": "as many whole months as the money pays", "zh": "按整月发放，发完为止"},
    "lower_line": {
        "en": "a lower dibao line",
        "zh": "降低低保标准",
    },
    "soft": {
        "en": "{cap}; upper levels cover {share} of what is missing",
        "zh": "{cap}；上级补足缺口的{share}",
    },
    "budget_upper": {"en": "Added by upper levels (million yuan/year)", "zh": "上级补助（万元/年）"},
    "budget_grant_per_recipient": {
        "en": "  for one more recipient (yuan/year)",
        "zh": "  每增加1名保障对象（元/年）",
    },
    "budget_line": {"en": "Dibao line, {area} (yuan/year)", "zh": "低保标准，{area}（元/年）"},
    "government": {"en": "what the budget pays", "zh": "财政支出"},
    "collective": {"en": "what village collectives pay", "zh": "村集体支出"},
    "employer": {"en": "what employers pay", "zh": "用人单位支出"},
    "insurance_fund": {"en": "what insurance funds pay", "zh": "社会保险基金支出"},
    "lottery_fund": {"en": "what lottery funds pay", "zh": "彩票公益金支出"},
    "society": {"en": "what charities and donors pay", "zh": "社会力量支出"},
    "of_payer": {"en": "{programmes} ({payer})", "zh": "{programmes}（{payer}）"},
    "yuan": {"en": "{value} million yuan", "zh": "{value}万元"},
    "persons": {"en": "{value} recipients", "zh": "{value}人"},
    "cases": {"en": "{value} households", "zh": "{value}户"},
    "posts": {"en": "{value} posts", "zh": "{value}个岗位"},
    "care_hours": {"en": "{value} hours of care", "zh": "{value}小时照料"},
    "in_area": {"en": "{area} {most}", "zh": "{area}{most}"},
    "budget_need": {"en": "Due under the law{unit}", "zh": "按政策应支出或应保障{unit}"},
    "budget_spent": {"en": "Served{unit}", "zh": "实际支出或保障{unit}"},
    "unit_yuan": {"en": " (million yuan/year)", "zh": "（万元/年）"},
    "unit_persons": {"en": " (recipients)", "zh": "（人）"},
    "unit_cases": {"en": " (households)", "zh": "（户）"},
    "unit_posts": {"en": " (posts)", "zh": "（个岗位）"},
    "unit_care_hours": {"en": " (hours/year)", "zh": "（小时/年）"},
    "budget_saved": {
        "en": "Expenditure of all programmes falls by (million yuan/year)",
        "zh": "全部项目支出减少（万元/年）",
    },
    "budget_share": {"en": "Share of what is due that is paid", "zh": "实发占应发比重"},
    "months": {"en": "Months that are paid", "zh": "发放月数"},
    "left_out": {"en": "Left out (persons)", "zh": "未能保障（人）"},
    "left_out_households": {"en": "Left out (households)", "zh": "未能保障（户）"},
    "left_out_assessed_income": {
        "en": "  income per head as assessed (yuan/year)",
        "zh": "  核定人均年收入（元）",
    },
    "left_out_income": {"en": "  true income per head (yuan/year)", "zh": "  真实人均年收入（元）"},
    "left_out_below_line": {
        "en": "  truly below the dibao line",
        "zh": "  真实收入低于低保标准的占比",
    },
    "left_out_poor": {
        "en": "  poor after assistance (national line)",
        "zh": "  救助后仍低于国家扶贫标准的占比",
    },
    "left_out_poorer": {
        "en": "  truly poorer than half of those served",
        "zh": "  真实收入低于已保障家庭中位数的占比",
    },
    "budget_cut": {
        "en": "Assessed income per head of the last served (yuan)",
        "zh": "最后一户的核定人均年收入（元）",
    },
    "budget_cliff": {
        "en": "Lost by the first left out (yuan/year)",
        "zh": "首个未能保障家庭的损失（元/年）",
    },
    "budget_pay_saved": {
        "en": "Pay of posts falls by (million yuan/year)",
        "zh": "岗位报酬减少（万元/年）",
    },
    "enough": {
        "en": "{cap}. It is more than is due: nothing changes.",
        "zh": "{cap}。资金充足，不影响结果。",
    },
    "again": {
        "en": "All other rules are applied anew to whoever is left out, so that what is saved differs from "
        "what is no longer paid. Assessed income is what the office finds.",
        "zh": "未能保障的家庭按其他各项政策重新认定，因此节省的资金不等于停发的金额。"
        "核定收入为经办机构认定的收入。",
    },
}
_SHOWN = (
    "budget_need",
    "budget_spent",
    "budget_upper",
    "budget_grant_per_recipient",
    "budget_pay_saved",
    "budget_saved",
    "budget_share",
    "left_out",
    "left_out_households",
    "left_out_assessed_income",
    "left_out_income",
    "left_out_below_line",
    "left_out_poor",
    "left_out_poorer",
    "budget_cut",
    "budget_cliff",
)
say = partial(in_words, WORDS)


def cap_line(cap: Cap, policy: Policy, lang: str) -> str:
    """A cap in words: of what, how much, who goes first."""
    comma = "、" if lang == "zh" else ", "
    of = comma.join(programme_label(policy, name, lang) for name in cap.programmes)
    if cap.payer:
        payer = say(cap.payer, lang)
        of = say("of_payer", lang, programmes=of, payer=payer) if of else payer
    most = comma.join(
        _amount(cap, most, lang) if not area else
        say("in_area", lang, area=say(area, lang), most=_amount(cap, most, lang))
        for area, most in cap.most.items()
    )  # fmt: skip
    line = say("cap", lang, of=of, most=most, rule=say(cap.rule, lang, seed=cap.seed))
    return say("soft", lang, cap=line, share=percent(cap.upper_levels)) if cap.upper_levels else line


def _amount(cap: Cap, most: float, lang: str) -> str:
    shown = large_sum(most, lang) if cap.unit == YUAN else number(most)
    return say(cap.unit, lang, value=shown)


def budget_text(run: RunResult, lang: str) -> str:
    """A table for each cap; empty for a run without caps."""
    if run.rationing is None:
        return ""
    caps = {met.cap.name: met.cap for met in run.rationing.caps}
    parts = [_of_cap(run, cap, lang) for cap in caps.values()]
    if any(met.binds and met.cap.rule not in SHARING for met in run.rationing.caps):
        parts.append(wrap(say("again", lang)))
    return "\n\n".join(parts)


def _of_cap(run: RunResult, cap: Cap, lang: str) -> str:
    assert run.rationing is not None
    line = cap_line(cap, run.policy, lang)
    met = [one for one in run.rationing.caps if one.cap is cap]
    if not any(one.binds for one in met):
        return wrap(say("enough", lang, cap=line))
    groups = [one.area for one in met]
    rows = []
    for measure in _SHOWN:
        values = [run.indicators.value(flat_name(measure, cap.name, group)) for group in groups]
        if measure == "budget_saved":
            whole = run.indicators.value(flat_name(measure, cap.name, ""))
            values = [whole, *(None for _ in groups[1:])]
        if any(value is not None for value in values):
            rows.append(_row(measure, cap, values, lang))
            if measure == "budget_share" and cap.rule == "whole_months":
                months = [None if value is None else round(value * 12) for value in values]
                rows.append((say("months", lang), *(number(value) for value in months)))
    for figure in run.indicators.rows:
        if figure.measure == "budget_line" and figure.subject == cap.name:
            label = say("budget_line", lang, area=say(figure.group, lang))
            own = [figure.value if group in ("", figure.group) else None for group in groups]
            rows.append((label, *(number(value) for value in own)))
    if not rows:  # withheld: too few are left out
        return wrap(line)
    heads = [say(group, lang) for group in groups]
    return f"{wrap(line)}\n{table(('', *heads), rows, range(1, len(groups) + 1))}"


def _row(measure: str, cap: Cap, values: list[float | None], lang: str) -> tuple[str, ...]:
    counts = measure in ("budget_need", "budget_spent")
    label = say(measure, lang, unit=say(f"unit_{cap.unit}", lang) if counts else "")
    if measure in ("budget_saved", "budget_pay_saved", "budget_upper") or (counts and cap.unit == YUAN):
        return (label, *(large_sum(value, lang) for value in values))
    shares = ("budget_share", "left_out_below_line", "left_out_poor", "left_out_poorer")
    return (label, *((percent if measure in shares else number)(value) for value in values))
