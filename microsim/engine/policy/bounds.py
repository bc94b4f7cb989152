"""What no value of law can be: hard bounds, by unit unless the parameter says otherwise."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from microsim.engine.policy.plain import is_number
from microsim.errors import did_you_mean
from microsim.units import exact, is_money

_KEYS = ("least", "above", "most")
_COUNTS = ("persons", "households", "months", "years", "days", "hours", "hours/month")


@dataclass(frozen=True)
class Bounds:
    """Values from ``least`` to ``most``, both allowed, in the parameter's own unit; ``above`` is not."""

    least: float = -math.inf
    most: float = math.inf
    above: float = -math.inf

    def problem(self, name: str, value: float, unit: str) -> tuple[str, str]:
        """What is wrong with a number, and the way out; two empty texts where nothing is."""
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


def bounds_from(given: Any) -> tuple[Bounds, str, str]:
    """Bounds as a file states them (``bounds: {least: 0, most: 10}``); what is wrong; the way out."""
    example = "bounds: {least: 0, most: 10}"
    if not isinstance(given, Mapping) or not given:
        return FREE, "'bounds' gives least, above or most", example
    for key, value in given.items():
        if key not in _KEYS:
            return FREE, f"unknown key '{key}' of bounds", did_you_mean(str(key), _KEYS) or example
        if not is_number(value):
            return FREE, f"bounds: {key} is a number, not {value!r}", example
    made = Bounds(**{key: float(value) for key, value in given.items()})
    if max(made.least, made.above) > made.most:
        return FREE, "bounds: there is nothing between them", example
    return made, "", ""
