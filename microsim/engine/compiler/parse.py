"""Reading a rule's source: which Python a rule may use, and its text as a tree of guarded results.

A rule body becomes a :class:`Leaf` (a result), a :class:`Branch` (``if`` with an early return) or a
:class:`Let` (local variables before one of those). Category names become codes, constants become literals,
helpers are written out where they are called, so that a generated module is complete by itself.
"""

from __future__ import annotations

import ast
import types
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from microsim.engine.compiler.definite_assignment import unset_reads
from microsim.engine.compiler.habits import habit
from microsim.engine.compiler.parse_expressions import WORDS, Argument, ExpressionReader, setting
from microsim.engine.compiler.trees import Branch, Leaf, Let, Tree
from microsim.errors import RuleError
from microsim.policy.rule_text import parsed_function
from microsim.policy.rules import Rule


@dataclass(frozen=True)
class Lowered:
    """A rule as it appears in the generated module: its tree, and the category names in it."""

    tree: Tree
    constants: Mapping[str, int]  # category names as the text has them, and their codes


def lower(rule: Rule, arguments: Mapping[str, Argument]) -> Lowered:
    """The rule's text as a tree. Raises ``RuleError`` with the line of everything not allowed."""
    assert rule.function is not None
    definition, first_line = parsed_function(rule.function, rule.place)
    given: dict[str, ast.expr] = {name: ast.Name(name, ast.Load()) for name in rule.arguments}
    place = f"rule {rule.name}"
    reader = _Reader(
        rule.function, place, rule.name, first_line, arguments, given, categories=rule.categories
    )
    tree = reader.read(definition)
    if reader.offences or tree is None:
        raise RuleError(dict.fromkeys(reader.offences), title=f"{place} cannot be compiled")
    return Lowered(tree, reader.constants)


