"""Writing a population: two files, or pieces that are put in place when all are whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microsim.documents import shown
from microsim.errors import FileError, Offence
from microsim.population.core.data import PopulationData
from microsim.population.io.pieces import FOLDERS, LIST, Piece, cuts, part_paths, parts_in
from microsim.population.io.placing import put_in_place
from microsim.population.io.storage import HOUSEHOLDS, PERSONS, PROFILE, write_tables
from microsim.staging import becoming

if TYPE_CHECKING:
    from microsim.population.profile.county import County


def write_population(population: PopulationData, folder: Path, county: County | None) -> None:
    """Two files, and the county's profile where it has one."""
    with becoming(folder, put_in_place, inside=True) as new:
        write_tables(population, new / HOUSEHOLDS, new / PERSONS)
        if county is not None:
            (new / PROFILE).write_bytes(county.text.encode("utf-8"))


class PieceWriter:
    """Writes pieces of a population into a passing folder, in any order; several threads may add."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.written: dict[int, Piece] = {}
        for name in FOLDERS:
            (folder / name).mkdir()

    def add(self, number: int, population: PopulationData) -> None:
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
    _refuse_foreign(folder)
    with becoming(folder, put_in_place, inside=True) as new:
        writer = PieceWriter(new)
        yield writer
        writer.finish(county)


def _refuse_foreign(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise FileError(Offence("is a file, not a folder", shown(folder), "name another folder"))
    offences = []
    for below in (folder / name for name in FOLDERS):
        others = sorted(set(below.iterdir()) - set(parts_in(below))) if below.is_dir() else []
        if others or below.is_file():
            what = f"contains {others[0].name}, which is not a piece" if others else "is a file, not a folder"
            offences.append(Offence(what, shown(below), "name another folder"))
    if offences:
        raise FileError(offences, title="nothing was written")


def write_in_pieces(population: PopulationData, folder: Path, largest: int, county: County | None) -> None:
    """Write a population in pieces of at most so many households."""
    bounds = cuts(population.n_households, largest)
    numbered = population.given_person_id is None
    with written_in_pieces(folder, county) as writer:
        for number, piece in enumerate(population.split(len(bounds))):
            # Plain numbering is not written: it goes on over the pieces by itself.
            writer.add(number, piece.numbered() if numbered else piece)
