"""What counts as an English sentence, and as Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterable

SENTENCE = re.compile(r"(?<![\w./<-])[A-Za-z]?[a-z]+(?: (?:[a-z]+|[A-Z][a-z]+)){2,}(?![\w/>-])")
CHINESE = re.compile("[\u3400-\u9fff]")
# Lines to type, and names of fixed form that stand in a line.
TYPED = re.compile(r"label: \{.*|microsim [a-z]+.*|python -m .*|`[^`]*`|“[^”]*”|'[^']*'")


# The number of a document, wherever its line is broken, and a term in brackets.
NUMBER = re.compile(r"[\u3400-\u9fff](?:[\u3400-\u9fff]| (?=[\u3400-\u9fff〔]))* ?〔 ?\d+ ?〕 ?\d+ ?号")
TERM = re.compile(r"\([\u3400-\u9fff、]+\)")


def english_in(text: str) -> list[str]:
    """The English sentences in a text."""
    return [found for line in text.splitlines() for found in SENTENCE.findall(TYPED.sub("", line))]


def chinese_in(text: str, names: Iterable[str] = ()) -> list[str]:
    """Chinese in a text, but for names: the number of a document, a term in brackets, and ``names``."""
    whole = TYPED.sub("", NUMBER.sub("", " ".join(text.split())))
    for name in names:
        whole = whole.replace(name, "")
    return [found[0] for found in re.finditer(r".{0,20}[\u3400-\u9fff]+.{0,20}", TERM.sub("", whole))]
