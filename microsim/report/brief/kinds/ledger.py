"""What a brief says of a ledger: who pays, on average and for one more yuan."""

from __future__ import annotations

from microsim.report.brief.folder import Figure, Folder
from microsim.report.brief.model import Chart, Findings, Text
from microsim.report.brief.teller import Teller, drawable, first, sayable

LEVELS = ("centre", "province", "prefecture", "county")
PAYERS = (*LEVELS, "collective", "employer")
RATIOS = (
    "upper_share",
    "county_to_revenue",
    "expenditure_to_revenue",
    "county_line_1pct",
    "county_recipient",
    "county_per_resident",
)
MOST_PROGRAMMES = 8
DIBAO = "hardship"  # the financing key of dibao and its kin
WORDS = {
    "title": {"en": "Who pays: {title}", "zh": "关于“{title}”资金负担的测算简报"},
    "question": {
        "en": "Who pays for social assistance, on average and for one more yuan, and what does that "
        "take of the "
        "county's own revenue?",
        "zh": "社会救助资金由谁负担，平均负担和新增负担各是多少，占本级收入多大比重？",
    },
    "paid": {
        "en": "Of the {total} that the programmes cost a year, the centre pays {centre}, the province "
        "{province} "
        "and the county {county}.",
        "zh": "各项救助年支出{total}，其中中央负担{centre}，省级负担{province}，县级负担{county}。",
    },
    "total": {"en": "The programmes cost {total} a year.", "zh": "各项救助年支出{total}。"},
    "own": {
        "en": "What the county pays is {own} of its own revenue; levels above it pay {upper} of everything.",
        "zh": "县级负担部分相当于本级收入的{own}；县级以上财政负担全部支出的{upper}。",
    },
    "own_bound": {
        "en": "What the county pays is at least {own} of its own revenue, which is known only to be "
        "below a bound; "
        "levels above it pay {upper} of everything.",
        "zh": "县级负担部分不低于本级收入的{own}（该收入仅知上限）；县级以上财政负担全部支出的{upper}。",
    },
    "marginal_up": {
        "en": "Of one more yuan of dibao the county pays {yuan}, more than the {average} that it pays "
        "on average.",
        "zh": "低保每增支1元，县级负担{yuan}，高于平均负担的{average}。",
    },
    "marginal_down": {
        "en": "Of one more yuan of dibao the county pays {yuan}, less than the {average} that it pays "
        "on average.",
        "zh": "低保每增支1元，县级负担{yuan}，低于平均负担的{average}。",
    },
    "marginal_same": {
        "en": "Of one more yuan of dibao the county pays {yuan}, as it does on average.",
        "zh": "低保每增支1元，县级负担{yuan}，与平均负担相同。",
    },
    "table": {"en": "Who pays, and what it amounts to", "zh": "资金负担及相关比率"},
    "amount": {"en": "Amount", "zh": "数值"},
    "centre": {"en": "Centre", "zh": "中央"},
    "province": {"en": "Province", "zh": "省级"},
    "prefecture": {"en": "Prefecture", "zh": "市级"},
    "county": {"en": "County", "zh": "县级"},
    "collective": {"en": "Village collectives", "zh": "村集体"},
    "employer": {"en": "Employers", "zh": "用人单位"},
    "all": {"en": "All programmes", "zh": "各项救助合计"},
    "upper_share": {"en": "Share of levels above the county", "zh": "县级以上财政负担比重"},
    "county_to_revenue": {"en": "County's part over its own revenue", "zh": "县级负担相当于本级收入"},
    "expenditure_to_revenue": {
        "en": "All expenditure over the county's own revenue",
        "zh": "全部支出相当于本级收入",
    },
    "county_line_1pct": {"en": "County: line 1 % higher", "zh": "标准提高1%时县级增支"},
    "county_recipient": {"en": "County: one more recipient", "zh": "增加1名对象时县级增支"},
    "county_per_resident": {"en": "County's part per resident", "zh": "县级负担人均"},
    "note": {
        "en": "A year; rounded to what is known. ≥: the ratio is a bound, as revenue is known only to "
        "be below one.",
        "zh": "按年；数字按可知精度取舍。“≥”为下限，因本级收入仅知上限。",
    },
    "most": {
        "en": "The largest part is paid by {who}: {amount} a year",
        "zh": "负担最多的是{who}：每年{amount}",
    },
    "who_centre": {"en": "the centre", "zh": "中央"},
    "who_province": {"en": "the province", "zh": "省级"},
    "who_prefecture": {"en": "the prefecture", "zh": "市级"},
    "who_county": {"en": "the county", "zh": "县级"},
    "who_collective": {"en": "village collectives", "zh": "村集体"},
    "who_employer": {"en": "employers", "zh": "用人单位"},
    "matrix": {
        "en": "{who} bears the largest part, {amount} a year, above all for {programme}",
        "zh": "{who}负担最多，每年{amount}，主要用于{programme}",
    },
    "programmes_note": {
        "en": "The {n} largest programmes of those that pay.",
        "zh": "仅列支出最多的{n}项。",
    },
    "average": {"en": "on average", "zh": "平均"},
    "yuan": {"en": "of one more yuan", "zh": "增支1元"},
    "shares_up": {
        "en": "The county pays {yuan} of one more yuan of dibao, and {average} on average",
        "zh": "低保每增支1元县级负担{yuan}，平均负担{average}",
    },
}


