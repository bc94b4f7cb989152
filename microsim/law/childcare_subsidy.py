"""Childcare subsidy (育儿补贴): a yearly amount for each child under three, whatever the income."""

from __future__ import annotations

from microsim.policy import person, smallest, total

PLAN = "Implementation plan for the childcare subsidy of 2025-07-28"

youngest_age = smallest(
    "age", unit="years", label={"en": "Age of the youngest", "zh": "家中最年幼者年龄"}, reference=PLAN
)


@person(
    unit="yuan/year", reference=PLAN, label={"en": "Childcare subsidy of the child", "zh": "儿童育儿补贴"}
)
def person_childcare_subsidy(
    childcare_subsidy_enabled: bool,
    youngest_age: int,
    childcare_subsidy_to_age: float,
    age: int,
    childcare_subsidy_amount: float,
) -> float:
    """The amount of a whole year for each child below the age limit; no means test."""
    if not childcare_subsidy_enabled or youngest_age >= childcare_subsidy_to_age:
        return 0.0
    return childcare_subsidy_amount if age < childcare_subsidy_to_age else 0.0


childcare_subsidy_benefit = total(
    person_childcare_subsidy,
    role="cash_benefit",
    label={"en": "Childcare subsidy", "zh": "育儿补贴合计"},
    reference=PLAN,
)
