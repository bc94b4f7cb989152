"""Take-up (申领): who of those entitled claims. The chance is in the data, the rate in the law.

A household claims where its draw is below the rate of the programme, its area and its age band. It has one
draw for all programmes (assumption): who claims at a low rate claims wherever the rate is higher. At 1
everybody claims.
"""

from __future__ import annotations

from microsim.policy import any_member, household, person

CHANCE = "claimed on application; rates and one draw for all programmes: assumption"
BANDS = ("minor", "working_age", "elderly")

# ------------------------------------------------------------------------------------------------ age bands


@person(reference="bands of take-up: assumption", label={"en": "Aged 18 to 59", "zh": "18至59岁"})
def of_working_age(age: int) -> bool:
    """From 18 to 59."""
    return age >= 18 and age < 60


has_working_age = any_member(
    of_working_age,
    label={"en": "Somebody is aged 18 to 59", "zh": "家中有18至59岁成员"},
    reference="bands of take-up: assumption",
)


@household(
    reference="bands of take-up: assumption",
    label={"en": "Age band of the household", "zh": "家庭年龄段"},
    categories=BANDS,
)
def age_band(has_working_age: bool, oldest_age: int) -> str:
    """Of working age where anybody is; otherwise elderly or, without an adult, minor."""
    if has_working_age:
        return "working_age"
    if oldest_age >= 60:
        return "elderly"
    return "minor"


# ----------------------------------------------------------------------------------------------- who claims


@household(reference=CHANCE, label={"en": "Claims dibao", "zh": "申请低保"})
def claims_dibao(take_up_dibao: float, take_up_draw: float) -> bool:
    """The unit applies, or the member who could be admitted alone; whoever does not is not admitted."""
    return take_up_draw < take_up_dibao or take_up_dibao >= 1.0


@household(reference=CHANCE, label={"en": "Claims support as destitute", "zh": "申请特困供养"})
def claims_tekun(take_up_tekun: float, take_up_draw: float) -> bool:
    """Whoever does not claim is a member of the dibao unit like any other."""
    return take_up_draw < take_up_tekun or take_up_tekun >= 1.0


@household(reference=CHANCE, label={"en": "Claims the living subsidy", "zh": "申请困难残疾人生活补贴"})
def claims_living_subsidy(take_up_living_subsidy: float, take_up_draw: float) -> bool:
    """For each disabled member who may have it."""
    return take_up_draw < take_up_living_subsidy or take_up_living_subsidy >= 1.0


@household(reference=CHANCE, label={"en": "Claims the nursing subsidy", "zh": "申请重度残疾人护理补贴"})
def claims_nursing_subsidy(take_up_nursing_subsidy: float, take_up_draw: float) -> bool:
    """For each disabled member who may have it."""
    return take_up_draw < take_up_nursing_subsidy or take_up_nursing_subsidy >= 1.0
