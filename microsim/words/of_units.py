"""Units in words, in English and Chinese."""

from __future__ import annotations

_UNITS: dict[str, dict[str, str]] = {
    "en": {
        "yuan/year": "yuan a year",
        "yuan/month": "yuan a month",
        "yuan/quarter": "yuan a quarter",
        "yuan/hour": "yuan an hour",
        "yuan/day": "yuan a day",
        "hours/month": "hours a month",
        "percent": "%",
        "years of age": "years",
    },
    "zh": {
        "yuan": "元",
        "yuan/year": "元/年",
        "yuan/month": "元/月",
        "yuan/quarter": "元/季",
        "percent": "%",
        "yuan/hour": "元/小时",
        "yuan/day": "元/天",
        "hours/month": "小时/月",
        "persons": "人",
        "households": "户",
        "months": "个月",
        "years": "年",
        "years of age": "岁",
        "days": "天",
        "hours": "小时",
    },
}
# Units that a sentence leaves out, and a column has to name.
SILENT: dict[str, str] = {
    "1": "比值",
    "yes/no": "是/否",
    "choice": "选项",
    "scenarios": "个方案",
    "counties": "个县",
    "rows": "行",
    "person-months": "人月",
}


def unit_word(unit: str, lang: str) -> str:
    """A unit in words: ``元/年``; what has none stays as it is."""
    return _UNITS[lang].get(unit, unit)
