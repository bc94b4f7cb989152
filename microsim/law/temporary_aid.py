"""Temporary aid (临时救助): a household struck by a sudden event or by spending that it cannot bear."""

from __future__ import annotations

from collections.abc import Callable

from microsim.policy import below, count, household, person, share_reached

ORDER = "Order 649, arts. 47-49"
AMOUNT = "Order 649, art. 49; 2018 opinions, part 2 (3); amounts recalled"

# ----------------------------------------------------------------------------------- the emergency type


@person(
    reference="2022 joint notice, 2 (1); working age from 16: recalled; capacity: assumption",
    label={"en": "May apply for the grant to the jobless", "zh": "可申请失业一次性临时救助"},
)
def jobless_applicant(
    dibao_recipient: bool, is_tekun: bool, age: int, in_school: str, labour_capacity: str
) -> bool:
    """Old enough and able to work, not at school, and not in dibao (or tekun) himself or herself.

    The exclusion is of persons: where one member is admitted alone, the others may still apply. 16 is the
    least age and there is no greatest; who lost the work is not in the data, so each of these may have been.
    """
    if dibao_recipient or is_tekun or age < 16:
        return False
    return in_school == "none" and labour_capacity != "none"


jobless_applicants = count(
    jobless_applicant,
    label={"en": "Who may apply for the grant to the jobless", "zh": "可申请失业一次性临时救助人数"},
    reference="2022 joint notice, 2 (1)",
)


@household(
    reference="Order 649, art. 47; 2018 opinions, part 2 (1); 2022 joint notice, 2 (1)-(2)",
    label={"en": "Emergency that opens temporary aid", "zh": "急难型临时救助情形"},
)
def temporary_emergency(
    shock: str,
    temporary_aid_enabled: bool,
    temporary_aid_emergency_tiers: bool,
    temporary_aid_after_disaster: bool,
    temporary_aid_jobless: bool,
    temporary_aid_jobless_months: float,
    shock_months: int,
    jobless_applicants: int,
) -> bool:
    """Accident, sudden illness or other hardship; later also after a disaster and for the jobless.

    The event must have brought serious hardship: a household that lived on as usual (no month of it in
    ``shock_months``; after a disaster, none that relief did not cover) is in no emergency. That is the
    test of the texts, and income is none: the emergency type is given before means are checked.
    """
    if shock == "none" or not temporary_aid_enabled or not temporary_aid_emergency_tiers:
        return False
    if shock_months <= 0:
        return False
    if shock == "disaster":
        return temporary_aid_after_disaster
    if shock == "job_loss":
        long_enough = shock_months >= temporary_aid_jobless_months
        return temporary_aid_jobless and long_enough and jobless_applicants > 0
    return shock in ("accident", "illness", "other")


@household(
    unit="persons",
    reference="2018 opinions, part 2 (3): by the members of the family and the kind of hardship",
    label={"en": "Persons whom temporary aid counts", "zh": "临时救助涉及人口"},
)
def temporary_persons(shock: str, shock_persons: int, household_size: int, jobless_applicants: int) -> float:
    """Those struck, no more than live there; where work was lost, no more than may apply."""
    if shock == "job_loss":
        return float(min(shock_persons, jobless_applicants))
    return float(min(shock_persons, household_size))


@household(
    unit="yuan/year",
    reference=AMOUNT,
    label={"en": "Standard of temporary aid for one month", "zh": "临时救助月标准（涉及人口）"},
)
def temporary_month(
    temporary_persons: float, temporary_aid_multiple: float, dibao_line_in_force: float
) -> float:
    """A multiple of the monthly dibao line for each person counted."""
    return temporary_persons * temporary_aid_multiple * dibao_line_in_force / 12.0


@household(
    reference="2018 opinions, part 2 (1); 2026 opinions (reported); property as for the edge: assumption",
    label={"en": "Would pass a check of means for temporary aid", "zh": "符合临时救助经济状况规定"},
)
def temporary_means_within(
    shock: str,
    dibao_recipients: int,
    tekun_persons: int,
    unit_size: int,
    unit_income: float,
    low_income_local_income: float,
    property_within_edge_limits: bool,
) -> bool:
    """Dibao and tekun without a test; others below the local mean income and in the limits of property.

    Asked only of a household that something happened to; no for all others.
    """
    if shock == "none":
        return False
    if dibao_recipients > 0 or tekun_persons > 0:
        return True
    return property_within_edge_limits and below(unit_income, low_income_local_income * unit_size)


