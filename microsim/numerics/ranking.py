"""An order of computed amounts that their last bits cannot change."""

from __future__ import annotations

_DIGITS = 9  # far above what a table shows, far below where processors differ (1e-12)


def to_rank_by(value: float, least: float = 0.005) -> float:
    """An amount as it is ranked by: to nine digits, and 0 where it is below ``least`` (half a fen, for yuan).

    Amounts that are equal but for rounding then are equal, so that what orders them next decides: a name, a
    number, the order in which they are given.

    >>> to_rank_by(0.1 + 0.2) == to_rank_by(0.3), to_rank_by(-1e-12)
    (True, 0.0)
    """
    return 0.0 if abs(value) < least else float(f"{value:.{_DIGITS}g}")
