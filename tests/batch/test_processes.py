"""Several processes give the same rows as one, and none is lost or there twice when one of them dies."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from microsim.batch import cluster
from microsim.batch.in_worker import versions
from microsim.batch.reading import read_results
from microsim.errors import MicrosimError
from tests.batch.works import KIND, Squares, made

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
WAIT = 90.0  # seconds for what takes ten where nothing else runs


class Deadly(Squares):
    """The first of its tasks ends the process, whenever it is asked for."""

    def rows(self, number: int, threads: int | None) -> pa.Table:
        """None, or ten squares."""
        if number == 1:
            os._exit(3)
        time.sleep(0.5)
        return super().rows(number, threads)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "parts").iterdir()}


def test_the_same_bytes_and_no_process_left(tmp_path: Path) -> None:
    (tmp_path / "marks").mkdir()
    work = Squares(12, marks=tmp_path / "marks")
    made(work, tmp_path / "one")
    steps: list[str] = []
    done = made(work, tmp_path / "two", processes=2, progress=steps.append)
    assert (done.count, done.kept, done.failed) == (12, 0, ())
    assert sorted(steps[:-1], key=lambda step: int(step.split()[1])) == [f"county {k}" for k in range(12)]
    assert steps[-1] == "writing"
    assert files(tmp_path / "one") == files(tmp_path / "two")
    ran = {line for path in (tmp_path / "marks").iterdir() for line in path.read_text().split()}
    assert len(ran) == 3  # this process and two others
    for number in ran - {str(os.getpid())}:
        with pytest.raises(ProcessLookupError):
            os.kill(int(number), 0)


def of_process(dask_worker: Any) -> tuple[int, bool]:
    """How many samples of what ran Dask keeps, and whether memory is given back after every array."""
    return len(dask_worker.profile_history), "MALLOC_TRIM_THRESHOLD_" in os.environ


def test_a_process_keeps_nothing_of_what_ran() -> None:
    # Either made memory or time of a process grow with the tasks that it has computed.
    with cluster._started(1) as client:
        client.submit(time.sleep, 2.5).result()
        assert list(client.run(of_process).values()) == [(0, False)]


def test_a_process_that_dies_loses_nothing(tmp_path: Path) -> None:
    (tmp_path / "marks").mkdir()
    work = Squares(12, 0.05, deadly=(3, 4, 9), marks=tmp_path / "marks")
    done = made(work, tmp_path / "out", processes=2)
    assert done.failed == ()
    table = read_results(tmp_path / "out", KIND)
    assert table["number"].to_pylist() == list(range(120))
    again = {path.name for path in (tmp_path / "marks").iterdir() if path.read_text().count("\n") > 1}
    assert {"3", "4", "9"} <= again


def test_a_task_that_fails_elsewhere_fails_alone(tmp_path: Path) -> None:
    done = made(Squares(6, bad=(2, 5)), tmp_path / "out", processes=2)
    assert [(one.number, one.name) for one in done.failed] == [(2, "county 2"), (5, "county 5")]
    assert done.failed[0].reason == "2.csv: no such column 'age'; add it"
    assert len(read_results(tmp_path / "out", KIND)) == 40


SCRIPT = """
import sys
from pathlib import Path
sys.path.insert(0, {root!r})
from tests.batch.works import Squares, made
made(Squares(60, 0.1, marks=Path("marks")), Path("out"), processes=2, resume=True)
"""


def begun(place: Path) -> subprocess.Popen[str]:
    """A process that has others compute, in a session of its own; ``marks`` tells which tasks began."""
    (place / "marks").mkdir(exist_ok=True)
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT.format(root=str(ROOT))],
        cwd=place,
        start_new_session=True,
        stderr=subprocess.PIPE,
        text=True,
        # Tests that run in the background of a shell inherit that Ctrl-C is ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL) and None,
    )


def wait_for(place: Path, tasks: int, process: subprocess.Popen[str]) -> None:
    latest = time.monotonic() + WAIT
    while len(list((place / "marks").iterdir())) < tasks and process.poll() is None:
        assert time.monotonic() < latest
        time.sleep(0.01)


def all_gone(place: Path) -> bool:
    """Whether none of the processes that computed is left, some seconds later."""
    numbers = {line for path in (place / "marks").iterdir() for line in path.read_text().split()}
    latest = time.monotonic() + 20
    while time.monotonic() < latest:
        if not any(Path(f"/proc/{number}").exists() for number in numbers):
            return True
        time.sleep(0.1)
    return False


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="processes are looked up in /proc")
@pytest.mark.parametrize("everywhere", [True, False])
def test_ctrl_c_ends_all_processes_and_leaves_work_that_goes_on(tmp_path: Path, everywhere: bool) -> None:
    process = begun(tmp_path)
    wait_for(tmp_path, 12, process)
    (os.killpg if everywhere else os.kill)(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=WAIT)
    assert process.returncode != 0
    assert said.count("Traceback") == 1  # of this process, whose script does not catch it
    assert said.rstrip().endswith("KeyboardInterrupt")
    assert all_gone(tmp_path)
    done = made(Squares(60), tmp_path / "out", resume=True)
    assert done.kept >= 4
    assert read_results(tmp_path / "out", KIND)["number"].to_pylist() == list(range(600))


@pytest.mark.long
@pytest.mark.skipif(not Path("/proc/self").exists(), reason="processes are looked up in /proc")
@pytest.mark.parametrize("moment", range(5))
def test_killed_at_any_moment_with_its_processes(tmp_path: Path, moment: int) -> None:
    process = begun(tmp_path)
    wait_for(tmp_path, 1 + moment * 12, process)
    time.sleep(random.Random(moment).random() * 0.2)
    process.kill()
    process.communicate(timeout=WAIT)
    assert all_gone(tmp_path)
    again = begun(tmp_path)
    _, said = again.communicate(timeout=WAIT)
    assert again.returncode == 0, said
    made(Squares(60), tmp_path / "whole")
    assert files(tmp_path / "out") == files(tmp_path / "whole")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A cluster of two processes, one of them with two threads, that somebody else has started."""
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2, threads_per_worker=2, processes=True, dashboard_address="127.0.0.1:0", silence_logs=50
    ) as others:
        yield others.scheduler_address


