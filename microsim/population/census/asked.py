"""What a county's own offices know and the census does not: which figures to ask for, and where."""

from __future__ import annotations

from collections.abc import Container
from typing import NamedTuple


class Asked(NamedTuple):
    """A figure of the profile on which caseload and expenditure depend, and the office that has it."""

    figure: str
    en: str
    zh: str


# In the order in which they move the caseload.
ASKED = (
    Asked(
        "income.mean_disposable",
        "disposable income per head, rural and urban: the statistics bureau's communique of the year",
        "城镇、农村居民人均可支配收入：县统计局《国民经济和社会发展统计公报》",
    ),
    Asked(
        "income.quintile_means",
        "mean income of the five quintiles, rural and urban: the NBS survey office, or the yearbook of the "
        "province",
        "城乡居民收入五等分组平均收入：国家统计局调查队，或本省统计年鉴",
    ),
    Asked(
        "income.assistance",
        "dibao expenditure of the year over residents, rural and urban: the civil affairs bureau",
        "全年城乡低保资金支出除以常住人口：县民政局",
    ),
    Asked(
        "circumstances.dibao_last_year",
        "dibao recipients at the end of last year over residents, rural and urban: the civil affairs bureau",
        "上年末城乡低保对象占常住人口的比重：县民政局",
    ),
    Asked(
        "assumptions.filed_poor_share",
        "registered poor households over all households: the agriculture and rural affairs bureau",
        "建档立卡户占家庭户的比重：县农业农村局（原乡村振兴局）",
    ),
    Asked(
        "health.disability_rate",
        "persons with a disability certificate over residents: the disabled persons' federation",
        "持证残疾人占常住人口的比重：县残联",
    ),
    Asked(
        "public_finance.general_public_budget_revenue",
        "general public budget revenue: the finance bureau's report on the execution of the budget",
        "一般公共预算收入：县财政局预算执行情况报告",
    ),
    Asked(
        "public_finance.general_public_budget_expenditure",
        "general public budget expenditure: the same report",
        "一般公共预算支出：同上",
    ),
)


def still_asked(own: Container[str]) -> list[Asked]:
    """Those that are not among the figures that the user gave."""
    return [one for one in ASKED if one.figure not in own]
