"""The nation: what its counties add up to, by province and in all, and what of it rests on whose figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from microsim.outcome import Outcome, flat_name
from microsim.studies.nation.county import CLIFFS, CURVE, MADE
from microsim.studies.nation.county_table import CountyTable
from microsim.studies.nation.filling import AREAS, FILLED, LINES, SOURCES, TABLE, zone_of
from microsim.studies.nation.provinces import paper_ratio, places, province_code
from microsim.studies.nation.reading import Nation
from microsim.studies.nation.unifying import KINDS, Curves, Outlook, order_of_zones, outlook

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

Floats = NDArray[np.float64]
Key = tuple[str, str, str, str]  # scenario, measure, subject, group
GROUPS = (*AREAS, "")
PERSONS, YUAN, SHARE = "persons", "yuan/year", "1"
COLUMNS = ("place", "scenario", "measure", "subject", "group", "value", "unit", "withheld")
_ASKED = (*LINES, "rural_income", "urban_income")


@dataclass(frozen=True)
class Failed:
    """A county of which there are no rows, and why."""

    code: str
    name: str
    reason: str


@dataclass(frozen=True, eq=False, repr=False)
class NationResult(Outcome):
    """All counties that could be made.

    ``rows``: tidy figures by county (``work.COLUMNS``); ``names``: province, city and county by code, of all
    counties of the census that were asked for; ``residents_counted``: residents by code in the census.
    """

    nation: Nation
    rows: pd.DataFrame
    names: pd.DataFrame
    residents_counted: Mapping[str, float] = field(repr=False)
    given: CountyTable
    failed: tuple[Failed, ...]
    unmatched: tuple[str, ...]
    households: int
    seed: int

    @cached_property
    def _values(self) -> tuple[tuple[str, ...], dict[Key, Floats]]:
        """Codes in order, and each figure of all counties, float64[counties]; NaN where a county has none."""
        rows = self.rows
        codes = tuple(code for code in self.names.index if code in set(rows["county"].unique()))
        place = {code: k for k, code in enumerate(codes)}
        at = rows["county"].astype(str).map(place).to_numpy()
        found: dict[Key, Floats] = {}
        keys = ["scenario", "measure", "subject", "group"]
        values = rows["value"].to_numpy()
        for key, where in rows.groupby(keys, observed=True, sort=False).indices.items():
            column = np.full(len(codes), np.nan)
            column[at[where]] = values[where]
            scenario, measure, subject, group = map(str, np.atleast_1d(np.array(key, dtype=object)))
            found[scenario, measure, subject, group] = column
        return codes, found

    @property
    def codes(self) -> tuple[str, ...]:
        """The counties that were made, in the order of the census."""
        return self._values[0]

    def of(self, scenario: str, measure: str, subject: str = "", group: str = "") -> Floats:
        """One figure of all counties, float64[counties]; 0 where a county has none."""
        found = self._values[1].get((scenario, measure, subject, group))
        return np.zeros(len(self.codes)) if found is None else np.nan_to_num(found)

    @cached_property
    def sources(self) -> Mapping[str, NDArray[np.int64]]:
        """Figure -> where each county's is from, as a place in ``filling.SOURCES``."""
        return {name: self.of(MADE, "source", name).astype(np.int64) for name in FILLED}

    @cached_property
    def given_of(self) -> NDArray[np.bool_]:
        """Of each county whether its lines and incomes are the user's."""
        ours = [self.sources[name] == SOURCES.index(TABLE) for name in _ASKED]
        return np.asarray(np.all(ours, axis=0))

    def coverage(self, among: NDArray[np.bool_] | None = None) -> float:
        """The share of residents whose counties' lines and incomes are the user's."""
        people = self.of(MADE, "residents")
        people = people if among is None else np.where(among, people, 0.0)
        whole = float(people.sum())
        return float(people[self.given_of].sum()) / whole if whole else 0.0

    @cached_property
    def donors(self) -> tuple[str, ...]:
        """The archetype that lent each county what the census lacks."""
        names = [key[2] for key in self._values[1] if key[:2] == (MADE, "donor")]
        out = np.full(len(self.codes), "", dtype=object)
        for name in names:
            out[~np.isnan(self._values[1][MADE, "donor", name, ""])] = name
        return tuple(out)

    @property
    def redrawn(self) -> tuple[str, ...]:
        """Counties whose first draw met no weights, so that they were drawn with another seed."""
        return tuple(code for code, k in zip(self.codes, self.of(MADE, "redrawn"), strict=True) if k)

    @cached_property
    def zones(self) -> tuple[str, ...]:
        """The zone of each county: that of the table, else the band of its province."""
        given = (self.given.of(code) for code in self.codes)
        return tuple(map(zone_of, self.codes, self.provinces, given))

    @cached_property
    def provinces(self) -> tuple[str, ...]:
        """The first two digits of the code of each county's province."""
        return tuple(map(province_code, self.codes, self.names.loc[list(self.codes), "province"]))

    @cached_property
    def curves(self) -> Curves:
        """The curve of each county between its present line and the urban one."""
        points = range(self.nation.unify.ratios)
        ratios, extra, gap = (
            np.column_stack([self.of(CURVE, name, str(k)) for k in points])
            for name in ("ratio", "extra", "gap")
        )
        return Curves(self.codes, ratios, extra, gap, self.of(MADE, "revenue"))

    @cached_property
    def outlook(self) -> Outlook:
        """Which counties could have one line in time, and what the others lack."""
        return outlook(self.curves, self.nation.unify, self.nation.day.year)

    @cached_property
    def order(self) -> pd.DataFrame:
        """Zones in the order in which they are ready; see ``order_of_zones``."""
        import pandas as pd

        found = self.outlook
        table = {
            "zone": self.zones,
            "kind": found.kind,
            "residents": self.of(MADE, "residents"),
            "extra": found.curves.extra[:, -1],
            "lacks": found.lacks,
            "revenue": found.curves.revenue,
        }
        return order_of_zones(pd.DataFrame(table))

    @cached_property
    def filled(self) -> pd.DataFrame:
        """figure, source, counties, residents (share): whose figures the counties rest on."""
        import pandas as pd

        people = self.of(MADE, "residents")
        whole = float(people.sum())
        rows = []
        for name, codes in self.sources.items():
            for k, source in enumerate(SOURCES):
                share = float(people[codes == k].sum()) / whole if whole else 0.0
                rows.append((name, source, int((codes == k).sum()), share))
        return pd.DataFrame(rows, columns=["figure", "source", "counties", "residents"])

    # -- tables

    @cached_property
    def counties(self) -> pd.DataFrame:
        """One row a county: names, what it was made of and whose figures these are, and what it could pay."""
        import pandas as pd

        found = self.outlook
        names = self.names.loc[list(self.codes)]
        grid = found.curves.ratios[np.arange(len(self.codes)), found.points]
        columns: dict[str, Any] = {
            "code": self.codes,
            "province": names["province"].to_numpy(),
            "city": names["city"].to_numpy(),
            "county": names["county"].to_numpy(),
            "zone": self.zones,
            "labels": ["; ".join(self.given.of(code).labels) for code in self.codes],
            "donor": self.donors,
            **{f"residents_{area}": self.of(MADE, "residents", "", area) for area in AREAS},
            "residents": self.of(MADE, "residents"),
        }
        for name in FILLED:
            columns[name] = self.of(MADE, name)
            columns[f"{name}_source"] = [SOURCES[k] for k in self.sources[name]]
        first = self.nation.cases[0].name
        people = np.maximum(columns["residents"], 1.0)
        columns |= {
            "ratio": found.curves.ratios[:, 0],
            "recipients_share": self.of(first, "caseload", "dibao") / people,
            "dibao_per_resident": self.of(first, "cost", "dibao") / people,
            "one_line_burden": found.burden,
            "outlook": found.kind,
            "lacking_share": np.divide(
                found.lacks, found.curves.extra[:, -1], out=np.zeros(len(people)), where=found.lacks > 0
            ),
            "ratio_in_reach": found.reach,
            "ratio_with_central_money": grid,
            "facing_notch": self.of(CLIFFS, "facing_notch"),
        }
        return pd.DataFrame(columns)

    def place(self, name: str, among: NDArray[np.bool_]) -> list[tuple[Any, ...]]:
        """``COLUMNS`` of a group of counties: sums of money and people only where they are estimates."""
        covered = self.coverage(among) >= self.nation.coverage
        rows: list[tuple[Any, ...]] = []

        def total(scenario: str, measure: str, subject: str = "", group: str = "") -> float:
            return float(self.of(scenario, measure, subject, group)[among].sum())

        def add(scenario: str, measure: str, subject: str, group: str, value: float, unit: str) -> None:
            held = not covered and unit in (PERSONS, YUAN) and measure in ("caseload", "cost")
            rows.append((name, scenario, measure, subject, group, np.nan if held else value, unit, held))

        people = {group: total(MADE, "residents", "", group) for group in GROUPS}
        for group, value in people.items():
            add("", "residents", "", group, value, PERSONS)
        add("", "counties", "", "", float(among.sum()), "counties")
        add("", "coverage", "", "", self.coverage(among), SHARE)
        first, revenue = self.nation.cases[0].name, total(MADE, "revenue")
        for case in self.nation.cases:
            one = case.name
            for area in AREAS:
                lines = self.of(one, "line", "dibao", area)[among]
                add(one, "mean_line", "", area, float(lines.mean()), YUAN)
            rural, urban = (float(self.of(one, "line", "dibao", area)[among].mean()) for area in AREAS)
            add(one, "ratio_of_lines", "", "", urban / rural, SHARE)
            for group in GROUPS:
                held = total(one, "caseload", "dibao", group)
                add(one, "caseload", "dibao", group, held, PERSONS)
                add(one, "resident_share", "dibao", group, _ratio(held, people[group]), SHARE)
                for subject in ("dibao", "total"):
                    paid, before = (total(s, "cost", subject, group) for s in (one, first))
                    add(one, "cost", subject, group, paid, YUAN)
                    if one != first:
                        add(one, "times_present", subject, group, _ratio(paid, before), SHARE)
                for subject in ("poor", "below"):
                    counted = total(one, "counted", subject, group)
                    add(one, "poverty", subject, group, _ratio(counted, people[group]), SHARE)
            add(one, "revenue_share", "total", "", _ratio(total(one, "cost", "total"), revenue), SHARE)
        rows += self._of_cliffs(name, among)
        return rows

    def _of_cliffs(self, name: str, among: NDArray[np.bool_]) -> Iterable[tuple[Any, ...]]:
        """Shares of the members walked, and the mean loss of those who face a notch."""
        for group in GROUPS:
            walked = self.of(CLIFFS, "members_walked", "", group)[among]
            if not walked.sum():
                continue
            facing = self.of(CLIFFS, "facing_notch", "", group)[among]
            loss = self.of(CLIFFS, "mean_loss", "", group)[among]
            for measure in ("facing_notch", "facing_notch_within_1000", "share_in_dead_zone"):
                share = float((self.of(CLIFFS, measure, "", group)[among] * walked).sum() / walked.sum())
                yield (name, "", f"cliffs.{measure}", "", group, share, SHARE, False)
            mean = _ratio(float((loss * facing * walked).sum()), float((facing * walked).sum()))
            yield (name, "", "cliffs.mean_loss", "", group, mean, YUAN, False)

    @cached_property
    def by_province(self) -> pd.DataFrame:
        """``COLUMNS`` of each province; ``place`` is its code."""
        import pandas as pd

        own = np.array(self.provinces)
        rows = [row for code in dict.fromkeys(self.provinces) for row in self.place(code, own == code)]
        return pd.DataFrame(rows, columns=list(COLUMNS))

    @cached_property
    def table(self) -> pd.DataFrame:
        """``COLUMNS`` of all counties together; ``place`` is empty."""
        import pandas as pd

        everywhere = np.ones(len(self.codes), dtype=bool)
        return pd.DataFrame(self.place("", everywhere), columns=list(COLUMNS))

    @property
    def ratio_of_lines(self) -> float:
        """The mean urban line over the mean rural one, over counties as they are."""
        rural, urban = (float(self.of(MADE, name).mean()) for name in LINES)
        return urban / rural

    @property
    def residents_missed(self) -> float:
        """By what share the residents of the counties made differ from those of their census rows."""
        counted = sum(self.residents_counted[code] for code in self.codes)
        return abs(float(self.of(MADE, "residents").sum()) - counted) / max(counted, 1.0)

    @property
    def summary(self) -> dict[str, dict[str, Any]]:
        """``nation.one-line.times_present.dibao`` and the like; what is withheld is left out."""
        out: dict[str, dict[str, Any]] = {}
        for _, scenario, measure, subject, group, value, unit, withheld in self.table.to_numpy().tolist():
            if not withheld:
                name = flat_name("nation", scenario, measure, subject, group)
                out[name] = {"value": float(value), "unit": unit}
        out["nation.failed"] = {"value": len(self.failed), "unit": "counties"}
        out["nation.paper.ratio_of_lines"] = {"value": paper_ratio(), "unit": SHARE}
        for kind in KINDS:
            count = self.outlook.kind.count(kind)
            out[f"nation.unify.{kind}"] = {"value": count, "unit": "counties"}
        return out

    @property
    def headline(self) -> str:
        """How many counties, whose figures, and how many could pay for one line themselves."""
        ready = sum(kind in ("unified", "own") for kind in self.outlook.kind)
        return (
            f"{len(self.codes)} counties, {self.coverage():.0%} of residents with their own lines and "
            f"incomes; {ready} have one line or could pay for it by {self.nation.unify.by}"
        )


def nation_result(
    nation: Nation,
    tables: Iterable[pa.Table],
    names: pd.DataFrame,
    residents: Mapping[str, float],
    given: CountyTable,
    *,
    failed: Iterable[Failed] = (),
    households: int,
    seed: int,
) -> NationResult:
    """The result of the rows of all counties. ``names``: province, city, county by code, as in the census."""
    import pyarrow as pa

    joined = pa.concat_tables(list(tables)).unify_dictionaries()
    rows = joined.to_pandas()
    unmatched = tuple(given.unmatched(tuple(names.index)))
    return NationResult(nation, rows, names, residents, given, tuple(failed), unmatched, households, seed)


def province_name(code: str, lang: str) -> str:
    """The province's short name in ``en`` or ``zh``; its code where it is not known."""
    place = places().get(code)
    return code if place is None else place.name[lang]


def _ratio(above: float, below: float) -> float:
    return above / below if below else float("nan")
