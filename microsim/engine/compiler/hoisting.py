"""Taking household-level conditions out of sums over members.

``total(medical_aid)`` with ``medical_aid`` = "if the family is on dibao: a; if it is near the line: b; else
0" is, for the whole household, "if dibao: sum of a; if near the line: sum of b; else 0". The sums of ``a``
and ``b`` often depend on nothing that varies: they are then taken once per household instead of once per
scenario or wage. The additions that remain are those of the plain loop in the same order, so results keep
their bits. Only a value that is the same for all members (``sum of line over the ill`` = ``line x number of
the ill``) is taken out as a product.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from microsim.engine.compiler.trees import (
    Branch,
    Leaf,
    Let,
    Tree,
    map_children,
    names_in,
    same,
    substitute_node,
)

MOST_NODES = 400  # of an expression that is still worth splitting
MOST_ATOMS = 6


@dataclass(frozen=True)
class Part:
    """A sum (or count, or any) over members of ``value``, multiplied by the household value ``times``."""

    value: ast.expr
    times: ast.expr | None = None


@dataclass(frozen=True)
class Split:
    """A household-level condition between two lifted parts."""

    test: ast.expr
    then: Split | Part
    orelse: Split | Part


def as_expression(tree: Tree) -> ast.expr | None:
    """The tree as one expression without local variables; None where it holds a loop."""
    return _resolved(tree, {})


Locals = dict[str, ast.expr]


def _resolved(tree: Tree, known: Locals) -> ast.expr | None:
    match tree:
        case Leaf(value=value):
            return substitute_node(value, known)
        case Branch(test=test, then=then, orelse=orelse):
            a, b = _resolved(then, known), _resolved(orelse, known)
            return None if a is None or b is None else ast.IfExp(substitute_node(test, known), a, b)
        case Let(statements=statements, body=body):
            after = _executed(statements, known)
            return None if after is None else _resolved(body, after)


def _executed(statements: Sequence[ast.stmt], known: Locals) -> Locals | None:
    """Local variables after some statements, each as an expression of the rule's inputs."""
    known = dict(known)
    for statement in statements:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                known[name] = substitute_node(value, known)
            case ast.If(test=test, body=body, orelse=orelse):
                test = substitute_node(test, known)
                a, b = _executed(body, known), _executed(orelse, known)
                if a is None or b is None:
                    return None
                for name in sorted(set(a) & set(b)):  # a name set on one side only is not read afterwards
                    if a[name] is not b[name]:
                        known[name] = ast.IfExp(test, a[name], b[name])
            case ast.Pass():
                continue
            case _:
                return None
        if sum(map(size, known.values())) > MOST_NODES:
            return None
    return known


def size(node: ast.AST) -> int:
    """How large an expression is: the number of its parts."""
    return sum(1 for _ in ast.walk(node))


def parts_of(split: Split | Part) -> list[Part]:
    """The sums that remain after lifting, those of nothing left out."""
    if isinstance(split, Split):
        return [*parts_of(split.then), *parts_of(split.orelse)]
    return [] if isinstance(split.value, ast.Constant) and not split.value.value else [split]


def lift(
    value: ast.expr, household: Callable[[str], bool], worth: Callable[[str], bool], counts: bool
) -> Split | Part:
    """Split ``value`` (a person-level expression under a sum) by its household-level conditions.

    ``household(name)``: the name is the same for all members. ``worth(name)``: taking it out saves work.
    ``counts``: the value is a yes/no value that is counted.
    """
    if counts:
        value = ast.IfExp(value, ast.Constant(True), ast.Constant(False))
    return _lift(fold(value), household, worth, MOST_ATOMS, counts)


def _lift(
    value: ast.expr, household: Callable[[str], bool], worth: Callable[[str], bool], atoms: int, counts: bool
) -> Split | Part:
    atom = _first_atom(value, household, worth) if atoms else None
    if atom is None:
        return Part(_truth(value)) if counts else _factored(value, household, worth)
    then, orelse = (fold(_assuming(value, atom, truth)) for truth in (True, False))
    return Split(
        atom,
        _lift(then, household, worth, atoms - 1, counts),
        _lift(orelse, household, worth, atoms - 1, counts),
    )


def _factored(value: ast.expr, household: Callable[[str], bool], worth: Callable[[str], bool]) -> Part:
    """``line if ill else 0`` -> ``line`` times the sum of ``1 if ill else 0``."""
    if not isinstance(value, ast.IfExp):
        names = names_in(value)
        if names and all(map(household, names)) and any(map(worth, names)):
            return Part(ast.Constant(1.0), value)
        return Part(value)
    leaves = [leaf for leaf in _leaves(value) if not _is_zero(leaf)]
    texts = {ast.unparse(leaf) for leaf in leaves}
    names = set().union(*map(names_in, leaves)) if leaves else set()
    if len(texts) == 1 and names and all(map(household, names)) and any(map(worth, names)):
        return Part(_ones(value), leaves[0])
    return Part(value)


def _leaves(value: ast.expr) -> list[ast.expr]:
    return [*_leaves(value.body), *_leaves(value.orelse)] if isinstance(value, ast.IfExp) else [value]


def _ones(value: ast.expr) -> ast.expr:
    if isinstance(value, ast.IfExp):
        return ast.IfExp(value.test, _ones(value.body), _ones(value.orelse))
    return ast.Constant(0.0 if _is_zero(value) else 1.0)


