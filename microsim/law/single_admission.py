"""Single members (单人户): a person taken as a household of one while the family stays outside."""

from __future__ import annotations

from collections.abc import Callable

from microsim.policy import below, household, person, share_reached, total

# ------------------------------------------------------------------------------------- who may be admitted


@person(reference="2021 review measures, art. 27", label={"en": "Severely disabled", "zh": "重度残疾人"})
def severely_disabled(disability_grade: str) -> bool:
    """Certified grade 1 or 2."""
    return disability_grade in ("grade1", "grade2")


@person(
    reference="2021 review measures, art. 8 (1)-(2); Social Assistance Law, art. 21",
    label={"en": "Ground for admission alone", "zh": "符合单独申请情形"},
)
def single_admission_ground(
    severely_disabled: bool,
    disability_grade: str,
    disability_type: str,
    severe_illness: bool,
    single_admission_special_difficulty: bool,
    special_difficulty: bool,
) -> bool:
    """Grade 1 or 2; grade 3 of intellectual or mental disability; major illness; later real difficulty."""
    if severely_disabled or severe_illness:
        return True
    if single_admission_special_difficulty and special_difficulty:
        return True
    return disability_grade == "grade3" and disability_type in ("intellectual", "mental")


@person(
    reference="2022 joint notice, 1 (1)",
    label={"en": "Grown, severely disabled and without work", "zh": "成年无业重度残疾人"},
)
def jobless_disabled_adult(severely_disabled: bool, age: int, jobless: bool) -> bool:
    """Aged 18 or older, certified grade 1 or 2, and not in work."""
    return severely_disabled and age >= 18 and jobless


@person(
    unit="yuan/year",
    reference="2021 review measures, arts. 8, 13; 2022 joint notice, 1 (1)",
    label={"en": "Own income of a single applicant", "zh": "单人户本人收入"},
)
def single_own_income(
    person_counted_income: float,
    jobless_disabled_adult: bool,
    single_admission_support_disregarded: float,
    assessed_private_transfer_income: float,
) -> float:
    """Counted income of the person; support given to a jobless disabled adult may be let pass in part."""
    if not jobless_disabled_adult:
        return person_counted_income
    return person_counted_income - single_admission_support_disregarded * assessed_private_transfer_income


@person(
    reference="2021 review measures, art. 8; 2022 joint notice, 1 (4); Order 649, art. 9",
    label={"en": "Admitted alone from an edge household", "zh": "低保边缘家庭单人纳入"},
)
def single_from_edge(
    edge_household: bool,
    dibao_single_admission_enabled: bool,
    in_unit: bool,
    single_admission_ground: bool,
    single_own_income: float,
    dibao_line_in_force: float,
) -> bool:
    """A member of an edge household with a ground, taken as a household of one: own income below the line."""
    if not edge_household or not dibao_single_admission_enabled:
        return False
    return in_unit and single_admission_ground and below(single_own_income, dibao_line_in_force)


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


@household(
    reference="2012 review measures, art. 10 (1); 2022 joint notice, 1 (1); limit: assumption",
    label={"en": "Household in difficulty", "zh": "困难家庭（单人户申请）"},
)
def hard_up_household(
    dibao_enabled: bool,
    dibao_eligible: bool,
    unit_size: int,
    counted_income_per_head: float,
    dibao_line_in_force: float,
    single_admission_hard_up_lines: float,
    property_within_edge_limits: bool,
) -> bool:
    """Outside dibao, income per member below a multiple of the line, property as for edge households."""
    if not dibao_enabled or dibao_eligible or unit_size <= 0:
        return False
    limit = single_admission_hard_up_lines * dibao_line_in_force
    return below(counted_income_per_head, limit) and property_within_edge_limits


