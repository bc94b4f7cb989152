"""Reading text that is wrapped at 80 columns: where its lines break is no part of what it says."""

from __future__ import annotations


def says(text: str, phrase: str) -> bool:
    """Whether ``phrase`` is in ``text``, blanks and line breaks aside: Chinese is broken without a blank.

    Figures before a phrase may have more digits on another processor, and its line then breaks elsewhere.
    """
    return "".join(phrase.split()) in "".join(text.split())
