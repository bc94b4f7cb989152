"""What a brief says of a run: who receives, what it costs, what it does to poverty."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from microsim.report.brief.common import law_of
from microsim.report.brief.folder import Figure, Folder
from microsim.report.brief.model import Chart, Findings, Text
from microsim.report.brief.teller import Teller, drawable, first, index, sayable

AREAS = ("rural", "urban", "")
MOST_PROGRAMMES = 8
WORDS = {
    "title": {"en": "Social assistance: {title}", "zh": "关于“{title}”社会救助情况的测算简报"},
    "question": {
        "en": "Whom does social assistance reach under the law of {law}, what does it cost, and what "
        "does it do "
        "to poverty?",
        "zh": "按{law}的政策，社会救助覆盖多少人、需要多少资金、对贫困有何影响？",
    },
    "rural": {"en": "Rural", "zh": "农村"},
    "urban": {"en": "Urban", "zh": "城市"},
    "": {"en": "County", "zh": "全县"},
    "reached": {
        "en": "Dibao reaches {persons}, {share} of residents, and costs {cost} a year; all programmes "
        "together "
        "cost {total}.",
        "zh": "低保覆盖{persons}，占常住人口的{share}，年支出{cost}；各项救助合计年支出{total}。",
    },
    "reached_share": {
        "en": "Dibao reaches {persons}, {share} of residents.",
        "zh": "低保覆盖{persons}，占常住人口的{share}。",
    },
    "costs": {
        "en": "All programmes together cost {total} a year.",
        "zh": "各项救助合计年支出{total}。",
    },
    "revenue": {
        "en": "This is {share} of the county's own revenue, which is taken at {revenue}.",
        "zh": "相当于本级一般公共预算收入（取{revenue}）的{share}。",
    },
    "revenue_bound": {
        "en": "This is {share} of the county's own revenue, taken at {revenue}; it is known only that "
        "revenue "
        "is below {bound}.",
        "zh": "相当于本级一般公共预算收入（取{revenue}）的{share}；仅知该收入低于{bound}。",
    },
    "poverty_down": {
        "en": "Assistance lowers the poverty rate by the national line from {a} to {b} of residents.",
        "zh": "救助使按国家扶贫标准计算的贫困发生率由{a}降至{b}。",
    },
    "poverty_same": {
        "en": "Assistance leaves the poverty rate by the national line at {b} of residents.",
        "zh": "救助前后按国家扶贫标准计算的贫困发生率均为{b}。",
    },
    "poverty_up": {
        "en": "After assistance the poverty rate by the national line is {b} of residents, above the "
        "{a} before.",
        "zh": "救助后按国家扶贫标准计算的贫困发生率为{b}，高于救助前的{a}。",
    },
    "cash": {
        "en": "Of it, {cash} are paid in cash and {kind} in kind.",
        "zh": "其中现金支出{cash}，实物和服务支出{kind}。",
    },
    "table": {"en": "Main results", "zh": "主要测算结果"},
    "persons": {"en": "Dibao recipients", "zh": "低保对象"},
    "share": {"en": "Share of residents", "zh": "占常住人口比重"},
    "dibao_cost": {"en": "Dibao, a year", "zh": "低保年支出"},
    "per_head": {"en": "Dibao per recipient, a year", "zh": "低保人均年支出"},
    "total": {"en": "All programmes, a year", "zh": "各项救助年支出合计"},
    "total_share": {"en": "All programmes over own revenue", "zh": "各项救助支出相当于本级收入"},
    "poor_before": {"en": "Poverty rate before assistance", "zh": "救助前贫困发生率"},
    "poor_after": {"en": "Poverty rate after assistance", "zh": "救助后贫困发生率"},
    "gini": {"en": "Gini coefficient after assistance", "zh": "救助后基尼系数"},
    "note": {
        "en": "Rounded to what is known; — : not computed or not published. Poverty by the national line.",
        "zh": "数字按可知精度取舍；“—”为未测算或不予公布；贫困按国家扶贫标准。",
    },
    "largest": {
        "en": "{name} takes the most of the {total} a year: {cost}",
        "zh": "年支出{total}中，{name}最多，为{cost}",
    },
    "most_rural": {
        "en": "More recipients of dibao live in the countryside ({rural}) than in town ({urban})",
        "zh": "低保对象农村（{rural}）多于城市（{urban}）",
    },
    "most_urban": {
        "en": "More recipients of dibao live in town ({urban}) than in the countryside ({rural})",
        "zh": "低保对象城市（{urban}）多于农村（{rural}）",
    },
    "poverty_chart_down": {
        "en": "Assistance lowers the poverty rate from {a} to {b}",
        "zh": "救助使贫困发生率由{a}降至{b}",
    },
    "poverty_chart_same": {
        "en": "Assistance leaves the poverty rate at {b}",
        "zh": "救助前后贫困发生率均为{b}",
    },
    "poverty_chart_up": {
        "en": "The poverty rate is {b} after assistance and {a} before",
        "zh": "救助后贫困发生率为{b}，救助前为{a}",
    },
    "before": {"en": "before assistance", "zh": "救助前"},
    "after": {"en": "after assistance", "zh": "救助后"},
    "ages_majority": {
        "en": "Of the {persons} who receive dibao, {who} are the majority",
        "zh": "低保对象{persons}中，{who}过半",
    },
    "ages_largest": {
        "en": "Of the {persons} who receive dibao, {who} are the largest group",
        "zh": "低保对象{persons}中，{who}人数最多",
    },
    "who_children": {"en": "those under 20", "zh": "20岁以下"},
    "who_adults": {"en": "those aged 20 to 59", "zh": "20至59岁"},
    "who_old": {"en": "those aged 60 and over", "zh": "60岁及以上"},
    "male": {"en": "men and boys", "zh": "男"},
    "female": {"en": "women and girls", "zh": "女"},
    "age": {"en": "Age in years", "zh": "年龄（岁）"},
    "gini_down": {
        "en": "Assistance makes incomes more equal: the Gini coefficient falls from {a} to {b}",
        "zh": "救助缩小收入差距：基尼系数由{a}降至{b}",
    },
    "gini_same": {
        "en": "Assistance leaves incomes as unequal as they are: a Gini coefficient of {b}",
        "zh": "救助前后收入差距基本不变：基尼系数为{b}",
    },
    "gini_up": {
        "en": "After assistance incomes are less equal: the Gini coefficient rises from {a} to {b}",
        "zh": "救助后收入差距扩大：基尼系数由{a}升至{b}",
    },
    "lorenz_axis": {"en": "% of residents, from the poorest", "zh": "累计人口占比（%，由低收入到高收入）"},
    "lorenz_unit": {"en": "% of all income", "zh": "累计收入占比（%）"},
    "lorenz_note": {"en": "The straight line: equal incomes.", "zh": "直线为收入完全平均。"},
    "small": {
        "en": "The {n} largest programmes of those that pay.",
        "zh": "仅列支出最多的{n}项。",
    },
}


def findings(folder: Folder, lang: str) -> Findings:
    """The answer, key table and charts of a run."""
    tell = Teller(folder, lang, WORDS)
    f = tell.figure
    answer = sayable(
        first(
            tell.say(
                "reached",
                persons=f("caseload.dibao"),
                share=f("resident_share.dibao"),
                cost=f("cost.dibao"),
                total=f("cost.total"),
            ),
            tell.say("reached_share", persons=f("caseload.dibao"), share=f("resident_share.dibao")),
            tell.say("costs", total=f("cost.total")),
        ),
        first(_revenue(tell), tell.say("cash", cash=f("cost.cash"), kind=f("cost.kind"))),
        _poverty(tell, "poverty"),
    )
    header = ["", *(tell.word(area) for area in AREAS)]
    table = tell.table(tell.word("table"), header, _rows(tell), tell.word("note"))
    title = tell.word("title", title=folder.title(lang))
    question = tell.word("question", law=law_of(folder, lang))
    return Findings(title, question, answer, table, charts(tell))


def _rows(tell: Teller) -> list[tuple[str, list[Figure | None]]]:
    def by_area(name: str) -> list[Figure | None]:
        return [tell.figure(f"{name}.{area}" if area else name) for area in AREAS]

    return [
        (tell.word("persons"), by_area("caseload.dibao")),
        (tell.word("share"), by_area("resident_share.dibao")),
        (tell.word("dibao_cost"), by_area("cost.dibao")),
        (tell.word("per_head"), by_area("cost_per_recipient.dibao")),
        (tell.word("total"), by_area("cost.total")),
        (tell.word("total_share"), by_area("revenue_share.total")),
        (tell.word("poor_before"), by_area("poverty.headcount_before")),
        (tell.word("poor_after"), by_area("poverty.headcount")),
        (tell.word("gini"), [index(one) for one in by_area("gini.disposable_income")]),
    ]


def _revenue(tell: Teller) -> Text | None:
    """Expenditure beside the county's revenue; where that is known only to be below a bound, this is said."""
    share, revenue = tell.figure("revenue_share.total"), tell.figure("revenue.general_public_budget")
    bound = tell.folder.about.get("revenue", {}).get("below")
    if bound is None:
        return tell.say("revenue", share=share, revenue=revenue)
    below = Figure("revenue.below", float(bound), "yuan/year")
    return tell.say("revenue_bound", share=share, revenue=revenue, bound=below)


