"""Employment aid (就业救助): public-welfare posts, aided workshops, subsidies to work and training."""

from __future__ import annotations

from microsim.policy import above, any_member, at_most, count, household, person, total

ORDER = "Order 649, arts. 42-43"

# ------------------------------------------------------------------------------------------ who is entitled


@person(
    reference="Order 649, art. 42; 2023 tiering opinions, part 4 (2) 4; source paper, section 2",
    label={"en": "Belongs to those whom employment aid is for", "zh": "就业救助对象"},
)
def employment_aid_target(
    employment_aid_enabled: bool,
    labour_capacity: str,
    employment_aid_eligible_tiers: bool,
    filed_poor_in_transition: bool,
    employment_aid_filed_poor: bool,
    monitored_household: bool,
    employment_aid_monitored: bool,
    dibao_last_year: bool,
    employment_aid_after_dibao: bool,
) -> bool:
    """Able to work, and in a tier or on a register that opens it; dibao of last year counts on."""
    if not employment_aid_enabled or labour_capacity == "none":
        return False
    if employment_aid_eligible_tiers or (employment_aid_after_dibao and dibao_last_year):
        return True
    if employment_aid_filed_poor and filed_poor_in_transition:
        return True
    return employment_aid_monitored and monitored_household


# ------------------------------------------------------------------------------------- posts and workshops


@person(
    unit="yuan/year",
    reference="Order 649, art. 42; employment-subsidy rules of 2023; rural pay recalled",
    label={"en": "Pay of a public-welfare post", "zh": "公益性岗位报酬"},
)
def person_post_pay(
    public_post: str,
    employment_aid_target: bool,
    employment_aid_post_quota: float,
    employment_aid_post_pay: float,
    employment_aid_town_post_wages: float,
    tekun_minimum_wage: float,
    wage_income: float,
    workshop_wage: float,
) -> float:
    """The part of the wage that the post pays; never more than the wage earned outside workshops."""
    if public_post == "none" or not employment_aid_target or employment_aid_post_quota <= 0.0:
        return 0.0
    pay = employment_aid_post_pay
    if public_post == "town":
        pay = employment_aid_town_post_wages * tekun_minimum_wage
    return min(pay, max(wage_income - workshop_wage, 0.0))


@person(
    unit="yuan/year",
    reference="source paper, section 2 (扶贫车间); 2023 tiering opinions, part 4 (2) 4 (车间吸纳)",
    label={"en": "Assisted wage in a workshop", "zh": "帮扶车间补助性工资"},
)
def person_workshop_pay(
    workshop_wage: float,
    employment_aid_target: bool,
    employment_aid_workshops: bool,
    employment_aid_workshop_share: float,
    wage_income: float,
) -> float:
    """The part of the workshop wage that counts as assistance; never more than the wage."""
    if at_most(workshop_wage, 0.0) or not employment_aid_workshops or not employment_aid_target:
        return 0.0
    return employment_aid_workshop_share * min(workshop_wage, wage_income)


@person(
    reference="Order 649, art. 42",
    label={"en": "Holds an aided post", "zh": "在公益性岗位就业"},
)
def holds_aided_post(person_post_pay: float) -> bool:
    """Is paid by a public-welfare post as assistance."""
    return above(person_post_pay, 0.0)


aided_posts = count(
    holds_aided_post,
    label={"en": "Aided posts", "zh": "公益性岗位数"},
    reference="Order 649, art. 42",
)
public_post_pay = total(
    person_post_pay,
    role="public_wage",
    label={"en": "Pay of public-welfare posts", "zh": "公益性岗位报酬"},
    reference="Order 649, art. 42; employment-subsidy rules of 2023; rural pay recalled",
)
workshop_pay = total(
    person_workshop_pay,
    role="public_wage",
    label={"en": "Assisted workshop wages", "zh": "帮扶车间补助性工资"},
    reference="source paper, section 2; 2023 tiering opinions, part 4 (2) 4",
)

# ---------------------------------------------------------------------------- who waits for a post (the hook)


@person(
    reference=f"{ORDER}; ages: assumption",
    label={"en": "Could be placed in a post", "zh": "待安置劳动力"},
)
def placeable(
    employment_aid_target: bool,
    jobless: bool,
    in_school: str,
    age: int,
    employment_aid_least_age: float,
    employment_aid_greatest_age: float,
) -> bool:
    """Entitled, of working age, not at school, and without income from work of the own."""
    if not employment_aid_target or not jobless or in_school != "none":
        return False
    return employment_aid_least_age <= age < employment_aid_greatest_age


