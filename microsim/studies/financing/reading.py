"""Financing rules as a file gives them, and those that hold for a county on a day."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microsim.documents import read_document, shown
from microsim.documents.findings import Findings
from microsim.documents.nodes import by_language
from microsim.errors import InputError, Offence, did_you_mean
from microsim.studies.financing.grammar import FACTORS, FINANCING, KINDS, PROFILE
from microsim.studies.financing.rules import Grant, Matching, PerRecipient, Pool, Rule, Share, index_of

if TYPE_CHECKING:
    from microsim.population import County

PACKAGED = Path(__file__).with_name("national.yaml")
_ONE = 1e-9  # by how much weights may miss 1


@dataclass(frozen=True)
class Dated:
    """One rule of a key: the levels' shares from a day on, in a zone or everywhere, with its source."""

    since: dt.date
    zone: str
    levels: Mapping[str, Mapping[str, Any]]
    source: str
    reference: str


@dataclass(frozen=True)
class Key:
    """Programmes that are paid from one source, and the rules about it."""

    name: str
    label: Mapping[str, str]
    programmes: tuple[str, ...]
    rules: tuple[Dated, ...]

    def on(self, day: dt.date, zone: str) -> Dated | None:
        """The latest rule in force; at the same date, that of the zone before that of everywhere."""
        held = [rule for rule in self.rules if rule.since <= day and rule.zone in ("", zone)]
        return max(held, key=lambda rule: (rule.since, rule.zone != ""), default=None)


@dataclass(frozen=True)
class Financing:
    """All financing rules of a file. ``zones``: code of divisions (first digits) -> zone."""

    path: Path
    zones: Mapping[str, str]
    keys: tuple[Key, ...]

    def zone(self, code: str) -> str:
        """The zone of a division: the longest code that fits; empty where none does."""
        fitting = [start for start in self.zones if code.startswith(start)]
        return self.zones[max(fitting, key=len)] if fitting else ""

    def key_of(self, programme: str) -> Key | None:
        """The key that a programme is paid from."""
        return next((key for key in self.keys if programme in key.programmes), None)


def rules_of(said: Mapping[str, Mapping[str, Any]], county: County, year: int) -> dict[str, Rule]:
    """Level -> rule, with the county's own average shares where the file refers to them."""
    return {level: _rule(level, one, county, year) for level, one in said.items()}


def _rule(level: str, said: Mapping[str, Any], county: County, year: int) -> Rule:
    share = said.get("share")
    if share == PROFILE:
        own = county.get(f"public_finance.{PROFILE}")
        share = said.get("without", 0.0) if own is None else own.get(level, 0.0)
    match said["kind"]:
        case "share":
            return Share(float(share or 0.0), said.get("of") == "rest", said.get("up_to"))
        case "per_recipient":
            return PerRecipient(said["amount"])
        case "matching":
            return Matching(said["rate"], said["cap"])
        case "grant":
            return Grant(said.get("amount"), share)
    factors = said.get("factors")
    pairs = [(one["weight"], one["value"]) for one in (factors or {}).values()]
    return Pool(_of_year(said["total"], year), said["others"], index_of(pairs) if factors else None, share)


def _of_year(total: Any, year: int) -> float:
    """The sum of the latest year up to ``year``; of the first one for a year before all."""
    if not isinstance(total, Mapping):
        return float(total)
    years = sorted(map(int, total))
    chosen = max((one for one in years if one <= year), default=years[0])
    return float({int(one): yuan for one, yuan in total.items()}[chosen])


@cache
def packaged() -> Financing:
    """The financing rules that come with the package."""
    return read_financing(PACKAGED)


def read_financing(path: str | os.PathLike[str]) -> Financing:
    """The financing rules of a YAML file.

    Raises ``InputError`` with every offence at file, line and column.
    """
    document = read_document(path, "microsim schema financing says what such a file holds")
    title = f"{shown(Path(path))} cannot be used as financing rules"
    found = Findings(document)
    said = found.check(FINANCING, document.data)
    if said is None:
        message = "the file is empty" if document.data is None else "the file gives no financing rules"
        raise InputError(found.offences or Offence(message, document.place(), "give keys:"), title)
    zones = _zones(said, found)
    keys = tuple(_keys(said, found, set(said.get("zones") or {})))
    if found:
        raise InputError(found.offences, title)
    return Financing(Path(path), zones, keys)


