"""Signs of a Chinese keyboard where YAML wants those of ASCII, and letters that cannot be seen: named."""

from __future__ import annotations

import re
import unicodedata

from microsim.documents.scalars import plain

# What is typed, what it is called, and what is meant.
_SIGNS = {
    **{"：": ("colon", ": and a space"), "，": ("comma", ","), "；": ("semicolon", "a comma"), "、": ("comma", ",")},
    **{"｛": ("brace", "{"), "｝": ("brace", "}"), "［": ("bracket", "["), "］": ("bracket", "]")},
    **{"【": ("bracket", "["), "】": ("bracket", "]"), "＃": ("number sign", "#"), "－": ("hyphen", "-")},
    **{"“": ("quote", '"'), "”": ("quote", '"'), "「": ("quote", '"'), "」": ("quote", '"')},
    **{"‘": ("quote", "'"), "’": ("quote", "'"), "＂": ("quote", '"'), "＇": ("quote", "'")},
    **{"\u3000": ("space", "a space")},
}  # fmt: skip
_UNSEEN = {"\u00a0": "no-break space", "\u200b": "zero-width space", "\ufeff": "byte order mark"}
_WIDE = re.compile("[" + "".join({*_SIGNS, *_UNSEEN}) + "]")
# What may hold any sign: text in quotes, and comments. An open quote ends with its line.
_QUOTED = re.compile(r"""(?:(?<=^)|(?<=[\s\[{,:]))(?:"(?:\\.|[^"\\])*"|'(?:''|[^'])*')|(?:^|(?<=\s))#.*""")
# A key and its colon, with a list's dash before it; a value that opens with a sign that opens something.
_KEY = re.compile(r"[\s\u3000\u00a0\u200b\ufeff]*(?:-\s+)*[^\s：:#，。]+(：)")
_OPENING = re.compile(r"(?:^|[:：\[{,，]|-\s)[\s\u3000]*([｛［【“‘「＂＇])")
_NARROW = str.maketrans({"。": ".", "、": ",", "“": '"', "”": '"', "‘": "'", "’": "'", "「": '"', "」": '"'})

Sign = tuple[str, int, int, str]  # what is wrong, line, column (from 1), what to write


def narrow(text: str) -> str:
    """The text in the signs of ASCII where it has full-width ones."""
    return unicodedata.normalize("NFKC", text.translate(_NARROW))


def wide_value(text: str) -> str:
    """What ``２０２０`` or ``２０２０－１２－３１`` means; empty where a word without quotes is just text."""
    if text.isascii() or len(text) > 40:
        return ""
    meant = narrow(text).strip()
    parts = meant.split(",")
    try:
        values = [plain(part.strip()) for part in parts]
    except ValueError:
        return ""
    return meant if meant.isascii() and not any(isinstance(value, str) for value in values) else ""


def wide_colon(key: str) -> list[tuple[int, tuple[str, str]]]:
    """The first full-width colon in a key that has no value: how far in it stands, and what to say."""
    place = key.find("：")
    return [] if place < 1 else [(place, _told("："))]


def wide_signs(text: str, until: int) -> list[Sign]:
    """Signs that stand where a text that is no YAML wants those of ASCII, in the order of the text.

    ``until`` is the line (from 1) where reading stopped; empty where no such sign stands near it, for then
    they are not the reason. Text in quotes and comments are passed over.
    """
    lines = text.split("\n")
    near = [sign for number in range(max(until - 2, 0), until) for sign in _of_line(lines, number)]
    if not near:
        return []
    return [sign for number in range(min(len(lines), 10_000)) for sign in _of_line(lines, number)]


def _of_line(lines: list[str], number: int) -> list[Sign]:
    if number >= len(lines) or lines[number].isascii() or len(lines[number]) > 10_000:
        return []
    line = _QUOTED.sub(lambda found: "x" * len(found.group()), lines[number])
    found = {place for place in (match.start() for match in _WIDE.finditer(line)) if line[place] in _UNSEEN}
    indent = line[: len(line) - len(line.lstrip())]
    found |= {k for k, letter in enumerate(indent) if letter == "\u3000"}
    if key := _KEY.match(line):
        found.add(key.start(1))
    opened = _OPENING.search(line)
    if opened or re.search(r"[\[{]", line):  # within brackets every sign counts
        start = opened.start(1) if opened else line.index(min(re.findall(r"[\[{]", line), key=line.index))
        found |= {match.start() for match in _WIDE.finditer(line, start)}
    return [
        (told[0], number + 1, place + 1, told[1])
        for place in sorted(found)
        for told in (_told(lines[number][place]),)
    ]


def _told(letter: str) -> tuple[str, str]:
    if letter in _UNSEEN:
        return f"a {_UNSEEN[letter]} (U+{ord(letter):04X}) stands here, which cannot be seen", "delete it"
    name, meant = _SIGNS[letter]
    shown = f" {letter}" if letter.strip() else " (U+3000)"
    return f"a full-width {name}{shown} stands here", f"write {meant}"
