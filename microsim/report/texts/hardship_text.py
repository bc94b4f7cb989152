"""The words of hardship beyond income poverty: spending on illness, programmes that meet in one household."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

TITLE = {"en": "Hardship (share of persons)", "zh": "困难程度（人口比重）"}
_ROWS: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("catastrophic_health", "over_10_before"): {
        "en": "Illness costs over 10 % of income, before aid",
        "zh": "医疗康复支出超过收入10%，救助前",
    },
    ("catastrophic_health", "over_10"): {"en": "  after aid", "zh": "  救助后"},
    ("catastrophic_health", "over_25_before"): {
        "en": "Illness costs over 25 % of income, before aid",
        "zh": "医疗康复支出超过收入25%，救助前",
    },
    ("catastrophic_health", "over_25"): {"en": "  after aid", "zh": "  救助后"},
    ("expenditure_poverty", "headcount"): {
        "en": "Income above, resources below the dibao line",
        "zh": "收入不低于而可用资源低于低保标准",
    },
    ("programmes", "none"): {"en": "Receive from no programme", "zh": "未享受任何项目"},
    ("programmes", "1"): {"en": "  from one", "zh": "  享受1项"},
    ("programmes", "2"): {"en": "  from two", "zh": "  享受2项"},
    ("programmes", "3"): {"en": "  from three", "zh": "  享受3项"},
    ("programmes", "4_or_more"): {"en": "  from four or more", "zh": "  享受4项及以上"},
}
NOTE = {
    "en": "Hardship: persons by their household. Illness costs: illness and rehabilitation of all members, "
    "over income before benefits (before aid); less medical aid, over disposable income (after). Resources: "
    "disposable income and benefits in kind, less rigid expenses.",
    "zh": "困难程度按家庭统计人口。医疗康复支出为全家医疗和康复支出：救助前与救助前收入相比，"
    "救助后扣除医疗救助、与可支配收入相比。可用资源为可支配收入加实物救助减刚性支出。",
}


def hardship_rows(lang: str) -> Iterator[tuple[str, str, str]]:
    """Label, measure and subject of each figure, in the order shown."""
    for (measure, subject), label in _ROWS.items():
        yield label[lang], measure, subject
