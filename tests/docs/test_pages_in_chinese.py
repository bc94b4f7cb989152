"""Chinese pages that are full versions of the English ones show the same code and tables of the same rows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"
FULL = ("brief", "calibration", "cliffs", "explore", "offices", "solve", "sweeps", "unification")
BLOCK = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)


def shape(text: str) -> dict[str, list[object]]:
    """What two pages have in common whatever their language."""
    prose = BLOCK.sub("", text)
    rows = re.findall(r"^\|.*$", prose, re.MULTILINE)
    return {
        "code": BLOCK.findall(text),
        "headings": [len(level) for level in re.findall(r"^(#+) ", prose, re.MULTILINE)],
        "names in tables": [sorted(re.findall(r"`([^`]+)`", row)) for row in rows],
    }


@pytest.mark.parametrize("name", FULL)
def test_both_pages_show_the_same(name: str) -> None:
    english, chinese = ((DOCS / f"{name}{end}").read_text(encoding="utf-8") for end in (".md", ".zh-CN.md"))
    assert shape(english) == shape(chinese)
    names = [set(re.findall(r"`([^`\n]+)`", BLOCK.sub("", page))) for page in (english, chinese)]
    assert names[0] <= names[1]  # the Chinese explains in words what comments of the code say in English


def test_another_shape_is_found() -> None:
    page = "# A\n\n| `a` | b |\n\n```sh\nls  # c\n```\n"
    assert shape(page)["names in tables"] == [["a"]]
    for other in (page.replace("# c", "# d"), page.replace("`a`", "a"), page.replace("# A", "## A")):
        assert shape(other) != shape(page)
