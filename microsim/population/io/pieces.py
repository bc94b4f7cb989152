"""Large populations on disk: a folder of pieces, each two Parquet files, and a list of them.

    households/part-00001.parquet   persons/part-00001.parquet   ...   pieces.json   profile.yaml

``pieces.json`` is written last and names each piece by the hash of its content, so that a piece that is
missing, or of another population, is found before anything is computed. How a population is cut depends on
its size alone, never on how many pieces were made at a time.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microsim.documents import reason, shown
from microsim.errors import MicrosimError, Offence
from microsim.population.io.storage import HOUSEHOLDS, PERSONS, PROFILE, write_tables
from microsim.staging import becoming

if TYPE_CHECKING:
    from microsim.population.core.container import Population
    from microsim.population.profile.county import County

LIST = "pieces.json"
FOLDERS = ("households", "persons")
AGAIN = "make the population again, or copy the whole folder"


@dataclass(frozen=True)
class Piece:
    """One line of the list: the hash of a piece's content, and its rows."""

    population: str
    households: int
    persons: int


def in_pieces(folder: Path) -> bool:
    """Whether a folder holds (or was to hold) a population in pieces."""
    return os.path.exists(folder / LIST) or any(_parts(folder / name) for name in FOLDERS)


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
        what = "no such file: the population was not written to its end"
        raise MicrosimError(Offence(what, shown(path), AGAIN)) from None
    except OSError as error:
        raise MicrosimError(Offence(f"cannot be read: {reason(error)}", shown(path), AGAIN)) from None
    # RecursionError: nested without end; OverflowError: Infinity pieces.
    except (ValueError, KeyError, TypeError, RecursionError, OverflowError):
        what = "not a list of pieces of this version of microsim"
        raise MicrosimError(Offence(what, shown(path), AGAIN)) from None
    both = [name for name in (HOUSEHOLDS, PERSONS) if (folder / name).exists()]
    if both:
        what = f"holds pieces and {' and '.join(both)} besides"
        raise MicrosimError(Offence(what, shown(folder), "keep the one population that you mean"))
    return pieces


def unlisted(folder: Path, count: int) -> list[Path]:
    """Files of pieces beyond those of the list."""
    known = {path for number in range(count) for path in part_paths(folder, number)}
    return [path for name in FOLDERS for path in _parts(folder / name) if path not in known]


def remove_pieces(folder: Path) -> None:
    """Take away the pieces of an older population (the list first: what is left is then no population)."""
    (folder / LIST).unlink(missing_ok=True)
    for name in FOLDERS:
        for path in _parts(folder / name):
            path.unlink()
        if (folder / name).is_dir() and not any((folder / name).iterdir()):
            (folder / name).rmdir()


class PieceWriter:
    """Writes pieces of a population into a passing folder, in any order; several threads may add."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.written: dict[int, Piece] = {}
        for name in FOLDERS:
            (folder / name).mkdir()

    def add(self, number: int, population: Population) -> None:
        """Write one piece, counted from 0."""
        known = {name: list(words) for name, words in population.categories.items()}
        given = {*population.person_table.arrays, *population.household_table.arrays}
        categories = {name: words for name, words in sorted(known.items()) if name in given}
        write_tables(population, *part_paths(self.folder, number), {"categories": categories})
        self.written[number] = Piece(population.hash, population.n_households, population.n_persons)

    def finish(self, county: County | None) -> None:
        """Write the list, now that all pieces are there."""
        listed: list[dict[str, Any]] = [vars(self.written[number]) for number in range(len(self.written))]
        if county is not None:
            (self.folder / PROFILE).write_bytes(county.text.encode("utf-8"))
        text = json.dumps({"format": 1, "pieces": listed}, indent=1)
        (self.folder / LIST).write_bytes(f"{text}\n".encode())


@contextmanager
def written_in_pieces(folder: Path, county: County | None) -> Iterator[PieceWriter]:
    """Gives what pieces are added to; ``folder`` holds all of them when the block has ended well.

    Where anything ends it early (Ctrl-C, a full disk), the folder is left as it was.
    """
    from microsim.population.io.placing import put_in_place

    _refuse_foreign(folder)
    with becoming(folder, put_in_place, inside=True) as new:
        writer = PieceWriter(new)
        yield writer
        writer.finish(county)


def _refuse_foreign(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise MicrosimError(Offence("is a file, not a folder", shown(folder), "name another folder"))
    offences = []
    for below in (folder / name for name in FOLDERS):
        others = sorted(set(below.iterdir()) - set(_parts(below))) if below.is_dir() else []
        if others or below.is_file():
            what = f"holds {others[0].name}, which is no piece" if others else "is a file, not a folder"
            offences.append(Offence(what, shown(below), "name another folder"))
    if offences:
        raise MicrosimError(offences, title="nothing was written")


def write_in_pieces(population: Population, folder: Path, largest: int) -> None:
    """Write a population in pieces of at most so many households."""
    bounds = cuts(population.n_households, largest)
    numbered = population.given_person_id is None
    with written_in_pieces(folder, population.county) as writer:
        for number, piece in enumerate(population.split(len(bounds))):
            # Plain numbering is not written: it goes on over the pieces by itself.
            writer.add(number, piece.numbered() if numbered else piece)


def _parts(folder: Path) -> list[Path]:
    return sorted(folder.glob("part-*.parquet")) if os.path.isdir(folder) else []
