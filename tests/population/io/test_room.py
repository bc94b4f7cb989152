"""Sizes for which there is no room are refused before anything is made."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from microsim.engine.runtime import memory
from microsim.errors import MicrosimError
from microsim.population import County, Population, synthesize, synthesize_to
from microsim.population.io import room


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def test_the_disk_is_asked_at_the_nearest_folder_that_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, profile: County
) -> None:
    asked: list[Path] = []

    def usage(path: Path) -> Usage:
        asked.append(path)
        return Usage(0, 0, 3 * 2**30)

    monkeypatch.setattr(room.shutil, "disk_usage", usage)
    target = tmp_path / "deep" / "county"
    room.refuse_no_room(3 * 2**30 // room.ON_DISK, target)
    with pytest.raises(MicrosimError) as error:
        synthesize_to(profile, target, households=10**11)
    said = "100,000,000,000 households take about 5,588 GiB on disk, and only 3 GiB free at "
    assert said in str(error.value)
    assert "make fewer, at most 53,687,091" in str(error.value)
    assert asked == [tmp_path, tmp_path]
    assert not target.parent.exists()


def test_memory_is_asked_where_all_is_made_at_once(profile: County, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(
        MicrosimError, match=r"GiB of memory, and this machine has only .* or write them to disk"
    ):
        synthesize(profile, households=10**13)
    monkeypatch.delattr(memory.os, "sysconf", raising=False)
    room.refuse_no_room(10**30)


def test_what_is_told_of_a_household_is_near_what_it_takes(committed: Population, root: Path) -> None:
    folder = root / "data" / "synthetic" / "h-county"
    stored = sum((folder / name).stat().st_size for name in ("households.parquet", "persons.parquet"))
    assert 0.5 * stored < room.ON_DISK * committed.n_households <= stored
