"""What a brief says of a solved target: the value that meets it, or between which it is jumped over."""

from __future__ import annotations

from dataclasses import replace

from microsim.report.brief import numbers
from microsim.report.brief.folder import Figure, Folder
from microsim.report.brief.model import Chart, Findings, Text
from microsim.report.brief.teller import Teller, drawable, sayable

WORDS = {
    "title": {"en": "Which value meets a target: {title}", "zh": "关于“{title}”目标反算的测算简报"},
    "question": {
        "en": "At which value of “{vary}” does “{target}” reach {wanted}?",
        "zh": "“{vary}”取何值时，“{target}”达到{wanted}？",
    },
    "met": {"en": "It does so at {value}.", "zh": "取{value}时达到。"},
    "jumps": {
        "en": "No value gives exactly this: at {value} the figure jumps from {low} to {high}.",
        "zh": "没有取值恰好达到：在{value}处由{low}跳至{high}。",
    },
    "out_of_reach": {
        "en": "No value in the range searched gives this; the nearest is {reached}, at {value}.",
        "zh": "所查范围内没有取值可达到；最接近的是{value}时的{reached}。",
    },
    "once": {
        "en": "There is one such value in the range searched.",
        "zh": "所查范围内仅此一处。",
    },
    "several": {
        "en": "There are several such values in the range searched; the next is {value}.",
        "zh": "所查范围内有多处取值，另一处为{value}。",
    },
    "table": {"en": "Target and value", "zh": "目标与取值"},
    "amount": {"en": "Amount", "zh": "数值"},
    "wanted": {"en": "Wanted", "zh": "目标值"},
    "value": {"en": "Value of the parameter", "zh": "参数取值"},
    "reached": {"en": "Reached", "zh": "达到值"},
    "note": {
        "en": "The parameter in its own unit ({unit}).",
        "zh": "参数按其自身单位（{unit}）。",
    },
    "chart": {"en": "“{target}” reaches {wanted} at {value}", "zh": "“{target}”在{value}时达到{wanted}"},
    "chart_not": {
        "en": "“{target}” does not reach {wanted} anywhere",
        "zh": "在所查范围内“{target}”均未达到{wanted}",
    },
}


def findings(folder: Folder, lang: str) -> Findings:
    """The answer, key table and chart of a solved target."""
    tell = Teller(folder, lang, WORDS)
    f = tell.figure
    vary, target = _vary(tell), folder.figure_words(str(folder.manifest["target"]), lang)
    wanted = f("solve.wanted")
    goal = "" if wanted is None else numbers.in_words(wanted, lang)
    question = tell.word("question", vary=vary, target=target, wanted=goal)
    value = _exact(f("solve.value"))
    rows = [
        (tell.word("wanted"), [wanted]),
        (tell.word("value"), [value]),
        (tell.word("reached"), [f("solve.reached")]),
    ]
    unit = "" if value is None else folder.unit_words(value.unit, lang)
    note = tell.word("note", unit=unit) if unit else ""
    table = tell.table(tell.word("table"), ["", tell.word("amount")], rows, note)
    title = tell.word("title", title=folder.title(lang))
    answer = sayable(_answer(tell, value), _how_many(tell))
    return Findings(title, question, answer, table, drawable(_chart(tell, target, vary)))


def _vary(tell: Teller) -> str:
    return tell.folder.parameter_words(str(tell.folder.manifest["vary"]), tell.lang)


def _exact(value: Figure | None) -> Figure | None:
    """A value that is to be written in a scenario is said in four digits, as the law has it."""
    return value if value is None else replace(value, digits=4)


def _answer(tell: Teller, value: Figure | None) -> Text | None:
    f = tell.figure
    if tell.folder.flag("solve.met"):
        return tell.say("met", value=value)
    if tell.folder.flag("solve.crossings"):
        return tell.say("jumps", value=value, low=f("solve.reached_below"), high=f("solve.reached_above"))
    return tell.say("out_of_reach", reached=f("solve.reached"), value=value)


def _how_many(tell: Teller) -> Text | None:
    count = tell.folder.flag("solve.crossings") or 0
    if count == 1:
        return tell.say("once")
    best = tell.figure("solve.value")
    others = [_exact(tell.figure(f"solve.crossing.{k}.value")) for k in range(1, int(count) + 1)]
    other = next((o for o in others if o is not None and best is not None and o.value != best.value), None)
    return tell.say("several", value=other)


def _chart(tell: Teller, target: str, vary: str) -> Chart | None:
    """The figure over the values that were looked at first."""
    table, wanted = tell.folder.table("solve"), tell.figure("solve.wanted")
    if table is None or wanted is None:
        return None
    scan = table[table["point"] == "scan"].sort_values("at")
    if scan["value"].isna().any():
        return None
    figures = [Figure("", float(value), wanted.unit) for value in scan["value"]]
    met = tell.folder.flag("solve.crossings")
    title = tell.say(
        "chart" if met else "chart_not",
        target=target,
        wanted=wanted,
        **({"value": _exact(tell.figure("solve.value"))} if met else {}),
    )
    labels = [f"{at:g}" for at in scan["at"]]
    goal = [replace(wanted, name="") for _ in figures]
    series = [(tell.word("wanted"), goal), ("", figures)]
    unit = tell.folder.unit_words(str(tell.folder.summary["solve.value"]["unit"]), tell.lang)
    return tell.chart("solution", "lines", title, labels, series, axis=tell.unit_behind(vary, unit))
