"""Places in the income order from year to year: permanent and transitory, through a normal copula.

Among households of the same kind (area, size, work, severe disability, amount of pensions) the incomes per
head of a year are handed out anew, so that every year's distribution is as it would be without mobility, in
each kind and so in the county. With z the normal score of a household's place in a year:

    P = sqrt(r) z + sqrt(1 - r) eta          its permanent part, given the place of the data
    z(t) = sqrt(r) P + sqrt(1 - r) e(t)      its place in a later year

Any two years then have the correlation r. r is chosen so that the rank correlation of income per head
between neighbouring years, over households of all kinds, is the persistence asked for.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from microsim.errors import InputError, Offence
from microsim.numerics.functions import normal_quantile
from microsim.numerics.streams import Streams
from microsim.numerics.sums import product, sums_by_group, total

if TYPE_CHECKING:
    from microsim.population import Population

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Moved = Callable[[Floats, Ints], Floats]
MARKET = ("wage_income", "business_income", "property_income", "private_transfer_income")
_OTHER = ("pension_income", "basic_pension_income", "excluded_transfer_income")
_LARGEST_SIZE = 5  # kinds by size: 1, 2, 3, 4, 5 and more
# Kinds by pensions per head, as shares of the mean income per head.
_PENSIONS = (0.0, 0.05, 0.12, 0.3, 0.8)
_ROUNDS = 12
_NEAR = 2e-4  # of the rank correlation
_DIGITS = 6  # of r, so that its last bits decide nothing


@dataclass(frozen=True)
class Incomes:
    """Incomes of households: what moves with their place (``market``, net of contributions on wages), and
    what does not (``fixed``), yuan/year, float64[households].
    """

    market: Floats
    fixed: Floats
    size: Floats
    persons: Floats  # weight times size

    @property
    def per_head(self) -> Floats:
        return (self.market + self.fixed) / self.size


def incomes_of(population: Population) -> Incomes:
    """The incomes of a year's households."""
    persons, offsets = population.person_columns, population.offsets
    size = np.diff(offsets).astype(np.float64)
    market = sum((persons[name] for name in MARKET), np.zeros(population.n_persons))
    fixed = sum((persons[name] for name in _OTHER), np.zeros(population.n_persons))
    paid = persons["social_contributions_paid"]
    insured = on_wages(population)
    market = market - np.where(insured, paid, 0.0)
    fixed = fixed - np.where(insured, 0.0, paid)
    return Incomes(
        sums_by_group(market, offsets),
        sums_by_group(fixed, offsets),
        size,
        np.asarray(population.weight) * size,
    )


def on_wages(population: Population) -> NDArray[np.bool_]:
    """Persons whose contributions are a share of their wages: those insured as employees who have wages."""
    persons = population.person_columns
    insured = persons["medical_insurance"] == population.categories["medical_insurance"].index("employee")
    return np.asarray(insured & (persons["wage_income"] > 0.0))


def kinds_of(population: Population, incomes: Incomes) -> Ints:
    """The kind of each household, among whose incomes places are changed."""
    persons, offsets = population.person_columns, population.offsets
    size = np.diff(offsets)
    severe = np.isin(
        persons["disability_grade"], _codes(population, "disability_grade", ("grade1", "grade2"))
    )

    def any_of(flags: NDArray[np.bool_]) -> NDArray[np.bool_]:
        return np.asarray(np.add.reduceat(flags.astype(np.int64), offsets[:-1]) > 0)

    households = population.household_columns
    area = households["area"].astype(np.int64) if "area" in households else np.zeros(len(size), np.int64)
    kind = area * _LARGEST_SIZE + np.minimum(size, _LARGEST_SIZE) - 1
    earns = (persons["wage_income"] > 0.0) | (persons["business_income"] > 0.0)
    for flags in (earns, severe):
        kind = 2 * kind + any_of(flags)
    for register in (households["filed_poor"], households["vehicles"] > 0):
        kind = 2 * kind + np.asarray(register, dtype=np.int64)
    # Nobody has less than their pensions: with those of others they would not fit.
    mean = product(incomes.persons, incomes.per_head) / total(incomes.persons)
    level = np.searchsorted(np.array(_PENSIONS) * mean, incomes.fixed / incomes.size)
    return np.asarray((len(_PENSIONS) + 1) * kind + level, dtype=np.int64)


def _codes(population: Population, column: str, names: tuple[str, ...]) -> list[int]:
    return [population.categories[column].index(name) for name in names]


@dataclass(frozen=True)
class Places:
    """Who changes places with whom: ``correlation`` is r above, ``persistence`` what was asked for."""

    seed: int
    correlation: float
    persistence: float

    @property
    def still(self) -> bool:
        """Whether every household keeps its place."""
        return self.correlation == 1.0

    def permanent(self, ids: Ints, scores: Floats) -> Floats:
        """The permanent part of each household's place, given its score in the data."""
        eta = Streams(self.seed).normal("permanent place", ids)
        return math.sqrt(self.correlation) * scores + math.sqrt(1.0 - self.correlation) * eta

    def scores(self, ids: Ints, scores: Floats, year: int) -> Floats:
        """Each household's score in a later year, given the one it has in the data."""
        chance = Streams(self.seed).normal(f"place in {year}", ids)
        permanent = math.sqrt(self.correlation) * self.permanent(ids, scores)
        return permanent + math.sqrt(1.0 - self.correlation) * chance

    def taken(self, ids: Ints, incomes: Incomes, kinds: Ints, year: int) -> Ints:
        """Whose place each household takes in ``year``: a row of households, int64[households]."""
        if self.still:
            return np.arange(len(ids))
        return exchanged(incomes, kinds, lambda scores, rows: self.scores(ids[rows], scores, year))


