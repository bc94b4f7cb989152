"""Markdown of numbers and tables."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence
from typing import Any

from microsim.studies.caseload.levers import Lever

_WIDTH = 118


def number(value: Any, unit: str) -> str:
    """An amount in the words of its unit."""
    if unit == "1":
        return f"{value:.1%}"
    if unit == "yuan/year" and value >= 1e6:
        return f"{value / 1e6:,.1f} million yuan"
    if unit == "yuan/year":
        return f"{value:,.0f} yuan"
    return f"{value:,.0f} {unit}" if value >= 100 else f"{value:.2f} {unit}"


def amount(lever: Lever, value: float) -> str:
    """A lever's value in its unit."""
    if lever.unit == "1":
        return f"{value:.4f}".rstrip("0").rstrip(".")
    return f"{value:,.0f} {lever.unit.removesuffix('/year')}"


def plain(change: Any) -> str:
    """A change to the law in one line."""
    if isinstance(change, dict):
        return ", ".join(f"{key} {plain(item)}" for key, item in change.get("by", change).items())
    if isinstance(change, list):  # a schedule
        return ", ".join(f"{y:g} from {x:.2g}" for x, y in change)
    return str(change)


def inline(values: dict[str, float]) -> str:
    """Figures of the county in one line."""
    return ", ".join(f"`{name.removeprefix('assumptions.')}` {value:g}" for name, value in values.items())


def bullets(lines: Iterable[str]) -> str:
    """A list."""
    return "\n".join(f"- {line}" for line in lines) + "\n"


def prose(text: str) -> str:
    """Paragraphs and lists of points, rewrapped."""
    paragraphs = []
    for block in re.split(r"\n\s*\n", text.strip()):
        points = [" ".join(point.split()) for point in re.split(r"\n(?=- )", block)]
        paragraphs.append("\n".join(_filled(point) for point in points))
    return "\n\n".join(paragraphs) + "\n"


def _filled(line: str) -> str:
    indent = "  " if line.startswith("- ") else ""
    return textwrap.fill(
        line, _WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; cells are Markdown."""
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines) + "\n"
