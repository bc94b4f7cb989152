"""The language of what is shown: one setting for everything, English or Chinese.

The first of these that is set decides: what :func:`speak` was last given (``--lang`` of a command),
``language:`` in the scenario, the environment variable ``MICROSIM_LANG``, English.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

Lang = Literal["en", "zh"]
LANGUAGES: tuple[Lang, ...] = ("en", "zh")
VARIABLE = "MICROSIM_LANG"

_asked: Lang | None = None


def speak(lang: Lang | None) -> None:
    """Set the language of this process; ``None`` leaves it to the environment."""
    global _asked
    _asked = lang


@contextmanager
def spoken_in(lang: Lang | None) -> Iterator[None]:
    """Messages of what is done here are in ``lang``; afterwards in the language they were in before."""
    before = _asked
    speak(lang or before)
    try:
        yield
    finally:
        speak(before)


def language(said: str | None = None) -> Lang:
    """The language in force; ``said`` is what a scenario says.

    Raises ``ValueError`` where the environment names a language that there is not.
    """
    return _asked or known(said) or known(os.environ.get(VARIABLE)) or "en"


def known(name: str | None) -> Lang | None:
    """``en`` or ``zh`` for a name of either as systems write it (``zh_CN.UTF-8``); ``None`` for no name.

    Raises ``ValueError`` for another language.

    >>> known("zh-CN"), known("")
    ('zh', None)
    """
    for lang in LANGUAGES:
        if (name or "").replace("-", "_").split("_")[0].split(".")[0].lower() == lang:
            return lang
    if name:
        raise ValueError(f"{VARIABLE} is '{name}', but must be one of {', '.join(LANGUAGES)}")
    return None


def spoken(text: str) -> str:
    """A message in the language in force: errors, warnings, help and progress are written in English."""
    if not text or language() == "en":
        return text
    from microsim.chinese import chinese

    return chinese(text)
