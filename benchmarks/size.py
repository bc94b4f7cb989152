"""How long a population of 10 million persons takes, and how much memory: made, stored, simulated.

    python -m benchmarks.size [--households 3200000] [--profile data/synthetic/h-county/profile.yaml]

Each stage runs in a process of its own and prints one row: seconds, peak MiB of the process, a figure. The
last stage has all of it in memory, and must come to the very sum of the second. The folder is regenerated and
removed at the end.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measure import peak_mib

if TYPE_CHECKING:
    from microsim.population import Population

ROOT = Path(__file__).resolve().parents[1]
LAW = "2020-12-31"
CHANGES = [{"dibao.line": {"by": {"rural": 4000.0 + 400.0 * k}}} for k in range(10)]


def make(folder: Path, profile: Path, households: int) -> str:
    """Synthesise and store."""
    from microsim.population import County, synthesize_to

    made = synthesize_to(County.read(profile), folder, households=households)
    stored = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return f"{made[1]:,} persons in {made[0]:,} households, {stored / 2**20:.0f} MiB on disk"


def simulate(folder: Path, *_: object) -> str:
    """The whole law, every benefit of every household, from disk."""
    import microsim as ms

    return _benefits(ms.Population.open(folder))


def reforms(folder: Path, *_: object) -> str:
    """Totals of the whole law under ten rural dibao lines, from disk."""
    import microsim as ms

    table = ms.simulate_many(
        ms.Population.open(folder), ms.Policy.load(LAW), CHANGES, ["total_benefits", "dibao_benefit"]
    )
    return f"{len(table)} totals; their sum {table['value'].sum()} yuan"


def in_memory(folder: Path, *_: object) -> str:
    """The same as ``simulate``, with every column in memory."""
    import microsim as ms

    return _benefits(ms.Population.read(folder))


def _benefits(population: Population) -> str:
    import microsim as ms
    from microsim.studies.common.outputs import baseline_outputs

    policy = ms.Policy.load(LAW)
    outputs = baseline_outputs(policy)
    result = ms.simulate(population, policy, outputs, totals=["total_benefits"])
    areas = " + ".join(str(value) for value in result.total("total_benefits", by="area"))
    return f"{len(outputs)} outputs; benefits {areas} yuan"


STAGES: dict[str, Callable[..., str]] = {
    "make": make,
    "simulate": simulate,
    "reforms": reforms,
    "in memory": in_memory,
}


def main() -> None:
    """Run all stages, or (``--stage``) one of them in this process."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--households", type=int, default=3_200_000)
    parser.add_argument("--profile", type=Path, default=ROOT / "data/synthetic/h-county/profile.yaml")
    parser.add_argument("--stage", choices=STAGES, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.stage:
        began = time.perf_counter()
        outcome = STAGES[given.stage](given.folder, given.profile, given.households)
        print(json.dumps([time.perf_counter() - began, peak_mib(), outcome]))
        return
    print("| stage | s | peak MiB | |\n|---|---:|---:|---|")
    with tempfile.TemporaryDirectory() as work:
        for stage in STAGES:
            command = [
                sys.executable,
                "-m",
                "benchmarks.size",
                "--stage",
                stage,
                "--folder",
                f"{work}/county",
            ]
            command += ["--profile", str(given.profile), "--households", str(given.households)]
            done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
            seconds, peak, outcome = json.loads(done.stdout.splitlines()[-1])
            print(f"| {stage} | {seconds:.0f} | {peak:,.0f} | {outcome} |", flush=True)


if __name__ == "__main__":
    main()
