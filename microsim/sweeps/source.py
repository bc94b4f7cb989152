"""Base scenarios as files that were read, and any variant of them: what a process needs to make one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microsim.documents import Document
from microsim.scenario.own_law import Code
from microsim.sweeps.settings import ENSEMBLE, OWN, content_with
from microsim.sweeps.spread import Value

if TYPE_CHECKING:
    from microsim.population import Population
    from microsim.scenario import Scenario
    from microsim.scenario.model import Member

Settings = tuple[tuple[str, Value | None], ...]


@dataclass(frozen=True)
class County:
    """A county of a sweep: its folder or profile, its name in the rows, and the values that it has of its own
    (parameter -> value, as in a scenario's ``changes``). ``path`` is None for a base scenario's own county.
    """

    path: Path | None = None
    name: str = ""
    changes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Source:
    """The files of the base scenarios, what each says with its own base, and how they are loaded."""

    documents: tuple[Document, ...]
    merged: tuple[Mapping[str, Any], ...]
    unusual: tuple[str, ...]  # parameters whose values the sweep says are meant
    code: Code
    allow_unusual: bool

    def scenario(self, base: int, settings: Settings, county: County) -> tuple[Scenario, Member | None]:
        """A base scenario under settings in a county, and the set of the ensemble that it is run under.

        Raises ``MicrosimError`` as :func:`microsim.load_scenario`, with places in the base's own file.
        """
        from microsim.scenario.reading import scenario_from

        document, said = self.documents[base], dict(settings)
        data = content_with(document.data, self.merged[base], said, county.changes)
        if self.unusual:
            listed = data.get("unusual")
            known = listed if isinstance(listed, list) else []
            data["unusual"] = [*known, *(name for name in self.unusual if name not in known)]
        loaded = scenario_from(replace(document, data=data), self.code, self.allow_unusual, county.path)
        loaded.refuse_budget("a sweep")
        number = said.get(ENSEMBLE)
        if number is None:
            return loaded, None
        member = loaded.ensemble[int(number) - 1]
        return loaded.under(member), member


def households_of(scenario: Scenario, member: Member | None, seed: int, given: Population) -> Population:
    """The households of a variant, in the money of its year.

    ``given``: those of its county as they are in the folder. With another ``seed`` as many are made anew from
    the profile; under a set of the ensemble the office sees of incomes what the set says. Raises
    ``InputError`` where the county is not as its profile gives it, so that they cannot be made.
    """
    from microsim.population import SeenAnew, synthesize, with_draws
    from microsim.studies.common.remade import not_made_anew, seen_anew, under, with_figures

    if member is None:
        if seed == OWN:
            return scenario.carried(given)
        made = synthesize(scenario.county, households=given.n_households, seed=seed)
        return scenario.carried(with_draws(made) if scenario.calibration else made)
    county = scenario.profile
    anew: SeenAnew | None
    if county is not None and seed != OWN:
        anew = SeenAnew.of(synthesize(county, households=given.n_households, seed=seed), county, seed)
    else:
        anew = seen_anew(scenario)
    if anew is None or county is None:
        raise not_made_anew(scenario, "county")
    return under(scenario, anew, with_figures(county, member.county))
