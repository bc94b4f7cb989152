"""Values, units, dates and sources in words, in English and Chinese, for explanations."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from microsim.chinese import exactly
from microsim.language import Lang
from microsim.units import fraction_text
from microsim.words.of_units import unit_word

Words = Mapping[str, Mapping[str, str]]

_ONE = {unit: unit[:-1] for unit in ("persons", "households", "months", "years", "days", "hours")}
_SILENT = ("", "1", "yes/no", "choice", "category")
SOURCES = {
    "en": {
        "cited": "",
        "inferred": "inferred",
        "recalled": "from memory, not yet verified",
        "assumption": "assumption",
        "scenario": "changed by the scenario",
    },
    "zh": {
        "cited": "",
        "inferred": "推算",
        "recalled": "凭记忆，尚待核实",
        "assumption": "假设",
        "scenario": "本方案调整",
    },
}
# How an aggregate takes the members' values to the household; ``of`` is the label of the members' value.
KINDS = {
    "en": {
        "total": "sum over the members ({of})",
        "count": "number of members to whom this applies ({of})",
        "any_member": "whether this applies to at least one member ({of})",
        "every_member": "whether this applies to every member ({of})",
        "largest": "largest among the members ({of})",
        "smallest": "smallest among the members ({of})",
    },
    "zh": {
        "total": "各成员合计（{of}）",
        "count": "符合条件的成员数（{of}）",
        "any_member": "是否有成员符合（{of}）",
        "every_member": "是否所有成员均符合（{of}）",
        "largest": "各成员中的最大值（{of}）",
        "smallest": "各成员中的最小值（{of}）",
    },
}
# A condition that fails: what there is, and what there would have to be.
CONDITIONS = {
    "en": {
        "below": "{left}: {value}; must be below {limit}",
        "at_most": "{left}: {value}; at most {limit}",
        "above": "{left}: {value}; must be above {limit}",
        "at_least": "{left}: {value}; at least {limit}",
        "equal": "{left}: {value}; must be {limit}",
        "not_equal": "{left}: {value}",
        "one_of": "{left}: {value}; must be one of {limit}",
        "none_of": "{left}: {value}; must be none of {limit}",
        "yes": "{left}: {value}",
        "no": "{left}: {value}; must be no",
        "nothing": "{left}: {value}",
        "named": "{value} ({name})",
        "unnamed": "the amount compared",
    },
    "zh": {
        "below": "{left}为{value}，应低于{limit}",
        "at_most": "{left}为{value}，不得超过{limit}",
        "above": "{left}为{value}，应高于{limit}",
        "at_least": "{left}为{value}，应不低于{limit}",
        "equal": "{left}为“{value}”，应为“{limit}”",
        "not_equal": "{left}：{value}",
        "one_of": "{left}为“{value}”，应为“{limit}”之一",
        "none_of": "{left}为“{value}”，不得为“{limit}”",
        "yes": "{left}：{value}",
        "no": "{left}：{value}，须为否",
        "nothing": "{left}：{value}",
        "named": "{value}（{name}）",
        "unnamed": "所比较的数额",
    },
}
_NOT_FINITE = {
    "en": {"nan": "not defined", "inf": "without limit"},
    "zh": {"nan": "无意义（除数为零）", "inf": "无穷大（除数为零）"},
}
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def spelled(name: str) -> str:
    """``wage_income`` as a reader writes it."""
    return name.replace("_", " ").replace(".", " ")


def number_text(value: float) -> str:
    """Thousands set apart; two decimals from a hundred up, four below, and none that are zero."""
    places = 2 if abs(value) >= 100 else 4
    text = f"{value:,.{places}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def value_text(value: Any, unit: str, lang: Lang, words: Words) -> str:
    """A value with its unit: ``4,200 yuan a year``, ``yes``, ``rural``."""
    if isinstance(value, bool):
        return {"en": ("no", "yes"), "zh": ("否", "是")}[lang][value]
    if isinstance(value, str):
        label = words.get(value, {})
        return label.get(lang) or label.get("en") or spelled(value)
    if not math.isfinite(value):
        what = _NOT_FINITE[lang]["nan" if math.isnan(value) else "inf"]
        return what if lang == "zh" else f"{what} (a division by zero)"
    number = number_text(value)
    if unit in _SILENT:
        return number
    word = unit_word(unit, lang)
    if lang == "en" and abs(value) == 1:
        word = _ONE.get(word, word)
    return f"{number} {word}" if lang == "en" else f"{number}{word}"


def parameter_text(value: Any, kind: str, unit: str, lang: Lang, words: Words) -> str:
    """A value of law in words; a schedule as the list of its points."""
    points: Sequence[tuple[float, float]] | None = getattr(value, "points", value)
    if not isinstance(points, list | tuple):
        fraction = fraction_text(value) if isinstance(value, float) and unit in _SILENT else ""
        return fraction or value_text(value, unit, lang, words)
    pairs = [
        (fraction_text(x) or number_text(x), parameter_text(y, "number", unit, lang, words))
        for x, y in points
    ]
    if lang == "zh":
        form = {"step": "{x}起{y}", "linear": "{x}处{y}", "brackets": "超过{x}的部分按{y}"}[kind]
        tail = "（其间线性插值）" if kind == "linear" else ""
        return "，".join(form.format(x=x, y=y) for x, y in pairs) + tail
    form = {"step": "{y} from {x}", "linear": "{y} at {x}", "brackets": "{y} of the part above {x}"}[kind]
    tail = " (linear in between)" if kind == "linear" else ""
    return ", ".join(form.format(x=x, y=y) for x, y in pairs) + tail


def beside(own: str, inside: str, lang: Lang) -> str:
    """A value in one unit, and in brackets the same in another."""
    return f"{own} ({inside})" if lang == "en" else f"{own}（{inside}）"


def date_text(date: dt.date, lang: Lang) -> str:
    """``1 January 2021``."""
    if lang == "zh":
        return f"{date.year}年{date.month}月{date.day}日"
    return f"{date.day} {_MONTHS[date.month - 1]} {date.year}"


def member(index: int | None, lang: Lang) -> str:
    """``member 2`` for the person at index 1."""
    number = (index or 0) + 1
    return f"member {number}" if lang == "en" else f"成员{number}"


def members(indices: Sequence[int], lang: Lang) -> str:
    """``members 1, 2 and 4`` for the persons at 0, 1 and 3."""
    if len(indices) == 1:
        return member(indices[0], lang)
    numbers = [str(index + 1) for index in indices]
    if lang == "zh":
        return f"成员{'、'.join(numbers)}"
    return f"members {', '.join(numbers[:-1])} and {numbers[-1]}"


def each(text: str, lang: Lang) -> str:
    """An amount that several have."""
    return f"{text} each" if lang == "en" else f"各{text}"


def unit_of(name: str, unit: str) -> str:
    """Chinese counts years of age and years of time in different words; the name shows which is meant."""
    return "years of age" if unit == "years" and "age" in name.split("_") else unit


def cited(reference: str, phrases: Mapping[str, str]) -> str:
    """A citation in Chinese; one with more words than documents and articles has its own in the catalog.

    Several with semicolons between them are as each of them, where all are in the catalog.
    """
    reference = " ".join(reference.split())
    whole, parts = exactly(reference), [exactly(part) or "" for part in reference.split("; ")]
    return whole or ("；".join(parts) if all(parts) else by_phrases(reference, phrases))


def by_phrases(reference: str, phrases: Mapping[str, str]) -> str:
    """Documents by their own names, articles as 第9条; what is not known stays."""
    text = reference
    for phrase in sorted(phrases, key=len, reverse=True):
        text = re.sub(rf"(?<![\w-]){re.escape(phrase)}(?![\w-])", phrases[phrase], text)
    for word, noun in _PLACES.items():
        parts = re.split(rf"\b{word} ({_NUMBERS})", text)
        parts[1::2] = ["、".join(_place(one, noun) for one in numbers.split(", ")) for numbers in parts[1::2]]
        text = "".join(parts)
    text = re.sub(rf"({_END}), (?=[第\d])", r"\1", text)
    text = re.sub(rf"{_END}\d+ \(\d+\)(?:-\(\d+\))?", lambda found: _wide(found[0]), text)
    return text.replace("; ", "；").replace(" （", "（")


_NUMBER = r"\d+(?: \(\d+\))*(?: \d+(?!\d))?(?:-(?:\(\d+\)|\d+))?"
_NUMBERS = rf"{_NUMBER}(?:, {_NUMBER})*"
_PLACES = {r"arts?\.": "条", r"nos?\.": "项", r"parts?": "部分", r"sections?": "节"}
_END = "[》）知文]"  # how the names of documents end


def _place(number: str, noun: str) -> str:
    """``13 (4)`` -> ``第13条（4）``."""
    whole, *inner = re.split(r" (?=\()", number, maxsplit=1)
    return f"第{whole}{noun}{_wide(inner[0]) if inner else ''}"


def _wide(text: str) -> str:
    return text.replace("(", "（").replace(")", "）").replace(" ", "")


def of_member(label: str, who: str, lang: Lang) -> str:
    """A label with the member it is about."""
    return f"{label}, {who}" if lang == "en" else f"{label}（{who}）"


def of_categories(label: str, categories: Sequence[str], lang: Lang) -> str:
    """A label with the categories by which a value was looked up."""
    if not categories:
        return label
    return f"{label}（{'，'.join(categories)}）" if lang == "zh" else f"{label} ({', '.join(categories)})"


def age(years: Any, lang: Lang) -> str:
    """``age 71``."""
    return f"age {years}" if lang == "en" else f"{years}岁"
