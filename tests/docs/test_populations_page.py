"""docs/populations.md says how well the counties meet their profiles now."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def _tool():
    spec = importlib.util.spec_from_file_location("population_pages", ROOT / "tools" / "population_pages.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
def test_the_page_is_up_to_date():
    tool = _tool()
    assert tool.PAGE.read_text(encoding="utf-8") == tool.page(), "run: python tools/population_pages.py"
