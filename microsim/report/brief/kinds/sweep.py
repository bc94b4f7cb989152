"""What a brief says of a sweep: over which range expenditure, recipients and poverty move with its values."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from microsim.report.brief.folder import Figure, Folder
from microsim.report.brief.model import Chart, Findings, Text
from microsim.report.brief.teller import Teller, drawable, sayable

if TYPE_CHECKING:
    import pandas as pd

MOST_COUNTIES = 12
_SEEN = 0.001  # a smaller change of a rate would not be seen in a panel
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
    "cost_counties": {
        "en": "Expenditure changes most in {most} and least in {least}, in proportion",
        "zh": "年支出变动幅度{most}最大，{least}最小",
    },
    "caseload_counties": {
        "en": "The number of dibao recipients changes most in {most} and least in {least}, in proportion",
        "zh": "低保对象变动幅度{most}最大，{least}最小",
    },
    "poverty_counties": {
        "en": "The poverty rate changes most in {most} and least in {least}",
        "zh": "贫困发生率变动{most}最大，{least}最小",
    },
    "index": {"en": "index, 100 at the lowest value", "zh": "指数，最低取值为100"},
    "counties_note": {
        "en": "The {n} counties with the largest changes.",
        "zh": "仅列变动最大的{n}个县。",
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
    """The figure over the one axis of numbers, in a panel a county; of more axes, its two ends."""
    low, high = _of(tell, name)
    if low is None or high is None or low.value == high.value:
        return None
    along = _along(tell, name)
    if along is None:
        title = tell.say(key, low=low, high=high)
        labels = [tell.word("least"), tell.word("greatest")]
        return tell.chart(key.replace("chart", "ends"), "bars", title, labels, [("", [low, high])])
    ((axis, unit),) = tell.folder.manifest["units"].items()
    named = tell.unit_behind(
        tell.folder.parameter_words(axis, tell.lang), tell.folder.unit_words(unit, tell.lang)
    )
    places = [f"{place:g}" for place in along.index]
    if along.shape[1] > 1:
        return _by_county(tell, key, along, places, low.unit, named)
    title = tell.say(key, low=low, high=high)
    figures = _figures(along.iloc[:, 0], low.unit)
    return tell.chart(key.replace("chart", "curve"), "lines", title, places, [("", figures)], axis=named)


def _by_county(
    tell: Teller, key: str, along: pd.DataFrame, places: list[str], unit: str, axis: str
) -> Chart | None:
    """A panel a county, the largest change first; where it is in proportion, as an index."""
    indexed = not key.startswith("poverty") and bool((along.iloc[0] > 0).all())
    if indexed:
        along, unit = 100 * along / along.iloc[0], "index"
    change = (along.iloc[-1] - along.iloc[0]).abs()
    if not indexed and change.max() < _SEEN:
        return None
    order = list(change.sort_values(ascending=False, kind="stable").index)
    title = tell.say(key.replace("chart", "counties"), most=str(order[0]), least=str(order[-1]))
    series = [(str(county), _figures(along[county], unit)) for county in order[:MOST_COUNTIES]]
    note = tell.word("counties_note", n=str(MOST_COUNTIES)) if len(order) > MOST_COUNTIES else ""
    name = key.replace("chart", "by_county")
    made = tell.chart(name, "multiples", title, places, series, axis=axis, note=note)
    return replace(made, unit=tell.word("index")) if indexed and made is not None else made


def _figures(values: pd.Series, unit: str) -> list[Figure]:
    return [Figure("", float(value), unit) for value in values]


def _along(tell: Teller, name: str) -> pd.DataFrame | None:
    """Values of a figure: a row a value of the axis, a column a county (or one without a name).

    None where there are several axes or no numbers on the one, where a county lacks a value, or where
    several rows have the same.
    """
    import pandas as pd

    from microsim.sweeps.reading import read_sweep

    axes = list(tell.folder.manifest["units"])
    if len(axes) != 1:
        return None
    table = read_sweep(tell.folder.path)
    measure, subject = name.split(".")
    rows = table[(table["measure"] == measure) & (table["subject"] == subject) & (table["group"] == "")]
    at = pd.to_numeric(rows[axes[0]], errors="coerce")
    counties = rows["county"].astype(str) if "counties" in tell.folder.manifest else ""
    rows = pd.DataFrame({"at": at, "county": counties, "value": rows["value"]})
    if at.isna().any() or rows.duplicated(["at", "county"]).any():
        return None
    wide = rows.pivot(index="at", columns="county", values="value").sort_index()
    return None if wide.isna().any(axis=None) or wide.empty else wide
