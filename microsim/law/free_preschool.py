"""Free last year of kindergarten (学前一年免保育教育费): fees that public kindergartens no longer charge."""

from __future__ import annotations

from microsim.policy import at_most, person, total

OPINIONS = "State Council Office 2025 no. 27 (2025-08-05)"


@person(
    unit="yuan/year",
    reference=OPINIONS,
    label={"en": "Kindergarten fee relieved", "zh": "免除的保育教育费"},
)
def person_preschool_relief(
    education_costs: float,
    free_preschool_enabled: bool,
    in_school: str,
    age: int,
    free_preschool_age: float,
    free_preschool_fee: float,
    education_cost: float,
    education_fee_relief: float,
) -> float:
    """In the year before school, whatever the income; never more than other relief leaves of the cost."""
    if at_most(education_costs, 0.0) or not free_preschool_enabled or in_school != "preschool":
        return 0.0
    if age < free_preschool_age:
        return 0.0
    return min(free_preschool_fee, education_cost - education_fee_relief)


free_preschool_benefit = total(
    person_preschool_relief,
    role="in_kind_benefit",
    label={"en": "Free last year of kindergarten", "zh": "学前一年免保教费合计"},
    reference=OPINIONS,
)
