"""The plain way beside the tuned way, and what one call costs beside its kernel.

    python -m benchmarks.plain

The tuned way (T1) writes into the arrays of the call before and takes its totals on the way. The plain way is
what a user writes first: one ``simulate``, then ``.households`` and ``.total(by=)``. Both are timed in turn
in one process, so that the ratio hangs little on the machine.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks import bench_policy as bench
from benchmarks.bench_population import generate
from benchmarks.impl_microsim import Impl
from benchmarks.report import Limit
from microsim.engine.compiler.emit import BLOCK
from microsim.engine.runtime.drivers import parameters_for
from microsim.engine.runtime.kernels import kernel_and_layout
from microsim.engine.runtime.layout import Groups

Row = dict[str, Any]
LARGE, SMALL = 1_000_000, 10_000
PLAIN_RATIO = 1.5  # most times the tuned way
OVERHEAD_MS = 0.15  # most milliseconds of one call beside its kernel


def measured(seconds: float = 5.0, large: int = LARGE, small: int = SMALL) -> Row:
    """Seconds of both ways on ``large`` households, and of a call and its bare kernel on ``small``."""
    impl = _loaded(large)
    tuned, plain = _in_turn(impl.t1, impl.plain, seconds)
    one = _loaded(small, threads=1)
    call, bare = _in_turn(one.t1, _bare_kernel(one), seconds)
    return {"households": large, "tuned": tuned, "plain": plain, "small": small, "call": call, "bare": bare}


def _loaded(households: int, threads: int | None = None) -> Impl:
    impl = Impl(threads)
    impl.load(generate(households))
    return impl


def _in_turn(one: Callable[[], Any], other: Callable[[], Any], seconds: float) -> tuple[float, float]:
    """The least time of each, called in turn until ``seconds`` are spent, at least three times."""
    times: tuple[list[float], list[float]] = ([], [])
    one(), other()
    end = time.perf_counter() + seconds
    while len(times[0]) < 3 or time.perf_counter() < end:
        for call, spent in zip((one, other), times, strict=True):
            start = time.perf_counter()
            call()
            spent.append(time.perf_counter() - start)
    return min(times[0]), min(times[1])


def _bare_kernel(impl: Impl) -> Callable[[], Any]:
    """The kernel of T1 alone, on one thread, with arrays that are there already."""
    data, policy = impl.population, impl.policy
    kernel, layout = kernel_and_layout(policy, bench.OUTPUTS, data, totals=["benefits"])
    groups, fixed = Groups.of(data, "area"), parameters_for(policy, kernel)
    blocks = -(-layout.n_households // BLOCK)
    sums = np.zeros((blocks, len(groups.names), 1))
    outs = [np.empty(layout.n_households) for _ in bench.OUTPUTS]

    def run() -> None:
        kernel.function(
            0, blocks, 0, layout.offsets, layout.weight, groups.codes, sums, fixed, layout.most_members,
            *layout.columns.values(), *outs,
        )  # fmt: skip

    return run


def ratio(row: Row) -> float:
    """Time of the plain way over that of the tuned way."""
    return float(row["plain"] / row["tuned"])


def overhead_ms(row: Row) -> float:
    """Milliseconds of one call beside its kernel."""
    return 1e3 * float(row["call"] - row["bare"])


def limits(row: Row) -> list[Limit]:
    """What both measures are held against."""
    times, beside = ratio(row), overhead_ms(row)
    return [
        Limit(
            f"plain way on {row['households']:,} households: time over the tuned way's",
            f"<= {PLAIN_RATIO:g}",
            f"{times:.2f}",
            times <= PLAIN_RATIO,
        ),
        Limit(
            f"one call on {row['small']:,} households: time beside its kernel",
            f"<= {OVERHEAD_MS:g} ms",
            f"{beside:.3f} ms",
            beside <= OVERHEAD_MS,
        ),
    ]


def main() -> None:
    for limit in limits(measured()):
        print(f"{limit.what}: {limit.measured} (limit {limit.limit})")


if __name__ == "__main__":
    main()
