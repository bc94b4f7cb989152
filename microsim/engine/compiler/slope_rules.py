"""A plan with slopes: a pass from trees to trees that the ordinary writer can write.

Each value ``x`` that moves with the walked income gets a variable ``x_slope``, which ``x``'s tree sets too.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable

from microsim.engine.compiler.nodes import Node, Plan
from microsim.engine.compiler.slope_analysis import has_slope, sloped_locals, tree_has_slope
from microsim.engine.compiler.slope_names import Case, Names
from microsim.engine.compiler.slopes import ZERO, Expressions, call_of, load
from microsim.engine.compiler.trees import Branch, Leaf, Let, Tree, stored_names


def add_slopes(plan: Plan) -> tuple[Case, ...]:
    """Give every value of ``plan`` that moves its slope; the comparisons that can flip, by number."""
    trees = [node.tree for node in plan.nodes.values() if node.tree is not None]
    taken = {*plan.nodes, *plan.variables.values()}
    names = Names(taken.union(*map(stored_names, trees)))  # local variables have slopes of their own
    sloped: set[str] = set()
    for node in plan.nodes.values():
        if node.varying and _moves(node, sloped):
            sloped.add(plan.var(node.name))
            node.slope = names.slope_of(plan.var(node.name))
    for node in plan.nodes.values():
        if node.varying and not node.skip_walked:
            _add(node, plan.var(node.name), names, sloped)
    return tuple(names.cases)


def _moves(node: Node, sloped: set[str]) -> bool:
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


def _add(node: Node, variable: str, names: Names, sloped: set[str]) -> None:
    slopes = Slopes(names, node.name, sloped)
    match node.kind:
        case "grid":
            slopes.set(node.slope, load("pace"))
            node.moving = slopes.out
        case "column":
            is_walked = ast.Compare(load("member"), [ast.Eq()], [load("walked")])
            slopes.set(node.slope, ast.IfExp(is_walked, load("pace"), ZERO))
            node.moving = slopes.out
        case "formula":
            assert node.tree is not None
            if slopes.touches(node.tree):
                slopes.sloped = sloped | sloped_locals(node.tree, sloped)
                node.moving_tree = slopes.tree(node.tree, node.slope)
        case "aggregate":
            assert node.value is not None
            if slopes.touches(node.value):
                slopes.sum(node, variable)
                node.moving = slopes.out


class Slopes(Expressions):
    """Takes one rule to statements with slopes."""

    def statement(self, node: ast.stmt) -> None:
        """A statement of a rule, with slopes."""
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                amount, slope = self.value(value)
                if name in self.sloped:  # the slope first: it may read what the name held before
                    self.set(self.names.slope_of(name), slope or ZERO)
                self.set(name, amount)
            case ast.If(test=test, body=body, orelse=orelse):
                is_so = self.test(test)
                then = self.block(lambda: self.statements(body))
                self.out.append(ast.If(is_so, then, self.block(lambda: self.statements(orelse))))
            case ast.For(target=ast.Name(id=name) as target, iter=steps, body=body):
                bounds = self._steps(steps)

                def inside() -> None:
                    if name in self.sloped:  # set elsewhere to something with a slope
                        self.set(self.names.slope_of(name), ZERO)
                    self.statements(body)

                self.out.append(ast.For(target, bounds, self.block(inside), []))
            case _:  # pass, break, continue
                self.out.append(node)

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

    def tree(self, tree: Tree, slope: str) -> Tree:
        """A rule that also sets its ``slope``, where it has one."""
        result: Tree = Leaf(ZERO)

        def write() -> None:
            nonlocal result
            part = tree
            while isinstance(part, Let):
                self.statements(part.statements)
                part = part.body
            if isinstance(part, Branch):
                result = Branch(
                    self.test(part.test), self.tree(part.then, slope), self.tree(part.orelse, slope)
                )
                return
            amount, own = self.value(part.value)
            if slope:
                self.set(slope, own or ZERO)
            result = Leaf(amount)

        statements = self.block(write)
        return Let(tuple(statements), result) if statements else result

    def sum(self, node: Node, variable: str) -> None:
        """What one member adds to a sum, and to its slope."""
        assert node.value is not None
        both: ast.expr
        match node.aggregate:
            case "total":
                amount, slope = self.held(self.value(node.value))
                both = ast.BinOp(load(variable), ast.Add(), amount)
                slope = ast.BinOp(load(node.slope), ast.Add(), slope)
            case "count":
                one = ast.IfExp(self.test(node.value), ast.Constant(1), ast.Constant(0))
                both, slope = ast.BinOp(load(variable), ast.Add(), one), ZERO
            case "any_member" | "every_member":
                op = ast.Or() if node.aggregate == "any_member" else ast.And()
                both = ast.BoolOp(op, [load(variable), call_of("bool", self.test(node.value))])
                slope = ZERO
            case _:
                function = "max" if node.aggregate == "largest" else "min"
                both, slope = self.held(self.value(call_of(function, load(variable), node.value)))
        self.set(variable, both)
        if node.slope:
            self.set(node.slope, slope)
