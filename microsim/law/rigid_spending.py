"""Rigid expenditure (刚性支出), recognised once for every programme that asks for it."""

from __future__ import annotations

from microsim.policy import household, person, total

METHOD = "2025 rigid-expenditure method, art. 5; 2023 tiering opinions, part 2"


@person(
    unit="yuan/year",
    reference="2025 rigid-expenditure method, art. 5 (2), (4)",
    label={"en": "Own spending on illness and rehabilitation", "zh": "个人医疗与康复支出"},
)
def person_illness_spending(
    in_unit: bool,
    medical_out_of_pocket: float,
    person_medical_burden_without_status: float,
    rehabilitation_cost: float,
) -> float:
    """Members only: medical spending, as surveyed or left of the bill (the greater), and rehabilitation."""
    if not in_unit:
        return 0.0
    return max(medical_out_of_pocket, person_medical_burden_without_status) + rehabilitation_cost


@person(
    unit="yuan/year",
    reference="2025 rigid-expenditure method, art. 5 (3)",
    label={"en": "Own spending on education", "zh": "个人教育支出"},
)
def person_education_spending(in_unit: bool, in_school: str, education_cost: float) -> float:
    """Fees and board from kindergarten to a first degree; members only."""
    if not in_unit or in_school == "none":
        return 0.0
    return education_cost


unit_illness_spending = total(
    person_illness_spending,
    label={"en": "Spending on illness and rehabilitation", "zh": "家庭医疗与康复支出"},
    reference="2025 rigid-expenditure method, art. 5 (2), (4)",
)
unit_education_spending = total(
    person_education_spending,
    label={"en": "Spending on education", "zh": "家庭教育支出"},
    reference="2025 rigid-expenditure method, art. 5 (3)",
)


@household(
    unit="yuan/year",
    reference=METHOD,
    label={"en": "Recognised rigid expenditure without basic living", "zh": "认定的刚性支出（不含基本生活）"},
)
def rigid_expenditure_recognised(
    unit_illness_spending: float, rigid_expenditure: float, unit_education_spending: float
) -> float:
    """Illness and disability, as declared or added up from the members, whichever is more; and education."""
    return max(unit_illness_spending, rigid_expenditure) + unit_education_spending


@household(
    unit="yuan/year",
    reference="2025 rigid-expenditure method, art. 5 (1); amount: assumption",
    label={"en": "Recognised basic living", "zh": "认定的基本生活支出"},
)
def recognised_living_cost(
    unit_size: int, rigid_spending_living_lines: float, dibao_line_in_force: float
) -> float:
    """A multiple of the dibao line for each member."""
    return rigid_spending_living_lines * dibao_line_in_force * unit_size
