"""The journal of a folder of parts: one line for each part that is written, and for each task that failed.

    {"part": 3, "sha256": "9f86d0...", "rows": 1400}
    {"failed": 4, "name": "...", "kind": "FileError", "title": null, "offences": [["no such file", ...]]}

Lines are only ever added, each written through to the disk; of several about one task the last counts. A line
that a power failure cut short, or that cannot be read, is no line: the part is then made again.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from microsim.batch.work import Failure
from microsim.errors import DataError, FileError, InputError, InternalError, MicrosimError, Offence, RuleError

JOURNAL = "journal.jsonl"
_ERRORS = {kind.__name__: kind for kind in (DataError, FileError, InputError, InternalError, RuleError)}


class Journal:
    """The journal in ``folder``: ``sums`` has each part's checksum, ``failed`` the tasks that failed last."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / JOURNAL
        self.sums: dict[int, str] = {}
        self.failed: dict[int, Failure] = {}
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            content = b""
        self._torn = content != b"" and not content.endswith(b"\n")
        for line in content.splitlines():
            with suppress(ValueError, TypeError, KeyError):
                self._take(json.loads(line))

    def _take(self, entry: dict[str, Any]) -> None:
        if "part" in entry:
            self.sums[entry["part"]] = entry["sha256"]
            self.failed.pop(entry["part"], None)
        elif "failed" in entry:
            error = _ERRORS.get(entry["kind"], MicrosimError)(
                [Offence(*offence) for offence in entry["offences"]], entry["title"]
            )
            self.failed[entry["failed"]] = Failure(entry["failed"], entry["name"], error)
            self.sums.pop(entry["failed"], None)

    def note_part(self, number: int, checksum: str, rows: int) -> None:
        """A part is in its place."""
        self._add({"part": number, "sha256": checksum, "rows": rows})

    def note_failure(self, failure: Failure) -> None:
        """A task failed."""
        error = failure.error
        offences = [[one.message, one.place, one.hint] for one in error.offences]
        self._add(
            {
                "failed": failure.number,
                "name": failure.name,
                "kind": type(error).__name__,
                "title": error.title,
                "offences": offences,
            }
        )

    def _add(self, entry: dict[str, Any]) -> None:
        line = json.dumps(entry, ensure_ascii=False).encode() + b"\n"
        with self.path.open("ab") as file:
            # What a stopped writer left of a line stays by itself.
            file.write(b"\n" + line if self._torn else line)
            self._torn = True  # until it is known to be whole
            file.flush()
            os.fsync(file.fileno())
        self._torn = False
        self._take(entry)
