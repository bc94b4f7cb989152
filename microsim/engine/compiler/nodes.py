"""The nodes of a plan: each value of the generated function, what it needs and where it is computed."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from microsim.engine.compiler.reserved import free_name
from microsim.engine.compiler.trees import Tree, names_in, substitute, substitute_node
from microsim.policy.graph import Item, Level
from microsim.policy.rules import Dtype, Kind

Driver = Literal["evaluate", "totals", "walk", "notches"]
NodeKind = Literal["column", "parameter", "formula", "aggregate", "grid", "column_of_walked"]


@dataclass(eq=False)
class Node:
    """One value in the generated function."""

    name: str
    level: Level
    kind: NodeKind
    dtype: Dtype = "float"
    tree: Tree | None = None  # formula
    value: ast.expr | None = None  # aggregate: what is added up, person level
    aggregate: Kind | None = None
    skip_walked: bool = False
    guarded: bool = False  # a part of a lifted sum: needed only under a condition
    inline: bool = False  # its loop is written where it is needed
    item: Item | None = None
    column: str = ""
    needs: tuple[str, ...] = ()
    varying: bool = False
    stage: int = 0
    late: bool = False  # computed after a loop over members
    comment: str = ""
    slope: str = (
        ""  # in a search for notches: the variable that holds how fast it moves, "" where it does not
    )
    moving_tree: Tree | None = None  # formula: the tree that sets the slope too
    moving: Sequence[ast.stmt] = ()  # behind a column's value; in place of what a member adds to a sum


@dataclass(frozen=True)
class Slot:
    """Where a parameter's cells are in the vector of parameters."""

    parameter: str  # dotted name
    argument: str
    by: tuple[str, ...]
    categories: tuple[tuple[str, ...], ...]
    offset: int  # in P, or the row in V where it varies
    varies: bool

    @property
    def cells(self) -> int:
        count = 1
        for names in self.categories:
            count *= len(names)
        return count


@dataclass
class Plan:
    """Everything the generator needs to write one function."""

    driver: Driver
    outputs: tuple[str, ...]
    varying: tuple[str, ...]
    nodes: dict[str, Node]
    constants: dict[str, int]
    slots: tuple[Slot, ...]
    variables: dict[str, str] = field(default_factory=dict)  # names in the text, where they are others
    order: list[str] = field(default_factory=list)
    early: dict[str, int] = field(default_factory=dict)  # stages looked up before they are set
    buffers: dict[str, Node] = field(default_factory=dict)  # person values kept from one loop to a later one

    def var(self, name: str) -> str:
        """A value's name in the text."""
        return self.variables.get(name, name)

    def rename(self, reserved: frozenset[str]) -> None:
        """Give values whose names the text needs for itself others, in all that reads them."""
        names = {*self.nodes, *self.constants}
        self.variables = {n: free_name(n, names, reserved) for n in sorted(names & reserved)}
        to: dict[str, ast.expr] = {a: ast.Name(b, ast.Load()) for a, b in self.variables.items()}
        for node in self.nodes.values() if to else ():
            node.tree = node.tree and substitute(node.tree, to)
            node.value = node.value and substitute_node(node.value, to)


class NodeTable:
    """Nodes by name, and how more are added; ``varying`` are the arguments that vary."""

    def __init__(self, varying: tuple[str, ...]) -> None:
        self.varying = varying
        self.nodes: dict[str, Node] = {}

    def formula(self, name: str, tree: Tree, level: Level, dtype: Dtype, item: Item | None = None) -> Node:
        """Add (or replace) a value that is computed from others."""
        needs = tuple(n for n in sorted(names_in(tree)) if n in self.nodes)
        node = Node(name, level, "formula", dtype, tree=tree, needs=needs, item=item)
        if item is not None and item.rule is not None:
            first = item.rule.description.split("\n")[0]
            node.comment = f"{first} [{item.rule.reference}]" if item.rule.reference else first
        self.nodes[name] = node
        return node

    def aggregate(self, name: str, value: ast.expr, kind: Kind, item: Item | None = None) -> Node:
        """Add a sum, count or test over the members of a household."""
        dtypes: dict[Kind, Dtype] = {"count": "int", "any_member": "bool", "every_member": "bool"}
        dtype = dtypes.get(kind, "float")
        needs = tuple(n for n in sorted(names_in(value)) if n in self.nodes)
        node = Node(
            name, "household", "aggregate", dtype, value=value, aggregate=kind, needs=needs, item=item
        )
        self.nodes[name] = node
        return node


def in_order(nodes: Mapping[str, Node], wanted: Iterable[str]) -> list[str]:
    """Names below ``wanted``, needs before those who need them, otherwise in the order of ``wanted``."""
    out: list[str] = []
    seen: set[str] = set()

    def visit(name: str) -> None:
        if name in seen:
            return
        seen.add(name)
        for need in nodes[name].needs:
            visit(need)
        out.append(name)

    for name in wanted:
        visit(name)
    return out
