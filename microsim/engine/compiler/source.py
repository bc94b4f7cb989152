"""Source texts of rules and of the plain functions they call.

A helper's text stands in the generated module beside the rules, so that a kernel is named by it too.
"""

from __future__ import annotations

import ast
import copy
import math
import re
import types
from collections.abc import Callable
from typing import Any

from microsim.engine.compiler.definite_assignment import unset_reads
from microsim.engine.compiler.trees import BUILTINS, literal, map_children
from microsim.engine.policy.rule_text import parsed_function


def is_docstring(statement: ast.stmt) -> bool:
    """Whether a statement is text alone."""
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def written_out(function: Callable[..., Any], arguments: list[ast.expr]) -> ast.expr:
    """A comparison of money (one of ``money.HELPERS``) as the expression that it is.

    ``below(income, line)`` is ``income < line - 0.004999``: rules are inlined, and what lifts conditions and
    follows them along an income knows comparisons, not calls.
    """
    definition, _ = parsed_function(function, f"helper {function.__name__}")
    result = definition.body[-1]
    assert isinstance(result, ast.Return)
    assert result.value is not None
    mapping = dict(zip((a.arg for a in definition.args.args), arguments, strict=True))

    def change(part: ast.AST) -> ast.AST:
        match part:
            case ast.Name(id=name):
                return mapping[name] if name in mapping else literal(function.__globals__[name])
        part = map_children(part, change)
        match part:
            case ast.BinOp(left=ast.Constant(value=float() | int() as nothing), right=half) if nothing == 0:
                return half if isinstance(part.op, ast.Add) else ast.UnaryOp(ast.USub(), half)
        return part

    expression = change(result.value)
    assert isinstance(expression, ast.expr)
    return expression


class Helpers:
    """The plain functions that one rule calls, and those that they call, by their names in the module.

    ``bad(node, message, hint)`` is told what a helper may not do; ``node`` is the call in the rule.
    """

    def __init__(self, rule: str, bad: Callable[[ast.AST, str, str], None]) -> None:
        self.rule, self.bad = rule, bad
        self.texts: dict[str, str] = {}
        self._underway: list[str] = []

    def read(self, function: types.FunctionType, node: ast.AST) -> str:
        """The name under which ``function`` stands in the generated module."""
        called = f"helper {function.__name__}"
        where = f"{function.__module__}.{function.__qualname__}".replace(".<locals>", "")
        name = re.sub(r"\W", "_", where)
        if name in self._underway:
            self.bad(node, f"{called} calls itself", "write it without recursion")
        elif name not in self.texts:
            self._underway.append(name)
            definition = copy.deepcopy(parsed_function(function, f"{called} of rule {self.rule}")[0])
            self.texts[name] = self._text(definition, name, function, node)
            self._underway.pop()
        return name

    def _text(
        self, definition: ast.FunctionDef, name: str, function: types.FunctionType, node: ast.AST
    ) -> str:
        called = f"helper {function.__name__}"
        code = function.__code__
        inputs = {part.arg for part in ast.walk(definition.args) if isinstance(part, ast.arg)}
        for unset in unset_reads(definition.body, frozenset(code.co_varnames) - inputs):
            self.bad(node, f"{called} may read '{unset.id}' before it is set", "set it on every path")

        def change(part: ast.AST) -> ast.AST:
            match part:
                case ast.Constant(value=str(text)):
                    self.bad(node, f"{called} uses text '{text}'", "compare categories in the rule itself")
                case ast.arg():
                    return ast.arg(part.arg)
                case ast.AnnAssign(target=target, value=value) if value is not None:
                    return ast.Assign([target], change(value))  # type: ignore[arg-type]
                case ast.Name(id=word) if word not in code.co_varnames:
                    return self._global(word, function, node)
            return map_children(part, change)

        body = [change(statement) for statement in definition.body if not is_docstring(statement)]
        written = ast.FunctionDef(name, change(definition.args), body, [])  # type: ignore[arg-type]
        return ast.unparse(ast.fix_missing_locations(written))

    def _global(self, word: str, function: types.FunctionType, node: ast.AST) -> ast.expr:
        """What a name that is not the helper's own stands for."""
        value = function.__globals__.get(word)
        value = getattr(value, "py_func", value)
        if isinstance(value, types.FunctionType):
            return ast.Name(self.read(value, node), ast.Load())
        if isinstance(value, bool | int | float):
            return literal(value)
        if value is math:
            return ast.Name("math", ast.Load())
        if value is not None or word not in (*BUILTINS, "range"):
            called = f"helper {function.__name__}"
            self.bad(node, f"{called} reads '{word}', which is not a number or function", "")
        return ast.Name(word, ast.Load())
