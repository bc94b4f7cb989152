"""A county's calibration: what makes the rules give its recipients and expenditure, kept in its folder.

`microsim calibrate` writes the file; every scenario of the county then lays its changes over the law, under
the scenario's own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from microsim.documents import read_document, shown
from microsim.documents.findings import Findings, kind_of
from microsim.documents.nodes import (
    Anything,
    Date,
    Described,
    Items,
    Node,
    Number,
    Record,
    Text,
    by_language,
    localised,
)
from microsim.errors import InputError, Offence
from microsim.scenario.lawful import check_against_law, law_on
from microsim.scenario.model import Calibration, LawDate, Scenario, Way

NAME = "calibration.yaml"


def calibration_file(county: Path) -> Path:
    """Where a county's calibration is: in its folder, or beside its profile."""
    return county / NAME if county.is_dir() else county.with_name(f"{county.stem}.{NAME}")


def _changes() -> Node:
    from microsim.scenario.change_nodes import changes

    return replace(changes(law_on(None)), ref="changes")


CHANGES = Described(
    en="What is laid over the law, under the changes of a scenario.",
    zh="在政策之上、方案调整之下采用的参数取值。",
    node=_changes,
)
CALIBRATION = Record(
    null=False,
    en="A county's calibration, as microsim calibrate writes it.",
    zh="县级校准结果，由microsim calibrate写入。",
    unknown="unknown key '$key' of a calibration",
    required={"law": "law: 2020-12-31", "changes": "changes: {take_up.dibao: 0.8}"},
    missing="a calibration needs '$key'",
    fields={
        "scenario": Text(en="The scenario that it was made for.", zh="校准所依据的方案。"),
        "law": Date(en="The day of the law it was made under.", zh="校准所依据的政策日期。", null=False),
        "way": Text(en="Which of the ways was taken.", zh="采用的校准方式。"),
        "targets": Anything(en="What the office knows, and what is reached.", zh="目标值及校准后的数值。"),
        "changes": CHANGES,
        "others": Items(
            en="Other sets that meet the targets as well.",
            zh="同样符合目标的其他取值组合。",
            item=Record(
                null=False,
                fields={
                    "way": Text(filled=True, null=False),
                    "label": localised("What it is.", "说明。"),
                    "changes": CHANGES,
                    "draws": Record(
                        null=False,
                        filled=True,
                        en="Seeds of the households' draws by area; left out: the draws of the data.",
                        zh="各地区住户随机数的种子；未列出的采用数据中的随机数。",
                        fields=dict.fromkeys(("rural", "urban"), Number(whole=True, least=0, null=False)),
                    ),
                },
                required={"way": "", "changes": ""},
            ),
        ),
    },
)


def read_calibration(path: Path) -> Calibration:
    """The calibration in a file, checked against the law of its day.

    Raises ``InputError`` with every offence at file, line and column.
    """
    document = read_document(path)
    title = f"{shown(path)} cannot be used as a county's calibration"
    hint = "make it anew: microsim calibrate COUNTY, or delete the file"
    if not isinstance(document.data, dict):
        raise InputError(Offence(f"the file holds a {kind_of(document.data)}", document.place(), hint), title)
    found = Findings(document)
    said = found.check(CALIBRATION, document.data)
    law = LawDate(said["law"]) if isinstance(said.get("law"), dt.date) else None
    changes = check_against_law(found.add, {"changes": said.get("changes")}, law, allow_unusual=True)
    ways = []
    for k, other in enumerate(said.get("others") or ()):
        if not isinstance(other, Mapping):
            continue

        def add(steps: tuple[str | int, ...], message: str, hint: str = "", _k: int = k) -> None:
            found.add(("others", _k, *steps), message, hint)

        own = check_against_law(add, {"changes": other.get("changes")}, law, allow_unusual=True)
        draws = dict(other.get("draws") or {})
        ways.append(Way(str(other.get("way")), by_language(other.get("label")), own, draws))
    if found or law is None:
        raise InputError(found.offences, title)
    return Calibration(
        path, law.date, said.get("scenario") or "", changes, tuple(ways), said.get("targets") or {}
    )


def calibration_of(county: Path) -> Calibration | None:
    """The calibration of a county (folder or profile); ``None`` where it has none."""
    path = calibration_file(county)
    return read_calibration(path) if path.is_file() else None


def county_scenario(county: Path) -> Scenario:
    """The law at the end of a county's year on the county, with nothing changed.

    Raises ``InputError`` where there is no such county, or no profile says its year.
    """
    from microsim.population import County

    is_folder = county.is_dir()
    profile = county / "profile.yaml" if is_folder else county
    if not county.exists():
        raise InputError(Offence("no such county", shown(county), "name a population folder or a profile"))
    if not profile.is_file():
        hint = "name a scenario, which says the law: --scenario FILE.yaml"
        raise InputError(Offence("the county has no profile that says its year", shown(county), hint))
    year = County.read(profile).year
    return Scenario(path=profile, name=county.stem, county_path=county, law=LawDate(dt.date(year, 12, 31)))
