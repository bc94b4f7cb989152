"""Source texts of rules and of the plain functions they call.

A helper's text stands in the generated module beside the rules, so that a kernel is named by it too.
"""

from __future__ import annotations

import ast
import copy
import inspect
import math
import re
import types
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from microsim.engine.compiler.definite_assignment import unset_reads
from microsim.engine.compiler.trees import BUILTINS, literal, map_children, names_in
from microsim.errors import MicrosimError, Offence


def is_docstring(statement: ast.stmt) -> bool:
    """Whether a statement is text alone."""
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


@lru_cache(maxsize=4096)
def parsed_function(function: Callable[..., Any], place: str) -> tuple[ast.FunctionDef, int]:
    """The function's syntax tree, checked against the code that Python really runs."""
    try:
        lines, first_line = inspect.getsourcelines(function)
    except (OSError, TypeError):
        hint = "write the rule in a file or a notebook cell"
        raise MicrosimError(Offence("its source text cannot be found", place, hint)) from None
    node = _definition("".join(lines))
    if node is None:
        raise MicrosimError(Offence("only a function written with def can be a rule", place))
    code = function.__code__
    if not _same_code(node, code):
        hint = "start Python again, or run the cell again, so that text and code agree"
        raise MicrosimError(Offence("its file has changed since it was loaded", place, hint))
    return node, first_line


def _definition(text: str) -> ast.FunctionDef | None:
    """The function that a text, which may be indented, defines."""
    inside = text[:1] in (" ", "\t")
    try:
        node = ast.parse(f"if inside:\n{text}" if inside else text).body[0]
    except (SyntaxError, IndexError):  # a lambda's line alone need not be a statement
        return None
    if inside:
        assert isinstance(node, ast.If)
        node = ast.increment_lineno(node, -1).body[0]
    return node if isinstance(node, ast.FunctionDef) else None


def _same_code(node: ast.FunctionDef, code: types.CodeType) -> bool:
    """Whether compiling the text gives the code that runs.

    Python compiles ``math.sqrt(x)`` differently in a file that imports ``math`` itself, so both ways count.
    """
    bare = copy.copy(node)
    bare.decorator_list = []
    flags = code.co_flags & 0x1FF0000  # the file's own `from __future__` lines
    around: ast.stmt = bare
    if code.co_freevars:  # made in a function whose names it reads
        inputs = ast.arguments([], [ast.arg(name) for name in code.co_freevars], None, [], [], None, [])
        around = ast.FunctionDef("around", inputs, [bare], [])
    for imported in (False, True):
        before = [ast.Import([ast.alias(name)]) for name in sorted(names_in(bare))] if imported else []
        module = ast.fix_missing_locations(ast.Module([*before, around], []))
        compiled = compile(module, "<rule>", "exec", flags=flags, dont_inherit=True)
        if code.co_freevars:
            compiled = _inner(compiled, "around")
        found = _inner(compiled, node.name)
        if (
            found.co_code == code.co_code
            and found.co_names == code.co_names
            and _plain(found) == _plain(code)
        ):
            return True
    return False


def _inner(code: types.CodeType, name: str) -> types.CodeType:
    return next(c for c in code.co_consts if isinstance(c, types.CodeType) and c.co_name == name)


def _plain(code: types.CodeType) -> list[Any]:
    return [c for c in code.co_consts if not isinstance(c, types.CodeType)]


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
