"""Medical aid (医疗救助): premium subsidy, aid with what insurance leaves, tilted aid, and what remains."""

from __future__ import annotations

from microsim.law.low_income import TIERS
from microsim.policy import above, at_least, at_most, household, person, total

LAYERS = "Order 649, art. 29 (2): after basic, catastrophic and supplementary insurance"
OPINIONS_2021 = "2021 medical-aid opinions (recalled)"


def aid_on(left: float, deductible: float, rate: float, cap: float) -> float:
    """Aid with what insurance leaves: a rate of what lies above the deductible, up to the cap."""
    return min(rate * max(left - deductible, 0.0), cap)


# ------------------------------------------------------------------- the status that counts, of several


@person(
    reference=f"{OPINIONS_2021}: help with the premium for the monitored; order: inferred",
    label={"en": "Tier that counts for premium and insurance", "zh": "参保资助和大病保险适用类别"},
    categories=TIERS,
)
def insurance_tier(tier: str, monitored_household: bool) -> str:
    """The primary tier; where an edge or rigid household is monitored, the better terms of the monitored."""
    if monitored_household and tier in ("edge", "rigid"):
        return "monitored"
    return tier


@person(
    reference=f"{OPINIONS_2021}; 2023 tiering opinions, part 4 (2) 1; order: inferred",
    label={"en": "Tier that counts for medical aid", "zh": "医疗救助适用类别"},
    categories=TIERS,
)
def aid_tier(tier: str, monitored_household: bool) -> str:
    """The primary tier; where a rigid household is monitored, the better terms of the monitored."""
    if monitored_household and tier == "rigid":
        return "monitored"
    return tier


# ------------------------------------------------------------------------- favour inside insurance


@person(
    unit="1",
    reference="2019 notice on residents' insurance (recalled); source paper for the registered poor",
    label={"en": "Favour in catastrophic insurance", "zh": "大病保险倾斜程度"},
)
def catastrophic_favour(
    household_tier: str,
    filed_poor_in_transition: bool,
    medical_aid_catastrophic_favour: float,
    medical_aid_filed_poor_catastrophic_favour: float,
) -> float:
    """How much of the favour for the poor the person has, by tier or as registered poor: from 0 to 1."""
    if household_tier == "none":
        return 0.0
    if filed_poor_in_transition:
        return max(medical_aid_catastrophic_favour, medical_aid_filed_poor_catastrophic_favour)
    return medical_aid_catastrophic_favour


# ------------------------------------------------------------------------------------ medical aid


@person(
    reference="Social Assistance Law, art. 24; a bill of catastrophic insurance counts: assumption",
    label={"en": "Illness that opens medical aid", "zh": "病情符合医疗救助条件"},
)
def illness_opens_aid(
    medical_bills: float,
    medical_aid_severe_illness_only: bool,
    severe_illness: bool,
    catastrophic_payment: float,
) -> bool:
    """Any, or where aid is for severe illness only, one recognised as major or with a catastrophic bill."""
    if at_most(medical_bills, 0.0):
        return False
    return not medical_aid_severe_illness_only or severe_illness or above(catastrophic_payment, 0.0)


@person(
    unit="yuan/year",
    reference="Order 649, arts. 28-29; 2023 tiering opinions, part 4 (2) 1; Social Assistance Law, art. 24",
    label={"en": "Medical aid by tier", "zh": "按救助类别的医疗救助"},
)
def medical_aid_by_tier(
    medical_aid_enabled: bool,
    medical_bills: float,
    household_tier: str,
    person_medical_left: float,
    medical_aid_rate: float,
    illness_opens_aid: bool,
    medical_aid_deductible_share: float,
    insurance_pool_income: float,
    medical_aid_cap: float,
) -> float:
    """At the rate, above the deductible and up to the cap of the person's tier."""
    if not medical_aid_enabled or at_most(medical_bills, 0.0) or household_tier == "none":
        return 0.0
    if not illness_opens_aid:
        return 0.0
    deductible = medical_aid_deductible_share * insurance_pool_income
    return aid_on(person_medical_left, deductible, medical_aid_rate, medical_aid_cap)


