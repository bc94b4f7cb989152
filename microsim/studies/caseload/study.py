"""Moving assumptions of county and law until the rules give the known recipients and expenditure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from microsim.errors import DataError, InputError, Offence, did_you_mean
from microsim.outcome import Outcome
from microsim.studies.caseload.grammar import AREAS
from microsim.studies.caseload.levers import (
    Lever,
    Variant,
    county_values,
    law_changes,
    read_levers,
    variants,
)
from microsim.studies.caseload.solving import Found, solve_levers
from microsim.studies.common.remade import with_figures

if TYPE_CHECKING:
    import pandas as pd

    from microsim.policy.policy import Policy
    from microsim.population import County, Population, SeenAnew

Floats = NDArray[np.float64]
# Figure of the county -> the rule that must give it, and its unit.
TARGETS = {
    "dibao_recipients": ("paper.dibao_recipients", "persons"),
    "dibao_benefit": ("paper.dibao_outlay", "yuan/year"),
}
TOLERANCE = 0.01  # of each target


@dataclass(frozen=True, eq=False, repr=False)
class CaseloadCalibration(Outcome):
    """Where the levers ended, and what the rules then give.

    ``levers``, ``targets``: tables; ``changes``: for a scenario; ``profile_values``: for the profile.
    """

    county: County  # with the values found
    policy: Policy  # with the changes found
    variant: Variant
    moved: tuple[Lever, ...]
    found: Found
    known: Mapping[tuple[str, str], float]  # (rule, area) -> target
    households: int | None = None
    seed: int = 1

    @property
    def values(self) -> Mapping[str, float]:
        """All lever values by name."""
        return self.found.values

    @cached_property
    def levers(self) -> pd.DataFrame:
        """lever, unit, low, high, start, value, moved (share of the range, with sign), reference."""
        import pandas as pd

        rows = [
            (
                lever.name,
                lever.unit,
                lever.low,
                lever.high,
                lever.start,
                self.values[lever.name],
                lever.moved(self.values[lever.name]),
                lever.reference,
            )
            for lever in self.moved
        ]
        columns = ["lever", "unit", "low", "high", "start", "value", "moved", "reference"]
        return pd.DataFrame(rows, columns=columns)

    @cached_property
    def targets(self) -> pd.DataFrame:
        """target, area, unit, ours, paper, difference (a share of the paper's), met."""
        import pandas as pd

        rows = [
            (rule, area, TARGETS[rule][1], paper * (1.0 + miss), paper, miss, abs(miss) <= TOLERANCE)
            for ((rule, area), paper), miss in zip(self.known.items(), self.found.misses, strict=True)
        ]
        columns = ["target", "area", "unit", "ours", "paper", "difference", "met"]
        return pd.DataFrame(rows, columns=columns)

    @property
    def table(self) -> pd.DataFrame:
        """``targets``."""
        return self.targets

    @property
    def summary(self) -> dict[str, dict[str, Any]]:
        """``<target>.<area>`` and ``<lever>`` -> value and unit."""
        rows = self.targets[["target", "area", "ours", "unit"]].itertuples(index=False, name=None)
        out = {f"{target}.{area}": {"value": ours, "unit": unit} for target, area, ours, unit in rows}
        return out | {one.name: {"value": self.values[one.name], "unit": one.unit} for one in self.moved}

    @property
    def headline(self) -> str:
        """Whether the targets are met, and how many levers moved."""
        moved = int((self.levers["moved"] != 0).sum())
        met = int(self.targets["met"].sum())
        return f"{met} of {len(self.targets)} targets met, {moved} of {len(self.moved)} levers moved"

    @cached_property
    def slopes(self) -> pd.DataFrame:
        """lever, and what a tenth of its range more does to each target, as a share, near the solution."""
        import pandas as pd

        table = pd.DataFrame({"lever": [lever.name for lever in self.moved]})
        for k, (rule, area) in enumerate(self.known):
            table[f"{rule}.{area}"] = 0.1 * self.found.slopes[k]
        return table

    @cached_property
    def by_the_letter(self) -> pd.DataFrame:
        """target, area, unit, ours, paper, difference - by the letter of the law.

        That is: the gap on true income, no individual entry, and levers of law at their start.
        """
        import pandas as pd

        from microsim.simulation import simulate

        plain = self.population()
        seen = np.ones(plain.n_households)
        plain = plain.with_columns(households={"income_visible_share": seen, "assets_visible_share": seen})
        starts = law_changes(self.moved, {lever.name: lever.start for lever in self.moved})
        policy = self.policy.reform(
            {**starts, "dibao.payment": "gap", "dibao.individual_entry": False}, allow_unusual=True
        )
        result = simulate(plain, policy, list(TARGETS))
        rows = [
            (rule, area, TARGETS[rule][1], float(result.total(rule, by="area")[area]), paper)
            for (rule, area), paper in self.known.items()
        ]
        table = pd.DataFrame(rows, columns=["target", "area", "unit", "ours", "paper"])
        return table.assign(difference=table["ours"] / table["paper"] - 1.0)

    def bench(self) -> Bench:
        """Where other values of the levers can be tried."""
        return Bench(self.county, self.policy, self.moved, self.known, self.households, self.seed)

    def population(self) -> Population:
        """The county's households under the values found."""
        from microsim.population import synthesize

        return synthesize(self.county, self.seed, self.households)

    @property
    def met(self) -> bool:
        """Whether every target is met within 1 %."""
        return bool(np.all(np.abs(self.found.misses) <= TOLERANCE))

    @property
    def distance(self) -> float:
        """The objective: sum of squared moves, each as a share of its lever's range."""
        return float(sum(lever.moved(self.values[lever.name]) ** 2 for lever in self.moved))

    @property
    def changes(self) -> dict[str, Any]:
        """Parameters of law that differ from the law as it was, for a scenario's ``changes``."""
        return {**self.variant.settings, **law_changes(self.moved, self.values, all_of_them=False)}

    def describe(self) -> str:
        """Targets, moved levers, and what to write where, as plain text."""
        levers = self.levers[self.levers["moved"] != 0].drop(columns="reference")
        lines = [
            self.targets.to_string(index=False),
            levers.to_string(index=False),
            f"sum of squared moves: {self.distance:.4f}; the other levers stay at their start",
            "for the county's profile:",
            *(f"  {name}: {value:g}" for name, value in self.profile_values.items()),
            "for `changes` of a scenario:",
            *(f"  {name}: {change}" for name, change in self.changes.items()),
        ]
        if not self.met:
            lines.append("not all targets could be met within the ranges of the levers")
        return "\n".join(lines)

    @property
    def profile_values(self) -> dict[str, float]:
        """Figures for the county's profile, by dotted name (as ``County.with_values`` takes them)."""
        return county_values(self.values)


def calibrate_caseload(
    county: County,
    law: str | None = None,
    *,
    variant: str | Variant = "bands",
    households: int | None = None,
    seed: int = 1,
) -> CaseloadCalibration:
    """Move the levers as little as needed until the rules give the county's recipients and expenditure by
    area.

    The county must give ``paper.dibao_recipients`` and ``paper.dibao_outlay`` for its year; its own
    ``income_visible_share`` does not matter, as the levers begin at their starts. ``law``: a day, the end of
    the county's year unless given. ``variant``: one of ``levers.yaml``, or another. ``households`` and
    ``seed`` as for ``synthesize``. Raises ``MicrosimError``
    where the county has no targets and for a variant that nobody knows. Targets that cannot be met within the
    ranges are reported in ``targets``, not raised.
    """
    from microsim.policy.policy import Policy

    law = law or f"{county.year}-12-31"
    known = known_figures(county)
    if isinstance(variant, str):
        if variant not in variants():
            hint = did_you_mean(variant, variants()) or f"variants: {', '.join(variants())}"
            raise InputError(Offence(f"no such variant of the calibration: '{variant}'", "", hint))
        variant = variants()[variant]
    plain = Policy.load(law)
    levers = read_levers(county, plain, variant.starts)
    base = plain.reform(variant.settings, allow_unusual=True) if variant.settings else plain
    bench = Bench(county, base, levers, known, households, seed)
    free = [lever.name for lever in levers if not lever.name.startswith(variant.held)]
    found = solve_levers(levers, bench.misses, [area for _, area in known], free)
    return CaseloadCalibration(
        county.with_values(county_values(found.values)),
        base.reform(law_changes(levers, found.values), allow_unusual=True),
        variant,
        levers,
        found,
        known,
        households,
        seed,
    )


def known_figures(county: County) -> dict[tuple[str, str], float]:
    """What the paper gives for the county's year: (rule, area) -> persons or yuan.

    Raises ``MicrosimError`` where it gives nothing.
    """
    offences, known = [], {}
    for rule, (figure, _) in TARGETS.items():
        by_year = {str(year): value for year, value in (county.get(figure) or {}).items()}
        for area in AREAS:
            value = by_year.get(str(county.year), {}).get(area)
            if value is None:
                offences.append(Offence(f"the profile has no {figure} of {county.year} for {area} residents"))
            else:
                known[rule, area] = float(value)
    if offences:
        raise DataError(offences, title="the caseload of this county cannot be calibrated")
    return known


class Bench:
    """The county and the law under given lever values; populations are kept while only the law moves."""

    def __init__(
        self,
        county: County,
        policy: Policy,
        levers: tuple[Lever, ...],
        known: Mapping[tuple[str, str], float],
        households: int | None,
        seed: int,
    ) -> None:
        self._county, self._policy, self._levers, self._known = county, policy, levers, known
        self._households, self._seed = households, seed
        self._made: dict[tuple[tuple[str, float], ...], Population] = {}
        self._result: Any = None

    def misses(self, tried: Sequence[Mapping[str, float]]) -> Floats:
        """Relative misses of the targets for each set of values: sets x targets."""
        from microsim.simulation import simulate

        rows = []
        for values in tried:
            population = self._population(values)
            policy = self._policy.reform(law_changes(self._levers, values), allow_unusual=True)
            outputs = list(TARGETS)
            self._result = simulate(
                population, policy, outputs, totals=outputs, by="area", reuse=self._result
            )
            totals = {rule: self._result.total(rule, by="area") for rule in outputs}
            rows.append([totals[rule][area] / aim - 1.0 for (rule, area), aim in self._known.items()])
        return np.array(rows)

    def _population(self, values: Mapping[str, float]) -> Population:
        of_county = county_values(values)
        key = tuple(sorted(of_county.items()))
        if key not in self._made:
            while len(self._made) > 8:
                del self._made[next(iter(self._made))]
            tried = with_figures(self._county, of_county)
            self._made[key] = self._anew.under(tried) if self._anew else self._synthesized(tried)
        return self._made[key]

    def _synthesized(self, county: County) -> Population:
        from microsim.population import synthesize

        return synthesize(county, self._seed, self._households)

    @cached_property
    def _anew(self) -> SeenAnew | None:
        """The county as it is made: trials move only how much of its incomes is seen.

        None for one so large that it is made in pieces.
        """
        from microsim.population import SeenAnew
        from microsim.population.synthesis.sample import LARGEST_PIECE

        if (self._households or 0) > LARGEST_PIECE:
            return None
        return SeenAnew.of(self._synthesized(self._county), self._county, self._seed)
