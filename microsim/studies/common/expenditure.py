"""The account of expenditure: what a law pays, in which form and to whom, added up in one way everywhere.

Every figure of cost and caseload is made here from weighted totals by area, so that a run, a sweep, a
comparison and a study over years give the same bits for the same law and households. The county's figure is
the sum over its areas, a programme's the sum over its payments, and the total the sum over programmes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from microsim.errors import InputError, Offence
from microsim.studies.common.benefits import CASH, IN_KIND, WITHIN_MARKET_INCOME, benefits, recipient_rules
from microsim.studies.common.payers import Source, source_of

if TYPE_CHECKING:
    import pandas as pd

    from microsim.policy.policy import Policy, RuleBook
    from microsim.population import Population
    from microsim.simulation import Result

# Role of a rule -> form of its payment. Wages of public posts and dividends are in market income already:
# they are listed in the account, and are no part of ``cost``.
FORMS = {CASH: "cash", IN_KIND: "kind", "public_wage": "wage", "public_dividend": "dividend"}
TOTAL = "total"
SUMS = (TOTAL, "cash", "kind")  # subjects of ``cost`` that are no programme
COUNTY = ""  # the group of all areas together
YUAN, PERSONS = "yuan/year", "persons"

Amount = Any  # a float, or an array with one value a scenario
ByArea = Mapping[str, Amount]  # area -> weighted total


@dataclass(frozen=True)
class Payment:
    """One household rule that pays: its programme, and its form (cash, kind, wage, dividend)."""

    rule: str
    programme: str
    form: str

    @property
    def counts(self) -> bool:
        """Whether it is part of ``cost``."""
        return self.form in SUMS

    @property
    def source(self) -> Source:
        """Whose money it is, and when it is paid."""
        return source_of(self.rule)


@dataclass(frozen=True)
class Account:
    """The payments of a law in the order in which they are added up, and who receives each programme."""

    payments: tuple[Payment, ...]
    recipients: Mapping[str, str]  # programme -> person rule

    @cached_property
    def outputs(self) -> tuple[str, ...]:
        """The rules whose totals make cost and caseload."""
        return tuple(dict.fromkeys([*(p.rule for p in self.payments if p.counts), *self.recipients.values()]))

    @cached_property
    def subjects(self) -> Mapping[str, tuple[Payment, ...]]:
        """Subject of ``cost`` -> its payments: each programme, then ``total``, ``cash`` and ``kind``."""
        paid = [p for p in self.payments if p.counts]
        programmes = {p.programme: tuple(q for q in paid if q.programme == p.programme) for p in paid}
        forms = {form: tuple(p for p in paid if p.form == form) for form in ("cash", "kind")}
        return {**programmes, TOTAL: tuple(paid), **forms}

    def cost(self, totals: Mapping[str, ByArea]) -> dict[str, dict[str, Amount]]:
        """Subject -> area (and the county) -> expenditure; ``totals``: rule -> area -> weighted total."""
        return {
            subject: with_county(_by_programme(payments, totals))
            for subject, payments in self.subjects.items()
        }

    def within_market_income(self, totals: Mapping[str, ByArea]) -> dict[str, dict[str, Amount]]:
        """Programme -> area -> what it pays as wage or dividend, which is added nowhere."""
        within = [p for p in self.payments if not p.counts]
        return {
            name: with_county(_added(totals[p.rule] for p in within if p.programme == name))
            for name in dict.fromkeys(p.programme for p in within)
        }

    def caseload(self, totals: Mapping[str, ByArea]) -> dict[str, dict[str, Amount]]:
        """Programme -> area (and the county) -> recipients."""
        return {name: with_county(totals[rule]) for name, rule in self.recipients.items()}

    def table(self, totals: Mapping[str, ByArea], policy: Policy) -> pd.DataFrame:
        """programme, form, rule, payer, timing, area, value, cash_paid, unit: every payment of the law.

        ``value`` is what is counted in the year; ``cash_paid`` what is paid in it, were every payment that
        is spread over years made in this one: value times those years.
        """
        import pandas as pd

        rows = []
        for p in self.payments:
            years = p.source.spread_over(policy)
            for area, value in totals[p.rule].items():
                about = (p.programme, p.form, p.rule, p.source.payer, p.source.timing, area)
                rows.append((*about, float(value), float(value) * years, YUAN))
        columns = ["programme", "form", "rule", "payer", "timing", "area", "value", "cash_paid", "unit"]
        return pd.DataFrame(rows, columns=columns)


def account_of(policy: Policy) -> Account:
    """The account of a policy.

    Raises ``InputError`` where the policy pays nothing, or a programme has the name of a sum.
    """
    known = _ACCOUNTS.get(policy.book)
    if known is not None:
        return known
    payments = tuple(_payments(policy))
    if not any(payment.counts for payment in payments):
        raise InputError(Offence(f"the law on {policy.date} pays no benefit", "", "choose a later law:"))
    taken = [p for p in payments if p.programme in SUMS]
    if taken:
        hint = "give the programme another name"
        raise InputError(
            [
                Offence(f"a programme cannot be called '{p.programme}', the name of a sum", p.rule, hint)
                for p in taken
            ]
        )
    _ACCOUNTS[policy.book] = made = Account(payments, recipient_rules(policy))
    return made


# Accounts of rules, for as long as there are the rules: values play no part.
_ACCOUNTS: WeakKeyDictionary[RuleBook, Account] = WeakKeyDictionary()


def _payments(policy: Policy) -> Iterator[Payment]:
    for roles in ((CASH, IN_KIND), WITHIN_MARKET_INCOME):
        for programme, rules in benefits(policy, roles).items():
            for rule in rules:
                yield Payment(rule, programme, FORMS[policy.rules[rule].role])


def by_area_of(population: Population, groups: tuple[str, ...]) -> tuple[str, ...]:
    """Names of the groups of totals by area: households without areas are the county, and no area ``all``."""
    return groups if "area" in population.household_columns else (COUNTY,)


def by_area(result: Result, output: str) -> dict[str, float]:
    """Weighted totals by area; under the empty name where nobody has one."""
    if "area" not in result.population.household_columns:
        return {"": result.total(output)}
    return result.sums(output, by="area")


def reached_by_area(result: Result, output: str) -> dict[str, float]:
    """Weight of the households that an output reaches, by area; under the empty name where nobody has one."""
    if "area" not in result.population.household_columns:
        return {"": result.reached(output)["all"]}
    return result.reached(output, by="area")


def with_county(areas_of: ByArea) -> dict[str, Amount]:
    """The areas, and the county under the empty name: their sum."""
    areas = {area: value for area, value in areas_of.items() if area != COUNTY}
    return {**areas, COUNTY: sum(areas.values())} if areas else dict(areas_of)


def _by_programme(payments: Sequence[Payment], totals: Mapping[str, ByArea]) -> dict[str, Amount]:
    """Payments added up within each programme first, so that a total is the sum of its programmes."""
    names = dict.fromkeys(p.programme for p in payments)
    return _added(_added(totals[p.rule] for p in payments if p.programme == name) for name in names)


def _added(totals: Iterable[ByArea]) -> dict[str, Amount]:
    """Totals of several rules, area by area."""
    out: dict[str, Amount] = {}
    for by_area in totals:
        out = {area: out.get(area, 0.0) + value for area, value in by_area.items()}
    return out
