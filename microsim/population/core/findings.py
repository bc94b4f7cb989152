"""Collecting everything that is wrong with a table before refusing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from microsim.errors import DataError, Offence

SHOWN_ROWS = 5


class Findings:
    """Offences found so far; rows are positions in the user's table, counted from 0 as in ``.iloc``."""

    def __init__(self, files: Mapping[str, str] | None = None) -> None:
        self.files = files or {}  # where a table was read from a file: what to call it
        self.offences: list[Offence] = []

    def table(self, table: str, message: str, hint: str = "", column: str = "") -> None:
        """Something is wrong with a whole table or column."""
        self.offences.append(Offence(message, self._place(table, column), hint))

    def rows(
        self,
        table: str,
        column: str,
        problem: str,
        rows: Sequence[int] | NDArray[Any],
        values: Any = None,
        hint: str = "",
    ) -> None:
        """Something is wrong in some rows: the first few are named, all are counted.

        ``values`` is indexed by row and shows what was found there; ``None`` where the row says enough.
        """
        if not len(rows):
            return
        shown = [int(row) for row in rows[:SHOWN_ROWS]]
        named = ", ".join(
            f"row {row}" if values is None else f"row {row} ({show(values[row])})" for row in shown
        )
        more = f" and {len(rows) - len(shown)} more" if len(rows) > len(shown) else ""
        count = "1 row" if len(rows) == 1 else f"{len(rows)} rows"
        message = f"{problem} in {count}: {named}{more}"
        self.offences.append(Offence(message, self._place(table, column), hint))

    def refuse(self, title: str) -> None:
        """Raise ``MicrosimError`` with everything found, if anything was."""
        if self.offences:
            raise DataError(self.offences, title=f"{title} (rows are counted from 0)")

    def _place(self, table: str, column: str) -> str:
        where = self.files.get(table, table)
        return f"{where}, column {column}" if column else where


def show(value: Any) -> str:
    """A value as a user would write it."""
    if isinstance(value, np.generic):
        value = value.item()
    return repr(value)


def where(condition: Any) -> NDArray[np.intp]:
    """Positions at which an array of booleans is true."""
    return np.flatnonzero(np.asarray(condition))
