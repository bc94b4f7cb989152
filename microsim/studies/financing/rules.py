"""What a level of budget pays towards an expenditure: the amount, and what changes of it with one more yuan
or one more recipient.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol

# Levels in the order in which they pay; the county pays what they leave.
CENTRE = "centre"
UPPER = (CENTRE, "province", "prefecture", "township")
COUNTY = "county"
LEVELS = (CENTRE, "province", "prefecture", COUNTY, "township")


class Task(NamedTuple):
    """What is to be financed: expenditure (yuan a year) and recipients."""

    cost: float
    recipients: float


class Amount(NamedTuple):
    """Yuan a year, and how many more of them for one more yuan of expenditure or one more recipient.

    Each of the two changes alone: the expenditure of the same recipients, recipients at the same expenditure.
    """

    value: float
    per_yuan: float = 0.0
    per_recipient: float = 0.0

    def times(self, factor: float) -> Amount:
        """A share of it."""
        return Amount(self.value * factor, self.per_yuan * factor, self.per_recipient * factor)

    def plus(self, other: Amount) -> Amount:
        """Both together."""
        return Amount(*(mine + its for mine, its in zip(self, other, strict=True)))

    def less(self, other: Amount) -> Amount:
        """What ``other`` leaves of it."""
        return Amount(*(mine - its for mine, its in zip(self, other, strict=True)))


def lower(one: Amount, other: Amount) -> Amount:
    """The smaller of two amounts, with its changes (the first where they are equal)."""
    return one if one.value <= other.value else other


class Rule(Protocol):
    """How one level pays. ``rest`` is what the levels above it leave."""

    def amount(self, task: Task, rest: Amount) -> Amount:
        """What it pays."""

    def settled(self, task: Task) -> Rule:
        """The rule with its sums fixed at a task: that of the base which others are compared with."""


class _Settled:
    """A rule whose sums hang on no base."""

    def settled(self, task: Task) -> Rule:
        return self  # type: ignore[return-value]


@dataclass(frozen=True)
class Share(_Settled):
    """An open-ended share: of all expenditure, or (``of_rest``) of what upper levels leave.

    ``up_to``: a base standard, yuan a year per recipient; what is above it the setter of the standard pays.
    """

    share: float
    of_rest: bool = False
    up_to: float | None = None

    def amount(self, task: Task, rest: Amount) -> Amount:
        whole = rest if self.of_rest else Amount(task.cost, 1.0)
        if self.up_to is not None:
            whole = lower(whole, Amount(self.up_to * task.recipients, 0.0, self.up_to))
        return whole.times(self.share)


@dataclass(frozen=True)
class PerRecipient(_Settled):
    """A fixed amount per recipient, yuan a year."""

    yuan: float

    def amount(self, task: Task, rest: Amount) -> Amount:
        return Amount(self.yuan * task.recipients, 0.0, self.yuan)


@dataclass(frozen=True)
class Matching(_Settled):
    """``rate`` yuan for each yuan that the levels below pay, up to ``cap`` yuan a year."""

    rate: float
    cap: float

    def amount(self, task: Task, rest: Amount) -> Amount:
        return lower(rest.times(self.rate / (1.0 + self.rate)), Amount(self.cap))


@dataclass(frozen=True)
class Grant:
    """A lump sum: ``yuan`` a year, or so large that it is a ``share`` of the base's expenditure."""

    yuan: float | None = None
    share: float | None = None

    def amount(self, task: Task, rest: Amount) -> Amount:
        return Amount(self.yuan if self.yuan is not None else (self.share or 0.0) * task.cost)

    def settled(self, task: Task) -> Grant:
        return self if self.yuan is not None else Grant((self.share or 0.0) * task.cost)


@dataclass(frozen=True)
class Pool:
    """A fixed pool split by factors: the county gets ``total`` times its part of all weighted recipients.

    grant = total x n k / (n k + others), where n are the county's recipients (the task), k its ``index``
    (what it gets per recipient, the others' mean being 1) and ``others`` the weighted recipients of all other
    counties. Without an index, k is such that the grant is a ``share`` of the base's expenditure.
    """

    total: float
    others: float
    index: float | None = None
    share: float | None = None

    def amount(self, task: Task, rest: Amount) -> Amount:
        pool = self.settled(task)
        weight = pool.index or 0.0
        own = task.recipients * weight
        whole = own + pool.others
        if whole <= 0.0:
            return Amount(0.0)
        return Amount(pool.total * own / whole, 0.0, pool.total * weight * pool.others / whole**2)

    def settled(self, task: Task) -> Pool:
        if self.index is not None:
            return self
        grant = (self.share or 0.0) * task.cost
        possible = task.recipients > 0.0 and grant < self.total
        index = grant * self.others / (task.recipients * (self.total - grant)) if possible else 0.0
        return replace(self, index=index)


@dataclass(frozen=True)
class Increase:
    """New central money: ``total`` yuan a year for the whole country, split by weighted recipients.

    ``weight``: mean weight of the county's recipients; ``others``: the weighted recipients elsewhere. Of what
    the county gets the share ``additionality`` is spent on top of present expenditure; the rest replaces the
    county's own money, as far as there is any.
    """

    total: float
    weight: float
    others: float
    additionality: float

    def grant(self, task: Task) -> Amount:
        """What the county gets: of its recipients' part of all weighted recipients."""
        return Pool(self.total, self.others, self.weight).amount(task, Amount(0.0))

    def relief(self, task: Task, county: Amount) -> Amount:
        """The part of it that replaces what the county would pay."""
        return lower(self.grant(task).times(1.0 - self.additionality), county)


def index_of(factors: Sequence[tuple[float, float]]) -> float:
    """A county's index from factors, (weight, value with 1 for the mean of all counties): their mean."""
    return sum(weight * value for weight, value in factors)


def shared_out(total: float, members: Mapping[str, tuple[float, float]]) -> dict[str, float]:
    """What each member gets of a pool; member -> (recipients, index). The grants add up to the pool.

    Without a recipient anywhere nobody gets anything.
    """
    whole = sum(recipients * index for recipients, index in members.values())
    if whole <= 0.0:
        return dict.fromkeys(members, 0.0)
    return {name: total * recipients * index / whole for name, (recipients, index) in members.items()}


def split(levels: Mapping[str, Rule], task: Task, increase: Increase | None = None) -> dict[str, Amount]:
    """Level -> what it pays. No level pays more than the levels above leave; the county pays the rest.

    ``increase``: new central money, of which the part that replaces the county's own is counted here.
    """
    rest = Amount(task.cost, 1.0)
    out = {}
    for level in UPPER:
        if level in levels:
            out[level] = lower(levels[level].amount(task, rest), rest)
            rest = rest.less(out[level])
    if increase is None:
        return {**out, COUNTY: rest}
    relief = increase.relief(task, rest)
    return {**out, CENTRE: out.get(CENTRE, Amount(0.0)).plus(relief), COUNTY: rest.less(relief)}


def added_by(levels: Mapping[str, Rule], task: Task, increase: Increase) -> Amount:
    """The part of new central money that is spent on top of the task's expenditure."""
    return increase.grant(task).less(increase.relief(task, split(levels, task)[COUNTY]))
