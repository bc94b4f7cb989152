"""What a rule without annotation gives, by its text and the kinds of what it reads: yes/no or a number.

A comparison, ``not`` and ``bool(...)`` are yes/no, and so is what ``and`` and ``or`` make of yes/no values;
arithmetic and the functions of ``math`` are numbers (whole numbers are for ``-> int`` to ask for); a local
name, a helper or ``a if c else b`` has the kind of its definition. What comes out both ways is refused.
"""

from __future__ import annotations

import ast
import inspect
import math
import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Literal

from microsim.errors import Offence, RuleError
from microsim.policy.parameters import Parameter
from microsim.policy.rule_text import parsed_function
from microsim.policy.rules import Dtype, Rule

ValueKind = Literal["bool", "float", "text", "unknown"]
KindOf = Callable[[str], ValueKind]
Kinds = frozenset[ValueKind]  # what an expression may be

YES_NO: Kinds = frozenset(["bool"])
NUMBER: Kinds = frozenset(["float"])
UNKNOWN: Kinds = frozenset(["unknown"])
_NUMBERS = ("min", "max", "abs", "round", "int", "float")
_YES_NO_OF_MATH = (math.isnan, math.isinf, math.isfinite, math.isclose)
_ANNOTATED = {bool: YES_NO, "bool": YES_NO, int: NUMBER, "int": NUMBER, float: NUMBER, "float": NUMBER}


def kind_of_value(value: object) -> ValueKind:
    """The kind of one plain value."""
    word: dict[str, ValueKind] = {"bool": "bool", "float": "float", "int": "float"}
    return word.get(type(value).__name__, "unknown")


def kind_of_dtype(dtype: Dtype) -> ValueKind:
    """The kind of what a rule of this type gives."""
    return "bool" if dtype == "bool" else "unknown" if dtype == "category" else "float"


def settled(rules: Mapping[str, Rule], parameters: Mapping[str, Parameter]) -> Mapping[str, Rule]:
    """The rules with the kind of each that can be known without the columns of a population."""
    if all(rule.kind_stated for rule in rules.values()):
        return rules
    known = {p.argument: "bool" if p.kind == "boolean" else "float" for p in parameters.values()}
    out: dict[str, Rule] = {}
    underway: set[str] = set()

    def kind(name: str) -> ValueKind:
        if name in rules:
            made = visit(name)
            return kind_of_dtype(made.dtype) if made.kind_stated else "unknown"
        return known.get(name, "unknown")  # type: ignore[return-value]

    def visit(name: str) -> Rule:
        if name not in out:
            if name in underway:
                return rules[name]  # a circle, which is refused when it is asked for
            underway.add(name)
            try:
                out[name] = with_kind(rules[name], kind)
            except RuleError:  # refused when it is asked for
                out[name] = rules[name]
        return out[name]

    return {name: visit(name) for name in rules}


def with_kind(rule: Rule, kind_of: KindOf) -> Rule:
    """The rule with the type of what it gives; itself if that cannot be inferred.

    ``kind_of`` is asked for the kinds of its arguments. Raises ``RuleError`` where the text gives yes/no in
    one place and a number in another, or words without categories.
    """
    if rule.kind_stated:
        return rule
    try:
        results = _results(rule, kind_of)
    except RuleError:  # no text to read: whoever compiles it says so
        return rule
    if offence := _offence(rule, results):
        raise RuleError(offence)
    found = frozenset().union(*(kinds for _, kinds in results))
    return _stated(rule, "bool") if found == YES_NO else _stated(rule, "float") if found == NUMBER else rule


@lru_cache(maxsize=4096)
def _stated(rule: Rule, dtype: Dtype) -> Rule:
    """The same object each time: policies that share their rules share their kernels."""
    unit = rule.unit or ("yes/no" if dtype == "bool" else "")
    return replace(rule, dtype=dtype, unit=unit, kind_stated=True)


def _results(rule: Rule, kind_of: KindOf) -> list[tuple[ast.Return, Kinds]]:
    assert rule.function is not None
    assert isinstance(rule.function, types.FunctionType)
    inputs = {name: frozenset([kind_of(name)]) for name in rule.arguments}
    return sorted(_Text(rule.function, inputs, rule.place).results(), key=lambda result: result[0].lineno)


