"""The means test: assistance unit, counted income, property. One recognition used by every programme."""

from __future__ import annotations

from microsim.policy import at_most, count, household, person, total

# ------------------------------------------------------------------------------------- the assistance unit


@person(
    name="in_unit",
    reference="2012 review measures, art. 5",
    label={"en": "Belongs to the assistance unit", "zh": "共同生活的家庭成员"},
    start="2012-12-12",
    end="2021-06-30",
)
def in_unit_2012(
    counts_as_member: bool, is_tekun: bool, relation: str, means_test_parents_are_members: bool
) -> bool:
    """Everyone living together whom the law does not leave out; parents are members by name; no tekun."""
    if not counts_as_member or is_tekun:
        return False
    return relation != "parent" or means_test_parents_are_members


@person(
    name="in_unit",
    reference="2021 review measures, art. 7",
    label={"en": "Belongs to the assistance unit", "zh": "共同生活的家庭成员"},
    start="2021-07-01",
)
def in_unit_2021(
    counts_as_member: bool, is_tekun: bool, relation: str, means_test_parents_are_members: bool
) -> bool:
    """Spouse, dependent children, and dependants by law who live along, such as parents; no tekun."""
    if not counts_as_member or is_tekun:
        return False
    if relation in ("parent", "grandparent"):
        return means_test_parents_are_members
    return True


unit_size = count(
    in_unit_2021,
    label={"en": "Size of the assistance unit", "zh": "共同生活家庭成员人数"},
    reference="2012 review measures, art. 5; 2021 review measures, art. 7",
)

# ---------------------------------------------------------------------------- income as the office sees it


@household(
    unit="1",
    reference="2021 review measures, arts. 15-17 (inquiry and matching of data); factor: assumption",
    label={"en": "Share of income that counts as seen", "zh": "认定时核实到的收入比例"},
)
def income_seen_share(income_visible_share: float, means_test_income_seen: float) -> float:
    """The share that the office sees, by a factor of the area; never more than all."""
    return min(income_visible_share * means_test_income_seen, 1.0)


@person(
    unit="yuan/year",
    reference="2021 review measures, arts. 15-17 (inquiry and matching of data)",
    label={"en": "Assessed wages", "zh": "核定工资性收入"},
    unless_given=True,
)
def assessed_wage_income(wage_income: float, income_seen_share: float) -> float:
    """The part of wages that the office sees."""
    return wage_income * income_seen_share


@person(
    unit="yuan/year",
    reference="2021 review measures, arts. 15-17 (inquiry and matching of data)",
    label={"en": "Assessed business income", "zh": "核定经营净收入"},
    unless_given=True,
)
def assessed_business_income(business_income: float, income_seen_share: float) -> float:
    """The part of net farm and business income that the office sees."""
    return business_income * income_seen_share


@person(
    unit="yuan/year",
    reference="2021 review measures, arts. 15-17 (inquiry and matching of data)",
    label={"en": "Assessed property income", "zh": "核定财产净收入"},
    unless_given=True,
)
def assessed_property_income(property_income: float, income_seen_share: float) -> float:
    """The part of interest, rent and dividends that the office sees."""
    return property_income * income_seen_share


@person(
    unit="yuan/year",
    reference="2021 review measures, arts. 15-17 (inquiry and matching of data)",
    label={"en": "Assessed private transfers", "zh": "核定私人转移收入"},
    unless_given=True,
)
def assessed_private_transfer_income(private_transfer_income: float, income_seen_share: float) -> float:
    """The part of support from other households that the office sees."""
    return private_transfer_income * income_seen_share


@household(
    unit="yuan",
    reference="2021 review measures, arts. 14, 17",
    label={"en": "Assessed financial assets", "zh": "核定金融资产"},
    unless_given=True,
)
def assessed_financial_assets(financial_assets: float, assets_visible_share: float) -> float:
    """The part of financial assets that the office sees; vehicles and homes are in public registers."""
    return financial_assets * assets_visible_share


@person(
    reference="Order 649, arts. 42, 45; 2022 joint notice, 1 (1); read from income: assumption",
    label={"en": "Without work", "zh": "无业"},
)
def jobless(wage_income: float, business_income: float) -> bool:
    """Neither wages nor business income of the own in the year."""
    return at_most(wage_income, 0.0) and at_most(business_income, 0.0)


# ------------------------------------------------------------------------------------------ counted income


@person(
    unit="yuan/year",
    reference="2021 review measures, art. 13 (1) and last paragraph; 2020 reform opinions, no. 11",
    label={"en": "Employment cost taken off the wage", "zh": "扣减的必要就业成本"},
)
def deducted_work_cost(
    assessed_wage_income: float,
    means_test_work_cost: str,
    means_test_work_cost_rate: float,
    means_test_work_cost_line_share: float,
    dibao_line_in_force: float,
) -> float:
    """Necessary cost of being in work, in the local form, and never more than the wage."""
    if means_test_work_cost == "none":
        return 0.0
    by_rate = means_test_work_cost_rate * assessed_wage_income
    if means_test_work_cost == "rate_of_wage":
        return min(by_rate, assessed_wage_income)
    fixed = means_test_work_cost_line_share * dibao_line_in_force
    if means_test_work_cost == "lesser_of_both":
        fixed = min(fixed, by_rate)
    return min(fixed, assessed_wage_income)


