"""``microsim cliffs``: the folder, both languages, described families, and bad arguments."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import microsim as ms
from microsim.cli.main import cli
from microsim.report.cliffs_charts import cliff_charts
from microsim.report.text import display_width
from tests.scenario.small_county import PROFILE, ROOT, SCENARIO
from tests.wrapped import says

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The study of the small county, by the command."""
    folder = tmp_path_factory.mktemp("cliffs")
    # Some of H county's own households: the kernels are then those of other tests and of the notebook.
    whole = ms.Population.read(ROOT / "data" / "synthetic" / "h-county")
    whole.select(whole.household_id[:2000]).write(folder / "county")
    (folder / "county" / "profile.yaml").write_bytes(PROFILE.read_bytes())
    scenario = folder / "small.yaml"
    scenario.write_text(SCENARIO, encoding="utf-8")
    done = CliRunner().invoke(cli, ["cliffs", str(scenario), "--out", str(folder / "out")])
    assert done.exit_code == 0, done.output
    text, _ = done.stdout.rsplit("Results: ", 1)  # the folder's own path may be long
    assert all(display_width(line) <= 80 for line in text.splitlines())
    assert says(text, "What causes the jumps")
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


def test_too_few_households_for_a_mean_have_no_map_of_losses(results: Path) -> None:
    scenario = ms.load_scenario(results.parents[1] / "small.yaml")
    population = scenario.population()
    few = population.select(population.household_id[:600])
    found = ms.cliffs(few, scenario.policy())
    assert (found.households["next_drop"] >= 1.0).any()
    made = cliff_charts(SimpleNamespace(cliffs=found, scenario=scenario), "en")
    assert list(made) == ["cliff_ladder", "budget_constraint", "marginal_rates"]


def test_the_command_again_in_chinese_and_as_json(results: Path) -> None:
    scenario = str(results.parents[1] / "small.yaml")
    out = ["--out", str(results.parent)]
    done = CliRunner().invoke(cli, ["cliffs", scenario, "--lang", "zh", *out])
    assert done.exit_code == 0, done.output
    assert says(done.stdout, "悬崖")
    assert says(done.stdout, "已替换")
    county = (results / "summary.json").read_bytes()
    one = CliRunner().invoke(cli, ["cliffs", scenario, "--household", "9", "--lang", "en", *out])
    assert says(one.stdout, "the highest earner's income")
    assert "Replaced" not in one.stdout
    assert (results.parent / "small-cliffs-household-9" / "summary.json").is_file()
    each = CliRunner().invoke(cli, ["cliffs", scenario, "--member", "each", "--max-income", "5000", *out])
    assert says(each.stdout, "each earner's income")
    assert says(each.stdout, "earn more than the range covers to be as well off")
    assert (results.parent / "small-cliffs-each" / "summary.json").is_file()
    assert (results / "summary.json").read_bytes() == county
    both = CliRunner().invoke(cli, ["cliffs", scenario, "--json", "--max-income", "30000", *out])
    assert "cliffs.mean_loss" in json.loads(both.stdout)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--vary", "wage_incom"], "did you mean 'wage_income'"),
        (["--seeds", "1"], "do not give a spread"),
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
    assert says(text, "Mother and child")
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
    assert "contains results of other scenarios (small) and is left untouched" in left_alone.stderr
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
