"""Rules as trees of guarded results, and how their expressions are rewritten.

Syntax nodes are never changed in place: a rewrite gives the same node where nothing changed and a new one
otherwise, so that parts can be shared and need no copies.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

Node = TypeVar("Node", bound=ast.AST)

BUILTINS = ("min", "max", "abs", "round", "int", "float", "bool")  # that rules may call


@dataclass(frozen=True)
class Leaf:
    """A result."""

    value: ast.expr


@dataclass(frozen=True)
class Branch:
    """An ``if`` of which at least one side returns."""

    test: ast.expr
    then: Tree
    orelse: Tree


@dataclass(frozen=True)
class Let:
    """Local variables, and what follows them."""

    statements: tuple[ast.stmt, ...]
    body: Tree


Tree = Leaf | Branch | Let


def literal(value: float) -> ast.expr:
    """A number, valid anywhere in an expression (``-2`` before ``**`` needs its brackets)."""
    if value != value:
        return ast.Attribute(ast.Name("math", ast.Load()), "nan", ast.Load())
    if not isinstance(value, bool) and math.copysign(1.0, value) < 0:
        return ast.UnaryOp(ast.USub(), ast.Constant(-value))
    return ast.Constant(value)


def map_children(node: Node, change: Callable[[ast.AST], ast.AST]) -> Node:
    """The node with ``change`` applied to each child; the node itself where all children stay."""
    fields: dict[str, object] = {}
    changed = False
    for name in node._fields:
        old = getattr(node, name, None)
        new: object = old
        if isinstance(old, ast.AST):
            new = change(old)
            changed |= new is not old
        elif isinstance(old, list):
            items = [change(item) if isinstance(item, ast.AST) else item for item in old]
            if any(a is not b for a, b in zip(items, old, strict=True)):
                new, changed = items, True
        fields[name] = new
    return type(node)(**fields) if changed else node


def map_tree(tree: Tree, change: Callable[[Node], Node]) -> Tree:
    """The tree with ``change`` applied to each of its expressions and statements."""
    match tree:
        case Leaf(value=value):
            return Leaf(change(value))  # type: ignore[arg-type]
        case Branch(test=test, then=then, orelse=orelse):
            return Branch(change(test), map_tree(then, change), map_tree(orelse, change))  # type: ignore[arg-type]
        case Let(statements=statements, body=body):
            return Let(tuple(change(s) for s in statements), map_tree(body, change))  # type: ignore[misc, arg-type]


def same(a: object, b: object) -> bool:
    """Whether two expressions read the same."""
    if a is b:
        return True
    if isinstance(a, ast.AST):
        if type(a) is not type(b):
            return False
        return all(
            same(getattr(a, name, None), getattr(b, name, None)) for name in a._fields if name != "ctx"
        )
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    return type(a) is type(b) and a == b


def names_in(node: ast.AST | Tree) -> set[str]:
    """Names that an expression or tree reads."""
    match node:
        case Leaf(value=value):
            return names_in(value)
        case Branch(test=test, then=then, orelse=orelse):
            return names_in(test) | names_in(then) | names_in(orelse)
        case Let(statements=statements, body=body):
            read = set().union(*(names_in(s) for s in statements)) | names_in(body)
            return read - _stored(statements)
    assert isinstance(node, ast.AST)
    return set(_read(node))


def _read(node: ast.AST) -> frozenset[str]:
    """Names read, noted on the node, which never changes."""
    known: frozenset[str] | None = getattr(node, "names_read", None)
    if known is None:
        if isinstance(node, ast.Name):
            known = frozenset([node.id] if isinstance(node.ctx, ast.Load) else [])
        else:
            known = frozenset().union(*map(_read, ast.iter_child_nodes(node)))
        node.names_read = known  # type: ignore[attr-defined]
    return known


def stored_names(tree: Tree) -> set[str]:
    """Local names that a tree assigns."""
    match tree:
        case Leaf():
            return set()
        case Branch(then=then, orelse=orelse):
            return stored_names(then) | stored_names(orelse)
        case Let(statements=statements, body=body):
            return _stored(statements) | stored_names(body)


def _stored(statements: tuple[ast.stmt, ...]) -> set[str]:
    names = (n for s in statements for n in ast.walk(s) if isinstance(n, ast.Name))
    return {n.id for n in names if isinstance(n.ctx, ast.Store)}


def substitute_node(node: Node, mapping: Mapping[str, ast.expr]) -> Node:
    """An expression or statement with names replaced by expressions (assigned names by names)."""

    def change(part: ast.AST) -> ast.AST:
        if isinstance(part, ast.Name):
            new = mapping.get(part.id)
            if new is None:
                return part
            if isinstance(part.ctx, ast.Store):
                assert isinstance(new, ast.Name)
                return ast.Name(new.id, ast.Store())
            return new
        return map_children(part, change)

    return change(node) if mapping else node  # type: ignore[return-value]


def substitute(tree: Tree, mapping: Mapping[str, ast.expr]) -> Tree:
    """The tree with names replaced by expressions."""
    return map_tree(tree, lambda part: substitute_node(part, mapping)) if mapping else tree
