"""Every command of the README and of the quick start, in a fresh clone and a bare environment."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
READMES = ("README.md", "README.zh-CN.md")
QUICKSTARTS = ("docs/quickstart.md", "docs/quickstart.zh-CN.md")
# What is not run here, and why.
LEFT_OUT = {
    "git clone": "the clone is made already",
    "cd microsim": "commands run in the clone",
    "make test": "runs the tests of the clone, which are these",
    "make fast": "runs the tests of the clone, which are these",
    ".venv/bin/pytest": "runs the tests of the clone, which are these",
    ".venv/bin/python tools/check_all.py": "runs the tests of the clone, which are these",
    ".venv/bin/python -m benchmarks.run": "runs for a quarter of an hour",
    ".venv/bin/jupyter lab": "waits for a browser; the notebooks have tests of their own",
    "microsim explore": "waits for a browser until Ctrl-C; it has tests of its own",
    "microsim nation": "the census tables are not part of microsim",
}
# What a reader puts in place of a word in capitals.
PUT_IN = {"COUNTY": "data/synthetic/central-county"}


def shell_lines(text: str) -> list[str]:
    """Commands of the shell blocks, without comments."""
    blocks = re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    lines = [re.sub(r"\s+#.*$", "", line) for block in blocks for line in block.splitlines()]
    return [line for line in lines if line]


def table_lines(text: str) -> list[str]:
    """Commands in the table of plain commands and in the lines about notebooks."""
    return [
        command
        for line in text.splitlines()
        if line.startswith("| ") or "jupyter lab" in line
        for command in re.findall(r"`((?:\.venv/bin/|python3 -m |make )[^`]*)`", line)
    ]


def steps(page: str) -> Iterator[tuple[str, str]]:
    """What a reader does in order: a ``file`` with its text, ``python``, or one command of ``sh``."""
    text = (ROOT / page).read_text(encoding="utf-8")
    for kind, block in re.findall(r"^```(\w+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        if kind == "yaml":
            yield "file", block
        elif kind == "python":
            yield "python", block
        elif kind == "sh":
            yield from (("sh", line) for line in shell_lines(f"```sh\n{block}```"))
    yield from (("sh", line) for line in dict.fromkeys(table_lines(text)) if not line.startswith("make "))


def left_out(command: str) -> bool:
    """Whether a command is not run here."""
    return any(re.match(rf"{re.escape(start)}(?![\w-])", command) for start in LEFT_OUT)


@pytest.mark.parametrize("pages", [READMES, QUICKSTARTS], ids=["readme", "quick start"])
def test_both_languages_have_the_same_commands(pages: tuple[str, str]) -> None:
    english, chinese = ((ROOT / page).read_text(encoding="utf-8") for page in pages)
    in_chinese_only = {"export MICROSIM_LANG=zh"}

    def typed(text: str) -> list[str]:
        lines = [line for line in shell_lines(text) if line not in in_chinese_only]
        return ["git clone" if line.startswith("git clone") else line for line in lines]

    assert typed(english) == typed(chinese)
    assert table_lines(english) == table_lines(chinese)
    assert typed(english)


def test_what_is_left_out_is_on_a_page() -> None:
    typed = [
        command
        for page in (*READMES, *QUICKSTARTS)
        for text in [(ROOT / page).read_text(encoding="utf-8")]
        for command in [*shell_lines(text), *table_lines(text)]
    ]
    assert [start for start in LEFT_OUT if not any(command.startswith(start) for command in typed)] == []


@pytest.mark.long
@pytest.mark.parametrize("page", ["README.md", "docs/quickstart.md", "docs/quickstart.zh-CN.md"])
def test_the_commands_run_in_a_fresh_clone(page: str, tmp_path: Path) -> None:
    clone = tmp_path / "microsim"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
    (tmp_path / "home").mkdir()
    path = ":".join(["/usr/local/bin", "/usr/bin", "/bin", str(Path(sys.base_prefix) / "bin")])
    bare = {"HOME": str(tmp_path / "home"), "PATH": path}
    before = []
    failed = []
    for kind, text in steps(page):
        if kind == "file":
            name = text.splitlines()[0].removeprefix("# ")
            (clone / name).write_text(text, encoding="utf-8")
            continue
        command = text if kind == "sh" else "python - <<'END'\n" + text + "\nEND"
        if kind == "sh" and left_out(command):
            continue
        for word, instead in PUT_IN.items():
            command = re.sub(rf"\b{word}\b", instead, command)
        begin = time.monotonic()
        script = "\n".join(["set -e", *before, command])
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=clone,
            env=bare,
            capture_output=True,
            text=True,
            check=False,
            timeout=1800,
        )
        sys.stderr.write(f"{time.monotonic() - begin:7.1f} s  {command.splitlines()[0]}\n")
        if done.returncode:
            failed.append(f"{command}\n{done.stdout[-1500:]}{done.stderr[-1500:]}")
        elif command.startswith((". ", "export ")):
            before.append(command)
    assert not failed, "\n\n".join(failed)
    if page != "README.md":
        assert (clone / "results" / "my-scenario-brief.docx").is_file()
