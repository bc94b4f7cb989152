"""The command as a process: its address, its end, and what it says where the extra is not installed."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from microsim.errors import InputError
from microsim.explore import running

ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)/[\w-]{32}/")


def test_without_tornado_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "find_spec", lambda name: None)
    with pytest.raises(InputError, match=re.escape("pip install 'microsim[explore]'")):
        running.require_server()


def test_tornado_is_imported_by_the_server_alone() -> None:
    code = "import sys, microsim.explore.session, microsim.explore.running; print('tornado' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_the_browser_is_not_started_with_the_address(tmp_path: Path) -> None:
    """Everybody on the computer can list the arguments of processes."""
    address = "http://127.0.0.1:1/token/"
    path = running._leading_to(address, tmp_path)
    assert address in path.read_text(encoding="utf-8")
    assert "token" not in path.as_uri()
    assert os.stat(path).st_mode & 0o077 == 0


class Running:
    """The command, its printed lines, and how it ended."""

    def __init__(self, scenario: Path, *more: str) -> None:
        command = [sys.executable, "-m", "microsim.cli.main", "explore", str(scenario), "--no-browser", *more]
        self.process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            # What a shell starts in its background ignores Ctrl-C, and its children do.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL) and None,
        )
        assert self.process.stdout is not None
        self.said = ""
        while not (found := ADDRESS.search(self.said)):
            line = self.process.stdout.readline()
            assert line, self.process.communicate()[1]
            self.said += line
        self.address = found[0]

    def ended_by(self, number: signal.Signals) -> tuple[int, str, str]:
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=120)
        return self.process.returncode, self.said + out, err


@pytest.fixture
def start(scenario_path: Path) -> Callable[..., Running]:
    return lambda *more: Running(scenario_path, *more)


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=60) as reply:
            return bool(reply.status == 200)
    except OSError:
        return False


@pytest.mark.slow
def test_ctrl_c_ends_it_cleanly(start: Callable[..., Running]) -> None:
    page = start("--lang", "zh")
    assert answers(page.address)
    # A tab that is closed, even in the middle of a reply, ends nothing.
    reply = urllib.request.urlopen(page.address, timeout=60)
    reply.close()
    time.sleep(0.2)
    assert answers(page.address)
    code, out, err = page.ended_by(signal.SIGINT)
    assert code == 0, err
    assert "已结束：网页不再提供，已保存的方案保留。" in out
    assert "Traceback" not in err
    assert not answers(page.address)


@pytest.mark.slow
def test_kill_ends_it_too(start: Callable[..., Running]) -> None:
    page = start("--port", "0")
    code, _, err = page.ended_by(signal.SIGTERM)
    assert code == 143
    assert "Traceback" not in err
    assert not answers(page.address)
