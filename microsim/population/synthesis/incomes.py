"""Incomes: a place in the income order for each household, an amount for each place, and its sources."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import fsum

import numpy as np
from numpy.typing import NDArray

from microsim.numerics.functions import exp
from microsim.numerics.streams import Streams
from microsim.numerics.sums import product
from microsim.population.profile.county import County
from microsim.population.synthesis.gb2 import IncomeFit, fit_gb2
from microsim.population.synthesis.households import Roster, whole
from microsim.population.synthesis.traits import Traits

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
AREAS = ("rural", "urban")
_PENSION_AGE, _ELDERLY_HEAD = 60, 65
_PENSIONED_HIGHER = 1.2  # standard deviations up the income order of households with an employee's pension
_URBAN_FARMERS = 0.10  # of urban workers; the rural share follows from the county's
_OWN_ACCOUNT = 0.15  # of workers outside agriculture
_FARM_YIELD = 0.6  # of a farm worker's income to another's
_TRANSFERS_WITHOUT_EARNERS = 0.9  # the rest is property income
_DRAWN_AGAIN = 100  # times at most; a place above its pensions is then still out of a household's reach
_PRODUCTIVITY = 0.5  # standard deviation of the logarithm among workers of one household


@dataclass(frozen=True)
class Incomes:
    """Incomes per person in whole yuan per year, and the households' place in their area's income order."""

    rank: Floats  # per household, strictly between 0 and 1
    wage_income: Floats
    business_income: Floats
    property_income: Floats
    private_transfer_income: Floats
    pension_income: Floats
    basic_pension_income: Floats
    social_contributions_paid: Floats
    as_employee: Flags  # insured as an employee or former employee
    farms: Flags  # works in agriculture

    @property
    def disposable(self) -> Floats:
        """Income before assistance: all sources less social contributions."""
        earned = self.wage_income + self.business_income + self.property_income
        pensions = self.pension_income + self.basic_pension_income
        return earned + self.private_transfer_income + pensions - self.social_contributions_paid


def draw_incomes(
    county: County, streams: Streams, roster: Roster, traits: Traits, weights: Floats
) -> Incomes:
    """Income per head follows the area's distribution exactly by rank; sources add up to it."""
    ids, member, owner = roster.household_id[roster.owner], roster.member, roster.owner
    urban = roster.area == 1

    def by_area(name: str) -> Floats:
        return np.where(urban, float(county[name]["urban"]), float(county[name]["rural"]))

    old = roster.age >= _PENSION_AGE
    employee = old & (
        streams.uniform("employee pension", ids, member) < by_area("income.employee_pension_share")[owner]
    )
    spread = exp(0.3 * streams.normal("amount of pension", ids, member))
    basic = np.where(old & ~employee, county["income.basic_pension"], 0.0)
    account = county["income.account_pension"] * spread
    pension = whole(
        np.where(employee, county["income.employee_pension"] * spread, np.where(old, account, 0.0))
    )
    floor = roster.sums(basic + pension)
    rank = _ranks(county, streams, roster, traits, roster.any_member(employee), weights, floor)
    total = _totals(county, roster, rank, floor, weights)

    wage_earner, farmer, formal = _kinds_of_work(county, streams, roster, traits)
    premium = np.where(formal | employee, 0.0, county["income.resident_premium"])
    rest = total - floor + roster.sums(premium)
    earners = roster.any_member(traits.works)
    vary = exp(0.5 * streams.normal("composition", roster.household_id))
    private = np.where(
        earners, np.minimum(by_area("income.private_transfer_share") * vary, 0.5), _TRANSFERS_WITHOUT_EARNERS
    )
    property_part = np.where(earners, np.minimum(by_area("income.property_share") * vary, 0.4), 1.0 - private)
    earned = (rest * (1.0 - private - property_part))[owner]
    yield_of_work = exp(_PRODUCTIVITY * streams.normal("productivity", ids, member))
    yield_of_work = np.where(traits.works, np.where(farmer, _FARM_YIELD, 1.0) * yield_of_work, 0.0)
    sums = roster.sums(yield_of_work)[owner]
    own = whole(earned * np.divide(yield_of_work, sums, out=np.zeros(len(sums)), where=sums > 0))
    rate = county["income.contribution_rate"]
    wage = whole(np.where(wage_earner, own / np.where(formal, 1.0 - rate, 1.0), 0.0))
    head = member == 0
    return Incomes(
        rank=rank,
        wage_income=wage,
        business_income=np.where(traits.works & ~wage_earner, own, 0.0),
        property_income=np.where(head, whole(rest * property_part)[owner], 0.0),
        private_transfer_income=np.where(head, whole(rest * private)[owner], 0.0),
        pension_income=pension,
        basic_pension_income=basic,
        social_contributions_paid=np.where(formal, whole(wage * rate), premium),
        as_employee=formal | employee,
        farms=farmer,
    )


