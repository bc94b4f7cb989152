"""Where a population may be written, and how it takes the place of an older one."""

from __future__ import annotations

import os
from pathlib import Path

from microsim.documents import shown
from microsim.errors import Offence
from microsim.population.io.pieces import LIST, in_pieces, remove_pieces
from microsim.population.io.storage import HOUSEHOLDS, PERSONS, PROFILE, mark_of
from microsim.staging import take_place

_ELSEWHERE = "choose another place with --out"


def put_in_place(new: Path, folder: Path) -> None:
    """The population in ``new`` takes the place of the one in ``folder``; other files there stay.

    A folder that was not there appears whole. In one that was, a mixture of two populations could be seen for
    the moment that a few renames take, and reading refuses it.
    """
    if not folder.exists():
        os.rename(new, folder)
        return
    remove_pieces(folder)
    for name in (HOUSEHOLDS, PERSONS):
        if not (new / name).exists():
            (folder / name).unlink(missing_ok=True)
    # The list last: until it is there, pieces are no population.
    for path in sorted(new.iterdir(), key=lambda path: (path.name == LIST, path.name)):
        if path.is_dir():
            take_place(path, folder / path.name)
        else:
            os.replace(path, folder / path.name)


def holds_population(folder: Path) -> bool:
    """Whether microsim wrote a population into a folder, be it damaged or half replaced."""
    if not folder.is_dir():
        return False
    return in_pieces(folder) or any(_is_ours(folder / name) for name in (HOUSEHOLDS, PERSONS))


def in_the_way(folder: Path, profile: str | None) -> list[Offence]:
    """What keeps a population from being written to a folder: whatever would be lost by it.

    ``profile``: the text of the county profile that is written beside the population, if any. An older
    population gives way, but no table that another program made, no other profile, and nothing is put among
    files that have nothing to do with a population.
    """
    if not folder.is_dir():
        return []
    there = [path for path in folder.iterdir() if not path.name.startswith(".")]
    offences = []
    for name in (HOUSEHOLDS, PERSONS):
        if (folder / name).exists() and not _is_ours(folder / name):
            what = "is a table that microsim did not write and is left untouched"
            offences.append(Offence(what, shown(folder / name), _ELSEWHERE))
    if not offences and not holds_population(folder) and any(path.name != PROFILE for path in there):
        what = "contains something other than a population and is left untouched"
        offences.append(Offence(what, shown(folder), _ELSEWHERE))
    place = folder / PROFILE
    if profile is not None and place.exists() and _text(place) != profile:
        what = "is a different profile from the one given and would be lost"
        offences.append(Offence(what, shown(place), f"move it away, or {_ELSEWHERE}"))
    return offences


def _text(path: Path) -> str | None:
    """A profile as ``County.read`` keeps it, or None where it cannot be read."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None


def _is_ours(path: Path) -> bool:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return "population" in mark_of(pq.ParquetFile(path))
    except (OSError, ValueError, pa.ArrowInvalid):
        return False
