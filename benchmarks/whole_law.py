"""The whole law on H county's households, repeated to 200,000: one measurement in a process, as JSON.

python -m benchmarks.whole_law benefits     # every programme's benefits of every household
python -m benchmarks.whole_law rules        # every rule of the law as an output
python -m benchmarks.whole_law amounts      # 100 scenarios of one amount: cost of every programme by area
python -m benchmarks.whole_law lines        # 100 scenarios of both dibao lines, on which nearly all depends
python -m benchmarks.whole_law solve        # the rural line at which all programmes cost a third more
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

COUNTY = Path(__file__).resolve().parent.parent / "data" / "synthetic" / "h-county"
DAY = "2024-12-31"
REPEATED = 10
SCENARIOS = 100
TASKS = ("benefits", "rules", "amounts", "lines", "solve")


def population(times: int = REPEATED) -> Any:
    """H county, each of its households ``times`` times."""
    import microsim as ms

    county = ms.Population.read(COUNTY)
    sizes = np.tile(np.diff(county.offsets), times)
    persons = [name for name in county.persons if name not in ("person_id", "household_id")]
    households = [name for name in county.households if name not in ("household_id", "weight")]
    return ms.Population.from_arrays(
        np.concatenate([[0], np.cumsum(sizes)]),
        persons={name: np.tile(county.person_columns[name], times) for name in persons},
        households={
            "weight": np.tile(county.weight / times, times),
            **{name: np.tile(county.household_columns[name], times) for name in households},
        },
        categories=county.categories,
    )


def calls(task: str, county: Any) -> tuple[Callable[[], Any], int]:
    """What is timed, and how many evaluations of a household one call is."""
    import microsim as ms

    policy = ms.Policy.load(DAY)
    benefits = [name for name, rule in policy.rules.items() if rule.role]
    if task in ("benefits", "rules"):
        outputs = benefits if task == "benefits" else list(policy.rules)
        last: list[Any] = [None]

        def once() -> None:
            last[0] = ms.simulate(county, policy, outputs, reuse=last[0])

        return once, county.n_households
    if task == "solve":
        found = ms.simulate(county, policy, ["total_benefits", "in_kind_benefits"])
        goal = 1.33 * sum(found.total(name) for name in found.outputs)
        vary, target = "dibao.line.rural", "cost.total"
        return lambda: ms.solve(county, policy, vary, target, goal), county.n_households
    steps = np.linspace(1.0, 1.99, SCENARIOS)
    lines = policy.value("dibao.line")
    minor = policy.value("dibao.top_up.minor")
    changes = [
        {"dibao.line": {"by": {area: value * step for area, value in lines.items()}}}
        if task == "lines"
        else {"dibao.top_up.minor": {"by": {area: value * step for area, value in minor.items()}}}
        for step in steps
    ]
    return lambda: ms.simulate_many(county, policy, changes, benefits), county.n_households * SCENARIOS


def measure(task: str, seconds: float) -> dict[str, Any]:
    """Time the first call (with reading the law) and later ones, at least three."""
    # Libraries that the first call would import: their time is theirs.
    import numba  # noqa: F401
    import pandas  # noqa: F401
    import scipy.linalg  # noqa: F401

    county = population()
    began = time.perf_counter()
    call, evaluations = calls(task, county)
    read = time.perf_counter() - began
    began = time.perf_counter()
    call()
    first = time.perf_counter() - began
    times: list[float] = []
    while len(times) < 3 or sum(times) < seconds:
        began = time.perf_counter()
        call()
        times.append(time.perf_counter() - began)
    return {
        "task": task,
        "households": county.n_households,
        "read_s": read,
        "first_s": first,
        "times": times,
        "evaluations": evaluations,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Time the whole law and print JSON.")
    parser.add_argument("task", choices=TASKS)
    parser.add_argument("--seconds", type=float, default=3.0)
    options = parser.parse_args()
    print(json.dumps(measure(options.task, options.seconds)))


if __name__ == "__main__":
    main()