def income_law(county: County, area: str) -> IncomeFit:
    """The GB2 distribution of income per head before assistance: the profile's mean, its quintiles'
    shares.
    """
    mean = float(county["income.mean_disposable"][area] - county["income.assistance"][area])
    return _fitted(mean, tuple(county["income.quintile_means"][area]))


@cache
def _fitted(mean: float, quintiles: tuple[float, ...]) -> IncomeFit:
    share = mean * len(quintiles) / fsum(quintiles)
    return fit_gb2(mean, [share * one for one in quintiles])


def _ranks(
    county: County,
    streams: Streams,
    roster: Roster,
    traits: Traits,
    pensioned: Flags,
    weights: Floats,
    floor: Floats,
) -> Floats:
    """Place in the income order of the area: hardship pushes down, the rest is chance.

    Where the profile says so (``assumptions.order_above_pensions``), a household whose place would give it
    less than its pensions, ``floor``, takes its chance again until it does not: its place is drawn given what
    is certain. Otherwise ``_totals`` lifts it to its pensions, and all such households have that very income.
    """
    pull = county["assumptions.poverty_gradient"]
    idle = roster.sums(~traits.works) / roster.size
    head_age = roster.age[roster.offsets[:-1]]
    chance = streams.normal("income rank", roster.household_id)
    score = chance - pull["severe_illness"] * roster.any_member(traits.severe_illness)
    score = score - pull["severe_disability"] * roster.any_member(traits.severely_disabled)
    score = score - pull["disability"] * roster.any_member(traits.disabled)
    score = score - pull["elderly_head"] * (head_age >= _ELDERLY_HEAD)
    score = score - pull["no_worker"] * ~roster.any_member(traits.works)
    score = score - pull["dependants"] * (idle - 0.5)
    score = score + _PENSIONED_HIGHER * pensioned
    rank = _places(score, roster, weights)
    if county.get("assumptions.order_above_pensions") is None:
        return rank
    least, pushed = np.zeros(len(score)), score - chance
    for area, name in enumerate(AREAS):
        inside = np.flatnonzero((roster.area == area) & (floor > 0.0))
        if len(inside):
            least[inside] = income_law(county, name).law.cdf(floor[inside] / roster.size[inside])
    for turn in range(1, _DRAWN_AGAIN + 1):
        below = np.flatnonzero(rank < least)
        if not len(below):
            break
        again = streams.normal(f"income rank above pensions {turn}", roster.household_id[below])
        score[below] = pushed[below] + again
        rank = _places(score, roster, weights)
    return rank


def _places(score: Floats, roster: Roster, weights: Floats) -> Floats:
    """The share of the area's persons below the middle of each household, by its score."""
    rank = np.empty(len(score))
    persons = weights * roster.size
    for area in range(len(AREAS)):
        inside = np.flatnonzero(roster.area == area)
        order = inside[np.argsort(score[inside], kind="stable")]
        above = np.cumsum(persons[order])
        rank[order] = (above - 0.5 * persons[order]) / above[-1] if len(order) else 0.0
    return rank


def _totals(county: County, roster: Roster, rank: Floats, floor: Floats, weights: Floats) -> Floats:
    """Disposable income of each household before assistance: the area's distribution, never below pensions.

    Where pensions lift the poorest, the distribution is scaled down a little, so that the mean is as given.
    """
    total = np.zeros(len(rank))
    for area, name in enumerate(AREAS):
        inside = roster.area == area
        if not inside.any():
            continue
        law = income_law(county, name).law
        mean = law.mean
        size, weight, least = roster.size[inside], weights[inside], floor[inside]
        shape = law.quantile(rank[inside]) / mean * size
        wanted = mean * product(weight, size)
        low, high = 0.0, 2.0 * mean
        # Forty halvings: to a millionth of a yuan, in the same steps everywhere.
        for _ in range(40):
            middle = 0.5 * (low + high)
            if product(weight, np.maximum(middle * shape, least)) < wanted:
                low = middle
            else:
                high = middle
        total[inside] = np.maximum(high * shape, least)
    return total


def _kinds_of_work(
    county: County, streams: Streams, roster: Roster, traits: Traits
) -> tuple[Flags, Flags, Flags]:
    """Wage earners, farmers, and insured employees among workers; the rest work on their own account."""
    ids, member = roster.household_id[roster.owner], roster.member
    urban = (roster.area == 1)[roster.owner]
    urban_share = county.residents["urban"] / fsum(county.residents.values())
    rural_farmers = (county["work.farm_share"] - _URBAN_FARMERS * urban_share) / (1.0 - urban_share)
    chance = np.where(urban, _URBAN_FARMERS, min(max(rural_farmers, 0.0), 0.95))
    farmer = traits.works & (streams.uniform("farm work", ids, member) < chance)
    own_account = streams.uniform("own account", ids, member) < _OWN_ACCOUNT
    wage_earner = traits.works & ~farmer & ~own_account
    shares = county["income.formal_share"]
    insured = np.where(urban, shares["urban"], shares["rural"])
    formal = wage_earner & (streams.uniform("insured employee", ids, member) < insured)
    return wage_earner, farmer, formal
