"""Time the calibration of weights beside plain ways to the same weights, in one run on one thread.

    python -m benchmarks.calibration [--households 100000] [--rounds 5] [--json FILE]

The controls are those of a county: residents by area, households by size, persons by sex and age. The totals
are met by some weights, so every way has the same answer; it is compared before any clock starts. The peers:

- `newton`: Newton steps on the dual with dense NumPy arrays, as survey libraries calibrate by raking;
- `lbfgs`: scipy's L-BFGS-B on the same dual (it stops at a miss of about 1e-6);
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LIMIT_S, MISS = 0.2, 1e-9
HOUSEHOLDS, CONTROLS, ROUNDS = 100_000, 40, 5
ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMBA")}
Row = dict[str, Any]


def controls(households: int, seed: int = 5) -> tuple[dict[str, Any], Any, Any]:
    """40 control columns of households, their totals, and starting weights."""
    import numpy as np

    draw = np.random.default_rng(seed)
    size, urban = draw.integers(1, 7, households), draw.random(households) < 0.4
    owner = np.repeat(np.arange(households), size)
    group = draw.integers(0, 32, len(owner))
    columns = {
        f"residents {area}": np.where(urban == k, size, 0.0) for k, area in enumerate(("rural", "urban"))
    }
    columns |= {f"size {k}": (size == k).astype(float) for k in range(1, 7)}
    columns |= {
        f"sex and age {k}": np.bincount(owner[group == k], minlength=households).astype(float)
        for k in range(32)
    }
    weights = draw.uniform(0.5, 3.0, households)
    tilted = weights * np.exp(0.3 * draw.normal(size=households) + 0.1 * urban)
    totals = np.array([float(np.sum(column * tilted)) for column in columns.values()])
    return columns, totals, weights


def dense_newton(design: Any, totals: Any, weights: Any) -> Any:
    """Raking by Newton's method, written as a survey library would with dense arrays."""
    import numpy as np

    multipliers = np.zeros(design.shape[1])
    new = weights
    for _ in range(50):
        miss = totals - design.T @ new
        if np.abs(miss / totals).max() <= MISS:
            return new
        step = np.linalg.lstsq(design.T @ (design * new[:, None]), miss, rcond=None)[0]
        multipliers += step
        new = weights * np.exp(design @ multipliers)
    raise RuntimeError("did not converge")


def lbfgs(design: Any, totals: Any, weights: Any) -> Any:
    """Raking by a general minimiser of the dual."""
    import numpy as np
    from scipy.optimize import minimize

    scaled = design / totals

    def dual(u: Any) -> tuple[float, Any]:
        new = weights * np.exp(scaled @ u)
        return float(new.sum() - u.sum()), scaled.T @ new - 1.0

    start = np.zeros(len(totals))
    found = minimize(
        dual, start, jac=True, method="L-BFGS-B", options={"maxiter": 2000, "gtol": 1e-9, "ftol": 0}
    )
    return weights * np.exp(scaled @ found.x)


def measure(households: int, rounds: int) -> list[Row]:
    """Times of each way in turn, in this process."""
    import numpy as np

    from microsim.population import calibrate

    columns, totals, weights = controls(households)
    design = np.column_stack(list(columns.values()))
    ways: dict[str, Callable[[], Any]] = {
        "microsim": lambda: calibrate(design, totals, weights)[0],
        "microsim, columns, bounds": lambda: calibrate(columns, totals, weights, bounds=(0.2, 5.0))[0],
        "newton": lambda: dense_newton(design, totals, weights),
        "lbfgs": lambda: lbfgs(design, totals, weights),
    }
    reference = ways["newton"]()
    rows = []
    for name, way in ways.items():
        new = way()
        miss = float(np.abs(design.T @ new / totals - 1.0).max())
        apart = float(np.abs(new / reference - 1.0).max())
        rows.append({"way": name, "miss": miss, "apart": apart, "times": []})
    for _ in range(rounds):
        for row in rows:
            start = time.perf_counter()
            ways[row["way"]]()
            row["times"].append(time.perf_counter() - start)
    return rows


def measured(households: int = HOUSEHOLDS, rounds: int = ROUNDS) -> list[Row]:
    """``measure`` in a process of its own, held to one thread."""
    command = [sys.executable, "-m", "benchmarks.calibration", "--here"]
    command += ["--households", str(households), "--rounds", str(rounds)]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **ONE_THREAD}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr}")
    rows: list[Row] = json.loads(done.stdout.strip().splitlines()[-1])
    return rows


def markdown(rows: list[Row], households: int = HOUSEHOLDS) -> str:
    """The table, and whether the limit is met."""
    ours = min(rows[0]["times"])
    lines = [
        f"### Calibration of {households:,} households to {CONTROLS} controls, one thread",
        "",
        "| way | min s | / microsim | largest relative miss | furthest from `newton` |",
        "|---|---:|---:|---:|---:|",
    ]
    for row in rows:
        least = min(row["times"])
        lines.append(
            f"| {row['way']} | {least:.3f} | {least / ours:.2f} | {row['miss']:.1e} | {row['apart']:.1e} |"
        )
    met = ours <= LIMIT_S and rows[0]["miss"] <= MISS
    lines += [
        "",
        f"Limit: {LIMIT_S:g} s and {MISS:g}; measured {ours:.3f} s and {rows[0]['miss']:.1e}: "
        f"{'met' if met else '**missed**'}.",
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--households", type=int, default=HOUSEHOLDS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--json", type=Path, help="write the times here as well")
    parser.add_argument("--here", action="store_true", help="in this process, printed as JSON")
    options = parser.parse_args()
    if options.here:
        print(json.dumps(measure(options.households, options.rounds)))
        return
    rows = measured(options.households, options.rounds)
    print(markdown(rows, options.households))
    if options.json:
        options.json.write_text(json.dumps(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
