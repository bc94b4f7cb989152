"""What a scenario file says, checked and ready to use."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from microsim.card import card
from microsim.documents import read_document, shown
from microsim.errors import FileError, InputError, InternalError, Offence
from microsim.scenario.administration.figures import Administration
from microsim.scenario.base import changes_under
from microsim.scenario.budget.caps import Cap
from microsim.scenario.economy import AREAS, RURAL_LINE, URBAN_LINE, Economy, Money
from microsim.scenario.grammar import MONTHS, WithinYear, law_not_known
from microsim.scenario.regimes import pinned

if TYPE_CHECKING:
    from microsim.language import Lang
    from microsim.policy.own_law import OwnLaw
    from microsim.policy.policy import Policy
    from microsim.population import County, Population
    from microsim.scenario.provinces import Province


@dataclass(frozen=True)
class LawDate:
    """The day whose law applies; with ``follow`` each year takes the law of its own 31 December.

    ``known``: only what had been adopted or published by that day counts.
    """

    date: dt.date
    follow: bool = False
    known: dt.date | None = None

    def on(self, year: int | None) -> dt.date:
        return dt.date(year, 12, 31) if self.follow and year is not None else self.date


@dataclass(frozen=True)
class Way:
    """One set of values that meets a county's targets; ``label`` is what it is, by language.

    ``draws``: area -> the seed of its households' draws, where these are not those of the data.
    """

    name: str
    label: Mapping[str, str]
    changes: Mapping[str, Any]
    draws: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Calibration:
    """What makes the rules give a county's known figures (``calibration.py``).

    ``changes`` are laid over the law under a scenario's own; ``others`` meet the targets as well.
    """

    path: Path
    law: dt.date
    scenario: str
    changes: Mapping[str, Any]
    others: tuple[Way, ...] = ()
    targets: Mapping[str, Any] = field(default_factory=dict)


class PracticeHeld(Protocol):
    """What keeps a calibrated year's caseload under a later law (``practice/anchor.py``)."""

    def changes_on(self, day: dt.date) -> Mapping[str, Any]:
        """What is laid over the law of a day, under a scenario's own changes."""


@dataclass(frozen=True)
class Member:
    """One set of an ensemble: figures of the county's profile by dotted name, and changes of the law.

    ``first``: the changes of the county's calibration, in whose place this set's are put. ``misses``: by what
    share each target is missed.
    """

    name: str
    county: Mapping[str, float]
    changes: Mapping[str, Any]
    misses: Mapping[str, float] = field(default_factory=dict)
    first: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False, repr=False)
