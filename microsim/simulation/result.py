"""Outputs of a policy on a population, as arrays, DataFrames and weighted totals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from microsim.engine.compiler.emit import BLOCK
from microsim.engine.policy.policy import Policy
from microsim.engine.runtime import drivers
from microsim.engine.runtime.arrays import Data
from microsim.engine.runtime.kernels import Kernel
from microsim.errors import DataError, InputError, Offence, did_you_mean

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Result:
    """Outputs of a policy on a population.

    ``households`` and ``persons`` are DataFrames with ids, weight and the asked-for outputs; ``array(name)``
    is the bare column; ``total(name)`` the weighted total.
    """

    population: Data
    policy: Policy
    outputs: tuple[str, ...]
    arrays: Mapping[str, NDArray[Any]] = field(repr=False)
    kernel: Kernel = field(repr=False)
    by: str | None = None
    _ready: Mapping[str, tuple[tuple[str, ...], NDArray[np.float64]]] = field(
        default_factory=dict, repr=False
    )

    def array(self, output: str) -> NDArray[Any]:
        """One value a household (or person); categoricals as codes."""
        if output not in self.arrays:
            hint = did_you_mean(output, self.arrays) or f"asked for: {', '.join(self.arrays)}"
            raise InputError(Offence(f"'{output}' is not among the outputs of this run", "", hint))
        return self.arrays[output]

    def categories(self, output: str) -> tuple[str, ...]:
        item = self.kernel.plan.nodes[output].item
        return item.categories if item is not None else ()

    def is_person(self, output: str) -> bool:
        return self.kernel.plan.nodes[output].level == "person"

    @cached_property
    def households(self) -> pd.DataFrame:
        """One row a household: household_id, weight and household outputs."""
        return self._frame(
            False, {"household_id": self.population.household_id, "weight": self.population.weight}
        )

    @cached_property
    def persons(self) -> pd.DataFrame:
        """One row a person: person_id, household_id, weight (of the household) and person outputs."""
        sizes = np.diff(self.population.offsets)
        ids = {
            "person_id": self.population.person_id,
            "household_id": np.repeat(self.population.household_id, sizes),
            "weight": np.repeat(self.population.weight, sizes),
        }
        return self._frame(True, ids)

    def _frame(self, person: bool, ids: dict[str, NDArray[Any]]) -> pd.DataFrame:
        import pandas as pd

        columns: dict[str, Any] = dict(ids)
        for name in self.outputs:
            if self.is_person(name) == person:
                words = self.categories(name)
                codes = self.arrays[name]
                columns[name] = (
                    pd.Categorical.from_codes(codes.astype(np.int64), pd.Index(words)) if words else codes
                )
        return pd.DataFrame(columns)

    def total(self, output: str, by: str | None = None) -> Any:
        """Weighted total: a float, or a Series over the categories of the household column ``by``.

        A yes/no output is counted. A person output is added over persons with their household's weight.
        Raises ``MicrosimError`` where a value is not finite (a rule divided by zero, say).
        """
        import pandas as pd

        ready = self._ready.get(output)
        if ready is not None and by == self.by:
            names, values = ready
        else:
            names, values = self._summed(output, by)
        if not np.isfinite(values).all():
            raise DataError(self._not_finite(output))
        if by is None:
            return float(values[0])
        return pd.Series(
            values, index=pd.CategoricalIndex(list(names), categories=list(names), name=by), name=output
        )

    def _summed(self, output: str, by: str | None) -> tuple[tuple[str, ...], NDArray[np.float64]]:
        everyone = self.array(output)
        if self.categories(output):
            raise InputError(
                Offence(f"'{output}' is a category and has no total", "", "count a yes/no rule instead")
            )
        values = everyone.astype(np.float64)
        groups = drivers.Groups.of(self.population, by)
        with np.errstate(invalid="ignore"):  # infinity times no weight: told by name, and not by NumPy
            if self.is_person(output):
                values = np.add.reduceat(np.append(values, 0.0), self.population.offsets[:-1])
            weighted = values * self.population.weight
        return groups.names, _block_sums(weighted, groups.codes, len(groups.names))

    def _not_finite(self, output: str) -> Offence:
        bad = np.flatnonzero(~np.isfinite(self.array(output).astype(np.float64)))
        owner = (
            np.searchsorted(self.population.offsets, bad, side="right") - 1 if self.is_person(output) else bad
        )
        rule = self.policy.rules.get(output)
        ids = ", ".join(str(self.population.household_id[h]) for h in owner[:5])
        return Offence(
            f"{len(bad)} values of '{output}' are not finite (households {ids})", rule.place if rule else ""
        )


def _block_sums(values: NDArray[np.float64], codes: NDArray[np.uint8], groups: int) -> NDArray[np.float64]:
    """Sums by group over the kernels' fixed blocks, in their order and so with their bits."""
    blocks = np.arange(len(values)) // BLOCK
    count = int(blocks[-1]) + 1 if len(values) else 0
    sums = np.bincount(blocks * groups + codes, weights=values, minlength=count * groups).reshape(
        count, groups
    )
    total = np.zeros(groups)
    for block in sums:
        total += block
    return total
