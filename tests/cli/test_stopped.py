"""Commands stopped half-way, by real signals and full disks: nothing looks finished, a rerun is whole."""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.population.census import census_table
from tests.population.survey import survey_files
from tests.scenario.small_county import PROFILE, SCENARIO, write

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and limits are POSIX")

ROOT = Path(__file__).resolve().parents[2]
CODE = (
    "import os; from microsim.cli import entry, signals; signals.begin(); os.write(2, b'up\\n'); entry.main()"
)
SIGNALS = {signal.SIGKILL: -9, signal.SIGTERM: 143, signal.SIGINT: 130}
SWEEP = """\
scenario: quick.yaml
axes: {dibao.line.rural: {from: 4000, to: 5000, steps: 250}}
outputs: [caseload]
"""


@dataclass(frozen=True)
class Job:
    """A command, the place it writes, and what makes it go on after a stop."""

    arguments: str
    target: str
    again: str = ""


JOBS = {
    "init": Job("init work", "work"),
    "synth": Job("synth profile.yaml --out made --households 400", "made"),
    "import": Job("import civil-register recipients.csv --out recipients", "recipients"),
    "profile": Job("profile --census census.csv --county 640522 --out some/profile.yaml", "some"),
    "run": Job("run quick.yaml --quiet", "results/quick"),
    "sweep": Job("sweep sweep.yaml --quiet", "results/sweep", "--resume"),
}


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("inputs")
    write(folder, SCENARIO + "outputs: [inequality]\n", "quick.yaml")
    (folder / "sweep.yaml").write_text(SWEEP, encoding="utf-8")
    (folder / "profile.yaml").write_bytes(PROFILE.read_bytes())
    survey_files.register().to_csv(folder / "recipients.csv", index=False)
    census_table.write(folder / "census.csv")
    return folder


@pytest.fixture
def place(inputs: Path, tmp_path: Path) -> Path:
    """A working folder with all that the jobs read."""
    shutil.copytree(inputs, tmp_path / "work")
    return tmp_path / "work"


def begin(arguments: str, cwd: Path, before: Callable[[], None] | None = None) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", CODE, *arguments.split()],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        preexec_fn=before,
    )
    assert process.stderr is not None
    assert process.stderr.readline() == "up\n"
    return process


def finish(process: subprocess.Popen[str]) -> tuple[int, str]:
    _, said = process.communicate(timeout=120)
    assert "Traceback" not in said
    return process.returncode, said


