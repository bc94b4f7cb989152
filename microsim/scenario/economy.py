"""How a county's money gets from the year of its figures to another: growth that is stated, or national."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from microsim.documents.findings import Findings
from microsim.documents.nodes import Record
from microsim.errors import InputError, Offence
from microsim.scenario.grammar import ECONOMY, HELD
from microsim.scenario.outlook.default_path import afterwards, default_path
from microsim.scenario.outlook.nodes import said as keys
from microsim.scenario.outlook.outlook import Outlook, check_outlook

if TYPE_CHECKING:
    from microsim.policy.policy import Policy
    from microsim.population import County

INCOMES, PRICES, REVENUE, URBAN_LINE = "income_growth", "price_growth", "revenue_growth", "urban_line_growth"
WAGES, BUSINESS, PROPERTY, TRANSFERS = "wage_growth", "business_growth", "property_growth", "transfer_growth"
PENSIONS, BASIC_PENSION, CONTRIBUTIONS = "pension_growth", "basic_pension_growth", "contribution_growth"
RURAL_LINE, LIVING_COSTS, POSTS = "rural_line_growth", "living_cost_growth", "post_growth"
# What grows as incomes do where nothing else is said of it.
AS_INCOMES = (PRICES, WAGES, BUSINESS, PROPERTY, TRANSFERS, PENSIONS, BASIC_PENSION, CONTRIBUTIONS)
AREAS = ("rural", "urban")  # of which national statistics give incomes
EVERYWHERE = ""  # one factor for all areas
LINE, RURAL, URBAN = "dibao.line", "dibao.line.rural", "dibao.line.urban"


@dataclass(frozen=True)
class NationalIncome:
    """Disposable income per head of one year by area, yuan a year, and where the figure is from."""

    by_area: Mapping[str, float]
    source: str
    reference: str


@cache
def national_incomes() -> Mapping[int, NationalIncome]:
    """The national averages of ``incomes.yaml``, by year."""
    from microsim.documents import read_document

    rows = read_document(Path(__file__).with_name("incomes.yaml")).data
    return {
        int(year): NationalIncome({area: float(row[area]) for area in AREAS}, row["source"], row["reference"])
        for year, row in rows.items()
    }


@dataclass(frozen=True)
class Economy:
    """What a scenario says under ``economy:``.

    ``rates``: growth a year, as shares; ``series``: growth into each year, where it differs between years
    (it holds until the next one named, and before the first named one too); ``held``: ``economy: none``, all
    money stays that of the county's own year. Incomes whose growth is not stated follow the national averages
    of their area; a source of income, pensions and contributions follow incomes, and spending follows prices,
    or incomes where no growth of prices is stated; revenue and the lines grow only as stated. ``outlook``:
    what a projection adds. ``beyond``: whether national incomes go on after the last known year, as the
    default path says, in place of being refused.
    """

    rates: Mapping[str, float] = field(default_factory=dict)
    held: bool = False
    series: Mapping[str, Mapping[int, float]] = field(default_factory=dict)
    outlook: Outlook = field(default_factory=Outlook)
    beyond: bool = False

    @classmethod
    def of(cls, said: Mapping[str, Any] | str | Economy | None) -> Economy:
        """From a mapping of rates, ``"none"``, or nothing. Raises ``InputError`` with every offence."""
        if isinstance(said, Economy):
            return said
        if isinstance(said, str):
            if said != HELD:
                hint = (
                    f"'{HELD}' keeps the money of the county's year; or give rates: {{'income_growth': 0.06}}"
                )
                raise InputError(Offence(f"'{said}' says nothing of growth", "economy", hint))
            return cls(held=True)
        found = Findings(None, "economy")
        given = found.check(
            Record(fields=keys, unknown="no such growth rate '$key'"), dict(said or {}), ("economy",)
        )
        check_outlook(found, given, None, ("economy",))
        if found:
            raise InputError(found.offences)
        rates = {name: given[name] for name in ECONOMY if name in given}
        return cls(
            {name: float(rate) for name, rate in rates.items() if not isinstance(rate, Mapping)},
            series={
                name: {int(year): float(one) for year, one in sorted(rate.items(), key=lambda p: int(p[0]))}
                for name, rate in rates.items()
                if isinstance(rate, Mapping)
            },
            outlook=Outlook.of(given),
        )

    @property
    def said(self) -> dict[str, float | Mapping[int, float]]:
        """Every growth that is stated: a rate, or one by year."""
        return {**self.rates, **self.series}

    def states(self, name: str) -> bool:
        """Whether the growth ``name`` is stated."""
        return name in self.rates or name in self.series

    def grown(self, name: str, since: int, year: int) -> float:
        """What an amount of ``since`` is multiplied by under the growth ``name``; 1 where none is stated."""
        if name not in self.series:
            return float((1.0 + self.rates.get(name, 0.0)) ** (year - since))
        named = sorted(self.series[name].items())
        out = 1.0
        for into in range(min(since, year) + 1, max(since, year) + 1):
            before = [rate for at, rate in named if at <= into]
            out *= 1.0 + (before[-1] if before else named[0][1])
        return out if year >= since else 1.0 / out

    def factors(self, index: str, since: int, year: int, areas: Sequence[str]) -> Mapping[str, float]:
        """What money of ``since`` is multiplied by to be money of ``year``: by area, or for all of them.

        Stated growth g gives (1 + g) to the power of the years between. ``areas``: those of the households.
        Raises ``InputError`` where national averages are needed and a year or an area is not among them.
        """
        if self.held or year == since:
            return {EVERYWHERE: 1.0}
        name = INCOMES if index in AS_INCOMES and not self.states(index) else index
        if self.states(name) or name != INCOMES:
            return {EVERYWHERE: self.grown(name, since, year)}
        national = national_incomes()
        last = max(national)
        if self.beyond and year > last >= since and set(areas) <= set(AREAS):
            known = self.factors(INCOMES, since, last, areas) if since != last else dict.fromkeys(areas, 1.0)
            return {area: known[area] * afterwards(area, year - last) for area in areas}
        unknown = [one for one in (since, year) if one not in national]
        foreign = [area for area in areas or ("",) if area not in AREAS]
        if unknown or foreign:
            what = (
                f"no national incomes of {unknown[-1]} are known (only {min(national)} to {max(national)})"
                if unknown
                else "national incomes are known for rural and urban households, and these have no such area"
            )
            message = f"incomes of {since} cannot be carried to {year}: {what}"
            hint = (
                "state the growth a year, economy: {income_growth: 0.06}, or keep the incomes: economy: none"
            )
            raise InputError(Offence(message, "economy", hint))
        return {area: national[year].by_area[area] / national[since].by_area[area] for area in areas}

    def revenue(self, county: County, year: int) -> float:
        """The county's general public budget revenue of ``year``: it grows only as stated."""
        return county.revenue * self.factors(REVENUE, county.year, year, ())[EVERYWHERE]

    def lines_grown(self, policy: Policy, base: Policy, years: Sequence[int]) -> Policy:
        """:meth:`urban_line_grown`, and the rural line in the same way where ``base`` has no path of it."""
        import datetime as dt

        base = self.urban_line_grown(policy, base, years)
        moves = any((path.target, path.categories) == (LINE, ("rural",)) for path in base.paths)
        if moves or not self.states(RURAL_LINE) or policy.date is None:
            return base
        start, since = float(policy.value(RURAL)), policy.date.year
        grown = {dt.date(year, 1, 1): start * self.grown(RURAL_LINE, since, year) for year in years}
        return base.reform({RURAL: {"on": grown}}, allow_unusual=True)

    def urban_line_grown(self, policy: Policy, base: Policy, years: Sequence[int]) -> Policy:
        """``base`` with the urban line of the day of ``policy`` grown into each of ``years``.

        Untouched where no growth of it is stated.
        """
        import datetime as dt

        if not self.states(URBAN_LINE) or policy.date is None:
            return base
        start, since = float(policy.value(URBAN)), policy.date.year
        grown = {dt.date(year, 1, 1): start * self.grown(URBAN_LINE, since, year) for year in years}
        return base.reform({URBAN: {"on": grown}}, allow_unusual=True)


