"""``regime:`` in a scenario: terms of access as of another day, everything else as of the scenario's own."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from microsim.documents import parse_document
from microsim.engine.reference.interpreter import Interpreter
from microsim.errors import MicrosimError
from microsim.law import REGIMES
from microsim.policy.policy import Policy
from microsim.scenario import Scenario
from microsim.scenario.reading import scenario_from
from microsim.scenario.regimes import held_day, with_terms
from tests.law.families import family
from tests.scenario.small_county import write

NOW = "county: county\nlaw: 2024-06-30\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("regimes")
    write(place)
    return place


def scenario(folder: Path, text: str) -> Scenario:
    return scenario_from(parse_document(text, folder / "some.yaml"))


def test_a_programme_is_held_and_the_others_go_on(folder: Path) -> None:
    loaded = scenario(folder, NOW + "regime: {employment_aid: linked}")
    policy = loaded.policy()
    assert loaded.regime == {"employment_aid": "linked"}
    assert policy.date == dt.date(2024, 6, 30)
    assert policy.value("employment_aid.filed_poor") is False
    assert policy.value("employment_aid.eligible_tiers.edge") is False
    assert policy.value("employment_aid.eligible_tiers.dibao") is True
    assert policy.value("care_services.eligible_tiers.edge") is True
    # Amounts are those of the day.
    assert policy.value("employment_aid.post_pay.village") == 6000


@pytest.mark.parametrize("regime", REGIMES)
def test_all_holds_every_gate_and_nothing_else(folder: Path, regime: str) -> None:
    held = scenario(folder, NOW + f"regime: {{all: {regime}}}").policy()
    day = held_day(regime, dt.date(2024, 6, 30))
    then, now = Policy.load(day), Policy.load("2024-06-30")
    terms = 0
    for name, parameter in held.parameters.items():
        source = then if parameter.access and name in then.values else now
        if regime == "transition" and ".filed_poor" in name:
            source = now
        terms += parameter.access
        assert (name in held.values) == (name in source.values), name
        if name in held.values:
            assert held.values[name].value == source.values[name].value, name
    assert terms > 10
    assert set(held.rules) == set(now.rules)


def test_a_regime_held_in_its_own_years_changes_nothing(folder: Path) -> None:
    for regime, day in (("linked", "2014-12-31"), ("broad", "2018-12-31"), ("transition", "2022-12-31")):
        law = Policy.load(day)
        held = scenario(folder, f"county: county\nlaw: {day}\nregime: {{all: {regime}}}").policy()
        for name, dated in law.values.items():
            assert held.values[name].value == dated.value, name


def test_the_help_of_the_registered_poor_falls_to_2025_in_a_transition_that_is_held(folder: Path) -> None:
    steps = {}
    for year in range(2021, 2026):
        text = f"county: county\nlaw: {year}-12-31\nregime: {{all: transition}}"
        law = scenario(folder, text).policy()
        steps[year] = (
            law.value("medical_aid.filed_poor_rate"),
            law.value("medical_aid.filed_poor_premium_rate"),
        )
        # Who else is let in stays as on the eve of the tiers.
        assert law.value("medical_aid.rate.rigid") == 0.0
        assert law.value("housing_aid.repair_tiers.rigid") is False
    assert steps == {
        2021: (0.7, 1.0),
        2022: (0.65, 0.75),
        2023: (0.6, 0.5),
        2024: (0.55, 0.25),
        2025: (0.5, 0.0),
    }
    early = scenario(folder, "county: county\nlaw: 2018-12-31\nregime: {all: transition}").policy()
    assert early.value("medical_aid.filed_poor_rate") == 0.7


def test_what_a_programme_is_told_itself_goes_before_all(folder: Path) -> None:
    policy = scenario(folder, NOW + "regime: {disaster_aid: broad, all: linked}").policy()
    assert policy.value("disaster_aid.rebuilding_extra.filed_poor") == 0.3
    assert policy.value("disaster_aid.rebuilding_extra.rigid") == 0.0
    assert policy.value("employment_aid.filed_poor") is False


def test_changes_lie_over_the_regime(folder: Path) -> None:
    text = NOW + "regime: {employment_aid: linked}\nchanges: {employment_aid.filed_poor: true}"
    policy = scenario(folder, text).policy()
    assert policy.value("employment_aid.filed_poor") is True
    assert policy.value("employment_aid.monitored") is False


@pytest.mark.parametrize("follow", ["true", "false"])
def test_a_regime_holds_in_every_year(folder: Path, follow: str) -> None:
    law = f"law: {{date: 2018-12-31, follow: {follow}}}\nyears: [2018, 2024]\n"
    loaded = scenario(folder, f"county: county\n{law}regime: {{low_income: linked, employment_aid: linked}}")
    for year in (2018, 2021, 2024):
        policy = loaded.policy(year)
        assert policy.value("employment_aid.filed_poor") is False
        assert policy.value("low_income.filed_poor_tier") is False
        assert policy.value("low_income.monitored_tier") is False


def test_the_hash_tells_regimes_apart(folder: Path) -> None:
    plain, held = scenario(folder, NOW), scenario(folder, NOW + "regime: {all: linked}")
    assert plain.hash != held.hash
    assert plain.policy().values.keys() == held.policy().values.keys()


def test_every_regime_is_a_day_on_which_some_gate_changes() -> None:
    law = Policy.load("2024-06-30")
    assert {"employment_aid", "temporary_aid", "disaster_aid", "collective_dividend"} <= set(with_terms(law))
    terms = [parameter for parameter in law.parameters.values() if parameter.access]
    for name, since in REGIMES.items():
        earlier = max((day for day in REGIMES.values() if day < since), default=None)
        if earlier is not None:
            assert any(p.at(earlier).value != p.at(since).value for p in terms), name  # type: ignore[union-attr]


def test_a_registered_poor_family_under_each_regime(folder: Path) -> None:
    """A forest guard of a registered poor household above the line: whose wage is it, and what repair?"""
    household, persons = family(3)
    household |= {"area": "rural", "filed_poor": True, "house_damage": "collapsed", "financial_assets": 0.0}
    persons = [persons[0] | {"age": 40, "wage_income": 90000.0, "counts_as_member": True}]
    persons[0] |= {"public_post": "forest_guard", "disability_grade": "none", "severe_illness": False}
    found = {}
    for regime in REGIMES:
        law = scenario(folder, NOW + f"regime: {{all: {regime}}}").policy()
        of = Interpreter(law, household, persons)
        found[regime] = (of.household_value("public_post_pay"), of.household_value("disaster_rebuilding"))
    assert found == {
        "linked": (0.0, 20000.0),
        "broad": (10000.0, 26000.0),
        "transition": (10000.0, 26000.0),
        "tiered": (10000.0, 26000.0),
        "law-2026": (0.0, 20000.0),  # registered poor households have no help of their own after 2025
    }


def test_a_programme_that_a_regime_did_not_know(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Named, it is an offence; under ``all`` it goes on with its own date."""
    monkeypatch.setitem(REGIMES, "early", dt.date(2000, 1, 1))
    with pytest.raises(MicrosimError, match="'employment_aid' did not exist yet under 'early'"):
        scenario(folder, NOW + "regime: {employment_aid: early}")
    policy = scenario(folder, NOW + "regime: {all: early}").policy()
    assert policy.value("employment_aid.eligible_tiers.edge") is True
    assert with_terms(policy, dt.date(2000, 1, 1)) == []
