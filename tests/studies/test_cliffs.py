"""The cliff study: closed-form notches, what they go through, weighted figures, and the command."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import microsim as ms
from microsim.cli.main import cli
from microsim.errors import MicrosimError
from microsim.report.text import display_width
from microsim.studies.cliffs import Cliffs, causes, spread
from microsim.studies.cliffs.indicators import standard_errors
from microsim.studies.common.estimates import Sampling
from tests.scenario.small_county import PROFILE, ROOT, SCENARIO
from tests.studies.small_law import LINE, earned, gap, poor


@ms.household
def near(income: float, line: float, poor: bool) -> bool:
    """From the line to half as much again."""
    return not poor and income < 1.5 * line


@ms.household(role="cash_benefit")
def lump(poor: bool) -> float:
    """A fixed amount for the poor."""
    return 1000.0 if poor else 0.0


@ms.household(role="cash_benefit")
def aid(near: bool) -> float:
    """A smaller one for those just above."""
    return 300.0 if near else 0.0


@ms.household(unit="yuan/year")
def disposable_income(income: float, gap: float, lump: float, aid: float) -> float:
    """Income and all benefits."""
    return income + gap + lump + aid


def law() -> ms.Policy:
    """Three programmes, each of one rule."""
    programmes = {rule.name: replace(rule, programme=rule.name) for rule in (gap, lump, aid)}
    rules = {"earned": earned, "income": ms.total(earned), "poor": poor, "near": near, **programmes}
    return ms.Policy.from_rules({**rules, "disposable_income": disposable_income}, parameters={"line": LINE})


def households(wages: list[float], pensions: list[float] | None = None) -> ms.Population:
    """One earner a household, in town and country by turns; household k has weight k."""
    number = np.arange(1, len(wages) + 1)
    areas = pd.Categorical(np.where(number % 2, "rural", "urban"), categories=["rural", "urban"])
    return ms.Population.from_frames(
        pd.DataFrame(
            {
                "household_id": number,
                "age": 40,
                "sex": "male",
                "relation": "head",
                "wage_income": np.array(wages, dtype=float),
                "pension_income": np.array(pensions or [0.0] * len(wages)),
            }
        ),
        pd.DataFrame({"household_id": number, "weight": number.astype(float), "area": areas}),
    )


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


# -- the command ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The study of the small county, by the command."""
    folder = tmp_path_factory.mktemp("cliffs")
    # Some of H county's own households: the kernels are then those of other tests and of the notebook.
    whole = ms.Population.read(ROOT / "data" / "synthetic" / "h-county")
    whole.select(whole.household_id[:600]).write(folder / "county")
    (folder / "county" / "profile.yaml").write_bytes(PROFILE.read_bytes())
    scenario = folder / "small.yaml"
    scenario.write_text(SCENARIO, encoding="utf-8")
    done = CliRunner().invoke(cli, ["cliffs", str(scenario), "--out", str(folder / "out")])
    assert done.exit_code == 0, done.output
    text, _ = done.stdout.rsplit("Results: ", 1)  # the folder's own path may be long
    assert all(display_width(line) <= 80 for line in text.splitlines())
    assert "What the jumps go through" in text
    return folder / "out" / "small-cliffs"


