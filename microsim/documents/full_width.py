"""Signs of a Chinese keyboard where YAML wants those of ASCII, and letters that cannot be seen: named."""

from __future__ import annotations

import re
import unicodedata

from microsim.documents.scalars import plain

# What is called what, and what is meant by it.
_TABLE = (
    *(("colon", ": and a space", "："), ("comma", ",", "，、"), ("semicolon", "a comma", "；")),
    *(("brace", "{", "｛"), ("brace", "}", "｝"), ("bracket", "[", "［【"), ("bracket", "]", "］】")),
    *(("quote", '"', "“”「」＂"), ("quote", "'", "‘’＇"), ("number sign", "#", "＃"), ("hyphen", "-", "－")),
    ("space", "a space", "\u3000"),
)
_SIGNS = {sign: (name, meant) for name, meant, signs in _TABLE for sign in signs}
_UNSEEN = {"\u00a0": "no-break space", "\u200b": "zero-width space", "\ufeff": "byte order mark"}
_WIDE = re.compile("[" + "".join({*_SIGNS, *_UNSEEN}) + "]")
# What may hold any sign: text in quotes, and comments. An open quote ends with its line.
_QUOTED = re.compile(r"""(?:(?<=^)|(?<=[\s\[{,:]))(?:"(?:\\.|[^"\\])*"|'(?:''|[^'])*')|(?:^|(?<=\s))#.*""")
# A key and its colon, with a list's dash before it; a value that opens with a sign that opens something.
_KEY = re.compile(r"[\s\u3000\u00a0\u200b\ufeff]*(?:-\s+)*[^\s：:#，。]+(：)")
_OPENING = re.compile(r"(?:^|[:：\[{,，]|-\s)[\s\u3000]*([｛［【“‘「＂＇])")
_UNSEEN_SIGN = re.compile("[\u3000" + "".join(_UNSEEN) + "]")
_NAMES = re.compile(r"[\w.\-]+(?:\s*[，、；：]\s*[\w.\-]+)+", re.ASCII)
_WITHIN = re.compile(r"[｛［【“‘「＂＇][ -~，：、]+[｝］】”’」＂＇]")
_DASHED = re.compile(r"－\s*[A-Za-z{\[\"']")
_LONGEST, _LINES = 200, 10_000  # characters of a word, and lines of a file, that are looked at
_NARROW = str.maketrans({"。": ".", "、": ",", "“": '"', "”": '"', "‘": "'", "’": "'", "「": '"', "」": '"'})

Sign = tuple[str, int, int, str]  # what is wrong, line, column (from 1), what to write
Told = tuple[int, str, str]  # how far into a word, what is wrong, what to write


def narrow(text: str) -> str:
    """The text in the signs of ASCII where it has full-width ones."""
    return unicodedata.normalize("NFKC", text.translate(_NARROW))


def wide_word(text: str) -> list[Told]:
    """Signs of a word without quotes that YAML takes for text, and that nobody means as text.

    Those of ``２０２０－１２－３１`` (a date in other signs), ``cost，caseload`` (names with a sign between
    them), ``“../county”`` and ``【cost】`` (signs of ASCII within brackets or quotes) and ``－cost``.
    """
    if text.isascii() or len(text) > _LONGEST:
        return []
    if _NAMES.fullmatch(text) or _WITHIN.fullmatch(text) or _DASHED.match(text):
        found = [(place.start(), *_described(place.group())) for place in _WIDE.finditer(text)]
        return [(place, problem, f"{hint}, or put text in quotes") for place, problem, hint in found]
    if meant := _number(text):
        return [(0, f"'{text}' is in full-width characters", f"write {meant}, or put text in quotes")]
    return []


def wide_key(key: str, empty: bool) -> list[Told]:
    """Signs of a key without quotes that do not belong to it: ``{rural：5400}`` is a key without a value."""
    found = [(place.start(), *_described(place.group())) for place in _UNSEEN_SIGN.finditer(key)]
    colon = key.find("：")
    return [*found, (colon, *_described("："))] if empty and colon > 0 else found


def _number(text: str) -> str:
    """The numbers or dates that a text is, once its signs are those of ASCII."""
    meant = narrow(text).strip()
    try:
        values = [plain(part.strip()) for part in meant.split(",")]
    except ValueError:
        return ""
    return (
        meant
        if meant.isascii() and not any(value is None or isinstance(value, str) for value in values)
        else ""
    )


def wide_signs(text: str, until: int = 0) -> list[Sign]:
    """Signs found where a text that is no YAML wants those of ASCII, in the order of the text.

    ``until`` is the line (from 1) where reading stopped; empty where no such sign is near it, for then
    they are not the reason. Text in quotes and comments are passed over.
    """
    lines = text.split("\n")
    if until and not any(_of_line(lines, number) for number in range(max(until - 2, 0), until)):
        return []
    return [sign for number in range(min(len(lines), _LINES)) for sign in _of_line(lines, number)]


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
        (described[0], number + 1, place + 1, described[1])
        for place in sorted(found)
        for described in (_described(lines[number][place]),)
    ]


def _described(letter: str) -> tuple[str, str]:
    if letter in _UNSEEN:
        return f"a {_UNSEEN[letter]} (U+{ord(letter):04X}) is here, an invisible character", "delete it"
    name, meant = _SIGNS[letter]
    shown = f" {letter}" if letter.strip() else " (U+3000)"
    return f"there is a full-width {name}{shown} here", f"write {meant}"
