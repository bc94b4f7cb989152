"""Local variables that a rule may read before it has set them.

Python stops with an error where that happens; compiled code would go on with what the variable held for the
household before. So a rule in which it can happen is refused.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

Names = frozenset[str]


def unset_reads(body: Sequence[ast.stmt], local: Names) -> list[ast.Name]:
    """Places where one of the ``local`` names is read although some path there does not set it."""
    found: list[ast.Name] = []
    _after(body, frozenset(), local, found)
    return found


def _after(
    body: Sequence[ast.stmt], known: Names | None, local: Names, found: list[ast.Name]
) -> Names | None:
    """Names set after ``body``; None where its end is never reached."""
    for statement in body:
        if known is None:
            return None
        match statement:
            case ast.If(test=test, body=then, orelse=orelse):
                _reads(test, known, local, found)
                known = _either(_after(then, known, local, found), _after(orelse, known, local, found))
            case ast.For(target=target, iter=bounds, body=inner):
                _reads(bounds, known, local, found)
                first = known | _stored(target)
                last = _after(inner, first, local, found)
                known = (first if last is None else last) if _runs(bounds) else known
            case ast.Return(value=value):
                if value is not None:
                    _reads(value, known, local, found)
                return None
            case ast.Break() | ast.Continue():
                return None
            case ast.AugAssign(target=target, value=value):
                _reads(value, known, local, found)
                if isinstance(target, ast.Name) and target.id in local - known:
                    found.append(target)
                known |= _stored(target)
            case _:
                _reads(statement, known, local, found)
                known |= _stored(statement)
    return known


def _either(a: Names | None, b: Names | None) -> Names | None:
    if a is None or b is None:
        return b if a is None else a
    return a & b


def _reads(node: ast.AST, known: Names, local: Names, found: list[ast.Name]) -> None:
    names = [part for part in ast.walk(node) if isinstance(part, ast.Name)]
    found += [name for name in names if isinstance(name.ctx, ast.Load) and name.id in local - known]


def _stored(node: ast.AST) -> Names:
    return frozenset(
        part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
    )


def _runs(bounds: ast.expr) -> bool:
    """Whether ``range(...)`` with these constants runs at least once."""
    if not isinstance(bounds, ast.Call):
        return False
    numbers = [a.value for a in bounds.args if isinstance(a, ast.Constant) and isinstance(a.value, int)]
    return 1 <= len(numbers) == len(bounds.args) <= 2 and len(range(*numbers)) > 0
