"""The slow twin of the compiled kernel: the same rules, evaluated one by one over plain Python values.

Nothing here is shared with code generation, on purpose. A value is found when it is asked for, by recursion
from a rule to its arguments, and remembered. Categories are words, yes/no values are ``bool``, and rules
run as the Python functions they are. Tests compare this with the kernel; :mod:`microsim.explanation.trace`
prints its trace.

A name means, in this order: a rule in force, a parameter in force, a column of the population. A rule marked
``unless_given`` gives way to a column of its name. A person rule sees the columns of the person and the
household's columns and rules; a household rule sees the household's only, and persons through ``total``,
``count`` and so on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from microsim.engine.reference.ieee import with_ieee_arithmetic
from microsim.engine.reference.schedules import SCHEDULES
from microsim.errors import DataError, Offence, RuleError, did_you_mean
from microsim.policy.kinds import kind_of_value, with_kind
from microsim.policy.rules import Rule

if TYPE_CHECKING:
    from microsim.policy.parameters import Parameter
    from microsim.policy.policy import Policy

Row = Mapping[str, Any]
SourceKind = Literal["rule", "parameter", "column"]
MAKE: dict[str, Callable[[Any], Any]] = {"float": float, "bool": bool, "int": int, "category": str}


@dataclass(frozen=True)
class Found:
    """One value as it was found.

    ``member`` is the index of the person, or None for a value of the household (or a parameter that is the
    same for all). ``inputs`` are the values it was computed from, in the order of the rule's arguments.
    ``categories`` are those by which a parameter was looked up.
    """

    kind: SourceKind
    name: str
    member: int | None
    value: Any
    inputs: tuple[Found, ...] = field(default=(), repr=False)
    categories: tuple[str, ...] = ()


class Interpreter:
    """Evaluates the rules of a policy for one household.

    ``household`` maps column names to values; ``persons`` does so for each member. ``observer`` is called
    once with every value found, inputs before what is made of them. Raises ``MicrosimError`` in words for a
    name that is neither rule, parameter nor column, a rule that needs itself, a category that a parameter
    does not cover, and a rule whose function fails.
    """

    def __init__(
        self,
        policy: Policy,
        household: Row,
        persons: Sequence[Row],
        *,
        observer: Callable[[Found], None] | None = None,
    ) -> None:
        self.policy = policy
        self.household = household
        self.persons = persons
        self._observer = observer
        self._parameters: dict[str, Parameter] = {p.argument: p for p in policy.parameters.values()}
        self._known: dict[tuple[str, int | None], Found] = {}
        self._underway: list[str] = []

    def household_value(self, name: str) -> Any:
        """The value of a household rule or column, or of a parameter, for this household."""
        return self.find(name, None).value

    def person_value(self, name: str, index: int) -> Any:
        """The value of ``name`` as a rule about member ``index`` (counted from 0) sees it."""
        return self.find(name, index).value

    def find(self, name: str, member: int | None) -> Found:
        """What ``name`` is for a member, or for the household (``member`` None), with all it was computed
        from.
        """
        if member is not None and self._belongs_to_household(name):
            member = None
        key = (name, member)
        if key not in self._known:
            found = self._look(name, member)
            self._known[key] = found
            if self._observer is not None:
                self._observer(found)
        return self._known[key]

    # --- what a name means ---

    def _rule(self, name: str) -> Rule | None:
        rule: Rule | None = self.policy.rules.get(name)
        if rule is not None and rule.unless_given and name in self._columns(rule.entity):
            return None
        return rule

    def _columns(self, entity: str) -> Row:
        if entity == "household":
            return self.household
        return self.persons[0] if self.persons else {}

    def _belongs_to_household(self, name: str) -> bool:
        rule = self._rule(name)
        if rule is not None:
            return rule.entity == "household"
        return name not in self._parameters and name not in self._columns("person") and name in self.household

    def _look(self, name: str, member: int | None) -> Found:
        rule = self._rule(name)
        if rule is not None:
            if rule.entity == "person" and member is None:
                raise RuleError(self._out_of_reach(name, "a rule about persons"))
            return self._evaluated(rule, member)
        parameter = self._parameters.get(name)
        if parameter is not None and name not in self.policy.rules:
            return self._parameter(parameter, member)
        row = self.household if member is None else self.persons[member]
        if name in row:
            return Found("column", name, member, row[name])
        if name in self._columns("person"):
            raise RuleError(self._out_of_reach(name, "a column of persons"))
        raise RuleError(self._unknown(name))

    def _asking(self) -> str:
        return self.policy.rules[self._underway[-1]].place if self._underway else ""

    def _on_date(self) -> str:
        return f" on {self.policy.date}" if self.policy.date else ""

    def _out_of_reach(self, name: str, what: str) -> Offence:
        way = f"aggregate it to the household, e.g. with total({name})"
        return Offence(f"'{name}' is {what}, but is needed for the household", self._asking(), way)

    def _unknown(self, name: str) -> Offence:
        known = [*self.policy.rules, *self._parameters, *self._columns("person"), *self.household]
        message = f"'{name}' is neither a rule in force{self._on_date()}, nor a parameter, nor a column"
        return Offence(message, self._asking(), did_you_mean(name, known))

    # --- parameters ---

    def _parameter(self, parameter: Parameter, member: int | None) -> Found:
        dated = self.policy.values.get(parameter.name)
        if dated is None:
            first = min(parameter.values, default=None)
            raise RuleError(
                Offence(
                    f"parameter {parameter.name} has no value on {self.policy.date}",
                    self._asking(),
                    f"its first value is of {first}",
                )
            )
        value = dated.value
        inputs: list[Found] = []
        for by in parameter.by:
            if not isinstance(value, Mapping):
                break
            found = self.find(by, member)
            inputs.append(found)
            category = found.value
            if category not in value and "default" not in value:
                message = f"parameter {parameter.name} has no value where {by} is '{category}'"
                known = ", ".join(map(str, value))
                raise RuleError(Offence(message, self._asking(), f"it knows {known}"))
            value = value[category] if category in value else value["default"]
        value = parameter.inside(value)
        if parameter.kind in SCHEDULES:
            value = SCHEDULES[parameter.kind](value)
        categories = tuple(str(found.value) for found in inputs)
        return Found("parameter", parameter.name, member, value, tuple(inputs), categories)

    # --- rules ---

    def _evaluated(self, rule: Rule, member: int | None) -> Found:
        if rule.name in self._underway:
            loop = " -> ".join([*self._underway[self._underway.index(rule.name) :], rule.name])
            raise RuleError(Offence(f"rules need each other in a circle: {loop}", rule.place))
        self._underway.append(rule.name)
        try:
            if rule.kind == "formula":
                inputs = tuple(self.find(argument, member) for argument in rule.arguments)
                kinds = {} if rule.kind_stated else {i.name: kind_of_value(i.value) for i in inputs}
                value = _called(with_kind(rule, kinds.__getitem__), [found.value for found in inputs])
            else:
                inputs = tuple(self._of_members(rule))
                value = _aggregated(rule, [found.value for found in inputs], len(self.persons))
        finally:
            self._underway.pop()
        return Found("rule", rule.name, member, value, inputs)

    def _of_members(self, rule: Rule) -> Iterator[Found]:
        if rule.of is None:
            return
        for index in range(len(self.persons)):
            found = self.find(rule.of, index)
            if found.member is None:
                message = f"{rule.kind}() is over the members, but '{rule.of}' belongs to the household"
                raise RuleError(Offence(message, rule.place, "name a rule or column of persons"))
            yield found


def _called(rule: Rule, values: list[Any]) -> Any:
    """The rule's function on plain values, as the type that the rule declares.

    Where Python refuses arithmetic that the processor defines (1 / 0, the root of -1), the answer is the
    kernel's: infinity or NaN.
    """
    function: Any = rule.function
    try:
        value = function(*values)
    except (ArithmeticError, ValueError, TypeError):
        value = _computed_as_ieee(rule, values)
    if isinstance(value, complex):  # Python's answer to the root of a negative number
        value = _computed_as_ieee(rule, values)
    return _declared(rule, value)


def _computed_as_ieee(rule: Rule, values: list[Any]) -> Any:
    function: Any = rule.function
    try:
        return with_ieee_arithmetic(function)(*values)
    except Exception as error:
        given = ", ".join(f"{name} = {value!r}" for name, value in zip(rule.arguments, values, strict=True))
        message = f"cannot be computed ({type(error).__name__}: {error}) with {given or 'no inputs'}"
        raise RuleError(Offence(message, rule.place)) from error


def _declared(rule: Rule, value: Any) -> Any:
    if rule.dtype == "category" and value not in rule.categories:
        known = ", ".join(rule.categories)
        raise RuleError(
            Offence(f"returned {value!r}, which is not one of its categories {known}", rule.place)
        )
    return MAKE[rule.dtype](value)


def _aggregated(rule: Rule, values: list[Any], members: int) -> Any:
    match rule.kind:
        case "total":
            return float(sum(values))
        case "count":
            return members if rule.of is None else sum(1 for value in values if value)
        case "any_member":
            return any(values)
        case "every_member":
            return all(values)
    if not values:
        raise RuleError(
            Offence(f"the {rule.kind} of no members has no meaning", rule.place, "a household needs a member")
        )
    return float(max(values) if rule.kind == "largest" else min(values))


# --- from the population's arrays to plain values ---


def household_from(data: Any, index: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """One household's columns and those of its members as plain Python values, categories as words.

    ``data`` follows the data protocol (``offsets``, ``household_columns``, ``person_columns``,
    ``categories``).
    """

    def plain(name: str, column: np.ndarray[Any, Any], row: int) -> Any:
        value = column[row].item()
        if name not in data.categories:
            return value
        names = data.categories[name]
        if not 0 <= value < len(names):
            raise DataError(Offence(f"code {value} is not a category of '{name}'", f"row {row}"))
        return names[value]

    start, end = (int(edge) for edge in data.offsets[index : index + 2])
    household = {name: plain(name, column, index) for name, column in data.household_columns.items()}
    persons = [
        {name: plain(name, column, row) for name, column in data.person_columns.items()}
        for row in range(start, end)
    ]
    return household, persons


def interpret_all(
    data: Any, policy: Policy, outputs: Sequence[str]
) -> tuple[dict[str, list[Any]], dict[str, list[Any]]]:
    """Every output for every household and person: two mappings, name -> list in the order of the
    population."""
    by_household: dict[str, list[Any]] = {}
    by_person: dict[str, list[Any]] = {}
    for name in outputs:
        rule = policy.rules.get(name)
        of_person = rule.entity == "person" if rule is not None else name in data.person_columns
        (by_person if of_person else by_household)[name] = []
    for index in range(len(data.offsets) - 1):
        household, persons = household_from(data, index)
        interpreter = Interpreter(policy, household, persons)
        for name, column in by_household.items():
            column.append(interpreter.household_value(name))
        for name, column in by_person.items():
            column.extend(interpreter.person_value(name, member) for member in range(len(persons)))
    return by_household, by_person
