"""``anchor:`` keeps a calibrated year's caseload under a later law; without it the jump is said."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

import microsim as ms
from microsim.population import with_draws
from microsim.report.texts.practice_text import anchor_note, jump_note
from microsim.report.texts.unify_text import unify_text
from microsim.scenario.practice.anchor import Anchor
from microsim.scenario.practice.jump import LawJump, law_jump
from microsim.studies.unification.scenario_file import unify_scenario
from tests.scenario.small_county import SCENARIO, write

LATER = """\
title: {en: Later, zh: 以后}
county: county
law: 2021-12-31
economy: none
changes: {dibao.line: {by: {rural: 4600, urban: 7000}}}
"""
ANCHOR = "anchor: {scenario: small.yaml}\n"
RULE = "dibao_recipients"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path)
    with_draws(ms.Population.read(tmp_path / "county")).write(tmp_path / "county")
    (tmp_path / "later.yaml").write_text(LATER, "utf-8")
    (tmp_path / "held.yaml").write_text(LATER + ANCHOR, "utf-8")
    return tmp_path


def recipients(scenario: ms.Scenario) -> dict[str, float]:
    result = ms.simulate(scenario.population(), scenario.policy(), [RULE])
    return result.total(RULE, by="area").to_dict()


@pytest.mark.compiled
def test_an_anchor_keeps_the_caseload_of_each_area(folder: Path) -> None:
    base, later, held = (ms.load_scenario(folder / f"{name}.yaml") for name in ("small", "later", "held"))
    kept, jumped, now = recipients(base), recipients(later), recipients(held)
    assert isinstance(held.anchor, Anchor)
    found = held.anchor.held_on(held.day)
    assert (found.kept, found.without, found.reached) == (kept, jumped, now)
    largest = 40.0 * 5  # the weight of a household times its members
    for area in kept:
        assert jumped[area] > kept[area] + largest
        assert abs(now[area] - kept[area]) <= largest


@pytest.mark.compiled
def test_the_lever_is_the_one_that_a_plain_search_finds(folder: Path) -> None:
    """Every draw tried as the rate, by plain simulation: none comes nearer."""
    held, later = ms.load_scenario(folder / "held.yaml"), ms.load_scenario(folder / "later.yaml")
    kept, now = recipients(ms.load_scenario(folder / "small.yaml")), recipients(held)
    policy, population = later.policy(), later.population()
    draws = np.unique(
        np.asarray(ms.simulate(population, policy, [RULE]).population.household_columns["take_up_draw"])
    )
    tried = [
        ms.simulate(
            population, policy.reform({"take_up.dibao": float(rate)}, allow_unusual=True), [RULE]
        ).total(RULE, by="area")
        for rate in [0.0, *(np.minimum(draws + 1e-6, 1.0))][:: max(len(draws) // 60, 1)]
    ]
    for area, aim in kept.items():
        nearest = min(abs(float(one[area]) - aim) for one in tried)
        assert abs(now[area] - aim) <= nearest + 1e-9


@pytest.mark.compiled
def test_households_without_draws_cannot_claim_at_a_rate(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "held.yaml").write_text(LATER + ANCHOR, "utf-8")
    with pytest.raises(ms.InputError, match="no take_up_draw") as refused:
        ms.load_scenario(tmp_path / "held.yaml").policy()
    assert "held.yaml:6:" in str(refused.value)


@pytest.mark.compiled
def test_up_to_the_calibrated_day_nothing_is_laid_over_the_law(folder: Path) -> None:
    held = ms.load_scenario(folder / "held.yaml")
    assert held.anchor is not None
    assert held.anchor.changes_on(dt.date(2020, 12, 31)) == {}
    before = held.law_of(dt.date(2020, 12, 31))
    assert before.value("take_up.dibao") == 1.0
    assert held.policy().value("take_up.dibao.rural") != 1.0


@pytest.mark.compiled
def test_a_jump_is_a_line_of_its_own_in_both_languages(folder: Path) -> None:
    base, later, held = (ms.load_scenario(folder / f"{name}.yaml") for name in ("small", "later", "held"))
    found = law_jump(later)
    assert found is not None
    assert found.before == recipients(base)
    assert found.after == recipients(later)
    assert found.change == sum(found.after.values()) - sum(found.before.values())
    assert law_jump(base) is None
    for lang, word in (("en", "recipients from"), ("zh", "低保人数")):
        (line,) = jump_note(found, lang)
        assert word in line
        assert f"{100 * found.share:.1f}" in line
        assert jump_note(law_jump(base), lang) == []
        assert len(anchor_note(held, lang)) == 1
        assert anchor_note(later, lang) == []


@pytest.mark.compiled
def test_every_figure_of_the_jump_that_unify_prints_is_in_its_summary(folder: Path) -> None:
    path = "dibao.line.rural: {path: linear, ratio_to: dibao.line.urban, from: {2021: 0.66}, to: {2023: 1.0}}"
    over_years = LATER.replace("changes: {", "years: [2021, 2023]\nchanges: {" + f"{path}, ")
    (folder / "path.yaml").write_text(over_years, "utf-8")
    (folder / "anchored.yaml").write_text(over_years + ANCHOR, "utf-8")
    scenario = ms.load_scenario(folder / "path.yaml")
    study = unify_scenario(scenario)
    said = {name: entry["value"] for name, entry in study.summary.items() if name.startswith("jump.")}
    before, after = recipients(ms.load_scenario(folder / "small.yaml")), recipients(scenario)
    for area in before:
        assert said[f"jump.before.caseload.dibao.{area}"] == before[area]
        assert said[f"jump.after.caseload.dibao.{area}"] == after[area]
        assert said[f"jump.change.caseload.dibao.{area}"] == after[area] - before[area]
    first, last = (said[f"jump.{side}.caseload.dibao"] for side in ("before", "after"))
    assert (first, last) == (sum(before.values()), sum(after.values()))
    share = said["jump.change_share.caseload.dibao"]
    assert share == pytest.approx(last / first - 1.0)
    printed = " ".join(unify_text(study, scenario, "en").split())
    assert f"recipients from {first:,.0f} to {last:,.0f} (+{100 * share:.1f} %)" in printed
    held = unify_scenario(ms.load_scenario(folder / "anchored.yaml"))
    assert not any(name.startswith("jump.") for name in held.summary)


@pytest.mark.compiled
def test_what_a_scenario_sets_of_a_single_cell_is_no_part_of_the_jump(folder: Path) -> None:
    """Take-up of the rural elderly is set under both laws: by area and age, in one dotted name."""
    text = LATER.replace("changes: {", "changes: {take_up.dibao.rural.elderly: 0.2, ")
    (folder / "cell.yaml").write_text(text, "utf-8")
    scenario = ms.load_scenario(folder / "cell.yaml")
    found, plain = law_jump(scenario), law_jump(ms.load_scenario(folder / "later.yaml"))
    assert found is not None
    assert plain is not None
    old = ms.load_scenario(folder / "small.yaml").policy().reform({"take_up.dibao.rural.elderly": 0.2})
    result = ms.simulate(scenario.population_as_given(), old, [RULE])
    assert found.before == result.total(RULE, by="area").to_dict()
    assert found.before["rural"] < plain.before["rural"]


def test_a_jump_from_nobody_has_no_share() -> None:
    found = LawJump(dt.date(2020, 12, 31), dt.date(2021, 12, 31), {"rural": 0.0}, {"rural": 40.0})
    assert "jump.change_share.caseload.dibao" not in found.summary
    assert found.summary["jump.change.caseload.dibao"] == {"value": 40.0, "unit": "persons"}
    assert "(-)" in jump_note(found, "en")[0]


@pytest.mark.slow
@pytest.mark.compiled
def test_the_law_of_2021_raises_the_caseload_of_h_county_by_more_than_a_fifth() -> None:
    path = Path(__file__).resolve().parents[3] / "scenarios" / "unify-linear-2027.yaml"
    found = law_jump(ms.load_scenario(path))
    assert found is not None
    assert found.share == pytest.approx(0.225, abs=0.01)


BAD = {
    "anchor: {scenario: smal.yaml}": "did you mean 'small.yaml'",
    "anchor: {scenario: small.yaml, vary: take_up.tekun}": "take_up.dibao",
    "anchor: {vary: take_up.dibao}": "scenario",
    "anchor: {scenario: held.yaml}": "is anchored itself",
    "anchor: {scenario: other.yaml}": "an anchor is a scenario of the same county",
    "anchor: {scenario: broken.yaml}": "dibao.lne",
}


@pytest.mark.parametrize("text", BAD)
def test_a_bad_anchor_is_refused_at_its_place(text: str, folder: Path) -> None:
    county = (Path(__file__).resolve().parents[3] / "data" / "synthetic" / "pilot-county").as_posix()
    (folder / "other.yaml").write_text(SCENARIO.replace("county: county", f"county: {county}"), "utf-8")
    (folder / "broken.yaml").write_text(SCENARIO + "  dibao.lne: 3\n", "utf-8")
    (folder / "bad.yaml").write_text(LATER + text + "\n", "utf-8")
    with pytest.raises(ms.InputError) as refused:
        ms.load_scenario(folder / "bad.yaml")
    assert BAD[text] in str(refused.value)
    assert "bad.yaml:6:" in str(refused.value)


def test_an_anchor_that_holds_nothing_or_is_contradicted_is_refused(folder: Path) -> None:
    same = (LATER + ANCHOR).replace("law: 2021-12-31", "law: 2020-12-31")
    twice = LATER.replace("changes: {", "changes: {take_up.dibao: 0.9, ") + ANCHOR
    for text, said in ((same, "no later than"), (twice, "solved here and set under changes")):
        (folder / "bad.yaml").write_text(text, "utf-8")
        with pytest.raises(ms.InputError, match=said):
            ms.load_scenario(folder / "bad.yaml")


@pytest.mark.compiled
def test_a_lever_that_cannot_hold_it_says_which_may(folder: Path) -> None:
    (folder / "low.yaml").write_text(SCENARIO + "  take_up.dibao: 0.2\n", "utf-8")
    text = LATER + "anchor: {scenario: low.yaml, vary: means_test.income_seen}\n"
    (folder / "bad.yaml").write_text(text, "utf-8")
    scenario = ms.load_scenario(folder / "bad.yaml")
    with pytest.raises(ms.InputError, match=r"vary: take_up\.dibao") as refused:
        scenario.policy()
    assert "bad.yaml:6:" in str(refused.value)
