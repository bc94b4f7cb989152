"""The sentences of a brief of the nation county by county."""

from __future__ import annotations

WORDS = {
    "title": {"en": "County by county: {title}", "zh": "关于“{title}”的测算简报"},
    "question": {
        "en": "What do the scenarios change for counties and their residents, and which counties could "
        "pay for "
        "one dibao line by {year}?",
        "zh": "各情景下低保支出和农村居民状况如何变化，哪些县到{year}年有能力统一城乡低保标准？",
    },
    "present": {
        "en": "{rural} of rural residents receive dibao, and {below} are below the urban line after "
        "assistance.",
        "zh": "农村低保对象占农村人口的{rural}，救助后收入低于城市标准的占{below}。",
    },
    "cost_up": {
        "en": "Under “{name}” expenditure on dibao rises to {times} times the present.",
        "zh": "“{name}”情景下，低保支出增至现状的{times}倍。",
    },
    "cost_down": {
        "en": "Under “{name}” expenditure on dibao falls to {times} times the present.",
        "zh": "“{name}”情景下，低保支出降至现状的{times}倍。",
    },
    "cost_same": {
        "en": "Under “{name}” expenditure on dibao stays as it is.",
        "zh": "“{name}”情景下，低保支出与现状基本持平。",
    },
    "below_up": {
        "en": "The share of rural residents below the urban line after assistance rises from {a} to {b}.",
        "zh": "救助后收入低于城市标准的农村人口由{a}升至{b}。",
    },
    "below_down": {
        "en": "The share of rural residents below the urban line after assistance falls from {a} to {b}.",
        "zh": "救助后收入低于城市标准的农村人口由{a}降至{b}。",
    },
    "below_same": {
        "en": "The share of rural residents below the urban line after assistance stays at {b}.",
        "zh": "救助后收入低于城市标准的农村人口占{b}，基本不变。",
    },
    "counties": {
        "en": "Of {all}, one line is in force in {unified}, could be paid for from own revenue by {year} in "
        "{own}, and needs money from the centre in {central}.",
        "zh": "所测算的{all}中，已统一标准的有{unified}，到{year}年本级财力可承担的有{own}，"
        "需中央补助的有{central}。",
    },
    "counties_late": {
        "en": "Of {all}, one line is in force in {unified}, could be paid for from own revenue by {year} in "
        "{own}, needs money from the centre in {central}, and is out of reach in time in {late}.",
        "zh": "所测算的{all}中，已统一标准的有{unified}，到{year}年本级财力可承担的有{own}，"
        "需中央补助的有{central}，"
        "期限内难以统一的有{late}。",
    },
    "covered": {
        "en": "Lines and incomes of {share} of residents are those of their own county.",
        "zh": "{share}的人口采用本县自有的标准和收入数据。",
    },
    "filled": {
        "en": "Lines and incomes of only {share} of residents are those of their own county and the "
        "others are filled "
        "in, so that shares and ratios hold under assumptions and no sums of money or recipients are given.",
        "zh": "仅{share}的人口采用本县自有的标准和收入数据，其余为填补值，因此比重和比率只在假设下成立，"
        "不公布金额和人数合计。",
    },
    "table": {"en": "Scenarios", "zh": "各情景主要结果"},
    "scenario": {"en": "Scenario", "zh": "情景"},
    "rural": {"en": "Rural recipients", "zh": "农村低保对象占比"},
    "urban": {"en": "Urban recipients", "zh": "城市低保对象占比"},
    "cost": {"en": "Dibao, a year", "zh": "低保年支出"},
    "times": {"en": "Dibao, present = 1", "zh": "低保支出（现状=1）"},
    "revenue": {"en": "All over revenue", "zh": "救助支出占本级收入"},
    "below": {"en": "Below urban line", "zh": "低于城市标准"},
    "note": {
        "en": "Recipients: of rural and urban residents. All over revenue: all programmes over the "
        "counties' own "
        "revenue. Below urban line: rural residents after assistance.",
        "zh": "占比以农村、城镇常住人口为基数；救助支出占本级收入为各项救助支出与县本级财政收入之比；"
        "低于城市标准为救助后收入低于城市标准的农村人口比重。",
    },
    "zones": {"en": "Zones in the order in which they are ready", "zh": "各片区条件具备程度"},
    "zone": {"en": "Zone", "zh": "片区"},
    "count": {"en": "Counties", "zh": "县数"},
    "unified": {"en": "One line", "zh": "已统一"},
    "own": {"en": "Own money", "zh": "本级承担"},
    "central": {"en": "Central money", "zh": "需中央补助"},
    "late": {"en": "Too far off", "zh": "期限内难"},
    "ready": {"en": "Ready (%)", "zh": "条件具备（%）"},
    "lack": {"en": "Of the lack (%)", "zh": "占缺口（%）"},
    "zones_note": {
        "en": "Ready: residents of counties with one line, or that could pay for it. Of the lack: the "
        "zone's share of "
        "what all counties lack.",
        "zh": "条件具备：已统一或本级可承担的县的人口比重；占缺口：占全部资金缺口的比重。",
    },
    "zones_cut": {
        "en": "The first {n} zones; the others are in tables/zones of the results. Ready: residents of "
        "counties with "
        "one line, or that could pay for it.",
        "zh": "仅列前{n}个片区，其余见结果文件夹（tables/zones）。"
        "条件具备：已统一或本级可承担的县的人口比重。",
    },
    "ready_chart": {
        "en": "One line is in force in {unified} and could be paid for by {year} in {own} more",
        "zh": "已统一标准的有{unified}，到{year}年本级可承担的有{own}",
    },
    "below_chart": {
        "en": "Fewest rural residents are below the urban line under “{name}”: {share}",
        "zh": "“{name}”下低于城市标准的农村人口最少，占{share}",
    },
    "times_chart": {
        "en": "“{name}” costs most: {times} times the present",
        "zh": "“{name}”支出最多，为现状的{times}倍",
    },
    "method": {
        "en": "Each of the {counties} counties was made from its row of the census with {households} "
        "households, and the "
        "law in force on {law} applied to each household, with the county's own lines and incomes where they "
        "are known. One line: the rural line is raised to the urban one in equal steps.",
        "zh": "对{counties}个县，逐县按人口普查数据生成{households}户样本，逐户适用{law}有效的政策法规，"
        "本县标准和收入已知的采用本县数据。统一标准指将农村标准逐步提高到城市标准。",
    },
    "assumed": {
        "en": "Assumed for one line by {by}: a county puts at most {cap} of its own revenue into it, the "
        "ratio of lines rises by at most {step} percentage points a year, the centre pays {central} of what "
        "is lacking, and own revenue grows by {growth} a year beyond lines and incomes ({source}). How far "
        "each moves the answer was not measured. Lines and incomes that the table lacks are filled in from "
        "the province and from an archetype (tables/filled).",
        "zh": "到{by}年统一标准的测算假定：县级新增负担不超过本级收入的{cap}，"
        "城乡标准之比每年最多提高{step}个百分点，"
        "中央补助缺口的{central}，本级收入每年比低保标准和居民收入多增长{growth}（{source}）；"
        "未逐项测算其影响。县表中没有的标准和收入按省份和典型县填补（tables/filled）。",
    },
    "nobody_else": {
        "en": "Who pays: provinces and the centre are not taken to pay more than now of their own accord.",
        "zh": "资金来源：未考虑省级和中央主动增加补助。",
    },
    "failed": {"en": "Counties that could not be made: {n}.", "zh": "未能生成的县：{n}个。"},
}
