"""A sweep survives a stop and damage, never looks finished before it is, and leaves what is others' alone."""

from __future__ import annotations

import contextlib
import functools
import os
import re
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import microsim as ms
from microsim.batch import store
from microsim.errors import MicrosimError, MicrosimWarning
from tests.sweeps.stopping import LINES, Content, names, stop_after


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError("disk full"), MicrosimError("bad")])
def test_a_stopped_sweep_does_not_look_finished(
    content: Content, tmp_path: Path, error: BaseException
) -> None:
    with pytest.raises(type(error)):
        ms.sweep(content, tmp_path / "out", progress=stop_after(2, error))
    assert names(tmp_path) == {"out.unfinished"}
    assert names(tmp_path / "out.unfinished") == {"plan.json", "journal.jsonl", "parts"}
    assert names(tmp_path / "out.unfinished" / "parts") == {"00000.parquet", "00001.parquet"}
    with pytest.raises(
        MicrosimError, match=r"unfinished: 2 parts are done; run the command again with --resume"
    ):
        ms.read_sweep(tmp_path / "out")


@pytest.mark.usefixtures("small_parts")
def test_a_stopped_sweep_goes_on(content: Content, tmp_path: Path) -> None:
    whole = ms.sweep(content, tmp_path / "whole").table
    with pytest.raises(KeyboardInterrupt):
        ms.sweep(content, tmp_path / "out", progress=stop_after(2, KeyboardInterrupt()))
    told: list[str] = []
    done = ms.sweep(content, tmp_path / "out", resume=True, progress=told.append)
    assert told == ["reading the county", "scenarios 9 to 10 of 10", "writing"]
    assert (done.kept, done.parts) == (2, 3)
    assert names(tmp_path) == {"out", "whole"}
    pd.testing.assert_frame_equal(done.table, whole, check_exact=True)