def _poverty(tell: Teller, key: str) -> Text | None:
    before, after = tell.figure("poverty.headcount_before"), tell.figure("poverty.headcount")
    if before is None or after is None:
        return None
    difference = Figure("", after.value - before.value, "1")
    return tell.change(key, difference, before, a=before, b=after)


def charts(tell: Teller) -> tuple[Chart, ...]:
    """Expenditure by programme, recipients by age and area, poverty and incomes before and after."""
    return drawable(by_programme(tell), _ages(tell), _poverty_chart(tell), _lorenz(tell), _recipients(tell))


def by_programme(tell: Teller) -> Chart | None:
    """Expenditure of each programme, the largest first."""
    found = [
        (name, figure)
        for name in tell.folder.programmes()
        if (figure := tell.figure(f"cost.{name}")) is not None and figure.value > 0
    ]
    if not found:
        return None
    found.sort(key=lambda pair: -pair[1].value)
    label = partial(tell.folder.label, "programmes", lang=tell.lang)
    names = [label(name) for name, _ in found]
    title = tell.say("largest", name=names[0], cost=found[0][1], total=tell.figure("cost.total"))
    note = tell.word("small", n=str(MOST_PROGRAMMES)) if len(found) > MOST_PROGRAMMES else ""
    most = found[:MOST_PROGRAMMES]
    return tell.chart(
        "cost_by_programme",
        "bars",
        title,
        names[:MOST_PROGRAMMES],
        [("", [figure for _, figure in most])],
        note=note,
    )


