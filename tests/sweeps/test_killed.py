"""Wherever a sweep is killed, it goes on to the same rows; nothing older is lost, and one alone writes."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest

import microsim as ms
from microsim.errors import MicrosimError, MicrosimWarning
from microsim.sweeps import work
from tests.sweeps.killed import Rows, end_of, kill_before, recorded, started
from tests.sweeps.stopping import LINES, Content, names, stop_after

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked"),
    pytest.mark.usefixtures("small_parts"),
]
Prepare = Callable[[Content, Path], object]


@pytest.fixture(scope="module")
def whole(content: Content, tmp_path_factory: pytest.TempPathFactory) -> tuple[Rows, pd.DataFrame]:
    """What a sweep computes, and the table that it gives where nobody stops it."""
    out = tmp_path_factory.mktemp("whole") / "out"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(work, "PART", 4)
        rows = recorded(content, out)
    return rows, ms.read_sweep(out)


def other(content: Content) -> Content:
    """Another sweep of three parts."""
    return {**content, "axes": {"dibao.line.rural": LINES, "dibao.line.urban": [6900, 7300]}}


def half(content: Content, place: Path) -> None:
    """A sweep that was stopped after two of three parts."""
    with pytest.raises(KeyboardInterrupt):
        ms.sweep(content, place / "out", progress=stop_after(2, KeyboardInterrupt()))


def damaged(content: Content, place: Path) -> None:
    """A finished sweep with a flipped bit in one part, and another part gone."""
    ms.sweep(content, place / "out")
    path = place / "out" / "parts" / "00001.parquet"
    path.write_bytes(path.read_bytes()[:-20] + bytes([path.read_bytes()[-20] ^ 1]) + path.read_bytes()[-19:])
    (place / "out" / "parts" / "00002.parquet").unlink()


def half_and_older(content: Content, place: Path) -> None:
    ms.sweep(other(content), place / "out")
    half(content, place)


BEFORE: dict[str, Prepare] = {
    "nothing": lambda content, place: None,
    "older": lambda content, place: ms.sweep(other(content), place / "out"),
    "half": half,
    "half and older": half_and_older,
    "damaged": damaged,
}


def everything(place: Path) -> dict[str, bytes]:
    return {str(path.relative_to(place)): path.read_bytes() for path in place.rglob("*") if path.is_file()}


def killings(content: Content, before: Path, rows: Rows, **options: bool) -> Iterator[tuple[int, Path]]:
    """Copies of a place in which a sweep is killed before its first change of a file, its second, ...

    The last of them is not killed. ``options``: those of the sweep.
    """
    place = before.with_name("place")
    for count in range(500):
        shutil.copytree(before, place)
        ended = end_of(started(content, place / "out", rows, kill_before(count, place), **options))
        yield count, place
        shutil.rmtree(place)
        if ended == 0:
            return
        assert ended == -signal.SIGKILL
    raise AssertionError("the sweep never ends")


@pytest.mark.long
@pytest.mark.parametrize("before", BEFORE)
def test_killed_before_any_file_operation(
    content: Content, whole: tuple[Rows, pd.DataFrame], tmp_path: Path, before: str
) -> None:
    rows, table = whole
    (tmp_path / "before").mkdir()
    BEFORE[before](content, tmp_path / "before")
    older = ms.read_sweep(tmp_path / "before" / "out") if "older" in before else None
    for count, place in killings(content, tmp_path / "before", rows, resume=True):
        if (place / "out").is_dir() and before != "damaged":  # what is there is whole, old or new
            found = ms.read_sweep(place / "out")
            assert found.equals(table) or (older is not None and found.equals(older)), count
        done = ms.sweep(content, place / "out", resume=True)
        pd.testing.assert_frame_equal(done.table, table, check_exact=True)
        assert names(place) == {"out"}, count
        assert names(place / "out") == {"manifest.json", "summary.json", "journal.jsonl", "parts"}, count
        assert names(place / "out" / "parts") == {f"0000{number}.parquet" for number in range(3)}
        if before.startswith("half"):
            assert done.kept >= 2, count
    assert count > 20


@pytest.mark.long
def test_killed_while_unfinished_work_is_moved_aside(
    content: Content, whole: tuple[Rows, pd.DataFrame], tmp_path: Path
) -> None:
    """Its files are all together at every moment: in their own place, or in the one that is named."""
    rows, table = whole
    (tmp_path / "before").mkdir()
    half(other(content), tmp_path / "before")
    kept = everything(tmp_path / "before" / "out.unfinished")
    assert len(kept) == 4
    moved = 0
    for _, place in killings(content, tmp_path / "before", rows):
        (at,) = [path for path in place.iterdir() if path.is_dir() and everything(path) == kept]
        assert at.name == "out.unfinished" or at.name.startswith("out.set-aside-")
        if at.name == "out.unfinished":
            with pytest.raises(MicrosimError, match="cannot be resumed: values changed"):
                ms.sweep(content, place / "out", resume=True)
            with pytest.warns(MicrosimWarning, match="moved aside to .*set-aside-"):
                done = ms.sweep(content, place / "out")
            assert done.set_aside is not None
            at = done.set_aside
        else:
            moved += 1
            done = ms.sweep(content, place / "out", resume=True)
        assert everything(at) == kept
        pd.testing.assert_frame_equal(done.table, table, check_exact=True)
        assert names(place) == {"out", at.name}
    assert moved > 15


@pytest.mark.long
def test_killed_from_outside_at_random_moments(
    content: Content, whole: tuple[Rows, pd.DataFrame], tmp_path: Path
) -> None:
    rows, table = whole
    begun = time.monotonic()
    assert end_of(started(content, tmp_path / "timed", rows, lambda: None)) == 0
    length = time.monotonic() - begun
    chance = random.Random(15)
    for moment in range(30):
        child = started(content, tmp_path / f"{moment}" / "out", rows, lambda: None)
        time.sleep(length * chance.random())
        os.kill(child, signal.SIGKILL)
        assert end_of(child) in (0, -signal.SIGKILL)
        done = ms.sweep(content, tmp_path / f"{moment}" / "out", resume=True)
        pd.testing.assert_frame_equal(done.table, table, check_exact=True)
        assert names(tmp_path / f"{moment}") == {"out"}


def test_a_second_sweep_is_refused_until_the_first_is_gone(
    content: Content, whole: tuple[Rows, pd.DataFrame], tmp_path: Path
) -> None:
    rows, table = whole

    def wait(step: str) -> None:
        if step.startswith("scenarios 9"):
            (tmp_path / "here").touch()
            time.sleep(60)

    child = started(content, tmp_path / "out", rows, lambda: None, progress=wait)
    try:
        latest = time.monotonic() + 60
        while not (tmp_path / "here").exists() and time.monotonic() < latest:
            time.sleep(0.01)
        before = everything(tmp_path)
        assert "out.unfinished/parts/00001.parquet" in before
        for options in ({}, {"resume": True}, {"restart": True}):
            for wanted in (content, other(content)):
                with pytest.raises(MicrosimError, match=r"out: another microsim sweep is writing here; wait"):
                    ms.sweep(wanted, tmp_path / "out", **options)
        assert everything(tmp_path) == before
    finally:
        os.kill(child, signal.SIGKILL)
        assert end_of(child) == -signal.SIGKILL
    done = ms.sweep(content, tmp_path / "out", resume=True)
    assert done.kept == 2
    pd.testing.assert_frame_equal(done.table, table, check_exact=True)


def test_a_place_put_back_is_still_that_of_another_file(content: Content, tmp_path: Path) -> None:
    """Killed between the two renames, a sweep leaves no ``out``: the older one comes back and is kept."""
    for name, lines in (("one", "[4000, 4400]"), ("two", "[5000]")):
        text = f"scenario: {content['scenario']}\naxes: {{dibao.line.rural: {lines}}}\n"
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    out = tmp_path / "out"
    ms.sweep(tmp_path / "one.yaml", out)
    stage = tmp_path / ".out.unfinished-abcd"
    stage.mkdir()
    (stage / "lock").touch()
    out.rename(stage / "was")
    with pytest.raises(MicrosimError, match="contains the results of one and is left untouched"):
        ms.sweep(tmp_path / "two.yaml", out)
    assert ms.read_sweep(out)["scenario"].nunique() == 2


def test_a_sweep_set_aside_goes_on_under_its_old_name(content: Content, tmp_path: Path) -> None:
    half(content, tmp_path)
    kept = everything(tmp_path / "out.unfinished")
    for _ in range(2):  # within one second: their names differ
        with pytest.warns(MicrosimWarning, match="with 2 of 3 parts done, was moved aside to"):
            half(other(content), tmp_path)
    assert len(names(tmp_path)) == 3
    (aside,) = [path for path in tmp_path.iterdir() if everything(path) == kept]
    shutil.rmtree(tmp_path / "out.unfinished")
    aside.rename(tmp_path / "out.unfinished")
    assert ms.sweep(content, tmp_path / "out", resume=True).kept == 2
