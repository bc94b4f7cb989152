"""Large populations on disk: a folder of pieces, each two Parquet files, and a list of them.

    households/part-00001.parquet   persons/part-00001.parquet   ...   pieces.json   profile.yaml

``pieces.json`` is written last and names each piece by the hash of its content, so that a piece that is
missing, or of another population, is found before anything is computed. How a population is cut depends on
its size alone, never on how many pieces were made at a time.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from microsim.documents import reason, shown
from microsim.errors import FileError, Offence
from microsim.population.io.storage import HOUSEHOLDS, PERSONS

if TYPE_CHECKING:
    pass

LIST = "pieces.json"
FOLDERS = ("households", "persons")
AGAIN = "generate the population again, or copy the whole folder"


@dataclass(frozen=True)
class Piece:
    """One line of the list: the hash of a piece's content, and its rows."""

    population: str
    households: int
    persons: int


def in_pieces(folder: Path) -> bool:
    """Whether a folder holds (or was to hold) a population in pieces."""
    return os.path.exists(folder / LIST) or any(parts_in(folder / name) for name in FOLDERS)


def cuts(households: int, largest: int) -> list[tuple[int, int]]:
    """Households ``first:last`` of each piece: as few pieces as can be, of the same size within one."""
    count = max(-(-households // largest), 1)
    return list(pairwise(households * piece // count for piece in range(count + 1)))


def part_paths(folder: Path, number: int) -> tuple[Path, Path]:
    """Files of households and persons of a piece, counted from 0 (their names count from 1)."""
    households, persons = (folder / name / f"part-{number + 1:05d}.parquet" for name in FOLDERS)
    return households, persons


def read_list(folder: Path) -> list[Piece]:
    """The pieces of a population. Raises ``MicrosimError`` where the list is missing or not readable."""
    path = folder / LIST
    try:
        listed = json.loads(path.read_text(encoding="utf-8"))
        pieces = [
            Piece(str(p["population"]), int(p["households"]), int(p["persons"])) for p in listed["pieces"]
        ]
        if listed["format"] != 1 or not pieces:
            raise ValueError
    except FileNotFoundError:
        what = "no such file: the population was not completely written"
        raise FileError(Offence(what, shown(path), AGAIN)) from None
    except OSError as error:
        raise FileError(Offence(f"cannot be read: {reason(error)}", shown(path), AGAIN)) from None
    # RecursionError: nested without end; OverflowError: Infinity pieces.
    except (ValueError, KeyError, TypeError, RecursionError, OverflowError):
        what = "not a list of pieces of this version of microsim"
        raise FileError(Offence(what, shown(path), AGAIN)) from None
    both = [name for name in (HOUSEHOLDS, PERSONS) if (folder / name).exists()]
    if both:
        what = f"contains pieces and also {' and '.join(both)}"
        raise FileError(Offence(what, shown(folder), "keep only the population that you want"))
    return pieces


def unlisted(folder: Path, count: int) -> list[Path]:
    """Files of pieces beyond those of the list."""
    known = {path for number in range(count) for path in part_paths(folder, number)}
    return [path for name in FOLDERS for path in parts_in(folder / name) if path not in known]


def remove_pieces(folder: Path) -> None:
    """Take away the pieces of an older population (the list first: what is left is then no population)."""
    (folder / LIST).unlink(missing_ok=True)
    for name in FOLDERS:
        for path in parts_in(folder / name):
            path.unlink()
        if (folder / name).is_dir() and not any((folder / name).iterdir()):
            (folder / name).rmdir()


def parts_in(folder: Path) -> list[Path]:
    """The files of pieces in a folder of them."""
    return sorted(folder.glob("part-*.parquet")) if os.path.isdir(folder) else []
