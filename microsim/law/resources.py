"""What a household really lives on: true income before and after benefits, per head and equivalised."""

from __future__ import annotations

from microsim.policy import collect, count, household, person, total

SURVEYS = "income concepts of household surveys"
OECD = "OECD-modified equivalence scale"


@person(
    unit="yuan/year",
    reference=SURVEYS,
    label={"en": "Market income of the person", "zh": "个人市场收入"},
)
def person_market_income(wage_income: float, business_income: float, property_income: float) -> float:
    """Wages, net business income and net property income."""
    return wage_income + business_income + property_income


@person(
    unit="yuan/year",
    reference=SURVEYS,
    label={"en": "Transfers and pensions of the person", "zh": "个人转移收入"},
)
def person_transfer_income(
    private_transfer_income: float,
    pension_income: float,
    basic_pension_income: float,
    excluded_transfer_income: float,
) -> float:
    """Everything received without work or property, other than the benefits modelled here."""
    return private_transfer_income + pension_income + basic_pension_income + excluded_transfer_income


market_income = total(
    person_market_income, label={"en": "Market income", "zh": "市场收入"}, reference=SURVEYS
)
transfer_income = total(
    person_transfer_income,
    label={"en": "Transfers and pensions", "zh": "转移收入（不含救助）"},
    reference=SURVEYS,
)
social_contributions = total(
    "social_contributions_paid",
    unit="yuan/year",
    label={"en": "Social contributions", "zh": "社会保险缴费"},
    reference=SURVEYS,
)


@person(
    unit="yuan/year",
    reference=SURVEYS,
    label={"en": "Taxes and support paid by the person", "zh": "个人缴纳税款与赡养抚养支出"},
)
def person_taxes_and_support(taxes_paid: float, support_paid: float) -> float:
    """Direct taxes, and support paid to people outside the household."""
    return taxes_paid + support_paid


taxes_and_support = total(
    person_taxes_and_support,
    label={"en": "Taxes and support paid", "zh": "缴纳税款与赡养抚养支出"},
    reference=SURVEYS,
)
household_size = count(label={"en": "Persons in the household", "zh": "家庭人口"}, reference=SURVEYS)


total_benefits = collect(
    "cash_benefit",
    label={"en": "Benefits in cash", "zh": "现金救助待遇合计"},
    reference="sum of the programmes",
)


@household(
    unit="yuan/year",
    reference=SURVEYS,
    label={"en": "Gross income", "zh": "总收入"},
)
def gross_income(market_income: float, transfer_income: float, total_benefits: float) -> float:
    """Market income, transfers and pensions, and benefits."""
    return market_income + transfer_income + total_benefits


@household(
    unit="yuan/year",
    reference=SURVEYS,
    label={"en": "Income before benefits", "zh": "救助前收入"},
)
def income_before_benefits(
    market_income: float, transfer_income: float, social_contributions: float, taxes_and_support: float
) -> float:
    """Market income, transfers and pensions, less social contributions, taxes and support paid."""
    return market_income + transfer_income - social_contributions - taxes_and_support


@household(
    unit="yuan/year",
    reference=SURVEYS,
    label={"en": "Disposable income", "zh": "可支配收入"},
)
def disposable_income(gross_income: float, social_contributions: float, taxes_and_support: float) -> float:
    """Gross income less social contributions, taxes and support paid."""
    return gross_income - social_contributions - taxes_and_support


@household(
    unit="yuan/year",
    reference=SURVEYS,
    label={"en": "Income before benefits per head", "zh": "人均救助前收入"},
)
def income_before_benefits_per_head(income_before_benefits: float, household_size: int) -> float:
    """Income before benefits divided by all persons of the household."""
    return income_before_benefits / max(household_size, 1)


@household(
    unit="yuan/year",
    reference=SURVEYS,
    label={"en": "Disposable income per head", "zh": "人均可支配收入"},
)
def disposable_income_per_head(disposable_income: float, household_size: int) -> float:
    """Disposable income divided by all persons of the household."""
    return disposable_income / max(household_size, 1)