@person(
    unit="yuan/year",
    reference="source paper (registered poor in the broad safety net and after); amounts recalled",
    label={"en": "Medical aid as registered poor", "zh": "建档立卡户医疗救助"},
)
def medical_aid_as_filed_poor(
    medical_aid_enabled: bool,
    medical_bills: float,
    filed_poor_in_transition: bool,
    person_medical_left: float,
    medical_aid_filed_poor_rate: float,
    medical_aid_filed_poor_deductible_share: float,
    insurance_pool_income: float,
    medical_aid_cap: float,
) -> float:
    """For all members of a registered poor household, whatever their primary tier."""
    if not medical_aid_enabled or at_most(medical_bills, 0.0) or not filed_poor_in_transition:
        return 0.0
    deductible = medical_aid_filed_poor_deductible_share * insurance_pool_income
    return aid_on(person_medical_left, deductible, medical_aid_filed_poor_rate, medical_aid_cap)


@household(
    reference=f"{OPINIONS_2021}; Order 649, art. 28 (3); conditions: assumption",
    label={"en": "Impoverished by illness", "zh": "因病致贫家庭"},
)
def medical_illness_poor(
    medical_aid_enabled: bool,
    medical_aid_illness_poor: bool,
    medical_left_without_status: float,
    medical_aid_illness_poor_share: float,
    unit_size: int,
    unit_income: float,
    low_income_local_income: float,
    property_within_edge_limits: bool,
) -> bool:
    """Insurance leaves more than a share of income; income below the local mean, property in limits."""
    if not medical_aid_enabled or not medical_aid_illness_poor or at_most(medical_left_without_status, 0.0):
        return False
    if unit_size <= 0 or at_least(unit_income, low_income_local_income * unit_size):
        return False
    heavy = above(medical_left_without_status, medical_aid_illness_poor_share * max(unit_income, 0.0))
    return heavy and property_within_edge_limits


@person(
    unit="yuan/year",
    reference=f"{OPINIONS_2021}; Order 649, art. 28 (3)",
    label={"en": "Medical aid as impoverished by illness", "zh": "因病致贫医疗救助"},
)
def medical_aid_as_illness_poor(
    medical_illness_poor: bool,
    person_medical_left: float,
    medical_aid_illness_poor_rate: float,
    medical_aid_illness_poor_deductible_share: float,
    insurance_pool_income: float,
    medical_aid_illness_poor_cap: float,
) -> float:
    """At a lower rate and above a higher deductible, for any member."""
    if not medical_illness_poor:
        return 0.0
    deductible = medical_aid_illness_poor_deductible_share * insurance_pool_income
    return aid_on(
        person_medical_left, deductible, medical_aid_illness_poor_rate, medical_aid_illness_poor_cap
    )


@person(
    unit="yuan/year",
    reference="Order 649, arts. 28-30",
    label={"en": "Medical aid", "zh": "医疗救助金额"},
)
def person_medical_aid(
    medical_bills: float,
    medical_aid_by_tier: float,
    medical_aid_as_filed_poor: float,
    medical_aid_as_illness_poor: float,
    person_medical_left: float,
) -> float:
    """Once, on the best of the grounds, and never more than is left of the bill."""
    if at_most(medical_bills, 0.0):
        return 0.0
    best = max(medical_aid_by_tier, medical_aid_as_filed_poor, medical_aid_as_illness_poor)
    return min(best, person_medical_left)


@person(
    unit="yuan/year",
    reference=OPINIONS_2021,
    label={"en": "Tilted aid", "zh": "倾斜救助金额"},
)
def person_tilted_aid(
    medical_aid_enabled: bool,
    medical_bills: float,
    household_tier: str,
    illness_opens_aid: bool,
    person_medical_left: float,
    person_medical_aid: float,
    medical_aid_tilted_threshold: float,
    medical_aid_tilted_rate: float,
    medical_aid_tilted_cap: float,
) -> float:
    """Where the three layers still leave a heavy burden, a share of it above a threshold."""
    if not medical_aid_enabled or at_most(medical_bills, 0.0) or household_tier == "none":
        return 0.0
    if not illness_opens_aid:
        return 0.0
    left = person_medical_left - person_medical_aid
    return aid_on(left, medical_aid_tilted_threshold, medical_aid_tilted_rate, medical_aid_tilted_cap)


