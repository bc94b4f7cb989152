"""The figures of the page are those of `simulate` and of `microsim run` at the same settings."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

import microsim as ms
from microsim.explore.answer import corners, family_of
from microsim.explore.knobs import Value
from microsim.explore.saving import save
from microsim.explore.session import Session
from microsim.explore.shown import answer_data
from microsim.population import Population, load_families

ROOT = Path(__file__).resolve().parents[2]
SETTINGS: list[dict[str, Value]] = [
    {"rural_line": 5040},
    {"payment_rural": "banded", "payment_urban": "banded"},
    {"work_cost": "lesser_of_both", "work_cost_rate": 0.4},
    {"edge_tier": True, "single_admission": True, "disabled_adults": True},
    {"exit_months": 12, "rural_line": 4300, "individual_entry": False},
]
CHANGES = {
    "rural_line": "dibao.line.rural", "payment_rural": "dibao.payment.rural",
    "payment_urban": "dibao.payment.urban", "work_cost": "means_test.work_cost",
    "work_cost_rate": "means_test.work_cost_rate", "edge_tier": "dibao.edge_tier",
    "single_admission": "dibao.single_admission_enabled",
    "disabled_adults": "single_admission.disabled_adults", "individual_entry": "dibao.individual_entry",
}  # fmt: skip


def close(value: float, other: float) -> bool:
    return abs(value - other) <= 1e-9 * max(abs(value), abs(other))


@pytest.mark.parametrize("settings", SETTINGS, ids=lambda one: next(iter(one)))
def test_figures_are_those_of_simulate(session: Session, settings: dict[str, Value]) -> None:
    """The law is changed and applied here without anything of the page."""
    changes: dict[str, object] = {CHANGES[name]: value for name, value in settings.items() if name in CHANGES}
    if "exit_months" in settings:
        changes |= {"gradual_exit.enabled": True, "gradual_exit.months": settings["exit_months"]}
    policy = ms.Policy.load("2020-12-31").reform({"dibao.line": {"by": {"rural": 4600, "urban": 7000}}})
    population = Population.read(session.scenario.county_path)
    outputs = session.base.run.result.outputs
    result = ms.simulate(population, policy.reform(changes), outputs=outputs)
    figures = session.answer(session.settings(settings)).figures
    for name, rule in (("cost.dibao", "dibao_benefit"), ("caseload.dibao", "dibao_recipient")):
        by_area = result.total(rule, by="area")
        assert close(figures[name][0], float(by_area.sum()))
        for area in ("rural", "urban"):
            assert close(figures[f"{name}.{area}"][0], float(by_area[area]))
    before = ms.simulate(population, policy, outputs=outputs)
    moved = [result.total(rule) - before.total(rule) for rule in ("dibao_benefit", "dibao_recipient")]
    assert any(abs(one) >= 1.0 for one in moved), "the setting changes something"


def test_figures_are_those_of_run(session: Session, tmp_path: Path) -> None:
    settings = session.settings({"rural_line": 5160, "exit_months": 6, "work_cost": "rate_of_wage"})
    found = session.answer(settings)
    run = ms.run(saved(session, settings, tmp_path))
    same_as_run(found.figures, run.summary)


@pytest.mark.slow
@pytest.mark.parametrize("rule", ["poorest_first", "pro_rata"])
def test_figures_under_a_cap_are_those_of_run(session: Session, tmp_path: Path, rule: str) -> None:
    most = round(0.8 * session.base.figures["cost.dibao"][0])
    settings = session.settings({"cap": most, "cap_rule": rule, "rural_line": 5160})
    found = session.answer(settings)
    assert close(found.figures["cost.dibao"][0], float(most))
    run = ms.run(saved(session, settings, tmp_path))
    same_as_run(found.figures, run.summary)


def saved(session: Session, settings: dict[str, Value], folder: Path) -> Path:
    path = folder / "setting.yaml"
    path.write_text(session.text(settings, {"en": "a"}).replace('"small.yaml"', f'"{session.scenario.path}"'))
    return path


def same_as_run(figures, summary) -> None:  # type: ignore[no-untyped-def]
    """Every figure that both have; the county's payers, and who gains, among them."""
    own = {name: value for name, (value, _) in figures.items()}
    others = sum(f["value"] for name, f in summary.items() if name in ("paid.employer", "paid.collective"))
    assert close(own.pop("paid.others", 0.0), others)
    paid = own.pop("county_to_revenue")
    assert close(paid, summary["paid.county"]["value"] / summary["revenue.general_public_budget"]["value"])
    for name in ("gainers", "losers"):
        assert close(own.pop(name), summary[f"{name}.disposable_income"]["value"])
    # What the scenario of the file does not ask for is not in its run.
    common = [name for name in own if name in summary]
    assert {"cost.total", "paid.county", "paid.centre", "caseload.dibao", "poverty.headcount"} <= set(common)
    assert [name for name in common if not close(own[name], summary[name]["value"])] == []


