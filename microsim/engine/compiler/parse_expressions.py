"""Expressions of rules: what a rule may compute with, read into the forms that the generated text has.

Category names become codes, constants literals. A plain function that a rule calls is a helper: it may say
what a rule may say, and its text is written out in the place of the call.
"""

from __future__ import annotations

import ast
import builtins
import inspect
import itertools
import math
import types
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from unicodedata import is_normalized

from microsim.engine.compiler.habits import habit
from microsim.engine.compiler.trees import BUILTINS, literal
from microsim.errors import Offence, did_you_mean
from microsim.policy.rules import Rule

WORDS = {
    ast.Lambda: "a lambda", ast.List: "a list", ast.Dict: "a dictionary", ast.Set: "a set", ast.Try: "try",
    ast.With: "with", ast.Raise: "raise", ast.Assert: "assert",
    ast.FunctionDef: "a function inside it", ast.Import: "an import",
    ast.ImportFrom: "an import", ast.Global: "global",
    ast.NamedExpr: "':='", ast.Starred: "'*'", ast.Expr: "a statement without effect", ast.Match: "match",
    ast.Yield: "yield", ast.Await: "await",
    ast.ClassDef: "a class", ast.Delete: "del",
}  # fmt: skip


@dataclass(frozen=True)
class Argument:
    """What reading has to know of a rule's argument."""

    categories: tuple[str, ...] = ()
    schedule: bool = False


