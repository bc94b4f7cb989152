"""What a target is made of: weighted sums, an evaluated law, or a search for cliffs."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from microsim.errors import InputError, Offence, did_you_mean
from microsim.outcome import flat_name
from microsim.studies.common.baseline import PERSON_MONTHS, add_figures
from microsim.studies.common.benefits import parts
from microsim.studies.common.crossings import Effort
from microsim.studies.common.expenditure import (
    COUNTY,
    PERSONS,
    SUMS,
    TOTAL,
    YUAN,
    Account,
    account_of,
    by_area_of,
    with_county,
)
from microsim.studies.common.hardship import hardship_rules
from microsim.studies.common.indicators import Indicators
from microsim.studies.common.outputs import INCOMES, baseline_outputs
from microsim.studies.common.within_year import (
    MONTHS,
    Stretch,
    account_over,
    changed_totals,
    parts_of,
    whole,
)

if TYPE_CHECKING:
    from microsim.policy.policy import Policy
    from microsim.population import Population

SIZE = "household_size"
CLIFFS = "cliffs"
PARTS = ("caseload", "cost", "poverty", "inequality", "hardship")
# Measure -> the part of a run that it is in, where it is no plain sum.
_PART = {
    "households": "caseload",
    "cost_part": "cost",
    "poverty": "poverty",
    "poverty_dibao_line": "poverty",
    "gini": "inequality",
    "catastrophic_health": "hardship",
    "expenditure_poverty": "hardship",
    "programmes": "hardship",
}
_DIBAO_LINE = ("dibao.line", "dibao.floor", "dibao.merger")  # read by a measure, and not by a rule
_OF_DIBAO_LINE = ("poverty_dibao_line", "expenditure_poverty")
_OF_COST = ("cost", "revenue_share", "cost_per_recipient")
# Counted over the year; all others are those of the law's day.
_OF_YEAR = (*_OF_COST, "within_market_income", "person_months")
_EXAMPLES = ("cost.total", "caseload.dibao", "poverty.headcount", "gini.disposable_income")
_SUMS = Effort(scan=33, parts=4, narrow=1e-8, beside=64)
_EVALUATED = Effort(scan=17, parts=2, narrow=1e-7)


@dataclass(frozen=True)
class Place:
    """Where figures are taken: the households, the law, and the county's revenue (yuan/year)."""

    population: Population
    policy: Policy
    revenue: float | None
    stretches: tuple[Stretch, ...] = ()  # of the year, over which money is counted; the law's whole year

    @cached_property
    def account(self) -> Account:
        """The payments of the year."""
        return account_over([self.policy, *(one.policy for one in self.stretches)])

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """Areas, and the county."""
        areas = "area" in self.population.household_columns
        return (*(self.population.categories["area"] if areas else ()), COUNTY)

    @cached_property
    def figures(self) -> tuple[str, ...]:
        """The names of all figures of a run that can be a target."""
        from microsim.simulation import simulate

        found = Indicators({})
        result = simulate(self.population, self.policy, outputs=baseline_outputs(self.policy), warn=False)
        add_figures(found, result, PARTS, self.revenue)
        return tuple(figure.name for figure in found.rows if figure.measure != "revenue")


class Sum:
    """A figure that is a sum over households, or one sum as a share of another: many laws in one pass."""

    effort = _SUMS
    parameters: tuple[str, ...] = ()  # that are read beside those of the rules

    def __init__(self, place: Place, measure: str, subject: str, group: str) -> None:
        self.place, self.measure, self.subject, self.group = place, measure, subject, group
        account = place.account
        payments = account.subjects.get(subject, ()) if measure in _OF_COST else ()
        if measure == "within_market_income":
            payments = tuple(p for p in account.payments if not p.counts and p.programme == subject)
        received = measure in ("caseload", "person_months", "resident_share", "cost_per_recipient")
        recipients = {subject: account.recipients[subject]} if received else {}
        self.account = replace(account, payments=payments, recipients=recipients)
        residents = (SIZE,) if measure in ("resident_share", "residents") else ()
        rules = (*(p.rule for p in payments), *recipients.values(), *residents)
        self.rules = tuple(dict.fromkeys(rules))

    @property
    def unit(self) -> str:
        """Of the figure."""
        if self.measure == "person_months":
            return PERSON_MONTHS
        shares, persons = ("resident_share", "revenue_share"), ("caseload", "residents")
        return "1" if self.measure in shares else PERSONS if self.measure in persons else YUAN

    def values(self, policies: Sequence[Policy]) -> list[float]:
        """The figure under each law; NaN for a mean over nobody."""
        from microsim.simulation import totals_under

        place = self.place
        if self.measure in _OF_YEAR and len(place.stretches) > 1:
            changes = [policy.changes[-1] for policy in policies]
            sums, groups = changed_totals(place.population, place.stretches, changes, self.rules)
        else:
            sums, groups = totals_under(place.population, place.policy, policies, self.rules)
        areas = by_area_of(place.population, groups)
        found = []
        for law in range(len(policies)):
            of_rules = zip(self.rules, sums[:, :, law].tolist(), strict=True)
            found.append(self._value({rule: dict(zip(areas, row, strict=True)) for rule, row in of_rules}))
        return found

    def _value(self, totals: dict[str, dict[str, float]]) -> float:
        account, measure = self.account, self.measure
        residents = with_county(totals[SIZE])[self.group] if SIZE in totals else 0.0
        recipients = account.caseload(totals).get(self.subject, {}).get(self.group, 0.0)
        if measure == "residents":
            return float(residents)
        if measure == "caseload":
            return float(recipients)
        if measure == "person_months":
            return float(MONTHS * recipients)
        if measure == "resident_share":
            return _share(recipients, residents)
        paid = account.cost if measure in _OF_COST else account.within_market_income
        amount = float(paid(totals)[self.subject][self.group])
        if measure == "revenue_share":
            return _share(amount, self.place.revenue)
        return _share(amount, recipients) if measure == "cost_per_recipient" else amount


