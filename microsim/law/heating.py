"""Heating relief (取暖救助): a yearly amount for poor households where winters are cold."""

from __future__ import annotations

from microsim.policy import household


@household(
    unit="yuan/year",
    reference="2020 reform opinions, no. 13; 2023 tiering opinions, part 4 (5); amounts local",
    role="cash_benefit",
    label={"en": "Heating relief", "zh": "取暖补贴"},
)
def heating_benefit(
    heating_enabled: bool,
    heating_area: bool,
    household_tier: str,
    heating_eligible_tiers: bool,
    tekun_at_home: int,
    dibao_recipients: int,
    heating_amount: float,
) -> float:
    """One amount for the household; not where its only poor member lives in a home."""
    if not heating_enabled or not heating_area or not heating_eligible_tiers:
        return 0.0
    if household_tier == "tekun" and tekun_at_home <= 0 and dibao_recipients <= 0:
        return 0.0
    return heating_amount
