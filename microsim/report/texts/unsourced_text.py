"""Which numbers without a document move expenditure most, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from microsim.explanation.words import SOURCES
from microsim.report.text import number, table, wrap

if TYPE_CHECKING:
    import pandas as pd

    from microsim.scenario import Scenario

_SOURCES = {"en": {"recalled": "recalled"}, "zh": {"recalled": "凭记忆"}}  # a word each, for the column
_WORDS: dict[str, dict[str, Any]] = {
    "title": {
        "en": "Numbers without a document, by how much each moves the expenditure of {name} (million yuan "
        "a year)",
        "zh": "无文件依据的参数，按对{name}支出的影响排序（万元／年）",
    },
    "head": {
        "en": ("name", "source", "least", "most", "moves"),
        "zh": ("参数", "来源", "最低", "最高", "相差"),
    },
    "note": {
        "en": "Each is moved alone: over the range seen in practice where one is known, else by a tenth down "
        "and up; switches and choices to their other positions. {still} more move nothing here. Not listed: "
        "what the scenario itself states, the county's data, and what is inferred from a document.",
        "zh": "每次只变动一个参数：有实践范围的取范围两端，否则上下各10%；开关和选项取其他值。"
        "另有{still}个参数在此无影响。未列入：方案自行填写的数值、县的数据，以及由文件推算的数值。",
    },
}


def unsourced_text(scenario: Scenario, found: pd.DataFrame, lang: str) -> str:
    """A table of :func:`microsim.studies.common.unsourced.unsourced`, one parameter a line."""
    unit, digits = (1e4, 0) if lang == "zh" else (1e6, 1)
    moving = found[found["moves"] > 0]
    rows = [
        (
            str(row["name"]),
            _SOURCES[lang].get(row["source"], SOURCES[lang][row["source"]]),
            *(number(row[cost] / unit, digits) for cost in ("cost_lowest", "cost_highest", "moves")),
        )
        for row in moving.to_dict("records")
    ]
    title = _WORDS["title"][lang].format(name=scenario.title.get(lang, scenario.name))
    note = _WORDS["note"][lang].format(still=len(found) - len(moving))
    ranking = table(_WORDS["head"][lang], rows, numeric=(2, 3, 4), names=True)
    return "\n\n".join([wrap(title), ranking, wrap(note)])
