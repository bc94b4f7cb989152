"""A rule's Python text computed with the arithmetic of the processor: 1 / 0 is infinity, not an exception.

The compiled kernel divides as IEEE 754 says (numba's ``error_model="numpy"``), because a test before every
division would cost speed and a household that divides by nothing must not stop a run of a million others.
The interpreter calls rules as plain Python first; only where Python refuses (``ZeroDivisionError``, a root
of a negative number, an exponential too large) it asks :func:`with_ieee_arithmetic` for the same text
computed in the kernel's way.
"""

from __future__ import annotations

import ast
import functools
import inspect
import math
import textwrap
import types
from collections.abc import Callable
from typing import Any

import numpy as np

_OPERATORS = {ast.Div: "_divide", ast.FloorDiv: "_floor_divide", ast.Mod: "_modulo", ast.Pow: "_power"}


def _whole(a: Any, b: Any) -> bool:
    return isinstance(a, int) and isinstance(b, int)


def _by_zero(a: float, b: float) -> float:
    return math.nan if a == 0 or math.isnan(a) else math.copysign(math.inf, a) * math.copysign(1.0, b)


def _divide(a: Any, b: Any) -> Any:
    return a / b if b != 0 else _by_zero(float(a), float(b))


def _floor_divide(a: Any, b: Any) -> Any:
    if b != 0:
        return a // b
    return 0 if _whole(a, b) else _by_zero(float(a), float(b))


def _modulo(a: Any, b: Any) -> Any:
    if b != 0:
        return a % b
    return 0 if _whole(a, b) else math.nan


def _power(a: Any, b: Any) -> Any:
    if _whole(a, b) and b >= 0:
        return a**b
    with np.errstate(all="ignore"):
        return float(np.float_power(float(a), float(b)))


def _ieee_math(name: str) -> Callable[..., Any]:
    """A function of ``math`` that answers NaN or infinity where the original raises."""
    plain = getattr(math, name)
    twin = getattr(np, name, None) if name in ("log", "log2", "log10", "log1p") else None

    def function(*args: Any) -> Any:
        try:
            return plain(*args)
        except OverflowError:
            return math.inf
        except ValueError:
            with np.errstate(all="ignore"):
                return float(twin(*args)) if twin is not None and len(args) == 1 else math.nan

    return function


class _IeeeMath:
    """What a rule means by ``math``."""

    def __getattr__(self, name: str) -> Any:
        found = getattr(math, name)
        return _ieee_math(name) if callable(found) else found


class _Arithmetic(ast.NodeTransformer):
    """Turns ``a / b`` into ``_divide(a, b)``, and likewise ``//``, ``%`` and ``**``."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        node.decorator_list = []
        self.generic_visit(node)
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        name = _OPERATORS.get(type(node.op))
        if name is None:
            return node
        return ast.Call(ast.Name(name, ast.Load()), [node.left, node.right], [])

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.stmt:
        self.generic_visit(node)
        name = _OPERATORS.get(type(node.op))
        if name is None or not isinstance(node.target, ast.Name):
            return node
        before = ast.Name(node.target.id, ast.Load())
        return ast.Assign([node.target], ast.Call(ast.Name(name, ast.Load()), [before, node.value], []))


@functools.cache
def with_ieee_arithmetic(function: types.FunctionType) -> Callable[..., Any]:
    """The same function, and the plain functions it calls, with IEEE division and ``math``.

    Raises ``OSError`` where the source text of the function cannot be found.
    """
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    tree = ast.fix_missing_locations(_Arithmetic().visit(tree))
    namespace = dict(function.__globals__)
    namespace.update(inspect.getclosurevars(function).nonlocals)
    for name in _names(tree) & namespace.keys():
        value = namespace[name]
        if value is math:
            namespace[name] = _IeeeMath()
        elif isinstance(value, types.BuiltinFunctionType) and value.__module__ == "math":
            namespace[name] = _ieee_math(value.__name__)
        elif isinstance(value, types.FunctionType) and value is not function:
            namespace[name] = with_ieee_arithmetic(value)
    namespace.update(_divide=_divide, _floor_divide=_floor_divide, _modulo=_modulo, _power=_power)
    local: dict[str, Any] = {}
    # The text is the rule's own, already imported and run once as it is; only its four operators were
    # replaced.
    exec(compile(tree, f"<{function.__name__}, IEEE arithmetic>", "exec"), namespace, local)
    rewritten: Callable[..., Any] = local[function.__name__]
    return rewritten


def _names(tree: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
