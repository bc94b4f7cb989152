"""Columns that come from ``circumstances``: their shares, what they go with, and what is left out."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest

from microsim.documents import parse_document
from microsim.population import County, Population, synthesize
from microsim.population.profile.county import _county
from microsim.population.profile.figures import schema

FIGURES = [name for name in schema() if name.startswith("circumstances.")]
# Column -> the figure without which it is left out.
MADE_BY = {
    "has_able_supporter": "without_supporter",
    "in_institution": "in_institution",
    "own_registration": "own_registration",
    "failed_adls": "care_needs",
    "medical_bill": "insurance_pays",
    "work_injury_care": "work_injury_care",
    "boards": "boarding",
    "education_cost": "education_cost",
    "public_post": "public_posts",
    "workshop_wage": "workshops",
    "in_training": "training",
    "self_employed_loan": "loans",
    "refused_work": "refused_work",
    "shock": "shock_rates",
    "shock_months": "shock_months",
    "shock_loss": "shock_loss",
    "house_damage": "house_damage",
    "displaced_days": "house_damage",
    "winter_hardship": "winter_hardship",
    "dwelling_grade": "dwelling_grades",
    "rent_paid": "rent",
    "tenant": "rent",
    "monitored": "monitored_share",
    "dibao_last_year": "dibao_last_year",
    "months_since_income_rose": "dibao_last_year",
    "collective_dividend_per_head": "collective_dividend",
    "heating_area": "heating_area",
}


def without(profile: County, *figures: str) -> County:
    """The profile with some figures of ``circumstances`` left out."""
    text = profile.text
    for name in figures:
        text, cut = re.subn(rf"(?m)^  {name}:\n(?:    .*\n)+", "", text)
        assert cut == 1, name
    return _county(parse_document(text, profile.path or "profile.yaml"), text, None)


@pytest.fixture(scope="module")
def households(committed: Population) -> pd.DataFrame:
    return committed.households.assign(size=np.diff(committed.offsets))


@pytest.fixture(scope="module")
def persons(committed: Population) -> pd.DataFrame:
    return committed.persons.merge(committed.households, on="household_id", validate="many_to_one")


def share(frame: pd.DataFrame, condition: pd.Series, among: pd.Series) -> float:
    return float(frame.loc[among & condition, "weight"].sum() / frame.loc[among, "weight"].sum())


@pytest.mark.parametrize("area", ["rural", "urban"])
def test_households_meet_the_shares_of_the_profile(
    profile: County, households: pd.DataFrame, area: str
) -> None:
    inside = households["area"] == area
    figure = profile["circumstances.winter_hardship"][area]
    assert share(households, households["winter_hardship"], inside) == pytest.approx(figure, rel=0.15)
    figure = profile["circumstances.monitored_share"][area]
    assert share(households, households["monitored"], inside) == pytest.approx(figure, rel=0.15)
    people = households.assign(weight=households["weight"] * households["size"])
    figure = profile["circumstances.dibao_last_year"][area]
    assert share(people, people["dibao_last_year"], inside) == pytest.approx(figure, rel=0.05)
    assert share(households, households["heating_area"], inside) == 1.0


def test_shocks_and_dwellings_meet_the_shares_of_the_profile(
    profile: County, households: pd.DataFrame
) -> None:
    everybody = households["weight"] > 0
    for kind, rate in profile["circumstances.shock_rates"].items():
        assert share(households, households["shock"] == kind, everybody) == pytest.approx(rate, rel=0.35)
    rural = households["area"] == "rural"
    for grade, rate in profile["circumstances.dwelling_grades"].items():
        found = share(households, households["dwelling_grade"] == grade, rural)
        assert found == pytest.approx(rate, abs=0.002)
    assert (households.loc[~rural, "dwelling_grade"] == "A").all()


def test_persons_meet_the_shares_of_the_profile(profile: County, persons: pd.DataFrame) -> None:
    for area, rate in profile["circumstances.without_supporter"].items():
        found = share(persons, ~persons["has_able_supporter"], persons["area"] == area)
        assert found == pytest.approx(rate, rel=0.35), area
    rural_poor = persons["filed_poor"] & (persons["area"] == "rural") & persons["age"].between(16, 64)
    for post in ("village", "forest_guard"):
        rate = profile["circumstances.public_posts"][post]
        assert share(persons, persons["public_post"] == post, rural_poor) == pytest.approx(rate, rel=0.2)
    rate = profile["circumstances.workshops"]
    assert share(persons, persons["workshop_wage"] > 0, rural_poor) == pytest.approx(rate, rel=0.2)


def test_what_hangs_together(households: pd.DataFrame, persons: pd.DataFrame) -> None:
    struck = households["shock"] != "none"
    for column in ("shock_months", "shock_persons", "shock_loss"):
        assert ((households[column] > 0) == struck).all()
    assert (households["shock_persons"] <= households["size"]).all()
    disaster = households["shock"] == "disaster"
    assert disaster[(households["house_damage"] != "none") | (households["displaced_persons"] > 0)].all()
    assert (households["tenant"] == (households["homes"] == 0)).all()
    assert ((households["rent_paid"] > 0) == households["tenant"]).all()
    property_income = persons.groupby("household_id")["property_income"].sum()
    declared = (households["collective_dividend_per_head"] * households["size"]).to_numpy()
    assert (declared <= property_income.to_numpy()).all()
    assert not (households["months_since_income_rose"] > 0)[~households["dibao_last_year"]].any()

    alone = persons["household_id"].map(households.set_index("household_id")["size"]) == 1
    nobody = ~persons["has_able_supporter"]
    assert alone[nobody].all()
    assert (persons.loc[nobody, "sex"] == "male").mean() > 0.6
    assert not persons.loc[persons["has_able_supporter"], "in_institution"].any()
    assert (persons.loc[persons["public_post"] != "none", "wage_income"] > 0).all()
    assert (persons["workshop_wage"] <= persons["wage_income"]).all()
    severe = persons["disability_grade"].isin(["grade1", "grade2"])
    assert (severe | (persons["age"] >= 75))[persons["failed_adls"] > 0].all()
    assert ((persons["education_cost"] > 0) == (persons["in_school"] != "none")).all()
    assert (persons.loc[persons["boards"], "in_school"] != "none").all()
    assert (persons["medical_bill"] >= persons["medical_out_of_pocket"] - 10)[
        persons["medical_bill"] > 0
    ].all()


def test_every_figure_makes_a_column(profile: County) -> None:
    assert set(MADE_BY.values()) == {name.removeprefix("circumstances.") for name in FIGURES}
    assert all(profile.get(name) is not None for name in FIGURES)


def columns(population: Population) -> Mapping[str, np.ndarray]:
    every = {**population.household_columns, **population.person_columns}
    return {name: every[name] for name in every if name not in population.defaulted}


@pytest.mark.parametrize("figure", sorted(set(MADE_BY.values())))
def test_what_a_profile_does_not_give_is_left_out_and_the_rest_stays(profile: County, figure: str) -> None:
    whole = columns(synthesize(profile, seed=3, households=300))
    fewer = synthesize(without(profile, figure), seed=3, households=300)
    for column, made_by in MADE_BY.items():
        if made_by == figure:
            assert column in fewer.defaulted, column
    for column, values in columns(fewer).items():
        np.testing.assert_array_equal(values, whole[column], err_msg=column)


def test_a_profile_without_the_section_makes_the_county_all_the_same(profile: County) -> None:
    bare = without(profile, *(name.removeprefix("circumstances.") for name in FIGURES))
    population = synthesize(bare, seed=3, households=100)
    assert set(MADE_BY) <= set(population.defaulted)
    assert {"labour_capacity", "medical_insurance", "wage_income"} <= set(columns(population))


def test_last_years_dibao_keeps_to_the_persistence_of_the_profile(profile: County) -> None:
    """The more stay among the poorest, the more of last year's dibao households are poor this year."""
    kept, plain = {}, synthesize(profile, households=2_000)
    for leave in (0.05, 0.8):
        figure = (
            f"{{value: {{share: {leave}, poorest: 0.1}}, unit: '1', source: assumption, reference: made up}}"
        )
        text = profile.text.replace("\nincome:\n", f"\nincome:\n  leave_poverty: {figure}\n")
        county = _county(parse_document(text, "profile.yaml"), text, None)
        made = synthesize(county, households=2_000)
        # Nothing else moves.
        assert np.array_equal(made.person_columns["wage_income"], plain.person_columns["wage_income"])
        frame = made.households.assign(size=np.diff(made.offsets))
        people = frame["weight"] * frame["size"]
        disposable = made.person_columns["wage_income"] + made.person_columns["business_income"]
        seen = np.add.reduceat(disposable, made.offsets[:-1]) / frame["size"] * frame["income_visible_share"]
        before = frame["dibao_last_year"].to_numpy()
        for area in ("rural", "urban"):
            inside = (frame["area"] == area).to_numpy()
            share_of = float(people[inside & before].sum() / people[inside].sum())
            assert share_of == pytest.approx(profile["circumstances.dibao_last_year"][area], abs=0.01)
        rural = (frame["area"] == "rural").to_numpy()
        kept[leave] = float(np.median(seen[rural & before]) / np.median(seen[rural]))
    assert kept[0.05] < kept[0.8]
