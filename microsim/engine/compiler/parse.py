"""Reading a rule's source: which Python a rule may use, and its text as a tree of guarded results.

A rule body becomes a :class:`Leaf` (a result), a :class:`Branch` (``if`` with an early return) or a
:class:`Let` (local variables before one of those). Category names become codes, constants become literals,
helper functions are collected, so that the text can stand alone in a generated module.
"""

from __future__ import annotations

import ast
import inspect
import math
import types
from collections.abc import Mapping
from dataclasses import dataclass
from unicodedata import is_normalized

from microsim.engine.compiler.definite_assignment import unset_reads
from microsim.engine.compiler.source import Helpers, is_docstring, written_out
from microsim.engine.compiler.trees import BUILTINS, Branch, Leaf, Let, Tree, literal
from microsim.engine.policy import money
from microsim.engine.policy.rule_text import parsed_function
from microsim.engine.policy.rules import Rule
from microsim.errors import Offence, RuleError, did_you_mean

_WORDS = {
    ast.Subscript: "indexing with [...]", ast.ListComp: "a list comprehension",
    ast.GeneratorExp: "a generator", ast.JoinedStr: "an f-string", ast.Lambda: "a lambda",
    ast.List: "a list", ast.Dict: "a dictionary", ast.Set: "a set",
    ast.While: "a while loop", ast.Try: "try", ast.With: "with", ast.Raise: "raise", ast.Assert: "assert",
    ast.FunctionDef: "a function inside it", ast.Import: "an import",
    ast.ImportFrom: "an import", ast.Global: "global",
    ast.NamedExpr: "':='", ast.Starred: "'*'", ast.Expr: "a statement without effect", ast.Match: "match",
    ast.DictComp: "a comprehension", ast.SetComp: "a comprehension", ast.Yield: "yield", ast.Await: "await",
    ast.ClassDef: "a class", ast.Delete: "del",
}  # fmt: skip


@dataclass(frozen=True)
class Lowered:
    """A rule as it stands in the generated module: its tree, and the texts of the functions it calls."""

    tree: Tree
    helpers: Mapping[str, str]
    constants: Mapping[str, int]  # category names as the text has them, and their codes


@dataclass(frozen=True)
class Argument:
    """What lowering has to know of a rule's argument."""

    categories: tuple[str, ...] = ()
    schedule: bool = False


def lower(rule: Rule, arguments: Mapping[str, Argument]) -> Lowered:
    """The rule's text as a tree. Raises ``MicrosimError`` with the line of everything not allowed."""
    assert rule.function is not None
    definition, first_line = parsed_function(rule.function, rule.place)
    reader = _Reader(rule, arguments, first_line)
    for name in unset_reads(definition.body, frozenset(reader.locals)):
        reader.bad(name, f"may read '{name.id}' before it is set", "set it on every path")
    body = [reader.statement(s) for s in definition.body if not is_docstring(s)]
    tree = None if reader.offences else reader.tree(body)
    if reader.offences or tree is None:
        raise RuleError(reader.offences, title=f"rule {rule.name} cannot be compiled")
    return Lowered(tree, reader.helpers.texts, reader.constants)


