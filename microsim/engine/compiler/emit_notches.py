"""Writing the search for notches: a walk that goes from flip to flip, one household after the other."""

from __future__ import annotations

from dataclasses import replace

from microsim.engine.compiler.emit import ModuleWriter, Text
from microsim.engine.compiler.nodes import Plan
from microsim.engine.compiler.reserved import RESERVED_FOR_NOTCHES
from microsim.engine.compiler.slope_rules import add_slopes
from microsim.engine.compiler.splicing import spliced
from microsim.engine.support import comparisons, notch_walk


def write_events(plan: Plan, title: str) -> Text:
    """The module that looks for notches of ``plan.outputs``; ``cases`` are its comparisons by number."""
    plan.rename(RESERVED_FOR_NOTCHES)
    cases = add_slopes(plan)
    return replace(EventWriter(plan, (), title).write(), cases=cases)


class EventWriter(ModuleWriter):
    """The walk from flip to flip around the paragraphs."""

    walked_income = "earned"

    def _further_functions(self) -> None:
        self.line("\n" + spliced(comparisons))
        self.line("\n\n" + spliced(notch_walk))

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
            slope = self.plan.nodes[name].slope or "0.0"
            self.line(f"values[{k}], slopes[{k}] = {self.var(name)}, {slope}")
        self.line("found, earned = advance(")
        self.line(
            "    earned, near, values, slopes, base, rates, state, known, row, low, high, present[row],\n"
            "    smallest, kinks, levels, flags, owners, places, jumps, cases, opening, found,\n)"
        )
        self.depth -= 2
        self.line("return found")
