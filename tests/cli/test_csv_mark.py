"""CSV files for Excel: the mark on request, by one setting for all commands."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

import microsim as ms
from microsim.cli.main import COMMANDS, cli
from microsim.csv_mark import VARIABLE
from tests.cli.conftest import Call
from tests.scenario.small_county import SCENARIO, write

BOM = b"\xef\xbb\xbf"
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def quick(scenario: Path) -> Path:
    """A scenario of numbers without charts."""
    return write(scenario.parent, SCENARIO + "outputs: [inequality]\n", "quick.yaml")


@pytest.mark.parametrize(
    ("options", "variable", "marked"),
    [
        ((), None, False),
        (("--csv-bom",), None, True),
        ((), "1", True),
        (("--no-csv-bom",), "yes", False),
        (("--lang", "zh"), None, True),
        (("--lang", "zh"), "off", False),
        (("--lang", "zh", "--no-csv-bom"), None, False),
    ],
)
@pytest.mark.compiled
def test_the_mark_is_written_where_asked_for(
    call: Call,
    quick: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: tuple[str, ...],
    variable: str | None,
    marked: bool,
) -> None:
    if variable is not None:
        monkeypatch.setenv(VARIABLE, variable)
    assert call("run", quick, "-q", *options).exit_code == 0
    files = sorted(Path("results/quick/tables").glob("*.csv"))
    assert [path.stem for path in files] == ["assumptions", "figures", "lorenz", "sensitivity"]
    assert {path.read_bytes().startswith(BOM) for path in files} == {marked}


@pytest.mark.compiled
def test_the_setting_ends_with_its_command(
    call: Call, quick: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert call("run", quick, "-q", "--csv-bom").exit_code == 0
    found = ms.run(quick)
    assert not found.to_csv(tmp_path / "plain.csv").read_bytes().startswith(BOM)
    monkeypatch.setenv(VARIABLE, "1")
    assert found.to_csv(tmp_path / "marked.csv").read_bytes().startswith(BOM)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_setting_that_is_none_is_refused_before_the_work(
    call: Call, quick: Path, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    monkeypatch.setenv(VARIABLE, "maybe")
    done = call("run", quick, "--lang", lang)
    assert done.exit_code == 2
    said = {
        "en": "MICROSIM_CSV_BOM: is 'maybe', but must be 1 or 0; unset it or correct it",
        "zh": "MICROSIM_CSV_BOM: 为“maybe”，但只能是1或0；请取消设置或更正",
    }
    assert done.stderr.strip() == said[lang]
    assert not Path("results").exists()


def test_every_command_that_writes_tables_has_both() -> None:
    """A sweep's tables are Parquet, and a workbook on request."""
    options = {}
    with click.Context(cli) as top:
        for name in COMMANDS:
            command = cli.get_command(top, name)
            assert command is not None
            options[name] = {one for parameter in command.params for one in parameter.opts}
    with_tables = {name for name, known in options.items() if {"--xlsx", "--csv-bom"} & known}
    writes_csv = with_tables - {"sweep"}
    assert {"run", "compare", "cliffs", "unify", "project", "months", "plan", "ledger", "solve"} <= writes_csv
    assert {name for name in writes_csv if "--csv-bom" not in options[name]} == set()
    # What an import and the range of a profile write beside a population are lists of their own.
    assert {name for name in with_tables if "--xlsx" not in options[name]} == {"import", "profile"}
    studies = {name for name, module in COMMANDS.items() if ".studies." in module}
    assert studies - {"brief", "charts"} <= writes_csv  # they write documents and pictures


@pytest.mark.parametrize("encoding", ["gbk", "ascii", "cp1252", "utf-8"])
def test_json_survives_every_encoding(encoding: str, tmp_path: Path) -> None:
    """A pipe in a Chinese Windows takes GBK, in an English one neither Chinese nor all signs."""
    done = subprocess.run(
        [sys.executable, "-m", "microsim.cli.main", "params", "dibao", "--json", "--lang", "zh"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": encoding},
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )
    labels = {one["name"]: one["label"] for one in json.loads(done.stdout.decode(encoding))}
    assert labels["dibao.enabled"] == "实施最低生活保障"
    assert (b"\\u" in done.stdout) == (encoding != "utf-8")
