"""Joint distributions that are known beforehand come back: through the generator's ranks and copulas, and
through the calibration of a sample whose margins alone are told.

Bounds are four standard errors; seeds are fixed, so that a failure is a change of the code and not of luck.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import betainc, ndtr, ndtri

from microsim.numerics.streams import Streams
from microsim.population import County, calibrate, synthesize
from microsim.population.synthesis.households import Roster, draw_roster
from microsim.population.synthesis.incomes import draw_incomes
from microsim.population.synthesis.margins import household_weights
from microsim.population.synthesis.traits import Traits, draw_traits

Floats = NDArray[np.float64]
HOUSEHOLDS, SEED = 20_000, 11
GRADIENT = ["severe_illness", "severe_disability", "disability", "elderly_head", "no_worker", "dependants"]
NO_PULL = dict.fromkeys(
    (f"assumptions.poverty_gradient.{name}" for name in GRADIENT),
    0.0,
)
# No employee's pension lifts anybody up the income order.
NO_PENSION = {f"income.employee_pension_share.{area}": 0.0 for area in ("rural", "urban")}


class Drawn(NamedTuple):
    """A county before its weights: each household counts its members, and nothing else."""

    roster: Roster
    traits: Traits
    rank: Floats
    persons: Floats


def drawn(county: County) -> Drawn:
    streams = Streams(SEED)
    roster = draw_roster(county, streams, HOUSEHOLDS)
    even = np.ones(HOUSEHOLDS)
    traits = draw_traits(county, streams, roster, even)
    rank = draw_incomes(county, streams, roster, traits, even).rank
    return Drawn(roster, traits, rank, roster.size.astype(np.float64))


# ------------------------------------------------------------------------ the generator's income order


def share_below(rank: float, pulls: Floats, shares: Floats) -> Floats:
    """Of the persons up to a rank, the share of each group: normal scores, moved down by ``pulls``.

    A mixture of normals: where all of its distribution reaches ``rank``, each group has its own part.
    """
    at = brentq(lambda score: float(np.sum(shares * ndtr(score + pulls))) - rank, -9.0, 9.0, xtol=1e-12)
    return np.asarray(shares * ndtr(at + pulls) / rank)


@pytest.mark.parametrize("rank", [0.1, 0.2, 0.5])
def test_the_income_order_has_the_pulls_of_the_profile(profile: County, rank: float) -> None:
    """Poor, elderly and sick: each group of households stands in the lower ranks as often as pulls say."""
    pull = {"severe_illness": 0.6, "elderly_head": 0.9}
    county = profile.with_values(
        NO_PULL | NO_PENSION | {f"assumptions.poverty_gradient.{name}": value for name, value in pull.items()}
    )
    found = drawn(county)
    ill = found.roster.any_member(found.traits.severe_illness)
    old = found.roster.age[found.roster.offsets[:-1]] >= 65
    groups = [(old == is_old) & (ill == is_ill) for is_old in (False, True) for is_ill in (False, True)]
    pulls = np.array([0.0, 0.6, 0.9, 1.5])
    # Each area has an order of its own.
    for area in (0, 1):
        here = found.roster.area == area
        persons = found.persons * here
        shares = np.array([persons[group].sum() for group in groups]) / persons.sum()
        expected = share_below(rank, pulls, shares)
        poor = found.rank < rank
        households = np.count_nonzero(here & poor)
        for group, share in zip(groups, expected, strict=True):
            obtained = persons[group & poor].sum() / persons[poor].sum()
            # Sizes differ between households, which costs a fifth of the rows.
            error = np.sqrt(share * (1.0 - share) / (0.8 * households))
            assert abs(obtained - share) < 4.0 * error, (area, share, obtained)


def test_without_pulls_poverty_is_independent_of_age_and_illness(profile: County) -> None:
    found = drawn(profile.with_values(NO_PULL | NO_PENSION))
    ill = found.roster.any_member(found.traits.severe_illness)
    old = found.roster.age[found.roster.offsets[:-1]] >= 65
    poor = found.rank < 0.2
    for group in (ill, old, ill & old):
        share = found.persons[group & poor].sum() / found.persons[group].sum()
        assert abs(share - 0.2) < 4.0 * np.sqrt(0.16 / (0.8 * np.count_nonzero(group)))


# ------------------------------------------------------------------------ the generator's copulas


@pytest.mark.parametrize("tilt", [0.0, 0.45, 0.85])
def test_what_the_office_sees_hangs_on_income_by_the_normal_copula_of_the_profile(
    profile: County, tilt: float
) -> None:
    """Normal scores of the share seen have slope ``tilt`` in those of the rank, and the rest is chance."""
    mean, spread = 0.5, 0.2
    seen = {"mean": mean, "spread": spread, "tilt": tilt}
    county = profile.with_values(
        {
            f"assumptions.income_visible_share.{area}.{name}": value
            for area in ("rural", "urban")
            for name, value in seen.items()
        }
    )
    population = synthesize(county, SEED, HOUSEHOLDS)
    # The rank is no column; the same streams give it again, from the weights that meet the demography.
    streams = Streams(SEED)
    roster = draw_roster(county, streams, HOUSEHOLDS)
    weights, _ = household_weights(county, roster)
    traits = draw_traits(county, streams, roster, weights)
    standing = ndtri(draw_incomes(county, streams, roster, traits, weights).rank)
    total = mean * (1.0 - mean) / spread**2 - 1.0
    share = population.household_columns["income_visible_share"]
    score = ndtri(betainc(mean * total, (1.0 - mean) * total, share))
    slope = float(np.sum(standing * score) / np.sum(standing**2))
    left = np.sqrt(1.0 - tilt**2)
    assert abs(slope - tilt) < 4.0 * left / np.sqrt(np.sum(standing**2))
    assert np.std(score - tilt * standing) == pytest.approx(left, rel=4.0 / np.sqrt(2 * HOUSEHOLDS))


# ------------------------------------------------------------------------ calibration of a sample


class Known(NamedTuple):
    """A population of households whose joint distribution is known: it is counted."""

    size: Floats
    elderly: Floats  # members
    sick: Floats  # members
    poor: NDArray[np.bool_]

    def joint(self, weight: Floats) -> dict[str, float]:
        """What no margin tells."""
        old, ill, poor = self.elderly > 0, self.sick > 0, self.poor

        def share(who: NDArray[np.bool_], among: NDArray[np.bool_]) -> float:
            return float(weight[who & among].sum() / weight[among].sum())

        both = np.cov(self.elderly, self.sick, aweights=weight)
        everybody = np.ones(len(weight), dtype=bool)
        return {
            "poor of elderly and sick": share(poor, old & ill),
            "poor of neither": share(poor, ~old & ~ill),
            "sick of poor and elderly": share(ill, poor & old),
            "poor, elderly and sick": share(poor & old & ill, everybody),
            "elderly and sick members: correlation": float(both[0, 1] / np.sqrt(both[0, 0] * both[1, 1])),
            "persons of poor households with sick": float(
                (weight * self.size)[poor & ill].sum() / (weight * self.size).sum()
            ),
        }

    def controls(self) -> dict[str, Floats]:
        """The margins that are told: households by size and poverty, elderly and sick persons."""
        sizes = {f"size {k}": (self.size == k).astype(float) for k in range(1, 6)}
        return {**sizes, "elderly": self.elderly, "sick": self.sick, "poor": self.poor.astype(float)}

    def rows(self, chosen: NDArray[np.bool_]) -> Known:
        return Known(*(column[chosen] for column in self))


@pytest.fixture(scope="module")
def known() -> Known:
    """Age, illness and poverty hang together by a normal copula within 200,000 households."""
    draw = np.random.default_rng(3)
    count = 200_000
    correlations = np.array([[1.0, 0.35, 0.30], [0.35, 1.0, 0.45], [0.30, 0.45, 1.0]])
    age, illness, poverty = draw.multivariate_normal(np.zeros(3), correlations, count).T
    size = draw.integers(1, 6, count)
    return Known(
        size.astype(np.float64),
        draw.binomial(size, ndtr(0.8 * age - 1.0)).astype(np.float64),
        draw.binomial(size, ndtr(0.8 * illness - 1.6)).astype(np.float64),
        poverty > 0.7,
    )


def estimates(known: Known, calibrated: bool) -> dict[str, Floats]:
    """What samples of about 4,000 households say, with and without calibration: one value a sample.

    Some kinds of household are missed more often than others: the chance goes by margins (in logarithms),
    so that raking is the right answer to it.
    """
    chance = np.exp(-0.5 * known.elderly + 0.6 * known.sick - 0.8 * known.poor + 0.2 * known.size)
    chance *= 4_000 / chance.sum()
    totals = {name: float(column.sum()) for name, column in known.controls().items()}
    found: list[dict[str, float]] = []
    for seed in range(40):
        chosen = np.random.default_rng(seed).random(len(chance)) < chance
        sample = known.rows(chosen)
        even = np.full(len(sample.size), len(chance) / len(sample.size))
        weights = calibrate(sample.controls(), totals, even)[0] if calibrated else even
        found.append(sample.joint(weights))
    return {name: np.array([one[name] for one in found]) for name in found[0]}


def test_calibrated_samples_find_the_joint_distribution_that_no_margin_tells(known: Known) -> None:
    truth = known.joint(np.ones(len(known.size)))
    raw, met = estimates(known, calibrated=False), estimates(known, calibrated=True)
    biased = 0
    for name, value in truth.items():
        error = met[name].std(ddof=1)
        assert abs(met[name].mean() - value) < 4.0 * error / np.sqrt(len(met[name])), name
        assert np.mean(np.abs(met[name] - value) < 2.0 * error) > 0.85, name
        assert error < 0.15 * value, name
        biased += abs(raw[name].mean() - value) > 10.0 * raw[name].std(ddof=1) / np.sqrt(len(raw[name]))
    assert biased >= 4, "the samples must be wrong before they are calibrated"


def test_a_joint_distribution_survives_calibration_to_other_margins(known: Known) -> None:
    """Half as many poor again, all else equal: who is poor among whom keeps its odds ratios."""
    sample = known.rows(np.arange(len(known.size)) < 50_000)
    controls, even = sample.controls(), np.ones(50_000)
    before, totals = sample.joint(even), {name: float(c.sum()) for name, c in controls.items()}
    weights, _ = calibrate(controls, totals | {"poor": 1.5 * totals["poor"]}, even)
    after = sample.joint(weights)

    def odds_ratio(of: dict[str, float]) -> float:
        p, q = of["poor of elderly and sick"], of["poor of neither"]
        return p / (1.0 - p) / (q / (1.0 - q))

    assert after["poor of elderly and sick"] > 1.2 * before["poor of elderly and sick"]
    assert odds_ratio(after) == pytest.approx(odds_ratio(before), rel=0.05)
