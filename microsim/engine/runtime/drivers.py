"""The drivers: every household once, many scenarios in one pass, one member's earnings over a grid.

Weighted sums are taken over fixed blocks of households in a fixed order, so that they have the same bits on
any number of threads and for data that comes in pieces.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from microsim.engine.compiler.emit import BLOCK
from microsim.engine.runtime.arrays import Data, Floats, parameter_vector, varying_matrix
from microsim.engine.runtime.kernels import Kernel, kernel_and_layout
from microsim.engine.runtime.layout import Groups, Layout
from microsim.engine.runtime.memory import refuse_no_room, writable
from microsim.errors import InputError, Offence
from microsim.numerics.sums import weighted_by_group

if TYPE_CHECKING:
    from microsim.policy.policy import Policy

WAVE_BYTES = 32 * 2**20  # of partial sums that are held at a time

_pools: dict[int, ThreadPoolExecutor] = {}


def threads_in_use(threads: int | None = None) -> int:
    """Threads a driver uses: the argument, else ``MICROSIM_THREADS``, else the processors at hand."""
    if threads is not None:
        chosen: str | int = threads
    else:
        chosen = os.environ.get("MICROSIM_THREADS") or _processors()
    try:
        number = int(chosen)
    except ValueError:
        number = 0
    if number < 1:
        place = "MICROSIM_THREADS" if threads is None else "threads"
        raise InputError(Offence(f"the number of threads is {chosen!r}", place, "a whole number from 1"))
    return number


def _processors() -> int:
    """Processors this process may use; where the system does not say, all there are."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_threads(work: Callable[[int, int], None], count: int, threads: int) -> None:
    """``work(first, last)`` over ``range(count)`` in equal parts; kernels release the interpreter lock."""
    parts = min(threads, count)
    if parts <= 1:
        work(0, count)
        return
    pool = _pools.get(threads)
    if pool is None or pool._shutdown:
        pool = _pools[threads] = ThreadPoolExecutor(threads, thread_name_prefix="microsim")
    cuts = [count * k // parts for k in range(parts + 1)]
    futures = [pool.submit(work, a, b) for a, b in pairwise(cuts[1:])]
    work(cuts[0], cuts[1])
    for future in futures:
        future.result()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_pools.clear)  # threads do not survive a fork


@dataclass(frozen=True)
class Evaluated:
    """Outputs by name (one value a household or person), and weighted totals: (group, total name)."""

    arrays: dict[str, NDArray[Any]]
    totals: Floats
    total_names: tuple[str, ...]
    groups: tuple[str, ...]
    kernel: Kernel


@dataclass
class Carry:
    """Sums of data that comes in pieces: households so far, sums of whole blocks and of a broken one."""

    households: int = 0
    whole: Floats | None = None
    broken: Floats | None = None


def evaluate(
    policy: Policy,
    data: Data,
    outputs: Sequence[str],
    *,
    totals: Sequence[str] = (),
    by: str | None = None,
    reuse: Mapping[str, NDArray[Any]] | None = None,
    carry: Carry | None = None,
    threads: int | None = None,
) -> Evaluated:
    """Every household once.

    ``totals``: household values whose weighted sums by ``by`` are taken in the same pass. ``reuse``: arrays
    of an earlier result to write into. ``carry``: pass the same object for consecutive pieces of one
    population; the totals returned are then those of all pieces so far, with the bits of a single pass.
    """
    kernel, layout = kernel_and_layout(policy, outputs, data, totals=totals)
    groups, arrays = Groups.of(data, by), _arrays(layout, reuse)
    shape, fixed = (len(groups.names), len(totals)), parameters_for(policy, kernel)
    total = _over_blocks(kernel, layout, groups, shape, (fixed,), arrays.values(), carry, threads)
    return Evaluated(arrays, total, tuple(totals), groups.names, kernel)


def totals(
    policies: Sequence[Policy],
    varying: Sequence[str],
    data: Data,
    outputs: Sequence[str],
    *,
    by: str | None = None,
    carry: Carry | None = None,
    threads: int | None = None,
) -> tuple[Floats, Groups]:
    """Weighted sums of household ``outputs`` under S policies that differ in ``varying`` only, in one pass.

    ``varying``: argument names of parameters (numbers, switches or choices). Returns an array [output, group,
    scenario].
    """
    kernel, layout = kernel_and_layout(
        policies[0], (), data, driver="totals", varying=varying, totals=outputs
    )
    groups = Groups.of(data, by)
    shape = (len(outputs), len(groups.names), len(policies))
    parameters = parameters_for(policies[0], kernel), varying_matrix(policies, kernel.plan)
    return _over_blocks(kernel, layout, groups, shape, parameters, (), carry, threads), groups