def findings(folder: Folder, lang: str) -> Findings:
    """The answer, key table and charts of a ledger."""
    tell = Teller(folder, lang, WORDS)
    f = tell.figure
    own = f("ratio.county_to_revenue")
    key = "own_bound" if own is not None and own.at_least else "own"
    levels = {level: f(f"paid.{level}") for level in ("centre", "province", "county")}
    answer = sayable(
        first(
            tell.say("paid", total=f("cost.total"), **levels),
            tell.say("total", total=f("cost.total")),
        ),
        tell.say(key, own=own, upper=f("ratio.upper_share")),
        _marginal(tell),
    )
    rows = [(tell.word("all"), [f("cost.total")])]
    rows += [(tell.word(payer), [f(f"paid.{payer}")]) for payer in PAYERS]
    rows += [(tell.word(ratio), [f(f"ratio.{ratio}")]) for ratio in RATIOS]
    table = tell.table(tell.word("table"), ["", tell.word("amount")], rows, tell.word("note"))
    title = tell.word("title", title=folder.title(lang))
    return Findings(title, tell.word("question"), answer, table, _charts(tell))


def _marginal(tell: Teller) -> Text | None:
    yuan, average = (tell.figure(f"marginal.{kind}.{DIBAO}.county") for kind in ("yuan", "average_share"))
    if yuan is None or average is None:
        return None
    apart = yuan.value - average.value
    key = "marginal_same" if abs(apart) < 0.005 else "marginal_up" if apart > 0 else "marginal_down"
    return tell.say(key, yuan=yuan, **({} if key == "marginal_same" else {"average": average}))


def _charts(tell: Teller) -> tuple[Chart, ...]:
    return drawable(_payers(tell), _by_programme(tell), _shares(tell))


def _payers(tell: Teller) -> Chart | None:
    found = [(p, one) for p in PAYERS if (one := tell.figure(f"paid.{p}")) is not None and one.value]
    if not found:
        return None
    who, most = max(found, key=lambda pair: pair[1].value)
    title = tell.say("most", who=tell.word(f"who_{who}"), amount=most)
    labels = [tell.word(p) for p, _ in found]
    return tell.chart("cost_by_payer", "bars", title, labels, [("", [one for _, one in found])])


def _by_programme(tell: Teller) -> Chart | None:
    """What each payer bears of each programme, the largest programmes first."""
    table = tell.folder.table("ledger")
    if table is None:
        return None
    amounts = table.pivot_table(
        index="programme", columns="payer", values="cost", aggfunc="sum", fill_value=0
    )
    paying = amounts[amounts.sum(axis=1) > 0]
    paying = paying.loc[paying.sum(axis=1).sort_values(ascending=False, kind="stable").index]
    payers = [p for p in PAYERS if p in paying and paying[p].sum() > 0]
    paid = {p: one for p in payers if (one := tell.figure(f"paid.{p}")) is not None}
    if not paid:
        return None
    names = [tell.folder.label("programmes", str(name), tell.lang) for name in paying.index]
    who = max(paid, key=lambda p: paid[p].value)
    title = tell.say(
        "matrix",
        who=_capital(tell.word(f"who_{who}")),
        amount=paid[who],
        programme=names[int(paying[who].to_numpy().argmax())],
    )
    shown = paying.head(MOST_PROGRAMMES)
    series = [(tell.word(p), [Figure("", float(x), "yuan/year") for x in shown[p]]) for p in payers]
    note = tell.word("programmes_note", n=str(MOST_PROGRAMMES)) if len(paying) > MOST_PROGRAMMES else ""
    return tell.chart("programmes_by_payer", "by_payer", title, names[:MOST_PROGRAMMES], series, note=note)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _shares(tell: Teller) -> Chart | None:
    """The county's share of each kind of money, on average and of one more yuan."""
    keys = [name.split(".")[2] for name in tell.folder.summary if name.startswith("marginal.average_share.")]
    labels, average, marginal = [], [], []
    for key in dict.fromkeys(keys):
        a, b = (tell.figure(f"marginal.{kind}.{key}.county") for kind in ("average_share", "yuan"))
        if a is not None and b is not None:
            labels.append(tell.folder.label("keys", key, tell.lang))
            average.append(a)
            marginal.append(b)
    yuan, mean = (tell.figure(f"marginal.{kind}.{DIBAO}.county") for kind in ("yuan", "average_share"))
    title = tell.say("shares_up", yuan=yuan, average=mean)
    series = [(tell.word("average"), average), (tell.word("yuan"), marginal)]
    return tell.chart("county_shares", "bars", title, labels, series)
