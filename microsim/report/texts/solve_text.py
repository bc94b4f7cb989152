"""The text that ``microsim solve`` prints."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from microsim.report.books.headings import unit_of
from microsim.report.text import in_words, number, table, wrap
from microsim.report.texts import ensemble_text
from microsim.report.words import financing_note
from microsim.units import exact

if TYPE_CHECKING:
    from microsim.scenario import Scenario
    from microsim.studies.common.crossings import Crossing
    from microsim.studies.solving.study import Solution

WORDS: dict[str, dict[str, str]] = {
    "question": {
        "en": "{scenario}: which {vary} gives {target} = {wanted}?",
        "zh": "{scenario}：{vary}取何值时，{target} = {wanted}？",
    },
    "present": {
        "en": "At present {vary} is {value}{unit}.",
        "zh": "现行{vary}为{value}{unit}。",
    },
    "meets": {"en": "meets the target", "zh": "达到目标"},
    "stretch": {"en": "meets it from here ...", "zh": "自此起达到目标"},
    "stretch_end": {"en": "... to here", "zh": "至此为止"},
    "below": {"en": "just before a jump", "zh": "跳变之前"},
    "above": {"en": "just after the jump", "zh": "跳变之后"},
    "near": {"en": "as near as one can get", "zh": "最接近目标"},
    "jump": {
        "en": "The figure jumps over the target: no value meets it exactly. Both sides of "
        "each jump are given.",
        "zh": "该指标在目标处跳变，没有恰好达到目标的取值，表中列出跳变前后两侧。",
    },
    "out": {
        "en": "Out of reach between {low} and {high}: the figure runs from {least} to {most}. Widen "
        "the search with --between, or vary something else.",
        "zh": "在{low}至{high}之间无法达到目标：该指标介于{least}与{most}之间。可用--between扩大范围，"
        "或改变其他参数。",
    },
    "still": {
        "en": "The figure is the same everywhere between {low} and {high}: nobody in this "
        "county is affected.",
        "zh": "在{low}至{high}之间该指标毫无变化：本县没有受其影响的家庭。",
    },
    "several": {
        "en": "{n} values meet the target or have it between their two sides; the first to look at is the "
        "one nearest to the present value.",
        "zh": "共有{n}处达到（或跨过）目标；宜先看离现行值最近的一处。",
    },
    "write": {
        "en": "In the scenario file, under changes:  {vary}: {value}",
        "zh": "写入方案文件的changes之下：  {vary}: {value}",
    },
    "looked": {
        "en": "Searched between {low} and {high}, {step} apart and then between; two values nearer than that "
        "to one another can have been missed. Nobody is modelled as changing behaviour.",
        "zh": "搜索范围为{low}至{high}，先按{step}的间隔逐点计算，再逐步逼近；相距小于该间隔的两个解"
        "可能遗漏。未考虑行为变化。",
    },
}
_say = partial(in_words, WORDS)


def solve_text(found: Solution, scenario: Scenario, lang: str) -> str:
    """The question, every answer, and what to know of it, at most 80 columns wide."""
    unit = _unit(found.vary_unit, lang)
    wanted = f"{amount(found.wanted)}{_unit(found.unit, lang)}"
    title, vary = scenario.title_in(lang), found.vary
    head = [_say("question", lang, scenario=title, vary=vary, target=found.target, wanted=wanted)]
    if found.present is not None:
        head.append(_say("present", lang, vary=vary, value=exact(found.present), unit=unit))
    rows = [row for one in found.crossings for row in _rows(one, lang)]
    if not rows:
        rows = [(exact(found.value), amount(found.reached), _say("near", lang))]
    header = [f"{vary}{f' ({unit.strip()})' if unit else ''}", found.target, ""]
    sections = ["\n".join(wrap(line) for line in head), table(header, rows, (0, 1))]
    sections += filter(None, [ensemble_text.solve_text(found, len(scenario.ensemble), lang)])
    sections.append("\n".join(wrap(line) for line in _notes(found, scenario, lang)))
    return "\n\n".join(sections) + "\n"


def amount(value: float) -> str:
    """A figure with as many digits as show whether it meets a target."""
    size = abs(value)
    return number(value, 2) if size >= 1000 or value == int(value) else f"{value:.8g}"


def _rows(one: Crossing, lang: str) -> list[tuple[str, str, str]]:
    low, high = one.bracket
    if one.met and low == high:
        return [(exact(one.value), amount(one.reached), _say("meets", lang))]
    keys = ("stretch", "stretch_end") if one.met else ("below", "above")
    ends = zip(one.bracket, one.sides, keys, strict=True)
    return [(exact(at), amount(figure), _say(key, lang)) for at, figure, key in ends]


def _notes(found: Solution, scenario: Scenario, lang: str) -> list[str]:
    low, high = (exact(end) for end in found.between)
    figures = [figure for _, figure in found.scan if figure == figure]
    notes = []
    if any(not one.met for one in found.crossings):
        notes.append(_say("jump", lang))
    if len(found.crossings) > 1:
        notes.append(_say("several", lang, n=len(found.crossings)))
    if found.crossings:
        notes.append(_say("write", lang, vary=found.vary, value=exact(found.value, "")))
    elif found.still:
        notes.append(_say("still", lang, low=low, high=high))
    else:
        least, most = amount(min(figures)), amount(max(figures))
        notes.append(_say("out", lang, low=low, high=high, least=least, most=most))
    notes.append(_say("looked", lang, low=low, high=high, step=f"{found.step:.4g}"))
    return notes + financing_note(scenario, lang)


def _unit(unit: str, lang: str) -> str:
    """The unit behind a number: a Chinese one without a blank, and none for a share."""
    return "" if unit == "1" else f" {unit}" if lang == "en" else unit_of(unit, lang)
