"""A sweep as printed text: its scenarios with cost and caseload, or those with the least and the most."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from microsim.documents import shown
from microsim.language import spoken
from microsim.numerics.ranking import to_rank_by
from microsim.outcome import flat_name
from microsim.policy.reform import split_name
from microsim.report.money_text import money_note
from microsim.report.text import in_words, large_sum, number, table, wrap
from microsim.report.texts.calibration_text import calibrated_note
from microsim.report.words import financing_note
from microsim.sweeps.figures.rows import Figure
from microsim.sweeps.settings import setting_unit

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from microsim.batch.work import Failure
    from microsim.sweeps.run import Sweep
    from microsim.sweeps.spread import Value

MOST_ROWS = 20  # a longer sweep shows its ends only
ENDS = 5
MOST_DATES = 4  # that are listed
MOST_COLUMNS = 8  # of axes and figures
# The figure of a part that is shown: measure and subject.
FIRST = {
    "cost": ("cost", "total"),
    "caseload": ("caseload", "dibao"),
    "poverty": ("poverty", "headcount"),
    "inequality": ("gini", "disposable_income"),
    "hardship": ("catastrophic_health", "over_10"),
    "ledger": ("paid", "county"),
    "cliffs": ("cliffs.facing_notch", ""),
}

WORDS: dict[str, dict[str, str]] = {
    "size": {
        "en": "{n} scenarios based on: {base} (law of {date})",
        "zh": "以“{base}”为基础的{n}个方案（执行{date}的政策法规）",
    },
    "axis_alone": {"en": "{name}: {label}", "zh": "{name}：{label}"},
    "axis": {"en": "{name}: {label}, {unit}", "zh": "{name}：{label}（{unit}）"},
    "size_of": {
        "en": "{runs} runs: {n} scenarios in {counties} counties, based on: {base} (law of {date})",
        "zh": "共{runs}次测算：{counties}个县、{n}个方案，以“{base}”为基础（执行{date}的政策法规）",
    },
    "seeded": {
        "en": "{runs} runs: {n} scenarios on {samples} samples of households, based on: {base} "
        "(law of {date})",
        "zh": "共{runs}次测算：{n}个方案、{samples}个住户样本，以“{base}”为基础（执行{date}的政策法规）",
    },
    "county": {"en": "county", "zh": "县"},
    "seed": {"en": "seed", "zh": "随机种子"},
    "cost": {"en": "expenditure", "zh": "支出"},
    "caseload": {"en": "recipients", "zh": "保障人数"},
    "poverty": {"en": "poverty", "zh": "贫困发生率"},
    "inequality": {"en": "Gini", "zh": "基尼系数"},
    "hardship": {"en": "ill and poor", "zh": "医疗负担过重"},
    "ledger": {"en": "county pays", "zh": "县级负担"},
    "cliffs": {"en": "facing a cliff", "zh": "面临悬崖"},
    "base": {"en": "base scenario", "zh": "基准方案"},
    "law": {"en": "the day whose law applies", "zh": "适用政策的日期"},
    "ensemble": {"en": "the set of the county's ensemble", "zh": "校准组合的组别"},
    "regime": {"en": "terms of access held as under this regime", "zh": "准入条件所固定的制度阶段"},
    "economy": {"en": "growth a year", "zh": "年增长率"},
    "programmes": {"en": "whether the programme is on", "zh": "该项目是否启用"},
    "date": {"en": "a date", "zh": "日期"},
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
    "amounts": {"en": "Other amounts of money: million yuan a year.", "zh": "其他金额：万元/年。"},
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
    "failed": {
        "en": "{n} of {parts} parts failed and have no figures here; --resume tries them again:",
        "zh": "共{parts}个部分，其中{n}个未能计算，结果中没有其数字；用--resume可再次计算：",
    },
    "more_failed": {
        "en": "and {n} more, in manifest.json under failed",
        "zh": "另有{n}个，见manifest.json的failed",
    },
    "replaced": {"en": "Replaced the sweep of {time}.", "zh": "已替换{time}的计算结果。"},
    "idle": {
        "en": "{axes} changed no figure: nothing uses it here, or no household is affected.",
        "zh": "{axes} 的取值不改变任何数字：本方案未用到该参数，或没有受其影响的家庭。",
    },
    "page": {"en": "Page for a browser: {file}", "zh": "浏览器页面：{file}"},
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
    moves = len(grid.scenarios) > 1 or any(name.partition(".")[0] in ("law", "economy") for name in grid.axes)
    head = (
        grid.title_in(lang),
        _size(done, lang),
        *(() if moves else (money_note(done.money, lang),)),
        *calibrated_note(grid.scenario, lang),
    )
    lines = [wrap(line) for line in head]
    for name in grid.axes:
        found = split_name(grid.policy.parameters, name)
        kind = name.partition(".")[0]
        label = found[0].label.get(lang, name) if found else WORDS[kind][lang]
        unit = found[0].unit if found else "" if kind in ("base", "law") else setting_unit(name)
        unit = WORDS[unit][lang] if unit in WORDS else unit
        said = _say("axis" if unit else "axis_alone", lang, name=name, label=label, unit=unit)
        lines.append(wrap(said, ""))
    sections = ["\n".join(lines), *_tables(done, lang)]
    folder = shown(done.folder)
    other = _say("amounts", lang) if _other_amounts(done) else ""
    notes = (_note(done, lang), other, grid.design.note and spoken(grid.design.note))
    end = [note for note in notes if note]
    if done.idle_axes:
        end.append(_say("idle", lang, axes=", ".join(done.idle_axes)))
    end += financing_note(grid.scenario, lang)
    if done.kept:
        end.append(_say("kept", lang, n=number(done.kept), parts=number(done.parts)))
    if done.damaged:
        end.append(_say("damaged", lang, files=", ".join(one.path.name for one in done.damaged)))
    if done.failed:
        end += _failures(done.failed, done.parts, lang)
    if done.replaced:
        end.append(_say("replaced", lang, time=done.replaced))
    end.append(_say("read", lang, rows=number(done.overview.rows), folder=folder))
    sections.append("\n".join(wrap(line) for line in end))
    return "\n\n".join(sections) + "\n\n" + _say("results", lang, folder=folder)


def page_line(page: Path, lang: str) -> str:
    """Where the page of a sweep is."""
    return _say("page", lang, file=shown(page))


_say = partial(in_words, WORDS)


def _failures(failed: Sequence[Failure], parts: int, lang: str) -> list[str]:
    lines = [_say("failed", lang, n=number(len(failed)), parts=number(parts))]
    colon = ": " if lang == "en" else "："
    lines += [f"  {spoken(one.name)}{colon}{one.reason}" for one in failed[:ENDS]]
    if len(failed) > ENDS:
        lines.append("  " + _say("more_failed", lang, n=number(len(failed) - ENDS)))
    return lines


def _programme(done: Sweep) -> str:
    """Whose recipients are shown: dibao's, where it is among the programmes."""
    figures = done.overview.figures
    names = list(dict.fromkeys(one.subject for one in figures if one.measure == "caseload"))
    return "dibao" if "dibao" in names or not names else names[0]


