"""The page layout of an explanation: at most 80 columns, in which a Chinese character takes two."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from microsim.explanation.record import Paid, ParameterUsed, Reckoning, Record, Step, Unpaid
from microsim.explanation.words import (
    KINDS,
    SOURCES,
    date_text,
    member,
    members,
    of_categories,
    value_text,
)
from microsim.language import Lang

WIDTH = 80
BRIEF = 15  # lines of the brief answer
_MOST_HEAD = 4  # lines of it for the household
_MOST_PAID = (5, 3, 2)  # and for benefits: as few as leave room for the names of the others
_WORDS = {
    "paid": {"en": "Paid", "zh": "享受的待遇"},
    "more_paid": {"en": "{count} other benefits", "zh": "其他{count}项"},
    "unpaid": {"en": "Not paid, and why", "zh": "未享受的待遇及原因"},
    "more_unpaid": {"en": "{count} programmes", "zh": "共{count}项"},
    "untold": {"en": "Nor: {names}", "zh": "另：{names}"},
    "more_members": {"en": "and others", "zh": "等"},
}
# A line of Chinese does not begin with these, nor end with those.
_CLOSING = "，。；：、）】》！？"
_OPENING = "（【《"


def page(explanation: Record) -> str:
    """The whole explanation as text: the answer, then every step of the computation."""
    zh = explanation.lang == "zh"
    lines = [answer_page(explanation), "", "结果" if zh else "Result"]
    lines += _table(
        [("  " * result.depth + result.label, result.text, result.step) for result in explanation.results]
    )
    lines += ["", "计算过程" if zh else "How it was computed"]
    programme = ""
    for step in explanation.steps:
        if step.programme and step.programme != programme:
            programme = step.programme
            lines += ["", programme, "-" * width(programme)]
        lines += ["", *_step(step, explanation)]
    return "\n".join(lines)


def answer_page(explanation: Record) -> str:
    """The whole answer: who lives in the household, what it is paid, and why not more."""
    lines = _head(explanation)
    if explanation.paid:
        lines += ["", *_paid(explanation.paid, explanation.lang)]
    if explanation.unpaid:
        lines += ["", _words("unpaid", explanation)]
    for unpaid in explanation.unpaid:
        lines += _unpaid(unpaid, explanation.lang)
    return "\n".join(lines)


def brief_page(explanation: Record) -> str:
    """The answer in at most ``BRIEF`` lines.

    The largest benefits, the first reasons (``answer.py`` orders them), and the names of the programmes whose
    reason has no room.
    """
    head = _head(explanation)
    if len(head) > _MOST_HEAD:
        head = [*head[: _MOST_HEAD - 1], f"  {_words('more_members', explanation)}"]
    for most in _MOST_PAID:
        paid = _largest(explanation, most)
        lines = [*head, *(["", *_paid(paid, explanation.lang)] if paid else [])]
        if not explanation.unpaid:
            return "\n".join(lines)
        lines += ["", _words("unpaid", explanation)]
        reasons = [_unpaid(unpaid, explanation.lang) for unpaid in explanation.unpaid]
        for shown in range(len(reasons), -1, -1):
            found = [*lines, *(line for one in reasons[:shown] for line in one)]
            found += _left_out(explanation.unpaid[shown:], explanation)
            if len(found) <= BRIEF:
                return "\n".join(found)
    count = sum(len(unpaid.programmes) for unpaid in explanation.unpaid)
    return "\n".join([*lines, f"  {_words('more_unpaid', explanation).format(count=count)}"])


def _largest(explanation: Record, most: int) -> tuple[Paid, ...]:
    """The largest benefits in their order, with the others as one, on at most so many lines."""
    paid = explanation.paid
    if len(paid) <= most:
        return paid
    kept = sorted(sorted(paid, key=lambda one: -one.amount)[: most - 1], key=paid.index)
    rest = [one for one in paid if one not in kept]
    amount = sum(one.amount for one in rest)
    label = _words("more_paid", explanation).format(count=len(rest))
    return (*kept, Paid(label, amount, value_text(amount, "yuan/year", explanation.lang, {})))


def _words(key: str, explanation: Record) -> str:
    return _WORDS[key][explanation.lang]


def _head(explanation: Record) -> list[str]:
    """Which household, and who lives in it."""
    zh = explanation.lang == "zh"
    lines = _wrapped(_title(explanation), "", "")
    lines.append("=" * min(max(map(width, lines)), WIDTH))
    people = [
        f"{one.number} ({', '.join(one.traits)})" if not zh else f"{one.number}（{'，'.join(one.traits)}）"
        for one in explanation.members
    ]
    return lines + _wrapped(f"成员：{'；'.join(people)}" if zh else f"Members: {'; '.join(people)}", "", "  ")


def _paid(paid: Sequence[Paid], lang: Lang) -> list[str]:
    return [_WORDS["paid"][lang], *_table([(one.label, one.text, None) for one in paid])]


def _unpaid(unpaid: Unpaid, lang: Lang) -> list[str]:
    """Programmes, and why they pay nothing."""
    zh = lang == "zh"
    names = ("、" if zh else ", ").join(unpaid.programmes)
    reasons = ("；" if zh else "; ").join(unpaid.reasons)
    text = f"{names}：{reasons}" if zh else f"{names}: {reasons}"
    return _wrapped(text if unpaid.reasons else names, "  ", "    ")


def _left_out(unpaid: Sequence[Unpaid], explanation: Record) -> list[str]:
    """The names of programmes that pay nothing."""
    names = [name for one in unpaid for name in one.programmes]
    text = _words("untold", explanation).format(
        names=("、" if explanation.lang == "zh" else ", ").join(names)
    )
    return _wrapped(text, "  ", "    ") if names else []


def _title(explanation: Record) -> str:
    number, date = explanation.household_id, explanation.date
    if explanation.lang == "zh":
        return f"第{number}户" + (f"，执行{date_text(date, 'zh')}的政策法规" if date else "")
    return f"Household {number}" + (f", under the law of {date_text(date, 'en')}" if date else "")


def _table(rows: Sequence[tuple[str, str, int | None]]) -> list[str]:
    """Labels left, values right, the step in brackets; a row too wide goes on two lines."""
    lines = []
    column = min(max((width(label) for label, _, _ in rows), default=0), 44)
    for label, value, step in rows:
        text = f"{value} [{step}]" if step else value
        gap = column - width(label)
        if gap >= 0 and 4 + column + width(text) <= WIDTH:
            lines.append(f"  {label}{' ' * gap}  {text}")
        else:
            lines += [*_wrapped(label, "  ", "    "), *_wrapped(text, "      ", "      ")]
    return lines


def _step(step: Step, explanation: Record) -> list[str]:
    lang = explanation.lang
    zh = lang == "zh"
    colon = "：" if zh else ": "
    mark = f"[{step.number}] "
    head = step.label
    only = step.reckonings[0] if len(step.reckonings) == 1 and not step.reckonings[0].members else None
    if only is not None:
        head += f"{colon}{only.text}"
    lines = _wrapped(head, mark, " " * len(mark))
    if step.description and not zh:
        lines += _wrapped(step.description, "    ", "    ")
    if step.reference:
        lines += _wrapped(f"{'依据' if zh else 'Law'}{colon}{step.reference}", "    ", "      ")
    for parameter in step.parameters:
        lines += _wrapped(_parameter(parameter, lang), "    - ", "      ")
    if only is not None:
        lines += _made_of(only, step, lang, "    ")
        if step.nothing:
            nothing = f"为零：{'、'.join(step.nothing)}" if zh else f"nothing from: {'; '.join(step.nothing)}"
            lines += _wrapped(nothing, "    ", "      ")
        return lines
    for reckoning in step.reckonings:
        lines += _wrapped(f"{_who(reckoning, explanation)}{colon}{reckoning.text}", "    ", "      ")
        lines += _made_of(reckoning, step, lang, "      ")
    return lines


def _parameter(parameter: ParameterUsed, lang: Lang) -> str:
    zh = lang == "zh"
    label = of_categories(parameter.label, parameter.categories, lang)
    parts = [f"{label}：{parameter.text}" if zh else f"{label}: {parameter.text}"]
    if parameter.since is not None:
        day = date_text(parameter.since, lang)
        parts.append(f"自{day}起" if zh else f"since {day}")
    word = SOURCES[lang].get(parameter.source, parameter.source)
    reference = "" if parameter.source == "scenario" else parameter.reference
    if word and reference:
        source = f"{word}：{reference}" if zh else f"{word}: {reference}"
    else:
        source = word or reference
    text = ("，" if zh else ", ").join(parts)
    return f"{text}{'；' if zh else '; '}{source}" if source else text


def _who(reckoning: Reckoning, explanation: Record) -> str:
    """``member 2 (age 71, parent)``, or the members who share an outcome."""
    zh = explanation.lang == "zh"
    if len(reckoning.members) > 1:
        return members([number - 1 for number in reckoning.members], explanation.lang)
    index = reckoning.members[0] - 1
    who = member(index, explanation.lang)
    traits = explanation.members[index].traits
    if not traits:
        return who
    return f"{who}（{'，'.join(traits)}）" if zh else f"{who} ({', '.join(traits)})"


def _made_of(reckoning: Reckoning, step: Step, lang: Lang, indent: str) -> list[str]:
    if not reckoning.inputs:
        return []
    zh = lang == "zh"
    equals = "：" if zh else " = "
    items = [
        f"{item.label}{equals}{item.text}" + (f" [{item.step}]" if item.step else "")
        for item in reckoning.inputs
    ]
    if step.kind == "formula":
        opening = "根据" if zh else "from"
    else:
        opening = KINDS[lang][step.kind].format(of=step.of)
    text = f"{opening}：{'；'.join(items)}" if zh else f"{opening}: {'; '.join(items)}"
    return _wrapped(text, indent, indent + "  ")


# --- lines of at most 80 columns, in which a Chinese character takes two ---


def width(text: str) -> int:
    """Columns that ``text`` takes on a terminal."""
    return sum(_width_of(character) for character in text)


def _width_of(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _wrapped(text: str, first: str, rest: str) -> list[str]:
    """``text`` on lines that begin with ``first``, then ``rest``."""
    lines: list[str] = []
    line, empty = first, True
    for piece in _pieces(text, WIDTH - max(width(first), width(rest))):
        if not empty and width(line) + width(piece.rstrip()) > WIDTH:
            lines.append(line.rstrip())
            line, empty = rest, True
        line += piece.lstrip() if empty else piece
        empty = False
    return [*lines, line.rstrip()]


def _pieces(text: str, room: int) -> list[str]:
    """Parts between which a line may end: after a space, beside a Chinese character, or at ``room``."""
    pieces = [""]
    for character in text:
        before = pieces[-1][-1:]
        wide = _width_of(character) == 2 or (before != "" and _width_of(before) == 2)
        allowed = character not in _CLOSING + " " and before not in _OPENING
        full = width(pieces[-1]) + _width_of(character) > room
        after_space = before == " " and character != "["  # the number of a step stays with its value
        if before and (after_space or (wide and allowed) or (full and character != " ")):
            pieces.append("")
        pieces[-1] += character
    return pieces
