"""Outputs of a policy on a population, as arrays, DataFrames and weighted totals."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from microsim.engine.runtime import drivers
from microsim.engine.runtime.arrays import Data
from microsim.engine.runtime.kernels import Kernel
from microsim.engine.runtime.layout import Groups
from microsim.errors import DataError, InputError, Offence, did_you_mean
from microsim.numerics.sums import sums_by_group
from microsim.outcome import Outcome, worded
from microsim.policy.policy import Policy
from microsim.simulation.asked import grouping
from microsim.simulation.frames import MANY_COLUMNS, categories_index, labelled, of_members, with_columns

if TYPE_CHECKING:
    import pandas as pd

SAID = 3  # outputs in the headline


@dataclass(frozen=True, eq=False, repr=False)
class Result(Outcome):
    """Outputs of a policy on a population.

    ``households`` and ``persons`` are DataFrames with ids, weight and the asked-for outputs
    (``households_with`` and ``persons_with``: with columns of the population besides); ``array(name)`` is the
    bare column; ``total(name)`` the weighted total. DataFrames are made without copying the outputs, and
    share no memory that a change to one of them, or a later ``simulate``, could show in another.
    """

    population: Data
    policy: Policy
    outputs: tuple[str, ...]
    arrays: dict[str, NDArray[Any]] = field(repr=False)
    kernel: Kernel = field(repr=False)
    by: str | None = None
    _ready: Mapping[str, tuple[tuple[str, ...], NDArray[np.float64]]] = field(
        default_factory=dict, repr=False
    )
    # Who else holds an output's memory: nobody, a caller of ``array``, or a DataFrame.
    _bare: set[str] = field(default_factory=set, repr=False)
    _framed: dict[str, pd.DataFrame] = field(default_factory=dict, repr=False)
    # Sums that were asked for, of outputs whose memory no caller holds.
    _summed_already: dict[tuple[str, str | None], tuple[tuple[str, ...], NDArray[np.float64]]] = field(
        default_factory=dict, repr=False
    )

    def array(self, output: str) -> NDArray[Any]:
        """One value a household (or person); categoricals as codes."""
        values = self._values(output)
        if self._framed.pop(output, None) is not None:
            values = self.arrays[output] = values.copy()
        if output not in self._bare:
            self._bare.add(output)
            for key in [key for key in self._summed_already if key[0] == output]:
                del self._summed_already[key]
        return values

    def _values(self, output: str) -> NDArray[Any]:
        if output not in self.arrays:
            hint = did_you_mean(output, self.arrays) or f"asked for: {', '.join(self.arrays)}"
            raise InputError(Offence(f"'{output}' is not among the outputs of this run", "", hint))
        return self.arrays[output]

    def reusable(self) -> dict[str, NDArray[Any]]:
        """The arrays that another run may write to: all but those that a DataFrame shows."""
        return {name: values for name, values in self.arrays.items() if name not in self._framed}

    def categories(self, output: str) -> tuple[str, ...]:
        item = self.kernel.plan.nodes[output].item
        return item.categories if item is not None else ()

    def is_person(self, output: str) -> bool:
        return self.kernel.plan.nodes[output].level == "person"

    @cached_property
    def households(self) -> pd.DataFrame:
        """One row a household: household_id, weight and household outputs."""
        population = self.population
        ids = {"household_id": np.array(population.household_id), "weight": np.array(population.weight)}
        return self._frame(ids, person=False)

    @cached_property
    def persons(self) -> pd.DataFrame:
        """One row a person: person_id, household_id, weight (of the household) and person outputs."""
        ids = {
            "person_id": np.array(self.population.person_id),
            "household_id": of_members(self.population, self.population.household_id),
            "weight": of_members(self.population, self.population.weight),
        }
        return self._frame(ids, person=True)

    def households_with(self, *columns: str) -> pd.DataFrame:
        """``households`` with these household columns of the population, behind the weight.

        For example ``result.households_with("area").groupby("area")["dibao_entitlement"].mean()``. Raises
        ``MicrosimError`` with every name that is no household column.
        """
        return with_columns(self.households, self.population, columns, persons=False)

    def persons_with(self, *columns: str) -> pd.DataFrame:
        """``persons`` with these columns of the population, those of households at each member.

        Raises ``MicrosimError`` with every name that is no column.
        """
        return with_columns(self.persons, self.population, columns, persons=True)

    def _frame(self, ids: Mapping[str, NDArray[Any]], *, person: bool) -> pd.DataFrame:
        """``ids`` and outputs, which are not copied, except where a caller of ``array`` holds them."""
        import pandas as pd

        columns: dict[str, Any] = dict(ids)
        shown = [name for name in self.outputs if self.is_person(name) == person]
        for name in shown:
            values = self.arrays[name].copy() if name in self._bare else self.arrays[name]
            columns[name] = labelled(values, self.categories(name))
        # pandas warns of many separate columns at the next one that a user adds.
        frame = pd.DataFrame(columns, copy=len(columns) > MANY_COLUMNS)
        # While the original is kept, pandas copies a column of the user's frame before it writes to it.
        self._framed.update(dict.fromkeys((name for name in shown if name not in self._bare), frame))
        return frame.copy(deep=False)

    def total(self, output: str, by: str | None = None) -> Any:
        """Weighted total: a float, or a Series over the categories of the household column ``by``.

        A yes/no output is counted. A person output is added over persons with their household's weight.
        Raises ``MicrosimError`` where a value is not finite (a rule divided by zero, say).
        """
        import pandas as pd

        sums = self.sums(output, by)
        if by is None:
            return next(iter(sums.values()))
        index = categories_index(tuple(sums), by).view()
        return pd.Series(np.array(list(sums.values())), index=index, name=output)

    def sums(self, output: str, by: str | None = None) -> dict[str, float]:
        """:meth:`total` as plain numbers: category -> weighted total; ``all`` where there is no ``by``."""
        ready = self._ready.get(output) if by == self.by else None
        if ready is None:
            ready = self._summed_already.get((output, by)) or self._summed(output, by)
            if output not in self._bare:
                self._summed_already[output, by] = ready
        names, values = ready
        numbers: list[float] = values.tolist()
        if not all(map(math.isfinite, numbers)):
            raise DataError(self._not_finite(output))
        return dict(zip(names, numbers, strict=True))

    @cached_property
    def table(self) -> pd.DataFrame:
        """Weighted totals: output, group (area; empty: everybody), value, unit.

        Outputs that are categories have no total and are left out; raises as :meth:`total`.
        """
        import pandas as pd

        area = grouping(self.population, "area")
        rows: list[tuple[str, str, float, str]] = []
        for name in self.outputs:
            if self.categories(name):
                continue
            of_areas = self.total(name, by=area).items() if area else ()
            rows += [(name, str(group), float(value), self.unit(name)) for group, value in of_areas]
            rows.append((name, "", self.total(name), self.unit(name)))
        return pd.DataFrame(rows, columns=["output", "group", "value", "unit"])

    @property
    def summary(self) -> dict[str, dict[str, float | str]]:
        """``dibao_entitlement.rural`` -> weighted total and unit."""
        rows = self.table.itertuples(index=False, name=None)
        return {
            f"{name}.{group}".rstrip("."): {"value": value, "unit": unit} for name, group, value, unit in rows
        }

    @property
    def _labels(self) -> Mapping[str, Mapping[str, str]]:
        return {name: rule.label for name in self.outputs if (rule := self.policy.rules.get(name))}

    @property
    def headline(self) -> str:
        """How many households, and the totals of the first outputs."""
        said = [f"{name} {self._worded(name)}" for name in self.outputs[:SAID]]
        more = [f"more outputs: {len(self.outputs) - SAID}"] if len(self.outputs) > SAID else []
        return f"{len(self.population.weight):,} households; {', '.join(said + more)}"

    def unit(self, output: str) -> str:
        """What a total of it is counted in: yuan/year; for yes/no households or persons."""
        rule = self.policy.rules.get(output)
        unit = rule.unit if rule is not None else ""
        return ("persons" if self.is_person(output) else "households") if unit == "yes/no" else unit

    def _worded(self, output: str) -> str:
        if self.categories(output):
            return "by category"
        try:
            return worded(self.total(output), self.unit(output))
        except DataError:
            return "not finite"

    def _summed(self, output: str, by: str | None) -> tuple[tuple[str, ...], NDArray[np.float64]]:
        values = self._values(output)
        if self.categories(output):
            raise InputError(
                Offence(f"'{output}' is a category and has no total", "", "count a yes/no rule instead")
            )
        groups = Groups.of(self.population, by)
        if self.is_person(output):
            values = self.of_households(output)
        return groups.names, drivers.weighted_totals(values, self.population.weight, groups)

    def reached(self, output: str, by: str | None = None) -> dict[str, float]:
        """Weight of the households with an output above zero (of persons: of any member), as :meth:`sums`."""
        groups = Groups.of(self.population, by)
        above = self.of_households(output) > 0.0
        totals = drivers.weighted_totals(above, self.population.weight, groups)
        return dict(zip(groups.names, totals.tolist(), strict=True))

    def of_households(self, output: str) -> NDArray[np.float64]:
        """An output by household, float64[households]: that of persons is added up over the members."""
        values, offsets = self._values(output), self.population.offsets
        if not self.is_person(output):
            return values.astype(np.float64)
        if values.dtype.kind in "bui":  # whole numbers have the same sum in any order: take the quick one
            return sums_by_group(values, offsets)
        with np.errstate(invalid="ignore"):  # infinities that cancel: named by who adds them up, not by NumPy
            sums: NDArray[np.float64] = np.add.reduceat(values.astype(np.float64), offsets[:-1])
        return sums

    def _not_finite(self, output: str) -> Offence:
        bad = np.flatnonzero(~np.isfinite(self._values(output).astype(np.float64)))
        owner = (
            np.searchsorted(self.population.offsets, bad, side="right") - 1 if self.is_person(output) else bad
        )
        rule = self.policy.rules.get(output)
        ids = ", ".join(str(self.population.household_id[h]) for h in owner[:5])
        return Offence(
            f"{len(bad)} values of '{output}' are not finite (households {ids})", rule.place if rule else ""
        )
