"""Commands, options and files completed by shells: the scripts in those that are here, and the answers."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Call

ROOT = Path(__file__).resolve().parents[2]
ASKED = {
    "bash": """
source microsim.bash
compopt() { :; }
COMP_WORDS=(microsim policy); COMP_CWORD=1
_microsim_completion microsim
echo "${COMPREPLY[@]}"
""",
    "fish": 'source microsim.fish; complete -C "microsim policy"',
    # Zsh completes at a prompt alone: that it takes the script and knows its function is what can be asked.
    "zsh": "autoload -U compinit; compinit -u -D; source microsim.zsh; echo $_comps[microsim]",
}
FOUND = {"bash": "policy-effects", "fish": "policy-effects", "zsh": "_microsim_completion"}


@pytest.fixture
def program(tmp_path: Path) -> dict[str, str]:
    """An environment in which `microsim` is on the path."""
    file = tmp_path / "bin" / "microsim"
    file.parent.mkdir()
    file.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m microsim.cli.main "$@"\n', encoding="utf-8")
    file.chmod(0o755)
    path = f"{file.parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "HOME": str(tmp_path)}


@pytest.mark.slow
@pytest.mark.parametrize("shell", ASKED)
def test_a_shell_completes_a_command(call: Call, program: dict[str, str], tmp_path: Path, shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    script = call("completion", shell).stdout_bytes
    assert b"\r" not in script
    (tmp_path / f"microsim.{shell}").write_bytes(script)
    done = subprocess.run(
        [shell, "-c", ASKED[shell]], env=program, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [FOUND[shell], *done.stdout.split()[1:]]


def asked(shell: str, words: str, number: int, **env: str) -> str:
    """What the program answers to a shell."""
    done = subprocess.run(
        [sys.executable, "-m", "microsim.cli.main"],
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "_MICROSIM_COMPLETE": f"{shell}_complete",
            "COMP_WORDS": words,
            "COMP_CWORD": str(number),
            **env,
        },
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return done.stdout


@pytest.mark.parametrize(
    ("words", "number", "expected"),
    [
        ("microsim pol", 1, "plain,policy-effects"),
        ("microsim run x", 2, "file,x"),
        ("microsim run --xl", 2, "plain,--xlsx"),
    ],
)
def test_commands_files_and_options_are_found(words: str, number: int, expected: str) -> None:
    assert asked("bash", words, number).split() == [expected]


def test_powershell_gets_the_same_answers(call: Call) -> None:
    """PowerShell itself is not tried here."""
    script = call("completion", "powershell").stdout
    assert "Register-ArgumentCompleter -Native -CommandName microsim" in script
    assert "policy-effects" in asked("powershell", "microsim pol", 1).split()


def test_the_help_is_in_the_language_in_force() -> None:
    in_chinese = asked("zsh", "microsim run --xl", 2, MICROSIM_LANG="zh")
    assert "--xlsx" in in_chinese
    assert "Excel" in in_chinese
    assert "Also write" not in in_chinese


def test_another_shell_is_refused(call: Call) -> None:
    assert call("completion", "csh").exit_code == 2
