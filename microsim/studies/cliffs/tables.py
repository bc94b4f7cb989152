"""Tables of the cliffs of a population for charts: who loses how much, and how far off the next drop is."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from microsim.errors import InputError, Offence
from microsim.studies.cliffs.indicators import COUNTED
from microsim.studies.cliffs.search import Cliffs
from microsim.studies.cliffs.searched import INCOME

if TYPE_CHECKING:
    import pandas as pd

    from microsim.engine.runtime.arrays import Data

ELDER, ADULT = 60, 18
BANDS = (0.0, 3_000.0, 5_000.0, 8_000.0, 12_000.0, 20_000.0, 35_000.0)  # yuan/year per head; the last is open
TYPES = ("severely_ill", "severely_disabled", "elders_only", "lone_parent", "with_pupils", "alone", "others")


def ladder(found: Cliffs) -> pd.DataFrame:
    """Households with a drop of a yuan or more ahead.

    Columns ``household_id``, ``distance``, ``drop``, ``area``, ``weight``. ``distance``: more income until
    the drop, yuan/year. ``area`` is ``all`` where the population has none.
    """
    import pandas as pd

    rows = found.households
    areas = _areas(found)
    table = pd.DataFrame(
        {
            "household_id": rows["household_id"],
            "distance": rows["next_distance"],
            "drop": rows["next_drop"],
            "area": areas,
            "weight": rows["weight"],
        }
    )
    return table[table["drop"] >= COUNTED].reset_index(drop=True)


def studied(found: Cliffs) -> dict[str, float]:
    """Weight of all households that were studied, by area as in ``ladder``: what shares are of."""
    areas, weight = _areas(found), found.households["weight"].to_numpy()
    return {str(area): float(weight[areas == area].sum()) for area in dict.fromkeys(areas)}


def _areas(found: Cliffs) -> NDArray[Any]:
    names = found.population.categories.get("area")
    if names is None or "area" not in found.population.household_columns:
        return np.full(len(found.households), "all", dtype=object)
    codes = found.population.household_columns["area"][found.rows.astype(np.int64)]
    areas: NDArray[Any] = np.array(names, dtype=object)[codes]
    return areas


def losses(found: Cliffs, bands: tuple[float, ...] = BANDS) -> pd.DataFrame:
    """Weighted mean loss at the next drop by household type and income per head before benefits.

    Columns ``household_type`` (see :func:`household_types`), ``income_band`` (text, yuan/year; ``bands`` are
    their lower ends, and incomes below the first count in it), ``value`` (yuan/year, of the households that
    have a drop of a yuan or more ahead; nan where nobody has), ``households`` (their weight), ``rows`` (their
    number in the data). Types that nobody has are left out.
    Raises ``MicrosimError`` where bands do not rise or the policy does not know the
    income.
    """
    import pandas as pd

    if len(bands) < 2 or any(low >= high for low, high in pairwise(bands)):
        raise InputError(Offence(f"bands {bands} do not increase", "bands", "lower ends, in yuan a year"))
    if INCOME not in found.policy.rules:
        raise InputError(Offence(f"the policy has no rule '{INCOME}'", "losses"))
    rows = found.rows.astype(np.int64)
    income = found.as_they_stand.array(INCOME)[rows]
    kinds = household_types(found.population)[rows]
    band = np.clip(np.searchsorted(bands, income, side="right") - 1, 0, len(bands) - 1)
    drop = np.nan_to_num(found.households["next_drop"].to_numpy())
    weight = np.where(drop >= COUNTED, found.households["weight"].to_numpy(), 0.0)
    names = [f"{low:,.0f}-{high:,.0f}" for low, high in pairwise(bands)] + [f"≥ {bands[-1]:,.0f}"]
    out = []
    for kind in (t for t in TYPES if (kinds == t).any()):
        for k, name in enumerate(names):
            own = weight * ((kinds == kind) & (band == k))
            total = float(own.sum())
            value = float(own @ drop) / total if total > 0.0 else np.nan
            out.append((kind, name, value, total, int(np.count_nonzero(own))))
    return pd.DataFrame(out, columns=["household_type", "income_band", "value", "households", "rows"])


def household_types(population: Data) -> NDArray[Any]:
    """Each household's type, the first that fits, as far as the columns show.

    ``severely_ill``, ``severely_disabled`` (grade 1 or 2): some member is. ``elders_only``: all are 60 or
    older. ``lone_parent``: one adult with minors. ``with_pupils``: somebody is at school. ``alone``,
    ``others``.
    """
    columns = population.person_columns
    first = population.offsets[:-1]
    size = np.diff(population.offsets)

    def members(marks: NDArray[np.bool_]) -> NDArray[np.int64]:
        return np.add.reduceat(marks.astype(np.int64), first)

    def category(name: str, wanted: tuple[str, ...]) -> NDArray[np.bool_]:
        names = population.categories.get(name, ())
        if name not in columns:
            return np.zeros(len(population.person_id), dtype=bool)
        return np.isin(columns[name], [names.index(w) for w in wanted if w in names])

    out = np.full(len(size), "others", dtype=object)
    out[size == 1] = "alone"
    stages = tuple(name for name in population.categories.get("in_school", ()) if name != "none")
    out[members(category("in_school", stages)) > 0] = "with_pupils"
    if "age" in columns:
        adults = members(columns["age"] >= ADULT)
        out[(adults == 1) & (size > 1)] = "lone_parent"
        out[members(columns["age"] >= ELDER) == size] = "elders_only"
    out[members(category("disability_grade", ("grade1", "grade2"))) > 0] = "severely_disabled"
    if "severe_illness" in columns:
        out[members(columns["severe_illness"].astype(bool)) > 0] = "severely_ill"
    return out
