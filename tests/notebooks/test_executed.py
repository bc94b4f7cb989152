"""The notebooks run from top to bottom in a kernel of their own, and their text says what they show."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from tests.notebooks.claims import BEFORE, CLAIMS

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
QUICK = NOTEBOOKS / "01-quickstart.ipynb"
PATHS = sorted(NOTEBOOKS.glob("*.ipynb"))


@pytest.mark.compiled
@pytest.mark.parametrize(
    "path",
    [pytest.param(path, id=path.stem, marks=[] if path == QUICK else [pytest.mark.slow]) for path in PATHS],
)
def test_every_cell_runs_and_its_text_is_true(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    claims = CLAIMS[path.stem]
    sayings = ", ".join(f"f{json.dumps(one, ensure_ascii=False)}" for one in claims)
    last = f"{BEFORE.get(path.stem, '')}\nimport json\nprint(json.dumps([{sayings}]))"
    notebook.cells.append(nbformat.v4.new_code_cell(last))
    folder = {"metadata": {"path": str(path.parent)}}
    NotebookClient(notebook, timeout=300, kernel_name="python3", resources=folder).execute()
    *cells, said = notebook.cells
    shown = [output for cell in cells for output in cell.get("outputs", [])]
    assert any(output.output_type in ("execute_result", "display_data") for output in shown)
    assert not [output for output in shown if no_picture(output)]
    assert not [output for output in shown if output.get("name") == "stderr"]
    assert [one for one in json.loads(said.outputs[-1].text) if one not in text] == []


def no_picture(output: nbformat.NotebookNode) -> bool:
    """A figure that is shown as words: the notebook lacks `%matplotlib inline`."""
    data = output.get("data", {})
    return "<Figure size" in data.get("text/plain", "") and "image/png" not in data


def test_every_notebook_has_claims() -> None:
    assert set(CLAIMS) == {path.stem for path in PATHS}
    assert all(CLAIMS.values())
