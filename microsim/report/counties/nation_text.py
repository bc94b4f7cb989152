"""The national study as printed text: whose figures, scenarios, the ratio of the lines, who could pay."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from microsim.report.text import cut, in_words, large_sum, number, percent, table, wrap
from microsim.studies.common.observed import national_share
from microsim.studies.nation.filling import AREAS, SOURCES, TABLE
from microsim.studies.nation.provinces import paper_ratio
from microsim.studies.nation.unifying import KINDS, LATE

if TYPE_CHECKING:
    from microsim.studies.nation.results import NationResult

WORDS: dict[str, dict[str, str]] = {
    "made": {
        "en": "{made} of {asked} counties, {residents} residents, {households} households each; the law of "
        "{day}.",
        "zh": "{asked}个县中已测算{made}个，常住人口{residents}人，每县{households}户样本，适用{day}的政策。",
    },
    "failed": {"en": "Not made: {names}", "zh": "未能生成：{names}"},
    "redrawn": {
        "en": "Drawn again with another seed, as no weights met all margins: {names}",
        "zh": "因首次抽样无法满足全部总量而换种子重抽：{names}",
    },
    "unmatched": {
        "en": "Codes of the table that the census lacks: {codes}",
        "zh": "县表中在普查表里找不到的代码：{codes}",
    },
    "filled": {
        "en": "Share of residents by where their county's figure is from",
        "zh": "各项数据的来源（按常住人口）",
    },
    "figure": {"en": "Figure", "zh": "数据"},
    "table": {"en": "Table", "zh": "县表"},
    "province": {"en": "Province", "zh": "省"},
    "archetype": {"en": "Archetype", "zh": "典型县"},
    "rural_line": {"en": "Rural line", "zh": "农村低保标准"},
    "urban_line": {"en": "Urban line", "zh": "城市低保标准"},
    "rural_income": {"en": "Rural income", "zh": "农村居民收入"},
    "urban_income": {"en": "Urban income", "zh": "城镇居民收入"},
    "revenue": {"en": "Own revenue", "zh": "本级财政收入"},
    "expenditure": {"en": "Budget expenditure", "zh": "财政支出"},
    "withheld": {
        "en": "Lines and incomes of the table cover {share} of residents, less than {least}: sums of "
        "money and "
        "of recipients are withheld. Shares, ratios and ranks below hold for the figures filled in, "
        "and are "
        "no estimates of the nation.",
        "zh": "县表的标准和收入覆盖常住人口的{share}，低于{least}，因此不显示金额和人数合计。下列比重"
        "、比率和排序以填补的数据为前提，不是对全国的估计。",
    },
    "chart": {
        "en": "Lines and incomes of {share} of residents are their county's own; the others are filled in "
        "from province and archetype, so that this shows an order under assumptions.",
        "zh": "{share}的常住人口采用本县自有的标准和收入，其余按省份和典型县填补，因此只反映假设下的排序。",
    },
    "covered": {
        "en": "Lines and incomes of the table cover {share} of residents (at least {least} for totals).",
        "zh": "县表的标准和收入覆盖常住人口的{share}（达到{least}方显示合计）。",
    },
    "scenarios": {"en": "Scenarios", "zh": "情景"},
    "scenario": {"en": "Scenario", "zh": "情景"},
    "rural_share": {"en": "Rural", "zh": "农村"},
    "urban_share": {"en": "Urban", "zh": "城市"},
    "times": {"en": "Dibao", "zh": "低保支出"},
    "revenue_share": {"en": "/own rev.", "zh": "占本级收入"},
    "poor": {"en": "Below", "zh": "低于城市标准"},
    "money": {"en": "Million", "zh": "万元"},
    "columns": {
        "en": "Rural, Urban: recipients of dibao among residents; Dibao: expenditure on it over that "
        "of the "
        "first scenario; /own rev.: all programmes over the counties' own revenue; Below: rural residents "
        "below the urban line after benefits. Documented for 2021: {rural} of rural and {urban} of urban "
        "residents.",
        "zh": "农村、城市：低保对象占常住人口的比重；低保支出：与第一个情景之比；占本级收入：各项救助"
        "支出占县本级财政收入；低于城市标准：救助后收入低于城市标准的农村人口比重。2021年有据可"
        "查的全国水平为农村{rural}、城市{urban}。",
    },
    "million": {
        "en": "Expenditure on dibao, {name}: {cost} million yuan a year.",
        "zh": "低保支出（{name}）：{cost}万元/年。",
    },
    "ratio": {
        "en": "Mean urban line over mean rural line: {ours} (weighted by residents {weighted}); the source "
        "paper has {paper} for the first quarter of 2021. Lines of {filled} of counties are filled in: the "
        "ratio is then the middle of the province's band and the urban line that of an archetype, "
        "while the "
        "published averages are those of real counties.",
        "zh": "城市标准均值与农村标准均值之比：{ours}（按常住人口加权{weighted}）；来源论文2021年第一"
        "季度为{paper}。{filled}的县的标准为填补值：比率取该省所在区间的中值，城市标准取典型县"
        "的标准，而公布的平均值来自各县实际标准。",
    },
    "ratio_given": {
        "en": "Mean urban line over mean rural line: {ours} (weighted by residents {weighted}); the source "
        "paper has {paper} for the first quarter of 2021. Lines are those of the table; the "
        "published averages "
        "are of another day, and over all counties.",
        "zh": "城市标准均值与农村标准均值之比：{ours}（按常住人口加权{weighted}）；来源论文2021年第一"
        "季度为{paper}。标准均来自县表；公布的平均值为另一时点、全部县的平均。",
    },
    "cliffs": {
        "en": "Cliffs, {name}: {facing} of households have one ahead of a member's wage, {near} "
        "within 1,000 "
        "yuan; the next one costs {loss} yuan a year on average.",
        "zh": "悬崖（{name}）：{facing}的家庭在一名成员工资增加的前方有悬崖，{near}在1,000元以内；下"
        "一悬崖平均损失{loss}元/年。",
    },
    "unify": {
        "en": "One line by {by}: a county pays up to {cap} of its own revenue more, and the ratio "
        "rises by at "
        "most {step} points a year",
        "zh": "{by}年统一标准：县级多负担不超过本级收入的{cap}，比率每年最多提高{step}个百分点",
    },
    "order": {"en": "Order", "zh": "次序"},
    "zone": {"en": "Zone", "zh": "片区"},
    "counties": {"en": "Counties", "zh": "县数"},
    "unified": {"en": "One line", "zh": "已统一"},
    "own": {"en": "Own money", "zh": "本级可承担"},
    "central": {"en": "Central", "zh": "需中央资金"},
    "late": {"en": "Late", "zh": "期限内难统一"},
    "ready": {"en": "Ready", "zh": "条件具备"},
    "share_of_lack": {"en": "Of the lack", "zh": "占缺口"},
    "order_note": {
        "en": "Zones in the order in which they are ready: residents of counties with one line, or that "
        "could pay for it. Of the lack: the zone's share of what all counties lack. Bands are those of "
        "provinces in the division of expenditure with the centre: 1 west, 2 centre, 3 Liaoning, Fujian and "
        "Shandong, 4 Tianjin, Jiangsu, Zhejiang and Guangdong, 5 Beijing and Shanghai.",
        "zh": "片区按条件具备程度排序，即已统一或本级可承担的县的人口比重。占缺口：占全部资金缺口的比重。"
        "片区按中央与地方共同财政事权分档：第一档西部，第二档中部，第三档辽宁、福建、山东，"
        "第四档天津、江苏、浙江、广东，第五档北京、上海。",
    },
    "lack": {
        "en": "What counties lack is {share} of the additional expenditure. With {central} of it from the "
        "centre, split so that the smallest rural gap is left, {reach} of {needing} counties that lack money "
        "reach one line, and the rural gap to the urban line falls by {less} of what the county's "
        "own money "
        "leaves.",
        "zh": "资金缺口占统一标准新增支出的{share}。中央补助其中的{central}，并按剩余农村缺口最小分配"
        "时，{needing}个缺钱的县中{reach}个可统一标准，农村人口距城市标准的缺口比只用本级资金时"
        "再减少{less}。",
    },
    "lack_yuan": {"en": "They lack {lack} million yuan a year.", "zh": "缺口为{lack}万元/年。"},
    "band_1": {"en": "band 1", "zh": "第一档"},
    "band_2": {"en": "band 2", "zh": "第二档"},
    "band_3": {"en": "band 3", "zh": "第三档"},
    "band_4": {"en": "band 4", "zh": "第四档"},
    "band_5": {"en": "band 5", "zh": "第五档"},
    "assumed": {
        "en": "Nobody else is taken to pay more than now; burdens are in the money of {year}. Own revenue is "
        "assumed to grow by {growth} a year beyond lines and incomes.",
        "zh": "测算假定其他各级均不比现在多负担；金额按{year}年计。假定本级收入每年比低保标准和居民收入"
        "多增长{growth}。",
    },
}
_say = partial(in_words, WORDS)


def nation_text(found: NationResult, lang: str) -> str:
    """The text that ``microsim nation`` prints, at most 80 columns wide."""
    sections = [
        _head(found, lang),
        _filled(found, lang),
        _scenarios(found, lang),
        [_ratio(found, lang)],
        [_cliffs(found, lang)],
        _unify(found, lang),
    ]
    sections = [section for section in sections if any(section)]
    return "\n\n".join("\n".join(_wrapped(text) for text in one) for one in sections) + "\n"


def _wrapped(text: str) -> str:
    return text if "\n" in text else wrap(text)


def _head(found: NationResult, lang: str) -> list[str]:
    residents = float(found.counties["residents"].sum())
    made = _say(
        "made",
        lang,
        made=number(len(found.codes)),
        asked=number(len(found.names)),
        residents=number(residents),
        households=number(found.households),
        day=found.nation.day.isoformat(),
    )
    out = [found.nation.title_in(lang), made]
    if found.failed:
        names = "; ".join(
            f"{one.code} {one.name} ({one.reason.splitlines()[0]})" for one in found.failed[:10]
        )
        out.append(_say("failed", lang, names=names))
    if found.redrawn:
        out.append(_say("redrawn", lang, names=", ".join(found.redrawn[:20])))
    if found.unmatched:
        out.append(_say("unmatched", lang, codes=", ".join(found.unmatched[:20])))
    return out


def _filled(found: NationResult, lang: str) -> list[str]:
    rows = [
        (_say(str(name), lang), *(percent(float(own.iloc[k]["residents"])) for k in range(len(SOURCES))))
        for name, own in found.filled.groupby("figure", sort=False)
    ]
    heads = [_say(name, lang) for name in ("figure", *SOURCES)]
    return [_say("filled", lang), table(heads, rows, range(1, 4)), coverage_note(found, lang)]


def coverage_note(found: NationResult, lang: str) -> str:
    """Whether totals are estimates, and on whose figures the rest is."""
    least, share = found.nation.coverage, found.coverage()
    return _say(
        "covered" if share >= least else "withheld", lang, share=percent(share), least=percent(least, 0)
    )


def chart_note(found: NationResult, lang: str) -> str:
    """What a reader of a chart must know of where its figures are from."""
    return _say("chart", lang, share=percent(found.coverage()))


def _scenarios(found: NationResult, lang: str) -> list[str]:
    values = {name: said["value"] for name, said in found.summary.items()}
    first = found.nation.cases[0].name
    rows = []
    for case in found.nation.cases:
        of = f"nation.{case.name}"
        times = 1.0 if case.name == first else values[f"{of}.times_present.dibao"]
        rows.append(
            (
                cut(case.title_in(lang), 36),
                percent(values[f"{of}.resident_share.dibao.rural"]),
                percent(values[f"{of}.resident_share.dibao.urban"]),
                number(times, 2),
                percent(values[f"{of}.revenue_share.total"]),
                percent(values[f"{of}.poverty.below.rural"]),
            )
        )
    heads = ("scenario", "rural_share", "urban_share", "times", "revenue_share", "poor")
    documented = {area: percent(national_share(area).share) for area in AREAS}
    out = [
        table([_say(one, lang) for one in heads], rows, range(1, len(heads))),
        _say("columns", lang, **documented),
    ]
    for case in found.nation.cases:
        cost = values.get(f"nation.{case.name}.cost.dibao")
        if cost is not None:
            out.append(_say("million", lang, name=case.title_in(lang), cost=large_sum(cost, lang)))
    return out


def _ratio(found: NationResult, lang: str) -> str:
    people = found.counties["residents"].to_numpy()
    rural, urban = (found.counties[f"{area}_line"].to_numpy() for area in AREAS)
    weighted = float((urban * people).sum() / (rural * people).sum())
    filled = float(np.mean(found.counties["rural_line_source"] != TABLE))
    said = {
        "ours": number(found.ratio_of_lines, 2),
        "weighted": number(weighted, 2),
        "paper": number(paper_ratio(), 2),
    }
    key = "ratio" if filled else "ratio_given"
    return _say(key, lang, filled=percent(filled), **said)


def _cliffs(found: NationResult, lang: str) -> str:
    values = {name: said["value"] for name, said in found.summary.items()}
    if "nation.cliffs.facing_notch" not in values:
        return ""
    return _say(
        "cliffs",
        lang,
        name=found.nation.cases[0].title_in(lang),
        facing=percent(values["nation.cliffs.facing_notch"]),
        near=percent(values["nation.cliffs.facing_notch_within_1000"], 2),
        loss=number(values["nation.cliffs.mean_loss"]),
    )


def _unify(found: NationResult, lang: str) -> list[str]:
    unify, outlook = found.nation.unify, found.outlook
    kinds = [kind for kind in KINDS if kind != LATE or kind in outlook.kind]
    rows = [
        (
            str(one["order"]),
            cut(zone_name(str(one["zone"]), lang), 24),
            *(number(one[name]) for name in ("counties", *kinds)),
            percent(one["ready"], 0),
            percent(one["share_of_lack"], 0),
        )
        for one in found.order.to_dict("records")
    ]
    heads = ("order", "zone", "counties", *kinds, "ready", "share_of_lack")
    title = _say("unify", lang, by=unify.by, cap=percent(unify.cap), step=number(100 * unify.largest_step))
    out = [title, table([_say(one, lang) for one in heads], rows, [0, *range(2, len(heads))])]
    out += [_say("order_note", lang), *_lack(found, lang)]
    return [*out, _say("assumed", lang, year=found.nation.day.year, growth=percent(unify.revenue_growth))]


def zone_name(zone: str, lang: str) -> str:
    """What a zone is called: a band of provinces in words, one of the table as it is written there."""
    return WORDS[zone][lang] if zone in WORDS else zone


def _lack(found: NationResult, lang: str) -> list[str]:
    """What is lacking, and what central money makes of it; nothing where nobody lacks anything."""
    outlook = found.outlook
    extra, lacks = float(outlook.curves.extra[:, -1].sum()), float(outlook.lacks.sum())
    if not lacks or outlook.split is None:
        return []
    last = outlook.curves.ratios.shape[1] - 1
    needing = outlook.lacks > 0.0
    own_gap = _gap_left(found)
    said = {
        "share": percent(lacks / extra),
        "central": percent(found.nation.unify.central, 0),
        "needing": number(int(needing.sum())),
        "reach": number(int((needing & (outlook.points == last)).sum())),
        "less": percent(1.0 - outlook.split.gap / own_gap if own_gap else 0.0, 0),
    }
    out = [_say("lack", lang, **said)]
    if found.coverage() >= found.nation.coverage:
        out.append(_say("lack_yuan", lang, lack=large_sum(lacks, lang)))
    return out


def _gap_left(found: NationResult) -> float:
    """Rural gap of the counties without one line where each goes as far as its own money reaches."""
    outlook = found.outlook
    curves = outlook.curves
    reached = np.argmin(np.abs(curves.ratios - outlook.reach[:, None]), axis=1)
    left = np.take_along_axis(curves.gap, reached[:, None], axis=1)[:, 0]
    return float(left[np.array(outlook.kind) != "unified"].sum())
