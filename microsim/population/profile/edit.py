"""Changing numbers of a county profile in its own text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from microsim.documents import Document, Step, parse_document
from microsim.errors import InputError, Offence, did_you_mean
from microsim.population.profile.figures import parts

_NUMBER = re.compile(r"[^\s,}\]#]+")


def edited(text: str, names: Iterable[str], changes: Mapping[str, Any]) -> str:
    """A profile's text with numbers replaced where they are: comments and layout are kept.

    ``names`` are the figures of the profile, ``changes`` numbers by dotted name. Raises ``MicrosimError``
    with every name that is not a number in the profile.
    """
    names = tuple(names)
    document = parse_document(text, Path("profile.yaml"))
    lines = text.splitlines(keepends=True)
    offences: list[Offence] = []
    spots: dict[tuple[int, int], float] = {}
    for name, value in changes.items():
        for leaf, number in _leaves(name, value):
            spot = _spot(names, document, leaf, offences)
            if isinstance(number, bool) or not isinstance(number, (int, float)):
                offences.append(Offence(f"'{leaf}' must be a number, not {number!r}"))
            elif spot is not None:
                spots[spot] = number
    if offences:
        raise InputError(offences, title="the profile cannot be changed")
    # From the end, so that a longer number does not move the next one.
    for line, column in sorted(spots, reverse=True):
        old = lines[line]
        number = float(spots[line, column])
        token = repr(int(number)) if number.is_integer() else repr(number)
        lines[line] = old[:column] + _NUMBER.sub(token, old[column:], count=1)
    return "".join(lines)


def _leaves(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _leaves(f"{name}.{key}", inner)
    elif isinstance(value, (list, tuple)):
        for index, inner in enumerate(value):
            yield from _leaves(f"{name}.{index}", inner)
    else:
        yield name, value


def _spot(
    names: Iterable[str], document: Document, name: str, offences: list[Offence]
) -> tuple[int, int] | None:
    """Line and column (from 0) of a number in the text."""
    figure = next((one for one in names if name == one or name.startswith(f"{one}.")), None)
    if figure is None:
        hint = did_you_mean(name, names)
        offences.append(Offence(f"the profile has no figure '{name}'", hint=hint))
        return None
    section, key = figure.split(".")
    path: list[Step] = [section, key, "value"]
    node: Any = document.data[section][key]["value"]
    for part in name[len(figure) + 1 :].split(".") if name != figure else ():
        steps = parts(node)
        if part not in steps:
            hint = did_you_mean(part, steps)
            offences.append(Offence(f"'{name}' is not a number in the profile", hint=hint))
            return None
        path.append(steps[part])
        node = node[steps[part]]
    if isinstance(node, (Mapping, list)):
        offences.append(Offence(f"'{name}' is a table; give a number for each of its parts"))
        return None
    line, column = document.value_places[tuple(path)]
    return line - 1, column - 1
