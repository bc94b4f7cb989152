"""The range of a run's figures, and of a reform's effects, over an ensemble of calibrations.

Each member is a set of assumptions that gives the county's dibao recipients and expenditure equally well. The
range over them shows how far a figure hangs on what these targets leave open. It is no confidence interval:
the members are no sample, and the truth need not lie among them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from microsim.outcome import Ranges
from microsim.studies.common.baseline import RunResult, add_figures, run_scenario
from microsim.studies.common.indicators import Indicators
from microsim.studies.common.outputs import baseline_outputs
from microsim.studies.common.remade import not_made_anew, seen_anew, under, with_figures
from microsim.studies.common.within_year import parts_of, stretches_of

if TYPE_CHECKING:
    from microsim.population import Population, SeenAnew
    from microsim.scenario import Scenario
    from microsim.scenario.model import Member

Progress = Callable[[str], None]
MEASURES = (
    "caseload",
    "resident_share",
    "cost",
    "cost_per_recipient",
    "poverty",
    "poverty_dibao_line",
    "gini",
)


def run_over(
    scenario: Scenario, progress: Progress = lambda text: None, beside: RunResult | None = None
) -> RunResult:
    """As :func:`run_scenario`, with the range of its figures over the scenario's ensemble, if it has one."""
    run = run_scenario(scenario, progress, beside)
    return replace(run, ranges=level_ranges(run)) if scenario.ensemble else run


def level_ranges(run: RunResult) -> Ranges:
    """The least and the greatest value of each figure of a run over its scenario's ensemble."""
    rows = [_values(figures) for _, figures in over_members(run.scenario)]
    return ranges_of(rows)


def effect_ranges(base: RunResult, reform: RunResult) -> Ranges:
    """The least and the greatest change of each figure over the reform's ensemble.

    Empty where base and reform are of different counties: then no member is one of both.
    """
    scenario = reform.scenario
    if not scenario.ensemble or scenario.county_path != base.scenario.county_path:
        return {}
    before = replace(base.scenario, ensemble=scenario.ensemble)
    anew = _anew(scenario)
    rows = []
    for (_, first), (_, second) in zip(over_members(before, anew), over_members(scenario, anew), strict=True):
        one, other = _values(first), _values(second)
        rows.append({name: (other[name][0] - one[name][0], one[name][1]) for name in one if name in other})
    return ranges_of(rows)


def over_members(scenario: Scenario, anew: SeenAnew | None = None) -> Iterator[tuple[Member, Indicators]]:
    """Each member of a scenario's ensemble, and the figures under it; ``anew`` as for ``members_at_work``."""
    for member, own, given in members_at_work(scenario, anew):
        yield member, figures_of(own, own.carried(given))


def figures_under(
    scenario: Scenario,
    figures: Callable[[Scenario, Population], Mapping[str, tuple[float, str]]],
    progress: Progress = lambda text: None,
) -> list[Mapping[str, tuple[float, str]]]:
    """What a study finds under each member of a scenario's ensemble: name -> value and unit.

    ``figures`` takes the scenario under the member and its households in the county's own money. Empty
    without an ensemble. Raises ``InputError`` as :func:`members_at_work` does.
    """
    found: list[Mapping[str, tuple[float, str]]] = []
    if not scenario.ensemble:
        return found
    for member, own, given in members_at_work(scenario):
        progress(member.name)
        found.append(figures(own, given))
    return found


def members_at_work(
    scenario: Scenario, anew: SeenAnew | None = None
) -> Iterator[tuple[Member, Scenario, Population]]:
    """Each member of a scenario's ensemble, with the scenario under it and its households.

    The households are in the county's own money (``Scenario.carried`` takes them to the scenario's).
    ``anew``: how the county is made, where that has been found already. Raises ``InputError`` where the
    county's households are not those that its profile gives: what the office sees of their incomes can then
    not be made anew.
    """
    anew, county = _anew(scenario) if anew is None else anew, scenario.county
    for member in scenario.ensemble:
        seen = with_figures(county, member.county)
        yield member, scenario.under(member), under(scenario, anew, seen)


def _anew(scenario: Scenario) -> SeenAnew:
    found = seen_anew(scenario)
    if found is None:
        raise not_made_anew(scenario)
    return found


def figures_of(scenario: Scenario, population: Population) -> Indicators:
    """The figures of a run of a scenario without caps on households that are given."""
    from microsim.simulation import simulate

    policy = scenario.policy()
    result = simulate(population, policy, baseline_outputs(policy), warn=False)
    found = Indicators({})
    parts = parts_of(population, stretches_of(scenario, policy), result, baseline_outputs)
    add_figures(found, result, scenario.outputs, None, parts)
    return found


def _values(figures: Indicators) -> dict[str, tuple[float, str]]:
    return {row.name: (row.value, row.unit) for row in figures.rows if row.measure in MEASURES}


def ranges_of(rows: Sequence[Mapping[str, tuple[float, str]]]) -> Ranges:
    """The least and the greatest of each figure (name -> value and unit) that all rows have."""
    names = [name for name in rows[0] if all(name in row for row in rows)] if rows else []
    return {
        name: (
            min(row[name][0] for row in rows),
            max(row[name][0] for row in rows),
            rows[0][name][1],
        )
        for name in names
    }
