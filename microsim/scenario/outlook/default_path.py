"""What a projection rests on where a scenario says nothing: prices, later incomes, mobility, ageing."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any


@cache
def default_path() -> dict[str, Any]:
    """The figures of ``default_path.yaml``, each with value, source and reference."""
    from microsim.documents import read_document

    found: dict[str, Any] = read_document(Path(__file__).with_name("default_path.yaml")).data
    return found


def afterwards(area: str, years: int) -> float:
    """What national incomes of an area are multiplied by in so many years after the last known one."""
    return float((1.0 + default_path()["after"]["incomes"][area]["value"]) ** years)


def prices(since: int, year: int) -> float:
    """The consumer price index of ``year``, that of ``since`` being 1."""
    known, after = default_path()["consumer_prices"], float(default_path()["after"]["prices"]["value"])
    out = 1.0
    for into in range(min(since, year) + 1, max(since, year) + 1):
        out *= 1.0 + (float(known[into]["value"]) / 100.0 if into in known else after)
    return out if year >= since else 1.0 / out
