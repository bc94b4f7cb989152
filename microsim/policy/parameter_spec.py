"""A parameter out of its description: a plain value, a mapping in Python, or an entry of a law file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from microsim.documents.findings import Findings
from microsim.documents.nodes import by_language, localised, now
from microsim.errors import Offence, RuleError, did_you_mean
from microsim.policy.bounds import FREE, bounds_from, bounds_of_unit
from microsim.policy.grammar import PARAMETER, VALUE_KEYS
from microsim.policy.parameters import (
    ALWAYS,
    SCHEDULES,
    SOURCES,
    DatedValue,
    Parameter,
    Problem,
    argument_name,
)
from microsim.policy.plain import as_date, is_number
from microsim.policy.ranges import range_from
from microsim.renamed import renamed_keys
from microsim.units import to_internal, with_fractions

PlaceOf = Callable[..., str]
# In Python the label may be in one language, or be left out.
_IN_PYTHON = replace(PARAMETER, fields={**now(PARAMETER.fields), "label": localised("", "")})


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
    if (
        len(spec) > 1
        and not any(key in now(_IN_PYTHON.fields) for key in spec)
        and all(map(is_number, spec.values()))
    ):
        if all(map(as_date, spec)):
            message = f"{name} is a mapping of dates without the key under which dated values go"
            raise RuleError(Offence(message, where(), f"write {{'values': {dict(spec)!r}}}"))
        message = f"{name} has a value for each of {', '.join(map(str, spec))}, and does not say of what"
        raise RuleError(Offence(message, where(), f"write {{'by': 'area', 'values': {dict(spec)!r}}}"))
    spec = renamed_keys(spec, gate="access")
    found = Findings(where, name)
    bad = found.add
    said = found.check(PARAMETER if strict else _IN_PYTHON, spec)
    kind = said.get("kind", "number")
    default_unit = {"boolean": "yes/no", "choice": "choice"}.get(kind, "1")
    if strict and "unit" not in spec and default_unit == "1":
        bad((), f"{name} has no unit", "add unit: (yuan/year, yuan/month, 1 for a ratio, ...)")
    unit = str(spec.get("unit", default_unit))
    try:
        to_internal(unit)
    except ValueError as error:
        bad(("unit",), str(error))
        unit = default_unit
    by, choices = (tuple(said.get(key) or ()) for key in ("by", "choices"))
    if strict and not spec.get("label"):
        bad(("label",), f"{name} needs a label in English and Chinese", "label: {en: ..., zh: ...}")
    if kind == "choice" and not choices and found.clean("choices"):
        bad((), f"{name} is a choice without choices", "add choices: [...]")
    stated = strict or "unit" in spec
    bounds = bounds_of_unit(unit, strict) if stated and kind not in ("boolean", "choice") else FREE
    if "bounds" in spec and found.clean("bounds"):
        try:
            bounds = bounds_from(said["bounds"])
        except ValueError as error:
            bad(("bounds",), str(error))
    parameter = Parameter(
        name=name,
        argument=argument_name(name),
        bounds=bounds,
        kind=kind,
        unit=unit,
        by=by,
        choices=choices,
        label=by_language(said.get("label")),
        programme=programme,
        ranges=range_from(spec.get("range"), by, bad),
        rising=tuple(map(str, said.get("rising") or ())),
        file=file,
        place=where(),
        access=said.get("access", False),
    )
    given = spec.get("values") if kind in ("boolean", "choice") else with_fractions(spec.get("values"))
    values = _values(parameter, given, bad, strict)
    if found:
        raise RuleError(found.offences)
    return parameter.with_values(values)


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
        for unknown in [k for k in entry if k not in VALUE_KEYS]:
            bad(
                ("values", step, str(unknown)),
                f"unknown key '{unknown}'",
                did_you_mean(str(unknown), VALUE_KEYS),
            )
        source = entry.get("source", "assumption")
        if source not in SOURCES or (strict and "source" not in entry):
            bad(("values", step), f"source '{entry.get('source')}' is not one of {', '.join(SOURCES[:4])}")
        if strict and not entry.get("reference"):
            bad(("values", step), "a value needs a reference: the document and article, or why it is assumed")
        known = as_date(entry["known"]) if "known" in entry else None
        if "known" in entry and known is None:
            bad(("values", step, "known"), f"'{entry['known']}' is not a date", "write dates as 2021-07-01")
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
                known,
            )
    return out
