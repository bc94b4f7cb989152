"""Money columns of a population carried to another year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from microsim.scenario.economy import (
    BASIC_PENSION,
    BUSINESS,
    CONTRIBUTIONS,
    EVERYWHERE,
    INCOMES,
    PENSIONS,
    PRICES,
    PROPERTY,
    TRANSFERS,
    WAGES,
    Economy,
    Money,
)

if TYPE_CHECKING:
    import pandas as pd

    from microsim.policy.policy import Policy
    from microsim.population import Population

MONEY = ("yuan/year", "yuan")
# Spending and losses follow prices; every other known amount is income or wealth, and follows incomes.
SPENDING = (
    "medical_out_of_pocket",
    "medical_bill",
    "rigid_expenditure",
    "education_cost",
    "rehabilitation_cost",
    "elderly_care_cost",
    "rent_paid",
    "shock_loss",
)
# Columns with a growth of their own, where it is stated; they follow incomes otherwise.
OWN_GROWTH = {
    **dict.fromkeys(SPENDING, PRICES),
    **dict.fromkeys(("wage_income", "workshop_wage"), WAGES),
    "business_income": BUSINESS,
    **dict.fromkeys(("property_income", "collective_dividend_per_head"), PROPERTY),
    **dict.fromkeys(("private_transfer_income", "support_paid"), TRANSFERS),
    "pension_income": PENSIONS,
    "basic_pension_income": BASIC_PENSION,
    "social_contributions_paid": CONTRIBUTIONS,
}


@dataclass(frozen=True)
class Uprated:
    """One column: whose table it is in, and the growth that it follows."""

    column: str
    entity: str
    index: str


@dataclass(frozen=True)
class Uprating:
    """Which columns are carried along, and how; ``since``: the year they are of, None where nobody knows."""

    since: int | None
    columns: tuple[Uprated, ...]
    economy: Economy
    areas: tuple[str, ...]

    def money(self, year: int) -> Money:
        """In whose year's money the population is, carried to ``year``."""
        return Money.carried(self.since, year, self.economy, self.areas)

    def table(self, year: int) -> pd.DataFrame:
        """column, table, index, from_year, to_year, area (empty: everywhere), factor."""
        import pandas as pd

        since = year if self.since is None else self.since
        rows = [
            (c.column, f"{c.entity}s", c.index, since, year, area, factor)
            for c in self.columns
            for area, factor in self.economy.factors(c.index, since, year, self.areas).items()
        ]
        columns = ["column", "table", "index", "from_year", "to_year", "area", "factor"]
        return pd.DataFrame(rows, columns=columns)


def uprating(population: Population, policy: Policy, economy: Economy) -> Uprating:
    """What is carried along: the population's amounts of money (yuan, yuan/year), as data of its income year.

    Incomes, social contributions and financial assets follow ``income_growth``; a column of ``OWN_GROWTH``
    follows the growth named there, where that is stated: spending prices, wages the growth of wages. Assessed
    amounts that the data gives in place of a rule are treated as incomes. Received dibao is a record and
    stays what it was. Counts, shares, draws and columns that nobody knows stay as they are; so do columns
    that carry their default, which is 0 for all money.
    """
    from microsim.population import registry
    from microsim.population.core.columns import RECORDED

    known = registry()
    found = []
    for entity, table in (("person", population.person_columns), ("household", population.household_columns)):
        for name in table:
            column, rule = known.get(name), policy.rules.get(name)
            unit = column.unit if column else rule.unit if rule and rule.unless_given else ""
            if unit in MONEY and name != RECORDED and name not in population.defaulted:
                own = OWN_GROWTH.get(name, INCOMES)
                found.append(Uprated(name, entity, own if economy.states(own) else INCOMES))
    areas = population.categories.get("area", ()) if "area" in population.household_columns else ()
    return Uprating(population.income_year, tuple(found), economy, tuple(areas))


def uprated(population: Population, plan: Uprating, year: int) -> Population:
    """The same people in ``year``: the columns of ``plan`` times the growth from its year on.

    The population itself where nothing grows. Raises ``InputError`` where the growth is not known.
    """
    if plan.since is None or plan.since == year or plan.economy.held:
        return population
    factors = {
        (item.entity, item.column): plan.economy.factors(item.index, plan.since, year, plan.areas)
        for item in plan.columns
    }
    if all(by_area == {EVERYWHERE: 1.0} for by_area in factors.values()):
        return population
    return population.scaled(factors, year)
