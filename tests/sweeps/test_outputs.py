"""Figures of every class are those of a run, a search for cliffs and a ledger of the same settings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import microsim as ms
from microsim.engine.runtime.drivers import threads_in_use
from microsim.outcome import flat_name
from microsim.sweeps.figures.outputs import Asked
from microsim.sweeps.preview import duration, notes_of, volume
from microsim.sweeps.sweep_file import read_grid
from microsim.sweeps.work import SweepWork
from tests.scenario.small_county import write

RURAL = "dibao.line.rural"
LINES = (4000, 5000)
# Sums, and counts of the poor, are added up in blocks; a run adds up the poor over all households at once.
NEAR = {"poverty": 1e-12, "poverty_dibao_line": 1e-12, "paid": 1e-12, "ratio": 1e-12}


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("outputs"))


def rows(scenario: Path, outputs: list[str], **content: Any) -> pd.DataFrame:
    axes = {"axes": {RURAL: list(LINES)}, **content}
    work = SweepWork(read_grid({"scenario": scenario, "outputs": outputs, **axes}))
    return pd.concat([work.rows(number, 2).to_pandas() for number in range(work.count)])


def reform(scenario: Path, line: int) -> ms.Scenario:
    path = scenario.parent / f"line-{line}.yaml"
    path.write_text(
        f"base: {scenario.name}\nchanges: {{dibao.line: {{by: {{rural: {line}}}}}}}\n", encoding="utf-8"
    )
    return ms.load_scenario(path)


def named(table: pd.DataFrame) -> dict[str, float]:
    return {
        flat_name(row.measure, row.subject, row.group): row.value for row in table.itertuples(index=False)
    }


OUTPUTS = (
    *("cost", "caseload", "poverty", "inequality", "hardship", "households", "cost_part"),
    *("residents", "resident_share", "person_months", "cost_per_recipient", "revenue_share"),
    *("revenue", "within_market_income"),
)


def test_every_figure_of_a_run(scenario: Path) -> None:
    table = rows(scenario, list(OUTPUTS))
    for number, line in enumerate(LINES):
        run = {name: said["value"] for name, said in ms.run(reform(scenario, line)).reform.summary.items()}
        found = named(table[table["scenario"] == number])
        measures = Asked(OUTPUTS).measures
        assert set(found) == {name for name in run if name.split(".")[0] in measures}
        for name, value in found.items():
            near = NEAR.get(name.split(".")[0])
            assert value == (pytest.approx(run[name], rel=near, abs=1e-15) if near else run[name]), name
    assert table.query("measure == 'gini' and group == ''")["value"].nunique() > 2  # else it could not fail


def test_lines_of_the_ledger_with_grants_settled_at_the_base(scenario: Path) -> None:
    table = rows(scenario, ["ledger", "marginal"])
    for number, line in enumerate(LINES):
        study = {name: said["value"] for name, said in ms.ledger(reform(scenario, line)).summary.items()}
        found = named(table[table["scenario"] == number])
        assert {"paid.county", "ratio.county_to_revenue"} < set(found)
        for name, value in found.items():
            assert value == pytest.approx(study[name], rel=1e-12), name
        assert {name for name in study if name.startswith(("paid.", "ratio.", "marginal."))} == set(found)
        assert {"ratio.county_line_1pct", "ratio.county_recipient"} < set(found)


def test_single_figures(scenario: Path) -> None:
    wanted = ["poverty.headcount.rural", "gini.disposable_income", "cost.dibao", "paid.county"]
    found = set(named(rows(scenario, wanted)))
    gini = {f"gini.disposable_income{group}" for group in ("", ".rural", ".urban")}
    cost = {f"cost.dibao{group}" for group in ("", ".rural", ".urban")}
    assert found == {"poverty.headcount.rural", "paid.county"} | gini | cost
    assert set(named(rows(scenario, ["ratio.county_line_1pct"]))) == {"ratio.county_line_1pct"}


@pytest.mark.slow
def test_cliffs(scenario: Path) -> None:
    table = rows(scenario, ["cliffs"], axes={RURAL: [LINES[0]]})
    scenario_of = reform(scenario, LINES[0])
    study = ms.cliffs(scenario_of.population(), scenario_of.policy()).summary
    assert named(table) == {name: said["value"] for name, said in study.items()}


def test_check_tells_what_a_sweep_will_be(scenario: Path) -> None:
    axes = {
        RURAL: {"from": 4000, "to": 5000, "steps": 201},
        "regime.medical_aid": ["tiered"],
        "seed": [0, 1],
    }
    outputs = ["cost", "poverty", "inequality", "cliffs.facing_notch"]
    notes = list(notes_of(read_grid({"scenario": scenario, "axes": axes, "outputs": outputs})))
    assert notes[0] == "402 runs: 201 scenarios on each of 2 samples of households"
    assert notes[1] == "sums, of up to 100 scenarios in one pass: cost"
    assert (
        notes[2] == "counts at given lines, of up to 100 scenarios in one pass: poverty, poverty_dibao_line"
    )
    assert notes[3] == "one evaluation of all households for each scenario: gini"
    assert notes[4] == "one search of all households for each scenario: cliffs"
    assert "with 2 threads and 300 households a county, by " in notes[5].replace(
        f"{threads_in_use()} threads", "2 threads"
    )
    assert "rows" in notes[6]
    assert len(notes) == 7


def test_check_names_what_has_no_effect(scenario: Path) -> None:
    axes = {
        RURAL: [4200],
        "dibao.top_up.share_elderly": [0.1, 0.2],  # amounts are used, and not shares
        "regime.medical_aid": ["tiered", "transition"],
        "economy.income_growth": [0.02, 0.04],  # in the county's own year
    }
    content = {"scenario": scenario, "axes": axes, "unusual": ["dibao.top_up.share_elderly"]}
    idle = [note for note in notes_of(read_grid(content)) if "changes no figure" in note]
    assert idle == [
        "dibao.top_up.share_elderly changes no figure: no rule in force reads it",
        "economy.income_growth changes no figure: law and money are the same under all of its values",
    ]


def test_the_number_of_rows_is_about_what_check_says(scenario: Path) -> None:
    from microsim.sweeps.preview import rows_of

    for outputs in (["cost", "caseload"], ["poverty"], ["inequality"], ["hardship"], ["poverty.headcount"]):
        found = read_grid({"scenario": scenario, "axes": {RURAL: [4000]}, "outputs": outputs})
        assert rows_of(found) == pytest.approx(len(SweepWork(found).rows(0, 1)), rel=0.15), outputs


def test_durations_and_sizes_as_one_reads_them() -> None:
    assert [duration(x) for x in (0.2, 45.0, 600.0, 9000.0)] == [
        *("a second or two", "45 seconds", "10 minutes", "2.5 hours")
    ]
    assert [volume(x) for x in (50.0, 5e4, 5e7, 5e12)] == ["0.1 kB", "48.8 kB", "47.7 MB", "4656.6 GB"]
