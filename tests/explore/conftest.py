"""A small county whose page is open, made once for all tests of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from microsim.explore.session import Session
from microsim.language import speak
from microsim.scenario import load_scenario
from tests.scenario.small_county import write


@pytest.fixture(scope="session")
def scenario_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("explore"))


@pytest.fixture(scope="session")
def session(scenario_path: Path) -> Session:
    return Session(load_scenario(scenario_path))


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    speak("en")
    yield
    speak(None)
