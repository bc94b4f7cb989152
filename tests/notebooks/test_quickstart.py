"""The quick start as it is committed: short, bilingual, without outputs. `test_executed.py` runs it too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def cells(root: Path) -> list[dict[str, Any]]:
    text = (root / "notebooks" / "01-quickstart.ipynb").read_text(encoding="utf-8")
    found: list[dict[str, Any]] = json.loads(text)["cells"]
    return found


def test_it_is_short(cells: list[dict[str, Any]]) -> None:
    assert len(cells) <= 12
    assert all(len(cell["source"]) <= 22 for cell in cells)


def test_outputs_are_left_out(cells: list[dict[str, Any]]) -> None:
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert code
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)


def test_headings_are_in_both_languages(cells: list[dict[str, Any]]) -> None:
    lines = [line for cell in cells if cell["cell_type"] == "markdown" for line in cell["source"]]
    headings = [line for line in lines if line.startswith("#")]
    assert len(headings) >= 5
    for heading in headings:
        english, _, chinese = heading.partition(" · ")
        assert english.isascii()
        assert any("\u4e00" <= character <= "\u9fff" for character in chinese)


def test_the_files_it_names_are_there(cells: list[dict[str, Any]], root: Path) -> None:
    text = "".join(line for cell in cells for line in cell["source"])
    for file in ("h-county-2020", "sweep-line", "unify-linear-2027"):
        assert f"scenarios/{file}.yaml" in text
        assert (root / "scenarios" / f"{file}.yaml").is_file()
