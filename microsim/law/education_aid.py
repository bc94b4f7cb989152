"""Education aid (教育救助): living grants, study grants and fee relief by stage of schooling."""

from __future__ import annotations

from microsim.policy import at_most, person, total

ORDER = "Order 649, arts. 33-35"
TIERED = "2020 reform opinions, no. 9; 2023 tiering opinions, part 4 (2) 2"


@person(
    unit="1",
    reference=f"{ORDER}; source paper; {TIERED}",
    label={"en": "Share of education aid", "zh": "教育救助比例"},
)
def education_aid_share(
    education_aid_enabled: bool,
    household_tier: str,
    in_school: str,
    filed_poor_in_transition: bool,
    education_aid_rate: float,
    education_aid_filed_poor_rate: float,
) -> float:
    """Which part of the aid is open to the pupil: by tier, or as registered poor."""
    if not education_aid_enabled or household_tier == "none" or in_school == "none":
        return 0.0
    if filed_poor_in_transition:
        return max(education_aid_rate, education_aid_filed_poor_rate)
    return education_aid_rate


@person(
    unit="yuan/year",
    reference="Order 649, arts. 33-34; press of 31 October 2019 on Shaanxi (amounts and day pupils)",
    label={"en": "Living grant in compulsory school", "zh": "义务教育生活补助"},
)
def education_living_grant(
    household_tier: str,
    education_aid_share: float,
    boards: bool,
    education_aid_living: float,
    education_aid_day_share: float,
) -> float:
    """In primary and junior school, whole for boarders, in part for day pupils."""
    if household_tier == "none" or education_aid_share <= 0.0:
        return 0.0
    whole = education_aid_share * education_aid_living
    return whole if boards else education_aid_day_share * whole


@person(
    unit="yuan/year",
    reference=f"{ORDER}; {TIERED}; amounts recalled",
    label={"en": "Study grant", "zh": "国家助学金"},
)
def education_study_grant(
    household_tier: str, education_aid_share: float, education_aid_grant: float
) -> float:
    """In kindergarten, senior and vocational school and university."""
    if household_tier == "none" or education_aid_share <= 0.0:
        return 0.0
    return education_aid_share * education_aid_grant


@person(
    unit="yuan/year",
    reference="rain-dew scheme (雨露计划): recalled",
    label={"en": "Rain-dew grant", "zh": "雨露计划补助"},
)
def education_rain_dew_grant(
    education_aid_enabled: bool,
    filed_poor_in_transition: bool,
    monitored_household: bool,
    in_school: str,
    education_aid_rain_dew: float,
) -> float:
    """Beside the study grant, for vocational pupils of registered poor and monitored households."""
    if not education_aid_enabled or not (filed_poor_in_transition or monitored_household):
        return 0.0
    if in_school != "vocational":
        return 0.0
    return education_aid_rain_dew


@person(
    unit="yuan/year",
    reference=f"{ORDER}; {TIERED}",
    label={"en": "Education grants of the person", "zh": "个人教育补助合计"},
)
def person_education_grants(
    education_living_grant: float, education_study_grant: float, education_rain_dew_grant: float
) -> float:
    """All grants in money or on the meal card."""
    return education_living_grant + education_study_grant + education_rain_dew_grant


education_costs = total(
    "education_cost",
    unit="yuan/year",
    label={"en": "Cost of education before aid", "zh": "救助前家庭教育支出"},
    reference="column education_cost",
)


@person(
    unit="yuan/year",
    reference="Order 649, art. 34; amounts recalled and assumed",
    label={"en": "Fee relief", "zh": "减免学杂费"},
)
def education_fee_relief(
    education_costs: float, education_aid_share: float, education_aid_fee_relief: float, education_cost: float
) -> float:
    """Tuition that the school does not charge; never more than the cost."""
    if at_most(education_costs, 0.0) or education_aid_share <= 0.0:
        return 0.0
    return min(education_aid_share * education_aid_fee_relief, education_cost)


@person(
    unit="yuan/year",
    reference="Order 649, art. 34",
    label={"en": "Education burden of the person", "zh": "个人教育负担"},
)
def person_education_burden(
    education_costs: float, education_cost: float, education_fee_relief: float, person_preschool_relief: float
) -> float:
    """What fee relief and free kindergarten leave of the cost; grants are income."""
    if at_most(education_costs, 0.0):
        return 0.0
    return education_cost - education_fee_relief - person_preschool_relief


education_aid_benefit = total(
    person_education_grants,
    role="cash_benefit",
    label={"en": "Education grants", "zh": "教育救助补助合计"},
    reference=f"{ORDER}; {TIERED}",
)
education_aid_in_kind = total(
    education_fee_relief,
    role="in_kind_benefit",
    label={"en": "Fee relief of the household", "zh": "家庭减免学杂费合计"},
    reference="Order 649, art. 34",
)
education_burden = total(
    person_education_burden,
    label={"en": "Education burden", "zh": "家庭教育负担"},
    reference="Order 649, art. 34",
)
