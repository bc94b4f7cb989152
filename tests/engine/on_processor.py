"""What kernels compute, written to a file: run in processes that compile for different processors.

python -m tests.engine.on_processor OUT.npz WHAT
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

import microsim as ms
from microsim.engine.runtime import drivers
from microsim.policy.policy import Policy
from microsim.simulation import walk
from tests.engine.drivers.mixed_policy import MONEY, OUTPUTS, PARAMETERS, RULES, WALKED
from tests.engine.random_populations import tiny_population
from tests.scenario.small_county import frames

ROOT = Path(__file__).resolve().parents[2]
SCENARIO = ROOT / "scenarios" / "h-county-2020.yaml"
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


if __name__ == "__main__":
    out, what = sys.argv[1:]
    np.savez(out, **(small_policy() if what == "small" else packaged_scenario()))
