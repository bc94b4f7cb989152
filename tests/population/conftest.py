"""H county's profile and a small county made from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from microsim.population import County, Population, SynthesisReport, synthesize_with_report

H_COUNTY = Path(__file__).parents[2] / "data" / "synthetic" / "h-county"


@pytest.fixture(scope="session")
def profile() -> County:
    return County.read(H_COUNTY)


@pytest.fixture(scope="session")
def small(profile: County) -> tuple[Population, SynthesisReport]:
    return synthesize_with_report(profile, seed=7, households=1500)


@pytest.fixture(scope="session")
def committed() -> Population:
    return Population.read(H_COUNTY)
