"""Two subsidies for disabled persons (残疾人两项补贴): living of the poor, nursing of the severe."""

from __future__ import annotations

from microsim.policy import person, total

OPINIONS = "2015 opinions on the two subsidies (recalled); Hunan's implementing opinions of 2015 as explained"
EXCLUDED = "2015 opinions on the two subsidies (recalled); Chongqing and Guangxi rules of 2021 and 2022"


@person(reference=EXCLUDED, label={"en": "May receive the two subsidies", "zh": "可享受残疾人两项补贴"})
def disability_subsidies_open(
    disability_subsidies_enabled: bool, disability_grade: str, is_tekun: bool, work_injury_care: bool
) -> bool:
    """Certified disabled, not tekun (who have care of their own), without work-injury care."""
    if not disability_subsidies_enabled or disability_grade == "none":
        return False
    return not is_tekun and not work_injury_care


@person(
    unit="yuan/year",
    reference=f"{OPINIONS}; 2020 reform opinions, no. 13; 2023 tiering opinions, part 4 (5)",
    label={"en": "Living subsidy of a disabled person", "zh": "困难残疾人生活补贴"},
)
def disability_living_subsidy(
    household_tier: str,
    disability_subsidies_open: bool,
    disability_subsidies_living_tiers: bool,
    disability_subsidies_living: float,
    claims_living_subsidy: bool,
) -> float:
    """For disabled dibao recipients, and where the place extends it for those of edge households."""
    if household_tier == "none" or not disability_subsidies_open or not disability_subsidies_living_tiers:
        return 0.0
    if not claims_living_subsidy:
        return 0.0
    return disability_subsidies_living


@person(
    unit="yuan/year",
    reference=OPINIONS,
    label={"en": "Nursing subsidy of a disabled person", "zh": "重度残疾人护理补贴"},
)
def disability_nursing_subsidy(
    disability_subsidies_open: bool,
    disability_grade: str,
    disability_type: str,
    disability_subsidies_nursing_severe: bool,
    disability_subsidies_nursing_lighter: bool,
    disability_subsidies_nursing: float,
    claims_nursing_subsidy: bool,
) -> float:
    """Grades 1 and 2 whatever the income; by local choice grades 3 and 4 of the intellect or mind."""
    if not disability_subsidies_open or not disability_subsidies_nursing_severe or not claims_nursing_subsidy:
        return 0.0
    if disability_grade in ("grade1", "grade2"):
        return disability_subsidies_nursing
    if disability_subsidies_nursing_lighter and disability_type in ("intellectual", "mental"):
        return disability_subsidies_nursing
    return 0.0


@person(
    unit="yuan/year",
    reference=f"{OPINIONS}: both may be held",
    label={"en": "Disability subsidies of the person", "zh": "个人残疾人补贴合计"},
)
def person_disability_subsidies(disability_living_subsidy: float, disability_nursing_subsidy: float) -> float:
    """Both, where both are due."""
    return disability_living_subsidy + disability_nursing_subsidy


disability_subsidies_benefit = total(
    person_disability_subsidies,
    role="cash_benefit",
    label={"en": "Disability subsidies", "zh": "残疾人两项补贴合计"},
    reference=OPINIONS,
)
