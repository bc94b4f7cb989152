"""The words of printed results, in English and Chinese."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from microsim.documents import shown
from microsim.report.text import in_words

if TYPE_CHECKING:
    from microsim.policy.policy import Policy
    from microsim.scenario import Scenario

WORDS: dict[str, dict[str, str]] = {
    "rural": {"en": "rural", "zh": "农村"},
    "urban": {"en": "urban", "zh": "城市"},
    "": {"en": "county", "zh": "全县"},
    "caseload": {"en": "Recipients (persons)", "zh": "保障人数（人）"},
    "person_months": {"en": "Person-months of the year", "zh": "全年发放人月数（人月）"},
    "who_pays": {
        "en": "financing: says who pays, and changes no figure here: microsim ledger {file}",
        "zh": "financing: 只说明由谁出资，不影响以上数字：microsim ledger {file}",
    },
    "by_months": {
        "en": "The law changes on {days}: expenditure counts each part of the year by its months; recipients "
        "and poverty are those of {date}.",
        "zh": "年度内政策于{days}变动：支出按各段月数加权计算，保障人数和贫困为{date}时点数。",
    },
    "households": {"en": "Households with a recipient", "zh": "保障户数（户）"},
    "resident_share": {"en": "Recipients / residents", "zh": "保障人数占常住人口比重"},
    "cost": {"en": "Expenditure (million yuan/year)", "zh": "支出（万元/年）"},
    "caseload_recorded": {"en": "  in the data: persons in households", "zh": "  数据记载：领取户人数（人）"},
    "cost_recorded": {"en": "  in the data: received", "zh": "  数据记载：领取金额（万元/年）"},
    "cost_per_recipient": {"en": "Expenditure per recipient (yuan)", "zh": "人均救助支出（元/年）"},
    "revenue_share": {"en": "Expenditure / county revenue", "zh": "支出占县财政收入比重"},
    "others": {"en": "Other programmes (million yuan/year)", "zh": "其他项目支出（万元/年）"},
    "total_cost": {"en": "Total, including the above", "zh": "总计（含以上）"},
    "cash_cost": {"en": "  in cash", "zh": "  现金"},
    "kind_cost": {"en": "  in kind", "zh": "  实物与服务"},
    "total_revenue_share": {"en": "Total / county revenue", "zh": "总计占县财政收入比重"},
    "title_cost": {"en": "Dibao expenditure by area", "zh": "城乡低保支出"},
    "title_caseload": {"en": "Dibao recipients by area", "zh": "城乡低保保障人数"},
    "title_revenue_share": {
        "en": "Dibao expenditure as a share of county revenue",
        "zh": "低保支出占县级一般公共预算收入的比重",
    },
    "settled": {
        "en": "Central and provincial grants that are a share of expenditure stay those of the held ratio.",
        "zh": "中央和省级按支出比例核定的补助，按维持现行比率时的支出计算。",
    },
    "title_unification": {"en": "Expenditure on all programmes by area", "zh": "各项救助的城乡支出"},
    "nothing_paid": {
        "en": "No recipients and no expenditure: {names}",
        "zh": "无保障对象、无支出：{names}",
    },
    "within": {"en": "Paid as wage or dividend (million yuan/year)", "zh": "以工资或分红发放（万元/年）"},
    "held": {
        "en": "{programme}: eligibility as under {regime}",
        "zh": "{programme}：对象范围按{regime}",
    },
    "all_programmes": {"en": "All programmes", "zh": "全部项目"},
    "regime_linked": {"en": "the linked system (from 2014-05-01)", "zh": "“大低保、小救助”（2014-05-01起）"},
    "regime_broad": {"en": "the broad system (from 2015-11-29)", "zh": "“大救助”（2015-11-29起）"},
    "regime_transition": {"en": "the transition (from 2021-01-01)", "zh": "过渡期（2021-01-01起）"},
    "regime_tiered": {"en": "the tiered system (from 2023-10-19)", "zh": "分层分类（2023-10-19起）"},
    "regime_law-2026": {
        "en": "the Social Assistance Law (from 2026-07-01)",
        "zh": "《社会救助法》（2026-07-01起）",
    },
    "lacking": {
        "en": "Missing from the county's data, so these programmes are computed without them: {columns}.",
        "zh": "该县数据缺少以下项目，相关政策按无此情形处理：{columns}。",
    },
    "lacking_many": {
        "en": "{n} columns are missing from the data and were taken at their defaults, so these programmes "
        "are computed without them (columns for each): {programmes}. microsim check {file} names them.",
        "zh": "数据缺少{n}列，已取默认值，下列项目（及所缺列数）的测算因此不含这些内容：{programmes}。"
        "列名见microsim check {file}。",
    },
    "lacking_column": {"en": "{column} ({programmes})", "zh": "{column}（{programmes}）"},
    "ignored": {
        "en": "In the county's data but not used: {columns}.",
        "zh": "该县数据中以下栏目未被采用：{columns}。",
    },
    "ignored_column": {"en": "{column} ({why})", "zh": "{column}（{why}）"},
    "ignored_rule": {"en": "the rule of that name is used instead", "zh": "以同名规则的计算结果为准"},
    "ignored_parameter": {"en": "the parameter of that name is used instead", "zh": "以同名政策参数为准"},
    "ignored_unread": {"en": "no rule reads it", "zh": "没有规则使用该栏目"},
    "ignored_near": {
        "en": "no rule reads it; did you mean '{near}'?",
        "zh": "没有规则使用；是否应为“{near}”？",
    },
    "paper": {"en": "source paper", "zh": "来源论文"},
    "paper_computed": {
        "en": "Where the source paper prints no figure for an area, it is computed from the totals, the "
        "rural share of recipients and the rural expenditure that the paper prints.",
        "zh": "来源论文未直接列出的分城乡数字，系根据其公布的总数、农村保障人数占比和农村支出推算。",
    },
    "difference": {"en": "difference", "zh": "相差"},
    "headcount": {"en": "Poverty rate", "zh": "贫困发生率"},
    "gap": {"en": "Poverty gap", "zh": "贫困差距率"},
    "gini": {"en": "Gini of income per head", "zh": "人均收入基尼系数"},
    "before": {"en": "before benefits", "zh": "救助前"},
    "after": {"en": "after benefits", "zh": "救助后"},
    "national": {
        "en": "National rural poverty line, {line} yuan per head",
        "zh": "按国家农村扶贫标准（人均{line}元）",
    },
    "dibao_line": {"en": "Local dibao line ({line})", "zh": "按当地低保标准（{line}）"},
    "law_of": {"en": "Law of {date}", "zh": "执行{date}的政策法规"},
    "changes": {"en": "parameters changed by the scenario: {n}", "zh": "方案调整参数{n}项"},
    "people": {
        "en": "{persons} residents in {households} households ({rows} in the data)",
        "zh": "常住人口{persons}人，{households}户（样本{rows}户）",
    },
    "family": {
        "en": "A typical rural family near the line: household {id}, {size} persons, "
        "one wage of {wage} yuan.",
        "zh": "典型农村临界家庭：第{id}户，{size}口人，一人务工，年工资{wage}元。",
    },
    "notch": {
        "en": "  If the wage rises past {at} yuan a year, the family loses {drop} yuan a year of disposable "
        "income ({part}){more}.",
        "zh": "  年工资一旦超过{at}元，全家可支配收入每年反而减少{drop}元（{part}）{more}。",
    },
    "notch_resources": {"en": ", and {drop} yuan of resources", "zh": "，家庭可用资源减少{drop}元"},
    "measures": {
        "en": "  Disposable income is cash only. microsim cliffs uses resources: cash and benefits in kind, "
        "less rigid expenditure.",
        "zh": "  可支配收入只含现金；microsim cliffs按家庭可用资源计算，即现金与实物救助之和减去刚性支出。",
    },
    "no_notch": {
        "en": "  At no wage does earning more leave the family with less.",
        "zh": "  工资增加的全过程中，不存在收入增加反而受损的情况。",
    },
    "no_family": {
        "en": "No rural family with a single wage is near the line, so no budget constraint was drawn.",
        "zh": "没有符合条件的农村临界家庭，未绘制预算约束图。",
    },
    "assumptions": {
        "en": "{n} of the numbers used are backed by no document: see tables/assumptions.csv.",
        "zh": "所用数字中有{n}项无文件依据，详见tables/assumptions.csv。",
    },
    "revenue": {
        "en": "County revenue: {value} million yuan ({source}).",
        "zh": "县一般公共预算收入：{value}万元（{source}）。",
    },
    "no_profile": {
        "en": "{folder} has no county profile, so nothing is shown as a share of county revenue; "
        "microsim import ... --profile FILE adds one.",
        "zh": "{folder}中没有县情资料，因此不列出占县财政收入的比重；"
        "可用microsim import ... --profile FILE添加。",
    },
    "revenue_bound": {
        "en": "County revenue: {value} million yuan ({source}); it is known only to be below "
        "{bound} million.",
        "zh": "县一般公共预算收入：{value}万元（{source}）；仅知其低于{bound}万元。",
    },
    "law_known": {
        "en": "The law is included up to {date}; later dates use the law of that day.",
        "zh": "政策法规收录至{date}；此后沿用该日规定。",
    },
    "province": {
        "en": "Values of {name} in place of the national ones: {values}. All else is national.",
        "zh": "采用{name}的取值代替全国取值：{values}。其余为全国取值。",
    },
    "province_none": {
        "en": "Values of {name} in place of the national ones: none on this day. All is national.",
        "zh": "采用{name}的取值代替全国取值：该日没有。全部为全国取值。",
    },
    "own_law": {
        "en": "Own rules and parameters beside the law: {programmes} ({folder}).",
        "zh": "除现行政策外，另采用自有规则和参数：{programmes}（{folder}）。",
    },
    "not_made": {
        "en": "for '{output}' run: microsim {command} {file}",
        "zh": "“{output}”请用：microsim {command} {file}",
    },
    "years": {
        "en": "The years {first}-{last} apply to studies over time; this run uses the law of {date}.",
        "zh": "{first}至{last}年仅用于跨年分析；本次计算执行{date}的政策法规。",
    },
    "withheld": {
        "en": "{n} figures are withheld because they rest on fewer than {least} persons or households, or "
        "would reveal figures that do.",
        "zh": "涉及不足{least}人（户）以及可据以推算的数据共{n}项，不予公布。",
    },
    "base": {"en": "base", "zh": "基准"},
    "reform": {"en": "reform", "zh": "改革"},
    "change": {"en": "change", "zh": "变化"},
    "base_is": {"en": "Base: {title}. {law}", "zh": "基准方案：{title}。{law}"},
    "reform_is": {"en": "Reform: {title}. {law}", "zh": "改革方案：{title}。{law}"},
    "differs": {"en": "Changed: {what}", "zh": "改动：{what}"},
    "differs_county": {"en": "county {a} → {b}", "zh": "县 {a} → {b}"},
    "as_in_law": {"en": "as in the law", "zh": "按法规"},
    "yes": {"en": "yes", "zh": "是"},
    "no": {"en": "no", "zh": "否"},
    "unchanged_programmes": {"en": "Unchanged: {names}.", "zh": "没有变化：{names}。"},
    "after_benefits": {"en": "Poverty and inequality after benefits", "zh": "救助后的贫困与不平等"},
    "no_gains": {
        "en": "Base and reform are not of the same households: nobody can be followed from one to the other.",
        "zh": "两个方案的住户不同，无法逐户比较受益与受损。",
    },
    "no_gains_money": {
        "en": "Base and reform are in the money of different years, so gains and losses cannot be separated "
        "from the growth of incomes. Use laws of one year, or economy: none in both.",
        "zh": "两个方案的收入属于不同年份，受益与受损无法同收入增长区分。请统一政策年份，"
        "或均写 economy: none。",
    },
    "form_cash": {"en": "in cash", "zh": "现金"},
    "form_kind": {"en": "in kind", "zh": "实物与服务"},
    "residents_of": {"en": "Residents", "zh": "常住人口"},
    "type_elderly": {"en": "only persons of 60 and over", "zh": "全部为60岁以上"},
    "type_disabled": {"en": "with severe disability", "zh": "有重度残疾人"},
    "type_children": {"en": "with children", "zh": "有未成年人"},
    "type_others": {"en": "other households", "zh": "其他家庭"},
    "decile": {"en": "decile {k} by income", "zh": "第{k}十等分组"},
    "gain": {"en": "gain", "zh": "受益"},
    "lose": {"en": "lose", "zh": "受损"},
    "mean_gain": {"en": "mean gain", "zh": "平均受益"},
    "mean_loss": {"en": "mean loss", "zh": "平均受损"},
    "mean_change": {"en": "mean change", "zh": "平均变化"},
    "gains_note": {
        "en": "Disposable income per head, yuan a year; mean gain and loss are per person who gains or "
        "loses. Deciles are of residents by income before benefits under the base.",
        "zh": "按人均可支配收入计算，单位为元/年；平均受益（受损）按受益（受损）人口计算。"
        "十等分组按基准方案救助前的人均收入对常住人口划分。",
    },
    "family_under": {
        "en": "Under the {which}: disposable income now {now} yuan; {falls}.",
        "zh": "{which}方案：现有可支配收入{now}元；{falls}。",
    },
    "fall": {
        "en": "a loss of {drop} yuan as the wage passes {at} ({part})",
        "zh": "工资超过{at}元时损失{drop}元（{part}）",
    },
    "no_fall": {"en": "no loss anywhere along the wage", "zh": "沿工资变化不存在多挣反少之处"},
    "results": {"en": "Results: {folder}", "zh": "结果文件夹：{folder}"},
    "replaced": {
        "en": "Replaced the results of {time}, produced by `{command}`.",
        "zh": "已替换{time}由“{command}”生成的结果。",
    },
}


say = partial(in_words, WORDS)


def programme_label(policy: Policy, programme: str, lang: str, otherwise: str = "") -> str:
    """A programme by its label; one that the policy does not have by ``otherwise``, or else by its name."""
    found = next((one for one in policy.programmes if one.name == programme), None)
    return str(found.label.get(lang, programme)) if found is not None else otherwise or programme


def financing_note(scenario: Scenario, lang: str) -> list[str]:
    """That ``financing:`` is of no effect on what a command shows, and which one shows it."""
    return [say("who_pays", lang, file=shown(scenario.path))] if scenario.financing else []


def law_notes(scenario: Scenario, lang: str) -> list[str]:
    """What is to be known of the law of a scenario: own rules, and a day past which the law is not known."""
    out = []
    if scenario.province is not None:
        values = scenario.province.in_force(scenario.policy())
        key = "province" if values else "province_none"
        out.append(say(key, lang, name=scenario.province.title[lang], values=", ".join(values)))
    if scenario.own is not None:
        labels = [part.label.get(lang, part.name) for part in scenario.own.parts]
        programmes = ("、" if lang == "zh" else ", ").join(labels)
        out.append(say("own_law", lang, programmes=programmes, folder=shown(scenario.own.folder)))
    if scenario.law_known_until:
        out.append(say("law_known", lang, date=scenario.law_known_until))
    return out
