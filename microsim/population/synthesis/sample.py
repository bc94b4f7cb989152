"""One sample of a county out of its profile: people, their margins, their traits and incomes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from microsim.errors import InputError
from microsim.numerics.functions import exp
from microsim.numerics.streams import Streams
from microsim.population.calibration.calibrate import CalibrationReport
from microsim.population.core.assembly import from_sorted_arrays
from microsim.population.core.columns import registry
from microsim.population.core.findings import Findings
from microsim.population.draws import household_draws
from microsim.population.population import Population
from microsim.population.profile.county import County
from microsim.population.synthesis.attributes import attribute_controls
from microsim.population.synthesis.candidates import draw_households
from microsim.population.synthesis.circumstances import household_circumstances
from microsim.population.synthesis.drawn import Drawn
from microsim.population.synthesis.households import Roster
from microsim.population.synthesis.incomes import AREAS, Incomes, draw_incomes, income_law
from microsim.population.synthesis.margins import household_weights
from microsim.population.synthesis.needs import person_needs
from microsim.population.synthesis.seen import FIGURE, income_seen
from microsim.population.synthesis.seen import correlated as with_incomes
from microsim.population.synthesis.shares import beta_quantile
from microsim.population.synthesis.traits import Traits, draw_traits

Floats = NDArray[np.float64]
HOUSEHOLDS = 20_000
SEED = 1
LARGEST_PIECE = 131_072  # households that are made together; more are made, and kept on disk, in pieces
# Correlation of wealth with income (through a normal copula), and typical sizes.
_CAR_WITH_INCOME, _SECOND_HOME_WITH_INCOME, _NO_HOME_WITH_INCOME = 0.5, 0.5, 0.0


@dataclass(frozen=True)
class SynthesisReport:
    """How well a synthetic county meets its profile."""

    margins: CalibrationReport
    income_shape_misses: Mapping[
        str, tuple[float, ...]
    ]  # by area: relative miss of each quintile's share in the fitted law
    left_out: tuple[str, ...] = ()  # controls that too few households of the sample could carry

    @property
    def controls(self) -> int:
        """Figures of the profile that the weights are held to, and those that were left out."""
        return len(self.margins.names) + len(self.left_out)


def synthesize_sample(
    county: County, seed: int, count: int, first: int = 1, go_on: Callable[[], None] = lambda: None
) -> tuple[Population, SynthesisReport]:
    """One sample of the county, weighted as a whole, and how well the margins are met.

    ``first`` is the id of the first household. Households of other ids are other households, which represent
    the same county: ``streaming.py`` puts large populations together from such samples. ``go_on`` is called
    between the steps, each of a second at most; what it raises ends the work.
    """
    if count < 1:
        raise InputError(f"a county has at least one household, not {count}")
    streams = Streams(seed)
    roster = draw_households(county, streams, count, first)
    go_on()
    weights, _ = household_weights(county, roster)
    go_on()
    traits = draw_traits(county, streams, roster, weights)
    incomes = draw_incomes(county, streams, roster, traits, weights)
    go_on()
    of_households = _household_columns(county, streams, roster, traits, incomes)
    drawn = Drawn(county, streams, roster, traits, incomes, weights, of_households["filed_poor"])
    of_households |= household_circumstances(
        drawn, of_households["homes"] > 0, of_households["income_visible_share"]
    )
    # All that hangs on weights is drawn; what draws missed of the published shares, the last weights meet.
    left_out: dict[int, tuple[str, ...]] = {}

    def attributes(least: int) -> tuple[dict[str, Floats], dict[str, float]]:
        columns, totals, left_out[least] = attribute_controls(
            county, roster, traits, incomes, of_households, weights, least
        )
        return columns, totals

    go_on()
    final, margins = household_weights(county, roster, attributes)
    go_on()
    population = from_sorted_arrays(
        Population,
        roster.offsets,
        _person_columns(roster, traits, incomes) | person_needs(drawn),
        {"household_id": roster.household_id, "weight": final} | of_households,
        {name: column.categories for name, column in registry().items() if column.type == "category"},
        Findings(),
        given_county=county,
    )
    shapes = {area: income_law(county, area).errors[1:] for area in AREAS}
    misses = {area: tuple(float(miss) for miss in shape) for area, shape in shapes.items()}
    missing = next(reversed(left_out.values()), ()) if len(margins.names) > 2 else ()
    return population, SynthesisReport(margins, misses, missing)


def _person_columns(roster: Roster, traits: Traits, incomes: Incomes) -> dict[str, Any]:
    return {
        "age": roster.age,
        "sex": roster.female.astype(np.int8),
        "relation": roster.relation,
        "disability_grade": traits.disability_grade,
        "disability_type": traits.disability_type,
        "severe_illness": traits.severe_illness,
        "in_school": traits.in_school,
        "works": traits.works,
        "wage_income": incomes.wage_income,
        "business_income": incomes.business_income,
        "property_income": incomes.property_income,
        "private_transfer_income": incomes.private_transfer_income,
        "pension_income": incomes.pension_income,
        "basic_pension_income": incomes.basic_pension_income,
        "social_contributions_paid": incomes.social_contributions_paid,
        "medical_out_of_pocket": traits.medical_out_of_pocket,
    }


def _household_columns(
    county: County, streams: Streams, roster: Roster, traits: Traits, incomes: Incomes
) -> dict[str, Any]:
    ids, urban = roster.household_id, roster.area == 1

    def correlated(purpose: str, correlation: float) -> Floats:
        return with_incomes(streams, roster, incomes, purpose, correlation)

    def by_area(name: str) -> Floats:
        return np.where(urban, float(county[name]["urban"]), float(county[name]["rural"]))

    seen = income_seen(county[FIGURE], streams, roster, incomes)
    assets = county["assumptions.assets_visible_share"]
    assets_seen = beta_quantile(streams.uniform("assets seen", ids), assets["mean"], assets["spread"])
    poverty = 1.0 - correlated("filed poor", county["assumptions.filed_poor_targeting"])
    chance = county.get("assumptions.filed_poor_by_chance")
    if chance is not None:  # both draws are uniform, so that as many are registered
        anybody = streams.uniform("filed poor whatever the income", ids)
        poverty = np.where(streams.uniform("filed poor by chance", ids) < chance, anybody, poverty)
    wealth, income = county["wealth.financial_assets"], np.maximum(roster.sums(incomes.disposable), 0.0)
    savings = income * wealth["median"] * exp(wealth["spread"] * streams.normal("savings", ids))
    cars = correlated("car", _CAR_WITH_INCOME) > 1.0 - county["wealth.vehicle_share"]
    second = correlated("second home", _SECOND_HOME_WITH_INCOME) > 1.0 - by_area("wealth.second_home_share")
    without = correlated("no home", _NO_HOME_WITH_INCOME) < county["wealth.no_home_share"]
    needy = traits.severe_illness | traits.disabled
    rigid = roster.sums(np.where(needy, traits.medical_out_of_pocket, 0.0))
    rigid += county["health.care_of_severe_disability"] * roster.sums(traits.severely_disabled)
    return {
        "area": roster.area,
        "filed_poor": poverty > 1.0 - by_area("assumptions.filed_poor_share"),
        "financial_assets": np.round(savings, -2),
        "vehicles": cars.astype(np.int16),
        "homes": np.where(second, 2, np.where(without, 0, 1)).astype(np.int16),
        "rigid_expenditure": rigid,
        "income_visible_share": seen,
        "assets_visible_share": np.round(assets_seen, 4),
        **household_draws(streams, ids),
    }