STILL = Places(0, 1.0, 1.0)  # every household keeps its place


def exchanged(incomes: Incomes, kinds: Ints, moved: Moved) -> Ints:
    """Places handed out anew within each kind, in the order of the scores that ``moved`` gives.

    ``moved(scores, rows)``: new scores of households ``rows`` whose present scores are ``scores``. Returns
    whose place each household takes; where weights differ, a place can be taken by two or by none.
    """
    present = incomes.per_head
    rows, out = movers(incomes), np.arange(len(present))
    if not len(rows):
        return out
    old = rows[np.lexsort((present[rows], kinds[rows]))]
    new_scores = np.empty(len(present))
    new_scores[old] = moved(within_kinds(incomes, kinds, old), old)
    new = rows[np.lexsort((new_scores[rows], kinds[rows]))]
    upto = np.cumsum(incomes.persons[old])
    middles = np.cumsum(incomes.persons[new]) - 0.5 * incomes.persons[new]
    donor = np.searchsorted(upto, middles)
    # Sums in two orders differ in their last bits: nobody takes an income of another kind.
    codes = kinds[old]
    first, last = np.searchsorted(codes, kinds[new]), np.searchsorted(codes, kinds[new], side="right") - 1
    out[new] = old[np.clip(donor, first, last)]
    return out


def movers(incomes: Incomes) -> Ints:
    """Households with a place to change: those with market income and a weight."""
    return np.flatnonzero((incomes.market > 0.0) & (incomes.persons > 0.0))


def within_kinds(incomes: Incomes, kinds: Ints, order: Ints) -> Floats:
    """Normal scores of households ``order`` (by kind, poorest first) among the persons of their kind."""
    persons, codes = incomes.persons[order], kinds[order]
    starts = np.flatnonzero(np.append(True, codes[1:] != codes[:-1]))
    upto = np.cumsum(persons)
    before = np.append(0.0, upto)[starts]
    whole = np.append(upto, 0.0)[np.append(starts[1:], len(codes)) - 1] - before
    of = np.cumsum(np.bincount(starts, minlength=len(codes))) - 1
    ranks = (upto - 0.5 * persons - before[of]) / whole[of]
    return normal_quantile(np.clip(ranks, 1e-9, 1.0 - 1e-9))


def places(population: Population, seed: int, persistence: float, year: int) -> Places:
    """The exchange of places with this rank correlation of income per head between neighbouring years.

    ``persistence`` from 0 to 1. Raises ``InputError`` where even independent places within the kinds leave a
    higher one: size, work, disability and pensions of a household stay.
    """
    if persistence == 1.0:
        return Places(seed, 1.0, 1.0)
    incomes, ids = incomes_of(population), population.household_id
    kinds = kinds_of(population, incomes)
    rows = movers(incomes)
    persons, present = incomes.persons[rows], _ranks(incomes.per_head, incomes.persons, rows)

    def reached(correlation: float) -> float:
        made = Places(seed, correlation, persistence)
        if made.still:
            return 1.0
        after = incomes.per_head[made.taken(ids, incomes, kinds, year)]
        return weighted_correlation(present, _ranks(after, incomes.persons, rows), persons)

    low, high, at_low, at_high = 0.0, 1.0, reached(0.0), 1.0
    if persistence < at_low:
        message = f"a persistence of {persistence:.4g} cannot be reached: it is at least {at_low:.4g}"
        hint = "size, work, disability and pensions of households stay, and with them part of their place"
        raise InputError(Offence(message, "economy.mobility", hint))
    middle = low
    for _ in range(_ROUNDS):
        middle = low + (high - low) * (persistence - at_low) / (at_high - at_low)
        found = reached(middle)
        if abs(found - persistence) <= _NEAR:
            break
        if found < persistence:
            low, at_low = middle, found
        else:
            high, at_high = middle, found
    return Places(seed, round(middle, _DIGITS), persistence)


def _ranks(values: Floats, persons: Floats, rows: Ints) -> Floats:
    """Shares of persons below the middle of each household of ``rows``."""
    order = np.argsort(values[rows], kind="stable")
    held = persons[rows][order]
    out = np.empty(len(rows))
    out[order] = np.cumsum(held) - 0.5 * held
    return out / total(held)


def weighted_correlation(one: Floats, other: Floats, weights: Floats) -> float:
    """Pearson's correlation under weights."""
    whole = total(weights)
    a, b = one - product(weights, one) / whole, other - product(weights, other) / whole
    spread = math.sqrt(product(weights, a * a) * product(weights, b * b))
    return product(weights, a * b) / spread if spread else 1.0
