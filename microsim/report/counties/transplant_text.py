"""Transplants as printed text: a matrix for each figure."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from microsim.report.text import in_words, large_sum, number, percent, table, wrap

if TYPE_CHECKING:
    from microsim.studies.transplant.study import Transplant

WORDS: dict[str, dict[str, str]] = {
    "head": {
        "en": "Rows: whose policy. Columns: on whose people. Law of {year}.",
        "zh": "行：所用政策；列：适用居民。{year}年政策。",
    },
    "cost.total": {
        "en": "Expenditure of all programmes, million yuan a year",
        "zh": "各项救助支出（万元/年）",
    },
    "cost_per_resident.total": {"en": "Yuan a year per resident", "zh": "人均救助支出（元/年）"},
    "revenue_share.total": {
        "en": "% of general public budget revenue",
        "zh": "占一般公共预算收入比重",
    },
    "county_share.total": {"en": "Borne by the county", "zh": "县级负担比重"},
    "caseload.dibao": {"en": "Dibao recipients", "zh": "低保对象人数"},
    "resident_share.dibao": {"en": "Dibao recipients among residents", "zh": "低保保障人数占常住人口比重"},
    "poverty.headcount": {
        "en": "Poverty headcount rate after assistance",
        "zh": "救助后贫困发生率",
    },
    "place": {
        "en": "Of the place where people live, whatever the policy: {names}; public finance, fiscal "
        "zone and prices.",
        "zh": "下列各项随居民所在县，不随政策：{names}；财政收支、财政分区和物价。",
    },
    "still": {
        "en": "People stay as they are: nobody moves, works or applies differently under another policy, and "
        "an office's practice is taken over with its policy.",
        "zh": "居民情况保持不变：未考虑政策变化后的迁移、就业和申请行为；经办做法随政策一并移用。",
    },
}
_SHARES = ("revenue_share.total", "county_share.total", "resident_share.dibao", "poverty.headcount")
_say = partial(in_words, WORDS)
_ABREAST = 6  # columns of numbers that fit a terminal


def transplant_text(study: Transplant, lang: str) -> str:
    """A matrix for each figure and what to know of them, at most 80 columns wide."""
    names = [one.name for one in study.scenarios]
    rows = study.table.assign(figure=study.table["measure"] + "." + study.table["subject"])
    letters = {name: f"[{k}]" for k, name in enumerate(names, start=1)}
    sections = [_say("head", lang, year=study.scenarios[0].year)]
    named = [f"{letters[one.name]} {one.title_in(lang)} ({one.name})" for one in study.scenarios]
    sections[0] += "\n" + "\n".join(wrap(line, "  ") for line in named)
    for figure in WORDS:
        of_it = rows[rows["figure"] == figure]
        if of_it.empty:  # no figure, or one that these runs lack
            continue
        pairs = zip(of_it["policy"], of_it["people"], strict=True)
        cells = dict(zip(pairs, of_it["value"], strict=True))
        title = _say(figure, lang)
        for first in range(0, len(names), _ABREAST):
            columns = names[first : first + _ABREAST]
            body = [
                [letters[policy], *(_shown(figure, cells.get((policy, people)), lang) for people in columns)]
                for policy in names
            ]
            header = ["", *(letters[name] for name in columns)]
            sections.append(f"{title}\n" + table(header, body, range(1, len(columns) + 1)))
    notes = [_say("place", lang, names=", ".join(study.of_the_place)), _say("still", lang)]
    sections.append("\n".join(wrap(line) for line in notes))
    return "\n\n".join(sections) + "\n"


def _shown(figure: str, value: float | None, lang: str) -> str:
    if value is None:
        return "-"
    if figure in _SHARES:
        return percent(value, 2 if figure == "poverty.headcount" else 1)
    return large_sum(value, lang) if figure == "cost.total" else number(value, 0)
