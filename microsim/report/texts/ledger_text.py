"""A ledger as printed text: who pays for what, the county's ratios, and what a change costs whom."""

from __future__ import annotations

from functools import partial
from math import floor
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from microsim.explanation.words import SOURCES
from microsim.report.money_text import money_note
from microsim.report.text import in_words, large_sum, number, percent, table, wrap
from microsim.report.texts import ensemble_text
from microsim.report.texts.calibration_text import calibrated_note
from microsim.report.texts.run_text import months_note, revenue_note
from microsim.report.words import law_notes, programme_label, say
from microsim.simulation.explaining import cited
from microsim.studies.financing.rules import COUNTY, LEVELS
from microsim.studies.ledger.margins import UNASSIGNED
from microsim.studies.ledger.ratios import MEANINGS, Ratio
from microsim.studies.ledger.study import CENTRAL_INCREASE

if TYPE_CHECKING:
    import pandas as pd

    from microsim.studies.ledger.study import Ledger

WORDS: dict[str, dict[str, str]] = {
    "centre": {"en": "Centre", "zh": "中央"},
    "province": {"en": "Province", "zh": "省级"},
    "prefecture": {"en": "Prefect.", "zh": "市级"},
    "county": {"en": "County", "zh": "县级"},
    "township": {"en": "Township", "zh": "乡镇"},
    "others": {"en": "Others", "zh": "其他"},
    "total": {"en": "Total", "zh": "合计"},
    "programme": {"en": "Paid by (million yuan/year)", "zh": "出资方（万元/年）"},
    "tier": {"en": "Area and tier (million yuan/year)", "zh": "地区和类别（万元/年）"},
    "tekun": {"en": "destitute (tekun)", "zh": "特困"},
    "dibao": {"en": "dibao", "zh": "低保"},
    "edge": {"en": "edge of dibao", "zh": "低保边缘"},
    "rigid": {"en": "rigid spending", "zh": "刚性支出困难"},
    "monitored": {"en": "monitored", "zh": "防返贫监测"},
    "filed_poor": {"en": "registered poor", "zh": "建档立卡"},
    "other": {"en": "other low income", "zh": "其他低收入"},
    "none": {"en": "no tier", "zh": "非救助对象"},
    "law": {"en": "{county}, {year}, law of {date}", "zh": "{county}，{year}年，执行{date}的政策法规"},
    "settled": {
        "en": "Fixed grants are those under {base}.",
        "zh": "定额补助按“{base}”核定，不随本方案变动。",
    },
    "more": {"en": "more than {value}", "zh": "高于{value}"},
    "yuan": {"en": "{value} yuan", "zh": "{value}元"},
    "unknown": {"en": "not known", "zh": "无数据"},
    "key": {"en": "Financing", "zh": "资金"},
    "average": {"en": "County pays", "zh": "县级负担"},
    "of_yuan": {"en": "of one more yuan", "zh": "新增每元负担"},
    "of_recipient": {"en": "Grant per recipient", "zh": "每增1人补助"},
    "margin": {
        "en": "County pays: its share of all expenditure; of one more yuan: what it pays itself of one more "
        "yuan to the same recipients; grant per recipient: what upper levels add a year for one more.",
        "zh": "县级负担：占全部支出的比重；新增每元负担：保障对象不变时每增支1元县级自行负担的部分；"
        "每增1人补助：每增加1名保障对象上级每年增加的补助（元）。",
    },
    "line": {
        "en": "A dibao line one yuan a year higher costs {total} yuan a year, {county} of them the county's.",
        "zh": "低保标准每提高1元/年，每年增支{total}元，其中县级负担{county}元。",
    },
    "capped": {
        "en": "The budget caps hold at the higher line, too. One more yuan and one more recipient come on "
        "top of what they allow.",
        "zh": "标准提高后预算限额仍然有效；“新增每元”和“每增1人”按在限额之外增加计算。",
    },
    "pool": {
        "en": "{name}: {level} pool over several counties (million yuan/year)",
        "zh": "{name}：{level}统筹（万元/年）",
    },
    "pool_unused": {
        "en": "{value} of the pool finds nothing to pay: upper levels leave less.",
        "zh": "统筹资金中有{value}超出上级负担后的余额，未使用。",
    },
    "pool_county": {"en": "County of the pool", "zh": "统筹县"},
    "pool_recipients": {"en": "Recipients", "zh": "保障人数"},
    "pool_grant": {"en": "Grant", "zh": "补助"},
    "pool_cost": {"en": "Expenditure", "zh": "支出"},
    "pool_pays": {"en": "County pays", "zh": "县级负担"},
    "pool_without": {"en": "without pool", "zh": "不统筹时"},
    "increase": {
        "en": "New central money for {name}: {total} in the whole country, {grant} of it here ({plain} if "
        "every recipient counted alike). {added} adds to expenditure; {relief} replaces the county's own.",
        "zh": "{name}中央增支：全国{total}，本县获得{grant}（不倾斜时为{plain}）；其中{added}用于增加支出，"
        "{relief}替代县级资金。",
    },
    "central_increase": {"en": "New central money", "zh": "中央增支"},
    "sum": {"en": "{value} million yuan a year", "zh": "{value}万元/年"},
    "unassigned": {"en": "no rule", "zh": "无规定"},
    "others_are": {"en": "Others: {names}.", "zh": "其他：{names}。"},
    "collective": {"en": "village collectives {value}", "zh": "村集体{value}"},
    "employer": {"en": "employers {value}", "zh": "用人单位{value}"},
    "insurance_fund": {"en": "insurance funds {value}", "zh": "社会保险基金{value}"},
    "lottery_fund": {"en": "lottery funds {value}", "zh": "彩票公益金{value}"},
    "society": {"en": "charities and donors {value}", "zh": "社会力量{value}"},
    "within": {
        "en": "Wages of posts and dividends are included here and in no cost of a run: {value} million.",
        "zh": "含公益性岗位报酬等工资和分红{value}万元，不计入run的救助支出。",
    },
    "rule": {"en": "Source of {what}{tag}: {reference}.", "zh": "{what}的依据{tag}：{reference}。"},
    "no_rule": {
        "en": "No financing rule for {names}: counted as the county's own.",
        "zh": "{names}无资金负担规定，按县级负担计。",
    },
    "unlisted": {
        "en": "Own rules that pay are counted as the government's: {names}.",
        "zh": "自有规则的支付按财政负担计：{names}。",
    },
}
_say = partial(in_words, WORDS)
_PRINTED = {"en": 1e5, "zh": 1e4}  # yuan: the last digit of a sum in print