@person(
    reference="2012 review measures, art. 10 (1)",
    label={"en": "Admitted alone by a register of the own", "zh": "单独立户重度残疾人单独纳入"},
)
def single_from_own_register(
    hard_up_household: bool,
    single_admission_own_register: bool,
    own_registration: bool,
    in_unit: bool,
    severely_disabled: bool,
    labour_capacity: str,
    age: int,
    single_own_income: float,
    dibao_line_in_force: float,
) -> bool:
    """A severely disabled adult unfit for work, registered apart in a household in difficulty."""
    if not hard_up_household or not single_admission_own_register or not own_registration:
        return False
    if not in_unit or not severely_disabled or labour_capacity != "none" or age < 18:
        return False
    return below(single_own_income, dibao_line_in_force)


@person(
    reference="2022 joint notice, 1 (1)",
    label={"en": "Jobless disabled adult admitted alone", "zh": "成年无业重度残疾人参照单人户纳入"},
)
def single_from_disability(
    hard_up_household: bool,
    single_admission_disabled_adults: bool,
    jobless_disabled_adult: bool,
    in_unit: bool,
    single_own_income: float,
    dibao_line_in_force: float,
) -> bool:
    """A jobless severely disabled adult taken as a household of one, edge household or not."""
    if not hard_up_household or not single_admission_disabled_adults or not jobless_disabled_adult:
        return False
    return in_unit and below(single_own_income, dibao_line_in_force)


@person(
    reference="2012 review measures, art. 10; 2021 review measures, art. 8; source paper, section 2 (2)",
    label={"en": "Admitted alone as a household of one", "zh": "按单人户核定"},
)
def single_by_own_income(
    single_from_edge: bool, single_from_own_register: bool, single_from_disability: bool
) -> bool:
    """Admitted alone on a ground that asks for the person's own income."""
    return single_from_edge or single_from_own_register or single_from_disability


@person(
    reference="2012 review measures, art. 10; 2021 review measures, art. 8; source paper, section 2 (2)",
    label={"en": "Admitted alone", "zh": "单人纳入低保"},
)
def dibao_single_admission(
    single_by_own_income: bool, single_from_filed_poor: bool, claims_dibao: bool
) -> bool:
    """Claims and is admitted alone, on whatever ground; never a member of a dibao household."""
    return claims_dibao and (single_by_own_income or single_from_filed_poor)


# --------------------------------------------------------------------------------------------- what is paid


@person(
    unit="yuan/year",
    reference="2021 review measures, arts. 8, 23; source paper, section 2 (2)",
    label={"en": "Entitlement of a person admitted alone", "zh": "单人户低保金"},
)
def person_single_entitlement(
    dibao_single_admission: bool,
    single_by_own_income: bool,
    single_from_filed_poor: bool,
    single_own_income: float,
    dibao_line_in_force: float,
    dibao_payment: str,
    dibao_band: Callable[[float], float],
    dibao_single_payment: str,
    dibao_individual_entry_rate: float,
    dibao_minimum_share: float,
) -> float:
    """As a household of one on the own income; a rate of the line at individual entry; at least the floor.

    The floor (minimum_share of the line) holds for whoever is admitted alone, at individual entry too.
    """
    if not dibao_single_admission:
        return 0.0
    amount = 0.0
    if single_from_filed_poor:
        amount = dibao_individual_entry_rate * dibao_line_in_force
    if single_by_own_income:
        own_income = max(single_own_income, 0.0)
        if dibao_single_payment == "whole_line":
            alone = dibao_line_in_force
        elif dibao_payment == "banded":
            alone = dibao_band(share_reached(own_income, dibao_line_in_force)) * dibao_line_in_force
        else:
            alone = dibao_line_in_force - own_income
        amount = max(amount, alone)
    return max(amount, dibao_minimum_share * dibao_line_in_force)


dibao_single_entitlement = total(
    person_single_entitlement,
    label={"en": "Entitlement of members admitted alone", "zh": "单人户低保金合计"},
    reference="2021 review measures, arts. 8, 23; source paper, section 2 (2)",
)
