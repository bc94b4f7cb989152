"""Parts as Parquet files, and the checksums that show whether they hold what was written."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from microsim.documents import shown
from microsim.errors import FileError, InternalError, Offence

if TYPE_CHECKING:
    import pyarrow as pa

MISSING = "this part of the results is missing"
DAMAGED = "this part of the results is damaged: its contents have changed since it was written"


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


def check_parts(folder: Path, sums: Mapping[int, str | None]) -> list[Damage]:
    """The parts among those of ``sums`` that are missing, or whose bytes are not as they were written.

    ``sums``: the checksum of each part by its number; None where none was noted.
    """
    found = []
    for number, known in sorted(sums.items()):
        path = part_path(folder, number)
        if not path.is_file():
            found.append(Damage(number, path, MISSING))
        elif known is not None and checksum(path) != known:
            found.append(Damage(number, path, DAMAGED))
    return found


def whole_parts(folder: Path, sums: Mapping[int, str | None]) -> list[Path]:
    """The files of all parts, in order; ``MicrosimError`` names every one that is missing or damaged."""
    bad = check_parts(folder, sums)
    if bad:
        offences = [Offence(one.what, shown(one.path)) for one in bad]
        hint = "the same command with --resume computes these parts again"
        raise FileError(offences, title=f"{shown(folder)} is damaged; {hint}")
    return [part_path(folder, number) for number in sorted(sums)]


def uniform(table: pa.Table) -> pa.Table:
    """The table as parts hold it: words by 32-bit numbers, as parts differ in how many words they have."""
    import pyarrow as pa

    for k, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type):
            wanted = pa.dictionary(pa.int32(), field.type.value_type)
            table = table.set_column(k, field.name, table.column(k).cast(wanted))
    return table.replace_schema_metadata(None)


def as_bytes(table: pa.Table) -> bytes:
    """The content of a part's file; each of its pages has a checksum of its own too."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", write_page_checksum=True)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def refuse_other_columns(table: pa.Table, first: pa.Schema, name: str) -> None:
    """Raise where a task gives other columns than the first one did: the parts would be no one table."""
    if not table.schema.equals(first):
        message = f"the columns of {name} are {_columns(table.schema)}, those before it {_columns(first)}"
        raise InternalError(Offence(message))


def _columns(schema: pa.Schema) -> str:
    return ", ".join(f"{field.name} ({field.type})" for field in schema)


def tables(parts: Sequence[Path]) -> Iterator[pa.Table]:
    """The rows of the parts, one part after another."""
    import pyarrow.parquet as pq

    for part in parts:
        yield pq.read_table(part, page_checksum_verification=True, partitioning=None)


def together(parts: Sequence[Path]) -> pa.Table:
    """The rows of all parts, in their order."""
    import pyarrow as pa

    return pa.concat_tables(tables(parts)).unify_dictionaries()
