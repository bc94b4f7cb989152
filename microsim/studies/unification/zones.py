"""Zones of counties that set out on the same path one after the other, each county from its own ratio."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from microsim.errors import InputError, MicrosimError, Offence
from microsim.outcome import Outcome, flat_name, worded
from microsim.policy.paths.reading import YEARLY
from microsim.scenario.unification.nodes import OWN
from microsim.studies.unification.scenario_file import (
    UNIFY,
    WHAT,
    carries_status,
    law_and_ratio,
    paths_of,
)
from microsim.studies.unification.study import COLUMNS, Unification, unify
from microsim.studies.unification.year import RURAL

if TYPE_CHECKING:
    import pandas as pd

    from microsim.scenario import Scenario

Progress = Callable[[str], None]
# Measures that add up over counties.
ADDED = ("cost", "extra_cost", "automatic_cost", "caseload", "paid", "extra_paid", "revenue", "poverty_gap")


@dataclass(frozen=True)
class Member:
    """A county of a zone: its name in tables, and its study."""

    zone: str
    start: int
    name: str
    study: Unification


@dataclass(frozen=True, eq=False, repr=False)
class Zones(Outcome):
    """The studies of all counties, zone by zone; ``labels``: zone -> what it is called, by language."""

    members: tuple[Member, ...]
    labels: Mapping[str, Mapping[str, str]]
    years: tuple[int, ...]

    @cached_property
    def table(self) -> pd.DataFrame:
        """zone, county and the columns of ``ms.unify``.

        An empty county is the zone (figures that add up alone), an empty zone all of them.
        """
        import pandas as pd

        each = pd.concat(
            [one.study.table.assign(zone=one.zone, county=one.name) for one in self.members],
            ignore_index=True,
        )
        each = each[["zone", "county", *COLUMNS]]
        added = each[each["measure"].isin(ADDED)]
        keys = ["path", "year", "measure", "subject", "group", "unit"]
        zones = added.groupby(["zone", *keys], as_index=False, sort=False)["value"].sum().assign(county="")
        whole = added.groupby(keys, as_index=False, sort=False)["value"].sum().assign(zone="", county="")
        table: pd.DataFrame = pd.concat([each, zones[each.columns], whole[each.columns]], ignore_index=True)
        return table

    @cached_property
    def values(self) -> dict[tuple[str, str, str, int, str], float]:
        """(zone, county, path, year, ``extra_cost.total``) -> value."""
        return {
            (zone, county, path, year, flat_name(measure, subject, group)): value
            for zone, county, path, year, measure, subject, group, value, _ in self.table.itertuples(
                index=False, name=None
            )
        }

    @property
    def summary(self) -> dict[str, dict[str, Any]]:
        """``zones.all.unify.2027.extra_cost.total``, ``zones.near.h-county.unify.2027.cost.total``."""
        return {
            flat_name("zones", zone or "all", county, path, str(year), measure, subject, group): {
                "value": value,
                "unit": unit,
            }
            for zone, county, path, year, measure, subject, group, value, unit in self.table.itertuples(
                index=False, name=None
            )
        }

    @property
    def headline(self) -> str:
        """What all zones cost more than their present ratios in the last year."""
        last = self.years[-1]
        extra = self.values["", "", UNIFY, last, "extra_cost.total"]
        return f"{self.years[0]} to {last}, {len(self.members)} counties; {worded(extra, 'yuan/year')} more"


def unify_zones(scenario: Scenario, progress: Progress = lambda text: None) -> Zones:
    """The study of a scenario's ``zones:``.

    The path of the rural line begins in each zone in the year that it names, from each county's own ratio; no
    county's ratio falls. Each county has the law and households of its own scenario file; years, growth and
    rules of financing are those of ``scenario``. Raises ``MicrosimError`` with every offence.
    """
    from microsim.scenario import load_scenario

    scenario.refuse_budget(WHAT)
    paths, _ = paths_of(scenario)
    _refuse_other_paths(scenario, paths)
    years = scenario.years
    assert years is not None, "paths_of refuses a scenario without years"
    members, carries = list[Member](), carries_status(scenario)
    for zone, said in scenario.zones.items():
        for k, one in enumerate(said["counties"]):
            there = scenario if one == OWN else load_scenario(one)
            progress(there.name)
            place = scenario.place("zones", zone, "counties", k)
            policy, ratio = law_and_ratio(there)
            changes = {RURAL: shifted(paths[UNIFY][RURAL], said["start"], ratio)}
            try:
                study = unify(
                    there.population_as_given(),
                    policy,
                    there.county,
                    {UNIFY: changes},
                    years,
                    economy=scenario.economy,
                    follow=there.law.follow,
                    within_year=scenario.within_year,
                    allow_unusual=True,
                    financing=scenario.financing.get("rules"),
                    price_parity=scenario.unification.get("price_parity"),
                    cliffs=bool(scenario.unification.get("cliffs", False)),
                    carry_status=carries,
                )
            except MicrosimError as error:
                offences = [Offence(f"{there.name}: {o.message}", place, o.hint) for o in error.offences]
                raise InputError(offences, title=error.title) from None
            members.append(Member(zone, said["start"], there.name, study))
    labels = {name: said["label"] for name, said in scenario.zones.items()}
    return Zones(tuple(members), labels, members[0].study.years)


def _refuse_other_paths(scenario: Scenario, paths: Mapping[str, Mapping[str, Any]]) -> None:
    """Raise ``InputError`` where a scenario with zones has paths beside that of the rural line."""
    hint = f"zones follow the path of {RURAL} alone; take it out"
    offences = [
        Offence(f"no zone would follow path {name}", scenario.place("unification", "paths", name), hint)
        for name in paths
        if name != UNIFY
    ]
    offences += [
        Offence(f"no zone would follow the path of {name}", scenario.place("changes", name), hint)
        for name in paths[UNIFY]
        if name != RURAL
    ]
    if offences:
        raise InputError(offences, title=f"{scenario.path.name} has paths that cannot be followed")


def shifted(change: Mapping[str, Any], start: int, ratio: float) -> dict[str, Any]:
    """A path that begins in the year ``start`` from a county's own ``ratio``, below which it never is.

    >>> path = {"path": "linear", "ratio_to": "dibao.line.urban", "from": {2021: 0.6}, "to": {2024: 1.0}}
    >>> shifted(path, 2023, 0.8)["from"], shifted(path, 2023, 0.8)["to"]
    ({2023: 0.8}, {2026: 1.0})
    """
    first = min(int(year) for key in YEARLY for year in change.get(key, {}))
    later = start - first
    out = dict(change)
    for key in YEARLY:
        if key in change:
            out[key] = {
                int(year) + later: ratio if int(year) == first and key != "to" else max(float(number), ratio)
                for year, number in change[key].items()
            }
    if "hold" in change:
        out["hold"] = int(change["hold"]) + later
    if change["path"] in ("catch_up", "conditional"):
        out["until"] = max(float(change.get("until", 1.0)), ratio)
    return out
