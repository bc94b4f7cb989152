"""A study of zones as printed text: what each county costs on its way, and all of them together."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from microsim.report.text import in_words, large_sum, percent, table, wrap
from microsim.report.texts.unify_text import carried_note, growth_note
from microsim.report.words import law_notes
from microsim.studies.unification.scenario_file import UNIFY

if TYPE_CHECKING:
    from microsim.scenario import Scenario
    from microsim.studies.unification.zones import Member, Zones

WORDS: dict[str, dict[str, str]] = {
    "head": {
        "en": "{count} counties in {zones} zones, {first}-{last}; each under the law of its own scenario",
        "zh": "{zones}个片区{count}个县，{first}至{last}年；各县执行各自方案的政策法规",
    },
    "zone": {"en": "Zone {name}, from {start} on", "zh": "片区{name}，自{start}年起"},
    "all": {"en": "All zones together", "zh": "全部片区合计"},
    "county": {"en": "{name} (law of {date})", "zh": "{name}（{date}政策）"},
    "year": {"en": "Year", "zh": "年份"},
    "ratio": {"en": "% of urban", "zh": "占城市标准"},
    "cost": {"en": "Total", "zh": "总支出"},
    "extra": {"en": "More", "zh": "多支出"},
    "above": {"en": "Upper levels", "zh": "上级多负担"},
    "own": {"en": "County", "zh": "县级多负担"},
    "burden": {"en": "/own rev.", "zh": "占本级收入"},
    "first_set": {
        "en": "Ensemble: a study of zones uses the first calibration alone.",
        "zh": "校准组合：分区测算只采用第一组取值。",
    },
    "units": {
        "en": "Money in million yuan a year. Total: all programmes in cash and in kind; More: over the "
        "present ratio of each county; Upper levels and County: who pays that; /own rev.: what the county "
        "pays more as a share of its own revenue. Grants that are a share of expenditure stay those of the "
        "present ratio.",
        "zh": "金额单位为万元/年。总支出为各项救助（现金和实物）；多支出为比各县维持现行比率多支出的部分，"
        "“上级多负担”“县级多负担”为其分担；“占本级收入”为县级多负担部分占本级财政收入的比重。"
        "按支出比例核定的补助按维持现行比率时计算。",
    },
}
_say = partial(in_words, WORDS)


def zones_text(study: Zones, scenario: Scenario, lang: str) -> str:
    """The text that ``microsim unify`` prints of a scenario with zones, at most 80 columns wide."""
    sections = [[wrap(scenario.title_in(lang)), wrap(money_note(study, lang))]]
    for zone in dict.fromkeys(one.zone for one in study.members):
        members = [one for one in study.members if one.zone == zone]
        label = study.labels[zone].get(lang) or zone
        sections.append([wrap(_say("zone", lang, name=label, start=members[0].start))])
        sections += [[wrap(_title(study, one, lang)), _county(study, one, lang)] for one in members]
    sections.append([wrap(_say("all", lang)), _together(study, lang)])
    notes = [_say("units", lang), *carried_note(study.members[0].study, lang)]
    notes += [_say("first_set", lang)] if scenario.ensemble else []
    sections.append([wrap(line) for line in (*notes, *law_notes(scenario, lang))])
    return "\n\n".join("\n".join(one) for one in sections) + "\n"


def money_note(study: Zones, lang: str) -> str:
    """Counties, years and growth."""
    zones = {one.zone for one in study.members}
    counts = {"count": len(study.members), "zones": len(zones)}
    head = _say("head", lang, first=study.years[0], last=study.years[-1], **counts)
    end = "。" if lang == "zh" else ". "
    return f"{head}{end}{growth_note(study.members[0].study.economy, lang)}"


def county_name(study: Zones, one: Member, lang: str) -> str:
    """What a county is called, with the name of its scenario in front where another is called the same."""
    names = [_own_name(each, lang) for each in study.members]
    own = _own_name(one, lang)
    if names.count(own) == 1:
        return own
    return f"{one.name}{'：' if lang == 'zh' else ': '}{own}"


def _own_name(one: Member, lang: str) -> str:
    county = one.study.county.name
    return county.get(lang, county["en"])


def _title(study: Zones, one: Member, lang: str) -> str:
    return _say("county", lang, name=county_name(study, one, lang), date=one.study.law)


def _county(study: Zones, one: Member, lang: str) -> str:
    keys = ("year", "ratio", "cost", "extra", "above", "own", "burden")
    rows = []
    for year in study.years:
        values = {
            name: value for (path, y, name), value in one.study.values.items() if (path, y) == (UNIFY, year)
        }
        own = values.get("extra_paid.county", 0.0)
        above = sum(values.get(f"extra_paid.{level}", 0.0) for level in ("centre", "province", "prefecture"))
        amounts = (values["cost.total"], values["extra_cost.total"], above, own)
        burden = percent(values["extra_paid_revenue_share.county"])
        rows.append(
            (str(year), percent(values["line_ratio.dibao"]), *(large_sum(a, lang) for a in amounts), burden)
        )
    return table([_say(key, lang) for key in keys], rows, range(1, len(keys)))


def _together(study: Zones, lang: str) -> str:
    keys = ("year", "cost", "extra", "above", "own")
    rows = []
    for year in study.years:

        def value(name: str, year: int = year) -> float:
            return study.values.get(("", "", UNIFY, year, name), 0.0)

        above = sum(value(f"extra_paid.{level}") for level in ("centre", "province", "prefecture"))
        amounts = (value("cost.total"), value("extra_cost.total"), above, value("extra_paid.county"))
        rows.append((str(year), *(large_sum(amount, lang) for amount in amounts)))
    return table([_say(key, lang) for key in keys], rows, range(1, len(keys)))
