"""Names that a search for notches gives to slopes and its own variables, and the comparisons it meets."""

from __future__ import annotations

from dataclasses import dataclass

_OWN = ("is", "amount", "pace", "ratio", "whole")  # variables of the text's own, with a number


@dataclass(frozen=True)
class Case:
    """A comparison that can flip along the walk: whose it is and how it reads."""

    rule: str
    text: str


class Names:
    """Names for slopes and other variables of the text's own, and the comparisons met so far.

    ``taken`` are names that values and local variables of rules have.
    """

    def __init__(self, taken: set[str]) -> None:
        self.taken = taken
        self.cases: list[Case] = []  # grows by each comparison
        self._count = 0

    def slope_of(self, name: str) -> str:
        """The variable that holds a value's slope."""
        slope = f"{name}_slope"
        while slope in self.taken:
            slope += "_"
        return slope

    def fresh(self) -> int:
        """A number that no variable of the text's own has."""
        self._count += 1
        while any(f"{word}_{self._count}" in self.taken for word in _OWN):
            self._count += 1
        return self._count