class _Reader:
    """Checks and rewrites one rule's statements and expressions."""

    def __init__(self, rule: Rule, arguments: Mapping[str, Argument], first_line: int) -> None:
        assert rule.function is not None
        self.rule, self.arguments, self.first_line = rule, arguments, first_line
        self.globals = rule.function.__globals__
        code = rule.function.__code__
        self.closure = inspect.getclosurevars(rule.function).nonlocals if code.co_freevars else {}
        self.locals = {name for name in code.co_varnames if name not in rule.arguments}
        self.offences: list[Offence] = []
        self.helpers = Helpers(rule.name, self.bad)
        self.constants: dict[str, int] = {}

    def bad(self, node: ast.AST, message: str, hint: str = "") -> None:
        line = getattr(node, "lineno", 1) + self.first_line - 1
        self.offences.append(
            Offence(message, f"rule {self.rule.name} ({self.rule.source_file}:{line})", hint)
        )

    # -- statements ------------------------------------------------------------------------------------------

    def tree(self, body: list[ast.stmt], before: ast.stmt | None = None) -> Tree | None:
        """What ``body``, which follows ``before``, comes to; None where it can end without a result."""
        prefix: list[ast.stmt] = []
        for k, statement in enumerate(body):
            if isinstance(statement, ast.Return):
                assert statement.value is not None
                return self._let(prefix, Leaf(statement.value))
            if isinstance(statement, ast.If) and _returns(statement):
                rest = body[k + 1 :]
                then = self.tree([*statement.body, *rest], statement)
                orelse = self.tree([*statement.orelse, *rest], statement)
                if then is None or orelse is None:
                    return None
                return self._let(prefix, Branch(statement.test, then, orelse))
            prefix.append(statement)
        if not self.offences:
            last = body[-1] if body else before or ast.Pass(lineno=1)
            self.bad(last, "can end without returning a value", "end with a return")
        return None

    @staticmethod
    def _let(prefix: list[ast.stmt], body: Tree) -> Tree:
        return Let(tuple(prefix), body) if prefix else body

    def statement(self, node: ast.stmt) -> ast.stmt:
        return ast.copy_location(self._statement(node), node)

    def _statement(self, node: ast.stmt) -> ast.stmt:
        match node:
            case ast.Return(value=None):
                self.bad(node, "returns nothing", "return a value on every path")
                return node
            case ast.Return(value=value) if value is not None:
                return ast.Return(self.result(value))
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                return ast.Assign([self._target(name, node)], self.expression(value))
            case ast.AnnAssign(target=ast.Name(id=name), value=value) if value is not None:
                return ast.Assign([self._target(name, node)], self.expression(value))
            case ast.AugAssign(target=ast.Name(id=name), op=op, value=value):
                old = ast.Name(self._target(name, node).id, ast.Load())
                return ast.Assign([self._target(name, node)], ast.BinOp(old, op, self.expression(value)))
            case ast.If(test=test, body=body, orelse=orelse):
                return ast.If(
                    self.expression(test),
                    [self.statement(s) for s in body],
                    [self.statement(s) for s in orelse],
                )
            case ast.For(
                target=ast.Name(id=name),
                iter=ast.Call(func=ast.Name(id="range"), args=args, keywords=[]),
                body=body,
            ):
                if node.orelse:
                    self.bad(node, "uses for ... else", "leave the else out")
                if any(isinstance(s, ast.Return) for s in ast.walk(node)):
                    self.bad(
                        node, "returns from inside a loop", "set a variable in the loop and return after it"
                    )
                bounds = [self.expression(a) for a in args]
                call = ast.Call(ast.Name("range", ast.Load()), bounds, [])
                return ast.For(self._target(name, node), call, [self.statement(s) for s in body], [])
            case ast.Break() | ast.Continue() | ast.Pass():
                return node
        word = next((w for kind, w in _WORDS.items() if isinstance(node, kind)), type(node).__name__.lower())
        self.bad(
            node,
            f"uses {word}, which a rule may not",
            "rules may use =, if, for ... in range(...), and return",
        )
        return node

    def _target(self, name: str, node: ast.stmt) -> ast.Name:
        if name in self.rule.arguments:
            self.bad(node, f"assigns to its input '{name}'", "use a new name")
        return ast.Name(self.local(name), ast.Store())

    def local(self, name: str) -> str:
        return f"{self.rule.name}__{name}"

    # -- expressions -----------------------------------------------------------------------------------------

    def result(self, node: ast.expr) -> ast.expr:
        """A returned expression: category names of a categorical rule become codes."""
        if not self.rule.categories:
            return self.expression(node)
        match node:
            case ast.Constant(value=str(word)):
                return self._code(word, self.rule.categories, self.rule.name, node)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return ast.IfExp(self.expression(test), self.result(body), self.result(orelse))
            case ast.Name(id=name) if self.arguments.get(name, Argument()).categories == self.rule.categories:
                return node
        allowed = ", ".join(self.rule.categories)
        self.bad(node, f"must return one of its categories ({allowed}) by name")
        return node

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
                return ast.BinOp(self.expression(left), op, self.expression(right))
            case ast.UnaryOp(op=op, operand=operand):
                return ast.UnaryOp(op, self.expression(operand))
            case ast.BoolOp(op=op, values=values):
                return ast.BoolOp(op, [self.expression(v) for v in values])
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return ast.IfExp(self.expression(test), self.expression(body), self.expression(orelse))
        word = next((w for kind, w in _WORDS.items() if isinstance(node, kind)), type(node).__name__)
        self.bad(
            node,
            f"uses {word}, which a rule may not",
            "a rule computes with numbers, comparisons and min/max/math functions",
        )
        return node

    def _name(self, name: str, node: ast.expr) -> ast.expr:
        if name in self.rule.arguments:
            argument = self.arguments.get(name, Argument())
            if argument.categories:
                example = f"{name} == '{argument.categories[0]}'"
                self.bad(node, f"takes '{name}', which is a category, for a number", f"compare it: {example}")
            if argument.schedule:
                self.bad(node, f"takes the schedule '{name}' for a number", f"write {name}(amount)")
            return ast.Name(name, ast.Load())
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
                            node, f"compares '{ast.unparse(name)}' with text, but it is not a categorical"
                        )
                        return node
                    if not isinstance(node.ops[0], ast.Eq | ast.NotEq):
                        self.bad(node, "categories can only be compared with == and !=")
                    code = self._code(word.value, categories, ast.unparse(name), node)
                    return ast.Compare(ast.Name(ast.unparse(name), ast.Load()), node.ops, [code])
            if self._categorical(left) != self._categorical(right):
                self.bad(
                    node,
                    f"compares '{ast.unparse(left)}' and '{ast.unparse(right)}', which have other categories",
                )
                return node
            if self._categorical(left):
                if not isinstance(node.ops[0], ast.Eq | ast.NotEq):
                    self.bad(node, "categories can only be compared with == and !=")
                return node
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
        args = [self.expression(a) for a in node.args]
        match node.func:
            case ast.Name(id=name) if name in self.arguments and self.arguments[name].schedule:
                if len(args) != 1:
                    self.bad(
                        node, f"gives the schedule '{name}' {len(args)} amounts", f"write {name}(amount)"
                    )
                return ast.Call(ast.Name(name, ast.Load()), args, [])
            case ast.Name(id=name) if name in BUILTINS and name not in self.globals:
                if name in ("min", "max") and len(args) < 2:
                    self.bad(node, f"{name}() needs two or more values")
                return ast.Call(ast.Name(name, ast.Load()), args, [])
            case ast.Attribute() if not isinstance(self._of_module(node.func), types.FunctionType):
                return ast.Call(self._math(node.func), args, [])
            case ast.Name(id=name) | ast.Attribute(attr=name):
                function = self.closure.get(name, self.globals.get(name))
                if isinstance(node.func, ast.Attribute):
                    function = self._of_module(node.func)
                function = getattr(function, "py_func", function)
                if function in money.HELPERS:
                    return self._of_money(function, args, node)
                if isinstance(function, types.FunctionType):
                    return ast.Call(ast.Name(self.helpers.read(function, node), ast.Load()), args, [])
                if name in self.rule.arguments or name in self.locals:
                    self.bad(node, f"calls '{name}', which is a value and no function")
                    return node
                if isinstance(function, Rule):
                    self.bad(node, f"calls the rule '{name}'", f"take '{name}' as an argument instead")
                    return node
        hint = (
            did_you_mean(ast.unparse(node.func), [*BUILTINS, *self.arguments])
            or f"allowed: {', '.join(BUILTINS)}, math.*, plain functions"
        )
        self.bad(node, f"calls '{ast.unparse(node.func)}', which is not known here", hint)
        return node

    def _of_module(self, node: ast.Attribute) -> object:
        """What ``ms.below`` names, where ``ms`` is a module."""
        module = self.globals.get(node.value.id) if isinstance(node.value, ast.Name) else None
        return getattr(module, node.attr, None) if isinstance(module, types.ModuleType) else None

    def _of_money(self, function: types.FunctionType, args: list[ast.expr], node: ast.Call) -> ast.expr:
        if len(args) != 2:
            inputs = ", ".join(inspect.signature(function).parameters)
            self.bad(node, f"gives {function.__name__} {len(args)} amounts", f"{function.__name__}({inputs})")
            return node
        return written_out(function, args)


def _constant_name(of: str, word: str, code: int) -> str:
    """``AREA__RURAL``: in capitals, so that it is no rule's, and with the code where letters are lost."""
    kept = "".join(c if f"_{c}".isidentifier() and is_normalized("NFKC", c) else "_" for c in word)
    name = f"{of}__{kept}"
    lossless = kept == word == word.lower() and of == of.lower()
    name = name.upper() if lossless else f"{name.upper()}__{code}"
    return name if name != name.lower() else f"CODE__{name}"


def _returns(node: ast.stmt) -> bool:
    return any(isinstance(child, ast.Return) for child in ast.walk(node))
