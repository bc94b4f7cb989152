"""What a brief says of a reform beside its base: cost, who bears it, recipients, winners and losers."""

from __future__ import annotations

from microsim.report.brief.folder import Figure, Folder
from microsim.report.brief.model import Chart, Findings, Text
from microsim.report.brief.teller import Teller, drawable, first, index, sayable

PAYERS = ("centre", "province", "prefecture", "county")
DECILES = tuple(f"decile_{k}" for k in range(1, 11))
WORDS = {
    "title": {"en": "What would change: {title}", "zh": "关于“{title}”政策影响的测算简报"},
    "question": {
        "en": "What would “{reform}” change against “{base}”: expenditure and who bears it, "
        "recipients, and who "
        "gains or loses?",
        "zh": "与“{base}”相比，“{reform}”对支出及其负担、保障人数和居民收入有何影响？",
    },
    "cost_up": {
        "en": "Expenditure of all programmes would rise by {by}{range} a year, from {a} to {b}.",
        "zh": "各项救助年支出增加{by}{range}，由{a}增至{b}。",
    },
    "cost_down": {
        "en": "Expenditure of all programmes would fall by {by}{range} a year, from {a} to {b}.",
        "zh": "各项救助年支出减少{by}{range}，由{a}降至{b}。",
    },
    "cost_same": {
        "en": "Expenditure of all programmes would stay as it is, at {b} a year.",
        "zh": "各项救助年支出基本不变，为{b}。",
    },
    "cost_unknown": {
        "en": "Whether expenditure would rise or fall cannot be determined: sets of assumptions that fit "
        "equally well "
        "give from {low} to {high} a year.",
        "zh": "支出增减无法判断：同样符合已知情况的各组假设给出的年变化为{low}至{high}。",
    },
    "paid_up": {
        "en": "The county itself would pay {by} more.",
        "zh": "其中县级多支出{by}。",
    },
    "paid_down": {
        "en": "The county itself would pay {by} less.",
        "zh": "其中县级少支出{by}。",
    },
    "paid_same": {
        "en": "The county itself would pay about as much as before, {b}.",
        "zh": "其中县级支出基本不变，为{b}。",
    },
    "paid_unknown": {
        "en": "Whether the county itself would pay more cannot be determined ({low} to {high}).",
        "zh": "县级支出增减无法判断（{low}至{high}）。",
    },
    "caseload_up": {
        "en": "Recipients of dibao would increase by {by}{range}, from {a} to {b}.",
        "zh": "低保对象增加{by}{range}，由{a}增至{b}。",
    },
    "caseload_down": {
        "en": "Recipients of dibao would decrease by {by}{range}, from {a} to {b}.",
        "zh": "低保对象减少{by}{range}，由{a}降至{b}。",
    },
    "caseload_same": {
        "en": "Recipients of dibao would stay as many as they are, {b}.",
        "zh": "低保对象基本不变，为{b}。",
    },
    "caseload_unknown": {
        "en": "Whether there would be more or fewer recipients of dibao cannot be determined: sets of "
        "assumptions that "
        "fit equally well give from {low} to {high}.",
        "zh": "低保对象增减无法判断：同样符合已知情况的各组假设给出的变化为{low}至{high}。",
    },
    "gain_and_lose": {
        "en": "{gainers} would gain, {gain} a year each on average; {losers} would lose, {loss} each.",
        "zh": "{gainers}受益，平均每人每年增加{gain}；{losers}受损，平均每人每年减少{loss}。",
    },
    "gain": {
        "en": "{gainers} would gain, {gain} a year each on average; nobody would lose.",
        "zh": "{gainers}受益，平均每人每年增加{gain}；无人受损。",
    },
    "lose": {
        "en": "{losers} would lose, {loss} a year each on average; nobody would gain.",
        "zh": "{losers}受损，平均每人每年减少{loss}；无人受益。",
    },
    "neither": {
        "en": "Nobody's income would change.",
        "zh": "居民收入均无变化。",
    },
    "poverty_up": {
        "en": "The poverty rate after assistance would rise from {a} to {b}.",
        "zh": "救助后贫困发生率由{a}升至{b}。",
    },
    "poverty_down": {
        "en": "The poverty rate after assistance would fall from {a} to {b}.",
        "zh": "救助后贫困发生率由{a}降至{b}。",
    },
    "poverty_same": {
        "en": "The poverty rate after assistance would stay at {b}.",
        "zh": "救助后贫困发生率仍为{b}。",
    },
    "poverty_unknown": {
        "en": "What the poverty rate after assistance would do cannot be determined.",
        "zh": "救助后贫困发生率的变化无法判断。",
    },
    "base": {"en": "Base", "zh": "基准"},
    "reform": {"en": "Reform", "zh": "改革"},
    "change": {"en": "Change", "zh": "变化"},
    "table": {"en": "Base, reform and change", "zh": "基准方案与改革方案对比"},
    "total": {"en": "All programmes, a year", "zh": "各项救助年支出合计"},
    "dibao_cost": {"en": "Dibao, a year", "zh": "低保年支出"},
    "persons": {"en": "Dibao recipients", "zh": "低保对象"},
    "per_head": {"en": "Dibao per recipient, a year", "zh": "低保人均年支出"},
    "centre": {"en": "Paid by the centre", "zh": "中央负担"},
    "province": {"en": "Paid by the province", "zh": "省级负担"},
    "prefecture": {"en": "Paid by the prefecture", "zh": "市级负担"},
    "county": {"en": "Paid by the county", "zh": "县级负担"},
    "poor": {"en": "Poverty rate after assistance", "zh": "救助后贫困发生率"},
    "gini": {"en": "Gini coefficient after assistance", "zh": "救助后基尼系数"},
    "note": {
        "en": "Rounded to what is known; changes of rates in percentage points. Poverty by the "
        "national line.",
        "zh": "数字按可知精度取舍；比率的变化为百分点；贫困按国家扶贫标准。",
    },
    "cost_chart_up": {"en": "Expenditure would rise by {by} a year", "zh": "年支出增加{by}"},
    "cost_chart_down": {"en": "Expenditure would fall by {by} a year", "zh": "年支出减少{by}"},
    "cost_chart_same": {"en": "Expenditure would stay at {b} a year", "zh": "年支出基本不变，为{b}"},
    "cost_chart_unknown": {
        "en": "Whether expenditure would rise or fall cannot be determined",
        "zh": "年支出增减无法判断",
    },
    "payers_chart": {
        "en": "The largest part of the change is borne by {who}: {by}",
        "zh": "{who}负担变化最大，为{by}",
    },
    "payer_centre": {"en": "the centre", "zh": "中央"},
    "payer_province": {"en": "the province", "zh": "省级"},
    "payer_prefecture": {"en": "the prefecture", "zh": "市级"},
    "payer_county": {"en": "the county", "zh": "县级"},
    "short_centre": {"en": "Centre", "zh": "中央"},
    "short_province": {"en": "Province", "zh": "省级"},
    "short_prefecture": {"en": "Prefecture", "zh": "市级"},
    "short_county": {"en": "County", "zh": "县级"},
    "deciles_gain": {
        "en": "Decile {k} of income gains most often: {share} of its residents",
        "zh": "按收入由低到高，第{k}十等分组受益面最大，为{share}",
    },
    "deciles_lose": {
        "en": "Decile {k} of income loses most often: {share} of its residents",
        "zh": "按收入由低到高，第{k}十等分组受损面最大，为{share}",
    },
    "gaining": {"en": "gain", "zh": "受益"},
    "losing": {"en": "lose", "zh": "受损"},
    "decile_axis": {
        "en": "Residents by income before assistance, from poorest to richest tenth",
        "zh": "按救助前收入由低到高的十等分组",
    },
    "caseload_chart_up": {"en": "Dibao recipients would increase by {by}", "zh": "低保对象增加{by}"},
    "caseload_chart_down": {"en": "Dibao recipients would decrease by {by}", "zh": "低保对象减少{by}"},
    "caseload_chart_same": {"en": "Dibao recipients would stay at {b}", "zh": "低保对象基本不变，为{b}"},
    "caseload_chart_unknown": {
        "en": "Whether there would be more or fewer recipients cannot be determined",
        "zh": "低保对象增减无法判断",
    },
    "rural": {"en": "Rural", "zh": "农村"},
    "urban": {"en": "Urban", "zh": "城市"},
    "": {"en": "County", "zh": "全县"},
}


