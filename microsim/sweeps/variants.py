"""Variants of the base scenarios, tried before anything is run; what the loader says of them is noted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from microsim.documents.findings import Findings
from microsim.errors import MicrosimError, Offence
from microsim.scenario.practice.ensemble import ALL
from microsim.sweeps.axes import Axis
from microsim.sweeps.settings import ECONOMY, ENSEMBLE, SEED, is_setting, read_setting
from microsim.sweeps.source import County, Settings, Source
from microsim.sweeps.spread import Steps, Value, read_range

if TYPE_CHECKING:
    from microsim.policy.policy import Policy
    from microsim.scenario import Scenario
    from microsim.sweeps.grid import Grid

MOST_TRIED = 200  # variants, and counties, that are loaded before a sweep begins; the others by its tasks
Given = tuple[str, Any, Steps]  # the name of a setting, its value, and where it is


class Variants:
    """Loads variants and notes what is wrong with them."""

    def __init__(self, found: Findings, source: Source, county: County) -> None:
        """``county``: the one in which settings are tried."""
        self._found = found
        self._source = source
        self._county = county

    def laws_of(self, data: Mapping[str, Any]) -> tuple[Policy, ...]:
        """The laws of the base scenarios, and under each setting that a sweep names, one at a time.

        They are what values of parameters are held against. What the loader refuses is noted at the value, or
        where it is so of all values, at the name.
        """
        laws = []
        for base in range(len(self._source.documents)):
            loaded = self._tried(base, (), self._county, ())
            if loaded is not None:
                laws.append(loaded.policy())
            by_name: dict[Steps, list[tuple[Steps, tuple[Offence, ...]]]] = {}
            for name, value, steps in _settings_in(data):
                offences: list[Offence] = []
                tried = self._try(base, ((name, value),), self._county, offences)
                by_name.setdefault(steps[: 1 + steps.index(name)], []).append((steps, tuple(offences)))
                if tried is not None and not name.startswith(ECONOMY):
                    laws.append(tried.policy())
            for at, said in by_name.items():
                everywhere = set.intersection(*(set(offences) for _, offences in said))
                self._note(at, everywhere)
                for steps, refused in said:
                    self._note(steps, [one for one in refused if one not in everywhere])
        return tuple(laws)

    def every_member(self, axes: Sequence[Axis]) -> list[Axis]:
        """The axes with ``ensemble: all`` as the numbers of all sets of the county's ensemble."""
        return [
            Axis(one.names, (list(range(1, self._members(one.steps[0]) + 1)),), one.steps)
            if one.names == (ENSEMBLE,) and one.values == ([ALL],)
            else one
            for one in axes
        ]

    def _members(self, steps: Steps) -> int:
        from microsim.scenario.practice.ensemble import ensemble_file, read_ensemble

        if not self._source.documents:
            return 0
        loaded = self._tried(0, (), self._county, steps)
        if loaded is None:
            return 0
        try:
            return len(read_ensemble(ensemble_file(loaded.county_path)))
        except MicrosimError as error:
            self._note(steps, error.offences)
            return 0

    def check(self, grid: Grid, places: Sequence[Steps]) -> None:
        """Try the variants of a grid in the first county, and the base scenarios in all counties.

        ``places``: of the counties. No more than :data:`MOST_TRIED`, which take some seconds.
        """
        pairs = list(dict.fromkeys(map(grid.variant, grid.points)))[:MOST_TRIED]
        at: Steps = ("cases",) if not grid.axes else ("axes",)
        for base, settings in pairs:
            if sum(value is not None for _, value in settings) > 1:
                self._tried(base, settings, grid.counties[0], at)
        for county, steps in list(zip(grid.counties, places, strict=False))[:MOST_TRIED]:
            for base in range(len(grid.scenarios)):
                self._tried(base, (), county, steps)

    def _tried(self, base: int, settings: Settings, county: County, steps: Steps) -> Scenario | None:
        offences: list[Offence] = []
        loaded = self._try(base, settings, county, offences)
        self._note(steps, offences)
        return loaded

    def _try(self, base: int, settings: Settings, county: County, offences: list[Offence]) -> Scenario | None:
        try:
            loaded, _ = self._source.scenario(base, settings, county)
            loaded.policy()
            loaded.money()
        except MicrosimError as error:
            offences += error.offences
            return None
        return loaded

    def _note(self, steps: Steps, offences: Any) -> None:
        for one in offences:
            self._found.add(steps, one.message, one.hint)


def _settings_in(data: Mapping[str, Any]) -> Iterator[Given]:
    """Every value of a setting in a sweep; what is wrong with those that cannot be one is said elsewhere."""
    unheard = Findings(None)
    groups: list[tuple[Steps, Any]] = [(("axes",), data.get("axes"))]
    for key in ("linked", "cases"):
        listed = data.get(key)
        several = listed if isinstance(listed, list | tuple) else ()
        groups += [((key, k), one) for k, one in enumerate(several)]
    for at, group in groups:
        for name, given in group.items() if isinstance(group, Mapping) else ():
            if not is_setting(str(name)) or name == SEED or given == ALL:
                continue
            steps: Steps = (*at, name)
            if isinstance(given, Mapping):
                spread = read_range(unheard, str(name), given, steps, drawn=True)
                ends = [(given[key], (*steps, key)) for key in ("from", "to")] if spread else []
                pairs = [(value, steps) for value in spread] if isinstance(spread, list) else ends
            elif isinstance(given, list | tuple):
                pairs = [(value, (*steps, k)) for k, value in enumerate(given)]
            else:
                pairs = [(given, steps)]
            for value, where in pairs:
                read: Value | None = read_setting(unheard, str(name), value, where)
                if read is not None:
                    yield str(name), read, where
