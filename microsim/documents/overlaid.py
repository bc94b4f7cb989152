"""A file over another that it builds on: the data of both, and the place of every key in its own file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from microsim.documents import Document, Step


@dataclass(frozen=True)
class Overlaid(Document):
    """A document over the one ``below`` it; ``data`` are those of both, put together by the caller."""

    below: Document = None  # type: ignore[assignment]

    def place(self, *steps: Step) -> str:
        """``file:line:column`` of a key, in the file that says it."""
        return self._saying(steps).place(*steps)

    def file(self, *steps: Step) -> Path:
        """The file that says a key: relative paths are meant from there."""
        return self._saying(steps).file(*steps)

    def depth(self, *steps: Step) -> int:
        """How many of the steps are known in either file."""
        return max(super().depth(*steps), self.below.depth(*steps))

    def _saying(self, steps: tuple[Step, ...]) -> Document:
        own = Document(self.path, self.data, self.places, self.value_places, self.text)
        return self.below if self.below.depth(*steps) > own.depth(*steps) else own
