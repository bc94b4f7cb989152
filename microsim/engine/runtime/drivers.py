"""The drivers: every household once, many scenarios in one pass, one member's earnings over a grid.

Weighted sums are taken over fixed blocks of households in a fixed order, so that they have the same bits on
any number of threads and for data that comes in pieces.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from microsim.engine.compiler.emit import BLOCK
from microsim.engine.runtime.arrays import Data, Floats, parameter_vector, varying_matrix
from microsim.engine.runtime.kernels import Kernel, kernel_and_layout, output_type
from microsim.engine.runtime.layout import Groups, Layout
from microsim.engine.runtime.memory import refuse_no_room, writable
from microsim.errors import InputError, Offence

if TYPE_CHECKING:
    from microsim.engine.policy.policy import Policy

CACHED_BLOCKS = 32  # whose values stay in the processor's cache from one step to the next
WAVE_BYTES = 64 * 2**20  # of partial sums that are held at a time

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
    groups, fixed = Groups.of(data, by), parameters_for(policy, kernel)
    arrays = {name: _array(kernel, name, layout, reuse) for name in kernel.outputs}
    count, carry = layout.n_households, carry or Carry()
    start = carry.households % BLOCK
    blocks = -(-(start + count) // BLOCK)
    sums = np.zeros((blocks, len(groups.names), len(totals)))
    if carry.broken is not None and blocks:
        sums[0] = carry.broken

    def work(first: int, last: int) -> None:
        kernel.function(
            first,
            last,
            start,
            layout.offsets,
            layout.weight,
            groups.codes,
            sums[first:last],
            fixed,
            layout.most_members,
            *layout.columns.values(),
            *arrays.values(),
        )

    in_threads(work, blocks, threads_in_use(threads))
    total = _gathered(sums, carry, start + count)
    carry.households += count
    return Evaluated(arrays, total, tuple(totals), groups.names, kernel)


def _array(
    kernel: Kernel, name: str, layout: Layout, reuse: Mapping[str, NDArray[Any]] | None
) -> NDArray[Any]:
    person = kernel.plan.nodes[name].level == "person"
    size = layout.n_persons if person else layout.n_households
    dtype = output_type(kernel.plan, name, layout)
    old = None if reuse is None else reuse.get(name)
    return old if old is not None and old.shape == (size,) and old.dtype == dtype else np.empty(size, dtype)


def _gathered(sums: Floats, carry: Carry, reached: int) -> Floats:
    """Block sums added up in order; the last block is kept apart where the next piece goes on with it."""
    full = reached // BLOCK
    whole = _in_order(np.zeros(sums.shape[1:]) if carry.whole is None else carry.whole, sums[:full])
    carry.whole = whole
    carry.broken = sums[full].copy() if len(sums) > full else None
    return whole + carry.broken if carry.broken is not None else whole


def _in_order(start: Floats, blocks: Floats) -> Floats:
    """``start`` and the sums of blocks added up one after the other, never in pairs."""
    return np.asarray(np.add.accumulate(np.concatenate([start[np.newaxis], blocks]))[-1])


def weighted_totals(values: NDArray[Any], weight: Floats, groups: Groups) -> Floats:
    """Weighted totals of household ``values`` by group, with the bits of those that a kernel takes."""
    count, names = CACHED_BLOCKS * BLOCK, len(groups.names)
    place = np.repeat(np.arange(min(CACHED_BLOCKS, -(-len(values) // BLOCK))) * names, BLOCK)
    total = np.zeros(names)
    for first in range(0, len(values), count):
        rows = slice(first, first + count)
        with np.errstate(invalid="ignore"):  # infinity times no weight: for the caller to name
            weighted = values[rows] * weight[rows]
        blocks = -(-len(weighted) // BLOCK)
        cells = place[: len(weighted)] + groups.codes[rows]
        sums = np.bincount(cells, weighted, blocks * names).astype(np.float64, copy=False)
        total = _in_order(total, sums.reshape(blocks, names))
    return total


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
    groups, fixed = Groups.of(data, by), parameters_for(policies[0], kernel)
    count, carry = layout.n_households, carry or Carry()
    start = carry.households % BLOCK
    blocks = -(-(start + count) // BLOCK)
    varied = varying_matrix(list(policies), kernel.plan)
    shape = (len(outputs), len(groups.names), len(policies))
    wave = max(1, WAVE_BYTES // (8 * int(np.prod(shape)) or 1))
    whole = np.zeros(shape) if carry.whole is None else carry.whole.copy()
    broken = carry.broken
    threads = threads_in_use(threads)
    full = (start + count) // BLOCK
    for first_of_wave in range(0, blocks, wave):
        sums = np.zeros((min(wave, blocks - first_of_wave), *shape))
        if first_of_wave == 0 and carry.broken is not None:
            sums[0] = carry.broken

        def work(first: int, last: int, base: int = first_of_wave, sums: Floats = sums) -> None:
            kernel.function(
                base + first,
                base + last,
                start,
                layout.offsets,
                layout.weight,
                groups.codes,
                sums[first:last],
                fixed,
                varied,
                layout.most_members,
                *layout.columns.values(),
            )

        in_threads(work, len(sums), threads)
        for k, block in enumerate(sums):
            if first_of_wave + k < full:
                whole += block
            else:
                broken = block.copy()
    carry.households += count
    carry.whole, carry.broken = whole.copy(), broken if (start + count) % BLOCK else None
    return (whole + carry.broken if carry.broken is not None else whole), groups


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
    shape = (len(rows), len(grid))
    types = {name: output_type(kernel.plan, name, layout) for name in kernel.outputs}
    arrays = {
        name: array
        for name, array in ({} if reuse is None else reuse).items()
        if name in types and _can_hold(array, shape, types[name])
    }
    new = [name for name in types if name not in arrays]
    size = sum(shape[0] * shape[1] * np.dtype(types[name]).itemsize for name in new)
    refuse_no_room(*shape, new, size)
    arrays = {name: arrays[name] if name in arrays else np.empty(shape, types[name]) for name in types}
    rows, walked, grid, fixed = (
        writable(rows),
        writable(walked),
        writable(grid),
        parameters_for(policy, kernel),
    )

    def work(first: int, last: int) -> None:
        kernel.function(
            first,
            last,
            rows,
            walked,
            grid,
            layout.offsets,
            fixed,
            layout.most_members,
            *layout.columns.values(),
            *arrays.values(),
        )

    in_threads(work, len(rows), threads_in_use(threads))
    return arrays, kernel


def _can_hold(array: NDArray[Any], shape: tuple[int, int], dtype: Any) -> bool:
    """Whether results can be written to an array of an earlier walk."""
    usable = array.flags.writeable and array.flags.c_contiguous
    return bool(usable and array.shape == shape and array.dtype == dtype)


def parameters_for(policy: Policy, kernel: Kernel) -> Floats:
    """The parameter vector, remembered on the (frozen) policy."""
    known: dict[Kernel, Floats] = policy.__dict__.setdefault("_vectors", {})
    if kernel not in known:  # two kernels of one text may look up categories in another order
        known[kernel] = parameter_vector(policy, kernel.plan)
    return known[kernel]
