"""The cliff study: closed-form notches, what they go through, and weighted figures."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import microsim as ms
from microsim.errors import MicrosimError
from microsim.studies.cliffs import Cliffs, causes, spread
from microsim.studies.cliffs.indicators import standard_errors
from microsim.studies.common.estimates import Sampling
from tests.studies.cliffs.three_programmes import households, law, lump
from tests.studies.small_law import LINE, earned, gap


@pytest.fixture(scope="module")
def found() -> Cliffs:
    return ms.cliffs(households([0.0, 5500.0, 6300.0, 20_000.0]), law())


def test_notches_of_a_family_are_where_the_law_puts_them(found: Cliffs) -> None:
    own = found.notches[found.notches["household_id"] == 2]
    assert own["at"].tolist() == pytest.approx([6000.0, 9000.0], abs=1e-6)
    assert own["drop"].tolist() == pytest.approx([700.0, 300.0])
    assert own["rise"].tolist() == [0.0, 0.0]
    assert own["dead_zone"].tolist() == pytest.approx([700.0, 300.0])
    assert own["programme"].tolist() == ["lump", "aid"]
    assert own["rule"].tolist() == ["poor", "near"]
    assert own["comparison"].tolist() == ["income < line", "income < 1.5 * line"]
    assert own["before"].tolist() == pytest.approx([7000.0, 9300.0])
    assert (own["bracket"] == 0.0).all()


def test_changes_by_programme_add_up_to_the_notch(found: Cliffs) -> None:
    sums = found.by_programme.groupby("notch")["change"].sum()
    net = found.notches["rise"] - found.notches["drop"]
    np.testing.assert_allclose(sums, net, atol=1e-9)
    first = found.by_programme[found.by_programme["notch"] == 0].set_index("programme")["change"]
    assert first.to_dict() == pytest.approx({"lump": -1000.0, "aid": 300.0})


def test_what_a_household_faces(found: Cliffs) -> None:
    table = found.households.set_index("household_id")
    assert table["next_distance"].iloc[:3].tolist() == pytest.approx([6000.0, 500.0, 2700.0])
    assert table["next_percent"].iloc[1:3].tolist() == pytest.approx([100 * 500 / 5500, 100 * 2700 / 6300])
    assert table["next_drop"].iloc[:3].tolist() == pytest.approx([700.0, 700.0, 300.0])
    assert np.isnan(table.loc[4, "next_drop"])
    assert table["marginal_rate"].tolist() == pytest.approx([1.0, 1.0, 0.0, 0.0])
    assert table["in_dead_zone"].tolist() == [False, False, True, False]
    assert table["trapped"].tolist() == pytest.approx([0.0, 0.0, 300.0, 0.0])
    # 5,500 earned leave the household with the same 7,000; of 6,300 it keeps 6,600 - 7,000 = -400.
    rates = table["participation_tax_rate"].tolist()
    assert np.isnan(rates[0])
    assert rates[1:] == pytest.approx([1.0, 1.0 + 400.0 / 6300.0, 1.0 - 13_000.0 / 20_000.0])
    assert table["total_loss"].tolist() == pytest.approx([1000.0] * 4)
    assert table["exact"].all()


def test_figures_are_weighted_and_by_group(found: Cliffs) -> None:
    value = {name: entry["value"] for name, entry in found.summary.items()}
    assert value["cliffs.facing_notch_within_500"] == pytest.approx(2 / 10)
    assert value["cliffs.facing_notch_within_500.urban"] == pytest.approx(2 / 6)
    assert value["cliffs.facing_notch_within_3000"] == pytest.approx(5 / 10)
    assert value["cliffs.facing_notch_within_3000.rural"] == pytest.approx(3 / 4)
    assert value["cliffs.marginal_rate_at_least_100"] == pytest.approx(3 / 10)
    assert value["cliffs.marginal_rate_above_100"] == 0.0
    assert value["cliffs.in_dead_zone"] == pytest.approx(3.0)
    assert value["cliffs.trapped_earnings"] == pytest.approx(900.0)
    assert value["cliffs.mean_loss"] == pytest.approx((700 + 2 * 700 + 3 * 300) / 6)
    assert value["cliffs.worst_loss"] == pytest.approx(700.0)
    assert value["cliffs.members_walked.size_1"] == pytest.approx(10.0)
    assert set(found.table.columns) == {"measure", "subject", "group", "value", "unit"}


def test_weights_are_repetition() -> None:
    once = ms.cliffs(households([0.0, 5500.0, 6300.0]), law()).summary
    rows = [0.0] + [5500.0] * 2 + [6300.0] * 3
    population = households(rows)
    population = ms.Population.from_frames(
        population.persons, population.households.assign(weight=1.0, area="rural")
    )
    many = ms.cliffs(population, law()).summary
    for name, entry in many.items():
        if name.count(".") == 1:
            assert entry["value"] == pytest.approx(once[name]["value"]), name


def test_causes_are_exact_shapley_values_and_add_up(found: Cliffs) -> None:
    why = causes(found)
    sums = why.table.groupby("notch")["change"].sum()
    np.testing.assert_allclose(sums, found.notches["rise"] - found.notches["drop"], atol=1e-9)
    first = why.table[why.table["notch"] == 0].set_index(["gate", "programme"])["change"]
    # "near" opens only because "poor" closes: the 300 are shared by the two.
    expected = {("poor", "lump"): -1000.0, ("poor", "aid"): 150.0, ("near", "aid"): 150.0}
    assert first[first.abs() > 0.01].to_dict() == pytest.approx(expected, abs=0.01)
    second = why.table[why.table["notch"] == 1]
    assert second[["gate", "programme", "through"]].to_numpy().tolist() == [["near", "aid", "status"]]
    assert why.benefits_before[0] == pytest.approx(1000.0, abs=0.01)
    shares = why.shares()
    assert shares["share"].sum() == pytest.approx(1.0)
    assert shares["gate"].iloc[0] == "poor"


def test_a_step_of_a_schedule_is_its_own_cause() -> None:
    @ms.household(role="cash_benefit")
    def stepped(income: float, line: float) -> float:
        """A fixed amount, smaller from half the line on."""
        if income < 0.5 * line:
            return 900.0
        return 400.0 if income < line else 0.0

    @ms.household
    def disposable_income(income: float, stepped: float) -> float:
        """Income and the benefit."""
        return income + stepped

    policy = ms.Policy.from_rules(
        {
            "earned": earned,
            "income": ms.total(earned),
            "stepped": replace(stepped, programme="stepped"),
            "disposable_income": disposable_income,
        },
        parameters={"line": LINE},
    )
    found = ms.cliffs(households([100.0]), policy)
    why = causes(found).table
    assert why[["gate", "through", "programme"]].to_numpy().tolist() == [["stepped", "step", "stepped"]] * 2
    assert why["change"].tolist() == pytest.approx([-500.0, -400.0])


def test_other_incomes_and_other_members() -> None:
    population = households([1000.0, 2000.0], [0.0, 500.0])
    by_pension = ms.cliffs(population, law(), vary="pension_income")
    assert by_pension.notches["at"].tolist() == pytest.approx([5000.0, 8000.0, 4000.0, 7000.0])
    two = ms.Population.from_frames(
        pd.DataFrame(
            {
                "household_id": 1,
                "person_id": [11, 12, 13],
                "age": [45, 44, 10],
                "sex": "male",
                "relation": ["head", "spouse", "child"],
                "wage_income": [3000.0, 1000.0, 0.0],
                "pension_income": 0.0,
                "second": [False, True, False],
            }
        ),
        pd.DataFrame({"household_id": [1], "weight": [1.0]}),
    )
    each = ms.cliffs(two, law(), member="each")
    assert each.households["person_id"].tolist() == [11, 12]
    places = each.notches.groupby("person_id")["at"].first()
    assert places.tolist() == pytest.approx([5000.0, 3000.0])
    marked = ms.cliffs(two, law(), member="second")
    assert marked.households["person_id"].tolist() == [12]
    assert ms.cliffs(two, law()).households["person_id"].tolist() == [11]


def test_where_nobody_earns_the_first_who_could_is_walked() -> None:
    population = ms.Population.from_frames(
        pd.DataFrame(
            {
                "household_id": 1,
                "person_id": [1, 2, 3],
                "age": [75, 30, 35],
                "sex": "female",
                "relation": ["head", "child", "child"],
                "labour_capacity": ["full", "none", "partial"],
                "wage_income": 0.0,
                "pension_income": 0.0,
            }
        ),
        pd.DataFrame({"household_id": [1], "weight": [1.0]}),
    )
    assert ms.cliffs(population, law()).households["person_id"].tolist() == [3]


def test_kinks_are_told_when_asked_for() -> None:
    found = ms.cliffs(households([0.0]), law(), kinks=True, max_income=12_000.0)
    assert len(found.kinks) == 0  # the slope changes only where the notch is
    assert found.notches["slope_before"].tolist() == pytest.approx([0.0, 1.0])
    flat = law().with_rules({"lump": replace(lump, function=gap.function, arguments=gap.arguments)})
    assert len(ms.cliffs(households([0.0]), flat, kinks=True).notches) > 0


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"vary": "wage_incom"}, "did you mean 'wage_income'"),
        ({"vary": "age"}, "not an amount of each person"),
        ({"resources": "nothing"}, "has no rule 'nothing'"),
        ({"max_income": 0.0}, "an amount above 0"),
        ({"max_income": float("nan")}, "an amount above 0"),
        ({"member": "nobody"}, "not a yes/no person column"),
        ({"households": [99]}, "unknown household ids"),
    ],
)
def test_bad_use(options: dict[str, Any], words: str) -> None:
    with pytest.raises(MicrosimError, match=words):
        ms.cliffs(households([1.0]), law(), **options)


@pytest.mark.parametrize("errors", ["linearised", "bootstrap"])
def test_sampling_errors_shrink_with_the_sample(errors: Any) -> None:
    random = np.random.default_rng(3)

    def error(count: int) -> float:
        wages = random.uniform(0.0, 12_000.0, count).tolist()
        population = households(wages)
        frame = population.households.assign(weight=1.0)
        even = ms.Population.from_frames(population.persons, frame)
        sampling = Sampling(errors, replicates=60)
        table = standard_errors(ms.cliffs(even, law()), sampling).set_index("measure")
        return float(table.loc["cliffs.facing_notch_within_1000", "standard_error"])

    small, large = error(200), error(3200)
    p = 2000.0 / 12_000.0  # 1,000 before each of two notches
    assert small == pytest.approx(np.sqrt(p * (1 - p) / 200), rel=0.35)
    assert large == pytest.approx(small / 4.0, rel=0.4)


def test_a_surveys_own_replicate_weights_give_its_errors() -> None:
    wages = np.random.default_rng(4).uniform(0.0, 12_000.0, 40).tolist()
    population = households(wages)
    frame = population.households.assign(weight=1.0)
    left_out = {f"r{k}": np.where(np.arange(40) == k, 0.0, 40 / 39) for k in range(40)}
    frame = frame.assign(**left_out)
    found = ms.cliffs(ms.Population.from_frames(population.persons, frame), law())
    sampling = Sampling("replicates", columns=tuple(left_out), kind="jackknife")
    table = standard_errors(found, sampling).set_index("measure")
    linear = standard_errors(found, Sampling("linearised")).set_index("measure")
    for name in ("facing_notch_within_3000", "mean_marginal_rate", "share_in_dead_zone"):
        jackknife, formula = (one.loc[f"cliffs.{name}", "standard_error"] for one in (table, linear))
        assert jackknife == pytest.approx(formula, rel=1e-6)
        assert formula > 0.01
    with pytest.raises(MicrosimError, match="no household column 'r99'"):
        standard_errors(found, Sampling("replicates", columns=("r99", "r1")))


def test_spread_over_seeds_is_no_standard_error() -> None:
    def make(seed: int) -> Cliffs:
        wages = np.random.default_rng(seed).uniform(0.0, 12_000.0, 50).tolist()
        return ms.cliffs(households(wages), law())

    table = spread(make, [1, 2, 3])
    row = table[(table["measure"] == "cliffs.facing_notch_within_1000") & (table["group"] == "")].iloc[0]
    assert row["seeds"] == 3
    assert row["lowest"] <= row["mean"] <= row["highest"]
    assert "standard_error" not in table
