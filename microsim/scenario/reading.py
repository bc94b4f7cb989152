"""From the YAML file to a checked :class:`Scenario`: every offence at once, each with its place."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from microsim.documents import Document, Step, read_document, reason, shown
from microsim.errors import InputError, Offence, did_you_mean
from microsim.scenario.grammar import (
    DEFAULT_OUTPUTS,
    ECONOMY,
    GROWTH_RANGE,
    KEYS,
    LANGUAGES,
    OUTPUTS,
    REQUIRED,
    YEAR_RANGE,
)
from microsim.scenario.lawful import check_against_law, law_on
from microsim.scenario.model import LawDate, Scenario


class Findings:
    """Offences in one document, kept in the order of the file."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._found: list[tuple[tuple[int, int], Offence]] = []

    def add(self, steps: tuple[Step, ...], message: str, hint: str = "") -> None:
        place = self.document.place(*steps)
        line, column = (int(part) for part in place.rsplit(":", 2)[-2:])
        self._found.append(((line, column), Offence(message, place, hint)))

    def __bool__(self) -> bool:
        return bool(self._found)

    @property
    def offences(self) -> list[Offence]:
        return [offence for _, offence in sorted(self._found, key=lambda item: item[0])]


def load_scenario(path: str | os.PathLike[str]) -> Scenario:
    """Read and check a scenario file.

    Raises ``MicrosimError`` naming every offence with file, line and column: unknown keys, parameters,
    programmes, categories and outputs, values of the wrong kind, impossible dates and years, a county that is
    not there.
    """
    return scenario_from(read_document(path, "microsim init DIR makes a folder with scenarios and a county"))


def scenario_from(document: Document) -> Scenario:
    """The scenario a parsed document describes; errors as for :func:`load_scenario`."""
    title = f"{shown(document.path)} cannot be used as a scenario"
    data = document.data
    if not isinstance(data, dict):
        found = "is empty" if data is None else f"contains a {_kind(data)}"
        hint = "a scenario is a list of keys with values, at least county: and law:"
        raise InputError(Offence(f"the file {found}", document.place(), hint), title)
    if "scenario" in data and ("axes" in data or "cases" in data):
        hint = f"run it with: microsim sweep {shown(document.path)}"
        raise InputError(
            Offence("the file is a sweep, not one scenario", document.place("scenario"), hint), title
        )
    found_in = Findings(document)
    _unknown(found_in, (), data, KEYS, "key")
    for key, hint in REQUIRED.items():
        if key not in data:
            found_in.add((), f"'{key}' is missing", hint)
        elif data[key] is None:
            found_in.add((key,), f"'{key}' is empty", hint)
    years = _years(found_in, data.get("years"))
    law = _law(found_in, data.get("law"), years)
    county = _county(found_in, data.get("county"))
    titles = {key: _text(found_in, key, data.get(key)) for key in ("title", "description")}
    unusual = _unusual(found_in, data.get("unusual"))
    economy = _economy(found_in, data.get("economy"))
    outputs = _outputs(found_in, data.get("outputs"))
    changes = check_against_law(found_in.add, data, law)
    if found_in or law is None or county is None:
        raise InputError(found_in.offences, title)
    return Scenario(
        path=document.path,
        name=document.path.stem,
        county_path=county,
        law=law,
        title=titles["title"],
        description=titles["description"],
        years=years,
        regime=dict(data.get("regime") or {}),
        changes=changes,
        unusual=unusual,
        economy=economy,
        outputs=outputs,
        data=data,
    )


def _kind(value: Any) -> str:
    names = {
        bool: "yes/no",
        int: "number",
        float: "number",
        str: "text",
        list: "list",
        dict: "mapping",
        type(None): "nothing",
    }
    if isinstance(value, dt.date):
        return "date"
    return names.get(type(value), type(value).__name__)


def _unknown(
    found: Findings, steps: tuple[Step, ...], given: Mapping[Any, Any], allowed: tuple[str, ...], word: str
) -> None:
    for key in given:
        if key not in allowed:
            hint = did_you_mean(str(key), allowed) or f"known: {', '.join(allowed)}"
            found.add((*steps, key), f"no such {word} '{key}'", hint)


def _text(found: Findings, key: str, value: Any) -> dict[str, str]:
    """Text in one language or two: ``title: Unify`` or ``title: {en: Unify, zh: ...}``."""
    if value is None:
        return {}
    if isinstance(value, str):
        return {"en": value}
    if not isinstance(value, dict):
        found.add(
            (key,),
            f"'{key}' must be text or {{en: ..., zh: ...}}, found {_kind(value)}",
            "put the text in quotes",
        )
        return {}
    _unknown(found, (key,), value, LANGUAGES, "language")
    for language, text in value.items():
        if not isinstance(text, str):
            found.add(
                (key, language), f"{key}.{language} must be text, found {_kind(text)}", "put it in quotes"
            )
    return {str(k): v for k, v in value.items() if isinstance(v, str)}


def _years(found: Findings, value: Any) -> tuple[int, int] | None:
    if value is None:
        return None
    example = "write [first, last], for example years: [2021, 2030]"
    if not isinstance(value, list) or len(value) != 2 or not all(type(year) is int for year in value):
        found.add(("years",), "'years' must be two whole years", example)
        return None
    first, last = value
    low, high = YEAR_RANGE
    if not all(low <= year <= high for year in value):
        found.add(("years",), f"years {first} to {last} are outside {low} to {high}", example)
        return None
    if first > last:
        found.add(
            ("years",),
            f"years are out of order: {first} comes after {last}",
            f"write years: [{last}, {first}]",
        )
        return None
    return (first, last)


