"""Text that was decoded with the wrong encoding, recognised by what it gives when it is decoded again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

ENCODINGS = ("utf-8-sig", "gb18030")  # tried in turn; GB18030 holds GBK and GB2312
LOST = "\ufffd"
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
# What the bytes were taken for, and what they are; a text that is UTF-8 by chance is all but impossible.
_MISTAKES = (
    ("cp1252", "utf-8"),
    ("latin-1", "utf-8"),
    ("gb18030", "utf-8"),
    ("cp1252", "gb2312"),
    ("latin-1", "gb2312"),
)


@dataclass(frozen=True)
class Garbled:
    """Texts whose bytes are in ``encoding``; ``seen`` is one of them as it is, ``meant`` what it is."""

    encoding: str
    seen: str
    meant: str


def ungarbled(text: str) -> tuple[str, str] | None:
    """The Chinese text that a garbled one is, and its encoding; ``None`` where it is not garbled."""
    if text.isascii():
        return None
    for taken_for, encoding in _MISTAKES:
        try:
            raw = text.encode(taken_for)
            meant = raw.decode(encoding)
        except UnicodeError:
            continue
        # All that is not plain ASCII must come out as Chinese characters or marks of full width.
        rest = [one for one in meant if not one.isascii()]
        if any(map(_CHINESE.match, rest)) and all(_CHINESE.match(one) or ord(one) >= 0x2000 for one in rest):
            return meant, "gb18030" if encoding == "gb2312" else encoding
    return None


def garbled(texts: Iterable[str]) -> Garbled | None:
    """Whether most of the texts that are not plain ASCII are garbled, and in which encoding they are."""
    foreign = [text for text in texts if not text.isascii() and LOST not in text]
    found = [(text, again) for text in foreign if (again := ungarbled(text)) is not None]
    if not found or len(found) * 2 < len(foreign):
        return None
    encoding = Counter(again[1] for _, again in found).most_common(1)[0][0]
    seen, meant = next((text, again[0]) for text, again in found if again[1] == encoding)
    return Garbled(encoding, seen, meant)


def encodings_of(content: bytes) -> list[str]:
    """Which of the known encodings the bytes can be in."""
    fitting = []
    for encoding in ENCODINGS:
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        fitting.append(encoding)
    return fitting
