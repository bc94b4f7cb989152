"""One measurement in a process of its own; prints one line of JSON.

    python -m benchmarks.measure T1 --population FILE [--variant microsim] [--seconds 3]

Import, loading, the first call (which compiles, or reads the kernel cache) and later calls are timed apart.
The peak is the largest resident size of the whole process, interpreter, libraries and population included.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from pathlib import Path
from typing import Any


def peak_mib() -> float:
    """Largest resident size of this process so far."""
    try:
        with open("/proc/self/status", encoding="ascii") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmHWM:")) / 2**10
    except OSError:  # no /proc; on Linux getrusage would give the parent's peak where that is larger
        size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return size / 2**20 if sys.platform == "darwin" else size / 2**10  # bytes there, KiB elsewhere


def measure(task: str, population: Path, variant: str, seconds: float) -> dict[str, Any]:
    """Time one task until ``seconds`` are spent, at least three times after the first call."""
    began = time.perf_counter()
    # Libraries that the first call would import: their time is theirs. numba reads scipy for its own use.
    import numba  # noqa: F401
    import pandas  # noqa: F401
    import scipy.linalg  # noqa: F401

    from benchmarks.bench_population import load
    from benchmarks.impl_microsim import VARIANTS, Impl

    imported = time.perf_counter()
    columns = load(population)
    impl = Impl(**VARIANTS[variant])
    before_load = time.perf_counter()
    impl.load(columns)
    loaded = time.perf_counter()
    call = getattr(impl, task.lower())
    call()
    first = time.perf_counter() - loaded
    times: list[float] = []
    while len(times) < 3 or (sum(times) < seconds and len(times) < 1000):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return {
        "variant": variant,
        "task": task,
        "households": len(columns["area"]),
        "persons": len(columns["age"]),
        "import_s": imported - began,
        "load_s": loaded - before_load,
        "first_s": first,
        "times": times,
        "peak_mib": peak_mib(),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Time one task of the bench policy and print JSON.")
    parser.add_argument("task", choices=("T1", "T2", "T3"))
    parser.add_argument("--population", type=Path, required=True)
    parser.add_argument("--variant", default="microsim")
    parser.add_argument("--seconds", type=float, default=3.0)
    options = parser.parse_args()
    print(json.dumps(measure(options.task, options.population, options.variant, options.seconds)))


if __name__ == "__main__":
    main()
