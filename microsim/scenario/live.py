"""Which parameters can alter anything, given the switches and choices in force.

A rule may read a share of the line only where the form of payment is a share of the line. Its text is
followed with the yes/no parameters and choices as they are: a branch that they rule out is not read. (One
that depends on a household's own columns counts as read.)
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from microsim.policy.rule_text import parsed_function

if TYPE_CHECKING:
    from microsim.policy.policy import Policy

_UNKNOWN = object()


@dataclass
class Live:
    """Parameters that rules read; for the others, what keeps them from being read (switches and choices)."""

    read: set[str] = field(default_factory=set)
    kept_by: dict[str, set[str]] = field(default_factory=dict)


def live_parameters(policy: Policy, outputs: Iterable[str]) -> Live:
    """Names of the parameters that the rules behind ``outputs`` read under the switches in force."""
    names = {parameter.argument: name for name, parameter in policy.parameters.items()}
    settled = {
        parameter.argument: value
        for name, parameter in policy.parameters.items()
        if parameter.kind in ("boolean", "choice")
        and name in policy.values
        and not isinstance(value := policy.values[name].value, Mapping)
    }
    live = Live()
    for rule_name in policy.needs(outputs).rules:
        rule = policy.rules[rule_name]
        arguments = set(rule.arguments)
        if rule.function is None:
            live.read |= {names[argument] for argument in arguments if argument in names}
            continue
        node, _ = parsed_function(rule.function, rule.place)
        reader = _Reader({a: v for a, v in settled.items() if a in arguments})
        reader.block(node.body)
        live.read |= {names[a] for a in reader.read if a in names}
        for argument in arguments - reader.read:
            if argument in names:
                keepers = {names[a] for a in reader.deciding if a in names and names[a] != names[argument]}
                live.kept_by.setdefault(names[argument], set()).update(keepers)
    return live


class _Reader:
    """Follows a rule's text; ``read`` are the names used, ``deciding`` the switches that closed a branch."""

    def __init__(self, settled: Mapping[str, Any]) -> None:
        self.settled = dict(settled)
        self.sources = {name: {name} for name in settled}  # the switches behind a local variable
        self.read: set[str] = set()
        self.deciding: set[str] = set()

    def block(self, statements: list[ast.stmt]) -> bool:
        """Whether the block surely returns."""
        return any(self._statement(statement) for statement in statements)

    def _statement(self, statement: ast.stmt) -> bool:
        match statement:
            case ast.If(test=test, body=body, orelse=orelse):
                value = self._value(test)
                if value is _UNKNOWN:
                    first, second = self.block(body), self.block(orelse)
                    return first and second and bool(orelse)
                returns = self.block(body if value else orelse)
                skipped = orelse if value else body
                if returns or any(isinstance(part, ast.Name) for one in skipped for part in ast.walk(one)):
                    self._closed_by(test)
                return returns
            case ast.Return(value=value):
                if value is not None:
                    self._value(value)
                return True
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                self._assign(name, value)
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                self._assign(name, value)
            case ast.For(body=body, orelse=orelse, iter=values):
                self._value(values)
                for name in _assigned(body):
                    self._forget(name)
                self.block(body)
                self.block(orelse)
            case _:
                for name in _assigned([statement]):
                    self._forget(name)
                self._all(statement)
        return False

    def _assign(self, name: str, value: ast.expr) -> None:
        found = self._value(value)
        self._forget(name)
        if found is not _UNKNOWN:
            self.settled[name], self.sources[name] = found, self._switches(value)

    def _forget(self, name: str) -> None:
        self.settled.pop(name, None)

    def _value(self, node: ast.expr) -> Any:
        """The value of an expression that switches settle, else ``_UNKNOWN``; what it uses counts as read."""
        match node:
            case ast.Constant(value=value):
                return value
            case ast.Name(id=name):
                self.read.add(name)
                return self.settled.get(name, _UNKNOWN)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                value = self._value(operand)
                return value if value is _UNKNOWN else not value
            case ast.BoolOp(op=op, values=values):
                return self._either(values, isinstance(op, ast.Or))
            case ast.IfExp(test=test, body=body, orelse=orelse):
                value = self._value(test)
                if value is _UNKNOWN:
                    self._value(body)
                    self._value(orelse)
                    return _UNKNOWN
                self._closed_by(test)
                return self._value(body if value else orelse)
            case ast.Compare(left=left, ops=[ast.Eq() | ast.NotEq() as op], comparators=[right]):
                one, other = self._value(left), self._value(right)
                if one is _UNKNOWN or other is _UNKNOWN:
                    return _UNKNOWN
                return (one == other) is isinstance(op, ast.Eq)
        self._all(node)
        return _UNKNOWN

    def _either(self, values: list[ast.expr], ends: bool) -> Any:
        """``or`` (which ends at what is true) and ``and`` (at what is false)."""
        known = True
        for value in values:
            found = self._value(value)
            if found is _UNKNOWN:
                known = False
            elif bool(found) is ends:
                self.deciding |= self._switches(value)
                return found if known else ends
        return (not ends) if known else _UNKNOWN

    def _closed_by(self, test: ast.expr) -> None:
        if not isinstance(test, ast.BoolOp):  # of several conditions the one that settled it is noted already
            self.deciding |= self._switches(test)

    def _switches(self, node: ast.AST) -> set[str]:
        names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
        return set().union(*(self.sources.get(name, set()) for name in names))

    def _all(self, node: ast.AST) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self._value(child)
            else:
                self._all(child)


def _assigned(statements: list[ast.stmt]) -> set[str]:
    return {
        part.id
        for statement in statements
        for part in ast.walk(statement)
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
    }