def findings(folder: Folder, lang: str) -> Findings:
    """The answer, key table and charts of a comparison."""
    tell = Teller(folder, lang, WORDS)
    answer = sayable(
        tell.joined(_changed(tell, "cost", "cost.total"), _changed(tell, "paid", "paid.county")),
        _changed(tell, "caseload", "caseload.dibao"),
        first(_gains(tell), _changed(tell, "poverty", "poverty.headcount")),
    )
    header = ["", tell.word("base"), tell.word("reform"), tell.word("change")]
    table = tell.table(tell.word("table"), header, _rows(tell), tell.word("note"), signed=(2,))
    titles = {"reform": folder.title(lang), "base": folder.base_title(lang)}
    question = tell.word("question", **titles)
    return Findings(tell.word("title", title=titles["reform"]), question, answer, table, _charts(tell))


def _changed(tell: Teller, key: str, name: str) -> Text | None:
    change, a, b = (tell.figure(f"{side}{name}") for side in ("change.", "base.", ""))
    ranged = "" if change is None else tell.within(change)
    return tell.change(key, change, a, a=a, b=b, range=ranged)


def _gains(tell: Teller) -> Text | None:
    f = tell.figure
    gainers, losers = f("gainers.disposable_income"), f("losers.disposable_income")
    if gainers is None or losers is None:
        return None
    gain, loss = f("mean_gain.disposable_income"), f("mean_loss.disposable_income")
    key = {
        (True, True): "gain_and_lose",
        (True, False): "gain",
        (False, True): "lose",
        (False, False): "neither",
    }[gainers.value >= 1, losers.value >= 1]
    own = {"gainers": gainers, "losers": losers, "gain": gain, "loss": loss}
    return tell.say(key, **{name: one for name, one in own.items() if f"{{{name}}}" in WORDS[key]["en"]})


