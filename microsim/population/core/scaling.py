"""Columns of money multiplied by a factor, the same for everybody or one for each area."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
# (entity, column) -> factor by area; the area "" is all of them.
Factors = Mapping[tuple[str, str], Mapping[str, float]]


def times(
    values: Array,
    by_area: Mapping[str, float],
    codes: Array | None,
    areas: Sequence[str],
    sizes: NDArray[np.int64] | None,
) -> Array:
    """``values`` times the factor of the household's area.

    ``codes`` of the households index ``areas``; ``sizes`` of the households where the values are of persons.
    Both are needed only where factors differ by area.
    """
    if "" in by_area:
        return np.asarray(values * by_area[""])
    assert codes is not None, "factors by area need the area of every household"
    factor = np.array([by_area[area] for area in areas])[codes]
    return np.asarray(values * (factor if sizes is None else np.repeat(factor, sizes)))


def product(one: Factors, other: Factors) -> Factors:
    """Both after one another."""
    return {key: _both(one.get(key), other.get(key)) for key in {**one, **other}}


def _both(one: Mapping[str, float] | None, other: Mapping[str, float] | None) -> Mapping[str, float]:
    if one is None or other is None:
        return one or other or {"": 1.0}
    areas = [area for area in {**one, **other} if area] or [""]
    return {area: one.get(area, one.get("", 1.0)) * other.get(area, other.get("", 1.0)) for area in areas}
