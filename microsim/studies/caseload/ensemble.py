"""An ensemble of calibrations: sets of assumptions that give a county's caseload and expenditure alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from microsim.outcome import Outcome
from microsim.studies.caseload.levers import Lever, county_values, law_changes
from microsim.studies.caseload.solving import Found
from microsim.studies.caseload.spread import spread_sets
from microsim.studies.caseload.study import TOLERANCE, CaseloadCalibration, calibrate_caseload

if TYPE_CHECKING:
    import pandas as pd

    from microsim.population import County


@dataclass(frozen=True, eq=False, repr=False)
class CaseloadEnsemble(Outcome):
    """Sets of lever values that meet every target; the first is the county's calibration."""

    first: CaseloadCalibration
    sets: tuple[Found, ...]
    asked: int  # how many sets were looked for
    draws: int  # seed of the points from which they were found

    @property
    def levers(self) -> tuple[Lever, ...]:
        """The levers, moved or not."""
        return self.first.moved

    @cached_property
    def table(self) -> pd.DataFrame:
        """Tidy: set, lever, unit, low, high, value, moved (from the first set, as a share of the range)."""
        import pandas as pd

        start = self.first.values
        rows = [
            (
                k,
                lever.name,
                lever.unit,
                lever.low,
                lever.high,
                value,
                (value - start[lever.name]) / lever.width,
            )
            for k, found in enumerate(self.sets)
            for lever in self.levers
            for value in (found.values[lever.name],)
        ]
        return pd.DataFrame(rows, columns=["set", "lever", "unit", "low", "high", "value", "moved"])

    @property
    def summary(self) -> dict[str, dict[str, Any]]:
        """``low.<lever>`` and ``high.<lever>`` over the sets, and the largest miss of a target."""
        out: dict[str, dict[str, Any]] = {"sets": {"value": len(self.sets), "unit": "1"}}
        worst = max(float(np.abs(found.misses).max()) for found in self.sets)
        out["largest_miss"] = {"value": worst, "unit": "1"}
        for lever in self.levers:
            values = [found.values[lever.name] for found in self.sets]
            out[f"low.{lever.name}"] = {"value": min(values), "unit": lever.unit}
            out[f"high.{lever.name}"] = {"value": max(values), "unit": lever.unit}
        return out

    @property
    def headline(self) -> str:
        """How many sets, and how well they meet the targets."""
        worst = self.summary["largest_miss"]["value"]
        return f"{len(self.sets)} of {self.asked} sets; largest miss of a target {100 * worst:.2f} %"

    def members(self) -> list[dict[str, Any]]:
        """Each set as ``ensemble.yaml`` has it: figures of the county, changes of the law, misses."""
        settings = dict(self.first.variant.settings)
        rows = []
        for k, found in enumerate(self.sets):
            misses = {
                f"{rule}.{area}": round(float(miss), 5)
                for (rule, area), miss in zip(self.first.known, found.misses, strict=True)
            }
            rows.append(
                {
                    "name": "calibration" if k == 0 else f"set-{k + 1:02d}",
                    "county": dict(county_values(found.values)),
                    "changes": {**settings, **law_changes(self.levers, found.values)},
                    "misses": misses,
                }
            )
        return rows

    def text(self, command: str) -> str:
        """The file ``ensemble.yaml``; ``command``: what makes it again."""
        import yaml

        class _Whole(yaml.SafeDumper):
            """Says what is the same twice, so that each set can be read alone."""

            def ignore_aliases(self, data: Any) -> bool:
                return True

        county = self.first.county
        head = f"""\
# {len(self.sets)} sets of assumptions that give the county's dibao recipients and expenditure of
# {county.year} within {100 * TOLERANCE:g} %: figures of its profile (`county`), values of law (`changes`).
# The first is its calibration. The others show how far results hang on what the targets leave open: a
# range, no sampling error and no bound. Every value is an assumption.
# Made by: {command}
"""
        data = {
            "law": self.first.policy.date,
            "variant": self.first.variant.name,
            "members": self.members(),
        }
        body = yaml.dump(data, Dumper=_Whole, sort_keys=False, allow_unicode=True, width=110)
        return head + body


def calibrate_ensemble(
    county: County,
    count: int,
    law: str | None = None,
    *,
    variant: str = "bands",
    households: int | None = None,
    seed: int = 1,
    draws: int = 1,
    progress: Callable[[str], None] = lambda text: None,
) -> CaseloadEnsemble:
    """``count`` sets of levers that meet the county's recipients and expenditure, each within 1 %.

    The first is :func:`calibrate_caseload`; the others begin at points drawn from the levers' ranges
    (``draws`` is the seed) and are the nearest sets to these that meet the targets (``spread.py``). With four
    targets and some twenty levers there are many: they lie all over what the targets leave open. Fewer than
    ``count`` are given where the ranges leave little. Other arguments and errors as there.
    """
    first = calibrate_caseload(county, law, variant=variant, households=households, seed=seed)
    bench = first.bench()
    free = [lever.name for lever in first.moved if not lever.name.startswith(first.variant.held)]
    areas = [area for _, area in first.known]
    sets = spread_sets(
        first.moved,
        bench.misses,
        areas,
        free,
        first.found,
        count,
        seed=draws,
        tolerance=TOLERANCE,
        progress=progress,
    )
    return CaseloadEnsemble(first, tuple(sets), count, draws)
