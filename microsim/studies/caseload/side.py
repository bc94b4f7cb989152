"""What a calibrated county implies beside its targets: who the recipients are and what they are paid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from microsim.studies.caseload.grammar import AREAS

if TYPE_CHECKING:
    import pandas as pd

    from microsim.studies.caseload.study import CaseloadCalibration

Floats = NDArray[np.float64]
PARTS = ("dibao_entitlement", "dibao_single_entitlement", "dibao_top_up", "dibao_price_supplement")
_OUTPUTS = (
    "dibao_recipients",
    "dibao_benefit",
    "dibao_eligible",
    "income_before_benefits_per_head",
    "counted_income_per_head",
    "household_size",
    *PARTS,
)
_NONE = float("nan")


def side_figures(calibration: CaseloadCalibration) -> pd.DataFrame:
    """area, measure, value, unit: size of recipient households, true incomes, targeting, parts of
    expenditure.
    """
    import pandas as pd

    from microsim.simulation import simulate

    population, policy = calibration.population(), calibration.policy
    result = simulate(population, policy, outputs=list(_OUTPUTS))
    rows: list[tuple[str, str, float, str]] = []
    for code, area in enumerate(AREAS):
        inside = population.household_columns["area"] == code
        columns = {name: result.array(name)[inside] for name in _OUTPUTS}
        line = float(policy.value("dibao.line")[area])
        rows += _of_area(area, line, np.asarray(population.weight)[inside], columns)
    return pd.DataFrame(rows, columns=["area", "measure", "value", "unit"])


def _of_area(
    area: str, line: float, weight: Floats, columns: dict[str, Floats]
) -> list[tuple[str, str, float, str]]:
    rows: list[tuple[str, str, float, str]] = []

    def add(measure: str, value: float, unit: str) -> None:
        rows.append((area, measure, float(value), unit))

    recipients, residents = weight * columns["dibao_recipients"], weight * columns["household_size"]
    reached, whole = columns["dibao_recipients"] > 0, columns["dibao_eligible"].astype(bool)
    true, seen = columns["income_before_benefits_per_head"], columns["counted_income_per_head"]
    everyone, expenditure = recipients.sum(), float((weight * columns["dibao_benefit"]).sum())
    add("persons per recipient household", everyone / weight[reached].sum(), "persons")
    add("persons per household of the area", residents.sum() / weight.sum(), "persons")
    add("recipients admitted individually", _ratio(recipients[~whole].sum(), everyone), "1")
    add("expenditure per recipient", _ratio(expenditure, everyone), "yuan/year")
    for part in PARTS:
        add(f"expenditure: {part}", _ratio((weight * columns[part]).sum(), expenditure), "1")
    for share in (0.1, 0.5, 0.9):
        value = _quantile(true, recipients, share)
        add(f"true income per head of recipients, {share:.0%} of them below", value, "yuan/year")
    add("true income per head of recipients, mean", _ratio((recipients * true).sum(), everyone), "yuan/year")
    households = recipients * whole
    add(
        "counted income per head of recipient families",
        _ratio((households * seen).sum(), households.sum()),
        "yuan/year",
    )
    poor = true < line
    add("residents truly below the line", _ratio(residents[poor].sum(), residents.sum()), "1")
    add("of these, recipients", _ratio(recipients[poor].sum(), residents[poor].sum()), "1")
    add("recipients truly above the line", _ratio(recipients[~poor].sum(), everyone), "1")
    add("recipients truly above twice the line", _ratio(recipients[true >= 2 * line].sum(), everyone), "1")
    return rows


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole else _NONE


def _quantile(values: Floats, weight: Floats, share: float) -> float:
    from microsim.measures import quantile

    kept = weight > 0
    return float(quantile(values[kept], share, weight[kept])) if kept.any() else _NONE
