"""Whole rules with slopes: their statements, and their trees of guarded results."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterable

from microsim.engine.compiler.slopes import ZERO, Expressions, call_of
from microsim.engine.compiler.trees import Branch, Leaf, Let, Tree


class Slopes(Expressions):
    """Writes one rule with slopes."""

    def statement(self, node: ast.stmt) -> None:
        """A statement of a rule, with slopes."""
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                amount, slope = self.value(value)
                if name in self.sloped:  # the slope first: it may read what the name held before
                    self.set(self.lines.slope_of(name), slope or ZERO)
                self.set(name, amount)
            case ast.If(test=test, body=body, orelse=orelse):
                self.block(f"if {ast.unparse(self.test(test))}:", lambda: self.statements(body))
                if orelse:
                    self.block("else:", lambda: self.statements(orelse))
            case ast.For(target=ast.Name(id=name) as target, iter=steps, body=body):
                head = f"for {ast.unparse(target)} in {ast.unparse(self._steps(steps))}:"

                def inside() -> None:
                    if name in self.sloped:  # set elsewhere to something with a slope
                        self.set(self.lines.slope_of(name), ZERO)
                    self.statements(body)

                self.block(head, inside)
            case _:  # pass, break, continue
                self.write(ast.unparse(node))

    def _steps(self, steps: ast.expr) -> ast.expr:
        """What a loop runs over; how often may depend on the walked income."""
        match steps:
            case ast.Call(func=ast.Name(id="range"), args=bounds) if self.touches(steps):
                return call_of("range", *(call_of("int", self.value(b)[0]) for b in bounds))
        return steps

    def statements(self, body: Iterable[ast.stmt]) -> None:
        """Several statements, one after the other."""
        for node in body:
            self.statement(node)

    def tree(self, tree: Tree, variable: str, slope: str | None) -> None:
        """A rule: its result in ``variable``, and its slope in ``slope``."""
        match tree:
            case Leaf(value=value):
                self.lines.before_result(value)
                amount, own = self.value(value)
                self.set(variable, amount)
                if slope is not None:
                    self.set(slope, own or ZERO)
            case Let(statements=statements, body=body):
                self.statements(statements)
                self.tree(body, variable, slope)
            case Branch(test=test, then=then, orelse=orelse):
                self.block(f"if {ast.unparse(self.test(test))}:", lambda: self.tree(then, variable, slope))
                while isinstance(orelse, Branch) and not self.asks(orelse.test):
                    then, head = orelse.then, f"elif {ast.unparse(self.test(orelse.test))}:"
                    self.block(head, functools.partial(self.tree, then, variable, slope))
                    orelse = orelse.orelse
                self.block("else:", lambda: self.tree(orelse, variable, slope))
