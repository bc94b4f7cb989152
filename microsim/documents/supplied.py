"""Files that come with microsim: scenarios, counties, provinces, a notebook, schemas."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from microsim.errors import FileError, Offence


def supplied(parts: Iterable[str]) -> Path:
    """The folder that has all of ``parts``: in the installed package, or the checkout that it is run from.

    Raises ``FileError`` where an installation has them not.
    """
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "start", package.parent):
        if all((folder / part).is_dir() for part in parts):
            return folder
    hint = "install the wheel, or copy scenarios/ and data/ from the source distribution"
    raise FileError(Offence("this installation does not include scenarios and county", str(package), hint))
