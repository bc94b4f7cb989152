"""Words and turns that are out of use in what users read, with the plain word instead."""

from __future__ import annotations

import ast
import json
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Pattern -> what to write instead, and why.
OUT = {
    r"\b[Oo]utlays?\b": "expenditure: 'outlay' is not the field's term",
    r"\b(in|of) vain\b": "say what is lost",
    r"\bdrawn from nobody\b": "a synthetic population is not a sample",
    r"\bwhat it leaves of\b": "remaining ...",
    r"\bon (its|their) way out\b": "in gradual exit",
    r"\bbeg[iu]n(s|ning)? anew\b": "start afresh",
    r"\bthe way out\b": "a suggestion, a way to fix it",
    r"\bhalf-made\b": "incomplete",
    r"\b[Ff]urther (?!(from|than|apart|down|off|out|away|up|on|to|in)\b)[a-z]\w*": "additional, other",
    r"\bnothing of a yuan\b": "a marginal tax rate of 100 % or more",
    r"\b(first|poorest|top|bottom|mean of|the) fifths?\b(?! (of|beyond|month))": "quintile",
    r"\bfifth \d": "quintile 1, quintile 2",
    r"\b([Tt]ells?|[Tt]old)\b": "says, shows, distinguishes, gives",
    r"\b([Ss]tands?|[Ss]tood)\b(?! (in the way|still))": "is, is listed, comes, represents",
    r"\b[Ll]enders?\b|\b[Dd]wellers?\b(?!\.)": "donor; households",
    r"\bthe best paid\b": "the highest earner",
    r"\bgo(es)? without\b": "are computed without, get none",
    r"\bcount(s|ing)? for nothing\b": "is ignored, is not used",
    r"\bby the year\b": "year by year, per year",
}
# Files in which a pattern may stay: names of data, quotations, this list itself.
EXCEPT = {
    "docs/all-counties.md",
    "CHANGELOG.md",  # quotes the words that were replaced
}
# Still to be edited: prose here is for those who work on the compiler.
COMPILER = ("microsim/engine/compiler/", "microsim/engine/runtime/", "microsim/engine/support/")


def texts_of(path: Path) -> Iterator[tuple[int, str]]:
    """Line and text of a file's prose, comments, docstrings and messages; identifiers are left out."""
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        for cell in json.loads(source)["cells"]:
            yield 0, "".join(cell["source"])
    elif path.suffix == ".py":
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
                yield node.lineno, node.value
        with path.open("rb") as lines:
            for token in tokenize.tokenize(lines.readline):
                if token.type == tokenize.COMMENT:
                    yield token.start[0], token.string
    else:
        yield from enumerate(source.splitlines(), start=1)


def offences(text: str) -> Iterator[str]:
    """Turns of ``text`` that are out, each with what to write; names in code type may have any words."""
    plain = re.sub(r"`[^`]*`|\b\w*_\w+|\bdibao_\w+", " ", " ".join(text.split()))
    for pattern, instead in OUT.items():
        for found in re.finditer(pattern, plain):
            yield f"'{found[0]}' ({instead})"


def files() -> list[Path]:
    """What users and contributors read: pages, scenarios, notebooks, the package with its data files."""
    found = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    for folder, pattern in (
        ("scenarios", "*.yaml"),
        ("notebooks", "*.ipynb"),
        ("microsim", "*.py"),
        ("microsim", "*.yaml"),
    ):
        found += sorted((ROOT / folder).rglob(pattern))
    return [
        path
        for path in found
        if path.relative_to(ROOT).as_posix() not in EXCEPT
        and not path.relative_to(ROOT).as_posix().startswith(COMPILER)
    ]


@pytest.mark.parametrize("folder", ["docs", "microsim", "others"])
def test_words_that_are_out(folder: str) -> None:
    found = []
    for path in files():
        name = path.relative_to(ROOT).as_posix()
        if (name.split("/")[0] if name.startswith(("docs", "microsim")) else "others") == folder:
            for line, text in texts_of(path):
                found += [f"{name}:{line}: {offence}" for offence in offences(text)]
    assert not found, "\n".join(found)


def test_a_word_that_is_out_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.py"
    page.write_text('"""What a file is, is told from what it says."""  # the outlay\n', encoding="utf-8")
    found = [offence for _, text in texts_of(page) for offence in offences(text)]
    assert len(found) == 2
    assert not list(offences("`dibao_outlay` and paper.dibao_outlay"))
