"""YAML files read with the place of every key, so that an error can point at line and column."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from microsim.errors import MicrosimError, Offence

Step = str | int
Places = dict[tuple[Step, ...], tuple[int, int]]


@dataclass(frozen=True)
class Document:
    """A parsed YAML file: plain data, and where each part of it stands."""

    path: Path
    data: Any
    places: Mapping[tuple[Step, ...], tuple[int, int]]

    def place(self, *steps: Step) -> str:
        """``file:line:column`` of a key or list item, or of its nearest parent that has one."""
        for end in range(len(steps), -1, -1):
            if steps[:end] in self.places:
                line, column = self.places[steps[:end]]
                return f"{shown(self.path)}:{line}:{column}"
        return f"{shown(self.path)}:1:1"


def shown(path: Path) -> str:
    """The path as a user would type it: relative where it lies below the working folder."""
    absolute = os.path.abspath(path)
    relative = os.path.relpath(absolute)
    return absolute if relative.startswith("..") else relative


def read_document(path: str | os.PathLike[str]) -> Document:
    """Read one YAML document (YAML 1.2: ``no`` is text, duplicate keys are an error).

    Raises ``MicrosimError`` with file, line and column where the file is missing, not UTF-8 or not YAML.
    """
    where = Path(path)
    try:
        text = where.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise MicrosimError(Offence("no such file", shown(where))) from None
    except IsADirectoryError:
        raise MicrosimError(Offence("is a folder, not a YAML file", shown(where))) from None
    except UnicodeDecodeError as error:
        raise MicrosimError(
            Offence(f"not UTF-8 text (byte {error.start})", shown(where), "save the file as UTF-8")
        ) from None
    return parse_document(text, where)


def parse_document(text: str, path: Path) -> Document:
    """Parse YAML text as if it stood in ``path``."""
    from ruamel.yaml import YAML
    from ruamel.yaml.constructor import ConstructorError, RoundTripConstructor
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    class Constructor(RoundTripConstructor):
        """Knows the place of a date that no calendar has."""

        def date(self, node: Any) -> Any:
            try:
                return self.construct_yaml_timestamp(node)
            except ValueError:
                raise ConstructorError(None, None, f"'{node.value}' is not a date", node.start_mark) from None

    Constructor.add_constructor("tag:yaml.org,2002:timestamp", Constructor.date)
    yaml = YAML(typ="rt")
    yaml.Constructor = Constructor
    try:
        tree = yaml.load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"{shown(path)}:{mark.line + 1}:{mark.column + 1}" if mark else shown(path)
        problem = str(error.problem or error.context or "not valid YAML").splitlines()[0].strip()
        raise MicrosimError(Offence(problem, place)) from None
    except YAMLError as error:
        raise MicrosimError(Offence(f"not valid YAML: {str(error).splitlines()[0]}", shown(path))) from None
    places: Places = {(): (1, 1)}
    return Document(path, _plain(tree, (), places), places)


def _plain(node: Any, steps: tuple[Step, ...], places: Places) -> Any:
    """Plain Python data, noting places on the way."""
    from ruamel.yaml.comments import CommentedMap, CommentedSeq

    if isinstance(node, CommentedMap):
        out: dict[Any, Any] = {}
        for key, value in node.items():
            name = key.isoformat() if isinstance(key, dt.date) else key
            mark = node.lc.data.get(key) if node.lc.data else None
            if mark:
                places[(*steps, name)] = (mark[0] + 1, mark[1] + 1)
            plain_key = dt.date.fromisoformat(key.isoformat()[:10]) if isinstance(key, dt.date) else key
            out[plain_key] = _plain(value, (*steps, name), places)
        return out
    if isinstance(node, CommentedSeq):
        items = []
        for index, value in enumerate(node):
            mark = node.lc.data.get(index) if node.lc.data else None
            if mark:
                places[(*steps, index)] = (mark[0] + 1, mark[1] + 1)
            items.append(_plain(value, (*steps, index), places))
        return items
    if isinstance(node, dt.datetime):
        return dt.datetime(*node.timetuple()[:6])
    if isinstance(node, bool) or node is None:
        return node
    if isinstance(node, int):
        return int(node)
    if isinstance(node, float):
        return float(node)
    if isinstance(node, str):
        return str(node)
    return node
