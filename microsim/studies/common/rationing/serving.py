"""What a cap counts of each household, and a law under which programmes can be refused or paid in part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from microsim.errors import InputError, Offence
from microsim.scenario.budget.caps import COUNTY, YUAN, Cap
from microsim.simulation.gates import held_at, is_held, paid_share, with_gates
from microsim.studies.common.expenditure import Account, Payment, account_of
from microsim.studies.common.rationing.withholding import Withheld, withheld

if TYPE_CHECKING:
    from microsim.policy.policy import Policy
    from microsim.population import Population
    from microsim.simulation import Result

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
EVERYTHING = Cap("", "", {}, YUAN)  # counts what all programmes pay
HOUR_VALUE = "care_services.hour_value"
POST_HOLDERS, POST_PAY, POST = "holds_aided_post", "person_post_pay", "public_post"
POSTS = (POST_HOLDERS, POST_PAY)  # rules that a quota of posts needs besides


def payments_of(cap: Cap, account: Account) -> tuple[Payment, ...]:
    """The payments in ``cost`` that a cap is of."""
    return tuple(
        p
        for p in account.payments
        if p.counts
        and (not cap.programmes or p.programme in cap.programmes)
        and (not cap.payer or p.source.payer == cap.payer)
    )


def programmes_of(cap: Cap, account: Account) -> tuple[str, ...]:
    """The programmes that a cap is of."""
    return cap.programmes or tuple(dict.fromkeys(p.programme for p in payments_of(cap, account)))


def counted(cap: Cap, result: Result) -> Floats:
    """What a cap counts of each household: yuan a year, recipients, cases, posts or hours of care a year."""
    account = account_of(result.policy)
    if cap.unit == "posts":
        return result.of_households(POST_HOLDERS)
    if cap.unit == "persons":
        persons: Floats = np.sum(
            [result.of_households(account.recipients[name]) for name in cap.programmes], axis=0
        )
        return persons
    paid = np.zeros(len(result.population.weight))
    for payment in payments_of(cap, account):
        paid = paid + result.array(payment.rule)
    if cap.unit == YUAN:
        return paid
    if cap.unit == "care_hours":
        return paid / result.policy.amount(HOUR_VALUE)
    return served(cap, result).astype(np.float64)


def served(cap: Cap, result: Result) -> Flags:
    """Households with a recipient or a payment of the programmes of a cap."""
    account = account_of(result.policy)
    if cap.unit == "posts":
        return result.of_households(POST_HOLDERS) > 0.0
    found = np.zeros(len(result.population.weight), dtype=bool)
    for payment in payments_of(cap, account):
        found |= result.array(payment.rule) > 0.0
    for name in programmes_of(cap, account):
        if name in account.recipients:
            found |= result.of_households(account.recipients[name]) > 0.0
    return found


def areas_of(cap: Cap, population: Population) -> dict[str, Flags]:
    """Area (empty: the county) -> the households that its amount is for.

    Raises ``InputError`` for amounts by area where the households have none, or not that one.
    """
    whole = np.ones(len(population.weight), dtype=bool)
    if COUNTY in cap.most:
        return {COUNTY: whole}
    names = population.categories.get("area", ()) if "area" in population.household_columns else ()
    unknown = [area for area in cap.most if area not in names]
    if unknown:
        known = f"the county has {', '.join(names) or 'no areas'}"
        raise InputError(
            [Offence(f"no household is in area {area}", f"budget.{cap.name}", known) for area in unknown]
        )
    codes = np.asarray(population.household_columns["area"])
    return {area: codes == names.index(area) for area in cap.most}


@dataclass(frozen=True)
class Gated:
    """A law in which the programmes of some caps can be refused or paid in part, and the columns it asks."""

    policy: Policy
    columns: Mapping[str, str]
    withheld: Mapping[str, Withheld]

    @classmethod
    def of(cls, policy: Policy, caps: Sequence[Cap]) -> Gated:
        """The law ready for ``caps``: with all that they can hold, so that one kernel serves them all."""
        account = account_of(policy)
        names = dict.fromkeys(n for cap in caps if cap.unit != "posts" for n in programmes_of(cap, account))
        held = withheld(policy, account, names)
        gates = with_gates(
            policy, [s for one in held.values() for s in one.statuses],
            [a for one in held.values() for a in one.amounts],
        )  # fmt: skip
        return cls(gates.policy, gates.columns, held)

    def ready(self, population: Population) -> Population:
        """The population with all columns of the gates, nothing held and everything paid in full."""
        columns: dict[str, dict[str, Floats | Flags]] = {"person": {}, "household": {}}
        for name, entity in self.columns.items():
            length = population.n_persons if entity == "person" else population.n_households
            full = name.endswith(paid_share(""))
            columns[entity][name] = np.ones(length) if full else np.zeros(length, dtype=bool)
        return population.with_columns(columns["person"], columns["household"])

    def refusing(self, population: Population, programmes: Sequence[str], who: Flags) -> Population:
        """The population where households ``who`` are refused these programmes."""
        new: dict[str, dict[str, Floats | Flags]] = {"person": {}, "household": {}}
        for name in programmes:
            for status in self.withheld[name].statuses:
                columns, flags = self._rows(population, is_held(status), who)
                new[self.columns[is_held(status)]] |= {
                    is_held(status): columns[is_held(status)] | flags,
                    held_at(status): np.zeros(len(flags), dtype=bool),
                }
            for amount in self.withheld[name].refused:
                columns, flags = self._rows(population, paid_share(amount), who)
                new[self.columns[paid_share(amount)]][paid_share(amount)] = np.where(
                    flags, 0.0, columns[paid_share(amount)]
                )
        return population.with_columns(new["person"], new["household"])

    def sharing(self, population: Population, programmes: Sequence[str], share: Floats) -> Population:
        """The population where each household is paid its ``share`` of what these programmes pay it."""
        new: dict[str, dict[str, Floats]] = {"person": {}, "household": {}}
        for name in programmes:
            for amount in self.withheld[name].amounts:
                columns, own = self._rows(population, paid_share(amount), share)
                new[self.columns[paid_share(amount)]][paid_share(amount)] = columns[paid_share(amount)] * own
        return population.with_columns(new["person"], new["household"])

    def _rows(
        self, population: Population, column: str, of_households: NDArray[Any]
    ) -> tuple[Mapping[str, NDArray[Any]], NDArray[Any]]:
        """The columns that hold ``column``, and the households' values for each of its rows."""
        if self.columns[column] == "household":
            return population.household_columns, of_households
        return population.person_columns, np.repeat(of_households, np.diff(population.offsets))


def without_posts(population: Population, result: Result, who: Flags) -> Population:
    """The population where households ``who`` have lost their public posts, and the pay of them."""
    import pandas as pd

    lost = np.repeat(who, np.diff(population.offsets)) & result.array(POST_HOLDERS).astype(bool)
    columns = population.person_columns
    pay = np.where(lost, result.array(POST_PAY), 0.0)
    wage = np.asarray(columns["wage_income"], dtype=np.float64)
    words = population.categories[POST]
    dtype: Any = pd.CategoricalDtype(list(words))
    posts = np.where(lost, words.index("none"), columns[POST]).astype(np.int8)
    new: dict[str, Any] = {"wage_income": wage - pay, POST: pd.Categorical.from_codes(posts, dtype=dtype)}
    # Where the data say what the office sees of wages, it sees as much less of them.
    seen = "assessed_wage_income"
    if seen in columns and seen not in population.defaulted:
        rest = np.divide(wage - pay, wage, out=np.ones(len(wage)), where=wage > 0.0)
        new[seen] = np.asarray(columns[seen], dtype=np.float64) * rest
    return population.with_columns(new)