@household(
    unit="yuan/year",
    reference=AMOUNT,
    label={"en": "Temporary aid, emergency type", "zh": "急难型临时救助金额"},
)
def temporary_emergency_amount(
    temporary_emergency: bool,
    shock: str,
    shock_months: int,
    temporary_aid_jobless_grant_months: float,
    temporary_aid_months_limit: float,
    temporary_aid_quick_aid: bool,
    temporary_aid_quick_months: float,
    temporary_means_within: bool,
    temporary_month: float,
) -> float:
    """Months of hardship up to a limit; a jobless household receives a single grant.

    Later the limit of quick aid holds for households that would not pass a check of means.
    """
    if not temporary_emergency:
        return 0.0
    if shock == "job_loss":
        return temporary_aid_jobless_grant_months * temporary_month
    limit = temporary_aid_months_limit
    if temporary_aid_quick_aid and not temporary_means_within:
        limit = min(limit, temporary_aid_quick_months)
    return min(shock_months, limit) * temporary_month


# --------------------------------------------------------------------------------- the expenditure type


@household(
    reference="Order 649, art. 47; 2018 opinions, part 2 (1); property: as for edge households (assumption)",
    label={"en": "May receive expenditure-type aid", "zh": "支出型临时救助对象"},
)
def temporary_expenditure(
    shock: str,
    temporary_aid_enabled: bool,
    temporary_aid_expenditure_tiers: bool,
    temporary_means_within: bool,
) -> bool:
    """Illness or education, in a tier that is open, of a household that would pass a check of means."""
    if shock not in ("illness", "education"):
        return False
    return temporary_aid_enabled and temporary_aid_expenditure_tiers and temporary_means_within


@household(
    unit="yuan/year",
    reference="Order 649, art. 47 (beyond what the family can bear); measure: assumption",
    label={"en": "Income that the event is measured by", "zh": "负担比计算基数"},
)
def shock_means(unit_income: float, dibao_line_in_force: float, household_size: int) -> float:
    """The year's income, which is taken as no less than the line for everybody."""
    return max(unit_income, dibao_line_in_force * household_size, 1.0)


@household(
    unit="1",
    reference="Order 649, art. 47 (beyond what the family can bear); measure: assumption",
    label={"en": "Burden of the event", "zh": "突发支出负担比"},
)
def shock_burden(shock_loss: float, shock_means: float) -> float:
    """Spending and loss over the income that they are measured by."""
    return shock_loss / shock_means


@household(
    unit="yuan/year",
    reference=AMOUNT,
    label={"en": "Temporary aid, expenditure type", "zh": "支出型临时救助金额"},
)
def temporary_expenditure_amount(
    temporary_expenditure: bool,
    shock_burden: float,
    shock_means: float,
    temporary_aid_expenditure_months: Callable[[float], float],
    temporary_month: float,
) -> float:
    """Months by the grade of the burden, which is reached at the fen."""
    if not temporary_expenditure:
        return 0.0
    grade = share_reached(shock_burden * shock_means, shock_means)
    return temporary_aid_expenditure_months(grade) * temporary_month


# -------------------------------------------------------------------------------------------- what is paid


@household(
    unit="yuan/year",
    reference=AMOUNT,
    label={"en": "Temporary aid", "zh": "临时救助金"},
    role="cash_benefit",
)
def temporary_aid_benefit(
    temporary_emergency_amount: float,
    temporary_expenditure_amount: float,
    temporary_aid_cap_months: float,
    temporary_persons: float,
    dibao_line_in_force: float,
) -> float:
    """One event is helped once: the higher type, up to the yearly cap for each person counted."""
    amount = max(temporary_emergency_amount, temporary_expenditure_amount)
    return min(amount, temporary_aid_cap_months * temporary_persons * dibao_line_in_force / 12.0)
