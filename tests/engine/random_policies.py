"""Random small policies for the twin tests.

A policy is written as Python text, as a person would write a programme of law, saved as a module and
imported, so that everything which reads a rule's source finds one. Every choice goes through a
:class:`Chooser`: with :class:`Seeded` a number names a policy for ever; with :class:`Drawn` Hypothesis makes
the choices and can shrink a failure.

All constants are sums of powers of two and all amounts are whole numbers, so that sums come out exactly the
same in any order: comparisons of equal amounts (which the tests want to hit) do not depend on who adds up
first.
"""

from __future__ import annotations

import hashlib
import importlib.util
import random
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from hypothesis import strategies as st

from microsim.policy.policy import Policy
from tests.engine.random_populations import (
    CATEGORIES,
    HOUSEHOLD_COLUMNS,
    PERSON_COLUMNS,
    TinyPopulation,
    Value,
    tiny_population,
)
from tests.engine.random_text import HELPERS, RuleText

T = TypeVar("T")


class Chooser(ABC):
    """Makes choices. The first option of each list is the simplest: Hypothesis shrinks towards it."""

    @abstractmethod
    def integer(self, low: int, high: int) -> int: ...

    def pick(self, options: Sequence[T]) -> T:
        return options[self.integer(0, len(options) - 1)]

    def chance(self, percent: int) -> bool:
        return self.integer(0, 99) >= 100 - percent


class Seeded(Chooser):
    """The same choices for the same number."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def integer(self, low: int, high: int) -> int:
        return self._random.randint(low, high)


class Drawn(Chooser):
    """The choices of Hypothesis."""

    def __init__(self, draw: Callable[[st.SearchStrategy[int]], int]) -> None:
        self._draw = draw

    def integer(self, low: int, high: int) -> int:
        return self._draw(st.integers(low, high))


# --- parameters ---

MODES = ("gap", "banded", "flat")
PARAMETERS = (
    Value("rate", None, "float"),
    Value("line", "household", "float"),
    Value("amount", "household", "float"),
    Value("grant", "person", "float"),
    Value("top_up", "person", "float"),
    Value("enabled", None, "bool"),
    Value("mode", None, "category", MODES),
    Value("band", None, "schedule"),
    Value("slope", "household", "schedule"),
    Value("tax", None, "schedule"),
)


def _amount(chooser: Chooser) -> float:
    return float(chooser.pick((200, 0, 100, 400, 600, 800, 1200, 1600, 2400, 3600)))


def _points(chooser: Chooser, kind: str) -> list[list[float]]:
    """Thresholds a power of two apart, so that the slopes between them are exact."""
    x = float(chooser.pick((0, 100, -64, 200)))
    points = []
    for _ in range(chooser.integer(1, 4)):
        value = chooser.pick((0.5, 0.25, 0.125, 0.75, 0.0)) if kind == "brackets" else _amount(chooser) / 4
        points.append([x, value])
        x += float(chooser.pick((256, 128, 512, 1024)))
    return points


def random_parameters(chooser: Chooser) -> dict[str, Any]:
    """A value of law for every name in ``PARAMETERS``."""

    def by(*names: str) -> dict[str, Any]:
        def table(rest: Sequence[str]) -> Any:
            if not rest:
                return _amount(chooser)
            known = CATEGORIES[rest[0]]
            named = known if chooser.chance(60) else known[: chooser.integer(1, len(known) - 1)]
            out = {category: table(rest[1:]) for category in named}
            return out if len(named) == len(known) else {**out, "default": table(rest[1:])}

        return {"by": list(names) if len(names) > 1 else names[0], "values": table(names)}

    return {
        "rate": chooser.pick((0.5, 0.75, 0.25, 1.0)),
        "line": by("area"),
        "amount": by("area", "tier"),
        "grant": by("stage"),
        "top_up": by("stage", "area"),
        "enabled": chooser.chance(80),
        "mode": {"kind": "choice", "choices": list(MODES), "values": chooser.pick(MODES)},
        "band": {"kind": "step", "values": _points(chooser, "step")},
        "slope": {
            "kind": "linear",
            "by": "area",
            "values": {area: _points(chooser, "linear") for area in CATEGORIES["area"]},
        },
        "tax": {"kind": "brackets", "values": _points(chooser, "brackets")},
    }


def random_changes(chooser: Chooser) -> dict[str, Any]:
    """A reform of some of the parameters, in the grammar of a scenario's ``changes``."""
    possible: list[tuple[str, Callable[[], Any]]] = [
        ("rate", lambda: chooser.pick((0.5, 0.0, 0.25, 1.25))),
        ("line.rural", lambda: _amount(chooser)),
        ("line", lambda: {"by": {"urban": _amount(chooser)}}),
        ("amount.urban.middle", lambda: _amount(chooser)),
        ("grant", lambda: {"by": {"junior": _amount(chooser), "primary": _amount(chooser)}}),
        ("top_up.junior.rural", lambda: _amount(chooser)),
        ("enabled", lambda: chooser.chance(50)),
        ("mode", lambda: chooser.pick(MODES)),
        ("band", lambda: _points(chooser, "step")),
        ("slope.rural", lambda: _points(chooser, "linear")),
        ("tax", lambda: _points(chooser, "brackets")),
    ]
    count = chooser.integer(0, 4)
    return {name: make() for name, make in (chooser.pick(possible) for _ in range(count))}


