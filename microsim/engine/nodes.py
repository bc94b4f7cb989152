"""The nodes of a plan: each value of the generated function, what it needs and where it stands."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from microsim.engine.graph import Item, Level
from microsim.engine.rules import Dtype, Kind
from microsim.engine.trees import Tree

Driver = Literal["evaluate", "totals", "walk"]
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
    late: bool = False  # stands behind a loop over members
    comment: str = ""

    @property
    def is_switch(self) -> bool:
        """A value that can stand alone as a condition: yes/no, or a number that counts as no when it is 0."""
        coded = self.item is not None and bool(self.item.categories)
        return self.dtype == "bool" or (self.kind == "column" and bool(self.column) and not coded)


@dataclass(frozen=True)
class Slot:
    """Where a parameter's cells stand in the vector of parameters."""

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
    helpers: dict[str, str]
    constants: dict[str, int]
    slots: tuple[Slot, ...]
    order: list[str] = field(default_factory=list)
    early: dict[str, int] = field(default_factory=dict)  # stages looked up before they are set
    buffers: dict[str, Node] = field(default_factory=dict)  # person values kept from one loop to a later one


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
