"""YAML files read with the place of every key, so that an error can point at line and column."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from microsim.errors import MicrosimError, Offence

Step = str | int
Places = Mapping[tuple[Step, ...], tuple[int, int]]


@dataclass(frozen=True)
class Document:
    """A parsed YAML file: plain data, and where each part of it stands (line and column, from 1).

    ``places`` are those of keys and list items, ``value_places`` those of the values behind the keys.
    """

    path: Path
    data: Any
    places: Places
    value_places: Places

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


def read_document(path: str | os.PathLike[str], missing: str = "") -> Document:
    """Read one YAML document (YAML 1.2: ``no`` is text, duplicate keys are an error).

    ``missing`` is the way out where there is no such file. Raises ``MicrosimError`` with file, line and
    column where the file is missing, not UTF-8 or not YAML.
    """
    where = Path(path)
    try:
        content = where.read_bytes()
    except FileNotFoundError:
        raise MicrosimError(Offence("no such file", shown(where), missing)) from None
    except IsADirectoryError:
        raise MicrosimError(Offence("is a folder, not a YAML file", shown(where))) from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise MicrosimError(_not_utf8(content, error.start, where)) from None
    return parse_document(text.replace("\r\n", "\n").replace("\r", "\n"), where)


def _not_utf8(content: bytes, start: int, path: Path) -> Offence:
    """The first byte that is not UTF-8 by line and column, and what the file seems to be instead."""
    before = content[:start].decode("utf-8-sig").split("\n")
    place = f"{shown(path)}:{len(before)}:{len(before[-1]) + 1}"
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        looks = "it looks like UTF-16 (Windows calls it Unicode): "
    elif b"\0" not in content and _is_gb18030(content):
        looks = "it looks like GB18030 (GBK, ANSI in a Chinese Windows): "
    else:
        looks = ""
    return Offence(f"not UTF-8 text (byte {start})", place, f"{looks}save the file as UTF-8")


def _is_gb18030(content: bytes) -> bool:
    try:
        return any("\u4e00" <= letter <= "\u9fff" for letter in content.decode("gb18030"))
    except UnicodeDecodeError:
        return False


def parse_document(text: str, path: Path) -> Document:
    """Parse YAML text as if it stood in ``path``.

    Raises ``MicrosimError`` with line and column: the first place that is not YAML, or else every duplicate
    key, impossible date, unknown tag and the like.
    """
    # The parser is imported where a file is read: `microsim --help` reads none.
    from microsim.documents.tree import parse

    data, places, values, faults = parse(text)
    if faults:
        name = shown(path)
        raise MicrosimError(
            [Offence(fault.problem, f"{name}:{fault.line}:{fault.column}", fault.hint) for fault in faults]
        )
    return Document(path, data, places, values)
