"""The law of one year in the money of another: its amounts times an index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from microsim.errors import InputError, Offence, did_you_mean
from microsim.policy.plain import is_number
from microsim.scenario.economy import EVERYWHERE
from microsim.scenario.grammar import GROWTH_RANGE
from microsim.units import is_money

if TYPE_CHECKING:
    from microsim.policy.policy import Policy

INCOMES, NOMINAL, PRICES = "incomes", "nominal", "prices"
INDICES = (INCOMES, NOMINAL)


@dataclass(frozen=True)
class Index:
    """How amounts of law are carried to another year: as ``incomes`` grow, at a rate of ``prices``, or not.

    ``rate``: growth a year, for ``prices`` alone.
    """

    name: str
    rate: float = 0.0

    @classmethod
    def of(cls, said: str | float | Index) -> Index:
        """From ``"incomes"``, ``"nominal"``, or a rate of prices a year (0.02). Raises ``InputError``."""
        if isinstance(said, Index):
            return said
        number = _number(said)
        if number is None:
            hint = did_you_mean(str(said), INDICES) or "incomes, nominal, or growth of prices a year as 0.02"
            raise InputError(Offence(f"no such index: '{said}'", "index", hint))
        if isinstance(number, str):
            return cls(number)
        low, high = GROWTH_RANGE
        if not low <= number <= high:
            message = f"prices that grow by {number:g} a year are outside {low} to {high}"
            raise InputError(Offence(message, "index", "2 % a year is 0.02"))
        return cls(PRICES, number)

    def __str__(self) -> str:
        return f"{self.name} {self.rate:g}" if self.name == PRICES else self.name


def _number(said: str | float) -> str | float | None:
    if said in INDICES:
        return str(said)
    try:
        return float(said) if not isinstance(said, bool) else None
    except (TypeError, ValueError):
        return None


def in_money(policy: Policy, factors: Mapping[str, float]) -> Policy:
    """The policy with every amount in force times a factor: by area where it is by area, else ``""``.

    Shares, ages, months and switches stay; of a schedule its amounts are multiplied, not what they are read
    off by. The policy itself where all factors are 1.
    """
    if set(factors.values()) == {1.0}:
        return policy
    changes = {}
    for name, dated in policy.values.items():
        parameter = policy.parameters[name]
        if is_money(parameter.unit) and parameter.kind not in ("boolean", "choice"):
            changes[name] = _times(dated.value, parameter.by, factors, factors[EVERYWHERE])
    return policy.reform(changes, allow_unusual=True)


def _times(value: Any, by: tuple[str, ...], factors: Mapping[str, float], factor: float) -> Any:
    """A value in the grammar of changes: a number, a schedule, or ``by`` with values nested."""
    if isinstance(value, Mapping):
        return {"by": _cells(value, by, factors, factor)}
    return _plain(value, factor)


def _cells(value: Any, by: tuple[str, ...], factors: Mapping[str, float], factor: float) -> Any:
    if not isinstance(value, Mapping):
        return _plain(value, factor)
    inner = {}
    for key, item in value.items():
        own = factors.get(key, factor) if by and by[0] == "area" else factor
        inner[key] = _cells(item, by[1:], factors, own)
    return inner


def _plain(value: Any, factor: float) -> Any:
    if is_number(value):
        return value * factor
    return [[x, y * factor] for x, y in value]
