"""The order of work for one driver: what is done once per household, what again for each scenario or wage.

Nodes are the named values of the graph. Work on a household alternates: household values of stage 0, a loop
over members, household values of stage 1, a loop, and so on. What depends on what varies forms a second such
sequence, inside the inner loop over scenarios (``totals``) or wages (``walk``).
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from microsim.engine.casts import Type, cast, with_float_powers
from microsim.engine.graph import Item, Level
from microsim.engine.lifting import MOST_NODES, Part, Split, as_expression, lift, parts_of, size
from microsim.engine.lowering import Argument, lower
from microsim.engine.parameters import SCHEDULES
from microsim.engine.rules import Dtype, Kind
from microsim.engine.trees import (
    Branch,
    Leaf,
    Tree,
    map_children,
    map_tree,
    names_in,
    stored_names,
    substitute,
    substitute_node,
)

Driver = Literal["evaluate", "totals", "walk"]
NodeKind = Literal["column", "parameter", "formula", "aggregate", "grid", "column_of_walked"]

WALKED = "_walked"  # ending of the values of the one member whose earnings are walked
OTHERS = "_of_others"
MOST_PARTS = 4  # sums that one lifted sum may become
MOST_NODES_OF_PART = 60


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


def make_plan(
    items: Mapping[str, Item],
    outputs: Sequence[str],
    driver: Driver = "evaluate",
    varying: Sequence[str] = (),
) -> Plan:
    """Plan ``outputs`` over resolved ``items``; ``varying``: parameters' arguments, or the walked column."""
    builder = _Builder(items, tuple(outputs), driver, tuple(sorted(varying)))
    return builder.build()


