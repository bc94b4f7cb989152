"""What is added up while the register is followed: money, recipients and moves, by month and by year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from microsim.numerics.sums import sums_by_code
from microsim.studies.common.expenditure import COUNTY, PERSONS, YUAN, with_county
from microsim.studies.common.within_year import account_over
from microsim.studies.months.register import LEAVING, STATUSES, Moves, Register
from microsim.studies.months.situation import BENEFIT, Flags, Floats, Situation

Row = tuple[int, int, str, str, str, float, str]  # year, month, measure, subject, group, value, unit
HOUSEHOLDS, MONTHS_UNIT, PERSON_MONTHS = "households", "months", "person-months"
DIBAO = "dibao"
YEAR = 0  # the month of figures of a whole year
# Measure of a year -> the sums that it is the ratio of, and its unit.
MEANS = {
    "months_to_first_payment": ("waited", "entries", MONTHS_UNIT),
    "relapse": ("relapses", "entries", "1"),
    "ended_spell": ("ended_spell", "observed_exits", MONTHS_UNIT),
}
WITHIN = 12  # months within which coming back is a relapse


@dataclass(frozen=True)
class Areas:
    """The area of each household (one group without a name where there are none), and their weights."""

    names: tuple[str, ...]
    codes: NDArray[np.intp]
    weight: Floats

    def sums(self, values: Floats | Flags) -> dict[str, float]:
        """Area (and the county) -> weighted sum, added in the order of the households."""
        return self._added(values, self.weight)

    def unweighted(self, values: Floats) -> dict[str, float]:
        """Area (and the county) -> plain sum."""
        return self._added(values, np.ones(len(values)))

    def _added(self, values: Floats | Flags, weight: Floats) -> dict[str, float]:
        sums = sums_by_code(values, weight, self.codes, len(self.names))
        return with_county(dict(zip(self.names, sums.tolist(), strict=True)))

    def total(self, values: Floats | Flags) -> float:
        """The weighted sum over all households."""
        return self.sums(values)[COUNTY]


@dataclass
class Tally:
    """Months of a register under one situation.

    Months counted in each status, household by household, and the dibao that was paid, in yuan; ``rows`` are
    the figures of the months.
    """

    year: int
    months: tuple[int, ...]
    situation: Situation
    areas: Areas
    rows: list[Row] = field(default_factory=list)
    inside: Floats = field(init=False)
    outside: Floats = field(init=False)
    leaving: list[Floats] = field(init=False)
    granted: Floats = field(init=False)
    flows: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        n = len(self.situation.weight)
        self.inside, self.outside, self.granted = np.zeros(n), np.zeros(n), np.zeros(n)
        self.leaving = [np.zeros(n) for _ in self.situation.steps]

    def pay(self, month: int, register: Register) -> None:
        """Count a month by the statuses at its beginning, with its figures."""
        now, paid, status = self.situation, register.paid(), register.status
        dibao, recipients = self.count(register)
        size = now.inside.recipients[DIBAO]
        self._add(month, "cost", DIBAO, dibao, "yuan/month")
        self._add(month, "caseload", DIBAO, recipients, PERSONS)
        self._add(month, "unpaid_need", DIBAO, np.where(now.due & ~paid, size, 0.0), PERSONS)
        self._add(month, "paid_above_line", DIBAO, np.where(paid & ~now.due, size, 0.0), PERSONS)
        for code, name in enumerate(STATUSES):
            self._add(month, "households", name, status == code, HOUSEHOLDS)

    def count(self, register: Register) -> tuple[Floats, Floats]:
        """Count a month by the statuses at its beginning: the dibao of each household in it (yuan), and its
        recipients.
        """
        stays, leaving = register.stays(), register.status == LEAVING
        self.inside += stays
        self.outside += ~register.paid()
        self.granted += np.where(stays, register.granted / 12.0, 0.0)
        if leaving.any():
            step = self.situation.step_of(register.clock)
            for k in range(len(self.leaving)):
                self.leaving[k] += leaving & (step == k)
        dibao = np.where(
            stays, register.granted, register.by_status(self.situation, lambda amounts: amounts.dibao)
        )
        recipients = register.by_status(self.situation, lambda amounts: amounts.recipients[DIBAO])
        return dibao / 12.0, recipients

    def reweight(self, month: int, register: Register, before: Floats) -> None:
        """Count by how much new weights change the households that are paid, before the month begins."""
        weight = self.situation.weight
        if not np.array_equal(weight, before):
            more = np.where(register.paid(), weight - before, 0.0)
            self._count_rows(month, "flow", "reweighting", self.areas.unweighted(more), HOUSEHOLDS)

    def move(self, month: int, moves: Moves, register: Register) -> None:
        """Count what happened in a month; ``register`` is that after it."""
        counted = {
            "entries": moves.admitted, "exits": moves.ended, "refusals": moves.refused,
            "reviewed_out": moves.reviewed_out, "returned": moves.returned,
            "gradual_exit": moves.gradual, "gradual_exit_ended": moves.left,
        }  # fmt: skip
        for name, flags in counted.items():
            self._add(month, "flow", name, flags, HOUSEHOLDS)
        back = moves.admitted & (register.gone < WITHIN)
        sums = {
            "waited": np.where(moves.admitted, register.need, 0),
            "relapses": back,
            "ended_spell": np.where(moves.ended & register.observed, register.spell, 0),
            "observed_exits": moves.ended & register.observed,
        }  # fmt: skip
        for name, values in sums.items():
            self.flows[name] = self.flows.get(name, 0.0) + self.areas.total(values)

    def totals(self) -> dict[str, dict[str, float]]:
        """Paying rule -> area -> yuan paid in the months counted, for ``Account.cost``."""
        now = self.situation
        out = {}
        for rule in now.inside.paid:
            amount = self._over(
                now.inside.paid[rule], now.outside.paid[rule], [w.paid[rule] for w in now.leaving]
            )
            if rule == BENEFIT:
                amount = amount + self.granted - now.inside.dibao * (self.inside / 12.0)
            out[rule] = {
                k: v for k, v in self.areas.sums(amount).items() if k != COUNTY or len(self.areas.names) == 1
            }
        return out

    def person_months(self, programme: str) -> dict[str, float]:
        """Area -> months in which recipients were paid, one for each person."""
        now = self.situation
        of = [w.recipients[programme] for w in now.leaving]
        return self.areas.sums(
            12.0 * self._over(now.inside.recipients[programme], now.outside.recipients[programme], of)
        )

    def _over(self, inside: Floats, outside: Floats, leaving: list[Floats]) -> Floats:
        """Yuan a year in each status, for the months spent in it."""
        amount: Floats = inside * (self.inside / 12.0) + outside * (self.outside / 12.0)
        for months, of_step in zip(self.leaving, leaving, strict=True):
            amount = amount + of_step * (months / 12.0)
        return amount

    def _add(self, month: int, measure: str, subject: str, values: Floats | Flags, unit: str) -> None:
        self._count_rows(month, measure, subject, self.areas.sums(values), unit)

    def _count_rows(
        self, month: int, measure: str, subject: str, sums: Mapping[str, float], unit: str
    ) -> None:
        for area, value in sums.items():
            self.rows.append((self.year, month, measure, subject, area, value, unit))


def areas_of(situation: Situation, names: tuple[str, ...], codes: NDArray[np.intp] | None) -> Areas:
    """The areas of a county's households; without any, all are in one group that has no name."""
    if codes is None:
        return Areas((COUNTY,), np.zeros(len(situation.weight), dtype=np.intp), situation.weight)
    return Areas(names, codes, situation.weight)


