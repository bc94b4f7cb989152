"""What tables, columns and codes are called where people read them: in workbooks, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from microsim.explanation.words import SOURCES
from microsim.simulation.explaining import cited, labelled
from microsim.units import KNOWN_UNITS
from microsim.words.codes import CODES, TABLES
from microsim.words.of_nation import COLUMNS as NATION
from microsim.words.of_units import SILENT, unit_word

if TYPE_CHECKING:
    from microsim.policy.policy import Policy

# Rule, parameter or programme -> what it is called, by language.
Labels = Mapping[str, Mapping[str, str]]

# Column -> its heading in English and Chinese, and the unit of its numbers where all rows have one.
COLUMNS: dict[str, tuple[str, str, str]] = {
    "name": ("Name", "名称", ""),
    "label": ("What it is", "含义", ""),
    "value": ("Value", "数值", ""),
    "unit": ("Unit", "单位", ""),
    "since": ("In force since", "生效日期", ""),
    "source": ("Kind of source", "来源类型", ""),
    "reference": ("Source", "依据", ""),
    "note": ("Note", "备注", ""),
    "effect": ("Change of expenditure if a tenth lower", "降低一成时支出变动", "yuan/year"),
    "side": ("Scenario", "方案", ""),
    "scenario": ("Scenario", "方案", ""),
    "measure": ("Measure", "指标", ""),
    "subject": ("Subject", "对象", ""),
    "group": ("Group", "分组", ""),
    "paper": ("Source paper", "来源论文", ""),
    "difference": ("Difference", "差异", ""),
    "a": ("Base", "基准", ""),
    "b": ("Reform", "改革", ""),
    "change": ("Change", "变化", ""),
    "standard_error": ("Standard error", "标准误", ""),
    "earnings": ("Own earnings", "本人劳动收入", "yuan/year"),
    "other_income": ("Other income", "其他收入", "yuan/year"),
    "disposable_income": ("Disposable income", "可支配收入", "yuan/year"),
    "household_id": ("Household", "户号", ""),
    "person_id": ("Person", "人员编号", ""),
    "at": ("At an income of", "收入达到", "yuan/year"),
    "drop": ("Loss", "损失", "yuan/year"),
    "rise": ("Gain", "增加", "yuan/year"),
    "lost": ("What is lost", "失去的待遇", ""),
    "path": ("Path", "路径", ""),
    "year": ("Year", "年份", ""),
    "month": ("Month", "月份", ""),
    "wage": ("Wage", "工资", "yuan/year"),
    "column": ("Column", "栏目", ""),
    "table": ("Table", "数据表", ""),
    "index": ("Growth factor", "增长指标", ""),
    "factor": ("Factor", "调整系数", "1"),
    "from_year": ("From year", "起始年份", ""),
    "to_year": ("To year", "目标年份", ""),
    "form": ("Form", "支付形式", ""),
    "programme": ("Programme", "项目", ""),
    "rule": ("Rule", "规则", ""),
    "payer": ("Payer", "出资方", ""),
    "timing": ("Timing", "支付时间", ""),
    "cash_paid": ("Paid in cash in the year", "当年现金支付额", ""),
    "comparison": ("Comparison", "判断条件", ""),
    "bracket": ("Width of the bracket", "区间宽度", "yuan/year"),
    "dead_zone": ("Earned before it is made up", "收入增加至恢复所需", "yuan/year"),
    "before": ("Resources before", "变动前资源", "yuan/year"),
    "resources": ("Resources", "家庭资源", "yuan/year"),
    "slope_before": ("Kept of a yuan before", "变动前每元实得", "1"),
    "slope_after": ("Kept of a yuan after", "变动后每元实得", "1"),
    "weight": ("Weight", "权重", ""),
    "notch": ("Notch", "断点序号", ""),
    "other": ("Other programme", "其他项目", ""),
    "benefit": ("Benefit", "待遇", ""),
    "present": ("Present income", "现有收入", "yuan/year"),
    "at_present": ("Resources at present", "现有资源", "yuan/year"),
    "at_low": ("Resources without it", "无该项收入时资源", "yuan/year"),
    "marginal_rate": ("Marginal rate", "边际有效税率", "1"),
    "slope_at_present": ("Kept of a yuan at present", "现时每元实得", "1"),
    "participation_tax_rate": ("Participation tax rate", "就业参与税率", "1"),
    "next_at": ("Next notch at", "下一断点收入", "yuan/year"),
    "next_distance": ("Distance to the next notch", "距下一断点", "yuan/year"),
    "next_percent": ("Distance in % of income", "距下一断点占收入比重", "percent"),
    "next_hours": ("Hours of work to the next notch", "距下一断点工时", "hours"),
    "next_drop": ("Loss at the next notch", "下一断点损失", "yuan/year"),
    "next_dead_zone": ("Earned before it is made up", "下一断点恢复所需", "yuan/year"),
    "next_rule": ("Rule of the next notch", "下一断点规则", ""),
    "total_loss": ("Sum of losses", "损失合计", "yuan/year"),
    "worst_drop": ("Largest loss", "最大损失", "yuan/year"),
    "in_dead_zone": ("Worse off than with less", "多挣反少", ""),
    "trapped": ("Trapped", "陷入困境", ""),
    "exact": ("Exact", "精确", ""),
    "evaluations": ("Evaluations", "计算次数", ""),
    "benefits_before": ("Benefits before", "变动前待遇", "yuan/year"),
    "months_of_support": ("Months of support", "相当于救助月数", "months"),
    "days_of_minimum_wage": ("Days at the minimum wage", "相当于最低工资天数", "days"),
    "cause": ("Cause", "原因", ""),
    "share": ("Share", "占比", "1"),
    "family": ("Family", "家庭", ""),
    "line": ("Line", "曲线", ""),
    "part": ("Part", "组成部分", ""),
    "area": ("Area", "城乡", ""),
    "cost": ("Expenditure", "支出", "yuan/year"),
    "within_market_income": ("Paid as wage or dividend", "以工资或分红发放", "yuan/year"),
    "caseload": ("Recipients", "保障人数", "persons"),
    "person_months": ("Person-months of the year", "全年发放人月数", "person-months"),
    "recipients": ("Recipients", "保障人数", "persons"),
    "expenditure": ("Expenditure", "支出", "yuan/year"),
    "weight_per_recipient": ("Weight per recipient", "每名对象权数", "1"),
    "grant": ("Grant", "补助", "yuan/year"),
    "unused": ("Unused", "未使用", "yuan/year"),
    "county_pays": ("County pays", "县级负担", "yuan/year"),
    "county_without": ("Without the pool", "不统筹时县级负担", "yuan/year"),
    "households": ("Households", "户数", "households"),
    "persons": ("Persons", "人数", "persons"),
    "county": ("County", "县", ""),
    "policy": ("Policy of", "政策", ""),
    "people": ("People of", "居民", ""),
    "zone": ("Zone", "片区", ""),
    "ratio": ("Ratio", "比率", ""),
    "ratio_before": ("Ratio of the year before", "上年比率", ""),
    "chosen": ("Chosen", "选中", ""),
    "extra_cost": ("Additional expenditure", "新增支出", "yuan/year"),
    "increment": ("County: additional payment", "县级多负担", "yuan/year"),
    "burden": ("Share of own revenue", "占本级收入比重", "1"),
    "gap": ("Gap", "缺口", ""),
    "seed": ("Seed", "随机种子", ""),
    "seeds": ("Seeds", "种子数", ""),
    "mean": ("Mean", "均值", ""),
    "deviation": ("Standard deviation", "标准差", ""),
    "lowest": ("Lowest", "最低", ""),
    "highest": ("Highest", "最高", ""),
    "least": ("Lowest", "最低", ""),
    "greatest": ("Highest", "最高", ""),
    "target": ("Target", "目标值", ""),
    "ours": ("This county", "本县", ""),
    "population": ("Population", "人口", ""),
    "fact": ("Item", "事项", ""),
    "said": ("Content", "内容", ""),
    "gate": ("Status", "身份条件", ""),
    "through": ("By way of", "传导途径", ""),
    "control": ("Control", "控制项", ""),
    "drawn": ("Drawn", "抽样结果", ""),
    "weighted": ("Weighted", "加权结果", ""),
    "found": ("Synthetic", "合成结果", ""),
    "miss": ("Deviation", "偏差", "1"),
    "rank": ("Rank", "位次", "1"),
    "income_share_before": ("Share of income before assistance", "救助前收入累计占比", "1"),
    "income_share_after": ("Share of income after assistance", "救助后收入累计占比", "1"),
    "size": ("Persons", "户规模", "persons"),
    "income": ("Income per head", "人均收入", "yuan/year"),
    "sex": ("Sex", "性别", ""),
    "age_group": ("Age", "年龄组", ""),
    "figure": ("Figure", "指标", ""),
    "among": ("Among", "范围", ""),
    "rows": ("Rows", "样本量", ""),
    "by_gb2": ("GB2", "GB2分布", ""),
    "by_lognormal": ("Lognormal", "对数正态分布", ""),
    "trait": ("Trait", "特征", ""),
    "income_per_head": ("Income per head", "人均收入", ""),
    "household_size": ("Size", "户规模", ""),
    "age_of_head": ("Age of head", "户主年龄", ""),
    "children": ("Children", "儿童数", ""),
    "workers": ("Share at work", "就业比重", ""),
    "severely_ill": ("Severe illness", "有重病", ""),
    "disabled": ("Disability", "有残疾", ""),
    "urban": ("Urban", "城镇", ""),
    "filed_poor": ("Registered poor", "建档立卡", ""),
    "savings": ("Savings", "储蓄", ""),
    "car": ("Car", "汽车", ""),
    "seen_income": ("Share of income verifiable", "可核实收入比例", ""),
    "at_least": ("At least", "是否为下限", ""),
    "meaning": ("Meaning", "含义", ""),
    "donor": ("Donor", "参照县", ""),
    "distance": ("Distance", "距离", ""),
    "record": ("Record", "记录", ""),
    "why": ("Reason", "原因", ""),
    "how": ("Treatment", "处理方式", ""),
    "records": ("Records", "记录数", ""),
    "missing": ("Missing", "缺失数", ""),
    "filled": ("Filled", "填补数", ""),
    "filled_with": ("Filled with", "填补值", ""),
    "otherwise": ("Other values", "其他取值", ""),
    "verified": ("Verified", "已核对", ""),
    **NATION,
}
# Numbers that are names: no separators.
PLAIN = frozenset({"household_id", "person_id", "year", "from_year", "to_year", "seed", "notch", "scenario"})
# What the law and a county say of their numbers: English, with the Chinese of each in the catalog.
SOURCED = ("reference", "note")
# Texts made of words and of categories: "male 0-4", "at school, primary".
LABELLED = ("control", "among", "figure", "sex", "how", "why", "otherwise")
# Column of texts -> what says them in a language.
WRITTEN: dict[str, Callable[[str, str], str]] = {
    **dict.fromkeys(SOURCED, cited),
    **dict.fromkeys(LABELLED, labelled),
}


_TRAITS = (
    *("income_per_head", "household_size", "age_of_head", "children", "workers", "severely_ill", "disabled"),
    *("filed_poor", "savings", "car", "seen_income"),
)
# Kind of source -> its words.
_FROM = {tag: (SOURCES["en"][tag], SOURCES["zh"][tag]) for tag in ("inferred", "recalled", "assumption")}


def heading(column: str, lang: str) -> str:
    """The heading of a column, with the unit of its numbers in brackets; its own name where none is known.

    >>> heading("drop", "en"), heading("drop", "zh"), heading("dibao.line", "en")
    ('Loss (yuan/year)', '损失（元/年）', 'dibao.line')
    """
    en, zh, unit = COLUMNS.get(column, (column, column, ""))
    text = zh if lang == "zh" else en
    if unit in ("", "1"):
        return text
    return f"{text}（{unit_of(unit, lang)}）" if lang == "zh" else f"{text} ({unit})"


def unit_of(unit: str, lang: str) -> str:
    """A unit as tables write it."""
    return unit_words(lang).get(unit, unit)


def unit_words(lang: str) -> dict[str, str]:
    """Unit -> its words in a table."""
    if lang != "zh":
        return {"1": "ratio"}
    return {unit: unit_word(unit, "zh") for unit in KNOWN_UNITS} | SILENT


def sheet_title(table: str, lang: str) -> str:
    """What the sheet of a table is called."""
    return TABLES.get(table, (table, table))[lang == "zh"]


def code_words(lang: str) -> dict[str, str]:
    """Code -> its words."""
    named = {name: COLUMNS[name][:2] for name in _TRAITS} | _FROM | CODES
    return {code: pair[lang == "zh"] for code, pair in named.items()}


def labels_of(policy: Policy) -> Labels:
    """What the rules, parameters and programmes of a policy are called."""
    labels: dict[str, Mapping[str, str]] = {one.name: one.label for one in policy.programmes}
    labels |= {name: one.label for name, one in policy.parameters.items()}
    return labels | {name: rule.label for name, rule in policy.rules.items()}


def heading_of(column: str, lang: str, labels: Labels) -> str:
    """The heading of a column of a table, or of one that is a rule or parameter."""
    said = labels.get(column, {}).get(lang)
    return said if said and column not in COLUMNS else heading(column, lang)


def words_for_codes(lang: str, labels: Labels) -> dict[str, str]:
    """Code, rule, parameter or programme -> its words."""
    return {name: said[lang] for name, said in labels.items() if said.get(lang)} | code_words(lang)
