"""The words on the charts, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping

from microsim.errors import InputError, Offence, did_you_mean
from microsim.language import LANGUAGES, Lang, language

WORDS: Mapping[str, Mapping[Lang, str]] = {
    # areas
    "rural": {"en": "Rural", "zh": "农村"},
    "urban": {"en": "Urban", "zh": "城市"},
    "all": {"en": "Whole county", "zh": "全县"},
    # series
    "ours": {"en": "This run", "zh": "本次模拟"},
    "paper": {"en": "Source paper", "zh": "来源论文"},
    "before": {"en": "Before assistance", "zh": "救助前"},
    "after": {"en": "After assistance", "zh": "救助后"},
    # parts of a household's resources
    "earnings": {"en": "Own earnings", "zh": "本人劳动收入"},
    "other_income": {"en": "Other income", "zh": "其他收入"},
    "dibao": {"en": "Minimum living guarantee (dibao)", "zh": "最低生活保障"},
    "dibao_top_up": {"en": "Dibao top-ups", "zh": "低保分类增发"},
    "tekun": {"en": "Support for the destitute (tekun)", "zh": "特困人员供养"},
    "medical_aid": {"en": "Medical aid", "zh": "医疗救助"},
    "education_aid": {"en": "Education aid", "zh": "教育救助"},
    "housing_aid": {"en": "Housing aid", "zh": "住房救助"},
    "employment_aid": {"en": "Employment aid", "zh": "就业救助"},
    "temporary_aid": {"en": "Temporary aid", "zh": "临时救助"},
    "disability_subsidies": {"en": "Disability subsidies", "zh": "残疾人两项补贴"},
    "total_resources": {"en": "Resources left", "zh": "家庭可用资源"},
    "total_disposable_income": {"en": "Disposable income", "zh": "可支配收入"},
    # axes
    "own_earnings": {"en": "Own earnings", "zh": "本人劳动收入"},
    "resources": {"en": "Household resources", "zh": "家庭资源"},
    "disposable_income": {"en": "Disposable income of the household", "zh": "家庭可支配收入"},
    "cost": {"en": "Expenditure", "zh": "支出"},
    "recipients": {"en": "Recipients", "zh": "保障人数"},
    "share_of_revenue": {"en": "Share of general public budget revenue", "zh": "占一般公共预算收入的比重"},
    "poverty_rate": {"en": "Poverty headcount rate", "zh": "贫困发生率"},
    "year": {"en": "Year", "zh": "年份"},
    "months_after_job": {"en": "Months after taking the job", "zh": "就业后月数"},
    "change_of_resources": {"en": "Change of resources", "zh": "家庭资源变化"},
    "title_job": {"en": "A job of {wage} yuan a year", "zh": "年工资{wage}元"},
    "title_caseload_months": {"en": "Recipients of dibao by month", "zh": "各月低保保障人数"},
    "ratio": {"en": "Ratio", "zh": "比率"},
    "line_ratio": {"en": "Rural line / urban line", "zh": "农村标准／城市标准"},
    "revenue_share": {"en": "Expenditure / general public budget revenue", "zh": "支出／一般公共预算收入"},
    "whole_revenue": {"en": "100 % of revenue", "zh": "收入的100%"},
    # one county's policy on another's people
    "policy_of": {"en": "Policy of", "zh": "政策"},
    "people_of": {"en": "People of", "zh": "居民"},
    "matrix_cost_per_resident": {
        "en": "Yuan a year per resident",
        "zh": "人均救助支出（元/年）",
    },
    "matrix_county_share": {"en": "Borne by the county", "zh": "县级负担比重"},
    "matrix_resident_share": {"en": "Dibao recipients among residents", "zh": "低保保障人数占常住人口比重"},
    "matrix_poverty": {"en": "Poverty headcount rate after assistance", "zh": "救助后贫困发生率"},
    # years
    "nominal": {"en": "Nominal", "zh": "当年价"},
    "constant_prices": {"en": "In constant yuan", "zh": "不变价"},
    "entries": {"en": "Entries", "zh": "进入"},
    "exits": {"en": "Exits", "zh": "退出"},
    "by_population": {"en": "Population", "zh": "人口变动"},
    "stock": {"en": "Persons in the year", "zh": "当年人数"},
    "change_of_persons": {"en": "Change on the year before", "zh": "比上年变化"},
    "title_flows": {"en": "Who comes and who leaves", "zh": "进出人数"},
    "title_stock_dibao": {"en": "Dibao recipients", "zh": "低保保障人数"},
    "title_stock_poor": {"en": "Persons below the poverty line", "zh": "贫困人口"},
    # units
    "yuan/year": {"en": "yuan/year", "zh": "元/年"},
    "yuan/month": {"en": "yuan/month", "zh": "元/月"},
    "million yuan/year": {"en": "million yuan/year", "zh": "百万元/年"},
    "ten thousand yuan/year": {"en": "10,000 yuan/year", "zh": "万元/年"},
    "thousand yuan/year": {"en": "1,000 yuan/year", "zh": "千元/年"},
    "persons": {"en": "persons", "zh": "人"},
    "percent": {"en": "%", "zh": "%"},
    # titles
    "title_budget_resources": {
        "en": "Household resources as one member earns more",
        "zh": "一名成员劳动收入增加时的家庭资源",
    },
    "title_budget_disposable_income": {
        "en": "Disposable income as one member earns more",
        "zh": "一名成员劳动收入增加时的可支配收入",
    },
    "title_cost": {"en": "Expenditure by area", "zh": "城乡救助支出"},
    "title_caseload": {"en": "Recipients by area", "zh": "城乡保障人数"},
    "title_revenue": {
        "en": "Expenditure as a share of county revenue",
        "zh": "救助支出占县级一般公共预算收入的比重",
    },
    "title_poverty": {"en": "Poverty before and after assistance", "zh": "救助前后的贫困发生率"},
    "title_unification_cost": {"en": "Expenditure by area and year", "zh": "各年城乡支出"},
    "title_unification_ratio": {
        "en": "Progress of unification and fiscal burden",
        "zh": "标准统一进度与财政负担",
    },
    "title_paths_line_ratio": {"en": "Ratio of the lines", "zh": "农村与城市标准之比"},
    "title_paths_cost": {"en": "Expenditure on all programmes", "zh": "各项救助支出"},
    "title_paths_poverty": {
        "en": "Rural persons below the urban line",
        "zh": "农村救助后收入低于城市标准的人口比重",
    },
    "title_payers_over_years": {"en": "Who pays, year by year", "zh": "各年资金负担"},
    "county_burden": {"en": "County's payment / own revenue", "zh": "县级负担／本级财政收入"},
    "cap": {"en": "Cap", "zh": "限额"},
    "title_planned_ratio": {"en": "Planned ratio of the lines", "zh": "规划的标准之比"},
    "title_planned_burden": {"en": "What the county itself pays", "zh": "县级财政负担"},
    "title_ages": {"en": "Residents by sex and age", "zh": "分性别、年龄的常住人口"},
    "title_sizes": {"en": "Households by size", "zh": "家庭户规模构成"},
    "title_lorenz": {"en": "Lorenz curves of income", "zh": "收入洛伦兹曲线"},
    "title_density": {"en": "Density of income per head", "zh": "人均收入分布密度"},
    "title_correlations": {
        "en": "Correlations between household characteristics",
        "zh": "家庭户特征的相关系数",
    },
    # a base and a reform
    "base": {"en": "Base", "zh": "基准方案"},
    "reform": {"en": "Reform", "zh": "改革方案"},
    "gaining": {"en": "Gain", "zh": "受益"},
    "losing": {"en": "Lose", "zh": "受损"},
    "share_of_residents": {"en": "Share of the group's residents", "zh": "占本组常住人口的比重"},
    "mean_change": {"en": "Mean change per head", "zh": "人均变化"},
    "decile_axis": {
        "en": "Decile of residents by income before assistance, poorest first",
        "zh": "常住人口按救助前人均收入十等分（由低到高）",
    },
    "title_compared_cost": {"en": "Expenditure under base and reform", "zh": "改革前后的救助支出"},
    "title_compared_recipients": {"en": "Recipients under base and reform", "zh": "改革前后的保障人数"},
    "title_compared_payers": {"en": "Who pays under base and reform", "zh": "改革前后的资金负担"},
    "title_compared_poverty_rate": {"en": "Poverty under base and reform", "zh": "改革前后的贫困发生率"},
    "title_winners": {"en": "Who gains and who loses", "zh": "受益面与受损面"},
    "title_mean_change": {"en": "By how much income changes", "zh": "人均可支配收入变化"},
    "title_effects_cost": {"en": "What lies behind the change of expenditure", "zh": "支出变化的构成"},
    "title_effects_caseload": {"en": "What lies behind the change of recipients", "zh": "保障人数变化的构成"},
    "effect_law": {"en": "Law", "zh": "政策"},
    "effect_practice": {"en": "Practice", "zh": "执行"},
    "effect_incomes": {"en": "Incomes", "zh": "收入"},
    "effect_population": {"en": "Population", "zh": "人口"},
    "effect_part": {"en": "Part of the change", "zh": "变化的各部分"},
    "effect_change": {"en": "Change", "zh": "合计变化"},
    "title_budgets": {
        "en": "Disposable income of one family under base and reform",
        "zh": "同一家庭在改革前后的可支配收入",
    },
    # a synthetic county
    "synthetic": {"en": "Synthetic county", "zh": "合成县"},
    "published": {"en": "Profile", "zh": "县情资料"},
    "fitted_law": {"en": "Distribution fitted to the quintiles", "zh": "按五等分拟合的分布"},
    "male": {"en": "Men", "zh": "男"},
    "female": {"en": "Women", "zh": "女"},
    "age": {"en": "Age", "zh": "年龄"},
    "residents": {"en": "Residents", "zh": "常住人口"},
    "household_size": {"en": "Household size", "zh": "家庭户规模"},
    "share_of_households": {"en": "Share of households", "zh": "占家庭户的比重"},
    "share_of_persons": {"en": "Persons, poorest first", "zh": "人口累计比重（由低到高）"},
    "share_of_income": {"en": "Share of income", "zh": "收入累计比重"},
    "income_per_head": {"en": "Income per head before assistance", "zh": "救助前人均收入"},
    "density": {"en": "Persons per 1,000 yuan of income", "zh": "每千元收入区间的人口比重"},
    "trait_income_per_head": {"en": "Income per head", "zh": "人均收入"},
    "trait_household_size": {"en": "Size", "zh": "户规模"},
    "trait_age_of_head": {"en": "Age of head", "zh": "户主年龄"},
    "trait_children": {"en": "Children", "zh": "儿童数"},
    "trait_workers": {"en": "Share at work", "zh": "就业比重"},
    "trait_severely_ill": {"en": "Severe illness", "zh": "有重病"},
    "trait_disabled": {"en": "Disability", "zh": "有残疾"},
    "trait_urban": {"en": "Urban", "zh": "城镇"},
    "trait_filed_poor": {"en": "Registered poor", "zh": "建档立卡"},
    "trait_savings": {"en": "Savings", "zh": "储蓄"},
    "trait_car": {"en": "Car", "zh": "汽车"},
    "trait_seen_income": {"en": "Share of income verifiable", "zh": "可核实收入比例"},
    "falls_together": {"en": "−1: opposite directions", "zh": "−1：完全负相关"},
    "no_relation": {"en": "0: no relation", "zh": "0：不相关"},
    "rises_together": {"en": "1: same direction", "zh": "1：完全正相关"},
    # cliffs
    "title_rates": {"en": "Effective marginal tax rate", "zh": "有效边际税率"},
    "title_loss_map": {"en": "Loss by household type and income", "zh": "按家庭类型和收入分组的损失"},
    "title_ladder": {
        "en": "Distance to the next cliff and size of the loss",
        "zh": "距下一悬崖的增收额与损失额",
    },
    "title_reform": {"en": "Cliffs before and after", "zh": "改革前后的悬崖"},
    "title_families": {
        "en": "Family resources as one member earns more",
        "zh": "家庭成员增收时的家庭资源",
    },
    "marginal_rate": {"en": "Effective marginal tax rate", "zh": "有效边际税率"},
    "above_100": {"en": "Above 100 %: earning more leaves less", "zh": "高于100%：收入增加反而受损"},
    "spike": {"en": "Notch: the whole loss at one point", "zh": "断点：损失集中于一点"},
    "income_band": {"en": "Income per head before assistance", "zh": "救助前人均收入"},
    "mean_loss": {"en": "Mean loss at the next cliff", "zh": "下一悬崖平均损失"},
    "nobody": {"en": "Nobody here faces a cliff", "zh": "该组无人面临悬崖"},
    "few_rows": {"en": "Fewer than 10 households in the data", "zh": "样本不足10户，不显示"},
    "households_facing": {"en": "Households that face one", "zh": "面临悬崖的户数"},
    "distance": {"en": "Additional income before the next cliff", "zh": "距下一悬崖的增收额"},
    "size_of_drop": {"en": "Size of the loss", "zh": "损失额"},
    "households_in_cell": {"en": "Households per cell", "zh": "每格户数"},
    "months_of_support": {"en": "months of benefits", "zh": "个月救助待遇"},
    "days_of_minimum_wage": {"en": "days at the minimum wage", "zh": "天最低工资收入"},
    "largest_drop": {"en": "largest drop", "zh": "最大损失"},
    "no_drop": {"en": "no drop", "zh": "无损失"},
    "step": {"en": "step", "zh": "分档"},
    "present_income": {"en": "Current income", "zh": "现有收入"},
    "costs": {"en": "Below zero: spending on illness and schooling", "zh": "零线以下：医疗、教育支出"},
    "deductions": {"en": "Below zero: contributions and deductions", "zh": "零线以下：社会保险缴费等扣除"},
    "facing_notch_within_500": {"en": "Cliff within 500 yuan", "zh": "500元内有悬崖"},
    "facing_notch_within_1000": {"en": "Cliff within 1,000 yuan", "zh": "1,000元内有悬崖"},
    "facing_notch_within_3000": {"en": "Cliff within 3,000 yuan", "zh": "3,000元内有悬崖"},
    "share_in_dead_zone": {"en": "In a dead zone", "zh": "处于无效增收区间"},
    "marginal_rate_at_least_100": {"en": "Marginal tax rate 100 % or more", "zh": "有效边际税率达100%"},
    "mean_loss_bar": {"en": "Mean loss, next cliff", "zh": "下一悬崖平均损失"},
    "mean_total_loss": {"en": "Mean loss, all cliffs in the range", "zh": "全部悬崖损失均值"},
    "share_of_walked": {"en": "Share of households", "zh": "占家庭的比重"},
    "loss": {"en": "Loss", "zh": "损失"},
    "elders_only": {"en": "Elderly only", "zh": "纯老人户"},
    "severely_ill": {"en": "With a severely ill member", "zh": "有重病成员"},
    "severely_disabled": {"en": "With a severely disabled member", "zh": "有重度残疾成员"},
    "lone_parent": {"en": "Lone parent", "zh": "单亲家庭"},
    "with_pupils": {"en": "With pupils", "zh": "有在校学生"},
    "alone": {"en": "Living alone", "zh": "独居"},
    "others": {"en": "Others", "zh": "其他"},
    # who pays
    "centre": {"en": "Centre", "zh": "中央"},
    "province": {"en": "Province", "zh": "省级"},
    "prefecture": {"en": "Prefecture", "zh": "市级"},
    "county": {"en": "County", "zh": "县级"},
    "township": {"en": "Township", "zh": "乡镇"},
    "collective": {"en": "Village collectives", "zh": "村集体"},
    "employer": {"en": "Employers", "zh": "用人单位"},
    "insurance_fund": {"en": "Insurance funds", "zh": "社会保险基金"},
    "lottery_fund": {"en": "Lottery funds", "zh": "彩票公益金"},
    "society": {"en": "Charities and donors", "zh": "社会力量"},
    "village_dividends": {"en": "collective dividends", "zh": "集体分红"},
    "average_share": {"en": "of all expenditure", "zh": "占全部支出"},
    "yuan": {"en": "of one more yuan to the same recipients", "zh": "占新增支出（保障对象不变）"},
    "share_paid": {"en": "Paid by the county itself", "zh": "县级自行负担"},
    "title_who_pays": {"en": "Who pays for what", "zh": "资金来源与去向"},
    "title_county_shares": {"en": "What the county itself pays", "zh": "县级财政负担的比重"},
    # the nation
    "outlook_unified": {"en": "One line already", "zh": "城乡标准已统一"},
    "outlook_own": {"en": "Could pay for one line itself", "zh": "本级财力可承担统一"},
    "outlook_central": {"en": "Lacks central money", "zh": "需要中央资金"},
    "outlook_late": {"en": "Too far off for the largest step", "zh": "期限内达不到统一"},
    "province_whole": {"en": "Province", "zh": "全省"},
    "county_spread": {
        "en": "Its counties: middle, and where 80 % live",
        "zh": "所辖各县：中位数及80%人口所在区间",
    },
    "way_to_one_line": {
        "en": "Way from the present rural line to the urban",
        "zh": "农村标准由现行水平到城市标准的进度",
    },
    "extra_over_present": {"en": "More expenditure, of the present", "zh": "新增支出占现行支出的比重"},
    "one_line_burden": {
        "en": "Additional expenditure of one line / own revenue",
        "zh": "统一标准的新增支出／本级财政收入",
    },
    "title_nation_tiles": {
        "en": "Residents whose county could have one line",
        "zh": "所在县能够统一标准的常住人口比重",
    },
    "title_nation_ranked": {"en": "What one line asks of provinces", "zh": "各省统一标准的财政负担"},
    "title_nation_curves": {"en": "What a higher rural line costs", "zh": "提高农村标准的支出"},
    # marks
    "notch": {"en": "Loss when earning more", "zh": "收入增加反而受损（悬崖）"},
}


def checked(lang: str | None) -> Lang:
    """``lang``, or the language in force for ``None``; raises ``MicrosimError`` for one that charts lack."""
    if lang is None:
        return language()
    for known in LANGUAGES:
        if lang == known:
            return known
    hint = did_you_mean(lang, LANGUAGES) or f"the languages are {', '.join(LANGUAGES)}"
    raise InputError(Offence(f"charts have no language '{lang}'", "lang", hint))


def word(key: str, lang: Lang, labels: Mapping[str, Mapping[str, str]] | None = None) -> str:
    """Label of ``key``: from ``labels`` (as in a law file), else from the vocabulary, else the key."""
    if labels is not None and lang in labels.get(key, {}):
        return labels[key][lang]
    return WORDS[key][lang] if key in WORDS else key


def with_unit(key: str, unit: str, lang: Lang, labels: Mapping[str, Mapping[str, str]] | None = None) -> str:
    """Axis label with its unit in brackets, full-width ones in Chinese; ``labels`` as for :func:`word`."""
    unit = WORDS[unit][lang] if unit in WORDS else unit
    named = word(key, lang, labels)
    return f"{named}（{unit}）" if lang == "zh" else f"{named} ({unit})"
