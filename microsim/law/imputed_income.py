"""Imputed income: labour by coefficient (劳动力系数), support owed by children apart (赡养费)."""

from __future__ import annotations

from microsim.policy import person


@person(
    unit="yuan/year",
    reference="2022 joint notice, 1 (1) (names the practice and its limits); formula: assumption",
    label={"en": "Imputed labour income", "zh": "劳动力系数核定收入"},
)
def imputed_labour_income(
    imputed_income_labour: bool,
    age: int,
    imputed_income_labour_from_age: float,
    imputed_income_labour_until_age: float,
    in_school: str,
    imputed_income_labour_coefficient: float,
    imputed_income_labour_lines: float,
    dibao_line_in_force: float,
    assessed_wage_income: float,
    deducted_work_cost: float,
    assessed_business_income: float,
) -> float:
    """What a member able to work is taken to earn beyond what he or she is seen to earn."""
    if not imputed_income_labour or in_school != "none":
        return 0.0
    if age < imputed_income_labour_from_age or age >= imputed_income_labour_until_age:
        return 0.0
    taken = imputed_income_labour_coefficient * imputed_income_labour_lines * dibao_line_in_force
    earned = assessed_wage_income - deducted_work_cost + assessed_business_income
    return max(taken - earned, 0.0)


@person(
    unit="yuan/year",
    reference="2012 review measures, art. 16 (4); 2021 review measures, art. 13 (4); formula: recalled",
    label={"en": "Imputed support from children apart", "zh": "核定赡养费（超出实际部分）"},
)
def imputed_kin_support(
    children_apart: int,
    imputed_income_kin: bool,
    children_apart_income: float,
    imputed_income_kin_floor_lines: float,
    imputed_income_kin_rate: float,
    dibao_line_in_force: float,
    assessed_private_transfer_income: float,
) -> float:
    """What children who live elsewhere are taken to owe, beyond the support that is seen."""
    if children_apart <= 0 or not imputed_income_kin:
        return 0.0
    spare = max(children_apart_income - imputed_income_kin_floor_lines * dibao_line_in_force, 0.0)
    owed = imputed_income_kin_rate * spare * children_apart
    return max(owed - assessed_private_transfer_income, 0.0)