@person(reference=OECD, label={"en": "Aged 14 or older", "zh": "14岁及以上"})
def counts_as_adult(age: int) -> bool:
    """Persons from 14 count as adults in the OECD-modified scale."""
    return age >= 14


scale_adults = count(
    counts_as_adult, label={"en": "Persons aged 14 or older", "zh": "14岁及以上人数"}, reference=OECD
)


@household(
    unit="1",
    reference="OECD-modified and square-root equivalence scales",
    label={"en": "Equivalent adults", "zh": "等值成人数"},
)
def equivalent_adults(household_size: int, scale_adults: int, resources_equivalence: str) -> float:
    """Number of equivalent adults; the first person counts 1 in every scale."""
    if resources_equivalence == "per_head":
        return float(max(household_size, 1))
    if resources_equivalence == "square_root":
        return float(max(household_size, 1) ** 0.5)
    further_adults = max(scale_adults - 1, 0)
    children = household_size - 1 - further_adults
    return 1.0 + 0.5 * further_adults + 0.3 * max(children, 0)


@household(
    unit="yuan/year",
    reference=SURVEYS,
    label={"en": "Equivalised disposable income", "zh": "等值可支配收入"},
)
def equivalised_disposable_income(disposable_income: float, equivalent_adults: float) -> float:
    """Disposable income divided by the number of equivalent adults."""
    return disposable_income / equivalent_adults


# ---------------------------------------------------------------- beyond cash: value in kind, rigid expenses


in_kind_benefits = collect(
    "in_kind_benefit",
    label={"en": "Benefits in kind", "zh": "实物与服务救助价值合计"},
    reference="sum of the programmes",
)
public_wages = collect(
    "public_wage",
    label={"en": "Wages that are assistance by their financing", "zh": "工资中的救助性部分"},
    reference="source paper, section 2 (posts and workshops)",
)


@person(
    unit="yuan/year",
    reference="2025 rigid-expenditure method, art. 5 (2), (4)",
    label={"en": "Spending on illness and rehabilitation", "zh": "个人医疗与康复支出（全体成员）"},
)
def person_illness_expenses(
    medical_out_of_pocket: float, person_medical_left: float, rehabilitation_cost: float
) -> float:
    """What insurance leaves before aid, as surveyed or from the bill (the greater), and rehabilitation."""
    return max(medical_out_of_pocket, person_medical_left) + rehabilitation_cost


illness_expenses = total(
    person_illness_expenses,
    label={"en": "Illness and rehabilitation of all persons", "zh": "全家医疗与康复支出"},
    reference="2025 rigid-expenditure method, art. 5 (2), (4)",
)


@household(
    unit="yuan/year",
    reference="2025 rigid-expenditure method, art. 5; 2023 tiering opinions, part 2",
    label={"en": "Rigid expenses", "zh": "刚性支出（实际）"},
)
def rigid_expenses(
    illness_expenses: float, rigid_expenditure: float, education_costs: float, elderly_care_costs: float
) -> float:
    """Illness and disability (declared or added up, the greater), education and care, before any aid."""
    return max(illness_expenses, rigid_expenditure) + education_costs + elderly_care_costs


@household(
    unit="yuan/year",
    reference=SURVEYS,
    label={"en": "Resources after all", "zh": "家庭可用资源"},
)
def resources(disposable_income: float, in_kind_benefits: float, rigid_expenses: float) -> float:
    """Disposable income and value in kind, less expenses before aid, so that aid counts once."""
    return disposable_income + in_kind_benefits - rigid_expenses


@household(
    unit="yuan/year",
    reference=SURVEYS,
    label={"en": "Resources per head", "zh": "人均可用资源"},
)
def resources_per_head(resources: float, household_size: int) -> float:
    """Resources divided by all persons of the household."""
    return resources / max(household_size, 1)


@household(
    unit="yuan/year",
    reference=SURVEYS,
    label={"en": "Equivalised resources", "zh": "等值可用资源"},
)
def equivalised_resources(resources: float, equivalent_adults: float) -> float:
    """Resources divided by the number of equivalent adults."""
    return resources / equivalent_adults
