"""A progress bar on stderr: only on a terminal, and only once a second has passed.

Numbered tasks (``Step``) are shown with their rate and the time left; where there is no terminal, with a line
now and then.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from microsim.cli.pace import Pace
from microsim.language import spoken

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from microsim.batch.work import Step


PATIENCE = 1.0  # seconds before a bar is worth the flicker
LINES = 30.0  # seconds between two lines, where there is no terminal


class _Bar:
    """Counts steps from the start, and shows them once asked to appear."""

    def __init__(self, steps: int) -> None:
        self._steps = steps
        self._done = -1
        self._text = ""
        self._pace = Pace()
        self._lock = threading.Lock()
        self._progress: Progress | None = None
        self._task: TaskID | None = None

    def show(self, text: str) -> None:
        """A new step begins."""
        step = _step(text)
        with self._lock:
            if step is not None:
                self._done, self._steps, self._text = step.done, step.of, self._pace.text(step)
            else:
                self._done, self._text = self._done + 1, spoken(text)
            if self._progress is not None and self._task is not None:
                done, total = self._done, self._steps
                self._progress.update(self._task, completed=done, total=total, description=self._text)

    def appear(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
        from rich.table import Column

        elapsed = TimeElapsedColumn(table_column=Column(no_wrap=True, min_width=7))
        columns = (TextColumn("{task.description}"), BarColumn(bar_width=14), elapsed)  # the bar gives way
        with self._lock:
            self._progress = Progress(
                *columns, console=Console(stderr=True), transient=True, redirect_stdout=False
            )
            self._progress.start()
            self._task = self._progress.add_task(self._text, total=self._steps, completed=max(0, self._done))

    def vanish(self) -> None:
        with self._lock:
            if self._progress is not None:
                self._progress.stop()
                self._progress = None


class _Lines:
    """For logs: a line when numbered tasks have taken long, and then at intervals."""

    def __init__(self) -> None:
        self._pace, self._last = Pace(), time.monotonic()

    def show(self, text: str) -> None:
        step = _step(text)
        if step is None:
            return
        said = self._pace.text(step)
        if time.monotonic() - self._last >= LINES:
            self._last = time.monotonic()
            sys.stderr.write(f"{said}\n")
            sys.stderr.flush()


def _step(text: str) -> Step | None:
    """The text as a numbered task, where it is one. By what it has: the class would import Arrow."""
    step: Any = text
    return step if hasattr(step, "of") else None


@contextmanager
def progress_bar(steps: int, quiet: bool = False) -> Iterator[Callable[[str], None]]:
    """Gives a function to call with the name of each step as it begins."""
    if quiet:
        yield lambda text: None
        return
    if not sys.stderr.isatty():
        yield _Lines().show
        return
    bar = _Bar(steps)
    timer = threading.Timer(PATIENCE, bar.appear)
    timer.daemon = True
    timer.start()
    try:
        yield bar.show
    finally:
        timer.cancel()
        timer.join()
        bar.vanish()
