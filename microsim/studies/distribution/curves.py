"""What charts of a run are drawn from: recipients by sex and age, and Lorenz curves of income."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from microsim.measures import lorenz
from microsim.simulation.frames import of_members
from microsim.studies.common.benefits import recipient_rules
from microsim.studies.common.estimates import persons
from microsim.studies.common.poverty import AFTER, BEFORE

if TYPE_CHECKING:
    import pandas as pd

    from microsim.population import Population
    from microsim.simulation import Result

WIDTH, OLDEST = 10, 80  # years of an age group, and from when on they are one
STEPS = 20  # of a Lorenz curve


def recipients_by_age(result: Result, programme: str = "dibao") -> pd.DataFrame | None:
    """Recipients of a programme by sex and age group of ten years, weighted to the county.

    Columns: programme, sex, age_group (0-9, ..., 80+), persons. None where the law has no such programme, or
    the data do not say sex and age.
    """
    import pandas as pd

    population: Population = result.population  # type: ignore[assignment]
    rule = recipient_rules(result.policy).get(programme)
    columns = population.person_columns
    if rule is None or {"sex", "age"} & set(population.defaulted) or not {"sex", "age"} <= set(columns):
        return None
    weights = of_members(population, population.weight) * (np.asarray(result.array(rule)) > 0)
    sexes = population.categories["sex"]
    groups = np.minimum(np.asarray(columns["age"]), OLDEST) // WIDTH
    names = [f"{start}-{start + WIDTH - 1}" for start in range(0, OLDEST, WIDTH)] + [f"{OLDEST}+"]
    cells = np.asarray(columns["sex"]) * len(names) + groups
    counts = np.bincount(cells, weights, len(sexes) * len(names)).reshape(len(sexes), len(names))
    rows = [
        (programme, sex, name, float(counts[s, g]))
        for s, sex in enumerate(sexes)
        for g, name in enumerate(names)
    ]
    return pd.DataFrame(rows, columns=["programme", "sex", "age_group", "persons"])


def lorenz_curves(result: Result) -> pd.DataFrame:
    """Shares of all income held by the poorest 5 %, 10 %, ... of persons, before and after assistance.

    Columns: rank (share of persons), income_share_before, income_share_after (each ordered by itself).
    Incomes are per head; those below zero count as zero, as in the Gini coefficients.
    """
    import pandas as pd

    weights, at = persons(result), np.linspace(0.0, 1.0, STEPS + 1)
    curves = {
        name: lorenz(np.maximum(result.array(income), 0.0), weights, at)
        for name, income in (("income_share_before", BEFORE), ("income_share_after", AFTER))
    }
    return pd.DataFrame({"rank": at, **curves})
