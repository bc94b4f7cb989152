"""Time a sweep: 1,000 scenarios of 100,000 households under the whole law, after compilation.

    python -m benchmarks.sweeps [--households 100000] [--scenarios 1000] [--rounds 1]

The classes of figures are timed by themselves: sums under an amount on which little depends (`amounts`), sums
under both dibao lines, on which nearly everything depends (`lines`), headcount and gap of poverty at given
lines (`poverty`), the Gini coefficient before and after benefits (`gini`), and one separate run of a
scenario (`run`), whose household outcomes and figures are what a sweep spares. Minima are compared, because
other load on a machine only ever adds; `busy` is what all processors together spent.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from microsim.population import Population

HOUSEHOLDS, SCENARIOS, ROUNDS = 100_000, 1_000, 1
# Seconds for 1,000 scenarios of 100,000 households on 2 processors.
LIMITS = {"amounts": 5.0, "lines": 25.0, "poverty": 40.0, "gini": 120.0}
SEPARATE = 0.1  # of as many separate runs
LINE = {"dibao.line.rural": {"from": 4000, "to": 5600}, "dibao.line.urban": {"from": 6800, "to": 7600}}
AMOUNT = {f"dibao.top_up.minor.{area}": {"from": 500, "to": 1500} for area in ("rural", "urban")}
CLASSES: Mapping[str, tuple[Mapping[str, Any], tuple[str, ...]]] = {
    "amounts": (AMOUNT, ("cost", "caseload")),
    "lines": (LINE, ("cost", "caseload")),
    "poverty": (LINE, ("poverty",)),
    "gini": (LINE, ("inequality",)),
}
Row = dict[str, Any]


def measured(
    households: int = HOUSEHOLDS,
    scenarios: int = SCENARIOS,
    rounds: int = ROUNDS,
    classes: Sequence[str] = tuple(CLASSES),
) -> list[Row]:
    """Seconds and processor seconds of each class for all scenarios, and of a separate run."""
    import microsim as ms
    from benchmarks.whole_law import COUNTY, population
    from microsim.studies.common.baseline import run_scenario
    from microsim.sweeps.sweep_file import read_grid
    from microsim.sweeps.work import SweepWork

    repeated = max(1, -(-households // ms.Population.read(COUNTY).n_households))
    county = population(repeated)
    county = county.select(np.arange(county.n_households) < households)
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as place:
        scenario = written(Path(place), county, COUNTY)
        for name in classes:
            axes, outputs = CLASSES[name]
            content = {"scenario": scenario, "axes": axes, "outputs": list(outputs)}
            warm = read_grid({**content, "design": {"latin_hypercube": 2}}, allow_unusual=True)
            work = SweepWork(warm)
            work.rows(0, None)  # compiles, and reads the county
            work = SweepWork(
                read_grid({**content, "design": {"latin_hypercube": scenarios}}, allow_unusual=True)
            )
            _ = work.population

            def sweep(work: SweepWork = work) -> None:
                for number in range(work.count):
                    work.rows(number, None)

            rows.append({"class": name, "scenarios": scenarios, **timed(sweep, rounds)})
        loaded = ms.load_scenario(scenario)
        run_scenario(loaded)  # compiles
        rows.append({"class": "run", "scenarios": 1, **timed(lambda: run_scenario(loaded), max(rounds, 2))})
    return [{"households": county.n_households, **row} for row in rows]


def written(place: Path, county: Population, home: Path) -> Path:
    """The county in a folder with its profile, and a scenario beside it."""
    county.write(place / "county")
    (place / "county" / "profile.yaml").write_bytes((home / "profile.yaml").read_bytes())
    path = place / "base.yaml"
    path.write_text(
        "county: county\nlaw: 2020-12-31\nchanges: {dibao.line: {by: {rural: 4560, urban: 7200}}}\n",
        encoding="utf-8",
    )
    return path


def timed(call: Callable[[], object], rounds: int) -> Row:
    """Seconds on the clock and of the processors, of each round."""
    wall, busy = [], []
    for _ in range(rounds):
        began, spent = time.perf_counter(), time.process_time()
        call()
        wall.append(time.perf_counter() - began)
        busy.append(time.process_time() - spent)
    return {"wall": wall, "busy": busy}


def markdown(rows: list[Row]) -> str:
    """The table, and the limits it is held against."""
    one = min(rows[-1]["busy"])
    lines = [
        f"### Sweeps of {rows[0]['households']:,} households under the whole law",
        "",
        "| figures | scenarios | min s | busy s | 1,000 x 100,000 on 2 idle processors, s | limit s "
        "| of separate runs |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for row in rows[:-1]:
        busy, name = min(row["busy"]), row["class"]
        full = busy * SCENARIOS / row["scenarios"] * HOUSEHOLDS / row["households"] / 2
        lines.append(
            f"| {name} | {row['scenarios']:,} | {min(row['wall']):.2f} | {busy:.2f} | {full:.1f} "
            f"| {LIMITS[name]:g} | {busy / (one * row['scenarios']):.4f} |"
        )
    lines += [
        "",
        f"A separate run takes {one:.2f} s of a processor; a sweep is to take less than {SEPARATE:g}.",
    ]
    return "\n".join([*lines, ""])


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--households", type=int, default=HOUSEHOLDS)
    parser.add_argument("--scenarios", type=int, default=SCENARIOS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--classes", nargs="+", default=list(CLASSES), choices=list(CLASSES))
    given = parser.parse_args()
    print(markdown(measured(given.households, given.scenarios, given.rounds, given.classes)))


if __name__ == "__main__":
    main()
