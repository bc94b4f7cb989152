"""The notebooks run from top to bottom in a kernel of their own, as a user runs them."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
QUICK = NOTEBOOKS / "01-quickstart.ipynb"


@pytest.mark.compiled
@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, id=path.stem, marks=[] if path == QUICK else [pytest.mark.slow])
        for path in sorted(NOTEBOOKS.glob("*.ipynb"))
    ],
)
def test_every_cell_runs(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    folder = {"metadata": {"path": str(path.parent)}}
    NotebookClient(notebook, timeout=300, kernel_name="python3", resources=folder).execute()
    shown = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert any(output.output_type in ("execute_result", "display_data") for output in shown)
