"""Rationing: caps that are met one after the other, and everybody under all rules once more after each."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from microsim.errors import InputError, Offence
from microsim.scenario.budget.caps import LOWER_LINE, REFUSING, WHOLE_MONTHS, Cap
from microsim.studies.common.expenditure import account_of
from microsim.studies.common.rationing.lines import lowered, with_line
from microsim.studies.common.rationing.order import ASSESSED, kept_shares, order_of
from microsim.studies.common.rationing.rows import result_for, taken, with_split_rows
from microsim.studies.common.rationing.serving import (
    EVERYTHING,
    POSTS,
    Gated,
    areas_of,
    counted,
    programmes_of,
    served,
    without_posts,
)

if TYPE_CHECKING:
    from microsim.policy.policy import Policy
    from microsim.population import Population
    from microsim.simulation import Result

FEN = 0.005  # half of one: what is nearer than this to a cap meets it
MONTHS = 12
MOST_STEPS = 40  # evaluations in which a share that is paid is found
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Ints = NDArray[np.intp]


@dataclass(frozen=True)
class Met:
    """A cap in one area (empty: the county), and what it did.

    ``need``: what the law asks for before the cap; ``most``: the most that is served, with what upper levels
    add; ``spent``: what is. ``share``: what everybody is paid of the amount due, or by which the line is
    multiplied (1 where some are refused instead). ``cost_before``
    and ``cost_after``: expenditure of all programmes around this cap alone, in yuan a year; a cap with
    several areas has them in its first. ``binds``: whether the cap is below the need.
    """

    cap: Cap
    area: str
    need: float
    most: float
    spent: float
    share: float = 1.0
    cost_before: float = 0.0
    cost_after: float = 0.0

    @property
    def binds(self) -> bool:
        """Whether the cap is below what the law asks for."""
        return self.need > self.most + FEN


@dataclass(frozen=True, eq=False, repr=False)
class Rationing:
    """What caps do to a county.

    ``before`` is the law without caps, ``result`` with them; where nothing binds it is the same object. Of
    each row of ``result``, ``origin`` is the household of ``before`` that it is, or is a part of.
    ``refused``: name of a cap -> the rows that it leaves out; ``order``: name of a cap -> rows of ``result``,
    first to last, where it refuses some. ``caps`` are what was done, in the order of the scenario, area by
    area.
    """

    before: Result
    result: Result
    origin: Ints
    caps: tuple[Met, ...]
    refused: Mapping[str, Flags]
    order: Mapping[str, Ints]

    def before_as_now(self) -> Result:
        """The law without caps, row by row of ``result``."""
        return result_for(self.before, self.origin, self.result.population)


def ration(before: Result, caps: Sequence[Cap], outputs: Sequence[str]) -> Rationing:
    """Meet ``caps`` one after the other; ``before`` is the law without them, with ``outputs``.

    Poorest first and first come: households are served in their order until the cap is reached; the one that
    reaches it is split in two rows, so that the cap is met to the fen, and whoever comes after is refused.
    Who is refused is evaluated under all rules again. Pro rata and whole months: everybody is paid the same
    share of what is due.

    Raises ``InputError`` where ``before`` lacks what a cap needs, where an earlier cap is exceeded by what a
    later one brings about, and where no share meets a cap.
    """
    work = _Work(before, caps, outputs)
    met = [one for cap in caps for one in work.meet(cap)]
    work.refuse_exceeded(met)
    return Rationing(before, work.result, work.origin, tuple(met), work.refused, work.order)


def needed(caps: Sequence[Cap]) -> tuple[str, ...]:
    """Rules that a run must ask for besides its own where it has these caps."""
    if not caps:
        return ()
    return (ASSESSED, *(POSTS if any(cap.unit == "posts" for cap in caps) else ()))


class _Work:
    """The county as the caps met so far leave it."""

    def __init__(self, before: Result, caps: Sequence[Cap], outputs: Sequence[str]) -> None:
        self.outputs = tuple(outputs)
        self.caps = tuple(caps)
        self.policy: Policy = before.policy
        self.population: Population = before.population  # type: ignore[assignment]
        self.result = before
        self.gated: Gated | None = None
        self.ids = np.asarray(before.population.household_id)  # of each row, that of the household it is of
        self.origin: Ints = np.arange(len(self.ids))
        self.refused: dict[str, Flags] = {}
        self.order: dict[str, Ints] = {}

    def meet(self, cap: Cap) -> list[Met]:
        """Meet one cap; the areas that it names each by itself."""
        result = self.result
        amount, who = counted(cap, result), served(cap, result)
        self.refused[cap.name] = np.zeros(len(self.ids), dtype=bool)
        areas = areas_of(cap, self.population)
        found = []
        for area, inside in areas.items():
            need = float(np.sum((amount * result.population.weight)[inside]))
            most = cap.most[area] + cap.upper_levels * max(need - cap.most[area], 0.0)
            found.append(Met(cap, area, need, most, need))
        binding = {one.area: one.most for one in found if one.binds}
        if not binding:
            return found
        before = self._cost()
        where = {area: areas[area] for area in binding}
        if cap.rule in REFUSING:
            shares = dict.fromkeys(binding, 1.0)
            self._refuse(cap, amount, who, where, binding)
        elif cap.rule == LOWER_LINE:
            shares = self._lower(cap, who, where, binding)
        else:
            shares = self._share(cap, where, binding, {one.area: one.need for one in found})
        spent = self._spent(cap)
        costs = [(before, self._cost()), *((0.0, 0.0) for _ in found[1:])]
        return [
            Met(cap, one.area, one.need, one.most, spent[one.area], shares.get(one.area, 1.0), *cost)
            for one, cost in zip(found, costs, strict=True)
        ]

    def refuse_exceeded(self, met: Sequence[Met]) -> None:
        """Raise where a cap that was met is exceeded after later ones."""
        offences = []
        for cap in {one.cap.name: one.cap for one in met}.values():
            spent = self._spent(cap)
            for one in met:
                if one.cap is cap and spent[one.area] > one.most + max(FEN, 1e-9 * one.most):
                    message = f"later caps raise what {cap.name} counts to {spent[one.area]:,.2f}"
                    hint = f"its cap is {one.most:,.2f}: name {cap.name} after them under budget:"
                    offences.append(Offence(message, f"budget.{cap.name}", hint))
        if offences:
            raise InputError(offences, "the caps cannot be met in this order")

    def _refuse(
        self, cap: Cap, amount: Floats, who: Flags, where: Mapping[str, Flags], most: Mapping[str, float]
    ) -> None:
        weight = np.asarray(self.population.weight)
        order = order_of(cap, self.result, self.ids)
        kept = np.ones(len(weight))
        for area, inside in where.items():
            chosen = order[(inside & who)[order]]
            own = np.arange(len(chosen))
            kept[chosen] = kept_shares(amount[chosen], weight[chosen], own, most[area])
        parted = np.flatnonzero((kept > 0.0) & (kept < 1.0))
        refused = np.concatenate([kept == 0.0, np.ones(len(parted), dtype=bool)])
        # A part that is refused comes right behind the part that is served.
        place = np.empty(len(weight))
        place[order] = np.arange(len(weight))
        if len(parted):
            self._split(parted, kept[parted])
        self.refused[cap.name] = refused
        self.order[cap.name] = np.argsort(np.concatenate([place, place[parted] + 0.5]), kind="stable")
        if cap.unit == "posts":
            self.population = without_posts(self.population, self.result, refused)
            self._evaluate()
            return
        gated = self._gated()
        names = programmes_of(cap, account_of(self.policy))
        self.population = gated.refusing(self.population, names, refused)
        self._evaluate()

    def _share(
        self, cap: Cap, where: Mapping[str, Flags], most: Mapping[str, float], need: Mapping[str, float]
    ) -> dict[str, float]:
        """Pay everybody in each area a share: the one that meets the cap, or the most whole months."""
        gated, names = self._gated(), programmes_of(cap, account_of(self.policy))
        whole = self.population
        share = {area: most[area] / need[area] for area in where}
        if cap.rule == WHOLE_MONTHS:
            share = {area: math.floor(MONTHS * one + 1e-9) / MONTHS for area, one in share.items()}
        for _ in range(MOST_STEPS):
            of_each = np.ones(len(self.ids))
            for area, inside in where.items():
                of_each[inside] = share[area]
            self.population = gated.sharing(whole, names, of_each)
            self._evaluate()
            spent = self._spent(cap)
            if cap.rule == WHOLE_MONTHS:
                over = [area for area in where if spent[area] > most[area] + FEN]
                share |= {area: share[area] - 1.0 / MONTHS for area in over}
            else:
                over = [area for area in where if abs(spent[area] - most[area]) > FEN]
                share |= {area: share[area] * most[area] / spent[area] for area in over}
            if not over:
                return share
        message = f"no share of what is due costs {most[over[0]]:,.2f} yuan a year"
        raise InputError(Offence(message, f"budget.{cap.name}", "take rule: poorest_first"))

    def _lower(
        self, cap: Cap, who: Flags, where: Mapping[str, Flags], most: Mapping[str, float]
    ) -> dict[str, float]:
        """Multiply the dibao line of each area (or of all) by the largest share that costs no more than the
        cap. Households that are no longer served count as left out.
        """
        shares = {}
        for area, amount in most.items():
            shares[area] = lowered(self.population, self.policy, cap, area, amount)
            self.policy = with_line(self.policy, area, shares[area])
        self._evaluate()
        inside = np.logical_or.reduce(list(where.values()))
        self.refused[cap.name] = who & inside & ~served(cap, self.result)
        self.order[cap.name] = order_of(cap, self.result, self.ids)
        return shares

    def _split(self, rows: Ints, shares: Floats) -> None:
        again = np.concatenate([np.arange(len(self.ids)), rows])
        self.population = with_split_rows(self.population, rows, shares)
        self.result = result_for(self.result, again, self.population)
        self.ids, self.origin = self.ids[again], self.origin[again]
        self.refused = {name: taken(flags, again) for name, flags in self.refused.items()}
        for name, order in self.order.items():
            place = np.empty(len(order))
            place[order] = np.arange(len(order))
            self.order[name] = np.argsort(place[again], kind="stable")

    def _gated(self) -> Gated:
        """The law that can hold what the caps need, made where the first of them binds."""
        if self.gated is None:
            self.gated = Gated.of(self.policy, self.caps)
            self.policy = self.gated.policy
            self.population = self.gated.ready(self.population)
        return self.gated

    def _evaluate(self) -> None:
        from microsim.simulation import simulate

        self.result = simulate(self.population, self.policy, outputs=self.outputs, warn=False)

    def _spent(self, cap: Cap) -> dict[str, float]:
        of_each = counted(cap, self.result) * self.result.population.weight
        return {
            area: float(np.sum(of_each[inside])) for area, inside in areas_of(cap, self.population).items()
        }

    def _cost(self) -> float:
        """Expenditure of all programmes, yuan a year."""
        return float(np.sum(counted(EVERYTHING, self.result) * self.result.population.weight))
