"""A plan whose scenario carries status: its answer, followed whole, costs what the plan says."""

from __future__ import annotations

from pathlib import Path

import pytest

import microsim as ms
from microsim.errors import InputError
from microsim.report.texts.plan_text import plan_text
from microsim.studies.planning.scenario_file import answers, plan_scenario
from microsim.studies.planning.study import Plan
from microsim.studies.unification.scenario_file import unify_scenario
from tests.scenario.small_county import write

SCENARIO = """\
title: {en: One line, zh: 一条标准}
county: county
law: 2022-12-31
years: [2022, 2026]
changes:
  dibao.line: {by: {rural: 4340, urban: 7000}}
  dibao.line.rural: {path: linear, ratio_to: dibao.line.urban, from: {2022: 0.62}, to: {2026: 1.0}}
economy: {income_growth: 0.08, revenue_growth: 0.04, urban_line_growth: 0.02}
outputs: [unification]
unification: {carry_status: true}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("carried")


def test_the_answer_followed_whole_costs_what_the_plan_says(folder: Path) -> None:
    said = "plan: {goal: cheapest, ratios: 5, by: 2025, largest_step: 0.2, discount: 0.03}\n"
    scenario = ms.load_scenario(write(folder, SCENARIO + said, "plan.yaml"))
    found = plan_scenario(scenario)
    assert isinstance(found, Plan)
    assert found.grid.carried
    ((name, text),) = answers(found, scenario, folder).items()
    (folder / name).write_text(text, encoding="utf-8")
    study = unify_scenario(ms.load_scenario(folder / name))
    assert study.carry_status
    assert found.chosen == (0, 0, 2, 4, 4)
    for year, ratio in found.ratios.items():
        assert study.values["unify", year, "line_ratio.dibao"] == pytest.approx(ratio, rel=1e-12)
        for figure, there in {
            "cost": "cost.total",
            "county": "paid.county",
            "increment": "extra_paid.county",
            "gap": "poverty_gap.urban_line.rural",
        }.items():
            expected = found.summary[f"plan.{figure}.{year}"]["value"]
            assert study.values["unify", year, there] == pytest.approx(expected, abs=0.01)
    before = found.table["ratio_before"].to_numpy()
    assert (before <= found.table["ratio"]).all()
    assert found.table["chosen"].sum() == 5
    assert "the ratio of the year before moves the expenditure" in plan_text(found, scenario, "en").replace(
        "\n", " "
    )


def test_where_nobody_leaves_dibao_the_year_before_does_not_matter(folder: Path) -> None:
    said = "plan: {goal: cheapest, ratios: 2, by: 2023}\n"
    text = SCENARIO.replace("[2022, 2026]", "[2022, 2023]").replace(
        "urban_line_growth: 0.02", "urban_line_growth: 0.08"
    )
    scenario = ms.load_scenario(write(folder, text + said, "still.yaml"))
    found = plan_scenario(scenario)
    assert isinstance(found, Plan)
    assert found.grid.carried
    assert found.grid.by_year_before == 0.0
    assert "the year before changes no year's expenditure" in plan_text(found, scenario, "en").replace(
        "\n", " "
    )


def test_a_split_carries_nothing(folder: Path) -> None:
    said = "plan: {goal: split, ratios: 4, budget: 2.0e6, counties: [own]}\n"
    scenario = ms.load_scenario(write(folder, SCENARIO + said, "split.yaml"))
    words = (
        r"split.yaml:10:\d+: a split is of one year, into which no status is carried; leave carry_status out"
    )
    with pytest.raises(InputError, match=words):
        plan_scenario(scenario)
