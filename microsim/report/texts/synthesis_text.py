"""The fit of a synthetic county in words and Markdown tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from microsim.report.text import number, wrap

if TYPE_CHECKING:
    from microsim.population import County
    from microsim.population.synthesis.fit import CountyFit

_NAMED = 3  # controls that a note names
MET = 1e-6  # relative; weights are written with six decimals


def fit_line(fit: CountyFit) -> str:
    """Controls met and the spread of the weights, as one line for a terminal."""
    value = {name: figure["value"] for name, figure in fit.summary.items()}
    met = (
        f"{value['controls']} controls, {_largest(fit)}; design effect {value['design_effect']:.2f}, "
        f"weights {value['weight.lowest']:.3g} to {value['weight.highest']:.4g}"
    )
    left = [f"left out for lack of rows: {', '.join(fit.left_out)}"] if fit.left_out else []
    return "; ".join([met, *left])


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
    names = comma.join(left_out[:_NAMED]) + (more if len(left_out) > _NAMED else "")
    text = _LEFT_OUT[lang].format(
        held=controls - len(left_out), n=len(left_out), names=names, default=f"{default:,}"
    )
    return wrap(text)


def fit_markdown(county: County, fit: CountyFit) -> str:
    """Summary, incomes, and every control with target, before and after; the same text on any machine."""
    value = {name: figure["value"] for name, figure in fit.summary.items()}
    line = fit_line(fit)
    lines = [
        f"{value['households.rows']:,} households in the data represent {number(value['households'])} with "
        f"{number(value['persons'])} residents. {line[:1].upper()}{line[1:]}. New weights are "
        f"{value['weight_ratio.lowest']:.3g} to {value['weight_ratio.highest']:.3g} times the uniform "
        f"weights they "
        "start from.",
        "",
        "Income per head before assistance, yuan a year. Incomes are drawn from GB2; its deviations",
        "from the profile are shown next to those of a lognormal:",
        "",
        "| area | figure | profile | synthetic | GB2 | lognormal |",
        "|---|---|---|---|---|---|",
    ]
    for row in fit.incomes.to_dict("records"):
        laws = (_off(row[law], row["target"]) for law in ("by_gb2", "by_lognormal"))
        cells = (row["area"], row["figure"], number(row["target"]), number(row["found"]), *laws)
        lines += [f"| {' | '.join(cells)} |"]
    lines += ["", "| control | target | drawn | weighted |", "|---|---|---|---|"]
    for row in fit.controls.to_dict("records"):
        numbers = (number(row[column]) for column in ("target", "before", "after"))
        lines += [f"| {row['control']} | {' | '.join(numbers)} |"]
    lines += [
        "",
        "Drawn, not controlled: met up to sampling variation, which is large where rows are few.",
        "",
        "| figure | among | source | profile | synthetic | off | rows |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in fit.drawn.to_dict("records"):
        target, found = (_value_text(row[column], row["unit"]) for column in ("target", "found"))
        off = _off(row["found"], row["target"]) if row["target"] else ""
        cells = (f"`{row['figure']}`", row["among"], row["source"], target, found, off, f"{row['rows']:,}")
        lines += [f"| {' | '.join(cells)} |"]
    return "\n".join(lines) + "\n"


def _value_text(value: float, unit: str) -> str:
    return f"{100 * value:.2f} %" if unit == "1" else number(value)


def _largest(fit: CountyFit) -> str:
    miss = fit.summary["largest_miss"]["value"]
    return "all met" if miss <= MET else f"largest miss {miss:.1e}"


def _off(value: float, target: float) -> str:
    return f"{100 * (value / target - 1.0):+.1f} %".replace("-0.0", "0.0").replace("+0.0", "0.0")