class _Builder:
    def __init__(
        self, items: Mapping[str, Item], outputs: tuple[str, ...], driver: Driver, varying: tuple[str, ...]
    ) -> None:
        self.items, self.outputs, self.driver, self.varying = items, outputs, driver, varying
        self.nodes: dict[str, Node] = {}
        self.helpers: dict[str, str] = {}
        self.constants: dict[str, int] = {}
        self.parts: dict[tuple[str, str], str] = {}  # sums that were already made for another rule

    def build(self) -> Plan:
        for name, item in self.items.items():
            self._base(name, item)
        self._mark()
        for node in [n for n in self.nodes.values() if n.kind == "aggregate"]:
            self._lift(node)
        self._mark()
        if self.driver == "walk":
            for node in [n for n in self.nodes.values() if n.kind == "aggregate"]:
                self._split_walked(node)
            self._mark()
        plan = Plan(self.driver, self.outputs, self.varying, {}, self.helpers, self.constants, self._slots())
        self._prune(plan)
        self._stages(plan)
        self._sink(plan)
        self._keep(plan)
        return plan

    # -- nodes as the rules state them -----------------------------------------------------------------------

    def _base(self, name: str, item: Item) -> None:
        if item.source == "column":
            self.nodes[name] = Node(name, item.level, "column", item=item, column=name)
        elif item.source == "parameter":
            assert item.parameter is not None
            dtype: Dtype = "bool" if item.parameter.kind == "boolean" else "float"
            label = item.parameter.label.get("en", "")
            self.nodes[name] = Node(
                name, item.level, "parameter", dtype, item=item, needs=item.needs, comment=label
            )
        else:
            rule = item.rule
            assert rule is not None
            if rule.kind == "formula":
                arguments = {a: self._argument(a) for a in rule.arguments}
                lowered = lower(rule, arguments)
                self.helpers.update(lowered.helpers)
                self.constants.update(lowered.constants)
                tree = with_float_powers(lowered.tree, self._type)
                tree = cast(_with_schedules(tree, self.items), rule.dtype, self._type)
                self._formula(name, tree, item.level, rule.dtype, item)
            elif rule.of is None:
                self.nodes[name] = Node(name, "household", "column", "int", item=item, column="")
            else:
                value = ast.Name(rule.of, ast.Load())
                self._aggregate(name, value, rule.kind, item)

    def _type(self, name: str) -> Type:
        """What a rule's input is, as far as it is known without the data."""
        node = self.nodes.get(name)
        if node is None or (node.kind == "column" and node.column):
            return "unknown"
        item = self.items[name]
        if item.parameter is not None and item.parameter.kind not in ("number", "boolean"):
            return "unknown"
        return "unknown" if node.dtype == "category" else node.dtype

    def _argument(self, name: str) -> Argument:
        item = self.items[name]
        if item.parameter is not None:
            kind = item.parameter.kind
            return Argument(item.parameter.choices if kind == "choice" else (), kind in SCHEDULES)
        return Argument(item.categories)

    def _formula(self, name: str, tree: Tree, level: Level, dtype: Dtype, item: Item | None = None) -> Node:
        needs = tuple(n for n in sorted(names_in(tree)) if n in self.nodes)
        node = Node(name, level, "formula", dtype, tree=tree, needs=needs, item=item)
        if item is not None and item.rule is not None:
            first = item.rule.description.split("\n")[0]
            node.comment = f"{first} [{item.rule.reference}]" if item.rule.reference else first
        self.nodes[name] = node
        return node

    def _aggregate(self, name: str, value: ast.expr, kind: Kind, item: Item | None = None) -> Node:
        dtypes: dict[Kind, Dtype] = {"count": "int", "any_member": "bool", "every_member": "bool"}
        dtype = dtypes.get(kind, "float")
        needs = tuple(n for n in sorted(names_in(value)) if n in self.nodes)
        node = Node(
            name, "household", "aggregate", dtype, value=value, aggregate=kind, needs=needs, item=item
        )
        self.nodes[name] = node
        return node

    def _mark(self) -> None:
        """Which nodes vary, and which stand behind a loop over members."""
        for name in self._sorted():
            node = self.nodes[name]
            needs = [self.nodes[n] for n in node.needs]
            if node.skip_walked:  # the walked member's own values do not enter
                needs = [n for n in needs if n.level != "person"]
            node.varying = node.kind == "grid" or name in self.varying or any(n.varying for n in needs)
            node.late = node.kind == "aggregate" or any(n.late for n in needs)

    def _sorted(self) -> list[str]:
        """Names with needs before those who need them, otherwise in the order in which they were made."""
        out: list[str] = []
        seen: set[str] = set()

        def visit(name: str) -> None:
            if name in seen:
                return
            seen.add(name)
            for need in self.nodes[name].needs:
                visit(need)
            out.append(name)

        for name in list(self.nodes):
            visit(name)
        return out

    # -- sums whose conditions are the household's -----------------------------------------------------------

    def _lift(self, node: Node) -> None:
        kind = node.aggregate
        assert node.value is not None
        assert kind is not None
        if kind not in ("total", "count", "any_member"):
            return
        of = node.value.id if isinstance(node.value, ast.Name) else ""
        if self.driver == "evaluate" and of in self.outputs:
            return  # computed for every person anyway
        value = self._expanded(node.value)
        if value is None:
            return
        # In a sum that varies, any condition is worth taking out: one of its sides may not vary.
        varies = self.driver != "evaluate" and any(
            n in self.nodes and self.nodes[n].varying for n in names_in(value)
        )
        worth = self._is_household if varies else self._is_worth
        split = lift(value, self._is_household, worth, kind in ("count", "any_member"))
        parts = parts_of(split)
        if len(parts) > MOST_PARTS or any(size(part.value) > MOST_NODES_OF_PART for part in parts):
            return  # the loop as it stands is shorter, and easier to read
        if isinstance(split, Part) and split.times is None:
            return
        counter = itertools.count(1)
        tree = self._tree_of(split, node.name, kind, counter, "")
        self._formula(node.name, tree, "household", node.dtype, node.item)

    def _is_household(self, name: str) -> bool:
        return name not in self.nodes or self.nodes[name].level != "person"  # P, V and functions are nobody's

    def _is_worth(self, name: str) -> bool:
        node = self.nodes.get(name)
        return node is not None and (node.late or node.varying)

    def _expanded(self, value: ast.expr) -> ast.expr | None:
        """``value`` with person rules that hide a household condition written out; None where too large."""
        for _ in range(12):
            hidden = {}
            for name in sorted(names_in(value)):
                node = self.nodes.get(name)
                if (
                    node is None
                    or node.kind != "formula"
                    or node.level != "person"
                    or not self._is_worth(name)
                ):
                    continue
                if node.varying and not any(
                    self._is_worth(n) and self._is_household(n) for n in self._below(name)
                ):
                    continue  # varies only through the person's own walked income
                assert node.tree is not None
                inner = as_expression(node.tree)
                if inner is None or node.dtype == "category":
                    return None
                hidden[name] = inner
            if not hidden:
                return value
            value = substitute_node(value, hidden)
            if size(value) > MOST_NODES:
                return None
        return None

    def _below(self, name: str) -> set[str]:
        """Everything a node stands on."""
        out: set[str] = set()
        pending = [name]
        while pending:
            for need in self.nodes[pending.pop()].needs:
                if need not in out:
                    out.add(need)
                    pending.append(need)
        return out

    def _tree_of(
        self, split: Split | Part, name: str, kind: Kind, counter: itertools.count[int], when: str
    ) -> Tree:
        if isinstance(split, Split):
            label = f"_if_{split.test.id}" if isinstance(split.test, ast.Name) else f"_case_{next(counter)}"
            then = self._tree_of(split.then, name, kind, counter, label)
            orelse = self._tree_of(split.orelse, name, kind, counter, "_otherwise")
            return Branch(split.test, then, orelse)
        if isinstance(split.value, ast.Constant) and split.times is None and not split.value.value:
            return Leaf(ast.Constant({"total": 0.0, "count": 0, "any_member": False}[kind]))
        text = ast.unparse(split.value)
        known = self.parts.get((kind, text))
        if known is None:
            known = f"{name}{when}" if when else f"{name}_sum"
            while known in self.nodes:
                known = f"{name}_case_{next(counter)}"
            self.parts[kind, text] = known
            self._aggregate(known, split.value, kind).guarded = bool(when)
        result: ast.expr = ast.Name(known, ast.Load())
        if split.times is None:
            return Leaf(result)
        product: ast.expr = ast.BinOp(split.times, ast.Mult(), result)
        if any(self.nodes[n].kind == "formula" for n in names_in(split.times) & set(self.nodes)):
            # A rule may give infinity where nobody is counted (a share among no recipients): that is nothing.
            product = ast.IfExp(result, product, ast.Constant(0.0))
        return Leaf(product)

    # -- walking one member's income -------------------------------------------------------------------------

    def _split_walked(self, node: Node) -> None:
        """A sum that varies only through the walked member: the others' part once, that one's each time."""
        assert node.value is not None
        assert node.aggregate is not None
        names = names_in(node.value) & set(self.nodes)
        if not any(self.nodes[n].varying for n in names) or not all(
            self._own(n) for n in names if self.nodes[n].varying
        ):
            return
        others = f"{node.name}{OTHERS}"
        self._aggregate(others, node.value, node.aggregate).skip_walked = True
        one = substitute_node(node.value, {n: ast.Name(self._walked(n), ast.Load()) for n in sorted(names)})
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
        self._formula(node.name, Leaf(both), "household", node.dtype, node.item)

    def _own(self, name: str) -> bool:
        """A person value that varies only through the same person's walked income."""
        node = self.nodes[name]
        if node.level != "person":
            return not node.varying
        return name in self.varying or all(self._own(n) for n in node.needs)

    def _walked(self, name: str) -> str:
        """The node that holds ``name`` for the walked member; household values serve as they are."""
        node = self.nodes[name]
        if node.level != "person":
            return name
        walked = f"{name}{WALKED}"
        if walked in self.nodes:
            return walked
        if name in self.varying:
            self.nodes[walked] = Node(walked, "household", "grid", comment="the walked income")
        elif node.kind == "column":
            self.nodes[walked] = Node(
                walked, "household", "column_of_walked", item=node.item, column=node.column
            )
        elif node.kind == "parameter":
            needs = tuple(self._walked(n) for n in node.needs)
            self.nodes[walked] = Node(
                walked, "household", "parameter", node.dtype, item=node.item, needs=needs
            )
        else:
            assert node.tree is not None
            mapping: dict[str, ast.expr] = {n: ast.Name(self._walked(n), ast.Load()) for n in node.needs}
            stored = stored_names(node.tree)
            mapping |= {n: ast.Name(f"{n}{WALKED}", ast.Load()) for n in stored}
            made = self._formula(walked, substitute(node.tree, mapping), "household", node.dtype)
            made.needs = tuple(dict.fromkeys([*made.needs, *(self._walked(n) for n in node.needs)]))
        return walked

    # -- order -----------------------------------------------------------------------------------------------

    def _slots(self) -> tuple[Slot, ...]:
        slots, next_fixed, next_varying = [], 0, 0
        for name, item in self.items.items():
            if item.parameter is None:
                continue
            varies = self.driver == "totals" and name in self.varying
            categories = tuple(self.items[n].categories for n in item.needs)
            slot = Slot(
                item.parameter.name,
                name,
                item.needs,
                categories,
                next_varying if varies else next_fixed,
                varies,
            )
            if varies:
                next_varying += slot.cells
            else:
                next_fixed += slot.cells
            slots.append(slot)
        return tuple(slots)

    def _prune(self, plan: Plan) -> None:
        needed: set[str] = set()
        pending = list(self.outputs)
        while pending:
            name = pending.pop()
            if name not in needed:
                needed.add(name)
                pending.extend(self.nodes[name].needs)
        plan.order = [name for name in self._sorted() if name in needed]
        plan.nodes = {name: self.nodes[name] for name in plan.order}

    def _stages(self, plan: Plan) -> None:
        for name in plan.order:
            node = plan.nodes[name]
            stage = 0
            for need in (plan.nodes[n] for n in node.needs):
                if need.varying != node.varying:
                    continue  # done before the inner loop begins
                stage = max(stage, need.stage)
                if need.inline and need.kind == "aggregate":
                    stage = max(
                        stage,
                        *(plan.nodes[n].stage + (plan.nodes[n].level == "person") for n in need.needs),
                        0,
                    )
            if node.skip_walked:
                node.stage = 1 + max((self._outer_loop(plan, plan.nodes[n]) for n in node.needs), default=0)
            elif node.kind == "aggregate":
                guards = self._guard_stage(plan, node)
                # A guarded sum that no earlier loop can carry gets a loop of its own behind its condition.
                beside = all(u.varying == node.varying for u in plan.nodes.values() if node.name in u.needs)
                lone = node.varying or (guards is not None and stage >= guards)
                node.inline = node.guarded and beside and lone
                node.stage = stage if node.inline else stage + 1
            else:
                node.stage = stage

    def _sink(self, plan: Plan) -> None:
        """A person value first read in a later loop is worked out there: that loop may be passed by."""
        for name in reversed(plan.order):
            node = plan.nodes[name]
            if node.level != "person" or node.kind != "formula" or name in plan.outputs:
                continue
            users = [u for u in plan.nodes.values() if name in u.needs]
            if any(u.inline or u.skip_walked or u.varying != node.varying for u in users):
                continue
            node.stage = max(node.stage, min(u.stage - (u.kind == "aggregate") for u in users))

    def _outer_loop(self, plan: Plan, node: Node) -> int:
        """The first loop in which a person value can be had at its starting wage."""
        if node.level != "person" or not node.varying:
            return node.stage
        return max((self._outer_loop(plan, plan.nodes[n]) for n in node.needs), default=0)

    def _guard_stage(self, plan: Plan, node: Node) -> int | None:
        """Stage at which the conditions are known under which ``node`` is needed."""
        stages = []
        for user in plan.nodes.values():
            if node.name in user.needs and user.kind == "formula" and user.tree is not None:
                others = [plan.nodes[n] for n in user.needs if n != node.name and not plan.nodes[n].guarded]
                stages.append(max((_early_stage(plan, n) for n in others), default=0))
        return min(stages) if stages else None

    def _keep(self, plan: Plan) -> None:
        """Person formulas that are read in another loop than their own are kept in a small buffer."""
        for name in plan.order:
            user = plan.nodes[name]
            for need in (plan.nodes[n] for n in user.needs):
                if need.level != "person" or need.kind != "formula" or (user.skip_walked and need.varying):
                    continue
                loop = user.stage - 1 if user.kind == "aggregate" and not user.inline else user.stage
                if need.varying != user.varying or need.stage != loop or user.inline:
                    plan.buffers[need.name] = need


def _early_stage(plan: Plan, node: Node) -> int:
    """Stage of a node that may not have been set yet: the number of loops behind which it stands."""
    if node.kind in ("column", "parameter", "grid", "column_of_walked") and not node.needs:
        return 0
    if node.name not in plan.early:
        needs = [_early_stage(plan, plan.nodes[n]) for n in node.needs]
        plan.early[node.name] = max(needs, default=0) + (1 if node.kind == "aggregate" else 0)
    return plan.early[node.name]


def _with_schedules(tree: Tree, items: Mapping[str, Item]) -> Tree:
    """``care_tier(x)`` -> ``schedule_step(P, care_tier, x)``."""
    kinds = {
        n: i.parameter.kind
        for n, i in items.items()
        if i.parameter is not None and i.parameter.kind in SCHEDULES
    }

    def change(node: ast.AST) -> ast.AST:
        node = map_children(node, change)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in kinds:
            function = ast.Name(f"schedule_{kinds[node.func.id]}", ast.Load())
            return ast.Call(function, [ast.Name("P", ast.Load()), node.func, *node.args], [])
        return node

    return map_tree(tree, change) if names_in(tree) & set(kinds) else tree
