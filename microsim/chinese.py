"""Messages in Chinese: errors, warnings, help and progress.

A message is written in English where it arises, as an f-string, so that an exception carries the same text
whatever language its reader has. ``locale/zh.po`` has the Chinese of each, with the same names between
braces. When a message is shown, it is recognised by its fixed words; what was between the braces is taken
over, and translated if it is a message itself. ``tools/messages.py`` gathers the messages from the source,
and a test holds that each has its Chinese.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter

from microsim.words.of_units import unit_word

CATALOG = Path(__file__).parent / "locale" / "zh.po"
# A key before a message; a hint with another in brackets; a hint before all that is allowed.
_FORMS = (
    (re.compile(r"([\w.\[\]-]+): (.+)", re.DOTALL), "{}：{}"),
    (re.compile(r"(.+\?) \((.+)\)"), "{}（{}）"),
    (re.compile(r"(.+\?) (allowed: .+)"), "{}{}"),
)
_FEW = 10  # letters: a message with fewer of its own is meant only where single words are put in
_MANY = 12  # letters: a message with so many of its own is meant wherever they occur
# What is counted, and how much: "dibao recipients 62,297 persons".
_FIGURE = re.compile(r"(?:([A-Za-z].*?) )?(-?[\d,.]+%?)(?: ([a-z]+|yuan/[a-z]+))?( \[.+\])?")
# An amount in a text that is no message, such as a name given by a user before it.
_AMOUNT = re.compile(r"(\d[\d,.]*) (yuan/\w+)")
_NAME = re.compile(r"\w+[_.][\w.]+")  # of a rule or figure
_LISTS = (("; ", "；"), (", ", "、"))


@dataclass(frozen=True)
class Message:
    """A message with holes: the fixed words around them, the names of the holes, and the Chinese."""

    words: tuple[str, ...]
    holes: tuple[str, ...]
    chinese: str

    @property
    def weight(self) -> int:
        """How much of it is fixed: of several that fit a text the heaviest is meant."""
        return sum(map(len, self.words))

    def fills(self, text: str) -> dict[str, str] | None:
        """What fills the holes of ``text``, or None where it is not this message."""
        first, *between = self.words
        if not text.startswith(first) or not text.endswith(between[-1]):
            return None
        at, found = len(first), {}
        for k, (hole, word) in enumerate(zip(self.holes, between, strict=True), start=1):
            end = len(text) - len(word) if k == len(between) else text.find(word, at)
            if end < at:
                return None
            found[hole], at = text[at:end], end + len(word)
        if (
            self.weight < _FEW
            and not first.endswith(": ")
            and any(" " in value.strip() for value in found.values())
        ):
            return None
        return found


def chinese(text: str) -> str:
    """``text`` in Chinese; what is no message (a name, a number) stays as it is.

    >>> chinese("no household 7 in the population")
    '人口数据中没有编号为7的家庭'
    """
    if not any(letter.isalpha() for letter in text):
        return text
    whole, with_holes = _catalog()
    if text in whole:
        return whole[text]
    figure = _FIGURE.fullmatch(text)
    if figure is not None:
        label, number, unit, ends = (part or "" for part in figure.groups())
        known = unit_word(unit, "zh") != unit
        if label in whole or (known and (not label or _NAME.fullmatch(label))):
            label = whole.get(label, f"{label} " if label else "")
            return f"{label}{number}{unit_word(unit, 'zh')}{ends.strip().replace(' to ', '至')}"
    for message in with_holes:
        found = message.fills(text)
        if found is not None:
            return message.chinese.format(**{hole: chinese(value) for hole, value in found.items()})
    for form, joined in _FORMS:
        whole_form = form.fullmatch(text)
        if whole_form is not None:
            before, after = whole_form.groups()
            told_of = chinese(after)
            if told_of != after:
                return joined.format(chinese(before) if " " in before else before, told_of)
    for english, own in _LISTS:
        parts = text.split(english)
        in_chinese = [chinese(part) for part in parts] if len(parts) > 1 else parts
        if in_chinese != parts:
            return own.join(in_chinese)
    return _AMOUNT.sub(lambda found: f"{found[1]}{unit_word(found[2], 'zh')}", text)


def exactly(text: str) -> str | None:
    """The Chinese of a text that is in the catalog whole, or all but a few words of it, such as a citation.

    None for any other: names of documents and numbers of articles are not to be taken for a message.
    """
    whole, with_holes = _catalog()
    if text in whole:
        return whole[text]
    for message in with_holes:
        if message.weight < _MANY:
            return None
        if message.fills(text) is not None:
            return chinese(text)
    return None


@cache
def _catalog() -> tuple[dict[str, str], list[Message]]:
    """Messages without holes, and those with, heaviest first."""
    whole, with_holes = {}, []
    for english, own in entries(CATALOG.read_text(encoding="utf-8")):
        if not own:  # the test of the catalog lists it
            continue
        words, holes = parts_of(english)
        if holes:
            with_holes.append(Message(words, holes, own))
        else:
            whole[words[0]] = own.format()
    return whole, sorted(with_holes, key=lambda one: (-one.weight, len(one.holes)))


def parts_of(message: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The fixed words of a message and the names of its holes.

    >>> parts_of("no '{name}' in {{place}}")
    (("no '", "' in {place}"), ('name',))
    """
    words, holes = [""], []
    for literal, hole, *_ in Formatter().parse(message):
        words[-1] += literal
        if hole is not None:
            holes.append(hole)
            words.append("")
    return tuple(words), tuple(holes)


def entries(text: str) -> Iterator[tuple[str, str]]:
    """The pairs of a .po file: English, Chinese."""
    parts: dict[str, str] = {}
    key = ""
    for line in [*text.splitlines(), ""]:
        if line.startswith("#"):
            continue
        if not line:
            if parts.get("msgid"):
                yield parts["msgid"], parts["msgstr"]
            parts = {}
            continue
        key = key if line.startswith('"') else line.partition(" ")[0]
        parts[key] = parts.get(key, "") + json.loads(line.removeprefix(f"{key} "))
