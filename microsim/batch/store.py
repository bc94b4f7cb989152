"""Where results are kept: parts in a folder that is called unfinished until all of them are there.

``OUT.unfinished/`` has ``plan.json``, ``journal.jsonl``, ``parts/00000.parquet``, ``parts/00001.parquet`` and
so on; each part is written under a passing name, renamed when it is on the disk, and then noted in the
journal with its checksum. After the last part ``summary.json`` and ``manifest.json`` are added and the folder
becomes ``OUT``; the plan goes only then. Whoever is killed leaves the unfinished folder, and ``OUT`` as it
was. A run that does not continue the unfinished one moves it aside, to ``OUT.set-aside-2026-11-29-083512``.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microsim.batch.journal import JOURNAL, Journal
from microsim.batch.parts import (
    Damage,
    as_bytes,
    check_parts,
    part_path,
    refuse_other_columns,
    tables,
    uniform,
    whole_parts,
)
from microsim.batch.work import Failure, Work
from microsim.documents import shown
from microsim.errors import FileError, MicrosimError, Offence, warn
from microsim.staging import NEW, WAS, clear_leftovers, flush_folder, name_target, staged, take_place

if TYPE_CHECKING:
    import pyarrow as pa

MANIFEST, SUMMARY, PLAN = "manifest.json", "summary.json", "plan.json"
ANEW = "--restart (restart=True) replaces it"
ELSEWHERE = "choose another place with --out"


@dataclass(frozen=True)
class Begun:
    """What a run begins with: parts that are kept, parts that were written and are no longer there or no
    longer the same, and the folder to which earlier work was moved."""

    kept: frozenset[int] = frozenset()
    damaged: tuple[Damage, ...] = ()
    set_aside: Path | None = None


class Store:
    """The folder of results while it is being made.

    ``kind``: what is kept here, which is also the name of the command that makes it (``sweep``). ``name``:
    which one of them (of the file that asked for it); results of another one are not replaced unasked.
    """

    def __init__(
        self, out: str | os.PathLike[str], work: Work, *, kind: str, name: str | None = None
    ) -> None:
        self.out = Path(os.path.abspath(out))
        self.unfinished = unfinished_of(self.out)
        # As it comes back from the file: tuples as lists, and so on.
        self.plan: dict[str, Any] = json.loads(json.dumps({**work.plan, "parts": work.count}))
        self.kind = kind
        self.name = name
        self._journal: Journal | None = None
        self._schema: pa.Schema | None = None

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
            message = f"another microsim {self.kind} is writing here"
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
        """Raise ``MicrosimError`` where something else than these results is in the way.

        To be called while ``locked``: a killed run may have left ``out`` to be put back. The finished results
        of another file give way with ``restart`` only.
        """
        offences = [
            Offence("is a file, and results are a folder", shown(folder), ELSEWHERE)
            for folder in (self.out, self.unfinished)
            if folder.is_file()
        ]
        found = read_json(self.out / MANIFEST)
        if _is_filled(self.out) and found.get("kind") != self.kind:
            message = f"contains something other than results of microsim {self.kind} and is left untouched"
            offences.append(Offence(message, shown(self.out), ELSEWHERE))
        elif found and not restart and name_in(found) != self.name:
            message = f"contains the results of {name_in(found) or 'a program'} and is left untouched"
            offences.append(Offence(message, shown(self.out), f"{ELSEWHERE}; {ANEW}"))
        if _is_filled(self.unfinished) and not read_json(self.unfinished / PLAN):
            message = "contains something other than unfinished results and is left untouched"
            offences.append(Offence(message, shown(self.unfinished), ELSEWHERE))
        if offences:
            raise FileError(offences)

    def replaced(self) -> str | None:
        """When the finished results were made that these take the place of."""
        return read_json(self.out / MANIFEST).get("time")

    def is_whole(self) -> bool:
        """Whether ``out`` holds these very results already, with every part, none of them damaged."""
        if read_json(self.out / MANIFEST).get("plan") != self.plan:
            return False
        journal = Journal(self.out)
        return len(journal.sums) == self.plan["parts"] and not check_parts(self.out, journal.sums)

    def begin(self, resume: bool) -> Begun:
        """Make the unfinished folder, or with ``resume`` go on with it.

        Raises ``MicrosimError`` if it is to be resumed and belongs to other work. Without ``resume`` the
        parts that are there are moved aside, and a warning names their new place.
        """
        old = read_json(self.unfinished / PLAN)
        if old and resume:
            changed = [key for key in {**old, **self.plan} if old.get(key) != self.plan.get(key)]
            if changed:
                message = f"cannot be resumed: {', '.join(changed)} changed since it was started"
                hint = "undo the changes; without --resume it is moved aside, and the work starts afresh"
                raise FileError(Offence(message, shown(self.unfinished), hint))
            return self._go_on()
        aside = self._move_aside(old.get("parts", 0))
        # Finished once, with failures or damaged since: what is good is kept.
        again = resume and read_json(self.out / MANIFEST).get("plan") == self.plan
        with staged(self.unfinished, self.unfinished.parent) as stage:
            new = stage / NEW
            (new / "parts").mkdir(parents=True)
            journal = self.out / JOURNAL
            _write_file(new / JOURNAL, journal.read_bytes() if again and journal.exists() else b"")
            if again:
                for part in self.out.glob("parts/*.parquet"):
                    _same_file(part, new / "parts" / part.name)
            _write_json(new / PLAN, self.plan)
            new.rename(self.unfinished)
        flush_folder(self.unfinished.parent)
        return self._go_on() if again else self._start_with(Begun(set_aside=aside))

    def _move_aside(self, parts: int) -> Path | None:
        """Free the place of the unfinished folder, where nothing is lost but a folder without a part.

        One renaming: at every moment all of it is in the one place or in the other. The warning comes at
        once, and not with the results, since this run may be stopped as well.
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
            f"the unfinished work here, with {done} of {parts} parts done, was moved aside to "
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

    def _go_on(self) -> Begun:
        for passing in self.unfinished.rglob(".*.*"):  # of a process that was killed
            passing.unlink()
        journal = Journal(self.unfinished)
        sums = {number: known for number, known in journal.sums.items() if number < self.plan["parts"]}
        bad = tuple(check_parts(self.unfinished, sums))
        kept = frozenset(sums) - {one.number for one in bad}
        good = {part_path(self.unfinished, number) for number in kept}
        for part in set(self.unfinished.glob("parts/[0-9]*.parquet")) - good:
            part.unlink()  # damaged, or written and not in the journal yet
        return self._start_with(Begun(kept, bad))

    def _start_with(self, begun: Begun) -> Begun:
        import pyarrow.parquet as pq

        self._journal = Journal(self.unfinished)
        if begun.kept:
            self._schema = pq.read_schema(part_path(self.unfinished, min(begun.kept)))
        return begun

    @property
    def journal(self) -> Journal:
        """What is written so far; from ``begin`` on."""
        assert self._journal is not None
        return self._journal

    def add(self, number: int, table: pa.Table, name: str) -> None:
        """Write one part; it is there whole or not at all, and counts from when the journal has it."""
        table = uniform(table)
        if self._schema is None:
            self._schema = table.schema
        refuse_other_columns(table, self._schema, name)
        content, path = as_bytes(table), part_path(self.unfinished, number)
        _write_file(path, content)
        self.journal.note_part(number, hashlib.sha256(content).hexdigest(), table.num_rows)

    def fail(self, number: int, name: str, error: MicrosimError) -> None:
        """Note that a task failed."""
        self.journal.note_failure(Failure(number, name, error))

    def finish(self, manifest: Mapping[str, Any], summary: Mapping[str, Any]) -> None:
        """Every part is there, or its task has failed: the unfinished folder takes the place of ``out``.

        The plan stays to the last, so that whenever this is stopped, it can be resumed.
        """
        failed = [{"number": one.number, "name": one.name, "reason": one.reason} for one in self.failures()]
        _write_json(self.unfinished / SUMMARY, summary)
        _write_json(
            self.unfinished / MANIFEST,
            {"kind": self.kind, **manifest, "plan": self.plan, "failed": failed},
        )
        with staged(self.out, self.out.parent) as stage:
            take_place(self.unfinished, self.out, stage / WAS)
        flush_folder(self.out.parent)
        self.tidy()

    def tidy(self) -> None:
        """Take away what finished results need no longer."""
        (self.out / PLAN).unlink(missing_ok=True)

    def failures(self) -> tuple[Failure, ...]:
        """The tasks that have no rows, in their order."""
        return tuple(one for _, one in sorted(self.journal.failed.items()))

    def tables(self) -> Iterator[pa.Table]:
        """What the parts hold, one after another: never more than one of them is in memory."""
        return tables(whole_parts(self.unfinished, self.journal.sums))


def unfinished_of(out: Path) -> Path:
    """The folder of the work that becomes ``out``."""
    return out.with_name(f"{out.name}.unfinished")


def name_in(manifest: Mapping[str, Any]) -> str | None:
    """The name of the file that asked for the results, without folder and ending; None for a program."""
    file = manifest.get("file")
    return Path(file).stem if file else None


def _is_filled(folder: Path) -> bool:
    return any(path.is_file() and not path.name.startswith(".") for path in folder.rglob("*"))


def _same_file(old: Path, new: Path) -> None:
    """Parts are replaced and never written in place: two folders can share one."""
    try:
        os.link(old, new)
    except OSError:  # a disk without links
        shutil.copyfile(old, new)


def read_json(path: Path) -> dict[str, Any]:
    """A JSON file, or nothing where it is not there or not JSON."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False)
    _write_file(path, f"{text}\n".encode())


def _write_file(path: Path, content: bytes) -> None:
    """A file, whole or not at all, also where the disk is full or the power fails."""
    passing = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with passing.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        passing.replace(path)
    finally:
        passing.unlink(missing_ok=True)
