"""Paths of a parameter over the years: their shapes, and the values that they give.

``{path: linear, ratio_to: dibao.line.urban, from: {2021: 0.62}, to: {2027: 1.0}}``; the shapes and the keys
of each are in ``SHAPES``, and how they are read in :mod:`microsim.policy.paths.reading`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from microsim.errors import Offence, RuleError
from microsim.policy.parameters import DatedValue, Parameter
from microsim.units import convert, fits

SCENARIO = "scenario"
Shape = Literal[
    "linear", "geometric", "stepped", "points", "immediate", "ratio_then_one", "catch_up", "conditional"
]
SHAPES: tuple[str, ...] = get_args(Shape)
# What a conditional path may hang on; each is a share of the county's own revenue, of the year before.
CONDITIONS = {
    "county_extra": "what the county itself pays more than without the path",
    "county_cost": "what the county itself pays",
    "expenditure": "all expenditure",
}
HELD_FROM_THE_START = ("stepped", "immediate")  # shapes whose first value is a jump, not where they set out


@dataclass(frozen=True)
class Path:
    """A value that moves over the years, alone or as a ratio to another parameter's value.

    ``points``: years with their values in order; how they are joined is the ``shape``'s: ``linear``,
    ``points`` and ``ratio_then_one`` by straight lines, ``geometric`` by equal growth, ``stepped`` and
    ``immediate`` not at all (a value holds until the next). ``catch_up`` starts at its one point and grows
    ``faster`` a year than what it is a ratio to, up to the ratio ``until``. ``conditional`` rises by ``step``
    after each year in which ``condition`` (a name of ``CONDITIONS``, and its limit) held, up to ``until``;
    its points are those that are decided, and beyond them it stays.
    """

    target: str
    categories: tuple[str, ...]
    shape: Shape
    points: tuple[tuple[int, float], ...]
    ratio_to: tuple[str, tuple[str, ...]] | None = None
    faster: float = 0.0
    step: float = 0.0
    until: float = 1.0
    condition: tuple[str, float] | None = None

    @property
    def start(self) -> tuple[int, float]:
        """The first year and its value."""
        return self.points[0]

    @property
    def end(self) -> tuple[int, float]:
        """The last year with a value that is given, and the value."""
        return self.points[-1]

    @property
    def name(self) -> str:
        """Dotted, with the categories: ``dibao.line.rural``."""
        return ".".join((self.target, *self.categories))

    def begun(self, year: int) -> bool:
        """Whether the path says something of a year."""
        return year >= self.start[0]

    def factor(self, year: int, followed: Callable[[int], float] | None = None) -> float | None:
        """The path's number in a year: None before it starts, its last value after it ends.

        ``followed``: the value, at the end of a year, of what the path is a ratio to; ``catch_up`` needs it.
        """
        if year < self.start[0]:
            return None
        if self.shape == "catch_up":
            return self._caught_up(year, followed)
        if year >= self.end[0]:
            return self.end[1]
        k = max(k for k, (since, _) in enumerate(self.points) if since <= year)
        (first, low), (last, high) = self.points[k], self.points[k + 1]
        if self.shape in ("stepped", "immediate", "conditional"):
            return low
        share = (year - first) / (last - first)
        if self.shape == "geometric":
            return float(low * (high / low) ** share)
        return low + (high - low) * share

    def _caught_up(self, year: int, followed: Callable[[int], float] | None) -> float:
        assert followed is not None, "a path that catches up is a ratio"
        ratio = self.start[1]
        for one in range(self.start[0] + 1, year + 1):
            growth = followed(one) / followed(one - 1)
            ratio = min(ratio * (growth + self.faster) / growth, self.until)
        return ratio

    def decided(self, year: int, onward: bool) -> Path:
        """A conditional path with its value of ``year``: a step more than before where it goes ``onward``."""
        value = self.end[1]
        moved = min(value + self.step, self.until) if onward else value
        return replace(self, points=(*self.points, (year, moved)))

    def shifted(self, years: int) -> Path:
        """The same path so many years later."""
        return replace(self, points=tuple((year + years, value) for year, value in self.points))


def followed(target: Parameter, other: Parameter, dated: DatedValue, cell: tuple[str, ...]) -> float:
    """The number that a path is a ratio to, in the unit of the parameter on the path."""
    number = float(other.cell(dated.value, cell))
    # A stock follows a flow as it is: a grant of two lines is twice the number of the line.
    return convert(number, other.unit, target.unit) if fits(other.unit, target.unit) else number


def overlaid(old: Any, new: Any) -> Any:
    """``new`` categories over ``old`` ones; what is not named keeps its value."""
    if not isinstance(new, Mapping):
        return new
    base = dict(old) if isinstance(old, Mapping) else ({} if old is None else {"default": old})
    inherited = base.get("default")
    return {**base, **{key: overlaid(base.get(key, inherited), value) for key, value in new.items()}}


def follow_paths(
    values: Mapping[str, DatedValue],
    parameters: Mapping[str, Parameter],
    paths: Sequence[Path],
    date: dt.date,
) -> dict[str, DatedValue]:
    """Values on ``date`` with the paths laid over them, in the order in which they were given."""
    out = dict(values)
    for k, path in enumerate(paths):
        factor = path.factor(date.year, _at_year_ends(path, parameters, paths[:k]))
        if factor is None:
            continue
        number = factor
        if path.ratio_to is not None:
            other, cell = path.ratio_to
            if other not in out:
                message = f"{path.target} follows {other}, which has no value on {date}"
                raise RuleError(Offence(message, parameters[other].place))
            number = factor * followed(parameters[path.target], parameters[other], out[other], cell)
        new: Any = number
        for category in reversed(path.categories):
            new = {category: new}
        old = out.get(path.target)
        merged = overlaid(old.value if old else None, new) if path.categories else new
        since = dt.date(date.year, 1, 1)
        ends = path.shape not in ("catch_up", "conditional")
        out[path.target] = replace(
            old or DatedValue(None),
            value=merged,
            source=SCENARIO,
            reference=f"path to {path.end[0]}" if ends else f"path from {path.start[0]}",
            since=since,
        )
    return out


def _at_year_ends(
    path: Path, parameters: Mapping[str, Parameter], before: Sequence[Path]
) -> Callable[[int], float] | None:
    """What ``path`` is a ratio to on 31 December of a year, under the paths ``before`` it."""
    if path.ratio_to is None:
        return None
    other, cell = path.ratio_to
    names = {other, *(one.target for one in before), *(one.ratio_to[0] for one in before if one.ratio_to)}

    def value(year: int) -> float:
        date = dt.date(year, 12, 31)
        there = {name: dated for name in names if (dated := parameters[name].at(date)) is not None}
        if other not in there:
            message = f"{path.target} follows {other}, which has no value on {date}"
            raise RuleError(Offence(message, parameters[other].place))
        there = follow_paths(there, parameters, before, date)
        return followed(parameters[path.target], parameters[other], there[other], cell)

    return value
