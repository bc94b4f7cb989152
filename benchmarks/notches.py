"""Time the search for every notch of 100,000 households, under the bench policy and under the whole law.

    python -m benchmarks.notches [--households 100000] [--rounds 7]

Under the bench policy the wage of the first adult is walked from 0 to 60,000 yuan for net income, under the
whole law the top earner's for resources and what every programme pays. One pass of `evaluate` over the same
households for the same outputs is timed in turn with it, so that their ratio says more than either on a
machine with other load. Minima are compared; what compiles or reads the kernel cache is left out.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import Any

import numpy as np

HOUSEHOLDS, ROUNDS = 100_000, 7
HIGH = 60_000.0
LIMITS_S = {"bench policy": 0.05, "whole law": 1.0}
Row = dict[str, Any]


def measured(households: int = HOUSEHOLDS, rounds: int = ROUNDS) -> list[Row]:
    """Seconds of the search and of one pass of evaluation, in turn, on all processors and on one thread."""
    rows = []
    for name, calls in (("bench policy", bench_policy), ("whole law", whole_law)):
        search, once = calls(households)
        for threads in (None, 1):
            found = search(threads)
            once(threads)
            times: dict[str, list[float]] = {"search": [], "evaluate": []}
            for _ in range(rounds):
                for what, call in (("search", search), ("evaluate", once)):
                    began = time.perf_counter()
                    call(threads)
                    times[what].append(time.perf_counter() - began)
            rows.append(
                {
                    "law": name,
                    "variant": "microsim-1t" if threads else "microsim",
                    "households": households,
                    "places": len(found.row),
                    "evaluations": float(found.levels[:, 4].mean()),
                    "curved": float((found.flags > 0).mean()),
                    **times,
                }
            )
    return rows


Calls = tuple[Callable[[int | None], Any], Callable[[int | None], Any]]


def bench_policy(households: int) -> Calls:
    """Net income along the first adult's wage, and the outputs of T1."""
    from benchmarks import bench_policy as bench
    from benchmarks.bench_population import generate
    from benchmarks.impl_microsim import Impl

    impl = Impl()
    impl.load(generate(households))
    return _calls(
        impl.population, impl.policy, "wage", ["net"], np.flatnonzero(impl.first_adults()), bench.OUTPUTS
    )


def whole_law(households: int) -> Calls:
    """Resources and every benefit along the top earner's wage, on H county's households repeated."""
    import microsim as ms
    from benchmarks.whole_law import COUNTY, DAY, population
    from microsim.studies.common.benefits import benefits

    of_county = ms.Population.read(COUNTY).n_households
    county = population(-(-households // of_county))
    policy = ms.Policy.load(DAY)
    outputs = ["resources", *(name for names in benefits(policy).values() for name in names)]
    wages, offsets = county.person_columns["wage_income"], county.offsets
    best = np.maximum.reduceat(wages, offsets[:-1])
    at_best = np.flatnonzero(wages == np.repeat(best, np.diff(offsets)))
    first = at_best[np.searchsorted(at_best, offsets[:-1])]
    return _calls(county, policy, "wage_income", outputs, first[:households], outputs)


def _calls(data: Any, policy: Any, vary: str, outputs: Any, walked: Any, evaluated: Any) -> Calls:
    from microsim.engine.runtime.drivers import evaluate
    from microsim.engine.runtime.notches import notches

    rows = np.arange(len(walked), dtype=np.uint64)
    walked = walked.astype(np.uint64)
    present = data.person_columns[vary][walked]
    last: dict[str, Any] = {}

    def search(threads: int | None) -> Any:
        return notches(policy, data, vary, outputs, rows, walked, 0.0, HIGH, present, threads=threads)

    def once(threads: int | None) -> None:
        last["arrays"] = evaluate(policy, data, evaluated, reuse=last.get("arrays"), threads=threads).arrays

    return search, once


def markdown(rows: list[Row]) -> str:
    """The table, and the limits it is held against."""
    lines = [
        f"### Every notch of {rows[0]['households']:,} households, 0 to {HIGH:,.0f} yuan",
        "",
        "| law | variant | median ms | min ms | / one evaluation | places | evaluations each | curved |",
        "|---|---|---:|---:|---:|---:|---:|---:|",
    ]
    for row in rows:
        spent = sorted(row["search"])
        ratio = spent[0] / min(row["evaluate"])
        lines.append(
            f"| {row['law']} | {row['variant']} | {1e3 * spent[len(spent) // 2]:.3g} | {1e3 * spent[0]:.3g} "
            f"| {ratio:.1f} | {row['places']:,} | {row['evaluations']:.1f} | {row['curved']:.1%} |"
        )
    lines_of_limits = []
    for row in rows:
        if row["variant"] == "microsim":
            best, limit = min(row["search"]), LIMITS_S[row["law"]]
            met = "met" if best <= limit else "**missed**"
            lines_of_limits.append(f"Limit, {row['law']}: {limit:g} s; measured {best:.3f} s: {met}.")
    return "\n".join([*lines, "", "\n".join(lines_of_limits), ""])


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--households", type=int, default=HOUSEHOLDS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    given = parser.parse_args()
    print(markdown(measured(given.households, given.rounds)))


if __name__ == "__main__":
    main()
