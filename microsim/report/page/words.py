"""What the page of a sweep says, in both languages."""

from __future__ import annotations

from functools import partial

from microsim.report.text import in_words

# On the page from the beginning.
STATIC: dict[str, dict[str, str]] = {
    "of": {
        "en": "{county}, based on: {base} (law of {law}); {count} computed on {date}",
        "zh": "{county}，以“{base}”为基准方案（执行{law}有效的政策法规）；{date}测算，{count}",
    },
    "points_one": {"en": "1 point", "zh": "1个取值点"},
    "points_many": {"en": "{n} points", "zh": "{n}个取值点"},
    "counties": {"en": "{n} counties", "zh": "{n}个县"},
    "no_script": {
        "en": "The figures are chosen by JavaScript, which is switched off here. The page itself holds all "
        "it needs: allow scripts for this file.",
        "zh": "本页需用JavaScript选取数字，当前已被禁用。页面不需联网，请允许本文件运行脚本。",
    },
    "choose": {"en": "Choose the values", "zh": "选择取值"},
    "crossed": {
        "en": "Every combination was computed. Nothing lies between two positions.",
        "zh": "各种组合均已逐一测算，相邻两档之间没有数字。",
    },
    "drawn": {
        "en": "This sweep is a sample of points ({design}), no grid: not every combination was computed. "
        "What is shown is the computed point nearest to the values chosen. The words and names chosen are "
        "kept; of the numbers, the distance counts in shares of each range.",
        "zh": "本批情景为抽样取点（{design}），并非全部组合。页面显示与所选取值最接近的已测算点："
        "选项保持不变，数值按各自取值范围的比例计算远近。",
    },
    "latin_hypercube": {"en": "Latin hypercube", "zh": "拉丁超立方抽样"},
    "sobol": {"en": "Sobol sequence", "zh": "Sobol序列"},
    "results": {"en": "Results", "zh": "测算结果"},
    "keep": {"en": "Keep for comparison", "zh": "保留用于对比"},
    "drop": {"en": "End the comparison", "zh": "取消对比"},
    "figure": {"en": "Figure", "zh": "指标"},
    "along": {"en": "Along", "zh": "横轴"},
    "area": {"en": "Area", "zh": "地区"},
    "with_zero": {"en": "Also figures that are 0 at every point", "zh": "同时显示各点均为0的指标"},
    "figures": {"en": "All figures of this setting", "zh": "当前取值的全部指标"},
    "all_points": {"en": "All points", "zh": "全部取值点"},
    "sorting": {
        "en": "A click on a heading sorts; a click on a number shows the point above. The numbers are those "
        "of the column scenario in the sweep's files.",
        "zh": "点击表头可排序，点击序号可在上方显示该点。序号即批量测算文件中scenario一列。",
    },
    "earlier": {"en": "Previous", "zh": "上一页"},
    "later": {"en": "Next", "zh": "下一页"},
    "rounded": {
        "en": "Rounded to four digits; a number shows its exact value under the pointer. Amounts are in "
        "money of {year}.",
        "zh": "数字保留四位有效数字，鼠标停在数字上可见原值。金额为{year}年价格。",
    },
    "rounded_alone": {
        "en": "Rounded to four digits; a number shows its exact value under the pointer.",
        "zh": "数字保留四位有效数字，鼠标停在数字上可见原值。",
    },
    "missing": {"en": "Points that could not be computed", "zh": "未能测算的取值点"},
    "missing_base": {
        "en": "Base scenario not computed: {reason}",
        "zh": "基准方案未能测算：{reason}",
    },
    "first_county": {"en": "Of the first county: ", "zh": "以首个县为例："},
    "method": {"en": "How it was computed", "zh": "测算方法"},
    "assumptions": {"en": "Numbers without a document", "zh": "没有文件依据的数字"},
    "assumed": {
        "en": "No document gives {n} of the numbers that these figures depend on. A value chosen above "
        "replaces the one listed here.",
        "zh": "以上指标所用数字中有{n}项没有文件依据。上方所选取值替代清单中的相应数字。",
    },
    "assumed_first": {
        "en": "Those of the base scenario “{base}”; the others have their own.",
        "zh": "以下为基准方案“{base}”所用数字，其他基准方案另有各自的数字。",
    },
    "show": {"en": "Show the list", "zh": "查看清单"},
    "number": {"en": "Number", "zh": "名称"},
    "value": {"en": "Value", "zh": "取值"},
    "basis": {"en": "Basis", "zh": "来源"},
    "not_modelled": {"en": "What is not modelled", "zh": "未纳入测算的内容"},
    "repeating": {"en": "How to compute this again", "zh": "复现方法"},
    "outputs_hash": {"en": "Values (SHA-256)", "zh": "取值（SHA-256）"},
    "footer": {
        "en": "This file holds everything that it shows, and asks for nothing from elsewhere.",
        "zh": "本文件包含所显示的全部内容，不访问网络。",
    },
}
# What the script says.
SCRIPT: dict[str, dict[str, str]] = {
    "base": {"en": "Base scenario", "zh": "基准方案"},
    "this": {"en": "This setting", "zh": "当前取值"},
    "change": {"en": "Change from the base", "zh": "比基准方案"},
    "kept": {"en": "Kept setting", "zh": "保留的取值"},
    "from_kept": {"en": "Change from the kept", "zh": "比保留的取值"},
    "no_change": {"en": "no change", "zh": "无变化"},
    "none": {"en": "no figure", "zh": "无此数字"},
    "not_computed": {"en": "not computed", "zh": "未测算"},
    "nothing_here": {
        "en": "This point could not be computed: {reason}",
        "zh": "该取值点未能测算：{reason}",
    },
    "no_base": {"en": "the base scenario has none", "zh": "基准方案无此数字"},
    "point": {"en": "Point", "zh": "序号"},
    "colon": {"en": ": ", "zh": "："},
    "comma": {"en": "; ", "zh": "；"},
    "brackets": {"en": " ({text})", "zh": "（{text}）"},
    "percentage": {"en": " percentage points", "zh": "个百分点"},
    "county": {"en": "whole county", "zh": "全县"},
    "nearest": {"en": "nearest computed: {value}", "zh": "最近的已测算值：{value}"},
    "page": {"en": "{from}–{to} of {all}", "zh": "第{from}–{to}个，共{all}个"},
    "held": {
        "en": "Each dot is a computed point, with all else as chosen; nothing between the dots was computed.",
        "zh": "每个圆点为一个已测算点，其他取值保持不变；圆点之间未测算。",
    },
    "scattered": {
        "en": "Each dot is a computed point of the words and names chosen; its other numbers differ from dot "
        "to dot.",
        "zh": "每个圆点为所选选项下的一个已测算点，各点的其他数值互不相同。",
    },
    "chart": {"en": "{figure} along {axis}", "zh": "{figure}随{axis}的变化"},
    "linked": {"en": "Move together", "zh": "联动取值"},
    "base_value": {"en": "base scenario: {value}", "zh": "基准方案：{value}"},
    "less": {"en": "lower", "zh": "调低一档"},
    "more": {"en": "higher", "zh": "调高一档"},
}
# Names of settings, values of theirs, and figures that only programs name.
NAMES: dict[str, dict[str, str]] = {
    "base": {"en": "Base scenario", "zh": "基准方案"},
    "law": {"en": "Law of the day", "zh": "适用政策的日期"},
    "ensemble": {"en": "Set of assumptions", "zh": "假设组别"},
    "seed": {"en": "Sample of households", "zh": "住户样本"},
    "county": {"en": "County", "zh": "县"},
    "own": {"en": "as in the data", "zh": "现有样本"},
    "drawn_anew": {"en": "seed {n}", "zh": "随机种子{n}"},
    "set": {"en": "set {n}", "zh": "第{n}组"},
    "regime": {"en": "Access to {name}, as under", "zh": "{name}对象范围"},
    "regime_all": {"en": "Access to all programmes, as under", "zh": "各项目对象范围"},
    "as_base": {"en": "as in the base scenario", "zh": "同基准方案"},
    "on": {"en": "on", "zh": "实施"},
    "off": {"en": "off", "zh": "不实施"},
    "yes": {"en": "yes", "zh": "是"},
    "no": {"en": "no", "zh": "否"},
    "paid": {"en": "Who pays", "zh": "资金来源"},
    "ratio": {"en": "Ratios of the ledger", "zh": "财政比率"},
    "cliffs": {"en": "Cliffs", "zh": "收入悬崖"},
    "residents": {"en": "Residents", "zh": "常住人口"},
    "facing_notch": {"en": "Facing a cliff", "zh": "增收途中有悬崖"},
    "members_walked": {"en": "Members examined", "zh": "纳入测算的成员"},
    "share_in_dead_zone": {"en": "Share in a dead zone", "zh": "处于无效增收区间的占比"},
    "not_exact": {"en": "Share bracketed, not exact", "zh": "以区间逼近的占比"},
    "rural_dibao_to_revenue": {"en": "Rural dibao over own revenue", "zh": "农村低保支出与本级收入之比"},
    "expenditure_to_revenue": {"en": "All expenditure over own revenue", "zh": "全部救助支出与本级收入之比"},
    "county_to_revenue": {"en": "County's part over own revenue", "zh": "县级负担与本级收入之比"},
    "expenditure_to_budget": {
        "en": "All expenditure over budget expenditure",
        "zh": "全部救助支出占预算支出比重",
    },
    "expenditure_per_resident": {"en": "Expenditure per resident", "zh": "常住人口人均救助支出"},
    "county_per_resident": {"en": "County's part per resident", "zh": "常住人口人均县级负担"},
    "upper_share": {"en": "Share of upper levels", "zh": "县级以上财政负担比重"},
    "none": {"en": "no programme", "zh": "未享受任何项目"},
}
say = partial(in_words, STATIC)
named = partial(in_words, NAMES)
