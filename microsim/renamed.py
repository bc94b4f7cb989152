"""Old names: each still serves for one version, with a warning that says the new one."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from typing import Any, ParamSpec, TypeVar

from microsim.errors import InputError, Offence, warn

P = ParamSpec("P")
R = TypeVar("R")


def say_renamed(old: str, new: str) -> None:
    """Warn, at the user's own line, that ``old`` is called ``new`` now."""
    warn(f"'{old}' is called '{new}' now; the old name will go in the next version")


def renamed_arguments(**names: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A function that also takes old keywords: ``@renamed_arguments(upto="max_income")``.

    Raises ``InputError`` where both the old and the new keyword are given.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            given: dict[str, Any] = kwargs
            for old in names.keys() & given.keys():
                new = names[old]
                if new in given:
                    raise InputError(
                        Offence(f"'{old}' and '{new}' are one argument", new, f"give '{new}' alone")
                    )
                say_renamed(old, new)
                given[new] = given.pop(old)
            return function(*args, **kwargs)

        call.__signature__ = inspect.signature(function)  # type: ignore[attr-defined]
        return call

    return decorate


def renamed_attribute(old: str, new: str) -> Any:
    """A property under the old name of an attribute: ``upto = renamed_attribute("upto", "max_income")``."""

    def read(self: object) -> Any:
        say_renamed(old, new)
        return getattr(self, new)

    return property(read, doc=f"The old name of ``{new}``.")


def renamed_keys(given: Mapping[Any, Any], **names: str) -> dict[Any, Any]:
    """What a file says, with old keys under their new names: ``renamed_keys(spec, gate="access")``."""
    for old in names.keys() & given.keys():
        say_renamed(old, names[old])
    return {names.get(key, key): value for key, value in given.items()}
