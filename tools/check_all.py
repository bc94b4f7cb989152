"""All checks, also those that are long or need other programs; writes docs/check-all.md.

    python tools/check_all.py

A check whose program is missing is reported as skipped, with what is missing, and never as passed.
"""

from __future__ import annotations

import datetime as dt
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from all_counties import census_file

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.browser import missing_programs  # noqa: E402

UV = [sys.executable, "-m", "uv"]
QUICK = ["-m", "not long", "-n", "2", "-q", "tests", "microsim"]


@dataclass(frozen=True)
class Check:
    """Commands to run one after the other, or the reason why they cannot be."""

    name: str
    commands: tuple[list[str], ...] = ()
    missing: str = ""


def interpreter(version: str) -> str | None:
    """An interpreter of that version which really starts, or None."""
    found = shutil.which(f"python{version}")
    if found is None or subprocess.run([found, "--version"], capture_output=True, check=False).returncode:
        return None
    return found


def checks(scratch: Path) -> Iterator[Check]:
    """The checks in order; environments are made below ``scratch``."""
    install = [*UV, "pip", "install", "--quiet", "--python"]
    yield Check("make ci", (["make", "ci"],))
    yield Check("long tests", (["make", "test-long"],))
    # They click through pages and open briefs. What they skip for lack of a program is named here.
    if lacking := missing_programs():
        yield Check("the pages of explore and of a sweep in a browser", missing=lacking)
    if lacking := ", ".join(name for name in ("soffice", "pdftotext") if shutil.which(name) is None):
        yield Check("briefs as an office and a reader show them", missing=f"{lacking} not on PATH")
    yield Check("the site with the results of notebooks", (["make", "docs", "NOTEBOOKS=cache"],))
    yield Check("CITATION.cff", ([*UV, "tool", "run", "cffconvert", "--validate"],))
    for version in ("3.11", "3.12", "3.13"):
        python = interpreter(version)
        if python is None:
            yield Check(f"tests on Python {version}", missing=f"python{version} is not on PATH")
            continue
        home = scratch / version
        target = str(home / "bin" / "python")
        yield Check(
            f"tests on Python {version}",
            (
                [*UV, "venv", "--quiet", "--python", python, str(home)],
                [
                    "env",
                    f"UV_PROJECT_ENVIRONMENT={home}",
                    *UV,
                    "sync",
                    "--quiet",
                    "--frozen",
                    "--extra",
                    "dev",
                ],
                [target, "-m", "pytest", *QUICK],
            ),
        )
    lowest = scratch / "lowest"
    target = str(lowest / "bin" / "python")
    yield Check(
        "tests with the oldest libraries allowed",
        (
            [*UV, "venv", "--quiet", "--python", sys.executable, str(lowest)],
            [*install, target, "--resolution", "lowest-direct", "-e", ".[dev]"],
            [target, "-m", "pytest", *QUICK],
        ),
    )
    if census_file(None) is None:
        yield Check("all counties of the census", missing="no census tables (MICROSIM_CENSUS names them)")
    else:
        counties = [sys.executable, "tools/all_counties.py", "--report", "docs/all-counties.md"]
        yield Check("all counties of the census", (counties,))
    # The wheel is made out of the source distribution: what that lacks, the wheel lacks too.
    wheel = scratch / "wheel"
    microsim = str(wheel / "bin" / "microsim")
    yield Check(
        "the wheel alone, in an empty environment",
        (
            [*UV, "build", "--quiet", "--out-dir", str(scratch / "dist")],
            [*UV, "venv", "--quiet", "--python", sys.executable, str(wheel)],
            ["sh", "-c", f"{' '.join(install)} {wheel}/bin/python {scratch}/dist/*.whl"],
            ["env", "-C", str(scratch), microsim, "params", "dibao"],
            ["env", "-C", str(scratch), microsim, "init", "work"],
            ["env", "-C", str(scratch / "work"), microsim, "run", "scenarios/h-county-2020.yaml"],
        ),
    )


def run(check: Check) -> tuple[str, float]:
    """Outcome and seconds."""
    if check.missing:
        return f"skipped: {check.missing}", 0.0
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONDONTWRITEBYTECODE", "VIRTUAL_ENV")}
    begin = time.monotonic()
    for command in check.commands:
        code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
        # 5: pytest found no test, as where nothing is marked long.
        if code == 5 and "pytest" in command:
            return "skipped: no such tests", time.monotonic() - begin
        if code:
            return "FAILED", time.monotonic() - begin
    return "passed", time.monotonic() - begin


def report(rows: list[tuple[str, str, float]]) -> str:
    """The report as Markdown."""
    lines = [
        "# The last run of `make check-all`",
        "",
        f"{dt.date.today().isoformat()}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}.",
        "",
        "| check | outcome | seconds |",
        "|---|---|---:|",
    ]
    lines += [f"| {name} | {outcome} | {seconds:.0f} |" for name, outcome, seconds in rows]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Run everything, write the report, and return 1 where a check failed."""
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        for check in checks(Path(scratch)):
            print(f"== {check.name}", flush=True)
            outcome, seconds = run(check)
            print(f"== {check.name}: {outcome}", flush=True)
            rows.append((check.name, outcome, seconds))
    text = report(rows)
    (ROOT / "docs" / "check-all.md").write_text(text, encoding="utf-8")
    print(text)
    return int(any(outcome == "FAILED" for _, outcome, _ in rows))


if __name__ == "__main__":
    sys.exit(main())
