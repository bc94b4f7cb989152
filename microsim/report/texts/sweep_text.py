"""A sweep as printed text: its scenarios with cost and caseload, or those with the least and the most."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from microsim.documents import shown
from microsim.numerics.ranking import to_rank_by
from microsim.policy.reform import split_name
from microsim.report.money_text import money_note
from microsim.report.text import in_words, large_sum, number, table, wrap
from microsim.report.texts.calibration_text import calibrated_note
from microsim.report.words import financing_note

if TYPE_CHECKING:
    import pandas as pd

    from microsim.sweeps.axes import Value
    from microsim.sweeps.run import Sweep

MOST_ROWS = 20  # a longer sweep shows its ends only
ENDS = 5

WORDS: dict[str, dict[str, str]] = {
    "size": {
        "en": "{n} scenarios based on: {base} (law of {date})",
        "zh": "以“{base}”为基础的{n}个方案（执行{date}的政策法规）",
    },
    "axis": {"en": "{name}: {label}, {unit}", "zh": "{name}：{label}（{unit}）"},
    "cost": {"en": "expenditure", "zh": "支出"},
    "caseload": {"en": "recipients", "zh": "保障人数"},
    "rural": {"en": "rural", "zh": "农村"},
    "urban": {"en": "urban", "zh": "城市"},
    "units": {
        "en": "Expenditure: all benefits in cash and in kind, million yuan a year. Recipients: {name}, "
        "persons.",
        "zh": "支出：各项救助（现金和实物）合计，万元/年。保障人数：{name}，人。",
    },
    "only_cost": {
        "en": "Expenditure: all benefits in cash and in kind, million yuan a year.",
        "zh": "支出：各项救助（现金和实物）合计，万元/年。",
    },
    "only_caseload": {"en": "Recipients: {name}, persons.", "zh": "保障人数：{name}，人。"},
    "least": {"en": "The {n} scenarios with the least {by}", "zh": "{by}最少的{n}个方案"},
    "greatest": {"en": "The {n} scenarios with the most {by}", "zh": "{by}最多的{n}个方案"},
    "kept": {
        "en": "{n} of {parts} parts existed already and were kept.",
        "zh": "共{parts}个部分，其中{n}个此前已完成，未重新计算。",
    },
    "damaged": {
        "en": "Missing or damaged, and computed again: {files}.",
        "zh": "以下部分缺失或已损坏，现已重新计算：{files}。",
    },
    "replaced": {"en": "Replaced the sweep of {time}.", "zh": "已替换{time}的计算结果。"},
    "idle": {
        "en": "{axes} changed no figure: nothing uses it here, or no household is affected.",
        "zh": "{axes} 的取值不改变任何数字：本方案未用到该参数，或没有受其影响的家庭。",
    },
    "results": {"en": "Results: {folder}", "zh": "结果文件夹：{folder}"},
    "read": {
        "en": 'All {rows} figures as one table: microsim.read_sweep("{folder}")',
        "zh": '全部{rows}个数字可读成一张表：microsim.read_sweep("{folder}")',
    },
    "yuan/year": {"en": "yuan/year", "zh": "元/年"},
    "yuan/month": {"en": "yuan/month", "zh": "元/月"},
    "1": {"en": "a share", "zh": "比例"},
    "yes/no": {"en": "yes or no", "zh": "是／否"},
    "choice": {"en": "a choice", "zh": "选项"},
}


def sweep_text(done: Sweep, lang: str) -> str:
    """The text that ``microsim sweep`` prints, at most 80 columns wide."""
    grid = done.grid
    base = grid.scenario.title_in(lang)
    size = _say("size", lang, n=number(len(grid.points)), base=base, date=grid.scenario.day)
    head = (grid.title_in(lang), size, money_note(done.money, lang), *calibrated_note(grid.scenario, lang))
    lines = [wrap(line) for line in head]
    for name in grid.axes:
        found = split_name(grid.policy.parameters, name)
        label = found[0].label.get(lang, name) if found else name
        unit = found[0].unit if found else ""
        unit = WORDS[unit][lang] if unit in WORDS else unit
        lines.append(wrap(_say("axis", lang, name=name, label=label, unit=unit), ""))
    sections = ["\n".join(lines), *_tables(done, lang)]
    folder = shown(done.folder)
    end = [_note(done, lang)]
    if done.idle_axes:
        end.append(_say("idle", lang, axes=", ".join(done.idle_axes)))
    end += financing_note(grid.scenario, lang)
    if done.kept:
        end.append(_say("kept", lang, n=number(done.kept), parts=number(done.parts)))
    if done.damaged:
        end.append(_say("damaged", lang, files=", ".join(one.path.name for one in done.damaged)))
    if done.replaced:
        end.append(_say("replaced", lang, time=done.replaced))
    end.append(_say("read", lang, rows=number(len(done.table)), folder=folder))
    sections.append("\n".join(wrap(line) for line in end))
    return "\n\n".join(sections) + "\n\n" + _say("results", lang, folder=folder)


_say = partial(in_words, WORDS)


def _programme(done: Sweep) -> str:
    """Whose recipients are shown: dibao's, where it is among the programmes."""
    caseload = done.table[done.table["measure"] == "caseload"]
    names = list(dict.fromkeys(map(str, caseload["subject"])))
    return "dibao" if "dibao" in names or not names else names[0]


