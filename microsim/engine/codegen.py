"""Writing a plan as one readable Python function for numba.

The text is meant to be read: one paragraph per rule, with the rule's own names, its first sentence and its
reference. It is the same from run to run, and it is the whole of what the kernel cache hashes.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from microsim.engine.guards import guard_of
from microsim.engine.parameters import SCHEDULES
from microsim.engine.plan import Node, Plan
from microsim.engine.trees import Branch, Leaf, Let, Tree, names_in, substitute_node

BLOCK = 1024  # households whose weighted values are added up one after the other, whatever the threads

# Names the generated function uses for itself; a rule or column of the same name gets a trailing underscore.
RESERVED = frozenset(
    [
        "P",
        "V",
        "hh",
        "member",
        "first",
        "last",
        "first_hh",
        "last_hh",
        "block",
        "block_from",
        "block_to",
        "start",
        "offsets",
        "weight",
        "group",
        "sums",
        "grid",
        "point",
        "scenario",
        "scenarios",
        "walked",
        "rows",
        "row",
        "n_households",
        "most_members",
        "np",
        "math",
        "njit",
        "KernelPipeline",
        "OPTIONS",
        "CACHE",
        "evaluate",
        "totals",
        "walk",
        "w",
        "g",
        "int",
        "float",
        "bool",
        "min",
        "max",
        "abs",
        "round",
        "range",
        "len",
        "schedule_step",
        "schedule_linear",
        "schedule_brackets",
    ]
)

SCHEDULES_TEXT = '''
@njit(**OPTIONS)
def schedule_step(P, at, x):
    """Value of the last threshold that x has reached (below the first one: the first value)."""
    n = int(P[at])
    value = P[at + 1 + n]
    for k in range(1, n):
        if x >= P[at + 1 + k]:
            value = P[at + 1 + n + k]
    return value


@njit(**OPTIONS)
def schedule_linear(P, at, x):
    """Straight lines between the points, flat outside them."""
    n = int(P[at])
    if x <= P[at + 1]:
        return P[at + 1 + n]
    for k in range(1, n):
        if x <= P[at + 1 + k]:
            low, high = P[at + k], P[at + 1 + k]
            return P[at + n + k] + (P[at + 1 + n + k] - P[at + n + k]) * ((x - low) / (high - low))
    return P[at + 2 * n]


@njit(**OPTIONS)
def schedule_brackets(P, at, x):
    """Sum of each bracket's rate times the part of x inside it; the last bracket is open."""
    n = int(P[at])
    amount = 0.0 if x == x else x
    for k in range(n):
        low = P[at + 1 + k]
        if x > low:
            high = x if k == n - 1 else min(x, P[at + 2 + k])
            amount += P[at + 1 + n + k] * (high - low)
    return amount