def ledger_text(study: Ledger, lang: str) -> str:
    """The text that ``microsim ledger`` prints, at most 80 columns wide."""
    sections = [
        "\n".join(wrap(line) for line in _head(study, lang)),
        _payers_table(study, ["programme"], "programme", lang),
        _payers_table(study, ["area", "tier"], "tier", lang),
        _new_money(study, lang),
        "\n".join(_ratio(one, lang) for one in study.figures),
        _margins(study, lang),
        ensemble_text.ledger_text(study, lang),
        "\n".join(wrap(note) for note in notes(study, lang)),
    ]
    return "\n\n".join(filter(None, sections)) + "\n"


def _head(study: Ledger, lang: str) -> list[str]:
    scenario = study.run.scenario
    name = study.county.name.get(lang, study.county.name["en"])
    out = [scenario.title_in(lang), _say("law", lang, county=name, year=scenario.year, date=scenario.day)]
    out += calibrated_note(scenario, lang)
    out.append(money_note(study.run.money, lang))
    if scenario.base is not None:
        out.append(_say("settled", lang, base=scenario.base.title_in(lang)))
    return out


def paid_by(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Yuan a year by group and column: levels of budget, and everybody else as ``others``; no empty rows."""
    rows = rows.assign(
        value=rows["cost"] + rows["within_market_income"],
        column=rows["payer"].where(rows["payer"].isin(LEVELS), "others"),
    )
    wide = rows.groupby([*by, "column"], sort=False)["value"].sum().unstack(fill_value=0)
    columns = [name for name in (*LEVELS, "others") if name in wide and wide[name].any()]
    wide = wide[columns]
    return wide[(wide != 0).any(axis=1)]


def in_units(values: NDArray[np.float64], unit: float) -> NDArray[np.float64]:
    """Whole units, so that each column adds up to its total and the totals to theirs (largest remainder).

    A column's total hangs on the totals of all columns alone, and is so the same in every table of them.

    >>> in_units(np.array([[1.4, 1.4], [1.4, 0.0]]), 1.0)
    array([[2., 1.],
           [1., 0.]])
    """
    scaled = values / unit
    totals = _rounded(scaled.sum(axis=0), round(float(scaled.sum())))
    return np.column_stack([_rounded(scaled[:, k], int(total)) for k, total in enumerate(totals)])


def _rounded(values: NDArray[np.float64], total: int) -> NDArray[np.float64]:
    """Whole numbers that add up to ``total``: the largest remainders are rounded up (or the least down)."""
    whole = np.floor(values)
    missing = total - int(whole.sum())
    order = np.argsort(whole - values, kind="stable")
    if missing >= 0:
        whole[order[:missing]] += 1.0
    else:
        whole[order[missing:]] -= 1.0
    return whole


def _payers_table(study: Ledger, by: list[str], head: str, lang: str) -> str:
    """Who pays for each group, in the unit of ``large_sum``; rows and columns add up as printed."""
    wide = paid_by(study.table, by)
    if by == ["programme"]:
        wide = wide.loc[wide.sum(axis=1).sort_values(ascending=False, kind="stable").index]
    unit = _PRINTED[lang]
    paid = in_units(wide.to_numpy(), unit)
    shown = [(_group(study, group, by, lang), row) for group, row in zip(wide.index, paid, strict=True)]
    shown = [(label, row) for label, row in shown if row.any()]
    shown.append((_say("total", lang), paid.sum(axis=0)))
    rows = [(label, *(large_sum(unit * value, lang) for value in (*row, row.sum()))) for label, row in shown]
    header = (_say(head, lang), *(_say(name, lang) for name in wide.columns), _say("total", lang))
    return table(header, rows, numeric=range(1, len(header)))


def _new_money(study: Ledger, lang: str) -> str:
    """The pool with every county of it, and what new central money does."""
    out = []
    pool = study.pool
    if pool is not None:
        unit, rows = _PRINTED[lang], []
        table_ = pool.table
        amounts = table_[["expenditure", "grant", "county_pays", "county_without"]].to_numpy()
        shown = np.round(amounts / unit)
        shown[:, 1] = _rounded(amounts[:, 1] / unit, round(pool.total / unit))
        for member, row in zip(pool.members, shown, strict=True):
            title = member.title.get(lang) or member.name
            rows.append(
                (title, number(member.task.recipients), *(large_sum(unit * value, lang) for value in row))
            )
        recipients = number(float(table_["recipients"].sum()))
        rows.append(
            (_say("total", lang), recipients, *(large_sum(unit * v, lang) for v in shown.sum(axis=0)))
        )
        names = ("pool_county", "pool_recipients", "pool_cost", "pool_grant", "pool_pays", "pool_without")
        header = tuple(_say(name, lang) for name in names)
        level = _say(pool.level, lang)
        key = label_of(study, pool.key, lang)
        out.append(wrap(_say("pool", lang, name=key, level=level if lang == "zh" else level.lower())))
        out.append(table(header, rows, numeric=range(1, len(header))))
        unused = float(table_["unused"].sum())
        if round(unused / unit):
            out.append(
                wrap(_say("pool_unused", lang, value=_say("sum", lang, value=large_sum(unused, lang))))
            )
    for key, tilted in study.increases.items():
        grant, added = tilted.increase.grant(study.tasks[key]).value, study.added[key].value
        sums = {
            "total": tilted.increase.total,
            "grant": grant,
            "plain": tilted.untilted.grant(study.tasks[key]).value,
            "added": added,
            "relief": grant - added,
        }
        in_yuan = {name: _say("sum", lang, value=large_sum(value, lang)) for name, value in sums.items()}
        out.append(wrap(_say("increase", lang, name=label_of(study, key, lang), **in_yuan)))
    return "\n".join(out)


def _group(study: Ledger, group: object, by: list[str], lang: str) -> str:
    if group == CENTRAL_INCREASE:
        return _say(CENTRAL_INCREASE, lang)
    if by == ["programme"]:
        return programme_label(study.run.policy, str(group), lang)
    area, tier = map(str, group)  # type: ignore[call-overload]
    gap = "" if lang == "zh" else ", "
    return gap.join(filter(None, [say(area, lang), _say(tier, lang) if tier in WORDS else tier]))


def _ratio(one: Ratio, lang: str) -> str:
    if one.value is None:
        value = _say("unknown", lang)
    else:
        # Revenue is below its bound, and so the ratio above this one: it is rounded down.
        ratio = floor(one.value * 1000.0) / 1000.0 if one.at_least else one.value
        value = percent(ratio) if one.unit == "1" else _say("yuan", lang, value=number(one.value))
        value = _say("more", lang, value=value) if one.at_least else value
    colon = "：" if lang == "zh" else ": "
    return wrap(f"{value}{colon}{MEANINGS[one.name][lang]}", indent="  ")


def _margins(study: Ledger, lang: str) -> str:
    rows = []
    for key, paid in study.shares.items():
        cost, county = study.tasks[key].cost, paid[COUNTY]
        average = percent(county.value / cost) if cost else "-"
        grant = number(-county.per_recipient) if county.per_recipient else "-"
        rows.append((label_of(study, key, lang), average, percent(county.per_yuan), grant))
    header = tuple(_say(name, lang) for name in ("key", "average", "of_yuan", "of_recipient"))
    out = [table(header, rows, numeric=(1, 2, 3)), wrap(_say("margin", lang))]
    if study.moved is not None:
        moves = study.moved.yuan(study)
        own = sum(value for (_, payer), value in moves.items() if payer == COUNTY)
        out.append(wrap(_say("line", lang, total=number(sum(moves.values())), county=number(own))))
    if study.capped:
        out.append(wrap(_say("capped", lang)))
    return "\n".join(out)


def payer_label(payer: str, lang: str) -> str:
    """A payer in words; ``programme``: what a table of payers is headed with."""
    label = _say(payer, lang, value="").strip() if payer in WORDS else payer
    return label[:1].upper() + label[1:]


def label_of(study: Ledger, key: str, lang: str) -> str:
    """A financing key in words."""
    if key == UNASSIGNED:
        return _say("unassigned", lang)
    found = next(one for one in study.financing.keys if one.name == key)
    return found.label.get(lang, found.label.get("en", key))


def notes(study: Ledger, lang: str) -> list[str]:
    """What a reader must know before quoting a figure."""
    comma = "，" if lang == "zh" else ", "
    out = [revenue_note(study.county, lang), *months_note(study.run, lang)]
    others = {name: value for name, value in study.payers.items() if name not in LEVELS and value}
    if others:
        named = [_say(name, lang, value=large_sum(value, lang)) for name, value in others.items()]
        out.append(_say("others_are", lang, names=comma.join(named)))
    within = float(study.table["within_market_income"].sum())
    if within:
        out.append(_say("within", lang, value=large_sum(within, lang)))
    said: dict[tuple[str, str], list[str]] = {}
    for key, rule in study.rules.items():
        if rule is not None:
            said.setdefault((rule.source, rule.reference), []).append(label_of(study, key, lang))
    for (source, reference), keys in said.items():
        tag = SOURCES[lang][source]
        tag = tag and (f"（{tag}）" if lang == "zh" else f" ({tag})")
        out.append(_say("rule", lang, what=comma.join(keys), tag=tag, reference=cited(reference, lang)))
    alone = [name for name, key in study.keys.items() if study.rules.get(key) is None]
    if alone:
        names = [programme_label(study.run.policy, name, lang) for name in alone]
        out.append(_say("no_rule", lang, names=comma.join(names)))
    if study.unlisted:
        out.append(_say("unlisted", lang, names=comma.join(study.unlisted)))
    return out + law_notes(study.run.scenario, lang)
