"""What commands print in Chinese holds no English sentence, and in English no Chinese."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from microsim.cli.main import COMMANDS, cli
from tests.language.sentences import CHINESE, english_in

ROOT = Path(__file__).resolve().parents[2]


def printed(*arguments: str) -> str:
    done = CliRunner().invoke(cli, list(arguments))
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.output


def test_what_a_sentence_is() -> None:
    assert english_in("no such file or folder") == ["no such file or folder"]
    assert english_in("没有dibao.line；microsim params lists all of them") == []


@pytest.mark.parametrize("command", [(), *((name,) for name in COMMANDS)])
def test_help(command: tuple[str, ...]) -> None:
    text = printed(*command, "--help", "--lang", "zh")
    assert CHINESE.search(text)
    assert english_in(text) == []
    in_english = printed(*command, "--help", "--lang", "en")
    assert not CHINESE.search("".join(line for line in in_english.splitlines() if "microsim " not in line))


@pytest.mark.parametrize(
    "arguments",
    [
        ("params", "dibao"),
        ("rules", "dibao"),
        ("rules", "dibao_entitlement"),
        ("params", "dibao.line", "--json"),
        ("rules", "dibao_entitlement", "--json"),
        ("schema",),
    ],
)
def test_the_law(arguments: tuple[str, ...]) -> None:
    text = printed(*arguments, "--lang", "zh")
    assert CHINESE.search(text)
    assert english_in(text) == []


BAD = sorted(
    path
    for kind in ("scenario", "sweep", "families")
    for path in (ROOT / "tests/bad_input" / kind).glob("*.yaml")
)


@pytest.mark.parametrize("path", BAD, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_errors_keep_their_place_and_are_in_chinese(path: Path) -> None:
    text = printed("check", str(path), "--lang", "zh")
    assert CHINESE.search(text)
    assert english_in(text) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("run",),
        ("run", "nothing.yaml"),
        ("nothing",),
    ],
)
def test_what_is_typed_wrongly(arguments: tuple[str, ...]) -> None:
    text = printed("--lang", "zh", *arguments)
    assert CHINESE.search(text)
    assert english_in(text) == []
