"""Everything that is wrong with a file: gathered as it is read, each offence with its place."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Iterable, Mapping
from string import Template
from typing import Any

from microsim.documents import Document, Step
from microsim.documents.nodes import (
    AnyOf,
    Anything,
    Choice,
    Date,
    Described,
    Items,
    Node,
    Number,
    Record,
    Switch,
    Text,
    now,
)
from microsim.errors import Offence, brief, did_you_mean

Steps = tuple[Step, ...]


class Findings:
    """Offences, each reported once, in the order of the file.

    ``source`` is the document, or what gives the place of steps, or ``None`` for plain data: then the place
    of an offence is the keys that lead to it. ``root`` is what the findings are about, ``unspoken`` are
    steps that no message names.
    """

    def __init__(
        self, source: Document | Callable[..., str] | None, root: str = "", unspoken: tuple[str, ...] = ()
    ) -> None:
        self._place = source.place if isinstance(source, Document) else source
        self._root = root
        self._unspoken = unspoken
        self._found: list[tuple[tuple[int, int], Steps, Offence]] = []

    def add(self, steps: Steps, message: str, hint: str = "") -> None:
        """Note one offence."""
        place = self._place(*steps) if self._place else ".".join(map(str, steps)) or self._root
        numbers = place.rsplit(":", 2)[1:]
        known = len(numbers) == 2 and all(number.isdigit() for number in numbers)
        rank = (int(numbers[0]), int(numbers[1])) if known else (0, 0)
        entry = (rank, steps, Offence(message, place, hint))
        if entry not in self._found:
            self._found.append(entry)

    def __len__(self) -> int:
        return len(self._found)

    def clean(self, *steps: Step) -> bool:
        """Whether nothing is wrong at a key or below it."""
        return not any(at[: len(steps)] == steps for _, at, _ in self._found)

    @property
    def offences(self) -> list[Offence]:
        """As they are in the file."""
        return [offence for _, _, offence in sorted(self._found, key=lambda entry: entry[0])]

    def check(self, node: Node, value: Any, steps: Steps = ()) -> Any:
        """What of ``value`` is as ``node`` describes it; wrong parts are noted, and left out.

        (Wrong items of a list are ``None`` there, so that each of the others keeps its place.)
        """
        if value is None and node.null:
            return None
        match node:
            case Described() | Anything():
                return value
            case AnyOf():
                return self._any(node, value, steps)
            case Record() if isinstance(value, Mapping) and (value or not node.filled):
                return self._record(node, value, steps)
            case Items() if self._is_list(node, value):
                return self._items(node, value, steps)
            case Number() if is_number(value):
                return self._number(node, value, steps)
            case Date():
                return self._date(node, value, steps)
            case Choice():
                return self._choice(node, value, steps)
            case Switch() if isinstance(value, bool):
                return value
            case Text() if isinstance(value, str) and (value.strip() or not node.filled):
                if node.letters in (None, len(value)):
                    return value
        self._say(node.wrong, value, steps, node.hint)
        return None

    # -- kinds of nodes

    def _any(self, node: AnyOf, value: Any, steps: Steps) -> Any:
        for option in now(node.options):
            if _fits(option, value):
                return self.check(option, value, steps)
        self._say(node.wrong, value, steps, node.hint)
        return None

    def _record(self, node: Record, given: Mapping[Any, Any], steps: Steps) -> dict[Any, Any]:
        fields = now(node.fields)
        out, said = {}, {}
        for given_key, value in given.items():
            # {1: 0.2} and {"1": 0.2} say the same.
            key = given_key if given_key in fields or str(given_key) not in fields else str(given_key)
            at, said[key] = (*steps, given_key), value
            inner = fields.get(key, node.rest)
            if inner is None or (key not in fields and not re.search(node.pattern, str(key))):
                self._unknown(node, fields, at)
            elif (good := self.check(inner, value, at)) is not None:
                out[key] = good
        self._required(node, fields, said, steps)
        return out

    def _required(
        self, node: Record, fields: Mapping[Any, Node], said: Mapping[Any, Any], steps: Steps
    ) -> None:
        absent = [key for key in now(node.required) if key not in said]
        if absent and "$names" in node.missing:
            self.add(steps, self._filled(node.missing, None, steps, absent))
            absent = []
        for key, hint in now(node.required).items():
            inner = fields.get(key, node)
            if key in absent:
                self.add(steps, self._filled(inner.absent or node.missing, None, (*steps, key)), hint)
            elif key in said and said[key] is None and inner.null:
                self._say(inner.absent or node.empty, None, (*steps, key), hint)

    def _unknown(self, node: Record, fields: Mapping[Any, Node], steps: Steps) -> None:
        names = list(map(str, fields))
        if callable(node.unknown):
            self.add(steps, *node.unknown(str(steps[-1]), names))
            return
        hint = did_you_mean(str(steps[-1]), names) or self._filled(node.known, None, steps, names)
        self._say(node.unknown, None, steps, hint)

    @staticmethod
    def _is_list(node: Items, value: Any) -> bool:
        if not isinstance(value, list | tuple):
            return node.alone and not isinstance(value, Mapping)
        return node.least <= len(value) <= (len(value) if node.most is None else node.most)

    def _items(self, node: Items, given: Any, steps: Steps) -> list[Any] | None:
        several = isinstance(given, list | tuple)
        values = list(given) if several else [given]
        if node.whole:
            within = Findings(None)
            said = [within.check(node.item, value) for value in values]
            if within:
                self._say(node.wrong, given, steps, node.hint)
            return None if within else said
        out = []
        for k, value in enumerate(values):
            at = (*steps, k) if several else steps
            out.append(good := self.check(node.item, value, at))
            if node.twice and good is not None and good in out[:-1]:
                self._say(node.twice, value, at, "leave one of them out")
        return out

    def _number(self, node: Number, value: float, steps: Steps) -> float | None:
        if node.whole and value != int(value):
            self._say(node.not_whole, value, steps)
        elif (node.least is not None and value < node.least) or (node.most is not None and value > node.most):
            self._say(node.outside, value, steps, node.bounds, least=node.least, most=node.most)
        elif node.above is not None and value <= node.above:
            self._say(node.wrong, value, steps, node.hint)
        else:
            return value
        return None

    def _date(self, node: Date, value: Any, steps: Steps) -> dt.date | None:
        if isinstance(value, dt.datetime):
            self.add(steps, f"'{value.isoformat()}' is a time, not a date", node.hint)
        elif isinstance(value, dt.date):
            return value
        elif isinstance(value, str):
            try:
                return dt.date.fromisoformat(value)
            except ValueError:
                self.add(steps, f"'{value}' is not a date", node.hint)
        else:
            self.add(steps, f"a date is needed here, found {kind_of(value)} '{value}'", node.hint)
        return None

    def _choice(self, node: Choice, value: Any, steps: Steps) -> Any:
        names = tuple(now(node.names))
        if isinstance(value, str | int) and not isinstance(value, bool) and value in names:
            return value
        hint, known = did_you_mean(str(value), map(str, names)), self._filled(node.known, value, steps, names)
        both = f"{hint} {known}".strip() if node.always else hint or known
        self._say(node.wrong, value, steps, both)
        return None

    # -- words

    def _say(self, message: str, value: Any, steps: Steps, hint: str = "", **more: Any) -> None:
        self.add(steps, self._filled(message, value, steps, **more), hint)

    def _filled(
        self, words: str, value: Any, steps: Steps, names: Iterable[Any] = (), **more: float | None
    ) -> str:
        if "$" not in words:
            return words
        return Template(words).safe_substitute(
            key=steps[-1] if steps else "",
            parent=steps[-2] if len(steps) > 1 else "",
            name=steps[1] if len(steps) > 1 else "",
            path=self._spoken(steps),
            at=self._spoken(steps[:-1]),
            value=str(value) if isinstance(value, str | dt.date) else brief(value),
            shown=brief(value),
            kind=kind_of(value),
            root=self._root,
            names=", ".join(map(str, names)),
            **more,
        )

    def _spoken(self, steps: Steps) -> str:
        return ".".join(str(step) for step in steps if step not in self._unspoken)


def is_number(value: Any) -> bool:
    """Whether something is a number that can be counted with."""
    return type(value) in (int, float) and math.isfinite(value)


def kind_of(value: Any) -> str:
    """What something is, as an analyst would say."""
    names = {bool: "yes/no", int: "number", str: "text", list: "list", dict: "mapping", type(None): "nothing"}
    if isinstance(value, float):
        return "number" if math.isfinite(value) else "no finite number"
    return "date" if isinstance(value, dt.date) else names.get(type(value), type(value).__name__)


def _fits(node: Node, value: Any) -> bool:
    """Whether a value is of the kind of a node, right or wrong."""
    match node:
        case Text():
            return isinstance(value, str)
        case Record():
            return isinstance(value, Mapping)
        case Items():
            return isinstance(value, list | tuple)
        case Number():
            return is_number(value)
        case Switch():
            return isinstance(value, bool)
        case Choice():
            return isinstance(value, str | int) and value in now(node.names)
        case Date():
            return not isinstance(value, Mapping)
    return True
