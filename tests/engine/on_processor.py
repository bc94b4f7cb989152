"""What kernels compute, written to a file: run in processes that compile for different processors.

python -m tests.engine.on_processor OUT.npz WHAT
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np

import microsim as ms
from microsim.engine.runtime import drivers
from microsim.policy.policy import Policy
from microsim.simulation import walk
from microsim.studies.projection.places import incomes_of, kinds_of
from tests.engine.drivers.mixed_policy import MONEY, OUTPUTS, PARAMETERS, RULES, WALKED
from tests.engine.random_populations import tiny_population
from tests.scenario.small_county import frames

ROOT = Path(__file__).resolve().parents[2]
SCENARIO = ROOT / "scenarios" / "h-county-2020.yaml"
ECONOMY: dict[str, Any] = {
    "income_growth": 0.05, "by_rank": {"rural": [0.02, 0.0, 0.0, 0.0, -0.01]},
    "mobility": {"persistence": 0.85}, "population": {"area": {"rural": -0.02, "urban": 0.01}},
}  # fmt: skip
ASKED = ["dibao_recipient", "dibao_benefit", "total_benefits", "in_kind_benefits", "disposable_income"]


def small_policy() -> dict[str, np.ndarray]:
    """Amounts, yes and no, and categories of a policy of every kind of rule; totals and walks."""
    policy, data = Policy.from_rules(RULES, PARAMETERS), tiny_population(23, 5000)
    done = drivers.evaluate(policy, data, OUTPUTS, totals=MONEY, by="tier")
    walked = walk(tiny_population(9, 40), policy, grid=[0, 500.0, 900.0], outputs=WALKED)
    return {**done.arrays, "totals": done.totals, **{f"walked {name}": walked[name] for name in WALKED}}


def packaged_scenario() -> dict[str, np.ndarray]:
    """A scenario's law on a small county."""
    population = ms.Population.from_frames(*frames())
    result = ms.simulate(population, ms.load_scenario(SCENARIO).policy(), ASKED)
    return {name: np.asarray(result.array(name)) for name in ASKED} | {
        f"total {name}": np.asarray(result.total(name, by="area")) for name in ASKED
    }


def projection() -> dict[str, np.ndarray]:
    """Three years of a small county: who receives what, who takes whose place, weights, and all figures."""
    population = ms.Population.from_frames(*frames())
    found = ms.project(population, ms.load_scenario(SCENARIO).policy(), ECONOMY, (2020, 2022))
    households, out = found.households, dict[str, np.ndarray]()
    for year in found.years:
        here, status = found.population(year), found.statuses[year]
        incomes = incomes_of(here)
        for programme, flags in status.received.items():
            out[f"{year} {programme}"] = flags
        assert status.on_dibao is not None
        out[f"{year} on dibao"] = status.on_dibao
        kinds = kinds_of(here, incomes)
        out[f"{year} kind"] = kinds
        out[f"{year} place"] = households.places.taken(here.household_id, incomes, kinds, year)
        out[f"{year} weight"] = np.asarray(here.weight)
        out[f"{year} wages"] = here.person_columns["wage_income"]
    names = ["|".join(map(str, name)) for name in found.values]
    out["figures"] = np.array(list(found.values.values()))
    out["names"] = np.frombuffer("\n".join(names).encode(), np.uint8)  # which figures there are is decided
    return out


WAYS = {"small": small_policy, "law": packaged_scenario, "projection": projection}

if __name__ == "__main__":
    out, what = sys.argv[1:]
    arrays: dict[str, Any] = WAYS[what]()
    np.savez(out, **arrays)
