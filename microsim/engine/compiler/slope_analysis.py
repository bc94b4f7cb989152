"""What moves with the walked income, and what only steps: which amounts have a slope."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from microsim.engine.compiler.trees import Branch, Leaf, Let, Tree

_STEPS = ("floor", "ceil", "trunc")  # of math: no slope, but they step


def has_slope(node: ast.expr, sloped: set[str]) -> bool:
    """Whether an expression's value moves with the walked income, other than by steps."""
    match node:
        case ast.Name(id=name):
            return name in sloped
        case ast.Compare() | ast.UnaryOp(op=ast.Not()) | ast.BinOp(op=ast.FloorDiv()):
            return False
        case ast.UnaryOp(operand=operand):
            return has_slope(operand, sloped)
        case ast.BinOp(left=left, right=right):
            return has_slope(left, sloped) or has_slope(right, sloped)
        case ast.BoolOp(values=values):
            return any(has_slope(v, sloped) for v in values)
        case ast.IfExp(body=body, orelse=orelse):
            return has_slope(body, sloped) or has_slope(orelse, sloped)
        case ast.Call(func=ast.Name(id="int" | "bool" | "round" | "schedule_step")):
            return False
        case ast.Call(func=ast.Attribute(attr=name)) if name in _STEPS:
            return False
        case ast.Call(args=args):
            return any(has_slope(a, sloped) for a in args)
    return False


def tree_has_slope(tree: Tree, sloped: set[str]) -> bool:
    """Whether a rule's result moves with the walked income, other than by steps."""
    known = sloped | sloped_locals(tree, sloped)
    match tree:
        case Leaf(value=value):
            return has_slope(value, known)
        case Branch(then=then, orelse=orelse):
            return tree_has_slope(then, known) or tree_has_slope(orelse, known)
        case Let(body=body):
            return tree_has_slope(body, known)


def sloped_locals(tree: Tree, sloped: set[str]) -> set[str]:
    """Local variables that hold an amount with a slope anywhere."""
    assignments = [part for statement in _statements(tree) for part in assigned(statement)]
    found: set[str] = set()
    while True:
        new = {name for name, value in assignments if has_slope(value, sloped | found)} - found
        if not new:
            return found
        found |= new


def assigned(statement: ast.stmt) -> Iterable[tuple[str, ast.expr]]:
    """Names that a statement sets, and to what."""
    for part in ast.walk(statement):
        if isinstance(part, ast.Assign) and isinstance(part.targets[0], ast.Name):
            yield part.targets[0].id, part.value


def _statements(tree: Tree) -> Iterable[ast.stmt]:
    match tree:
        case Branch(then=then, orelse=orelse):
            yield from _statements(then)
            yield from _statements(orelse)
        case Let(statements=statements, body=body):
            yield from statements
            yield from _statements(body)
