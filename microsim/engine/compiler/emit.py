"""Writing a plan as one readable Python function for numba.

The text is meant to be read: one paragraph per rule, with the rule's own names, its first sentence and its
reference. It is the same from run to run, and it is the whole of what the kernel cache hashes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from microsim.engine.compiler.household_code import HouseholdWriter
from microsim.engine.compiler.nodes import Driver, Plan
from microsim.engine.compiler.reserved import RESERVED
from microsim.engine.compiler.slope_names import Case
from microsim.engine.compiler.splicing import spliced
from microsim.engine.compiler.trees import names_in
from microsim.engine.support import schedules
from microsim.policy.parameters import SCHEDULES

# What each driver's function takes before the columns: the kernel's types and calls follow these names.
ARGUMENTS: dict[Driver, str] = {
    "evaluate": "block_from, block_to, start, offsets, weight, group, sums, P, most_members",
    "totals": "block_from, block_to, start, offsets, weight, group, sums, P, V, most_members",
    "walk": "block_from, block_to, rows, walked_member, grid, offsets, P, most_members",
    "notches": "block_from, block_to, rows, walked_member, low, high, present, smallest, kinks, "
    "levels, flags, owners, places, jumps, cases, offsets, P, most_members",
}
BLOCK = 1024  # households whose weighted values are added up one after the other, whatever the threads


@dataclass(frozen=True)
class Text:
    """A generated module: its source, the arrays it takes in order, and the rule on each line."""

    source: str
    person_columns: tuple[str, ...]
    household_columns: tuple[str, ...]
    outputs: tuple[str, ...]
    totals: tuple[str, ...]
    lines: Mapping[int, str]
    cases: tuple[Case, ...] = ()  # comparisons that a search for notches distinguishes


def write(plan: Plan, totals: tuple[str, ...] = (), title: str = "") -> Text:
    """The module for ``plan``."""
    plan.rename(RESERVED)
    return ModuleWriter(plan, totals, title).write()


class ModuleWriter(HouseholdWriter):
    """The module around the paragraphs: its opening, the function's arguments, the loops over households."""

    def __init__(self, plan: Plan, totals: tuple[str, ...], title: str) -> None:
        super().__init__(plan)
        self.totals, self.title = totals, title

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
        self._households()
        source = "\n".join(self.out) + "\n"
        return Text(source, person, household, plan.outputs, self.totals, self.lines)

    def _households(self) -> None:
        """The loop over households, and its body."""
        if self.plan.driver == "walk":
            self._walk_loop()
        else:
            self._block_loop()

    def _opening(self) -> None:
        plan = self.plan
        self.line(f'"""{self.title or "A policy as one function over households"}')
        self.line()
        self.line("Written by microsim from the rules; each paragraph is one rule. P holds the parameters.")
        varying = ", ".join(plan.varying) or "nothing"
        if plan.driver == "totals":
            self.line("Indented under `for scenario`: only what depends on " + varying + ".")
        elif plan.driver == "notches":
            inside = f"only what depends on {varying} of the walked member, with its slope"
            self.line(f"Indented under `while`: {inside}.")
        elif plan.driver == "walk":
            self.line(f"Indented under `for point`: only what depends on {varying} of the walked member.")
        self.line('"""')
        self.line("from __future__ import annotations\n")
        self.line("import math\n\nimport numpy as np")
        self.line("from numba import njit\nfrom numpy.typing import NDArray\n")
        self.line("from microsim.engine.runtime.numba_passes import KERNEL_OPTIONS, OPTIONS")
        if any(
            n.item and n.item.parameter and n.item.parameter.kind in SCHEDULES for n in plan.nodes.values()
        ):
            self.line("\n\n" + spliced(schedules))
        for name in sorted(self._constants_read()):
            self.line(f"{name} = {plan.constants[name]}")
        self._further_functions()
        self.line("\n")

    def _further_functions(self) -> None:
        """Functions that only this driver needs."""

    def _constants_read(self) -> set[str]:
        """Categories that the text names."""
        read: set[str] = set()
        for node in self.plan.nodes.values():
            read |= names_in(node.tree) if node.tree is not None else set()
            read |= names_in(node.value) if node.value is not None else set()
        return read & set(self.plan.constants)

    def _signature(self, person: tuple[str, ...], household: tuple[str, ...]) -> None:
        plan = self.plan
        arrays = [f"column_{n}" for n in (*person, *household)]
        outputs = [f"out_{n}" for n in plan.outputs if plan.driver in ("evaluate", "walk")]
        inside = ",\n    ".join(self._wrapped([*ARGUMENTS[plan.driver].split(", "), *arrays, *outputs]))
        self.line("@njit(**KERNEL_OPTIONS, cache=CACHE)")
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
                self.emit_household(node)

    def _buffers(self) -> None:
        for name, node in self.plan.buffers.items():
            kind = {"bool": "np.bool_", "int": "np.int64", "category": "np.uint8"}.get(
                node.dtype, "np.float64"
            )
            self.line(f"kept_{self.var(name)} = np.empty(most_members, {kind})")
            if node.slope:
                self.line(f"kept_{node.slope} = np.empty(most_members, np.float64)")

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
            self.phase(varying=False)
            for name in self.plan.outputs:
                if self.plan.nodes[name].level != "person":
                    self.line(f"out_{name}[hh] = {self.var(name)}")
            for k, name in enumerate(self.totals):
                self.line(f"sums[block - block_from, g, {k}] += w * {self.var(name)}")
        else:
            self.phase(varying=False)
            self.line("for scenario in range(V.shape[1]):")
            self.depth += 1
            for node in self.plan.nodes.values():
                if node.level == "constant" and node.varying:
                    self.emit_household(node)
            self.phase(varying=True)
            for k, name in enumerate(self.totals):
                self.line(f"sums[block - block_from, {k}, g, scenario] += w * {self.var(name)}")

    def _walk_loop(self) -> None:
        self.line("for row in range(np.uint64(block_from), np.uint64(block_to)):")
        self.depth += 1
        self.line("hh, walked = rows[row], walked_member[row]")
        self.line("first, last = offsets[hh], offsets[hh + np.uint64(1)]")
        self.phase(varying=False)
        for name in self.plan.outputs:
            self.line(f"row_of_{name} = out_{name}[row]")
        self.line("for point in range(len(grid)):")
        self.depth += 1
        self.phase(varying=True)
        for name in self.plan.outputs:
            self.line(f"row_of_{name}[point] = {self.var(name)}")
