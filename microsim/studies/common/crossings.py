"""Every place at which a figure meets a target, between two values of one parameter.

A coarse scan finds where the figure passes the target; each such place is then divided again and again,
all of them in one batch, until the target is met or nothing lies between the two sides.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

CLOSE = 1e-9  # of the target: nearer than this it is met
ZOOMS = 4  # times that the neighbourhood of the nearest point is divided where the target is out of reach
Figure = Callable[[Sequence[float]], Sequence[float]]


@dataclass(frozen=True)
class Crossing:
    """One place at which the figure meets the target, or jumps over it.

    ``value``: of the parameter; ``reached``: the figure there. ``met``: whether that is the target. Where it
    is, ``bracket`` are the ends of the stretch that meets it (mostly one point); where the figure jumps, the
    last value on one side and the first on the other, and ``sides`` the figures there.
    """

    value: float
    reached: float
    met: bool
    bracket: tuple[float, float]
    sides: tuple[float, float]


@dataclass(frozen=True)
class Effort:
    """How finely to look: ``scan`` points of the coarse scan, both ends among them; ``parts`` into which an
    interval is divided, beside the point at which a straight line would meet the target; ``narrow``, the
    share of the span between the two ends in which nothing more is looked for; and ``beside``: how many times
    further than two points by the straight line's answer its interval is wide (0: without these two). They
    leave little between them where the figure is nearly straight, and pay where points together cost little.
    """

    scan: int
    parts: int
    narrow: float
    beside: int = 0


@dataclass(frozen=True)
class Found:
    """All crossings in the order of the parameter, the point nearest to the target, and the coarse scan."""

    crossings: tuple[Crossing, ...]
    nearest: Crossing
    scan: tuple[tuple[float, float], ...]
    evaluations: int


def search(figure: Figure, between: tuple[float, float], target: float, effort: Effort) -> Found:
    """Where ``figure`` (many points at once; NaN where there is none) meets ``target``.

    Two crossings between the same two points of the scan are missed, except where the figure turns there: the
    neighbourhood of every turn towards the target is looked at once more. Every point is rounded to twelve
    digits, so that it can be written down.
    """
    work = _Search(figure, between, target, effort)
    if not effort.beside:  # each point is an evaluation, and two of them show that there is no such figure
        ends = work.evaluate(between)
        if all(math.isnan(reached) for _, reached in ends):
            return Found((), work.nearest(), ends, len(work.known))
    coarse = work.evaluate(_spread(*between, effort.scan - 1))
    work.evaluate([x for turn in work.turns() for x in _inside(*turn, effort.parts)])
    met, open_ = work.split(work.points)
    if not met and not open_:
        for _ in range(ZOOMS):
            work.evaluate([x for part in work.around_nearest() for x in _inside(*part, effort.parts)])
        met, open_ = work.split(work.points)
    jumps: list[Crossing] = []
    while open_:
        wanted = {x: None for a, b in open_ for x in work.candidates(a, b)}
        work.evaluate(list(wanted))
        still: list[tuple[float, float]] = []
        for a, b in open_:
            more, parts = work.split([x for x in work.points if a <= x <= b])
            met += more
            for part in parts:
                if work.candidates(*part):
                    still.append(part)
                else:
                    jumps.append(work.jump(*part))
        open_ = still
    crossings = tuple(sorted((*met, *jumps), key=lambda crossing: crossing.bracket))
    return Found(crossings, work.nearest(), coarse, len(work.known))


class _Search:
    def __init__(self, figure: Figure, between: tuple[float, float], target: float, effort: Effort) -> None:
        self.figure, self.target, self.effort = figure, target, effort
        self.low, self.high = between
        self.close = CLOSE * max(abs(target), 1e-6)
        self.known: dict[float, float] = {}
        self.points: list[float] = []

    def evaluate(self, points: Sequence[float]) -> tuple[tuple[float, float], ...]:
        """The figure at ``points``, which are kept; those that are known are not asked for again."""
        new = [x for x in dict.fromkeys(points) if x not in self.known]
        if new:
            self.known.update(zip(new, map(float, self.figure(new)), strict=True))
            self.points = sorted(self.known)
        return tuple((x, self.known[x]) for x in points)

    def miss(self, x: float) -> float:
        return self.known[x] - self.target

    def split(self, points: Sequence[float]) -> tuple[list[Crossing], list[tuple[float, float]]]:
        """Stretches of neighbouring points that meet the target, and pairs of points with it in between."""
        met: list[Crossing] = []
        pairs: list[tuple[float, float]] = []
        stretch: list[float] = []
        before: float | None = None
        for x in points:
            miss = self.miss(x)
            if abs(miss) <= self.close:
                stretch.append(x)
                before = None
                continue
            if stretch:
                met.append(self._met(stretch))
                stretch = []
            if math.isnan(miss):
                before = None
                continue
            if before is not None and (self.miss(before) < 0.0) != (miss < 0.0):
                pairs.append((before, x))
            before = x
        return [*met, *([self._met(stretch)] if stretch else [])], pairs

    def _met(self, stretch: list[float]) -> Crossing:
        value = min(stretch, key=lambda x: abs(self.miss(x)))
        ends = stretch[0], stretch[-1]
        return Crossing(value, self.known[value], True, ends, (self.known[ends[0]], self.known[ends[1]]))

    def jump(self, a: float, b: float) -> Crossing:
        """The two sides of a jump; its value is that of the side nearer to the target."""
        value = min(a, b, key=lambda x: abs(self.miss(x)))
        return Crossing(value, self.known[value], False, (a, b), (self.known[a], self.known[b]))

    def candidates(self, a: float, b: float) -> list[float]:
        """Points between two sides: evenly spread, and one where a straight line meets the target, or three
        with one close by on each side of it.
        """
        width = b - a
        if width <= self.effort.narrow * (self.high - self.low):
            return []
        straight = a + width * self.miss(a) / (self.miss(a) - self.miss(b))
        near = width / self.effort.beside if self.effort.beside else 0.0
        there = (straight - near, straight, straight + near)
        points = [*_inside(a, b, self.effort.parts), *map(_rounded, there)]
        return [x for x in dict.fromkeys(points) if a < x < b]

    def turns(self) -> Iterator[tuple[float, float]]:
        """Pairs of points beside which the figure turns back before it has met the target."""
        points = self.points
        for a, x, b in zip(points, points[1:], points[2:], strict=False):
            misses = [self.miss(y) for y in (a, x, b)]
            one_side = all(m > self.close for m in misses) or all(m < -self.close for m in misses)
            if one_side and abs(misses[1]) < min(abs(misses[0]), abs(misses[2])):
                yield from ((a, x), (x, b))

    def around_nearest(self) -> Iterator[tuple[float, float]]:
        """The intervals on both sides of the nearest point."""
        at = self.points.index(self.nearest().value)
        if at > 0:
            yield self.points[at - 1], self.points[at]
        if at + 1 < len(self.points):
            yield self.points[at], self.points[at + 1]

    def nearest(self) -> Crossing:
        """The point whose figure is nearest to the target."""
        finite = [x for x in self.points if math.isfinite(self.known[x])] or self.points
        value = min(finite, key=lambda x: (abs(self.miss(x)), x))
        reached = self.known[value]
        return Crossing(
            value, reached, abs(reached - self.target) <= self.close, (value, value), (reached,) * 2
        )


def _spread(low: float, high: float, parts: int) -> list[float]:
    return [low, *(_rounded(low + (high - low) * k / parts) for k in range(1, parts)), high]


def _inside(low: float, high: float, parts: int) -> list[float]:
    return [x for x in _spread(low, high, parts)[1:-1] if low < x < high]


def _rounded(x: float) -> float:
    return float(f"{x:.12g}")
