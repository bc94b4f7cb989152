"""A projection as printed text: the years, who comes and goes, and what they rest on."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from microsim.report.text import in_words, large_sum, number, percent, table, wrap
from microsim.report.texts.calibration_text import calibrated_note
from microsim.report.texts.run_text import revenue_note
from microsim.report.texts.unify_text import NAMED, growth_note, rate_text
from microsim.report.words import financing_note, law_notes
from microsim.scenario.grammar import ECONOMY
from microsim.scenario.idle import idle_parts
from microsim.scenario.outlook.default_path import default_path
from microsim.scenario.outlook.nodes import SHOCKED
from microsim.studies.projection.flows import POOR

if TYPE_CHECKING:
    from microsim.scenario import Scenario
    from microsim.studies.projection.study import Projection

WORDS: dict[str, dict[str, str]] = {
    "law": {
        "en": "{county}, {first}-{last}; law of {date}",
        "zh": "{county}，{first}至{last}年；{date}的政策法规",
    },
    "nameless": {"en": "The county", "zh": "本县"},
    "mobility": {
        "en": "Rank correlation of incomes between neighbouring years: {persistence} ({source}).",
        "zh": "相邻两年收入位次相关系数：{persistence}（{source}）。",
    },
    "leaving": {
        "en": "{share} of the poorest {poorest} leave it within a year; {source}",
        "zh": "最低{poorest}人群一年后有{share}脱离；{source}",
    },
    "scenario": {"en": "as the scenario states", "zh": "方案设定"},
    "profile": {"en": "the county's profile", "zh": "县情资料"},
    "assumption": {"en": "an assumption", "zh": "假设"},
    "still": {"en": "Households keep their places in the income order.", "zh": "住户收入位次不变。"},
    "also": {"en": "Also: {rates} a year.", "zh": "另：{rates}（每年）。"},
    "by_rank": {
        "en": "{area} incomes by quintile, poorest first: {points} points a year on the growth above.",
        "zh": "{area}收入五等分（由低到高）增速与上述之差：每年{points}个百分点。",
    },
    "shock": {
        "en": "Shock of {year}: {changes} for {months} months.",
        "zh": "{year}年冲击：{changes}，持续{months}个月。",
    },
    "rural": {"en": "Rural", "zh": "农村"},
    "urban": {"en": "Urban", "zh": "城市"},
    "paths": {"en": "Expenditure, recipients and poverty", "zh": "支出、保障人数和贫困"},
    "flows_dibao": {"en": "Dibao recipients: who comes and who leaves", "zh": "低保保障对象的进出"},
    "flows_poor": {"en": "Poor persons: who comes and who leaves", "zh": "贫困人口的进出"},
    "year": {"en": "Year", "zh": "年份"},
    "recipients": {"en": "Recipients", "zh": "保障人数"},
    "cost": {"en": "Cost", "zh": "支出"},
    "constant": {"en": "Constant", "zh": "不变价"},
    "revenue": {"en": "/revenue", "zh": "占财政收入"},
    "before": {"en": "Poor before", "zh": "救助前贫困"},
    "after": {"en": "after", "zh": "救助后"},
    "vulnerable": {"en": "Vulnerable", "zh": "脆弱人口"},
    "stock": {"en": "Persons", "zh": "人数"},
    "entries": {"en": "Entries", "zh": "进入"},
    "exits": {"en": "Exits", "zh": "退出"},
    "reweighting": {"en": "Population", "zh": "人口变动"},
    "exit_rate": {"en": "Exit rate", "zh": "退出率"},
    "relapse": {"en": "Back", "zh": "返回"},
    "spell": {"en": "Years", "zh": "持续年数"},
    "units": {
        "en": "Cost: expenditure on all benefits in million yuan a year; constant: in yuan of {first}. "
        "Recipients: dibao. Poor: income per head below the national line, which follows the cost of living. "
        "Vulnerable: more than {chance} likely to fall below it within {years} years.",
        "zh": "支出为各项救助合计，单位为万元/年；不变价按{first}年价格。保障人数指低保。"
        "贫困：人均收入低于国家标准（随生活费用调整）；脆弱人口：{years}年内低于该标准的概率超过{chance}。",
    },
    "flow_units": {
        "en": "Persons = those of the year before + entries - exits + population (what their households' "
        "weights change by). Back: of those who left the year before. Years: in a row, from {first} on.",
        "zh": "人数＝上年人数＋进入－退出＋人口变动（住户权数变化所致）。"
        "返回：上年退出者中再次进入的比重。持续年数自{first}年起算。",
    },
    "margins": {
        "en": "Households are reweighted each year to the population that the scenario states "
        "(tables/margins.csv).",
        "zh": "各年住户权数按方案设定的人口目标调整（tables/margins.csv）。",
    },
    "no_margins": {
        "en": "The population stays as it is: the scenario names none under economy: population.",
        "zh": "人口不变：方案未在economy: population中设定人口目标。",
    },
    "ageing": {
        "en": "Ageing (age: ageing) is an assumption: {groups} a year.",
        "zh": "老龄化（age: ageing）为假设，每年：{groups}。",
    },
    "same_households": {
        "en": "The households are the same in all years: nobody is born, ages, marries or dies.",
        "zh": "各年住户相同：不计出生、年龄增长、婚姻和死亡。",
    },
    "after_known": {
        "en": "After {last}, incomes grow as in 2022-2025 ({rural} rural, {urban} urban a year), "
        "an assumption.",
        "zh": "{last}年以后收入按2022至2025年的增速增长（每年农村{rural}、城市{urban}），为假设。",
    },
    "nominal": {
        "en": "Lines and other statutory amounts grow only as the scenario or the law says.",
        "zh": "低保标准和其他法定金额仅按方案或政策规定变动。",
    },
}
_say = partial(in_words, WORDS)
Columns = dict[str, tuple[str, Callable[[float], str]]]  # key of the heading -> figure, and how it is written


def project_text(study: Projection, scenario: Scenario, lang: str) -> str:
    """The text that ``microsim project`` prints, at most 80 columns wide."""
    head = [scenario.title_in(lang), law_note(study, lang), growth_note(study.economy, lang)]
    head += [*_more_growth(study, lang), mobility_note(study, lang)]
    head += calibrated_note(scenario, lang)
    sections = ["\n".join(wrap(line) for line in head)]
    sections.append(f"{wrap(_say('paths', lang))}\n{_paths(study, lang)}")
    sections += [
        f"{wrap(_say(f'flows_{subject}', lang))}\n{_flows(study, subject, lang)}"
        for subject in ("dibao", POOR)
        if (study.years[-1], f"entries.{subject}") in study.values
    ]
    sections.append("\n".join(wrap(note) for note in notes(study, scenario, lang)))
    return "\n\n".join(sections) + "\n"


def law_note(study: Projection, lang: str) -> str:
    """County, years and law."""
    name = study.county.name.get(lang, study.county.name["en"]) if study.county else _say("nameless", lang)
    first, last = study.years[0], study.years[-1]
    return _say("law", lang, county=name, first=first, last=last, date=_law_days(study))


def _law_days(study: Projection) -> str:
    """The day of the law of the first year, and of the last where each year has its own."""
    days = [str(study.laws[year]) for year in (study.years[0], study.years[-1])]
    return " - ".join(dict.fromkeys(days))


def mobility_note(study: Projection, lang: str) -> str:
    """How far households change places, and where that is from."""
    found = study.mobility
    if found.persistence == 1.0:
        return _say("still", lang)
    source = _say(found.source, lang)
    if found.leaving is not None:
        share, poorest = percent(found.leaving.share, 0), percent(found.leaving.poorest, 0)
        source = _say("leaving", lang, share=share, poorest=poorest, source=source)
    return _say("mobility", lang, persistence=number(found.persistence, 3), source=source)


def _more_growth(study: Projection, lang: str) -> list[str]:
    """Growth that :func:`growth_note` does not name, by rank too, and shocks; each on a line of its own."""
    economy, out = study.economy, []
    zh = lang == "zh"
    rates = [
        (ECONOMY[name][zh], rate_text(rate, lang)) for name, rate in economy.said.items() if name not in NAMED
    ]
    if rates:
        parts = [f"{name}{rate}" if zh else f"{name} {rate}" for name, rate in rates]
        out.append(_say("also", lang, rates=("，" if zh else ", ").join(parts)))
    for area, differences in economy.outlook.by_rank.items():
        shown = differences if len(set(differences)) > 1 else differences[:1]
        points = ("、" if zh else ", ").join(f"{100.0 * one:+.1f}" for one in shown)
        out.append(_say("by_rank", lang, area=_say(area, lang), points=points))
    for year, shock in sorted(economy.outlook.shocks.items()):
        parts = [
            f"{SHOCKED[name][zh]}{percent(change)}" if zh else f"{SHOCKED[name][zh]} {percent(change)}"
            for name, change in shock.changes.items()
        ]
        said = ("，" if zh else ", ").join(parts)
        out.append(_say("shock", lang, year=year, changes=said, months=f"{shock.months:g}"))
    return out


def notes(study: Projection, scenario: Scenario, lang: str) -> list[str]:
    """What a reader must know before quoting a figure."""
    said, first = study.economy.outlook, study.years[0]
    out = [_say("units", lang, first=first, chance=percent(said.chance, 0), years=said.within)]
    out += [_say("flow_units", lang, first=first), _say("same_households", lang)]
    out.append(_say("margins" if said.margins is not None else "no_margins", lang))
    if said.margins is not None and said.margins.ageing:
        comma = "，" if lang == "zh" else ", "
        groups = comma.join(
            f"{band} {percent(one['value'])}" for band, one in default_path()["ageing"].items()
        )
        out.append(_say("ageing", lang, groups=groups))
    last_known = study.last_known_incomes
    if last_known is not None:
        after = default_path()["after"]["incomes"]
        rates = {area: percent(one["value"]) for area, one in after.items()}
        out.append(_say("after_known", lang, last=last_known, **rates))
    out.append(_say("nominal", lang))
    if study.county is not None:
        out.append(revenue_note(study.county, lang))
    out += [one.text("zh" if lang == "zh" else "en") for one in idle_parts(scenario)]
    out += financing_note(scenario, lang)
    out += law_notes(scenario, lang)
    return out


def _paths(study: Projection, lang: str) -> str:
    columns: Columns = {
        "recipients": ("caseload.dibao", number),
        "cost": ("cost.total", partial(large_sum, lang=lang)),
        "constant": ("cost_constant.total", partial(large_sum, lang=lang)),
        "revenue": ("revenue_share.total", percent),
        "before": ("poverty.headcount_before", percent),
        "after": ("poverty.headcount", percent),
        "vulnerable": ("vulnerable.national", percent),
    }
    return _table(study, columns, study.years, lang)


def _flows(study: Projection, subject: str, lang: str) -> str:
    columns: Columns = {
        **{name: (f"{name}.{subject}", number) for name in ("stock", "entries", "exits", "reweighting")},
        "exit_rate": (f"exit_rate.{subject}", percent),
        "relapse": (f"relapse.{subject}", percent),
        "spell": (f"spell.{subject}", partial(number, digits=1)),
    }
    return _table(study, columns, study.years, lang)


def _table(study: Projection, columns: Columns, years: tuple[int, ...], lang: str) -> str:
    shown = {
        key: (name, form)
        for key, (name, form) in columns.items()
        if any((year, name) in study.values for year in years)
    }
    rows = [
        (
            str(year),
            *(
                form(study.values[year, name]) if (year, name) in study.values else ""
                for name, form in shown.values()
            ),
        )
        for year in years
    ]
    return table([_say(key, lang) for key in ("year", *shown)], rows, range(1, len(shown) + 1))
