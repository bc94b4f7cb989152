"""From YAML text to plain data and the place of every part, by the events of PyYAML's parser.

libyaml, where PyYAML was built with it, reads the whole law in hundredths of a second; the parser in Python
gives the same events, slowly. Events rather than PyYAML's own nodes: its composer in C has no bound on depth.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml
from yaml import events
from yaml.error import MarkedYAMLError
from yaml.reader import ReaderError

from microsim.documents.full_width import Told, wide_key, wide_signs, wide_word
from microsim.documents.scalars import CORE, Scalar, plain, tagged, unknown

Step = str | int
Place = tuple[int, int]
Places = dict[tuple[Step, ...], Place]
_DEEPEST = 100
_MOST = 1_000_000  # parts of a file
_REPEATED = 200_000  # parts that aliases and merges add: some seconds' work for a few lines
_LONG = 200_000  # characters from which the slow parser is not asked again what is wrong
_TOO_DEEP, _OPEN = f"nested more than {_DEEPEST} deep", "is a bracket left open?"
_KEPT_TAGS = (None, "!", f"{CORE}map", f"{CORE}seq")


@dataclass(frozen=True)
class Fault:
    """What is wrong at a line and column (from 1) of the text."""

    problem: str
    line: int
    column: int
    hint: str = ""


class _TooMuchError(Exception):
    """The text is nested deeper, or repeats more, than anyone means."""


@dataclass(slots=True)
class _Node:
    """A value and where it begins."""

    place: Place
    value: Scalar | list[_Node] | _Table
    size: int = 1  # parts in it, itself among them
    bare: bool = False  # a word without quotes


# By key: where the key is, and its value. A key merged in by `<<` has no position of its own.
_Table = dict[Scalar, tuple[Place | None, _Node]]


def parse(text: str) -> tuple[Any, Places, Places, list[Fault]]:
    """Plain data of the one document in ``text``, places of keys and items, places of values, and faults.

    A single fault where the text is no YAML (or every full-width sign that makes it none), else every one.
    Data with faults are not to be used.
    """
    tree = _Tree(_events(text))
    try:
        root = tree.root()
        # 「county：h」 from the first line to the last is one text to YAML.
        if root is not None and isinstance(root.value, str) and not tree.faults:
            tree.faults = [Fault(*sign) for sign in wide_signs(text)]
    except _TooMuchError:
        root = None
    except (yaml.YAMLError, UnicodeEncodeError) as error:
        fault = _syntax(text, error)
        wide = wide_signs(text, fault.line)
        tree.faults = [Fault(*sign) for sign in wide] or [fault]
        root = None
    keys: Places = {(): (1, 1)}
    values: Places = {}
    if root is None or tree.faults:
        return (
            None,
            keys,
            values,
            sorted(dict.fromkeys(tree.faults), key=lambda fault: (fault.line, fault.column)),
        )
    return _settled(root, (), keys, values), keys, values, []


def _events(text: str) -> Iterator[events.Event]:
    # A generator: libyaml refuses a lone half of a character (a surrogate) before its first event.
    yield from yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def _settled(node: _Node, steps: tuple[Step, ...], keys: Places, values: Places) -> Any:
    """Plain data; what an alias repeats is data of its own."""
    value = node.value
    values[steps] = node.place
    if isinstance(value, dict):
        table: dict[Any, Any] = {}
        for key, (place, inner) in value.items():
            step: Any = key
            path = (*steps, step)
            if place is not None:
                keys[path] = place
            table[key] = _settled(inner, path, keys, values)
        return table
    if isinstance(value, list):
        for index, inner in enumerate(value):
            keys[*steps, index] = inner.place
        return [_settled(inner, (*steps, index), keys, values) for index, inner in enumerate(value)]
    return value


class _Tree:
    """Builds nodes from events; faults other than syntax are gathered, so that all are reported at once."""

    def __init__(self, stream: Iterator[events.Event]) -> None:
        self.faults: list[Fault] = []
        self._events = stream
        self._anchors: dict[str, _Node | None] = {}
        self._written = 0
        self._repeated = 0

    def root(self) -> _Node | None:
        """The node of the first and only document; none where there is no document."""
        next(self._events)  # the start of the stream
        if isinstance(next(self._events), events.StreamEndEvent):
            return None
        root = self._node(next(self._events), 0)
        next(self._events)  # the end of the document
        second = next(self._events)
        if not isinstance(second, events.StreamEndEvent):
            self._fault(
                second,
                "a second document starts here",
                "a file has one document: '---' can only be at its top",
            )
        return root

    def _fault(self, event: events.Event | Place, problem: str, hint: str = "") -> None:
        line, column = event if isinstance(event, tuple) else _place(event)
        self.faults.append(Fault(problem, line, column, hint))

    def _node(self, event: Any, depth: int) -> _Node:
        anchor: str | None = event.anchor
        if isinstance(event, events.AliasEvent):
            return self._alias(event, str(anchor))
        self._written += 1
        if self._written > _MOST:
            self._fault(event, f"more than {_MOST:,} parts", "split the file")
            raise _TooMuchError
        if anchor is not None:
            self._anchors[anchor] = None
        node = _Node(_place(event), None)
        if isinstance(event, events.ScalarEvent):
            node.value = self._scalar(event)
            node.bare = event.implicit[0]
        else:
            if event.tag not in _KEPT_TAGS:
                self._fault(event, unknown(event.tag))
            if depth == _DEEPEST:
                self._fault(event, _TOO_DEEP, _OPEN)
                raise _TooMuchError
            is_table = isinstance(event, events.MappingStartEvent)
            value = self._table(depth + 1) if is_table else self._items(depth + 1)
            inner = [n for _, n in value.values()] if isinstance(value, dict) else value
            node.value, node.size = value, 1 + sum(n.size for n in inner)
        if anchor is not None:
            self._anchors[anchor] = node
        return node

    def _alias(self, event: events.AliasEvent, name: str) -> _Node:
        node = self._anchors.get(name)
        if node is not None:
            self._repeat(event, node.size)
            return _Node(_place(event), node.value, node.size, node.bare)
        if name in self._anchors:
            self._fault(event, f"alias '{name}' is inside what it repeats")
        else:
            self._fault(event, f"found undefined alias '{name}'")
        return _Node(_place(event), None)

    def _repeat(self, event: events.Event, parts: int) -> None:
        """Ten aliases of ten aliases of ten ...: a short file that no memory holds."""
        self._repeated += parts
        if self._repeated > _REPEATED:
            self._fault(event, f"aliases repeat more than {_REPEATED:,} parts", "write it out")
            raise _TooMuchError

    def _scalar(self, event: events.ScalarEvent) -> Scalar:
        text: str = event.value
        try:
            if event.tag is not None:
                return tagged(text, event.tag)
            if not event.implicit[0]:
                return text
            value = plain(text)
            if value == text:
                self._wide(event, wide_word(text))
            return value
        except ValueError as error:
            self._fault(event, str(error))
            return None

    def _wide(self, event: events.Event, signs: list[Told]) -> None:
        """Full-width signs of a word, each at its own place where the word is on one line."""
        line, column = _place(event)
        on_one: bool = event.start_mark.line == event.end_mark.line  # type: ignore[union-attr]
        for offset, problem, hint in signs:
            self._fault((line, column + offset * on_one), problem, hint)

    def _items(self, depth: int) -> list[_Node]:
        items = []
        while not isinstance(event := next(self._events), events.SequenceEndEvent):
            items.append(self._node(event, depth))
        return items

    def _table(self, depth: int) -> _Table:
        table: _Table = {}
        merged: list[_Node] | None = None
        merging: events.Event | None = None
        while not isinstance(event := next(self._events), events.MappingEndEvent):
            key_node = self._node(event, depth)
            value = self._node(next(self._events), depth)
            key = key_node.value
            if isinstance(key, (dict, list)):
                self._fault(event, "a list or table cannot be a key", "put {...} or [...] in quotes")
            elif key == "<<" and isinstance(event, events.ScalarEvent) and event.implicit[0]:
                if merged is not None:
                    self._fault(event, 'found duplicate key "<<"', "give one list: <<: [*a, *b]")
                merged, merging = self._sources(value), event
            else:
                if isinstance(key, dt.date):  # text, as JSON and every later reader need it, quoted or not
                    key = key.isoformat()[:10]
                if isinstance(key, str) and key_node.bare:
                    self._wide(event, wide_key(key, value.bare and value.value is None))
                if key in table:
                    first = table[key][0]
                    earlier = f"it is already on line {first[0]}" if first else ""
                    self._fault(event, f'found duplicate key "{_text(event, key)}"', earlier)
                table[key] = key_node.place, value
        for source in merged or ():
            if isinstance(source.value, dict) and merging is not None:
                self._repeat(merging, len(source.value))
                for key, (_, value) in source.value.items():
                    table.setdefault(key, (None, value))
        return table

    def _sources(self, node: _Node) -> list[_Node]:
        sources = node.value if isinstance(node.value, list) else [node]
        for source in sources:
            if not isinstance(source.value, dict):
                self._fault(source.place, "'<<' takes a table, or a list of tables")
        return sources


def _place(event: events.Event) -> Place:
    mark: Any = event.start_mark
    return mark.line + 1, mark.column + 1


def _text(event: events.Event, key: Scalar) -> str:
    return str(event.value) if isinstance(event, events.ScalarEvent) else str(key)


def _syntax(text: str, error: yaml.YAMLError | UnicodeEncodeError) -> Fault:
    """Where the text stops being YAML, in the words of the parser in Python, whichever read the text."""
    if len(text) < _LONG or not isinstance(error, MarkedYAMLError):
        depth = 0
        try:
            for event in yaml.parse(text, Loader=yaml.SafeLoader):
                depth += isinstance(event, events.CollectionStartEvent)
                depth -= isinstance(event, events.CollectionEndEvent)
                # Its time grows with the square of the depth.
                if depth > _DEEPEST:
                    return Fault(_TOO_DEEP, *_place(event), _OPEN)
        except yaml.YAMLError as plainer:
            error = plainer
    if isinstance(error, MarkedYAMLError) and (mark := error.problem_mark or error.context_mark):
        problem = str(error.problem or error.context).splitlines()[0].strip()
        hint = "indent with spaces" if "'\\t'" in problem else ""
        return Fault(problem, mark.line + 1, mark.column + 1, hint)
    if isinstance(error, ReaderError) and isinstance(error.character, int):
        before = text[: error.position]
        column = len(before) - before.rfind("\n")
        problem = f"character #x{error.character:04x} is not allowed in YAML"
        escape = f"\\x{error.character:02x}" if error.character < 256 else f"\\u{error.character:04x}"
        return Fault(problem, before.count("\n") + 1, column, f'delete it, or write "{escape}" in quotes')
    return Fault(f"not valid YAML: {str(error).splitlines()[0]}", 1, 1)
