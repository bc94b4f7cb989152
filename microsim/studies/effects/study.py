"""Policy effects: how much of a change between two years is due to law, practice, incomes and population."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from microsim.errors import InputError, Offence, did_you_mean
from microsim.outcome import Outcome, Ranges, flat_name, in_brackets, low_and_high, worded
from microsim.scenario.economy import Economy
from microsim.studies.compare.study import SUMS
from microsim.studies.effects.mixtures import FIGURES, HABITS, Mixtures, begins
from microsim.studies.effects.prices import INCOMES, NOMINAL, Index
from microsim.studies.effects.shares import Corner, Floats, corners, extremes, shapley
from microsim.studies.ensemble.study import ranges_of

if TYPE_CHECKING:
    import pandas as pd

    from microsim.scenario import Scenario
    from microsim.scenario.model import Member

KEYS = ("measure", "subject", "group", "unit")
Key = tuple[str, str, str, str]
Progress = Callable[[str], None]


@dataclass(frozen=True, eq=False, repr=False)
class PolicyEffects(Outcome):
    """The change of each figure from a base to another year, shared out among its causes.

    ``values``: index -> mixture of the two years (the factors that are of the other) -> figures, in the order
    of ``keys``. The first index is that of ``table``; the others are shown in ``alternatives``.
    """

    mixtures: Mixtures
    indices: tuple[Index, ...]
    keys: tuple[Key, ...]
    values: Mapping[str, Mapping[Corner, Floats]]
    sets: int = 0  # of assumptions that it was taken under besides
    ranges: Ranges = field(
        default_factory=dict
    )  # over them, of changes and effects by their names in summary

    @property
    def base(self) -> Scenario:
        """The scenario of the first year."""
        return self.mixtures.base

    @property
    def other(self) -> Scenario:
        """The scenario that it is compared with."""
        return self.mixtures.other

    @property
    def index(self) -> Index:
        """How amounts of law are carried between the years in ``table``."""
        return self.indices[0]

    @property
    def factors(self) -> tuple[str, ...]:
        """In what the two differ: some of law, practice, incomes, population."""
        return self.mixtures.factors

    @cached_property
    def table(self) -> pd.DataFrame:
        """Tidy: measure, subject, group, unit, a, b, change, and a column for each factor.

        The factors add up to the change: each is the mean of what it adds over all orders (``shares.py``).
        """
        return self._table(self.index)

    @cached_property
    def alternatives(self) -> pd.DataFrame:
        """``table`` under each index: index, then its columns. The change is the same under all."""
        import pandas as pd

        return pd.concat(
            [self._table(one).assign(index=str(one)) for one in self.indices], ignore_index=True
        )[["index", *self.table.columns]]

    @cached_property
    def orders(self) -> pd.DataFrame:
        """Tidy: measure, subject, group, unit, factor, effect, least, most: over the orders of change."""
        import pandas as pd

        values = self.values[str(self.index)]
        mean, ends = shapley(values, self.factors), extremes(values, self.factors)
        rows = [
            (*key, factor, float(mean[factor][k]), float(ends[factor][0][k]), float(ends[factor][1][k]))
            for k, key in enumerate(self.keys)
            for factor in self.factors
        ]
        return pd.DataFrame(rows, columns=[*KEYS, "factor", "effect", "least", "most"])

    @cached_property
    def summary(self) -> dict[str, dict[str, Any]]:
        """``base.X``, ``X``, ``change.X`` and ``effect.<factor>.X`` of each figure X.

        Over an ensemble ``low.`` and ``high.`` of changes and effects, too.
        """
        out: dict[str, dict[str, Any]] = {}
        for row in self.table.to_dict("records"):
            name = flat_name(row["measure"], row["subject"], row["group"])
            sides = {"base.": row["a"], "": row["b"], "change.": row["change"]}
            sides |= {f"effect.{factor}.": row[factor] for factor in self.factors}
            for side, value in sides.items():
                if np.isfinite(value):
                    out[f"{side}{name}"] = {"value": float(value), "unit": row["unit"]}
        return out | low_and_high(self.ranges)

    @property
    def headline(self) -> str:
        """The change of expenditure and of dibao's caseload, and each factor's part."""
        said = []
        for name, label in (("cost.total", "expenditure"), ("caseload.dibao", "dibao recipients")):
            found = self.summary.get(f"change.{name}")
            if found is not None:
                parts = [
                    f"{factor} {worded(self.summary[f'effect.{factor}.{name}']['value'], '1')}"
                    + in_brackets(self.ranges, f"effect.{factor}.{name}")
                    for factor in self.factors
                ]
                whole = worded(found["value"], found["unit"]) + in_brackets(self.ranges, f"change.{name}")
                said.append(f"{label} {whole}" + (f" ({', '.join(parts)})" if parts else ""))
        return "; ".join([f"{self.base.name} -> {self.other.name}", *said, f"index {self.index}"])

    def _table(self, index: Index) -> pd.DataFrame:
        import pandas as pd

        values = self.values[str(index)]
        first, last = values[frozenset()], values[frozenset(self.factors)]
        table = pd.DataFrame(self.keys, columns=list(KEYS)).assign(a=first, b=last, change=last - first)
        return table.assign(**shapley(values, self.factors))


def policy_effects(
    base: Any,
    other: Any,
    *,
    index: str | float | Index = INCOMES,
    growth: Mapping[str, float] | Economy | None = None,
    practice: Sequence[str] = HABITS,
    allow_code: bool = False,
    progress: Progress = lambda text: None,
) -> PolicyEffects:
    """How much of the change from ``base`` to ``other`` is due to law, practice, incomes and population.

    Args:
        base: path of a scenario file, or a :class:`microsim.Scenario`.
        other: another, of the same county in another year or of another county (then people are a factor of
            their own).
        index: how amounts of law are carried to the other year's money, where one year's law meets the
            other's incomes: ``"incomes"`` as incomes grow (by area; for what is not set by area at the mean
            over residents), ``"nominal"`` not at all, or a growth of prices a year (``0.02``).
            ``alternatives`` has incomes and nominal beside it in any case.
        growth: growth of incomes a year between the years of two counties, as under ``economy:`` (left out:
            the national growth by area). Of one county its scenarios say it.
        practice: parameters, or beginnings of their names, that count as practice; in synthetic counties the
            share of income that the office sees counts, too. Everything else that the scenarios set is law.
        allow_code: whether the rules of a scenario's ``law_package:`` may be run.

    Every mixture of the two years is evaluated (16 for four factors), and each factor's effect is the mean of
    what it adds over all orders: exact, and adding up to the change. Poverty lines belong to incomes: they
    are those of the money that incomes are in. Where a scenario names an ensemble, ``ranges`` has the least
    and the greatest of each change and effect over its sets: of one county the same set on both sides, of two
    counties the first of one with the first of the other, and so on. Raises ``MicrosimError`` as loading and
    running do, for caps (``budget:``), a regime or index that is not known, names of practice that no
    parameter begins with, and a county with an ensemble that cannot be made anew.
    """
    from microsim.scenario import load_scenario

    chosen = Index.of(index)
    sides: list[Scenario] = [
        load_scenario(one, allow_code=allow_code) if isinstance(one, str | os.PathLike) else one
        for one in (base, other)
    ]
    for scenario in sides:
        scenario.refuse_budget("the study of policy effects")
    wanted = tuple(
        name for name in (*FIGURES, "poverty") if any(name in scenario.outputs for scenario in sides)
    )
    mixtures = Mixtures(sides[0], sides[1], Economy.of(growth), tuple(practice), wanted)
    _refuse_unknown(mixtures)
    progress("reading the county")
    indices = (chosen, *(Index(name) for name in (INCOMES, NOMINAL) if name != chosen.name))
    found, pairs, shares = _shared_out(mixtures, indices, progress), list(_pairs(mixtures)), []
    for k, pair in enumerate(pairs):
        progress(f"set {k + 1} of {len(pairs)}")
        summary = _shared_out(mixtures.under(*pair), (chosen,)).summary
        parts = [name for name in summary if name.startswith(("change.", "effect."))]
        shares.append({name: (summary[name]["value"], summary[name]["unit"]) for name in parts})
    return replace(found, sets=len(pairs), ranges=ranges_of(shares))


def _shared_out(
    mixtures: Mixtures, indices: tuple[Index, ...], progress: Progress = lambda text: None
) -> PolicyEffects:
    """The change under each index, of which the first is that of ``table``."""
    chosen, factors = indices[0], mixtures.factors
    found: dict[str, dict[Corner, dict[Key, float]]] = {str(one): {} for one in indices}
    progress("applying the law")
    for corner in corners(factors):
        crossed = ("law" in corner) != ("incomes" in corner)  # the law of one year in the money of another
        for one in indices:
            if crossed or one is chosen:
                rows = mixtures.figures(corner, one).rows
                values = {(f.measure, f.subject, f.group, f.unit): f.value for f in rows}
            found[str(one)][corner] = values
    keys = _keys(found[str(chosen)])
    arrays = {
        name: {corner: _array(values, keys) for corner, values in of.items()} for name, of in found.items()
    }
    return PolicyEffects(mixtures, indices, keys, arrays)


def _pairs(mixtures: Mixtures) -> Iterator[tuple[Member | None, Member | None]]:
    """The sets of assumptions under which the two sides are taken together."""
    sides = mixtures.base.ensemble, mixtures.other.ensemble
    if mixtures.same_county:
        sides = (sides[1] or sides[0],) * 2
    for k in range(max(map(len, sides))):
        one, two = (members[k % len(members)] if members else None for members in sides)
        yield one, two


def _keys(found: Mapping[Corner, Mapping[Key, float]]) -> tuple[Key, ...]:
    """The figures that every mixture has; sums count as zero where a law has no such programme."""
    every = list(dict.fromkeys(key for values in found.values() for key in values))
    return tuple(key for key in every if key[0] in SUMS or all(key in values for values in found.values()))


def _array(values: Mapping[Key, float], keys: Sequence[Key]) -> Floats:
    return np.array([values.get(key, 0.0) for key in keys])


def _refuse_unknown(mixtures: Mixtures) -> None:
    names = list(dict.fromkeys(name for policy in mixtures.policies for name in policy.parameters))
    known = {*names, *(name.split(".")[0] for name in names)}
    offences = [
        Offence(
            f"no parameter begins with '{habit}'",
            "practice",
            did_you_mean(habit, known) or "microsim params lists them",
        )
        for habit in mixtures.habits
        if not any(begins(name, habit) for name in names)
    ]
    if offences:
        raise InputError(offences)