'''


@dataclass(frozen=True)
class Text:
    """A generated module: its source, the arrays it takes in order, and which rule stands on which line."""

    source: str
    person_columns: tuple[str, ...]
    household_columns: tuple[str, ...]
    outputs: tuple[str, ...]
    totals: tuple[str, ...]
    lines: Mapping[int, str]


def write(plan: Plan, options: str, totals: tuple[str, ...] = (), title: str = "") -> Text:
    """The module for ``plan``; ``options`` is the literal text of the numba options."""
    return _Writer(plan, options, totals, title).write()


class _Writer:
    def __init__(self, plan: Plan, options: str, totals: tuple[str, ...], title: str) -> None:
        self.plan, self.options, self.totals, self.title = plan, options, totals, title
        self.out: list[str] = []
        self.lines: dict[int, str] = {}
        self.depth = 0
        names = {*plan.nodes, *plan.helpers, *plan.constants}
        self.renamed = {name: _free(name, names) for name in names if name in RESERVED}
        self.rename: dict[str, ast.expr] = {a: ast.Name(b, ast.Load()) for a, b in self.renamed.items()}
        self.slots = {slot.argument: slot for slot in plan.slots}

    # -- text ------------------------------------------------------------------------------------------------

    def line(self, text: str = "", rule: str | None = None) -> None:
        for part in text.split("\n"):
            self.out.append("    " * self.depth + part if part else "")
            if rule:
                self.lines[len(self.out)] = rule

    def var(self, name: str) -> str:
        return self.renamed.get(name, name)

    def text(self, node: ast.expr) -> str:
        return ast.unparse(substitute_node(node, self.rename) if self.rename else node)

    def comment(self, text: str) -> None:
        text = re.sub(r"\s+", " ", text).strip()
        if text:
            self.line(f"# {text}")

    # -- the module ------------------------------------------------------------------------------------------

    def write(self) -> Text:
        plan = self.plan
        nodes = plan.nodes.values()
        columns = [n for n in nodes if n.kind in ("column", "column_of_walked") and n.column]
        person = tuple(
            dict.fromkeys(n.column for n in columns if n.level == "person" or n.kind == "column_of_walked")
        )
        household = tuple(
            dict.fromkeys(n.column for n in columns if n.level == "household" and n.kind == "column")
        )
        self._opening()
        self._signature(person, household)
        self.depth = 1
        self._constants()
        self._buffers()
        if plan.driver == "walk":
            self._walk_loop()
        else:
            self._block_loop()
        source = "\n".join(self.out) + "\n"
        return Text(source, person, household, plan.outputs, self.totals, self.lines)

    def _opening(self) -> None:
        plan = self.plan
        self.line(f'"""{self.title or "A policy as one function over households"}')
        self.line()
        self.line("Written by microsim from the rules; each paragraph is one rule. P holds the parameters.")
        varying = ", ".join(plan.varying) or "nothing"
        if plan.driver == "totals":
            self.line("Indented under `for scenario`: only what depends on " + varying + ".")
        elif plan.driver == "walk":
            self.line(f"Indented under `for point`: only what depends on {varying} of the walked member.")
        self.line('"""')
        self.line("import math\n\nimport numpy as np\nfrom numba import njit\n")
        self.line("from microsim.engine.pipeline import KernelPipeline\n")
        self.line(f"OPTIONS = {self.options}")
        if any(
            n.item and n.item.parameter and n.item.parameter.kind in SCHEDULES for n in plan.nodes.values()
        ):
            self.line(SCHEDULES_TEXT)
        for name in sorted(self._constants_read()):
            self.line(f"{name} = {plan.constants[name]}")
        for text in plan.helpers.values():
            self.line("\n\n@njit(**OPTIONS)\n" + text)
        self.line("\n")

    def _constants_read(self) -> set[str]:
        """Categories that the text names."""
        read: set[str] = set()
        for node in self.plan.nodes.values():
            read |= names_in(node.tree) if node.tree is not None else set()
            read |= names_in(node.value) if node.value is not None else set()
        return read & set(self.plan.constants)

    def _signature(self, person: tuple[str, ...], household: tuple[str, ...]) -> None:
        plan = self.plan
        fixed = {
            "evaluate": "block_from, block_to, start, offsets, weight, group, sums, P, most_members",
            "totals": "block_from, block_to, start, offsets, weight, group, sums, P, V, most_members",
            "walk": "block_from, block_to, rows, walked_member, grid, offsets, P, most_members",
        }[plan.driver]
        arrays = [f"column_{n}" for n in (*person, *household)]
        outputs = [f"out_{n}" for n in plan.outputs if plan.driver != "totals"]
        inside = ",\n    ".join(self._wrapped([*fixed.split(", "), *arrays, *outputs]))
        self.line("@njit(**OPTIONS, cache=CACHE, pipeline_class=KernelPipeline)")
        self.line(f"def {plan.driver}(\n    {inside},\n):")

    @staticmethod
    def _wrapped(names: Iterable[str]) -> list[str]:
        rows = [""]
        for name in names:
            if rows[-1] and len(rows[-1]) + len(name) > 100:
                rows.append("")
            rows[-1] += (", " if rows[-1] else "") + name
        return rows

    def _constants(self) -> None:
        for node in self.plan.nodes.values():
            if node.level == "constant" and not node.varying:
                self._emit_household(node)

    def _buffers(self) -> None:
        for name, node in self.plan.buffers.items():
            kind = {"bool": "np.bool_", "int": "np.int64", "category": "np.uint8"}.get(
                node.dtype, "np.float64"
            )
            self.line(f"kept_{name} = np.empty(most_members, {kind})")

    # -- the loops over households ---------------------------------------------------------------------------

    def _block_loop(self) -> None:
        self.line("n_households = len(offsets) - 1")
        self.line("for block in range(block_from, block_to):")
        self.depth += 1
        self.line(f"first_hh = max(block * {BLOCK} - start, 0)")
        self.line(f"last_hh = min((block + 1) * {BLOCK} - start, n_households)")
        self.line("for hh in range(np.uint64(first_hh), np.uint64(last_hh)):")
        self.depth += 1
        self.line("first, last = offsets[hh], offsets[hh + np.uint64(1)]")
        if self.totals:
            self.line("w, g = weight[hh], group[hh]")
        if self.plan.driver == "evaluate":
            self._phase(varying=False)
            for name in self.plan.outputs:
                if self.plan.nodes[name].level != "person":
                    self.line(f"out_{name}[hh] = {self.var(name)}")
            for k, name in enumerate(self.totals):
                self.line(f"sums[block - block_from, g, {k}] += w * {self.var(name)}")
        else:
            self._phase(varying=False)
            self.line("for scenario in range(V.shape[1]):")
            self.depth += 1
            for node in self.plan.nodes.values():
                if node.level == "constant" and node.varying:
                    self._emit_household(node)
            self._phase(varying=True)
            for k, name in enumerate(self.totals):
                self.line(f"sums[block - block_from, {k}, g, scenario] += w * {self.var(name)}")

    def _walk_loop(self) -> None:
        self.line("for row in range(np.uint64(block_from), np.uint64(block_to)):")
        self.depth += 1
        self.line("hh, walked = rows[row], walked_member[row]")
        self.line("first, last = offsets[hh], offsets[hh + np.uint64(1)]")
        self._phase(varying=False)
        for name in self.plan.outputs:
            self.line(f"row_of_{name} = out_{name}[row]")
        self.line("for point in range(len(grid)):")
        self.depth += 1
        self._phase(varying=True)
        for name in self.plan.outputs:
            self.line(f"row_of_{name}[point] = {self.var(name)}")

    # -- one household ---------------------------------------------------------------------------------------

    def _phase(self, varying: bool) -> None:
        """Household values and member loops in turn, for what varies or for what does not."""
        plan = self.plan
        nodes = [n for n in plan.nodes.values() if n.varying == varying or (n.skip_walked and not varying)]
        scheduled = [n for n in nodes if not n.inline]
        last_stage = max((n.stage for n in scheduled), default=0)
        for stage in range(last_stage + 1):
            for node in scheduled:
                if node.level == "household" and node.stage == stage and node.kind != "aggregate":
                    self._emit_household(node)
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

    def _emit_household(self, node: Node) -> None:
        variable = self.var(node.name)
        match node.kind:
            case "column":
                text = f"column_{node.column}[hh]" if node.column else "np.int64(last) - np.int64(first)"
                self.line(f"{variable} = {text}")
            case "grid":
                self.line(f"{variable} = grid[point]")
            case "column_of_walked":
                self.line(f"{variable} = column_{node.column}[walked]")
            case "parameter":
                self._emit_parameter(node)
            case _:
                assert node.tree is not None
                self.comment(node.comment)
                self._tree(node.tree, variable, node.name)

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
                self._inline_loops(value)
                self.line(f"{variable} = {self.text(value)}", rule)
            case Let(statements=statements, body=body):
                for statement in statements:
                    renamed = substitute_node(statement, self.rename)
                    self.line(ast.unparse(ast.fix_missing_locations(renamed)), rule)
                self._tree(body, variable, rule)
            case Branch():
                short = self._short(tree)
                if short is None:
                    self._branch(tree, variable, rule)
                else:
                    self.line(f"{variable} = {short}", rule)

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
            parts.append(f"{self.text(part.then.value)} if {self.text(part.test)} else ")
            part = part.orelse
        if not self._is_plain(part):
            return None
        assert isinstance(part, Leaf)
        text = "".join(parts) + self.text(part.value)
        return text if len(text) <= 100 else None

    def _is_plain(self, tree: Tree) -> bool:
        """A result that is there already: no loop has to run for it."""
        if not isinstance(tree, Leaf) or not isinstance(tree.value, ast.Name | ast.Constant):
            return False
        return not any(self.plan.nodes[n].inline for n in names_in(tree.value) if n in self.plan.nodes)

    def _branch(self, tree: Branch, variable: str, rule: str) -> None:
        word = "if"
        part: Tree = tree
        while isinstance(part, Branch):
            self.line(f"{word} {self.text(part.test)}:", rule)
            self.depth += 1
            self._tree(part.then, variable, rule)
            self.depth -= 1
            word, part = "elif", part.orelse
        self.line("else:", rule)
        self.depth += 1
        self._tree(part, variable, rule)
        self.depth -= 1

    # -- loops over members ----------------------------------------------------------------------------------

    def _inline_loops(self, value: ast.expr) -> None:
        for name in sorted(names_in(value)):
            node = self.plan.nodes.get(name)
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
        guard = () if here or sums[0].inline else guard_of(self.plan, sums)
        if guard:
            self.line(f"if {' or '.join(map(self.var, guard))}:")
            self.depth += 1
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
                self.line(f"kept_{node.name}[member - np.uint64(first)] = {self.var(node.name)}")
            if node.name in self.plan.outputs and self.plan.driver == "evaluate":
                self.line(f"out_{node.name}[member] = {self.var(node.name)}")
        for node in sums:
            self._accumulate(node)
        self.depth -= 2 if guard else 1

    def _accumulate(self, node: Node) -> None:
        assert node.value is not None
        variable, text = self.var(node.name), self.text(node.value)
        if node.skip_walked:
            self.line("if member != walked:")
            self.depth += 1
        rule = node.name
        match node.aggregate:
            case "total":
                self.line(f"{variable} += {text}", rule)
            case "count":
                one = ast.IfExp(node.value, ast.Constant(1), ast.Constant(0))
                self.line(f"{variable} += {self.text(one)}", rule)
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
        variable = self.var(node.name)
        if node.kind == "column":
            text = f"column_{node.column}[member]"
            if varying and node.varying:
                text = f"grid[point] if member == walked else {text}"
            self.line(f"{variable} = {text}")
        elif node.kind == "parameter":
            for need in node.needs:
                self._person(self.plan.nodes[need], done, varying, loop)
            self._emit_parameter(node)
        elif self._is_kept(node, varying, loop):
            self.line(f"{variable} = kept_{node.name}[member - np.uint64(first)]")
        else:
            for need in node.needs:
                self._person(self.plan.nodes[need], done, varying, loop)
            assert node.tree is not None
            self.comment(node.comment)
            self._tree(node.tree, variable, node.name)


def _free(name: str, taken: set[str]) -> str:
    """``name`` with as many underscores behind it as make it nobody's."""
    while name in taken or name in RESERVED:
        name += "_"
    return name
