"""One small figure of each kind, for the tests of the charts."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from microsim import charts

AREAS = ["rural", "urban", "all"]
COST = pd.DataFrame({"area": AREAS, "value": [243.9e6, 61.2e6, 305.1e6], "paper": [244e6, 61e6, np.nan]})
CASELOAD = pd.DataFrame({"area": AREAS, "value": [52_011, 10_312, 62_323], "paper": [52_000, 10_300, 62_300]})
REVENUE = pd.DataFrame({"area": AREAS, "value": [1.022, 0.256, 1.278]})
POVERTY = pd.DataFrame({"area": AREAS, "before": [0.241, 0.088, 0.187], "after": [0.062, 0.011, 0.044]})
UNIFICATION = pd.DataFrame(
    [
        (year, measure, group, value * (1 + 0.05 * i))
        for i, year in enumerate(range(2020, 2024))
        for measure, group, value in (
            ("cost", "rural", 244e6),
            ("cost", "urban", 61e6),
            ("line_ratio", "all", 0.62),
            ("revenue_share", "all", 1.27),
        )
    ],
    columns=["year", "measure", "group", "value"],
)
PROJECTION = pd.DataFrame(
    [
        (year, measure, subject, group, value * (1 + 0.05 * i))
        for i, year in enumerate(range(2020, 2024))
        for measure, subject, group, value in (
            ("cost", "total", "", 305e6),
            ("cost_constant", "total", "", 300e6),
            ("caseload", "dibao", "rural", 52_000),
            ("caseload", "dibao", "urban", 10_300),
            ("poverty", "headcount_before", "", 0.11),
            ("poverty", "headcount", "", 0.01),
            ("stock", "dibao", "", 62_300),
            ("entries", "dibao", "", 9_000),
            ("exits", "dibao", "", 8_000),
            ("reweighting", "dibao", "", -500),
        )
    ],
    columns=["year", "measure", "subject", "group", "value"],
)
PATHS = pd.DataFrame(
    [
        (path, year, measure, value * (1 + step * i))
        for path, step in (("2027", 0.01), ("2030", 0.1))
        for i, year in enumerate(range(2020, 2024))
        for measure, value in (("line_ratio", 0.62), ("cost", 305e6), ("poverty", 0.15))
    ],
    columns=["path", "year", "measure", "value"],
)
PAYERS = pd.DataFrame(
    [
        (year, payer, value * (1 + 0.05 * i))
        for i, year in enumerate(range(2020, 2024))
        for payer, value in (("centre", 200e6), ("province", 60e6), ("county", 45e6), ("employer", 0.0))
    ],
    columns=["year", "payer", "value"],
)
PLANNED = pd.DataFrame({"year": [2021, 2022], "ratio": [0.62, 0.7], "burden": [0.0, 0.08]})
AGES = pd.DataFrame(
    [
        (sex, age, 900.0 - 10 * k, 890.0 - 10 * k)
        for sex in ("male", "female")
        for k, age in enumerate(("0-14", "15-59", "60+"))
    ],
    columns=["sex", "age_group", "target", "found"],
)
SIZES = pd.DataFrame({"size": [1, 2, 3], "target": [0.25, 0.45, 0.3], "found": [0.26, 0.44, 0.3]})
LORENZ = pd.DataFrame(
    [
        (area, rank, rank**2 if rank in (0, 0.5, 1) else np.nan, rank**2)
        for area in AREAS[:2]
        for rank in (0, 0.25, 0.5, 1)
    ],
    columns=["area", "rank", "target", "found"],
)
DENSITY = pd.DataFrame(
    [(area, 5_000.0 * k, 0.01 * (5 - k), 0.011 * (5 - k)) for area in AREAS[:2] for k in range(5)],
    columns=["area", "income", "target", "found"],
)
TRAITS = pd.DataFrame(
    {
        "trait": ["income_per_head", "disabled", "car"],
        "income_per_head": [1, -0.3, 0.4],
        "disabled": [-0.3, 1, 0.7],
        "car": [0.4, 0.7, 1],
    }
)
EFFECTS = pd.DataFrame(
    {
        "factor": ["law", "practice", "incomes", "population", "change"],
        "cost": [15e6, 25e6, 78e6, -11e6, 107e6],
        "caseload": [2_600, 4_000, 0, -3_100, 3_500],
    }
)
EARNINGS = np.linspace(0, 40_000, 401)


def budget(lang: str = "en", **more: object) -> Figure:
    """A household whose dibao tapers to 12,000 yuan and which loses 3,000 yuan of medical aid at 18,000."""
    parts = {
        "earnings": EARNINGS,
        "dibao": np.maximum(12_000 - EARNINGS, 0),
        "medical_aid": np.where(EARNINGS < 18_000, 3_000.0, 0.0),
    }
    total = np.sum(list(parts.values()), axis=0)
    options = {"notches": [(18_000.0, 3_000.0, "medical_aid")], **more}
    return charts.budget_constraint(EARNINGS, parts, total, lang, **options)


DRAWERS = {
    "budget_constraint": budget,
    "cost_by_area": lambda lang: charts.cost_by_area(COST, lang),
    "caseload_by_area": lambda lang: charts.caseload_by_area(CASELOAD, lang),
    "revenue_share": lambda lang: charts.revenue_share(REVENUE, lang),
    "poverty_before_after": lambda lang: charts.poverty_before_after(POVERTY, lang),
    "age_pyramid": lambda lang: charts.age_pyramid(AGES, lang),
    "household_sizes": lambda lang: charts.household_sizes(SIZES, lang),
    "income_fit": lambda lang: charts.income_fit(LORENZ, DENSITY, lang),
    "correlation_map": lambda lang: charts.correlation_map(TRAITS, lang),
    "policy_effects": lambda lang: charts.policy_effects(EFFECTS, lang),
    "unification": lambda lang: charts.unification(UNIFICATION, lang),
    "projection": lambda lang: charts.projection(PROJECTION, lang),
    "flows": lambda lang: charts.flows(PROJECTION, "dibao", lang),
    "unification_paths": lambda lang: charts.unification_paths(PATHS, lang),
    "payers_over_years": lambda lang: charts.payers_over_years(PAYERS, lang),
    "planned_path": lambda lang: charts.planned_path(PLANNED, 0.1, lang),
}


def texts(figure: Figure) -> list[str]:
    """All that is written on a figure, tick labels included."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.text import Text

    FigureCanvasAgg(figure).draw()
    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]
