"""Walking one member's income: the others' part of a sum is added up once, that member's at each point."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from microsim.engine.nodes import Node
from microsim.engine.trees import Leaf, names_in, stored_names, substitute, substitute_node

if TYPE_CHECKING:
    from microsim.engine.plan import Builder

WALKED = "_walked"  # ending of the values of the one member whose earnings are walked
OTHERS = "_of_others"


def split_sums(builder: Builder) -> None:
    """Split each sum that varies only through the walked member."""
    for node in [n for n in builder.nodes.values() if n.kind == "aggregate"]:
        _split(builder, node)


def _split(builder: Builder, node: Node) -> None:
    """A sum that varies only through the walked member: the others' part once, that one's each time."""
    assert node.value is not None
    assert node.aggregate is not None
    names = names_in(node.value) & set(builder.nodes)
    if not any(builder.nodes[n].varying for n in names) or not all(
        _own(builder, n) for n in names if builder.nodes[n].varying
    ):
        return
    others = f"{node.name}{OTHERS}"
    builder.aggregate(others, node.value, node.aggregate).skip_walked = True
    one = substitute_node(node.value, {n: ast.Name(_walked(builder, n), ast.Load()) for n in sorted(names)})
    rest: ast.expr = ast.Name(others, ast.Load())
    match node.aggregate:
        case "total":
            both: ast.expr = ast.BinOp(rest, ast.Add(), one)
        case "count":
            both = ast.BinOp(rest, ast.Add(), ast.IfExp(one, ast.Constant(1), ast.Constant(0)))
        case "any_member":
            both = ast.BoolOp(ast.Or(), [rest, one])
        case "every_member":
            both = ast.BoolOp(ast.And(), [rest, one])
        case "largest" | "smallest":
            function = "max" if node.aggregate == "largest" else "min"
            both = ast.Call(ast.Name(function, ast.Load()), [rest, one], [])
    builder.formula(node.name, Leaf(both), "household", node.dtype, node.item)


def _own(builder: Builder, name: str) -> bool:
    """A person value that varies only through the same person's walked income."""
    node = builder.nodes[name]
    if node.level != "person":
        return not node.varying
    return name in builder.varying or all(_own(builder, n) for n in node.needs)


def _walked(builder: Builder, name: str) -> str:
    """The node that holds ``name`` for the walked member; household values serve as they are."""
    node = builder.nodes[name]
    if node.level != "person":
        return name
    walked = f"{name}{WALKED}"
    if walked in builder.nodes:
        return walked
    if name in builder.varying:
        builder.nodes[walked] = Node(walked, "household", "grid", comment="the walked income")
    elif node.kind == "column":
        builder.nodes[walked] = Node(
            walked, "household", "column_of_walked", item=node.item, column=node.column
        )
    elif node.kind == "parameter":
        needs = tuple(_walked(builder, n) for n in node.needs)
        builder.nodes[walked] = Node(
            walked, "household", "parameter", node.dtype, item=node.item, needs=needs
        )
    else:
        assert node.tree is not None
        mapping: dict[str, ast.expr] = {n: ast.Name(_walked(builder, n), ast.Load()) for n in node.needs}
        stored = stored_names(node.tree)
        mapping |= {n: ast.Name(f"{n}{WALKED}", ast.Load()) for n in stored}
        made = builder.formula(walked, substitute(node.tree, mapping), "household", node.dtype)
        made.needs = tuple(dict.fromkeys([*made.needs, *(_walked(builder, n) for n in node.needs)]))
    return walked