def _note(done: Sweep, lang: str) -> str:
    outputs = done.grid.outputs
    key = "units" if len(outputs) == 2 else f"only_{outputs[0]}"
    name = _programme(done)
    labels = {programme.name: programme.label for programme in done.grid.policy.programmes}
    return _say(key, lang, name=labels.get(name, {}).get(lang, name))


def _tables(done: Sweep, lang: str) -> list[str]:
    wide = _wide(done)
    if len(wide) <= MOST_ROWS:
        return [_table(done, wide, lang)]
    measure = "cost" if "cost" in done.grid.outputs else "caseload"
    ordered = wide.sort_values(f"{measure}.", key=lambda amounts: amounts.map(to_rank_by), kind="stable")
    parts = (("least", ordered.head(ENDS)), ("greatest", ordered.tail(ENDS).iloc[::-1]))
    by = WORDS[measure][lang]
    return [f"{_say(key, lang, n=ENDS, by=by)}\n{_table(done, rows, lang)}" for key, rows in parts]


def _wide(done: Sweep) -> pd.DataFrame:
    """One row a scenario: all benefits and the recipients by area, under ``cost.rural``, ``cost.``, ..."""
    rows = done.table.astype({"measure": str, "subject": str, "group": str})
    rows = rows[rows["subject"] == rows["measure"].map({"cost": "total", "caseload": _programme(done)})]
    rows = rows.assign(column=rows["measure"] + "." + rows["group"])
    # The county first, and its areas where there is room for them.
    few = len(done.grid.axes) < 3
    groups = ["", *(g for g in dict.fromkeys(rows["group"]) if g and few)]
    columns = [f"{measure}.{group}" for measure in done.grid.outputs for group in groups]
    return rows.pivot(index="scenario", columns="column", values="value")[columns]


def _table(done: Sweep, wide: pd.DataFrame, lang: str) -> str:
    axes = done.grid.axes
    columns = [(measure, group) for measure, _, group in (str(name).partition(".") for name in wide.columns)]
    header = [*axes, *(WORDS.get(group or measure, {}).get(lang, group) for measure, group in columns)]
    rows = []
    for scenario, figures in zip(wide.index, wide.to_numpy(), strict=True):
        values = [_shown(value) for value in done.grid.points[int(scenario)]]
        amounts = [
            large_sum(value, lang) if measure == "cost" else number(value)
            for (measure, _), value in zip(columns, figures, strict=True)
        ]
        rows.append((*values, *amounts))
    return table(header, rows, range(len(axes), len(header)))


def _shown(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else f"{value:,.10g}"
