"""How long a sweep takes is tried on some households, in bounded time, and nothing is compiled for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from microsim.sweeps import trial
from microsim.sweeps.figures.outputs import EVALUATED, LINES, SUMS
from microsim.sweeps.preview import notes_of
from microsim.sweeps.sweep_file import read_grid
from microsim.sweeps.work import SweepWork
from tests.scenario.small_county import write

pytestmark = pytest.mark.compiled
RURAL = "dibao.line.rural"


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("trial"))


def test_a_trial_tells_what_a_scenario_and_a_household_take(
    scenario: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = {"scenario": scenario, "axes": {RURAL: {"from": 4000, "to": 5000, "steps": 41}}}
    work = SweepWork(read_grid({**content, "outputs": ["cost", "poverty", "inequality"]}))
    work.rows(0, 1)  # the law is compiled
    rates = trial.tried(work)
    assert tuple(rates) == (SUMS, LINES, EVALUATED)
    assert all(min(rate) >= 0.0 and rate.of(1000) > 0.0 for rate in rates.values())
    (said,) = [note for note in notes_of(work.grid) if note.startswith("takes ")]
    assert said.endswith("by a trial on this computer of some scenarios on at most 4,000 households")

    def seconds(computed: Any, cell: Any, changes: Any, asked: Any) -> float:
        count: int = cell.population.n_households
        return float(len(changes)) * (0.5 + 0.001 * count)

    monkeypatch.setattr(trial, "_seconds", seconds)
    for rate in trial.tried(work).values():
        assert rate.of(1_000_000) == pytest.approx(1000.5)
    monkeypatch.setattr(trial, "PATIENCE", -1.0)
    assert trial.tried(work) == {}
    monkeypatch.undo()
    monkeypatch.setattr(trial, "LARGEST", 200)
    assert trial.tried(work) == {}


def test_nothing_is_compiled_for_a_trial(
    scenario: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MICROSIM_CACHE", str(tmp_path))
    found = read_grid({"scenario": scenario, "axes": {RURAL: [4000]}, "outputs": ["cost"]})
    assert trial.tried(SweepWork(found)) == {}
    assert not list(tmp_path.rglob("*.nbc"))
    (said,) = [note for note in notes_of(found) if note.startswith("takes ")]
    assert "by rates measured on another computer" in said
