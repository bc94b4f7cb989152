"""What is wrong with a sweep, in the order of its file."""

from __future__ import annotations

from microsim.documents import Document, Step
from microsim.errors import Offence


class Offences:
    """Offences with the place of each: file, line and column, or the keys that lead there in a mapping."""

    def __init__(self, document: Document | None) -> None:
        self._document = document
        self._found: list[tuple[tuple[int, int], Offence]] = []

    def add(self, steps: tuple[Step, ...], message: str, hint: str = "") -> None:
        """Note one; the same one is told once."""
        rank = (0, 0)
        place = ".".join(map(str, steps)) or "sweep"
        if self._document is not None:
            place = self._document.place(*steps)
            line, column = place.rsplit(":", 2)[-2:]
            rank = (int(line), int(column))
        offence = (rank, Offence(message, place, hint))
        if offence not in self._found:
            self._found.append(offence)

    def __len__(self) -> int:
        return len(self._found)

    @property
    def in_order(self) -> list[Offence]:
        """As they stand in the file."""
        return [offence for _, offence in sorted(self._found, key=lambda item: item[0])]
