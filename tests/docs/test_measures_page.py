"""The page of measures names every one of them."""

from __future__ import annotations

from pathlib import Path

from microsim import measures
from microsim.measures import influence


def test_every_measure_has_its_line(root: Path) -> None:
    page = (root / "docs" / "measures.md").read_text(encoding="utf-8")
    functions = [name for name in measures.__all__ if name.islower() and name != "influence"]
    assert [name for name in functions if f"`{name}`" not in page] == []


def test_every_influence_has_the_name_of_a_measure() -> None:
    assert set(influence.__all__) <= set(measures.__all__)
