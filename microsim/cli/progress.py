"""A progress bar on stderr: only on a terminal, and only once a second has passed."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from microsim.language import spoken

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


PATIENCE = 1.0  # seconds before a bar is worth the flicker


class _Bar:
    """Counts steps from the start, and shows them once asked to appear."""

    def __init__(self, steps: int) -> None:
        self._steps = steps
        self._done = -1
        self._text = ""
        self._lock = threading.Lock()
        self._progress: Progress | None = None
        self._task: TaskID | None = None

    def show(self, text: str) -> None:
        """A new step begins."""
        text = spoken(text)
        with self._lock:
            self._done, self._text = self._done + 1, text
            if self._progress is not None and self._task is not None:
                self._progress.update(self._task, completed=self._done, description=text)

    def appear(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (TextColumn("{task.description}"), BarColumn(bar_width=24), TimeElapsedColumn())
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


@contextmanager
def progress_bar(steps: int, quiet: bool = False) -> Iterator[Callable[[str], None]]:
    """Gives a function to call with the name of each step as it begins."""
    if quiet or not sys.stderr.isatty():
        yield lambda text: None
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
