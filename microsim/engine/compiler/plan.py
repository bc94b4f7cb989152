"""The order of work for one driver: what is done once per household, what again for each scenario or wage.

Rules become nodes; sums whose conditions are the household's are taken apart; for a walk, sums are split into
the walked member's part and the others'; then each node gets its stage (``staging``).
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Mapping, Sequence

from microsim.engine.compiler.hoisting import MOST_NODES, Part, Split, as_expression, lift, parts_of, size
from microsim.engine.compiler.nodes import Driver, Node, NodeTable, Plan, Slot, in_order
from microsim.engine.compiler.parse import lower
from microsim.engine.compiler.parse_expressions import Argument
from microsim.engine.compiler.result_types import Type, cast, with_python_numbers
from microsim.engine.compiler.scheduling import arrange
from microsim.engine.compiler.trees import (
    Branch,
    Leaf,
    Tree,
    map_children,
    map_tree,
    names_in,
    substitute_node,
)
from microsim.engine.compiler.walk_split import split_sums
from microsim.policy.graph import Item
from microsim.policy.parameters import SCHEDULES
from microsim.policy.rules import Dtype, Kind

MOST_PARTS = 4  # sums that one lifted sum may become
MOST_NODES_OF_PART = 60


def make_plan(
    items: Mapping[str, Item],
    outputs: Sequence[str],
    driver: Driver = "evaluate",
    varying: Sequence[str] = (),
) -> Plan:
    """Plan ``outputs`` over resolved ``items``; ``varying``: parameters' arguments, or the walked column."""
    builder = _Builder(items, tuple(outputs), driver, tuple(sorted(varying)))
    return builder.build()


class _Builder(NodeTable):
    """The nodes of one plan in the making."""

    def __init__(
        self, items: Mapping[str, Item], outputs: tuple[str, ...], driver: Driver, varying: tuple[str, ...]
    ) -> None:
        super().__init__(varying)
        self.items, self.outputs, self.driver = items, outputs, driver
        self.constants: dict[str, int] = {}
        self.parts: dict[tuple[str, str], str] = {}  # sums that were already made for another rule

    def build(self) -> Plan:
        """All of it, in order."""
        for name, item in self.items.items():
            self._base(name, item)
        self._mark()
        for node in [n for n in self.nodes.values() if n.kind == "aggregate"]:
            self._lift(node)
        self._mark()
        if self.driver in ("walk", "notches"):
            split_sums(self)
            self._mark()
        plan = Plan(self.driver, self.outputs, self.varying, {}, self.constants, self._slots())
        arrange(plan, self.nodes)
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
                self.constants.update(lowered.constants)
                tree = with_python_numbers(lowered.tree, self._type)
                tree = cast(_with_schedules(tree, self.items), rule.dtype, self._type)
                self.formula(name, tree, item.level, rule.dtype, item)
            elif rule.of is None:
                self.nodes[name] = Node(name, "household", "column", "int", item=item, column="")
            else:
                value = ast.Name(rule.of, ast.Load())
                self.aggregate(name, value, rule.kind, item)

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

    def _mark(self) -> None:
        """Which nodes vary, and which come after a loop over members."""
        for name in in_order(self.nodes, self.nodes):
            node = self.nodes[name]
            needs = [self.nodes[n] for n in node.needs]
            if node.skip_walked:  # the walked member's own values do not enter
                needs = [n for n in needs if n.level != "person"]
            node.varying = node.kind == "grid" or name in self.varying or any(n.varying for n in needs)
            node.late = node.kind == "aggregate" or any(n.late for n in needs)

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
            return  # the loop as it is is shorter, and easier to read
        if isinstance(split, Part) and split.times is None:
            return
        counter = itertools.count(1)
        tree = self._tree_of(split, node.name, kind, counter, "")
        self.formula(node.name, tree, "household", node.dtype, node.item)

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
        """Everything a node depends on."""
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
            self.aggregate(known, split.value, kind).guarded = bool(when)
        result: ast.expr = ast.Name(known, ast.Load())
        if split.times is None:
            return Leaf(result)
        product: ast.expr = ast.BinOp(split.times, ast.Mult(), result)
        if any(self.nodes[n].kind == "formula" for n in names_in(split.times) & set(self.nodes)):
            # A rule may give infinity where nobody is counted (a share among no recipients): that is nothing.
            product = ast.IfExp(result, product, ast.Constant(0.0))
        return Leaf(product)

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
