"""The source paper's figures under our names, taken from the county's profile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from microsim.population import County

# Figure of the profile's `paper:` section -> our name for it; `{area}` where it is split by area.
_NAMES = {
    "dibao_total_recipients": "caseload.dibao",
    "dibao_recipients": "caseload.dibao.{area}",
    "dibao_total_outlay": "cost.dibao",
    "dibao_outlay": "cost.dibao.{area}",
    "dibao_share_of_residents": "resident_share.dibao",
    "dibao_share_of_rural_residents": "resident_share.dibao.rural",
}


def paper_figures(county: County, year: int) -> dict[str, float]:
    """What the source paper prints for ``year``: flat name -> value; empty for other counties and years."""
    found: dict[str, float] = {}
    for figure, name in _NAMES.items():
        by_year = county.get(f"paper.{figure}") or {}
        value = {str(key): item for key, item in by_year.items()}.get(str(year))
        if isinstance(value, Mapping):
            found |= {name.format(area=area): float(item) for area, item in value.items()}
        elif value is not None:
            found[name] = float(value)
    return found
