"""What Excel would compute or take for an error in a workbook: nothing of it may come from a text."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

_FORMULA = re.compile(rb"<f[ >/]|<definedName |t=\"e\"|<ddeLink|externalLink")


def formulas_in(path: Path) -> list[str]:
    """The parts of a workbook in which something is computed, fetched or an error."""
    with zipfile.ZipFile(path) as parts:
        return [name for name in parts.namelist() if _FORMULA.search(parts.read(name)) or "external" in name]
