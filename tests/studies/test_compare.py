"""Two laws on the same households: what changes, and who gains or loses."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import microsim as ms
from microsim.report.comparison import figures, write_comparison
from microsim.report.text import display_width
from microsim.report.texts.comparison_text import comparison_text
from microsim.studies.compare.study import Comparison
from tests.wrapped import says

pytestmark = pytest.mark.compiled
LANGUAGES = ("en", "zh")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base of 400 households of H county, the same again, and a higher rural line."""
    where = tmp_path_factory.mktemp("compare")
    population = ms.Population.read("data/synthetic/h-county")
    few = population.persons["household_id"] < 400
    persons = population.persons[few]
    households = population.households[population.households["household_id"].isin(persons["household_id"])]
    ms.Population.from_frames(persons, households).write(where / "county")
    profile = Path("data/synthetic/h-county/profile.yaml").read_text(encoding="utf-8")
    (where / "county" / "profile.yaml").write_text(profile, encoding="utf-8")
    lines = Path("scenarios/h-county-2020.yaml").read_text(encoding="utf-8").splitlines()
    text = "\n".join(line for line in lines if not line.startswith(("county:", "#")))
    (where / "base.yaml").write_text(f"county: county\n{text}\n", encoding="utf-8")
    (where / "same.yaml").write_text("base: base.yaml\ntitle: The same\n", encoding="utf-8")
    (where / "topup.yaml").write_text(
        "title: {en: Higher top-ups, zh: 提高分类施保}\nbase: base.yaml\n"
        "changes: {dibao.top_up.minor: {by: {rural: 1200, urban: 1200}}}\n",
        encoding="utf-8",
    )
    return where


@pytest.fixture(scope="module")
def null(folder: Path) -> Comparison:
    return ms.compare(folder / "base.yaml", folder / "same.yaml")


@pytest.fixture(scope="module")
def gain(folder: Path) -> Comparison:
    found = ms.run(folder / "topup.yaml")
    assert isinstance(found, Comparison)
    return found


def test_a_reform_that_changes_nothing_changes_nothing(null: Comparison) -> None:
    assert len(null.table) > 100
    assert (null.table["change"] == 0.0).all()
    assert null.gains is not None
    assert not any(
        entry["value"]
        for name, entry in null.gains.summary.items()
        if name.startswith(("gain", "los", "mean_change"))
    )


def test_a_pure_gain_has_no_losers(gain: Comparison) -> None:
    assert gain.gains is not None
    found = {name: entry["value"] for name, entry in gain.gains.summary.items()}
    assert found["gainers.disposable_income"] > 0
    assert not any(value for name, value in found.items() if name.startswith(("losers", "losing_share")))


def test_the_change_is_the_difference_of_two_runs(folder: Path, gain: Comparison) -> None:
    base = ms.run(folder / "base.yaml").summary
    for name, (a, b) in gain.values.items():
        assert a == base[name]["value"]
        assert gain.summary[name]["value"] == b == gain.reform.summary[name]["value"]
        assert gain.summary[f"base.{name}"]["value"] == a
        assert gain.summary[f"change.{name}"]["value"] == pytest.approx(b - a, abs=1e-12)


def test_what_households_gain_is_what_the_programmes_cost_more(gain: Comparison) -> None:
    base, reform = gain.base.result, gain.reform.result
    name = "disposable_income_per_head"
    more = (reform.array(name) - base.array(name)) * base.array("household_size")
    cost = gain.values["cost.total"]
    assert float(np.sum(more * gain.base.population.weight)) == pytest.approx(cost[1] - cost[0], rel=1e-9)


def test_one_family_is_followed_under_both(gain: Comparison) -> None:
    assert gain.base.population is gain.reform.population
    if gain.base.family is not None:
        assert gain.reform.family is not None
        assert gain.reform.family.household_id == gain.base.family.household_id


def test_the_paper_is_no_partner_of_a_reform(gain: Comparison) -> None:
    assert any(one.paper is not None for one in gain.base.indicators.rows)
    assert all(one.paper is None for one in gain.reform.indicators.rows)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_text_is_80_columns_wide_and_says_what_differs(gain: Comparison, lang: str) -> None:
    text = comparison_text(gain, lang)
    assert max(map(display_width, text.splitlines())) <= 80
    assert "dibao.top_up.minor" in text
    assert {"en": "Higher top-ups", "zh": "提高分类施保"}[lang] in text


def test_the_results_folder_holds_both_sides(gain: Comparison, tmp_path: Path) -> None:
    out = write_comparison(tmp_path / "out", gain, "test", "en")
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert (
        summary["change.cost.total"]["value"]
        == summary["cost.total"]["value"] - summary["base.cost.total"]["value"]
    )
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["study"] == "compare"
    assert manifest["base"]["scenario"]["name"] == "base"
    tables = ("comparison", "payers", "gains", "assumptions", "sensitivity")
    assert {path.name for path in (out / "tables").iterdir()} == {
        f"{name}.{form}" for name in tables for form in ("csv", "parquet")
    }
    assert {f"{name}.svg" for name in figures(gain, "en")} <= {
        path.name for path in (out / "figures").iterdir()
    }


def test_other_households_are_not_followed(folder: Path, gain: Comparison) -> None:
    other = ms.Population.read(folder / "county")
    doubled = other.households.assign(weight=other.households["weight"] * 2)
    ms.Population.from_frames(other.persons, doubled).write(folder / "other")
    text = (folder / "county" / "profile.yaml").read_text(encoding="utf-8")
    (folder / "other" / "profile.yaml").write_text(text, encoding="utf-8")
    (folder / "elsewhere.yaml").write_text("base: base.yaml\ncounty: other\n", encoding="utf-8")
    found = ms.compare(gain.base, folder / "elsewhere.yaml")
    assert found.gains is None
    assert says(comparison_text(found, "en"), "not of the same households")