# --- policies ---

# Names that a code generator might want for itself.
WAGE = next(column for column in PERSON_COLUMNS if column.name == "wage_income")
AWKWARD = (
    *("i", "h", "p", "n", "value", "size", "member", "start", "result"),
    *("weights", "out", "scenario", "total_", "j", "k", "s"),
)


@dataclass(frozen=True)
class RandomPolicy:
    """A policy, its text, and the outputs worth asking for."""

    policy: Policy
    text: str
    parameters: Mapping[str, Any]
    outputs: tuple[str, ...]

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """What Hypothesis prints of a failure."""
        printer.text(f"policy of {self.outputs} with {self.parameters}\n{self.text}")


def random_policy(chooser: Chooser, folder: Path, *, undefined: bool = False) -> RandomPolicy:
    """A policy of 4 to 9 levels in which person and household rules alternate.

    ``undefined``: also divide by what may be zero, so that infinity and NaN arise (compiled code only: plain
    Python refuses to divide by zero).
    """
    parameters = random_parameters(chooser)
    text, names = _module_text(chooser, parameters, undefined)
    module = imported(text, folder)
    policy = Policy.from_rules(module, parameters=parameters)
    outputs = names[-2:] + [name for name in names[:-2] if chooser.chance(40)]
    return RandomPolicy(policy, text, parameters, tuple(dict.fromkeys(outputs)))


def _module_text(chooser: Chooser, parameters: dict[str, Any], undefined: bool) -> tuple[str, list[str]]:
    """The text of a module of rules, and the names of its rules in order."""
    person_scope = [*PERSON_COLUMNS, *HOUSEHOLD_COLUMNS, *PARAMETERS]
    household_scope = [*HOUSEHOLD_COLUMNS, *(p for p in PARAMETERS if p.entity != "person")]
    blocks, names = [HELPERS], []
    levels, entity = chooser.integer(4, 9), chooser.pick(("person", "household"))
    last: dict[str, Value | None] = {"person": None, "household": None}
    for level in range(levels):
        must = None
        if entity == "household":
            of = last["person"] or WAGE
            made = _aggregate(chooser, of, f"over_members_{level}", undefined)
            blocks.append(made[0])
            names.append(made[1].name)
            household_scope.append(made[1])
            person_scope.append(made[1])
            must = made[1]
        else:
            must = last["household"] or WAGE
        name = _name(chooser, level, entity, [value.name for value in person_scope])
        scope = person_scope if entity == "person" else household_scope
        rule = RuleText(chooser, name, entity, scope, must, [v.name for v in person_scope], undefined)
        blocks.append(rule.text())
        names.append(name)
        person_scope.append(rule.value)
        if entity == "household":
            household_scope.append(rule.value)
        last[entity] = rule.value
        if rule.value.type == "category" and chooser.chance(70):
            parameter = Value(f"by_{name}", entity, "float")
            cells = {category: _amount(chooser) for category in rule.value.categories}
            parameters[parameter.name] = {"by": name, "values": cells}
            person_scope.append(parameter)
            if entity == "household":
                household_scope.append(parameter)
        entity = {"person": "household", "household": "person"}[entity] if chooser.chance(85) else entity
    if chooser.chance(30):
        blocks.append("persons_counted = count()")
        names.insert(0, "persons_counted")
    return "\n\n\n".join(blocks) + "\n", names


def _name(chooser: Chooser, level: int, entity: str, taken: Sequence[str]) -> str:
    name = chooser.pick(AWKWARD) if chooser.chance(15) else f"{entity}_rule_{level}"
    return f"{entity}_rule_{level}" if name in taken else name


def _aggregate(chooser: Chooser, of: Value, name: str, undefined: bool) -> tuple[str, Value]:
    """A line that takes persons' values to the household."""
    if chooser.chance(15):
        of = chooser.pick(PERSON_COLUMNS)
    while of.type == "category":
        of = chooser.pick(PERSON_COLUMNS)
    if of.type == "bool":
        kind, dtype = chooser.pick((("count", "int"), ("any_member", "bool"), ("every_member", "bool")))
    else:
        # NaN has no order: what is the largest of some is not defined.
        kind = chooser.pick(("total", "total") if undefined else ("total", "largest", "smallest", "total"))
        dtype = "float"
    what = f'"{of.name}"' if of in PERSON_COLUMNS or chooser.chance(30) else of.name
    return f"{name} = {kind}({what})", Value(name, "household", dtype)


def imported(text: str, folder: Path) -> ModuleType:
    """The text as a module on disk, imported. The same text is the same module."""
    name = f"policy_{hashlib.sha256(text.encode()).hexdigest()[:16]}"
    path = folder / f"{name}.py"
    path.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@st.composite
def policies(draw: Any, folder: Path, undefined: bool = False) -> RandomPolicy:
    """Strategy: a random policy."""
    return random_policy(Drawn(draw), folder, undefined=undefined)


def populations() -> st.SearchStrategy[TinyPopulation]:
    """Strategy: a random population."""
    return st.integers(0, 2**20).map(tiny_population)


@st.composite
def reforms(draw: Any) -> dict[str, Any]:
    """Strategy: changes of some parameters."""
    return random_changes(Drawn(draw))
