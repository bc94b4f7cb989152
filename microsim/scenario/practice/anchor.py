"""``anchor:`` practice held as the law changes: a lever moved so that a calibrated year's caseload is kept.

A county is calibrated under the law of its own year. A later law, laid on the same households, lines and
incomes, changes the caseload at once, before anything else has happened. Where that jump is not what is asked
about, the anchor solves one lever of practice by area so that the recipients of the calibrated scenario stay.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microsim.documents import read_document, shown
from microsim.documents.findings import Findings
from microsim.documents.nodes import Choice, Record, Text
from microsim.errors import InputError, MicrosimError, Offence, did_you_mean
from microsim.scenario.model import LawDate, Scenario

if TYPE_CHECKING:
    from microsim.policy.policy import Policy
    from microsim.population import Population

TAKE_UP, SEEN = "take_up.dibao", "means_test.income_seen"
# Lever -> its least and greatest value, and whether more of it means more recipients.
LEVERS: Mapping[str, tuple[float, float, bool]] = {TAKE_UP: (0.0, 1.0, True), SEEN: (0.2, 3.0, False)}
RULE = "dibao_recipients"
_HALVINGS = 24
_DRAW = "take_up_draw"
KEY = Record(
    en="Hold a calibrated scenario's caseload as the law changes: a lever of practice is solved by area.",
    zh="政策变动时保持已校准方案的保障人数：按城乡求解一个执行环节的取值。",
    null=False,
    required={"scenario": "scenario: h-county-2020.yaml, whose recipients are kept"},
    fields={
        "scenario": Text(
            en="The calibrated scenario whose dibao recipients are kept, a path from this file on.",
            zh="保持其低保人数的已校准方案（相对于本文件的路径）。",
            examples=("h-county-2020.yaml",),
            filled=True,
            null=False,
        ),
        "vary": Choice(
            en="What is moved: take-up of dibao, or the share of incomes that the office sees.",
            zh="调整什么：低保申领率，或可核实收入的比例。",
            names=tuple(LEVERS),
            default=TAKE_UP,
            null=False,
        ),
    },
)


@dataclass(frozen=True)
class Held:
    """A solved anchor: lever by area, recipients kept, recipients without it, and those reached."""

    values: Mapping[str, float]
    kept: Mapping[str, float]
    without: Mapping[str, float]
    reached: Mapping[str, float]


@dataclass(frozen=True, eq=False)
class Anchor:
    """The calibrated scenario, and the lever that keeps its recipients under a later law.

    ``place``: of ``anchor:`` in the scenario's file. ``regime``: what that scenario holds besides.
    """

    base: Scenario
    vary: str
    place: str
    regime: Mapping[str, str]

    def changes_on(self, day: dt.date) -> Mapping[str, Any]:
        """What is laid over the law of ``day``; nothing up to the day of the calibrated scenario."""
        if day <= self.base.day:
            return {}
        return {self.vary: {"by": dict(self.held_on(day).values)}}

    def held_on(self, day: dt.date) -> Held:
        """The lever under the law of ``day``. Raises ``InputError`` where its range does not suffice."""
        if day not in self._solved:
            self._solved[day] = self._solve(day)
        return self._solved[day]

    @cached_property
    def _solved(self) -> dict[dt.date, Held]:
        return {}

    @cached_property
    def _people(self) -> Population:
        return self.base.population()

    def _solve(self, day: dt.date) -> Held:
        low, high, rising = LEVERS[self.vary]
        if self.vary == TAKE_UP and _DRAW in self._people.defaulted:
            message = f"the county's households have no {_DRAW}, by which some claim and others do not"
            hint = f"add the column to its data (a number from 0 to 1, drawn evenly), or vary: {SEEN}"
            raise InputError(Offence(message, self.place, hint))
        law = replace(self.base, law=LawDate(day, known=self.base.law.known), regime=self.regime).policy()
        kept, without = self._recipients(self.base.policy()), self._recipients(law)

        def under(values: Mapping[str, float]) -> Mapping[str, float]:
            return self._recipients(law.reform({self.vary: {"by": dict(values)}}, allow_unusual=True))

        ends = dict.fromkeys(kept, (low, high) if rising else (high, low))  # few, many
        few, many = (under({area: pair[k] for area, pair in ends.items()}) for k in (0, 1))
        offences = [
            Offence(
                f"{self.vary} from {low:g} to {high:g} gives {few[area]:,.0f} to {many[area]:,.0f} "
                f"recipients ({area}) under the law of {day}, and {kept[area]:,.0f} are to be kept",
                self.place,
                f"vary: {next(name for name in LEVERS if name != self.vary)}",
            )
            for area in kept
            if not few[area] <= kept[area] <= many[area]
        ]
        if offences:
            raise InputError(offences)
        found = {area: (pair, (few[area], many[area])) for area, pair in ends.items()}
        for _ in range(_HALVINGS):
            middle = {area: (a + b) / 2.0 for area, ((a, b), _) in found.items()}
            there = under(middle)
            for area, ((a, b), (less, more)) in found.items():
                if there[area] < kept[area]:
                    found[area] = ((middle[area], b), (there[area], more))
                else:
                    found[area] = ((a, middle[area]), (less, there[area]))
        values = {area: _nearest(kept[area], *pair) for area, pair in found.items()}
        return Held(values, kept, without, under(values))

    def _recipients(self, policy: Policy) -> Mapping[str, float]:
        """Dibao recipients of the calibrated year's households by area."""
        return recipients(self._people, policy)