def _recipients(tell: Teller) -> Chart | None:
    rural, urban = tell.figure("caseload.dibao.rural"), tell.figure("caseload.dibao.urban")
    if rural is None or urban is None:
        return None
    key = "most_rural" if rural.value >= urban.value else "most_urban"
    title = tell.say(key, rural=rural, urban=urban)
    return tell.chart(
        "recipients_by_area", "bars", title, [tell.word("rural"), tell.word("urban")], [("", [rural, urban])]
    )


def _ages(tell: Teller) -> Chart | None:
    """Recipients of dibao by sex and age."""
    table = tell.folder.table("recipients")
    if table is None or not table["persons"].sum():
        return None
    groups = list(dict.fromkeys(table["age_group"]))
    shares = table.groupby("age_group", sort=False)["persons"].sum().to_numpy() / table["persons"].sum()
    parts = {"children": shares[:2].sum(), "adults": shares[2:6].sum(), "old": shares[6:].sum()}
    largest = max(parts, key=lambda name: float(parts[name]))
    key = "ages_majority" if parts[largest] > 0.5 else "ages_largest"
    series = [
        (tell.word(sex), [Figure("", float(n), "persons") for n in table[table["sex"] == sex]["persons"]])
        for sex in ("male", "female")
    ]
    labels = [group.replace("-", "–") for group in groups]
    title = tell.say(key, persons=tell.figure("caseload.dibao"), who=tell.word(f"who_{largest}"))
    return tell.chart("recipients_by_age", "pyramid", title, labels, series, axis=tell.word("age"))


def _lorenz(tell: Teller) -> Chart | None:
    """Lorenz curves of income per head, before and after assistance."""
    table = tell.folder.table("lorenz")
    before, after = (index(tell.figure(f"gini.{x}")) for x in ("income_before_benefits", "disposable_income"))
    if table is None or before is None or after is None:
        return None
    difference = replace(after, value=after.value - before.value, low=None, high=None)
    title = tell.change("gini", difference, before, a=before, b=after)
    series = [
        (tell.word(when), [Figure("", float(share), "1") for share in table[f"income_share_{when}"]])
        for when in ("before", "after")
    ]
    labels = [f"{100 * rank:.0f}" for rank in table["rank"]]
    axis, note = tell.word("lorenz_axis"), tell.word("lorenz_note")
    fifths = slice(None, None, 4)
    made = tell.chart("lorenz", "lorenz", title, labels, series, axis=axis, note=note, spoken=fifths)
    return made if made is None else replace(made, unit=tell.word("lorenz_unit"))


def _poverty_chart(tell: Teller) -> Chart | None:
    labels, before, after = [], [], []
    for area in AREAS:
        pair = [
            tell.figure(f"poverty.{key}.{area}" if area else f"poverty.{key}")
            for key in ("headcount_before", "headcount")
        ]
        if pair[0] is not None and pair[1] is not None:
            labels.append(tell.word(area))
            before.append(pair[0])
            after.append(pair[1])
    series = [(tell.word("before"), before), (tell.word("after"), after)]
    return tell.chart("poverty", "before_after", _poverty(tell, "poverty_chart"), labels, series)
