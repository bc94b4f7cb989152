"""Support of the destitute (tekun, 特困人员): no capacity to work, no livelihood, no able supporter."""

from __future__ import annotations

from collections.abc import Callable

from microsim.policy import at_most, below, count, household, person, total

# ---------------------------------------------------------------------------------------------- who is tekun


@household(
    reference="2021 identification measures, arts. 6-7; limits: assumption",
    label={"en": "Property within the limits of tekun", "zh": "财产状况符合特困人员规定"},
)
def tekun_property_within_limits(
    assessed_financial_assets: float,
    vehicles: int,
    homes: int,
    household_size: int,
    dibao_line_in_force: float,
    means_test_property_test: bool,
    tekun_financial_assets_lines: float,
    means_test_vehicle_limit: float,
    means_test_home_limit: float,
) -> bool:
    """The test of dibao with a limit of its own, by all persons who live together."""
    if not means_test_property_test:
        return True
    if vehicles > means_test_vehicle_limit or homes > means_test_home_limit:
        return False
    limit = tekun_financial_assets_lines * dibao_line_in_force * household_size
    return at_most(assessed_financial_assets, limit)


@person(
    name="tekun_certified_incapacity",
    reference="2016 identification measures (recalled)",
    label={"en": "Disability that rules out work", "zh": "残疾致无劳动能力"},
    start="2012-12-12",
    end="2021-06-30",
)
def tekun_certified_incapacity_2016(disability_grade: str, disability_type: str) -> bool:
    """Grades 1 and 2 of intellectual or mental, grade 1 of physical disability."""
    if disability_type in ("intellectual", "mental"):
        return disability_grade in ("grade1", "grade2")
    return disability_type == "physical" and disability_grade == "grade1"


@person(
    name="tekun_certified_incapacity",
    reference="2021 identification measures, art. 5 (3)",
    label={"en": "Disability that rules out work", "zh": "残疾致无劳动能力"},
    start="2021-07-01",
)
def tekun_certified_incapacity_2021(disability_grade: str, disability_type: str) -> bool:
    """Grades 1 to 3 of intellectual or mental, 1 and 2 of physical, 1 of visual disability."""
    if disability_type in ("intellectual", "mental"):
        return disability_grade in ("grade1", "grade2", "grade3")
    if disability_type == "physical":
        return disability_grade in ("grade1", "grade2")
    return disability_type == "visual" and disability_grade == "grade1"


@person(
    reference="Order 649, art. 14; 2020 reform opinions, no. 5; 2021 identification measures, arts. 5, 24",
    label={"en": "Without capacity to work", "zh": "无劳动能力"},
)
def tekun_without_capacity(
    age: int,
    tekun_elderly_age: float,
    tekun_minor_age: float,
    tekun_certified_incapacity: bool,
    in_school: str,
    tekun_pupils_stay: bool,
    tekun_as_minor: bool,
    labour_capacity: str,
    tekun_other_incapacity: bool,
) -> bool:
    """Old, a minor, disabled beyond work, or kept on at school up to secondary level.

    Only who was supported as a minor is kept on after 18: a pupil is not admitted at that age.
    """
    if age >= tekun_elderly_age or age < tekun_minor_age or tekun_certified_incapacity:
        return True
    if tekun_pupils_stay and tekun_as_minor and in_school in ("primary", "junior", "senior", "vocational"):
        return True
    return tekun_other_incapacity and labour_capacity == "none"


@person(
    unit="yuan/year",
    reference="2021 identification measures, art. 6",
    label={"en": "Own income of a tekun applicant", "zh": "特困申请人本人收入"},
)
def tekun_own_income(
    assessed_wage_income: float,
    assessed_business_income: float,
    assessed_property_income: float,
    assessed_private_transfer_income: float,
    pension_income: float,
    deducted_transfers: float,
) -> float:
    """The person's own income; basic pension, veterans' and old-age allowances do not count.

    Art. 6 leaves out "basic medical insurance and other social insurance" too. That is read as what insurance
    pays for a bill or a loss: a contributory pension is livelihood, and the article would not name the basic
    part of the resident pension if every pension were left out.
    """
    earned = assessed_wage_income + assessed_business_income + assessed_property_income
    return earned + assessed_private_transfer_income + pension_income - deducted_transfers


