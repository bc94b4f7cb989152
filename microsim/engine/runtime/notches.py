"""Where a household's outputs jump along one member's income: the driver of the search from flip to flip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from microsim.engine.runtime.arrays import Data, Floats
from microsim.engine.runtime.drivers import in_threads, parameters_for, threads_in_use
from microsim.engine.runtime.kernels import Kernel, kernel_and_layout
from microsim.engine.support.notch_walk import LEVELS, PLACES

if TYPE_CHECKING:
    from microsim.policy.policy import Policy

CHUNK = 4096  # households searched at a time
ROOM = 8  # places a household that there is room for at first


@dataclass(frozen=True)
class Found:
    """Places where outputs jump or bend, and what was seen on the way.

    Attributes:
        row: of each place the row of its household among those searched; rising.
        places: places x ``PLACES``: where it is, the first output just below it, its slope on both sides, the
            additional income after which it is back (nan: not within the range), the width of its bracket
            (0: exact).
        jumps: places x outputs: how much each jumps there.
        case: number of the comparison among ``kernel.text.cases``; -1 where none flips, as at a bend.
        levels: households x ``LEVELS``: the first output at the ends and at the present income, its slope
            there, and how many evaluations it took.
        flags: per household ``EXACT``, ``BRACKETED`` (the law is not piecewise linear) or ``GIVEN_UP``.
    """

    row: NDArray[np.int64]
    places: Floats
    jumps: Floats
    case: NDArray[np.int64]
    levels: Floats
    flags: NDArray[np.uint8]
    kernel: Kernel


def notches(
    policy: Policy,
    data: Data,
    vary: str,
    outputs: Sequence[str],
    rows: NDArray[np.uint64],
    walked: NDArray[np.uint64],
    low: float,
    high: float,
    present: Floats,
    *,
    smallest: float = 0.005,
    kinks: bool = False,
    threads: int | None = None,
) -> Found:
    """Every place from ``low`` to ``high`` where one of household ``outputs`` jumps by ``smallest`` or more.

    ``vary`` of person ``walked`` of each of ``rows`` moves, all else stays; ``present``: its value now.
    With ``kinks``, places at which only the slope of the first output changes are reported too. Jumps at
    ``low`` itself (between the law there and just above it) count, and at ``high``: what is reported of a
    place holds just above it. What holds at a single point only is not a notch. Where an output is not
    a number on one side only, its jump is nan or infinite. The same bits on any number of threads.
    """
    kernel, layout = kernel_and_layout(policy, outputs, data, driver="notches", varying=(vary,))
    present = np.array(present, dtype=np.float64)  # a copy of its own, whatever the caller's is
    levels = np.full((len(rows), len(LEVELS)), np.nan)
    flags = np.zeros(len(rows), np.uint8)
    fixed = parameters_for(policy, kernel)
    chunks = -(-len(rows) // CHUNK)
    parts: list[tuple[NDArray[np.uint64], Floats, Floats, NDArray[np.uint64]] | None] = [None] * chunks

    def search(chunk: int) -> None:
        first, last = chunk * CHUNK, min((chunk + 1) * CHUNK, len(rows))
        room = ROOM * (last - first)
        while True:
            owners, cases = np.empty(room, np.uint64), np.empty(room, np.uint64)
            places, jumps = np.empty((room, len(PLACES))), np.empty((room, len(outputs)))
            flags[first:last] = 0
            with np.errstate(over="ignore"):  # the number for all outcomes wraps around, in plain Python too
                found = kernel.function(
                    first, last, rows, walked, low, high, present, smallest, kinks, levels, flags,
                    owners, places, jumps, cases, layout.offsets, fixed, layout.most_members,
                    *layout.columns.values(),
                )  # fmt: skip
            if found <= room:
                parts[chunk] = (owners[:found], places[:found], jumps[:found], cases[:found])
                return
            room = found

    def work(first: int, last: int) -> None:
        for chunk in range(first, last):
            search(chunk)

    in_threads(work, chunks, threads_in_use(threads))
    done = [part for part in parts if part is not None]
    empty = (
        np.empty(0, np.uint64),
        np.empty((0, len(PLACES))),
        np.empty((0, len(outputs))),
        np.empty(0, np.uint64),
    )
    owners, places, jumps, cases = (np.concatenate(column) for column in zip(empty, *done, strict=True))
    return Found(owners.astype(np.int64), places, jumps, cases.astype(np.int64) - 1, levels, flags, kernel)