def test_the_scenario_as_it_is_is_its_run(session: Session) -> None:
    summary = ms.ledger(session.scenario).summary
    figures = session.answer(session.settings({})).figures
    assert close(figures["paid.county"][0], summary["paid.county"]["value"])
    assert close(figures["cost.total"][0], summary["cost.total"]["value"])


def test_an_answer_is_kept(session: Session) -> None:
    settings = session.settings({"rural_line": 4900})
    assert session.answer(settings) is session.answer(dict(settings))


def test_knobs_that_do_nothing_say_so(session: Session) -> None:
    under = session.idle_under(session.base)
    assert under["work_cost_rate"].why == ("means_test.work_cost",)
    assert under["single_admission"].reason == "needs"
    assert under["cap_rule"].reason == "no_cap"
    # The small county does not say who was in dibao last year, so nobody can be in gradual exit from it.
    assert under["exit_months"].reason == "nobody"
    found = session.answer(session.settings({"work_cost": "rate_of_wage", "edge_tier": True}))
    assert "work_cost_rate" not in session.idle_under(found)
    assert "single_admission" not in session.idle_under(found)


def test_a_knob_that_is_said_to_do_something_does(session: Session) -> None:
    """Each knob that is not said to be idle, moved to one of its probes, changes a figure."""
    idle = session.idle_under(session.base)
    for knob in session.knobs:
        if knob.name in idle or knob.name == "cap":
            continue
        moved = [session.answer(session.settings({knob.name: value})).figures for value in knob.probes]
        assert any(dict(one) != dict(session.base.figures) for one in moved), knob.name


def test_lines_of_families_are_straight_between_their_corners(session: Session) -> None:
    families = load_families(ROOT / "scenarios" / "families.yaml")
    line = family_of(session.base, families, "couple-with-pupil")
    assert line is not None
    x, y = zip(*corners(line), strict=True)
    assert len(x) < 30
    assert np.allclose(np.interp(line.earnings, x, y), line.total, atol=1e-6)
    assert line.notches
    with pytest.raises(ms.InputError, match="no family 'nobody'"):
        family_of(session.base, families, "nobody")


def test_what_is_shown_is_what_was_computed(session: Session) -> None:
    found = session.answer(session.settings({"rural_line": 5040}))
    data = answer_data(session, {"base": session.base, "a": found}, "", "zh")
    rows = {row["name"]: row for row in data["rows"] if "name" in row}
    cost, before = found.figures["cost.total"][0], session.base.figures["cost.total"][0]
    cell = rows["cost.total"]["cells"]["a"]
    assert (cell["value"], cell["change"]) == (f"{cost / 1e4:,.0f}", f"+{(cost - before) / 1e4:,.0f}")
    assert rows["cost.total"]["unit"] == "万元"
    assert rows["paid.county"]["cells"]["base"]["change"] == ""
    total = sum(part["value"] for part in data["payers"][1]["parts"])
    assert close(total, found.figures["cost.total"][0] + within_market_income(found))
    assert data["payers"][1]["total"] == total


def within_market_income(found) -> float:  # type: ignore[no-untyped-def]
    """Wages of posts and dividends, which somebody pays and which are in no cost."""
    parts = [n for n in found.figures if n.startswith("within_market_income.") and n.count(".") == 1]
    return sum(found.figures[name][0] for name in parts)


def test_a_falling_figure_has_a_true_minus_sign(session: Session) -> None:
    found = session.answer(session.settings({"rural_line": 4300}))
    data = answer_data(session, {"base": session.base, "a": found}, "", "en")
    row = next(row for row in data["rows"] if row.get("name") == "cost.dibao")
    assert row["cells"]["a"]["change"].startswith("−")
    assert row["cells"]["a"]["sign"] == -1


def test_saved_files_take_no_part_in_answers(session: Session, tmp_path: Path) -> None:
    session.folder = tmp_path
    settings = session.settings({"rural_line": 4840})
    before = dict(session.answer(settings).figures)
    save(session, settings, "one", {"en": "One"})
    assert dict(session.answer(settings).figures) == before


@pytest.mark.long
def test_a_setting_of_h_county_takes_less_than_a_second() -> None:
    """Of processor time, so that the test does not hang on what else the machine does; a cap among them."""
    session = Session(ms.load_scenario(ROOT / "scenarios" / "h-county-2020.yaml"))
    cost = session.base.figures["cost.dibao"][0]
    settings: list[dict[str, Value]] = [
        {"rural_line": 5040},
        {"rural_line": 5100, "exit_months": 12, "work_cost": "rate_of_wage"},
        {"rural_line": 5160, "cap": round(0.8 * cost)},
    ]
    answer_of(session, {"cap": round(0.9 * cost)})  # compiles what a cap needs
    taken = []
    for one in settings:
        begun = time.process_time()
        answer_of(session, one)
        taken.append(time.process_time() - begun)
    assert max(taken) < 1.0, taken


def answer_of(session: Session, settings: dict[str, Value]) -> None:
    found = session.answer(session.settings(settings))
    answer_data(session, {"base": session.base, "a": found}, "", "zh")
