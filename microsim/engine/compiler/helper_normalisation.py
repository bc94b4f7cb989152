"""A helper's text in the few statements that are followed along the walked income.

Rules are read into few forms; helpers are plain functions, taken as they stand. Here ``rest -= x`` becomes
``rest = rest - x``, ``a, b = b, a`` single assignments, ``x in (1, 2)`` comparisons, and named inputs of
calls go to their places.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from itertools import pairwise

from microsim.engine.compiler.reserved import RESERVED_FOR_NOTCHES as _RESERVED
from microsim.engine.compiler.reserved import free_name
from microsim.engine.compiler.trees import map_children, substitute_node
from microsim.errors import MicrosimError, Offence, RuleError


def definition_of(helpers: Mapping[str, str], name: str) -> ast.FunctionDef:
    """The function that stands under ``name`` among the helpers' texts."""
    definition = ast.parse(helpers[name]).body[0]
    assert isinstance(definition, ast.FunctionDef)
    return definition


def arguments_of(definition: ast.FunctionDef) -> dict[str, ast.expr | None]:
    """Names of a helper's arguments and what they are where nothing is given."""
    names = [a.arg for a in definition.args.args]
    defaults: list[ast.expr | None] = [*definition.args.defaults]
    return dict(zip(names, [None] * (len(names) - len(defaults)) + defaults, strict=True))


def given_in_order(helpers: Mapping[str, str], name: str, call: ast.Call) -> list[ast.expr]:
    """The inputs of a call of a helper, those given by name among them, in the helper's order."""
    if not call.keywords:
        return call.args
    known = arguments_of(definition_of(helpers, name))
    named = {k.arg: k.value for k in call.keywords}
    given = [*call.args]
    for argument, default in list(known.items())[len(given) :]:
        value = named.get(argument, default)
        assert value is not None  # Python and numba refuse such a call too
        given.append(value)
    return given


def names_of(definition: ast.FunctionDef) -> set[str]:
    """Arguments and local names of a helper."""
    stored = {n.id for n in ast.walk(definition) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return stored | {a.arg for a in definition.args.args}


def followed(definition: ast.FunctionDef, taken: set[str]) -> tuple[ast.FunctionDef, dict[str, str]]:
    """The helper in statements that can be followed, and names of its own that it had to change."""
    changed = {n: free_name(n, taken, _RESERVED) for n in sorted(names_of(definition) & _RESERVED)}
    mapping: dict[str, ast.expr] = {a: ast.Name(b, ast.Load()) for a, b in changed.items()}
    reader = _Reader(definition.name)
    body = [part for s in definition.body for part in reader.statement(substitute_node(s, mapping))]
    return ast.FunctionDef(definition.name, definition.args, body, []), changed


class _Reader:
    """Rewrites statements of one helper."""

    def __init__(self, helper: str) -> None:
        self.helper, self.count = helper, 0

    def statement(self, node: ast.stmt) -> Iterator[ast.stmt]:
        match node:
            case ast.Assign(targets=[ast.Name() as name], value=value):
                yield ast.Assign([name], self.expression(value))
            case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)):
                held = [self._new() for _ in values]
                for name, value in zip(held, values, strict=True):
                    yield ast.Assign([ast.Name(name, ast.Store())], self.expression(value))
                for target, name in zip(names, held, strict=True):
                    yield from self.statement(ast.Assign([target], ast.Name(name, ast.Load())))
            case ast.Assign(targets=[_, _, *_] as targets, value=value):
                first = self._new()
                yield ast.Assign([ast.Name(first, ast.Store())], self.expression(value))
                for target in targets:
                    yield from self.statement(ast.Assign([target], ast.Name(first, ast.Load())))
            case ast.AugAssign(target=ast.Name(id=name), op=op, value=value):
                both = ast.BinOp(ast.Name(name, ast.Load()), op, self.expression(value))
                yield ast.Assign([ast.Name(name, ast.Store())], both)
            case ast.If(test=test, body=body, orelse=orelse):
                yield ast.If(self.expression(test), self._block(body), self._block(orelse))
            case ast.For(target=ast.Name() as target, iter=steps, body=body, orelse=[]):
                yield ast.For(target, self.expression(steps), self._block(body), [])
            case ast.While(test=test, body=body, orelse=[]):
                leave = ast.If(ast.UnaryOp(ast.Not(), self.expression(test)), [ast.Break()], [])
                yield ast.While(ast.Constant(True), [leave, *self._block(body)], [])
            case ast.Return(value=value) if value is not None and not isinstance(value, ast.Tuple):
                yield ast.Return(self.expression(value))
            case ast.Pass() | ast.Break() | ast.Continue():
                yield node
            case _:
                raise refused(node, self.helper)

    def _block(self, body: list[ast.stmt]) -> list[ast.stmt]:
        return [part for statement in body for part in self.statement(statement)]

    def _new(self) -> str:
        self.count += 1
        return f"part_{self.count}_of_{self.helper}"

    def expression(self, node: ast.expr) -> ast.expr:
        def change(part: ast.AST) -> ast.AST:
            part = map_children(part, change)
            match part:
                case ast.Compare(left=left, ops=ops, comparators=others) if any(
                    isinstance(op, ast.In | ast.NotIn) for op in ops
                ):
                    pairs = zip(pairwise([left, *others]), ops, strict=True)
                    tests = [self._within(a, op, b) for (a, b), op in pairs]
                    return tests[0] if len(tests) == 1 else ast.BoolOp(ast.And(), tests)
            return part

        changed = change(node)
        assert isinstance(changed, ast.expr)
        return changed

    def _within(self, value: ast.expr, op: ast.cmpop, among: ast.expr) -> ast.expr:
        if not isinstance(op, ast.In | ast.NotIn):
            return ast.Compare(value, [op], [among])
        if not isinstance(among, ast.Tuple | ast.List | ast.Set) or not among.elts:
            raise refused(among, self.helper)
        tests: list[ast.expr] = [ast.Compare(value, [ast.Eq()], [item]) for item in among.elts]
        either = tests[0] if len(tests) == 1 else ast.BoolOp(ast.Or(), tests)
        return ast.UnaryOp(ast.Not(), either) if isinstance(op, ast.NotIn) else either


def refused(node: ast.AST, rule: str) -> MicrosimError:
    """What is raised for a text through which an income cannot be followed."""
    text = ast.unparse(ast.fix_missing_locations(node)).split("\n")[0]
    hint = "=, if, for ... in range(...), while, return, arithmetic, comparisons and functions of math can be"
    return RuleError(Offence(f"'{text}' cannot be followed along an income", rule, hint))
