"""Errors that name every offence, its place and a way to fix it."""

from __future__ import annotations

import difflib
import functools
import sys
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from microsim.language import language, spoken

C = TypeVar("C", bound=type)


@dataclass(frozen=True)
class Offence:
    """One thing that is wrong: what, where, and how to mend it."""

    message: str
    place: str = ""
    hint: str = ""

    def __str__(self) -> str:
        message, place, hint = spoken(self.message), spoken(self.place), spoken(self.hint)
        text = f"{place}: {message}" if place else message
        return f"{text}{'; ' if language() == 'en' else '；'}{hint}" if hint else text


class MicrosimError(Exception):
    """What microsim refuses or cannot do: the base of all errors that it raises on purpose.

    Carries *all* offences found, so that a user mends a file once and not line by line. What is raised is one
    of the classes below: :class:`InputError`, :class:`RuleError`, :class:`DataError`, :class:`FileError`,
    :class:`InternalError`.

    >>> print(MicrosimError([Offence("no such parameter", "x.yaml:3:1")], title="x.yaml cannot be used"))
    x.yaml cannot be used
      x.yaml:3:1: no such parameter
    """

    def __init__(self, offences: str | Offence | Iterable[Offence], title: str | None = None) -> None:
        if isinstance(offences, str):
            offences = [Offence(offences)]
        elif isinstance(offences, Offence):
            offences = [offences]
        self.offences = tuple(offences)
        self.title = title
        super().__init__(str(self))

    def __reduce__(self) -> tuple[type[MicrosimError], tuple[tuple[Offence, ...], str | None]]:
        # Exceptions cross process boundaries in sweeps; the default would rebuild them from the text alone.
        return (type(self), (self.offences, self.title))

    def __str__(self) -> str:
        if self.title is None and len(self.offences) == 1:
            return str(self.offences[0])
        count = len(self.offences)
        title = spoken(self.title or f"{count} problems")
        return "\n".join([title, *(f"  {offence}" for offence in self.offences)])


class InputError(MicrosimError):
    """What was asked for cannot be: an argument, an option, a statement in a scenario, sweep or mapping."""


class RuleError(MicrosimError):
    """The law cannot be used: a rule, a parameter or a programme, and how they hang together."""


class DataError(MicrosimError):
    """The numbers cannot be used: columns of a population, records of a survey, figures of a county."""


class FileError(MicrosimError):
    """A file or folder cannot be used: absent, unreadable, damaged, of another kind, or in the way."""


class InternalError(MicrosimError):
    """A fault of microsim itself; what was asked for may be right."""


class MicrosimWarning(UserWarning):
    """Input that is used as it is, though something in it is probably not meant so."""


def warn(message: str) -> None:
    """Warn with ``MicrosimWarning`` at the line of the user's own code that led here."""
    level, frame = 2, sys._getframe(1)
    while frame.f_back is not None and str(frame.f_globals.get("__name__", "")).startswith("microsim"):
        level, frame = level + 1, frame.f_back
    warnings.warn(MicrosimWarning(spoken(message)), stacklevel=level)


def made_by(ways: str) -> Callable[[C], C]:
    """A class that users make in the ``ways`` named; other arguments raise ``InputError`` with these."""

    def decorate(cls: C) -> C:
        plain: Any = cls.__init__  # type: ignore[misc]

        @functools.wraps(plain)
        def init(self: object, *given: Any, **named: Any) -> None:
            try:
                plain(self, *given, **named)
            except TypeError as error:
                if "__init__() " not in str(error):
                    raise
                message = f"{cls.__name__} is not made from such arguments"
                raise InputError(Offence(message, hint=ways)) from None

        cls.__init__ = init  # type: ignore[misc]
        return cls

    return decorate


def brief(value: object, most: int = 80) -> str:
    """A value as an error shows it: short, and whatever it is.

    >>> brief([1, 2]), brief(10**5000)
    ('[1, 2]', 'a number of thousands of digits')
    """
    try:
        text = repr(value)
    except ValueError:  # Python writes no number of more than some thousand digits
        return "a number of thousands of digits"
    return text if len(text) <= most else f"{text[: most - 23]}...{text[-20:]}"


def did_you_mean(name: str, allowed: Iterable[str]) -> str:
    """``did you mean 'x'?`` for the nearest allowed name, or an empty string where none is near."""
    near = nearest(name, allowed)
    return f"did you mean '{near}'?" if near else ""


def nearest(name: str, allowed: Iterable[str], alike: float = 0.6) -> str:
    """The nearest allowed name, or an empty string; ``alike``: how near, from 0 to 1 (the same)."""
    near = difflib.get_close_matches(name, sorted(set(allowed)), n=1, cutoff=alike)
    return near[0] if near else ""
