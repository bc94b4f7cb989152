"""The source text of a rule or helper as a syntax tree, checked against the code that runs."""

from __future__ import annotations

import ast
import copy
import inspect
import types
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from microsim.errors import Offence, RuleError


@lru_cache(maxsize=4096)
def parsed_function(function: Callable[..., Any], place: str) -> tuple[ast.FunctionDef, int]:
    """The function's syntax tree, checked against the code that Python really runs."""
    try:
        lines, first_line = inspect.getsourcelines(function)
    except (OSError, TypeError):
        hint = "write the rule in a file or a notebook cell"
        raise RuleError(Offence("its source text cannot be found", place, hint)) from None
    node = _definition("".join(lines))
    if node is None:
        raise RuleError(Offence("only a function written with def can be a rule", place))
    if not _same_code(node, function):
        hint = "restart Python, or run the cell again, so that text and code agree"
        raise RuleError(Offence("its file has changed since it was loaded", place, hint))
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


def _same_code(node: ast.FunctionDef, function: Callable[..., Any]) -> bool:
    """Whether compiling the text gives the code that runs.

    Python compiles ``math.sqrt(x)`` differently in a file that imports ``math`` itself (but not ``x.sqrt()``
    of a local ``x``), so each way counts.
    """
    code = function.__code__
    bare = copy.copy(node)
    bare.decorator_list = []
    flags = code.co_flags & 0x1FF0000  # the file's own `from __future__` lines
    around: ast.stmt = bare
    if code.co_freevars:  # made in a function whose names it reads
        inputs = ast.arguments([], [ast.arg(name) for name in code.co_freevars], None, [], [], None, [])
        around = ast.FunctionDef("around", inputs, [bare], [])
    read = _names_read(bare) - {*code.co_varnames}
    modules = {name for name in read if isinstance(function.__globals__.get(name), types.ModuleType)}
    for imported in (set(), modules, read):
        before = [ast.Import([ast.alias(name)]) for name in sorted(imported)]
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


def _names_read(node: ast.AST) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
