"""The own law of the page on writing rules: files saved, commands run, and every key is in the example."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

import microsim as ms
from microsim.cli.main import cli
from microsim.documents.nodes import now
from microsim.policy.grammar import LAW, PARAMETER, VALUE_KEYS
from tests.scenario.small_county import write

PAGE = Path(__file__).resolve().parents[2] / "docs" / "writing-rules.md"
TEXT = PAGE.read_text(encoding="utf-8").partition("## Your own law")[2].partition("\n## ")[0]
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", TEXT, re.DOTALL)
COMMANDS = [
    line.partition("  #")[0].strip() for kind, text in BLOCKS if kind == "sh" for line in text.splitlines()
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small county with the page's files beside it."""
    place = tmp_path_factory.mktemp("own")
    for kind, text in BLOCKS:
        named = re.match(r"# ([\w./-]+\.(?:py|yaml))\n", text)
        if kind in ("python", "yaml") and named:
            path = place / named[1]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text[named.end() :], encoding="utf-8")
    write(place)
    return place


@pytest.fixture(autouse=True)
def inside(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Commands are run where the files are, and no law of a test stays loaded."""
    monkeypatch.chdir(folder)
    yield
    for name in [name for name in sys.modules if name.startswith("own_law_")]:
        del sys.modules[name]


def run(command: str) -> str:
    done = CliRunner().invoke(cli, shlex.split(command)[1:])
    assert done.exit_code == 0, done.output
    return done.output


@pytest.mark.parametrize("command", [c for c in COMMANDS if not c.startswith("microsim run")])
def test_its_commands_run(command: str) -> None:
    assert run(command)


def test_its_case_passes() -> None:
    (command,) = [c for c in COMMANDS if c.startswith("microsim test")]
    assert run(command) == "1 of 1 cases are as worked out by hand.\n"


@pytest.mark.compiled
@pytest.mark.long
def test_its_scenario_is_run(folder: Path) -> None:
    (command,) = [c for c in COMMANDS if c.startswith("microsim run")]
    assert "mylaw" in run(command)
    assert (folder / "results" / "my-county" / "manifest.json").is_file()


def test_in_python() -> None:
    policy = ms.Policy.load("2024-12-31", own="mylaw")
    assert policy.value("lunch.amount.rural") == 100.0
    assert "lunch_benefit" in policy.rules
    # It begins with its rule: before, the sum over members is not there either.
    assert "lunch_benefit" not in ms.Policy.load("2024-02-29", own="mylaw").rules


def test_every_key_of_a_law_file_is_in_its_example() -> None:
    (text,) = [text for kind, text in BLOCKS if kind == "yaml" and text.startswith("# mylaw/lunch.yaml")]
    data = yaml.safe_load(text)
    assert set(data) == set(now(LAW.fields))
    assert {key for spec in data["parameters"].values() for key in spec} == set(now(PARAMETER.fields))
    values = [v for spec in data["parameters"].values() for v in spec["values"].values()]
    assert {key for value in values for key in value} == set(VALUE_KEYS)
