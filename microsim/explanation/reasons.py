"""Why a programme does not pay: the first condition that fails, with its value and its limit.

A rule that comes to nothing is followed through its own text: an ``if`` that returns nothing was the reason,
of several conditions joined by ``and`` the first that fails, and where that is another rule's answer, that
rule is followed in its turn, down to a comparison of two values. Where several ways lead to a benefit the
first one written is reported: it is the main one.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from microsim.engine.reference.interpreter import Found, Interpreter
from microsim.policy.money import above, at_least, at_most, below
from microsim.policy.rule_text import parsed_function
from microsim.policy.rules import Rule

# What must hold for a comparison to come out yes, and what for it to come out no.
_HOLDS = {
    ast.Lt: "below",
    ast.LtE: "at_most",
    ast.Gt: "above",
    ast.GtE: "at_least",
    ast.Eq: "equal",
    ast.NotEq: "not_equal",
    ast.In: "one_of",
    ast.NotIn: "none_of",
}
_OPPOSITE = {
    "below": "at_least",
    "at_least": "below",
    "above": "at_most",
    "at_most": "above",
    "equal": "not_equal",
    "not_equal": "equal",
    "one_of": "none_of",
    "none_of": "one_of",
}
_MONEY = {"below": below, "above": above, "at_least": at_least, "at_most": at_most}


@dataclass(frozen=True)
class Side:
    """One side of a comparison: a value, with the name it goes by where it has one of the policy's."""

    value: Any
    found: Found | None = None


@dataclass(frozen=True)
class Reason:
    """What would have to be otherwise: ``left`` must be ``relation`` ``right``.

    ``relation``: below, at_most, above, at_least, equal, not_equal, one_of, none_of; ``yes`` or ``no`` where
    ``left`` is a yes/no value that is alone; ``nothing`` where it is an amount that comes to 0. ``rule``
    says where it was found, ``member`` whose it is. ``others``: the reasons of the other members, where a
    benefit goes to each of them.
    """

    rule: str
    member: int | None
    left: Side
    relation: str
    right: Side | None = None
    others: tuple[Reason, ...] = ()

    @property
    def condition(self) -> tuple[Any, ...]:
        """What is asked of whom, whoever the member is: equal for members with the same reason."""
        sides = [
            (side.found.name, side.found.categories) if side is not None and side.found is not None else side
            for side in (self.left, self.right)
        ]
        return (*sides, self.relation, self.left.value, self.right.value if self.right is not None else None)


def reason(interpreter: Interpreter, name: str, member: int | None) -> Reason | None:
    """Why ``name`` is no, or 0, for a member (or the household); None where it is neither.

    Raises ``MicrosimError`` as the interpreter does.
    """
    found = interpreter.find(name, member)
    return None if found.value else _Follow(interpreter).found(found, wanted=True)


class _Follow:
    """Follows rules to the condition that decides; ``wanted`` says which answer would have been needed."""

    def __init__(self, interpreter: Interpreter) -> None:
        self._interpreter = interpreter

    def found(self, found: Found, wanted: bool) -> Reason:
        """Why a value is not as wanted."""
        rule = self._interpreter.policy.rules.get(found.name) if found.kind == "rule" else None
        if rule is None or (not wanted and found.kind == "rule"):
            return self._alone(found, wanted)
        if rule.kind != "formula":
            whose = [used for used in found.inputs if not used.value]
            if not whose:
                return self._alone(found, wanted)
            # Whose reason it is, though the condition may be one of the whole household.
            first, *others = [replace(self.found(used, wanted), member=used.member) for used in whose]
            return replace(first, others=tuple(others))
        return _Text(self, rule, found).reason() or self._alone(found, wanted)

    @staticmethod
    def _alone(found: Found, wanted: bool) -> Reason:
        is_amount = isinstance(found.value, float | int) and not isinstance(found.value, bool)
        relation = "nothing" if is_amount and wanted else ("yes" if wanted else "no")
        return Reason(found.name, found.member, Side(found.value, found), relation)


