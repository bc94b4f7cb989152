"""The values a sweep gives to parameters and settings: as axes that cross, or as cases one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from microsim.documents import Step
from microsim.documents.findings import Findings
from microsim.errors import did_you_mean
from microsim.policy.reform import apply_changes, split_name
from microsim.policy.unusual import unusual_values_of
from microsim.scenario.practice.ensemble import ALL
from microsim.scenario.varied import why_not_varied, within
from microsim.sweeps.settings import (
    BY_NAME,
    ENSEMBLE,
    PROGRAMMES,
    SEED,
    is_setting,
    parameter_of,
    read_setting,
    switched,
)
from microsim.sweeps.spread import EXAMPLES, Span, Steps, Value, Values, read_range

if TYPE_CHECKING:
    from microsim.policy.parameters import Parameter
    from microsim.policy.policy import Policy

LINE_EXAMPLE = "dibao.line.rural"
_MEANT = "if this is intended, list the parameter in the sweep file: unusual: [...]"
_LINKED = "write linked: [{dibao.line.rural: [4200, 4800], dibao.line.urban: [7000, 7400]}]"


@dataclass(frozen=True)
class Axis:
    """What moves together: names, and the values of each, as many of one as of another.

    A name whose values are a :class:`Span` takes any value between its ends.
    """

    names: tuple[str, ...]
    values: tuple[Values, ...]
    steps: tuple[Steps, ...]  # where in the file each name is

    @property
    def count(self) -> int:
        """How many values each has; 0 for spans."""
        first = self.values[0]
        return 0 if isinstance(first, Span) else len(first)

    def at(self, place: float) -> tuple[Any, ...]:
        """The values at a share from 0 to 1 of the axis: of a list, each counts for an equal part of it."""
        return tuple(
            one.at(place) if isinstance(one, Span) else one[min(int(place * len(one)), len(one) - 1)]
            for one in self.values
        )

    def points(self) -> Iterator[tuple[Any, ...]]:
        """The values one after the other."""
        return zip(*(() if isinstance(one, Span) else one for one in self.values), strict=True)


class Axes:
    """Reads axes and cases; values of parameters are held against the laws that they change."""

    def __init__(
        self, found: Findings, laws: Sequence[Policy], meant: Sequence[str] | None, *, drawn: bool = False
    ) -> None:
        """``meant``: parameters whose values may be outside the observed range; None is all of them.

        ``drawn``: whether a design draws values, so that two ends will do.
        """
        self._found = found
        self._laws = tuple(laws)
        self._policy = laws[0]
        self._meant = meant
        self._drawn = drawn

    def noting(self, found: Findings) -> Axes:
        """The same, with what is wrong noted elsewhere."""
        return Axes(found, self._laws, self._meant, drawn=self._drawn)

    def product(self, axes: Any, linked: Any = None) -> list[Axis]:
        """The axes, in the order of the file; those that are linked as one."""
        out: list[Axis] = []
        if axes is not None and (not isinstance(axes, Mapping) or (not axes and not linked)):
            hint = f"for each parameter, {EXAMPLES}"
            self._found.add(("axes",), "'axes' must map parameters to values", hint)
        elif axes:
            out += self._together([{name: given} for name, given in axes.items()], lambda k: ("axes",))
        if linked is not None and (
            not isinstance(linked, list | tuple) or not all(isinstance(one, Mapping) for one in linked)
        ):
            self._found.add(("linked",), "'linked' must be a list of axes that move together", _LINKED)
        elif linked:
            out += self._together(linked, lambda k: ("linked", k))
        places = {name: at for axis in out for name, at in zip(axis.names, axis.steps, strict=True)}
        if len(places) < sum(len(axis.names) for axis in out):
            seen: set[str] = set()
            for axis in out:
                for name, at in zip(axis.names, axis.steps, strict=True):
                    if name in seen:
                        self._found.add(at, f"{name} is an axis already", "leave one of them out")
                    seen.add(name)
        self.overlaps(places)
        return out

    def _together(self, groups: Sequence[Mapping[Any, Any]], place: Callable[[int], Steps]) -> list[Axis]:
        """One axis for each group of names; of a name that cannot vary the offence is noted."""
        out = []
        for k, group in enumerate(groups):
            names = [str(name) for name in group]
            if len(group) == 1 and place(k)[0] == "linked":
                hint = f"one alone belongs under axes:; {_LINKED}"
                self._found.add(place(k), "a link has two parameters at least", hint)
            if SEED in names and len(names) > 1:
                message = "seed is crossed with everything and moves with no other"
                self._found.add((*place(k), SEED), message, "put it under axes:")
            usable = [name for name in group if self.usable(str(name), (*place(k), name))]
            values = [self.values(str(name), group[name], (*place(k), name)) for name in usable]
            counts = {None if isinstance(one, Span) else len(one) for one in values}
            if len(counts) > 1 and [] not in values:
                said = ", ".join(
                    f"{name} {'a range' if isinstance(one, Span) else len(one)}"
                    for name, one in zip(usable, values, strict=True)
                )
                message = f"what moves together has as many values of each: {said}"
                self._found.add(place(k), message, _LINKED)
            elif usable and len(usable) == len(group):
                steps = tuple((*place(k), name) for name in usable)
                out.append(Axis(tuple(names), tuple(values), steps))
        return out

    def cases(
        self, given: Any, base: Callable[[str], Value | None], *, alone: bool = True
    ) -> tuple[tuple[str, ...], tuple[tuple[Value | None, ...], ...]]:
        """Names of all that the cases change, and the value of each in each case.

        What a case does not name keeps the value of the base scenario there; ``base`` gives that of a
        setting. It is None, and kept all the same, where it hangs on settings, or there is not one base
        scenario in one county ``alone``.
        """
        if not isinstance(given, list | tuple) or not given:
            self._found.add(
                ("cases",), "'cases' must be a list", "for example cases: [{dibao.line.rural: 4800}]"
            )
            return (), ()
        places: dict[str, Steps] = {}
        read: list[dict[str, Value]] = []
        for k, case in enumerate(given):
            read.append({})
            if not isinstance(case, Mapping) or not case:
                self._found.add(("cases", k), "a case maps parameters to values", "{dibao.line.rural: 4800}")
                continue
            for name, value in case.items():
                steps: Steps = ("cases", k, name)
                if name == SEED:
                    self._found.add(steps, "a case has no seed", "cross seeds under axes: {seed: [1, 2]}")
                elif self.usable(str(name), steps):
                    places.setdefault(str(name), steps)
                    one = self._value(str(name), value, steps)
                    if one is not None:
                        read[k][str(name)] = one
        self.overlaps(places)
        if len(self._found):
            return (), ()
        alone = alone and not any(map(is_setting, places))
        kept = {
            name: base(name) if is_setting(name) else self._base_value(parameter_of(name)) if alone else None
            for name in places
        }
        points = [tuple(case.get(name, kept[name]) for name in places) for case in read]
        for k, case in enumerate(read):
            for name in places:
                if name not in case and kept[name] is None and alone:
                    by = ", ".join(_split(self._policy, name)[0].by)
                    message = f"case {k + 1} does not give {name}, which differs by {by} in the base scenario"
                    self._found.add(
                        ("cases", k), message, "give it there, or name its categories in all cases"
                    )
        first: dict[tuple[Value | None, ...], int] = {}
        for k, point in enumerate(points):
            if first.setdefault(point, k) != k:
                message = f"case {k + 1} is the same as case {first[point] + 1}"
                self._found.add(("cases", k), message, "leave one of them out")
        return tuple(places), tuple(points)

    def _base_value(self, name: str) -> Value | None:
        """The base scenario's value in the parameter's own unit; None where there is not a single one."""
        parameter, cell = _split(self._policy, name)
        dated = self._policy.values.get(parameter.name)
        value = None if dated is None else parameter.cell(dated.value, cell)
        return value if isinstance(value, bool | str | float) else None

    def usable(self, name: str, steps: Steps) -> bool:
        """Whether the name is of a parameter that can vary in a sweep, or of a setting."""
        head, _, inner = name.partition(".")
        if is_setting(name):
            return True
        if head in BY_NAME and not inner:
            hint = f"name what varies: {head}." + ("medical_aid" if head == "regime" else "income_growth")
            self._found.add(steps, f"'{head}' is not one value", hint)
            return False
        if head == PROGRAMMES and parameter_of(name) not in self._policy.parameters:
            switches = (name for name in self._policy.parameters if name.endswith(".enabled"))
            known = [one.removesuffix(".enabled") for one in switches]
            hint = did_you_mean(inner, known) or f"known: {', '.join(known)}"
            self._found.add(steps, f"{name}: no such programme that can be switched off", hint)
            return False
        problems = [one for law in self._laws for one in why_not_varied(law, parameter_of(name))]
        for message, hint in problems:
            self._found.add(steps, message, hint)
        return not problems

    def values(self, name: str, given: Any, steps: Steps) -> Values:
        """The values of one name: a list, or between two ends; what is wrong is noted, and left out."""
        if name == ENSEMBLE and given == ALL:
            return [ALL]  # how many there are the county says
        if isinstance(given, Mapping):
            spread = read_range(self._found, name, given, steps, drawn=self._drawn and name != SEED)
            if isinstance(spread, Span):
                ends = [self._value(name, given[key], (*steps, key)) for key in ("from", "to")]
                return [] if None in ends else spread
            # Values between two ends are as good as the ends: only those are held against the law.
            if is_setting(name):
                read = [self._value(name, value, steps) for value in spread]
                return [value for value in read if value is not None]
            if spread and None in [self._value(name, given[key], (*steps, key)) for key in ("from", "to")]:
                return []
            return spread
        if not isinstance(given, list | tuple) or not given:
            self._found.add(steps, f"{name} needs its values, found {given!r}", EXAMPLES)
            return []
        out: list[Any] = []
        for k, value in enumerate(given):
            one = self._value(name, value, (*steps, k))
            if one is not None and one in out:
                self._found.add((*steps, k), f"{name}: {value} is given twice", "leave one of them out")
            elif one is not None:
                out.append(one)
        return out

    def _value(self, name: str, value: Any, steps: Steps) -> Any:
        """A value as it is in rows, or None where it cannot be one."""
        if is_setting(name):
            return read_setting(self._found, name, value, steps)
        value = switched(name, value)
        return value if self.fits(name, value, steps) else None

    def fits(self, name: str, value: Any, steps: tuple[Step, ...]) -> bool:
        """Whether the parameter can take the value under each of the laws."""
        name = parameter_of(name)
        if isinstance(value, Mapping | list | tuple):
            by = _split(self._policy, name)[0].by
            hint = f"vary it by {by[0]} with names such as {LINE_EXAMPLE}" if by else ""
            self._found.add(steps, f"{name} needs single values, found {value!r}", hint)
            return False
        found: dict[tuple[str, str], None] = {}
        for law in self._laws:
            changed, problems = apply_changes(law.parameters, {name: value})
            if self._meant is not None:
                # Each value by itself: whether rural is above urban depends on what else varies.
                for one in unusual_values_of(changed, law.parameters, law.date, self._meant):
                    hint = f"{one.slip}; {_MEANT}" if one.slip else _MEANT
                    problems.append(((name,), one.text("en"), hint))
            found |= {(message, hint): None for _, message, hint in problems}
        for message, hint in found:
            parameter = _split(self._policy, name)[0].name
            self._found.add(steps, f"{name}: {message.removeprefix(f'{parameter}: ')}", hint)
        return not found

    def overlaps(self, places: Mapping[str, Steps], others: Iterable[str] = ()) -> None:
        """Two names that set the same value: the order would decide which counts."""
        known = [name for name in (*others, *places) if not is_setting(name)]
        for k, one in enumerate(known):
            for other in known[:k]:
                (mine, my_cell), (its, its_cell) = (
                    _split(self._policy, parameter_of(name)) for name in (one, other)
                )
                if mine.name == its.name and within(my_cell, its_cell) and one in places and one != other:
                    hint = "vary one of them, or name the category in both"
                    self._found.add(places[one], f"{one} and {other} set the same values", hint)


def _split(policy: Policy, name: str) -> tuple[Parameter, tuple[str, ...]]:
    """Parameter and categories of a name that is known to be one."""
    found = split_name(policy.parameters, name)
    assert found is not None
    return found
