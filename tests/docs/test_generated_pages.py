"""Generated pages of docs/ say what law, provinces, counties and scenarios give now."""

from __future__ import annotations

import importlib

import pytest

SLOW = ("population_pages", "validation_page", "law_2026_page")


@pytest.mark.parametrize(
    "name", ["province_page", *(pytest.param(name, marks=pytest.mark.slow) for name in SLOW)]
)
def test_the_page_is_up_to_date(name: str) -> None:
    tool = importlib.import_module(f"tools.{name}")
    assert tool.PAGE.read_text(encoding="utf-8") == tool.page(), f"run: python tools/{name}.py"
