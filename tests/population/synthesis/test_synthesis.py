"""Synthetic counties meet their margins, are the same every time, and look like people."""

from __future__ import annotations

import filecmp
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from microsim.errors import MicrosimError
from microsim.population import County, Population, SynthesisReport, synthesize, synthesize_with_report
from microsim.population.profile.figures import band

SYNTHETIC = Path(__file__).parents[3] / "data" / "synthetic"
INCOMES = [
    "wage_income",
    "business_income",
    "property_income",
    "private_transfer_income",
    "pension_income",
    "basic_pension_income",
]


def people(population: Population) -> pd.DataFrame:
    """Persons with the columns and the weight of their household."""
    households = population.households.drop(columns=["filed_poor"])
    return population.persons.merge(households, on="household_id", validate="many_to_one")


@pytest.fixture(scope="module")
def county_people(committed: Population) -> pd.DataFrame:
    return people(committed)


@pytest.mark.parametrize("folder", ["h-county", "h-county-2016"])
def test_committed_counties_are_their_profiles_byte_for_byte(folder: str, tmp_path: Path) -> None:
    committed = SYNTHETIC / folder
    synthesize(County.read(committed)).write(tmp_path)
    names = ["persons.parquet", "households.parquet", "profile.yaml"]
    same, different, missing = filecmp.cmpfiles(committed, tmp_path, names, shallow=False)
    assert (same, different, missing) == (names, [], [])
    assert sum(file.stat().st_size for file in committed.iterdir()) < 5_000_000  # small enough for git


def test_the_committed_county_meets_residents_by_area(profile: County, county_people: pd.DataFrame) -> None:
    residents = county_people.groupby("area", observed=True)["weight"].sum()
    for area, expected in profile.residents.items():
        assert residents[area] == pytest.approx(expected, rel=1e-7)


def test_the_committed_county_meets_age_by_sex(profile: County, county_people: pd.DataFrame) -> None:
    for sex, groups in profile["demography.age_by_sex"].items():
        ages = county_people[county_people["sex"] == sex]
        for group, expected in groups.items():
            first, last = band(group) or (0, -1)
            found = ages.loc[ages["age"].between(first, last), "weight"].sum()
            assert found == pytest.approx(expected, rel=1e-6), f"{sex} {group}"


def test_the_committed_county_meets_household_sizes(profile: County, committed: Population) -> None:
    sizes = np.diff(committed.offsets)
    weights = np.asarray(committed.weight)
    shares = profile["demography.household_sizes"]
    mean = sum(int(size) * share for size, share in shares.items()) / sum(shares.values())
    assert weights.sum() == pytest.approx(sum(profile.residents.values()) / mean, rel=1e-7)
    for size, share in shares.items():
        found = weights[sizes == int(size)].sum() / weights.sum()
        assert found == pytest.approx(share / sum(shares.values()), rel=1e-6), size
    design_effect = len(weights) * (weights**2).sum() / weights.sum() ** 2
    assert design_effect < 1.3


def test_incomes_follow_mean_and_fifths(profile: County, county_people: pd.DataFrame) -> None:
    county_people = county_people.assign(
        disposable=county_people[INCOMES].sum(axis=1) - county_people["social_contributions_paid"]
    )
    for area in ("rural", "urban"):
        inside = county_people[county_people["area"] == area]
        totals = inside.groupby("household_id").agg(
            disposable=("disposable", "sum"), size=("age", "size"), weight=("weight", "first")
        )
        persons = totals["size"] * totals["weight"]
        per_head = totals["disposable"] / totals["size"]
        expected = profile["income.mean_disposable"][area] - profile["income.assistance"][area]
        assert np.average(per_head, weights=persons) == pytest.approx(expected, rel=2e-3)
        order = np.argsort(per_head.to_numpy(), kind="stable")
        rank = np.cumsum(persons.to_numpy()[order]) / persons.sum()
        fifth = np.minimum((rank * 5).astype(int), 4)
        amounts = np.bincount(fifth, (per_head * persons).to_numpy()[order])
        wanted = np.array(profile["income.quintile_means"][area])
        found = amounts / amounts.sum()
        assert np.abs(found / (wanted / wanted.sum()) - 1.0)[1:].max() < 0.06
        # Pensions hold the poorest above what the fifths alone would leave them.
        assert found[0] / (wanted[0] / wanted.sum()) == pytest.approx(1.0, abs=0.2)


@pytest.mark.parametrize(
    ("figure", "condition", "among"),
    [
        ("health.disability_rate", "disability_grade != 'none'", "age >= 0"),
        (
            "health.disability_severe_share",
            "disability_grade in ['grade1', 'grade2']",
            "disability_grade != 'none'",
        ),
        ("assumptions.severe_illness_rate", "severe_illness", "age >= 0"),
        ("work.employed_share", "works", "age >= 15"),
    ],
)
def test_rates_are_the_profiles(
    profile: County, county_people: pd.DataFrame, figure: str, condition: str, among: str
) -> None:
    of_whom = county_people.query(among)
    found = of_whom.query(condition)["weight"].sum() / of_whom["weight"].sum()
    expected = profile[figure]
    error = (expected * (1 - expected) / len(of_whom) * 1.3) ** 0.5
    assert abs(found - expected) < 4 * error


