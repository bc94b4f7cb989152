"""Dates that no calendar has: YAML reads 2020-02-31 as a date and fails without saying where."""

from __future__ import annotations

import datetime as dt
import os
import re
from pathlib import Path

from microsim.documents import Document, read_document, shown
from microsim.errors import MicrosimError, Offence

# As YAML 1.2 recognises a date: a plain word, not in quotes and not part of a longer one.
_DATE = re.compile(r"(?<![\w\"'-])(\d{4})-(\d\d?)-(\d\d?)(?![\w\"'-])")


def read_dated(path: str | os.PathLike[str]) -> Document:
    """``read_document``, with every impossible date told by its place.

    Raises ``MicrosimError`` as ``read_document`` does.
    """
    try:
        return read_document(path)
    except ValueError:
        offences = list(_impossible(Path(path)))
        if not offences:
            raise
        raise MicrosimError(offences, title=f"{shown(Path(path))} cannot be read") from None


def _impossible(path: Path) -> list[Offence]:
    offences = []
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), start=1):
        for match in _DATE.finditer(line.split(" #")[0]):
            try:
                dt.date(*(int(part) for part in match.groups()))
            except ValueError as error:
                place = f"{shown(path)}:{number}:{match.start() + 1}"
                hint = "write dates as 2020-12-31"
                offences.append(Offence(f"'{match.group()}' is not a date ({error})", place, hint))
    return offences
