"""Time `microsim synth` of a county of 100,000 households, each time in a process of its own.

    python -m benchmarks.synthesis [--households 100000] [--rounds 5] [--profile PROFILE]

Start of the interpreter and imports are inside the clock, as a user sees them; the folder is regenerated each
time. Minima are compared, because other load on a machine only ever adds; `busy` is what all processors
together spent.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PROFILE = ROOT / "data" / "synthetic" / "h-county" / "profile.yaml"
HOUSEHOLDS, ROUNDS, LIMIT_S = 100_000, 5, 5.0
Row = dict[str, Any]


def measured(households: int = HOUSEHOLDS, rounds: int = ROUNDS, profile: Path = PROFILE) -> list[Row]:
    """Seconds and processor seconds of each round, on all processors and on one thread."""
    rows = []
    for threads in (None, 1):
        environment = dict(os.environ)
        if threads:
            environment |= {f"{name}_NUM_THREADS": str(threads) for name in ("OMP", "OPENBLAS", "MKL")}
            environment["MICROSIM_THREADS"] = str(threads)
        spent = [_once(households, profile, environment) for _ in range(rounds)]
        wall, busy = zip(*spent, strict=True)
        name = "microsim-1t" if threads else "microsim"
        rows.append({"variant": name, "households": households, "wall": wall, "busy": busy})
    return rows


def _once(households: int, profile: Path, environment: dict[str, str]) -> tuple[float, float]:
    with tempfile.TemporaryDirectory() as work:
        command = [sys.executable, "-m", "microsim.cli.main", "synth", str(profile), "--quiet"]
        command += ["--households", str(households), "--out", f"{work}/county"]
        before, began = _children(), time.perf_counter()
        subprocess.run(command, cwd=ROOT, env=environment, check=True)
        return time.perf_counter() - began, _children() - before


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def markdown(rows: list[Row]) -> str:
    """The table, and the limit it is held against."""
    lines = [
        f"### `microsim synth`, {rows[0]['households']:,} households of H county",
        "",
        "| variant | median s | min s | busy s |",
        "|---|---:|---:|---:|",
    ]
    for row in rows:
        wall, busy = sorted(row["wall"]), min(row["busy"])
        lines.append(f"| {row['variant']} | {wall[len(wall) // 2]:.2f} | {wall[0]:.2f} | {busy:.2f} |")
    best = min(rows[0]["wall"])
    met = "met" if best <= LIMIT_S else "**missed**"
    return "\n".join([*lines, "", f"Limit: {LIMIT_S:g} s; measured {best:.2f} s: {met}.", ""])


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--households", type=int, default=HOUSEHOLDS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--profile", type=Path, default=PROFILE)
    given = parser.parse_args()
    print(markdown(measured(given.households, given.rounds, given.profile)))


if __name__ == "__main__":
    main()
