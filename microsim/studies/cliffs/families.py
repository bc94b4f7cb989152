"""Budget lines of described families under one law or several, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from microsim.errors import InputError, Offence
from microsim.outcome import Outcome
from microsim.renamed import renamed_arguments, renamed_attribute
from microsim.studies.cliffs.indicators import COUNTED
from microsim.studies.cliffs.lines import budget_lines, line_end, lines_headline, wide
from microsim.studies.cliffs.search import cliffs

if TYPE_CHECKING:
    import pandas as pd

    from microsim.policy.policy import Policy
    from microsim.population import Families


@dataclass(frozen=True, eq=False, repr=False)
class FamilyLines(Outcome):
    """Families x scenarios: lines, notches with causes and life's terms, and where each family is.

    Attributes:
        lines: ``scenario``, ``family`` and the columns of ``BudgetLines.points``.
        notches: likewise those of ``BudgetLines.notches``.
        causes: likewise those of ``BudgetLines.causes``.
        households: ``scenario``, ``family`` and the columns of ``Cliffs.households``.
        labels: family, programme or rule -> language -> label.
        max_income: where all lines end, yuan/year.
        vary: the income that is moved.
    """

    lines: pd.DataFrame
    notches: pd.DataFrame
    causes: pd.DataFrame
    households: pd.DataFrame
    labels: Mapping[str, Mapping[str, str]] = field(repr=False)
    families: Families = field(repr=False)
    max_income: float
    vary: str

    upto = renamed_attribute("upto", "max_income")

    @property
    def table(self) -> pd.DataFrame:
        """``lines``."""
        return self.lines

    @property
    def headline(self) -> str:
        """How many lines, how far, and the largest drop."""
        return lines_headline(len(self.households), self.max_income, self.notches)

    @property
    def summary(self) -> dict[str, dict[str, float | str]]:
        """``cliffs.families.worst_loss.<family>.<scenario>`` and ``.drops.`` -> value and unit."""
        out: dict[str, dict[str, float | str]] = {}
        drops = self.notches[self.notches["drop"] >= COUNTED]
        for (scenario, family), own in drops.groupby(["scenario", "family"], sort=False):
            out[f"cliffs.families.drops.{family}.{scenario}"] = {"value": len(own), "unit": "notches"}
            worst: dict[str, float | str] = {"value": float(own["drop"].max()), "unit": "yuan/year"}
            out[f"cliffs.families.worst_loss.{family}.{scenario}"] = worst
        return out

    def line(self, family: str, scenario: str) -> pd.DataFrame:
        """One line: ``moved`` (the earner's income), ``side``, a column for each part, ``total``."""
        chosen = (self.lines["family"] == family) & (self.lines["scenario"] == scenario)
        if not chosen.any():
            known = self.lines[["family", "scenario"]].drop_duplicates().itertuples(index=False)
            hint = "known: " + ", ".join(f"{f} under {s}" for f, s in known)
            raise InputError(Offence(f"no budget constraint of '{family}' under '{scenario}'", "", hint))
        return wide(self.lines[chosen])


@renamed_arguments(upto="max_income")
def family_lines(
    families: Families,
    policies: Mapping[str, Policy],
    *,
    vary: str = "wage_income",
    max_income: float | None = None,
    threads: int | None = None,
) -> FamilyLines:
    """The exact budget line of each family under each policy, along the income of its earner.

    Args:
        families: as ``load_families`` reads them.
        policies: name of the scenario -> its policy; at least one.
        vary: which of the earner's incomes is moved.
        max_income: where the lines end, yuan/year; by default a fifth beyond the last notch of all.
        threads: as for ``simulate``.

    Raises ``MicrosimError`` as the search does.
    """
    import pandas as pd

    if not policies:
        raise InputError(Offence("no policy is named", "policies", "give a name and a policy"))
    found = {
        name: cliffs(
            families.population,
            policy,
            vary=vary,
            member=families.earner,
            max_income=max_income,
            kinks=True,
            threads=threads,
        )
        for name, policy in policies.items()
    }
    end = max_income if max_income is not None else max(line_end(one) for one in found.values())
    each = {name: budget_lines(one, max_income=end, threads=threads) for name, one in found.items()}
    names = dict(zip(families.population.household_id, families.names, strict=True))

    def together(part: str) -> pd.DataFrame:
        tables = []
        for scenario, lines in each.items():
            table: pd.DataFrame = getattr(lines, part)
            table = table.assign(scenario=scenario, family=table["household_id"].map(names))
            tables.append(table[["scenario", "family", *table.columns[:-2]]])
        return pd.concat(tables, ignore_index=True)

    labels = {name: label for lines in each.values() for name, label in lines.labels.items()}
    return FamilyLines(
        together("points"),
        together("notches"),
        together("causes"),
        together("households"),
        {**labels, **families.labels},
        families,
        float(end),
        vary,
    )
