"""Unification of the two dibao lines: identities of the table, the paths, the law, and the command."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

import microsim as ms
from microsim.cli.main import cli
from microsim.errors import MicrosimError
from microsim.population import County, Population
from microsim.report.text import display_width
from microsim.scenario.economy import Economy
from microsim.scenario.uprating import SPENDING, uprated, uprating
from microsim.studies.unification.scenario_file import unify_scenario
from microsim.studies.unification.study import AS_IS, Unification
from tests.face.same_face import check_face
from tests.scenario.small_county import frames
from tests.studies.unification.one_line import GROWTH, SCENARIO, TO_2025
from tests.wrapped import says


@pytest.fixture(scope="module")
def study(population: Population, policy: ms.Policy, county: County) -> Unification:
    return ms.unify(population, policy, county, {"unify": TO_2025}, (2021, 2025), economy=GROWTH)


def series(study: Unification, path: str, name: str) -> list[float]:
    """A figure over the years."""
    return [study.values[path, year, name] for year in study.years]


def test_the_table_is_tidy_and_whole(study: Unification) -> None:
    table = study.table
    assert list(table.columns) == ["path", "year", "measure", "subject", "group", "value", "unit"]
    assert study.paths == (AS_IS, "unify")
    assert study.years == tuple(range(2021, 2026))
    assert not table.duplicated(["path", "year", "measure", "subject", "group"]).any()
    assert np.isfinite(table["value"]).all()
    assert set(table["unit"]) == {"yuan/year", "persons", "1"}
    assert len([name for name in study.summary if not name.startswith("money.")]) == len(table)
    assert study.summary["unify.2025.line_ratio.dibao"] == {"value": 1.0, "unit": "1"}


def test_the_face_is_that_of_all_results(study: Unification, tmp_path: Path) -> None:
    check_face(study, tmp_path)
    assert "additional expenditure in" in study.headline


def test_areas_add_up_to_the_county(study: Unification) -> None:
    wide = study.table.pivot_table(
        index=["path", "year", "measure", "subject"], columns="group", values="value", sort=False
    )
    for measure in ("cost", "caseload", "extra_cost", "revenue_share"):
        rows = wide.xs(measure, level="measure")
        assert len(rows)
        np.testing.assert_allclose(rows["rural"] + rows["urban"], rows[""], rtol=1e-12, atol=1e-6)


def test_the_programmes_add_up_to_the_total(study: Unification) -> None:
    wide = study.table.pivot(index=["path", "year", "measure", "group"], columns="subject", values="value")
    for measure in ("cost", "extra_cost", "revenue_share"):
        rows = wide.xs(measure, level="measure")
        programmes = rows.drop(columns=["total", "cash", "kind"])
        np.testing.assert_allclose(programmes.sum(axis=1), rows["total"], rtol=1e-12, atol=1e-6)
        np.testing.assert_allclose(rows["cash"] + rows["kind"], rows["total"], rtol=1e-12, atol=1e-6)


def test_the_rural_line_moves_in_equal_steps_to_the_urban_one(study: Unification) -> None:
    np.testing.assert_allclose(series(study, "unify", "line_ratio.dibao"), [0.62, 0.715, 0.81, 0.905, 1.0])
    np.testing.assert_allclose(series(study, AS_IS, "line_ratio.dibao"), [0.62] * 5)
    urban = [7000 * 1.06 ** (year - 2020) for year in study.years]
    for path in study.paths:
        np.testing.assert_allclose(series(study, path, "line.dibao.urban"), urban, rtol=1e-14)
    assert study.values["unify", 2025, "line.dibao.rural"] == study.values["unify", 2025, "line.dibao.urban"]


def test_the_cost_of_moving_rises_with_every_step(study: Unification) -> None:
    extra = series(study, "unify", "extra_cost.total.rural")
    assert extra[0] == 0
    assert all(later > earlier for earlier, later in itertools.pairwise(extra))
    assert series(study, "unify", "extra_cost.total.urban") == [0.0] * 5
    caseload = series(study, "unify", "caseload.dibao.rural")
    assert caseload == sorted(caseload)
    assert caseload[-1] > caseload[0]


def test_the_burden_is_cost_over_the_revenue_of_the_year(study: Unification, county: County) -> None:
    for year in study.years:
        revenue = county.revenue * 1.04 ** (year - county.year)
        assert study.values["unify", year, "revenue.general_public_budget"] == pytest.approx(revenue)
        cost = study.values["unify", year, "cost.total"]
        assert study.values["unify", year, "revenue_share.total"] == pytest.approx(cost / revenue)


def test_a_year_equals_a_run_by_hand(study: Unification, policy: ms.Policy) -> None:
    persons, households = frames()
    factor = 1.06**3
    for name in persons.columns:
        if name.endswith("_income") or name == "social_contributions_paid":
            persons[name] *= factor
    households["financial_assets"] *= factor
    lines = {"dibao.line": {"by": {"rural": 0.81 * 7000 * factor, "urban": 7000 * factor}}}
    result = ms.simulate(
        Population.from_frames(persons, households),
        policy.reform(lines),
        ["dibao_benefit", "total_benefits", "in_kind_benefits", "dibao_recipient"],
    )
    for area in ("rural", "urban"):
        for name, rules in (
            ("cost.dibao", ["dibao_benefit"]),
            ("cost.total", ["total_benefits", "in_kind_benefits"]),
            ("caseload.dibao", ["dibao_recipient"]),
        ):
            expected = sum(result.total(rule, by="area")[area] for rule in rules)
            assert study.values["unify", 2023, f"{name}.{area}"] == pytest.approx(expected, rel=1e-9)


def test_without_growth_nothing_grows(population: Population, policy: ms.Policy, county: County) -> None:
    still = ms.unify(population, policy, county, {"unify": TO_2025}, (2021, 2023), economy="none")
    assert still.summary["money.2023.year"]["value"] == 2020
    assert len(set(series(still, AS_IS, "cost.total"))) == 1
    assert set(series(still, AS_IS, "line.dibao.urban")) == {7000.0}
    assert set(series(still, AS_IS, "revenue.general_public_budget")) == {county.revenue}


def test_until_a_path_begins_the_ratio_is_held(
    population: Population, policy: ms.Policy, county: County
) -> None:
    late = {"path": "linear", "ratio_to": "dibao.line.urban", "from": {2023: 0.6}, "to": {2024: 0.8}}
    done = ms.unify(
        population, policy, county, {"late": {"dibao.line.rural": late}}, [2021, 2023, 2024], economy=GROWTH
    )
    assert series(done, "late", "line_ratio.dibao") == pytest.approx([0.6, 0.6, 0.8])
    assert series(done, AS_IS, "line_ratio.dibao") == pytest.approx([0.6, 0.6, 0.6])


def test_several_paths_and_a_baseline_of_ones_own(
    population: Population, policy: ms.Policy, county: County
) -> None:
    to_the_top = {"dibao.line.rural": {"path": "geometric", "from": {2021: 4340}, "to": {2023: 9000}}}
    done = ms.unify(population, policy, county, {"top": to_the_top}, (2021, 2023), allow_unusual=True)
    assert series(done, AS_IS, "line_ratio.dibao") == pytest.approx([0.62] * 3)
    assert series(done, "top", "line.dibao.rural") == pytest.approx([4340, (4340 * 9000) ** 0.5, 9000])
    at_half = {**TO_2025["dibao.line.rural"], "from": {2020: 0.5}, "to": {2021: 0.5}}
    paths = {"ratio": TO_2025, "top": to_the_top, AS_IS: {"dibao.line.rural": at_half}}
    done = ms.unify(population, policy, county, paths, (2021, 2023), allow_unusual=True)
    assert done.paths == (AS_IS, "ratio", "top")
    assert series(done, AS_IS, "line_ratio.dibao") == pytest.approx([0.5] * 3)
    assert series(done, "ratio", "extra_cost.total.rural")[0] > 0


@pytest.mark.slow
def test_the_law_is_frozen_unless_it_is_followed(
    population: Population, policy: ms.Policy, county: County
) -> None:
    still = policy.frozen()
    for year in (2020, 2021, 2024):
        there = still.at(dt.date(year, 12, 31))
        assert there.value("price_supplement.months") == 9
        assert there.value("dibao.line.rural") == 4340
        assert set(there.rules) == set(policy.rules)
    years = (2020, 2022)
    # By months, the law before a change in 2020 would count with its months.
    how = {"economy": "none", "within_year": "year_end"}
    follow = ms.unify(population, policy, county, {"unify": TO_2025}, years, follow=True, **how)
    held = ms.unify(population, policy, county, {"unify": TO_2025}, years, **how)
    assert series(follow, AS_IS, "cost.total")[0] == pytest.approx(series(held, AS_IS, "cost.total")[0])
    later = policy.at("2022-12-31")
    alone = ms.unify(population, later, county, {"unify": TO_2025}, (2022, 2022), economy="none")
    assert series(follow, AS_IS, "cost.total")[2] == series(alone, AS_IS, "cost.total")[0]
    assert series(held, AS_IS, "cost.total")[2] == series(held, AS_IS, "cost.total")[0]
    assert series(follow, AS_IS, "cost.total")[2] != series(held, AS_IS, "cost.total")[2]
    plain = ms.unify(
        population, ms.Policy.load("2020-12-31"), county, {"unify": TO_2025}, (2021, 2022), follow=True
    )
    assert series(plain, AS_IS, "line.dibao.urban") == [8536.8, 9027.6]


def test_what_grows_with_what(policy: ms.Policy) -> None:
    persons, households = frames()
    persons["medical_out_of_pocket"] = 100.0
    persons["assessed_wage_income"] = persons["wage_income"] / 2
    persons["pocket_money"] = 5.0
    population = Population.from_frames(persons, households)
    rates = {"income_growth": 0.1, "price_growth": 0.02}
    plan = replace(uprating(population, policy, Economy.of(rates)), since=2020)
    table = plan.table(2021).set_index("column")
    assert list(table.columns) == ["table", "index", "from_year", "to_year", "area", "factor"]
    assert set(table["factor"]) == {1.1, 1.02}
    assert table.loc["medical_out_of_pocket", "index"] == "price_growth"
    assert "medical_out_of_pocket" in SPENDING
    assert (table.drop("medical_out_of_pocket")["index"] == "income_growth").all()
    assert {"assessed_wage_income", "financial_assets", "basic_pension_income"} <= set(table.index)
    assert not {"age", "pocket_money", "rigid_expenditure", "admission_draw", "weight"} & set(table.index)
    later = uprated(population, plan, 2022)
    np.testing.assert_allclose(later.persons["wage_income"], population.persons["wage_income"] * 1.21)
    np.testing.assert_allclose(later.persons["medical_out_of_pocket"], 100 * 1.0404)
    pd.testing.assert_series_equal(later.persons["pocket_money"], population.persons["pocket_money"])
    pd.testing.assert_series_equal(later.households["weight"], population.households["weight"])
    without = replace(uprating(population, policy, Economy.of({"income_growth": 0.1})), since=2020)
    assert without.table(2021).set_index("column").loc["medical_out_of_pocket", "factor"] == 1.1


def test_left_out_growth_of_incomes_is_the_national_one(
    population: Population, policy: ms.Policy, county: County
) -> None:
    path = {"unify": TO_2025}
    one = ms.unify(population, policy, county, path, (2021, 2022), economy={"revenue_growth": 0.04})
    assert one.uprating.money(2022).incomes == {"rural": 20133 / 17131, "urban": 49283 / 43834}
    caseload = series(one, AS_IS, "caseload.dibao")
    assert caseload[0] > caseload[1]  # incomes grow, and the lines do not
    carried = uprated(population, uprating(population, policy, Economy()), 2021)
    again = ms.unify(carried, policy, county, path, (2021, 2022))
    assert series(again, AS_IS, "caseload.dibao") == caseload  # not grown twice
    with pytest.raises(MicrosimError, match="no national incomes of 2027 are known"):
        ms.unify(population, policy, county, path, (2027, 2027))
    with pytest.raises(MicrosimError, match="'nothing' says nothing of growth"):
        ms.unify(population, policy, county, path, (2021, 2021), economy="nothing")  # type: ignore[arg-type]


def offences(call: Any) -> list[str]:
    with pytest.raises(MicrosimError) as caught:
        call()
    return [str(offence) for offence in caught.value.offences]


def test_everything_that_is_wrong_is_told(population: Population, policy: ms.Policy, county: County) -> None:
    economy: Mapping[str, Any] = {"income_grwth": 0.06, "revenue_growth": "high"}
    told = offences(lambda: ms.unify(population, policy, county, {}, [2025, 2021], economy=economy))
    assert [line.split(";")[0] for line in told] == [
        "economy.income_grwth: no such growth rate 'income_grwth'",
        "economy.revenue_growth: economy.revenue_growth must be a number, found text 'high'",
        "years: years are out of order: [2025, 2021]",
        "paths: no path is given",
    ]
    paths = {"one": {"dibao.lne.rural": 1}, "two": {"dibao.line.rural": {"path": "linear"}}}
    told = offences(lambda: ms.unify(population, policy, county, paths, (2021, 2022)))
    assert told[0].startswith("path one: dibao.lne.rural: no such parameter; did you mean 'dibao.line'?")
    assert any(line.startswith("path two: dibao.line.rural.to: 'to' needs one year") for line in told)
    fixed = {"fixed": {"dibao.line.rural": 5000}}
    told = offences(lambda: ms.unify(population, policy, county, fixed, (2021, 2022)))
    assert told[0].startswith("path fixed: dibao.line.rural: dibao.line.rural already follows a path")
    undated = ms.Policy.from_rules({}, {"line": 1.0})
    told = offences(lambda: ms.unify(population, undated, county, {"u": TO_2025}, ["2021"]))  # type: ignore[list-item]
    assert told[0].startswith("policy: the policy has no date")
    assert told[1].startswith("years: years must be whole numbers")
    foreign = ms.Policy.from_rules({}, {"line": 1.0}, "2020-12-31")
    told = offences(lambda: ms.unify(population, foreign, county, {"u": TO_2025}, (2021, 2022)))
    assert told == ["policy: the policy has no parameter dibao.line by area on 2020-12-31"]


# --- the scenario file and the command


@pytest.fixture(scope="module")
def finished(file: Path) -> Result:
    arguments = ["unify", str(file), "--out", str(file.parent / "results")]
    with pytest.MonkeyPatch.context() as patch:
        # A later run prints this one's command line, and pytest's own may hold a word of any width.
        patch.setattr("sys.argv", ["microsim", "unify", "one-line.yaml"])
        return CliRunner().invoke(cli, arguments)


def test_the_scenario_is_the_same_study(file: Path, study: Unification) -> None:
    told: list[str] = []
    done = unify_scenario(ms.load_scenario(file), told.append)
    assert told == ["reading the county", "2021", "2022", "2023", "2024", "2025"]
    pd.testing.assert_frame_equal(done.table, study.table)


def test_what_a_scenario_lacks_is_told_at_its_place(file: Path) -> None:
    path = file.with_name("plain.yaml")
    path.write_text("county: county\nlaw: 2020-12-31\nchanges: {dibao.line.rural: 5000}\n", encoding="utf-8")
    done = CliRunner().invoke(cli, ["unify", str(path), "--out", str(file.parent / "nothing")])
    assert done.exit_code == 2
    assert f"{path}:1:1: 'years' is missing; add the first and last year" in done.stderr
    assert f"{path}:3:1: no path for dibao.line.rural; add to changes:" in done.stderr
    assert not (file.parent / "nothing").exists()


def test_the_command_prints_both_paths_and_writes_a_folder(finished: Result, file: Path) -> None:
    assert finished.exit_code == 0, finished.stderr
    assert finished.stderr == ""
    text = finished.stdout
    assert text.startswith("One line\nH county, 2021-2025; the law of 2020-12-31 in all years\n")
    assert says(text, "The rural line moves to 100 % of the urban one")
    assert says(text, "Baseline: the ratio of the lines stays at 62.0 %")
    assert says(text, "230.0 million yuan (assumption); it is known only to be below")
    assert all(display_width(line) <= 80 for line in text.splitlines() if "Results" not in line)
    folder = file.parent / "results" / "one-line-unify"
    assert {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()} == {
        "manifest.json",
        "summary.json",
        *(
            f"tables/{name}.{form}"
            for name in ("unification", "uprating", "assumptions", "sensitivity")
            for form in ("csv", "parquet")
        ),
        *(
            f"figures/{name}.{form}"
            for name in ("unification_as_is", "unification_unify", "payers_as_is", "payers_unify", "paths")
            for form in ("svg", "png")
        ),
    }
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["study"] == "unification"
    assert manifest["years"] == [2021, 2022, 2023, 2024, 2025]
    assert manifest["economy"] == GROWTH
    assumed = pd.read_csv(folder / "tables" / "assumptions.csv")
    assert {"economy.income_growth", "dibao.line"} <= set(assumed["name"])
    assert assumed["source"].isin(["assumption", "recalled", "scenario"]).all()


def test_the_printed_rows_are_the_figures(finished: Result, study: Unification) -> None:
    rows = [line.split() for line in finished.stdout.splitlines() if re.match(r"20\d\d  ", line)]
    assert len(rows) == 15  # both paths, and what unify means for the county
    for row, (path, year) in zip(
        rows[:10], [(p, y) for p in ("unify", AS_IS) for y in study.years], strict=True
    ):
        assert row[0] == str(year)
        assert row[1] == f"{study.values[path, year, 'line.dibao.rural']:,.0f}"
        assert row[4] == f"{study.values[path, year, 'caseload.dibao']:,.0f}"
        assert row[7] == f"{study.values[path, year, 'cost.total'] / 1e6:,.1f}"


def test_in_chinese_and_as_json(finished: Result, file: Path) -> None:
    assert finished.exit_code == 0
    folder = file.parent / "results" / "one-line-unify"
    before = [(folder / "tables" / f"unification.{form}").read_bytes() for form in ("parquet", "csv")]
    out = str(file.parent / "results")
    chinese = CliRunner().invoke(cli, ["unify", str(file), "--out", out, "--lang", "zh"])
    assert says(chinese.stdout, "农村标准逐步提高到城市标准的100 %")
    assert says(chinese.stdout, "维持现状：农村与城市标准之比保持62.0 %")
    assert all(display_width(line) <= 80 for line in chinese.stdout.splitlines() if "结果" not in line)
    assert (folder / "tables" / "unification.parquet").read_bytes() == before[0]
    assert (folder / "tables" / "unification.csv").read_text("utf-8").count("\n") == before[1].count(b"\n")
    as_json = CliRunner().invoke(cli, ["unify", str(file), "--out", out, "--json"])
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    assert json.loads(as_json.stdout) == summary
    assert summary["unify.2025.cost.total"]["unit"] == "yuan/year"


def test_what_growth_rates_say_is_printed(file: Path) -> None:
    path = file.with_name("other.yaml")
    text = SCENARIO.replace("urban_line_growth: 0.06}", "rural_line_growth: 0.05, price_growth: 0.02}")
    path.write_text(text.replace("years: [2021, 2025]", "years: [2021, 2021]"), encoding="utf-8")
    out = str(file.parent / "results")
    printed = CliRunner().invoke(cli, ["unify", str(path), "--out", out]).stdout
    assert says(printed, "incomes 6.0 %, prices 2.0 %, urban line as in the law, county revenue 4.0 %.")
    assert says(printed, "rural_line_growth is not used")
    quiet = CliRunner().invoke(cli, ["unify", str(path), "--out", out, "--quiet"])
    assert (quiet.exit_code, quiet.output) == (0, "")
