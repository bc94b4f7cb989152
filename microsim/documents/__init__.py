"""YAML files read with the place of every key, so that an error can point at line and column."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from microsim.errors import FileError, Offence

Step = str | int
_LONG = 500  # characters of a path that are shown
LARGEST = 16 << 20  # bytes of a YAML file; what people write are thousands
Places = Mapping[tuple[Step, ...], tuple[int, int]]


@dataclass(frozen=True)
class Document:
    """A parsed YAML file: plain data, and where each part of it is (line and column, from 1).

    ``places`` are those of keys and list items, ``value_places`` those of the values behind the keys;
    ``text`` is what was parsed.
    """

    path: Path
    data: Any
    places: Places
    value_places: Places
    text: str = field(default="", repr=False)

    def place(self, *steps: Step) -> str:
        """``file:line:column`` of a key or list item, or of its nearest parent that has one."""
        line, column = self.places.get(steps[: known_depth(self.places, steps)], (1, 1))
        return f"{shown(self.path)}:{line}:{column}"

    def file(self, *steps: Step) -> Path:
        """The file that says a key: relative paths are meant from there."""
        return self.path

    def depth(self, *steps: Step) -> int:
        """How many of the steps lead to a key or list item that the file has."""
        return known_depth(self.places, steps)


def known_depth(places: Places, steps: tuple[Step, ...]) -> int:
    """How many of the steps have a place."""
    return next((end for end in range(len(steps), 0, -1) if steps[:end] in places), 0)


def shown(path: Path) -> str:
    """The path as a user would type it: relative where it lies below the working folder.

    Signs that no line of text can hold are written as escapes, and of a name beyond all names the middle is
    left out.
    """
    try:
        absolute = os.path.abspath(path)
        relative = os.path.relpath(absolute)
    except ValueError:  # another drive of Windows, or a NUL
        absolute, relative = str(path), ".."
    text = absolute if relative.startswith("..") else relative
    if not text.isprintable():
        text = "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text)
    return text if len(text) <= _LONG else f"{text[: _LONG // 2]}...{text[-_LONG // 2 :]}"


def read_document(path: str | os.PathLike[str], missing: str = "") -> Document:
    """Read one YAML document (YAML 1.2: ``no`` is text, duplicate keys are an error).

    ``missing`` is the suggestion where there is no such file. Raises ``MicrosimError`` with file, line and
    column where the file is missing, not UTF-8 or not YAML.
    """
    where = Path(path)
    return parse_document(read_text(where, missing), where)


def read_text(path: Path, missing: str = "") -> str:
    """The text of a file, its lines ended by ``\\n``. Raises as :func:`read_document`."""
    content = _content(path, missing)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileError(_not_utf8(content, error.start, path)) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _content(path: Path, missing: str) -> bytes:
    """The bytes of a file of a size that somebody wrote."""
    try:
        kind = os.stat(path).st_mode
        if stat.S_ISDIR(kind):
            raise FileError(Offence("is a folder, not a YAML file", shown(path)))
        # The shell's own pipes (`<(...)`, /dev/stdin) have a writer; to open any other might wait for ever.
        piped = stat.S_ISFIFO(kind) and path.is_absolute() and path.parts[1:2] in (("dev",), ("proc",))
        if not (stat.S_ISREG(kind) or piped):
            raise FileError(Offence("is a pipe or device, not a YAML file", shown(path)))
        with open(path, "rb") as file:
            content = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise FileError(Offence("no such file", shown(path), missing)) from None
    except (OSError, ValueError) as error:  # a name too long or with a letter no name has, a file not ours
        raise FileError(Offence(f"cannot be read: {reason(error)}", shown(path), missing)) from None
    if len(content) > LARGEST:
        hint = "household data belong in Parquet or CSV files"
        raise FileError(Offence(f"is larger than {LARGEST >> 20} MB, too large for YAML", shown(path), hint))
    return content


def reason(error: OSError | ValueError) -> str:
    """Why the system will not have a path, without the path and the number of the error."""
    return getattr(error, "strerror", None) or str(error)


def _not_utf8(content: bytes, start: int, path: Path) -> Offence:
    """The first byte that is not UTF-8 by line and column, and what the file seems to be instead."""
    before = content[:start].decode("utf-8-sig").split("\n")
    place = f"{shown(path)}:{len(before)}:{len(before[-1]) + 1}"
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or content[:200].count(b"\0") > len(content[:200]) // 3:
        looks = "it looks like UTF-16 (Windows calls it Unicode): "
    elif any("\u4e00" <= letter <= "\u9fff" for letter in "".join(before)):
        looks = "it is UTF-8 up to there, then damaged or truncated: copy it again, or "
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
    """Parse YAML text as if it were in ``path``.

    Raises ``MicrosimError`` with line and column: the first place that is not YAML, or else every duplicate
    key, impossible date, unknown tag and the like.
    """
    # The parser is imported where a file is read: `microsim --help` reads none.
    from microsim.documents.tree import parse

    data, places, values, faults = parse(text)
    if faults:
        name = shown(path)
        raise FileError(
            [Offence(fault.problem, f"{name}:{fault.line}:{fault.column}", fault.hint) for fault in faults]
        )
    return Document(path, data, places, values, text)
