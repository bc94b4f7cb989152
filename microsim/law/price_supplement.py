"""Price supplement (物价联动): months of sharp price rises bring a share of the monthly line."""

from __future__ import annotations

from microsim.policy import person, total


@person(
    unit="yuan/year",
    reference="2020 reform opinions, no. 6; amounts recalled",
    label={"en": "Price supplement of the dibao recipient", "zh": "低保对象价格临时补贴"},
)
def person_price_supplement(
    dibao_recipient: bool,
    dibao_line_in_force: float,
    price_supplement_enabled: bool,
    price_supplement_months: float,
    price_supplement_rate: float,
) -> float:
    """For each month in which it is paid, a share of the monthly line.

    To every recipient of the day, admitted with the household or alone, in full: a gap of a few yuan, a band,
    the rate of gradual exit and a cut for refused work leave it as it is. It is part of the dibao benefit and
    of the expenditure on dibao, and income for no programme.
    """
    if not dibao_recipient or not price_supplement_enabled:
        return 0.0
    return price_supplement_months * price_supplement_rate * dibao_line_in_force / 12.0


dibao_price_supplement = total(
    person_price_supplement,
    label={"en": "Price supplement to dibao recipients", "zh": "低保对象价格临时补贴合计"},
    reference="2020 reform opinions, no. 6; amounts recalled",
)


@person(
    unit="yuan/year",
    reference="press of 30 December 2021 (tekun); press of 1 September 2022 (edge); amounts recalled",
    label={"en": "Price supplement outside dibao", "zh": "低保以外人员价格临时补贴"},
)
def person_price_supplement_outside_dibao(
    price_supplement_enabled: bool,
    price_supplement_months: float,
    dibao_recipient: bool,
    price_supplement_other_tiers: bool,
    price_supplement_rate: float,
    dibao_line_in_force: float,
) -> float:
    """The same amount for tekun and, while the law has it, members of edge households; never twice."""
    if not price_supplement_enabled or price_supplement_months <= 0.0 or dibao_recipient:
        return 0.0
    if not price_supplement_other_tiers:
        return 0.0
    return price_supplement_months * price_supplement_rate * dibao_line_in_force / 12.0


price_supplement_benefit = total(
    person_price_supplement_outside_dibao,
    role="cash_benefit",
    label={"en": "Price supplement to others than dibao recipients", "zh": "低保以外人员价格临时补贴合计"},
    reference="press of 30 December 2021 (tekun); press of 1 September 2022 (edge); amounts recalled",
)
