"""Who is in, who came and who left, added up with weights by group in one pass."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from microsim.numerics.compiled import compiled

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@compiled
def changes_by_group(
    before: Flags,
    after: Flags,
    owner: NDArray[np.int64],
    weight_before: Floats,
    weight_after: Floats,
    group: NDArray[np.int64],
    groups: int,
) -> Floats:
    """float64[groups, 5]: in before, came, left, by weight alone, in after.

    ``before`` and ``after`` are of persons; ``owner`` is the household of each, and weights and groups are of
    households. Who came and left counts with the weight before; those in after add what their weight changed
    by. In after = in before + came - left + by weight, to rounding.
    """
    out = np.zeros((groups, 5))
    for k in range(len(owner)):
        if not (before[k] or after[k]):  # most persons of most years
            continue
        h = owner[k]
        g = group[h]
        if before[k]:
            out[g, 0] += weight_before[h]
            if not after[k]:
                out[g, 2] += weight_before[h]
        else:
            out[g, 1] += weight_before[h]
        if after[k]:
            out[g, 3] += weight_after[h] - weight_before[h]
            out[g, 4] += weight_after[h]
    return out


@compiled
def spells_by_group(
    spell: NDArray[np.int64],
    now: Flags,
    owner: NDArray[np.int64],
    weight: Floats,
    group: NDArray[np.int64],
    groups: int,
) -> Floats:
    """Goes on with ``spell`` in place: years in a row of each person who is in ``now``, 0 for all others.

    Returns float64[groups, 2]: years in a row of those who are in, added up by weight, and their weight.
    """
    out = np.zeros((groups, 2))
    for k in range(len(owner)):
        if not now[k]:
            spell[k] = 0
            continue
        spell[k] += 1
        h = owner[k]
        g = group[h]
        out[g, 0] += spell[k] * weight[h]
        out[g, 1] += weight[h]
    return out
