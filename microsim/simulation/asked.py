"""What is asked for: names of outputs, the grouping of totals, a population at once or in pieces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol, TypeGuard

from microsim.engine.runtime.arrays import Data
from microsim.errors import InputError, Offence
from microsim.policy.policy import Policy


class InPieces(Data, Protocol):
    """A population on disk that is gone through piece by piece (``Population.open`` gives one)."""

    @property
    def n_households(self) -> int: ...
    @property
    def n_persons(self) -> int: ...
    def pieces(self) -> Iterator[InPieces]: ...


def refuse_swapped(population: object, policy: object, call: str) -> None:
    """Raises where what is given for a population and a policy is not one, in the words of the ``call``."""
    if isinstance(policy, Policy) and not isinstance(population, Policy):
        return
    if isinstance(population, Policy):
        hint = f"the population comes first: {call}(population, policy, ...)"
        raise InputError(Offence("a policy is given for the population", "population", hint))
    hint = "ms.Policy.load('2020-12-31') is the law of a day, ms.Policy.from_rules({...}) one of your own"
    raise InputError(Offence(f"a {type(policy).__name__} is given for the policy", "policy", hint))


def in_pieces(population: Data) -> TypeGuard[InPieces]:
    """Whether a population is to be gone through piece by piece."""
    # isinstance with a protocol would read every column that is a property.
    return hasattr(population, "pieces")


def names_of(outputs: Sequence[str] | str) -> tuple[str, ...]:
    """Each output once; a single name represents itself."""
    return tuple(dict.fromkeys([outputs] if isinstance(outputs, str) else outputs))


def grouping(population: Data, by: str | None) -> str | None:
    """``by``, except that a population without areas is one group unless another column is named."""
    return None if by == "area" and by not in population.household_columns else by