class _Text:
    """One rule's text under the values that it had."""

    def __init__(self, follow: _Follow, rule: Rule, found: Found) -> None:
        self._follow, self._rule, self._found = follow, rule, found
        self._inputs = dict(zip(rule.arguments, found.inputs, strict=True))
        self._names: dict[str, Any] = {name: used.value for name, used in self._inputs.items()}
        self._functions: Mapping[str, Any] = {**vars(builtins), **getattr(rule.function, "__globals__", {})}
        self._meant: dict[str, ast.expr] = {}  # variables of the rule, as they were computed
        self._first: Reason | None = None  # a way to the benefit that was not open

    def reason(self) -> Reason | None:
        """The first condition that failed, or None where the text has none that says so."""
        assert self._rule.function is not None
        definition, _ = parsed_function(self._rule.function, self._rule.place)
        ended, reason = self._block(definition.body)
        return (self._first or reason) if ended else None

    def _block(self, body: list[ast.stmt]) -> tuple[bool, Reason | None]:
        """Whether the statements end the rule, and then why with nothing."""
        for statement in body:
            match statement:
                case ast.Return(value=ast.expr() as value):
                    return True, self._not(value)
                case ast.If(test=test):
                    taken = bool(self._value(test))
                    if not taken and not _gives_nothing(statement.body) and self._first is None:
                        self._first = self._unless_a_switch(self._not(test))
                    ended, reason = self._block(statement.body if taken else statement.orelse)
                    if ended:
                        guard = _gives_nothing(statement.body if taken else statement.orelse)
                        return True, (self._is(test) if taken else self._not(test)) if guard else reason
                case (
                    ast.Assign(targets=[ast.Name(name)], value=value)
                    | ast.AnnAssign(target=ast.Name(name), value=ast.expr() as value)
                ):
                    self._names[name], self._meant[name] = self._value(value), value
                case ast.AugAssign(target=ast.Name(name), op=op, value=value):
                    sum_ = ast.BinOp(ast.Name(name, ast.Load()), op, value)
                    self._names[name] = self._value(sum_)
                    self._meant.pop(name, None)
                case ast.Expr() | ast.Pass():
                    pass
                case _:  # a loop: what it did to the variables is not followed
                    return False, None
        return False, None

    @staticmethod
    def _unless_a_switch(reason: Reason | None) -> Reason | None:
        """A way that the law itself has closed (a parameter that is off) is no reason of this household's."""
        found = reason.left.found if reason is not None and reason.right is None else None
        return None if found is not None and found.kind == "parameter" else reason

    def _value(self, node: ast.expr) -> Any:
        code = compile(ast.fix_missing_locations(ast.Expression(node)), self._rule.place, "eval")
        return eval(code, {**self._functions, **self._names})  # the rule's own text, on its own values

    def _side(self, node: ast.expr) -> Side:
        while isinstance(node, ast.Name) and node.id in self._meant:
            node = self._meant[node.id]
        name = node.id if isinstance(node, ast.Name) else ""
        return Side(self._value(node), self._inputs.get(name))

    def _not(self, node: ast.expr) -> Reason | None:
        """Why ``node`` is no, or 0, or None where it is neither."""
        if self._value(node):
            return None
        match node:
            case ast.Name(name) if name in self._meant:
                return self._not(self._meant[name])
            case ast.Name(name) if name in self._inputs:
                return self._follow.found(self._inputs[name], wanted=True)
            case ast.BoolOp(op=ast.And(), values=values):
                return next(self._not(value) for value in values if not self._value(value))
            case ast.BoolOp(op=ast.Or(), values=values):
                return self._not(values[0])
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return self._is(operand)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                chosen = body if self._value(test) else orelse
                if isinstance(chosen, ast.Constant):
                    return self._is(test) if self._value(test) else self._not(test)
                return self._not(chosen)
            case ast.BinOp(op=ast.Mult(), left=left, right=right):
                return self._not(left if not self._value(left) else right)
            case ast.BinOp(op=ast.Add() | ast.Sub(), left=left):
                return self._not(left) if not self._value(left) else self._amount(node)
            case ast.Call(func=ast.Name("min" | "max"), args=[first, *_]) if not self._value(first):
                return self._not(first)
        return self._compared(node, holds=True) or self._amount(node)

    def _is(self, node: ast.expr) -> Reason | None:
        """What makes ``node`` yes, put as what would have to be otherwise."""
        match node:
            case ast.Name(name) if name in self._meant:
                return self._is(self._meant[name])
            case ast.Name(name) if name in self._inputs:
                return self._follow.found(self._inputs[name], wanted=False)
            case ast.BoolOp(op=ast.Or(), values=values):
                return self._is(next(value for value in values if self._value(value)))
            case ast.BoolOp(op=ast.And(), values=values):
                return self._is(values[0])
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return self._not(operand)
        return self._compared(node, holds=False)

    def _compared(self, node: ast.expr, holds: bool) -> Reason | None:
        """A comparison as what would have to hold (``holds``), or not to hold."""
        match node:
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                relation = _HOLDS.get(type(op))
            case ast.Call(func=ast.Name(name), args=[left, right]) if self._functions.get(name) is _MONEY.get(
                name, self
            ):
                relation = name
            case _:
                return None
        if relation is None:
            return None
        kept = relation if holds else _OPPOSITE[relation]
        return Reason(self._rule.name, self._found.member, self._side(left), kept, self._side(right))

    def _amount(self, node: ast.expr) -> Reason | None:
        """An amount of nothing, explained by the first of its values that is one of the policy's."""
        for name in (inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)):
            used = self._inputs.get(name)
            if used is not None and not used.value:
                return self._follow.found(used, wanted=True)
        return None


def _gives_nothing(body: list[ast.stmt]) -> bool:
    """Whether statements do nothing but return no, or 0."""
    match body:
        case [ast.Return(value=ast.Constant(value=value))]:
            return not value
    return False