@person(
    unit="yuan/year",
    reference="2012 review measures, art. 16 (4); 2021 review measures, art. 13 (4) and exclusions (1), (3)",
    label={"en": "Counted public transfers", "zh": "计入的公共转移收入"},
)
def counted_public_transfers(
    pension_income: float,
    basic_pension_income: float,
    excluded_transfer_income: float,
    means_test_basic_pension_counted: bool,
    means_test_excluded_transfers_counted: bool,
) -> float:
    """Pensions and other public transfers that count; they are paid publicly and so seen in full."""
    counted = pension_income
    if means_test_basic_pension_counted:
        counted = counted + basic_pension_income
    if means_test_excluded_transfers_counted:
        counted = counted + excluded_transfer_income
    return counted


@person(
    unit="yuan/year",
    reference="2012 review measures, art. 16; 2021 review measures, art. 13 (4)",
    label={"en": "Transfers paid that are taken off", "zh": "扣减的转移性支出"},
)
def deducted_transfers(
    social_contributions_paid: float,
    taxes_paid: float,
    support_paid: float,
    means_test_support_deducted: bool,
) -> float:
    """Social contributions and taxes; since 2021 also support paid to people outside the household."""
    if means_test_support_deducted:
        return social_contributions_paid + taxes_paid + support_paid
    return social_contributions_paid + taxes_paid


@person(
    unit="yuan/year",
    reference="2012 review measures, art. 16; 2021 review measures, art. 13",
    label={"en": "Counted income of the member", "zh": "成员计入收入"},
)
def person_counted_income(
    in_unit: bool,
    assessed_wage_income: float,
    deducted_work_cost: float,
    assessed_business_income: float,
    assessed_property_income: float,
    assessed_private_transfer_income: float,
    counted_public_transfers: float,
    deducted_transfers: float,
    imputed_labour_income: float,
    imputed_kin_support: float,
) -> float:
    """Wages net of employment cost, business, property, transfers net of those paid, and imputed income."""
    if not in_unit:
        return 0.0
    earned = assessed_wage_income - deducted_work_cost + assessed_business_income + assessed_property_income
    seen = earned + assessed_private_transfer_income + counted_public_transfers - deducted_transfers
    return seen + imputed_labour_income + imputed_kin_support


unit_income = total(
    person_counted_income,
    label={"en": "Income of the unit before rigid expenditure", "zh": "扣减刚性支出前的家庭收入"},
    reference="2012 review measures, arts. 7, 16; 2021 review measures, arts. 12-13",
)


@household(
    name="counted_income",
    unit="yuan/year",
    reference="2012 review measures, arts. 7, 16",
    label={"en": "Counted income of the unit", "zh": "家庭计入收入"},
    start="2012-12-12",
    end="2021-06-30",
)
def counted_income_2012(unit_income: float) -> float:
    """All disposable income of the members; nothing is taken off for illness or disability."""
    return max(unit_income, 0.0)


@household(
    name="counted_income",
    unit="yuan/year",
    reference="2021 review measures, art. 13",
    label={"en": "Counted income of the unit", "zh": "家庭计入收入"},
    start="2021-07-01",
)
def counted_income_2021(
    unit_income: float, rigid_expenditure: float, means_test_rigid_deduction_share: float
) -> float:
    """Income of the members less the allowed part of rigid spending on disability and serious illness."""
    return max(unit_income - means_test_rigid_deduction_share * rigid_expenditure, 0.0)


@household(
    unit="yuan/year",
    reference="Order 649, art. 9; 2012 review measures, art. 4",
    label={"en": "Counted income per member", "zh": "人均计入收入"},
)
def counted_income_per_head(counted_income: float, unit_size: int) -> float:
    """Counted income divided by the members of the unit; 0 where nobody counts as a member."""
    if unit_size <= 0:
        return 0.0
    return counted_income / unit_size


# ------------------------------------------------------------------------------------------------ property


@household(
    reference="Order 649, art. 9; 2021 review measures, art. 14",
    label={"en": "Property within the limits of dibao", "zh": "财产状况符合低保规定"},
)
def property_within_limits(
    assessed_financial_assets: float,
    vehicles: int,
    homes: int,
    unit_size: int,
    dibao_line_in_force: float,
    means_test_property_test: bool,
    means_test_financial_assets_lines: float,
    means_test_vehicle_limit: float,
    means_test_home_limit: float,
) -> bool:
    """Financial assets per member up to a multiple of the annual line; no vehicle or home above the limit."""
    if not means_test_property_test:
        return True
    if vehicles > means_test_vehicle_limit or homes > means_test_home_limit:
        return False
    limit = means_test_financial_assets_lines * dibao_line_in_force * unit_size
    return at_most(assessed_financial_assets, limit)


@household(
    reference="2021 review measures, art. 8; 2022 joint notice, 1 (4)",
    label={"en": "Property within the limits of edge households", "zh": "财产状况符合低保边缘家庭规定"},
)
def property_within_edge_limits(
    assessed_financial_assets: float,
    vehicles: int,
    homes: int,
    unit_size: int,
    dibao_line_in_force: float,
    means_test_property_test: bool,
    means_test_edge_financial_assets_lines: float,
    means_test_edge_vehicle_limit: float,
    means_test_edge_home_limit: float,
) -> bool:
    """The same test with the limits of low-income households on the edge of dibao."""
    if not means_test_property_test:
        return True
    if vehicles > means_test_edge_vehicle_limit or homes > means_test_edge_home_limit:
        return False
    limit = means_test_edge_financial_assets_lines * dibao_line_in_force * unit_size
    return at_most(assessed_financial_assets, limit)
