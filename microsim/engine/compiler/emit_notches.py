"""Writing the search for notches: a walk that goes from flip to flip, one household after the other."""

from __future__ import annotations

import ast
from dataclasses import replace

from microsim.engine.compiler.emit import ModuleWriter, Text
from microsim.engine.compiler.nodes import Node, Plan
from microsim.engine.compiler.reserved import RESERVED_FOR_NOTCHES
from microsim.engine.compiler.slope_analysis import has_slope, sloped_locals, tree_has_slope
from microsim.engine.compiler.slope_rules import Slopes
from microsim.engine.compiler.slopes import Case, load
from microsim.engine.compiler.splicing import spliced
from microsim.engine.compiler.trees import Tree, stored_names, substitute, substitute_node
from microsim.engine.support import comparisons, notch_walk

_OWN = ("is", "amount", "pace", "ratio", "whole")  # variables of the text's own, with a number
_ARGUMENTS = (
    "block_from, block_to, rows, walked_member, low, high, present, smallest, kinks, "
    "levels, flags, owners, places, jumps, cases, offsets, P, most_members"
)


def write_events(plan: Plan, title: str) -> Text:
    """The module that looks for notches of ``plan.outputs``; ``cases`` are its comparisons by number."""
    return EventWriter(plan, (), title).write()


