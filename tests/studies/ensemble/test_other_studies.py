"""Ledger, unification and solve over an ensemble: the least and greatest of what each set gives by itself."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

import microsim as ms
from microsim.population import County, synthesize
from microsim.report.text import display_width
from microsim.report.texts import ensemble_text
from microsim.report.texts.ledger_text import ledger_text
from microsim.report.texts.solve_text import solve_text
from microsim.report.texts.unify_text import unify_text
from microsim.scenario import Scenario
from microsim.studies.common.baseline import run_scenario
from microsim.studies.ensemble.study import members_at_work, run_over
from microsim.studies.unification.scenario_file import unify_scenario

ROOT = Path(__file__).resolve().parents[3]
MADE = ROOT / "data" / "synthetic" / "h-county"
PATH = """\
years: [2020, 2021]
changes:
  dibao.line.rural: {path: linear, ratio_to: dibao.line.urban, from: {2020: 0.65}, to: {2021: 0.8}}
"""
pytestmark = pytest.mark.compiled


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """H county of 500 households with its ensemble, and three scenarios beside it."""
    out = tmp_path_factory.mktemp("sets")
    synthesize(County.read(MADE / "profile.yaml"), households=500).write(out / "county")
    for name in ("profile.yaml", "ensemble.yaml"):
        shutil.copy(MADE / name, out / "county" / name)
    text = (ROOT / "scenarios" / "h-county-2020.yaml").read_text("utf-8")
    text = text.replace("../data/synthetic/h-county", "county")
    (out / "base.yaml").write_text(text + "ensemble: 3\n", "utf-8")
    reform = "base: base.yaml\nensemble: 3\nchanges: {dibao.line: {by: {rural: 5200}}}\n"
    (out / "reform.yaml").write_text(reform, "utf-8")
    (out / "path.yaml").write_text("base: base.yaml\nensemble: 3\n" + PATH, "utf-8")
    return out


@pytest.fixture(scope="module")
def base(folder: Path) -> Scenario:
    return ms.load_scenario(folder / "base.yaml")


def ends(values: list[float]) -> tuple[float, float]:
    return min(values), max(values)


def test_a_ledger_has_the_range_of_who_pays(base: Scenario) -> None:
    found = ms.ledger(base)
    alone = [
        ms.ledger(run_scenario(own, population=own.carried(given))) for _, own, given in members_at_work(base)
    ]
    assert len(alone) == 3
    for payer in ("centre", "province", "county"):
        assert found.ranges[f"paid.{payer}"][:2] == ends([one.payers[payer] for one in alone])
    share = "marginal.average_share.hardship.county"
    assert found.ranges[share][:2] == ends([one.summary[share]["value"] for one in alone])
    assert found.ranges["marginal.yuan.hardship.county"][2] == "1"
    # The expenditure of a run is added up by other code than the ledger's.
    assert found.ranges["cost.total"][:2] == pytest.approx(run_over(base).ranges["cost.total"][:2], rel=1e-12)
    low, high, _ = found.ranges["paid.county"]
    assert low < high
    assert low <= found.payers["county"] <= high
    assert found.summary["low.paid.county"] == {"value": low, "unit": "yuan/year"}
    assert f"county {found.payers['county']:,.0f} yuan/year [{low:,.0f} to {high:,.0f}]" in found.headline
    assert ms.ledger(replace(base, ensemble=())).ranges == {}


def test_a_ledger_beside_a_base_settles_grants_at_each_sets_own_base(folder: Path) -> None:
    reform = ms.load_scenario(folder / "reform.yaml")
    found = ms.ledger(reform)
    values = []
    for _, own, given in members_at_work(reform):
        assert own.base is not None
        before = ms.ledger(run_scenario(own.base, population=given))
        after = ms.ledger(run_scenario(own, population=given), reference=before)
        values.append(after.payers["county"])
    assert found.ranges["paid.county"][:2] == ends(values)


def test_unification_follows_the_same_path_under_each_set(folder: Path) -> None:
    scenario = ms.load_scenario(folder / "path.yaml")
    study = unify_scenario(scenario)
    rural = []
    for _, own, given in members_at_work(scenario):
        law = own.law_of(own.day).reform(
            {
                **{k: v for k, v in own.changes.items() if k != "dibao.line.rural"},
                "dibao.line.rural": 0.8 * 7200,
            },
            allow_unusual=True,
        )
        rural.append(
            float(ms.simulate(given, law, ["dibao_benefit"]).total("dibao_benefit", by="area")["rural"])
        )
    assert study.ranges["unify.2021.cost.dibao.rural"][:2] == pytest.approx(ends(rural), rel=1e-9)
    low, high, unit = study.ranges["unify.2021.extra_paid.county"]
    assert low < high
    assert low <= study.values["unify", 2021, "extra_paid.county"] <= high
    assert unit == "yuan/year"
    assert study.summary["high.unify.2021.extra_paid.county"]["value"] == high
    assert " to " in study.headline.split("unify ")[1]


def test_solve_gives_the_range_of_the_value_and_of_the_figure_at_it(base: Scenario) -> None:
    how = {"vary": "dibao.line.rural", "target": "cost.dibao.rural", "between": (4200, 5600)}
    present = run_scenario(base).indicators.value("cost.dibao.rural")
    found = ms.solve(base, value=1.08 * present, **how)
    figures, values = [], []
    for _, own, given in members_at_work(base):
        law = own.policy().reform({"dibao.line.rural": found.value}, allow_unusual=True)
        figures.append(
            float(ms.simulate(given, law, ["dibao_benefit"]).total("dibao_benefit", by="area")["rural"])
        )
        there = ms.solve(given, own.policy(), value=1.08 * present, **how)
        values.append(there.value)
    assert found.ranges["solve.at_value"][:2] == pytest.approx(ends(figures), rel=1e-9)
    assert found.ranges["solve.value"][:2] == pytest.approx(ends(values), abs=1e-6)
    assert found.sets_met == 3
    assert found.summary["low.solve.value"]["unit"] == "yuan/year"
    assert f"dibao.line.rural is {found.value:.12g} [" in found.headline
    assert ms.solve(replace(base, ensemble=()), value=1.08 * present, **how).ranges == {}


def test_printed_ranges_fit_the_line_in_both_languages(folder: Path, base: Scenario) -> None:
    scenario = ms.load_scenario(folder / "path.yaml")
    study, ledger = unify_scenario(scenario), ms.ledger(base)
    solved = ms.solve(
        base, vary="dibao.line.rural", target="caseload.dibao", value=60000, between=(4200, 5600)
    )
    for lang, words in (("en", "Range over 3 calibrations"), ("zh", "在3组同样符合目标的取值下的范围")):
        for text in (
            ledger_text(ledger, lang),
            unify_text(study, scenario, lang),
            solve_text(solved, base, lang),
        ):
            assert text.count(words) == 1
            assert max(map(display_width, text.splitlines())) <= 80
    assert ensemble_text.ledger_text(replace(ledger, ranges={}), "en") == ""
