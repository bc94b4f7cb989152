"""A parameter out of its description: a plain value, a mapping in Python, or an entry of a law file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from microsim.engine.policy.bounds import FREE, bounds_from, bounds_of_unit
from microsim.engine.policy.parameters import (
    ALWAYS,
    KINDS,
    LANGUAGES,
    SCHEDULES,
    SOURCES,
    DatedValue,
    Parameter,
    Problem,
    argument_name,
)
from microsim.engine.policy.plain import as_date, is_number
from microsim.engine.policy.ranges import range_from
from microsim.errors import Offence, RuleError, did_you_mean
from microsim.renamed import renamed_keys
from microsim.units import to_internal, with_fractions

PlaceOf = Callable[..., str]
_WORDS = ("label", "description", "note")
_KEYS = ("unit", "kind", "by", "choices", "range", "bounds", "values", "access", *_WORDS)
_VALUE_KEYS = ("value", "source", "reference", "note", "confidence")


def parameter_from(
    name: str,
    spec: Any,
    *,
    programme: str = "",
    file: str = "",
    place: PlaceOf | None = None,
    strict: bool = False,
) -> Parameter:
    """A parameter from its description.

    ``spec`` is a plain value, ``{"by": "area", "values": {"rural": .7, "urban": .6}}``, or the full form of a
    law file (``strict``: unit, label, and for each dated value a source and a reference are required). Raises
    ``MicrosimError`` with every offence.
    """
    where = place or (lambda *steps: f"parameter {name}" + "".join(f".{s}" for s in steps))
    if isinstance(spec, list | tuple):
        message = f"{name} is a list of points without the kind that says how values follow from them"
        way_out = f"{{'kind': 'step', 'values': {spec!r}}}; kinds: {', '.join(SCHEDULES)}"
        raise RuleError(Offence(message, where(), f"{way_out} (docs/writing-rules.md, Schedules)"))
    if not isinstance(spec, Mapping):
        spec = {"values": spec, "kind": "boolean" if isinstance(spec, bool) else "number"}
    if len(spec) > 1 and not any(key in _KEYS for key in spec) and all(map(is_number, spec.values())):
        message = f"{name} has a value for each of {', '.join(map(str, spec))}, and does not say of what"
        raise RuleError(Offence(message, where(), f"write {{'by': 'area', 'values': {dict(spec)!r}}}"))
    spec = renamed_keys(spec, gate="access")
    offences: list[Offence] = []

    def bad(steps: tuple[str | int, ...], message: str, hint: str = "") -> None:
        offences.append(Offence(message, where(*steps), hint))

    for key in spec:
        if key not in _KEYS:
            bad(
                (str(key),),
                f"unknown key '{key}'",
                did_you_mean(str(key), _KEYS) or f"known: {', '.join(_KEYS)}",
            )
    kind = spec.get("kind", "number")
    if kind not in KINDS:
        bad(
            ("kind",),
            f"unknown kind '{kind}'",
            did_you_mean(str(kind), KINDS) or f"known: {', '.join(KINDS)}",
        )
        kind = "number"
    default_unit = {"boolean": "yes/no", "choice": "choice"}.get(kind, "1")
    if strict and "unit" not in spec and default_unit == "1":
        bad((), f"{name} has no unit", "add unit: (yuan/year, yuan/month, 1 for a ratio, ...)")
    unit = str(spec.get("unit", default_unit))
    try:
        to_internal(unit)
    except ValueError as error:
        bad(("unit",), str(error))
        unit = default_unit
    by = _words(spec.get("by"))
    if by is None:
        bad(("by",), "'by' names a categorical, or a list of them", "by: area")
    if not isinstance(spec.get("access", False), bool):
        bad(("access",), f"expected true or false, found {spec['access']!r}")
    label = spec.get("label") or {}
    for steps, message, hint in wording_problems("label", label, name if strict else ""):
        bad(steps, message, hint)
    choices = _words(spec.get("choices"))
    if choices is None:
        bad(("choices",), "'choices' is a list of words", "choices: [gap, banded]")
    elif kind == "choice" and not choices:
        bad((), f"{name} is a choice without choices", "add choices: [...]")
    stated = strict or "unit" in spec
    bounds = bounds_of_unit(unit, strict) if stated and kind not in ("boolean", "choice") else FREE
    if "bounds" in spec:
        bounds, message, hint = bounds_from(spec["bounds"])
        if message:
            bad(("bounds",), message, hint)
    parameter = Parameter(
        name=name,
        argument=argument_name(name),
        bounds=bounds,
        kind=kind,
        unit=unit,
        by=by or (),
        choices=choices or (),
        label=dict(label) if isinstance(label, Mapping) else {"en": str(label)},
        programme=programme,
        ranges=range_from(spec.get("range"), by or (), bad),
        file=file,
        place=where(),
        access=spec.get("access") is True,
    )
    given = spec.get("values") if kind in ("boolean", "choice") else with_fractions(spec.get("values"))
    values = _values(parameter, given, bad, strict)
    if offences:
        raise RuleError(offences)
    return parameter.with_values(values)


def wording_problems(key: str, wording: Any, required_of: str = "") -> list[Problem]:
    """What is wrong with text by language under ``key``; ``required_of`` names what needs all languages."""
    problems: list[Problem] = []
    given = wording if isinstance(wording, Mapping) else {}
    if required_of and not set(LANGUAGES) <= set(given):
        way_out = f"{key}: {{en: ..., zh: ...}}"
        problems.append(((key,), f"{required_of} needs a {key} in English and Chinese", way_out))
    for language, text in given.items():
        if language not in LANGUAGES:
            hint = did_you_mean(str(language), LANGUAGES) or f"known: {', '.join(LANGUAGES)}"
            problems.append(((key, str(language)), f"unknown language '{language}' of a {key}", hint))
        elif not isinstance(text, str) or not text.strip():
            problems.append(((key, language), f"the {key} is text, not {text!r}", ""))
    return problems


def _words(value: Any) -> tuple[str, ...] | None:
    """One word or a list of words; None where it is neither."""
    if value is None or isinstance(value, str):
        return (value,) if value else ()
    good = isinstance(value, Sequence) and all(isinstance(word, str) for word in value)
    return tuple(value) if good else None


def _problems(parameter: Parameter, value: Any) -> list[Problem]:
    """What is wrong with a value of a new parameter, which may have forgotten to say what splits it."""
    if parameter.by or not isinstance(value, Mapping):
        return parameter.problems(value)
    message = (
        f"{parameter.name} has a value for each of {', '.join(map(str, value))}, and does not say of what"
    )
    return [((), message, "name what splits it, e.g. by: area")]


def _values(
    parameter: Parameter, raw: Any, bad: Callable[..., None], strict: bool
) -> dict[dt.date, DatedValue]:
    """Dated values from either form: dated entries, or one undated value."""
    if raw is None:
        bad(
            ("values",),
            f"{parameter.name} has no values",
            "add values: {DATE: {value: ..., source: ..., reference: ...}}",
        )
        return {}
    dates = {key: as_date(key) for key in raw} if isinstance(raw, Mapping) else {}
    if not dates or not any(dates.values()):
        if strict:
            bad(("values",), f"values of {parameter.name} have no date", "values: {2021-01-01: {value: ...}}")
            return {}
        problems = _problems(parameter, raw)
        for steps, message, hint in problems:
            bad(("values", *steps), message, hint)
        return {} if problems else {ALWAYS: DatedValue(parameter.plain(raw))}
    out: dict[dt.date, DatedValue] = {}
    for key, given in raw.items():
        date = dates[key]
        step = str(date or key)
        if date is None:
            bad(("values", step), f"'{key}' is not a date", "write dates as 2021-07-01")
            continue
        whole = isinstance(given, Mapping) and "value" in given
        if strict and not whole:
            bad(("values", step), "a dated value needs value, source and reference")
            continue
        entry = given if whole else {"value": given}
        for unknown in [k for k in entry if k not in _VALUE_KEYS]:
            bad(
                ("values", step, str(unknown)),
                f"unknown key '{unknown}'",
                did_you_mean(str(unknown), _VALUE_KEYS),
            )
        source = entry.get("source", "assumption")
        if source not in SOURCES or (strict and "source" not in entry):
            bad(("values", step), f"source '{entry.get('source')}' is not one of {', '.join(SOURCES[:4])}")
        if strict and not entry.get("reference"):
            bad(("values", step), "a value needs a reference: the document and article, or why it is assumed")
        problems = _problems(parameter, entry["value"])
        for steps, message, hint in problems:
            bad(("values", step, "value", *steps), message, hint)
        if not problems:
            out[date] = DatedValue(
                parameter.plain(entry["value"]),
                str(source),
                str(entry.get("reference", "")),
                str(entry.get("note", "")),
                str(entry.get("confidence", "")),
                date,
            )
    return out