class Evaluated:
    """A figure of a run that needs every household's outcome: one evaluation a law."""

    effort = _EVALUATED

    def __init__(self, place: Place, name: str, measure: str) -> None:
        self.place, self.name, self.part, self.unit = place, name, _PART[measure], ""
        self.parameters = _DIBAO_LINE if measure in _OF_DIBAO_LINE else ()
        account = account_of(place.policy)
        rules = {
            "caseload": (*account.recipients.values(), SIZE),
            "cost": (*(p.rule for p in account.payments), *account.recipients.values(), *parts(place.policy)),
            "hardship": (*INCOMES, *hardship_rules(place.policy)),
        }
        self.rules = tuple(dict.fromkeys(rules.get(self.part, INCOMES)))

    def values(self, policies: Sequence[Policy]) -> list[float]:
        """The figure under each law; NaN where a run has none."""
        return [self._value(policy) for policy in policies]

    def _value(self, policy: Policy) -> float:
        from microsim.simulation import simulate

        place = self.place
        result = simulate(place.population, policy, outputs=self.rules, warn=False)
        laws = [whole(policy)]
        if len(place.stretches) > 1:
            # The stretch that has the law of the day is done already.
            laws = [replace(s, policy=self._changed(s.policy, policy)) for s in place.stretches]
        parts = parts_of(place.population, laws, result, self._asked)
        found = Indicators({})
        add_figures(found, result, (self.part,), place.revenue, parts)
        figure = next((figure for figure in found.rows if figure.name == self.name), None)
        if figure is None:
            return math.nan
        self.unit = figure.unit
        return figure.value

    def _asked(self, law: Policy) -> list[str]:
        """The rules that are asked of the law of a stretch: those of the place's own that it has."""
        return [rule for rule in self.rules if rule in law.rules or rule not in self.place.policy.rules]

    def _changed(self, law: Policy, policy: Policy) -> Policy:
        """The law of a stretch with the change that makes ``policy`` of the place's own."""
        if law is self.place.policy:
            return policy
        return law.reform(policy.changes[-1], allow_unusual=True)


class OfCliffs:
    """A figure of the search for cliffs: one search a law."""

    effort = _EVALUATED
    parameters: tuple[str, ...] = ()

    def __init__(self, place: Place, name: str) -> None:
        self.place, self.name, self.unit = place, name, ""
        self.rules = ("resources" if "resources" in place.policy.rules else "disposable_income",)

    def values(self, policies: Sequence[Policy]) -> list[float]:
        """The figure under each law; NaN where the search has none."""
        from microsim.studies.cliffs.search import cliffs

        found = []
        for policy in policies:
            said = cliffs(self.place.population, policy).summary.get(self.name)
            found.append(math.nan if said is None else float(said["value"]))
            self.unit = self.unit if said is None else str(said["unit"])
        return found


Target = Sum | Evaluated | OfCliffs


def target_of(place: Place, name: str) -> Target:
    """The target called ``name``.

    Raises ``InputError`` with the nearest names where a run has no such figure.
    """
    sums = {flat_name(*parts): parts for parts in _sums(place)}
    measure = name.split(".")[0]
    if name in sums:
        return Sum(place, *sums[name])
    if measure == CLIFFS:
        return OfCliffs(place, name)
    if measure in _PART:
        return Evaluated(place, name, measure)
    raise unknown_figure(place, name)


def unknown_figure(place: Place, name: str) -> InputError:
    """What is said of a figure that there is none of."""
    names = place.figures
    hint = did_you_mean(name, names) or ", ".join(n for n in _EXAMPLES if n in names)
    if name.startswith("revenue_share") and place.revenue is None:
        hint = "the county has no profile with its revenue, so that there are no shares of it"
    return InputError(Offence(f"the summary.json of microsim run has no figure '{name}'", "target", hint))


def _sums(place: Place) -> Iterator[tuple[str, str, str]]:
    """Measure, subject and group of every figure that is made of sums alone."""
    account = place.account
    within = dict.fromkeys(p.programme for p in account.payments if not p.counts)
    programmes = [name for name in account.subjects if name not in SUMS]
    subjects = {
        "residents": ("",),
        "caseload": account.recipients,
        "person_months": account.recipients,
        "resident_share": account.recipients,
        "cost": account.subjects,
        "cost_per_recipient": [name for name in programmes if name in account.recipients],
        "revenue_share": [*programmes, TOTAL] if place.revenue is not None else (),
        "within_market_income": within,
    }
    for measure, names in subjects.items():
        for subject in names:
            for group in place.groups:
                yield measure, subject, group


def _share(amount: float, of: float | None) -> float:
    return amount / of if of else math.nan
