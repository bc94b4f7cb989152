"""The progress bar shows itself on a terminal only, and only after a second."""

from __future__ import annotations

import io
import sys
import time

import pytest

from microsim.cli import progress as module
from microsim.cli.progress import progress_bar


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def steps(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, patience: float, quiet: bool = False) -> str:
    """What a job of two steps, a quarter of a second each, leaves on stderr."""
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(module, "PATIENCE", patience)
    monkeypatch.setenv("TERM", "xterm")
    with progress_bar(2, quiet) as progress:
        for name in ("reading the county", "applying the law"):
            progress(name)
            time.sleep(0.25)
    return stream.getvalue()


def test_a_long_job_on_a_terminal_shows_its_step(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "applying the law" in steps(monkeypatch, Terminal(), 0.05)


def test_a_short_job_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert steps(monkeypatch, Terminal(), 1.0) == ""


def test_nothing_where_nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    assert steps(monkeypatch, io.StringIO(), 0.05) == ""


def test_nothing_where_quiet_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    assert steps(monkeypatch, Terminal(), 0.05, quiet=True) == ""


def test_an_error_takes_the_bar_away(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(module, "PATIENCE", 0.01)

    def fail() -> None:
        with progress_bar(1) as progress:
            progress("failing")
            time.sleep(0.2)
            raise ValueError("stopped")

    with pytest.raises(ValueError, match="stopped"):
        fail()
    assert stream.getvalue().rstrip().endswith("\x1b[2K") or "failing" in stream.getvalue()