def _is_zero(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == 0


def _first_atom(
    node: ast.AST, household: Callable[[str], bool], worth: Callable[[str], bool]
) -> ast.expr | None:
    """The first household-level condition in the test of an if, outermost first."""
    if isinstance(node, ast.IfExp):
        found = _atom_in_test(node.test, household, worth)
        if found is not None:
            return found
    for child in ast.iter_child_nodes(node):
        found = _first_atom(child, household, worth)
        if found is not None:
            return found
    return None


def _atom_in_test(
    test: ast.expr, household: Callable[[str], bool], worth: Callable[[str], bool]
) -> ast.expr | None:
    match test:
        case ast.BoolOp(values=values):
            for value in values:
                found = _atom_in_test(value, household, worth)
                if found is not None:
                    return found
            return None
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return _atom_in_test(operand, household, worth)
    names = names_in(test)
    if (
        isinstance(test, ast.Name | ast.Compare)
        and names
        and all(map(household, names))
        and any(map(worth, names))
    ):
        return test
    return None


def _assuming(node: ast.expr, atom: ast.expr, truth: bool) -> ast.expr:
    """``node`` with the condition ``atom`` replaced by what it is taken to be, wherever a test has it."""
    needed = names_in(atom)

    def test(part: ast.expr) -> ast.expr:
        if isinstance(part, ast.BoolOp) or (isinstance(part, ast.UnaryOp) and isinstance(part.op, ast.Not)):
            return map_children(part, lambda child: test(child) if isinstance(child, ast.expr) else child)
        return ast.Constant(truth) if same(part, atom) else _expression(change(part))

    def change(part: ast.AST) -> ast.AST:
        if not needed <= names_in(part):
            return part
        if isinstance(part, ast.IfExp):
            body, orelse = _expression(change(part.body)), _expression(change(part.orelse))
            return ast.IfExp(test(part.test), body, orelse)
        return map_children(part, change)

    return _expression(change(node))


def _expression(node: ast.AST) -> ast.expr:
    assert isinstance(node, ast.expr)
    return node


def fold(node: ast.expr) -> ast.expr:
    """Constant conditions taken away; arithmetic is left as it is written."""
    if not getattr(node, "is_folded", False):  # noted on the node, which never changes
        node = _fold(node)
        node.is_folded = True  # type: ignore[attr-defined]
    return node


def _fold(node: ast.expr) -> ast.expr:
    match node:
        case ast.IfExp(test=test, body=body, orelse=orelse):
            test, body, orelse = _truth(fold(test)), fold(body), fold(orelse)
            if isinstance(test, ast.Constant):
                return body if test.value else orelse
            if same(body, orelse):
                return body
            return ast.IfExp(test, body, orelse)
        case ast.BoolOp(op=op, values=values):
            decides = isinstance(op, ast.Or)  # the constant that settles it
            kept: list[ast.expr] = []
            for value in map(fold, values):
                if isinstance(value, ast.Constant) and isinstance(value.value, bool):
                    if value.value is decides:
                        return ast.Constant(decides)
                    continue
                kept.append(value)
            if not kept:
                return ast.Constant(not decides)
            return kept[0] if len(kept) == 1 else ast.BoolOp(op, kept)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            inner = fold(operand)
            return (
                ast.Constant(not inner.value)
                if isinstance(inner, ast.Constant)
                else ast.UnaryOp(ast.Not(), inner)
            )
        case ast.BinOp(left=left, op=op, right=right):
            return ast.BinOp(fold(left), op, fold(right))
        case ast.UnaryOp(op=op, operand=operand):
            return ast.UnaryOp(op, fold(operand))
        case ast.Compare(left=left, ops=ops, comparators=comparators):
            return ast.Compare(fold(left), ops, [fold(c) for c in comparators])
        case ast.Call(func=func, args=args):
            return ast.Call(func, [fold(a) for a in args], [])
    return node


def _truth(node: ast.expr) -> ast.expr:
    """A condition without ifs inside: ``(False if a else b)`` -> ``not a and b``. Only for yes/no values."""
    match node:
        case ast.IfExp(test=test, body=body, orelse=orelse):
            test, body, orelse = _truth(test), _truth(body), _truth(orelse)
            if _is(body, True):
                return test if _is(orelse, False) else ast.BoolOp(ast.Or(), [test, orelse])
            if _is(body, False):
                negated = _negated(test)
                return negated if _is(orelse, True) else fold(ast.BoolOp(ast.And(), [negated, orelse]))
            if _is(orelse, False):
                return ast.BoolOp(ast.And(), [test, body])
            if _is(orelse, True):
                return ast.BoolOp(ast.Or(), [_negated(test), body])
            return ast.IfExp(test, body, orelse)
        case ast.BoolOp(op=op, values=values):
            return fold(ast.BoolOp(op, [_truth(v) for v in values]))
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return _negated(_truth(operand))
    return node


def _is(node: ast.expr, value: bool) -> bool:
    return isinstance(node, ast.Constant) and node.value is value


def _negated(node: ast.expr) -> ast.expr:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return node.operand
    if isinstance(node, ast.Constant):
        return ast.Constant(not node.value)
    return ast.UnaryOp(ast.Not(), node)
