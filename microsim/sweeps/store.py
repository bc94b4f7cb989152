"""Where a sweep is kept: parts in a folder that is called unfinished until all of them are there.

``OUT.unfinished/`` holds ``plan.json`` and ``parts/00000.parquet``, ``parts/00001.parquet``, ...; each part
is written under a passing name and renamed when whole. When the last part is there, ``summary.json`` and
``manifest.json`` are added and the folder becomes ``OUT``. A killed sweep leaves the unfinished folder, and
``OUT`` as it was.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microsim.documents import shown
from microsim.errors import MicrosimError, Offence

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

MANIFEST, SUMMARY, PLAN = "manifest.json", "summary.json", "plan.json"
KIND = "sweep"  # what the manifest says the folder is


class Store:
    """The folder of one sweep while it is being made."""

    def __init__(self, out: str | os.PathLike[str], plan: Mapping[str, Any]) -> None:
        self.out = Path(os.path.abspath(out))
        self.unfinished = self.out.with_name(f"{self.out.name}.unfinished")
        # As it comes back from the file: tuples as lists, and so on.
        self.plan: dict[str, Any] = json.loads(json.dumps(plan))

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Nobody else may make the same folder meanwhile."""
        from filelock import FileLock, Timeout

        self.out.parent.mkdir(parents=True, exist_ok=True)
        path = self.out.with_name(f".{self.out.name}.lock")
        lock = FileLock(path, timeout=0)
        try:
            lock.acquire()
        except Timeout:
            message = "another sweep is being written here"
            raise MicrosimError(
                Offence(message, shown(self.out), "wait for it, or choose another --out")
            ) from None
        try:
            yield
        finally:
            path.unlink(missing_ok=True)
            lock.release()

    def refuse_foreign(self) -> None:
        """Raise ``MicrosimError`` where something else than a sweep is in the way."""
        hint = "choose another place with --out"
        if self.out.is_file():
            raise MicrosimError(Offence("is a file, and a sweep is a folder", shown(self.out), hint))
        if self.out.is_dir() and any(self.out.iterdir()) and _read(self.out / MANIFEST).get("kind") != KIND:
            raise MicrosimError(
                Offence("holds something else than a sweep, and is left alone", shown(self.out), hint)
            )

    def is_whole(self) -> bool:
        """Whether ``out`` holds this very sweep already, finished."""
        parts = [self.out / "parts" / f"{k:05d}.parquet" for k in range(self.plan["parts"])]
        return _read(self.out / MANIFEST).get("plan") == self.plan and all(part.is_file() for part in parts)

    def begin(self, resume: bool) -> set[int]:
        """Make the unfinished folder, or go on with it; returns the parts that are there.

        Raises ``MicrosimError`` if it is to be resumed and belongs to another sweep.
        """
        if resume and self.unfinished.exists():
            old = _read(self.unfinished / PLAN)
            changed = [key for key in {**old, **self.plan} if old.get(key) != self.plan.get(key)]
            if changed:
                message = f"cannot be resumed: {', '.join(changed)} changed since it was begun"
                hint = "run without --resume to start anew, or put back what was changed"
                raise MicrosimError(Offence(message, shown(self.unfinished), hint))
            return {k for k in range(self.plan["parts"]) if self._is_part(k)}
        shutil.rmtree(self.unfinished, ignore_errors=True)
        (self.unfinished / "parts").mkdir(parents=True)
        _write(self.unfinished / PLAN, self.plan)
        return set()

    def add(self, number: int, table: pa.Table) -> None:
        """Write one part; it is there whole or not at all."""
        import pyarrow.parquet as pq

        path = self._part(number)
        passing = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            pq.write_table(table, passing, compression="zstd")
            passing.replace(path)
        finally:
            passing.unlink(missing_ok=True)

    def finish(self, manifest: Mapping[str, Any], summary: Mapping[str, Any]) -> None:
        """Every part is there: the unfinished folder takes the place of ``out``."""
        _write(self.unfinished / SUMMARY, summary)
        _write(self.unfinished / MANIFEST, {"kind": KIND, **manifest, "plan": self.plan})
        (self.unfinished / PLAN).unlink()
        if not self.out.exists():
            self.unfinished.rename(self.out)
            return
        old = Path(tempfile.mkdtemp(prefix=f".{self.out.name}.replaced-", dir=self.out.parent))
        self.out.rename(old / "was")
        try:
            self.unfinished.rename(self.out)
        except BaseException:
            (old / "was").rename(self.out)
            raise
        finally:
            shutil.rmtree(old, ignore_errors=True)

    def table(self) -> pd.DataFrame:
        """What the parts hold."""
        return _together([self._part(k) for k in range(self.plan["parts"])])

    def _part(self, number: int) -> Path:
        return self.unfinished / "parts" / f"{number:05d}.parquet"

    def _is_part(self, number: int) -> bool:
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            # Reads the footer: a file that a power cut left half written is made again.
            return bool(pq.ParquetFile(self._part(number)).metadata.num_rows > 0)
        except (OSError, pa.ArrowInvalid):
            return False


def read_sweep(out: str | os.PathLike[str]) -> pd.DataFrame:
    """The figures of a finished sweep, one a row.

    Columns: ``scenario`` (number of the point of the grid, from 0), ``county``, ``seed`` (0: the county as it
    stands in its folder), one for each parameter that varies (in the unit that the sweep file gave it in),
    ``measure``, ``subject``, ``group`` (area; empty for the county), ``value``, ``unit``. Raises
    ``MicrosimError`` where there is no finished sweep.
    """
    folder = Path(out)
    manifest = _read(folder / MANIFEST)
    if manifest.get("kind") != KIND:
        unfinished = folder.with_name(f"{folder.name}.unfinished")
        if unfinished.is_dir():
            message = (
                f"this sweep is unfinished: {len(list(unfinished.glob('parts/*.parquet')))} parts are there"
            )
            raise MicrosimError(Offence(message, shown(unfinished), "run it again with --resume"))
        message = "holds no sweep" if folder.is_dir() else "no such folder"
        raise MicrosimError(Offence(message, shown(folder), "microsim sweep SWEEP.yaml makes one"))
    parts = [folder / "parts" / f"{k:05d}.parquet" for k in range(manifest["plan"]["parts"])]
    missing = [Offence("this part of the sweep is missing", shown(p)) for p in parts if not p.is_file()]
    if missing:
        raise MicrosimError(missing, title=f"{shown(folder)} is damaged: run the sweep again")
    return _together(parts)


def _together(parts: Sequence[Path]) -> pd.DataFrame:
    import pyarrow as pa
    import pyarrow.parquet as pq

    frame: pd.DataFrame = pa.concat_tables([pq.read_table(part) for part in parts]).to_pandas()
    return frame


def _read(path: Path) -> dict[str, Any]:
    """A JSON file, or nothing where it is not there or not JSON."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _write(path: Path, content: Mapping[str, Any]) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
