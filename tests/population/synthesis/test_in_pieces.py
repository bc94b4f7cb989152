"""Counties made in pieces: the same bytes however many at a time, and nothing left behind by a stop."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from microsim.errors import MicrosimError
from microsim.population import County, Population, synthesize_to
from microsim.population.io import writing
from microsim.population.synthesis import streaming
from microsim.population.synthesis import synthesize as synthesis
from microsim.population.synthesis.synthesize import synthesize_with_report

# Two pieces, the last one household larger; smaller ones need not have the same controls.
LARGEST, COUNT = 2100, 4001


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(synthesis, "LARGEST_PIECE", LARGEST)
    monkeypatch.setattr(streaming, "LARGEST_PIECE", LARGEST)


@pytest.mark.usefixtures("small_pieces")
def test_made_to_the_same_bytes_however_many_at_a_time(profile: County, tmp_path: Path) -> None:
    told: list[str] = []
    for threads in (1, 3):
        made = synthesize_to(profile, tmp_path / str(threads), 3, COUNT, threads, told.append)
    files = [
        {p.relative_to(tmp_path / name): p.read_bytes() for p in (tmp_path / name).rglob("*") if p.is_file()}
        for name in ("1", "3")
    ]
    assert files[0] == files[1]
    assert len(files[0]) == 6
    population, report = synthesize_with_report(profile, 3, COUNT)
    assert made == (COUNT, population.n_persons, report.controls, report.left_out)
    assert told[0] == "piece 1 of 2"
    county = Population.open(tmp_path / "1")
    assert county.hash == Population.read(tmp_path / "1").hash == population.hash
    assert county.county is not None
    assert county.household_id.tolist() == list(range(1, COUNT + 1))
    # Each piece stands for its share, and all of them meet the county's margins.
    assert np.abs(report.margins.misses).max() < 1e-6
    residents = np.sum(np.diff(county.offsets) * county.weight)
    assert residents == pytest.approx(sum(profile.residents.values()), rel=1e-6)
    shares = [piece.weight.sum() / county.weight.sum() for piece in county.pieces()]
    assert shares == pytest.approx([1 / 2] * 2, rel=1e-2)


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.parametrize("there_before", [True, False])
def test_a_stop_leaves_nothing_behind(
    profile: County, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there_before: bool
) -> None:
    target = tmp_path / "deep" / "county"
    if there_before:
        synthesize_to(profile, target, 1, 300)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    write, calls = writing.write_tables, []

    def stopped(*given: Any) -> None:
        calls.append(given)
        if len(calls) > 1:
            raise KeyboardInterrupt
        write(*given)

    monkeypatch.setattr(writing, "write_tables", stopped)
    with pytest.raises(KeyboardInterrupt):
        synthesize_to(profile, target, 1, COUNT, threads=1)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    assert (tmp_path / "deep").exists() == there_before


@pytest.mark.usefixtures("small_pieces")
def test_a_stop_gives_up_the_pieces_in_hand(
    profile: County, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits until they are whole: the second piece is left at its next step."""
    steps: list[int] = []
    sample = streaming.synthesize_sample

    def slow(county: County, seed: int, count: int, first: int, go_on: Callable[[], None]) -> Any:
        if first == 1:
            raise KeyboardInterrupt
        while True:
            steps.append(first)
            time.sleep(0.01)
            go_on()

    monkeypatch.setattr(streaming, "synthesize_sample", slow)
    with pytest.raises(KeyboardInterrupt):
        synthesize_to(profile, tmp_path / "county", 1, COUNT, threads=2)
    assert len(steps) < 100
    assert not (tmp_path / "county").exists()
    count = iter(range(9))
    sample(profile, 1, 300, 1, lambda: next(count))
    assert next(count) >= 4


def test_no_households_cannot_be_made(profile: County, tmp_path: Path) -> None:
    with pytest.raises(MicrosimError, match="at least one household, not 0"):
        synthesize_to(profile, tmp_path / "x", households=0)
    assert not (tmp_path / "x").exists()
