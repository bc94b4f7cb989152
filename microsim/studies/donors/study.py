"""How far results of a census county depend on the county that lends what the census lacks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microsim.outcome import Outcome, worded
from microsim.population.census.donor import distances, read_archetypes
from microsim.population.census.profile import CensusProfile, build_profile, features
from microsim.population.synthesis.sample import SEED
from microsim.population.synthesis.streaming import synthesize_to
from microsim.studies.common.baseline import RunResult, run_scenario
from microsim.studies.common.observed import Outside, outside

if TYPE_CHECKING:
    import pandas as pd

    from microsim.population.census.tables import CensusCounty
    from microsim.population.profile.figures import SourcedValue
    from microsim.scenario import Scenario

HOUSEHOLDS = 5_000  # of each sample: one donor or another makes more of a difference than the sample
# What is shown by donor: measure, subject.
SHOWN = (
    ("caseload", "dibao"),
    ("resident_share", "dibao"),
    ("cost", "dibao"),
    ("cost", "total"),
    ("revenue_share", "total"),
)


@dataclass(frozen=True, eq=False, repr=False)
class DonorRange(Outcome):
    """One scenario for one census county, with each archetype as the donor of what the census lacks.

    Attributes:
        profiles: donor -> the profile made with it.
        runs: donor -> the scenario's outcome, as ``microsim run`` computes it.
        distances: donor -> standard deviations from the county (see ``population.census.donor.nearest``).
    """

    profiles: Mapping[str, CensusProfile]
    runs: Mapping[str, RunResult]
    distances: Mapping[str, float]

    @cached_property
    def table(self) -> pd.DataFrame:
        """Tidy: donor, distance, measure, subject, group (empty: county), value, unit."""
        import pandas as pd

        rows = []
        for donor, run in self.runs.items():
            rows += [
                (donor, self.distances[donor], one.measure, one.subject, one.group, one.value, one.unit)
                for one in run.indicators.rows
                if (one.measure, one.subject) in SHOWN
            ]
        columns = ["donor", "distance", "measure", "subject", "group", "value", "unit"]
        return pd.DataFrame(rows, columns=columns)

    @property
    def summary(self) -> dict[str, dict[str, Any]]:
        """``lowest.<name>`` and ``highest.<name>`` over the donors, by the flat names of a run."""
        out: dict[str, dict[str, Any]] = {}
        for run in self.runs.values():
            for name, said in run.summary.items():
                measure, subject = (*name.split("."), "")[:2]
                if (measure, subject) not in SHOWN:
                    continue
                for end, pick in (("lowest", min), ("highest", max)):
                    known = out.get(f"{end}.{name}", said)
                    value = pick(float(known["value"]), float(said["value"]))
                    out[f"{end}.{name}"] = {"value": value, "unit": said["unit"]}
        return out

    @property
    def headline(self) -> str:
        """Recipients of dibao from the lowest to the highest donor."""
        low, high = (self.summary[f"{end}.caseload.dibao"] for end in ("lowest", "highest"))
        return f"dibao recipients {worded(**low)} to {worded(**high)} over {len(self.runs)} donors"

    def outside(self, donor: str) -> list[Outside]:
        """What of a donor's result is outside the documented shares."""
        run = self.runs[donor]
        areas = run.population.categories.get("area", ())
        shares = {area: run.indicators.value(f"resident_share.dibao.{area}") for area in areas}
        return outside(shares, run.county.code if run.county is not None else "")


def donor_range(
    census: CensusCounty,
    scenario: Scenario,
    folder: Path,
    *,
    given: Mapping[str, SourcedValue] | None = None,
    english: str = "",
    households: int = HOUSEHOLDS,
    seed: int = SEED,
    progress: Callable[[str], None] = lambda text: None,
) -> DonorRange:
    """Make the county with every archetype of 2020 as donor, and apply the scenario's law to each.

    ``folder``/<donor> gets each as a population of ``households`` households. The scenario's own county, its
    calibration and base are passed over. ``given``: the county's own figures, which no donor replaces. Raises
    ``MicrosimError`` as the parts do.
    """
    counties = read_archetypes()
    far = distances(features(census), counties)
    profiles, runs = {}, {}
    for donor in sorted(counties, key=lambda name: (far[name], name)):
        progress(f"with figures of {donor}")
        profile = build_profile(census, {donor: counties[donor]}, english, given)
        synthesize_to(profile.county, folder / donor, seed, households)
        # As `microsim run` does it for a scenario with this county.
        there = replace(
            scenario.calibrated_by(None), county_path=folder / donor, base=None, outputs=("caseload", "cost")
        )
        profiles[donor], runs[donor] = profile, run_scenario(there)
    return DonorRange(profiles, runs, far)
