"""Writing what is done for one household: a paragraph a rule, loops over members between them."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from microsim.engine.compiler.nodes import Node, Plan
from microsim.engine.compiler.trees import Branch, Leaf, Let, Tree, names_in
from microsim.policy.parameters import SCHEDULES


class HouseholdWriter:
    """Lines of text for the values of one plan.

    ``out`` are the lines, ``lines`` the rule on each of them (counted from 1).
    """

    walked_income = "grid[point]"  # how the text says what the walked member earns

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.out: list[str] = []
        self.lines: dict[int, str] = {}
        self.depth = 0
        self.var = plan.var
        self.values = {plan.var(name): node for name, node in plan.nodes.items()}
        self.slots = {slot.argument: slot for slot in plan.slots}

    # -- text ------------------------------------------------------------------------------------------------

    def line(self, text: str = "", rule: str | None = None) -> None:
        """Write one line (or several) at the present depth; ``rule`` is whose it is."""
        for part in text.split("\n"):
            self.out.append("    " * self.depth + part if part else "")
            if rule:
                self.lines[len(self.out)] = rule

    def comment(self, text: str) -> None:
        """Write a comment on one line."""
        text = re.sub(r"\s+", " ", text).strip()
        if text:
            self.line(f"# {text}")

    # -- one household ---------------------------------------------------------------------------------------

    def phase(self, varying: bool) -> None:
        """Household values and member loops in turn, for what varies or for what does not."""
        plan = self.plan
        nodes = [n for n in plan.nodes.values() if n.varying == varying or (n.skip_walked and not varying)]
        scheduled = [n for n in nodes if not n.inline]
        last_stage = max((n.stage for n in scheduled), default=0)
        for stage in range(last_stage + 1):
            for node in scheduled:
                if node.level == "household" and node.stage == stage and node.kind != "aggregate":
                    self.emit_household(node, varying)
            sums = [n for n in scheduled if n.kind == "aggregate" and n.stage == stage + 1]
            here = [
                n
                for n in scheduled
                if n.level == "person"
                and n.stage == stage
                and (n.name in plan.buffers or n.name in plan.outputs)
            ]
            if sums or here:
                self._member_loop(sums, here, varying)

    def emit_household(self, node: Node, varying: bool = False) -> None:
        """The paragraph of a household value."""
        variable = self.var(node.name)
        match node.kind:
            case "column":
                text = _element(node, "hh") if node.column else "np.int64(last) - np.int64(first)"
                self.line(f"{variable} = {text}")
            case "grid":
                self.line(f"{variable} = {self.walked_income}")
                self._statements(node.moving, node.name)
            case "column_of_walked":
                self.line(f"{variable} = {_element(node, 'walked')}")
            case "parameter":
                self._emit_parameter(node)
            case _:
                self._formula(node, varying)

    def _formula(self, node: Node, varying: bool) -> None:
        tree = node.moving_tree if varying and node.moving_tree is not None else node.tree
        assert tree is not None
        self.comment(node.comment)
        self._tree(tree, self.var(node.name), node.name)

    def _emit_parameter(self, node: Node) -> None:
        base = node.item.name if node.item else node.name
        slot = self.slots[base]
        index: list[str] = []
        stride = 1
        for need, categories in zip(reversed(node.needs), reversed(slot.categories), strict=True):
            index.insert(0, self.var(need) if stride == 1 else f"{self.var(need)} * {stride}")
            stride *= len(categories)
        where = " + ".join([str(slot.offset), *index])
        value = f"V[{where}, scenario]" if slot.varies else f"P[{where}]"
        assert node.item is not None
        assert node.item.parameter is not None
        kind = node.item.parameter.kind
        value = f"{value} != 0.0" if kind == "boolean" else f"int({value})" if kind in SCHEDULES else value
        self.line(f"{self.var(node.name)} = {value}")

    def _tree(self, tree: Tree, variable: str, rule: str) -> None:
        match tree:
            case Leaf(value=value):
                self._inline_loops(names_in(value))
                self.line(f"{variable} = {ast.unparse(value)}", rule)
            case Let(statements=statements, body=body):
                here = [*statements, body.value] if isinstance(body, Leaf) else statements
                self._inline_loops(set().union(*map(names_in, here)))
                self._statements(statements, rule)
                if isinstance(body, Leaf):
                    self.line(f"{variable} = {ast.unparse(body.value)}", rule)
                else:
                    self._tree(body, variable, rule)
            case Branch():
                short = self._short(tree)
                if short is None:
                    self._branch(tree, variable, rule)
                else:
                    self.line(f"{variable} = {short}", rule)

    def _statements(self, statements: Sequence[ast.stmt], rule: str) -> None:
        for statement in statements:
            self.line(ast.unparse(ast.fix_missing_locations(statement)), rule)

    def _short(self, tree: Branch) -> str | None:
        """A choice between plain names and numbers on one line; it compiles to a selection without a jump."""
        parts: list[str] = []
        part: Tree = tree
        while isinstance(part, Branch):
            if not self._is_plain(part.then) or not isinstance(
                part.test, ast.Name | ast.Compare | ast.BoolOp
            ):
                return None
            assert isinstance(part.then, Leaf)
            parts.append(f"{ast.unparse(part.then.value)} if {ast.unparse(part.test)} else ")
            part = part.orelse
        if not self._is_plain(part):
            return None
        assert isinstance(part, Leaf)
        text = "".join(parts) + ast.unparse(part.value)
        return text if len(text) <= 100 else None

    def _is_plain(self, tree: Tree) -> bool:
        """A result that is there already: no loop has to run for it."""
        if not isinstance(tree, Leaf) or not isinstance(tree.value, ast.Name | ast.Constant):
            return False
        return not any(self.values[n].inline for n in names_in(tree.value) if n in self.values)

    def _branch(self, tree: Branch, variable: str, rule: str) -> None:
        word = "if"
        part: Tree = tree
        while isinstance(part, Branch):
            self.line(f"{word} {ast.unparse(part.test)}:", rule)
            self.depth += 1
            self._tree(part.then, variable, rule)
            self.depth -= 1
            word, part = "elif", part.orelse
        self.line("else:", rule)
        self.depth += 1
        self._tree(part, variable, rule)
        self.depth -= 1

    # -- loops over members ----------------------------------------------------------------------------------

    def _inline_loops(self, names: set[str]) -> None:
        for name in sorted(names):
            node = self.values.get(name)
            if node is not None and node.inline:
                self._member_loop([node], [], node.varying)

    def _member_loop(self, sums: list[Node], here: list[Node], varying: bool) -> None:
        empty = {
            "total": "0.0",
            "count": "0",
            "any_member": "False",
            "every_member": "True",
            "largest": "-np.inf",
            "smallest": "np.inf",
        }
        for node in sums:
            assert node.aggregate is not None
            self.line(f"{self.var(node.name)} = {empty[node.aggregate]}")
            if varying and node.slope:
                self.line(f"{node.slope} = 0.0")
        self.line("for member in range(np.uint64(first), np.uint64(last)):")
        self.depth += 1
        loop = here[0].stage if here else (sums[0].stage if sums[0].inline else sums[0].stage - 1)
        done: set[str] = set()
        for node in here:
            self._person(node, done, varying, loop)
        for node in sums:
            for need in node.needs:
                self._person(self.plan.nodes[need], done, varying, loop)
        for node in here:
            if node.name in self.plan.buffers:
                for kept in self._kept(node, varying):
                    self.line(f"kept_{kept}[member - np.uint64(first)] = {kept}")
            if node.name in self.plan.outputs and self.plan.driver == "evaluate":
                self.line(f"out_{node.name}[member] = {self.var(node.name)}")
        for node in sums:
            self._accumulate(node, varying)
        self.depth -= 1

    def _kept(self, node: Node, varying: bool) -> list[str]:
        """The variables that are kept of a person value from one loop to a later one."""
        variable = self.var(node.name)
        return [variable, node.slope] if varying and node.slope else [variable]

    def _column_of_member(self, node: Node, varying: bool) -> None:
        text = _element(node, "member")
        if varying and node.varying:
            text = f"{self.walked_income} if member == walked else {text}"
        self.line(f"{self.var(node.name)} = {text}")
        if varying:
            self._statements(node.moving, node.name)

    def _accumulate(self, node: Node, varying: bool) -> None:
        if varying and node.moving:
            self._statements(node.moving, node.name)
            return
        assert node.value is not None
        variable, text = self.var(node.name), ast.unparse(node.value)
        if node.skip_walked:
            self.line("if member != walked:")
            self.depth += 1
        rule = node.name
        match node.aggregate:
            case "total":
                self.line(f"{variable} += {text}", rule)
            case "count":
                one = ast.IfExp(node.value, ast.Constant(1), ast.Constant(0))
                self.line(f"{variable} += {ast.unparse(one)}", rule)
            case "any_member":
                self.line(f"{variable} = {variable} or bool({text})", rule)
            case "every_member":
                self.line(f"{variable} = {variable} and bool({text})", rule)
            case "largest" | "smallest":
                self.line(
                    f"{variable} = {'max' if node.aggregate == 'largest' else 'min'}({variable}, {text})",
                    rule,
                )
        if node.skip_walked:
            self.depth -= 1

    def _is_kept(self, node: Node, varying: bool, loop: int) -> bool:
        """Whether a person value was worked out in an earlier loop than the one being written.

        What varies is kept inside the inner loop only: the others' sums, taken before it, work out its start.
        """
        if node.name not in self.plan.buffers or (node.varying and not varying):
            return False
        return not (node.varying == varying and node.stage == loop)

    def _person(self, node: Node, done: set[str], varying: bool, loop: int) -> None:
        """The value of a person node inside the loop that is being written."""
        if node.level != "person" or node.name in done:
            return
        done.add(node.name)
        if node.kind == "column":
            self._column_of_member(node, varying)
        elif node.kind == "parameter":
            for need in node.needs:
                self._person(self.plan.nodes[need], done, varying, loop)
            self._emit_parameter(node)
        elif self._is_kept(node, varying, loop):
            for kept in self._kept(node, varying):
                self.line(f"{kept} = kept_{kept}[member - np.uint64(first)]")
        else:
            for need in node.needs:
                self._person(self.plan.nodes[need], done, varying, loop)
            self._formula(node, varying)


def _element(node: Node, index: str) -> str:
    """One value of a column; a category's code as a plain integer, which no place in P is too large for."""
    text = f"column_{node.column}[{index}]"
    return f"int({text})" if node.item is not None and node.item.categories else text