@pytest.mark.usefixtures("small_parts")
def test_a_part_that_is_damaged_is_made_again(content: Content, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        ms.sweep(content, tmp_path / "out", progress=stop_after(2, KeyboardInterrupt()))
    part = tmp_path / "out.unfinished" / "parts" / "00001.parquet"
    part.write_bytes(part.read_bytes()[:100])
    (part.parent / ".00002.parquet.4711").write_bytes(b"half")
    done = ms.sweep(content, tmp_path / "out", resume=True)
    assert done.kept == 1
    assert done.table["scenario"].nunique() == 10


@pytest.mark.usefixtures("small_parts")
def test_a_sweep_that_was_changed_is_not_resumed(content: Content, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        ms.sweep(content, tmp_path / "out", progress=stop_after(2, KeyboardInterrupt()))
    other = {**content, "axes": {"dibao.line.rural": [4000, 4400], "dibao.line.urban": [6800, 7200]}}
    with pytest.raises(MicrosimError, match=r"cannot be resumed: values, scenarios, parts changed"):
        ms.sweep(other, tmp_path / "out", resume=True)
    assert names(tmp_path) == {"out.unfinished"}
    with pytest.warns(MicrosimWarning, match="with 2 of 3 parts done, was moved aside"):
        assert ms.sweep(other, tmp_path / "out").table["scenario"].nunique() == 4
    assert "out" in names(tmp_path)


def test_a_finished_sweep_is_left_alone_when_resumed(content: Content, tmp_path: Path) -> None:
    ms.sweep(content, tmp_path / "out")
    before = (tmp_path / "out" / "manifest.json").stat().st_mtime_ns
    assert ms.sweep(content, tmp_path / "out", resume=True).kept == 1
    assert (tmp_path / "out" / "manifest.json").stat().st_mtime_ns == before


def test_an_older_sweep_gives_way_when_the_new_one_is_whole(content: Content, tmp_path: Path) -> None:
    ms.sweep(content, tmp_path / "out")
    other = {**content, "axes": {"dibao.line.rural": [5000], "dibao.line.urban": [7000]}}
    with pytest.raises(OSError, match="full"):
        ms.sweep(other, tmp_path / "out", progress=stop_after(0, OSError("full")))
    assert ms.read_sweep(tmp_path / "out")["scenario"].nunique() == 10
    ms.sweep(other, tmp_path / "out")
    assert ms.read_sweep(tmp_path / "out")["scenario"].nunique() == 1
    assert names(tmp_path) == {"out"}


def test_what_is_in_the_way_is_left_alone(content: Content, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "thesis.txt").write_text("mine")
    with pytest.raises(MicrosimError, match="is a file, and results are a folder"):
        ms.sweep(content, tmp_path / "file")
    with pytest.raises(
        MicrosimError, match="contains something other than results of microsim sweep and is left untouched"
    ):
        ms.sweep(content, tmp_path / "folder")
    assert names(tmp_path) == {"file", "folder"}


def flip(path: Path, where: int) -> None:
    """One bit of a file."""
    content = bytearray(path.read_bytes())
    content[where] ^= 1
    path.write_bytes(content)


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("restart", [False, True])
def test_work_that_was_done_is_moved_aside_and_named(content: Content, tmp_path: Path, restart: bool) -> None:
    with pytest.raises(KeyboardInterrupt):
        ms.sweep(content, tmp_path / "out", progress=stop_after(2, KeyboardInterrupt()))
    unfinished = tmp_path / "out.unfinished"
    before = {path.relative_to(unfinished): path.read_bytes() for path in unfinished.rglob("*.*")}
    assert len(before) == 4
    with pytest.raises(MicrosimError, match="resume and restart exclude each other"):
        ms.sweep(content, tmp_path / "out", resume=True, restart=True)
    with pytest.warns(MicrosimWarning) as caught:
        done = ms.sweep(content, tmp_path / "out", restart=restart)
    aside = done.set_aside
    assert aside is not None
    assert re.fullmatch(r"out\.set-aside-\d{4}-\d\d-\d\d-\d{6}", aside.name)
    (said,) = [str(one.message) for one in caught]
    assert said.startswith("the unfinished work here, with 2 of 3 parts done, was moved aside to ")
    assert said.endswith(
        f"{aside.name}; renamed to out.unfinished, it can be continued with --resume (resume=True)"
    )
    assert {path.relative_to(aside): path.read_bytes() for path in aside.rglob("*.*")} == before
    assert done.kept == 0
    assert names(tmp_path) == {"out", aside.name}


@pytest.mark.usefixtures("small_parts")
def test_a_sweep_without_a_finished_part_has_nothing_to_lose(content: Content, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        ms.sweep(content, tmp_path / "out", progress=stop_after(0, KeyboardInterrupt()))
    assert names(tmp_path) == {"out.unfinished"}
    assert ms.sweep(content, tmp_path / "out").kept == 0


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("finished", [False, True])
@pytest.mark.parametrize("where", [40, -20])
def test_a_flipped_bit_is_noticed_and_the_part_made_again(
    content: Content, tmp_path: Path, finished: bool, where: int
) -> None:
    whole = ms.sweep(content, tmp_path / "whole").table
    progress = stop_after(3 if finished else 2, KeyboardInterrupt())
    try:
        ms.sweep(content, tmp_path / "out", progress=progress)
    except KeyboardInterrupt:
        assert not finished
    place = tmp_path / ("out" if finished else "out.unfinished") / "parts"
    flip(place / "00001.parquet", where)
    if finished:
        with pytest.raises(MicrosimError) as caught:
            ms.read_sweep(tmp_path / "out")
        said = str(caught.value)
        assert "out is damaged; the same command with --resume computes these parts again" in said
        assert (
            "parts/00001.parquet: this part of the results is damaged: its contents have changed since"
            in said
        )
        assert "00000" not in said
    told: list[str] = []
    done = ms.sweep(content, tmp_path / "out", resume=True, progress=told.append)
    assert [one.path.name for one in done.damaged] == ["00001.parquet"]
    assert done.kept == (2 if finished else 1)
    assert "scenarios 5 to 8 of 10" in told
    assert "scenarios 1 to 4 of 10" not in told
    pd.testing.assert_frame_equal(done.table, whole, check_exact=True)
    for path in (tmp_path / "out" / "parts").iterdir():
        assert path.read_bytes() == (tmp_path / "whole" / "parts" / path.name).read_bytes()


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("older", [False, True])
def test_a_stop_in_the_last_moments_can_be_resumed(
    content: Content, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, older: bool
) -> None:
    """Wherever in `finish` it is: no part is made again, and what was there stays until the end."""
    if older:
        ms.sweep(content, tmp_path / "out")
    again = {**content, "axes": {"dibao.line.rural": LINES, "dibao.line.urban": [6900, 7300]}}
    rename, write = os.rename, store._write_json
    for stop in range(4):
        calls: list[object] = []

        def stops(*given: Any, calls: list[object] = calls, stop: int = stop, what: Any = None) -> Any:
            calls.append(given)
            if len(calls) == stop + 1:
                raise KeyboardInterrupt
            return what(*given)

        with monkeypatch.context() as patch:
            patch.setattr(store.Store, "finish", _with(patch, stops, rename, write))
            with contextlib.suppress(KeyboardInterrupt):
                ms.sweep(again, tmp_path / "out", resume=True)
        if not calls or len(calls) <= stop:
            break
        if older:
            assert ms.read_sweep(tmp_path / "out")["scenario"].nunique() == 10
        told: list[str] = []
        assert ms.sweep(again, tmp_path / "out", resume=True, progress=told.append).kept == 3
        assert not [step for step in told if step.startswith("scenarios")]
        assert names(tmp_path) == {"out"}
        assert names(tmp_path / "out") == {"manifest.json", "summary.json", "journal.jsonl", "parts"}
        shutil.rmtree(tmp_path / "out")
        if older:
            ms.sweep(content, tmp_path / "out")


def _with(patch: pytest.MonkeyPatch, stops: Any, rename: Any, write: Any) -> Any:
    """``finish`` with steps that stop."""
    finish = store.Store.finish

    def stopping(self: store.Store, *given: Any) -> None:
        patch.setattr(os, "rename", functools.partial(stops, what=rename))
        patch.setattr(store, "_write_json", functools.partial(stops, what=write))
        finish(self, *given)

    return stopping


def test_an_unfinished_folder_of_somebody_else_is_left_alone(content: Content, tmp_path: Path) -> None:
    (tmp_path / "out.unfinished" / "parts").mkdir(parents=True)
    (tmp_path / "out.unfinished" / "parts" / "thesis.parquet").write_text("mine")
    for more in ({}, {"resume": True}, {"restart": True}):
        with pytest.raises(
            MicrosimError, match="something other than unfinished results and is left untouched"
        ):
            ms.sweep(content, tmp_path / "out", **more)
    assert (tmp_path / "out.unfinished" / "parts" / "thesis.parquet").read_text() == "mine"


def test_the_sweep_of_another_file_is_left_alone(content: Content, tmp_path: Path) -> None:
    for name, lines in (("one", "[4000, 4400]"), ("two", "[5000]")):
        text = f"scenario: {content['scenario']}\naxes: {{dibao.line.rural: {lines}}}\n"
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    out = tmp_path / "out"
    first = ms.sweep(tmp_path / "one.yaml", out)
    assert first.replaced is None
    with pytest.raises(
        MicrosimError, match=r"out: contains the results of one and is left untouched; choose another"
    ):
        ms.sweep(tmp_path / "two.yaml", out)
    assert ms.read_sweep(out)["scenario"].nunique() == 2
    assert ms.sweep(tmp_path / "one.yaml", out).replaced is not None
    assert ms.sweep(tmp_path / "two.yaml", out, restart=True).table["scenario"].nunique() == 1
