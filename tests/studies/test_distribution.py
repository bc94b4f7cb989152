"""The study of distribution: figures against naive measures, identities, errors; gains from a reform."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from microsim import measures as m
from microsim.errors import MicrosimError
from microsim.population import Population
from microsim.scenario import load_scenario
from microsim.simulation import Result, simulate
from microsim.studies.common.baseline import run_scenario
from microsim.studies.common.estimates import Sampling
from microsim.studies.common.outputs import baseline_outputs
from microsim.studies.distribution.gains import gains
from microsim.studies.distribution.progressivity import paid_per_head
from microsim.studies.distribution.study import Distribution, distribution
from tests.face.same_face import check_face
from tests.measures import naive
from tests.scenario.small_county import write

BEFORE, AFTER = "income_before_benefits_per_head", "disposable_income_per_head"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory):
    return run_scenario(load_scenario(write(tmp_path_factory.mktemp("distribution"))))


@pytest.fixture(scope="module")
def result(run) -> Result:
    return run.result


@pytest.fixture(scope="module")
def found(result: Result) -> Distribution:
    return distribution(result)


def columns(result: Result, *names: str, group=None):
    people = result.population.weight * np.diff(result.population.offsets)
    mask = np.ones(len(people), dtype=bool) if group is None else group
    return [*(result.array(name)[mask].tolist() for name in names), people[mask].tolist()]


def test_figures_of_the_run_are_the_same(run, found: Distribution) -> None:
    """One way of measuring: poverty and Gini stand in both."""
    shared = {
        name: item["value"]
        for name, item in run.summary.items()
        if name.split(".")[0] in ("poverty", "poverty_dibao_line", "gini")
    }
    assert len(shared) == 30
    assert {name: found.summary[name]["value"] for name in shared} == shared


def test_figures_against_naive_measures(result: Result, found: Distribution) -> None:
    value = {name: item["value"] for name, item in found.summary.items()}
    rural = np.asarray(result.population.household_columns["area"]) == 0
    after, people = columns(result, AFTER)
    assert min(after) > 0
    assert value["gini.disposable_income"] == pytest.approx(naive.gini(after, people))
    assert value["theil.disposable_income"] == pytest.approx(naive.theil(after, people))
    assert value["median.disposable_income"] == naive.quantile(after, 0.5, people)
    assert value["decile_share.disposable_income.decile_1"] == pytest.approx(naive.lorenz(after, people, 0.1))
    assert sum(value[f"decile_share.disposable_income.decile_{k}"] for k in range(1, 11)) == pytest.approx(1)
    near, its_people = columns(result, AFTER, group=rural)
    assert value["s80s20.disposable_income.rural"] == pytest.approx(naive.s80s20(near, its_people))
    assert value["poverty.squared_gap.rural"] == pytest.approx(naive.fgt(near, 4000.0, 2, its_people))
    assert value["poverty.sen.rural"] == pytest.approx(naive.sen(near, 4000.0, its_people))
    by = ["rural" if yes else "urban" for yes in rural]
    assert value["at_risk_of_poverty.disposable_income.rural"] == pytest.approx(
        naive.at_risk_of_poverty(after, people, 0.6, by)["rural"]
    )


def test_targeting_counts_persons(result: Result, found: Distribution) -> None:
    line = np.where(np.asarray(result.population.household_columns["area"]) == 0, 4600.0, 7000.0)
    before, people = map(np.array, columns(result, BEFORE))
    paid = paid_per_head(result)["dibao"]
    poor, reached = before < line, paid > 0
    value = {name: item["value"] for name, item in found.summary.items()}
    assert value["coverage.dibao"] == pytest.approx(people[poor & reached].sum() / people[poor].sum())
    assert value["coverage.dibao"] + value["exclusion_error.dibao"] == pytest.approx(1)
    assert value["inclusion_error.dibao"] == pytest.approx(
        people[~poor & reached].sum() / people[reached].sum()
    )
    for groups in (("rural", "urban"), tuple(f"decile_{k}" for k in range(1, 11))):
        assert sum(value[f"benefit_share.dibao.{group}"] for group in groups) == pytest.approx(1)


def test_identities(found: Distribution) -> None:
    value = {name: item["value"] for name, item in found.summary.items()}
    for group in ("", ".rural", ".urban"):
        change = value[f"gini.income_before_benefits{group}"] - value[f"gini.disposable_income{group}"]
        assert value[f"redistribution.total{group}"] == pytest.approx(change)
        assert change == pytest.approx(
            value[f"reynolds_smolensky.benefits{group}"] - value[f"reranking.benefits{group}"]
        )
        assert change == pytest.approx(
            value[f"redistribution.vertical{group}"]
            - value[f"redistribution.horizontal{group}"]
            - value[f"redistribution.reranking{group}"]
        )
        assert value[f"kakwani.dibao{group}"] == pytest.approx(
            value[f"concentration.dibao{group}"] - value[f"gini.income_before_benefits{group}"]
        )


def test_the_table_is_tidy(found: Distribution) -> None:
    table = found.table
    assert list(table.columns) == ["measure", "subject", "group", "value", "unit", "standard_error"]
    assert not table.duplicated(["measure", "subject", "group"]).any()
    assert table["value"].notna().all()
    assert table["standard_error"].isna().all()
    assert len(found.summary) == len(table)
    assert all("standard_error" not in item for item in found.summary.values())
    assert set(found.without_answer).isdisjoint(found.summary)


def test_the_face_is_that_of_all_results(result: Result, found: Distribution, tmp_path: Path) -> None:
    check_face(found, tmp_path)
    check_face(gains(result, result), tmp_path)
    assert "persons who gain 0 persons; persons who lose 0 persons" in gains(result, result).headline


@pytest.mark.slow
def test_standard_errors_linearised_and_by_bootstrap(result: Result) -> None:
    quick = distribution(result, sampling=Sampling("linearised")).summary
    drawn = distribution(result, sampling=Sampling("bootstrap", replicates=40, seed=5)).summary
    for name in (
        "mean.disposable_income",
        "mean.disposable_income.rural",
        "gini.disposable_income",
        "poverty_dibao_line.headcount_before.rural",
        "kakwani.dibao",
        "coverage.dibao",
        "leakage.dibao",
        "cgh.dibao",
        "benefit_share.dibao.rural",
        "palma.disposable_income",
    ):
        assert quick[name]["standard_error"] == pytest.approx(drawn[name]["standard_error"], rel=0.4), name
        assert quick[name]["value"] == drawn[name]["value"]
    assert "standard_error" not in quick["redistribution.total"]
    assert drawn["redistribution.total"]["standard_error"] > 0


def test_a_seed_gives_the_same_errors_again(run) -> None:
    zero = simulate(run.population, run.policy.reform({"dibao.line": 5000}), baseline_outputs(run.policy))
    first, again, other = (
        gains(run.result, zero, sampling=Sampling("bootstrap", replicates=10, seed=seed)).summary
        for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other


def test_a_design_of_clusters_is_heard(result: Result) -> None:
    by_itself = distribution(result, sampling=Sampling("linearised")).summary
    clustered = distribution(result, sampling=Sampling("linearised", strata="area")).summary
    name = "mean.disposable_income"
    assert clustered[name]["standard_error"] < by_itself[name]["standard_error"]


def test_replicate_weights_of_the_survey(run) -> None:
    """Columns that the jackknife would have made: leaving out one of three groups of households."""
    households = run.population.households
    for k in range(3):
        left_out = households["household_id"] % 3 == k
        households[f"r{k}"] = households["weight"] * np.where(left_out, 0.0, 1.5)
    surveyed = Population.from_frames(run.population.persons, households)
    result = simulate(surveyed, run.policy, baseline_outputs(run.policy))
    sampling = Sampling("replicates", columns=("r0", "r1", "r2"), kind="jackknife")
    found = distribution(result, sampling=sampling).summary["gini.disposable_income"]
    size = np.diff(surveyed.offsets)
    without = [m.gini(result.array(AFTER), households[f"r{k}"] * size) for k in range(3)]
    assert found["standard_error"] == pytest.approx(m.replicate_error(found["value"], without, "jackknife"))


def test_lines_and_target_of_the_user(result: Result) -> None:
    lines = {"low": {"rural": 3000.0, "urban": 3000.0}, "high": {"rural": 9000.0, "urban": 9000.0}}
    value = distribution(result, lines=lines, target="high").summary
    assert value["poverty_low.headcount"]["value"] < value["poverty_high.headcount"]["value"]
    before, people = map(np.array, columns(result, BEFORE))
    want = m.fgt(before, 9000.0, 0, people, negatives="floor")
    assert value["poverty_high.headcount_before"]["value"] == pytest.approx(want)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"target": "natonal"}, "there is no line 'natonal'; lines: national, dibao_line"),
        ({"lines": {"own": {"rural": 1.0}}}, "lines.own: has no value for the area 'urban'"),
        ({"sampling": Sampling("linearised", clusters="village")}, "no household column 'village'"),
        ({"sampling": Sampling("jackknife")}, "'jackknife' is not one of linearised, bootstrap"),
        ({"sampling": Sampling("replicates", columns=("r1",))}, "names 1 replicate weights; name at least 2"),
        ({"sampling": Sampling("replicates", columns=("r1", "r2"))}, "no household column 'r2'"),
    ],
)
def test_what_cannot_be_done_is_told(result: Result, more, words) -> None:
    with pytest.raises(MicrosimError) as caught:
        distribution(result, **more)
    assert words in str(caught.value)


def test_missing_outputs_are_told_all_at_once(result: Result) -> None:
    with pytest.raises(MicrosimError) as caught:
        distribution(replace(result, arrays={AFTER: result.array(AFTER)}))
    text = str(caught.value)
    assert "'income_before_benefits_per_head' is not among the outputs" in text
    assert "dibao" in text


# ---------------------------------------------------------------------------------------------------- gains


def test_gains_of_a_higher_line(run) -> None:
    higher = run.policy.reform({"dibao.line": {"by": {"rural": 6000, "urban": 7000}}})
    after = simulate(run.population, higher, baseline_outputs(higher))
    found = gains(run.result, after)
    value = {name: item["value"] for name, item in found.summary.items()}
    people = run.population.weight * np.diff(run.population.offsets)
    change = after.array(AFTER) - run.result.array(AFTER)
    assert value["gainers.disposable_income"] == pytest.approx(people[change > 0.005].sum())
    assert value["losers.disposable_income"] == pytest.approx(people[change < -0.005].sum())
    assert sum(value[f"{who}.disposable_income"] for who in ("gainers", "losers", "unchanged")) == (
        pytest.approx(people.sum())
    )
    whole = m.gainers_and_losers(run.result.array(AFTER), after.array(AFTER), people)
    assert value["mean_gain.disposable_income"] == pytest.approx(whole.mean_gain)
    assert value["gaining_share.disposable_income"] == pytest.approx(whole.gaining_share)
    assert value["mean_change.disposable_income"] == pytest.approx(np.average(change, weights=people))
    assert value["gainers.disposable_income.rural"] > 0
    assert (
        "mean_gain.disposable_income.urban" in found.without_answer
        or value["gainers.disposable_income.urban"]
    )
    errors = gains(run.result, after, sampling=Sampling("linearised")).summary
    assert errors["gaining_share.disposable_income"]["standard_error"] > 0


def test_gains_need_the_same_households(run) -> None:
    part = run.population.select(run.population.household_id[:50])
    other = simulate(part, run.policy, baseline_outputs(run.policy))
    with pytest.raises(MicrosimError) as caught:
        gains(run.result, other, tolerance=-1)
    heavier = replace(run.result, population=replace(run.population, weight=run.population.weight * 2))
    with pytest.raises(MicrosimError, match="weigh the households differently"):
        gains(run.result, heavier)
    assert "different households" in str(caught.value)
    assert "tolerance: is -1" in str(caught.value)
