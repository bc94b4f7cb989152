"""The parts of a sweep as files, and the checksums that show whether they hold what was written."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from microsim.documents import shown
from microsim.errors import FileError, Offence

if TYPE_CHECKING:
    import pandas as pd

MISSING = "this part of the sweep is missing"
DAMAGED = "this part of the sweep is damaged: its contents have changed since it was written"


@dataclass(frozen=True)
class Damage:
    """A part that cannot be used: its number from 0, its file, and what is wrong with it."""

    number: int
    path: Path
    what: str


def part_path(folder: Path, number: int) -> Path:
    """The file of a part, counted from 0."""
    return folder / "parts" / f"{number:05d}.parquet"


def checksum(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_parts(folder: Path, count: int, sums: Mapping[str, str] | None) -> list[Damage]:
    """The parts that are missing, or whose every byte is not as it was written.

    ``sums``: the checksums of the files by their names; None where they were not noted yet.
    """
    paths = [part_path(folder, number) for number in range(count)]
    return [
        Damage(number, path, DAMAGED if path.exists() else MISSING)
        for number, path in enumerate(paths)
        if not path.is_file() or (sums is not None and checksum(path) != sums.get(path.name))
    ]


def whole_parts(folder: Path, count: int, sums: Mapping[str, str] | None) -> list[Path]:
    """The files of all parts. Raises ``MicrosimError`` that names every one that is missing or damaged."""
    bad = check_parts(folder, count, sums)
    if bad:
        offences = [Offence(one.what, shown(one.path)) for one in bad]
        hint = "the same sweep with --resume computes these parts again"
        raise FileError(offences, title=f"{shown(folder)} is damaged; {hint}")
    return [part_path(folder, number) for number in range(count)]


def together(parts: Sequence[Path]) -> pd.DataFrame:
    """The rows of all parts, in their order."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    frame: pd.DataFrame = pa.concat_tables([pq.read_table(part) for part in parts]).to_pandas()
    return frame
