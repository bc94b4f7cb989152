"""The main job's parts: the typical family, the paper's figures, the assumptions."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from microsim.engine.reference.interpreter import Interpreter, household_from
from microsim.errors import MicrosimError
from microsim.policy import household
from microsim.policy.policy import Policy
from microsim.population import County, Population
from microsim.report.texts.run_text import run_text
from microsim.scenario import load_scenario
from microsim.simulation import simulate
from microsim.studies.cliffs.search import cliffs
from microsim.studies.common.baseline import RunResult, run_scenario
from microsim.studies.common.benefits import CASH, IN_KIND, parts
from microsim.studies.common.indicators import Indicators
from microsim.studies.common.outputs import baseline_outputs
from microsim.studies.common.paper import paper_figures
from microsim.studies.common.poverty import national_line
from microsim.studies.common.typical_family import typical_family
from tests.scenario.small_county import PROFILE, SCENARIO, frames, write
from tests.wrapped import says


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    steps: list[str] = []
    result = run_scenario(load_scenario(write(tmp_path_factory.mktemp("baseline"))), steps.append)
    assert len(steps) == 4
    return result


def test_the_typical_family_is_one_by_its_definition(run: RunResult) -> None:
    family = run.family
    assert family is not None
    position = int(np.flatnonzero(run.population.household_id == family.household_id)[0])
    members = slice(int(run.population.offsets[position]), int(run.population.offsets[position + 1]))
    wages = run.population.person_columns["wage_income"][members]
    assert (wages > 0).sum() == 1
    assert wages.max() == family.wage
    assert len(wages) == family.size
    assert run.population.households["area"].iloc[position] == "rural"
    assert abs(run.result.array("counted_income_per_head")[position] / 4600.0 - 1.0) <= 0.3


def test_the_parts_of_the_budget_add_up(run: RunResult) -> None:
    family = run.family
    assert family is not None
    assert sum(family.parts.values()) == pytest.approx(family.total, abs=1e-6)
    assert family.parts["earnings"] == pytest.approx(family.earnings)
    assert family.earnings[0] == 0.0


def test_a_notch_is_where_the_interpreter_finds_it(run: RunResult) -> None:
    family = run.family
    assert family is not None
    assert family.notches
    household, persons = household_from(run.population.select([family.household_id]), 0)
    earner = max(persons, key=lambda person: person["wage_income"])

    def income(wage: float) -> float:
        earner["wage_income"] = wage
        return float(Interpreter(run.policy, household, persons).household_value("disposable_income"))

    for notch in family.notches:
        assert income(notch.at) - income(notch.at + 0.01) == pytest.approx(notch.drop, abs=1e-6)
        assert sum(notch.lost.values()) == pytest.approx(notch.drop, abs=1.5)
        assert set(notch.lost) <= set(family.parts)


@pytest.mark.slow
def test_the_walk_finds_what_the_exact_search_finds(run: RunResult) -> None:
    family = run.family
    assert family is not None
    exact = cliffs(
        run.population,
        run.policy,
        households=[family.household_id],
        resources="disposable_income",
        max_income=float(family.earnings[-1]),
    ).notches
    exact = exact[exact["drop"] > 1.0]
    assert [notch.at for notch in family.notches] == pytest.approx(list(exact["at"]), abs=0.011)
    assert [notch.drop for notch in family.notches] == pytest.approx(list(exact["drop"]), abs=0.011)


def test_a_notch_on_a_round_wage_is_found(tmp_path: Path) -> None:
    """In bands, a family with 1,000 yuan of other income falls at wages that end in zeros."""
    text = SCENARIO + "programmes: {dibao: {payment: banded}, price_supplement: off}\noutputs: [budget]\n"
    scenario = load_scenario(write(tmp_path, text))
    persons, households = frames()
    one = persons[persons["household_id"] == 1].assign(
        wage_income=[12000.0] + [0.0] * ((persons["household_id"] == 1).sum() - 1),
        business_income=0.0,
        basic_pension_income=0.0,
        social_contributions_paid=0.0,
        severe_illness=False,
        disability_grade="none",
        age=np.int16(40),  # as in the county: no other kernel
    )
    alone = Population.from_frames(
        one, households[households["household_id"] == 1].assign(financial_assets=0.0)
    )
    size = len(one)
    line = 12000.0 / size
    bands = [[0, 1.0], [1 / 3, 0.7], [2 / 3, 0.5]]
    policy = scenario.policy().reform({"dibao.line.rural": line, "dibao.band": bands}, allow_unusual=True)
    result = simulate(alone, policy, baseline_outputs(policy))
    family = typical_family(alone, policy, result)
    assert family is not None
    places = [round(notch.at + 0.01, 2) for notch in family.notches]
    before = np.floor(0.5 * size) / 100  # money is compared at the fen: half a fen a head before the line
    assert places == pytest.approx([4000.0 - before, 8000.0 - before, 12000.0 - before], abs=0.001)
    assert [round(notch.drop, 2) for notch in family.notches] == [3599.99, 2399.99, 5999.99]


def test_a_notch_says_what_is_lost_of_resources_too(run: RunResult) -> None:
    """As ``microsim cliffs`` counts it: with benefits in kind, less rigid expenses."""
    family = run.family
    assert family is not None
    one = run.population.select([family.household_id])
    column = one.person_columns["wage_income"]
    earner = int(np.argmax(column))
    in_kind = parts(run.policy, (IN_KIND,))
    for notch in family.notches:
        means = []
        for wage in (notch.at, notch.at + 0.01):
            moved = column.copy()
            moved[earner] = wage
            population = one.with_columns(persons={"wage_income": moved})
            result = simulate(population, run.policy, run.result.outputs)  # the kernel of the run
            kind = sum(sign * float(result.array(name)[0]) for name, sign in in_kind.items())
            means.append((float(result.array("disposable_income")[0]), kind))
        of_income, of_kind = (before - after for before, after in zip(*means, strict=True))
        assert notch.resources == pytest.approx(of_income + of_kind, abs=0.02)
        assert notch.drop == pytest.approx(of_income, abs=0.02)
    text = " ".join(run_text(run, "en").split())
    assert "yuan a year of disposable income (" in text
    assert "microsim cliffs uses resources: cash and benefits in kind, less rigid expenditure." in text
    assert says(run_text(run, "zh"), "microsim cliffs按家庭可用资源计算")


def test_the_papers_figures_come_under_our_names() -> None:
    county = County.read(PROFILE)
    assert paper_figures(county, 2020) == {
        "caseload.dibao": 62300.0,
        "caseload.dibao.rural": 52020.0,
        "caseload.dibao.urban": 10280.0,
        "cost.dibao": 305e6,
        "cost.dibao.rural": 244e6,
        "cost.dibao.urban": 61e6,
        "resident_share.dibao": 0.187,
        "resident_share.dibao.rural": 0.241,
    }
    assert paper_figures(county, 2016)["cost.dibao.rural"] == 134e6
    assert paper_figures(county, 2018) == {}


def test_figures_are_named_by_their_parts() -> None:
    figures = Indicators({"cost.dibao.rural": 80.0})
    figures.add("cost", "dibao", "rural", 100.0, "yuan/year")
    figures.add("cost", "total", "", 130.0, "yuan/year")
    assert figures.summary() == {
        "cost.dibao.rural": {"value": 100.0, "unit": "yuan/year"},
        "cost.total": {"value": 130.0, "unit": "yuan/year"},
    }
    first, second = figures.rows
    assert first.difference == pytest.approx(0.25)
    assert second.paper is None
    assert second.difference is None
    assert figures.value("cost.total") == 130.0
    assert figures.value("cost.nothing") is None


def test_the_national_line_is_dated_and_sourced() -> None:
    line = national_line()
    assert {value.source for value in line.values.values()} <= {"cited", "recalled"}
    year_2020 = line.at(dt.date(2020, 12, 31))
    assert year_2020 is not None
    assert year_2020.value == 4000.0
    assert line.at(dt.date(2011, 12, 31)) is None


def test_every_assumption_in_use_is_listed(run: RunResult) -> None:
    listed = set(run.assumptions["name"])
    weak = {
        name
        for name in run.policy.needs(run.result.outputs).parameters
        if run.policy.values[name].source in ("assumption", "recalled", "scenario")
    }
    assert weak <= listed
    assert "dibao.line" in listed
    assert not run.assumptions["reference"].eq("").any()


def test_the_parts_of_a_benefit_are_found_by_trying_it() -> None:
    @household(unit="yuan/year")
    def a(income: float) -> float:
        return income

    @household(unit="yuan/year")
    def b(income: float) -> float:
        return income

    @household(unit="yuan/year", role="cash_benefit")
    def plain(a: float, b: float) -> float:
        return a - b

    @household(unit="yuan/year", role="cash_benefit")
    def capped(a: float, b: float) -> float:
        return min(a + b, 1000.0)

    @household(unit="yuan/year", role="in_kind_benefit")
    def halved(a: float) -> float:
        return a / 2

    policy = Policy.from_rules([a, b, plain, capped, halved])
    assert parts(policy) == {"a": 1.0, "b": -1.0, "capped": 1.0, "halved": 1.0}
    assert parts(policy, (CASH,)) == {"a": 1.0, "b": -1.0, "capped": 1.0}


def test_a_law_that_pays_nothing_is_refused(run: RunResult) -> None:
    nothing = run.policy.from_rules({"rule": run.policy.rules["unit_income"]})
    with pytest.raises(MicrosimError, match="pays no benefit"):
        baseline_outputs(nothing)


def test_a_folder_is_named_after_the_file(tmp_path: Path) -> None:
    assert load_scenario(write(tmp_path, name="other.yaml")).name == "other"
