"""A county's ensemble: sets of assumptions that give its caseload and expenditure alike (``ensemble.yaml``).

``python -m microsim.studies.caseload PROFILE --ensemble K`` makes the file. A scenario with ``ensemble:`` is
run under each of the sets, and its figures carry their range.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from microsim.documents import read_document, shown
from microsim.documents.findings import Findings, kind_of
from microsim.documents.nodes import AnyOf, Anything, Choice, Date, Items, Node, Number, Record, Text
from microsim.errors import InputError, Offence
from microsim.scenario.calibration import CHANGES
from microsim.scenario.economy import AREAS
from microsim.scenario.lawful import check_against_law
from microsim.scenario.model import LawDate, Member

NAME = "ensemble.yaml"
ALL = "all"
LEAST = 2
_MAKE = "make it: python -m microsim.studies.caseload PROFILE.yaml --ensemble 24"
_LEAST_WORDS = "an ensemble has at least two members"
KEY = AnyOf(
    en="Run under this many of the county's sets of assumptions that fit equally well, or under all; figures "
    "carry their range.",
    zh="采用该县若干组（或all，全部）同样符合目标的假设取值分别测算，结果列出其范围。",
    options=(
        Choice(names=(ALL,), null=False),
        Number(whole=True, least=LEAST, null=False, bounds=_LEAST_WORDS),
    ),
    wrong="'ensemble' is all or a number of sets, not $shown",
    hint="ensemble: all",
    null=False,
)


def _figures_seen() -> Mapping[str, Node]:
    """What a set can say of the county: all else is in the households, and cannot be made anew."""
    from microsim.population.synthesis.seen import FIGURE, PARTS

    return {f"{FIGURE}.{area}.{part}": Number(null=False) for area in AREAS for part in PARTS}


ENSEMBLE = Record(
    null=False,
    en="A county's ensemble of calibrations, as microsim.studies.caseload writes it.",
    zh="县级校准组合，由microsim.studies.caseload写入。",
    unknown="unknown key '$key' of an ensemble",
    required={"law": "law: 2020-12-31", "members": "members: [{name: calibration, changes: {...}}]"},
    missing="an ensemble needs '$key'",
    fields={
        "law": Date(en="The day of the law it was made under.", zh="校准所依据的政策日期。", null=False),
        "variant": Text(en="Which variant of the levers was taken.", zh="采用的调整项变体。"),
        "members": Items(
            en="Sets that meet the targets; the first is the county's calibration.",
            zh="符合目标的各组取值，第一组为该县的校准。",
            least=LEAST,
            null=False,
            item=Record(
                null=False,
                required={"name": "", "county": "", "changes": ""},
                fields={
                    "name": Text(filled=True, null=False),
                    "county": Record(
                        en="Figures of the county's profile.",
                        zh="县情资料中的取值。",
                        fields=_figures_seen,
                        unknown="a set cannot give another '$key': households are made anew under another "
                        "share of income seen alone",
                        null=False,
                    ),
                    "changes": CHANGES,
                    "misses": Anything(
                        en="By how much each target is missed, as a share of it.", zh="与各目标的相对误差。"
                    ),
                },
            ),
        ),
    },
)


def ensemble_file(county: Path) -> Path:
    """Where a county's ensemble is: in its folder, or beside its profile.

    Beside ``profile.yaml`` it is ``ensemble.yaml``: the profile may be that of a folder of households. Beside
    any other ``x.yaml`` it is ``x.ensemble.yaml``.
    """
    if county.is_dir():
        return county / NAME
    return county.with_name(NAME if county.name == "profile.yaml" else f"{county.stem}.{NAME}")


def members_of(found: Findings, county: Path | None, said: Any) -> tuple[Member, ...]:
    """The members that ``ensemble:`` asks for; what is wrong is added to ``found`` at that key."""
    if said is None or county is None or not found.clean("ensemble"):
        return ()
    path = ensemble_file(county)
    if not path.is_file():
        found.add(("ensemble",), f"the county has no ensemble ({shown(path)})", _MAKE)
        return ()
    try:
        members = read_ensemble(path)
    except InputError as error:
        for offence in error.offences:
            found.add(("ensemble",), f"{offence.place}: {offence.message}", offence.hint)
        return ()
    if said != ALL and said > len(members):
        message = f"{said} members are asked for, and {shown(path)} has {len(members)}"
        found.add(("ensemble",), message, f"ensemble: {ALL}, or {_MAKE}")
        return ()
    return members if said == ALL else members[:said]


def read_ensemble(county: str | Path) -> tuple[Member, ...]:
    """The sets of a county's folder (or of a file), checked against the law of their day.

    Each is a set of assumptions that meets the county's targets as well as the first, which is its
    calibration. Raises ``FileError`` where there is none, ``InputError`` with every offence at file, line and
    column.
    """
    path = Path(county)
    path = ensemble_file(path) if path.is_dir() else path
    document = read_document(path)
    title = f"{shown(path)} cannot be used as a county's ensemble"
    if not isinstance(document.data, dict):
        raise InputError(
            Offence(f"the file holds a {kind_of(document.data)}", document.place(), _MAKE), title
        )
    found = Findings(document)
    said = found.check(ENSEMBLE, document.data)
    law = LawDate(said["law"]) if isinstance(said.get("law"), dt.date) else None
    members: list[Member] = []
    for k, one in enumerate(said.get("members") or ()):
        if not isinstance(one, Mapping):
            continue

        def add(steps: tuple[str | int, ...], message: str, hint: str = "", _k: int = k) -> None:
            found.add(("members", _k, *steps), message, hint)

        changes = check_against_law(add, {"changes": one.get("changes")}, law, allow_unusual=True)
        first = members[0].changes if members else changes
        members.append(
            Member(
                str(one.get("name")),
                dict(one.get("county") or {}),
                changes,
                dict(one.get("misses") or {}),
                first,
            )
        )
        absent = sorted(set(first) ^ set(changes))
        if absent:
            message = f"each set changes the same parameters as the first; differing: {', '.join(absent)}"
            found.add(("members", k, "changes"), message)
    if found or law is None:
        raise InputError(found.offences, title)
    return tuple(members)