def test_the_poorer_are_older_and_sicker(county_people: pd.DataFrame) -> None:
    rural = county_people[county_people["area"] == "rural"]
    income = rural.groupby("household_id")[INCOMES].sum().sum(axis=1) / rural.groupby("household_id").size()
    poor = rural["household_id"].map(income) < income.median()
    for trait in (rural["severe_illness"], rural["disability_grade"] != "none", rural["age"] >= 65):
        assert trait[poor].mean() > 1.2 * trait[~poor].mean()
    disabled = county_people["disability_grade"] != "none"
    assert disabled[county_people["age"] >= 60].mean() > 4 * disabled[county_people["age"] < 40].mean()


def test_people_are_possible(county_people: pd.DataFrame) -> None:
    by_household = county_people.groupby("household_id")
    assert (county_people["relation"] == "head").groupby(county_people["household_id"]).sum().eq(1).all()
    assert county_people.loc[county_people["relation"].isin(["head", "spouse", "parent"]), "age"].min() >= 16
    head_age = by_household["age"].first()
    children = county_people[county_people["relation"] == "child"]
    assert (children["household_id"].map(head_age) - children["age"]).min() >= 10
    parents = county_people[county_people["relation"] == "parent"]
    assert (parents["age"] - parents["household_id"].map(head_age)).min() >= 4
    working = county_people["works"]
    assert not (working & (county_people["age"] < 15)).any()
    assert not (working & (county_people["in_school"] != "none")).any()
    assert not county_people.loc[~working, ["wage_income", "business_income"]].to_numpy().any()
    primary = county_people["in_school"] == "primary"
    assert county_people.loc[primary, "age"].between(6, 11).all()
    assert (county_people["disability_type"] != "none").eq(county_people["disability_grade"] != "none").all()
    money = county_people[[*INCOMES, "medical_out_of_pocket"]].to_numpy()
    assert (money == np.round(money)).all()
    for draw in ("admission_draw", "take_up_draw"):
        assert county_people[draw].between(0, 1).all()
        assert abs(county_people.drop_duplicates("household_id")[draw].mean() - 0.5) < 0.02


def test_the_same_seed_gives_the_same_county(
    profile: County, small: tuple[Population, SynthesisReport]
) -> None:
    again, report = synthesize_with_report(profile, seed=7, households=1500)
    assert again.hash == small[0].hash
    assert np.abs(report.margins.misses).max() < 1e-9
    assert synthesize(profile, seed=8, households=1500).hash != again.hash


def test_a_household_is_the_same_whatever_else_is_in_the_run(
    profile: County, small: tuple[Population, SynthesisReport]
) -> None:
    fewer = synthesize(profile, seed=7, households=400)
    persons = fewer.n_persons
    for column in ("age", "sex", "relation", "in_school"):
        np.testing.assert_array_equal(fewer.person_columns[column], small[0].person_columns[column][:persons])
    for column in ("area", "admission_draw", "take_up_draw"):
        np.testing.assert_array_equal(
            fewer.household_columns[column], small[0].household_columns[column][:400]
        )


@pytest.mark.parametrize("households", [1, 2, 7, 60])
def test_the_smallest_samples_still_stand_for_all_residents(profile: County, households: int) -> None:
    population = synthesize(profile, households=households)
    persons = (np.diff(population.offsets) * population.weight).sum()
    assert persons == pytest.approx(sum(profile.residents.values()), rel=1e-6)


def test_knobs_move_what_they_name(profile: County) -> None:
    knobs = {
        "assumptions.income_visible_share.rural": {"mean": 0.3, "spread": 0.1, "tilt": 0},
        "assumptions.severe_illness_rate": 0.1,
        "assumptions.filed_poor_share.urban": 0.5,
    }
    population = synthesize(profile.with_values(knobs), households=3000)
    households, everyone = population.households, people(population)
    rural = households["area"] == "rural"
    assert households.loc[rural, "income_visible_share"].mean() == pytest.approx(0.3, abs=0.01)
    assert households.loc[rural, "income_visible_share"].std() == pytest.approx(0.1, abs=0.01)
    assert np.average(everyone["severe_illness"], weights=everyone["weight"]) == pytest.approx(0.1, abs=0.01)
    assert households.loc[~rural, "filed_poor"].mean() == pytest.approx(0.5, abs=0.06)
    assert population.county is not None
    assert population.county["assumptions.severe_illness_rate"] == 0.1


def test_a_county_without_households_is_refused(profile: County) -> None:
    with pytest.raises(MicrosimError, match="at least one household, not 0"):
        synthesize(profile, households=0)


def test_margins_that_no_families_can_meet_are_named(profile: County) -> None:
    # As many households as before, but nearly nobody in them is a child.
    ages = profile["demography.age_by_sex"]
    changes: dict[str, float] = {}
    for sex, groups in ages.items():
        moved = sum(groups[group] - 1 for group in ("0", "1-4", "5-9", "10-14", "15-19"))
        changes |= {
            f"demography.age_by_sex.{sex}.{group}": 1 for group in ("0", "1-4", "5-9", "10-14", "15-19")
        }
        changes[f"demography.age_by_sex.{sex}.85+"] = groups["85+"] + moved
    with pytest.raises(MicrosimError) as caught:
        synthesize(profile.with_values(changes), households=2500)
    assert "the weights cannot be calibrated" in str(caught.value)
    assert "control '" in str(caught.value)


def test_small_samples_meet_groups_put_together(profile: County) -> None:
    _, report = synthesize_with_report(profile, households=60)
    assert np.abs(report.margins.misses).max() < 1e-9
    assert len(report.margins.names) < 45
    assert any(name.startswith("male") and name.endswith("-120") for name in report.margins.names)
    assert not any(name == "male 85-120" for name in report.margins.names)
