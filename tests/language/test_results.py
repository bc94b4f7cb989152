"""What every command prints and writes: in Chinese without an English sentence, in English without Chinese.

A command without an errand here fails. Left aside: what is read by machines (JSON, Parquet, the law as code), what a user typed
(YAML), and names.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as Xml

import openpyxl
from click.testing import CliRunner

from microsim.cli.main import COMMANDS, cli

ROOT = Path(__file__).resolve().parents[2]
BASE = """\
title: {en: A small county, zh: 小县}
county: county
law: 2020-12-31
changes:
  dibao.line: {by: {rural: 4600, urban: 7000}}
"""
REFORM = """\
title: {en: A higher line, zh: 提高标准}
base: base.yaml
changes:
  dibao.line: {by: {rural: 5200}}
"""
UNIFY = """\
title: {en: One line, zh: 统一标准}
base: base.yaml
years: [2021, 2023]
changes:
  dibao.line.rural: {path: linear, ratio_to: dibao.line.urban, from: {2021: 0.7}, to: {2023: 0.9}}
economy: {income_growth: 0.06, price_growth: 0.02}
"""
SWEEP = """\
title: {en: Lines, zh: 标准}
base: base.yaml
axes:
  dibao.line.rural: [4600, 5200]
"""
ERRANDS: dict[str, list[str]] = {
    "run": ["run base.yaml reform.yaml --out out --xlsx"],
    "compare": ["compare base.yaml reform.yaml --out out --xlsx"],
    "cliffs": ["cliffs base.yaml reform.yaml --out out --xlsx"],
    "sweep": ["sweep sweep.yaml --out out/sweep --xlsx"],
    "unify": ["unify unify.yaml --out out --xlsx"],
    "calibrate": ["calibrate county --recipients rural=900", "calibrate county --recipients rural=9000000"],
    "explain": ["explain base.yaml --household 7", "explain base.yaml --household 7 --trace"],
    "params": ["params", "params --unsourced base.yaml"],
    "rules": ["rules", "rules dibao --graph --out graph.svg"],
    "kernel": ["kernel base.yaml"],
    "check": ["check base.yaml reform.yaml unify.yaml sweep.yaml county profile.yaml"],
    "test": ["test cases", "test broken"],
    "profile": [
        "profile --census census.csv --county 640522 --out haiyuan.yaml",
        "profile --census census.csv --county 640522 --like all --scenario base.yaml --out range",
    ],
    "synth": ["synth profile.yaml --out made --households 400 --report --xlsx"],
    "import": ["import civil-register recipients.csv --out recipients"],
    "schema": ["schema"],
    "init": ["init here"],
}


def test_every_command_has_an_errand() -> None:
    assert set(ERRANDS) == set(COMMANDS)


class Said(NamedTuple):
    """A text that somebody reads, and where it stands."""

    place: str
    text: str


def said_in(path: Path) -> Iterator[Said]:
    """The texts of a written file; none of those that only machines read."""
    if path.suffix in (".csv", ".md", ".txt"):
        yield Said(path.name, path.read_text(encoding="utf-8-sig"))
    elif path.suffix == ".svg":
        drawn = Xml.parse(path).getroot()
        yield Said(
            path.name,
            "\n".join("".join(node.itertext()) for node in drawn.iter() if node.tag.endswith("}text")),
        )
        yield Said(
            path.name,
            "\n".join(node.text or "" for node in drawn.iter() if node.tag.endswith(("}title", "}desc"))),
        )
    elif path.suffix == ".xlsx":
        for sheet in openpyxl.load_workbook(path, read_only=True):
            cells = [
                sheet.title,
                *(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None),
            ]
            yield Said(f"{path.name} {sheet.title}", "\n".join(cells))


def errands(folder: Path, lang: str) -> Iterator[tuple[str, list[Said]]]:
    """Each errand, what it printed and what it wrote."""
    for texts in ERRANDS.values():
        for text in texts:
            before = set(folder.rglob("*"))
            done = CliRunner().invoke(cli, [*text.split(), *([] if "--lang" in text else ["--lang", lang])])
            assert done.exception is None or isinstance(done.exception, SystemExit), (text, done.exception)
            written = sorted(path for path in set(folder.rglob("*")) - before if path.is_file())
            yield text, [Said("printed", done.output), *(said for path in written for said in said_in(path))]
