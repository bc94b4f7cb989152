"""One small figure of each kind about cliffs, and the tables behind them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from microsim import charts

# Dibao of 12,000 yuan falls by the yuan from 3,000 to 15,000; aid worth 3,000 ends at 18,000, 500 at 26,000.
EARNINGS = np.array([0, 3_000, 15_000, 18_000, 18_000, 26_000, 26_000, 40_000.0])
PARTS = {
    "earnings": EARNINGS,
    "dibao": np.array([12_000, 12_000, 0, 0, 0, 0, 0, 0.0]),
    "medical_aid": np.array([3_000, 3_000, 3_000, 3_000, 0, 0, 0, 0.0]),
    "education_aid": np.array([500, 500, 500, 500, 500, 500, 0, 0.0]),
}
TOTAL = np.sum(list(PARTS.values()), axis=0)
NOTCHES = pd.DataFrame(
    {
        "notch": [1, 2],
        "at": [18_000.0, 26_000.0],
        "drop": [3_000.0, 500.0],
        "months_of_support": [10.3, 12.0],
        "days_of_minimum_wage": [43.5, 7.2],
    }
)
CAUSES = pd.DataFrame(
    {
        "notch": [1, 1, 2],
        "gate": ["dibao", "edge", "education_aid"],
        "through": ["status", "status", "step"],
        "programme": ["medical_aid", "medical_aid", "education_aid"],
        "change": [-3_200.0, 200.0, -500.0],
    }
)
LABELS = {
    "edge": {"en": "Edge household", "zh": "低保边缘家庭"},
    "single-elder": {"en": "A single elder", "zh": "独居老人"},
    "couple": {"en": "A couple with a pupil", "zh": "夫妇带一名学生"},
    "linked": {"en": "Linked aid", "zh": "身份挂钩"},
    "tiered": {"en": "Tiered aid", "zh": "分层分类"},
}
LOSSES = pd.DataFrame(
    [
        (kind, band, value)
        for kind, values in (("alone", (900, 4_000, np.nan)), ("with_pupils", (0.0, 5_200, 12_000)))
        for band, value in zip(("0-3,000", "3,000-8,000", "≥ 8,000"), values, strict=True)
    ],
    columns=["household_type", "income_band", "value"],
)
SHARES = {"facing_notch_within_500": 0.01, "facing_notch_within_3000": 0.04, "share_in_dead_zone": 0.038}
REFORM = pd.DataFrame(
    [
        (scenario, f"cliffs.{measure}", group, value * factor)
        for scenario, factor in (("linked", 1.0), ("tiered", 1.5))
        for measure, value in {**SHARES, "mean_loss": 5_500.0, "worst_loss": 30_000.0}.items()
        for group in ("", "rural")
    ],
    columns=["scenario", "measure", "group", "value"],
)


def ladder(count: int) -> pd.DataFrame:
    """Households with a drop ahead."""
    draws = np.random.default_rng(5).uniform(size=(3, count))
    return pd.DataFrame(
        {
            "distance": 10 ** (1 + 4 * draws[0]),
            "drop": 10 ** (2 + 2 * draws[1]),
            "area": np.where(draws[2] < 0.6, "rural", "urban"),
            "weight": 1.0 + draws[2],
        }
    )


def _lines() -> pd.DataFrame:
    costs = np.full(len(EARNINGS), -18_000.0)
    rows = []
    for scenario in ("linked", "tiered"):
        for family in ("single-elder", "couple"):
            ill = family == "single-elder" and scenario == "linked"
            own = {**PARTS, **({"costs": costs} if ill else {}), "total": TOTAL + (costs if ill else 0.0)}
            rows += [
                (scenario, family, float(at), part, float(value))
                for part, values in own.items()
                for at, value in zip(EARNINGS, values, strict=True)
            ]
    return pd.DataFrame(rows, columns=["scenario", "family", "earnings", "part", "value"])


LINES = _lines()
FAMILY_NOTCHES = pd.concat(
    [
        NOTCHES.assign(scenario=scenario, family=family)
        for scenario, family in (("linked", "single-elder"), ("linked", "couple"), ("tiered", "couple"))
    ],
    ignore_index=True,
)
PRESENT = pd.DataFrame({"scenario": ["linked", "tiered"], "family": "couple", "present": [9_000.0, 9_000.0]})


def budget_with_causes(lang: str) -> Figure:
    """Both sides of each notch, and what it goes through."""
    notches = charts.notch_labels(NOTCHES, CAUSES, lang, LABELS)
    return charts.budget_constraint(EARNINGS, PARTS, TOTAL, lang, notches=notches)


def rates(lang: str, **more: object) -> Figure:
    """The same line by its slope."""
    notches = charts.notch_labels(NOTCHES, CAUSES, lang, LABELS)
    return charts.marginal_rates(EARNINGS, TOTAL, lang=lang, **{"notches": notches, **more})


def families(lang: str, **more: object) -> Figure:
    """Two families under two scenarios."""
    options = {"labels": LABELS, "households": PRESENT, **more}
    return charts.family_lines(LINES, FAMILY_NOTCHES, lang, **options)


DRAWERS = {
    "budget_with_causes": budget_with_causes,
    "marginal_rates": rates,
    "marginal_rates_without_notches": lambda lang: rates(lang, notches=()),
    "loss_map": lambda lang: charts.loss_map(LOSSES, lang),
    "cliff_ladder": lambda lang: charts.cliff_ladder(ladder(80), lang),
    "cliff_ladder_of_many": lambda lang: charts.cliff_ladder(ladder(900), lang),
    "reform_cliffs": lambda lang: charts.reform_cliffs(REFORM, lang, labels=LABELS),
    "family_lines": families,
    "family_lines_with_note": lambda lang: families(
        lang, note="说明。" * 40 if lang == "zh" else "What to know besides. " * 12
    ),
}
