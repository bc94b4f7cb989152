"""The text that ``microsim months`` prints: how the office works, the register over the years, and a job."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from microsim.report.money_text import money_note
from microsim.report.text import in_words, large_sum, number, percent, table, wrap
from microsim.report.texts.calibration_text import calibrated_note
from microsim.report.words import financing_note, law_notes
from microsim.scenario.idle import idle_parts
from microsim.studies.months.job import PAST

if TYPE_CHECKING:
    from microsim.scenario.administration.figures import Administration
    from microsim.studies.months.follow import Followed

WORDS: dict[str, dict[str, str]] = {
    "law": {"en": "{county}, {years}; law of {date}", "zh": "{county}，{years}年；执行{date}的政策法规"},
    "office": {
        "en": "Months to a decision: {decision}; between reviews: {unstable}, or {stable} where nobody is "
        "able to work.",
        "zh": "申请至审核确认{decision}个月；复核间隔{unstable}个月，无劳动能力家庭{stable}个月。",
    },
    "never": {"en": "never", "zh": "不限"},
    "apply": {
        "en": "Of households in need {share} apply in a month.",
        "zh": "符合条件的家庭每月有{share}提出申请。",
    },
    "stays": {
        "en": "A review leaves {share} of those above the line in dibao.",
        "zh": "复核时超过低保标准的家庭有{share}应退未退。",
    },
    "audits": {"en": "{share} are checked in a month besides.", "zh": "每月另抽查{share}的家庭。"},
    "notice": {
        "en": "After the decision to end dibao {n} more month(s) are paid.",
        "zh": "作出停发低保决定后再发放{n}个月。",
    },
    "grandfathered": {
        "en": "For {n} months nobody who is in at the start loses dibao.",
        "zh": "低保存量对象{n}个月内保留待遇。",
    },
    "base": {"en": "Base: {name}", "zh": "基准方案：{name}"},
    "reform": {"en": "Reform: {name}", "zh": "改革方案：{name}"},
    "year": {"en": "Year", "zh": "年份"},
    "recipients": {"en": "Recipients", "zh": "保障人数"},
    "dibao": {"en": "Dibao", "zh": "低保支出"},
    "entered": {"en": "Entered", "zh": "新增户"},
    "left": {"en": "Left", "zh": "退出户"},
    "unpaid": {"en": "Unpaid", "zh": "应保未保"},
    "above": {"en": "Above", "zh": "应退未退"},
    "waited": {"en": "Waited", "zh": "等待月数"},
    "units": {
        "en": "Recipients in December; dibao in million yuan; households that entered and left in the year; "
        "unpaid: persons in need and not (yet) paid; above: recipients above the line, in gradual exit "
        "or not (both the mean of the months); waited: months from need to the first payment.",
        "zh": "保障人数为12月领取低保的人数；支出单位为万元；新增户、退出户为全年户数；应保未保、应退未退"
        "（含渐退期）为各月平均人数；等待月数为符合条件至首次发放的月数。",
    },
    "still": {
        "en": "Within {year} nobody enters or leaves: incomes and law stay as they are. Give years: to see "
        "the register move.",
        "zh": "{year}年内收入和政策不变，没有家庭进入或退出。设定years可观察变动情况。",
    },
    "job": {
        "en": "A job in a dibao household, followed for {months} months: what is kept of its wages by "
        "households that it takes past the line",
        "zh": "低保家庭成员就业后{months}个月：因就业超过低保标准的家庭，工资的实得比例",
    },
    "wage": {"en": "Wage", "zh": "年工资"},
    "past": {"en": "Past", "zh": "超标户"},
    "by_month": {"en": "By month", "zh": "按月"},
    "whole_year": {"en": "By year", "zh": "按年"},
    "first_rate": {"en": "Exit rate", "zh": "按首月"},
    "losing": {"en": "Losing", "zh": "受损户"},
    "paid": {"en": "Months", "zh": "发放月数"},
    "side": {"en": "", "zh": ""},
    "base_row": {"en": "base", "zh": "基准"},
    "reform_row": {"en": "reform", "zh": "改革"},
    "explained": {
        "en": "Wage: yuan a year; past: share of households that the job takes past the line. By month: "
        "dibao goes on until the review that finds the job, then (with gradual exit) for some months more, "
        "and then ends. By year: as microsim run sees it, dibao ends at once. Exit rate: "
        "as it sees a household in gradual exit, paid the amount of its first month all the time. Losing: "
        "households with less over the {months} months than without the job (by month); months: how many "
        "dibao is still paid. Means over {n} sampled households and over the months since their last review.",
        "zh": "年工资单位为元；超标户为因就业超过标准的家庭占比。按月：低保金发放至复核发现就业为止，实行渐退"
        "的再按渐退期发放，期满停发。按年：与run口径相同，超过标准即停发。按首月：run对渐退期"
        "家庭的口径，即全期按首月标准发放。受损户：{months}个月内所得少于不就业的家庭（按月口径）；发放月数："
        "就业后继续发放低保的月数。均值按{n}户样本和距上次复核的月数计算。",
    },
    "note": {
        "en": "Mean of households that the job takes past the dibao line",
        "zh": "因就业超过低保标准的家庭平均值",
    },
}
_say = partial(in_words, WORDS)


def months_text(study: Followed, lang: str) -> str:
    """The text that ``microsim months`` prints, at most 80 columns wide."""
    scenario = study.scenario
    head = [name_of(study, lang), _law(study, lang), money_note(scenario.money(study.population), lang)]
    head += calibrated_note(scenario, lang)
    sides = study.sides
    sections = ["\n".join(wrap(line) for line in head)]
    moving = any(map(moves, sides.values()))
    alike = not moving and len({side.register.administration for side in sides.values()}) == 1
    for key, side in {} if alike else sides.items():
        lines = [_say(key, lang, name=name_of(side, lang))] if len(sides) > 1 else []
        lines = [wrap(line) for line in (*lines, office_note(side.register.administration, lang))]
        sections.append("\n".join([*lines, *([_years(side, lang)] if moves(side) else [])]))
    if alike:
        sections.append(wrap(office_note(study.register.administration, lang)))
    note = _say("units", lang) if moving else _say("still", lang, year=study.register.years[0])
    sections.append(wrap(note))
    sections.append("\n".join([wrap(_say("job", lang, months=study.job.months)), _job(study, lang)]))
    notes = [_say("explained", lang, months=study.job.months, n=number(study.job.households))]
    notes += [one.text("zh" if lang == "zh" else "en") for one in idle_parts(scenario)]
    notes += financing_note(scenario, lang)
    notes += law_notes(scenario, lang)
    sections.append("\n".join(map(wrap, notes)))
    return "\n\n".join(sections) + "\n"


def name_of(study: Followed, lang: str) -> str:
    """The scenario's title."""
    return study.scenario.title_in(lang)


