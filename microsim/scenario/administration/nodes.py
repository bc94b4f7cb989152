"""What ``administration:`` of a scenario file may say."""

from __future__ import annotations

from collections.abc import Mapping

from microsim.documents.nodes import AnyOf, Choice, Node, Number, Record
from microsim.scenario.administration.figures import CHANCES, MOST_MONTHS, NEVER, REVIEWS, usual


def administration() -> Record:
    """The figures of an office, each of which may be left out."""
    return Record(
        en="How the office works, for microsim months: decisions, reviews, audits, who is spared them.",
        zh="经办情况（用于microsim months）：审核确认、复核、抽查和存量对象的过渡安排。",
        null=False,
        filled=True,
        unknown="no such figure of an office: '$key'",
        known="known: $names",
        fields=_fields,
    )


def _fields() -> Mapping[str, Node]:
    return {name: _figure(name, one["label"]) for name, one in usual().items()}


def _figure(name: str, label: Mapping[str, str]) -> Node:
    en, zh = f"{label['en']}.", f"{label['zh']}。"
    if name in CHANCES:
        return Number(en=en, zh=zh, least=0, most=1, bounds="20 % is 0.2", null=False)
    months = Number(en=en, zh=zh, least=1 if name in REVIEWS else 0, most=MOST_MONTHS, whole=True, null=False)
    if name not in REVIEWS:
        return months
    return AnyOf(
        en=en,
        zh=zh,
        options=(Choice(names=(NEVER,), null=False), months),
        wrong="$path is $shown",
        hint=f"whole months, or {NEVER}",
        null=False,
    )
