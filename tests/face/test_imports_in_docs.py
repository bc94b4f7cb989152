"""No page, README or notebook needs a deeper import than `import microsim as ms` and its two modules."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import microsim as ms
from tests.scenario.small_county import ROOT

MODULES = {"measures", "charts"}
PAGES = [
    ROOT / "README.md",
    ROOT / "README.zh-CN.md",
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "notebooks").glob("*.ipynb")),
]


def blocks(path: Path) -> Iterator[str]:
    """Blocks of Python in a page or notebook."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        for cell in json.loads(text)["cells"]:
            if cell["cell_type"] == "code":
                yield re.sub(r"^%.*$", "", "".join(cell["source"]), flags=re.MULTILINE)
        return
    # A file of the package itself, as a page on adding law shows it, imports what its neighbours import.
    yield from re.findall(r"^```python\n(?!# microsim/law/)(.*?)^```", text, re.DOTALL | re.MULTILINE)


def deeper(code: str) -> list[str]:
    """What is imported from further inside than the package itself, or from it and is not public."""
    found = []
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            found += [one.name for one in node.names if one.name.startswith("microsim.")]
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            if node.module.startswith("microsim."):
                found.append(node.module)
            elif node.module == "microsim":
                found += [one.name for one in node.names if one.name not in ms.__all__]
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "ms":
            found += [] if node.attr in {*ms.__all__, "__version__"} else [f"ms.{node.attr}"]
    return found


def test_deeper_imports_are_seen() -> None:
    assert deeper("from microsim.studies.cliffs import causes") == ["microsim.studies.cliffs"]
    assert deeper("import microsim.engine as e\nms.hidden(1)") == ["microsim.engine", "ms.hidden"]
    assert deeper("from microsim import charts, hidden") == ["hidden"]
    assert deeper("import microsim as ms\nfrom microsim import measures as m\nms.causes(x)") == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_page_imports_the_package_alone(path: Path) -> None:
    assert [name for code in blocks(path) for name in deeper(code)] == []


def test_pages_have_code() -> None:
    assert sum(1 for path in PAGES for _ in blocks(path)) > 15


@pytest.mark.parametrize("name", ms.__all__)
def test_a_public_name_is_there_and_explained(name: str) -> None:
    assert {name} <= MODULES or getattr(ms, name).__doc__
    page = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    assert f"`{name}`" in page, f"docs/python.md does not list {name}"
