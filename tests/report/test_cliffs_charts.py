"""Which charts a cliff study has, and which household is drawn."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import microsim as ms
from microsim.population import Families, load_families
from microsim.report.cliffs_charts import (
    cliff_charts,
    family_charts,
    moved_labels,
    reform_charts,
)
from microsim.studies.cliffs import family_lines
from microsim.studies.cliffs.commonest import commonest
from tests.charts.examples import texts
from tests.studies.cliffs.test_families import FILE, law


@pytest.fixture(scope="module")
def families(tmp_path_factory: pytest.TempPathFactory) -> Families:
    path: Path = tmp_path_factory.mktemp("families") / "families.yaml"
    path.write_text(FILE, encoding="utf-8")
    return load_families(path)


def study(families: Families, line: float, name: str) -> Any:
    """A study by the small law; of the scenario only its names and its day are asked for."""
    scenario = SimpleNamespace(
        name=name, title={"zh": "小县"}, title_in=lambda lang: "小县", day=dt.date(2020, 12, 31)
    )
    found = ms.cliffs(families.population, law(line), member=families.earner)
    return SimpleNamespace(cliffs=found, scenario=scenario)


def test_the_household_with_the_middling_drop_at_the_commonest_cliff_is_drawn() -> None:
    table = pd.DataFrame(
        {
            "household_id": [5, 4, 3, 2, 1],
            "next_distance": [10.0, 20.0, 30.0, 9_000.0, np.nan],
            "next_drop": [500.0, 900.0, 700.0, 9_999.0, np.nan],
            "next_rule": ["dibao"] * 5,
            "weight": [1.0, 1.0, 1.0, 9.0, 9.0],
        }
    )

    def drawn(households: pd.DataFrame) -> tuple[str, float, int] | None:
        found = commonest(households)
        return found and (found.rule, found.share, found.household_id)

    assert drawn(table) == ("dibao", 1.0, 3)
    assert drawn(table.assign(weight=[9.0, 1.0, 1.0, 1.0, 1.0])) == ("dibao", 1.0, 5)
    two = table.assign(next_rule=["aid", "dibao", "dibao", "aid", "aid"])
    assert drawn(two) == ("dibao", pytest.approx(2 / 3), 3)
    assert drawn(two.assign(weight=[9.0, 1.0, 1.0, 1.0, 1.0])) == ("aid", pytest.approx(9 / 11), 5)
    assert drawn(table.iloc[3:]) is None
    assert drawn(table.assign(weight=0.0)) is None


def test_a_study_has_the_charts_it_has_numbers_for(families: Families) -> None:
    made = cliff_charts(study(families, 6_000.0, "low"), "zh")
    # The small law knows no income per head: there is no map of losses.
    assert list(made) == ["cliff_ladder", "budget_constraint", "marginal_rates"]
    written = texts(made["budget_constraint"]())
    assert any("第2户，2口人" in text for text in written)
    assert any(text.startswith("3,000: −1,200") for text in written)
    assert any("≤ 3,000" in text for text in texts(made["cliff_ladder"]()))
    assert made["marginal_rates"]() is not None
    assert cliff_charts(study(families, 1.0, "none"), "en") == {}


def test_scenarios_stand_beside_each_other_under_their_titles(families: Families) -> None:
    both = [study(families, line, name) for line, name in ((6_000.0, "low"), (8_000.0, "high"))]
    assert reform_charts(both[:1], "en") == {}
    assert "小县" in texts(reform_charts(both, "zh")["reform_cliffs"]())


def test_families_are_drawn_together_and_one_by_one(families: Families) -> None:
    lines = family_lines(families, {"low": law(), "high": law(8_000.0)})
    made = family_charts(lines, {"low": {"en": "A low line"}, "high": {"en": "A high line"}}, "en")
    assert list(made) == ["families", "family-alone", "family-ill"]
    assert len(made["families"]().axes) == 4
    alone = made["family-alone"]()
    assert len(alone.axes) == 2
    assert any(text.startswith("A high line") for text in texts(alone))
    assert "Own earnings (yuan/year)" in texts(alone)


def test_another_income_is_called_by_its_label(families: Families) -> None:
    lines = family_lines(families, {"low": law()}, vary="pension_income")
    written = texts(family_charts(lines, {}, "zh")["family-ill"]())
    assert {"养老金", "养老金（元/年）"} <= set(written)
    assert moved_labels("a column of my own") == {}
