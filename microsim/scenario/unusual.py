"""Values of a scenario outside the observed range: accepted, and reported unless the scenario confirms
them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from microsim.engine.policy.ranges import limits_of, numbers_in
from microsim.engine.policy.reform import SCENARIO
from microsim.units import exact

if TYPE_CHECKING:
    from microsim.engine.policy.policy import Policy


@dataclass(frozen=True)
class Unusual:
    """One changed value outside the observed range of its parameter, both in the parameter's own unit."""

    parameter: str
    cell: tuple[str, ...]
    value: float
    low: float
    high: float
    unit: str

    @property
    def name(self) -> str:
        """Dotted, with the categories: ``dibao.line.rural``."""
        return ".".join((self.parameter, *self.cell))

    def text(self, lang: Literal["en", "zh"]) -> str:
        """One sentence, with the way to confirm the value."""
        unit = "" if self.unit == "1" else f" {self.unit}"
        value, low, high = exact(self.value), exact(self.low), exact(self.high)
        if lang == "zh":
            return (
                f"{self.name} 取值 {value}{unit}，超出已知范围 {low} 至 {high}；"
                f"若确认无误，请写 unusual: [{self.parameter}]"
            )
        return (
            f"{self.name} is {value}{unit}, outside the observed range, {low} to {high}; "
            f"if this is intended, write unusual: [{self.parameter}]"
        )


def unusual_values(policy: Policy, confirmed: Collection[str] = ()) -> list[Unusual]:
    """Every changed value in force on the policy's day that lies outside the observed range on that day.

    0, which is "none", is usual; so is whatever is ``confirmed`` (names of parameters).
    """
    found = []
    for name, dated in policy.values.items():
        parameter = policy.parameters[name]
        if dated.source != SCENARIO or name in confirmed:
            continue
        seen = parameter.range_on(policy.date)
        for cell, number in numbers_in(dated.value):
            limits = limits_of(seen, cell)
            if limits and number != 0.0 and not limits[0] <= number <= limits[1]:
                found.append(Unusual(name, cell, number, *limits, parameter.unit))
    return found
