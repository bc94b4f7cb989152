"""The Chinese page of sweeps says what the English one says: the same commands, files, parts and tables."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from microsim.sweeps.figures.outputs import MEASURES, OF_PARTS
from microsim.sweeps.sweep_file import read_grid

DOCS = Path(__file__).resolve().parents[2] / "docs"
CODE = re.compile(r"`([^`\n]+)`")


def blocks(text: str) -> list[str]:
    return re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def tables(text: str) -> list[int]:
    """How many rows each table has."""
    return [part.count("\n") for part in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE)]


@pytest.fixture(scope="module")
def pages() -> tuple[str, str]:
    english, chinese = (
        (DOCS / name).read_text(encoding="utf-8") for name in ("sweeps.md", "sweeps.zh-CN.md")
    )
    return english, chinese


def test_both_pages_show_the_same(pages: tuple[str, str]) -> None:
    english, chinese = pages
    assert blocks(english) == blocks(chinese)
    assert len(blocks(english)) >= 5
    assert tables(english) == tables(chinese)
    assert len(re.findall("^## ", english, re.MULTILINE)) == len(re.findall("^## ", chinese, re.MULTILINE))


def test_names_in_the_chinese_page_are_those_of_the_english_one(pages: tuple[str, str]) -> None:
    english, chinese = (
        set(CODE.findall(re.sub(r"^```.*?^```", "", page, flags=re.MULTILINE | re.DOTALL))) for page in pages
    )
    in_blocks = {"linked", "unusual", "scenarios", "axes", "counties", "scenario", "parts", "failed"}
    assert chinese - english <= in_blocks | {"journal.jsonl", "manifest.json"}
    assert english - chinese <= {"linked:", "scenarios:", "counties:"}


def test_the_file_of_the_page_is_one(pages: tuple[str, str], root: Path) -> None:
    (text,) = [block for block in blocks(pages[0]) if block.startswith("title:")]
    place = root / "scenarios" / "of-the-page.yaml"
    assert not place.exists()
    from microsim.documents import parse_document

    data = dict(parse_document(text, place).data)
    data |= {
        "scenario": str(root / "scenarios" / data["scenario"]),
        "counties": str(root / "data/synthetic/*-county"),
    }
    found = read_grid(data)
    assert len(found.points) == 2 * 2 * 3
    assert len(found.counties) > 1


def test_every_part_of_a_sweep_is_named_on_both_pages(pages: tuple[str, str]) -> None:
    for page in pages:
        assert [name for name in OF_PARTS if f"`{name}`" not in page] == []
        named = {name for name in MEASURES if f"`{name}`" in page}
        assert {"revenue_share", "gini"} <= named
