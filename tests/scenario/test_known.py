"""The law in force on a day, as it was known on another; and the law as the sum of its dated changes."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

import microsim as ms
from microsim.errors import InputError, RuleError
from microsim.policy.policy import Policy

YEAR_END = "2026-12-31"


def test_a_study_of_2025_does_not_know_the_law_of_2026() -> None:
    now, then = Policy.load(YEAR_END), Policy.load(YEAR_END, known="2025-01-01")
    assert now.value("low_income.other_tier") is False
    assert then.value("low_income.other_tier") is True
    assert now.value("childcare_subsidy.enabled") is True
    assert then.value("childcare_subsidy.enabled") is False  # from 2025-01-01, but published in July
    assert then.value("dibao.line") == {"rural": 7455.6, "urban": 9430.8}  # the line of 2024 came later, too
    # The end of the transition was known years before it came.
    assert Policy.load(YEAR_END, known="2021-12-31").value("low_income.filed_poor_tier") is False


def test_the_law_is_known_from_its_adoption_and_holds_from_its_day() -> None:
    def open_to_other(day: str, known: str) -> bool:
        return bool(Policy.load(day, known=known).value("low_income.other_tier"))

    assert open_to_other("2026-07-01", "2026-04-29")
    assert not open_to_other("2026-07-01", "2026-04-30")
    assert open_to_other("2026-06-30", "2026-09-30")


def test_a_rule_whose_end_was_not_known_goes_on() -> None:
    before, after = (Policy.load("2022-12-31", known=day) for day in ("2021-06-30", "2021-07-01"))
    assert before.rules["counted_income"].start == dt.date(2012, 12, 12)
    assert after.rules["counted_income"].start == dt.date(2021, 7, 1)
    assert "means_test.rigid_deduction_share" not in before.values


def test_known_to_its_end_it_is_the_law() -> None:
    whole, known = Policy.load(YEAR_END), Policy.load(YEAR_END, known="2026-09-30")
    assert {name: v.value for name, v in whole.values.items()} == {
        name: v.value for name, v in known.values.items()
    }
    assert set(whole.rules) == set(known.rules)


def test_a_scenario_names_the_day_and_says_so(tmp_path: Path, root: Path) -> None:
    file = tmp_path / "study.yaml"
    file.write_text(
        f"county: {root}/data/synthetic/pilot-county\nlaw: {{date: 2026-12-31, known: 2025-01-01}}\n",
        encoding="utf-8",
    )
    scenario = ms.load_scenario(file)
    assert scenario.policy().value("childcare_subsidy.enabled") is False
    assert scenario.law_known_until == "2025-01-01"


def test_what_is_no_date_is_refused() -> None:
    with pytest.raises(InputError, match="'soon' is not a date"):
        Policy.load(YEAR_END, known="soon")
    spec = {"values": {"2020-01-01": {"value": 1, "source": "cited", "reference": "x", "known": "soon"}}}
    with pytest.raises(RuleError, match="'soon' is not a date"):
        Policy.from_rules({}, {"amount": spec})


def spelt_out(old: Any, new: Any) -> Any:
    """``new`` with every category that ``old`` names, since a reform leaves what it does not name."""
    if not isinstance(new, dict):
        return new
    named = {*new, *(old if isinstance(old, dict) else ())}
    part = {key: old.get(key, old.get("default")) if isinstance(old, dict) else old for key in named}
    return {key: spelt_out(part[key], new.get(key, new.get("default"))) for key in named}


def test_every_dated_change_in_order_gives_the_law_of_each_day() -> None:
    law = Policy.load("2012-12-12")
    days = sorted({day for parameter in law.parameters.values() for day in parameter.values})
    made = law.frozen()
    for day in days[1:]:
        there = law.at(day)
        acts = {
            name: spelt_out(made.value(name), there.value(name))
            for name, parameter in law.parameters.items()
            if day in parameter.values and name in made.values
        }
        if acts:
            said = {name: {"by": v} if isinstance(v, dict) else v for name, v in acts.items()}
            made = made.reform(said, allow_unusual=True)
        for name in made.values:
            said = made.value(name)
            assert said == spelt_out(said, there.value(name)), (name, day)
