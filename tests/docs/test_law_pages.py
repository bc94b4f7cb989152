"""docs/law says what the law says now."""

import importlib.util
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
