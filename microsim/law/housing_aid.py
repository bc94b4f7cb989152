"""Housing aid (住房救助): rent subsidies in towns and repair of dangerous houses in the countryside."""

from __future__ import annotations

from microsim.policy import any_member, at_most, below, count, household, person

ORDER = "Order 649, arts. 37-39"
TIERED = "2020 reform opinions, no. 10; 2023 tiering opinions, part 4 (2) 3"


@person(reference=ORDER, label={"en": "Tekun at home", "zh": "分散供养特困人员"})
def tekun_lives_at_home(is_tekun: bool, in_institution: bool) -> bool:
    """Tekun and not cared for in an institution."""
    return is_tekun and not in_institution


@person(
    reference="source paper (poor disabled in the broad safety net)",
    label={"en": "Certified disabled", "zh": "持证残疾人"},
)
def certified_disabled(disability_grade: str) -> bool:
    """Of any grade."""
    return disability_grade != "none"


tekun_at_home = count(
    tekun_lives_at_home, label={"en": "Tekun at home", "zh": "分散供养特困人员数"}, reference=ORDER
)
has_disabled_member = any_member(
    certified_disabled,
    label={"en": "Household with a disabled member", "zh": "有残疾人家庭"},
    reference="source paper (poor disabled in the broad safety net)",
)


@household(
    unit="yuan/year",
    reference=f"{ORDER}; {TIERED}; amounts local",
    role="cash_benefit",
    label={"en": "Rent subsidy", "zh": "住房租赁补贴"},
)
def housing_aid_benefit(
    housing_aid_enabled: bool,
    area: str,
    tenant: bool,
    rent_paid: float,
    household_tier: str,
    tekun_at_home: int,
    dibao_recipients: int,
    housing_aid_rent_share: float,
    housing_aid_rent_per_square_metre: float,
    housing_aid_area_per_person: float,
    housing_aid_area_limit: float,
    household_size: int,
) -> float:
    """For urban tenants a share, by tier, of a reference rent for their space; never above the rent."""
    if not housing_aid_enabled or area != "urban" or not tenant or at_most(rent_paid, 0.0):
        return 0.0
    if household_tier == "tekun" and tekun_at_home <= 0 and dibao_recipients <= 0:
        return 0.0
    space = min(housing_aid_area_per_person * household_size, housing_aid_area_limit)
    return min(housing_aid_rent_share * housing_aid_rent_per_square_metre * space, rent_paid)


@household(
    reference="source paper (poor disabled in the broad safety net); limit: assumption",
    label={"en": "Poor household with a disabled member", "zh": "贫困残疾人家庭"},
)
def housing_poor_disabled(
    housing_aid_poor_disabled: bool,
    has_disabled_member: bool,
    unit_size: int,
    counted_income_per_head: float,
    housing_aid_poor_disabled_lines: float,
    dibao_line_in_force: float,
) -> bool:
    """A disabled member, and income per member below a multiple of the line."""
    if not housing_aid_poor_disabled or not has_disabled_member or unit_size <= 0:
        return False
    return below(counted_income_per_head, housing_aid_poor_disabled_lines * dibao_line_in_force)


@household(
    reference=f"{ORDER}; source paper; {TIERED}",
    label={"en": "House repair is open", "zh": "符合农村危房改造对象"},
)
def house_repair_open(
    housing_aid_enabled: bool,
    household_tier: str,
    tekun_at_home: int,
    dibao_recipients: int,
    housing_aid_repair_tiers: bool,
    filed_poor_in_transition: bool,
    housing_aid_filed_poor: bool,
    housing_poor_disabled: bool,
) -> bool:
    """By tier, as registered poor, or as poor with a disabled member."""
    if not housing_aid_enabled:
        return False
    if (filed_poor_in_transition and housing_aid_filed_poor) or housing_poor_disabled:
        return True
    if household_tier == "tekun" and tekun_at_home <= 0:
        return dibao_recipients > 0
    return housing_aid_repair_tiers


@household(
    unit="yuan/year",
    reference=f"{ORDER}; amounts recalled and assumed",
    role="in_kind_benefit",
    label={"en": "House repair, share of the year", "zh": "农村危房改造补助（按年分摊）"},
)
def housing_aid_in_kind(
    area: str,
    dwelling_grade: str,
    tenant: bool,
    house_repair_open: bool,
    housing_aid_repair: float,
    housing_aid_repair_years: float,
) -> float:
    """The one-off grant for an own rural house of grade C or D, spread over a number of years."""
    if area != "rural" or dwelling_grade in ("A", "B") or tenant or not house_repair_open:
        return 0.0
    return housing_aid_repair / housing_aid_repair_years
