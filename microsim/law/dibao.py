"""Minimum living guarantee (dibao, 最低生活保障): who receives it and how much."""

from __future__ import annotations

from collections.abc import Callable

from microsim.policy import at_least, below, count, household, person, share_reached, total

# ------------------------------------------------------------------------------------------------- the line


@household(
    unit="yuan/year",
    reference="Order 649, art. 10; source paper (the merger of the two lines)",
    label={"en": "Dibao line in force", "zh": "执行的低保标准"},
)
def dibao_line_in_force(dibao_line: float, dibao_merger: bool, dibao_floor: float) -> float:
    """The local line; where the two lines are merged, never under the national poverty line."""
    if dibao_merger:
        return max(dibao_line, dibao_floor)
    return dibao_line


@household(
    reference="Social Assistance Law, art. 19",
    label={"en": "Line below the provincial guideline", "zh": "低保标准低于省级指导标准"},
)
def dibao_line_below_guideline(dibao_line_in_force: float, dibao_guideline: float) -> bool:
    """The line in force lies below what the province allows."""
    return below(dibao_line_in_force, dibao_guideline)


# ----------------------------------------------------------------------------------------- who is admitted


@household(
    reference="Order 649, art. 9; 2012 review measures, art. 4",
    label={"en": "Below the line and within property limits", "zh": "符合低保条件"},
)
def dibao_within_law(
    dibao_enabled: bool,
    unit_size: int,
    counted_income_per_head: float,
    dibao_line_in_force: float,
    property_within_limits: bool,
) -> bool:
    """Counted income per member strictly below the line, and property within the limits."""
    if not dibao_enabled or unit_size <= 0:
        return False
    return below(counted_income_per_head, dibao_line_in_force) and property_within_limits


@household(
    reference="practice near the line, no rule of law; source: assumption",
    label={"en": "Admitted by discretion near the line", "zh": "酌情纳入"},
)
def dibao_by_discretion(
    dibao_enabled: bool,
    unit_size: int,
    dibao_within_law: bool,
    counted_income_per_head: float,
    dibao_line_in_force: float,
    dibao_discretion_multiple: float,
    dibao_discretion_share: float,
    admission_draw: float,
    property_within_limits: bool,
) -> bool:
    """A share of the households from the line up to a multiple of it, drawn once per household."""
    if not dibao_enabled or dibao_within_law or unit_size <= 0:
        return False
    limit = dibao_discretion_multiple * dibao_line_in_force
    if below(counted_income_per_head, dibao_line_in_force) or at_least(counted_income_per_head, limit):
        return False
    return property_within_limits and admission_draw < dibao_discretion_share


@household(
    reference="Order 649, art. 9; 2022 joint notice, 1 (1): never part of an eligible household only",
    label={"en": "Dibao household", "zh": "低保家庭"},
)
def dibao_eligible(
    dibao_within_law: bool, dibao_by_discretion: bool, gradual_exit_household: bool, claims_dibao: bool
) -> bool:
    """The whole unit claims and is admitted, by law or by discretion, or is in gradual exit from dibao."""
    return claims_dibao and (dibao_within_law or dibao_by_discretion or gradual_exit_household)


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
    dibao_line_in_force: float,
    dibao_edge_multiple: float,
    property_within_edge_limits: bool,
) -> bool:
    """Not a dibao household, income per member below 1.5 lines, property within the limits of the edge."""
    if not dibao_enabled or not dibao_edge_tier or dibao_eligible or unit_size <= 0:
        return False
    limit = dibao_edge_multiple * dibao_line_in_force
    return below(counted_income_per_head, limit) and property_within_edge_limits


# --------------------------------------------------------------------------------------- who receives it


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
    dibao_line_in_force: float,
    unit_size: int,
    dibao_minimum_share: float,
    gradual_exit_household: bool,
    gradual_exit_entitlement: float,
) -> float:
    """The gap between the line for all members and their counted income, or a share of the line by band.

    The least payment (minimum_share of the line, times the members of the unit) lies under both forms, for
    every household that is in dibao: by law, by discretion or, before the rate of the month, in gradual exit.
    Top-ups and the price supplement come on top of it, and a cut for refused work is taken off after it.
    """
    if not dibao_eligible:
        return 0.0
    if gradual_exit_household:
        return gradual_exit_entitlement
    whole = dibao_line_in_force * unit_size
    if dibao_payment == "banded":
        amount = dibao_band(share_reached(counted_income_per_head, dibao_line_in_force)) * whole
    else:
        amount = max(whole - counted_income, 0.0)
    return max(amount, dibao_minimum_share * whole)


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
    dibao_line_in_force: float,
) -> float:
    """For an elderly recipient or one under 18."""
    if not dibao_recipient:
        return 0.0
    by_amount = dibao_top_up_form == "amount"
    if age >= dibao_top_up_elderly_age:
        return dibao_top_up_elderly if by_amount else dibao_top_up_share_elderly * dibao_line_in_force
    if age < 18:
        return dibao_top_up_minor if by_amount else dibao_top_up_share_minor * dibao_line_in_force
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
    dibao_line_in_force: float,
) -> float:
    """For a severely disabled recipient."""
    if not dibao_recipient or not severely_disabled:
        return 0.0
    if dibao_top_up_form == "amount":
        return dibao_top_up_severe_disability
    return dibao_top_up_share_severe_disability * dibao_line_in_force


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
    dibao_line_in_force: float,
) -> float:
    """For a severely ill recipient."""
    if not dibao_recipient or not severe_illness:
        return 0.0
    if dibao_top_up_form == "amount":
        return dibao_top_up_severe_illness
    return dibao_top_up_share_severe_illness * dibao_line_in_force


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


# ------------------------------------------------------------------------------------ work that was refused


@person(
    unit="yuan/year",
    reference="Order 649, art. 45; 2021 review measures, art. 34",
    label={"en": "Reduction for refused work", "zh": "拒绝就业减发金额"},
)
def person_work_reduction(
    dibao_recipient: bool,
    refused_work: int,
    dibao_refusals: float,
    jobless: bool,
    labour_capacity: str,
    dibao_refusal_reduction: float,
    dibao_eligible: bool,
    dibao_entitlement: float,
    unit_size: int,
    person_single_entitlement: float,
) -> float:
    """Whoever can work, has no work and refused it time and again loses the own share, and nobody else's.

    No age is asked: refused_work and labour_capacity say of whom work is expected, so nobody is exempt for
    being old or young whom these columns hold able to work. Without work is whoever has neither wages nor
    business income of the own in the year. The own share is an equal part of the household's entitlement,
    floor and gradual exit included; the top-ups and the price supplement of the person are left.
    """
    if not dibao_recipient or refused_work < dibao_refusals or not jobless or labour_capacity == "none":
        return 0.0
    if dibao_eligible:
        return dibao_refusal_reduction * dibao_entitlement / max(unit_size, 1)
    return dibao_refusal_reduction * person_single_entitlement


dibao_work_reduction = total(
    person_work_reduction,
    label={"en": "Reductions for refused work", "zh": "拒绝就业减发合计"},
    reference="Order 649, art. 45; 2021 review measures, art. 34",
)

# --------------------------------------------------------------------------------------------- all together


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
    dibao_work_reduction: float,
) -> float:
    """All that dibao pays to the household in the year: its budgetary cost."""
    paid = dibao_entitlement + dibao_single_entitlement + dibao_top_up + dibao_price_supplement
    return paid - dibao_work_reduction
