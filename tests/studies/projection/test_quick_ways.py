"""What a projection does once for many figures, against the same figures one at a time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import microsim as ms
from microsim.engine.runtime import drivers
from microsim.errors import MicrosimError
from microsim.population import Population
from microsim.studies.common.baseline import add_figures
from microsim.studies.common.estimates import by_area, everybody
from microsim.studies.common.indicators import Indicators
from microsim.studies.common.poverty import add_poverty, add_statistics, poverty_lines, poverty_of
from microsim.studies.projection.study import project_many
from microsim.studies.projection.vulnerability import chance_below, likely_below
from tests.scenario.small_county import write

GROWTH: dict[str, Any] = {"income_growth": 0.05, "population": {"area": {"rural": -0.02}}}
WANTED = ("caseload", "cost", "inequality")


@pytest.fixture(scope="module")
def population(tmp_path_factory: pytest.TempPathFactory) -> Population:
    return Population.read(write(tmp_path_factory.mktemp("quick")).parent / "county")


@pytest.fixture(scope="module")
def policy() -> ms.Policy:
    return ms.Policy.load("2021-12-31")


@pytest.mark.parametrize("threads", [1, 2])
def test_figures_of_each_law_and_year_as_of_a_run_of_its_own(
    population: Population, policy: ms.Policy, threads: int
) -> None:
    """Nothing that another law or year has left in memory, or that was added up on the way, alters them."""
    higher = policy.reform({"dibao.line": {"by": {"rural": 9000, "urban": 12000}}})
    laws = {"as it is": policy, "higher": higher, "again": policy}
    for made in project_many(population, laws, GROWTH, (2021, 2023), threads=threads).values():
        for year in made.years:
            alone = ms.simulate(made.population(year), made.policies[year], made.outputs, warn=False)
            found = Indicators({})
            add_figures(found, alone, WANTED, None)
            assert len(found.rows) > 120
            for figure in found.rows:
                assert made.values[year, figure.name] == figure.value, (year, figure.name)


@pytest.mark.parametrize("laws", [1, 2])
@pytest.mark.parametrize("threads", [1, 2])
def test_no_more_threads_than_are_given(
    population: Population, policy: ms.Policy, monkeypatch: pytest.MonkeyPatch, laws: int, threads: int
) -> None:
    seen: list[int] = []
    inner = drivers.in_threads

    def in_threads(work: Any, count: int, threads: int) -> None:
        seen.append(threads)
        inner(work, count, threads)

    monkeypatch.setattr(drivers, "in_threads", in_threads)
    policies = {str(k): policy for k in range(laws)}
    project_many(population, policies, GROWTH, (2021, 2022), outputs=["cost"], threads=threads)
    # Several laws have a thread each, but for the first one in the first year.
    assert seen == [threads, *[threads if laws == 1 else 1] * (2 * laws - 1)]


def test_poverty_by_group_as_one_statistic_at_a_time(population: Population, policy: ms.Policy) -> None:
    weight = np.where(np.arange(population.n_households) % 7 == 0, 0.0, population.weight)
    areas = population.categories["area"]
    nobody = np.where(population.household_columns["area"] == 1, 0.0, weight)
    for w, groups in ((population.weight, 3), (weight, 3), (nobody, 2)):
        result = ms.simulate(
            population.with_columns(households={"weight": w}),
            policy,
            ["income_before_benefits_per_head", "disposable_income_per_head"],
        )
        lines = poverty_lines(policy, areas)
        found, wanted = Indicators({}), Indicators({})
        add_poverty(found, result, lines)
        add_statistics(wanted, result, poverty_of(result, lines, [*by_area(result), everybody(result)]))
        assert found.rows == wanted.rows
        assert len(found.rows) == 8 * groups
        assert any(0.0 < figure.value < 1.0 for figure in found.rows)


def test_a_line_that_is_none_is_refused(population: Population, policy: ms.Policy) -> None:
    asked = ["income_before_benefits_per_head", "disposable_income_per_head"]
    result = ms.simulate(population, policy, asked)
    with pytest.raises(MicrosimError, match="lines are not positive, such as -5"):
        add_poverty(Indicators({}), result, {"national": {"rural": -5.0, "urban": 4000.0}})


@pytest.mark.parametrize("within", [1, 3])
def test_equal_limits_are_looked_for_once(within: int) -> None:
    limits = np.array([-4.0, -1.2, 0.3, -4.0, 0.3, 2.0, -1.2])
    found = likely_below(limits, 0.7, within, 0.3)
    for limit, score in zip(limits, found, strict=True):
        assert likely_below(np.array([limit]), 0.7, within, 0.3)[0] == score
        for beside, likely in ((-1e-6, True), (1e-6, False)):
            chance = chance_below(np.array([score + beside]), np.array([limit]), 0.7, within)[0]
            assert (chance > 0.3) == likely
