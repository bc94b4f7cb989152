"""What a scenario says of the years after the first one, read and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from microsim.documents.findings import Findings, Steps
from microsim.scenario.outlook.nodes import AGEING, RANK_GROUPS, REGISTERS

MONTHS = 12.0
STATED = ("by_rank", "shock", "mobility", "population", "review", "vulnerability")
Total = float | Mapping[int, float]  # growth a year, or totals by year


@dataclass(frozen=True)
class Shock:
    """What strikes incomes in a year: column -> change as a share, for ``months`` of the year."""

    changes: Mapping[str, float]
    months: float = MONTHS

    @property
    def factors(self) -> dict[str, float]:
        """Column -> what its amount of the year is multiplied by."""
        return {name: 1.0 + change * self.months / MONTHS for name, change in self.changes.items()}


@dataclass(frozen=True)
class Leaving:
    """Of the ``poorest`` share of persons, the ``share`` who are not among them a year later."""

    share: float
    poorest: float


@dataclass(frozen=True)
class Margins:
    """What the population becomes. Keys of ``totals``: area, age band, (sex, age band), size, register.

    ``ageing``: the shipped assumption replaces totals by age.
    """

    area: Mapping[str, Total] = field(default_factory=dict)
    age: Mapping[str, Total] = field(default_factory=dict)
    age_by_sex: Mapping[str, Mapping[str, Total]] = field(default_factory=dict)
    household_size: Mapping[int, Total] = field(default_factory=dict)
    registers: Mapping[str, Total] = field(default_factory=dict)
    ageing: bool = False


@dataclass(frozen=True)
class Outlook:
    """``by_rank``: area -> differences from the growth of its incomes, a year, for each quintile.

    ``mobility``: a rank correlation of neighbouring years, the share who leave the poorest, or None: as the
    county's profile says. ``chance`` and ``within``: who counts as vulnerable.
    """

    by_rank: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    shocks: Mapping[int, Shock] = field(default_factory=dict)
    mobility: float | Leaving | None = None
    margins: Margins | None = None
    review: bool = True
    chance: float = 0.3
    within: int = 3
    stated: tuple[str, ...] = ()  # keys that a scenario gives

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Outlook:
        """From what :mod:`microsim.scenario.outlook.nodes` describes, checked."""
        ranks = {
            area: tuple(map(float, given)) if isinstance(given, list) else (float(given),) * RANK_GROUPS
            for area, given in (said.get("by_rank") or {}).items()
        }
        shocks = {}
        for year, one in (said.get("shock") or {}).items():
            changes = {name: float(change) for name, change in one.items() if name != "months"}
            shocks[int(year)] = Shock(changes, float(one.get("months", MONTHS)))
        vulnerable = said.get("vulnerability") or {}
        return cls(
            ranks,
            shocks,
            _mobility(said.get("mobility")),
            _margins(said.get("population")),
            said.get("review", True),
            vulnerable.get("chance", cls.chance),
            vulnerable.get("years", cls.within),
            tuple(key for key in STATED if said.get(key) is not None),
        )


def _mobility(said: Any) -> float | Leaving | None:
    if said is None:
        return None
    if isinstance(said, str):
        return 1.0
    if "persistence" in said:
        return float(said["persistence"])
    return Leaving(float(said["leave_poverty"]["share"]), float(said["leave_poverty"]["poorest"]))


def _margins(said: Mapping[str, Any] | None) -> Margins | None:
    if not said:
        return None
    age = said.get("age") or {}
    return Margins(
        area=_totals(said.get("area")),
        age={} if age == AGEING else _totals(age),
        age_by_sex={sex: _totals(bands) for sex, bands in (said.get("age_by_sex") or {}).items()},
        household_size={int(size): total for size, total in _totals(said.get("household_size")).items()},
        registers=_totals({name: said[name] for name in REGISTERS if name in said}),
        ageing=age == AGEING,
    )


def _totals(said: Mapping[Any, Any] | None) -> dict[str, Total]:
    return {
        str(key): {int(year): float(value) for year, value in one.items()}
        if isinstance(one, Mapping)
        else float(one)
        for key, one in (said or {}).items()
    }


def band_of(text: str) -> tuple[int, int]:
    """First and last age of a band: ``0-14``, ``60+``, ``7``."""
    first, _, last = text.rstrip("+").partition("-")
    return int(first), int(last) if last else 200 if text.endswith("+") else int(first)


def check_outlook(found: Findings, said: Mapping[str, Any], first: int | None, steps: Steps = ()) -> None:
    """Note what the form of each part alone does not show. ``first``: the first year, where it is known."""
    for year, one in (said.get("shock") or {}).items():
        if not set(one) - {"months"}:
            hint = "shock: {2023: {wage_income: -0.15, months: 6}}"
            found.add((*steps, "shock", year), f"the shock of {year} strikes no source of income", hint)
        if first is not None and int(year) <= first:
            found.add((*steps, "shock", year), *early_shock(int(year), first))
    mobility = said.get("mobility")
    if isinstance(mobility, Mapping):
        both = {"persistence", "leave_poverty"} <= set(mobility)
        if both:
            message = "mobility gives both a persistence and a share who leave poverty"
            found.add((*steps, "mobility"), message, "each follows from the other: leave one out")
        leaving = mobility.get("leave_poverty") or {}
        if {"share", "poorest"} <= set(leaving) and leaving["share"] > 1.0 - leaving["poorest"]:
            message = (
                f"more leave the poorest {leaving['poorest']:g} than if everybody's place were drawn anew"
            )
            hint = f"no more than {1.0 - leaving['poorest']:g}"
            found.add((*steps, "mobility", "leave_poverty", "share"), message, hint)
    population = said.get("population") or {}
    if isinstance(population.get("age"), Mapping):
        _check_bands(found, population["age"], (*steps, "population", "age"))
    for sex, bands in (population.get("age_by_sex") or {}).items():
        _check_bands(found, bands, (*steps, "population", "age_by_sex", sex))


def early_shock(year: int, first: int) -> tuple[str, str]:
    """What is said of a shock in the ``first`` year or before it, and a suggestion."""
    return (
        f"a shock in {year} comes before the second year, {first + 1}",
        "the first year is that of microsim run; a shock strikes one of the later years",
    )


def _check_bands(found: Findings, bands: Mapping[Any, Any], steps: Steps) -> None:
    before: tuple[str, int] | None = None
    for name in sorted(map(str, bands), key=lambda one: band_of(one)[0]):
        low, high = band_of(name)
        key = next(one for one in bands if str(one) == name)
        if high < low:
            found.add((*steps, key), f"age group {name} ends before it starts")
        elif before is not None and low <= before[1]:
            found.add((*steps, key), f"age groups {before[0]} and {name} overlap")
        before = (name, high)
