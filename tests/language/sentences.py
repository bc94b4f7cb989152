"""What counts as an English sentence, and as Chinese."""

from __future__ import annotations

import re

SENTENCE = re.compile(r"(?<![\w./<-])[A-Za-z]?[a-z]+(?: (?:[a-z]+|[A-Z][a-z]+)){2,}(?![\w/>-])")
CHINESE = re.compile("[\u3400-\u9fff]")
# Lines to type, and names of fixed form that stand in a line.
TYPED = re.compile(r"label: \{.*|microsim [a-z]+.*|python -m .*|`[^`]*`|“[^”]*”|'[^']*'")


def english_in(text: str) -> list[str]:
    """The English sentences in a text."""
    return [found for line in text.splitlines() for found in SENTENCE.findall(TYPED.sub("", line))]


def chinese_in(text: str) -> list[str]:
    """The lines of a text with Chinese in them."""
    return [line for line in text.splitlines() if CHINESE.search(TYPED.sub("", line))]
