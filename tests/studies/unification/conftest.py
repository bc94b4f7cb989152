"""A small county with a path to one line, read once a file of tests."""

from __future__ import annotations

from pathlib import Path

import pytest

import microsim as ms
from microsim.population import County, Population
from tests.scenario.small_county import PROFILE, write
from tests.studies.unification.one_line import LINES, SCENARIO


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scenario beside its county."""
    return write(tmp_path_factory.mktemp("unify"), SCENARIO, "one-line.yaml")


@pytest.fixture(scope="module")
def population(file: Path) -> Population:
    return Population.read(file.parent / "county")


@pytest.fixture(scope="module")
def county() -> County:
    return County.read(PROFILE)


@pytest.fixture(scope="module")
def policy() -> ms.Policy:
    return ms.Policy.load("2020-12-31").reform(LINES)