placeable_persons = count(
    placeable, label={"en": "Members who could be placed", "zh": "待安置劳动力人数"}, reference=ORDER
)


@person(reference="Order 649, art. 43; read from income: assumption", label={"en": "In work", "zh": "有工作"})
def has_own_work(jobless: bool) -> bool:
    """Wages or business income of the own in the year."""
    return not jobless


some_member_works = any_member(
    has_own_work,
    label={"en": "Somebody in the household works", "zh": "家庭有人就业"},
    reference="Order 649, art. 43",
)


@household(
    reference="Order 649, art. 43; 2020 reform opinions, no. 11",
    label={"en": "Household to be placed first (nobody in work)", "zh": "零就业家庭"},
)
def zero_work_household(placeable_persons: int, some_member_works: bool) -> bool:
    """Members who could be placed, and nobody in work: at least one of them must find a job."""
    return placeable_persons > 0 and not some_member_works


# ------------------------------------------------------------------------------------------------ subsidies


@person(
    unit="yuan/year",
    reference="Order 649, art. 42; employment-subsidy rules of 2023 (at most two thirds of what was paid)",
    label={"en": "Social-insurance subsidy", "zh": "灵活就业社会保险补贴"},
)
def person_insurance_subsidy(
    flexible_worker: bool,
    employment_aid_target: bool,
    employment_aid_insurance_share: float,
    social_contributions_paid: float,
) -> float:
    """A share of the contributions that an insured flexible worker paid."""
    if not flexible_worker or not employment_aid_target:
        return 0.0
    return employment_aid_insurance_share * social_contributions_paid


@person(
    unit="yuan/year",
    reference="Order 649, art. 42 (培训补贴); amount: assumption",
    label={"en": "Living allowance in training", "zh": "培训期间生活费补贴"},
)
def person_training_allowance(
    in_training: bool, employment_aid_target: bool, employment_aid_training_allowance: float
) -> float:
    """Paid to who takes part in subsidised training."""
    if not in_training or not employment_aid_target:
        return 0.0
    return employment_aid_training_allowance


@person(
    unit="yuan/year",
    reference="Order 649, art. 42",
    label={"en": "Employment aid paid to the person", "zh": "个人就业补贴（现金）"},
)
def person_employment_aid(person_insurance_subsidy: float, person_training_allowance: float) -> float:
    """Insurance subsidy and training allowance; the pay of a post is a wage and not in here."""
    return person_insurance_subsidy + person_training_allowance


@person(
    unit="yuan/year",
    reference="Order 649, art. 42 (贷款贴息); rate and cap: assumption",
    label={"en": "Interest subsidy", "zh": "创业担保贷款贴息"},
)
def person_interest_subsidy(
    self_employed_loan: float,
    employment_aid_target: bool,
    employment_aid_loan_cap: float,
    employment_aid_interest_rate: float,
) -> float:
    """Interest that the public pays to the bank on a loan up to the cap."""
    if at_most(self_employed_loan, 0.0) or not employment_aid_target:
        return 0.0
    return employment_aid_interest_rate * min(self_employed_loan, employment_aid_loan_cap)


@person(
    unit="yuan/year",
    reference="Order 649, art. 42 (培训补贴); amount: assumption",
    label={"en": "Employment aid in kind", "zh": "个人就业救助（实物与服务）"},
)
def person_employment_aid_in_kind(
    in_training: bool,
    employment_aid_target: bool,
    employment_aid_training_value: float,
    person_interest_subsidy: float,
) -> float:
    """Training paid to the school and interest paid to the bank."""
    if in_training and employment_aid_target:
        return employment_aid_training_value + person_interest_subsidy
    return person_interest_subsidy


employment_aid_benefit = total(
    person_employment_aid,
    role="cash_benefit",
    label={"en": "Employment subsidies in cash", "zh": "就业补贴（现金）"},
    reference="Order 649, art. 42",
)
employment_aid_in_kind = total(
    person_employment_aid_in_kind,
    role="in_kind_benefit",
    label={"en": "Employment aid in kind", "zh": "就业救助（培训与贴息）"},
    reference="Order 649, art. 42",
)
