"""Whether CSV files begin with the mark by which Excel knows UTF-8 (a byte-order mark): one setting for all.

The first of these that is set decides: what :func:`mark` was last given (``--csv-bom`` of a command), the
environment variable ``MICROSIM_CSV_BOM``, and else what the file is for: tables in Chinese have the mark,
tables in English do not.
"""

from __future__ import annotations

import os

from microsim.errors import InputError, Offence

VARIABLE = "MICROSIM_CSV_BOM"
_MEANT = {
    **dict.fromkeys(("1", "true", "yes", "on"), True),
    **dict.fromkeys(("0", "false", "no", "off"), False),
}

_asked: bool | None = None


def mark(asked: bool | None) -> None:
    """Set it for this process; ``None`` leaves it to the environment."""
    global _asked
    _asked = asked


def encoding(usual: bool) -> str:
    """The encoding of a CSV file; ``usual``: whether it has the mark where nothing is set.

    Raises ``InputError`` where the environment says neither yes nor no.

    >>> encoding(True), encoding(False)
    ('utf-8-sig', 'utf-8')
    """
    marked = _asked if _asked is not None else _said(os.environ.get(VARIABLE))
    return "utf-8-sig" if (usual if marked is None else marked) else "utf-8"


def _said(value: str | None) -> bool | None:
    if not value:
        return None
    if value.lower() not in _MEANT:
        raise InputError(Offence(f"is '{value}', but must be 1 or 0", VARIABLE, "unset it or correct it"))
    return _MEANT[value.lower()]
