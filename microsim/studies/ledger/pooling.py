"""A pool of one level over several counties: what each of them gets, and what is left to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from microsim.studies.financing.rules import COUNTY, Pool, Rule, Task, shared_out, split


@dataclass(frozen=True)
class Member:
    """A county of a pool: what it has to finance, how each level would pay without the pool, its index."""

    name: str
    title: Mapping[str, str]  # the county's, by language
    task: Task
    levels: Mapping[str, Rule]
    index: float


@dataclass(frozen=True)
class Pooled:
    """A pool of ``total`` yuan a year at a level for one financing key.

    The first member is the scenario's own county. Every member's part is total x n k / (sum of n k), with its
    recipients n and its index k.
    """

    key: str
    level: str
    total: float
    members: tuple[Member, ...] = field(repr=False)

    @cached_property
    def grants(self) -> dict[str, float]:
        """County -> its part of the pool, yuan a year; all parts add up to it."""
        return shared_out(self.total, {m.name: (m.task.recipients, m.index) for m in self.members})

    def levels_of(self, member: Member) -> dict[str, Rule]:
        """How each level pays for a member under the pool."""
        others = sum(m.task.recipients * m.index for m in self.members if m is not member)
        return {**member.levels, self.level: Pool(self.total, others, member.index)}

    @cached_property
    def table(self) -> pd.DataFrame:
        """Tidy, one row a county: county, recipients, expenditure, weight_per_recipient (its index), grant,
        unused, county_pays, county_without.

        ``grant``: its part of the pool; ``unused``: what of it upper levels leave nothing to pay with;
        ``county_pays``: what the county itself pays under the pool, ``county_without``: and without it. Yuan
        a year, but for recipients (persons) and the weight.
        """
        rows = []
        for member in self.members:
            under, without = split(self.levels_of(member), member.task), split(member.levels, member.task)
            grant = self.grants[member.name]
            unused = grant - under[self.level].value
            paid = under[COUNTY].value, without[COUNTY].value
            rows.append((member.name, *member.task[::-1], member.index, grant, unused, *paid))
        columns = [
            "county",
            "recipients",
            "expenditure",
            "weight_per_recipient",
            "grant",
            "unused",
            "county_pays",
        ]
        return pd.DataFrame(rows, columns=[*columns, "county_without"])


def present_total(members: Sequence[Member], level: str) -> float:
    """What a level pays to all of the counties without a pool, yuan a year."""
    paid = (split(member.levels, member.task) for member in members)
    return float(sum(levels[level].value for levels in paid if level in levels))