@dataclass(frozen=True)
class Money:
    """In whose year's money a result is, and how it got there.

    ``since``: the year of the county's figures (None: nobody knows), ``year``: that of the scenario.
    ``incomes`` and ``prices``: what incomes and spending were multiplied by, by area (``""``: everywhere).
    """

    since: int | None
    year: int
    economy: Economy
    incomes: Mapping[str, float]
    prices: Mapping[str, float]
    areas: tuple[str, ...] = ()

    @classmethod
    def carried(cls, since: int | None, year: int, economy: Economy, areas: Sequence[str]) -> Money:
        """Money of ``since`` carried to ``year``. Raises as :meth:`Economy.factors`."""
        start = year if since is None else since
        incomes, prices = (economy.factors(index, start, year, areas) for index in (INCOMES, PRICES))
        return cls(since, year, economy, incomes, prices, tuple(areas))

    def same_as(self, other: Money) -> bool:
        """Whether two populations of one county have the same amounts."""
        return (self.incomes, self.prices) == (other.incomes, other.prices)

    @property
    def of(self) -> int | None:
        """The year whose money this is."""
        return self.since if self.kind in ("held", "unknown") else self.year

    @property
    def kind(self) -> Literal["unknown", "own", "held", "stated", "national"]:
        """Why it is that year's: the county's ``own``, ``held``, or grown as ``stated`` or ``national``."""
        if self.since is None:
            return "unknown"
        if self.since == self.year:
            return "own"
        if self.economy.held:
            return "held"
        return "stated" if self.economy.states(INCOMES) else "national"

    @property
    def revenue(self) -> float:
        """What the county's revenue was multiplied by."""
        start = self.year if self.since is None else self.since
        return self.economy.factors(REVENUE, start, self.year, ())[EVERYWHERE]

    def factor(self, area: str) -> float:
        """What incomes of an area were multiplied by."""
        return self.incomes.get(area, self.incomes.get(EVERYWHERE, 1.0))

    @property
    def headline(self) -> str:
        """``money of 2021`` and what incomes were multiplied by."""
        if self.of is None:
            return "money of a year that is not known"
        moved = [f"{area} incomes x {self.factor(area):.4g}" for area in self.areas or ("all",)]
        return f"money of {self.of}" + (f" ({', '.join(moved)})" if self.since != self.of else "")

    @property
    def summary(self) -> dict[str, dict[str, Any]]:
        """``money.year``, ``money.income_year`` and ``money.incomes.rural``, with units."""
        out: dict[str, dict[str, Any]] = {}
        if self.of is not None:
            out["money.year"] = {"value": self.of, "unit": "year"}
            out["money.income_year"] = {"value": self.since, "unit": "year"}
        for area in self.areas or (EVERYWHERE,):
            out[f"money.incomes.{area}".rstrip(".")] = {"value": self.factor(area), "unit": "1"}
        return out

    def as_data(self) -> dict[str, Any]:
        """What a manifest says of it: plain data."""
        return {
            "year": self.of,
            "income_year": self.since,
            "growth": self.kind,
            "rates": self.economy.said,
            "incomes": dict(self.incomes),
            "spending": dict(self.prices),
            "sources": self._sources(),
        }

    def assumptions(self) -> list[tuple[str, str, str, str, str, str, str]]:
        """Rows for a table of assumptions: name, value, unit, since, source, reference, note."""
        rows = []
        if self.kind == "national":
            shown = "; ".join(f"{area} {self.factor(area):.6g}" for area in self.areas)
            reference = "; ".join(self._sources().values())
            note = "the county's incomes are taken to grow as the national average of their area"
            rows += [("economy.income_growth", shown, "1", str(self.since), "assumption", reference, note)]
        stated = "growth a year, given by the scenario"
        rates = self.economy.said.items()
        return rows + [
            (f"economy.{name}", str(rate), "1", "", "scenario", stated, "") for name, rate in rates
        ]

    def _sources(self) -> dict[str, str]:
        """Where the national incomes of both years are from."""
        if self.kind != "national":
            return {}
        known = national_incomes()
        both = {
            str(year): known[year] for year in (self.since, self.year) if year is not None and year in known
        }
        sources = {
            year: f"{one.source}, {one.reference}" if one.source != "cited" else one.reference
            for year, one in both.items()
        }
        if self.year > max(known):  # the default path goes on
            last = known[max(known)]
            sources |= {str(max(known)): last.reference}
            sources |= {str(self.year): default_path()["after"]["incomes"][AREAS[0]]["reference"]}
        return sources
