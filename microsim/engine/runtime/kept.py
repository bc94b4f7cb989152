"""What the kernel cache holds, and how it is emptied."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from pathlib import Path

from microsim.engine.runtime.cache import LOCK_SECONDS, artefacts, cache_folder, name_of

_KERNEL = re.compile(r"kernel_([0-9a-f]{32})\.py")


@dataclass(frozen=True)
class KeptKernel:
    """A kernel in the cache: the hash that names it, its files, and what they take in bytes.

    ``usable``: made by the versions and settings of this very installation; it never reads others again.
    """

    name: str
    files: tuple[Path, ...]
    size: int
    usable: bool


@dataclass(frozen=True)
class Cleared:
    """How many kernels were removed, their bytes, and how many were left because a process compiles them."""

    removed: int
    size: int
    in_use: int


def kept_kernels(folder: Path | None = None) -> list[KeptKernel]:
    """The kernels in a folder, by default that of :func:`~microsim.engine.runtime.cache.cache_folder`.

    Empty where there is no such folder. Other files in it are left aside.
    """
    folder = cache_folder() if folder is None else folder
    out = []
    for source in sorted(folder.glob("kernel_*.py")):
        found = _KERNEL.fullmatch(source.name)
        if found is None:
            continue
        name = found.group(1)
        compiled = sorted((folder / "__pycache__").glob(f"kernel_{name}.*.pyc"))
        files = (source, source.with_suffix(".json"), *artefacts(folder, name), *compiled)
        present = tuple(file for file in files if file.is_file())
        text = source.read_text(encoding="utf-8", errors="replace")
        usable = name_of(text.replace("cache=True", "cache=CACHE")) == name
        out.append(KeptKernel(name, present, sum(file.stat().st_size for file in present), usable))
    return out


def clear_kernels(*, unusable_only: bool = False, folder: Path | None = None) -> Cleared:
    """Remove the kernels in the cache, or those alone that this installation cannot use.

    Nothing else in the folder is touched, and no kernel that a process is compiling. Raises ``OSError`` where
    files cannot be removed.
    """
    from filelock import FileLock, Timeout

    folder = cache_folder() if folder is None else folder
    removed = size = in_use = 0
    for kernel in kept_kernels(folder):
        if unusable_only and kernel.usable:
            continue
        lock = FileLock(str(folder / f"{kernel.name}.lock"), timeout=0)
        try:
            lock.acquire()
        except Timeout:
            in_use += 1
            continue
        try:
            for file in kernel.files:
                file.unlink(missing_ok=True)
        finally:
            lock.release()
        (folder / f"{kernel.name}.lock").unlink(missing_ok=True)
        removed, size = removed + 1, size + kernel.size
    for left in folder.glob(".write-*"):  # of a process that was killed while it wrote
        if time.time() - left.stat().st_mtime > LOCK_SECONDS:
            left.unlink(missing_ok=True)
    return Cleared(removed, size, in_use)
