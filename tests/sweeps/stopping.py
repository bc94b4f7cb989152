"""Sweeps that are stopped on their way, and what is then in their folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

LINES = [4000, 4400, 4800, 5200, 5600]
Content = Mapping[str, Any]


def stop_after(count: int, error: BaseException) -> Callable[[str], None]:
    """A ``progress`` that raises when part ``count`` is about to begin."""
    begun = []

    def progress(step: str) -> None:
        if step.startswith("scenarios"):
            begun.append(step)
            if len(begun) > count:
                raise error

    return progress


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}
