"""Which points of the axes a sweep computes: all of them, a Latin hypercube, or a Sobol sequence.

A Latin hypercube has one value in each of N equal parts of every axis (McKay, Beckman and Conover 1979). A
Sobol sequence fills the space evenly however far it is followed, best at powers of two (Sobol 1967, scrambled
after Owen 1998): its points are numbered, so that a sweep of the next ones goes on where another ended.
"""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from microsim.documents.findings import Findings
from microsim.sweeps.axes import Axis
from microsim.sweeps.grammar import MOST
from microsim.sweeps.spread import Value

GRID, LATIN, SOBOL = "grid", "latin_hypercube", "sobol"
KNOWN = (GRID, LATIN, SOBOL)
_SEED, _FIRST = "seed", "first"
_EXAMPLE = "write design: {sobol: 128, seed: 1}, {latin_hypercube: 100, seed: 1} or grid"
Points = tuple[tuple[Value | None, ...], ...]


@dataclass(frozen=True)
class Design:
    """How points are chosen: ``count`` of them from the number ``first`` on (0 for a grid: all there are)."""

    kind: str = GRID
    count: int = 0
    seed: int = 0
    first: int = 0

    @property
    def note(self) -> str:
        """What is to be known of it, or nothing."""
        if self.kind != SOBOL or (self.count & (self.count - 1) == 0 and self.first % self.count == 0):
            return ""
        return (
            f"the {self.count:,} points of this Sobol sequence are less balanced than a power of two of them "
            f"(such as {1 << (self.count - 1).bit_length():,}) would be"
        )

    def points(self, axes: Sequence[Axis]) -> Points:
        """The values of all axes at each point; in a grid the last axis moves fastest."""
        if self.kind == GRID:
            crossed = itertools.product(*(axis.points() for axis in axes))
            return tuple(tuple(itertools.chain.from_iterable(point)) for point in crossed)
        places = self._places(len(axes))
        return tuple(
            tuple(itertools.chain.from_iterable(axis.at(x) for axis, x in zip(axes, row, strict=True)))
            for row in places
        )

    def _places(self, count: int) -> list[list[float]]:
        """Where each point is on each of ``count`` axes, from 0 to 1."""
        from scipy.stats import qmc

        if self.kind == LATIN:
            drawn = qmc.LatinHypercube(count, rng=self.seed).random(self.count)
        else:
            sequence = qmc.Sobol(count, rng=self.seed)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)  # of counts that are no power of two: see `note`
                if self.first:
                    sequence.fast_forward(self.first)
                drawn = sequence.random(self.count)
        return [[float(x) for x in row] for row in drawn]


def read_design(found: Findings, given: Any) -> Design:
    """The design that a sweep asks for; what is wrong is noted."""
    if given is None or given == GRID:
        return Design()
    steps = ("design",)
    kinds = [kind for kind in (LATIN, SOBOL) if isinstance(given, Mapping) and kind in given]
    if not isinstance(given, Mapping) or len(kinds) != 1:
        found.add(steps, f"'design' is one of {', '.join(KNOWN)}, found {given!r}", _EXAMPLE)
        return Design()
    kind = kinds[0]
    for key in given:
        if key not in (kind, _SEED, *((_FIRST,) if kind == SOBOL else ())):
            hint = f"known: {kind}, {_SEED}" + (f", {_FIRST}" if kind == SOBOL else "")
            found.add((*steps, key), f"design: unknown key '{key}'", hint)
    count, seed, first = given[kind], given.get(_SEED, 0), given.get(_FIRST, 0)
    for key, value, least in ((kind, count, 1), (_SEED, seed, 0), (_FIRST, first, 0)):
        if type(value) is not int or not least <= value <= MOST:
            message = f"design: {key} must be a whole number from {least} to {MOST:,}, found {value!r}"
            found.add((*steps, key), message, _EXAMPLE)
            return Design()
    return Design(kind, count, seed, first)
