"""The walk-through from the census table to the results: its files, its numbers, its commands."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from microsim.cli.main import cli
from microsim.documents import parse_document
from tests.population.census.census_table import ROOT, real_census

PAGE = ROOT / "docs" / "walkthrough.zh-CN.md"


def blocks(kind: str, within: str | None = None) -> list[str]:
    """The text of each code block of a kind, in the order of the page or of a part of it."""
    text = PAGE.read_text(encoding="utf-8") if within is None else within
    return re.findall(rf"^```{kind}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def files() -> dict[str, str]:
    """The files that the reader writes: the first line of each names it."""
    return {text.split("\n", 1)[0].removeprefix("# "): text for text in blocks("yaml")}


def commands(within: str | None = None) -> list[list[str]]:
    """The commands of microsim that the reader types."""
    text = "\n".join(blocks("sh", within)).replace("\\\n", " ")
    return [shlex.split(line)[1:] for line in text.splitlines() if line.startswith("microsim ")]


def test_every_number_that_is_typed_is_listed_with_its_source() -> None:
    listed = PAGE.read_text(encoding="utf-8").split("## 敲入的每一个数字及其出处")[1].split("\n## ")[0]
    typed = set()

    def gather(value: object) -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                gather(key)
                gather(inner)
        elif isinstance(value, list):
            for inner in value:
                gather(inner)
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            typed.add(str(value))

    for text in files().values():
        gather(parse_document(text, PAGE).data)
    for command in commands():
        typed |= set(re.findall(r"(?<==)\d+(?:\.\d+)?", " ".join(command)))
    assert typed
    assert {number for number in typed if number not in listed} == set()


def test_the_files_of_the_page_are_those_that_its_commands_use() -> None:
    named = {word for command in commands() for word in command if word.endswith(".yaml")}
    assert named <= {*files(), "xi.yaml"}
    assert {text.split("base: ")[1].split("\n")[0] for text in files().values() if "base: " in text} <= set(
        files()
    )


def sections() -> list[str]:
    """The parts of the page, each under its heading."""
    return PAGE.read_text(encoding="utf-8").split("\n## ")[1:]


def numbers_of(text: str) -> set[str]:
    """Numbers as they are read: of three digits, with decimals, or in per cent."""
    return set(re.findall(r"\d{1,3}(?:,\d{3})+|\d+\.\d+|\d{3,}|\d+(?= ?%)", text))


def test_what_is_said_of_results_is_in_the_lines_shown_or_typed() -> None:
    """Words and lines of a section cannot come apart; the lines are held by the test below."""
    shown = "\n".join(blocks("text") + blocks("yaml") + blocks("sh"))
    known = numbers_of(shown) | {"100"}
    for section in sections():
        if "```text" in section:
            words = re.sub(r"^```.*?^```$|`[^`]*`", "", section, flags=re.DOTALL | re.MULTILINE)
            assert numbers_of(words) <= known, section.splitlines()[0]


@pytest.mark.long
@pytest.mark.slow
def test_the_commands_of_the_page_print_what_it_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every line that the page shows is printed by the commands of its section, to the last digit.

    Blanks between columns are left aside: another row may widen them.
    """
    (tmp_path / "census2020.csv.gz").symlink_to(real_census().resolve())
    for name, text in files().items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MICROSIM_LANG", "zh")
    missing = []
    for section in sections():
        printed: list[str] = []
        for command in commands(section):
            done = CliRunner().invoke(cli, command)
            assert done.exit_code == 0, (command, done.output)
            printed += [" ".join(line.split()) for line in done.output.splitlines()]
        missing += [
            line
            for text in blocks("text", section)
            for line in text.splitlines()
            if " ".join(line.split()) not in printed
        ]
    assert missing == []
    assert (tmp_path / "results" / "xi-80" / "figures" / "winners_and_losers.png").is_file()
