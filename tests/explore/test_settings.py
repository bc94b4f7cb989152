"""What the page can move, what it takes from outside, and what a setting says as a scenario file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from microsim.documents import parse_document
from microsim.errors import InputError
from microsim.explore.effects import Idle
from microsim.explore.knobs import Value, cap_knobs, knobs_of, own_cap
from microsim.explore.session import Session
from microsim.explore.settings import scenario_under, sections_of, text_of
from microsim.explore.shown import idle_text, settings_data, value_shown
from microsim.explore.words import CHOICES, FIGURES, HELP, IDLE, LABELS, PAGE, TILES, UNITS
from microsim.policy.policy import Policy
from microsim.scenario import load_scenario
from tests.scenario.small_county import SCENARIO, write

TABLES = (CHOICES, FIGURES, HELP, IDLE, LABELS, PAGE, TILES, UNITS)


def test_the_knobs_are_those_that_a_decision_maker_asks_for(session: Session) -> None:
    names = [knob.name for knob in session.knobs]
    assert names[:2] == ["rural_line", "payment_rural"]
    assert {"work_cost", "work_cost_rate", "single_admission", "exit_months", "cap", "cap_rule"} <= set(names)
    line = session.knobs[0]
    assert (line.value, line.whole, line.unit) == (4600.0, 7000.0, "yuan/year")
    # The scenario's own value is a step of the slider, and no step is above the urban line, which is refused.
    assert (line.value - line.low) % line.step == 0.0
    assert line.low < line.value < line.high <= line.whole


def test_what_the_law_has_no_parameter_for_is_named() -> None:
    policy = Policy.load("2020-12-31")
    without = ("gradual_exit.months", "dibao.individual_entry")
    timelines = {name: one for name, one in policy.timelines.items() if name not in without}
    knobs, absent = knobs_of(replace(policy, timelines=timelines))
    assert [one.name for one in absent] == ["individual_entry", "exit_months"]
    assert not {"individual_entry", "exit_months"} & {knob.name for knob in knobs}


def test_only_what_differs_is_a_setting(session: Session) -> None:
    given = {"exit_months": 6, "rural_line": 4600, "edge_tier": False, "payment_rural": "gap", "cap": None}
    assert session.settings(given) == {"exit_months": 6.0}
    assert session.settings({}) == {}


def test_every_offence_of_a_setting_is_said(session: Session) -> None:
    with pytest.raises(InputError) as refused:
        session.settings({"rural_lne": 5000, "rural_line": "high", "edge_tier": 1, "payment_rural": "steps",
                          "exit_months": -1, "cap": True, "work_cost_rate": float("nan")})  # fmt: skip
    text = str(refused.value)
    assert len(refused.value.offences) == 7
    assert "no knob 'rural_lne'; did you mean 'rural_line'?" in text
    assert "knob 'payment_rural' cannot have the value 'steps'; one of gap, banded" in text
    with pytest.raises(InputError, match="a setting is values by knob"):
        session.settings([1])


def test_a_setting_is_changes_and_a_cap(session: Session) -> None:
    settings = session.settings(
        {"rural_line": 5040, "exit_months": 12, "work_cost": "rate_of_wage", "cap": 2.5e6}
    )
    sections = sections_of(session.scenario, session.knobs, settings)
    assert sections["programmes"] == {}
    assert sections["changes"] == {
        "dibao.line.rural": 5040,
        "means_test.work_cost": "rate_of_wage",
        "gradual_exit.enabled": True,
        "gradual_exit.months": 12,
    }
    assert sections["budget"] == {
        "dibao_cap": {"programmes": ["dibao"], "cap": 2500000, "rule": "poorest_first"}
    }
    # A rule without a cap caps nothing.
    alone = session.settings({"cap_rule": "pro_rata"})
    assert not any(sections_of(session.scenario, session.knobs, alone).values())


def test_gradual_exit_is_switched_off_at_no_months(tmp_path: Path) -> None:
    path = write(tmp_path, SCENARIO.replace("2020-12-31", "2021-12-31") + "economy: none\n")
    knobs, _ = knobs_of(load_scenario(path).policy())
    exit_months = next(knob for knob in knobs if knob.name == "exit_months")
    assert exit_months.value == 6.0
    assert exit_months.changes(0.0) == {"gradual_exit.enabled": False}


def test_the_file_of_a_setting_reads_as_it_is_computed(session: Session, tmp_path: Path) -> None:
    settings = session.settings(
        {"rural_line": 5040.5, "payment_rural": "banded", "cap": 3e6, "edge_tier": True}
    )
    text = text_of(session.scenario, session.knobs, settings, tmp_path, {"en": "a: b", "zh": "“甲”"})
    document = parse_document(text, tmp_path / "x.yaml")
    assert document.data["title"] == {"en": "a: b", "zh": "“甲”"}
    assert document.data["changes"] == {
        "dibao.line.rural": 5040.5, "dibao.payment.rural": "banded", "dibao.edge_tier": True
    }  # fmt: skip
    assert document.data["budget"]["dibao_cap"]["cap"] == 3000000
    (tmp_path / "x.yaml").write_text(text, encoding="utf-8")
    loaded, computed = (
        load_scenario(tmp_path / "x.yaml"),
        scenario_under(session.scenario, session.knobs, settings),
    )
    assert loaded.policy().hash == computed.policy().hash
    assert loaded.budget == computed.budget
    assert loaded.base is not None
    assert loaded.base.hash == session.scenario.hash


FORMS = """\
programmes: {gradual_exit: on, dibao: {payment: banded}, means_test: {work_cost: rate_of_wage}}
changes: {dibao.line: 4800}
"""


def test_what_the_scenario_says_otherwise_is_changed_where_it_says_it(tmp_path: Path) -> None:
    """A switch or a form under ``programmes:``, and one number for all areas."""
    scenario = load_scenario(write(tmp_path, SCENARIO.partition("changes:")[0] + FORMS))
    knobs, _ = knobs_of(scenario.policy())
    assert {one.name: one.value for one in knobs}["exit_months"] == 6.0
    settings: dict[str, Value] = {
        "rural_line": 4500.0, "payment_rural": "gap", "payment_urban": "gap", "work_cost": "none",
        "exit_months": 0.0,
    }  # fmt: skip
    policy = scenario_under(scenario, knobs, settings).policy()
    assert (policy.value("dibao.line.rural"), policy.value("dibao.line.urban")) == (4500, 4800)
    assert (policy.value("dibao.payment.rural"), policy.value("dibao.payment.urban")) == ("gap", "gap")
    assert policy.value("means_test.work_cost") == "none"
    assert policy.value("gradual_exit.enabled") is False
    one = scenario_under(scenario, knobs, {"payment_rural": "gap", "exit_months": 9.0}).policy()
    assert (one.value("dibao.payment.rural"), one.value("dibao.payment.urban")) == ("gap", "banded")
    assert (one.value("gradual_exit.months"), one.value("dibao.line.rural")) == (9, 4800)


def test_a_line_by_date_is_replaced(tmp_path: Path) -> None:
    dated = "changes: {dibao.line: {on: {2020-07-01: {by: {rural: 4900, urban: 7000}}}}}\n"
    scenario = load_scenario(write(tmp_path, SCENARIO.partition("changes:")[0] + dated))
    policy = scenario_under(scenario, knobs_of(scenario.policy())[0], {"rural_line": 5000.0}).policy()
    assert (policy.value("dibao.line.rural"), policy.value("dibao.line.urban")) == (5000, 7000)


def test_a_cap_of_the_scenario_is_the_one_that_is_moved(tmp_path: Path) -> None:
    cap = "budget: {own: {programmes: [dibao], cap: 2e6, rule: pro_rata}}\n"
    scenario = load_scenario(write(tmp_path, SCENARIO + cap))
    found = own_cap(scenario)
    assert found is not None
    assert (found.name, found.rule) == ("own", "pro_rata")
    knobs = cap_knobs(scenario, 4e6)
    assert [knob.value for knob in knobs] == [2e6, "pro_rata"]
    assert sections_of(scenario, knobs, {"cap": 3e6})["budget"] == {
        "own": {"programmes": ["dibao"], "cap": 3000000, "rule": "pro_rata"}
    }
    without = scenario_under(scenario, knobs, {"cap": None})
    assert without.budget == ()


def test_a_setting_that_the_law_refuses_says_why(session: Session) -> None:
    with pytest.raises(InputError) as refused:
        session.answer(session.settings({"rural_line": 90000}))
    assert str(refused.value).startswith("the law does not allow this setting\n  changes.dibao.line.rural: ")


def test_a_scenario_that_was_changed_meanwhile_is_not_computed_with(tmp_path: Path) -> None:
    path = write(tmp_path)
    scenario = load_scenario(path)
    knobs, _ = knobs_of(scenario.policy())
    path.write_text(SCENARIO.replace("4600", "4700"), encoding="utf-8")
    with pytest.raises(InputError, match="has been changed since the page was opened"):
        scenario_under(scenario, knobs, {"rural_line": 5000.0})


def test_values_in_words(session: Session) -> None:
    by_name = {knob.name: knob for knob in session.knobs}
    said = [
        value_shown(by_name[name], value, lang)
        for name, value in (("rural_line", 5040.0), ("work_cost_rate", 0.4), ("exit_months", 0.0),
                            ("cap", 3e6), ("cap", None), ("edge_tier", True), ("payment_rural", "banded"))
        for lang in ("en", "zh")
    ]  # fmt: skip
    assert said == [
        *("5,040 yuan/year", "5,040元/年", "40%", "40%", "none", "不实行", "3 million yuan", "300万元"),
        *("no cap", "不设上限", "yes", "是", "in bands", "分档"),
    ]


def test_reasons_in_words(session: Session) -> None:
    idle = Idle("switched", ("means_test.work_cost",))
    assert idle_text(session.base.run.policy, idle, "en") == (
        "no effect as long as “Form of the employment-cost deduction” is none"
    )
    assert idle_text(session.base.run.policy, idle, "zh") == "“就业成本扣减方式”为“不扣减”时不起作用"
    moved = session.answer(session.settings({"work_cost": "rate_of_wage"}))
    other = session.idle_under(moved)["work_cost_line_share"]
    assert idle_text(moved.run.policy, other, "en").endswith("deduction” is share of the wage")
    refused = Idle("refused", error=InputError("it cannot be"))
    assert idle_text(session.base.run.policy, refused, "en") == "not possible here: it cannot be"


@pytest.mark.parametrize("table", TABLES)
def test_every_word_is_there_in_both_languages(table: Any) -> None:
    assert all({"en", "zh"} <= set(words) for words in table.values())
    assert [key for key, words in table.items() if bool(words["en"]) != bool(words["zh"])] == []


def test_every_choice_of_the_law_has_a_word(session: Session) -> None:
    assert {choice for knob in session.knobs for choice in knob.choices} <= set(CHOICES)


def test_one_probe_that_is_refused_is_not_the_whole_knob(tmp_path: Path) -> None:
    """No line may be below the province's guideline; above it the line is moved all the same."""
    guided = SCENARIO + "  dibao.guideline: {by: {rural: 4500, urban: 4500}}\n"
    found = Session(load_scenario(write(tmp_path, guided)))
    assert "rural_line" not in found.idle
    with pytest.raises(InputError, match="guideline"):
        found.answer(found.settings({"rural_line": 4400}))


def test_a_year_of_two_laws_can_have_no_cap(tmp_path: Path) -> None:
    dated = "  dibao.top_up.minor: {on: {2020-07-01: {by: {rural: 900, urban: 900}}}}\n"
    found = Session(load_scenario(write(tmp_path, SCENARIO + dated)))
    assert found.idle["cap"].reason == found.idle["cap_rule"].reason == "refused"
    data = settings_data(found, "en")
    assert not {"cap", "cap_rule"} & {knob["name"] for knob in data["knobs"]}
    (said,) = [one["why"] for one in data["absent"] if one["label"] == "Cap on dibao expenditure"]
    assert said.startswith("not possible here: a year counted by months")
    assert found.answer(found.settings({"rural_line": 5000})).figures["cost.dibao"][0] > 0


def test_probes_are_other_values(session: Session) -> None:
    for knob in session.knobs:
        assert knob.probes
        assert knob.value not in knob.probes
    assert replace(session.knobs[0], value=session.knobs[0].low).probes == (session.knobs[0].high,)
