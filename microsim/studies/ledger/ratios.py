"""The ratios of a ledger, always as a set: none of them alone says whether a county can pay."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from microsim.population import County

_SECTION = "public_finance"
SHARE, YUAN = "1", "yuan/year"
# Ratio -> its meaning in one sentence, in English and Chinese.
MEANINGS: dict[str, dict[str, str]] = {
    "rural_dibao_to_revenue": {
        "en": "Rural dibao over the county's own revenue: the source paper's ratio.",
        "zh": "农村低保支出与本县一般公共预算收入之比（论文口径）。",
    },
    "published_rural_dibao_to_revenue": {
        "en": "Rural dibao as the source paper prints it, over the county's own revenue.",
        "zh": "论文所载农村低保发放额与本县一般公共预算收入之比。",
    },
    "expenditure_to_revenue": {
        "en": "What all budgets pay for the programmes, over the county's own revenue.",
        "zh": "各级财政负担的全部救助支出与本县一般公共预算收入之比。",
    },
    "county_to_revenue": {
        "en": "What the county itself pays, over its own revenue.",
        "zh": "县级财政负担部分与本县一般公共预算收入之比。",
    },
    "county_to_untied": {
        "en": "What the county itself pays, over own revenue and untied transfers.",
        "zh": "县级财政负担部分与可用财力（本级收入加一般性转移支付）之比。",
    },
    "expenditure_to_budget": {
        "en": "What all budgets pay for the programmes, over the county's budget expenditure.",
        "zh": "各级财政负担的全部救助支出占县级一般公共预算支出的比重。",
    },
    "expenditure_to_social_protection": {
        "en": "What all budgets pay for them, over the county's expenditure on social protection.",
        "zh": "各级财政负担的全部救助支出占社会保障和就业支出的比重。",
    },
    "upper_share": {
        "en": "Share of the programmes' expenditure that levels above the county pay.",
        "zh": "县级以上财政负担的比重。",
    },
    "county_line_1pct": {
        "en": "What the county itself pays a year for a dibao line 1 % higher under present grants.",
        "zh": "低保标准提高1%，县级财政每年自行负担的增支（上级补助按现行办法）。",
    },
    "county_recipient": {
        "en": "What the county itself pays a year for one more dibao recipient (below 0: it gains).",
        "zh": "低保对象每增加1人，县级财政每年自行负担的增支；为负表示上级补助多于支出。",
    },
    "expenditure_per_resident": {
        "en": "What all budgets pay for the programmes, per resident.",
        "zh": "常住人口人均救助支出（各级财政合计）。",
    },
    "county_per_resident": {
        "en": "What the county itself pays, per resident.",
        "zh": "常住人口人均县级负担。",
    },
}


class Ratio(NamedTuple):
    """One ratio; None where the profile or the law does not give what it needs.

    ``at_least``: the revenue is known only to be below a bound, so that the ratio is above ``value``.
    """

    name: str
    value: float | None
    unit: str
    at_least: bool = False


class Paid(NamedTuple):
    """Sums that the ratios are made of, yuan a year; what is not known is None."""

    all_budgets: float
    county: float
    rural_dibao: float | None
    published: float | None
    line_1pct: float | None
    recipient: float | None
    residents: float


def ratios(paid: Paid, county: County, growth: float) -> list[Ratio]:
    """The whole set. ``growth``: what the account of the profile's year is multiplied by."""

    def said(name: str) -> float | None:
        value = county.get(f"{_SECTION}.{name}")
        return None if value is None else float(value) * growth

    bound = said("general_public_budget_revenue_bound")
    revenue = bound if bound is not None else county.revenue * growth
    untied = said("general_transfers")
    expenditure, protection = said("general_public_budget_expenditure"), said("social_protection_expenditure")

    def over(value: float | None, whole: float | None) -> float | None:
        return None if value is None or not whole else value / whole

    least = bound is not None
    return [
        Ratio("rural_dibao_to_revenue", over(paid.rural_dibao, revenue), SHARE, least),
        Ratio("published_rural_dibao_to_revenue", over(paid.published, revenue), SHARE, least),
        Ratio("expenditure_to_revenue", over(paid.all_budgets, revenue), SHARE, least),
        Ratio("county_to_revenue", over(paid.county, revenue), SHARE, least),
        Ratio(
            "county_to_untied", None if untied is None else over(paid.county, revenue + untied), SHARE, least
        ),
        Ratio("expenditure_to_budget", over(paid.all_budgets, expenditure), SHARE),
        Ratio("expenditure_to_social_protection", over(paid.all_budgets, protection), SHARE),
        Ratio("upper_share", over(paid.all_budgets - paid.county, paid.all_budgets), SHARE),
        Ratio("county_line_1pct", paid.line_1pct, YUAN),
        Ratio("county_recipient", paid.recipient, YUAN),
        Ratio("expenditure_per_resident", over(paid.all_budgets, paid.residents), YUAN),
        Ratio("county_per_resident", over(paid.county, paid.residents), YUAN),
    ]