def figures_of_year(year: int, tallies: Sequence[Tally]) -> Iterator[Row]:
    """The figures of a year as a whole; ``tallies``: its stretches."""
    account = account_over(tally.situation.policy for tally in tallies)
    totals: dict[str, dict[str, float]] = {}
    for tally in tallies:
        for rule, of_area in tally.totals().items():
            _add_to(totals.setdefault(rule, {}), of_area)
    areas = {area: 0.0 for of_area in totals.values() for area in of_area}
    for subject, of_area in account.cost({**dict.fromkeys(account.outputs, areas), **totals}).items():
        for area, value in of_area.items():
            yield year, YEAR, "cost", subject, area, float(value), YUAN
    for programme in account.recipients:
        counted: dict[str, float] = {}
        for tally in tallies:
            if programme in tally.situation.account.recipients:
                _add_to(counted, tally.person_months(programme))
        for area, value in counted.items():
            yield year, YEAR, "person_months", programme, area, value, PERSON_MONTHS
    flows: dict[str, float] = {}
    moved: dict[tuple[str, str], float] = {}
    for tally in tallies:
        _add_to(flows, tally.flows)
        for _, _, measure, subject, area, value, _ in tally.rows:
            if measure == "flow":
                moved[subject, area] = moved.get((subject, area), 0.0) + value
    flows |= {subject: value for (subject, area), value in moved.items() if area == COUNTY}
    for (subject, area), value in moved.items():
        yield year, YEAR, "flow", subject, area, value, HOUSEHOLDS
    for name, (sums, count, unit) in MEANS.items():
        if flows[count] > 0.0:
            yield year, YEAR, name, DIBAO, COUNTY, flows[sums] / flows[count], unit


def _add_to(sums: dict[str, float], more: Mapping[str, float]) -> None:
    for name, value in more.items():
        sums[name] = sums.get(name, 0.0) + value
