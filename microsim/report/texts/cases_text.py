"""What ``microsim test`` prints: every case that fails, and the first rule at which it goes wrong."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microsim.documents import shown
from microsim.explanation.words import value_text
from microsim.report.text import display_width, pad, wrap

if TYPE_CHECKING:
    from microsim.engine.reference.interpreter import Found
    from microsim.studies.cases.held import Verdict

_WORDS = {
    "passed": {"en": "{n} of {n} cases are as worked out by hand.", "zh": "{n}个案例均与人工核算结果一致。"},
    "failed": {
        "en": "{bad} of {n} cases differ from what was worked out by hand.",
        "zh": "{n}个案例中有{bad}个与人工核算结果不一致。",
    },
    "case": {"en": "{place}: {title}", "zh": "{place}：{title}"},
    "differs": {"en": "{what}: expected {expected}, got {got}", "zh": "{what}：应为{expected}，实为{got}"},
    "person": {"en": "{name} of person {k}", "zh": "第{k}人的{name}"},
    "first": {"en": "First rule that differs: {what}", "zh": "最先出现差异的规则：{what}"},
    "written": {"en": "written: {place}", "zh": "规则所在：{place}"},
    "law": {"en": "law: {reference}", "zh": "依据：{reference}"},
    "from": {"en": "computed from:", "zh": "计算所用数值："},
}
_MOST = 12  # differences of one case; the first of them is what counts


def cases_text(verdicts: Sequence[Verdict], lang: str) -> str:
    """Every case that differs, and how many there are."""
    bad = [verdict for verdict in verdicts if verdict.differences]
    parts = [_one(verdict, lang) for verdict in bad]
    parts.append(wrap(_say("failed" if bad else "passed", lang, n=len(verdicts), bad=len(bad))))
    return "\n\n".join(parts)


def _one(verdict: Verdict, lang: str) -> str:
    place = shown(verdict.case.document.path)
    lines = [wrap(_say("case", lang, place=place, title=verdict.case.title))]
    for one in verdict.differences[:_MOST]:
        unit = verdict.policy.rules[one.found.name].unit
        got, expected = _value(one.found.value, unit, lang), _value(one.expected, unit, lang)
        lines.append(
            wrap(_say("differs", lang, what=_name(one.found, lang), expected=expected, got=got), "  ")
        )
    more = len(verdict.differences) - _MOST
    lines += [f"  ... (+{more})"] if more > 0 else []
    first = verdict.differences[0]
    rule = verdict.policy.rules[first.found.name]
    label = rule.label.get(lang)
    what = _name(first.found, lang)
    if label:
        what += f"（{label}）" if lang == "zh" else f" ({label})"
    lines.append(wrap(_say("first", lang, what=what), "  "))
    if rule.source_file:
        written = f"{shown(Path(rule.source_file))}:{rule.source_line}"
        lines.append(wrap(_say("written", lang, place=written), "    "))
    if rule.reference:
        lines.append(wrap(_say("law", lang, reference=rule.reference), "    "))
    lines.append(f"    {_say('from', lang)}")
    # Of the same person, whose value this is, the name need not say whose.
    inputs = [
        (used.name if used.member == first.found.member else _name(used, lang), used)
        for used in first.found.inputs
    ]
    wide = max((display_width(name) for name, _ in inputs), default=0)
    for name, used in inputs:
        lines.append(f"      {pad(name, wide)}  {_value(used.value, _unit(used, verdict), lang)}")
    return "\n".join(lines)


def _unit(used: Found, verdict: Verdict) -> str:
    if used.kind == "rule":
        return verdict.policy.rules[used.name].unit
    return verdict.policy.parameters[used.name].internal_unit if used.kind == "parameter" else ""


def _name(found: Found, lang: str) -> str:
    if found.member is None:
        return found.name
    return _say("person", lang, name=found.name, k=found.member + 1)


def _value(value: Any, unit: str, lang: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"  # as a case says it
    if callable(value):  # a schedule, which has no one value
        return "f(x)"
    if isinstance(value, str):
        return value
    return value_text(value, unit, "zh" if lang == "zh" else "en", {})


def _say(key: str, lang: str, **values: object) -> str:
    return _WORDS[key][lang].format(**values)