def _offence(rule: Rule, results: list[tuple[ast.Return, Kinds]]) -> Offence | None:
    assert rule.function is not None
    first_line = parsed_function(rule.function, rule.place)[1]

    def line(node: ast.AST) -> int:
        return getattr(node, "lineno", 1) + first_line - 1

    def refused(node: ast.Return, message: str, hint: str) -> Offence:
        column = getattr(node.value, "col_offset", 0) + 1
        return Offence(message, f"rule {rule.name} ({rule.source_file}:{line(node)}:{column})", hint)

    words = dict.fromkeys(
        part.value
        for node, kinds in results
        if "text" in kinds
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    )
    if words:
        first = next(node for node, kinds in results if "text" in kinds)
        hint = f"name them: @{rule.entity}(categories={tuple(words)!r})"
        return refused(first, "returns text but names no categories", hint)
    hint = "say which it is: -> bool: or -> float: after its arguments"
    for node, kinds in results:
        if kinds >= YES_NO | NUMBER:
            assert node.value is not None
            message = f"'{ast.unparse(node.value)}' may be yes/no or a number"
            return refused(node, message, hint)
    first_of = {kind: node for node, kinds in reversed(results) for kind in kinds}
    if "bool" in first_of and "float" in first_of:
        at = f"yes/no (line {line(first_of['bool'])}) and a number (line {line(first_of['float'])})"
        later = max(first_of["bool"], first_of["float"], key=line)
        return refused(later, f"returns both {at}", hint)
    return None


class _Text:
    """The text of a rule or helper; ``inputs`` are the kinds of its arguments."""

    def __init__(
        self,
        function: types.FunctionType,
        inputs: Mapping[str, Kinds],
        place: str,
        underway: tuple[types.FunctionType, ...] = (),
    ) -> None:
        self.definition = parsed_function(function, place)[0]
        self.inputs, self.place, self.underway = inputs, place, (*underway, function)
        self.around = {**function.__globals__, **inspect.getclosurevars(function).nonlocals}
        self.local: dict[str, Kinds] = {
            name: frozenset() for name in function.__code__.co_varnames if name not in inputs
        }
        while self._assigned():  # a local name has the kinds of all that it is set to
            pass

    def results(self) -> Iterator[tuple[ast.Return, Kinds]]:
        """Each return with what it may give."""
        for node in ast.walk(self.definition):
            if isinstance(node, ast.Return) and node.value is not None:
                yield node, self.kinds(node.value)

    def _assigned(self) -> bool:
        before = dict(self.local)
        for node in ast.walk(self.definition):
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    self.local[name] = self.local.get(name, frozenset()) | self.kinds(value)
                case ast.AnnAssign(target=ast.Name(id=name), value=value) if value is not None:
                    self.local[name] = self.local.get(name, frozenset()) | self.kinds(value)
                case ast.AugAssign(target=ast.Name(id=name)) | ast.For(target=ast.Name(id=name)):
                    self.local[name] = self.local.get(name, frozenset()) | NUMBER
        return before != self.local

    def kinds(self, node: ast.expr) -> Kinds:
        """What an expression may be."""
        match node:
            case ast.Constant(value=bool()) | ast.Compare() | ast.UnaryOp(op=ast.Not()):
                return YES_NO
            case ast.Constant(value=str()):
                return frozenset(["text"])
            case ast.Constant(value=int() | float()) | ast.BinOp() | ast.UnaryOp():
                return NUMBER
            case ast.Name(id=name):
                return self._name(name)
            case ast.IfExp(body=body, orelse=orelse):
                return self.kinds(body) | self.kinds(orelse)
            case ast.BoolOp(values=values):
                # Of numbers, `a or b` is a number to Python and yes/no to most readers.
                found = frozenset().union(*map(self.kinds, values))
                return found | YES_NO if "float" in found else found
            case ast.Call():
                return self._call(node)
            case ast.Attribute(value=ast.Name(id=name)) if self.around.get(name) is math:
                return NUMBER
        return UNKNOWN

    def _name(self, name: str) -> Kinds:
        if name in self.inputs:
            return self.inputs[name]
        if name in self.local:
            return self.local[name]
        return frozenset([kind_of_value(self.around.get(name))])

    def _call(self, node: ast.Call) -> Kinds:
        match node.func:
            case ast.Name(id=name) if name in self.inputs:
                return NUMBER  # a schedule
            case ast.Name(id="bool") if "bool" not in self.around:
                return YES_NO
            case ast.Name(id=name) if name in _NUMBERS and name not in self.around:
                return NUMBER
            case ast.Attribute(value=ast.Name(id=name), attr=word) if self.around.get(name) is math:
                return YES_NO if getattr(math, word, None) in _YES_NO_OF_MATH else NUMBER
            case ast.Name(id=name) | ast.Attribute(value=ast.Name(id=name)):
                function = self.around.get(name)
                if isinstance(node.func, ast.Attribute):
                    function = getattr(function, node.func.attr, None)
                function = getattr(function, "py_func", function)
                if isinstance(function, types.FunctionType) and function not in self.underway:
                    return self._helper(function, [self.kinds(value) for value in node.args])
        return UNKNOWN

    def _helper(self, function: types.FunctionType, given: list[Kinds]) -> Kinds:
        stated = _ANNOTATED.get(function.__annotations__.get("return"))
        if stated is not None:
            return stated
        inputs = dict(zip(inspect.signature(function).parameters, given, strict=False))
        text = _Text(function, inputs, f"helper {function.__name__}", self.underway)
        return frozenset().union(*(kinds for _, kinds in text.results()))