def moves(study: Followed) -> bool:
    """Whether anybody enters or leaves."""
    values = study.register.values
    flows = ("entries", "exits", "gradual_exit")
    return any(values[year, 0, f"flow.{name}"] > 0.0 for year in study.register.years for name in flows)


def job_note(study: Followed, lang: str) -> str:
    """What the chart of the job is of."""
    return f"{name_of(study, lang)}{'。' if lang == 'zh' else '. '}{_say('note', lang)}"


def office_note(office: Administration, lang: str) -> str:
    """How the office works, as far as it matters."""
    stable, unstable = (
        _say("never", lang) if months is None else months
        for months in (office.review_stable, office.review_unstable)
    )
    said = [_say("office", lang, decision=office.decision, stable=stable, unstable=unstable)]
    if office.apply < 1.0:
        said.append(_say("apply", lang, share=percent(office.apply, 0)))
    shares = {name: getattr(office, name) for name in ("stays", "audits")}
    said += [_say(name, lang, share=percent(share, 0)) for name, share in shares.items() if share]
    months = {name: getattr(office, name) for name in ("notice", "grandfathered")}
    said += [_say(name, lang, n=n) for name, n in months.items() if n]
    return ("" if lang == "zh" else " ").join(said)


def _law(study: Followed, lang: str) -> str:
    county = study.scenario.profile
    name = study.scenario.county_path.name if county is None else county.name.get(lang, county.name["en"])
    first, last = study.register.years[0], study.register.years[-1]
    years = str(first) if first == last else f"{first}-{last}"
    return _say("law", lang, county=name, years=years, date=study.scenario.law.date)


def _years(study: Followed, lang: str) -> str:
    keys = ("year", "recipients", "dibao", "entered", "left", "unpaid", "above", "waited")
    values, rows = study.register.values, []
    for year in study.register.years:
        last = study.register.last_month(year)
        means = [
            sum(values[year, month, f"{name}.dibao"] for month in range(1, last + 1)) / last
            for name in ("unpaid_need", "paid_above_line")
        ]
        waited = values.get((year, 0, "months_to_first_payment.dibao"))
        rows.append(
            (
                str(year),
                number(values[year, last, "caseload.dibao"]),
                large_sum(values[year, 0, "cost.dibao"], lang),
                number(values[year, 0, "flow.entries"]),
                number(values[year, 0, "flow.exits"]),
                *map(number, means),
                number(waited, 1),
            )
        )
    return table([_say(key, lang) for key in keys], rows, range(1, len(keys)))


def _job(study: Followed, lang: str) -> str:
    keys = ["wage", "side", "past", "by_month", "whole_year", "first_rate", "losing", "paid"]
    rows = []
    for wage in sorted(set(study.job.table["wage"])):
        for k, (key, side) in enumerate(study.sides.items()):
            said = {
                (measure, subject): value
                for at, measure, subject, group, value, _ in side.job.table.itertuples(index=False, name=None)
                if at == wage and group == PAST
            }
            cells = [percent(said.get(what), 0) for what in _SHARES]
            months = number(said.get(("months_paid", "months")), 1)
            rows.append([number(wage) if k == 0 else "", _say(f"{key}_row", lang), *cells, months])
    if study.base is None:
        keys.remove("side")
        rows = [[row[0], *row[2:]] for row in rows]
    numeric = range(1 if study.base is None else 2, len(keys))
    return table([_say(key, lang) for key in keys], rows, numeric)


_SHARES = (
    ("households", ""),
    ("kept", "months"),
    ("kept", "static"),
    ("kept", "static_gradual_exit"),
    ("losing", "months"),
)
