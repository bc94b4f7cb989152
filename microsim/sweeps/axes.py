"""The values a sweep gives to parameters: as axes that cross, or as cases one by one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from microsim.documents import Step
from microsim.documents.findings import Findings
from microsim.policy.reform import apply_changes, split_name
from microsim.policy.unusual import unusual_values_of
from microsim.scenario.varied import why_not_varied, within
from microsim.sweeps.grammar import MOST, RANGE

if TYPE_CHECKING:
    from microsim.policy.parameters import Parameter
    from microsim.policy.policy import Policy

Value = float | bool | str
LINE_EXAMPLE = "dibao.line.rural"
_MEANT = "if this is intended, list the parameter in the sweep file: unusual: [...]"
_EXAMPLES = "write a list [4200, 4800] or {from: 4200, to: 4800, steps: 4}"


class Axes:
    """Reads axes and cases against the policy that they change."""

    def __init__(self, found: Findings, policy: Policy, meant: Sequence[str] | None = None) -> None:
        """``meant``: parameters whose values may be outside the observed range; None is all of them."""
        self._found = found
        self._policy = policy
        self._meant = meant

    def product(self, given: Any) -> dict[str, list[Value]]:
        """The values of each axis."""
        if not isinstance(given, Mapping) or not given:
            self._found.add(
                ("axes",), "'axes' must map parameters to values", f"for each parameter, {_EXAMPLES}"
            )
            return {}
        names = [str(name) for name in given if self._usable(str(name), ("axes", name))]
        self._overlaps(names, lambda name: ("axes", name))
        return {name: self._values(name, given[name], ("axes", name)) for name in names}

    def cases(self, given: Any) -> tuple[tuple[str, ...], tuple[tuple[Value, ...], ...]]:
        """Names of all parameters in the cases, and the value of each in each case.

        A parameter that a case does not name keeps the value of the base scenario there.
        """
        if not isinstance(given, list | tuple) or not given:
            self._found.add(
                ("cases",), "'cases' must be a list", "for example cases: [{dibao.line.rural: 4800}]"
            )
            return (), ()
        places: dict[str, tuple[Step, ...]] = {}
        for k, case in enumerate(given):
            if not isinstance(case, Mapping) or not case:
                self._found.add(("cases", k), "a case maps parameters to values", "{dibao.line.rural: 4800}")
                continue
            for name, value in case.items():
                steps: tuple[Step, ...] = ("cases", k, name)
                if self._usable(str(name), steps):
                    places.setdefault(str(name), steps)
                    self._fits(str(name), value, steps)
        self._overlaps(places, lambda name: places[name])
        if len(self._found):
            return (), ()
        base = {name: self._base_value(name) for name in places}
        points = [tuple(case.get(name, base[name]) for name in places) for case in given]
        for k, case in enumerate(given):
            for name in places:
                if name not in case and base[name] is None:
                    by = ", ".join(_split(self._policy, name)[0].by)
                    message = f"case {k + 1} does not give {name}, which differs by {by} in the base scenario"
                    self._found.add(
                        ("cases", k), message, "give it there, or name its categories in all cases"
                    )
        first: dict[tuple[Value, ...], int] = {}
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

    def _usable(self, name: str, steps: tuple[Step, ...]) -> bool:
        """Whether the name is of a parameter that can vary in a sweep."""
        problems = list(why_not_varied(self._policy, name))
        for message, hint in problems:
            self._found.add(steps, message, hint)
        return not problems

    def _values(self, name: str, given: Any, steps: tuple[Step, ...]) -> list[Value]:
        if isinstance(given, Mapping):
            return self._spread(name, given, steps)
        if not isinstance(given, list | tuple) or not given:
            self._found.add(steps, f"{name} needs its values, found {given!r}", _EXAMPLES)
            return []
        for k, value in enumerate(given):
            if self._fits(name, value, (*steps, k)) and value in given[:k]:
                self._found.add((*steps, k), f"{name}: {value} is given twice", "leave one of them out")
        return list(given)

    def _spread(self, name: str, given: Mapping[Any, Any], steps: tuple[Step, ...]) -> list[Value]:
        """``steps`` values at equal distances, both ends among them."""
        for key in given:
            if key not in RANGE:
                self._found.add((*steps, key), f"{name}: unknown key '{key}'", f"known: {', '.join(RANGE)}")
        missing = [key for key in RANGE if key not in given]
        if missing:
            self._found.add(steps, f"{name}: {', '.join(missing)} missing", _EXAMPLES)
            return []
        count = given["steps"]
        if isinstance(count, bool) or not isinstance(count, int) or not 2 <= count <= MOST:
            message = f"{name}: steps must be a whole number from 2 to {MOST:,}, found {count!r}"
            self._found.add((*steps, "steps"), message, "the number of values, including both ends")
            return []
        low, high = given["from"], given["to"]
        good = [self._fits(name, end, (*steps, key)) for key, end in (("from", low), ("to", high))]
        if not all(good):
            return []
        if not all(isinstance(end, int | float) and not isinstance(end, bool) for end in (low, high)):
            self._found.add(
                steps, f"{name} is not a number, so there are no values between two ends", "write a list"
            )
            return []
        if low == high:
            self._found.add((*steps, "to"), f"{name}: from and to are the same", "write a list of one value")
            return []
        # Divided first: the distance of two numbers can be more than the largest number. Twelve digits: 0.715
        # and not 0.7150000000000001. The last is the end itself, which a sum need not come to.
        step = high / (count - 1) - low / (count - 1)
        return [float(f"{value:.12g}") for value in (*(low + step * k for k in range(count - 1)), high)]

    def _fits(self, name: str, value: Any, steps: tuple[Step, ...]) -> bool:
        """Whether the parameter can take the value."""
        if isinstance(value, Mapping | list | tuple):
            by = _split(self._policy, name)[0].by
            hint = f"vary it by {by[0]} with names such as {LINE_EXAMPLE}" if by else ""
            self._found.add(steps, f"{name} needs single values, found {value!r}", hint)
            return False
        changed, problems = apply_changes(self._policy.parameters, {name: value})
        if self._meant is not None:
            # Each value by itself: whether rural is above urban depends on what else varies.
            for one in unusual_values_of(changed, self._policy.parameters, self._policy.date, self._meant):
                hint = f"{one.slip}; {_MEANT}" if one.slip else _MEANT
                problems.append(((name,), one.text("en"), hint))
        for _, message, hint in problems:
            parameter = _split(self._policy, name)[0].name
            self._found.add(steps, f"{name}: {message.removeprefix(f'{parameter}: ')}", hint)
        return not problems

    def _overlaps(self, names: Iterable[str], place: Any) -> None:
        """Two names that set the same value: the order would decide which counts."""
        known = list(names)
        for k, one in enumerate(known):
            for other in known[:k]:
                (mine, my_cell), (its, its_cell) = (_split(self._policy, n) for n in (one, other))
                if mine.name == its.name and within(my_cell, its_cell):
                    hint = "vary one of them, or name the category in both"
                    self._found.add(place(one), f"{one} and {other} set the same values", hint)


def _split(policy: Policy, name: str) -> tuple[Parameter, tuple[str, ...]]:
    """Parameter and categories of a name that is known to be one."""
    found = split_name(policy.parameters, name)
    assert found is not None
    return found
