"""Where a sweep is kept: parts in a folder that is called unfinished until all of them are there.

``OUT.unfinished/`` holds ``plan.json`` and ``parts/00000.parquet``, ``parts/00001.parquet``, ...; each part
is written under a passing name and renamed when whole, after its checksum is noted in the plan. When the last
part is there, ``summary.json`` and ``manifest.json`` (with the checksums) are added and the folder becomes
``OUT``; the plan goes only then. A killed sweep leaves the unfinished folder, and ``OUT`` as it was. A sweep
that does not continue the unfinished one moves it aside, to ``OUT.set-aside-2026-11-29-083512``.
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microsim.documents import shown
from microsim.errors import FileError, Offence, warn
from microsim.staging import NEW, WAS, clear_leftovers, flush, name_target, staged, take_place
from microsim.sweeps.parts import Damage, check_parts, checksum, part_path, together, whole_parts

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

MANIFEST, SUMMARY, PLAN = "manifest.json", "summary.json", "plan.json"
CHECKSUMS = "checksums"  # SHA-256 of every part, in the plan and then in the manifest
WITH_CHECKSUMS = 3  # the first format of the folder that has them
KIND = "sweep"  # what the manifest says the folder is
ANEW = "--restart (restart=True) replaces it"
ELSEWHERE = "choose another place with --out"


@dataclass(frozen=True)
class Begun:
    """What a sweep begins with: parts that are kept, parts that were written and are no longer there or no
    longer the same, and the folder to which the work of an earlier sweep was moved."""

    kept: frozenset[int] = frozenset()
    damaged: tuple[Damage, ...] = ()
    set_aside: Path | None = None


class Store:
    """The folder of one sweep while it is being made."""

    def __init__(self, out: str | os.PathLike[str], plan: Mapping[str, Any], name: str | None = None) -> None:
        self.out = Path(os.path.abspath(out))
        self.unfinished = self.out.with_name(f"{self.out.name}.unfinished")
        # As it comes back from the file: tuples as lists, and so on.
        self.plan: dict[str, Any] = json.loads(json.dumps(plan))
        self.name = name
        self.sums: dict[str, str] = {}

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Nobody else may make the same folder meanwhile."""
        from filelock import FileLock, Timeout

        path = self.out.with_name(f".{self.out.name}.lock")
        lock = FileLock(path, timeout=0)
        try:
            self.out.parent.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except Timeout:
            message = "another sweep is being written here"
            raise FileError(
                Offence(message, shown(self.out), "wait for it, or choose another --out")
            ) from None
        except OSError as error:
            error.filename = shown(self.out)
            raise
        try:
            clear_leftovers(self.out.parent)
            yield
        except OSError as error:
            name_target(error, self.unfinished)
            raise
        finally:
            path.unlink(missing_ok=True)
            lock.release()

    def refuse_foreign(self, restart: bool = False) -> None:
        """Raise ``MicrosimError`` where something else than this sweep is in the way.

        To be called while ``locked``: a killed sweep may have left ``out`` to be put back. The finished sweep
        of another file gives way with ``restart`` only.
        """
        offences = [
            Offence("is a file, and a sweep is a folder", shown(folder), ELSEWHERE)
            for folder in (self.out, self.unfinished)
            if folder.is_file()
        ]
        found = _read(self.out / MANIFEST)
        if _is_filled(self.out) and found.get("kind") != KIND:
            offences.append(
                Offence(
                    "contains something other than a sweep and is left untouched", shown(self.out), ELSEWHERE
                )
            )
        elif found and not restart and name_in(found) != self.name:
            message = f"contains the sweep of {name_in(found) or 'a program'} and is left untouched"
            offences.append(Offence(message, shown(self.out), f"{ELSEWHERE}; {ANEW}"))
        if _is_filled(self.unfinished) and not _plan_in(self.unfinished):
            message = "contains something other than an unfinished sweep and is left untouched"
            offences.append(Offence(message, shown(self.unfinished), ELSEWHERE))
        if offences:
            raise FileError(offences)

    def replaced(self) -> str | None:
        """When the finished sweep was made that this one takes the place of."""
        return _read(self.out / MANIFEST).get("time")

    def is_whole(self) -> bool:
        """Whether ``out`` holds this very sweep already, finished and undamaged."""
        manifest = _read(self.out / MANIFEST)
        if manifest.get("plan") != self.plan:
            return False
        return not check_parts(self.out, self.plan["parts"], _checksums_in(manifest))

    def begin(self, resume: bool) -> Begun:
        """Make the unfinished folder, or with ``resume`` go on with it.

        Raises ``MicrosimError`` if it is to be resumed and belongs to another sweep. Without ``resume`` the
        parts that are there are moved aside, and a warning names their new place.
        """
        old = _plan_in(self.unfinished)
        if old and resume:
            changed = [key for key in {**old, **self.plan} if old.get(key) != self.plan.get(key)]
            if changed:
                message = f"cannot be resumed: {', '.join(changed)} changed since it was started"
                hint = "undo the changes; without --resume it is moved aside, and the sweep starts afresh"
                raise FileError(Offence(message, shown(self.unfinished), hint))
            return self._go_on(_checksums_in(_read(self.unfinished / PLAN)))
        aside = self._move_aside(old.get("parts", 0))
        (self.unfinished / "parts").mkdir(parents=True)
        finished = _read(self.out / MANIFEST)
        if resume and finished.get("plan") == self.plan:
            # Finished once, and damaged since: what is good is kept.
            self.sums = _checksums_in(finished)
            self._write_plan()
            shutil.copytree(self.out / "parts", self.unfinished / "parts", dirs_exist_ok=True)
            return self._go_on(self.sums)
        self._write_plan()
        return Begun(set_aside=aside)

    def _move_aside(self, parts: int) -> Path | None:
        """Free the place of the unfinished folder, where nothing is lost but a folder without a part.

        One renaming: at every moment all of it is in the one place or in the other. The warning comes at
        once, and not with the results, since this sweep may be stopped as well.
        """
        if not self.unfinished.is_dir():
            return None
        done = len(list(self.unfinished.glob("parts/*.parquet")))
        if not done:
            with staged(self.unfinished, self.unfinished.parent) as stage:
                self.unfinished.rename(stage / NEW)
            return None
        aside = self._free_name()
        self.unfinished.rename(aside)
        warn(
            f"the unfinished sweep here, with {done} of {parts} parts done, was moved aside to "
            f"{shown(aside)}; renamed to {self.unfinished.name}, "
            "it can be continued with --resume (resume=True)"
        )
        return aside

    def _free_name(self) -> Path:
        """Named by the time; nobody else takes it meanwhile, as the folder ``out`` is locked."""
        time = dt.datetime.now().strftime("%Y-%m-%d-%H%M%S")
        first = self.out.with_name(f"{self.out.name}.set-aside-{time}")
        more = (first.with_name(f"{first.name}-{count}") for count in itertools.count(2))
        return next(path for path in itertools.chain([first], more) if not os.path.lexists(path))

    def _go_on(self, sums: Mapping[str, str]) -> Begun:
        for passing in self.unfinished.rglob(".*.*"):  # of a process that was killed
            passing.unlink()
        self.sums = dict(sums)
        self._write_plan()
        bad = check_parts(self.unfinished, self.plan["parts"], sums)
        kept = frozenset(range(self.plan["parts"])) - {one.number for one in bad}
        written = [one for one in bad if one.path.name in sums or one.path.exists()]
        return Begun(kept, tuple(written))

    def add(self, number: int, table: pa.Table) -> None:
        """Write one part; it is there whole or not at all."""
        import pyarrow.parquet as pq

        path = part_path(self.unfinished, number)
        passing = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            pq.write_table(table, passing, compression="zstd")
            flush(passing)
            self.sums[path.name] = checksum(passing)
            self._write_plan()
            passing.replace(path)
        finally:
            passing.unlink(missing_ok=True)

    def finish(self, manifest: Mapping[str, Any], summary: Mapping[str, Any]) -> None:
        """Every part is there: the unfinished folder takes the place of ``out``.

        The plan stays to the last, so that whenever this is stopped, it can be resumed.
        """
        _write(self.unfinished / SUMMARY, summary)
        _write(
            self.unfinished / MANIFEST, {"kind": KIND, **manifest, "plan": self.plan, CHECKSUMS: self.sums}
        )
        with staged(self.out, self.out.parent) as stage:
            take_place(self.unfinished, self.out, stage / WAS)
        self.tidy()

    def tidy(self) -> None:
        """Take away what a finished sweep needs no longer."""
        (self.out / PLAN).unlink(missing_ok=True)

    def table(self) -> pd.DataFrame:
        """What the parts hold."""
        return together(whole_parts(self.unfinished, self.plan["parts"], self.sums))

    def _write_plan(self) -> None:
        _write(self.unfinished / PLAN, {**self.plan, CHECKSUMS: self.sums})


