"""A sweep, checked: its base scenarios, counties and seeds, and what each point changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from microsim.sweeps.design import Design, Points
from microsim.sweeps.settings import BASE, OWN, is_setting, parameter_of
from microsim.sweeps.source import County, Settings, Source
from microsim.sweeps.spread import Value

if TYPE_CHECKING:
    from microsim.policy.policy import Policy
    from microsim.scenario import Scenario


@dataclass(frozen=True, eq=False)
class Grid:
    """Base scenarios, counties and seeds, and the points that are computed for each county and seed.

    ``axes`` are the names of what varies (``base`` first where there are several base scenarios); ``points``
    holds one value for each of them, point after point (the last axis moves fastest), None where a setting is
    as in the base. ``groups`` are the same names, those together that move together (of cases, all). The
    first point has the number ``first``. ``counties``: one with no path for the scenarios' own. ``path`` is
    None for a sweep given as a mapping.
    """

    scenarios: tuple[Scenario, ...]
    names: tuple[str, ...]  # of the base scenarios
    groups: tuple[tuple[str, ...], ...]
    points: Points = field(repr=False)
    counties: tuple[County, ...]
    seeds: tuple[int, ...]
    outputs: tuple[str, ...]
    design: Design
    title: Mapping[str, str]
    path: Path | None
    source: Source = field(repr=False)

    @property
    def scenario(self) -> Scenario:
        """The base scenario; of several the first."""
        return self.scenarios[0]

    @cached_property
    def policy(self) -> Policy:
        """The law of the base scenario."""
        return self.scenario.policy()

    @cached_property
    def axes(self) -> tuple[str, ...]:
        """The names of what varies."""
        return tuple(name for group in self.groups for name in group)

    @property
    def first(self) -> int:
        """The number of the first point: 0, or where a Sobol sequence goes on."""
        return self.design.first * len(self.scenarios)

    @property
    def runs(self) -> int:
        """How many runs of a law on a county's households the sweep comprises."""
        return len(self.points) * len(self.counties) * len(self.seeds)

    @property
    def county_paths(self) -> list[Path]:
        """Folders or profiles of the counties, each once."""
        given = [one.path for one in self.counties if one.path]
        return list(dict.fromkeys(given or [one.county_path for one in self.scenarios]))

    def variant(self, point: tuple[Value | None, ...]) -> tuple[int, Settings]:
        """The base scenario of a point, and its settings."""
        said = tuple(zip(self.axes, point, strict=True))
        base = next((self.names.index(str(value)) for name, value in said if name == BASE), 0)
        return base, tuple((name, value) for name, value in said if is_setting(name))

    def changes(self, numbers: Iterator[int] | range | tuple[int, ...]) -> list[dict[str, Value]]:
        """Changes of parameters at points (counted from 0), as ``Policy.reform`` takes them."""
        return [
            {
                parameter_of(name): value
                for name, value in zip(self.axes, self.points[number], strict=True)
                if name != BASE and not is_setting(name) and value is not None
            }
            for number in numbers
        ]

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """Axes that are parameters."""
        return tuple(name for name in self.axes if name != BASE and not is_setting(name))

    def title_in(self, language: str) -> str:
        """The title in ``en`` or ``zh``, else in the other language, else the file's name."""
        name = self.path.stem if self.path else self.scenario.name
        return self.title.get(language) or next(iter(self.title.values()), name)

    def is_own_seed(self) -> bool:
        """Whether all households are those of the counties' folders."""
        return self.seeds == (OWN,)
