"""Practice held as the law changes, and what a later law changes at once, as printed lines."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from microsim.report.text import in_words, number, percent
from microsim.scenario.practice.anchor import SEEN, TAKE_UP, Anchor

if TYPE_CHECKING:
    from microsim.scenario import Scenario
    from microsim.scenario.practice.jump import LawJump

WORDS: dict[str, dict[str, str]] = {
    "anchored": {
        "en": "Anchored to {title}: {lever} ({values}) keeps its {kept} dibao recipients under the law of "
        "{day}; the law alone would make them {without} ({change}). An assumption about practice.",
        "zh": "锚定于“{title}”：{lever}（{values}），使其低保人数在{day}的政策法规下仍为{kept}人；"
        "仅政策变动会使其变为{without}人（{change}）。这是关于执行的假设。",
    },
    "jump": {
        "en": "At once, before anything else: the law of {day} in place of that of {since}, all else equal "
        "(households and incomes of {year}), changes dibao recipients from {before} to {after} "
        "({change}). anchor: in the scenario holds them.",
        "zh": "政策变动本身：其他条件不变（{year}年住户和收入），以{day}的政策法规代替{since}的，"
        "低保人数即由{before}人变为{after}人（{change}）。方案中写明anchor可保持人数不变。",
    },
    TAKE_UP: {"en": "take-up", "zh": "申领率"},
    SEEN: {"en": "a factor on the share of incomes seen", "zh": "可核实收入比例的系数"},
    "rural": {"en": "rural {value}", "zh": "农村{value}"},
    "urban": {"en": "urban {value}", "zh": "城市{value}"},
    "comma": {"en": ", ", "zh": "，"},
}
say = partial(in_words, WORDS)


def anchor_note(scenario: Scenario, lang: str) -> list[str]:
    """The line of a header that says what practice is held; none where none is."""
    anchor, day = scenario.anchor, scenario.day
    if not isinstance(anchor, Anchor) or day <= anchor.base.day:
        return []
    held = anchor.held_on(day)
    kept, without = (sum(of.values()) for of in (held.kept, held.without))
    named = [say(a, lang, value=f"{v:.3f}") if a in WORDS else f"{a} {v:.3f}" for a, v in held.values.items()]
    return [
        say(
            "anchored",
            lang,
            title=anchor.base.title_in(lang),
            lever=say(anchor.vary, lang),
            values=say("comma", lang).join(named),
            kept=number(sum(held.reached.values())),
            day=day,
            without=number(without),
            change=_change(without / kept - 1.0),
        )
    ]


def jump_note(found: LawJump | None, lang: str) -> list[str]:
    """What the law changes at once, as a line of its own; none where there is no jump."""
    if found is None:
        return []
    before, after = (sum(of.values()) for of in (found.before, found.after))
    return [
        say(
            "jump",
            lang,
            day=found.law,
            since=found.since,
            year=found.since.year,
            before=number(before),
            after=number(after),
            change=_change(found.share),
        )
    ]


def _change(share: float) -> str:
    return f"{'+' if share > 0 else ''}{percent(share)}"
