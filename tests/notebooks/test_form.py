"""The notebooks as committed: numbered, short, in both languages, without outputs."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
PATHS = sorted(NOTEBOOKS.glob("*.ipynb"))
CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.fixture(params=PATHS, ids=lambda path: path.stem)
def cells(request: pytest.FixtureRequest) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(request.param.read_text(encoding="utf-8"))["cells"]
    return found


def texts(cells: list[dict[str, Any]], kind: str) -> list[str]:
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == kind]


def test_there_are_eight_and_both_readmes_list_them() -> None:
    assert [path.name[:3] for path in PATHS] == [f"0{k}-" for k in range(1, 9)]
    for readme in ("README.md", "README.zh-CN.md"):
        text = (NOTEBOOKS.parent / readme).read_text(encoding="utf-8")
        assert [path.name for path in PATHS if f"(notebooks/{path.name})" not in text] == [], readme


def test_it_is_short(cells: list[dict[str, Any]]) -> None:
    assert len(cells) <= 18
    assert all(len(cell["source"]) <= 42 for cell in cells)


def test_outputs_are_left_out(cells: list[dict[str, Any]]) -> None:
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert code
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)


def test_headings_and_texts_are_in_both_languages(cells: list[dict[str, Any]]) -> None:
    pieces = [re.sub(r"```.*?```", "", piece, flags=re.DOTALL) for piece in texts(cells, "markdown")]
    headings = [line for piece in pieces for line in piece.splitlines() if re.match("#+ ", line)]
    assert len(headings) >= 4
    for heading in headings:
        english, _, chinese = heading.partition(" · ")
        assert english.isascii()
        assert CHINESE.search(chinese)
    for piece in pieces:
        paragraphs = [part for part in piece.split("\n\n") if part and not part.startswith("#")]
        if not paragraphs:
            continue
        # A paragraph in English, then the same in Chinese; or both in one line.
        assert any(CHINESE.search(part) for part in paragraphs), piece
        assert any(re.search("[a-z]{3,} [a-z]{2,}", part) for part in paragraphs), piece


def test_the_files_it_names_are_there(cells: list[dict[str, Any]]) -> None:
    text = "\n".join(texts(cells, "markdown") + texts(cells, "code"))
    named = set(re.findall(r"\]\(([^)#]+)\)", text)) | {
        f"../{one}" for one in re.findall(r"(?<![\w./-])scenarios/[\w-]+\.yaml", text)
    }
    assert [one for one in named if not (NOTEBOOKS / one).exists()] == []