class ExpressionReader(ABC):
    """Checks and rewrites the expressions of one rule or helper.

    ``place`` says whose they are, ``arguments`` what its inputs are, ``given`` what replaces each in
    the text. ``before`` collects the statements that a helper's result needs before the statement that calls
    it; what a condition guards stays behind that condition.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        place: str,
        prefix: str,
        first_line: int,
        arguments: Mapping[str, Argument],
        given: Mapping[str, ast.expr],
    ) -> None:
        code = function.__code__
        self.place, self.prefix, self.first_line, self.file = place, prefix, first_line, code.co_filename
        self.arguments, self.given = arguments, given
        self.globals = function.__globals__
        self.closure = inspect.getclosurevars(function).nonlocals if code.co_freevars else {}
        self.locals = {name for name in code.co_varnames if name not in given}
        self.offences: list[Offence] = []
        self.constants: dict[str, int] = {}
        self.before: list[ast.stmt] = []
        self.numbers = itertools.count(1)

    def bad(self, node: ast.AST, message: str, hint: str = "") -> None:
        line = getattr(node, "lineno", 1) + self.first_line - 1
        at = f"{self.file}:{line}:{getattr(node, 'col_offset', 0) + 1}"
        self.offences.append(Offence(message, f"{self.place} ({at})", hint))

    def named(self, name: str) -> object:
        """What a name refers to that is neither an input nor a local variable."""
        if name in self.given or name in self.locals:
            return None
        return self.closure.get(name, self.globals.get(name, getattr(builtins, name, None)))

    def local(self, name: str) -> str:
        return f"{self.prefix}__{name}"

    @abstractmethod
    def inlined(self, function: types.FunctionType, node: ast.Call) -> ast.expr:
        """The result of a helper that is called: reading its body takes the reader of statements."""

    def _code(self, word: str, categories: tuple[str, ...], of: str, node: ast.expr) -> ast.expr:
        if word not in categories:
            hint = did_you_mean(word, categories) or f"categories: {', '.join(categories)}"
            self.bad(node, f"'{word}' is not a category of {of}", hint)
            return node
        code = categories.index(word)
        name = _constant_name(of, word, code)
        self.constants[name] = code
        return ast.Name(name, ast.Load())

    def expression(self, node: ast.expr) -> ast.expr:
        if found := habit(node, self.named):
            self.bad(node, *found)
            return node
        match node:
            case ast.Constant(value=value):
                if isinstance(value, str):
                    self.bad(
                        node,
                        f"text '{value}' outside a comparison",
                        "compare a categorical with it: area == 'rural'",
                    )
                elif not isinstance(value, bool | int | float):
                    self.bad(node, f"uses {value!r}, which is not a number")
                return node
            case ast.Name(id=name):
                return self._name(name, node)
            case ast.Attribute():
                return self._math(node)
            case ast.Compare():
                return self._compare(node)
            case ast.Call():
                return self._call(node)
            case ast.BinOp(left=left, op=op, right=right) if not isinstance(op, ast.MatMult):
                return _sum(self.expression(left), op, self.expression(right))
            case ast.UnaryOp(op=op, operand=operand):
                return ast.UnaryOp(op, self.expression(operand))
            case ast.BoolOp(op=op, values=values):
                return self._either(op, values)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return self._choice(self.expression(test), body, orelse)
        word = next((w for kind, w in WORDS.items() if isinstance(node, kind)), type(node).__name__)
        self.bad(
            node,
            f"uses {word}, which a rule may not",
            "a rule computes with numbers, comparisons and min/max/math functions",
        )
        return node

    def _apart(self, node: ast.expr) -> tuple[list[ast.stmt], ast.expr]:
        """An expression, and the statements that it needs before it."""
        self.before, outer = [], self.before
        value = self.expression(node)
        made, self.before = self.before, outer
        return made, value

    def _choice(self, test: ast.expr, body: ast.expr, orelse: ast.expr) -> ast.expr:
        (first, a), (second, b) = self._apart(body), self._apart(orelse)
        if not first and not second:
            return ast.IfExp(test, a, b)
        name = self.local(f"choice_{next(self.numbers)}")
        self.before.append(ast.If(test, [*first, setting(name, a)], [*second, setting(name, b)]))
        return ast.Name(name, ast.Load())

    def _either(self, op: ast.boolop, values: list[ast.expr]) -> ast.expr:
        parts = [self._apart(value) for value in values]
        if not any(made for made, _ in parts[1:]):
            self.before += parts[0][0]
            return ast.BoolOp(op, [value for _, value in parts])
        name = self.local(f"choice_{next(self.numbers)}")
        so_far: ast.expr = ast.Name(name, ast.Load())
        block = self.before
        for k, (made, value) in enumerate(parts):
            if k:
                test = so_far if isinstance(op, ast.And) else ast.UnaryOp(ast.Not(), so_far)
                guarded: list[ast.stmt] = []
                block.append(ast.If(test, guarded, []))
                block = guarded
            block += [*made, setting(name, value)]
        return so_far

    def _name(self, name: str, node: ast.expr) -> ast.expr:
        if name in self.given:
            argument = self.arguments.get(name, Argument())
            if argument.categories:
                example = f"{name} == '{argument.categories[0]}'"
                self.bad(node, f"takes '{name}', which is a category, for a number", f"compare it: {example}")
            if argument.schedule:
                self.bad(node, f"takes the schedule '{name}' for a number", f"write {name}(amount)")
            return self.given[name]
        if name in self.locals:
            return ast.Name(self.local(name), ast.Load())
        value = self.closure.get(name, self.globals.get(name))
        if isinstance(value, bool | int | float):
            return literal(value)
        self.bad(node, f"reads '{name}', which is no input, local name or number", "make it an argument")
        return node

    def _math(self, node: ast.Attribute) -> ast.expr:
        if (
            isinstance(node.value, ast.Name)
            and self.globals.get(node.value.id) is math
            and hasattr(math, node.attr)
        ):
            value = getattr(math, node.attr)
            return (
                literal(value)
                if isinstance(value, float)
                else ast.Attribute(ast.Name("math", ast.Load()), node.attr, ast.Load())
            )
        self.bad(
            node, f"uses '{ast.unparse(node)}'", "only functions of the math module may be used with a dot"
        )
        return node

    def _categorical(self, node: ast.expr) -> tuple[str, ...]:
        return (
            self.arguments[node.id].categories
            if isinstance(node, ast.Name) and node.id in self.arguments
            else ()
        )

    def _compare(self, node: ast.Compare) -> ast.expr:
        operands = [node.left, *node.comparators]
        if len(operands) == 2:
            left, right = operands
            if isinstance(node.ops[0], ast.In | ast.NotIn):
                return self._within(node, left, right)
            for name, word in ((left, right), (right, left)):
                categories = self._categorical(name)
                if isinstance(word, ast.Constant) and isinstance(word.value, str):
                    if not categories:
                        self.bad(
                            node,
                            f"compares '{ast.unparse(name)}' with text, but it is not a categorical",
                            "compare it with a number, or give its values names in the data",
                        )
                        return node
                    if not isinstance(node.ops[0], ast.Eq | ast.NotEq):
                        self.bad(node, "categories can only be compared with == and !=")
                    assert isinstance(name, ast.Name)
                    known = self.given[name.id]
                    code = self._code(word.value, categories, ast.unparse(known), node)
                    return ast.Compare(known, node.ops, [code])
            if self._categorical(left) != self._categorical(right):
                self.bad(
                    node,
                    f"compares '{ast.unparse(left)}' and '{ast.unparse(right)}', which have other categories",
                    f"compare with a name: {', '.join(self._categorical(left) or self._categorical(right))}",
                )
                return node
            if self._categorical(left):
                if not isinstance(node.ops[0], ast.Eq | ast.NotEq):
                    self.bad(node, "categories can only be compared with == and !=")
                assert isinstance(left, ast.Name)
                assert isinstance(right, ast.Name)
                return ast.Compare(self.given[left.id], node.ops, [self.given[right.id]])
        if any(isinstance(op, ast.In | ast.NotIn | ast.Is | ast.IsNot) for op in node.ops):
            self.bad(node, "uses 'is' or a chain with 'in'", "use == or a single in")
            return node
        return ast.Compare(
            self.expression(node.left), node.ops, [self.expression(c) for c in node.comparators]
        )

    def _within(self, node: ast.Compare, left: ast.expr, right: ast.expr) -> ast.expr:
        if not isinstance(right, ast.Tuple) or not right.elts:
            self.bad(node, "'in' needs a tuple of values", "write: stage in ('primary', 'junior')")
            return node
        tests = [
            self._compare(ast.copy_location(ast.Compare(left, [ast.Eq()], [item]), node))
            for item in right.elts
        ]
        either = tests[0] if len(tests) == 1 else ast.BoolOp(ast.Or(), tests)
        return ast.UnaryOp(ast.Not(), either) if isinstance(node.ops[0], ast.NotIn) else either

    def _call(self, node: ast.Call) -> ast.expr:
        if node.keywords or any(isinstance(a, ast.Starred) for a in node.args):
            self.bad(
                node,
                f"calls {ast.unparse(node.func)} with named or starred inputs",
                "give the inputs in order",
            )
            return node
        function = self._helper(node.func)
        if function is not None:
            return self.inlined(function, node)
        args = [self.expression(a) for a in node.args]
        match node.func:
            case ast.Name(id=name) if name in self.arguments and self.arguments[name].schedule:
                if len(args) != 1:
                    self.bad(
                        node, f"gives the schedule '{name}' {len(args)} amounts", f"write {name}(amount)"
                    )
                return ast.Call(self.given[name], args, [])
            case ast.Name(id=name) if name in BUILTINS and name not in self.globals:
                if name in ("min", "max") and len(args) < 2:
                    self.bad(node, f"{name}() needs two or more values")
                return ast.Call(ast.Name(name, ast.Load()), args, [])
            case ast.Attribute():
                return ast.Call(self._math(node.func), args, [])
            case ast.Name(id=name):
                if name in self.given or name in self.locals:
                    self.bad(node, f"calls '{name}', which is a value and no function")
                    return node
                if isinstance(self.closure.get(name, self.globals.get(name)), Rule):
                    self.bad(node, f"calls the rule '{name}'", f"take '{name}' as an argument instead")
                    return node
        hint = (
            did_you_mean(ast.unparse(node.func), [*BUILTINS, *self.arguments])
            or f"allowed: {', '.join(BUILTINS)}, math.*, plain functions"
        )
        self.bad(node, f"calls '{ast.unparse(node.func)}', which is not known here", hint)
        return node

    def _helper(self, called: ast.expr) -> types.FunctionType | None:
        """The plain function that a call is of."""
        function: object = None
        if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
            module = self.globals.get(called.value.id)  # ms.below
            function = getattr(module, called.attr, None) if isinstance(module, types.ModuleType) else None
        elif isinstance(called, ast.Name) and called.id not in {*self.given, *self.locals}:
            function = self.closure.get(called.id, self.globals.get(called.id))
        function = getattr(function, "py_func", function)  # one that numba compiles elsewhere
        return function if isinstance(function, types.FunctionType) else None


def setting(name: str, value: ast.expr) -> ast.stmt:
    """``name = value``."""
    return ast.Assign([ast.Name(name, ast.Store())], value)


def _sum(left: ast.expr, op: ast.operator, right: ast.expr) -> ast.expr:
    """``left op right``; nothing plus or minus a number is that number, as in ``above(x, 0)``."""
    match left, op, right:
        case ast.Constant(value=float() | int() as nothing), ast.Add(), ast.Constant(value=float()) if (
            nothing == 0
        ):
            return right
        case ast.Constant(value=float() | int() as nothing), ast.Sub(), ast.Constant(value=float()) if (
            nothing == 0
        ):
            return ast.UnaryOp(ast.USub(), right)
    return ast.BinOp(left, op, right)


def _constant_name(of: str, word: str, code: int) -> str:
    """``AREA__RURAL``: in capitals, so that it is no rule's, and with the code where letters are lost."""
    kept = "".join(c if f"_{c}".isidentifier() and is_normalized("NFKC", c) else "_" for c in word)
    name = f"{of}__{kept}"
    lossless = kept == word == word.lower() and of == of.lower()
    name = name.upper() if lossless else f"{name.upper()}__{code}"
    return name if name != name.lower() else f"CODE__{name}"
