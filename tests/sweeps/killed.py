"""A process that makes a sweep and is killed: before a file operation of its choice, or from outside."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

import microsim as ms
from microsim.sweeps.work import SweepWork
from tests.sweeps.stopping import Content

Rows = Mapping[int, pa.Table]  # of the tasks, by their numbers
CHANGES = ("open", "os.rename", "os.link", "os.remove", "os.mkdir", "os.rmdir")
PATIENCE = 60.0  # seconds after which a child is taken to hang


def recorded(content: Content, out: Path) -> Rows:
    """The rows of a whole sweep as they are computed, so that a child need not compute any."""
    rows: dict[int, pa.Table] = {}
    compute = SweepWork.rows

    def recording(self: SweepWork, number: int, threads: int | None) -> pa.Table:
        rows[number] = compute(self, number, threads)
        return rows[number]

    SweepWork.rows = recording  # type: ignore[method-assign]
    try:
        ms.sweep(content, out)
    finally:
        SweepWork.rows = compute  # type: ignore[method-assign]
    return rows


def started(content: Content, out: Path, rows: Rows, at_start: Callable[[], None], **options: Any) -> int:
    """The number of a process that makes the sweep; it ends with 0 if nobody kills it."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        SweepWork.rows = lambda self, number, threads: rows[number]  # type: ignore[method-assign]
        at_start()
        ms.sweep(content, out, **options)
        code = 0
    finally:
        os._exit(code)  # nothing of the tests' own clearing up


def end_of(child: int) -> int:
    """How the process ended: 0, or minus the number of the signal."""
    latest = time.monotonic() + PATIENCE
    while time.monotonic() < latest:
        number, status = os.waitpid(child, os.WNOHANG)
        if number:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.002)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    raise AssertionError("the process hangs")


def kill_before(count: int, place: Path) -> Callable[[], None]:
    """Have the process kill itself before change ``count`` (from 0) of what is below ``place``."""

    def begin() -> None:
        seen = 0

        def hook(event: str, given: tuple[Any, ...]) -> None:
            nonlocal seen
            if event in CHANGES and _changes(event, given, place):
                seen += 1
                if seen > count:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(hook)

    return begin


def _changes(event: str, given: tuple[Any, ...], place: Path) -> bool:
    path, more = given[0], given[1:]
    if event == "open":
        writes = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
        if isinstance(path, int) or not more[1] & writes:
            return False
    below = str(os.fspath(path)).startswith(str(place))
    return below or (event in ("os.remove", "os.rmdir") and more[-1] != -1)  # rmtree: names in an open folder
