"""Rows survive failing tasks, damage, torn lines and full disks; the folder says what is lacking."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from microsim.batch.journal import JOURNAL
from microsim.batch.reading import read_results, scan_results
from microsim.batch.work import Step
from microsim.errors import DataError, InternalError, MicrosimError
from tests.batch.works import KIND, Squares, made


def stopped_after(count: int, work: Squares, out: Path) -> None:
    def progress(step: str) -> None:
        if isinstance(step, Step) and step.done == count:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        made(work, out, progress=progress)


def test_one_table_in_the_order_of_the_tasks_read_at_once_or_lazily(tmp_path: Path) -> None:
    made(Squares(7), tmp_path / "out")
    table = read_results(tmp_path / "out", KIND)
    assert table["number"].to_pylist() == list(range(70))
    assert table["county"].to_pylist() == [f"county {k // 10}" for k in range(70)]
    lazy = scan_results(tmp_path / "out", KIND)
    assert lazy.to_table().to_pandas().equals(table.to_pandas())
    assert lazy.count_rows() == 70
    with pytest.raises(MicrosimError, match="contains no results of microsim nation"):
        read_results(tmp_path / "out", "nation")


def test_a_flipped_bit_is_noticed_at_once_or_when_the_page_is_read(tmp_path: Path) -> None:
    made(Squares(2), tmp_path / "out")
    part = tmp_path / "out" / "parts" / "00001.parquet"
    whole, good = scan_results(tmp_path / "out", KIND).to_table(), part.read_bytes()
    footer = len(good) - 8 - int.from_bytes(good[-8:-4], "little")
    noticed = 0
    for where in range(4, footer):
        part.write_bytes(good[:where] + bytes([good[where] ^ 1 << where % 8]) + good[where + 1 :])
        with pytest.raises(MicrosimError, match=r"00001\.parquet: this part of the results is damaged"):
            read_results(tmp_path / "out", KIND)
        try:
            found = scan_results(tmp_path / "out", KIND).to_table()
        except (OSError, pa.ArrowInvalid):
            noticed += 1
        else:
            assert found.equals(whole)  # a byte that the rows do not depend on
    assert noticed > (footer - 4) / 2
    part.unlink()
    with pytest.raises(MicrosimError, match=r"00001\.parquet: this part of the results is missing"):
        scan_results(tmp_path / "out", KIND)


def test_a_task_that_fails_is_listed_and_tried_again(tmp_path: Path) -> None:
    (tmp_path / "broken").touch()
    work = Squares(5, bad=(1, 3), broken=tmp_path / "broken")
    done = made(work, tmp_path / "out")
    assert [(one.number, one.name, one.reason) for one in done.failed] == [
        (k, f"county {k}", f"{k}.csv: no such column 'age'; add it") for k in (1, 3)
    ]
    good = read_results(tmp_path / "out", KIND)["number"].to_pylist()
    assert good == [*range(10), *range(20, 30), *range(40, 50)]
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert [one["name"] for one in manifest["failed"]] == ["county 1", "county 3"]
    again = made(work, tmp_path / "out", resume=True)
    assert (again.kept, len(again.failed)) == (3, 2)
    (tmp_path / "broken").unlink()
    steps: list[str] = []
    whole = made(work, tmp_path / "out", resume=True, progress=steps.append)
    assert (whole.kept, whole.failed, steps) == (3, (), ["county 1", "county 3", "writing"])
    assert read_results(tmp_path / "out", KIND)["number"].to_pylist() == list(range(50))


def test_where_every_task_fails_there_are_no_results(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        made(Squares(2, bad=(0, 1)), tmp_path / "out")
    assert [one.place for one in caught.value.offences] == ["0.csv", "1.csv"]
    assert not (tmp_path / "out").exists()


def test_a_damaged_part_whose_task_now_fails_is_no_longer_there(tmp_path: Path) -> None:
    (tmp_path / "broken").touch()
    work = Squares(3, bad=(1,), broken=tmp_path / "elsewhere")
    made(work, tmp_path / "out")
    (tmp_path / "out" / "parts" / "00001.parquet").write_bytes(b"damaged")
    done = made(replace(work, broken=tmp_path / "broken"), tmp_path / "out", resume=True)
    assert [one.number for one in done.damaged] == [one.number for one in done.failed] == [1]
    assert not (tmp_path / "out" / "parts" / "00001.parquet").exists()
    assert read_results(tmp_path / "out", KIND).num_rows == 20


@pytest.mark.slow
def test_a_journal_cut_at_any_byte_or_with_any_flipped_bit_gives_the_same_rows(tmp_path: Path) -> None:
    work = Squares(3)
    stopped_after(2, work, tmp_path / "before")
    journal = (tmp_path / "before.unfinished" / JOURNAL).read_bytes()
    assert journal.count(b"\n") == 2
    cut = [journal[:length] for length in range(0, len(journal), 3)]
    flipped = [
        journal[:k] + bytes([journal[k] ^ 1 << k % 8]) + journal[k + 1 :] for k in range(0, len(journal), 3)
    ]
    for content in (*cut, *flipped):
        shutil.copytree(tmp_path / "before.unfinished", tmp_path / "out.unfinished")
        (tmp_path / "out.unfinished" / JOURNAL).write_bytes(content)
        made(work, tmp_path / "out", resume=True)
        assert read_results(tmp_path / "out", KIND)["number"].to_pylist() == list(range(30))
        assert made(work, tmp_path / "out", resume=True).kept == 3
        shutil.rmtree(tmp_path / "out")


def test_parts_of_other_columns_are_refused(tmp_path: Path) -> None:
    @dataclass(frozen=True)
    class Mixed(Squares):
        def rows(self, number: int, threads: int | None) -> pa.Table:
            table = super().rows(number, threads)
            return table.drop_columns("value") if number else table

    with pytest.raises(InternalError, match="the columns of county 1 are county"):
        made(Mixed(2), tmp_path / "out")


def test_a_disk_that_is_full_at_any_write_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work, written = Squares(3), os.fsync
    for count in range(100):
        seen = 0

        def full(number: int, most: int = count) -> None:
            nonlocal seen
            seen += 1
            if seen > most:
                raise OSError(errno.ENOSPC, "No space left on device")
            written(number)

        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", full)
            try:
                made(work, tmp_path / "out")
                break
            except OSError as error:
                said = error
        assert said.errno == errno.ENOSPC
        assert str(said.filename).endswith("out.unfinished")
        assert not (tmp_path / "out").exists() or read_results(tmp_path / "out", KIND).num_rows == 30
        before = len(list(tmp_path.glob("out.unfinished/parts/*.parquet")))
        done = made(work, tmp_path / "out", resume=True)
        assert done.kept >= before - 1  # a part that the journal has not yet is made again
        assert read_results(tmp_path / "out", KIND)["number"].to_pylist() == list(range(30))
        shutil.rmtree(tmp_path / "out")
    assert count > 8


@dataclass(frozen=True)
class Large(Squares):
    """Parts that no compression makes small: about 40 kB each."""

    def rows(self, number: int, threads: int | None) -> pa.Table:
        """Random numbers."""
        return pa.table({"number": np.random.default_rng(number).random(5000)})


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 256 kB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(place)]
    try:
        made_it = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except OSError:
        made_it = False
    if not made_it:
        pytest.skip("this user may not mount a small disk")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_disk_that_is_really_full(small_disk: Path, tmp_path: Path) -> None:
    work = Large(12)
    made(work, tmp_path / "whole")
    with pytest.raises(OSError, match="No space left on device") as caught:
        made(work, small_disk / "out")
    assert str(caught.value.filename).endswith("out.unfinished")
    kept = len(list(small_disk.glob("out.unfinished/parts/*.parquet")))
    assert 3 <= kept < 12
    subprocess.run(["mount", "-o", "remount,size=4m", str(small_disk)], check=True)
    assert made(work, small_disk / "out", resume=True).kept >= kept - 1
    assert read_results(small_disk / "out", KIND).equals(read_results(tmp_path / "whole", KIND))
