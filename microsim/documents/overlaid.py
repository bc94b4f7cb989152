"""A file over another that it builds on: the data of both, and the place of every key in its own file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from microsim.documents import Document, Step, known_depth


@dataclass(frozen=True, kw_only=True)
class Overlaid(Document):
    """A document over the one ``below`` it; ``data`` are those of both, put together by the caller."""

    below: Document

    def place(self, *steps: Step) -> str:
        """``file:line:column`` of a key, in the file that says it."""
        return self.below.place(*steps) if self._said_below(steps) else super().place(*steps)

    def file(self, *steps: Step) -> Path:
        """The file that says a key: relative paths are meant from there."""
        return self.below.file(*steps) if self._said_below(steps) else self.path

    def depth(self, *steps: Step) -> int:
        """How many of the steps are known in either file."""
        return max(known_depth(self.places, steps), self.below.depth(*steps))

    def _said_below(self, steps: tuple[Step, ...]) -> bool:
        return self.below.depth(*steps) > known_depth(self.places, steps)
