"""The fit of a synthetic county in words and Markdown tables."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from microsim.explanation.words import SOURCES
from microsim.report.text import in_words, number, wrap
from microsim.simulation.explaining import labelled

if TYPE_CHECKING:
    from microsim.population import County
    from microsim.population.synthesis.fit import CountyFit

_NAMED = 3  # controls that a note names
MET = 1e-6  # relative; weights are written with six decimals


def fit_line(fit: CountyFit, lang: str) -> str:
    """Controls met and the spread of the weights, as one line for a terminal."""
    value = {name: figure["value"] for name, figure in fit.summary.items()}
    met = (
        f"{value['controls']} controls, {_largest(fit)}; design effect {value['design_effect']:.2f}, "
        f"weights {value['weight.lowest']:.3g} to {value['weight.highest']:.4g}"
    )
    left = [f"left out for lack of rows: {', '.join(fit.left_out)}"] if fit.left_out else []
    return labelled("; ".join([met, *left]), lang)


_LEFT_OUT = {
    "en": "Too few households: the weights are calibrated to {held} figures of the profile, and {n} are "
    "left out "
    "({names}). Neighbouring ages and sizes may be merged. Figures for such groups may be far off. With more "
    "households (--households; default {default}) more figures can be met; --report shows the fit of each.",
    "zh": "样本户数太少：权重仅按{held}项指标校准，另有{n}项未纳入（{names}），相邻的年龄组和户规模也可能合并"
    "校准，相关人群的数字可能偏差较大。增加户数（--households，默认{default}户）可纳入更多指标；"
    "用--report查看各项拟合情况。",
}


def left_out_note(left_out: Sequence[str], controls: int, default: int, lang: str) -> str:
    """The controls that a small sample leaves out, in a short paragraph; empty where none is left out."""
    if not left_out:
        return ""
    comma, more = ("、", "等") if lang == "zh" else (", ", ", ...")
    names = comma.join(labelled(one, lang) for one in left_out[:_NAMED]) + (
        more if len(left_out) > _NAMED else ""
    )
    text = _LEFT_OUT[lang].format(
        held=controls - len(left_out), n=len(left_out), names=names, default=f"{default:,}"
    )
    return wrap(text)


_FIT = {
    "title": {"en": "# {county}: fit of the synthetic county", "zh": "# {county}：合成人口拟合情况"},
    "rows": {
        "en": "{rows:,} households in the data represent {households} with {persons} residents. {line}. New "
        "weights are {low:.3g} to {high:.3g} times the uniform weights they start from.",
        "zh": "样本{rows:,}户，代表{households}户、常住人口{persons}人。{line}。调整后的权重为初始等权重的"
        "{low:.3g}至{high:.3g}倍。",
    },
    "incomes": {
        "en": "Income per head before assistance, yuan a year. Incomes are drawn from GB2; its deviations\n"
        "from the profile are shown next to those of a lognormal:",
        "zh": "救助前人均收入（元/年）。收入按GB2分布生成；GB2和对数正态分布与县情资料的偏差并列如下：",
    },
    "of_incomes": {
        "en": "| area | figure | profile | synthetic | GB2 | lognormal |",
        "zh": "| 城乡 | 指标 | 县情资料 | 合成人口 | GB2 | 对数正态 |",
    },
    "of_controls": {
        "en": "| control | target | drawn | weighted |",
        "zh": "| 控制项 | 目标值 | 抽样结果 | 加权结果 |",
    },
    "drawn": {
        "en": "Drawn, not controlled: met up to sampling variation, which is large where rows are few.",
        "zh": "以下各项随机生成，不作控制：与目标的差距属抽样误差，样本少时误差较大。",
    },
    "of_drawn": {
        "en": "| figure | among | source | profile | synthetic | off | rows |",
        "zh": "| 指标 | 范围 | 来源类型 | 县情资料 | 合成人口 | 偏差 | 样本量 |",
    },
}
_say = partial(in_words, _FIT)


def fit_title(county: County, lang: str) -> str:
    """The heading of the report of a county's fit."""
    return _say("title", lang, county=county.name[lang])


def fit_markdown(fit: CountyFit, lang: str) -> str:
    """Summary, incomes, and every control with target, before and after; the same text on any machine."""
    value = {name: figure["value"] for name, figure in fit.summary.items()}
    line = fit_line(fit, lang)
    lines = [
        _say(
            "rows",
            lang,
            rows=value["households.rows"],
            households=number(value["households"]),
            persons=number(value["persons"]),
            line=line[:1].upper() + line[1:],
            low=value["weight_ratio.lowest"],
            high=value["weight_ratio.highest"],
        ),
        "",
        _say("incomes", lang),
        "",
        _say("of_incomes", lang),
        "|---|---|---|---|---|---|",
    ]
    for row in fit.incomes.to_dict("records"):
        laws = (_off(row[law], row["target"]) for law in ("by_gb2", "by_lognormal"))
        named = (labelled(row[column], lang) for column in ("area", "figure"))
        lines += [f"| {' | '.join((*named, number(row['target']), number(row['found']), *laws))} |"]
    lines += ["", _say("of_controls", lang), "|---|---|---|---|"]
    for row in fit.controls.to_dict("records"):
        numbers = (number(row[column]) for column in ("target", "drawn", "weighted"))
        lines += [f"| {labelled(row['control'], lang)} | {' | '.join(numbers)} |"]
    lines += ["", _say("drawn", lang), "", _say("of_drawn", lang), "|---|---|---|---|---|---|---|"]
    for row in fit.drawn.to_dict("records"):
        target, found = (_value_text(row[column], row["unit"]) for column in ("target", "found"))
        off = _off(row["found"], row["target"]) if row["target"] else ""
        among, source = labelled(row["among"], lang), SOURCES[lang].get(row["source"], row["source"])
        cells = (f"`{row['figure']}`", among, source, target, found, off, f"{row['rows']:,}")
        lines += [f"| {' | '.join(cells)} |"]
    return "\n".join(lines) + "\n"


def _value_text(value: float, unit: str) -> str:
    return f"{100 * value:.2f} %" if unit == "1" else number(value)


def _largest(fit: CountyFit) -> str:
    miss = fit.summary["largest_miss"]["value"]
    return "all met" if miss <= MET else f"largest miss {miss:.1e}"


def _off(value: float, target: float) -> str:
    return f"{100 * (value / target - 1.0):+.1f} %".replace("-0.0", "0.0").replace("+0.0", "0.0")
