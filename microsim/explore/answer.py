"""The figures of one setting: the run of its scenario, who pays, who gains and loses, and a family's line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from microsim.explore.settings import Settings
from microsim.simulation import simulate
from microsim.studies.common.baseline import RunResult, run_scenario
from microsim.studies.common.typical_family import NEEDED, TypicalFamily, typical_family
from microsim.studies.compare.study import Comparison, compare
from microsim.studies.financing.rules import COUNTY, LEVELS
from microsim.studies.ledger.study import ledger

if TYPE_CHECKING:
    from microsim.population import Families, Population
    from microsim.scenario import Scenario

# What is computed, whatever the scenario's own `outputs:` say.
OUTPUTS = ("caseload", "cost", "poverty", "inequality", "budget")
REVENUE = "revenue.general_public_budget"
OTHERS = "paid.others"  # employers and village collectives


@dataclass(frozen=True, eq=False)
class Answer:
    """One setting's outcome; ``compared`` is None for the scenario as it is."""

    settings: Settings
    run: RunResult
    compared: Comparison | None

    @cached_property
    def payers(self) -> Mapping[str, float]:
        """Payer -> yuan a year, wages of posts and dividends included; empty without a county profile."""
        if self.run.county is None:
            return {}
        if self.compared is None:
            return ledger(self.run).payers
        ledgers = self.compared.ledgers
        return {} if ledgers is None else ledgers[1].payers

    @cached_property
    def figures(self) -> Mapping[str, tuple[float, str]]:
        """Flat name -> value and unit, named as in ``summary.json`` of ``microsim run``.

        ``paid.<level>`` is there for each level of budget, ``paid.others`` for all other payers together, and
        ``county_to_revenue`` for the county's part as a share of its revenue.
        """
        out: dict[str, tuple[float, str]] = {
            name: (float(f["value"]), str(f["unit"])) for name, f in self._indicators().items()
        }
        for payer, value in self.payers.items():
            name = f"paid.{payer}" if payer in LEVELS else OTHERS
            out[name] = (out.get(name, (0.0, ""))[0] + value, "yuan/year")
        if REVENUE in out and COUNTY in self.payers:
            out["county_to_revenue"] = (self.payers[COUNTY] / out[REVENUE][0], "1")
        if self.compared is not None and self.compared.gains is not None:
            for name in ("gainers", "losers"):
                found = self.compared.gains.summary[f"{name}.disposable_income"]
                out[name] = (float(found["value"]), str(found["unit"]))
        return out

    def _indicators(self) -> Mapping[str, Mapping[str, Any]]:
        found = self.run.indicators.summary()
        return {name: one for name, one in found.items() if isinstance(one["value"], int | float)}


def answer(
    scenario: Scenario, settings: Settings, population: Population, base: Answer | None = None
) -> Answer:
    """The answer to a scenario on its households; ``base``: that of the scenario that it departs from.

    Raises ``MicrosimError`` as simulating does.
    """
    asked = replace(scenario, outputs=OUTPUTS)
    beside = None if base is None else base.run
    run = run_scenario(asked, beside=beside, population=population)
    return Answer(settings, run, None if beside is None else compare(beside, run))


def family_of(found: Answer, families: Families | None, name: str) -> TypicalFamily | None:
    """The line of the county's typical family (``name`` empty), or of one of the ``families``.

    None where the county has no such family, or the law lacks a rule that is needed. Raises ``InputError``
    for a name that is none of the families.
    """
    if not name or families is None:
        return found.run.family
    policy, outputs = found.run.policy, found.run.result.outputs
    if not set(NEEDED) <= set(policy.rules):
        return None
    one = families.select([name])
    result = simulate(one.population, policy, outputs=outputs, warn=False)
    return typical_family(one.population, policy, result, int(one.population.household_id[0]))


def corners(line: TypicalFamily) -> list[tuple[float, float]]:
    """The places of a line (wage, disposable income; yuan a year) between which it is straight."""
    x, y = np.asarray(line.earnings), np.asarray(line.total)
    bends = np.abs(np.diff(y, 2)) > 1e-6
    kept = np.concatenate([[True], bends, [True]])
    return [(float(a), float(b)) for a, b in zip(x[kept], y[kept], strict=True)]
