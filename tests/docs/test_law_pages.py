"""docs/law says what the law says now."""

import importlib.util
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def _tool():
    spec = importlib.util.spec_from_file_location("law_pages", ROOT / "tools" / "law_pages.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_page_is_up_to_date():
    assert _tool().stale() == [], "run: python tools/law_pages.py"


def test_an_edited_page_is_noticed(tmp_path):
    tool = _tool()
    for name, text in tool.pages().items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert tool.stale(tmp_path) == []
    page = tmp_path / "dibao.md"
    page.write_text(page.read_text(encoding="utf-8").replace("Order 649", "Order 650", 1), encoding="utf-8")
    (tmp_path / "gone.md").write_text("a programme that is no more", encoding="utf-8")
    assert tool.stale(tmp_path) == ["dibao.md", "gone.md"]


def test_the_law_of_2026_says_the_same_in_both_languages():
    """Section by section as many rows; a Chinese row names all the rules and columns of the English one."""
    sections = {}
    for language, name in (("en", "2026.md"), ("zh", "2026.zh-CN.md")):
        page = (ROOT / "docs" / "law" / name).read_text(encoding="utf-8")
        sections[language] = [
            [set(re.findall(r"`(\w[\w.]*)`", line)) for line in part.splitlines() if line.startswith("|")]
            for part in re.split(r"^## ", page, flags=re.MULTILINE)
        ]
    tables = [[rows for rows in sections[language] if rows] for language in ("en", "zh")]
    assert [len(rows) for rows in tables[0]] == [len(rows) for rows in tables[1]] != []
    for english, chinese in zip(*tables, strict=True):
        for row, same in zip(english, chinese, strict=True):
            assert row <= same, (row, same)
