"""Counties whose truth is made by known levers, and what a calibration finds without them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from microsim.law.take_up import BANDS
from microsim.numerics.streams import Streams
from microsim.population import Population
from microsim.population.draws import household_draws
from microsim.scenario import LawDate, Scenario
from microsim.studies.calibration.bench import Bench
from microsim.studies.calibration.study import CountyCalibration, calibrate_county
from microsim.studies.calibration.targets import AREAS, EXPENDITURE, RECIPIENTS
from microsim.studies.calibration.ways import top_up_changes

DATA = Path(__file__).parents[3] / "data" / "synthetic"
# County -> its dibao lines, as in its scenario.
LINES = {
    "h-county": {"rural": 4560.0, "urban": 7200.0},
    "central-county": {"rural": 5000.0, "urban": 7000.0},
    "coastal-county": {"rural": 10800.0, "urban": 10800.0},
    "pilot-county": {"rural": 8280.0, "urban": 8280.0},
    "plateau-county": {"rural": 4700.0, "urban": 10670.0},
}
COUNTIES = tuple(LINES)


@dataclass(frozen=True)
class Trial:
    """One county: what was found, and the effect of the reform in truth and under every set found."""

    found: CountyCalibration
    truth: Mapping[str, float]  # recipients or expenditure -> change by the rural line a tenth higher
    ways: Mapping[str, list[float]]

    @property
    def worst(self) -> float:
        """The greatest relative miss of a target in any of the sets."""
        return max(abs(miss) for met in self.found.ways for miss in met.misses.values())

    def inside(self, kind: str) -> bool:
        """Whether the true change lies in the range over the sets."""
        return min(self.ways[kind]) <= self.truth[kind] <= max(self.ways[kind])


def trial(number: int) -> Trial:
    """Draw levers, make the figures that they give, calibrate to these, and compare a reform's effect.

    The truth has draws of its own: who claims in it is unknown to the calibration.
    """
    county = DATA / COUNTIES[number % len(COUNTIES)]
    rng = np.random.default_rng(number)
    scenario = Scenario(
        path=county / "profile.yaml", name="truth", county_path=county, law=LawDate(dt.date(2020, 12, 31)),
        changes={"dibao.line": {"by": LINES[county.name]}},
    )  # fmt: skip
    population = Population.read(county)
    draws = household_draws(Streams(1000 + number), population.household_id)
    truth = Bench(population.with_columns(households=draws), scenario.policy())
    levers = known_levers(rng, truth)
    amounts = truth.amounts(levers)
    targets = {
        kind: {area: float(amounts["dibao", kind][truth.inside(area)].sum()) for area in AREAS}
        for kind in (RECIPIENTS, EXPENDITURE)
    }
    found = calibrate_county(county, {"dibao": targets}, scenario)
    own = Bench(population, scenario.policy())
    ways = [effects(own.redrawn(met.draws), met.changes) for met in found.ways]
    return Trial(
        found,
        effects(truth, levers),
        {kind: [one[kind] for one in ways] for kind in (RECIPIENTS, EXPENDITURE)},
    )


def known_levers(rng: np.random.Generator, bench: Bench) -> dict[str, Any]:
    """Levers within their plausible ranges: rates of take-up by area and age band, and all the others."""

    def drawn(low: float, high: float) -> dict[str, float]:
        return {area: round(float(rng.uniform(low, high)), 3) for area in AREAS}

    groups = {area: area for area in AREAS}
    forms = [str(form) for form in rng.choice(["gap", "banded"], 2)]
    return {
        "take_up.dibao": {
            "by": {area: {band: round(float(rng.uniform(0.45, 1.0)), 3) for band in BANDS} for area in AREAS}
        },
        "means_test.income_seen": {"by": drawn(0.8, 1.2)},
        "dibao.discretion_share": {"by": drawn(0.0, 0.3)},
        "dibao.minimum_share": {"by": drawn(0.0, 0.15)},
        "dibao.payment": {"by": dict(zip(AREAS, forms, strict=True))},
        **top_up_changes(bench.policy, (), drawn(0.6, 1.8), groups),
    }


def effects(bench: Bench, levers: Mapping[str, Any]) -> dict[str, float]:
    """The change of rural recipients and of expenditure on dibao as the rural line rises by a tenth."""
    raised = {"by": {"rural": 1.1 * bench.policy.value("dibao.line")["rural"]}}
    higher = Bench(bench.population, bench.policy.reform({"dibao.line": raised}, allow_unusual=True))
    before, after = bench.amounts(levers), higher.amounts(levers)
    return {
        kind: float(after["dibao", kind].sum() - before["dibao", kind].sum())
        for kind in (RECIPIENTS, EXPENDITURE)
    }