def _rows(tell: Teller) -> list[tuple[str, list[Figure | None]]]:
    def sides(name: str) -> list[Figure | None]:
        return [tell.figure(f"{side}{name}") for side in ("base.", "", "change.")]

    return [
        (tell.word("total"), sides("cost.total")),
        (tell.word("dibao_cost"), sides("cost.dibao")),
        (tell.word("persons"), sides("caseload.dibao")),
        (tell.word("per_head"), sides("cost_per_recipient.dibao")),
        *((tell.word(payer), sides(f"paid.{payer}")) for payer in PAYERS),
        (tell.word("poor"), sides("poverty.headcount")),
        (tell.word("gini"), [index(one) for one in sides("gini.disposable_income")]),
    ]


def _charts(tell: Teller) -> tuple[Chart, ...]:
    return drawable(
        _by_area(tell, "cost_chart", "cost.total"),
        _payers(tell),
        _by_area(tell, "caseload_chart", "caseload.dibao"),
        _deciles(tell),
    )


def _by_area(tell: Teller, key: str, name: str) -> Chart | None:
    """Base and reform in the countryside, in town and in all."""
    title = _changed(tell, key, name)
    labels, base, reform = [], [], []
    for area in ("rural", "urban", ""):
        full = f"{name}.{area}" if area else name
        a, b = tell.figure(f"base.{full}"), tell.figure(full)
        if a is not None and b is not None:
            labels.append(tell.word(area))
            base.append(a)
            reform.append(b)
    series = [(tell.word("base"), base), (tell.word("reform"), reform)]
    return tell.chart(key.replace("chart", "by_area"), "bars", title, labels, series)


def _payers(tell: Teller) -> Chart | None:
    """By how much each level of budget pays more or less."""
    found = [(p, one) for p in PAYERS if (one := tell.figure(f"change.paid.{p}")) is not None]
    found = [(p, one) for p, one in found if one.value]
    if not found:
        return None
    who, most = max(found, key=lambda pair: abs(pair[1].value))
    title = tell.say("payers_chart", who=tell.word(f"payer_{who}"), by=most)
    labels = [tell.word(f"short_{p}") for p, _ in found]
    return tell.chart("change_by_payer", "bars", title, labels, [("", [one for _, one in found])])


def _deciles(tell: Teller) -> Chart | None:
    """Shares of each tenth of residents that gain and that lose."""
    rows = []
    for decile in DECILES:
        gain, loss = (tell.figure(f"{m}_share.disposable_income.{decile}") for m in ("gaining", "losing"))
        if gain is None or loss is None:
            return None
        rows.append((gain, loss))
    most_gain = max(range(10), key=lambda k: rows[k][0].value)
    most_loss = max(range(10), key=lambda k: rows[k][1].value)
    gains_more = rows[most_gain][0].value >= rows[most_loss][1].value
    k, share = (most_gain, rows[most_gain][0]) if gains_more else (most_loss, rows[most_loss][1])
    if not share.value:
        return None
    title = tell.say("deciles_gain" if gains_more else "deciles_lose", k=str(k + 1), share=share)
    series = [
        (tell.word("gaining"), [gain for gain, _ in rows]),
        (tell.word("losing"), [loss for _, loss in rows]),
    ]
    labels = [str(number) for number in range(1, 11)]
    return tell.chart("winners_and_losers", "two_sided", title, labels, series, axis=tell.word("decile_axis"))
