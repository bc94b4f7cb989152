"""Minimum living guarantee (dibao, 最低生活保障): who receives it and how much."""

from __future__ import annotations

from collections.abc import Callable

from microsim.engine import count, household, person, total

# ----------------------------------------------------------------------------------------- who is admitted


@household(
    reference="Order 649, art. 9; 2012 review measures, art. 4",
    label={"en": "Below the line and within property limits", "zh": "符合低保条件"},
)
def dibao_within_law(
    dibao_enabled: bool,
    unit_size: int,
    counted_income_per_head: float,
    dibao_line: float,
    property_within_limits: bool,
) -> bool:
    """Counted income per member strictly below the line, and property within the limits."""
    if not dibao_enabled or unit_size <= 0:
        return False
    return counted_income_per_head < dibao_line and property_within_limits


@household(
    reference="practice near the line, no rule of law; source: assumption",
    label={"en": "Admitted by discretion near the line", "zh": "酌情纳入"},
)
def dibao_by_discretion(
    dibao_enabled: bool,
    unit_size: int,
    dibao_within_law: bool,
    counted_income_per_head: float,
    dibao_line: float,
    dibao_discretion_multiple: float,
    dibao_discretion_share: float,
    admission_draw: float,
    property_within_limits: bool,
) -> bool:
    """A share of the households from the line up to a multiple of it, drawn once per household."""
    if not dibao_enabled or dibao_within_law or unit_size <= 0:
        return False
    if (
        counted_income_per_head < dibao_line
        or counted_income_per_head >= dibao_discretion_multiple * dibao_line
    ):
        return False
    return property_within_limits and admission_draw < dibao_discretion_share


@household(
    reference="Order 649, art. 9; 2022 joint notice, 1 (1): never part of an eligible household only",
    label={"en": "Dibao household", "zh": "低保家庭"},
)
def dibao_eligible(dibao_within_law: bool, dibao_by_discretion: bool) -> bool:
    """The whole unit is admitted, by law or by discretion."""
    return dibao_within_law or dibao_by_discretion


@household(
    reference="2021 review measures, art. 8 last paragraph; 2022 joint notice, 1 (4)",
    label={"en": "Edge household", "zh": "低保边缘家庭"},
)
def edge_household(
    dibao_enabled: bool,
    dibao_edge_tier: bool,
    dibao_eligible: bool,
    unit_size: int,
    counted_income_per_head: float,
    dibao_line: float,
    dibao_edge_multiple: float,
    property_within_edge_limits: bool,
) -> bool:
    """Not a dibao household, income per member below 1.5 lines, property within the limits of the edge."""
    if not dibao_enabled or not dibao_edge_tier or dibao_eligible or unit_size <= 0:
        return False
    return counted_income_per_head < dibao_edge_multiple * dibao_line and property_within_edge_limits


# -------------------------------------------------------------------------- single members, admitted alone


@person(reference="2021 review measures, art. 27", label={"en": "Severely disabled", "zh": "重度残疾人"})
def severely_disabled(disability_grade: str) -> bool:
    """Certified grade 1 or 2."""
    return disability_grade in ("grade1", "grade2")


@person(
    reference="2021 review measures, art. 8 (1)-(2)",
    label={"en": "Ground for admission alone", "zh": "符合单独申请情形"},
)
def single_admission_ground(
    severely_disabled: bool, disability_grade: str, disability_type: str, severe_illness: bool
) -> bool:
    """Grade 1 or 2; grade 3 of intellectual or mental disability; or an illness recognised as major."""
    if severely_disabled or severe_illness:
        return True
    return disability_grade == "grade3" and disability_type in ("intellectual", "mental")


@person(
    reference="2021 review measures, art. 8; 2022 joint notice, 1 (4); Order 649, art. 9",
    label={"en": "Admitted alone from an edge household", "zh": "低保边缘家庭单人纳入"},
)
def single_from_edge(
    edge_household: bool,
    dibao_single_admission_enabled: bool,
    in_unit: bool,
    single_admission_ground: bool,
    person_counted_income: float,
    dibao_line: float,
) -> bool:
    """A member of an edge household with a ground, taken as a household of one: own income below the line."""
    if not edge_household or not dibao_single_admission_enabled:
        return False
    return in_unit and single_admission_ground and person_counted_income < dibao_line


