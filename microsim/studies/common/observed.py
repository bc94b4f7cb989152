"""What shares of residents in dibao are documented, and which results are outside of them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from microsim.documents import read_document


class Bound(NamedTuple):
    """A share of residents with its source (``cited``, ``inferred`` or ``assumption``) and reference."""

    share: float
    source: str
    reference: str


class Outside(NamedTuple):
    """A share of an area's residents that is above the highest (``above``) or below the lowest documented."""

    area: str
    share: float
    bound: Bound
    above: bool


@cache
def _documented() -> Mapping[str, Any]:
    content: Mapping[str, Any] = read_document(Path(__file__).with_name("observed.yaml")).data
    return content


def national_share(area: str) -> Bound:
    """Recipients over residents in the whole country, ``rural`` or ``urban``."""
    return _bound(_documented()["national"][area])


def bounds(area: str, code: str = "") -> tuple[Bound, Bound]:
    """Lowest and highest share for a county of that code: those of its province's group, or of any county."""
    said = _documented()["bounds"][area]
    highest = said["highest"]
    for group in _documented()["groups"].values():
        if code[:2] in group["provinces"]:
            highest = group[area]
    return _bound(said["lowest"]), _bound(highest)


def outside(shares: Mapping[str, float | None], code: str = "") -> list[Outside]:
    """The shares (by area, of residents) that are outside of what is documented; None is passed over."""
    found = []
    for area in _documented()["bounds"]:
        share = shares.get(area)
        if share is None:
            continue
        lowest, highest = bounds(area, code)
        if share > highest.share:
            found.append(Outside(area, share, highest, above=True))
        elif share < lowest.share:
            found.append(Outside(area, share, lowest, above=False))
    return found


def _bound(entry: Mapping[str, Any]) -> Bound:
    return Bound(float(entry["value"]), str(entry["source"]), str(entry["reference"]))
