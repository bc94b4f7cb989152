"""What a county profile may say (``profile_schema.yaml``), and the checks of one figure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from microsim.documents import Step, read_document
from microsim.documents.findings import Findings
from microsim.documents.nodes import AnyOf, Anything, Choice, Items, Node, Number, Record, Text

SOURCES = ("cited", "inferred", "recalled", "assumption")
_BAND = re.compile(r"^(\d+)-(\d+)$|^(\d+)\+$|^(\d+)$")
_YEAR = re.compile(r"^(19|20|21)\d\d$")
_RENAMED = {"list": "items", "sum": "total"}  # in the schema file -> fields of ValueSpec
_SUM_SLACK = 0.0005  # published shares are rounded


@dataclass(frozen=True)
class ValueSpec:
    """What one figure of a profile must look like."""

    name: str
    unit: str
    meaning: str
    zh: str = ""
    keys: tuple[str | tuple[str, ...], ...] = ()
    items: int = 0
    total: float | None = None
    minimum: float | None = None
    maximum: float | None = None
    increasing: bool = False
    optional: bool = False


@dataclass(frozen=True)
class SourcedValue:
    """A number (or a table of numbers) of a county, with its source."""

    name: str
    value: Any
    unit: str
    source: str
    reference: str
    note: str = ""
    meaning: str = ""


@cache
def schema() -> Mapping[str, ValueSpec]:
    """Known figures by dotted name, in order (read once per process)."""
    sections: dict[str, dict[str, Any]] = read_document(Path(__file__).with_name("profile_schema.yaml")).data
    key_sets = sections.pop("key_sets")
    specs = {}
    for section, entries in sections.items():
        for key, entry in entries.items():
            name = f"{section}.{key}"
            # Keyword arguments: a key that the schema does not know is an error of the package.
            settings = {_RENAMED.get(part, part): value for part, value in entry.items()}
            settings["keys"] = tuple(_keys(level, key_sets) for level in settings.get("keys", ()))
            settings["meaning"] = " ".join(settings["meaning"].split())
            specs[name] = ValueSpec(name=name, **settings)
    return MappingProxyType(specs)


def sections() -> tuple[str, ...]:
    """Names of the sections of a profile."""
    return tuple(dict.fromkeys(name.split(".")[0] for name in schema()))


def band(text: str) -> tuple[int, int] | None:
    """First and last age of an age band; 60+ ends at 120.

    >>> band("15-59"), band("60+"), band("0"), band("old")
    ((15, 59), (60, 120), (0, 0), None)
    """
    found = _BAND.match(text)
    if found is None:
        return None
    first, last, beyond, single = found.groups()
    if beyond is not None:
        return int(beyond), 120
    return (int(first), int(last)) if single is None else (int(single), int(single))


def parts(value: Any) -> dict[str, Any]:
    """Keys of a mapping or positions of a list, by their text."""
    if isinstance(value, Mapping):
        return {str(key): key for key in value}
    return {str(index): index for index in range(len(value))} if isinstance(value, list) else {}


def node_of(spec: ValueSpec) -> Node:
    """The node of one figure: its value, unit, source and reference."""
    name = spec.name
    tag = f"{name} must have a source ({', '.join(SOURCES)})"
    unit = f"{name} must have unit '{spec.unit}'"
    none, way_out = f"{name} has no reference", "name the document, or why it is assumed"
    valueless = f"'{name}' is not a figure with a value"
    fields: dict[str, Node] = {
        "value": _value(spec, spec.keys),
        "unit": Choice(
            names=(spec.unit,), wrong=f"{unit}, not '$value'", absent=f"{unit}, but has none", known=""
        ),
        "source": Choice(
            names=SOURCES, wrong=f"{tag}, not '$value'", absent=f"{tag}, but has none", known=""
        ),
        "reference": AnyOf(
            options=(Text(filled=True, wrong=none, hint=way_out), Number()),
            wrong=none,
            absent=none,
        ),
        "note": Anything(),
        "confidence": Anything(),
    }
    example = "write {value: ..., unit: ..., source: ..., reference: ...}"
    return Record(
        en=f"{spec.meaning} ({spec.unit})",
        zh=spec.zh,
        fields=fields,
        required={"value": example, "unit": "", "source": "", "reference": way_out},
        missing=valueless,
        empty=valueless,
        unknown=f"{name} has an unknown part '$key'",
        known="parts of a figure: $names",
        wrong=valueless,
        hint=example,
    )


def _value(spec: ValueSpec, keys: tuple[str | tuple[str, ...], ...]) -> Node:
    if keys:
        inner, wanted = _value(spec, keys[1:]), keys[0]
        fixed = wanted if isinstance(wanted, tuple) else ()
        return Record(
            fields=dict.fromkeys(fixed, inner),
            required=dict.fromkeys(fixed, ""),
            rest=None if fixed else inner,
            pattern="" if isinstance(wanted, tuple) else (_YEAR if wanted == "year" else _BAND).pattern,
            filled=not fixed,
            missing="$path has no value for $names",
            unknown="$path unknown key '$key'",
            known=f"allowed: {_spoken(wanted)}",
            wrong=f"$path must be given by {_spoken(wanted)}, not $shown",
        )
    low, high = spec.minimum, spec.maximum
    allowed = f"from {low:g} to {high:g}" if low is not None and high is not None else f"at least {low}"
    number = Number(
        least=low,
        most=high,
        wrong="$path must be a number, not $shown",
        outside=f"$path must be {allowed}, not $value",
        null=False,
    )
    if not spec.items:
        return number
    count = spec.items
    wrong = f"$path must be a list of {count} numbers, not $shown"
    return Items(item=number, least=count, most=count, wrong=wrong)


def settled(spec: ValueSpec, value: Any, found: Findings, steps: tuple[Step, ...]) -> Any:
    """A checked value with float numbers in the order of the schema; notes sums, gaps and lists that fall."""
    return _settled(spec, spec.keys, value, found, steps)


def _settled(
    spec: ValueSpec,
    keys: tuple[str | tuple[str, ...], ...],
    value: Any,
    found: Findings,
    steps: tuple[Step, ...],
) -> Any:
    where = ".".join(str(step) for step in steps if step != "value")
    if isinstance(value, list):
        if spec.increasing and value != sorted(set(value)):
            found.add(steps, f"{where} must increase from one to the next: {value}")
        return [float(number) for number in value]
    if not isinstance(value, dict):
        return float(value)
    names = keys[0] if isinstance(keys[0], tuple) else tuple(map(str, value))
    given = {str(key): (key, inner) for key, inner in value.items()}
    out = {name: _settled(spec, keys[1:], given[name][1], found, (*steps, given[name][0])) for name in names}
    if spec.total is not None and len(keys) == 1 and abs(sum(out.values()) - spec.total) > _SUM_SLACK:
        message = f"{where} must add up to {spec.total:g}; adds up to {sum(out.values()):.6g}"
        found.add(steps, message, f"correct one of {', '.join(out)}")
    if keys[0] == "age_band":
        for message in _gaps(list(out)):
            found.add(steps, f"{where} {message}")
    return out


def _keys(level: Any, key_sets: Mapping[str, list[str]]) -> str | tuple[str, ...]:
    if isinstance(level, list):
        return tuple(level)
    return tuple(key_sets[level]) if level in key_sets else str(level)


def _spoken(wanted: str | tuple[str, ...]) -> str:
    if isinstance(wanted, tuple):
        return ", ".join(wanted)
    return {"age_band": "age bands (0-14, 15-59, 60+)", "year": "year"}[wanted]


def _gaps(names: list[str]) -> Iterator[str]:
    """Age bands follow one another without gap or overlap."""
    previous: tuple[str, int] | None = None
    for name in names:
        first, last = band(name) or (0, 0)
        if last < first:
            yield f"age band {name} ends before it starts"
        elif previous is not None and first != previous[1] + 1:
            yield f"age band {name} does not continue from {previous[0]}"
        previous = (name, last)