def _over_blocks(
    kernel: Kernel,
    layout: Layout,
    groups: Groups,
    shape: tuple[int, ...],
    parameters: tuple[Floats, ...],
    arrays: Iterable[NDArray[Any]],
    carry: Carry | None,
    threads: int | None,
) -> Floats:
    """Run the kernel over all blocks of households; their weighted sums, of ``shape``, added up in order.

    Sums of a block that the piece before has begun go on; one that is not full is kept for the next piece.
    """
    carry, threads = carry or Carry(), threads_in_use(threads)
    start = carry.households % BLOCK
    carry.households += layout.n_households
    full, rest = divmod(start + layout.n_households, BLOCK)
    blocks, wave = full + (rest > 0), max(1, WAVE_BYTES // (8 * math.prod(shape) or 1))
    whole = np.zeros(shape) if carry.whole is None else carry.whole
    arrays = (*layout.columns.values(), *arrays)
    for base in range(0, blocks, wave):
        sums = np.zeros((1 + min(wave, blocks - base), *shape))
        sums[0] = whole
        if base == 0 and carry.broken is not None:
            sums[1] = carry.broken

        def work(first: int, last: int, base: int = base, sums: Floats = sums) -> None:
            kernel.function(
                base + first, base + last, start, layout.offsets, layout.weight, groups.codes,
                sums[first + 1 : last + 1], *parameters, layout.most_members, *arrays,
            )  # fmt: skip

        in_threads(work, len(sums) - 1, threads)
        whole = np.add.accumulate(sums[: full - base + 1])[-1].copy()  # one after the other, never in pairs
        carry.broken = sums[-1].copy() if full - base + 1 < len(sums) else None
    carry.whole = whole
    return whole if carry.broken is None else whole + carry.broken


def _arrays(
    layout: Layout, reuse: Mapping[str, NDArray[Any]] | None, walk: tuple[int, int] | None = None
) -> dict[str, NDArray[Any]]:
    """Room for each output (of the shape of a ``walk``): an array of ``reuse`` that fits, else a new one."""
    out: dict[str, Any] = {}
    for name, (length, dtype) in layout.outputs.items():
        old = reuse.get(name) if reuse else None
        fits = old is not None and old.shape == (walk or (length,)) and old.dtype == dtype
        out[name] = old if fits and old is not None and old.flags.carray else None
    new = {name: layout.outputs[name] for name, array in out.items() if array is None}
    if walk and new:
        refuse_no_room(*walk, new, sum(math.prod(walk) * dtype.itemsize for _, dtype in new.values()))
    return {**out, **{name: np.empty(walk or (length,), dtype) for name, (length, dtype) in new.items()}}


def weighted_totals(values: NDArray[Any], weight: Floats, groups: Groups) -> Floats:
    """Weighted totals of household ``values`` by group, with the bits of those that a kernel takes."""
    numbers = writable(values.astype(np.float64, copy=False))
    return weighted_by_group(numbers, writable(weight), groups.codes, len(groups.names), BLOCK)


def walk(
    policy: Policy,
    data: Data,
    vary: str,
    grid: Floats,
    outputs: Sequence[str],
    rows: NDArray[np.uint64],
    walked: NDArray[np.uint64],
    *,
    reuse: Mapping[str, NDArray[Any]] | None = None,
    threads: int | None = None,
) -> tuple[dict[str, NDArray[Any]], Kernel]:
    """Household ``outputs`` of ``rows`` with ``vary`` of person ``walked`` set to each value of ``grid``."""
    kernel, layout = kernel_and_layout(policy, outputs, data, driver="walk", varying=(vary,))
    arrays = _arrays(layout, reuse, (len(rows), len(grid)))
    fixed = parameters_for(policy, kernel)
    rows, walked, grid = writable(rows), writable(walked), writable(grid)

    def work(first: int, last: int) -> None:
        kernel.function(
            first, last, rows, walked, grid, layout.offsets, fixed, layout.most_members,
            *layout.columns.values(), *arrays.values(),
        )  # fmt: skip

    in_threads(work, len(rows), threads_in_use(threads))
    return arrays, kernel


def parameters_for(policy: Policy, kernel: Kernel) -> Floats:
    """The parameter vector, remembered on the (frozen) policy."""
    known: dict[Kernel, Floats] = policy.__dict__.setdefault("_vectors", {})
    if kernel not in known:  # two kernels of one text may look up categories in another order
        known[kernel] = parameter_vector(policy, kernel.plan, kernel.cells)
    return known[kernel]
