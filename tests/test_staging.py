"""Folders are whole or not there, whoever is stopped and whoever else is writing."""

from __future__ import annotations

import errno
import multiprocessing
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from microsim import staging
from microsim.errors import MicrosimError
from microsim.staging import becoming, clear_leftovers, move_into, new_file, take_place

ROOT = Path(__file__).resolve().parents[1]
posix = pytest.mark.skipif(os.name != "posix", reason="signals are POSIX")


def write(target: Path, text: str = "new") -> None:
    with becoming(target) as new:
        (new / "file").write_text(text)


def killed(target: Path, where: str, text: str = "new") -> None:
    """A process that writes ``target`` and is killed inside the block, or at the first or second rename."""
    code = f"""
import os, signal
from microsim import staging
rename, calls = os.rename, []
def stops(*given):
    calls.append(given)
    if len(calls) > {["first", "second"].index(where) if where != "inside" else 9}:
        os.kill(os.getpid(), signal.SIGKILL)
    rename(*given)
os.rename = stops
with staging.becoming({str(target)!r}) as new:
    (new / "file").write_text({text!r})
    if {where == "inside"}:
        os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False
    )
    assert done.returncode == -signal.SIGKILL


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_folder_appears_whole(tmp_path: Path) -> None:
    with becoming(tmp_path / "deep" / "a") as new:
        (new / "file").write_text("new")
        assert not (tmp_path / "deep" / "a").exists()
    assert names(tmp_path / "deep") == {"a"}
    assert names(tmp_path / "deep" / "a") == {"file"}
    mask = os.umask(0)
    os.umask(mask)
    assert (tmp_path / "deep" / "a").stat().st_mode & 0o777 == 0o777 & ~mask


def test_a_stop_leaves_no_folder_that_was_made_for_it(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), becoming(tmp_path / "deep" / "er" / "a"):
        raise KeyboardInterrupt
    assert names(tmp_path) == set()


@posix
@pytest.mark.parametrize("where", ["inside", "first", "second"])
def test_what_a_killed_writer_left_is_taken_away(tmp_path: Path, where: str) -> None:
    write(tmp_path / "a", "old")
    killed(tmp_path / "a", where)
    assert len(names(tmp_path) - {"a"}) == 1
    write(tmp_path / "b")  # another writer in the same spot tidies up
    assert names(tmp_path) == {"a", "b"}
    # Between the two renames the new folder was whole: a place is not left empty that held something.
    assert (tmp_path / "a" / "file").read_text() == ("new" if where == "second" else "old")


def test_what_is_being_written_stays(tmp_path: Path) -> None:
    with becoming(tmp_path / "a") as one:
        with becoming(tmp_path / "a") as other:
            assert one.exists()
            (other / "file").write_text("other")
        (one / "file").write_text("one")
    assert names(tmp_path) == {"a"}
    assert (tmp_path / "a" / "file").read_text() == "one"


def test_what_only_looks_like_a_leftover_stays(tmp_path: Path) -> None:
    mine = tmp_path / ".a.unfinished-thoughts"
    mine.mkdir()
    (mine / "diary.txt").write_text("dear")
    (tmp_path / ".a.unfinished-note").write_text("dear")
    clear_leftovers(tmp_path)
    assert (mine / "diary.txt").exists()
    assert (tmp_path / ".a.unfinished-note").exists()


def _write_often(target: Path, text: str) -> None:
    for _ in range(40):
        write(target, text)


@posix
def test_many_writers_at_one_place_all_succeed(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=_write_often, args=(tmp_path / "a", str(k))) for k in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0] * 4
    assert names(tmp_path) == {"a"}


def test_inside_a_folder_that_is_there(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")

    def place(new: Path, target: Path) -> None:
        assert new.parents[1] == target
        move_into(new, target)

    with becoming(tmp_path, place, inside=True) as new:
        (new / "sub").mkdir()
        (new / "sub" / "file").write_text("new")
    assert names(tmp_path) == {"mine", "sub"}
    with (
        pytest.raises(MicrosimError, match="already exists"),
        becoming(tmp_path, place, inside=True) as new,
    ):
        (new / "mine").write_text("other")
    assert (tmp_path / "mine").read_text() == "mine"
    assert names(tmp_path) == {"mine", "sub"}


def test_an_error_names_the_target(tmp_path: Path) -> None:
    for error in (
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.ENOSPC, "No space left on device", "the/source", None, "the/copy"),
    ):
        with pytest.raises(OSError, match="No space") as caught, becoming(tmp_path / "a"):
            raise error
        assert str(caught.value) == f"[Errno 28] No space left on device: {str(tmp_path / 'a')!r}"
    with pytest.raises(FileNotFoundError) as caught, becoming(tmp_path / "a"):
        (tmp_path / "nowhere").read_text()
    assert caught.value.filename == str(tmp_path / "nowhere")


def test_a_new_file_takes_nobodys_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new_file(tmp_path / "deep" / "file", b"new")
    assert (tmp_path / "deep" / "file").read_bytes() == b"new"
    with pytest.raises(MicrosimError, match="file: already exists; choose another name"):
        new_file(tmp_path / "deep" / "file", b"other")
    assert (tmp_path / "deep" / "file").read_bytes() == b"new"

    def no_links(*_: object) -> None:
        raise PermissionError(errno.EPERM, "no links here")

    monkeypatch.setattr(staging.os, "link", no_links)
    new_file(tmp_path / "deep" / "second", b"new")
    assert (tmp_path / "deep" / "second").read_bytes() == b"new"
    assert names(tmp_path / "deep") == {"file", "second"}


def test_a_file_gives_way_as_a_folder_does(tmp_path: Path) -> None:
    (tmp_path / "stage").mkdir()
    (tmp_path / "stage" / "new").write_text("new")
    (tmp_path / "a").write_text("old")
    take_place(tmp_path / "stage" / "new", tmp_path / "a")
    assert (tmp_path / "a").read_text() == "new"
    assert names(tmp_path / "stage") == set()


def test_what_was_there_outlives_a_disk_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even putting it back works: the next writer does."""
    write(tmp_path / "a", "old")
    rename = os.rename

    def fails(one: Path, other: Path) -> None:
        if Path(other).name == "a":
            raise OSError(errno.EIO, "the disk fails")
        rename(one, other)

    with monkeypatch.context() as patch:
        patch.setattr(os, "rename", fails)
        with pytest.raises(OSError, match="Input/output error"):
            write(tmp_path / "a")
    assert not (tmp_path / "a").exists()
    clear_leftovers(tmp_path)
    assert (tmp_path / "a" / "file").exists()
    assert names(tmp_path) == {"a"}
