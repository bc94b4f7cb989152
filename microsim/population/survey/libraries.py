"""Libraries that only some files need."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

from microsim.documents import shown
from microsim.errors import FileError, Offence

INSTALL = "pip install 'microsim[survey]'"


def needed(name: str, path: Path) -> ModuleType:
    """An optional library, or how to install it."""
    try:
        return importlib.import_module(name)
    except ImportError:
        raise FileError(
            Offence(f"reading this file needs {name}, which is not installed", shown(path), INSTALL)
        ) from None
