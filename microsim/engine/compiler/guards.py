"""When a loop over members has nothing to add: the condition under which a household can pass it by.

Most households have no status, and most rules pay nothing without one. A loop whose sums are all empty when
certain yes/no household values are all false is written behind ``if`` one of them holds.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence

from microsim.engine.compiler.hoisting import as_expression, fold
from microsim.engine.compiler.nodes import Node, Plan
from microsim.engine.compiler.trees import BUILTINS, map_children, names_in

EMPTY = {"total": 0, "count": 0, "any_member": 0, "every_member": 1}


def guard_of(plan: Plan, sums: Sequence[Node]) -> tuple[str, ...]:
    """Yes/no household values of which one must hold for any of ``sums`` to be other than empty; else ()."""
    if any(node.aggregate not in EMPTY for node in sums):
        return ()
    late, early = _switches(plan, sums)
    if not late:
        return ()
    persons = [
        (name, as_expression(tree))
        for name in _persons(plan, [n for node in sums for n in node.needs])
        if (tree := plan.nodes[name].tree) is not None
    ]
    for more in [(), *((name,) for name in early)]:
        chosen = [*late, *more]
        if _all_empty(sums, persons, chosen):
            for name in list(chosen):
                fewer = [n for n in chosen if n != name]
                if _all_empty(sums, persons, fewer):
                    chosen = fewer
            return tuple(chosen)
    return ()


def _persons(plan: Plan, names: Iterable[str]) -> list[str]:
    """Person formulas below ``names``, needs first."""
    out: list[str] = []

    def visit(name: str) -> None:
        node = plan.nodes.get(name)
        if node is None or node.level != "person" or name in out:
            return
        for need in node.needs:
            visit(need)
        out.append(name)

    for name in names:
        visit(name)
    return out


def _switches(plan: Plan, sums: Sequence[Node]) -> tuple[list[str], list[str]]:
    """Yes/no household values that the loop reads: those decided behind an earlier loop, and the others."""
    persons = _persons(plan, [n for node in sums for n in node.needs])
    read = {n for name in persons for n in plan.nodes[name].needs} | {n for node in sums for n in node.needs}
    switches = [
        plan.nodes[n] for n in sorted(read) if plan.nodes[n].level != "person" and plan.nodes[n].is_switch
    ]
    # Among the early ones the household's own come first: a switch of the whole policy spares nobody
    # anything.
    early = sorted((n for n in switches if not n.late), key=lambda n: n.level == "constant")
    return [n.name for n in switches if n.late], [n.name for n in early]


def _all_empty(
    sums: Sequence[Node], persons: Sequence[tuple[str, ast.expr | None]], off: Sequence[str]
) -> bool:
    known: dict[str, ast.expr] = {name: ast.Constant(False) for name in off}
    for name, value in persons:
        found = _constant(value, known) if value is not None else None
        if found is not None:
            known[name] = found
    for node in sums:
        assert node.value is not None
        assert node.aggregate is not None
        found = _constant(node.value, known)
        if found is None or found.value != EMPTY[node.aggregate]:
            return False
    return True


def _constant(value: ast.expr, known: Mapping[str, ast.expr]) -> ast.Constant | None:
    found = _computed(value, known)
    return found if isinstance(found, ast.Constant) else None


def _computed(node: ast.AST, known: Mapping[str, ast.expr]) -> ast.AST:
    """What is known put in, and what then is constant computed, innermost first."""
    if isinstance(node, ast.Name):
        return known.get(node.id, node)
    if known.keys().isdisjoint(names_in(node)):
        return node
    node = map_children(node, lambda child: _computed(child, known))
    if not isinstance(node, ast.expr):
        return node
    node = fold(node)
    if _is_of_constants(node):
        try:
            return ast.Constant(eval(ast.unparse(node), {}))
        except ArithmeticError:
            return node  # left to the processor
    return node


def _is_of_constants(node: ast.AST) -> bool:
    match node:
        case ast.BinOp(left=left, right=right):
            parts = [left, right]
        case ast.UnaryOp(operand=operand):
            parts = [operand]
        case ast.Compare(left=left, comparators=comparators):
            parts = [left, *comparators]
        case ast.Call(func=ast.Name(id=name), args=args) if name in BUILTINS:
            parts = args
        case _:
            return False
    return all(isinstance(part, ast.Constant) for part in parts)
