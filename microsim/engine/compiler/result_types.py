"""A rule gives what its annotation says: a yes/no rule never a number, a whole number never a fraction.

The interpreter turns each result into the annotated type. The generated function does the same, but writes
it only where the text does not show that it has the type already.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Literal

from microsim.engine.compiler.trees import Branch, Leaf, Let, Tree, map_children, map_tree
from microsim.policy.rules import Dtype

Type = Literal["bool", "int", "float", "unknown"]
TypeOf = Callable[[str], Type]

_ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.FloorDiv, ast.Mod)


def cast(tree: Tree, dtype: Dtype, type_of: TypeOf) -> Tree:
    """The tree with each result of type ``dtype``; ``type_of`` is the type of what the rule reads."""
    return tree if dtype == "category" else _cast(tree, dtype, type_of, {})


def _cast(tree: Tree, dtype: Type, type_of: TypeOf, local: Mapping[str, Type]) -> Tree:
    def look(name: str) -> Type:
        return local[name] if name in local else type_of(name)

    match tree:
        case Leaf(value=value):
            return Leaf(_result(value, dtype, look))
        case Branch(test=test, then=then, orelse=orelse):
            return Branch(test, _cast(then, dtype, type_of, local), _cast(orelse, dtype, type_of, local))
        case Let(statements=statements, body=body):
            known = dict(local)
            for statement in statements:
                _note(statement, known, type_of)
            return Let(statements, _cast(body, dtype, type_of, known))


def _note(statement: ast.stmt, known: dict[str, Type], type_of: TypeOf) -> None:
    """Types of the local variables that a statement sets; unknown where it sets them under a condition."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            known[name] = expression_type(value, lambda n: known[n] if n in known else type_of(n))
        case _:
            for part in ast.walk(statement):
                if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
                    known[part.id] = "unknown"


def _result(value: ast.expr, dtype: Type, look: TypeOf) -> ast.expr:
    if isinstance(value, ast.IfExp):
        body, orelse = _result(value.body, dtype, look), _result(value.orelse, dtype, look)
        return value if body is value.body and orelse is value.orelse else ast.IfExp(value.test, body, orelse)
    found = expression_type(value, look)
    if found == dtype:
        return value
    if isinstance(value, ast.Constant) and isinstance(value.value, bool | int | float):
        return ast.Constant({"bool": bool, "int": int, "float": float}[dtype](value.value))
    if dtype == "float" and found == "unknown":
        return value  # a column: numbers of its own kind lose nothing
    return _made(dtype, value, found)


def _made(dtype: Type, value: ast.expr, found: Type) -> ast.expr:
    """``value`` as another type."""
    if dtype == "float" and found == "bool":
        return ast.IfExp(value, ast.Constant(1.0), ast.Constant(0.0))
    return ast.Call(ast.Name(dtype, ast.Load()), [value], [])


def expression_type(node: ast.expr, look: TypeOf) -> Type:
    """The type of an expression as far as its text shows it."""
    match node:
        case ast.Constant(value=bool()):
            return "bool"
        case ast.Constant(value=int()):
            return "int"
        case ast.Constant(value=float()):
            return "float"
        case ast.Name(id=name):
            return look(name)
        case ast.Compare() | ast.UnaryOp(op=ast.Not()):
            return "bool"
        case ast.UnaryOp(operand=operand):
            return _number(expression_type(operand, look))
        case ast.BoolOp(values=values):
            return _common([expression_type(v, look) for v in values])
        case ast.IfExp(body=body, orelse=orelse):
            return _common([expression_type(body, look), expression_type(orelse, look)])
        case ast.BinOp(left=left, op=op, right=right):
            a, b = expression_type(left, look), expression_type(right, look)
            if "float" in (a, b) or isinstance(op, ast.Div):
                return "float"
            return _number(_common([_number(a), _number(b)])) if isinstance(op, _ARITHMETIC) else "unknown"
        case ast.Call(func=ast.Name(id="bool")):
            return "bool"
        case ast.Call(func=ast.Name(id="int")):
            return "int"
        case ast.Call(func=ast.Name(id="float")):
            return "float"
        case ast.Call(func=ast.Name(id="abs" | "min" | "max"), args=args):
            return _number(_common([expression_type(a, look) for a in args]))
    return "unknown"


def with_python_numbers(tree: Tree, look: TypeOf) -> Tree:
    """What compiled code would do otherwise than Python, or not at all.

    ``2 ** -years`` is a half or a quarter in Python, but 0 where whole numbers are compiled. ``float(poor)``
    is 1 or 0; numba knows no ``float()`` of a yes/no value, and a column may be one.
    """

    def change(node: ast.AST) -> ast.AST:
        node = map_children(node, change)
        match node:
            case ast.Call(func=ast.Name(id="float"), args=[value]):
                found = expression_type(value, look)
                if found == "unknown" and isinstance(value, ast.Name):
                    return ast.BinOp(value, ast.Mult(), ast.Constant(1.0))
                return _made("float", value, found)
            case ast.BinOp(op=ast.Pow(), right=ast.Constant(value=float() | int() as power)) if power >= 0:
                return node
            case ast.BinOp(left=ast.Constant(value=int(base)), op=ast.Pow(), right=right):
                return ast.BinOp(ast.Constant(float(base)), ast.Pow(), right)
            case ast.BinOp(left=left, op=ast.Pow(), right=right) if expression_type(left, look) != "float":
                return ast.BinOp(ast.Call(ast.Name("float", ast.Load()), [left], []), ast.Pow(), right)
        return node

    return map_tree(tree, change)


def _number(found: Type) -> Type:
    return "int" if found == "bool" else found


def _common(types: list[Type]) -> Type:
    return types[0] if len(set(types)) == 1 else "unknown"
