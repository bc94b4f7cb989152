"""Arrays as compiled code takes them, and whether there is room for those that are asked for."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from microsim.errors import InputError, Offence

_GIB = 2**30
_MEMINFO = Path("/proc/meminfo")


def writable(array: NDArray[Any]) -> NDArray[Any]:
    """The same memory, not marked read-only.

    pandas hands out read-only views, and a compiled kernel takes read-only arrays for another type. Nothing
    here writes to what it is given, so lifting the mark is safe; where it cannot be lifted, a copy.
    """
    if array.flags.writeable and array.flags.c_contiguous:
        return array
    view = np.ascontiguousarray(array).view()
    try:
        view.flags.writeable = True
    except ValueError:
        return view.copy()
    return view


def memory() -> int | None:
    """Bytes of memory of the machine; None where the system does not say."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return None


def free_memory() -> int | None:
    """Bytes of memory that are available now; all that the machine has where the system does not say."""
    try:
        lines = dict(line.split(":", 1) for line in _MEMINFO.read_text("ascii").splitlines())
        return int(lines["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError, ValueError):
        return memory()


def size_text(size: int) -> str:
    """``298 GiB``, ``12.0 MiB``."""
    return f"{size / _GIB:,.0f} GiB" if size >= _GIB else f"{size / 2**20:,.1f} MiB"


def refuse_no_room(households: int, points: int, outputs: Collection[str], size: int) -> None:
    """Raise ``MicrosimError`` where a walk's ``size`` bytes of results do not fit in memory."""
    free = free_memory()
    if free is None or size <= free:
        return
    most = households * free // size
    way_out = [f"walk at most {most:,} households at a time (households=)"] if most else []
    message = (
        f"{households:,} households at {points:,} incomes and {len(outputs)} "
        f"output{'' if len(outputs) == 1 else 's'} ({', '.join(outputs)}) take {size_text(size)} of memory, "
        f"and {size_text(free)} are free"
    )
    way_out += [f"a grid of at most {points * free // size:,} points", "ms.cliffs, which needs no grid"]
    raise InputError(Offence(message, "walk", ", or ".join(way_out)))
