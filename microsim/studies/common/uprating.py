"""Money columns of a population carried to another year by growth rates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from microsim.engine.policy.policy import Policy
    from microsim.population import Population

MONEY = ("yuan/year", "yuan")
# Spending and losses follow prices; every other known amount is income or wealth, and follows incomes.
SPENDING = (
    "medical_out_of_pocket",
    "medical_bill",
    "rigid_expenditure",
    "education_cost",
    "rehabilitation_cost",
    "rent_paid",
    "shock_loss",
)


@dataclass(frozen=True)
class Uprated:
    """One column: whose table it is in, the growth rate it follows, and that rate a year."""

    column: str
    entity: str
    index: str
    rate: float


@dataclass(frozen=True)
class Uprating:
    """Which columns are carried along, from which year on."""

    year: int
    columns: tuple[Uprated, ...]

    def table(self) -> pd.DataFrame:
        """column, table, index, rate (a year, as a share), from_year."""
        import pandas as pd

        rows = [(c.column, f"{c.entity}s", c.index, c.rate, self.year) for c in self.columns]
        return pd.DataFrame(rows, columns=["column", "table", "index", "rate", "from_year"])


def uprating(population: Population, policy: Policy, rates: Mapping[str, float], year: int) -> Uprating:
    """What is carried along: the population's amounts of money (yuan, yuan/year), as data of ``year``.

    Incomes, social contributions and financial assets follow ``income_growth``; spending (``SPENDING``)
    follows ``price_growth``, or ``income_growth`` where that is not given. Assessed amounts that the
    data gives in place of a rule are treated as incomes. Counts, shares, draws and columns that nobody knows
    stay as they are; so do columns that carry their default, which is 0 for all money.
    """
    from microsim.population import registry

    known = registry()
    found = []
    for entity, table in (("person", population.person_columns), ("household", population.household_columns)):
        for name in table:
            column, rule = known.get(name), policy.rules.get(name)
            unit = column.unit if column else rule.unit if rule and rule.unless_given else ""
            if unit in MONEY and name not in population.defaulted:
                prices = name in SPENDING and "price_growth" in rates
                index = "price_growth" if prices else "income_growth"
                found.append(Uprated(name, entity, index, rates.get(index, 0.0)))
    return Uprating(year, tuple(found))


def uprated(population: Population, plan: Uprating, year: int) -> Population:
    """The same people in ``year``: a copy in which the columns of ``plan`` have grown at their rates.

    Columns are copied even where nothing grows: the arrays of all years are then of one kind and share a
    kernel.
    """
    new: dict[str, dict[str, np.ndarray]] = {"person": {}, "household": {}}
    for item in plan.columns:
        table = population.person_columns if item.entity == "person" else population.household_columns
        new[item.entity][item.column] = np.asarray(table[item.column]) * (1.0 + item.rate) ** (
            year - plan.year
        )
    return population.with_columns(persons=new["person"], households=new["household"])
