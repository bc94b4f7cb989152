"""pandas at the face of a result: columns with their words, and the population's columns beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from microsim.engine.runtime.arrays import Data
from microsim.errors import InputError, Offence, did_you_mean

if TYPE_CHECKING:
    import pandas as pd

MANY_COLUMNS = 90  # pandas warns of a frame of more than 100 separate columns when the user adds one


@lru_cache(maxsize=256)
def categories_index(words: tuple[str, ...], name: str | None = None) -> pd.CategoricalIndex:
    """Each category once, in its order; kept, because pandas takes long to make one: give users a view."""
    import pandas as pd

    return pd.CategoricalIndex(list(words), categories=list(words), name=name)


def labelled(values: NDArray[Any], words: tuple[str, ...]) -> Any:
    """``values`` as they are, or where they are codes of ``words`` as a Categorical of the same memory."""
    import pandas as pd

    if not words:
        return values
    codes = values.view(np.int8) if values.dtype == np.uint8 and len(words) <= 127 else values
    dtype: Any = categories_index(words).dtype
    return pd.Categorical.from_codes(codes, dtype=dtype, validate=False)


def of_members(population: Data, values: NDArray[Any]) -> NDArray[Any]:
    """Each person's value of a household column."""
    return np.repeat(values, np.diff(population.offsets))


def with_columns(
    frame: pd.DataFrame, population: Data, names: Sequence[str], *, persons: bool
) -> pd.DataFrame:
    """``frame`` with columns of the population behind its weight; those that it has already stay as they are.

    ``persons``: whether a row is a person, who has the columns of its household too.
    """
    own: Mapping[str, NDArray[Any]] = population.person_columns if persons else population.household_columns
    of_household = population.household_columns if persons else {}
    wanted = [name for name in dict.fromkeys(names) if name not in frame]
    offences = []
    for name in wanted:
        if name not in own and name not in of_household:
            hint = did_you_mean(name, [*own, *of_household])
            if name in population.person_columns:
                hint = "it differs from person to person: persons_with has it"
            kind = "column of the population" if persons else "household column of the population"
            offences.append(Offence(f"'{name}' is no {kind}", "columns", hint))
    if offences:
        raise InputError(offences)
    frame = frame.copy(deep=False)
    place = list(frame.columns).index("weight") + 1
    for k, name in enumerate(wanted):
        values = own[name] if name in own else of_members(population, of_household[name])
        frame.insert(place + k, name, labelled(values.copy(), population.categories.get(name, ())))
    return frame
