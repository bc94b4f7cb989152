"""The answer that an explanation begins with: what each programme pays, and why the others do not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

from microsim.engine.reference.interpreter import Found, Interpreter
from microsim.explanation.reasons import Reason, Side, reason
from microsim.explanation.record import Paid, Unpaid
from microsim.explanation.words import CONDITIONS, members, of_member, value_text
from microsim.language import Lang

if TYPE_CHECKING:
    from microsim.explanation.words import Words
    from microsim.policy.policy import Policy


class Labels(Protocol):
    """How values and names read in the language of the explanation."""

    lang: Lang
    words: Words

    def named(self, found: Found) -> str:
        """The label of a rule, a parameter (with its categories) or a column."""

    def text(self, found: Found) -> str:
        """Its value with the unit."""

    def programme(self, name: str) -> str:
        """The label of a programme."""

    def in_unit_of(self, found: Found, value: float) -> str:
        """Another value in its unit."""


def answer(
    policy: Policy, interpreter: Interpreter, labels: Labels
) -> tuple[tuple[Paid, ...], tuple[Unpaid, ...]]:
    """What each programme pays the household; for those that pay nothing, the first condition that fails.

    A programme pays by its household rules that a sum over programmes (``collect``) adds up. Programmes with
    the same reason are together: first those that a limit keeps out, then those that a trait keeps out, and
    last those for whose benefit the household has no occasion.
    """
    paid: list[Paid] = []
    unpaid: dict[tuple[str, ...], list[str]] = {}
    ranks: dict[tuple[str, ...], int] = {}
    for programme, rules in _programmes(policy).items():
        found = [interpreter.find(name, None) for name in rules]
        given = [one for one in found if one.value]
        paid += [Paid(labels.named(one), float(one.value), labels.text(one)) for one in given]
        if not given:
            why = reason(interpreter, rules[0], None)
            text = tuple(_texts(why, interpreter, labels)) if why is not None else ()
            unpaid.setdefault(text, []).append(labels.programme(programme))
            ranks[text] = min(ranks.get(text, 2), _rank(why))
    ordered = sorted(unpaid, key=lambda text: ranks[text])
    return tuple(paid), tuple(Unpaid(tuple(unpaid[text]), text) for text in ordered)


def _rank(why: Reason | None) -> int:
    """0 for a limit, 1 for a trait, 2 where what is asked for is simply not there: no amount, no event."""
    if why is None or (why.relation != "no" and (why.right is None or why.right == Side(0.0))):
        return 2
    return 0 if why.relation in ("below", "at_most", "above", "at_least") else 1


def _programmes(policy: Policy) -> dict[str, list[str]]:
    """Programme -> the rules by which it pays."""
    sums = {rule.name for rule in policy.versions if rule.kind == "collected"}
    found: dict[str, list[str]] = {}
    for name in (name for sum_ in sorted(sums & set(policy.rules)) for name in policy.rules[sum_].arguments):
        found.setdefault(policy.rules[name].programme or name, []).append(name)
    return dict(sorted(found.items()))


def _texts(why: Reason, interpreter: Interpreter, labels: Labels) -> Iterator[str]:
    """The reason in words; where members have different ones, each with the members whose it is."""
    together: dict[str, list[int]] = {}
    for one in (why, *why.others):
        together.setdefault(_text(one, labels), []).append(one.member if one.member is not None else -1)
    for text, whose in together.items():
        everybody = len(together) == 1 or -1 in whose
        yield text if everybody else of_member(text, members(sorted(set(whose)), labels.lang), labels.lang)


def _text(why: Reason, labels: Labels) -> str:
    """``Vehicles: 1; must be at most 0 (Vehicles that a household may have)``."""
    amount_above_zero = why.relation == "above" and why.right is not None and why.right == Side(0.0)
    condition = CONDITIONS[labels.lang]["nothing" if amount_above_zero else why.relation]
    left = _named(why.left, labels)
    value = _value(why.left, why.right, labels)
    if why.right is None:
        return condition.format(left=left, value=value)
    limit = _value(why.right, why.left, labels)
    if why.right.found is not None:
        limit = CONDITIONS[labels.lang]["named"].format(value=limit, name=_named(why.right, labels))
    return condition.format(left=left, value=value, limit=limit)


def _named(side: Side, labels: Labels) -> str:
    return labels.named(side.found) if side.found is not None else CONDITIONS[labels.lang]["unnamed"]


def _value(side: Side, beside: Side | None, labels: Labels) -> str:
    """A value with its unit; one without a name of its own is in the unit of the other side."""
    if side.found is not None:
        return labels.text(side.found)
    if beside is not None and beside.found is not None and not isinstance(side.value, str | tuple | list):
        return labels.in_unit_of(beside.found, side.value)
    if isinstance(side.value, tuple | list | set | frozenset):
        comma = "、" if labels.lang == "zh" else ", "
        return comma.join(value_text(one, "", labels.lang, labels.words) for one in side.value)
    return value_text(side.value, "", labels.lang, labels.words)
