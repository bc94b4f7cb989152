"""Rows of the table of a unification study: what the totals of one path in one year say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from microsim.studies.common.expenditure import TOTAL, Account, with_county
from microsim.studies.unification.paying import Paid, Payers

if TYPE_CHECKING:
    from microsim.policy.policy import Policy

Row: TypeAlias = tuple[
    str, int, str, str, str, float, str
]  # path, year, measure, subject, group, value, unit
Figure: TypeAlias = tuple[str, str, str, float, str]  # the same without path and year
ByArea: TypeAlias = Mapping[str, float]
Totals: TypeAlias = Mapping[str, ByArea]

DIBAO = "dibao"
RURAL, URBAN = "dibao.line.rural", "dibao.line.urban"
YUAN, PERSONS, SHARE = "yuan/year", "persons", "1"


@dataclass(frozen=True)
class Held:
    """What is paid where the ratio is held: subject -> area -> cost, and who pays."""

    cost: Mapping[str, ByArea]
    paid: Paid

    @classmethod
    def of(cls, account: Account, totals: Totals, payers: Payers) -> Held:
        return cls(account.cost(totals), payers.paid(county_of(totals)))


def county_of(totals: Totals) -> dict[str, float]:
    """Rule -> total of the county."""
    return {rule: sum(by.values()) for rule, by in totals.items()}


@dataclass(frozen=True)
class Figures:
    """How totals become figures in one year; ``counting``: whether the rules of ``counted`` are in them."""

    year: int
    revenue: float
    account: Account
    payers: Payers
    held: Held
    parity: float | None
    counting: bool
    poverty: bool

    def rows(
        self,
        path: str,
        policy: Policy,
        totals: Totals,
        line_alone: Totals | None,
        standards: tuple[str, ...],
    ) -> list[Row]:
        """All rows of a path; ``line_alone``: its totals with the dibao line alone moved, None at the held
        ratio.
        """
        found = [
            *self._lines(policy, standards),
            *self._money(totals, line_alone),
            *self._payers(totals, line_alone is None),
            *self._support(totals),
            *(self._people(totals) if self.counting else ()),
        ]
        return [(path, self.year, *figure) for figure in found]

    def _lines(self, policy: Policy, standards: tuple[str, ...]) -> Iterator[Figure]:
        rural, urban = policy.amount(RURAL), policy.amount(URBAN)
        yield "line", DIBAO, "rural", rural, YUAN
        yield "line", DIBAO, "urban", urban, YUAN
        yield "line_ratio", DIBAO, "", rural / urban, SHARE
        yield "line_gap", DIBAO, "", urban - rural, YUAN
        if self.parity is not None:
            yield "line_ratio_real", DIBAO, "", rural / self.parity / urban, SHARE
            yield "line_gap_real", DIBAO, "", urban - rural / self.parity, YUAN
        for name in standards:
            stem = name.rpartition(".")[0]
            here, town = policy.amount(name), policy.amount(f"{stem}.urban")
            unit = policy.parameters[stem].internal_unit
            yield "standard", stem, name.rpartition(".")[2], here, unit
            yield "standard", stem, "urban", town, unit
            if town:
                yield "standard_ratio", stem, "", here / town, SHARE

    def _money(self, totals: Totals, line_alone: Totals | None) -> Iterator[Figure]:
        residents = with_county(totals["household_size"])
        for name, recipients in self.account.caseload(totals).items():
            for group, persons in recipients.items():
                yield "caseload", name, group, persons, PERSONS
                if residents[group]:
                    yield "resident_share", name, group, persons / residents[group], SHARE
        held = self.held.cost
        for name, by_group in self.account.cost(totals).items():
            for group, amount in by_group.items():
                yield "cost", name, group, amount, YUAN
                yield "revenue_share", name, group, amount / self.revenue, SHARE
                if line_alone is not None:
                    yield "extra_cost", name, group, amount - held[name][group], YUAN
        if line_alone is not None:
            yield from self._automatic(line_alone)
        yield "revenue", "general_public_budget", "", self.revenue, YUAN

    def _automatic(self, totals: Totals) -> Iterator[Figure]:
        """Extra cost of programmes other than dibao that comes with its line alone."""
        programmes = list(dict.fromkeys(p.programme for p in self.account.payments if p.counts))
        cost, sums = self.account.cost(totals), dict.fromkeys(self.held.cost[TOTAL], 0.0)
        for name in programmes:
            if name == DIBAO:
                continue
            for group, amount in cost[name].items():
                more = amount - self.held.cost[name][group]
                sums[group] += more
                yield "automatic_cost", name, group, more, YUAN
        for group, amount in sums.items():
            yield "automatic_cost", TOTAL, group, amount, YUAN

    def _payers(self, totals: Totals, is_held: bool) -> Iterator[Figure]:
        paid, held = self.payers.paid(county_of(totals)), self.held.paid
        for payer, amount in paid.payers.items():
            yield "paid", payer, "", amount, YUAN
            if not is_held:
                yield "extra_paid", payer, "", amount - held.payers.get(payer, 0.0), YUAN
        yield "paid_revenue_share", "county", "", paid.county / self.revenue, SHARE
        if not is_held:
            more = paid.county - held.county
            yield "extra_paid_revenue_share", "county", "", more / self.revenue, SHARE
        yield "county_share", "average", "", paid.average, SHARE
        if paid.marginal is not None:
            yield "county_share", "marginal", "", paid.marginal[0], SHARE
            yield "county_cost_per_recipient", DIBAO, "", paid.marginal[1], YUAN

    def _support(self, totals: Totals) -> Iterator[Figure]:
        """Dibao per recipient in town and country, nominal and at urban prices."""
        people = self.account.caseload(totals).get(DIBAO, {})
        cost = self.account.cost(totals).get(DIBAO, {})
        mean = {group: cost[group] / people[group] for group in people if people[group]}
        for group, amount in mean.items():
            yield "benefit", DIBAO, group, amount, YUAN
        if "rural" in mean and mean.get("urban"):
            yield "benefit_ratio", DIBAO, "", mean["rural"] / mean["urban"], SHARE
            if self.parity is not None:
                real = mean["rural"] / self.parity / mean["urban"]
                yield "benefit_ratio_real", DIBAO, "", real, SHARE

    def _people(self, totals: Totals) -> Iterator[Figure]:
        """Poverty after benefits, and rural recipients who overtake urban ones."""
        residents = with_county(totals["household_size"])
        measures = [("poverty_urban_line", "headcount", "counted_below_urban")]
        if self.poverty:
            measures = [
                ("poverty", "headcount", "counted_poor"),
                ("poverty", "gap", "counted_gap"),
                *measures,
            ]
        for measure, subject, rule in measures:
            for group, persons in with_county(totals[rule]).items():
                if residents[group]:
                    yield measure, subject, group, persons / residents[group], SHARE
        gaps = {"urban_line": "counted_urban_gap"}
        if self.poverty:
            gaps = {"national_line": "counted_national_gap", **gaps}
        for subject, rule in gaps.items():
            for group, amount in with_county(totals[rule]).items():
                yield "poverty_gap", subject, group, amount, YUAN
        recipients = totals.get("dibao_recipient", {})
        rural = recipients.get("rural", 0.0)
        if rural and recipients.get("urban"):
            share = totals["counted_overtaking"]["rural"] / rural
            yield "overtaking", DIBAO, "rural", share, SHARE
            if self.parity is not None:
                real = totals["counted_overtaking_real"]["rural"] / rural
                yield "overtaking_real", DIBAO, "rural", real, SHARE