@person(
    unit="yuan/year",
    reference="Order 649, art. 29 (1); 2023 tiering opinions, part 4 (2) 1",
    label={"en": "Premium subsidy", "zh": "资助参保金额"},
)
def person_premium_subsidy(
    medical_aid_enabled: bool,
    household_tier: str,
    medical_insurance: str,
    filed_poor_in_transition: bool,
    medical_aid_premium_rate: float,
    medical_aid_filed_poor_premium_rate: float,
    medical_aid_premium: float,
) -> float:
    """A share of the own premium of residents' insurance, by tier or as registered poor."""
    if not medical_aid_enabled or household_tier == "none" or medical_insurance != "resident":
        return 0.0
    rate = medical_aid_premium_rate
    if filed_poor_in_transition:
        rate = max(rate, medical_aid_filed_poor_premium_rate)
    return rate * medical_aid_premium


@person(
    unit="yuan/year",
    reference="Order 649, art. 29",
    label={"en": "Medical aid and premium subsidy of the person", "zh": "个人医疗救助合计"},
)
def person_medical_aid_benefit(
    person_medical_aid: float, person_tilted_aid: float, person_premium_subsidy: float
) -> float:
    """All that the aid fund pays for the person, to hospital and insurer."""
    return person_medical_aid + person_tilted_aid + person_premium_subsidy


medical_aid_benefit = total(
    person_medical_aid_benefit,
    role="in_kind_benefit",
    label={"en": "Medical aid", "zh": "医疗救助合计"},
    reference="Order 649, arts. 27-31",
)

# ------------------------------------------------------------------------------- what the household bears


@person(
    unit="yuan/year",
    reference=LAYERS,
    label={"en": "Medical burden of the person", "zh": "个人最终医疗负担"},
)
def person_medical_burden(
    person_medical_left: float, person_medical_aid: float, person_tilted_aid: float
) -> float:
    """What all layers leave of the bill."""
    return person_medical_left - person_medical_aid - person_tilted_aid


@person(
    unit="yuan/year",
    reference="source paper (hidden benefits of a status)",
    label={"en": "Medical burden without status", "zh": "无身份时个人医疗负担"},
)
def person_medical_burden_without_status(
    person_medical_left_without_status: float,
    medical_illness_poor: bool,
    medical_aid_illness_poor_rate: float,
    medical_aid_illness_poor_deductible_share: float,
    insurance_pool_income: float,
    medical_aid_illness_poor_cap: float,
) -> float:
    """The same bill in no tier and without being registered poor; illness alone still counts."""
    left = person_medical_left_without_status
    if not medical_illness_poor:
        return left
    deductible = medical_aid_illness_poor_deductible_share * insurance_pool_income
    return left - aid_on(left, deductible, medical_aid_illness_poor_rate, medical_aid_illness_poor_cap)


medical_burden = total(
    person_medical_burden,
    label={"en": "Medical burden", "zh": "家庭最终医疗负担"},
    reference=LAYERS,
)
medical_burden_without_status = total(
    person_medical_burden_without_status,
    label={"en": "Medical burden without status", "zh": "无身份时家庭医疗负担"},
    reference="source paper (hidden benefits of a status)",
)


@household(
    unit="yuan/year",
    reference="source paper (hidden benefits of a status)",
    label={"en": "Hidden medical benefit", "zh": "身份附带的医疗隐性福利"},
)
def medical_hidden_benefit(medical_burden_without_status: float, medical_burden: float) -> float:
    """What the household would bear of the same bills without its status, less what it bears."""
    return medical_burden_without_status - medical_burden
