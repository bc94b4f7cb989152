"""Numbers as a brief says them: no more digits than are known, in the units of each language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from microsim.report.brief.folder import Figure

Sign = Literal["up", "down", "same", "unknown"]
DIGITS = 3  # of a computed figure: what it is computed from is hardly known better
_SAME = 0.0005  # a change of less than this share of the level would not be seen in three digits
_MONEY = ("yuan", "yuan/year")
_DECIMALS = {"1": 2, "index": 4}  # of per cent, and of a coefficient: no more are known of small ones
# (unit, language) -> from what size on, divided by what, and the word behind the number.
_WORDS: dict[tuple[str, str], tuple[tuple[float, float, str], ...]] = {
    ("money", "en"): ((1e9, 1e9, " billion yuan"), (1e6, 1e6, " million yuan"), (0.0, 1.0, " yuan")),
    ("money", "zh"): ((1e8, 1e8, "亿元"), (1e4, 1e4, "万元"), (0.0, 1.0, "元")),
    ("persons", "en"): ((0.0, 1.0, " persons"),),
    ("persons", "zh"): ((1e4, 1e4, "万人"), (0.0, 1.0, "人")),
    ("households", "en"): ((0.0, 1.0, " households"),),
    ("households", "zh"): ((1e4, 1e4, "万户"), (0.0, 1.0, "户")),
    ("counties", "en"): ((0.0, 1.0, " counties"),),
    ("counties", "zh"): ((0.0, 1.0, "个县"),),
    ("1", "en"): ((0.0, 0.01, " %"),),
    ("1", "zh"): ((0.0, 0.01, "%"),),
}
_COUNTED = ("persons", "households", "counties")  # whole
_ONE = {" persons": " person", " households": " household", " counties": " county"}
_COLUMN: dict[tuple[str, str], tuple[float, str]] = {  # in a table: divisor, and the unit in its first column
    ("money", "en"): (1e6, "million yuan"),
    ("money", "zh"): (1e4, "万元"),
    ("yuan", "en"): (1.0, "yuan"),
    ("yuan", "zh"): (1.0, "元"),
    ("persons", "en"): (1.0, "persons"),
    ("persons", "zh"): (1.0, "人"),
    ("households", "en"): (1.0, "households"),
    ("households", "zh"): (1.0, "户"),
    ("counties", "en"): (1.0, "counties"),
    ("counties", "zh"): (1.0, "个"),
    ("1", "en"): (0.01, "%"),
    ("1", "zh"): (0.01, "%"),
}


def digits_known(figure: Figure) -> int:
    """How many digits of a figure may be said: a range of a tenth of it forbids the third.

    >>> from microsim.report.brief.folder import Figure
    >>> digits_known(Figure("x", 100.0, "1")), digits_known(Figure("x", 100.0, "1", 85.0, 115.0))
    (3, 2)
    """
    if figure.digits:
        return figure.digits
    if figure.low is None or figure.high is None:
        return DIGITS
    spread = figure.high - figure.low
    size = abs(figure.value)
    return 1 if spread >= size else 2 if spread >= 0.1 * size else DIGITS


def sign(figure: Figure, level: float) -> Sign:
    """What may be said of a change: its direction, that there is none to speak of, or that it is not known.

    Not known where its range holds both signs; ``level`` is what it is a change of.
    """
    if figure.low is not None and figure.high is not None and figure.low < 0 < figure.high:
        return "unknown"
    if abs(figure.value) <= _SAME * abs(level):
        return "same"
    return "up" if figure.value > 0 else "down"


def rounded(value: float, digits: int, decimals: int = 6) -> str:
    """A number with so many digits and at most so many decimals, thousands separated; a true minus sign.

    What is not zero does not become it: a smaller number is said to be below the smallest that is shown.

    >>> rounded(62296.8, 3), rounded(0.186787, 2), rounded(-1234.0, 2), rounded(0.0, 3), rounded(9.996, 3)
    ('62,300', '0.19', '−1,200', '0', '10.0')
    >>> rounded(0.0184, 3, 2), rounded(0.003, 3, 2), rounded(-0.003, 3, 2)
    ('0.02', '<0.01', '>−0.01')
    """
    if not value:
        return "0"
    said = f"{value:.{digits - 1}e}"
    places = min(max(digits - 1 - int(said.split("e")[1]), 0), decimals)
    text = f"{float(said):,.{places}f}".replace("-", "−")
    if float(text.replace("−", "").replace(",", "")) == 0:
        least = f"{10.0**-decimals:.{decimals}f}"
        return f"<{least}" if value > 0 else f">−{least}"
    return text


def in_words(figure: Figure, lang: str, digits: int | None = None) -> str:
    """A figure with its unit as a sentence has it."""
    digits = digits_known(figure) if digits is None else digits
    return said(figure.value, figure.unit, lang, digits)


def said(value: float, unit: str, lang: str, digits: int = DIGITS) -> str:
    """A number with its unit as a sentence has it, so that rounding cannot leave its unit.

    >>> said(304858421.0, "yuan/year", "en"), said(304858421.0, "yuan/year", "zh", 2)
    ('305 million yuan', '3.0亿元')
    """
    key = _key(unit)
    if (key, lang) not in _WORDS:
        return rounded(value, digits, _DECIMALS.get(unit, 6))
    size = abs(float(f"{value:.{digits - 1}e}"))
    _, divisor, word = next(step for step in _WORDS[key, lang] if size >= step[0])
    if divisor == 1.0 and key in _COUNTED:
        if word == " counties" and not value:
            return "no county"
        whole = _whole(value, _digits_of(unit, digits))
        return f"{whole}{_ONE.get(word, word) if whole == '1' else word}"
    return f"{rounded(value / divisor, digits, _DECIMALS.get(unit, 6))}{word}"


def steps_of(unit: str, lang: str) -> tuple[tuple[tuple[float, float, str], ...], int, str]:
    """How :func:`said` writes a unit: from what size on, divided by what, with which word behind the number;
    the most decimals; the word behind a single one of what is counted in whole numbers.

    >>> steps_of("1", "en"), steps_of("persons", "en")[2]
    ((((0.0, 0.01, ' %'),), 2, ''), ' person')
    """
    key = _key(unit)
    steps = _WORDS.get((key, lang), ())
    one = _ONE.get(steps[-1][2], steps[-1][2]) if key in _COUNTED else ""
    return steps, _DECIMALS.get(unit, 6), one


def points(figure: Figure, lang: str) -> str:
    """A change of a share, in percentage points."""
    word = "个百分点" if lang == "zh" else " percentage points"
    return f"{rounded(100 * figure.value, min(digits_known(figure), 2), 2)}{word}"


def column_unit(figures: Sequence[Figure], lang: str) -> tuple[float, str]:
    """Divisor and unit of the figures of one row of a table."""
    unit = figures[0].unit if figures else ""
    key = _key(unit)
    if key == "money" and max(abs(figure.value) for figure in figures) < 1e5:
        key = "yuan"
    return _COLUMN.get((key, lang), (1.0, ""))


def cell(figure: Figure | None, divisor: float, signed: bool = False) -> str:
    """A figure in a table whose row names the unit; a dash where there is none."""
    if figure is None:
        return "—"
    digits = digits_known(figure)
    digits = _digits_of(figure.unit, digits)
    whole = divisor == 1.0 and figure.unit in _COUNTED
    decimals = _DECIMALS.get(figure.unit, 6)
    text = _whole(figure.value, digits) if whole else rounded(figure.value / divisor, digits, decimals)
    bound = "≥" if figure.at_least else ""
    return f"{bound}{'+' if signed and figure.value > 0 and text != '0' else ''}{text}"


def _digits_of(unit: str, digits: int) -> int:
    """Counties are counted, not estimated: all their digits are known."""
    return 6 if unit == "counties" else digits


def _whole(value: float, digits: int) -> str:
    """Persons are whole."""
    return rounded(round(value), max(digits, 1)).split(".")[0]


def day(date: str, lang: str) -> str:
    """A day as each language writes it.

    >>> day("2020-12-31", "zh"), day("2020-12-31", "en")
    ('2020年12月31日', '31 December 2020')
    """
    import datetime as dt

    found = dt.date.fromisoformat(date)
    return f"{found.year}年{found.month}月{found.day}日" if lang == "zh" else f"{found:%-d %B %Y}"


def _key(unit: str) -> str:
    return "money" if unit in _MONEY else unit
