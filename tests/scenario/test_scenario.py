"""What a good scenario file gives: title, county, law, changes, years, hash."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from microsim.documents import parse_document
from microsim.errors import MicrosimError
from microsim.scenario import Scenario, load_scenario
from microsim.scenario.grammar import ECONOMY, LAW_KNOWN_UNTIL, OUTPUTS
from microsim.scenario.reading import scenario_from
from tests.scenario.small_county import PROFILE, SCENARIO, write

HEAD = "county: county\nlaw: 2020-12-31\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("scenario")
    write(place)
    return place


def scenario(folder: Path, text: str) -> Scenario:
    return scenario_from(parse_document(text, folder / "some.yaml"))


def test_the_parts_of_a_file(folder: Path) -> None:
    loaded = load_scenario(folder / "small.yaml")
    assert loaded.name == "small"
    assert loaded.title_in("zh") == "小县"
    assert loaded.law.date == dt.date(2020, 12, 31)
    assert loaded.county_path == folder / "county"
    assert loaded.county.name["en"]
    assert loaded.population().n_households == 300
    assert loaded.outputs == ("cost", "caseload", "poverty", "inequality", "hardship", "budget")
    assert loaded.years is None
    assert loaded.law_known_until is None


def test_the_policy_is_the_law_with_the_changes(folder: Path) -> None:
    policy = load_scenario(folder / "small.yaml").policy()
    assert policy.date == dt.date(2020, 12, 31)
    assert policy.value("dibao.line.rural") == 4600
    assert policy.values["dibao.line"].source == "scenario"
    assert policy.value("dibao.payment") == "gap"


def test_title_is_text_or_two_languages(folder: Path) -> None:
    assert scenario(folder, HEAD + "title: Plain").title_in("zh") == "Plain"
    assert scenario(folder, HEAD).title_in("en") == "some"


@pytest.mark.parametrize(("word", "enabled"), [("off", False), ("false", False), ("no", False), ("on", True)])
def test_a_programme_is_switched_in_words(folder: Path, word: str, enabled: bool) -> None:
    loaded = scenario(folder, HEAD + f"programmes: {{price_supplement: {word}}}")
    assert loaded.changes == {"price_supplement.enabled": enabled}
    assert loaded.policy().value("price_supplement.enabled") is enabled


def test_a_form_of_a_programme_is_a_parameter(folder: Path) -> None:
    loaded = scenario(folder, HEAD + "programmes: {dibao: {payment: banded}}")
    assert loaded.policy().value("dibao.payment") == "banded"


def test_the_hash_is_of_what_is_said(folder: Path) -> None:
    one = scenario(folder, SCENARIO)
    assert len(one.hash) == 64
    relaid = "# remark\n" + SCENARIO.replace(
        "{by: {rural: 4600, urban: 7000}}", "{by: {urban: 7000, rural: 4600}}"
    )
    assert scenario(folder, relaid).hash == one.hash
    assert scenario(folder, SCENARIO.replace("小县", "县")).hash == one.hash
    assert scenario(folder, SCENARIO.replace("4600", "4601")).hash != one.hash
    assert scenario(folder, SCENARIO.replace("2020-12-31", "2020-12-30")).hash != one.hash


def test_a_frozen_law_moves_only_what_the_scenario_moves(folder: Path) -> None:
    text = HEAD + (
        "years: [2021, 2030]\n"
        "changes:\n"
        "  dibao.line.rural: {path: linear, ratio_to: dibao.line.urban, from: {2021: 0.5}, to: {2025: 1.0}}\n"
        "  dibao.edge_multiple: {on: {2024-01-01: 2.0}}\n"
    )
    loaded = scenario(folder, text)
    frozen = {year: loaded.policy(year) for year in (2021, 2023, 2027)}
    urban = loaded.policy().value("dibao.line.urban")
    assert {frozen[year].value("dibao.line.urban") for year in frozen} == {urban}
    assert frozen[2021].value("dibao.line.rural") == pytest.approx(0.5 * urban)
    assert frozen[2023].value("dibao.line.rural") == pytest.approx(0.75 * urban)
    assert frozen[2027].value("dibao.line.rural") == pytest.approx(urban)
    assert frozen[2023].value("dibao.edge_multiple") == 1.5
    assert frozen[2027].value("dibao.edge_multiple") == 2.0
    # The law of 2020: edge households came in 2021.
    assert frozen[2027].value("dibao.edge_tier") is False
    assert frozen[2027].rules["in_unit"].function is loaded.policy().rules["in_unit"].function
    # One set of compiled functions serves every year.
    assert frozen[2021].book is frozen[2027].book


def test_a_law_that_follows_is_each_years_own(folder: Path) -> None:
    loaded = scenario(folder, "county: county\nlaw: {follow: true}\nyears: [2020, 2030]")
    assert loaded.law.date == dt.date(2020, 12, 31)
    assert loaded.policy().value("dibao.edge_tier") is False
    assert loaded.policy(2022).value("dibao.edge_tier") is True
    assert loaded.policy(2022).date == dt.date(2022, 12, 31)
    assert loaded.law_known_until == LAW_KNOWN_UNTIL


def test_law_of_a_far_day_is_said_to_be_carried_forward(folder: Path) -> None:
    assert scenario(folder, "county: county\nlaw: 2099-06-30").law_known_until == LAW_KNOWN_UNTIL


def test_a_date_may_be_text(folder: Path) -> None:
    assert scenario(folder, 'county: county\nlaw: "2020-12-31"').law.date == dt.date(2020, 12, 31)


def test_a_profile_is_a_county_too(folder: Path) -> None:
    loaded = scenario(folder, f"county: {PROFILE}\nlaw: 2020-12-31")
    assert loaded.is_profile
    assert loaded.county.revenue > 0


def test_a_county_folder_without_profile_says_so(folder: Path, tmp_path: Path) -> None:
    path = write(tmp_path)
    (tmp_path / "county" / "profile.yaml").unlink()
    with pytest.raises(MicrosimError, match="no county profile"):
        _ = load_scenario(path).county


def test_a_county_from_its_profile_is_made_on_the_spot(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import microsim.population

    made = []
    monkeypatch.setattr(microsim.population, "synthesize", made.append, raising=False)
    scenario(folder, f"county: {PROFILE}\nlaw: 2020-12-31").population_as_given()
    assert made[0].name["en"]


def test_a_folder_with_only_a_profile_says_how_to_make_its_people(tmp_path: Path) -> None:
    (tmp_path / "county").mkdir()
    (tmp_path / "county" / "profile.yaml").write_bytes(PROFILE.read_bytes())
    with pytest.raises(
        MicrosimError, match=r"has a profile but no population .*make one with: microsim synth"
    ):
        scenario(tmp_path, HEAD)


def test_a_scenario_needs_no_changes_and_no_title(folder: Path) -> None:
    loaded = scenario(folder, HEAD)
    assert loaded.changes == {}
    assert loaded.policy().value("dibao.line.rural") == 5962.3


def test_every_known_growth_rate_and_output_is_taken(folder: Path) -> None:
    rates = ", ".join(f"{name}: 0.05" for name in ECONOMY)
    text = f"{HEAD}economy: {{{rates}}}\noutputs: [{', '.join(OUTPUTS)}]\nyears: [2021, 2022]"
    loaded = scenario(folder, text)
    assert loaded.economy.rates == dict.fromkeys(ECONOMY, 0.05)
    assert not loaded.economy.held
    assert loaded.outputs == tuple(OUTPUTS)
    assert loaded.years == (2021, 2022)
