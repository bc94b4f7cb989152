"""What a bare word of YAML means: the core schema of YAML 1.2, dates, and ``_`` between digits.

``no``, ``yes``, ``on`` and ``off`` are text; ``012`` is twelve; ``1e-3`` is a number;
``2021-01-01`` is a date.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable

CORE = "tag:yaml.org,2002:"  # what `!!` means
Scalar = str | int | float | bool | dt.date | None

_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INT = re.compile(r"[-+]?(?:0b[01][01_]*|0o[0-7][0-7_]*|0x[0-9a-fA-F][0-9a-fA-F_]*|[0-9][0-9_]*)")
_FLOAT = re.compile(
    r"[-+]?(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][-+]?[0-9]+)?"
    r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[Tt]|[ \t]+)([0-9]{1,2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]*)?"
    r"(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?"
)
# Numbers and dates begin with one of these: every other word is distinguished from them by its first letter.
_BEGINNINGS = frozenset("-+.0123456789")
_BASES = {"0b": 2, "0o": 8, "0x": 16}
# Whole numbers are kept in 64 bits, and identity numbers have 18 digits; what is longer is text or a slip.
_LARGEST = 2**63 - 1


def plain(text: str) -> Scalar:
    """The value of a word without quotes.

    Raises ``ValueError``, in words, for a date that no calendar has and a whole number beyond all use.

    >>> plain("no"), plain("012"), plain("1_000"), plain("1e-3"), plain("2021-01-01"), plain("~")
    ('no', 12, 1000, 0.001, datetime.date(2021, 1, 1), None)
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _BEGINNINGS:
        return text
    if _INT.fullmatch(text):
        return _whole(text)
    if _FLOAT.fullmatch(text):
        # YAML writes `.inf` and `.nan` where Python writes `inf` and `nan`.
        number = float(re.sub(r"\.(?=[in])", "", text.replace("_", "").lower()))
        if math.isinf(number) and "n" not in text.lower():
            raise ValueError(f"the number {_short(text)} is too large; the limit is 1.8e308")
        return number
    return _day(text)


def tagged(text: str, tag: str) -> Scalar:
    """The value of a word with a tag that says its type, such as ``!!str 12``.

    Raises ``ValueError``, in words, where the text is not of that type or the tag is unknown.
    """
    name = tag.removeprefix(CORE)
    # The bare `!` says: whatever it looks like, it is text.
    if name in ("str", "!"):
        return text
    if tag == name or name not in _TYPES:
        raise ValueError(unknown(tag))
    spoken, fits = _TYPES[name]
    value = plain(text)
    if not fits(value):
        raise ValueError(f"'{text}' is not {spoken}")
    return float(value) if name == "float" and isinstance(value, int) else value


def unknown(tag: str) -> str:
    """The words for a tag that means nothing here, as it is written in the file."""
    return f"unknown tag '{tag.replace(CORE, '!!', 1)}'; leave it out"


_TYPES: dict[str, tuple[str, Callable[[Scalar], bool]]] = {
    "bool": ("true or false", lambda value: isinstance(value, bool)),
    "float": ("a number", lambda value: type(value) in (int, float)),
    "int": ("a whole number", lambda value: type(value) is int),
    "null": ("empty", lambda value: value is None),
    "timestamp": ("a date", lambda value: isinstance(value, dt.date)),
}


def _whole(text: str) -> int:
    digits = text.lstrip("+-").replace("_", "")
    base = _BASES.get(digits[:2], 10)
    try:
        number = int(digits if base == 10 else digits[2:], base)
    except ValueError:  # Python reads no more than some thousand digits
        number = _LARGEST + 1
    if number > _LARGEST:
        message = f"a number of {len(digits)} digits is too long"
        raise ValueError(f"{message}; at most 18 digits are read as a number: put codes and names in quotes")
    return -number if text[0] == "-" else number


def _short(text: str) -> str:
    return text if len(text) <= 30 else f"{text[:20]}...{text[-5:]}"


def _day(text: str) -> Scalar:
    time = _TIME.fullmatch(text)
    try:
        if time:
            return dt.datetime(*map(int, time.groups()))  # type: ignore[arg-type]
        return dt.date.fromisoformat(text) if _DATE.fullmatch(text) else text
    except ValueError:
        raise ValueError(f"'{text}' is not a date; there is no such day or time") from None
