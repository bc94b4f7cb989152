"""Amounts of money are compared at the fen: less than half a fen is no difference.

Whoever has exactly the line is not below it, whatever sum or division made the amount: three incomes that
come to 6,956.4 a head add up to 6,956.399999999999 in floating point. Rules call these helpers in place of
``<`` and ``>``; their text is written into the generated function, the interpreter calls them as they are,
and the search for notches follows the comparison to where it flips.
"""

from __future__ import annotations

# A hair less than half a fen. A whole half is a difference: a household of two that has one fen too much in
# all has half a fen a head too much, and must not be on one side or the other as the order of its sums has
# it. Between multiples of a fen divided by up to 50 heads nothing else lies as close to half a fen.
HALF_FEN = 0.004999


def below(a: float, b: float) -> bool:
    """Whether ``a`` is less than ``b`` by half a fen or more."""
    return a < b - HALF_FEN


def above(a: float, b: float) -> bool:
    """Whether ``a`` is more than ``b`` by half a fen or more."""
    return a > b + HALF_FEN


def at_least(a: float, b: float) -> bool:
    """Whether ``a`` reaches ``b``: it is more, or the same to the fen."""
    return a >= b - HALF_FEN


def at_most(a: float, b: float) -> bool:
    """Whether ``a`` stays within ``b``: it is less, or the same to the fen."""
    return a <= b + HALF_FEN


def share_reached(part: float, whole: float) -> float:
    """The share of ``whole`` that ``part`` comes to at the fen; for schedules that step at shares.

    Half a fen is added before the division, so that two thirds of the line reach the step at two thirds.
    """
    return (part + HALF_FEN) / whole
