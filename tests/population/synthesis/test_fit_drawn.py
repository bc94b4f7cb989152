"""Figures that are drawn and not controlled: told for every county, right by hand, off by chance alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from microsim.population import County, Population
from microsim.population.synthesis.fit_drawn import drawn_figures

SYNTHETIC = Path(__file__).parents[3] / "data" / "synthetic"
COUNTIES = sorted(path.parent.name for path in SYNTHETIC.glob("*/households.parquet"))
# What the weights are held to, and what is no property of households.
CONTROLLED = {
    "demography",
    "public_finance",
    "paper",
    "health.disability_rate",
    "health.disability_severe_share",
    "health.admission_rate",
    "work.employed_share",
    "work.farm_share",
    "wealth.vehicle_share",
    "wealth.no_home_share",
    "income.mean_disposable",
    "income.quintile_means",
}


@pytest.fixture(scope="module")
def table(profile: County, committed: Population) -> pd.DataFrame:
    return drawn_figures(profile, committed)


@pytest.mark.parametrize("name", COUNTIES)
def test_no_cited_figure_is_only_drawn(name: str) -> None:
    for figure, given in County.read(SYNTHETIC / name).figures.items():
        if given.source == "cited":
            assert {figure, figure.split(".")[0]} & CONTROLLED, figure


def test_figures_are_those_of_the_profile_with_their_source(profile: County, table: pd.DataFrame) -> None:
    assert len(table) > 50
    assert not table["figure"].duplicated().any()
    for row in table.itertuples():
        known = next(name for name in profile.figures if f"{row.figure}.".startswith(f"{name}."))
        assert row.source == profile.figures[known].source
        if not row.figure.endswith("_by_age"):
            assert row.target == profile[row.figure], row.figure


def test_some_figures_by_hand(committed: Population, table: pd.DataFrame) -> None:
    found = table.set_index("figure")["found"]
    households = committed.households
    persons = committed.persons.merge(households, on="household_id", validate="many_to_one")
    rural = households["area"] == "rural"
    by_hand = {
        "circumstances.shock_rates.disaster": (households, households["shock"] == "disaster", rural | ~rural),
        "circumstances.winter_hardship.rural": (households, households["winter_hardship"], rural),
        "circumstances.dibao_last_year.urban": (
            persons,
            persons["dibao_last_year"],
            persons["area"] == "urban",
        ),
        "circumstances.boarding.junior": (persons, persons["boards"], persons["in_school"] == "junior"),
        "circumstances.without_supporter.rural": (
            persons,
            ~persons["has_able_supporter"],
            persons["area"] == "rural",
        ),
        "circumstances.public_posts.forest_guard": (
            persons,
            persons["public_post"] == "forest_guard",
            persons["filed_poor"] & (persons["area"] == "rural") & persons["age"].between(16, 64),
        ),
    }
    for name, (frame, who, among) in by_hand.items():
        share = frame.loc[who & among, "weight"].sum() / frame.loc[among, "weight"].sum()
        assert found[name] == pytest.approx(share, abs=1e-6), name
    ill = persons.loc[persons["severe_illness"], "medical_out_of_pocket"]
    assert found["health.severe_out_of_pocket.median"] == pytest.approx(ill.median(), rel=0.05)


def test_what_is_drawn_is_off_by_chance_alone(table: pd.DataFrame) -> None:
    shares = table[(table["unit"] == "1") & (table["target"] > 0) & (table["target"] < 1)]
    shares = shares[shares["figure"].str.startswith(("circumstances", "income"))]
    assert len(shares) > 35
    expected = shares["rows"] * shares["target"] / shares["found"]
    expected = expected.fillna(1.0).clip(lower=1.0)
    chance = np.sqrt(1.5 * (1.0 - shares["target"]) / expected)  # uneven weights cost a third of the rows
    off = (shares["miss"].abs() / chance).to_numpy()
    assert (off < 4.0).all(), shares["figure"][off >= 4.0].tolist()


def test_a_profile_without_circumstances_tells_of_the_rest(profile: County, committed: Population) -> None:
    figures = {
        name: figure for name, figure in profile.figures.items() if not name.startswith("circumstances.")
    }
    bare = County.read(SYNTHETIC / "h-county")
    object.__setattr__(bare, "figures", figures)
    names = drawn_figures(bare, committed)["figure"]
    assert not names.str.startswith("circumstances").any()
    assert "income.formal_share.urban" in set(names)