@person(
    reference="source paper, section 2 (2); practice of 2015-2020",
    label={"en": "Individual entry from a registered poor household", "zh": "建档立卡户单独纳入"},
)
def single_from_filed_poor(
    dibao_enabled: bool,
    dibao_individual_entry: bool,
    filed_poor: bool,
    dibao_eligible: bool,
    dibao_individual_entry_share: float,
    admission_draw: float,
    in_unit: bool,
    severely_disabled: bool,
    severe_illness: bool,
) -> bool:
    """A severely ill or disabled member of a registered poor household outside dibao; no means test."""
    if not dibao_enabled or not dibao_individual_entry or not filed_poor or dibao_eligible:
        return False
    if admission_draw >= dibao_individual_entry_share:
        return False
    return in_unit and (severely_disabled or severe_illness)


@person(
    reference="2021 review measures, art. 8; source paper, section 2 (2)",
    label={"en": "Admitted alone", "zh": "单人纳入低保"},
)
def dibao_single_admission(single_from_edge: bool, single_from_filed_poor: bool) -> bool:
    """Admitted alone, on either ground; never a member of a dibao household."""
    return single_from_edge or single_from_filed_poor


@person(
    reference="Order 649, art. 9; 2021 review measures, arts. 7-8",
    label={"en": "Dibao recipient", "zh": "低保对象"},
)
def dibao_recipient(dibao_eligible: bool, in_unit: bool, dibao_single_admission: bool) -> bool:
    """A member of the unit of a dibao household, or a person admitted alone."""
    if dibao_eligible:
        return in_unit
    return dibao_single_admission


dibao_recipients = count(
    dibao_recipient,
    label={"en": "Dibao recipients", "zh": "低保人数"},
    reference="Order 649, art. 9; 2021 review measures, arts. 7-8",
)

# ---------------------------------------------------------------------------------- what is paid: the unit


@household(
    unit="yuan/year",
    reference="2012 review measures, art. 27; Order 649, art. 12; 2021 review measures, art. 23",
    label={"en": "Dibao entitlement of the unit", "zh": "家庭低保金"},
)
def dibao_entitlement(
    dibao_eligible: bool,
    dibao_payment: str,
    dibao_band: Callable[[float], float],
    counted_income: float,
    counted_income_per_head: float,
    dibao_line: float,
    unit_size: int,
    dibao_minimum_share: float,
) -> float:
    """The gap between the line for all members and their counted income, or a share of the line by band."""
    if not dibao_eligible:
        return 0.0
    whole = dibao_line * unit_size
    if dibao_payment == "banded":
        amount = dibao_band(counted_income_per_head / dibao_line) * whole
    else:
        amount = max(whole - counted_income, 0.0)
    return max(amount, dibao_minimum_share * whole)


# -------------------------------------------------------------------- what is paid: persons admitted alone


@person(
    unit="yuan/year",
    reference="2021 review measures, arts. 8, 23; source paper, section 2 (2)",
    label={"en": "Entitlement of a person admitted alone", "zh": "单人户低保金"},
)
def person_single_entitlement(
    dibao_single_admission: bool,
    single_from_edge: bool,
    single_from_filed_poor: bool,
    person_counted_income: float,
    dibao_line: float,
    dibao_payment: str,
    dibao_band: Callable[[float], float],
    dibao_single_payment: str,
    dibao_individual_entry_rate: float,
) -> float:
    """As a household of one from an edge household; a rate of the line at individual entry."""
    if not dibao_single_admission:
        return 0.0
    amount = 0.0
    if single_from_filed_poor:
        amount = dibao_individual_entry_rate * dibao_line
    if single_from_edge:
        own_income = max(person_counted_income, 0.0)
        if dibao_single_payment == "whole_line":
            alone = dibao_line
        elif dibao_payment == "banded":
            alone = dibao_band(own_income / dibao_line) * dibao_line
        else:
            alone = dibao_line - own_income
        amount = max(amount, alone)
    return amount