class EventWriter(ModuleWriter):
    """Paragraphs with slopes where the walked income enters, and the walk around them."""

    reserved = RESERVED_FOR_NOTCHES
    walked_income = "earned"

    def __init__(self, plan: Plan, totals: tuple[str, ...], title: str) -> None:
        super().__init__(plan, totals, title)
        self.cases: list[Case] = []
        self.walking = False  # between the lines of the inner loop
        self._count = 0
        self.taken = {*plan.nodes, *self.renamed.values()}
        for node in plan.nodes.values():  # local names have slopes of their own
            self.taken |= stored_names(node.tree) if node.tree is not None else set()
        self.sloped = {self.var(n) for n in self._sloped_nodes()}

    def _sloped_nodes(self) -> set[str]:
        sloped: set[str] = set()
        for name, node in self.plan.nodes.items():
            if node.varying and self._has_slope(node, sloped):
                sloped.add(name)
        return sloped

    @staticmethod
    def _has_slope(node: Node, sloped: set[str]) -> bool:
        match node.kind:
            case "grid" | "column":
                return True
            case "aggregate":
                assert node.value is not None
                counts = node.aggregate in ("count", "any_member", "every_member")
                return not counts and has_slope(node.value, sloped)
            case "formula":
                assert node.tree is not None
                return node.dtype == "float" and tree_has_slope(node.tree, sloped)
        return False

    # -- one household ---------------------------------------------------------------------------------------

    def phase(self, varying: bool) -> None:
        self.walking = varying
        super().phase(varying)

    def slope_of(self, name: str) -> str:
        """The variable that holds a value's slope."""
        slope = f"{name}_slope"
        while slope in self.taken:
            slope += "_"
        return slope

    def fresh(self) -> int:
        """A number that no variable of the text's own has."""
        self._count += 1
        while any(f"{word}_{self._count}" in self.taken for word in _OWN):
            self._count += 1
        return self._count

    def before_result(self, result: ast.expr) -> None:
        """The loops that a result waits for."""
        self._inline_loops(result)

    def _slopes(self, rule: str, sloped: set[str] | None = None) -> Slopes:
        return Slopes(self, rule, self.sloped if sloped is None else sloped)

    def emit_household(self, node: Node) -> None:
        if node.kind == "grid":
            self.line(f"{self.var(node.name)}, {self.slope_of(self.var(node.name))} = earned, pace")
        else:
            super().emit_household(node)

    def _tree(self, tree: Tree, variable: str, rule: str) -> None:
        renamed = substitute(tree, self.rename)
        if not self.walking or not self._slopes(rule).touches(renamed):
            super()._tree(tree, variable, rule)
            return
        local = sloped_locals(renamed, self.sloped)
        slope = self.slope_of(variable) if variable in self.sloped else None
        self._slopes(rule, self.sloped | local).tree(renamed, variable, slope)

    # -- loops over members ----------------------------------------------------------------------------------

    def _empty(self, node: Node, value: str) -> None:
        super()._empty(node, value)
        if self.walking and self.var(node.name) in self.sloped:
            self.line(f"{self.slope_of(self.var(node.name))} = 0.0")

    def _column_of_member(self, node: Node, varying: bool) -> None:
        super()._column_of_member(node, varying)
        if varying and node.varying:
            slope = self.slope_of(self.var(node.name))
            self.line(f"{slope} = pace if member == walked else 0.0")

    def _read_kept(self, node: Node) -> None:
        super()._read_kept(node)
        if self.walking and self.var(node.name) in self.sloped:
            slope = self.slope_of(self.var(node.name))
            self.line(f"{slope} = kept_{slope}[member - np.uint64(first)]")

    def _write_kept(self, node: Node) -> None:
        super()._write_kept(node)
        if self.walking and self.var(node.name) in self.sloped:
            slope = self.slope_of(self.var(node.name))
            self.line(f"kept_{slope}[member - np.uint64(first)] = {slope}")

    def _buffers(self) -> None:
        super()._buffers()
        for name in self.plan.buffers:
            if self.var(name) in self.sloped:
                self.line(f"kept_{self.slope_of(self.var(name))} = np.empty(most_members, np.float64)")

    def _accumulate(self, node: Node) -> None:
        assert node.value is not None
        value = substitute_node(node.value, self.rename)
        slopes = self._slopes(node.name)
        if not self.walking or node.skip_walked or not slopes.touches(value):
            super()._accumulate(node)
            return
        variable = self.var(node.name)
        match node.aggregate:
            case "total":
                amount, slope = slopes.held(slopes.value(value))
                slopes.write(f"{variable} += {ast.unparse(amount)}")
                if variable in self.sloped:
                    slopes.write(f"{self.slope_of(variable)} += {ast.unparse(slope)}")
            case "count":
                slopes.write(f"{variable} += 1 if {ast.unparse(slopes.test(value))} else 0")
            case "any_member" | "every_member":
                word = "or" if node.aggregate == "any_member" else "and"
                slopes.write(f"{variable} = {variable} {word} bool({ast.unparse(slopes.test(value))})")
            case "largest" | "smallest":
                function = "max" if node.aggregate == "largest" else "min"
                both: ast.expr = ast.Call(load(function), [load(variable), value], [])
                amount, slope = slopes.held(slopes.value(both))
                slopes.write(f"{variable} = {ast.unparse(amount)}")
                slopes.write(f"{self.slope_of(variable)} = {ast.unparse(slope)}")

    # -- the module ------------------------------------------------------------------------------------------

    def write(self) -> Text:
        return replace(super().write(), cases=tuple(self.cases))

    def _further_functions(self) -> None:
        self.line("\n" + spliced(comparisons))
        self.line("\n\n" + spliced(notch_walk))

    def _arguments(self) -> str:
        return _ARGUMENTS

    def _households(self) -> None:
        plan = self.plan
        count = len(plan.outputs)
        for name in ("values", "slopes", "base", "rates"):
            self.line(f"{name} = np.zeros({count})")
        self.line("state, known = np.empty(5), np.empty(2, np.uint64)")
        self.line("found = 0")
        self.line("for row in range(np.uint64(block_from), np.uint64(block_to)):")
        self.depth += 1
        self.line("hh, walked = rows[row], walked_member[row]")
        self.line("first, last = offsets[hh], offsets[hh + np.uint64(1)]")
        self.phase(varying=False)
        self.line("state[:] = 0.0")
        self.line("state[1] = np.inf")
        self.line("earned, opening = low, found")
        self.line("while earned == earned:")
        self.depth += 1
        self.line("near, pace = NOTHING, 1.0 if state[3] > 0.0 else 0.0")
        self.phase(varying=True)
        for k, name in enumerate(plan.outputs):
            slope = self.slope_of(self.var(name)) if self.var(name) in self.sloped else "0.0"
            self.line(f"values[{k}], slopes[{k}] = {self.var(name)}, {slope}")
        self.line("found, earned = advance(")
        self.line(
            "    earned, near, values, slopes, base, rates, state, known, row, low, high, present[row],\n"
            "    smallest, kinks, levels, flags, owners, places, jumps, cases, opening, found,\n)"
        )
        self.depth -= 2
        self.line("return found")
