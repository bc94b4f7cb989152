"""Tiers of the low-income population (低收入人口分层): one primary tier each, other memberships as flags."""

from __future__ import annotations

from microsim.policy import above, at_least, at_most, below, count, household, person

TIERING = "2023 tiering opinions, part 2"
MONITORING = "three classes and causes of risk in monitoring against relapse (as local pages explain them)"
TIERS = ("tekun", "dibao", "edge", "rigid", "monitored", "filed_poor", "other", "none")  # first that fits

# ------------------------------------------------------------------------------------------------ the flags


@person(
    reference="2021 review measures, art. 8; 2023 tiering opinions, part 2",
    label={"en": "Member of an edge household", "zh": "低保边缘家庭成员"},
)
def edge_member(edge_household: bool, in_unit: bool) -> bool:
    """Belongs to the unit of an edge household, also where he or she is admitted to dibao alone."""
    return edge_household and in_unit


@household(
    reference=f"{TIERING}; 2025 rigid-expenditure method, arts. 4-5; Social Assistance Law, art. 22",
    label={"en": "Household with rigid expenditure", "zh": "刚性支出困难家庭"},
)
def rigid_household(
    low_income_rigid_tier: bool,
    dibao_eligible: bool,
    edge_household: bool,
    unit_size: int,
    unit_income: float,
    low_income_local_income: float,
    property_within_edge_limits: bool,
    rigid_expenditure_recognised: float,
    recognised_living_cost: float,
    low_income_rigid_ratio: float,
) -> bool:
    """Neither dibao nor edge; income below the local mean, property in limits, spending above a share.

    There must be spending on illness, disability or school; basic living counts beside it, not alone.
    """
    if not low_income_rigid_tier or dibao_eligible or edge_household or unit_size <= 0:
        return False
    if at_most(rigid_expenditure_recognised, 0.0):
        return False
    income = max(unit_income, 0.0)
    if at_least(income, low_income_local_income * unit_size) or not property_within_edge_limits:
        return False
    spending = rigid_expenditure_recognised + recognised_living_cost
    return above(spending, low_income_rigid_ratio * income)


@person(
    reference=f"{MONITORING}: illness, disability, schooling; kinds in the data: assumption",
    label={"en": "Puts the household at risk of poverty", "zh": "存在致贫返贫风险因素"},
)
def risk_of_poverty(severe_illness: bool, severely_disabled: bool, in_school: str) -> bool:
    """Ill with a major illness, certified grade 1 or 2, or at school beyond the compulsory stage."""
    return severe_illness or severely_disabled or in_school in ("senior", "vocational", "university")


@person(
    reference=f"{MONITORING}: lack of labour; age of 60: assumption",
    label={"en": "Able to work and of working age", "zh": "有劳动能力的劳动年龄成员"},
)
def can_earn(age: int, labour_capacity: str, in_school: str) -> bool:
    """Aged 16 to 59, not at school, and not without capacity to work."""
    return 16 <= age < 60 and labour_capacity != "none" and in_school == "none"


persons_at_risk = count(
    risk_of_poverty,
    label={"en": "Members who put the household at risk", "zh": "存在风险因素的成员数"},
    reference=MONITORING,
)
earners_possible = count(
    can_earn, label={"en": "Members who could earn", "zh": "劳动力人数"}, reference=MONITORING
)


@household(
    reference=f"{MONITORING}; 2023 tiering opinions, part 2",
    label={"en": "Monitored household", "zh": "防止返贫监测户"},
)
def monitored_household(
    low_income_monitored_tier: bool,
    monitored: bool,
    low_income_monitored_by_line: bool,
    low_income_monitored_after_shock: bool,
    area: str,
    unit_size: int,
    shock: str,
    shock_loss: float,
    filed_poor: bool,
    persons_at_risk: int,
    earners_possible: int,
    unit_income: float,
    low_income_monitoring_line: float,
) -> bool:
    """On the register; or rural, at risk and below the range of the year; or brought below it by a shock.

    The first two classes (registered poor who are not stable, and others on the edge) need no shock. The
    third has more than the range and falls below it with what a sudden event (not schooling) costs. The
    income is that of the unit as the office sees it: employment cost, support paid and the basic pension are
    taken off where they do not count, rigid expenditure is not. The range is times the members of the unit.
    """
    if not low_income_monitored_tier:
        return False
    if monitored:
        return True
    if not low_income_monitored_by_line or area != "rural" or unit_size <= 0:
        return False
    limit = low_income_monitoring_line * unit_size
    if shock != "none":
        cost = shock_loss if low_income_monitored_after_shock and shock != "education" else 0.0
        return below(unit_income - cost, limit)
    at_risk = filed_poor or persons_at_risk > 0 or earners_possible == 0
    return at_risk and below(unit_income, limit)


