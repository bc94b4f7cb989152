"""Synthetic counties of any size: made and written piece by piece.

Each piece is a sample of the whole county in its own right: it is drawn with ids of its own, weighted to the
county's margins, and its weights are scaled by its share of the households. The sum of the pieces then meets
the margins, and no piece needs another, so that they are made in any order, several at a time, to the same
bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from microsim.errors import InputError
from microsim.population.calibration.calibrate import CalibrationReport
from microsim.population.io.pieces import cuts
from microsim.population.io.room import refuse_no_room
from microsim.population.io.writing import written_in_pieces
from microsim.population.joining import join
from microsim.population.population import Population
from microsim.population.profile.county import County
from microsim.population.synthesis.sample import (
    HOUSEHOLDS,
    LARGEST_PIECE,
    SEED,
    SynthesisReport,
    synthesize_sample,
)
from microsim.renamed import renamed_arguments

Progress = Callable[[str], None]
Floats = NDArray[np.float64]


class Made(NamedTuple):
    """Size of a county that was written, how many figures of its profile could hold it, and which did not."""

    households: int
    persons: int
    controls: int
    left_out: tuple[str, ...]


@renamed_arguments(tell="progress")
def synthesize_to(
    county: County,
    folder: Path,
    seed: int = SEED,
    households: int | None = None,
    threads: int | None = None,
    progress: Progress = lambda text: None,
) -> Made:
    """Make a county and write it; returns its numbers of households and persons, and what it is held to.

    The same county as ``synthesize`` makes. Up to ``LARGEST_PIECE`` households are written as two files, more
    as pieces, ``threads`` of which (unless given, ``MICROSIM_THREADS`` or the processors at hand) are made at
    a time; each needs about 0.3 GiB. ``progress`` is called as each piece begins to be waited for. Where
    anything ends it early, nothing is left behind. Raises as ``synthesize``, and at once where the disk is
    too small.
    """
    from microsim.engine.runtime.drivers import threads_in_use

    count = HOUSEHOLDS if households is None else households
    refuse_no_room(count, folder)
    bounds = pieces_of(count)
    if len(bounds) == 1:
        progress("generating households")
        population, report = synthesize_sample(county, seed, count)
        progress("writing")
        population.write(folder)
        return Made(population.n_households, population.n_persons, report.controls, report.left_out)
    with written_in_pieces(folder, county) as writer:
        stopped = Event()
        held: dict[int, SynthesisReport] = {}

        def go_on() -> None:
            if stopped.is_set():
                raise _StoppedError

        def make(number: int) -> None:
            first, last = bounds[number]
            piece, report = _piece(county, seed, first, last, count, go_on)
            writer.add(number, piece)
            held[number] = report

        with _in_threads(threads_in_use(threads), stopped) as pool:
            waiting: set[Future[None]] = {pool.submit(make, number) for number in range(len(bounds))}
            while waiting:
                progress(f"piece {len(bounds) - len(waiting) + 1} of {len(bounds)}")
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for one in done:
                    one.result()
    persons = sum(piece.persons for piece in writer.written.values())
    reports = [held[number] for number in sorted(held)]
    return Made(count, persons, max(one.controls for one in reports), _left_out(reports))


def synthesize_joined(county: County, seed: int, households: int) -> tuple[Population, SynthesisReport]:
    """The county of ``synthesize_to`` in memory, and how well it meets its margins."""
    refuse_no_room(households)
    made = [_piece(county, seed, first, last, households) for first, last in pieces_of(households)]
    shares = [piece.n_households / households for piece, _ in made]
    population = join([piece for piece, _ in made])
    margins = _together([report.margins for _, report in made], shares, population)
    return population, replace(made[0][1], margins=margins, left_out=_left_out([one for _, one in made]))


def pieces_of(households: int) -> list[tuple[int, int]]:
    """Households ``first:last`` of each piece of a synthetic county."""
    if households < 1:
        raise InputError(f"a county has at least one household, not {households}")
    return cuts(households, LARGEST_PIECE)


def _left_out(reports: list[SynthesisReport]) -> tuple[str, ...]:
    """What one piece could not carry, the county is not held to."""
    return tuple(dict.fromkeys(name for report in reports for name in report.left_out))


class _StoppedError(Exception):
    """A piece is given up: another one failed, or the user wants to stop."""


def _piece(
    county: County,
    seed: int,
    first: int,
    last: int,
    households: int,
    go_on: Callable[[], None] = lambda: None,
) -> tuple[Population, SynthesisReport]:
    population, report = synthesize_sample(county, seed, last - first, first + 1, go_on)
    return replace(population, weight=population.weight * ((last - first) / households)), report


def _together(
    reports: list[CalibrationReport], shares: list[float], population: Population
) -> CalibrationReport:
    """The report of all pieces, each of which represents its share of the county.

    It lists the controls that every piece was held to.
    """
    weight = population.weight
    names = [name for name in reports[0].names if all(name in r.names for r in reports)]
    rows = [[r.names.index(name) for name in names] for r in reports]

    def added(what: str) -> Floats:
        parts = zip(shares, reports, rows, strict=True)
        return np.asarray(np.sum([share * getattr(r, what)[row] for share, r, row in parts], axis=0))

    return replace(
        reports[0],
        names=tuple(names),
        targets=added("targets"),
        before=added("before"),
        after=added("after"),
        steps=max(r.steps for r in reports),
        lowest_ratio=min(r.lowest_ratio for r in reports),
        highest_ratio=max(r.highest_ratio for r in reports),
        lowest_weight=float(weight.min()),
        highest_weight=float(weight.max()),
        rows_at_bounds=sum(r.rows_at_bounds for r in reports),
        design_effect=float(len(weight) * np.sum(weight**2) / np.sum(weight) ** 2),
    )


@contextmanager
def _in_threads(threads: int, stopped: Event) -> Iterator[ThreadPoolExecutor]:
    """A pool that starts nothing new once something went wrong, and is waited for."""
    pool = ThreadPoolExecutor(threads, thread_name_prefix="microsim")
    try:
        yield pool
    except BaseException:
        stopped.set()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
