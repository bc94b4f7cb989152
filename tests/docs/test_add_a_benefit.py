"""The page on adding a benefit, followed in a copy of the checkout: its files saved, its commands run."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "add-a-benefit.md"
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
ENTRY = "import sys; sys.argv[0] = 'microsim'; from microsim.cli.entry import main; main()"
PRINTED = [text for kind, text in BLOCKS if kind == "text"]
PROGRAMS: dict[str, list[str]] = {
    "microsim": ["-c", ENTRY],
    "pytest": ["-m", "pytest", "-p", "no:cacheprovider"],
}


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what the page needs of the checkout, with the page's files saved in it."""
    copy = tmp_path_factory.mktemp("checkout")
    for folder in ("microsim", "scenarios", "tests/law", "data/synthetic/h-county"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("pyproject.toml", "tests/conftest.py", "tests/untraced.py"):
        shutil.copy(ROOT / file, copy / file)
    for _, text in BLOCKS:
        named = re.match(r"# ([\w./-]+\.(?:py|yaml))\n", text)
        if named:
            path = copy / named[1]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text[named.end() :], encoding="utf-8")
    return copy


def run(checkout: Path, words: list[str]) -> str:
    done = subprocess.run(
        [sys.executable, *words],
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": str(checkout), "COLUMNS": "100"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def commands(*begin: str) -> list[list[str]]:
    """The page's commands that begin so, as Python is given them."""
    lines = [line for kind, text in BLOCKS if kind == "sh" for line in text.splitlines()]
    chosen = [shlex.split(line) for line in lines if line.startswith(begin)]
    assert chosen
    return [PROGRAMS[words[0]] + words[1:] for words in chosen]


def test_the_benefit_is_found_and_shown_as_printed(checkout: Path) -> None:
    shown = "".join(run(checkout, words) for words in commands("microsim params", "microsim rules"))
    assert PRINTED[0] in shown
    assert "lunch_money_benefit  (household, yuan/year)" in shown


@pytest.mark.slow
def test_its_case_and_its_scenario_are_good(checkout: Path) -> None:
    (case,) = commands("pytest")
    assert "1 passed" in run(checkout, case)
    (check,) = commands("microsim check")
    assert "good scenario" in run(checkout, check)


@pytest.mark.compiled
@pytest.mark.long
def test_it_is_run_against_the_base(checkout: Path) -> None:
    (reform,) = commands("microsim run")
    assert PRINTED[1] in run(checkout, reform)
    assert (checkout / "results" / "lunch-money" / "figures" / "cost.svg").is_file()
