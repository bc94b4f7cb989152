"""Writing a county profile: figures as YAML in the layout of the committed profiles."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from typing import Any

from microsim.population.profile.figures import SourcedValue

WIDTH = 118
_QUOTED = {"1": '"1"'}  # the unit of shares is text, not a number


def profile_text(head: Iterable[str], figures: Iterable[SourcedValue]) -> str:
    """The text of a profile: lines of its head, then sections and figures in the order given."""
    lines, section = list(head), ""
    for figure in figures:
        name, key = figure.name.split(".")
        if name != section:
            lines += ["", f"{name}:"]
            section = name
        lines += [
            f"  {key}:",
            *_part("value", figure.value),
            f"    unit: {_QUOTED.get(figure.unit, figure.unit)}",
        ]
        lines += [f"    source: {figure.source}", *folded("reference", figure.reference, 4)]
        if figure.note:
            lines += folded("note", figure.note, 4)
    return "\n".join(lines) + "\n"


def folded(key: str, text: str, indent: int) -> list[str]:
    """A text of any words, folded: nothing in it can be taken for YAML."""
    lead = " " * indent
    lines = textwrap.wrap(text, WIDTH - indent - 2, break_on_hyphens=False, break_long_words=False)
    return [f"{lead}{key}: >-", *(f"{lead}  {line}" for line in lines)]


def number(value: float) -> str:
    """A number as a person would type it.

    >>> number(3.0), number(0.25)
    ('3', '0.25')
    """
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def _part(key: str, value: Any) -> list[str]:
    text = _flow(value)
    if len(text) <= WIDTH - 11:
        return [f"    {key}: {text}"]
    # Only mappings are long.
    if any(isinstance(inner, Mapping) for inner in value.values()):
        lines = [f"    {key}:"]
        for name, inner in value.items():
            lines += _wrapped(f"      {_name(name)}: {_flow(inner)}", 8)
        return lines
    return _wrapped(f"    {key}: {text}", 6)


def _wrapped(line: str, indent: int) -> list[str]:
    return textwrap.wrap(
        line, WIDTH, subsequent_indent=" " * indent, drop_whitespace=True, break_on_hyphens=False
    )


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_name(name)}: {_flow(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_flow(inner) for inner in value) + "]"
    return number(value)


def _name(name: Any) -> str:
    return str(name)
