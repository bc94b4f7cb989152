"""Disaster aid (受灾人员救助): shelter, a life in between, house rebuilding, winter and spring."""

from __future__ import annotations

from microsim.policy import household

EMERGENCY = "Order 649, art. 22; disaster regulations, art. 14 (2)-(3); amount recalled"
BETWEEN = "Order 649, art. 24; disaster regulations, art. 18; amount recalled"
HOUSES = "Order 649, art. 25; disaster regulations, arts. 19-20; amounts recalled"
WINTER = "Order 649, art. 26; disaster regulations, art. 21; amount recalled"

# ---------------------------------------------------------------------------------------- shelter, then cash


@household(
    unit="persons",
    reference="disaster regulations, arts. 14, 18",
    label={"en": "Persons moved to safety who live in the household", "zh": "转移安置人数（不超过家庭人口）"},
)
def sheltered_persons(disaster_aid_enabled: bool, displaced_persons: int, household_size: int) -> float:
    """As entered, and no more than the household has."""
    if not disaster_aid_enabled:
        return 0.0
    return float(min(displaced_persons, household_size))


@household(
    unit="yuan/year",
    reference=EMERGENCY,
    label={"en": "Emergency relief", "zh": "应急救助"},
)
def disaster_emergency(
    sheltered_persons: float,
    displaced_days: int,
    disaster_aid_emergency_days: float,
    disaster_aid_emergency_rate: float,
) -> float:
    """Food, water, clothing and shelter for the first days, at their value."""
    if sheltered_persons <= 0.0:
        return 0.0
    days = min(displaced_days, disaster_aid_emergency_days)
    return sheltered_persons * days * disaster_aid_emergency_rate


@household(
    unit="yuan/year",
    reference=BETWEEN,
    label={"en": "Transitional relief", "zh": "过渡期生活救助"},
)
def disaster_transition(
    house_damage: str,
    sheltered_persons: float,
    displaced_days: int,
    disaster_aid_emergency_days: float,
    disaster_aid_transition_days: float,
    disaster_aid_transition_rate: float,
) -> float:
    """Where the dwelling was hit: money for each day after the first, up to a limit of days."""
    if house_damage == "none" or sheltered_persons <= 0.0:
        return 0.0
    days = min(max(displaced_days - disaster_aid_emergency_days, 0.0), disaster_aid_transition_days)
    return sheltered_persons * days * disaster_aid_transition_rate


# --------------------------------------------------------------------------------- houses, winter, spring


@household(
    unit="yuan/year",
    reference=HOUSES,
    label={"en": "Aid to rebuild or repair the dwelling", "zh": "因灾倒损住房恢复重建补助"},
)
def disaster_rebuilding(
    house_damage: str,
    disaster_aid_enabled: bool,
    disaster_aid_rebuilding: float,
    disaster_aid_rebuilding_extra: float,
) -> float:
    """By what happened to the dwelling, with a surcharge for households in real difficulty."""
    if house_damage == "none" or not disaster_aid_enabled:
        return 0.0
    return disaster_aid_rebuilding * (1.0 + disaster_aid_rebuilding_extra)


@household(
    unit="yuan/year",
    reference=WINTER,
    label={"en": "Winter and spring relief", "zh": "冬春临时生活困难救助"},
)
def disaster_winter(
    winter_hardship: bool, disaster_aid_enabled: bool, household_size: int, disaster_aid_winter: float
) -> float:
    """For each person of a household recognised in the autumn count."""
    if not winter_hardship or not disaster_aid_enabled:
        return 0.0
    return disaster_aid_winter * household_size


@household(
    unit="yuan/year",
    reference="Order 649, arts. 24, 26; disaster regulations, arts. 18, 21",
    label={"en": "Disaster aid in cash", "zh": "受灾人员救助（现金）"},
    role="cash_benefit",
)
def disaster_aid_benefit(disaster_transition: float, disaster_winter: float) -> float:
    """Transitional relief and winter relief."""
    return disaster_transition + disaster_winter


@household(
    unit="yuan/year",
    reference="Order 649, arts. 22, 25; disaster regulations, arts. 14, 19",
    label={"en": "Disaster aid in kind", "zh": "受灾人员救助（实物与住房重建）"},
    role="in_kind_benefit",
)
def disaster_aid_in_kind(disaster_emergency: float, disaster_rebuilding: float) -> float:
    """Emergency relief, and the dwelling, which replaces what was lost and is no income of the year."""
    return disaster_emergency + disaster_rebuilding
