"""pandas at the face: two DataFrames in, two DataFrames out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from microsim.errors import InputError
from microsim.population.core.assembly import P, from_columns
from microsim.population.core.data import PopulationData
from microsim.population.core.findings import Findings
from microsim.population.core.relations import warn_of_relations
from microsim.population.core.tables import Table

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[Any]


def population_from_frames(
    kind: type[P], persons: pd.DataFrame, households: pd.DataFrame, warn_of_heads: bool = True
) -> P:
    """See ``Population.from_frames``; ``warn_of_heads``: of households with none or several."""
    import pandas as pd

    findings = Findings()
    columns: list[dict[str, Any]] = []
    for table, frame in (("persons", persons), ("households", households)):
        if not isinstance(frame, pd.DataFrame):
            raise InputError(f"{table} must be a pandas DataFrame, not {type(frame).__name__}")
        repeated = frame.columns[frame.columns.duplicated()].unique()
        for name in repeated:
            findings.table(table, "appears more than once", "drop or rename one of them", column=str(name))
        columns.append({name: frame[name] for name in frame.columns if name not in repeated})
    # Keeping the Series makes pandas copy when the user next writes to the frames, instead of writing here.
    owners = tuple(series for table_columns in columns for series in table_columns.values())
    counts = len(persons), len(households)
    population = from_columns(kind, columns[0], columns[1], *counts, findings, owners=owners)
    if warn_of_heads:
        warn_of_relations(population)
    return population


def households_frame(population: PopulationData) -> pd.DataFrame:
    """See ``Population.households``."""
    ids = {"household_id": population.household_id, "weight": population.weight}
    return _frame(ids, population.household_table)


def persons_frame(population: PopulationData) -> pd.DataFrame:
    """See ``Population.persons``."""
    owner = np.repeat(population.household_id, np.diff(population.offsets))
    return _frame({"person_id": population.person_id, "household_id": owner}, population.person_table)


def _frame(first: Mapping[str, Array], table: Table) -> pd.DataFrame:
    import pandas as pd

    columns: dict[str, Any] = dict(first)
    for name, array in table.arrays.items():
        names = table.categories.get(name)
        columns[name] = array if names is None else pd.Categorical.from_codes(array, pd.Index(names))
    return pd.DataFrame(columns)