def recipients(population: Population, policy: Policy) -> Mapping[str, float]:
    """Dibao recipients by area."""
    from microsim.simulation import simulate

    found = simulate(population, policy, [RULE], warn=False).total(RULE, by="area")
    return {str(area): float(value) for area, value in found.items()}


def _nearest(aim: float, at: tuple[float, float], given: tuple[float, float]) -> float:
    """The end whose recipients are nearer to the aim: households cross the line one by one."""
    return at[0] if abs(given[0] - aim) < abs(given[1] - aim) else at[1]


def anchor_of(
    found: Findings,
    folder: Path,
    said: Mapping[str, Any] | None,
    load: Callable[[Path], Scenario],
    *,
    law: LawDate | None,
    county: Path | None,
    regime: Mapping[str, str],
    changes: Mapping[str, Any],
    place: str,
) -> Anchor | None:
    """The anchor that a file names; what is wrong with it is added to ``found``."""
    if said is None or not isinstance(said.get("scenario"), str):
        return None
    path, vary = Path(os.path.normpath(folder / said["scenario"])), said.get("vary", TAKE_UP)
    at = ("anchor", "scenario")
    if not path.is_file():
        near = [one.name for one in path.parent.glob("*.yaml")] if path.parent.is_dir() else []
        hint = did_you_mean(path.name, near) or "the path is relative to the file that names it"
        found.add(at, f"no scenario at '{said['scenario']}' ({shown(path)})", hint)
        return None
    if _is_anchored(path):
        found.add(
            at, f"{shown(path)} is anchored itself", "name the scenario that the county is calibrated by"
        )
        return None
    try:
        base = load(path)
    except MicrosimError as error:
        for offence in error.offences:
            found.add(at, f"{offence.place}: {offence.message}", offence.hint)
        return None
    if county is not None and base.county_path.resolve() != county.resolve():
        message = f"the county is {shown(county)}, and {shown(path)} is of {shown(base.county_path)}"
        found.add(at, message, "an anchor is a scenario of the same county")
    if law is not None and not law.follow and law.date <= base.day:
        message = f"the law of {law.date} is no later than that of {shown(path)}, {base.day}"
        found.add(("anchor",), message, "take anchor: out: nothing has changed since the calibration")
    if any(name == vary or name.startswith(f"{vary}.") for name in changes):
        found.add(("anchor",), f"{vary} is solved here and set under changes:", "take one of the two out")
    return Anchor(base, vary, place, dict(regime))


def _is_anchored(path: Path, above: tuple[Path, ...] = ()) -> bool:
    """Whether a file, or one that it is based on, has an anchor."""
    data = read_document(path).data
    if not isinstance(data, dict) or path.resolve() in above:
        return False
    if "anchor" in data:
        return True
    below = path.parent / str(data.get("base"))
    return bool(data.get("base")) and below.is_file() and _is_anchored(below, (*above, path.resolve()))
