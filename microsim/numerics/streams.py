"""Counter-based random numbers: a household draws the same numbers whatever else is in the run.

Each number is a hash of (seed, purpose, household id, member): no state, no order, no dependence on how many
households there are or in which pieces they are made. The mixing function is the finaliser of SplitMix64
(Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators").
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from microsim.numerics.functions import normal_quantile

Floats = NDArray[np.float64]
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_ODD = np.uint64(0xD1B54A32D192ED03)


@dataclass(frozen=True)
class Streams:
    """The random numbers of one seed."""

    seed: int

    def uniform(
        self, purpose: str, household_id: NDArray[np.int64], member: NDArray[np.int64] | int = 0
    ) -> Floats:
        """Uniform numbers strictly between 0 and 1, one per id; ``member`` distinguishes persons."""
        digest = hashlib.blake2b(f"{self.seed}:{purpose}".encode(), digest_size=8).digest()
        key = np.uint64(int.from_bytes(digest, "little"))
        with np.errstate(over="ignore"):
            ids = np.asarray(household_id).astype(np.uint64)
            members = np.asarray(member).astype(np.uint64)
            bits = _mix(_mix(key + ids * _GOLDEN) + (members + np.uint64(1)) * _ODD)
        # 53 bits and half a step: never 0 and never 1, so that quantile functions stay finite.
        return ((bits >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53

    def normal(
        self, purpose: str, household_id: NDArray[np.int64], member: NDArray[np.int64] | int = 0
    ) -> Floats:
        """Standard normal numbers by inversion."""
        return normal_quantile(self.uniform(purpose, household_id, member))


def _mix(bits: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The finaliser, in place: ``bits`` is overwritten."""
    shifted = np.empty_like(bits)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        bits ^= np.right_shift(bits, np.uint64(shift), out=shifted)
        bits *= np.uint64(factor)
    bits ^= np.right_shift(bits, np.uint64(31), out=shifted)
    return bits
