"""Chinese pages say what the English ones say: the same commands, names, pictures, lists and tables."""

from __future__ import annotations

import re

import pytest

from tests.docs.test_sweeps_page import CODE, DOCS, blocks, tables


def names(text: str) -> set[str]:
    """What a page has in code type outside its blocks."""
    return set(CODE.findall(re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)))


@pytest.mark.parametrize("name", ["brief", "explore", "offices"])
def test_both_pages_show_the_same(name: str) -> None:
    english, chinese = (
        (DOCS / f"{name}{ending}").read_text(encoding="utf-8") for ending in (".md", ".zh-CN.md")
    )
    assert blocks(english)
    assert blocks(english) == blocks(chinese)
    assert tables(english) == tables(chinese)
    for mark in ("^## ", "^- ", r"^\d\. "):
        assert len(re.findall(mark, english, re.MULTILINE)) == len(re.findall(mark, chinese, re.MULTILINE))
    pictures = re.findall(r"\((images/[^)]*\.zh-CN\.png)\)", english)
    assert pictures == re.findall(r"\((images/[^)]*)\)", chinese)
    assert names(english) - names(chinese) == set()
    # Comments of blocks are in English: the Chinese page says below what the commands do.
    more = names(chinese) - names(english)
    assert [one for one in more if not any(one in block for block in blocks(english))] == []
