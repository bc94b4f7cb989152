"""The commands as a shell sees them: exit codes, streams, speed of the first answer."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.scenario.small_county import SCENARIO, write

COMMAND = [sys.executable, "-c", "from microsim.cli.main import main; main()"]


def shell(*arguments: object, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2]), **env},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture
def quick(scenario: Path) -> Path:
    """A scenario of numbers without charts."""
    return write(scenario.parent, SCENARIO + "outputs: [inequality]\n", "quick.yaml")


def test_help_imports_nothing_heavy(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from click.testing import CliRunner\n"
        "from microsim.cli.main import cli\n"
        "assert CliRunner().invoke(cli, ['--help']).exit_code == 0\n"
        "print(*sorted({name.split('.')[0] for name in sys.modules}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])},
        capture_output=True,
        text=True,
        check=True,
    )
    heavy = {"numpy", "numba", "pandas", "matplotlib", "pyarrow", "rich", "yaml"}
    assert heavy & set(done.stdout.split()) == set()


def test_help_answers_at_once(tmp_path: Path) -> None:
    def once() -> float:
        # Processor time, not the clock: other tests run at the same time.
        before = os.times()
        assert shell("--help", cwd=tmp_path).returncode == 0
        after = os.times()
        return after.children_user + after.children_system - before.children_user - before.children_system

    assert min(once() for _ in range(5)) < 0.4


def test_bad_input_is_code_2_without_traceback(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text(
        "county: nowhere\nlaw: 2020-12-31\noutputs: [csot]\n", encoding="utf-8"
    )
    done = shell("run", "bad.yaml", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "bad.yaml:1:1: no county at 'nowhere'" in done.stderr
    assert "bad.yaml:3:11: no such output 'csot'; did you mean 'cost'?" in done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["bad.yaml"]


def test_output_is_plain_where_nobody_looks(tmp_path: Path, quick: Path) -> None:
    done = shell("run", quick, "--lang", "zh", cwd=tmp_path, PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert "\x1b" not in done.stdout
    assert (tmp_path / "results" / "quick" / "manifest.json").is_file()


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX")
def test_a_killed_run_leaves_nothing_that_looks_finished(tmp_path: Path, quick: Path) -> None:
    code = (
        "import os, signal, microsim.report.run as run\n"
        "def stop(*_): os.kill(os.getpid(), signal.SIGKILL)\n"
        "import microsim.staging as staging\n"
        "staging.os.rename = stop\n"
        "from microsim.cli.main import main\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "run", str(quick), "-q"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])},
        capture_output=True,
        check=False,
    )
    assert done.returncode == -9
    assert all(path.name.startswith(".") for path in (tmp_path / "results").iterdir())
    # The next run is not disturbed by what the killed one left.
    assert shell("run", quick, "-q", cwd=tmp_path).returncode == 0
    assert (tmp_path / "results" / "quick" / "summary.json").is_file()
    assert [path.name for path in (tmp_path / "results").iterdir()] == ["quick"]


def test_a_warning_is_one_line_without_code(tmp_path: Path) -> None:
    code = """
import warnings
from microsim.cli import main
main.cli = lambda **_: warnings.warn("the kernel cache cannot be used", stacklevel=1)
main.main()
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stderr == "warning: the kernel cache cannot be used\n"
