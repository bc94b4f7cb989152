"""Walking one member's income: the others' part of a sum is added up once, that member's at each point."""

from __future__ import annotations

import ast

from microsim.engine.compiler.nodes import Node, NodeTable
from microsim.engine.compiler.trees import Leaf, names_in, stored_names, substitute, substitute_node

WALKED = "_walked"  # ending of the values of the one member whose earnings are walked
OTHERS = "_of_others"


def split_sums(table: NodeTable) -> None:
    """Split each sum that varies only through the walked member."""
    for node in [n for n in table.nodes.values() if n.kind == "aggregate"]:
        _split(table, node)


def _split(table: NodeTable, node: Node) -> None:
    """A sum that varies only through the walked member: the others' part once, that one's each time."""
    assert node.value is not None
    assert node.aggregate is not None
    names = names_in(node.value) & set(table.nodes)
    if not any(table.nodes[n].varying for n in names) or not all(
        _own(table, n) for n in names if table.nodes[n].varying
    ):
        return
    others = f"{node.name}{OTHERS}"
    table.aggregate(others, node.value, node.aggregate).skip_walked = True
    one = substitute_node(node.value, {n: ast.Name(_walked(table, n), ast.Load()) for n in sorted(names)})
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
    # It still varies, which sums that are split after it have to know.
    table.formula(node.name, Leaf(both), "household", node.dtype, node.item).varying = True


def _own(table: NodeTable, name: str) -> bool:
    """A person value that varies only through the same person's walked income."""
    node = table.nodes[name]
    if node.level != "person":
        return not node.varying
    return name in table.varying or all(_own(table, n) for n in node.needs)


def _walked(table: NodeTable, name: str) -> str:
    """The node that holds ``name`` for the walked member; household values serve as they are."""
    node = table.nodes[name]
    if node.level != "person":
        return name
    walked = f"{name}{WALKED}"
    if walked in table.nodes:
        return walked
    if name in table.varying:
        table.nodes[walked] = Node(walked, "household", "grid", comment="the walked income")
    elif node.kind == "column":
        table.nodes[walked] = Node(
            walked, "household", "column_of_walked", item=node.item, column=node.column
        )
    elif node.kind == "parameter":
        needs = tuple(_walked(table, n) for n in node.needs)
        table.nodes[walked] = Node(walked, "household", "parameter", node.dtype, item=node.item, needs=needs)
    else:
        assert node.tree is not None
        mapping: dict[str, ast.expr] = {n: ast.Name(_walked(table, n), ast.Load()) for n in node.needs}
        stored = stored_names(node.tree)
        mapping |= {n: ast.Name(f"{n}{WALKED}", ast.Load()) for n in stored}
        made = table.formula(walked, substitute(node.tree, mapping), "household", node.dtype)
        made.needs = tuple(dict.fromkeys([*made.needs, *(_walked(table, n) for n in node.needs)]))
    return walked
