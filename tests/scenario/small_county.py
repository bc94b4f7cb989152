"""A county of 300 households that takes no time to make: not realistic, but every programme finds someone.

Its columns are of the types of the packaged counties, so that both share compiled kernels.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from microsim.population import Population

ROOT = Path(__file__).resolve().parents[2]
PROFILE = ROOT / "data" / "synthetic" / "h-county" / "profile.yaml"
SCENARIO = """\
title: {en: A small county, zh: 小县}
county: county
law: 2020-12-31
changes:
  dibao.line: {by: {rural: 4600, urban: 7000}}
"""


def frames() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Persons and households, the same on each call."""
    random = np.random.default_rng(20201231)
    count = 300
    size = random.integers(1, 6, count)
    number = np.arange(1, count + 1)
    households = pd.DataFrame(
        {
            "household_id": number,
            "weight": 40.0,
            "area": pd.Categorical(np.where(number % 3 > 0, "rural", "urban"), categories=["rural", "urban"]),
            "financial_assets": random.exponential(4000.0, count),
            "filed_poor": random.random(count) < 0.2,
            "admission_draw": random.random(count),
        }
    )
    owner = np.repeat(number, size)
    people = len(owner)
    first = np.r_[True, owner[1:] != owner[:-1]]
    age = np.where(first, random.integers(25, 70, people), random.integers(0, 85, people))
    earns = (age > 18) & (age < 60) & (random.random(people) < 0.45)
    wage = np.where(earns, random.lognormal(9.2, 0.7, people), 0.0)
    persons = pd.DataFrame(
        {
            "household_id": owner,
            "age": age.astype(np.int16),
            "sex": np.where(random.random(people) < 0.5, "male", "female"),
            "relation": np.where(first, "head", "child"),
            "wage_income": wage,
            "business_income": np.where(first, random.lognormal(7.5, 1.0, people), 0.0),
            "property_income": 0.0,
            "private_transfer_income": 0.0,
            "pension_income": 0.0,
            "basic_pension_income": np.where(age >= 60, 1500.0, 0.0),
            "excluded_transfer_income": 0.0,
            "social_contributions_paid": wage * 0.02,
            "disability_grade": np.where(random.random(people) < 0.05, "grade2", "none"),
            "severe_illness": random.random(people) < 0.03,
        }
    )
    return persons, households


def write_county(folder: Path, first: int = 1, last: int | None = None) -> None:
    """The county, or the households of these numbers alone, with the profile beside it."""
    whole = Population.from_frames(*frames())
    (whole if last is None else whole.select(np.arange(first, last + 1))).write(folder)
    (folder / "profile.yaml").write_bytes(PROFILE.read_bytes())


def write(folder: Path, text: str = SCENARIO, name: str = "small.yaml") -> Path:
    """The county's folder, and a scenario beside it; returns the scenario's path."""
    if not (folder / "county").exists():
        write_county(folder / "county")
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path