class Scenario:
    """A county, a day of law, and what to change: the parsed and checked scenario file.

    Make one with :func:`microsim.load_scenario`. ``changes`` holds everything that departs from that
    law, the ``programmes`` part of the file included (``programmes: {dibao: off}`` is
    ``dibao.enabled: false``), and those of a ``base``. ``regime`` names the programmes whose terms of access
    are held (``regimes.py``). ``calibration`` is the county's, if it has one: it is laid under the changes.
    """

    path: Path
    name: str
    county_path: Path
    law: LawDate
    title: Mapping[str, str] = field(default_factory=dict)
    description: Mapping[str, str] = field(default_factory=dict)
    language: Lang | None = None  # of results, where nothing else is asked for
    years: tuple[int, int] | None = None
    regime: Mapping[str, str] = field(default_factory=dict)
    changes: Mapping[str, Any] = field(default_factory=dict)
    unusual: tuple[str, ...] = ()  # parameters whose values are said to be meant, though outside the range
    economy: Economy = field(default_factory=Economy)
    budget: tuple[Cap, ...] = ()  # caps on what is paid or on how many are served, in their order
    administration: Administration = field(default_factory=Administration.of)  # how the office works
    financing: Mapping[str, Any] = field(default_factory=dict)  # who pays; its files as paths
    unification: Mapping[str, Any] = field(default_factory=dict)  # how paths to one standard are looked at
    zones: Mapping[str, Any] = field(default_factory=dict)  # counties by zone; their files as paths, or "own"
    plan: Mapping[str, Any] = field(default_factory=dict)  # what a planner looks for; its counties likewise
    within_year: WithinYear = MONTHS  # how the money of a year with dated changes is counted
    outputs: tuple[str, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict, repr=False)
    base: Scenario | None = field(default=None, repr=False)  # what the results are compared with
    province: Province | None = field(default=None, repr=False)  # whose values replace the national
    own: OwnLaw | None = field(default=None, repr=False)  # rules and parameters beside the packaged law
    calibration: Calibration | None = field(default=None, repr=False)
    anchor: PracticeHeld | None = field(default=None, repr=False)  # practice moved as the law changes
    ensemble: tuple[Member, ...] = field(default=(), repr=False)  # sets of assumptions that it is run under

    def __repr__(self) -> str:
        return f"<Scenario: {self._headline}>"

    def _repr_html_(self) -> str:
        said = {"regime": self.regime, **self.changes}
        return card(
            "Scenario", self._headline, ({"statement": k, "value": str(v)} for k, v in said.items() if v)
        )

    @property
    def _headline(self) -> str:
        title = " ".join(dict.fromkeys(self.title.values()))
        years = f", {self.years[0]} to {self.years[1]}" if self.years else ""
        return f"{self.name} ({title}); {self.county_path.name}, law of {self.law.date}{years}"

    @property
    def hash(self) -> str:
        """SHA-256 of what the file says; titles, comments and layout do not count."""
        content = {
            key: value for key, value in self.data.items() if key not in ("title", "description", "language")
        }
        if self.province is not None:
            content["province"] = self.province.changes
        text = json.dumps(plain_json(content), ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode("utf-8")).hexdigest()

    @property
    def law_known_until(self) -> str | None:
        """The last day the packaged law is known for, where the scenario asks for more; else ``None``."""
        last = self.law.on(self.years[1] if self.years else None)
        if self.law.known and self.law.known < last:
            return self.law.known.isoformat()
        return law_not_known(last)

    @property
    def year(self) -> int:
        """The year that a run describes: the first of the years, else that of the law."""
        return self.years[0] if self.years else self.law.date.year

    @property
    def day(self) -> dt.date:
        """The day whose law a run applies."""
        return self.law.on(self.years[0] if self.years else None)

    def refuse_budget(self, what: str) -> None:
        """Raise ``InputError`` at ``budget:``: ``what`` cannot take account of caps."""
        if not self.budget:
            return
        place = read_document(self.path).place("budget") if self.path.is_file() else "budget"
        hint = "microsim run, compare and ledger ration; take budget: out for the law without its caps"
        raise InputError(Offence(f"{what} takes no account of budget:", place, hint))

    def counted_until(self, day: dt.date) -> dt.date:
        """The last day whose law counts in a run of ``day``: that day, or by months the end of its year."""
        return dt.date(day.year, 12, 31) if self.within_year == MONTHS else day

    def policy(self, year: int | None = None, without: str | None = None) -> Policy:
        """The law of the scenario with its changes (but the one ``without``): of its own day, or in ``year``.

        What is unusual in them was confirmed or refused when the file was read.

        Without ``follow`` the rules stay those of the scenario's day, and only the dated changes, the paths
        over years and a growing urban line move with ``year``. A scenario over years begins in its first one.
        """
        changes = {name: change for name, change in self.changes.items() if name != without}
        if year is None and self.years:
            year = self.years[0]
        if year is None or self.law.follow:
            base = self.law_of(self.law.on(year))
            made = base.reform(changes, allow_unusual=True) if changes else base
            return made if year is None else self._grown(changes, made, [year])
        held = self._frozen if without is None else self._over_years(changes)
        return held.at(dt.date(year, 12, 31))

    def policy_on(self, day: dt.date) -> Policy:
        """The law of ``day`` itself with the scenario's changes, whatever day the scenario names."""
        made = self.law_of(day).reform(self.changes, allow_unusual=True)
        return self._grown(self.changes, made, [day.year])

    def held(self) -> Policy:
        """The law of the scenario's day as if it held for ever; only the scenario's own changes move."""
        return self._frozen

    def law_of(self, day: dt.date) -> Policy:
        """The law on ``day`` (the own one beside the packaged one) with the province's values, the regimes
        held and the county's calibration, before the changes.
        """
        from microsim.policy.policy import Policy

        if self.own is not None and not self.own.run:
            raise InternalError(f"the rules in {self.own.folder} were read only, and are asked for")
        law = Policy.load(day, own=self.own, known=self.law.known)
        if self.province is not None:
            law = self.province.over(law, self.law.known)
        law = pinned(law, self.regime)
        if self.calibration:
            law = law.reform(self.calibration.changes, allow_unusual=True)
        held = self.anchor.changes_on(day) if self.anchor is not None else {}
        return law.reform(held, allow_unusual=True) if held else law

    @cached_property
    def _frozen(self) -> Policy:
        """The law of the scenario's day as if it held for ever, with the changes laid over it.

        Made once: all years then share one set of compiled functions.
        """
        return self._over_years(self.changes)

    def _over_years(self, changes: Mapping[str, Any]) -> Policy:
        frozen = self.law_of(self.law.date).frozen().reform(changes, allow_unusual=True)
        first, last = self.years or (self.year, self.year)
        return self._grown(changes, frozen, range(first, last + 1))

    def _grown(self, changes: Mapping[str, Any], policy: Policy, years: Sequence[int]) -> Policy:
        """``policy`` with the lines grown as ``economy:`` says, from those of the day of the law on."""
        if (not self.economy.states(URBAN_LINE) and not self.economy.states(RURAL_LINE)) or not self.years:
            return policy
        at_first = self.law_of(self.law.date).reform(changes, allow_unusual=True)
        return self.economy.lines_grown(at_first, policy, years)

    def title_in(self, language: str) -> str:
        """The title in ``en`` or ``zh``, else in the other language, else the file's name."""
        return self.title.get(language) or next(iter(self.title.values()), self.name)

    @property
    def is_profile(self) -> bool:
        """Whether ``county`` names a profile to synthesise from instead of a population folder."""
        return self.county_path.suffix in (".yaml", ".yml")

    @property
    def profile(self) -> County | None:
        """The county's profile: the named one, or that of the population folder.

        None where the folder has none, as that of an imported survey.
        """
        from microsim.population import County

        path = self._profile_path
        return County.read(path) if self.is_profile or path.is_file() else None

    @property
    def county(self) -> County:
        """As ``profile``, for what cannot do without. Raises ``FileError`` where there is none."""
        found = self.profile
        if found is None:
            message = "the population has no county profile, whose prices and public finance are needed here"
            hint = "microsim import ... --profile FILE adds one, or put it there as profile.yaml"
            raise FileError(Offence(message, shown(self._profile_path), hint))
        return found

    @property
    def _profile_path(self) -> Path:
        return self.county_path if self.is_profile else self.county_path / "profile.yaml"

    def population(self, year: int | None = None) -> Population:
        """The county's households in the money of ``year`` (left out: of the scenario's own).

        Read from the county's folder or synthesised from its profile, and carried from the year of the
        profile by the growth that ``economy:`` states or the national one. A folder of pieces is opened, not
        read: columns come into memory as rules need them. Raises ``InputError`` at the place in the file
        where the growth up to ``year`` is not known.
        """
        return self.carried(self.population_as_given(), year)

    def population_as_given(self) -> Population:
        """The county's households in the money of the county's own year.

        A calibrated county has draws, which are added where its data have none.
        """
        from microsim.population import Population, with_draws

        if self.is_profile:
            from microsim.population import synthesize

            made = synthesize(self.county)
        else:
            made = Population.open_or_read(self.county_path)
        return with_draws(made) if self.calibration else made

    def calibrated_by(self, calibration: Calibration | None) -> Scenario:
        """The scenario, and its base, under another calibration of the county, or under none."""
        base = self.base.calibrated_by(calibration) if self.base is not None else None
        return replace(self, calibration=calibration, base=base)

    def under(self, member: Member) -> Scenario:
        """The scenario, and its base, under one set of the county's ensemble; data stay as they are."""
        in_force = {name: dated.value for name, dated in self.policy().values.items()}
        base = self.base.under(member) if self.base is not None else None
        changes = changes_under(self.changes, member.changes, member.first, in_force)
        return replace(self, changes=changes, base=base, ensemble=())

    def carried(self, population: Population, year: int | None = None) -> Population:
        """Households of the scenario's county in the money of ``year``; see ``population``."""
        from microsim.scenario.uprating import uprated, uprating

        year = self.year if year is None else year
        if self.economy.held or population.income_year in (None, year):
            return population
        try:
            return uprated(population, uprating(population, self.policy(), self.economy), year)
        except InputError as error:
            raise self._placed(error) from None

    def money(self, population: Population | None = None, year: int | None = None) -> Money:
        """In whose year's money ``year`` (left out: a run) is, for the county's households, carried or not.

        Without ``population``, for households of the areas that national statistics know.
        """
        county = population.county if population is not None else self.profile
        since = county.year if county is not None else None
        areas: tuple[str, ...] = AREAS
        if population is not None:
            has_area = "area" in population.household_columns
            areas = tuple(population.categories.get("area", ())) if has_area else ()
        try:
            return Money.carried(since, self.year if year is None else year, self.economy, areas)
        except InputError as error:
            raise self._placed(error) from None

    def place(self, *steps: str | int) -> str:
        """``file:line:column`` of a key, in the file that says it: the scenario's own or its base's."""
        if not self.path.is_file():
            return ".".join(map(str, steps))
        document = read_document(self.path)
        said_here = isinstance(document.data, Mapping) and steps[0] in document.data
        return self.base.place(*steps) if self.base is not None and not said_here else document.place(*steps)

    def _placed(self, error: InputError) -> InputError:
        """What is wrong with the growth, at the line that says it, or that asks for the year."""
        if not self.path.is_file():
            return error
        document = read_document(self.path)
        key = next((key for key in ("economy", "years", "law") if key in document.data), None)
        if key is None and self.base is not None:
            return self.base._placed(error)
        place = document.place(key or "county")
        return InputError([Offence(one.message, place, one.hint) for one in error.offences], error.title)


def plain_json(value: Any) -> Any:
    """Plain JSON data with keys as text (days as 2021-01-01) in one order: equal content has equal text."""
    if isinstance(value, Mapping):
        return {
            key: plain_json(item)
            for key, item in sorted(((str(k), v) for k, v in value.items()), key=lambda pair: pair[0])
        }
    if isinstance(value, list | tuple):
        return [plain_json(item) for item in value]
    return value if isinstance(value, bool | int | float | str | None) else str(value)
