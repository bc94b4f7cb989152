"""A run as text: which regime is held, and what is paid as a wage or a dividend."""

from __future__ import annotations

import numpy as np
import pytest

from microsim.population import Population
from microsim.report.text import display_width
from microsim.report.texts.run_text import run_text
from microsim.scenario import load_scenario
from microsim.studies.common.baseline import RunResult, run_scenario
from tests.scenario.small_county import PROFILE, SCENARIO, frames
from tests.wrapped import says


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    """The small county with forest guards and dividends, all programmes held at the broad net."""
    folder = tmp_path_factory.mktemp("posts")
    persons, households = frames()
    persons["public_post"] = np.where(persons["wage_income"] > 0, "forest_guard", "none")
    persons["property_income"] = np.where(persons["relation"] == "head", 500.0, 0.0)
    households["collective_dividend_per_head"] = 100.0
    Population.from_frames(persons, households).write(folder / "county")
    (folder / "county" / "profile.yaml").write_bytes(PROFILE.read_bytes())
    path = folder / "held.yaml"
    path.write_text(SCENARIO + "regime: {all: broad}\n", encoding="utf-8")
    return run_scenario(load_scenario(path))


def test_wages_and_dividends_stand_apart_and_are_added_nowhere(run: RunResult) -> None:
    value = run.indicators.value
    posts = value("within_market_income.employment_aid")
    assert posts == pytest.approx(run.result.total("public_post_pay") + run.result.total("workshop_pay"))
    assert value("within_market_income.collective_dividend") == run.result.total("collective_dividend_cash")
    assert posts is not None
    assert posts > 0
    assert value("cost.collective_dividend") == 0.0
    text = run_text(run, "en")
    assert says(text, "Paid as wage or dividend (million yuan/year)")
    nobody = text.split("No recipients and no expenditure:")[1].split("\n\n")[0]
    assert "Collective dividend" not in nobody


def test_the_regime_is_told_in_both_languages(run: RunResult) -> None:
    english, chinese = run_text(run, "en"), run_text(run, "zh")
    assert says(english, "All programmes: eligibility as under the broad system (from 2015-11-29)")
    assert says(chinese, "全部项目：对象范围按“大救助”（2015-11-29起）")
    for text in (english, chinese):
        assert max(display_width(line) for line in text.splitlines()) <= 80
