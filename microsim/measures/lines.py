"""Poverty lines beside values: one for all rows, or one for each."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from microsim.errors import Offence
from microsim.measures.arrays import Floats, Negatives, rows


def with_line(
    measure: str,
    x: npt.ArrayLike,
    line: npt.ArrayLike,
    weights: npt.ArrayLike | None,
    offences: list[Offence] | None = None,
    negatives: Negatives = "keep",
    **others: Any,
) -> list[Floats]:
    """Weights, values, one line per row and other columns; errors as those of ``rows``."""
    lines = np.asarray(line)
    found = [*(offences or ()), *not_positive(lines)]
    if lines.ndim == 0:
        lines = np.full(np.size(x), lines)
    return rows(measure, weights, found, negatives=negatives, x=x, line=lines, **others)


def not_positive(lines: npt.NDArray[Any]) -> list[Offence]:
    """The offence of lines at or below 0, or none; lines that are no numbers are refused with the columns."""
    if lines.dtype.kind not in "biuf":
        return []
    low = lines.reshape(-1)[lines.reshape(-1) <= 0]
    if not len(low):
        return []
    text = f"{len(low)} of {lines.size} lines are not positive, such as {low[0]:g}"
    return [Offence(text, "line", "the gap is measured as a share of the line")]
