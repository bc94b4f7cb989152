"""``microsim run``: what it prints, what it writes, and what it refuses."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import pytest
from click.testing import Result

from microsim.report.run import figures
from microsim.report.text import display_width
from microsim.report.texts.run_text import run_text
from microsim.scenario import load_scenario
from microsim.scenario.grammar import LAW_KNOWN_UNTIL
from microsim.studies.common.baseline import run_scenario
from microsim.studies.common.expenditure import SUMS
from tests.cli.conftest import Call
from tests.scenario.small_county import SCENARIO, write
from tests.wrapped import says

# Numbers without charts, which take longer.
QUICK = SCENARIO + "outputs: [inequality]\n"


@pytest.fixture
def results(finished: Result, scenario: Path) -> Path:
    """The folder that the whole run left."""
    return scenario.parent / "results" / "small"


def test_a_run_prints_the_answer_and_writes_a_folder(finished: Result, results: Path) -> None:
    assert finished.exit_code == 0, finished.stderr
    assert "A small county" in finished.stdout
    for words in (
        "Recipients (persons)",
        "source paper",
        "Expenditure / county revenue",
        "National rural poverty line",
    ):
        assert words in finished.stdout
    told = " ".join(finished.stdout.split())
    assert "known only to be below 244.0 million" in told
    assert "it is computed from the totals" in told
    assert finished.stdout.rstrip().endswith("results/small")
    assert finished.stderr == ""
    text = finished.stdout.partition("Results: ")[0]
    assert all(display_width(line) <= 80 for line in text.splitlines())
    assert "\x1b" not in finished.stdout
    drawn = {path.stem for path in (results / "figures").glob("*.svg")}
    assert drawn == {"cost", "revenue_share", "caseload", "poverty", "budget_constraint"}
    assert drawn == {path.stem for path in (results / "figures").glob("*.png")}
    tables = {path.stem for path in (results / "tables").glob("*.csv")}
    expected = {"figures", "assumptions", "sensitivity", "expenditure", "recipients", "lorenz"}
    assert tables == expected | {"budget_constraint", "notches"}


def test_the_same_run_again_as_json(call: Call, scenario: Path, results: Path) -> None:
    summary = json.loads(call("run", scenario, "--json").stdout)
    assert summary == json.loads((results / "summary.json").read_text(encoding="utf-8"))
    for path in results.rglob("*"):
        if path.is_file() and path.name != "manifest.json":
            again = Path("results/small", path.relative_to(results))
            assert path.read_bytes() == again.read_bytes(), path
    for name, unit in {
        "caseload.dibao.rural": "persons",
        "households.dibao.urban": "households",
        "cost.dibao.rural": "yuan/year",
        "cost.total": "yuan/year",
        "resident_share.dibao": "1",
        "revenue_share.dibao.rural": "1",
        "poverty.headcount.rural": "1",
        "poverty.headcount_before.rural": "1",
        "poverty.gap.urban": "1",
        "poverty_dibao_line.headcount": "1",
        "gini.disposable_income": "1",
    }.items():
        assert set(summary[name]) == {"value", "unit"}
        assert summary[name]["unit"] == unit


def by_programme(figures: Iterable[str]) -> list[str]:
    """The names of what each programme costs in all areas: no sums over programmes."""
    return [name for name in figures if re.fullmatch(r"cost\.\w+", name) and name[5:] not in SUMS]


def test_every_yuan_adds_up(scenario: Path) -> None:
    run = run_scenario(load_scenario(scenario))
    value = {name: entry["value"] for name, entry in run.summary.items()}
    parts = [amount for name, amount in value.items() if name.startswith("cost_part.")]
    assert value["cost.total"] == pytest.approx(sum(parts), rel=1e-12)
    programmes = by_programme(value)
    assert {"cost.dibao", "cost.medical_aid", "cost.education_aid"} <= set(programmes)
    assert value["cost.total"] == pytest.approx(sum(value[name] for name in programmes), rel=1e-12)
    assert value["cost.total"] == pytest.approx(value["cost.cash"] + value["cost.kind"], rel=1e-12)
    assert value["cost.dibao"] == pytest.approx(
        value["cost.dibao.rural"] + value["cost.dibao.urban"], rel=1e-12
    )
    assert value["caseload.dibao"] == value["caseload.dibao.rural"] + value["caseload.dibao.urban"]
    assert value["residents"] == run.population.n_persons * 40.0
    assert value["resident_share.dibao"] == value["caseload.dibao"] / value["residents"]
    assert value["cost.dibao"] == pytest.approx(run.result.total("dibao_benefit"), rel=1e-12)
    assert value["revenue_share.dibao"] == value["cost.dibao"] / value["revenue.general_public_budget"]
    income = run.result.households
    before, after = (income[f"{name}_per_head"] for name in ("income_before_benefits", "disposable_income"))
    in_cash = [name for name, rule in run.policy.rules.items() if rule.role == "cash_benefit"]
    cash = sum(run.result.array(name) for name in in_cash)
    gap = (after - before) * income["household_size"]
    assert gap.to_numpy() == pytest.approx(cash, abs=1e-6)


def test_poverty_by_hand(scenario: Path) -> None:
    run = run_scenario(load_scenario(scenario))
    households = run.result.households
    weight = households["weight"] * households["household_size"]
    poor = households["income_before_benefits_per_head"] < 4000.0
    rural = run.population.households["area"] == "rural"
    expected = weight[poor & rural].sum() / weight[rural].sum()
    assert run.indicators.value("poverty.headcount_before.rural") == pytest.approx(expected, rel=1e-12)
    assert run.indicators.value("poverty.headcount.rural") <= expected


def test_the_manifest_says_what_made_the_numbers(finished: Result, scenario: Path, results: Path) -> None:
    manifest = json.loads((results / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest["hashes"]) == {"scenario", "policy", "kernel", "population"}
    assert manifest["hashes"]["scenario"] == load_scenario(scenario).hash
    assert manifest["law"] == "2020-12-31"
    assert manifest["seed"] is None
    assert "income_visible_share" in manifest["defaulted_columns"]
    assert {"microsim", "python", "numpy", "numba", "pandas"} <= set(manifest["versions"])
    assert manifest["command"].split()[0] == "microsim"
    assert "law_known_until" not in manifest


@pytest.mark.parametrize("day", ["2020-01-01", "'2020-01-01'"], ids=["date", "text"])
def test_a_day_may_stand_without_quotes(call: Call, scenario: Path, day: str) -> None:
    path = write(
        scenario.parent,
        SCENARIO.replace("by: {rural: 4600, urban: 7000}", f"on: {{{day}: 5000}}"),
        "day.yaml",
    )
    ran = call("run", path, "--out", "out")
    assert ran.exit_code == 0, ran.output
    told = json.loads(Path("out/day/manifest.json").read_text(encoding="utf-8"))
    assert told["scenario"]["changes"] == {"dibao.line": {"on": {"2020-01-01": 5000}}}


def test_assumptions_and_changes_are_listed(finished: Result, results: Path) -> None:
    table = pd.read_csv(results / "tables" / "assumptions.csv").set_index("name")
    assert table.loc["dibao.line", "source"] == "scenario"
    assert table.loc["dibao.line", "value"] == "rural 4600; urban 7000"
    assert table.loc["county.public_finance.general_public_budget_revenue", "source"] == "assumption"
    assert set(table["source"]) <= {"assumption", "recalled", "scenario"}


def test_the_paper_stands_beside_our_figures(finished: Result, results: Path) -> None:
    table = pd.read_csv(results / "tables" / "figures.csv").set_index(["measure", "subject", "group"])
    row = table.loc[("cost", "dibao", "rural")]
    assert row["paper"] == 244e6
    assert row["difference"] == pytest.approx(row["value"] / 244e6 - 1.0)


def test_chinese_labels(scenario: Path) -> None:
    run = run_scenario(load_scenario(scenario))
    text = run_text(run, "zh")
    assert "小县" in text
    assert "保障人数" in text
    assert all(display_width(line) <= 80 for line in text.splitlines())
    titles = {name: make().axes[0].get_title(loc="left") for name, make in figures(run, "zh").items()}
    assert set(titles) == {"cost", "revenue_share", "caseload", "poverty", "budget_constraint"}
    assert all("\u4e00" <= title[0] <= "\u9fff" for title in titles.values())


def test_only_what_is_asked_for_is_made(call: Call, scenario: Path) -> None:
    path = write(
        scenario.parent, SCENARIO + "outputs: [cost, unification]\nyears: [2021, 2030]\n", "few.yaml"
    )
    done = call("run", path)
    drawn = {path.name for path in Path("results/few/figures").glob("*.svg")}
    assert drawn == {"cost.svg", "revenue_share.svg"}
    assert "Recipients" not in done.stdout
    assert says(done.stdout, "for 'unification' run: microsim unify")
    assert says(done.stdout, "The years 2021-2030 apply to studies over time")


def test_later_law_is_said_to_be_carried_forward(call: Call, scenario: Path) -> None:
    text = (
        "county: county\nlaw: {date: 2020-12-31, follow: true}\nyears: [2020, 2030]\noutputs: [inequality]\n"
    )
    done = call("run", write(scenario.parent, text, "later.yaml"))
    assert says(done.stdout, f"The law is included up to {LAW_KNOWN_UNTIL}")
    manifest = json.loads(Path("results/later/manifest.json").read_text(encoding="utf-8"))
    assert manifest["law_known_until"] == LAW_KNOWN_UNTIL


def test_several_scenarios(call: Call, scenario: Path) -> None:
    plain = write(scenario.parent, QUICK, "plain.yaml")
    richer = write(scenario.parent, QUICK.replace("4600", "5000"), "richer.yaml")
    summaries = json.loads(call("run", plain, richer, "--json").stdout)
    assert list(summaries) == ["plain", "richer"]
    gini = [summaries[name]["gini.disposable_income"]["value"] for name in summaries]
    assert gini[1] < gini[0]


def test_a_bad_file_among_several_stops_all_before_the_first(call: Call, scenario: Path) -> None:
    bad = write(scenario.parent, SCENARIO.replace("dibao.line", "dibao.lne"), "slip.yaml")
    done = call("run", scenario, bad, "absent.yaml")
    assert done.exit_code == 2
    assert "slip.yaml:5:3: changes.dibao.lne: no such parameter; did you mean 'dibao.line'?" in done.stderr
    assert "absent.yaml: no such file" in done.stderr
    assert done.stdout == ""
    assert not Path("results").exists()


def test_two_files_of_one_name_are_refused(call: Call, scenario: Path, tmp_path: Path) -> None:
    twin = tmp_path / "other"
    twin.mkdir()
    done = call("run", scenario, write(twin))
    assert done.exit_code == 2
    assert "two scenarios are named small" in done.stderr


def test_a_folder_of_something_else_is_left_alone(call: Call, scenario: Path) -> None:
    Path("results/small").mkdir(parents=True)
    Path("results/small/notes.txt").write_text("mine")
    done = call("run", scenario)
    assert done.exit_code == 2
    assert "contains something other than results" in done.stderr
    assert Path("results/small/notes.txt").read_text() == "mine"


def test_ctrl_c_leaves_nothing(call: Call, scenario: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("microsim.report.run.manifest", interrupted)
    done = call("run", scenario, "-q")
    assert done.exit_code == 130
    assert "interrupted" in done.stderr
    assert not Path("results/small").exists()


def test_a_county_without_a_typical_family_says_so(call: Call, scenario: Path) -> None:
    text = SCENARIO.replace("rural: 4600, urban: 7000", "rural: 1, urban: 1")
    text += "unusual: [dibao.line]\noutputs: [budget]\n"
    done = call("run", write(scenario.parent, text, "none.yaml"))
    assert done.exit_code == 0, done.stderr
    assert says(done.stdout, "no budget constraint was drawn")


def test_dibao_switched_off_costs_nothing(scenario: Path) -> None:
    off = load_scenario(write(scenario.parent, SCENARIO + "programmes: {dibao: off}\n", "off.yaml"))
    summary = run_scenario(off).summary
    assert summary["cost.dibao"]["value"] == 0.0
    assert summary["caseload.dibao"]["value"] == 0.0
    assert summary["cost.total"]["value"] == pytest.approx(
        sum(summary[name]["value"] for name in by_programme(summary))
    )


def test_small_cells_are_withheld_everywhere(call: Call, scenario: Path) -> None:
    done = call("run", scenario, "--min-count", "600")
    assert done.exit_code == 0, done.stderr
    assert says(done.stdout, "figures are withheld because they rest on fewer than 600 persons")
    assert "budget constraint" not in done.stdout
    folder = Path("results/small")
    withheld = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["withheld"]
    assert withheld["min_count"] == 600
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    assert withheld["figures"]
    assert not set(withheld["figures"]) & set(summary)
    counts = [entry["value"] for entry in summary.values() if entry["unit"] in ("persons", "households")]
    assert all(count == 0 or count >= 600 for count in counts)
    assert not (folder / "tables" / "budget_constraint.csv").exists()
    assert not (folder / "tables" / "expenditure.csv").exists()  # it would give small cells away
    assert call("run", scenario, "--min-count", "1").exit_code == 2
