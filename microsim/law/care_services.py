"""Care services (服务类救助): hours of care for the old, the disabled and children who cannot do alone."""

from __future__ import annotations

from collections.abc import Callable

from microsim.policy import count, person, total

LAW = "2020 reform opinions, no. 3; 2023 tiering opinions, part 4 (4)"

# --------------------------------------------------------------------------------------------- who needs care


@person(
    reference="2020 reform opinions, no. 3; ages and capacity: assumption",
    label={"en": "Adult who can look after others", "zh": "有照料能力的成年人"},
)
def able_adult(age: int, failed_adls: int, labour_capacity: str) -> bool:
    """Aged 18 to 59, doing everything alone, with some capacity to work."""
    return 18 <= age < 60 and failed_adls == 0 and labour_capacity != "none"


able_adults = count(
    able_adult,
    label={"en": "Adults who can look after others", "zh": "有照料能力的成年人数"},
    reference="2020 reform opinions, no. 3; ages and capacity: assumption",
)


@person(
    reference=f"{LAW}; source paper, section 2 (儿童看护)",
    label={"en": "Child without an adult to look after it", "zh": "缺乏照料的儿童"},
)
def child_without_care(age: int, able_adults: int, care_services_child_age: float) -> bool:
    """Below the age, in a household without an able adult: with old or disabled people, or alone."""
    return age < care_services_child_age and able_adults == 0


@person(
    unit="hours",
    reference=f"{LAW}; hours: assumption",
    label={"en": "Hours of care the person is entitled to", "zh": "个人应享照料服务时数"},
)
def person_care_hours(
    care_services_enabled: bool,
    care_services_eligible_tiers: bool,
    work_injury_care: bool,
    failed_adls: int,
    care_services_dependence_hours: Callable[[float], float],
    disability_grade: str,
    care_services_disability_hours: float,
    child_without_care: bool,
    care_services_child_hours: float,
) -> float:
    """The most of what failing activities, severe disability and childhood give; never their sum."""
    if not care_services_enabled or not care_services_eligible_tiers or work_injury_care:
        return 0.0
    hours = care_services_dependence_hours(failed_adls)
    if disability_grade in ("grade1", "grade2"):
        hours = max(hours, care_services_disability_hours)
    if child_without_care:
        hours = max(hours, care_services_child_hours)
    return hours


care_hours = total(
    person_care_hours,
    label={"en": "Hours of care entitled to", "zh": "应享照料服务时数"},
    reference=f"{LAW}; hours: assumption",
)

# ---------------------------------------------------------------------------------------------- what is given


@person(
    unit="yuan/year",
    reference=f"{LAW}; value of an hour: assumption",
    label={"en": "Value of the care given", "zh": "个人照料服务价值"},
)
def person_care_value(
    person_care_hours: float, care_services_delivered_share: float, care_services_hour_value: float
) -> float:
    """The hours that the staff of the county can give, at the price of an hour."""
    return person_care_hours * care_services_delivered_share * care_services_hour_value


care_services_benefit = total(
    person_care_value,
    role="in_kind_benefit",
    label={"en": "Care services", "zh": "照料服务价值"},
    reference=LAW,
)