@person(
    reference="Order 649, art. 14; 2021 identification measures, arts. 4-8, 24",
    label={"en": "Destitute (tekun)", "zh": "特困人员"},
)
def is_tekun(
    tekun_enabled: bool,
    has_able_supporter: bool,
    counts_as_member: bool,
    tekun_property_within_limits: bool,
    tekun_without_capacity: bool,
    tekun_own_income: float,
    dibao_line_in_force: float,
    claims_tekun: bool,
) -> bool:
    """All three (no capacity to work, own income below the line, nobody able to support), and claims."""
    if not tekun_enabled or has_able_supporter or not counts_as_member or not claims_tekun:
        return False
    if not tekun_property_within_limits or not tekun_without_capacity:
        return False
    return below(tekun_own_income, dibao_line_in_force)


tekun_persons = count(
    is_tekun,
    label={"en": "Tekun persons", "zh": "特困人员人数"},
    reference="Order 649, art. 14; 2021 identification measures, arts. 4-8, 24",
)

# ---------------------------------------------------------------------------------------------- what is paid


@person(
    unit="yuan/year",
    reference="Order 649, art. 15 (1); at least 1.3 lines: 2016 opinions on tekun (recalled)",
    label={"en": "Basic living of a tekun person", "zh": "特困基本生活费"},
)
def person_tekun_living(is_tekun: bool, tekun_living_multiple: float, dibao_line_in_force: float) -> float:
    """The living standard, a multiple of the dibao line."""
    if not is_tekun:
        return 0.0
    return tekun_living_multiple * dibao_line_in_force


@person(
    unit="yuan/year",
    reference="Order 649, art. 15 (2); 2021 identification measures, arts. 20-22; amounts recalled",
    label={"en": "Care of a tekun person", "zh": "特困照料护理费"},
)
def person_tekun_care(
    is_tekun: bool,
    failed_adls: int,
    tekun_care_rate: Callable[[float], float],
    tekun_care_multiple: float,
    tekun_minimum_wage: float,
) -> float:
    """By activities of daily living that fail (0, 1 to 3, 4 and more), a share of the minimum wage."""
    if not is_tekun:
        return 0.0
    return tekun_care_rate(failed_adls) * tekun_care_multiple * tekun_minimum_wage


@person(
    unit="yuan/year",
    reference="Order 649, art. 19",
    label={"en": "Paid to a tekun person at home", "zh": "分散供养基本生活费"},
)
def person_tekun_cash(person_tekun_living: float, in_institution: bool) -> float:
    """The living standard of those who live at home; a home receives it for its own."""
    if in_institution:
        return 0.0
    return person_tekun_living


@person(
    unit="yuan/year",
    reference="Order 649, arts. 15, 19",
    label={"en": "Support of a tekun person in kind", "zh": "特困人员实物与服务救助"},
)
def person_tekun_in_kind(
    person_tekun_living: float, person_tekun_cash: float, person_tekun_care: float
) -> float:
    """Care, which is paid to those who give it, and the living standard in a home."""
    return person_tekun_living - person_tekun_cash + person_tekun_care


tekun_benefit = total(
    person_tekun_cash,
    role="cash_benefit",
    label={"en": "Tekun support in cash", "zh": "特困供养金（分散）"},
    reference="Order 649, arts. 14-19",
)
tekun_in_kind = total(
    person_tekun_in_kind,
    role="in_kind_benefit",
    label={"en": "Tekun support in kind", "zh": "特困供养（集中供养与照料护理）"},
    reference="Order 649, arts. 14-19",
)
