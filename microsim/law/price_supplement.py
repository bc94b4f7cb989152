"""Price supplement (物价联动): months of sharp price rises bring recipients a share of the monthly line."""

from __future__ import annotations

from microsim.engine import person, total


@person(
    unit="yuan/year",
    reference="2020 reform opinions, no. 6; amounts recalled",
    label={"en": "Price supplement of the recipient", "zh": "个人价格临时补贴"},
)
def person_price_supplement(
    dibao_recipient: bool,
    dibao_line: float,
    price_supplement_enabled: bool,
    price_supplement_months: float,
    price_supplement_rate: float,
) -> float:
    """For each month in which it is paid, a share of the monthly line."""
    if not dibao_recipient or not price_supplement_enabled:
        return 0.0
    return price_supplement_months * price_supplement_rate * dibao_line / 12.0


dibao_price_supplement = total(
    person_price_supplement,
    label={"en": "Price supplement", "zh": "价格临时补贴"},
    reference="2020 reform opinions, no. 6; amounts recalled",
)
