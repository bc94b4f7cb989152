"""Habits of NumPy, pandas and everyday Python that no rule can follow, and what to write in their place."""

from __future__ import annotations

import ast
import builtins
import math
import types
from collections.abc import Callable

Named = Callable[[str], object]  # what a name refers to that is neither an input nor a local variable

_LIBRARIES = ("numpy", "pandas", "scipy")
_AGGREGATES = {
    "sum": "total", "max": "largest", "amax": "largest", "min": "smallest", "amin": "smallest",
    "any": "any_member", "all": "every_member", "count": "count", "nansum": "total",
}  # fmt: skip
_MEANS = ("mean", "average", "nanmean")
_PLAIN = {"abs": "abs", "absolute": "abs", "fabs": "abs", "round": "round", "around": "round"}
_PAIRS = {
    "minimum": "min({}, {})", "fmin": "min({}, {})", "maximum": "max({}, {})", "fmax": "max({}, {})",
    "logical_and": "{} and {}", "logical_or": "{} or {}", "power": "{} ** {}", "isin": "{} in {}",
}  # fmt: skip
_BITS = {ast.BitAnd: ("&", "and"), ast.BitOr: ("|", "or"), ast.BitXor: ("^", "!=")}
_ITSELF = {
    "values", "item", "loc", "iloc", "iat", "at", "to_numpy", "tolist", "copy", "squeeze", "array", "asarray",
    "Series", "float64", "atleast_1d",
}  # fmt: skip
_GAPS = ("fillna", "isna", "isnull", "notna", "notnull", "dropna", "nan_to_num")
_ONE = "a rule takes one person or household at a time"
_METHODS = {
    *_AGGREGATES,
    *_MEANS,
    *_PLAIN,
    *_ITSELF,
    *_GAPS,
    "astype",
    "clip",
    "where",
    "isin",
    "apply",
    "map",
}


def habit(node: ast.AST, named: Named) -> tuple[str, str] | None:
    """What is wrong with an expression or statement, and what to write; None where it is no such habit."""
    match node:
        case ast.Expr(value=ast.Call(func=ast.Name(id="print"))):
            return "prints", "leave it out: microsim explain shows every value on the way"
        case ast.Call(func=ast.Attribute(value=value, attr=name), args=args):
            text = ast.unparse(node.func)
            if _of_library(value, named):
                return f"uses {text}, which is for whole columns", _in_place_of(name, args)
            if name in _METHODS and not isinstance(_object(value, named), types.ModuleType):
                return f"uses .{name}(), which is for whole columns", _in_place_of(name, [value, *args])
        case ast.Attribute(value=value, attr=name) if _of_library(value, named):
            return f"uses {ast.unparse(node)}, which is not known here", _in_place_of(name, [])
        case ast.Attribute(value=value, attr=name) if name in _ITSELF:
            return f"uses .{name}, which is for whole columns", _in_place_of(name, [value])
        case ast.Call(func=ast.Name(id=name), args=args):
            return _by_name(name, args, named)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _BITS:
            sign, word = _BITS[type(op)]
            hint = f"write: {ast.unparse(left)} {word} {ast.unparse(right)}"
            return f"uses '{sign}', which works on bits and whole columns", hint
        case ast.UnaryOp(op=ast.Invert(), operand=operand):
            return "uses '~', which works on bits and whole columns", f"write: not {ast.unparse(operand)}"
        case ast.Subscript():
            hint = f"{_ONE}; an amount for each category is a parameter with by:, one by amount a schedule"
            return f"uses indexing: {ast.unparse(node)}", hint
        case ast.ListComp() | ast.GeneratorExp() | ast.SetComp() | ast.DictComp():
            word = "a generator" if isinstance(node, ast.GeneratorExp) else "a list comprehension"
            hint = "over members, write a person rule and total(...) of it; over numbers, for k in range(n)"
            return f"uses {word}", hint
        case ast.JoinedStr():
            hint = (
                "a rule returns a number, yes/no or one of its categories; words for readers go into label="
            )
            return "uses an f-string", hint
        case ast.While() | ast.For():
            word = "a while loop" if isinstance(node, ast.While) else "for without range(...)"
            return f"uses {word}", "write for k in range(n), with break where it ends early"
        case ast.Assign(targets=targets) if len(targets) > 1 or isinstance(targets[0], ast.Tuple):
            return "sets several names at once", "set one name in each line"
    return None


def _object(node: ast.expr, named: Named) -> object:
    return named(node.id) if isinstance(node, ast.Name) else None


def _of_library(node: ast.expr, named: Named) -> bool:
    found = _object(node, named)
    return isinstance(found, types.ModuleType) and found.__name__.split(".")[0] in _LIBRARIES


def _by_name(name: str, args: list[ast.expr], named: Named) -> tuple[str, str] | None:
    """A call of a plain name: a builtin over many values, or what was imported from NumPy or math."""
    found = named(name)
    home = getattr(found, "__module__", None) or type(found).__module__
    if str(home).split(".")[0] in _LIBRARIES:
        return f"uses {name}, which is for whole columns", _in_place_of(name, args)
    if callable(found) and home == "math":
        return f"calls {name}", f"import math, and write math.{name}({_listed(args)})"
    if found is not getattr(builtins, name, None):
        return None
    if name in ("sum", "any", "all"):
        return f"uses {name}(...)", _in_place_of(name, args)
    if name in ("max", "min") and len(args) == 1:
        return f"{name}() needs two or more values", _in_place_of(name, args)
    if name == "len":
        return "uses len(...)", "for the number of members make a rule of count(), and take it as an argument"
    return None


def _in_place_of(name: str, args: list[ast.expr]) -> str:
    """What to write for a function or method of whole columns."""
    texts = [ast.unparse(arg) for arg in args]
    first = texts[0] if texts else "x"
    of = first if first.isidentifier() else "amount"
    if name in _AGGREGATES:
        rule = f"{of}_of_all = {_AGGREGATES[name]}('{of}')"
        return f"over members, write {rule} beside the rule and take {of}_of_all as an argument"
    if name in _MEANS:
        return f"over members, divide a rule total('{of}') by a rule count(), both taken as arguments"
    write = ""
    if name in _PAIRS and len(texts) == 2:
        write = _PAIRS[name].format(*texts)
    elif name in ("where", "if_else") and len(texts) == 3:
        write = f"{texts[1]} if {texts[0]} else {texts[2]}"
    elif name == "clip" and len(texts) == 3:
        write = f"min(max({first}, {texts[1]}), {texts[2]})"
    elif name == "logical_not":
        write = f"not {first}"
    elif name in _PLAIN:
        write = f"{_PLAIN[name]}({first})"
    elif name == "astype":
        kind = next((word for word in ("bool", "int") if len(texts) > 1 and word in texts[1]), "float")
        write = f"{kind}({first})"
    elif name in _ITSELF:
        write = first
    elif name in _GAPS:
        return f"no value is missing: a population is checked when it is read; write {first}"
    elif name in ("select", "choose", "piecewise"):
        return f"{_ONE}; write if, elif and else"
    elif hasattr(math, name):
        return f"import math, and write math.{name}" + (f"({_listed(args)})" if args else "")
    if write:
        return f"{_ONE}; write: {write}"
    return f"{_ONE}; write it with arithmetic, comparisons, min, max and functions of math"


def _listed(args: list[ast.expr]) -> str:
    return ", ".join(ast.unparse(arg) for arg in args)
