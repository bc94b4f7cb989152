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

from microsim.numerics.compiled import compiled
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
        ids, members = _bits(household_id), _bits(member)
        if not ids.ndim or members.shape not in ((), ids.shape):
            shape = np.broadcast_shapes(ids.shape, members.shape)
            ids, members = (np.broadcast_to(each, shape).copy() for each in (ids, members))
        flat: Floats = _uniform(key, ids.reshape(-1), members.reshape(-1))
        return flat.reshape(ids.shape)

    def normal(
        self, purpose: str, household_id: NDArray[np.int64], member: NDArray[np.int64] | int = 0
    ) -> Floats:
        """Standard normal numbers by inversion."""
        return normal_quantile(self.uniform(purpose, household_id, member))


def _bits(whole: NDArray[np.int64] | int) -> NDArray[np.uint64]:
    array = np.asarray(whole)
    return array.view(np.uint64) if array.dtype == np.int64 else array.astype(np.uint64)


@compiled
def _mix(bits: np.uint64) -> np.uint64:
    """The finaliser."""
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))


@compiled
def _uniform(key: np.uint64, ids: NDArray[np.uint64], members: NDArray[np.uint64]) -> Floats:
    """One number per id; ``members`` has as many, or one for all."""
    out, last = np.empty(len(ids)), len(members) - 1
    for k in range(len(ids)):
        member = members[min(k, last)] + np.uint64(1)
        bits = _mix(_mix(key + ids[k] * _GOLDEN) + member * _ODD)
        # 53 bits and half a step: never 0 and never 1, so that quantile functions stay finite.
        out[k] = (float(bits >> np.uint64(11)) + 0.5) * 2.0**-53
    return out
