"""What plain Python values represent: a number, a day."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any


def is_number(value: Any) -> bool:
    """Whether a value is a finite number (true and false are none, nor is what no float can hold)."""
    try:
        return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    except OverflowError:
        return False


def as_date(key: Any) -> dt.date | None:
    """The day that a date, a time of a day (of pandas too) or text such as 2021-07-01 names, else None."""
    if isinstance(key, dt.datetime):
        return key.date()
    if isinstance(key, dt.date):
        return key
    try:
        return dt.date.fromisoformat(str(key))
    except ValueError:
        return None
