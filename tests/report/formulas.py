"""What Excel would compute or take for an error in a workbook: nothing of it may come from a text."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

_FORMULA = re.compile(rb"<f[ >/]|<definedName |t=\"e\"|<ddeLink|externalLink")
# What a native chart draws: cells of a sheet, and nothing but cells.
_CELLS = re.compile(rb"<f>'[^'<(=|!]*'!\$?[A-Z]+\$?[0-9]+(?::\$?[A-Z]+\$?[0-9]+)?</f>")


def formulas_in(path: Path) -> list[str]:
    """The parts of a workbook in which something is computed, fetched or an error."""
    with zipfile.ZipFile(path) as parts:
        content = {name: parts.read(name) for name in parts.namelist()}
    shown = {
        name: _CELLS.sub(b"", data) if name.startswith("xl/charts/") else data
        for name, data in content.items()
    }
    return [name for name, data in shown.items() if _FORMULA.search(data) or "external" in name]
