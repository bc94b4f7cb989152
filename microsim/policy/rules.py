"""Rules: small pure scalar functions of law, and the sums that carry persons' values to their household."""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypedDict, Unpack, overload

from microsim.errors import Offence, RuleError, did_you_mean
from microsim.policy.plain import as_date
from microsim.units import to_internal

Entity = Literal["person", "household"]
Kind = Literal["formula", "collected", "total", "count", "any_member", "every_member", "largest", "smallest"]
Dtype = Literal["float", "bool", "int", "category"]

_ANNOTATED: dict[Any, Dtype] = {
    bool: "bool", int: "int", float: "float", str: "category",
    "bool": "bool", "int": "int", "float": "float", "str": "category",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Rule:
    """One rule of law.

    A ``formula`` holds a scalar function whose argument names say what it needs: columns of the population,
    parameters or other rules. An aggregate (``total``, ``count``, ...) holds no function: it takes the value
    ``of`` each member of the household to one household value.
    """

    name: str
    entity: Entity
    kind: Kind = "formula"
    function: Callable[..., Any] | None = None
    of: str | None = None
    of_rule: Rule | None = field(default=None, repr=False)
    arguments: tuple[str, ...] = ()
    unit: str = ""
    label: Mapping[str, str] = field(default_factory=dict)
    reference: str = ""
    description: str = ""
    start: dt.date | None = None
    end: dt.date | None = None
    categories: tuple[str, ...] = ()
    dtype: Dtype = "float"
    kind_stated: bool = True  # if not, ``dtype`` follows from the text (``kinds.py``)
    programme: str = ""
    source_file: str = ""
    source_line: int = 0
    unless_given: bool = False
    role: str = ""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the plain Python function, so that a rule can be tried by hand."""
        if self.function is None:
            raise TypeError(f"'{self.name}' is a {self.kind} over the members of a household, not a function")
        return self.function(*args, **kwargs)

    @property
    def place(self) -> str:
        return (
            f"rule {self.name} ({self.source_file}:{self.source_line})"
            if self.source_file
            else f"rule {self.name}"
        )

    def in_force(self, date: dt.date | None) -> bool:
        """Whether the rule is law on ``date`` (``start`` and ``end`` are both days in force)."""
        if date is None:
            return True
        return (self.start is None or self.start <= date) and (self.end is None or date <= self.end)

    def named(self, name: str, programme: str | None = None) -> Rule:
        return replace(self, name=name, programme=self.programme if programme is None else programme)


Label = Mapping[str, str] | str | None  # text in one language, or by language


class Options(TypedDict, total=False):
    """What a decorator may say of a rule."""

    name: str | None
    unit: str | None
    label: Label
    reference: str | None
    start: str | dt.date | None
    end: str | dt.date | None
    categories: tuple[str, ...] | None
    unless_given: bool
    role: str | None


_OPTIONS = tuple(Options.__annotations__)


def _option_offences(options: Mapping[str, Any], place: str) -> list[Offence]:
    """What is wrong with the keywords of a decorator."""
    offences = []
    for key in options:
        if key not in _OPTIONS:
            hint = did_you_mean(key, _OPTIONS) or f"known: {', '.join(_OPTIONS)}"
            offences.append(Offence(f"unknown keyword '{key}'", place, hint))
    words = options.get("categories") or ()
    if isinstance(words, str) or not all(isinstance(word, str) for word in words):
        hint = "write categories=('low', 'high'), and return one of them"
        offences.append(Offence(f"categories are words, not {words!r}", place, hint))
    for key in ("start", "end"):
        value = options.get(key)
        if value is not None and as_date(value) is None:
            offences.append(Offence(f"{key}: '{value}' is not a date", place, f'write {key}="2021-07-01"'))
    return offences + _unit_offences(options.get("unit"), place)


def _unit_offences(unit: object, place: str) -> list[Offence]:
    """A unit means for a rule what it means for a parameter; a rule's values are inside already."""
    if unit in (None, ""):
        return []
    try:
        factor, internal = to_internal(str(unit))
    except ValueError as error:
        return [Offence(str(error), place)]
    if internal == unit:
        return []
    way_out = f'give {factor:g} times the number back, with unit="{internal}"'
    return [Offence(f"a rule takes and returns {internal}, not {unit}", place, way_out)]


def _label(value: Label) -> dict[str, str]:
    if value is None:
        return {}
    return {"en": value} if isinstance(value, str) else dict(value)


def _formula(entity: Entity, function: Any, options: dict[str, Any]) -> Rule:
    name = options.pop("name", None) or getattr(function, "__name__", repr(function))
    code = getattr(function, "__code__", None)
    if code is None:
        hint = f"options have names: @{entity}(unit={function!r})" if isinstance(function, str) else ""
        raise RuleError(Offence("only a plain Python function can be a rule", f"rule {name}", hint))
    place = f"rule {name} ({code.co_filename}:{code.co_firstlineno})"
    offences = []
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind is not inspect.Parameter.POSITIONAL_OR_KEYWORD:
            offences.append(
                Offence(f"argument '{parameter}' has no single name to look up", place, "name each input")
            )
        elif parameter.default is not inspect.Parameter.empty:
            offences.append(
                Offence(
                    f"argument '{parameter.name}' has a default",
                    place,
                    "a rule's inputs always come from the policy or the data",
                )
            )
    offences += _option_offences(options, place)
    categories = tuple(options.get("categories") or ())
    stated = bool(categories) or "return" in function.__annotations__
    annotation = function.__annotations__.get("return", "float")
    if categories:
        dtype: Dtype = "category"
    elif annotation in _ANNOTATED:
        dtype = _ANNOTATED[annotation]
        if dtype == "category":
            offences.append(
                Offence(
                    "returns text but names no categories", place, "add categories=(...) to the decorator"
                )
            )
    else:
        dtype = "float"
        offences.append(Offence(f"return type '{annotation}' is not one of float, int, bool, str", place))
    if offences:
        raise RuleError(offences)
    unit = options.get("unit") or ("yes/no" if dtype == "bool" else "category" if dtype == "category" else "")
    description = inspect.cleandoc(function.__doc__ or "")
    return Rule(
        name=name,
        entity=entity,
        function=function,
        arguments=tuple(inspect.signature(function).parameters),
        unit=unit,
        label=_label(options.get("label")),
        reference=options.get("reference") or "",
        description=description,
        start=as_date(options["start"]) if options.get("start") else None,
        end=as_date(options["end"]) if options.get("end") else None,
        categories=categories,
        dtype=dtype,
        kind_stated=stated,
        source_file=code.co_filename,
        source_line=code.co_firstlineno,
        unless_given=bool(options.get("unless_given")),
        role=options.get("role") or "",
    )


Decorated = Callable[[Callable[..., Any]], Rule]


@overload
def person(function: Callable[..., Any], /) -> Rule: ...
@overload
def person(**options: Unpack[Options]) -> Decorated: ...
def person(function: Callable[..., Any] | None = None, /, **options: Any) -> Rule | Decorated:
    """Make a scalar function a rule about one person.

    ``unit``, ``label`` (text or ``{"en": ..., "zh": ...}``), ``reference`` (document and article), ``start``
    and ``end`` (first and last day in force), ``categories`` (for a rule that returns one of a few words),
    ``name`` (where two dated functions are one rule), ``unless_given`` (a population column of the same name
    takes the rule's place), ``role`` (a household value that ``collect`` adds up with others of that
    role).
    """
    return _decorate("person", function, options)


@overload
def household(function: Callable[..., Any], /) -> Rule: ...
@overload
def household(**options: Unpack[Options]) -> Decorated: ...
def household(function: Callable[..., Any] | None = None, /, **options: Any) -> Rule | Decorated:
    """Make a scalar function a rule about one household; options as for :func:`person`."""
    return _decorate("household", function, options)


def _decorate(
    entity: Entity, function: Callable[..., Any] | None, options: dict[str, Any]
) -> Rule | Decorated:
    if function is not None:
        return _formula(entity, function, options)
    return lambda f: _formula(entity, f, dict(options))


def _aggregate(
    kind: Kind, of: Rule | str | None, unit: str | None, label: Label, reference: str, dtype: Dtype
) -> Rule:
    rule = of if isinstance(of, Rule) else None
    if rule is not None and rule.entity != "person":
        message = f"{kind}() is over the members of a household, but '{rule.name}' is a household rule"
        raise RuleError(Offence(message, rule.place))
    name = rule.name if rule is not None else str(of or "")
    if unit is None:
        unit = rule.unit if rule is not None else ""
    frame = inspect.currentframe()
    caller = frame.f_back.f_back if frame and frame.f_back else None
    where = f"{kind}({name})" + (f" ({caller.f_code.co_filename}:{caller.f_lineno})" if caller else "")
    if offences := _unit_offences(unit, where):
        raise RuleError(offences)
    return Rule(
        name="",
        entity="household",
        kind=kind,
        of=name or None,
        of_rule=rule,
        arguments=(name,) if name else (),
        unit=unit,
        label=_label(label),
        reference=reference,
        description=f"{kind.replace('_', ' ')} over the household's members of {name}"
        if name
        else "Number of persons in the household.",
        dtype=dtype,
        source_file=caller.f_code.co_filename if caller else "",
        source_line=caller.f_lineno if caller else 0,
    )


def collect(role: str, *, unit: str = "yuan/year", label: Label = None, reference: str = "") -> Rule:
    """Sum of every household rule in force that has ``role``; a programme joins by naming the role."""
    made = _aggregate("collected", role, unit, label, reference, "float")
    return replace(made, description=f"Sum of every {role.replace('_', ' ')}.", arguments=())


def total(
    of: Rule | str, *, unit: str | None = None, label: Label = None, reference: str = "", role: str = ""
) -> Rule:
    """Sum of a person rule or person column over the household's members."""
    return replace(_aggregate("total", of, unit, label, reference, "float"), role=role)


def count(
    of: Rule | str | None = None, *, unit: str | None = None, label: Label = None, reference: str = ""
) -> Rule:
    """Number of members for whom a yes/no person rule or column holds; without argument, of all members."""
    return _aggregate("count", of, "persons" if unit is None else unit, label, reference, "int")


def any_member(of: Rule | str, *, label: Label = None, reference: str = "") -> Rule:
    """Whether a yes/no person rule or column holds for at least one member."""
    return _aggregate("any_member", of, "yes/no", label, reference, "bool")


def every_member(of: Rule | str, *, label: Label = None, reference: str = "") -> Rule:
    """Whether a yes/no person rule or column holds for all members."""
    return _aggregate("every_member", of, "yes/no", label, reference, "bool")


def largest(of: Rule | str, *, unit: str | None = None, label: Label = None, reference: str = "") -> Rule:
    """Largest value of a person rule or column among the members."""
    return _aggregate("largest", of, unit, label, reference, "float")


def smallest(of: Rule | str, *, unit: str | None = None, label: Label = None, reference: str = "") -> Rule:
    """Smallest value of a person rule or column among the members."""
    return _aggregate("smallest", of, unit, label, reference, "float")
