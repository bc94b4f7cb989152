"""Ten scenarios on a small county."""

from __future__ import annotations

import pytest

from microsim.sweeps import work
from tests.scenario.small_county import write
from tests.sweeps.stopping import LINES, Content


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Content:
    """Ten scenarios on a small county."""
    scenario = write(tmp_path_factory.mktemp("sweep"))
    return {"scenario": scenario, "axes": {"dibao.line.rural": LINES, "dibao.line.urban": [6800, 7200]}}


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four scenarios a part: three parts."""
    monkeypatch.setattr(work, "PART", 4)
