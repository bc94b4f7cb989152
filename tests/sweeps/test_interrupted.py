"""Ctrl-C in a terminal, which reaches all processes, while a sweep starts its own: one line, none left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from microsim.batch.interrupts import answered_afterwards
from tests.sweeps.stopping import Content, names

WAIT = 120.0  # seconds for what takes five where nothing else runs


def of_session(session: int) -> set[int]:
    """The processes of a session that live."""
    found = set()
    for folder in Path("/proc").iterdir():
        try:
            state, *more = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # no process, or gone meanwhile
            continue
        if int(more[2]) == session and state != "Z":
            found.add(int(folder.name))
    return found


@pytest.mark.slow
@pytest.mark.compiled
@pytest.mark.skipif(not Path("/proc/self").exists(), reason="processes are looked up in /proc")
@pytest.mark.parametrize(
    "later", [0.2, *(pytest.param(s, marks=pytest.mark.long) for s in (0.0, 0.6, 1.5, 4.0))]
)
def test_ctrl_c_while_processes_start(content: Content, tmp_path: Path, later: float) -> None:
    grid = tmp_path / "grid.yaml"
    grid.write_text(f"scenario: {content['scenario']}\naxes: {dict(content['axes'])}\n", encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "microsim.cli.main", "sweep", "grid.yaml", "--processes", "2", "--out", "out"],
        cwd=tmp_path,
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Tests that run in the background of a shell inherit that Ctrl-C is ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL) and None,
    )
    latest = time.monotonic() + WAIT
    while len(of_session(process.pid)) < 3:  # itself, the keeper of shared resources, a process that computes
        assert process.poll() is None
        assert time.monotonic() < latest
        time.sleep(0.01)
    time.sleep(later)
    os.killpg(process.pid, signal.SIGINT)
    said, complaint = process.communicate(timeout=WAIT)
    assert (process.returncode, said) == (130, "")
    assert complaint.startswith("interrupted; ")
    assert complaint.count("\n") == 1
    latest = time.monotonic() + 10
    while of_session(process.pid) and time.monotonic() < latest:
        time.sleep(0.05)
    assert not of_session(process.pid)
    assert names(tmp_path) <= {"grid.yaml", "out.unfinished"}


def test_what_is_heard_is_answered_when_all_is_done() -> None:
    done = []

    def interrupted() -> None:
        with answered_afterwards():
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.01)
            done.append("all")

    # Tests that run in the background of a shell inherit that Ctrl-C is ignored, and then it stays so.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        interrupted()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        with pytest.raises(KeyboardInterrupt):
            interrupted()
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)
    assert done == ["all", "all"]
    # Only the main thread may handle signals: elsewhere the block is an ordinary one.
    thread = threading.Thread(target=lambda: done.extend(["other"] * answered_in_a_thread()))
    thread.start()
    thread.join()
    assert done == ["all", "all", "other"]


def answered_in_a_thread() -> int:
    with answered_afterwards():
        return 1


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="this system has no signal masks")
def test_what_is_started_does_not_get_ctrl_c() -> None:
    masks = []
    with answered_afterwards():
        thread = threading.Thread(target=lambda: masks.append(signal.pthread_sigmask(signal.SIG_BLOCK, [])))
        thread.start()
        thread.join()
    assert signal.SIGINT in masks[0]
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])
