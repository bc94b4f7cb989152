"""docs/columns.md says what the registry says now, and which programmes read each column."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from microsim.policy.policy import Policy
from microsim.population.core.columns import STRUCTURAL, registry

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| `(\w+)` \|.*\| ([^|]*) \|$", re.MULTILINE)


def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("column_pages", ROOT / "tools" / "column_pages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_up_to_date() -> None:
    made = tool()
    assert made.PAGE.read_text(encoding="utf-8") == made.page(), "run: python tools/column_pages.py"


def rows() -> dict[str, set[str]]:
    """Column -> programmes that the page names."""
    text = (ROOT / "docs" / "columns.md").read_text(encoding="utf-8")
    return {name: set(re.findall(r"\[(\w+)\]", who)) for name, who in ROW.findall(text)}


def test_every_known_column_is_on_the_page() -> None:
    assert list(rows()) == sorted(registry(), key=lambda name: registry()[name].entity)


@pytest.mark.parametrize("date", ["2013-06-30", "2016-12-31", "2020-12-31", "2024-12-31"])
def test_the_page_names_every_programme_that_reads_a_column(date: str) -> None:
    """As the engine finds it on its way to every rule of the law on a date."""
    policy = Policy.load(date)
    given = set(registry()) - set(STRUCTURAL)
    of_parameter = {parameter.argument: parameter.programme for parameter in policy.parameters.values()}
    readers = policy.needs(list(policy.rules), given).columns
    assert len(readers) > 40
    for column, who in readers.items():
        named = {of_parameter.get(name, name) for name in who}
        assert named <= rows()[column], (column, named - rows()[column])
