"""The words of the page, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping

Words = Mapping[str, Mapping[str, str]]

LABELS: Words = {
    "rural_line": {"en": "Rural dibao line", "zh": "农村低保标准"},
    "payment_rural": {"en": "Rural taper", "zh": "农村低保金计发方式"},
    "payment_urban": {"en": "Urban taper", "zh": "城市低保金计发方式"},
    "work_cost": {"en": "Deduction of work costs", "zh": "就业成本扣减方式"},
    "work_cost_rate": {"en": "Share of the wage deducted", "zh": "扣减工资的比例"},
    "work_cost_line_share": {"en": "Fixed deduction, share of the line", "zh": "定额扣减占标准的比例"},
    "edge_tier": {"en": "Edge households are recognised", "zh": "认定低保边缘家庭"},
    "single_admission": {"en": "Single admission from edge households", "zh": "边缘家庭重残重病人员单人纳入"},
    "disabled_adults": {
        "en": "Single admission of jobless disabled adults",
        "zh": "成年无业重度残疾人单人纳入",
    },
    "individual_entry": {
        "en": "Single admission from registered poor households",
        "zh": "建档立卡户重残重病人员单人纳入",
    },
    "exit_months": {"en": "Months of gradual exit", "zh": "渐退期"},
    "cap": {"en": "Cap on dibao expenditure", "zh": "低保资金上限"},
    "cap_rule": {"en": "If the money does not suffice", "zh": "资金不足时的办法"},
}
HELP: Words = {
    "rural_line": {
        "en": "A person below the line is entitled. The ratio moves with it; the urban line is held.",
        "zh": "家庭人均收入低于标准的可纳入低保。城乡标准之比随之变动，城市标准不变。",
    },
    "payment_rural": {
        "en": "By the gap, a yuan of counted income takes a yuan of dibao; in bands, dibao falls in steps.",
        "zh": "补差：核定收入每增加1元，低保金减少1元；分档：按档次发放。",
    },
    "payment_urban": {
        "en": "By the gap, a yuan of counted income takes a yuan of dibao; in bands, dibao falls in steps.",
        "zh": "补差：核定收入每增加1元，低保金减少1元；分档：按档次发放。",
    },
    "work_cost": {
        "en": "What part of a wage is not counted as income.",
        "zh": "核定收入时，工资中不予计入的部分。",
    },
    "work_cost_rate": {
        "en": "Used where the deduction is a share of the wage.",
        "zh": "按工资比例扣减时适用。",
    },
    "work_cost_line_share": {
        "en": "Used where the deduction is an amount fixed by the line, per worker and year.",
        "zh": "按标准定额扣减时适用，以每名劳动者每年计。",
    },
    "edge_tier": {
        "en": "Households up to a multiple of the line, who receive other aid than dibao.",
        "zh": "人均收入在标准一定倍数以内、不享受低保但可享受其他救助的家庭。",
    },
    "single_admission": {
        "en": "Their severely disabled or ill members receive dibao as a household of one.",
        "zh": "低保边缘家庭的重残、重病成员按单人户纳入低保。",
    },
    "disabled_adults": {
        "en": "They may apply alone, whatever their family earns.",
        "zh": "可参照单人户单独申请低保。",
    },
    "individual_entry": {
        "en": "Practice of the years of poverty alleviation, without a test of the family's income.",
        "zh": "脱贫攻坚期间的做法，不核查家庭收入。",
    },
    "exit_months": {
        "en": "How long a household that works its way above the line keeps dibao. 0: none.",
        "zh": "家庭因就业增收超过标准后继续享受低保的月数，0为不实行。",
    },
    "cap": {
        "en": "The most that dibao may cost in a year.",
        "zh": "全年低保支出的最高额度。",
    },
    "cap_rule": {
        "en": "Used only where a cap is set and is too low for all who are entitled.",
        "zh": "仅在设定上限且不足以满足应保尽保时适用。",
    },
}
CHOICES: Words = {
    "gap": {"en": "by the gap", "zh": "补差"},
    "banded": {"en": "in bands", "zh": "分档"},
    "none": {"en": "none", "zh": "不扣减"},
    "rate_of_wage": {"en": "share of the wage", "zh": "按工资比例"},
    "fixed_amount": {"en": "fixed amount", "zh": "按标准定额"},
    "lesser_of_both": {"en": "lesser of the two", "zh": "比例与定额取低"},
    "poorest_first": {"en": "the poorest first", "zh": "按核定收入从低到高"},
    "first_come": {"en": "first come, first served", "zh": "先到先得"},
    "pro_rata": {"en": "the same share to all", "zh": "按同一比例发放"},
    "whole_months": {"en": "whole months to all", "zh": "按整月发放"},
    "lower_line": {"en": "a lower line for all", "zh": "降低低保标准"},
}
# Why a knob does nothing; {why} is another knob, or parameters of the law, by their labels.
IDLE: Words = {
    "absent": {
        "en": "not in the law of {why}",
        "zh": "{why}的政策法规无此规定",
    },
    "needs": {"en": "no effect unless “{why}” is on", "zh": "须先选“{why}”方起作用"},
    "switched": {"en": "no effect as long as {why}", "zh": "{why}时不起作用"},
    "is": {"en": "“{name}” is {value}", "zh": "“{name}”为“{value}”"},
    "unread": {"en": "no rule in force uses it", "zh": "现行规则均不使用"},
    "nobody": {"en": "no household of this county is affected", "zh": "本县没有受其影响的家庭"},
    "no_cap": {"en": "no effect without a cap", "zh": "未设上限时不起作用"},
    "refused": {"en": "not possible here: {why}", "zh": "本方案不能设定：{why}"},
}
FIGURES: Words = {
    "cost": {"en": "Expenditure a year", "zh": "年支出"},
    "cost.total": {"en": "All programmes", "zh": "各项救助合计"},
    "cost.dibao": {"en": "Dibao", "zh": "低保"},
    "cost.dibao.rural": {"en": "rural", "zh": "农村"},
    "cost.dibao.urban": {"en": "urban", "zh": "城市"},
    "cost_per_recipient.dibao": {"en": "Dibao per recipient", "zh": "低保人均支出"},
    "budget_need": {"en": "Needed without the cap", "zh": "不设上限时应支出"},
    "left_out": {"en": "Left out for lack of money", "zh": "因资金不足未保障"},
    "paid": {"en": "Who pays", "zh": "资金负担"},
    "paid.centre": {"en": "Centre", "zh": "中央"},
    "paid.province": {"en": "Province", "zh": "省级"},
    "paid.prefecture": {"en": "Prefecture", "zh": "市级"},
    "paid.county": {"en": "County", "zh": "县级"},
    "paid.others": {"en": "Employers and villages", "zh": "用人单位和村集体"},
    "county_to_revenue": {
        "en": "County's share of its own revenue",
        "zh": "县级负担占本级财政收入",
    },
    "caseload": {"en": "Dibao recipients", "zh": "低保对象"},
    "caseload.dibao": {"en": "Persons", "zh": "人数"},
    "caseload.dibao.rural": {"en": "rural", "zh": "农村"},
    "caseload.dibao.urban": {"en": "urban", "zh": "城市"},
    "households.dibao": {"en": "Households", "zh": "户数"},
    "resident_share.dibao": {"en": "Share of residents", "zh": "占常住人口"},
    "poverty": {"en": "Poverty (national line)", "zh": "贫困（国家扶贫标准）"},
    "poverty.headcount_before": {"en": "Rate before assistance", "zh": "救助前贫困发生率"},
    "poverty.headcount": {"en": "Rate after assistance", "zh": "救助后贫困发生率"},
    "poverty.gap": {"en": "Poverty gap after assistance", "zh": "救助后贫困差距率"},
    "gini.disposable_income": {"en": "Gini of income after assistance", "zh": "救助后基尼系数"},
    "gains": {"en": "Against the scenario as it is", "zh": "与现方案相比"},
    "gainers": {"en": "Persons better off", "zh": "受益人数"},
    "losers": {"en": "Persons worse off", "zh": "受损人数"},
}
# Above the large numbers, where there is no heading that says the rest.
TILES: Words = {
    "cost.total": {"en": "Expenditure of all programmes", "zh": "各项救助年支出"},
    "paid.county": {"en": "Paid by the county", "zh": "其中县级负担"},
    "caseload.dibao": {"en": "Dibao recipients", "zh": "低保对象"},
    "poverty.headcount": {"en": "Poverty after assistance", "zh": "救助后贫困发生率"},
}
UNITS: Words = {
    "money": {"en": "million yuan", "zh": "万元"},
    "yuan/year": {"en": "yuan", "zh": "元"},
    "persons": {"en": "persons", "zh": "人"},
    "households": {"en": "households", "zh": "户"},
    "1": {"en": "%", "zh": "%"},
    "index": {"en": "", "zh": ""},
    "months": {"en": "months", "zh": "个月"},
    "line": {"en": "yuan/year", "zh": "元/年"},
}
PAGE: Words = {
    "lead": {"en": "Law of {date} · {county} · {money}", "zh": "执行{date}政策法规　{county}　{money}"},
    "settings": {"en": "Settings", "zh": "方案设定"},
    "base": {"en": "As it is", "zh": "现方案"},
    "a": {"en": "Setting A", "zh": "方案甲"},
    "b": {"en": "Setting B", "zh": "方案乙"},
    "add_b": {"en": "+ Compare with a setting B", "zh": "＋增加方案乙对比"},
    "drop_b": {"en": "Remove setting B", "zh": "取消方案乙"},
    "reset": {"en": "Back to the scenario as it is", "zh": "恢复现方案"},
    "ratio": {"en": "Rural line / urban line ({line})", "zh": "农村标准占城市标准（{line}）的比例"},
    "per_month": {"en": "{n} yuan a month", "zh": "每月{n}元"},
    "was": {"en": "as it is: {value}", "zh": "现为{value}"},
    "on": {"en": "yes", "zh": "是"},
    "off": {"en": "no", "zh": "否"},
    "not_granted": {"en": "none", "zh": "不实行"},
    "no_cap": {"en": "no cap", "zh": "不设上限"},
    "set_cap": {"en": "Set a cap", "zh": "设定上限"},
    "nothing_here": {"en": "Not to be moved here", "zh": "本方案不能调整的项目"},
    "figures": {"en": "Figures", "zh": "主要结果"},
    "figure": {"en": "Figure", "zh": "指标"},
    "change": {"en": "change", "zh": "变化"},
    "payers": {"en": "Who pays (million yuan a year)", "zh": "资金负担（万元/年）"},
    "caseload": {"en": "Dibao recipients (persons)", "zh": "低保对象（人）"},
    "family": {
        "en": "What a family has as its earner earns more",
        "zh": "劳动收入变化时一户家庭的可支配收入",
    },
    "which": {"en": "Family", "zh": "家庭"},
    "typical": {
        "en": "Typical rural family near the line: household {id}, {size} persons",
        "zh": "典型农村临界家庭（第{id}户，{size}口人）",
    },
    "no_family": {
        "en": "The county has no rural family with one earner near the line.",
        "zh": "该县没有只有一名劳动者的农村临界家庭。",
    },
    "wage": {"en": "Wage of the earner (yuan a year)", "zh": "务工者年工资（元）"},
    "income": {"en": "Disposable income of the family (yuan a year)", "zh": "家庭年可支配收入（元）"},
    "now": {"en": "now", "zh": "目前"},
    "at_wage": {"en": "wage {n}", "zh": "工资{n}元"},
    "drops": {
        "en": "{name}: {n} cliffs; the largest at a wage of {at} yuan, where the family loses {drop} yuan a "
        "year of disposable income ({lost}).",
        "zh": "{name}：收入悬崖{n}处，最大一处在年工资{at}元，家庭可支配收入每年减少{drop}元（{lost}）。",
    },
    "no_drop": {
        "en": "{name}: no cliff; a higher wage never leaves this family with less.",
        "zh": "{name}：没有收入悬崖，工资增加不会使家庭收入减少。",
    },
    "drops_note": {
        "en": "Cash benefits only. A cap is left out of account.",
        "zh": "只计现金待遇；未考虑资金上限。",
    },
    "assumptions": {"en": "What the figures rest on", "zh": "测算所依据的假设"},
    "listed": {
        "en": "No document gives {n} of the numbers used; microsim run lists them in tables/assumptions.csv. "
        "These move expenditure most, the scenario as it is:",
        "zh": "所用数字中有{n}项没有文件依据，全部清单见microsim run生成的tables/assumptions.csv。"
        "按现方案，对支出影响最大的如下：",
    },
    "listed_only": {
        "en": "No document gives {n} of the numbers used; microsim run lists them in tables/assumptions.csv. "
        "How far each moves expenditure was not measured.",
        "zh": "所用数字中有{n}项没有文件依据，清单见microsim run生成的tables/assumptions.csv；"
        "未逐项测算其影响。",
    },
    "not_modelled": {"en": "What is not modelled", "zh": "未纳入测算的内容"},
    "digits": {
        "en": "Shown to the last digit so that small changes can be seen; no figure is known so exactly, and "
        "a brief rounds it.",
        "zh": "为便于看清细微变化，数字列至个位，并不表示精确到此；简报中按可知精度取舍。",
    },
    "no_payers": {
        "en": "The county has no profile, so who pays is not known.",
        "zh": "该县没有县情资料，无法测算资金负担。",
    },
    "save": {"en": "Save as a scenario", "zh": "保存为方案文件"},
    "brief_docx": {"en": "Brief (Word)", "zh": "下载简报（Word）"},
    "brief_html": {"en": "Brief (web page)", "zh": "下载简报（网页）"},
    "title": {"en": "Title", "zh": "标题"},
    "file": {"en": "File name", "zh": "文件名"},
    "folder": {"en": "The file goes into {folder}.", "zh": "文件保存在{folder}。"},
    "cancel": {"en": "Cancel", "zh": "取消"},
    "do_save": {"en": "Save", "zh": "保存"},
    "do_replace": {"en": "Replace the file", "zh": "替换原文件"},
    "saved": {
        "en": "Saved: {file}. To run it: microsim run {file}",
        "zh": "已保存：{file}。运行：microsim run {file}",
    },
    "exists": {
        "en": "There is a file {file} already. Replace it, or choose another name.",
        "zh": "已有文件{file}。请确认替换，或另取文件名。",
    },
    "save_first": {
        "en": "The brief names the scenario file that it was computed from. Save the setting first.",
        "zh": "简报须注明所依据的方案文件，请先保存方案。",
    },
    "busy": {"en": "Computing …", "zh": "正在测算……"},
    "writing": {"en": "Writing the brief; this takes some seconds.", "zh": "正在生成简报，需要几秒钟。"},
    "downloaded": {"en": "Brief downloaded: {file}", "zh": "简报已下载：{file}"},
    "took": {"en": "Computed in {s} s", "zh": "测算用时{s}秒"},
    "gone": {
        "en": "microsim explore has ended on this computer; start it again to go on.",
        "zh": "本机的microsim explore已结束，请重新启动后继续。",
    },
    "forbidden": {
        "en": "This page is for those who have its whole address, which microsim explore printed.",
        "zh": "须使用microsim explore给出的完整网址才能打开本页。",
    },
    "other_language": {"en": "中文", "zh": "English"},
    "footer": {
        "en": "microsim {version}. This computer alone serves the page, which asks nothing of the internet. "
        "Closing it ends nothing; Ctrl-C in the terminal does.",
        "zh": "microsim {version}。本页仅由本机提供，不访问互联网。"
        "关闭网页不会结束程序，在终端按Ctrl-C结束。",
    },
}