def book_of(said: str | os.PathLike[str] | Financing | None) -> Financing:
    """The rules that are meant: those of a file, or the packaged ones."""
    if said is None:
        return packaged()
    return said if isinstance(said, Financing) else read_financing(said)


def _zones(said: Mapping[str, Any], found: Findings) -> dict[str, str]:
    out: dict[str, str] = {}
    for name, zone in (said.get("zones") or {}).items():
        for k, code in enumerate(zone.get("codes", ())):
            if code in out:
                found.add(
                    ("zones", name, "codes", k),
                    f"code '{code}' is in zone '{out[code]}', too",
                    "leave one out",
                )
            elif code is not None:
                out[code] = name
    return out


def _keys(said: Mapping[str, Any], found: Findings, zones: set[str]) -> Iterator[Key]:
    owner: dict[str, str] = {}
    for name, key in (said.get("keys") or {}).items():
        for k, programme in enumerate(key.get("programmes", ())):
            if programme in owner:
                message = f"'{programme}' is paid from key '{owner[programme]}' already"
                found.add(("keys", name, "programmes", k), message, "a programme is paid from one key")
            owner.setdefault(programme, name)
        rules = []
        for k, rule in enumerate(key.get("rules", ())):
            steps = ("keys", name, "rules", k)
            if rule is None:
                continue
            zone = rule.get("zone", "")
            if zone and zone not in zones:
                hint = did_you_mean(zone, zones) or "describe it under zones:"
                found.add((*steps, "zone"), f"no zone is called '{zone}'", hint)
            _consistent(rule.get("levels", {}), found, (*steps, "levels"))
            if found.clean(*steps):
                rules.append(Dated(rule["since"], zone, rule["levels"], rule["source"], rule["reference"]))
        yield Key(
            name,
            by_language(key.get("label")) or {"en": name, "zh": name},
            tuple(p for p, mine in owner.items() if mine == name),
            tuple(rules),
        )


def _consistent(levels: Mapping[str, Any], found: Findings, steps: tuple[Any, ...]) -> None:
    """What a level says must be what its kind asks for; open shares cannot be more than all."""
    for level, said in levels.items():
        kind = said.get("kind")
        if kind is None:
            continue
        needed, more = KINDS[kind]
        at = (*steps, level)
        for name in needed:
            if name not in said and found.clean(*at, name):
                found.add(
                    at, f"{level} has kind {kind} and no {name}", f"{kind} needs {' and '.join(needed)}"
                )
        for name in said:
            if name not in ("kind", *needed, *more):
                known = ", ".join((*needed, *more))
                found.add((*at, name), f"'{name}' has no effect on kind {kind}", f"{kind} has {known}")
        if said.get("share") == PROFILE and "without" not in said:
            message = f"{level} follows the profile's {PROFILE}, which a profile need not give"
            found.add((*at, "share"), message, "add without: 0.7, the share where it is not given")
        if "without" in said and said.get("share") != PROFILE:
            found.add((*at, "without"), "'without' has no effect", f"it is for share: {PROFILE}")
        if kind == "grant" and ("amount" in said) == ("share" in said):
            found.add(
                at, f"{level}: a grant has an amount or a share of the base's expenditure", "give one of them"
            )
        if kind == "pool":
            _pool(level, said, found, at)
    open_shares = [
        said["share"]
        for said in levels.values()
        if said.get("kind") == "share"
        and said.get("of") != "rest"
        and isinstance(said.get("share"), int | float)
    ]
    if sum(open_shares) > 1 + _ONE:
        message = f"the shares of upper levels add up to {sum(open_shares):.4g}, above 1"
        found.add(steps, message, "the county pays what they leave: lower them, or take 'of: rest'")


def _pool(level: str, said: Mapping[str, Any], found: Findings, at: tuple[Any, ...]) -> None:
    factors = said.get("factors")
    if (factors is None) == ("share" not in said):
        message = f"{level}: the county's part of a pool follows from factors or from its average share"
        found.add(at, message, f"give factors ({', '.join(FACTORS)}), or share")
    weights = [one.get("weight", 0.0) for one in (factors or {}).values()]
    if weights and abs(sum(weights) - 1) > _ONE:
        found.add(
            (*at, "factors"), f"the weights add up to {sum(weights):.4g}, not to 1", "weigh the factors anew"
        )
