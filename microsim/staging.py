"""Folders and files that are whole or not there: written under a passing name, and moved to their place.

    .NAME.unfinished-xxxx/lock    held by the writer as long as it lives
    .NAME.unfinished-xxxx/new     what is being written
    .NAME.unfinished-xxxx/was     what it takes the place of, for the moment between two renames

The system frees the lock of a writer that is killed. So the next one can distinguish what was left
behind from what is still being written, and takes it away; a process number would be less reliable (numbers
are used again, and a shared disk knows them from several machines).
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from microsim.documents import shown
from microsim.errors import FileError, Offence

UNFINISHED = ".unfinished-"
LOCK, NEW, WAS = "lock", "new", "was"
_TIMES = 100  # that another writer may be quicker at the same place
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO)

Place = Callable[[Path, Path], object]


def take_place(new: Path, target: Path, was: Path | None = None) -> None:
    """Rename ``new`` to ``target``, whose older content, if there is any, is removed.

    ``was`` is where that is in between, by default beside ``new``, in the same passing folder. Of several
    processes that do this at one place each succeeds, and the last one's content stays. What was there comes
    back if the renaming fails.
    """
    was = was or new.with_name(WAS)
    for time in range(_TIMES):
        try:
            if os.path.lexists(target):
                _remove(was)
                os.rename(target, was)
            os.rename(new, target)
            break
        except BaseException as error:
            if _quicker(error) and new.exists() and time < _TIMES - 1:
                continue
            if was.exists() and not target.exists():
                with suppress(OSError):
                    os.rename(was, target)
            raise
    _remove(was)


@contextmanager
def becoming(
    target: str | os.PathLike[str], place: Place = take_place, *, inside: bool = False
) -> Iterator[Path]:
    """A fresh folder that ``place`` moves to ``target`` if the block ends well, and that is gone if not.

    ``inside``: where ``target`` already exists, the passing folder is in it and not beside it, for
    those whose ``place`` moves single files (a mounted disk has no "beside"). What killed writers left
    behind at the same spot is taken away. An ``OSError`` names the target and not the passing name.
    """
    goal = Path(os.path.abspath(target))
    spot = goal if inside and goal.is_dir() else goal.parent
    above = [folder for folder in (spot, *spot.parents) if not folder.exists()]
    try:
        spot.mkdir(parents=True, exist_ok=True)
        clear_leftovers(spot)
        with staged(goal, spot) as stage:
            new = stage / NEW
            new.mkdir()
            yield new
            place(new, goal)
    except BaseException as error:
        if isinstance(error, OSError):
            name_target(error, goal)
        for folder in above:  # that were made for it
            with suppress(OSError):
                folder.rmdir()
        raise


@contextmanager
def staged(target: Path, spot: Path) -> Iterator[Path]:
    """A passing folder for ``target`` in ``spot``, locked against being taken for one left behind."""
    from filelock import FileLock, Timeout

    for time in range(_TIMES):
        stage = Path(tempfile.mkdtemp(prefix=f".{target.name}{UNFINISHED}", dir=spot))
        lock = FileLock(stage / LOCK, timeout=0)
        try:
            lock.acquire()
            if (stage / LOCK).exists():
                break
            lock.release()  # another writer took the folder, which had no lock yet, for a leftover
        except Timeout:
            pass
        except BaseException as error:
            shutil.rmtree(stage, ignore_errors=True)
            if not _quicker(error) or time == _TIMES - 1:
                raise
    try:
        yield stage
    finally:
        # Where not even putting it back was possible, what was there is kept for the next one to put back.
        if target.exists() or not (stage / WAS).exists():
            for name in (NEW, WAS):
                _remove(stage / name)
            lock.release()
            shutil.rmtree(stage, ignore_errors=True)
        lock.release()


def clear_leftovers(spot: Path) -> None:
    """Remove the passing folders in ``spot`` whose writers are gone.

    One that was killed between the two renames of ``take_place`` is brought to its end: a place is never left
    empty that held something.
    """
    for stage in spot.glob(f".*{UNFINISHED}*"):
        with suppress(OSError):
            _clear(stage)


def _clear(stage: Path) -> None:
    from filelock import FileLock, Timeout

    if not (stage / LOCK).is_file():
        stage.rmdir()  # raises where it is not empty: then it is none of ours
        return
    lock = FileLock(stage / LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        return  # it is being written
    try:
        target = stage.with_name(stage.name[1:].rpartition(UNFINISHED)[0])
        if (stage / WAS).exists() and not target.exists():
            os.rename(stage / NEW if (stage / NEW).exists() else stage / WAS, target)
        for name in (NEW, WAS):
            _remove(stage / name)
    finally:
        lock.release()
    shutil.rmtree(stage, ignore_errors=True)


def new_file(path: Path, content: bytes) -> None:
    """Write a file that is not there yet, whole or not at all.

    Raises ``MicrosimError`` where the name was taken in the meantime.
    """

    def place(new: Path, target: Path) -> None:
        try:
            try:
                os.link(new / path.name, target)
            except FileExistsError:
                raise
            except OSError:  # a disk without links
                with target.open("xb") as file:
                    file.write(content)
        except FileExistsError:
            raise FileError(Offence("already exists", shown(target), "choose another name")) from None

    with becoming(path, place) as new:
        (new / path.name).write_bytes(content)


def flush_folder(folder: Path) -> None:
    """Have the system write to the disk which files are in a folder, where systems have that."""
    with suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def move_into(new: Path, target: Path) -> None:
    """Move everything in ``new`` to the same place below ``target``; raises where a file is there."""
    for path in sorted(new.rglob("*")):
        goal = target / path.relative_to(new)
        if path.is_dir():
            goal.mkdir(parents=True, exist_ok=True)
        elif goal.exists():
            raise FileError(Offence("already exists", shown(goal), "choose another folder"))
        else:
            os.replace(path, goal)


def name_target(error: OSError, target: Path) -> None:
    """An error about the passing folder, or about a disk, names the target."""
    passing = UNFINISHED in str(error.filename or "") or UNFINISHED in str(error.filename2 or "")
    if error.errno and (passing or not error.filename or error.errno in _FULL):
        error.filename = shown(target)
        error.strerror = os.strerror(error.errno)  # pyarrow adds its own words
        if error.filename2 is not None:
            del error.filename2


def _quicker(error: BaseException) -> bool:
    """Whether another process was quicker at the same place, so that it is worth trying again."""
    return isinstance(error, OSError) and error.errno in (errno.ENOENT, errno.EEXIST, errno.ENOTEMPTY)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
