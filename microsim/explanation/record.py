"""What an explanation holds: the members of the household, the results, and the steps that led to them."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import asdict, dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class Member:
    """A person of the household, with what distinguishes them."""

    number: int
    traits: tuple[str, ...]


@dataclass(frozen=True)
class Input:
    """One value that a rule used, or a result. ``step`` is the number of the step it comes from; None for a
    given fact. ``depth`` 1 is a part of the result above it."""

    label: str
    value: Any
    text: str
    step: int | None = None
    depth: int = 0


@dataclass(frozen=True)
class ParameterUsed:
    """One value of law that a rule used, from when it holds and where it is written."""

    name: str
    label: str
    categories: tuple[str, ...]
    value: Any
    text: str
    since: dt.date | None
    source: str
    reference: str


@dataclass(frozen=True)
class Reckoning:
    """The outcome of a rule for the household (``members`` empty) or for the members who share it."""

    members: tuple[int, ...]
    value: Any
    text: str
    inputs: tuple[Input, ...]


@dataclass(frozen=True)
class Step:
    """One rule: what it is about, where it is written, the values of law it used, and what came out for
    whom. ``nothing`` names the parts of a sum over programmes that are 0, which are not explained further."""

    number: int
    programme: str
    name: str
    kind: str
    of: str
    label: str
    unit: str
    reference: str
    description: str
    parameters: tuple[ParameterUsed, ...]
    reckonings: tuple[Reckoning, ...]
    nothing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Paid:
    """One benefit that the household gets, in yuan a year."""

    label: str
    amount: float
    text: str


@dataclass(frozen=True)
class Unpaid:
    """Programmes that pay nothing, and the first condition that fails (one for each group of members)."""

    programmes: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Record:
    """What a household gets and how it was computed."""

    household_id: int
    date: dt.date | None
    lang: Literal["en", "zh"]
    members: tuple[Member, ...]
    paid: tuple[Paid, ...]
    unpaid: tuple[Unpaid, ...]
    results: tuple[Input, ...]
    steps: tuple[Step, ...] = field(repr=False)

    def as_data(self) -> dict[str, Any]:
        """The explanation as plain data for JSON, days as text."""
        data: dict[str, Any] = plain(asdict(self))
        return data


def plain(value: Any) -> Any:
    """Data that JSON can hold: days as text, and values that are no number as null."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if isinstance(value, bool | int | float | str | None) else str(value)
