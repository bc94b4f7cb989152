"""What a brief says of a sweep: over which range expenditure, recipients and poverty move with its values."""

from __future__ import annotations

from microsim.report.brief.folder import Figure, Folder
from microsim.report.brief.model import Chart, Findings, Text
from microsim.report.brief.teller import Teller, drawable, sayable

# Figure -> the key of its sentence.
SAID = {
    "cost.total": "cost",
    "caseload.dibao": "caseload",
    "poverty.headcount": "poverty",
}
ROWS = (
    "cost.total",
    "cost.dibao",
    "caseload.dibao",
    "revenue_share.total",
    "poverty.headcount",
    "gini.disposable_income",
)
WORDS = {
    "title": {"en": "What the values change: {title}", "zh": "关于“{title}”不同取值的测算简报"},
    "question": {
        "en": "How do expenditure, recipients and poverty depend on {axes}?",
        "zh": "{axes}取不同值时，支出、保障人数和贫困如何变化？",
    },
    "cost": {
        "en": "Over all values, expenditure of all programmes is from {low} to {high} a year.",
        "zh": "在全部取值下，各项救助年支出为{low}至{high}。",
    },
    "caseload": {
        "en": "Dibao reaches from {low} to {high}.",
        "zh": "低保对象为{low}至{high}。",
    },
    "poverty": {
        "en": "The poverty rate after assistance is from {low} to {high}.",
        "zh": "救助后贫困发生率为{low}至{high}。",
    },
    "cost_same": {
        "en": "Expenditure of all programmes is {low} a year at every value.",
        "zh": "各种取值下各项救助年支出均为{low}。",
    },
    "caseload_same": {
        "en": "Dibao has {low} recipients at every value.",
        "zh": "各种取值下低保对象均为{low}。",
    },
    "poverty_same": {
        "en": "The poverty rate after assistance is {low} at every value.",
        "zh": "各种取值下救助后贫困发生率均为{low}。",
    },
    "table": {"en": "Least and greatest over all values", "zh": "全部取值下的最小值与最大值"},
    "least": {"en": "Least", "zh": "最小"},
    "greatest": {"en": "Greatest", "zh": "最大"},
    "note": {"en": "Rounded to what is known.", "zh": "数字按可知精度取舍。"},
    "cost_chart": {
        "en": "Expenditure is from {low} to {high} a year",
        "zh": "年支出为{low}至{high}",
    },
    "caseload_chart": {
        "en": "Dibao reaches from {low} to {high}",
        "zh": "低保对象为{low}至{high}",
    },
    "poverty_chart": {
        "en": "The poverty rate after assistance is from {low} to {high}",
        "zh": "救助后贫困发生率为{low}至{high}",
    },
}


def findings(folder: Folder, lang: str) -> Findings:
    """The answer, key table and charts of a sweep."""
    tell = Teller(folder, lang, WORDS)
    comma = "、" if lang == "zh" else ", "
    axes = comma.join(f"“{folder.parameter_words(name, lang)}”" for name in folder.manifest["units"])
    answer = sayable(*(_ends(tell, key, name) for name, key in SAID.items()))
    rows = [(folder.figure_words(name, lang), [*_of(tell, name)]) for name in ROWS]
    header = ["", tell.word("least"), tell.word("greatest")]
    table = tell.table(tell.word("table"), header, rows, tell.word("note"))
    title = tell.word("title", title=folder.title(lang))
    charts = drawable(*(_chart(tell, f"{key}_chart", name) for name, key in SAID.items()))
    return Findings(title, tell.word("question", axes=axes), answer, table, charts)


def _of(tell: Teller, name: str) -> tuple[Figure | None, Figure | None]:
    return tell.figure(f"{name}.least"), tell.figure(f"{name}.greatest")


def _ends(tell: Teller, key: str, name: str) -> Text | None:
    low, high = _of(tell, name)
    if low is not None and high is not None and high.value - low.value <= 0.0005 * abs(high.value):
        return tell.say(f"{key}_same", low=low)
    return tell.say(key, low=low, high=high)


def _chart(tell: Teller, key: str, name: str) -> Chart | None:
    """The figure over the one axis of numbers; of more, its two ends."""
    low, high = _of(tell, name)
    if low is None or high is None or low.value == high.value:
        return None
    title = tell.say(key, low=low, high=high)
    along = _along(tell, name, low.unit)
    if along is None:
        labels = [tell.word("least"), tell.word("greatest")]
        return tell.chart(key.replace("chart", "ends"), "bars", title, labels, [("", [low, high])])
    ((axis, unit),) = tell.folder.manifest["units"].items()
    places, figures = along
    named = tell.unit_behind(
        tell.folder.parameter_words(axis, tell.lang), tell.folder.unit_words(unit, tell.lang)
    )
    return tell.chart(key.replace("chart", "curve"), "lines", title, places, [("", figures)], axis=named)


def _along(tell: Teller, name: str, unit: str) -> tuple[list[str], list[Figure]] | None:
    """Places and figures along the axis; None where there are several axes or counties, or no numbers."""
    import pandas as pd

    from microsim.sweeps.reading import read_sweep

    axes = list(tell.folder.manifest["units"])
    if len(axes) != 1:
        return None
    table = read_sweep(tell.folder.path)
    measure, subject = name.split(".")
    rows = table[(table["measure"] == measure) & (table["subject"] == subject) & (table["group"] == "")]
    at = pd.to_numeric(rows[axes[0]], errors="coerce")
    if at.isna().any() or at.duplicated().any():
        return None
    rows = rows.assign(at=at).sort_values("at")
    return [f"{place:g}" for place in rows["at"]], [Figure("", float(v), unit) for v in rows["value"]]