@household(
    reference="source paper (脱贫不脱政策); end of the transition: recalled",
    label={"en": "Registered poor, benefits kept", "zh": "建档立卡户（含脱贫过渡期）"},
)
def filed_poor_in_transition(low_income_filed_poor_tier: bool, filed_poor: bool) -> bool:
    """Registered as poor (建档立卡), in the years in which that opens programmes."""
    return low_income_filed_poor_tier and filed_poor


@household(
    reference="2023 tiering opinions, part 2 (other persons in difficulty); limit: assumption",
    label={"en": "Other low-income household", "zh": "其他低收入家庭"},
)
def other_low_income(
    low_income_other_tier: bool,
    dibao_eligible: bool,
    edge_household: bool,
    unit_size: int,
    counted_income_per_head: float,
    dibao_line_in_force: float,
    low_income_other_multiple: float,
    property_within_edge_limits: bool,
) -> bool:
    """Neither dibao nor edge, income per member below a higher multiple of the line, property in limits."""
    if not low_income_other_tier or dibao_eligible or edge_household or unit_size <= 0:
        return False
    limit = low_income_other_multiple * dibao_line_in_force
    return below(counted_income_per_head, limit) and property_within_edge_limits


# ------------------------------------------------------------------------------------------- the primary tier


@person(
    reference=TIERING,
    label={"en": "Primary tier", "zh": "主要类别"},
    categories=TIERS,
)
def tier(
    is_tekun: bool,
    dibao_recipient: bool,
    edge_member: bool,
    rigid_household: bool,
    monitored_household: bool,
    filed_poor_in_transition: bool,
    other_low_income: bool,
    in_unit: bool,
) -> str:
    """The first that holds of tekun, dibao, edge, rigid, monitored, registered poor, other; or none.

    Who lives there and is not of the unit (who does not count as a member, or is tekun) can be tekun,
    monitored or registered poor: these are said of the person, or of the household as registered. Dibao, with
    the household or alone, edge, rigid and other are of the unit and hold for its members only.
    """
    if is_tekun:
        return "tekun"
    if dibao_recipient:
        return "dibao"
    if edge_member:
        return "edge"
    if rigid_household and in_unit:
        return "rigid"
    if monitored_household:
        return "monitored"
    if filed_poor_in_transition:
        return "filed_poor"
    if other_low_income and in_unit:
        return "other"
    return "none"


@household(
    reference=TIERING,
    label={"en": "Highest tier of the household", "zh": "家庭最高类别"},
    categories=TIERS,
)
def household_tier(
    tekun_persons: int,
    dibao_recipients: int,
    edge_household: bool,
    rigid_household: bool,
    monitored_household: bool,
    filed_poor_in_transition: bool,
    other_low_income: bool,
) -> str:
    """The first tier, in the same order, that holds for the household or for any of its members."""
    if tekun_persons > 0:
        return "tekun"
    if dibao_recipients > 0:
        return "dibao"
    if edge_household:
        return "edge"
    if rigid_household:
        return "rigid"
    if monitored_household:
        return "monitored"
    if filed_poor_in_transition:
        return "filed_poor"
    if other_low_income:
        return "other"
    return "none"


@person(reference=TIERING, label={"en": "Low-income person", "zh": "低收入人口"})
def low_income_person(tier: str) -> bool:
    """In any of the tiers."""
    return tier != "none"


low_income_persons = count(
    low_income_person, label={"en": "Low-income persons", "zh": "低收入人口数"}, reference=TIERING
)