def test_the_folder_holds_every_table(results: Path) -> None:
    names = {path.stem for path in (results / "tables").iterdir()}
    assert names >= {"figures", "notches", "by_programme", "households", "causes", "assumptions"}
    figures = {path.stem for path in (results / "figures").glob("*.svg")}
    assert figures == {"budget_constraint", "cliff_ladder", "loss_map", "marginal_rates"}
    manifest = json.loads((results / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["study"] == "cliffs"
    facing = pd.read_csv(results / "tables" / "households.csv").dropna(subset="next_drop")
    monthly = ms.Policy.load("2020-12-31").value("tekun.minimum_wage")
    np.testing.assert_allclose(facing["next_hours"], facing["next_distance"] / (monthly / 21.75 / 8))
    assert manifest["walked"]["income"] == "wage_income"
    summary = json.loads((results / "summary.json").read_text(encoding="utf-8"))
    assert summary["cliffs.facing_notch_within_1000"]["unit"] == "1"
    notches = pd.read_csv(results / "tables" / "notches.csv")
    reasons = pd.read_csv(results / "tables" / "causes.csv")
    assert len(notches) > 50
    sums = reasons.groupby("notch")["change"].sum()
    np.testing.assert_allclose(sums, notches["rise"] - notches["drop"], atol=1e-6)


def test_the_command_again_in_chinese_and_as_json(results: Path) -> None:
    scenario = str(results.parents[1] / "small.yaml")
    out = ["--out", str(results.parent)]
    done = CliRunner().invoke(cli, ["cliffs", scenario, "--lang", "zh", *out])
    assert done.exit_code == 0, done.output
    assert "悬崖" in done.stdout
    assert "已替换" in done.stdout
    county = (results / "summary.json").read_bytes()
    one = CliRunner().invoke(cli, ["cliffs", scenario, "--household", "9", "--lang", "en", *out])
    assert "the best paid member's income" in " ".join(one.stdout.split())
    assert "Replaced" not in one.stdout
    assert (results.parent / "small-cliffs-household-9" / "summary.json").is_file()
    each = CliRunner().invoke(cli, ["cliffs", scenario, "--member", "each", "--max-income", "20000", *out])
    assert "each earner's income" in " ".join(each.stdout.split())
    assert "earn more than the range holds before" in " ".join(each.stdout.split())
    assert (results.parent / "small-cliffs-each" / "summary.json").is_file()
    assert (results / "summary.json").read_bytes() == county
    both = CliRunner().invoke(cli, ["cliffs", scenario, "--json", "--max-income", "30000", *out])
    assert "cliffs.mean_loss" in json.loads(both.stdout)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--vary", "wage_incom"], "did you mean 'wage_income'"),
        (["--seeds", "1"], "have no spread"),
        (["--household", "12345"], "unknown household ids"),
        (["--max-income", "-3"], "an amount above 0"),
    ],
)
def test_bad_arguments_end_with_2(results: Path, arguments: list[str], words: str) -> None:
    scenario = str(results.parents[1] / "small.yaml")
    done = CliRunner().invoke(cli, ["cliffs", scenario, "--out", str(results.parent), *arguments])
    assert done.exit_code == 2
    assert words in done.stderr


FAMILIES = """
families:
  two:
    label: {en: Mother and child, zh: 母女}
    area: rural
    members:
      - {relation: head, sex: female, age: 40, wage_income: 2000, medical_out_of_pocket: 9000}
      - {relation: child, sex: female, age: 9, in_school: primary}
"""


def test_described_families_by_the_command(results: Path) -> None:
    file = results.parents[1] / "our-families.yaml"
    file.write_text(FAMILIES, encoding="utf-8")
    scenario = str(results.parents[1] / "small.yaml")
    call = ["cliffs", scenario, "--families", str(file), "--out", str(results.parent)]
    done = CliRunner().invoke(cli, call)
    assert done.exit_code == 0, done.output
    text, _ = done.stdout.rsplit("Results: ", 1)  # the folder's own path may be long
    assert all(display_width(line) <= 80 for line in text.splitlines())
    assert "Mother and child" in text
    folder = results.parent / "our-families-cliffs"
    notches = pd.read_csv(folder / "tables" / "notches.csv")
    assert (notches["drop"] > 1.0).any()
    assert (folder / "figures" / "families.svg").is_file()
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    worst = summary["cliffs.families.worst_loss.two.small"]
    assert worst == {"value": pytest.approx(notches["drop"].max()), "unit": "yuan/year"}
    other = results.parents[1] / "other.yaml"
    other.write_text(SCENARIO, encoding="utf-8")
    left_alone = CliRunner().invoke(cli, ["cliffs", str(other), *call[2:]])
    assert left_alone.exit_code == 2
    assert "holds results of other scenarios (small), and is left alone" in left_alone.stderr
    refused = CliRunner().invoke(cli, [*call, "--member", "each", "--seeds", "3"])
    assert refused.exit_code == 2
    assert "--member" in refused.stderr
    assert "--seeds" in refused.stderr


def test_all_that_is_wrong_with_several_scenarios_is_told_before_any_work(results: Path) -> None:
    one = results.parents[1] / "small.yaml"
    again = results.parent / "small.yaml"
    again.write_text(
        one.read_text(encoding="utf-8").replace("county: county", f"county: {one.parent / 'county'}")
    )
    broken = results.parent / "broken.yaml"
    broken.write_text("county: nowhere\nlaw: 2020-12-31\n", encoding="utf-8")
    done = CliRunner().invoke(
        cli, ["cliffs", str(one), str(again), str(broken), "--out", str(results.parent)]
    )
    assert done.exit_code == 2
    assert "two scenarios are named small" in done.stderr
    assert "broken.yaml:1:1: no county" in done.stderr