dibao_single_entitlement = total(
    person_single_entitlement,
    label={"en": "Entitlement of members admitted alone", "zh": "单人户低保金合计"},
    reference="2021 review measures, arts. 8, 23; source paper, section 2 (2)",
)

# ----------------------------------------------------------------------------------- what is paid: top-ups


@person(
    unit="yuan/year",
    reference="2012 review measures, art. 28 (1)-(2); Order 649, art. 12; 2021 review measures, art. 27",
    label={"en": "Top-up for age", "zh": "老年人、未成年人分类施保金"},
)
def top_up_for_age(
    dibao_recipient: bool,
    age: int,
    dibao_top_up_elderly_age: float,
    dibao_top_up_form: str,
    dibao_top_up_elderly: float,
    dibao_top_up_minor: float,
    dibao_top_up_share_elderly: float,
    dibao_top_up_share_minor: float,
    dibao_line: float,
) -> float:
    """For an elderly recipient or one under 18."""
    if not dibao_recipient:
        return 0.0
    if age >= dibao_top_up_elderly_age:
        return (
            dibao_top_up_elderly if dibao_top_up_form == "amount" else dibao_top_up_share_elderly * dibao_line
        )
    if age < 18:
        return dibao_top_up_minor if dibao_top_up_form == "amount" else dibao_top_up_share_minor * dibao_line
    return 0.0


@person(
    unit="yuan/year",
    reference="2012 review measures, art. 28 (3); Order 649, art. 12; 2021 review measures, art. 27",
    label={"en": "Top-up for severe disability", "zh": "重度残疾人分类施保金"},
)
def top_up_for_disability(
    dibao_recipient: bool,
    severely_disabled: bool,
    dibao_top_up_form: str,
    dibao_top_up_severe_disability: float,
    dibao_top_up_share_severe_disability: float,
    dibao_line: float,
) -> float:
    """For a severely disabled recipient."""
    if not dibao_recipient or not severely_disabled:
        return 0.0
    if dibao_top_up_form == "amount":
        return dibao_top_up_severe_disability
    return dibao_top_up_share_severe_disability * dibao_line


@person(
    unit="yuan/year",
    reference="2012 review measures, art. 28 (4); Order 649, art. 12; 2021 review measures, art. 27",
    label={"en": "Top-up for severe illness", "zh": "重病患者分类施保金"},
)
def top_up_for_illness(
    dibao_recipient: bool,
    severe_illness: bool,
    dibao_top_up_form: str,
    dibao_top_up_severe_illness: float,
    dibao_top_up_share_severe_illness: float,
    dibao_line: float,
) -> float:
    """For a severely ill recipient."""
    if not dibao_recipient or not severe_illness:
        return 0.0
    if dibao_top_up_form == "amount":
        return dibao_top_up_severe_illness
    return dibao_top_up_share_severe_illness * dibao_line


@person(
    unit="yuan/year",
    reference="2012 review measures, art. 28; Order 649, art. 12; 2021 review measures, art. 27",
    label={"en": "Top-up of the person", "zh": "个人分类施保金"},
)
def person_top_up(
    top_up_for_age: float,
    top_up_for_disability: float,
    top_up_for_illness: float,
    dibao_top_up_cumulation: str,
) -> float:
    """One top-up per person, the highest; or one for each ground where the locality adds them up."""
    if dibao_top_up_cumulation == "sum":
        return top_up_for_age + top_up_for_disability + top_up_for_illness
    return max(top_up_for_age, top_up_for_disability, top_up_for_illness)


dibao_top_up = total(
    person_top_up,
    label={"en": "Top-ups", "zh": "分类施保金合计"},
    reference="2012 review measures, art. 28; Order 649, art. 12; 2021 review measures, art. 27",
)


@household(
    unit="yuan/year",
    reference="Order 649, arts. 9-13; 2021 review measures",
    role="cash_benefit",
    label={"en": "Dibao benefit", "zh": "低保金合计"},
)
def dibao_benefit(
    dibao_entitlement: float,
    dibao_single_entitlement: float,
    dibao_top_up: float,
    dibao_price_supplement: float,
) -> float:
    """All that dibao pays to the household in the year: its budgetary cost."""
    return dibao_entitlement + dibao_single_entitlement + dibao_top_up + dibao_price_supplement