def test_the_processes_of_a_cluster_that_exists(tmp_path: Path, address: str) -> None:
    (tmp_path / "marks").mkdir()
    made(Squares(12), tmp_path / "one")
    for out in ("two", "three"):  # it lives on
        made(Squares(12, deadly=(7,), marks=tmp_path / "marks"), tmp_path / out, scheduler=address)
        assert files(tmp_path / "one") == files(tmp_path / out)


def test_a_cluster_with_other_versions_is_refused(
    tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("microsim.batch.in_worker.versions", lambda: {**versions(), "numba": "0.1"})
    with pytest.raises(MicrosimError, match=r"a process of the cluster has numba .*, not 0\.1"):
        made(Squares(2), tmp_path / "out", scheduler=address)


def test_a_script_that_new_processes_would_run_again_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "script.py"
    text = SCRIPT.format(root=str(ROOT)).replace(', marks=Path("marks")', "")
    path.write_text(text, encoding="utf-8")
    done = subprocess.run([sys.executable, str(path)], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1
    assert "script.py: each new process begins by reading this script" in done.stderr
    assert not list(tmp_path.glob("out*"))


def test_where_dask_is_not_installed_the_way_out_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MicrosimError, match=r"need Dask, which is not installed; pip install"):
        made(Squares(2), tmp_path / "out", processes=2)
    assert not list(tmp_path.iterdir())


@pytest.mark.long
def test_a_task_that_ends_every_process_fails_and_the_others_do_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "DEATHS", 1)
    done = made(Deadly(4), tmp_path / "out", processes=2)
    assert [one.number for one in done.failed] == [1]
    assert "the process that computed county 1 ended before it was done, 2 times" in done.failed[0].reason