def content(folder: Path) -> dict[str, bytes]:
    """What a place holds, without the manifest, which tells the time."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "manifest.json"]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def there(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def stop_and_go_on(job: Job, place: Path, rounds: int, seed: int) -> None:
    """Stop a command at moments all over its time; what it leaves is nothing, or the whole."""
    began = time.monotonic()
    code, said = finish(begin(job.arguments, place))
    assert code == 0, said
    takes = time.monotonic() - began
    whole = content(place / job.target)
    clean = {name for name in there(place) if name.split("/")[0] not in ("results", job.target)}
    chance = random.Random(seed)
    for number in range(rounds):
        for target in (place / "results", place / job.target):
            shutil.rmtree(target, ignore_errors=True)
        process = begin(job.arguments, place)
        time.sleep(takes * (number + chance.random()) / rounds)
        sent = chance.choice(list(SIGNALS))
        process.send_signal(sent)
        code, said = finish(process)
        target = place / job.target
        left = content(target) if target.exists() else None
        assert left in (None, whole)
        # Python gives a signal back to the system in its very last moment, when all is done.
        assert code in ((0, SIGNALS[sent]) if left is None else (0, SIGNALS[sent], -sent))
        if code > 0:
            assert said.startswith("interrupted; ")
            passing = [name for name in there(place) if ".unfinished-" in name]
            assert passing == []
        if left is None:
            code, said = finish(begin(f"{job.arguments} {job.again}", place))
            assert code == 0, said
        assert content(target) == whole
        outside = {name for name in there(place) if name.split("/")[0] not in ("results", job.target)}
        assert outside == clean
        assert [name for name in there(place / "results") if "unfinished" in name] == []


# The three that take long enough to be stopped; a full disk stops `init` below, and the long tests stop all.
@pytest.mark.slow
@pytest.mark.parametrize("name", ["synth", "run", "sweep"])
def test_stopped_and_begun_again(place: Path, name: str) -> None:
    stop_and_go_on(JOBS[name], place, rounds=1, seed=1)


@pytest.mark.long
@pytest.mark.parametrize("name", JOBS)
def test_stopped_ten_times(place: Path, name: str) -> None:
    stop_and_go_on(JOBS[name], place, rounds=10, seed=2)


@pytest.mark.parametrize(
    "name", ["init", *(pytest.param(name, marks=pytest.mark.long) for name in ("synth", "run", "sweep"))]
)
def test_a_full_disk_names_what_was_written_and_leaves_no_half(place: Path, name: str) -> None:
    """The limit of a file's size stands in for the disk: no mount is needed."""
    job = JOBS[name]
    code, said = finish(begin(job.arguments, place))  # whatever is kept for later runs is made
    assert code == 0, said
    whole = content(place / job.target)
    for target in (place / "results", place / job.target):
        shutil.rmtree(target, ignore_errors=True)

    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))

    code, said = finish(begin(job.arguments, place, full))
    assert (code, said) == (1, f"{job.target}{'.unfinished' * (name == 'sweep')}: File too large\n")
    assert not (place / job.target).exists()
    assert [left for left in there(place) if ".unfinished-" in left] == []
    code, said = finish(begin(f"{job.arguments} {job.again}", place))
    assert code == 0, said
    assert content(place / job.target) == whole


def stop_early(tmp_path: Path, rounds: int, seed: int) -> None:
    chance = random.Random(seed)
    for number in range(rounds):
        process = begin("params dibao", tmp_path)
        time.sleep(0.3 * (number + chance.random()) / rounds)
        sent = chance.choice([signal.SIGTERM, signal.SIGINT])
        process.send_signal(sent)
        code, said = finish(process)
        assert code in (0, SIGNALS[sent], -sent)
        assert said == ("interrupted; nothing incomplete is left behind\n" if code > 0 else "")


def test_a_stop_in_the_first_moments_is_one_line(tmp_path: Path) -> None:
    stop_early(tmp_path, 3, 3)


@pytest.mark.long
def test_a_stop_in_any_of_the_first_moments_is_one_line(tmp_path: Path) -> None:
    stop_early(tmp_path, 40, 4)


def test_what_the_caller_ignores_stays_ignored(tmp_path: Path) -> None:
    """As `nohup` and background jobs of a shell script do."""
    process = begin("params dibao", tmp_path, lambda: signal.signal(signal.SIGINT, signal.SIG_IGN) and None)
    process.send_signal(signal.SIGINT)
    code, said = finish(process)
    assert (code, said) == (0, "")


def shell(line: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", f"set -o pipefail; {line}"],
        cwd=cwd,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "",  # as in a user's shell: what was printed is still in a buffer
            "M": f'{sys.executable} -c "from microsim.cli.entry import main; main()"',
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("arguments", ["params", "--help"])
def test_an_output_that_cannot_be_written(tmp_path: Path, arguments: str) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full")
    done = shell(f"eval $M {arguments} > /dev/full", tmp_path)
    assert (done.returncode, done.stderr) == (1, "the output: No space left on device\n")


def test_an_output_that_nobody_reads(tmp_path: Path) -> None:
    for line, codes in (
        ("eval $M params | head -1", {0, 1}),
        ("eval $M params >&-", {0}),
        ("eval $M run none.yaml 2>&-", {2}),
    ):
        done = shell(line, tmp_path)
        assert done.returncode in codes, line
        assert done.stderr == ""
