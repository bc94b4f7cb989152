"""What no value of law can be: hard bounds, by unit unless the parameter says otherwise."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from microsim.documents.nodes import Number, Record
from microsim.units import exact, is_money

_COUNTS = ("persons", "households", "months", "years", "days", "hours", "hours/month")


@dataclass(frozen=True)
class Bounds:
    """Values from ``least`` to ``most``, both allowed, in the parameter's own unit; ``above`` is not."""

    least: float = -math.inf
    most: float = math.inf
    above: float = -math.inf

    def problem(self, name: str, value: float, unit: str) -> tuple[str, str]:
        """What is wrong with a number, and a way to fix it; two empty texts where nothing is."""
        if value < 0.0 <= max(self.least, self.above):
            return f"{value:g} is negative, and the law has no negative numbers", ""
        if value < self.least:
            return f"{name} is at least {exact(self.least)}, found {exact(value)}", ""
        if value <= self.above:
            return f"{name} must be more than {exact(self.above)}", ""
        if value > self.most:
            meant = f"{exact(value)} % is {exact(value / 100)}" if unit == "1" and value <= 100 else ""
            return f"{name} is at most {exact(self.most)}, found {exact(value)}", meant
        return "", ""


FREE = Bounds()


def bounds_of_unit(unit: str, of_law: bool) -> Bounds:
    """Bounds where a parameter states none: amounts and counts from 0, shares of a law file from 0 to 1."""
    if unit == "percent":
        return Bounds(0.0, 100.0)
    if unit == "1":
        return Bounds(0.0, 1.0) if of_law else FREE
    return Bounds(0.0) if unit in _COUNTS or is_money(unit) else FREE


_EXAMPLE = "bounds: {least: 0, most: 10}"
BOUNDS = Record(
    en="What no value can be beyond, in the parameter's unit.",
    zh="数值的硬性界限（以参数的单位计）。",
    fields={
        key: Number(en=en, zh=zh, wrong="bounds: $key is a number, not $shown", hint=_EXAMPLE, null=False)
        for key, en, zh in (
            ("least", "the least value allowed", "允许的最小值"),
            ("above", "every value is more than this", "须大于此值"),
            ("most", "the largest value allowed", "允许的最大值"),
        )
    },
    filled=True,
    unknown="unknown key '$key' of bounds",
    known=_EXAMPLE,
    wrong="'bounds' gives least, above or most",
    hint=_EXAMPLE,
    null=False,
)


def bounds_from(said: Mapping[str, float]) -> Bounds:
    """Bounds as a file states them. Raises ``ValueError`` in words where nothing lies between them."""
    made = Bounds(**{key: float(value) for key, value in said.items()})
    if max(made.least, made.above) > made.most:
        raise ValueError("bounds: there is nothing between them")
    return made
