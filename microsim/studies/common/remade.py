"""Synthetic counties that can be made again under other assumptions of their profile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from microsim.errors import InputError, Offence
from microsim.population.synthesis.sample import LARGEST_PIECE

if TYPE_CHECKING:
    from microsim.population import County, Population, SeenAnew
    from microsim.scenario import Scenario


def seen_anew(scenario: Scenario) -> SeenAnew | None:
    """How a scenario's county is made, to see other shares of its incomes; None where that is not known.

    It is known where the county's households are, to the bit, those that its profile gives with the default
    seed: otherwise what is made again would not be the scenario's county.
    """
    from microsim.population import SeenAnew, synthesize

    county, given = scenario.profile, scenario.population_as_given()
    if county is None or given.n_households > LARGEST_PIECE:
        return None
    if scenario.is_profile:
        return SeenAnew.of(given, county)
    made = synthesize(county, households=given.n_households)
    same = _with_draws(made, scenario).hash == given.hash
    return SeenAnew.of(made, county) if same else None


def not_made_anew(scenario: Scenario, key: str = "ensemble") -> InputError:
    """What is said at a key where a county has to be made anew, and its households are others."""
    message = "the county's households are not those that its profile gives, and cannot be made anew"
    hint = "an ensemble needs a synthetic county as microsim synth PROFILE.yaml makes it"
    return InputError(Offence(message, scenario.place(key), hint))


def under(scenario: Scenario, anew: SeenAnew, county: County) -> Population:
    """The scenario's households under the share of income seen of ``county``, in the county's own money."""
    made, own = anew.under(county), scenario.profile
    made = replace(made, given_county=own) if own is not None else made
    return _with_draws(made, scenario)


def _with_draws(made: Population, scenario: Scenario) -> Population:
    """As ``Scenario.population_as_given`` has it: a calibrated county has draws."""
    from microsim.population import with_draws

    return with_draws(made) if scenario.calibration else made


def with_figures(county: County, figures: Mapping[str, float]) -> County:
    """A county with some numbers replaced by dotted name, for a trial: its text stays as it is.

    ``County.with_values`` edits the text, too, which takes long.
    """
    found = dict(county.figures)
    for name, value in figures.items():
        known = next(figure for figure in found if name.startswith(f"{figure}."))
        inner = _laid_in(found[known].value, name[len(known) + 1 :].split("."), value)
        found[known] = replace(found[known], value=inner)
    return replace(county, figures=found)


def _laid_in(table: Mapping[str, object], steps: list[str], value: float) -> dict[str, object]:
    here = table[steps[0]] if len(steps) > 1 else None
    inner = _laid_in(here, steps[1:], value) if isinstance(here, Mapping) else value
    return {**table, steps[0]: inner}
