"""Whether there is room for a population, checked before any of it is made."""

from __future__ import annotations

import shutil
from pathlib import Path

from microsim.documents import shown
from microsim.engine.runtime.memory import memory, size_text
from microsim.errors import InputError, Offence

# Bytes a household with its persons, measured on H county (3.1 persons, 61 columns): compressed on disk, and
# at the peak of making and joining all of it in memory. A little below, so that nothing possible is refused.
ON_DISK, IN_MEMORY = 60, 450


def refuse_no_room(households: int, folder: Path | None = None) -> None:
    """Raise ``MicrosimError`` where ``folder`` (or, without one, memory) cannot hold so many households.

    Where the system does not give the size of the memory, nothing is refused.
    """
    if folder is None:
        free, need, what = memory(), households * IN_MEMORY, "of memory, and this machine has only"
    else:
        there = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
        free, need, what = shutil.disk_usage(there).free, households * ON_DISK, "on disk, and only"
    if free is None or need <= free:
        return
    left = size_text(free) + (f" free at {shown(folder)}" if folder is not None else "")
    most = households * free // need
    raise InputError(
        Offence(
            f"{households:,} households take about {size_text(need)} {what} {left}",
            hint=f"make fewer, at most {most:,}" + ("" if folder is not None else ", or write them to disk"),
        )
    )
