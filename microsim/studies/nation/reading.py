"""From the YAML file of the national study to what it asks; every offence at once, each with its place."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from microsim.documents import read_document, shown
from microsim.documents.findings import Findings, kind_of
from microsim.documents.nodes import by_language
from microsim.errors import InputError, Offence
from microsim.scenario.lawful import check_against_law
from microsim.scenario.model import LawDate, plain_json
from microsim.studies.nation.grammar import NATION

if TYPE_CHECKING:
    import pandas as pd

RATIOS, STEP, CENTRAL = 11, 1.0, 1.0  # where the file says none


@dataclass(frozen=True)
class Case:
    """One scenario: changes of the law, and the least ratio of the rural line to the urban one."""

    name: str
    title: Mapping[str, str]
    changes: Mapping[str, Any]
    least_ratio: float | None = None

    def title_in(self, language: str) -> str:
        """The title in ``en`` or ``zh``, else in the other language, else the name."""
        return self.title.get(language) or next(iter(self.title.values()), self.name)


@dataclass(frozen=True)
class Unify:
    """One standard ``by`` a year: the county's own additional payment is at most ``cap`` of its revenue.

    ``largest_step``: of the ratio in a year; ``ratios``: points of the grid; ``central``: the share of what
    all counties lack that is split over them; ``revenue_growth``: of own revenue a year, up to ``by``, beyond
    that of lines and incomes.
    """

    by: int
    cap: float
    largest_step: float
    ratios: int
    central: float
    revenue_growth: float = 0.0

    def own_revenue(self, present: NDArray[np.float64], year: int) -> NDArray[np.float64]:
        """Own revenue in the year ``by``, in the money of ``year``, out of that of ``year``."""
        return np.asarray(present * (1.0 + self.revenue_growth) ** (self.by - year))


@dataclass(frozen=True)
class Nation:
    """What a file of the national study asks. The first of ``cases`` is the present."""

    path: Path
    title: Mapping[str, str]
    day: dt.date
    coverage: float
    cases: tuple[Case, ...]
    unify: Unify
    data: Mapping[str, Any] = field(repr=False)

    @property
    def name(self) -> str:
        return self.path.stem

    @property
    def hash(self) -> str:
        """SHA-256 of what the file says; titles, comments and layout do not count."""
        content = {key: value for key, value in self.data.items() if key not in ("title", "description")}
        text = json.dumps(plain_json(content), ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode("utf-8")).hexdigest()

    @property
    def assumptions(self) -> pd.DataFrame:
        """The numbers of the file: name, value, unit, since, source, reference, note."""
        import pandas as pd

        rows = []
        for section in ("coverage", "unify"):
            said = self.data[section]
            for key, given in said.items():
                if key in ("source", "reference"):
                    continue
                own = given if isinstance(given, Mapping) else {**said, "value": given}
                unit = "" if key in ("by", "ratios") else "1"
                name = f"nation.{section}.{key}"
                rows.append((name, str(own["value"]), unit, "", own["source"], own["reference"], ""))
        columns = ["name", "value", "unit", "since", "source", "reference", "note"]
        return pd.DataFrame(rows, columns=columns)

    def title_in(self, language: str) -> str:
        """The title in ``en`` or ``zh``, else in the other language, else the file's name."""
        return self.title.get(language) or next(iter(self.title.values()), self.name)


def read_nation(path: str | os.PathLike[str], *, allow_unusual: bool = False) -> Nation:
    """Read and check a file of the national study.

    ``allow_unusual``: whether values outside the observed range are taken. Raises ``MicrosimError`` naming
    every offence with file, line and column.
    """
    document = read_document(path)
    title = f"{shown(document.path)} cannot be used for the national study"
    data = document.data
    if not isinstance(data, Mapping):
        held = "is empty" if data is None else f"contains a {kind_of(data)}"
        hint = "microsim schema nation says what such a file holds"
        raise InputError(Offence(f"the file {held}", document.place(), hint), title)
    found = Findings(document)
    said = found.check(NATION, data)
    day = said.get("law")
    given = data.get("scenarios")
    cases = tuple(
        _case(found, str(name), one or {}, day, allow_unusual)
        for name, one in (given if isinstance(given, Mapping) else {}).items()
        if isinstance(one, Mapping | None)
    )
    if cases and (cases[0].changes or cases[0].least_ratio is not None):
        hint = "put scenarios: {present: {}, ...} before it"
        found.add(("scenarios", cases[0].name), "the first scenario is the present and changes nothing", hint)
    unify = said.get("unify") or {}
    if day is not None and "by" in unify and unify["by"] <= day.year:
        message = f"unify.by is {unify['by']}, not after the year of the law"
        found.add(("unify", "by"), message, f"a year after {day.year}")
    if found:
        raise InputError(found.offences, title)
    return Nation(
        path=document.path,
        title=by_language(said.get("title")),
        day=day,
        coverage=float(said["coverage"]["share"]),
        cases=cases,
        unify=Unify(
            int(unify["by"]),
            float(unify["cap"]),
            float(unify.get("largest_step", STEP)),
            int(unify.get("ratios", RATIOS)),
            float(unify.get("central", CENTRAL)),
            float(unify.get("revenue_growth", {}).get("value", 0.0)),
        ),
        data=dict(data),
    )


def _case(
    found: Findings, name: str, said: Mapping[str, Any], day: dt.date | None, allow_unusual: bool
) -> Case:
    def add(steps: tuple[Any, ...], message: str, hint: str) -> None:
        found.add(steps if steps == ("law",) else ("scenarios", name, *steps), message, hint)

    law = None if day is None else LawDate(day)
    changes = check_against_law(add, dict(said), law, allow_unusual=allow_unusual)
    ratio = said.get("least_ratio")
    least = float(ratio) if isinstance(ratio, int | float) else None
    return Case(name, by_language(said.get("title")), changes, least)
