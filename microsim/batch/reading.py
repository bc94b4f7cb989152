"""Finished results, read back: as one table, or lazily where they are larger than memory."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microsim.batch.journal import JOURNAL, Journal
from microsim.batch.parts import part_path, tables, together, whole_parts
from microsim.batch.store import MANIFEST, read_json, unfinished_of
from microsim.documents import shown
from microsim.errors import FileError, Offence

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.dataset as ds

OLD_CHECKSUMS = "checksums"  # of folders without a journal: in the manifest, by the names of the files
WITH_CHECKSUMS = 3  # the first format of the folder that has them


def read_results(out: str | os.PathLike[str], kind: str) -> pa.Table:
    """The rows of finished results, in the order of their tasks; every part is checked against its checksum.

    Raises ``MicrosimError`` where there are none of this ``kind``, and with the name of every part that is
    missing or does not have the bytes that were written.
    """
    folder = Path(out)
    return together(whole_parts(folder, _sums(folder, manifest_of(folder, kind))))


def each_part(out: str | os.PathLike[str], kind: str) -> Iterator[pa.Table]:
    """The rows of finished results, one part after another; checked, and raises, as ``read_results``."""
    folder = Path(out)
    yield from tables(whole_parts(folder, _sums(folder, manifest_of(folder, kind))))


def scan_results(out: str | os.PathLike[str], kind: str) -> ds.Dataset:
    """The rows of finished results, of which only what is asked for is read, when it is asked for.

    Parts must all be there; the checksum of each page is compared when it is read. Raises ``MicrosimError``
    as ``read_results`` does, and ``OSError`` while reading where a page is damaged.
    """
    import pyarrow.dataset as ds

    folder = Path(out)
    sums = dict.fromkeys(_sums(folder, manifest_of(folder, kind)))
    options = ds.ParquetFragmentScanOptions(page_checksum_verification=True)
    form = ds.ParquetFileFormat(default_fragment_scan_options=options)
    return ds.dataset([str(path) for path in whole_parts(folder, sums)], format=form)


def manifest_of(folder: Path, kind: str) -> dict[str, Any]:
    """What finished results say about themselves; ``MicrosimError`` where there are none of this ``kind``."""
    manifest = read_json(folder / MANIFEST)
    if manifest.get("kind") == kind:
        return manifest
    unfinished = unfinished_of(folder)
    if unfinished.is_dir():
        done = len(list(unfinished.glob("parts/*.parquet")))
        message = f"these results are unfinished: {done} parts are done"
        raise FileError(Offence(message, shown(unfinished), "run the command again with --resume"))
    message = f"contains no results of microsim {kind}" if folder.is_dir() else "no such folder"
    raise FileError(Offence(message, shown(folder), f"microsim {kind} makes them"))


def _sums(folder: Path, manifest: dict[str, Any]) -> dict[int, str | None]:
    """The checksum of each part that must be there; None for folders of before there were any."""
    plan = manifest["plan"]
    if (folder / JOURNAL).exists():
        failed = {one["number"] for one in manifest["failed"]}
        sums = Journal(folder).sums
        return {number: sums.get(number, "") for number in range(plan["parts"]) if number not in failed}
    old = manifest.get(OLD_CHECKSUMS, {}) if plan["format"] >= WITH_CHECKSUMS else None
    paths = ((number, part_path(folder, number).name) for number in range(plan["parts"]))
    return {number: None if old is None else old.get(name, "") for number, name in paths}
