"""Which comparisons of a rule's text are of money, and are written with ``<`` and not at the fen."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator, Mapping
from typing import Literal

from microsim.policy.money import above, at_least, at_most, below, share_reached
from microsim.policy.rules import Rule

Kind = Literal["money", "share of money", "other"]
_HELPERS = {helper.__name__ for helper in (below, above, at_least, at_most, share_reached)}


def raw_comparisons(rule: Rule, money: Mapping[str, bool], steps: frozenset[str]) -> list[str]:
    """Texts of ``rule`` that compare amounts, or shares of amounts, to the last bit.

    ``money``: by argument whether it is an amount. ``steps``: arguments that are step schedules.
    """
    assert rule.function is not None
    tree = ast.parse(textwrap.dedent(inspect.getsource(rule.function))).body[0]
    assert isinstance(tree, ast.FunctionDef)
    known: dict[str, Kind] = {name: "money" if is_money else "other" for name, is_money in money.items()}
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                if known.get(name, "other") == "other":
                    known[name] = _kind(value, known)
    return [ast.unparse(node) for node in _wrong(tree, known, steps)]


def _wrong(tree: ast.AST, known: Mapping[str, Kind], steps: frozenset[str]) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        match node:
            case ast.Compare(left=left, comparators=others):
                if any(_kind(side, known) != "other" for side in (left, *others)):
                    yield node
            case ast.Call(func=ast.Name(id=name), args=[argument]) if name in steps:
                if _kind(argument, known) != "other":
                    yield node
            case ast.If(test=test) | ast.IfExp(test=test) if _kind(test, known) != "other":
                yield test
            case ast.UnaryOp(op=ast.Not(), operand=operand) if _kind(operand, known) != "other":
                yield node
            case ast.BoolOp(values=values) if any(_kind(v, known) != "other" for v in values):
                yield node


def _kind(node: ast.expr, known: Mapping[str, Kind]) -> Kind:
    match node:
        case ast.Name(id=name):
            return known.get(name, "other")
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
            return _kind(operand, known)
        case ast.BinOp(left=left, op=op, right=right):
            a, b = _kind(left, known), _kind(right, known)
            if isinstance(op, ast.Div) and a == b == "money":
                return "share of money"
            return "money" if "money" in (a, b) else a if a != "other" else b
        case ast.IfExp(body=body, orelse=orelse):
            return _any([body, orelse], known)
        case ast.Call(func=ast.Name(id=name), args=args) if name not in _HELPERS:
            return _any(args, known)
    return "other"


def _any(nodes: list[ast.expr], known: Mapping[str, Kind]) -> Kind:
    kinds = [_kind(node, known) for node in nodes]
    return next((kind for kind in ("money", "share of money") if kind in kinds), "other")
