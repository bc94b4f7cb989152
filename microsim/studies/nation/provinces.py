"""The provinces: their ratio of the lines, urban line, and place on the map of tiles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from microsim.documents import read_document


@dataclass(frozen=True)
class Place:
    """A province: ``ratio`` of the urban line to the rural one, ``urban_line`` (yuan/year) where remembered.

    ``file``: its values among those supplied, empty where it has none; ``tile``: column and row of the map.
    """

    code: str
    file: str
    name: Mapping[str, str]
    ratio: float
    urban_line: float | None
    tile: tuple[int, int]


@cache
def _content() -> Mapping[str, Any]:
    content: Mapping[str, Any] = read_document(Path(__file__).with_name("provinces.yaml")).data
    return content


@cache
def places() -> Mapping[str, Place]:
    """The provinces by the first two digits of their code."""
    content = _content()
    return {
        code: Place(
            code,
            one.get("file", ""),
            {"en": one["en"], "zh": one["zh"]},
            float(content["bands"][one["band"]]["ratio"]),
            one.get("urban_line"),
            (one["tile"][0], one["tile"][1]),
        )
        for code, one in content["provinces"].items()
    }


def province_code(code: str, name: str) -> str:
    """The first two digits of a county's province: those of its code, or of its name where they are none.

    >>> province_code("170971", "山西省"), province_code("640522", "宁夏回族自治区")
    ('14', '64')
    """
    if code[:2] in places():
        return code[:2]
    return next((one.code for one in places().values() if name.startswith(one.name["zh"])), code[:2])


def paper_ratio() -> float:
    """The average urban line over the average rural one in the source paper."""
    return float(_content()["paper"]["ratio"])
