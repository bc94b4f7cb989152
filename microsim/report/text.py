"""Tables as plain text: 80 columns, no colour codes, Chinese characters counted as two columns."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

WIDTH = 80
_GAP = "  "
_CLOSING = "。，、；：）”》%"


def display_width(text: str) -> int:
    """Columns that ``text`` takes on a terminal.

    >>> display_width("dibao"), display_width("低保")
    (5, 4)
    """
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )


def pad(text: str, width: int, right: bool = False) -> str:
    """``text`` filled up with blanks to ``width`` columns."""
    blanks = " " * max(0, width - display_width(text))
    return blanks + text if right else text + blanks


def cut(text: str, width: int) -> str:
    """``text`` shortened to ``width`` columns, with an ellipsis where something is left out."""
    if display_width(text) <= width:
        return text
    kept, used = "", 0
    for character in text:
        wide = display_width(character)
        if used + wide > width - 1:
            break
        kept, used = kept + character, used + wide
    return kept + "…"


def number(value: float | None, digits: int = 0) -> str:
    """A number with thousands separators; a dash where there is none.

    >>> number(244123456.7), number(0.2408, 3), number(None)
    ('244,123,457', '0.241', '-')
    """
    if value is None or value != value:
        return "-"
    text = f"{value:,.{digits}f}"
    return text.lstrip("-") if float(text.replace(",", "")) == 0 else text


def large_sum(value: float | None, lang: str, digits: int = 1) -> str:
    """A sum of yuan in the unit that budgets use: millions in English, whole 万元 (10,000 yuan) in Chinese.

    >>> large_sum(85460000.0, "en"), large_sum(85460000.0, "zh"), large_sum(None, "zh")
    ('85.5', '8,546', '-')
    """
    if value is None:
        return number(value)
    return number(value / 1e4) if lang == "zh" else number(value / 1e6, digits)


def percent(value: float | None, digits: int = 1) -> str:
    """A share as per cent: ``0.241`` is ``24.1 %``."""
    return "-" if value is None or value != value else f"{number(value * 100, digits)} %"


def signed(value: float, digits: int | None) -> str:
    """A change with its sign, in points of per cent where ``digits`` is None; a plain 0 for none.

    >>> signed(1234.0, 0), signed(-0.0005, None), signed(0.0, 0), signed(0.004, 2)
    ('+1,234', '-0.05', '0', '+0.00')
    """
    if value != value:
        return "-"
    if value == 0.0:
        return "0"
    shown = number(abs(value) * 100, 2) if digits is None else number(abs(value), digits)
    return f"{'-' if value < 0 else '+'}{shown}"


def in_words(words: Mapping[str, Mapping[str, Any]], key: str, lang: str, **values: object) -> str:
    """The text for ``key`` of a table of words (key -> ``en``, ``zh`` -> text), with values filled in."""
    return str(words[key][lang]).format(**values)


def table(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    numeric: Sequence[int] = (),
    width: int = WIDTH,
    names: bool = False,
    whole: Sequence[int] = (),
) -> str:
    """Columns as wide as they need; the widest text column is cut where the table would pass ``width``.

    ``numeric`` are the positions of right-aligned columns, which are never cut; nor are the columns
    ``whole``. ``names``: the first column holds names that are to be typed again, so one that would be cut
    is put whole on a line of its own.
    """
    cells = [list(header), *[list(row) for row in rows]]
    widths = [max(display_width(row[i]) for row in cells) for i in range(len(header))]
    excess = sum(widths) + len(_GAP) * (len(widths) - 1) - width
    while excess > 0:
        texts = [i for i in range(len(widths)) if i not in (*numeric, *whole) and widths[i] > 8]
        if not texts:
            break
        widest = max(texts, key=lambda i: widths[i])
        widths[widest] -= 1
        excess -= 1
    lines = []
    for row in cells:
        alone = names and display_width(row[0]) > widths[0]
        if alone:
            lines.append(row[0])
        shown = ["", *row[1:]] if alone else row
        parts = [pad(cut(text, widths[i]), widths[i], i in numeric) for i, text in enumerate(shown)]
        lines.append(_GAP.join(parts).rstrip())
    rule = _GAP.join("-" * w for w in widths)
    return "\n".join([lines[0], rule, *lines[1:]])


def wrap(text: str, indent: str = "", width: int = WIDTH, rest: str | None = None) -> str:
    """Running text in lines of at most ``width`` columns; Chinese is broken anywhere, the rest at blanks.

    Lines begin with ``indent``, those after the first with ``rest`` where it is given. An option or the name
    of a file is not broken at its hyphens, so that it can be copied.
    """
    rest = indent if rest is None else rest
    if display_width(text) == len(text):
        lines = textwrap.wrap(
            text, width, initial_indent=indent, subsequent_indent=rest, break_on_hyphens=False
        )
        return "\n".join(lines) or indent.rstrip()
    lines, line = [], indent
    for piece in _pieces(text):
        if display_width(line) + display_width(piece.rstrip()) > width and line.strip():
            lines.append(line.rstrip())
            line = rest
        line += piece if line.strip() else piece.lstrip()
    return "\n".join([*lines, line.rstrip()])


def _pieces(text: str) -> list[str]:
    """Words with their blank, and single wide characters; what closes stays with what it closes."""
    pieces: list[str] = []
    for character in text:
        narrow = display_width(character) == 1
        goes_on = narrow and pieces and not pieces[-1].endswith(" ") and display_width(pieces[-1][-1]) == 1
        if goes_on or (pieces and character in _CLOSING):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces
