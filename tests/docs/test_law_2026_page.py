"""docs/law/2026-families.md says what the two scenarios of 2026 give the typical families now."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_the_page_is_up_to_date() -> None:
    spec = importlib.util.spec_from_file_location("law_2026_page", ROOT / "tools" / "law_2026_page.py")
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert tool.PAGE.read_text(encoding="utf-8") == tool.page(), "run: python tools/law_2026_page.py"
