"""``microsim months``: what it prints and writes, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from microsim.report.text import display_width
from tests.cli.conftest import Call

EXITS = "base: {base}\ntitle: {{en: Gradual exit, zh: 渐退}}\nprogrammes: {{gradual_exit: on}}\n"
SLOW = (
    "base: {base}\ntitle: Slow\nyears: [2020, 2021]\neconomy: {{income_growth: 0.12}}\n"
    "administration: {{apply: 0.5, decision: 2, stays: 0.2, review_stable: never}}\n"
)


def written(folder: Path, scenario: Path, text: str, name: str) -> Path:
    path = folder / name
    path.write_text(text.format(base=scenario), encoding="utf-8")
    return path


@pytest.mark.compiled
def test_base_and_reform_side_by_side(call: Call, scenario: Path, tmp_path: Path) -> None:
    path = written(tmp_path, scenario, EXITS, "exits.yaml")
    done = call("months", path, "--job", "9000", "--over", "12")
    assert done.exit_code == 0, done.stderr
    assert "followed for 12 months" in done.stdout
    assert max(map(display_width, done.stdout.splitlines())) <= 80
    folder = tmp_path / "results" / "exits-months"
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    kept = {side: summary[f"{side}job.9000.kept.months.past_line"]["value"] for side in ("", "base.")}
    assert kept[""] > kept["base."]
    table = pd.read_parquet(folder / "tables" / "job.parquet")
    assert set(table["scenario"]) == {"base", "reform"}
    assert set(table["wage"]) == {9000.0}
    assert (folder / "figures" / "job.svg").is_file()
    assert not (folder / "figures" / "caseload.svg").exists()
    assumed = pd.read_parquet(folder / "tables" / "assumptions.parquet")
    assert "administration.stays" in set(assumed["name"])
    assert "administration.decision" not in set(assumed["name"])  # cited


@pytest.mark.compiled
def test_over_years_as_json(call: Call, scenario: Path, tmp_path: Path) -> None:
    path = written(tmp_path, scenario, SLOW, "slow.yaml")
    done = call("months", path, "--json", "--seed", "3")
    assert done.exit_code == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["months.2021.flow.exits"]["value"] > 0
    assert {"base.months.2020.cost.dibao", "months.2021.12.caseload.dibao"} <= set(said)
    folder = tmp_path / "results" / "slow-months"
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["administration"]["review_stable"] is None
    assert manifest["random_seed"] == 3
    assert (folder / "figures" / "caseload.png").is_file()
    assumed = pd.read_parquet(folder / "tables" / "assumptions.parquet").set_index("name")
    assert assumed.loc["administration.apply", "source"] == "scenario"


def test_what_is_refused(call: Call, scenario: Path, tmp_path: Path) -> None:
    wrong = written(
        tmp_path,
        scenario,
        "base: {base}\nadministration: {{apply: 1.4, review_stable: 0, reviews: 3}}\n",
        "w.yaml",
    )
    done = call("months", wrong)
    assert done.exit_code == 2
    for said in ("w.yaml:2:18", "apply is 1.4, outside 0 to 1", "review_stable is 0", "'reviews'"):
        assert said in done.stderr
    done = call("months", scenario, "--job", "-3", "--over", "0")
    assert done.exit_code == 2
    assert "a wage of -3.0" in done.stderr
    assert "months is 0" in done.stderr
    capped = written(
        tmp_path,
        scenario,
        "base: {base}\nbudget: {{a: {{programmes: [dibao], cap: 1e6, rule: pro_rata}}}}\n",
        "c.yaml",
    )
    done = call("months", capped)
    assert done.exit_code == 2
    assert "the study by month takes no account of budget:" in done.stderr
    assert not (tmp_path / "results").exists()


@pytest.mark.compiled
def test_a_wage_that_takes_nobody_past_the_line(call: Call, scenario: Path, tmp_path: Path) -> None:
    path = written(tmp_path, scenario, EXITS, "exits.yaml")
    done = call("months", path, "--job", "1", "--job", "1")
    assert done.exit_code == 0, done.stderr
    table = pd.read_parquet(tmp_path / "results" / "exits-months" / "tables" / "job.parquet")
    shares = table[(table["group"] == "past_line") & (table["measure"] == "households")]
    assert shares["value"].to_list() == [0.0, 0.0]  # of base and reform, once each
    assert not list((tmp_path / "results" / "exits-months").glob("figures/job.*"))
    assert "0 %" in done.stdout
