"""In whose year's money results are, in one sentence for the head of printed results and under charts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from microsim.scenario.economy import Money

WORDS: dict[str, dict[str, str]] = {
    "own": {
        "en": "Incomes of {since}, the year of the county's figures",
        "zh": "收入为县情资料年份（{since}年）水平",
    },
    "held": {
        "en": "Incomes stay those of {since} (economy: none)",
        "zh": "收入保持{since}年水平，不作调整（economy: none）",
    },
    "national": {
        "en": "Incomes carried from {since} to {year} as national incomes grew ({factors}; National "
        "Bureau of Statistics)",
        "zh": "收入由{since}年调整到{year}年，按全国居民人均可支配收入增幅（{factors}；国家统计局）",
    },
    "stated": {
        "en": "Incomes carried from {since} to {year} by the scenario's growth ({factors})",
        "zh": "收入由{since}年调整到{year}年，按方案设定的增长率（{factors}）",
    },
    "unknown": {
        "en": "The year of the incomes is not known (the county has no profile); they are used as they are",
        "zh": "收入年份不详（该县没有县情资料），按原数使用",
    },
    "spending": {"en": "; spending × {factor}", "zh": "；支出×{factor}"},
    "revenue": {"en": "; county revenue × {factor}", "zh": "；县财政收入×{factor}"},
    "rural": {"en": "rural × {factor}", "zh": "农村×{factor}"},
    "urban": {"en": "urban × {factor}", "zh": "城市×{factor}"},
    "": {"en": "all × {factor}", "zh": "全部×{factor}"},
    "end": {"en": ".", "zh": "。"},
}


def money_note(money: Money, lang: str) -> str:
    """One sentence: the year of the incomes, and how they were carried to it."""
    factors = {area: f"{factor:.3f}" for area, factor in money.incomes.items()}
    said = [_say(area if area in WORDS else "", lang, factor=factor) for area, factor in factors.items()]
    text = _say(
        money.kind,
        lang,
        since=money.since,
        year=money.year,
        factors=("，" if lang == "zh" else ", ").join(said),
    )
    if money.prices != money.incomes:
        text += _say("spending", lang, factor=f"{money.prices[next(iter(money.prices))]:.3f}")
    if money.revenue != 1.0:
        text += _say("revenue", lang, factor=f"{money.revenue:.3f}")
    return text + WORDS["end"][lang]


def _say(key: str, lang: str, **values: object) -> str:
    return WORDS[key][lang].format(**values)
