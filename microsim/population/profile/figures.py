"""What a county profile may say (``profile_schema.yaml``), and the checks of one figure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from microsim.documents import read_document
from microsim.errors import did_you_mean

SOURCES = ("cited", "inferred", "recalled", "assumption")
PARTS = ("value", "unit", "source", "reference", "note", "confidence")
_BAND = re.compile(r"^(\d+)-(\d+)$|^(\d+)\+$|^(\d+)$")
_YEAR = re.compile(r"^(19|20|21)\d\d$")
_RENAMED = {"list": "items", "sum": "total"}  # in the schema file -> fields of ValueSpec
_SUM_SLACK = 0.0005  # published shares are rounded

Steps = tuple[str | int, ...]
Problem = tuple[Steps, str, str]  # where inside the value, what is wrong, hint


@dataclass(frozen=True)
class ValueSpec:
    """What one figure of a profile must look like."""

    name: str
    unit: str
    meaning: str
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


def settle_value(spec: ValueSpec, value: Any) -> tuple[Any, list[Problem]]:
    """The value with text keys and float numbers, and everything that is wrong with it."""
    problems: list[Problem] = []
    return _level(spec, spec.keys, value, (), problems), problems


def _level(
    spec: ValueSpec,
    keys: tuple[str | tuple[str, ...], ...],
    value: Any,
    steps: Steps,
    problems: list[Problem],
) -> Any:
    if not keys:
        return _leaf(spec, value, steps, problems)
    wanted = keys[0]
    if not isinstance(value, Mapping):
        problems.append((steps, f"must be given by {_spoken(wanted)}, not {value!r}", ""))
        return {}
    named = {str(key): key for key in value}
    _check_keys(wanted, named, steps, problems)
    out = {
        name: _level(spec, keys[1:], value[key], (*steps, key), problems)
        for name, key in named.items()
        if _allowed(wanted, name)
    }
    if isinstance(wanted, tuple):
        out = {name: out[name] for name in wanted if name in out}
    numbers = [number for number in out.values() if isinstance(number, float)]
    if spec.total is not None and len(keys) == 1 and len(numbers) == len(value):
        found = sum(numbers)
        if abs(found - spec.total) > _SUM_SLACK:
            problems.append((steps, f"must add up to {spec.total:g}; adds up to {found:.6g}", ""))
    return out


def _leaf(spec: ValueSpec, value: Any, steps: Steps, problems: list[Problem]) -> Any:
    if not spec.items:
        return _number(spec, value, steps, problems)
    if not isinstance(value, list) or len(value) != spec.items:
        problems.append((steps, f"must be a list of {spec.items} numbers, not {value!r}", ""))
        return []
    numbers = [_number(spec, item, (*steps, index), problems) for index, item in enumerate(value)]
    known = [number for number in numbers if number is not None]
    if spec.increasing and known != sorted(set(known)):
        problems.append((steps, f"must increase from one to the next: {value}", ""))
    return numbers


def _number(spec: ValueSpec, value: Any, steps: Steps, problems: list[Problem]) -> float | None:
    if (
        isinstance(value, bool)
        or not isinstance(value, (int, float))
        or value != value
        or abs(value) == float("inf")
    ):
        problems.append((steps, f"must be a number, not {value!r}", ""))
        return None
    low, high = spec.minimum, spec.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        allowed = f"from {low:g} to {high:g}" if low is not None and high is not None else f"at least {low:g}"
        problems.append((steps, f"must be {allowed}, not {value:g}", ""))
        return None
    return float(value)


def _keys(level: Any, key_sets: Mapping[str, list[str]]) -> str | tuple[str, ...]:
    if isinstance(level, list):
        return tuple(level)
    return tuple(key_sets[level]) if level in key_sets else str(level)


def _spoken(wanted: str | tuple[str, ...]) -> str:
    if isinstance(wanted, tuple):
        return ", ".join(wanted)
    return {"age_band": "age bands (0-14, 15-59, 60+)", "year": "year"}[wanted]


def _allowed(wanted: str | tuple[str, ...], name: str) -> bool:
    if isinstance(wanted, tuple):
        return name in wanted
    return bool(_YEAR.match(name)) if wanted == "year" else band(name) is not None


def _check_keys(
    wanted: str | tuple[str, ...], named: Mapping[str, Any], steps: Steps, problems: list[Problem]
) -> None:
    for name, key in named.items():
        if not _allowed(wanted, name):
            near = did_you_mean(name, wanted) if isinstance(wanted, tuple) else ""
            problems.append(((*steps, key), f"unknown key '{name}'", near or f"allowed: {_spoken(wanted)}"))
    if isinstance(wanted, tuple):
        missing = [name for name in wanted if name not in named]
        if missing:
            problems.append((steps, f"has no value for {', '.join(missing)}", ""))
        return
    if not named:
        problems.append((steps, f"must be given by {_spoken(wanted)}", ""))
    if wanted == "age_band":
        problems.extend((steps, message, "") for message in _gaps([name for name in named if band(name)]))


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