def _date(found: Findings, steps: tuple[Step, ...], value: Any) -> dt.date | None:
    hint = "write a full date, for example 2020-12-31"
    if isinstance(value, dt.datetime):
        found.add(steps, f"'{value.isoformat()}' is a time, not a date", hint)
        return None
    if isinstance(value, dt.date):
        return value
    if isinstance(value, str):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            found.add(steps, f"'{value}' is not a date", hint)
            return None
    found.add(steps, f"a date is needed here, found {_kind(value)} '{value}'", hint)
    return None


def _law(found: Findings, value: Any, years: tuple[int, int] | None) -> LawDate | None:
    if value is None:
        return None
    if not isinstance(value, dict):
        date = _date(found, ("law",), value)
        return LawDate(date) if date else None
    _unknown(found, ("law",), value, ("date", "follow"), "key in law:")
    follow = value.get("follow", False)
    if type(follow) is not bool:
        found.add(
            ("law", "follow"),
            f"'follow' must be true or false, found {_kind(follow)} '{follow}'",
            "write follow: true",
        )
        return None
    if "date" in value:
        date = _date(found, ("law", "date"), value["date"])
        return LawDate(date, follow) if date else None
    if follow and years:
        return LawDate(dt.date(years[0], 12, 31), follow)
    hint = "write law: {date: 2020-12-31, follow: true}, or name the years: [2021, 2030] to follow"
    found.add(("law",), "law: has no date" + (" and there are no years: to follow" if follow else ""), hint)
    return None


def _county(found: Findings, value: Any) -> Path | None:
    if value is None:
        return None
    if not isinstance(value, str) or not value.strip():
        found.add(
            ("county",), f"'county' must be the path of a folder or a profile, found {_kind(value)} '{value}'"
        )
        return None
    path = Path(os.path.normpath(found.document.path.parent / value))
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        pass
    except (OSError, ValueError) as error:  # a name too long, a letter no name may have, a folder not ours
        found.add(("county",), f"'{value[:80]}' cannot be read: {reason(error)}")
        return None
    if path.is_dir():
        if any(path.glob("*.parquet")) or any(path.glob("households*")):
            return path
        if (path / "profile.yaml").is_file():
            hint = f"make one with: microsim synth {shown(path / 'profile.yaml')} --out {shown(path)}"
            found.add(
                ("county",), f"the folder '{value}' has a profile but no population ({shown(path)})", hint
            )
        else:
            found.add(
                ("county",),
                f"the folder '{value}' contains no population ({shown(path)})",
                "make one with: microsim synth",
            )
        return None
    if path.exists():
        if path.suffix in (".yaml", ".yml"):
            return path
        found.add(("county",), f"'{value}' is neither a population folder nor a profile (.yaml)")
        return None
    near = (
        did_you_mean(path.name, [item.name for item in path.parent.iterdir()]) if path.parent.is_dir() else ""
    )
    made = "microsim synth makes a county, microsim init copies one"
    hint = near or f"the path is relative to the scenario file; {made}"
    found.add(("county",), f"no county at '{value}' ({shown(path)})", hint)
    return None


def _economy(found: Findings, value: Any) -> dict[str, float]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        found.add(
            ("economy",),
            f"'economy' must be a mapping of growth rates, found {_kind(value)}",
            f"known: {', '.join(ECONOMY)}",
        )
        return {}
    _unknown(found, ("economy",), value, tuple(ECONOMY), "growth rate")
    low, high = GROWTH_RANGE
    for key, rate in value.items():
        if type(rate) not in (int, float):
            found.add(
                ("economy", key),
                f"economy.{key} must be a number, found {_kind(rate)} '{rate}'",
                "6 % a year is 0.06",
            )
        elif not low <= rate <= high:
            found.add(
                ("economy", key), f"economy.{key} is {rate}, outside {low} to {high}", "6 % a year is 0.06"
            )
    return {str(k): float(v) for k, v in value.items() if type(v) in (int, float)}


def _unusual(found: Findings, value: Any) -> tuple[str, ...]:
    """Names of parameters whose values are meant, though outside the range seen."""
    if value is None:
        return ()
    if not isinstance(value, list):
        example = "unusual: [means_test.work_cost_rate]"
        found.add(("unusual",), "'unusual' must be a list of parameters", example)
        return ()
    known = law_on(None).parameters
    for index, name in enumerate(value):
        if not isinstance(name, str) or name not in known:
            hint = did_you_mean(str(name), known) or "microsim params lists them"
            found.add(("unusual", index), f"no such parameter '{name}'", hint)
    return tuple(str(name) for name in value)


def _outputs(found: Findings, value: Any) -> tuple[str, ...]:
    if value is None:
        return DEFAULT_OUTPUTS
    if not isinstance(value, list) or not value:
        found.add(
            ("outputs",), "'outputs' must be a list", f"for example outputs: [{', '.join(DEFAULT_OUTPUTS)}]"
        )
        return ()
    for index, name in enumerate(value):
        if not isinstance(name, str) or name not in OUTPUTS:
            hint = did_you_mean(str(name), OUTPUTS) or f"known: {', '.join(OUTPUTS)}"
            found.add(("outputs", index), f"no such output '{name}'", hint)
        elif name in value[:index]:
            found.add(("outputs", index), f"output '{name}' is given twice", "leave one of them out")
    return tuple(str(name) for name in value)
