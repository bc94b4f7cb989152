"""Time a projection: ten years under five laws of 100,000 households, after compilation.

    python -m benchmarks.projection [--households 100000] [--rounds 3]

The laws differ in the rural dibao line; households grow, change places and are reweighted, and expenditure,
recipients, poverty, flows and vulnerability are computed for each law and year; then the same years are
followed month by month under each law. Minima are compared, because other load on a machine only ever adds;
`busy` is what all processors together spent.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from microsim.policy.policy import Policy
    from microsim.population import Population

HOUSEHOLDS, ROUNDS, LIMIT_S, LIMIT_MONTHS_S = 100_000, 3, 6.0, 20.0
YEARS = (2020, 2029)
LINES = (4560, 4860, 5160, 5460, 5760)  # rural, yuan a year
DAY = "2020-12-31"
ECONOMY = {
    "income_growth": 0.05,
    "price_growth": 0.02,
    "mobility": {"persistence": 0.85},
    "population": {"area": {"rural": -0.02, "urban": 0.01}},
}
OUTPUTS = ("caseload", "cost", "poverty", "flows", "vulnerability")
Row = dict[str, Any]


def measured(households: int = HOUSEHOLDS, rounds: int = ROUNDS) -> list[Row]:
    """Seconds and processor seconds of each round, on all processors and on one thread, and by month."""
    import microsim as ms
    from benchmarks.whole_law import COUNTY, population
    from microsim.studies.projection.study import project_many

    repeated = max(1, -(-households // ms.Population.read(COUNTY).n_households))
    county = population(repeated)
    county = county.select(np.arange(county.n_households) < households)
    law = ms.Policy.load(DAY)
    laws = {
        str(line): law.reform({"dibao.line": {"by": {"rural": line, "urban": 7200}}}, allow_unusual=True)
        for line in LINES
    }

    def project(years: tuple[int, int], threads: int | None = None) -> None:
        project_many(county, laws, ECONOMY, years, outputs=OUTPUTS, threads=threads)

    ways: dict[str, Callable[[tuple[int, int]], None]] = {
        "microsim": project,
        "microsim-1t": lambda years: project(years, 1),
        "microsim-months": lambda years: by_month(county, laws, years),
    }
    rows = []
    for name, call in ways.items():
        call((YEARS[0], YEARS[0] + 1))  # compiles
        wall, busy = [], []
        for _ in range(rounds):
            began, spent = time.perf_counter(), time.process_time()
            call(YEARS)
            wall.append(time.perf_counter() - began)
            busy.append(time.process_time() - spent)
        rows.append({"variant": name, "households": county.n_households, "wall": wall, "busy": busy})
    return rows


def by_month(county: Population, laws: Mapping[str, Policy], years: tuple[int, int]) -> None:
    """The households of the projection, followed month by month under each law."""
    from microsim.scenario.economy import Economy
    from microsim.studies.months.study import Period, follow_months
    from microsim.studies.projection.study import households_over

    first = next(iter(laws.values()))
    households, _ = households_over(county, first, Economy.of(ECONOMY), years[0], 1, county.county)
    people = {year: households.of(year)[0] for year in range(years[0], years[1] + 1)}
    for law in laws.values():
        follow_months(Period(year, one, law) for year, one in people.items())


def markdown(rows: list[Row]) -> str:
    """The table, and the limit it is held against."""
    years = YEARS[1] - YEARS[0] + 1
    lines = [
        f"### A projection of {rows[0]['households']:,} households, {years} years under {len(LINES)} laws",
        "",
        "| variant | median s | min s | busy s |",
        "|---|---:|---:|---:|",
    ]
    for row in rows:
        wall, busy = sorted(row["wall"]), min(row["busy"])
        lines.append(f"| {row['variant']} | {wall[len(wall) // 2]:.2f} | {wall[0]:.2f} | {busy:.2f} |")
    lines.append("")
    for row, limit in zip((rows[0], rows[-1]), (LIMIT_S, LIMIT_MONTHS_S), strict=True):
        best = min(row["wall"])
        met = "met" if best <= limit else "**missed**"
        lines.append(f"Limit of {row['variant']}: {limit:g} s; measured {best:.2f} s: {met}.")
    return "\n".join([*lines, ""])


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