def _size(done: Sweep, lang: str) -> str:
    """How many scenarios, and in how many counties or samples."""
    grid = done.grid
    base, comma = grid.scenario.title_in(lang), "、" if lang == "zh" else ", "
    if len(grid.scenarios) > 1:
        base = comma.join(one.title_in(lang) for one in grid.scenarios)
    dates = dict.fromkeys(str(one.day) for one in grid.scenarios)
    if "law" in grid.axes:
        column = grid.axes.index("law")
        dates = dict.fromkeys(str(point[column] or grid.scenario.day) for point in grid.points)
    said = dates if len(dates) < MOST_DATES else [min(dates), "...", max(dates)]
    about = {"n": number(len(grid.points)), "base": base, "date": comma.join(said)}
    about |= {
        "runs": number(grid.runs),
        "counties": number(len(grid.counties)),
        "samples": number(len(grid.seeds)),
    }
    key = "size_of" if len(grid.counties) > 1 else "seeded" if len(grid.seeds) > 1 else "size"
    return _say(key, lang, **about)


def _note(done: Sweep, lang: str) -> str:
    outputs = [name for name in done.grid.outputs if name in ("cost", "caseload")]
    if not outputs:
        return ""
    key = "units" if len(outputs) == 2 else f"only_{outputs[0]}"
    name = _programme(done)
    labels = {programme.name: programme.label for programme in done.grid.policy.programmes}
    return _say(key, lang, name=labels.get(name, {}).get(lang, name))


