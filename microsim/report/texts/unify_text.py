"""The unification study as printed text: the cost of moving the rural line, and of holding the ratio."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from microsim.report.text import in_words, large_sum, number, percent, table, wrap
from microsim.report.texts import ensemble_text
from microsim.report.texts.calibration_text import calibrated_note
from microsim.report.texts.practice_text import jump_note
from microsim.report.texts.run_text import revenue_note
from microsim.report.words import law_notes, programme_label
from microsim.scenario.idle import idle_parts
from microsim.studies.unification.study import AS_IS

if TYPE_CHECKING:
    from microsim.scenario import Scenario
    from microsim.scenario.economy import Economy
    from microsim.studies.unification.study import Unification

WORDS: dict[str, dict[str, str]] = {
    "law": {
        "en": "{county}, {first}-{last}; the law of {date} in all years",
        "zh": "{county}，{first}至{last}年；各年均执行{date}的政策法规",
    },
    "law_follow": {
        "en": "{county}, {first}-{last}; each year under its own law",
        "zh": "{county}，{first}至{last}年；各年执行当年政策法规",
    },
    "growth": {"en": "Annual growth: {rates}.", "zh": "年增长率：{rates}。"},
    "income_growth": {"en": "incomes {rate}", "zh": "收入{rate}"},
    "price_growth": {"en": "prices {rate}", "zh": "物价{rate}"},
    "urban_line_growth": {"en": "urban line {rate}", "zh": "城市标准{rate}"},
    "revenue_growth": {"en": "county revenue {rate}", "zh": "县财政收入{rate}"},
    "none": {"en": "none given", "zh": "未设定"},
    "held": {"en": "none (economy: none)", "zh": "不增长（economy: none）"},
    "national": {"en": "as national incomes grew", "zh": "按全国居民收入增幅"},
    "law_line": {"en": "urban line as in the law", "zh": "城市标准按规定执行"},
    "unify": {
        "en": "The rural line moves to {to} of the urban one",
        "zh": "农村标准逐步提高到城市标准的{to}",
    },
    "as_is": {
        "en": "Baseline: the ratio of the lines stays at {ratio}",
        "zh": "维持现状：农村与城市标准之比保持{ratio}",
    },
    "other": {"en": "Path {name}", "zh": "路径{name}"},
    "own_path": {"en": "unify", "zh": "统一"},
    "held_path": {"en": "ratio held", "zh": "维持现行比率"},
    "burden": {
        "en": "What {path} means for the county and for recipients",
        "zh": "{path}：县级负担和保障对象的待遇",
    },
    "county": {"en": "County", "zh": "县级负担"},
    "more": {"en": "More", "zh": "其中多负担"},
    "own": {"en": "/own rev.", "zh": "占本级收入"},
    "at_margin": {"en": "Margin", "zh": "边际分担"},
    "poor": {"en": "Below", "zh": "低于城市线"},
    "benefit": {"en": "Benefit", "zh": "补助比"},
    "passed": {"en": "Overtake", "zh": "反超"},
    "burden_units": {
        "en": "County: what the county itself pays, in million yuan a year; More: more than at the held "
        "ratio, and /own rev.: that as a share of its own revenue; Margin: its share of one more yuan of "
        "dibao; Below: rural persons below the urban line after benefits; Benefit: dibao per rural recipient "
        "over that per urban one; Overtake: rural recipients with less than the urban recipients' mean "
        "before benefits and more after. Grants that are a share of expenditure stay those of the held "
        "ratio.",
        "zh": "县级负担单位为万元/年；“其中多负担”为比维持现行比率多负担的部分，"
        "“占本级收入”为其占县级收入的比重；"
        "“边际分担”为低保支出每增加1元县级负担的份额；“低于城市线”为救助后收入低于城市标准的农村人口比重；"
        "“补助比”为农村与城市低保的保障对象人均补助之比；“反超”为救助前低于城市保障对象平均水平、"
        "救助后高于其平均水平的农村保障对象比重。按支出比例核定的补助按维持现行比率时计算。",
    },
    "parity": {
        "en": "At urban prices (rural prices {parity} of urban ones, an assumption) the rural line of {year} "
        "is {line} of the urban one.",
        "zh": "按城市物价折算（农村物价为城市的{parity}，假设），{year}年农村标准相当于城市标准的{line}。",
    },
    "exception": {
        "en": "In {year} the path {high} costs {money} million yuan less than {low}, although its line is at "
        "or above it in every year: with a higher line, members let in alone are no longer so.",
        "zh": "{year}年{high}的标准各年均不低于{low}，支出却少{money}万元：标准提高后，"
        "原按单人户纳入的成员不再单独纳入。",
    },
    "moved_along": {
        "en": "Of the additional expenditure of {year}, {money} million yuan are programmes that move with "
        "the dibao line by themselves ({names}).",
        "zh": "{year}年多支出中，随低保标准自动变动的其他项目为{money}万元（{names}）。",
    },
    "year": {"en": "Year", "zh": "年份"},
    "rural_line": {"en": "Rural line", "zh": "农村标准"},
    "ratio": {"en": "% of urban", "zh": "占城市标准"},
    "recipients": {"en": "Recipients", "zh": "保障人数"},
    "rural": {"en": "Rural", "zh": "农村支出"},
    "urban": {"en": "Urban", "zh": "城市支出"},
    "outlay": {"en": "Total", "zh": "总支出"},
    "revenue": {"en": "/revenue", "zh": "占财政收入"},
    "units": {
        "en": "Rural line in yuan a year per person; expenditure (rural, urban and total; all benefits in "
        "cash and in kind) in million yuan a year; /revenue: expenditure as a share of the county's general "
        "public budget revenue.",
        "zh": "农村标准单位为元/人·年；支出为各项救助（现金和实物）合计，单位为万元/年；"
        "“占财政收入”指占县级一般公共预算收入的比重。",
    },
    "last": {
        "en": "In {year} unification costs {cost} million yuan, {extra} million more than the baseline "
        "({share} of the county's revenue instead of {held}), and reaches {more} more people.",
        "zh": "{year}年支出{cost}万元，比维持现状多{extra}万元（占县财政收入{share}，维持现状为{held}），"
        "多保障{more}人。",
    },
    "sum": {
        "en": "Over {first}-{last} it costs {extra} million yuan more than the baseline.",
        "zh": "{first}至{last}年累计比维持现状多支出{extra}万元。",
    },
    "uprated": {
        "en": "From {year} on, incomes and assets of all households of an area grow at the same rate; the "
        "population and other statutory amounts (such as top-ups) stay constant. tables/uprating.csv lists "
        "the columns that grow.",
        "zh": "同一地区所有家庭的收入和财产自{year}年起同比例增长；人口、家庭和其他法定金额"
        "（如分类施保金）不变。所涉栏目见tables/uprating.csv。",
    },
    "constant": {
        "en": "Incomes, assets, the population and statutory amounts stay constant.",
        "zh": "收入、财产、人口和法定金额均保持不变。",
    },
    "carried": {
        "en": "On each path, households admitted to dibao in a year count as on dibao last year in the next.",
        "zh": "各路径均逐年结转低保状态：上年准入的家庭为当年的上年低保家庭。",
    },
    "ranges": {"en": "{path}, {year}", "zh": "{path}，{year}年"},
    "rural_unused": {
        "en": "rural_line_growth is not used: the rural line follows its path, or keeps its ratio.",
        "zh": "未使用rural_line_growth：农村标准按路径变动，或保持比率。",
    },
}


# Growth that a header names whether it is stated or not.
NAMED = ("income_growth", "price_growth", "urban_line_growth", "revenue_growth")


def unify_text(study: Unification, scenario: Scenario, lang: str) -> str:
    """The text that ``microsim unify`` prints, at most 80 columns wide."""
    head = [scenario.title_in(lang), law_note(study, lang), growth_note(study.economy, lang)]
    head += calibrated_note(scenario, lang) + jump_note(study.jump, lang)
    sections = ["\n".join(wrap(line) for line in head)]
    paths = (*(path for path in study.paths if path != AS_IS), AS_IS)
    sections += [f"{wrap(title_of(study, path, lang))}\n{_table(study, path, lang)}" for path in paths]
    sections += [
        f"{wrap(_say('burden', lang, path=path_name(study, path, lang)))}\n{_burden(study, path, lang)}"
        for path in paths
        if path != AS_IS
    ]
    sections += ["\n".join(wrap(line) for line in _comparison(study, lang))]
    for path in (one for one in paths if study.ranges and one != AS_IS):
        ranges = ensemble_text.unify_text(study, len(scenario.ensemble), path, lang)
        sections.append(
            f"{wrap(_say('ranges', lang, path=path_name(study, path, lang), year=study.years[-1]))}\n{ranges}"
        )
    sections.append("\n".join(wrap(note) for note in notes(study, scenario, lang)))
    return "\n\n".join(sections) + "\n"


def notes(study: Unification, scenario: Scenario, lang: str) -> list[str]:
    """What a reader must know before quoting a figure."""
    grows = _say("uprated", lang, year=study.uprating.since)
    out = [_say("units", lang), _say("burden_units", lang)]
    out += [_say("constant", lang) if study.economy.held else grows]
    out += carried_note(study, lang)
    if "rural_line_growth" in study.economy.said:
        out.append(_say("rural_unused", lang))
    out.append(revenue_note(study.county, lang))
    out += [one.text("zh" if lang == "zh" else "en") for one in idle_parts(scenario)]
    for high, low, year, less in study.exceptions:
        names = {"high": path_name(study, high, lang), "low": path_name(study, low, lang)}
        out.append(_say("exception", lang, year=year, money=large_sum(less, lang), **names))
    out += law_notes(scenario, lang)
    return out


def carried_note(study: Unification, lang: str) -> list[str]:
    """That status is carried from year to year, where it is."""
    return [_say("carried", lang)] if study.carry_status else []


def title_of(study: Unification, path: str, lang: str) -> str:
    """What a path does, in words."""
    values = study.values
    if path == AS_IS:
        ratio = values[path, study.years[0], "line_ratio.dibao"]
        return _say("as_is", lang, ratio=percent(ratio))
    if len(study.paths) > 2:
        return _say("other", lang, name=path_name(study, path, lang))
    return _say("unify", lang, to=percent(values[path, study.years[-1], "line_ratio.dibao"], 0))


def path_name(study: Unification, path: str, lang: str) -> str:
    """The short name of a path in a legend: its own, where the user named it."""
    if path == AS_IS:
        return _say("held_path", lang)
    return _say("own_path", lang) if path == "unify" else path


def law_note(study: Unification, lang: str) -> str:
    """County, years and law."""
    key = "law_follow" if study.follow else "law"
    name = study.county.name.get(lang, study.county.name["en"])
    return _say(key, lang, county=name, first=study.years[0], last=study.years[-1], date=study.law)


def growth_note(economy: Economy, lang: str) -> str:
    """The growth rates in use; what is not given is said to be so."""
    rates = []
    for name in NAMED:
        rate = economy.said.get(name)
        if economy.held:
            return _say("growth", lang, rates=_say("held", lang))
        if rate is None and name == "income_growth":
            rates.append(_say(name, lang, rate=_say("national", lang)))
        elif rate is not None:
            rates.append(_say(name, lang, rate=rate_text(rate, lang)))
        elif name == "urban_line_growth":
            rates.append(_say("law_line", lang))
        elif name != "price_growth":
            rates.append(_say(name, lang, rate=_say("none", lang)))
    return _say("growth", lang, rates=("，" if lang == "zh" else ", ").join(rates))


def rate_text(rate: float | Mapping[int, float], lang: str) -> str:
    """``6.0 %``; rates by year each with the year from which it holds."""
    if not isinstance(rate, Mapping):
        return percent(rate)
    parts = [
        f"{percent(one)} ({year})" if lang == "en" else f"{percent(one)}（{year}年起）"
        for year, one in rate.items()
    ]
    return (", " if lang == "en" else "、").join(parts)


_say = partial(in_words, WORDS)


def _table(study: Unification, path: str, lang: str) -> str:
    keys = ("year", "rural_line", "ratio", "recipients", "rural", "urban", "outlay", "revenue")
    rows = []
    for year in study.years:

        def value(name: str, year: int = year) -> float:
            return study.values[path, year, name]

        rows.append(
            (
                str(year),
                number(value("line.dibao.rural")),
                percent(value("line_ratio.dibao")),
                number(value("caseload.dibao")),
                large_sum(value("cost.total.rural"), lang),
                large_sum(value("cost.total.urban"), lang),
                large_sum(value("cost.total"), lang),
                percent(value("revenue_share.total")),
            )
        )
    return table([_say(key, lang) for key in keys], rows, range(1, len(keys)))


def _burden(study: Unification, path: str, lang: str) -> str:
    """The county's own burden and recipients' support, year by year."""
    keys = ("year", "county", "more", "own", "at_margin", "poor", "benefit", "passed")
    rows = []
    for year in study.years:
        figures = {
            "county": "paid.county",
            "more": "extra_paid.county",
            "own": "extra_paid_revenue_share.county",
            "at_margin": "county_share.marginal",
            "poor": "poverty_urban_line.headcount.rural",
            "benefit": "benefit_ratio.dibao",
            "passed": "overtaking.dibao.rural",
        }
        row = [str(year)]
        for key, name in figures.items():
            value = study.values.get((path, year, name))
            shown = "-" if value is None else percent(value)
            row.append(large_sum(value, lang) if value is not None and key in ("county", "more") else shown)
        rows.append(tuple(row))
    return table([_say(key, lang) for key in keys], rows, range(1, len(keys)))


def _beside_the_line(study: Unification, path: str, lang: str) -> list[str]:
    """What moves with the dibao line by itself, and the lines at the same prices."""
    last, values = study.years[-1], study.values
    moved = study.table[
        (study.table["path"] == path)
        & (study.table["year"] == last)
        & (study.table["measure"] == "automatic_cost")
        & (study.table["group"] == "")
    ]
    out = []
    total = moved.loc[moved["subject"] == "total", "value"]
    own = moved[(moved["subject"] != "total") & (moved["value"].abs() >= 1.0)]
    if len(total) and len(own):
        largest = own.sort_values(["value", "subject"], ascending=[False, True])["subject"].head(4)
        comma = "、" if lang == "zh" else ", "
        names = comma.join(programme_label(study.policy, name, lang) for name in largest)
        money = large_sum(float(total.iloc[0]), lang)
        out.append(_say("moved_along", lang, year=last, money=money, names=names))
    real = values.get((path, last, "line_ratio_real.dibao"))
    if real is not None and study.parity is not None:
        out.append(_say("parity", lang, parity=percent(study.parity, 0), year=last, line=percent(real)))
    return out


def _comparison(study: Unification, lang: str) -> list[str]:
    """The last year and the sum of all years against the ratio held."""
    values, first, last = study.values, study.years[0], study.years[-1]
    out = []
    for path in study.paths:
        if path == AS_IS:
            continue
        extra = sum(values[path, year, "extra_cost.total"] for year in study.years)
        more = values[path, last, "caseload.dibao"] - values[AS_IS, last, "caseload.dibao"]
        sentence = _say(
            "last",
            lang,
            year=last,
            cost=large_sum(values[path, last, "cost.total"], lang),
            extra=large_sum(values[path, last, "extra_cost.total"], lang),
            share=percent(values[path, last, "revenue_share.total"]),
            held=percent(values[AS_IS, last, "revenue_share.total"]),
            more=number(more),
        )
        together = _say("sum", lang, first=first, last=last, extra=large_sum(extra, lang))
        said = ("" if lang == "zh" else " ").join([sentence, together, *_beside_the_line(study, path, lang)])
        several = f"{path_name(study, path, lang)}{'：' if lang == 'zh' else ': '}"
        out.append((several if len(study.paths) > 2 else "") + said)
    return out
