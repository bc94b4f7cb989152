"""Rules written a second way: amounts with their slope along the walked income, comparisons looking ahead.

``a + b`` becomes that and ``a_slope + b_slope``; ``a < b`` becomes ``below(a - b, a_slope - b_slope, ...)``,
which gives the distance at which it flips. What does not depend on the walked income, or only through
statuses, stays.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from microsim.engine.compiler.slope_analysis import has_slope
from microsim.engine.compiler.slope_names import Case, Names
from microsim.engine.compiler.trees import Tree, names_in

Value = tuple[ast.expr, ast.expr | None]  # an amount and its slope; None: it stays as it is

_WALKED_SCHEDULES = {
    "schedule_step": "step_ahead",
    "schedule_linear": "linear_ahead",
    "schedule_brackets": "brackets_ahead",
}
_APART = 1e-4  # yuan: how far apart a function of which nothing is known is tried, to find its slope


def load(name: str) -> ast.expr:
    """A name that is read."""
    return ast.Name(name, ast.Load())


def _binary(left: ast.expr, op: ast.operator, right: ast.expr) -> ast.expr:
    return ast.BinOp(left, op, right)


def call_of(name: str, *args: ast.expr) -> ast.expr:
    """A function that is called."""
    return ast.Call(load(name), list(args), [])


def _spelled(name: str, function: ast.expr, args: list[ast.expr]) -> ast.expr:
    """Functions of ``math`` that bend or step, in words that are followed exactly."""
    assert isinstance(function, ast.Attribute)
    first, last = args[0], args[-1]
    positive = call_of("abs", first)
    if name == "fabs":
        return positive
    if name == "copysign":
        is_positive = ast.Compare(last, [ast.GtE()], [ast.Constant(0.0)])
        return ast.IfExp(is_positive, positive, ast.UnaryOp(ast.USub(), positive))
    ratio = _binary(first, ast.Div(), last)
    times = call_of("int" if name == "fmod" else "round", ratio)
    return _binary(first, ast.Sub(), _binary(last, ast.Mult(), times))


ZERO = ast.Constant(0.0)


class Expressions:
    """Takes expressions of one rule to amounts and slopes; ``out`` collects the statements that they need.

    ``sloped`` are the names that have a slope.
    """

    def __init__(self, names: Names, rule: str, sloped: set[str]) -> None:
        self.names, self.rule, self.sloped = names, rule, sloped
        self.out: list[ast.stmt] = []

    # -- statements ------------------------------------------------------------------------------------------

    def set(self, name: str, value: ast.expr) -> str:
        """A statement that sets ``name``."""
        self.out.append(ast.Assign([ast.Name(name, ast.Store())], value))
        return name

    def block(self, write: Callable[[], object]) -> list[ast.stmt]:
        """The statements that ``write`` makes, apart from those around them."""
        self.out, outer = [], self.out
        write()
        made, self.out = self.out, outer
        return made

    def _case(self, node: ast.expr) -> ast.expr:
        self.names.cases.append(Case(self.rule, ast.unparse(node)))
        return ast.Constant(len(self.names.cases) - 1)

    def _ask(self, prefixes: str, function: str, *args: ast.expr) -> list[ast.expr]:
        """Calls ``function`` with what is known so far; the variables that hold its answers."""
        number = self.names.fresh()
        answers = [f"{prefix}_{number}" for prefix in prefixes.split()]
        targets: list[ast.expr] = [ast.Name(name, ast.Store()) for name in (*answers, "near")]
        call = call_of(function, *args[:-1], load("near"), args[-1])
        self.out.append(ast.Assign([ast.Tuple(targets, ast.Store())], call))
        return [load(name) for name in answers]

    # -- expressions -----------------------------------------------------------------------------------------

    def touches(self, node: ast.AST | Tree) -> bool:
        """Whether anything in it moves with the walked income."""
        return not self.sloped.isdisjoint(names_in(node))

    def _needs_lines(self, node: ast.expr) -> bool:
        """Whether an expression cannot be written in place: it compares, bends or steps."""
        if not self.touches(node):
            return False
        match node:
            case ast.Name():
                return False
            case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
                return self._needs_lines(operand)
            case ast.BinOp(left=left, op=op, right=right) if not isinstance(op, ast.FloorDiv | ast.Mod):
                both = has_slope(left, self.sloped) and has_slope(right, self.sloped)
                bends = (
                    both
                    if isinstance(op, ast.Mult)
                    else has_slope(right, self.sloped)
                    if isinstance(op, ast.Div)
                    else not isinstance(op, ast.Add | ast.Sub)
                )
                return bends or self._needs_lines(left) or self._needs_lines(right)
            case ast.Call(func=ast.Name(id="float"), args=[argument]):
                return self._needs_lines(argument)
        return True

    def asks(self, test: ast.expr) -> bool:
        """Whether a condition cannot be written in place; an amount as one asks whether it is 0."""
        return self._needs_lines(test) or has_slope(test, self.sloped)

    def value(self, node: ast.expr) -> Value:
        """The amount and its slope, after the lines that they need."""
        if not self.touches(node):
            return node, None
        match node:
            case ast.Name(id=name):
                return node, load(self.names.slope_of(name))
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return ast.UnaryOp(ast.Not(), self.test(operand)), None
            case ast.UnaryOp(op=op, operand=operand):
                amount, slope = self.value(operand)
                return ast.UnaryOp(op, amount), None if slope is None else ast.UnaryOp(op, slope)
            case ast.BinOp(left=left, op=op, right=right):
                return self._arithmetic(node, left, op, right)
            case ast.Compare():
                return self._compare(node), None
            case ast.BoolOp(op=op, values=values):
                if not has_slope(node, self.sloped):
                    return self._either(op, values), None
                first, rest = values[0], values[1:]
                other = rest[0] if len(rest) == 1 else ast.BoolOp(op, rest)
                pair = (other, first) if isinstance(op, ast.And) else (first, other)
                return self._choice(first, *pair)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return self._choice(test, body, orelse)
            case ast.Call():
                return self._function(node)
        raise AssertionError(ast.unparse(node))  # rules hold nothing else

    def test(self, node: ast.expr) -> ast.expr:
        """Whether an expression counts as true just above this place."""
        amount, slope = self.value(node)
        if slope is None:
            return amount
        (is_nothing,) = self._ask("is", "level", amount, ZERO, slope, self._case(node))
        return ast.UnaryOp(ast.Not(), is_nothing)

    def held(self, value: Value) -> tuple[ast.expr, ast.expr]:
        """The amount and its slope as names or numbers, so that they can be read twice."""
        amount, slope = value
        if not isinstance(amount, ast.Name | ast.Constant):
            amount = load(self.set(f"amount_{self.names.fresh()}", amount))
        slope = ZERO if slope is None else slope
        if not isinstance(slope, ast.Name | ast.Constant):
            slope = load(self.set(f"pace_{self.names.fresh()}", slope))
        return amount, slope

    def _arithmetic(self, node: ast.BinOp, left: ast.expr, op: ast.operator, right: ast.expr) -> Value:
        if not has_slope(left, self.sloped) and not has_slope(right, self.sloped):
            return _binary(self.value(left)[0], op, self.value(right)[0]), None
        if isinstance(op, ast.FloorDiv):
            return self._whole(ast.BinOp(left, ast.Div(), right), node), None
        if isinstance(op, ast.Mod):
            times = self._whole(ast.BinOp(left, ast.Div(), right), node)
            (x, dx), (y, dy) = self.held(self.value(left)), self.held(self.value(right))
            slope = _binary(dx, ast.Sub(), _binary(dy, ast.Mult(), times))
            return _binary(x, ast.Sub(), _binary(y, ast.Mult(), times)), slope
        (a, da), (b, db) = self.value(left), self.value(right)
        if isinstance(op, ast.Add | ast.Sub):
            if da is not None and db is not None:
                return _binary(a, op, b), _binary(da, op, db)
            minus = ast.UnaryOp(ast.USub(), db) if db is not None and isinstance(op, ast.Sub) else db
            return _binary(a, op, b), minus if da is None else da
        if isinstance(op, ast.Mult) and db is None:
            return _binary(a, op, b), None if da is None else _binary(da, op, b)
        if isinstance(op, ast.Mult) and da is None and db is not None:
            return _binary(a, op, b), _binary(a, op, db)
        if isinstance(op, ast.Div) and db is None:
            return _binary(a, op, b), None if da is None else _binary(da, op, b)
        (x, dx), (y, dy) = self.held((a, da)), self.held((b, db))
        if isinstance(op, ast.Mult):
            self._bends(dx, dy)
            return _binary(x, op, y), _binary(_binary(dx, op, y), ast.Add(), _binary(x, op, dy))
        if isinstance(op, ast.Div):
            number = self.names.fresh()
            ratio = load(self.set(f"ratio_{number}", _binary(x, op, y)))
            rise = _binary(_binary(dx, ast.Sub(), _binary(ratio, ast.Mult(), dy)), op, y)
            slope = load(self.set(f"pace_{number}", rise))
            self._bends(slope, dy)
            return ratio, slope
        return self._unknown(lambda p, q: _binary(p, op, q), [(x, dx), (y, dy)])

    def _bends(self, *slopes: ast.expr) -> None:
        """Notes that the value is no straight line where all of these slopes are other than 0."""
        tests: list[ast.expr] = [ast.Compare(s, [ast.NotEq()], [ZERO]) for s in slopes]
        is_so = tests[0] if len(tests) == 1 else ast.BoolOp(ast.And(), tests)
        self.set("near", call_of("curved", is_so, load("near")))

    def _unknown(
        self, function: Callable[..., ast.expr], arguments: list[tuple[ast.expr, ast.expr]]
    ) -> Value:
        """A function of which nothing is known: its slope from two values close by; it counts as curved."""
        if all(slope is ZERO for _, slope in arguments):
            return function(*(amount for amount, _ in arguments)), None
        amount = load(self.set(f"amount_{self.names.fresh()}", function(*(a for a, _ in arguments))))
        further = [_binary(a, ast.Add(), _binary(ast.Constant(_APART), ast.Mult(), s)) for a, s in arguments]
        rise = _binary(function(*further), ast.Sub(), amount)
        slope = load(self.set(f"pace_{self.names.fresh()}", _binary(rise, ast.Div(), ast.Constant(_APART))))
        self._bends(slope)
        return amount, slope

    def _whole(self, amount: ast.expr, node: ast.expr) -> ast.expr:
        a, slope = self.held(self.value(amount))
        return self._ask("whole", "whole", a, slope, self._case(node))[0]

    def _compare(self, node: ast.Compare) -> ast.expr:
        operands = [node.left, *node.comparators]
        if len(node.ops) > 1:
            pairs: list[ast.expr] = [
                ast.Compare(a, [op], [b]) for a, op, b in zip(operands, node.ops, operands[1:], strict=False)
            ]
            return self._either(ast.And(), pairs)
        (a, da), (b, db) = self.value(operands[0]), self.value(operands[1])
        if da is None and db is None:
            return ast.Compare(a, node.ops, [b])
        op = node.ops[0]
        if isinstance(op, ast.Gt | ast.GtE):
            (a, da), (b, db) = (b, db), (a, da)
        slope = (
            _binary(da, ast.Sub(), db)
            if da is not None and db is not None
            else ast.UnaryOp(ast.USub(), db)
            if db is not None
            else da
        )
        assert slope is not None
        function = "below" if isinstance(op, ast.Lt | ast.Gt) else "at_most"
        function = "level" if isinstance(op, ast.Eq | ast.NotEq) else function
        (answer,) = self._ask("is", function, a, b, slope, self._case(node))
        return ast.UnaryOp(ast.Not(), answer) if isinstance(op, ast.NotEq) else answer

    def _either(self, op: ast.boolop, values: list[ast.expr]) -> ast.expr:
        """``and`` and ``or``, which look at a condition only where those before it leave the answer open."""
        if not any(self.asks(v) for v in values[1:]):
            return ast.BoolOp(op, [self.test(v) for v in values])
        name = f"is_{self.names.fresh()}"

        def rest(k: int) -> None:
            self.set(name, call_of("bool", self.test(values[k])))
            if k + 1 < len(values):
                so_far = load(name) if isinstance(op, ast.And) else ast.UnaryOp(ast.Not(), load(name))
                self.out.append(ast.If(so_far, self.block(lambda: rest(k + 1)), []))

        rest(0)
        return load(name)

    def _choice(self, test: ast.expr, body: ast.expr, orelse: ast.expr) -> Value:
        is_so = self.test(test)
        sloped = has_slope(body, self.sloped) or has_slope(orelse, self.sloped)
        if not self._needs_lines(body) and not self._needs_lines(orelse):
            (a, da), (b, db) = self.value(body), self.value(orelse)
            return ast.IfExp(is_so, a, b), ast.IfExp(is_so, da or ZERO, db or ZERO) if sloped else None
        number = self.names.fresh()
        amount, slope = f"amount_{number}", f"pace_{number}"

        def side(node: ast.expr) -> Callable[[], None]:
            def write() -> None:
                a, da = self.value(node)
                self.set(amount, a)
                if sloped:
                    self.set(slope, da or ZERO)

            return write

        self.out.append(ast.If(is_so, self.block(side(body)), self.block(side(orelse))))
        return load(amount), load(slope) if sloped else None

    # -- functions -------------------------------------------------------------------------------------------

    def _function(self, node: ast.Call) -> Value:
        match node.func, node.args:
            case ast.Name(id="min" | "max" as name), args:
                return self._extreme(name, args, node)
            case ast.Name(id="abs"), [x]:
                amount, pace = self.value(x)
                if pace is None:
                    return call_of("abs", amount), None
                a, slope = self.held((amount, pace))
                (lower,) = self._ask("is", "lower", a, slope, ZERO, ZERO, self._case(node))
                # The amount is the law's own: just above 0 is no less than 0, of which there may be a root.
                return call_of("abs", a), ast.IfExp(lower, ast.UnaryOp(ast.USub(), slope), slope)
            case ast.Name(id="float"), [x]:
                a, da = self.value(x)
                return call_of("float", a), da
            case ast.Name(id="bool"), [x]:
                return call_of("bool", self.test(x)), None
            case ast.Name(id="round"), [x]:
                return self._stepping("nearest_whole", x, node), None
            case ast.Name(id="round"), [x, digits] if has_slope(x, self.sloped):
                unit = _binary(ast.Constant(10.0), ast.Pow(), digits)
                steps = self._stepping("nearest_whole", _binary(x, ast.Mult(), unit), node)
                return _binary(steps, ast.Div(), unit), None
            case ((ast.Name(id="int") | ast.Attribute(attr="trunc")), [x]):
                return self._stepping("toward_zero", x, node), None
            case ast.Attribute(attr="floor" | "ceil" as name), [x]:
                return call_of("int", self._stepped(name, x, node)), None
            case ast.Attribute(attr="sqrt"), [x] if has_slope(x, self.sloped):
                return self._root(node.func, x)
            case ast.Attribute(attr="fabs" | "fmod" | "remainder" | "copysign" as name), args:
                return self.value(_spelled(name, node.func, args))
            case ast.Name(id=name), [vector, at, x] if name in _WALKED_SCHEDULES:
                return self._schedule(_WALKED_SCHEDULES[name], [vector, at], x, node)
        arguments = [self.held(self.value(a)) for a in node.args]
        return self._unknown(lambda *xs: ast.Call(node.func, list(xs), []), arguments)

    def _root(self, function: ast.expr, x: ast.expr) -> Value:
        """A square root has no value beyond 0, so that its slope is worked out and not tried."""
        a, slope = self.held(self.value(x))
        root, _ = self.held((ast.Call(function, [a], []), None))
        self._bends(slope)
        steepest = call_of("max", root, ast.Constant(1e-6))
        return root, _binary(_binary(ast.Constant(0.5), ast.Mult(), slope), ast.Div(), steepest)

    def _extreme(self, name: str, args: list[ast.expr], node: ast.expr) -> Value:
        values = [self.value(argument) for argument in args]
        if all(slope is None for _, slope in values):
            return call_of(name, *(amount for amount, _ in values)), None
        best, slope = self.held(values[0])
        for other in values[1:]:
            b, db = self.held(other)
            pair = (b, db, best, slope) if name == "max" else (best, slope, b, db)
            (takes_best,) = self._ask("is", "lower", *pair, self._case(node))
            number = self.names.fresh()
            amount, pace = call_of(name, best, b), ast.IfExp(takes_best, slope, db)
            best = load(self.set(f"amount_{number}", amount))
            slope = load(self.set(f"pace_{number}", pace))
        return best, slope

    def _stepping(self, function: str, x: ast.expr, node: ast.expr) -> ast.expr:
        amount, slope = self.value(x)
        if slope is None and isinstance(node, ast.Call) and len(node.args) == 1:
            return ast.Call(node.func, [amount], [])  # whole numbers and conditions among them
        held = self.held((amount, slope))
        return call_of("int", self._ask("whole", function, *held, self._case(node))[0])

    def _stepped(self, name: str, x: ast.expr, node: ast.expr) -> ast.expr:
        if name == "floor":
            return self._whole(x, node)
        return ast.UnaryOp(ast.USub(), self._whole(ast.UnaryOp(ast.USub(), x), node))

    def _schedule(self, function: str, where: list[ast.expr], x: ast.expr, node: ast.expr) -> Value:
        a, slope = self.held(self.value(x))
        prefixes = "amount" if function == "step_ahead" else "amount pace"
        amount, *pace = self._ask(prefixes, function, *where, a, slope, self._case(node))
        return amount, pace[0] if pace else None
