"""Work that computes nothing of note, for tests of how tasks are run and stored."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from microsim.batch.run import run
from microsim.batch.store import Store
from microsim.batch.work import Done
from microsim.errors import DataError, Offence

KIND = "sweep"


@dataclass(frozen=True)
class Squares:
    """Tasks of ten numbers each and their squares.

    ``bad`` tasks fail while ``broken`` exists. ``deadly`` tasks kill their process, the first time that each
    is asked for: then its file in ``marks`` is not there yet.
    """

    count: int
    seconds: float = 0.0
    bad: tuple[int, ...] = ()
    broken: Path | None = None
    deadly: tuple[int, ...] = ()
    marks: Path | None = None

    @property
    def plan(self) -> Mapping[str, Any]:
        """What it is."""
        return {"squares": self.count}

    def name(self, number: int) -> str:
        """Of a task."""
        return f"county {number}"

    def rows(self, number: int, threads: int | None) -> pa.Table:
        """Ten squares."""
        if self.marks is not None:
            with (self.marks / f"{number}").open("a") as file:
                file.write(f"{os.getpid()}\n")
            if number in self.deadly and (self.marks / f"{number}").read_text().count("\n") == 1:
                os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(self.seconds)
        if number in self.bad and (self.broken is None or self.broken.exists()):
            raise DataError(Offence("no such column 'age'", f"{number}.csv", "add it"))
        numbers = np.arange(number * 10, number * 10 + 10)
        words = pa.array([f"county {number}"] * 10).dictionary_encode()
        return pa.table({"county": words, "number": numbers, "value": numbers**0.5})


def made(work: Any, out: Path, **options: Any) -> Done:
    """The work done, into ``out``."""

    def describe(tables: Any) -> Any:
        return {}, {"rows": {"value": sum(len(table) for table in tables), "unit": "rows"}}

    return run(work, Store(out, work, kind=KIND), describe=describe, **options)
