"""docs/coverage.md is true: what it names exists; every programme and all that the paper names is in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from microsim.law import REGIMES
from microsim.policy.programmes import load_programmes
from microsim.population.core.columns import registry

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8")
PROGRAMMES = load_programmes("microsim.law")
# The programmes, groups and mechanisms that the source paper names.
PAPER = Path(__file__).with_name("paper_terms.txt").read_text(encoding="utf-8").split()


def names_on_the_page() -> list[str]:
    """What stands in code type."""
    return re.findall(r"`([^`]+)`", PAGE)


def test_what_the_page_names_exists() -> None:
    programmes = {programme.name for programme in PROGRAMMES}
    rules = {rule.name for programme in PROGRAMMES for rule in programme.rules}
    parameters = {parameter.name for programme in PROGRAMMES for parameter in programme.parameters}
    words = {"microsim rules NAME", "microsim params NAME", "params", "rules", "financing", "economy"}
    known = programmes | rules | parameters | set(registry()) | set(REGIMES) | words
    unknown = [name for name in names_on_the_page() if name not in known and not (ROOT / name).is_file()]
    assert not unknown


@pytest.mark.parametrize("programme", PROGRAMMES, ids=lambda programme: programme.name)
def test_every_programme_of_the_law_is_on_the_page(programme) -> None:
    inside = {programme.name}
    inside |= {item.name for item in (*programme.rules, *programme.parameters)}
    assert programme.name in names_on_the_page(), f"{programme.name} is not in docs/coverage.md"
    assert inside & set(names_on_the_page())


@pytest.mark.parametrize("term", PAPER)
def test_all_that_the_paper_names_is_on_the_page(term: str) -> None:
    assert term in PAGE


def test_the_chinese_page_has_the_same_rows_and_names() -> None:
    chinese = (ROOT / "docs" / "coverage.zh-CN.md").read_text(encoding="utf-8")
    parts = [
        [
            [sorted(re.findall(r"`([^`]+)`", line)) for line in part.splitlines() if line.startswith("|")]
            for part in re.split(r"^## ", page, flags=re.MULTILINE)
        ]
        for page in (PAGE, chinese)
    ]
    assert parts[0] == parts[1]
    assert sum(map(len, parts[0])) > 100


def test_every_row_says_something() -> None:
    for line in PAGE.splitlines():
        if line.startswith("|"):
            assert all(cell.strip() for cell in line.strip("|").split("|")), line
