"""Neighbours around the line: a planted jump is found, parts add up, registered poor stand beside others."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from microsim.errors import MicrosimError
from microsim.policy import household
from microsim.policy.policy import Policy
from microsim.population import Population
from microsim.scenario import load_scenario
from microsim.simulation import simulate
from microsim.studies.common.estimates import Sampling
from microsim.studies.distribution.study import distribution
from microsim.studies.neighbours.study import Neighbours, neighbours
from tests.face.same_face import check_face
from tests.measures import naive
from tests.plain import plain
from tests.scenario.small_county import write

LINE = 4000.0


@household(unit="yuan/year")
def counted_income_per_head(seen: float) -> float:
    """What the office sees."""
    return seen


@household(unit="yuan/year")
def dibao_line_in_force(line: float) -> float:
    """One line."""
    return line


@household(unit="1")
def unit_size(outside: bool) -> int:
    """Nobody counts in some households."""
    return 0 if outside else 1


@household(unit="yes/no")
def dibao_eligible(counted_income_per_head: float, dibao_line_in_force: float, outside: bool) -> bool:
    """Below the line."""
    return counted_income_per_head < dibao_line_in_force and not outside


@household(unit="yuan/year", role="cash_benefit")
def grant(dibao_eligible: bool) -> float:
    """The planted jump: 1,000 yuan for those below the line."""
    return 1000.0 if dibao_eligible else 0.0


@household(unit="yuan/year", role="in_kind_benefit")
def care(dibao_eligible: bool) -> float:
    """A value in kind of 200 yuan that goes with it."""
    return 200.0 if dibao_eligible else 0.0


@household(unit="yuan/year")
def income_before_benefits_per_head(earned: float) -> float:
    """True income."""
    return earned


@household(unit="yuan/year")
def disposable_income_per_head(earned: float, grant: float) -> float:
    """With the grant; one person a household."""
    return earned + grant


@household(unit="yuan/year")
def rigid_expenses(bill: float) -> float:
    """A bill."""
    return bill


@household(unit="yuan/year")
def resources_per_head(disposable_income_per_head: float, care: float, bill: float) -> float:
    """What is left."""
    return disposable_income_per_head + care - bill


RULES = [
    counted_income_per_head,
    dibao_line_in_force,
    unit_size,
    dibao_eligible,
    grant,
    care,
    income_before_benefits_per_head,
    disposable_income_per_head,
    rigid_expenses,
    resources_per_head,
]
POLICY = Policy.from_rules(RULES, parameters={"line": LINE})


def county(count: int = 1200, noise: float = 0.0, seed: int = 1) -> Population:
    """One person a household; assessed incomes from 1,000 to 7,000 yuan, true ones with some noise."""
    random = np.random.default_rng(seed)
    seen = random.uniform(1000.0, 7000.0, count)
    number = np.arange(1, count + 1)
    households = pd.DataFrame(
        {
            "household_id": number,
            "weight": random.uniform(1.0, 3.0, count),
            "area": pd.Categorical(np.where(number % 3 > 0, "rural", "urban"), categories=["rural", "urban"]),
            "seen": seen,
            "earned": 500.0 + seen + random.normal(size=count) * noise,
            "bill": 300.0,
            "filed_poor": random.random(count) < 0.3,
            "outside": number <= 10,
        }
    )
    return Population.from_frames(pd.DataFrame({"household_id": number}), households)


def values(found: Neighbours) -> dict[str, float]:
    return {name.removeprefix("cliffs.neighbours."): item["value"] for name, item in found.summary.items()}


def test_a_planted_jump_without_noise_is_found_exactly() -> None:
    found = neighbours(county(), POLICY, bandwidth=1500.0)
    value = values(found)
    for group in ("", ".rural", ".urban"):
        assert value[f"jump.resources{group}"] == pytest.approx(-1200)
        assert value[f"level_below.resources{group}"] == pytest.approx(LINE + 500 + 1200 - 300)
        assert value[f"level_above.resources{group}"] == pytest.approx(LINE + 500 - 300)
        assert value[f"jump.disposable_income{group}"] == pytest.approx(-1000)
        assert value[f"jump.benefits{group}"] == pytest.approx(-1200)
        assert value[f"jump.grant{group}"] == pytest.approx(-1000)
        assert value[f"jump.care{group}"] == pytest.approx(-200)
        assert value[f"jump.income_before_benefits{group}"] == pytest.approx(0, abs=1e-6)
        assert value[f"jump.admitted{group}"] == pytest.approx(-1)
        assert value[f"jump_half_bandwidth.resources{group}"] == pytest.approx(-1200)
        assert value[f"jump_double_bandwidth.benefits{group}"] == pytest.approx(-1200)
    assert found.summary["cliffs.neighbours.jump.resources"]["standard_error"] == pytest.approx(0, abs=1e-6)
    assert found.excluded == pytest.approx(county().weight[:10].sum())


def test_a_planted_jump_under_noise_is_found_within_its_error() -> None:
    inside, errors, jumps = 0, [], []
    for seed in range(30):
        found = neighbours(county(600, noise=400.0, seed=seed), POLICY).summary
        jump = found["cliffs.neighbours.jump.resources"]
        inside += abs(jump["value"] + 1200) < 1.96 * jump["standard_error"]
        errors.append(jump["standard_error"])
        jumps.append(jump["value"])
        assert found["cliffs.neighbours.bandwidth"]["value"] <= LINE
    assert inside >= 26
    assert np.mean(errors) == pytest.approx(np.std(jumps), rel=0.35)


def test_a_bandwidth_that_holds_nobody_at_its_half_is_told() -> None:
    found = neighbours(county(200), POLICY, bandwidth=120.0)
    assert "jump.resources" in found.estimates.summary
    assert "jump_half_bandwidth.resources" in found.estimates.without_answer


def test_ranks_around_the_line_against_all_pairs() -> None:
    population = county(300, noise=300.0)
    found = values(neighbours(population, POLICY, band=0.25, bandwidth=2000.0))
    columns = population.households
    near = (columns["seen"] - LINE).abs() <= 1000.0
    near &= ~columns["outside"]
    pre = (columns["earned"] - 300.0)[near].tolist()
    got = np.where(columns["seen"] < LINE, 1200.0, 0.0)[near]
    post, weights = (np.array(pre) + got).tolist(), columns["weight"][near].tolist()
    turned, level = naive.rank_reversals(pre, post, weights)
    assert found["reversed_pairs.resources"] == pytest.approx(turned)
    assert turned > 0.05
    assert found["levelled_pairs.resources"] == pytest.approx(level)
    assert found["reranking.resources"] == pytest.approx(naive.reranking(pre, post, weights))
    _, vertical, horizontal, _ = naive.redistribution(pre, post, weights, 500.0)
    assert found["vertical.resources"] == pytest.approx(vertical)
    assert found["horizontal.resources"] == pytest.approx(horizontal)
    assert found["persons.band"] == pytest.approx(sum(weights))


def test_filed_poor_beside_near_poor_by_hand() -> None:
    """Six persons: registered with 1,000, 3,000, 9,000; near-poor with 4,000 and 5,000; one far above."""
    households = pd.DataFrame(
        {
            "household_id": range(1, 7),
            "weight": 1.0,
            "area": pd.Categorical(["rural"] * 6, categories=["rural", "urban"]),
            "seen": [1000.0, 3000.0, 9000.0, 4000.0, 5000.0, 9000.0],
            "earned": [1000.0, 3000.0, 9000.0, 4000.0, 5000.0, 9000.0],
            "bill": 0.0,
            "filed_poor": [True, True, True, False, False, False],
            "outside": False,
        }
    )
    population = Population.from_frames(pd.DataFrame({"household_id": range(1, 7)}), households)
    found = neighbours(population, POLICY)
    value = values(found)
    assert (value["persons.filed_poor"], value["persons.near_poor"]) == (3, 2)
    assert value["gap.income_before_benefits"] == pytest.approx(13_000 / 3 - 4500)
    assert value["gap.disposable_income"] == pytest.approx(15_000 / 3 - 4500)
    # Pairs registered - near-poor: before, 9,000 is ahead of both; after, 4,000 ties with 4,000 besides.
    assert value["ahead.income_before_benefits"] == pytest.approx(2 / 6)
    assert value["ahead.disposable_income"] == pytest.approx(2.5 / 6)
    assert value["ahead.resources"] == pytest.approx(3 / 6)  # 4,200 with care
    assert value["filed_poor_mean.bottom_25"] == pytest.approx(2000)
    assert value["filed_poor_mean.top_25"] == pytest.approx(9000)
    assert value["filed_poor_top_over.bottom_5"] == pytest.approx(4.5)
    assert value["near_poor_rank.filed_poor"] == pytest.approx(2 / 3)
    # Too few for a line on both sides: told, and the rest is there.
    assert "jump.resources" in found.estimates.without_answer
    assert "no jump at the line" in str(found)


def test_without_filed_poor_the_gap_has_no_answer() -> None:
    population = county()
    frame = population.households.drop(columns="filed_poor")
    without = Population.from_frames(population.persons, frame)
    found = neighbours(without, POLICY, bandwidth=1500.0)
    assert "gap.disposable_income" in found.estimates.without_answer
    assert "jump.resources" in found.estimates.summary


def test_a_population_without_areas_has_one_group() -> None:
    population = county()
    plain = Population.from_frames(population.persons, population.households.drop(columns="area"))
    found = neighbours(plain, POLICY, bandwidth=1500.0)
    assert set(found.table["group"]) == {""}
    outputs = ["income_before_benefits_per_head", "disposable_income_per_head", "grant", "care"]
    result = simulate(plain, POLICY, outputs)
    spread = distribution(result).summary
    assert "gini.disposable_income" in spread
    assert "kakwani.grant" in spread
    assert not any(name.startswith(("poverty", "coverage")) for name in spread)
    with pytest.raises(MicrosimError, match="the population has no column 'area'"):
        distribution(result, lines={"own": {"rural": 1.0}})


def test_only_some_households_and_their_errors() -> None:
    population = county(noise=300.0)
    everyone = neighbours(population, POLICY, bandwidth=1500.0, sampling=Sampling("linearised"))
    registered = neighbours(population, POLICY, bandwidth=1500.0, only="filed_poor")
    assert values(registered)["persons.band"] < values(everyone)["persons.band"]
    assert registered.excluded > everyone.excluded
    assert everyone.summary["cliffs.neighbours.gap.disposable_income"]["standard_error"] > 0
    by_rule = neighbours(population, POLICY, bandwidth=1500.0, only="dibao_eligible")
    assert "jump.resources" in by_rule.estimates.without_answer


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"bandwidth": 0}, "bandwidth: is 0; give a number above 0"),
        ({"band": -1, "near": 0.5}, "near: is 0.5; give a number of at least 1"),
        ({"only": "area"}, "'area' does not say yes or no"),
        ({"only": "no_such_rule"}, "no_such_rule"),
    ],
)
def test_what_cannot_be_done_is_told(more, words) -> None:
    with pytest.raises(MicrosimError) as caught:
        neighbours(county(60), POLICY, **more)
    assert words in str(caught.value)


# ---------------------------------------------------------------- the whole law


@pytest.fixture(scope="module")
def lawful(tmp_path_factory: pytest.TempPathFactory) -> Neighbours:
    scenario = load_scenario(write(tmp_path_factory.mktemp("neighbours")))
    with plain():
        return neighbours(scenario.population(), scenario.policy(), bandwidth=4000.0)


def test_under_the_law_the_parts_add_up_to_resources(lawful: Neighbours) -> None:
    table = lawful.table
    whole = {"resources", "disposable_income", "benefits", "admitted"}
    for group in ("", "rural"):
        jumps = table[(table.measure == "jump") & (table.group == group)].set_index("subject")["value"]
        parts = jumps.drop([name for name in whole if name in jumps])
        assert {"income_before_benefits", "expenses", "dibao"} <= set(parts.index)
        assert parts.sum() == pytest.approx(jumps["resources"], abs=1e-6)
        assert jumps["admitted"] < 0
        benefits = parts.drop(["income_before_benefits", "expenses"])
        assert benefits.sum() == pytest.approx(jumps["benefits"], abs=1e-6)


def test_the_face_is_that_of_all_results(lawful: Neighbours, tmp_path: Path) -> None:
    check_face(lawful, tmp_path)
    assert lawful.headline.startswith("resources per head jump by ")


def test_the_table_is_tidy_and_the_summary_flat(lawful: Neighbours) -> None:
    table = lawful.table
    assert list(table.columns) == ["measure", "subject", "group", "value", "unit", "standard_error"]
    assert not table.duplicated(["measure", "subject", "group"]).any()
    assert table.loc[table.measure == "jump", "standard_error"].notna().all()
    assert all(name.startswith("cliffs.neighbours.") for name in lawful.summary)
    assert len(lawful.summary) == len(table)
    assert "yuan/year at the line" in str(lawful)
