"""What a kind of YAML file may say, stated once.

A description is a tree of nodes. The readers check files by it (:mod:`microsim.documents.findings`), and
the JSON Schemas with which editors complete and check are made of it
(:mod:`microsim.documents.json_schema`).

Of the libraries that do the like (pydantic, msgspec, attrs) none says where a key is in the file, in
which unit a number is, or what it is in Chinese, and each has its own words for what is wrong: around them
the same tree would be needed beside theirs.

Words about what is wrong are templates. ``$key`` is the last step, ``$parent`` the one before, ``$name``
the second (the name of a family), ``$path`` all steps with dots between, ``$at`` all but the last;
``$value`` is what was found, ``$shown`` the same as Python shows it, ``$kind`` what it is; ``$names`` are
the allowed ones, ``$root`` is what the findings are about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

T = TypeVar("T")
Later: TypeAlias = T | Callable[[], T]  # what needs the law or the columns is made when it is asked for


def now(given: Later[T]) -> T:
    """What is meant, made now where it is made later."""
    made: T = given() if callable(given) else given
    return made


@dataclass(frozen=True, kw_only=True)
class Node:
    """A value: what it is in English and Chinese, and what is said of one of another kind.

    ``null``: whether an empty value (``title:``) is as good as none. ``ref`` names what a schema states once
    and points at from many places.
    """

    en: str = ""
    zh: str = ""
    default: Any = None
    examples: tuple[Any, ...] = ()
    wrong: str = "'$key' cannot be $shown"
    hint: str = ""
    null: bool = True
    absent: str = ""  # where a record must have it, in place of the record's own words
    ref: str = ""


@dataclass(frozen=True, kw_only=True)
class Anything(Node):
    """Whatever it is."""


@dataclass(frozen=True, kw_only=True)
class Text(Node):
    """Text; ``filled``: of more than spaces; ``letters``: of so many letters."""

    filled: bool = False
    letters: int | None = None


@dataclass(frozen=True, kw_only=True)
class Date(Node):
    """A day."""

    hint: str = "write a full date, for example 2020-12-31"


@dataclass(frozen=True, kw_only=True)
class Switch(Node):
    """true or false."""

    wrong: str = "'$key' must be true or false, found $kind '$value'"


@dataclass(frozen=True, kw_only=True)
class Number(Node):
    """A number from ``least`` to ``most`` (both allowed), more than ``above``, in ``unit``."""

    unit: str = ""
    whole: bool = False
    fraction: bool = False  # 1/3 may represent it
    least: float | None = None
    above: float | None = None
    most: float | None = None
    not_whole: str = "$path is a whole number, found $value"
    outside: str = "$path is $value, outside $least to $most"
    bounds: str = ""  # the hint beside ``outside``


@dataclass(frozen=True, kw_only=True)
class Choice(Node):
    """One of a few words (or numbers)."""

    names: Later[Iterable[Any]]
    wrong: str = "'$key' cannot be $shown"
    known: str = "known: $names"
    always: bool = False  # the allowed ones are named beside the nearest


@dataclass(frozen=True, kw_only=True)
class Items(Node):
    """A list; ``alone``: one item needs no brackets; ``whole``: faults are said of the list."""

    item: Node
    least: int = 0
    most: int | None = None
    alone: bool = False
    whole: bool = False
    twice: str = ""  # what is said of an item that is there already


@dataclass(frozen=True, kw_only=True)
class Record(Node):
    """Keys with values: ``fields`` by key, ``rest`` behind any other that looks like ``pattern``.

    ``required`` gives the hint about each key that must be there; ``missing`` with ``$names`` is said of
    all at once. ``unless`` is a key beside which nothing is required. ``unknown`` is what is
    said of a key that is not known, or makes the message and the hint from it and the known ones.
    """

    fields: Later[Mapping[Any, Node]]
    rest: Node | None = None
    pattern: str = ""
    required: Later[Mapping[str, str]] = dict
    unless: str = ""
    filled: bool = False  # at least one key
    missing: str = "'$key' is missing"
    empty: str = "'$key' is empty"
    unknown: str | Callable[[str, Iterable[str]], tuple[str, str]] = "no such key '$key'"
    known: str = "known: $names"


@dataclass(frozen=True, kw_only=True)
class AnyOf(Node):
    """One of several kinds; a value is read as the first whose kind it has."""

    options: Later[tuple[Node, ...]]


@dataclass(frozen=True, kw_only=True)
class Described(Node):
    """What is checked elsewhere, with more than a file to go by (a policy, say); shown in editors only."""

    node: Callable[[], Node]


LANGUAGES = {"en": "in English", "zh": "in Chinese"}


def localised(en: str, zh: str, found: str = "$kind", text: str = "$kind", **more: Any) -> AnyOf:
    """Text in one language or two: ``title: Unify`` or ``title: {en: Unify, zh: ...}``."""
    words = {
        language: Text(wrong=f"$parent.$key must be text, found {text}", hint="put it in quotes", null=False)
        for language in LANGUAGES
    }
    wrong = f"'$key' must be text or {{en: ..., zh: ...}}, found {found}"
    return AnyOf(
        en=en,
        zh=zh,
        wrong=wrong,
        options=(Text(), Record(fields=words, unknown="no such language '$key'")),
        **{"hint": "put the text in quotes", **more},
    )


def outputs_of(names: Later[Iterable[Any]], default: Iterable[str], **more: Any) -> Items:
    """What a file asks for: some of ``names``, each once."""
    known = list(default)
    return Items(
        en="What is asked for.",
        zh="需要的结果。",
        item=Choice(names=names, wrong="no such output '$value'", null=False, **more),
        least=1,
        twice="output '$value' is given twice",
        default=known,
        wrong="'outputs' must be a list",
        hint=f"for example outputs: [{', '.join(known)}]",
    )


def by_language(said: str | Mapping[str, str] | None) -> dict[str, str]:
    """Text in one language or two as a mapping; text alone is taken for English."""
    return {"en": said} if isinstance(said, str) and said else dict(said or {})