class _Reader(ExpressionReader):
    """Reads one rule, or one helper that it calls; ``categories`` are those that a rule returns by name."""

    def __init__(self, *args: Any, categories: tuple[str, ...] = (), parent: _Reader | None = None) -> None:
        super().__init__(*args)
        self.categories = categories
        self.underway: tuple[types.FunctionType, ...] = ()
        if parent is not None:  # a helper is a part of the rule that calls it
            self.offences, self.constants, self.numbers = parent.offences, parent.constants, parent.numbers

    def read(self, definition: ast.FunctionDef) -> Tree | None:
        """The function as a tree; None where something in it is not allowed."""
        known = len(self.offences)
        for name in unset_reads(definition.body, frozenset(self.locals)):
            self.bad(name, f"may read '{name.id}' before it is set", "set it on every path")
        body = self.statements(s for s in definition.body if not _is_docstring(s))
        return None if len(self.offences) > known else self.tree(body)

    # -- helpers ---------------------------------------------------------------------------------------------

    def inlined(self, function: types.FunctionType, node: ast.Call) -> ast.expr:
        helper, code = f"helper {function.__name__}", function.__code__
        inputs = code.co_varnames[: code.co_argcount]
        if len(node.args) != len(inputs):
            hint = f"write {function.__name__}({', '.join(inputs)})"
            self.bad(node, f"gives {helper} {len(node.args)} of {len(inputs)} inputs", hint)
            return node
        if function in self.underway:
            self.bad(node, f"{helper} calls itself", "write it without recursion")
            return node
        place = f"{self.place}, {helper}"
        definition, first_line = parsed_function(function, place)
        prefix = self.local(f"{function.__name__}_{next(self.numbers)}")
        uses = [n.id for n in ast.walk(definition) if isinstance(n, ast.Name)]
        arguments: dict[str, Argument] = {}
        given: dict[str, ast.expr] = {}
        for name, value in zip(inputs, node.args, strict=True):
            known = self.arguments.get(value.id, Argument()) if isinstance(value, ast.Name) else Argument()
            if known != Argument():
                assert isinstance(value, ast.Name)
                arguments[name], given[name] = known, self.given[value.id]
                continue
            given[name] = self.expression(value)
            if uses.count(name) > 1 and not isinstance(given[name], ast.Name | ast.Constant):
                held = ast.Name(f"{prefix}__{name}", ast.Load())
                self.before.append(setting(held.id, given[name]))
                given[name] = held
        reader = _Reader(function, place, prefix, first_line, arguments, given, parent=self)
        reader.underway = (*self.underway, function)
        match reader.read(definition):
            case None:
                return node
            case Leaf(value=value):
                return value
            case Let(statements=statements, body=Leaf(value=value)):
                self.before += statements
                return value
            case tree:
                self.before += _setting_by(tree, prefix)
                return ast.Name(prefix, ast.Load())

    # -- statements ------------------------------------------------------------------------------------------

    def tree(self, body: list[ast.stmt], before: ast.stmt | None = None) -> Tree | None:
        """What ``body``, which follows ``before``, comes to; None where it can end without a result."""
        prefix: list[ast.stmt] = []
        for k, statement in enumerate(body):
            if isinstance(statement, ast.Return):
                assert statement.value is not None
                return self._let(prefix, Leaf(statement.value))
            if isinstance(statement, ast.If) and _returns(statement):
                rest = body[k + 1 :]
                then = self.tree([*statement.body, *rest], statement)
                orelse = self.tree([*statement.orelse, *rest], statement)
                if then is None or orelse is None:
                    return None
                return self._let(prefix, Branch(statement.test, then, orelse))
            prefix.append(statement)
        if not self.offences:
            last = body[-1] if body else before or ast.Pass(lineno=1)
            self.bad(last, "can end without returning a value", "end with a return")
        return None

    @staticmethod
    def _let(prefix: list[ast.stmt], body: Tree) -> Tree:
        return Let(tuple(prefix), body) if prefix else body

    def statements(self, body: Iterable[ast.stmt]) -> list[ast.stmt]:
        """Statements, each behind those that its helpers need."""
        return [part for statement in body for part in self._with_helpers(statement)]

    def _with_helpers(self, node: ast.stmt) -> list[ast.stmt]:
        self.before, outer = [], self.before
        made = ast.copy_location(self._statement(node), node)
        out, self.before = [*self.before, made], outer
        return out

    def _statement(self, node: ast.stmt) -> ast.stmt:
        match node:
            case ast.Return(value=None):
                self.bad(node, "returns nothing", "return a value on every path")
                return node
            case ast.Return(value=value) if value is not None:
                return ast.Return(self.result(value))
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                return ast.Assign([self._target(name, node)], self.expression(value))
            case ast.AnnAssign(target=ast.Name(id=name), value=value) if value is not None:
                return ast.Assign([self._target(name, node)], self.expression(value))
            case ast.AugAssign(target=ast.Name(id=name), op=op, value=value):
                old = ast.Name(self._target(name, node).id, ast.Load())
                return ast.Assign([self._target(name, node)], ast.BinOp(old, op, self.expression(value)))
            case ast.If(test=test, body=body, orelse=orelse):
                return ast.If(self.expression(test), self.statements(body), self.statements(orelse))
            case ast.For(
                target=ast.Name(id=name),
                iter=ast.Call(func=ast.Name(id="range"), args=args, keywords=[]),
                body=body,
            ):
                if node.orelse:
                    self.bad(node, "uses for ... else", "leave the else out")
                if any(isinstance(s, ast.Return) for s in ast.walk(node)):
                    self.bad(
                        node, "returns from inside a loop", "set a variable in the loop and return after it"
                    )
                bounds = [self.expression(a) for a in args]
                call = ast.Call(ast.Name("range", ast.Load()), bounds, [])
                return ast.For(self._target(name, node), call, self.statements(body), [])
            case ast.Break() | ast.Continue() | ast.Pass():
                return node
        if found := habit(node, self.named):
            self.bad(node, *found)
            return node
        word = next((w for kind, w in WORDS.items() if isinstance(node, kind)), type(node).__name__.lower())
        self.bad(
            node,
            f"uses {word}, which a rule may not",
            "rules may use =, if, for ... in range(...), and return",
        )
        return node

    def _target(self, name: str, node: ast.stmt) -> ast.Name:
        if name in self.given:
            self.bad(node, f"assigns to its input '{name}'", "use a new name")
        return ast.Name(self.local(name), ast.Store())

    def result(self, node: ast.expr) -> ast.expr:
        """A returned expression: category names of a categorical rule become codes."""
        if not self.categories:
            return self.expression(node)
        match node:
            case ast.Constant(value=str(word)):
                return self._code(word, self.categories, self.prefix, node)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return ast.IfExp(self.expression(test), self.result(body), self.result(orelse))
            case ast.Name(id=name) if self.arguments.get(name, Argument()).categories == self.categories:
                return node
        allowed = ", ".join(self.categories)
        self.bad(node, f"must return one of its categories ({allowed}) by name")
        return node


def _returns(node: ast.stmt) -> bool:
    return any(isinstance(child, ast.Return) for child in ast.walk(node))


def _is_docstring(statement: ast.stmt) -> bool:
    match statement:
        case ast.Expr(value=ast.Constant(value=str())):
            return True
    return False


def _setting_by(tree: Tree, name: str) -> list[ast.stmt]:
    """Statements that set ``name`` to what a tree comes to."""
    match tree:
        case Leaf(value=value):
            return [setting(name, value)]
        case Branch(test=test, then=then, orelse=orelse):
            return [ast.If(test, _setting_by(then, name), _setting_by(orelse, name))]
        case Let(statements=statements, body=body):
            return [*statements, *_setting_by(body, name)]
