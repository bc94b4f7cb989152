"""What to know before a census county is believed: range over donors, documented shares, what to ask for."""

from __future__ import annotations

from collections.abc import Container
from functools import partial
from typing import TYPE_CHECKING

from microsim.explanation.words import SOURCES
from microsim.population.census.asked import still_asked
from microsim.report.text import in_words, large_sum, number, percent, table, wrap
from microsim.report.words import say as say_of_run
from microsim.simulation.explaining import cited
from microsim.studies.common.observed import national_share

if TYPE_CHECKING:
    from microsim.language import Lang
    from microsim.studies.common.observed import Outside
    from microsim.studies.donors.study import DonorRange

WORDS: dict[str, dict[str, str]] = {
    "range": {
        "en": "One county and one law ({title}), but the result depends on the donor county that gives what "
        "the census lacks. From the nearest donor on:",
        "zh": "同一个县、同一套政策（{title}），结果却因参照县而异：普查没有的指标取自参照县。由近及远：",
    },
    "donor": {"en": "Donor", "zh": "参照县"},
    "distance": {"en": "Distance", "zh": "距离"},
    "recipients": {"en": "Dibao recipients", "zh": "低保对象（人）"},
    "share_rural": {"en": "Rural", "zh": "农村占比"},
    "share_urban": {"en": "Urban", "zh": "城市占比"},
    "dibao": {"en": "Dibao", "zh": "低保支出"},
    "total": {"en": "All aid", "zh": "全部救助"},
    "units": {
        "en": "Rural, urban: recipients over residents. Dibao, all aid: million yuan a year.",
        "zh": "占比为保障对象占常住人口的比重；支出单位为万元／年。",
    },
    "times": {
        "en": "The highest over the lowest: recipients {recipients} times, dibao expenditure {cost} times.",
        "zh": "最高与最低相比：保障对象{recipients}倍，低保支出{cost}倍。",
    },
    "not_a_result": {
        "en": "No line of this table is a result to quote. The county's own figures narrow it (below), and "
        "microsim calibrate makes the county meet the recipients and expenditure that its office knows.",
        "zh": "表中任何一行都不能作为结论引用。填入本县数据（见下）可缩小差距；"
        "再用microsim calibrate使结果与民政部门掌握的保障人数和支出一致。",
    },
    "above": {
        "en": "Warning: {share} of {area} residents receive dibao, more than the bound of {bound} "
        "({backing}); in the whole country it is {national}. Do not quote this before it is "
        "calibrated to the county's own recipients.",
        "zh": "警告：{area}低保对象占常住人口的{share}，高于上限{bound}（{backing}）；"
        "全国为{national}。在按本县实际保障人数校准之前，请勿引用。",
    },
    "below": {
        "en": "Warning: {share} of {area} residents receive dibao, less than the bound of {bound} "
        "({backing}); in the whole country it is {national}. Do not quote this before it is "
        "calibrated to the county's own recipients.",
        "zh": "警告：{area}低保对象占常住人口的{share}，低于下限{bound}（{backing}）；"
        "全国为{national}。在按本县实际保障人数校准之前，请勿引用。",
    },
    "ask": {
        "en": "The following are not this county's own figures yet. Ask for them, write them into a file "
        "(--own FILE, as in docs/census.md), and build the profile again:",
        "zh": "以下指标尚未采用本县数据。请向有关部门索取，写入文件（--own 文件，格式见docs/census.md），"
        "再重新生成县情资料：",
    },
    "ask_calibrate": {
        "en": "For microsim calibrate: recipients and expenditure of dibao (rural, urban), of tekun and of "
        "the two subsidies for disabled persons, in the year of the scenario: the civil affairs bureau's "
        "monthly statistics.",
        "zh": "供microsim calibrate使用：方案所在年度的城乡低保、特困供养、残疾人两项补贴的对象人数和支出"
        "（县民政局统计台账）。",
    },
}


say = partial(in_words, WORDS)


def range_text(found: DonorRange, title: str, lang: Lang) -> str:
    """The range over donors as a table, at most 80 columns wide, and what of it is undocumented."""
    rows = []
    for donor, run in found.runs.items():
        value = run.indicators.value
        rows.append(
            (
                donor,
                number(found.distances[donor], 1),
                number(value("caseload.dibao")),
                percent(value("resident_share.dibao.rural")),
                percent(value("resident_share.dibao.urban")),
                large_sum(value("cost.dibao") or 0.0, lang),
                large_sum(value("cost.total") or 0.0, lang),
            )
        )
    keys = ("donor", "distance", "recipients", "share_rural", "share_urban", "dibao", "total")
    parts = [wrap(say("range", lang, title=title))]
    parts.append(table([say(key, lang) for key in keys], rows, range(1, len(keys))))
    parts.append(wrap(say("units", lang)))
    times = {}
    for key, name in (("recipients", "caseload.dibao"), ("cost", "cost.dibao")):
        low, high = (float(found.summary[f"{end}.{name}"]["value"]) for end in ("lowest", "highest"))
        times[key] = number(high / low, 1) if low > 0.0 else "∞"
    parts.append(wrap(say("times", lang, **times)))
    for donor in found.runs:
        parts += [wrap(f"{donor}: {line}", "  ") for line in outside_lines(found.outside(donor), lang)]
    parts.append(wrap(say("not_a_result", lang)))
    return "\n".join(parts)


def outside_lines(found: list[Outside], lang: Lang) -> list[str]:
    """A warning for each share that is outside of what is documented."""
    return [
        say(
            "above" if one.above else "below",
            lang,
            share=percent(one.share),
            area=say_of_run(one.area, lang).lower(),
            bound=percent(one.bound.share, 1 if one.bound.share >= 0.01 else 2),
            backing=(": " if lang == "en" else "：").join(
                filter(None, [SOURCES[lang][one.bound.source], cited(one.bound.reference, lang)])
            ),
            national=percent(national_share(one.area).share),
        )
        for one in found
    ]


def asked_text(own: Container[str], lang: Lang) -> str:
    """The figures of the county's own that are still to be asked for, and where an office finds them."""
    missing = still_asked(own)
    lines = [wrap(say("ask", lang))] if missing else []
    for one in missing:
        lines += [f"  {one.figure}", wrap(one.zh if lang == "zh" else one.en, "    ")]
    return "\n".join([*lines, wrap(say("ask_calibrate", lang))])