def read_sweep(out: str | os.PathLike[str]) -> pd.DataFrame:
    """The figures of a finished sweep, one a row.

    Columns: ``scenario`` (number of the point of the grid, from 0), ``county``, ``seed`` (0: the county as it
    is in its folder), one for each parameter that varies (in the unit that the sweep file gave it in),
    ``measure``, ``subject``, ``group`` (area; empty for the county), ``value``, ``unit``. Raises
    ``MicrosimError`` where there is no finished sweep, and with the name of every part that is missing or
    does not have the bytes that were written.
    """
    folder = Path(out)
    manifest = _read(folder / MANIFEST)
    if manifest.get("kind") != KIND:
        unfinished = folder.with_name(f"{folder.name}.unfinished")
        if unfinished.is_dir():
            message = (
                f"this sweep is unfinished: {len(list(unfinished.glob('parts/*.parquet')))} parts are done"
            )
            raise FileError(Offence(message, shown(unfinished), "run it again with --resume"))
        message = "contains no sweep" if folder.is_dir() else "no such folder"
        raise FileError(Offence(message, shown(folder), "microsim sweep SWEEP.yaml makes one"))
    plan = manifest["plan"]
    sums = _checksums_in(manifest) if plan["format"] >= WITH_CHECKSUMS else None
    return together(whole_parts(folder, plan["parts"], sums))


def name_in(manifest: Mapping[str, Any]) -> str | None:
    """The name of the sweep file, without folder and ending; None for a sweep that a program asked for."""
    file = manifest.get("file")
    return Path(file).stem if file else None


def _plan_in(folder: Path) -> dict[str, Any]:
    return {key: value for key, value in _read(folder / PLAN).items() if key != CHECKSUMS}


def _checksums_in(content: Mapping[str, Any]) -> dict[str, str]:
    """Name of a part's file -> its checksum, out of a plan or a manifest."""
    sums = content.get(CHECKSUMS)
    return sums if isinstance(sums, dict) else {}


def _is_filled(folder: Path) -> bool:
    return any(path.is_file() and not path.name.startswith(".") for path in folder.rglob("*"))


def _read(path: Path) -> dict[str, Any]:
    """A JSON file, or nothing where it is not there or not JSON."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _write(path: Path, content: Mapping[str, Any]) -> None:
    """A JSON file, whole or not at all."""
    text = json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False)
    passing = path.with_name(f".{path.name}.{os.getpid()}")
    passing.write_text(text + "\n", encoding="utf-8", newline="\n")
    flush(passing)
    passing.replace(path)
