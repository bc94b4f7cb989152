"""The words of printed results, in English and Chinese."""

from __future__ import annotations

WORDS: dict[str, dict[str, str]] = {
    "rural": {"en": "rural", "zh": "农村"},
    "urban": {"en": "urban", "zh": "城市"},
    "": {"en": "county", "zh": "全县"},
    "caseload": {"en": "Recipients (persons)", "zh": "保障人数（人）"},
    "households": {"en": "Households with a recipient", "zh": "保障户数（户）"},
    "resident_share": {"en": "Recipients / residents", "zh": "保障人数占常住人口"},
    "cost": {"en": "Outlay (million yuan/year)", "zh": "支出（百万元/年）"},
    "cost_per_recipient": {"en": "Outlay per recipient (yuan)", "zh": "人均支出（元/年）"},
    "revenue_share": {"en": "Outlay / county revenue", "zh": "支出占县财政收入"},
    "others": {"en": "Other programmes (million yuan/year)", "zh": "其他项目支出（百万元/年）"},
    "all_cost": {"en": "All, with those above", "zh": "连同以上合计"},
    "all_revenue_share": {"en": "All / county revenue", "zh": "合计占县财政收入"},
    "title_cost": {"en": "Dibao outlay by area", "zh": "城乡低保支出"},
    "title_caseload": {"en": "Dibao recipients by area", "zh": "城乡低保人数"},
    "title_revenue_share": {
        "en": "Dibao outlay as a share of the county's revenue",
        "zh": "低保支出占县级财政收入的比重",
    },
    "title_unification": {"en": "Outlay of all programmes by area", "zh": "各项救助的城乡支出"},
    "nothing_paid": {
        "en": "Nobody receives, and nothing is paid by: {names}",
        "zh": "无人享受、没有支出：{names}",
    },
    "within": {"en": "Paid as wage or dividend (million yuan/year)", "zh": "以工资或分红发放（百万元/年）"},
    "held": {
        "en": "{programme}: open as under {regime}",
        "zh": "{programme}：对象范围按{regime}",
    },
    "all_programmes": {"en": "All programmes", "zh": "全部项目"},
    "regime_linked": {"en": "the linked net (from 2014-05-01)", "zh": "“大低保、小救助”（2014-05-01起）"},
    "regime_broad": {"en": "the broad net (from 2015-11-29)", "zh": "“大救助”（2015-11-29起）"},
    "regime_transition": {"en": "the transition (from 2021-01-01)", "zh": "过渡期（2021-01-01起）"},
    "regime_tiered": {"en": "the tiered net (from 2023-10-19)", "zh": "分层分类（2023-10-19起）"},
    "lacking": {
        "en": "Not in the county's data, so that these programmes go without: {columns}.",
        "zh": "该县数据缺少以下项目，相关政策按无此情形处理：{columns}。",
    },
    "lacking_column": {"en": "{column} ({programmes})", "zh": "{column}（{programmes}）"},
    "ignored": {
        "en": "In the county's data, and counting for nothing: {columns}.",
        "zh": "该县数据中以下栏目未被采用：{columns}。",
    },
    "ignored_column": {"en": "{column} ({why})", "zh": "{column}（{why}）"},
    "ignored_rule": {"en": "the rule of that name counts instead", "zh": "以同名规则的计算结果为准"},
    "ignored_parameter": {"en": "the parameter of that name counts instead", "zh": "以同名政策参数为准"},
    "ignored_unread": {"en": "no rule reads it", "zh": "没有规则使用"},
    "ignored_near": {
        "en": "no rule reads it; did you mean '{near}'?",
        "zh": "没有规则使用；是否应为“{near}”？",
    },
    "paper": {"en": "source paper", "zh": "原论文"},
    "paper_computed": {
        "en": "Of the source paper's figures by area, those that it does not print are computed from the "
        "totals, the rural share of recipients and the rural outlay that it prints.",
        "zh": "原论文未直接列出的分城乡数字，系根据其公布的总数、农村人数占比和农村支出推算。",
    },
    "difference": {"en": "difference", "zh": "相差"},
    "headcount": {"en": "Poor persons", "zh": "贫困发生率"},
    "gap": {"en": "Poverty gap", "zh": "贫困差距率"},
    "gini": {"en": "Gini of income per head", "zh": "人均收入基尼系数"},
    "before": {"en": "before benefits", "zh": "救助前"},
    "after": {"en": "after benefits", "zh": "救助后"},
    "national": {
        "en": "Below {line} yuan a head, the national rural line",
        "zh": "按国家农村扶贫标准（人均{line}元）",
    },
    "dibao_line": {"en": "Below the dibao line of the area ({line})", "zh": "按当地低保标准（{line}）"},
    "law_of": {"en": "Law of {date}", "zh": "适用{date}的法规"},
    "changes": {"en": "changed by the scenario: {n}", "zh": "方案改动{n}项"},
    "people": {
        "en": "{persons} residents in {households} households ({rows} in the data)",
        "zh": "常住人口{persons}人，{households}户（数据{rows}户）",
    },
    "family": {
        "en": "A typical rural family near the line: household {id}, {size} persons, "
        "one wage of {wage} yuan.",
        "zh": "典型农村临界家庭：{id}号住户，{size}口人，一人务工，工资{wage}元。",
    },
    "notch": {
        "en": "  If the wage rises past {at} yuan a year, it loses {drop} yuan a year of disposable income "
        "({part}){more}.",
        "zh": "  工资超过每年{at}元时，全家可支配收入每年反而减少{drop}元（{part}）{more}。",
    },
    "notch_resources": {"en": ", and {drop} yuan of resources", "zh": "，家庭可用资源减少{drop}元"},
    "measures": {
        "en": "  Disposable income is cash. Resources, which microsim cliffs counts, are cash and benefits "
        "in kind, less rigid expenses.",
        "zh": "  可支配收入只含现金；microsim cliffs按家庭可用资源计算：现金与实物救助之和减去刚性支出。",
    },
    "no_notch": {
        "en": "  Nowhere along that wage does earning more leave it with less.",
        "zh": "  沿该工资变化，不存在多挣反少之处。",
    },
    "no_family": {
        "en": "No rural family with one wage lies near the line: no budget constraint was drawn.",
        "zh": "没有符合条件的农村临界家庭，未绘制预算约束图。",
    },
    "assumptions": {
        "en": "{n} numbers in use rest on no document: see tables/assumptions.csv.",
        "zh": "有{n}项数字没有文献依据，见tables/assumptions.csv。",
    },
    "revenue": {
        "en": "County revenue: {value} million yuan ({source}).",
        "zh": "县一般公共预算收入：{value}百万元（{source}）。",
    },
    "revenue_bound": {
        "en": "County revenue: {value} million yuan ({source}); it is known only to lie below "
        "{bound} million.",
        "zh": "县一般公共预算收入：{value}百万元（{source}）；仅知其低于{bound}百万元。",
    },
    "law_known": {
        "en": "The law is known until {date}; what is asked for later carries that law forward.",
        "zh": "法规收录至{date}；之后各年沿用该法规。",
    },
    "not_made": {
        "en": "'{output}' is made by: microsim {command} {file}",
        "zh": "“{output}”请用：microsim {command} {file}",
    },
    "years": {
        "en": "The years {first}-{last} are for studies over time; this is the law of {date}.",
        "zh": "{first}至{last}年用于跨年研究；此处为{date}的法规。",
    },
    "withheld": {
        "en": "{n} figures that fewer than {least} persons or households stand behind, or that would give "
        "such figures away, are left out.",
        "zh": "不足{least}人（户）的数据及可推算出这些数据的共{n}项未予公布。",
    },
    "results": {"en": "Results: {folder}", "zh": "结果文件夹：{folder}"},
    "replaced": {
        "en": "Replaced: the results of {time}, made by `{command}`.",
        "zh": "已替换{time}由“{command}”生成的结果。",
    },
}


def say(key: str, lang: str, **values: object) -> str:
    """The words for ``key`` in ``en`` or ``zh``, with values filled in."""
    return WORDS[key][lang].format(**values)