def _other_amounts(done: Sweep) -> bool:
    """Whether money is shown that is no expenditure."""
    return any(one.unit == "yuan/year" and one.name != "cost" for one in shown_columns(done))


def _tables(done: Sweep, lang: str) -> list[str]:
    columns = shown_columns(done)
    wide = _wide(done, columns)
    if not columns:
        return []
    if len(wide) <= MOST_ROWS:
        return [_table(done, columns, wide, lang)]
    measure = next((one for one in columns if one.name in ("cost", "caseload")), columns[0])
    ordered = wide.sort_values(
        measure.whole, key=lambda amounts: amounts.map(to_rank_by), kind="stable", na_position="first"
    )
    parts = (("least", ordered.head(ENDS)), ("greatest", ordered.tail(ENDS).iloc[::-1]))
    by = WORDS.get(measure.name, {}).get(lang, measure.name)
    return [f"{_say(key, lang, n=ENDS, by=by)}\n{_table(done, columns, rows, lang)}" for key, rows in parts]


class Column(NamedTuple):
    """A column of figures: the output that it is of, the figure, its area, and its unit."""

    name: str
    measure: str
    subject: str
    group: str
    unit: str

    @property
    def whole(self) -> str:
        """Its name in the wide table."""
        return flat_name(self.measure, self.subject, self.group)

    def head(self, lang: str) -> str:
        """Area, or what it is."""
        said = self.group if self.name in FIRST and self.group else self.name
        said = next((part for part, one in FIRST.items() if flat_name(*one) == said), said)
        return WORDS.get(said, {}).get(lang, said)

    def shown(self, value: float, lang: str) -> str:
        """A figure as its unit has it."""
        if math.isnan(value):
            return ""
        if self.unit == "yuan/year":
            return large_sum(value, lang)
        if self.unit != "1":
            return number(value)
        return f"{value:.4f}" if self.measure in ("gini", "ratio") else f"{100 * value:.2f} %"


def shown_columns(done: Sweep) -> list[Column]:
    """The figure of each output that comes first: of the county, and of its areas where there is room."""
    figures = done.overview.figures
    first = {**FIRST, "caseload": ("caseload", _programme(done))}
    room = len(done.grid.axes) < 3 and len(done.grid.outputs) < 3 and done.grid.runs == len(done.grid.points)
    out: list[Column] = []
    for name in done.grid.outputs:
        if name in first:
            found = [Column(name, *one) for one in figures if one[:2] == first[name]]
            found.sort(key=lambda one: one.group != "")  # the county before its areas
        else:
            found = [
                Column(name, *one) for one in figures if f"{flat_name(*one[:3])}.".startswith(f"{name}.")
            ]
            found = sorted(found, key=lambda one: one.group != "")[:1]
        out += found if room else found[:1]
    return out[: max(1, MOST_COLUMNS - len(done.grid.axes))]


def _wide(done: Sweep, columns: list[Column]) -> pd.DataFrame:
    """One row a scenario, county and seed: the figures of the columns, by their flat names."""
    rows = done.values_of([Figure(*one[1:]) for one in columns])
    names = rows["measure"] + "." + rows["subject"] + "." + rows["group"]
    wanted = {f"{one.measure}.{one.subject}.{one.group}": one.whole for one in columns}
    rows = rows.assign(column=names.map(wanted)).dropna(subset="column")
    wide = rows.pivot(index=["scenario", "county", "seed"], columns="column", values="value")
    return wide[[one.whole for one in columns]]


def _table(done: Sweep, columns: list[Column], wide: pd.DataFrame, lang: str) -> str:
    grid = done.grid
    where = [key for key, there in (("county", grid.counties), ("seed", grid.seeds)) if len(there) > 1]
    header = [
        *(WORDS[key][lang] for key in where),
        *grid.axes,
        *(column.head(lang) for column in columns),
    ]
    rows = []
    for (scenario, county, seed), figures in zip(wide.index, wide.to_numpy(), strict=True):
        values = [_shown(value) for value in grid.points[int(scenario) - grid.first]]
        amounts = [column.shown(value, lang) for column, value in zip(columns, figures, strict=True)]
        rows.append((*({"county": county, "seed": str(seed)}[key] for key in where), *values, *amounts))
    return table(header, rows, range(len(where) + len(grid.axes), len(header)))


def _shown(value: Value | None) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else f"{value:,.7g}"
