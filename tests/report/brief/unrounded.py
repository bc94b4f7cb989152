"""Numbers read back from a text, and whether a figure is what they were rounded from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

# Longest first: 万元 before 元.
FACTORS = {
    "亿元": 1e8, "万元": 1e4, "元": 1.0, "万人": 1e4, "人": 1.0,
    "万户": 1e4, "个县": 1.0, "户": 1.0, "个百分点": 0.01,
    " billion yuan": 1e9, " million yuan": 1e6, " yuan": 1.0, " persons": 1.0, " counties": 1.0,
    " percentage points": 0.01,
    " %": 0.01, "%": 0.01,
}  # fmt: skip
NUMBER = re.compile(r"(?<![A-Za-z0-9_.,])([<>]?[−+-]?\d[\d,]*(?:\.\d+)?)(" + "|".join(FACTORS) + r")?")
# Days, years and quoted titles hold numbers that are no results.
NO_RESULT = re.compile(
    r"\d{4}年(\d+月\d+日)?|\d{1,2} [A-Z][a-z]+ \d{4}|“[^”]*”|第\d+十|[Dd]ecile \d+"
    r"|\d+(至\d+)?岁|under \d+|aged \d+ (to \d+|and over)"
    r"|\b(19|20)\d\d\b(?! (%|yuan|persons|households|million|billion))"
)


class Number(NamedTuple):
    """A number as it is written, and the size of its unit."""

    text: str
    factor: float

    def is_of(self, value: float) -> bool:
        """Whether a figure gives this number when rounded to as many digits as it has.

        Zeros at the end of a whole number may be digits or not.
        """
        digits = self.text.strip("<>−+-").replace(",", "")
        shown, size = float(digits), abs(value) / self.factor
        if self.text[0] in "<>":
            return 0 < size < shown
        if "." in digits:
            step = 10.0 ** -len(digits.split(".")[1])
        else:
            step = 10.0 ** min(len(digits) - len(digits.rstrip("0")), len(digits) - 1)
        return abs(size - shown) <= 0.5 * step * (1 + 1e-9)


def numbers_in(text: str) -> list[Number]:
    """The results that a text says."""
    found = NUMBER.findall(NO_RESULT.sub(" ", text))
    return [Number(number, FACTORS.get(unit, 1.0)) for number, unit in found]


def unfounded(text: str, values: Iterable[float]) -> list[str]:
    """The numbers of a text that come from none of the figures."""
    known = list(values)
    return [one.text for one in numbers_in(text) if not any(one.is_of(value) for value in known)]
