"""County profiles: figures with sources, changed in their own text."""

from __future__ import annotations

from pathlib import Path

import pytest

from microsim.errors import MicrosimError
from microsim.population import County
from microsim.population.profile.figures import SOURCES, schema


def test_h_county_is_the_papers(profile: County) -> None:
    assert profile.name == {"en": "H county", "zh": "H县"}
    assert profile.year == 2020
    assert profile.residents == {"rural": 216_056, "urban": 117_462}
    ages = profile["demography.age_by_sex"]
    assert sum(ages["male"].values()) == 170_578  # the census row's totals by sex
    assert sum(ages["female"].values()) == 162_940
    assert profile["demography.family_persons"] / profile["demography.family_households"] == pytest.approx(
        3.141, abs=5e-4
    )
    assert profile["paper.dibao_recipients.2020.rural"] / profile.residents["rural"] == pytest.approx(
        0.241, abs=5e-4
    )
    total = profile["paper.dibao_total_recipients"]["2020"]
    assert total / sum(profile.residents.values()) == pytest.approx(0.187, abs=5e-4)
    for year in ("2016", "2020"):
        recipients, outlay = profile["paper.dibao_recipients"][year], profile["paper.dibao_outlay"][year]
        assert sum(recipients.values()) == profile["paper.dibao_total_recipients"][year]
        assert sum(outlay.values()) == profile["paper.dibao_total_outlay"][year]


def test_revenue_is_an_assumption_below_its_bound(profile: County) -> None:
    figure = profile.figures["public_finance.general_public_budget_revenue"]
    assert figure.source == "assumption"
    assert "bound" in figure.reference
    assert profile.revenue < profile["public_finance.general_public_budget_revenue_bound"]
    assert profile.revenue < profile["paper.dibao_outlay.2020.rural"]
    assert profile.expenditure is not None
    assert 0.03 < profile.revenue / profile.expenditure < 0.06


def test_every_figure_has_unit_source_and_reference(profile: County) -> None:
    for figure in profile.figures.values():
        assert figure.unit == schema()[figure.name].unit
        assert figure.source in SOURCES
        assert len(figure.reference) > 10
        assert figure.meaning.endswith(".")
    listed = profile.assumptions()
    assert {figure.source for figure in listed} == {"assumption", "recalled"}
    names = {figure.name for figure in listed}
    assert {name for name in profile.figures if name.startswith("assumptions.")} <= names


def test_values_are_found_by_dotted_name(profile: County) -> None:
    assert profile["income.mean_disposable.rural"] == profile["income.mean_disposable"]["rural"]
    assert profile["income.quintile_means.rural.4"] == profile["income.quintile_means"]["rural"][4]
    assert profile.get("paper.nothing") is None
    with pytest.raises(MicrosimError, match=r"did you mean 'income\.mean_disposable'"):
        profile["income.mean_disposible"]
    with pytest.raises(
        MicrosimError, match=r"no figure 'income\.mean_disposable\.rurl'; did you mean 'rural'"
    ):
        profile["income.mean_disposable.rurl"]


def test_changed_values_keep_the_text(profile: County, tmp_path: Path) -> None:
    changed = profile.with_values(
        {
            "assumptions.severe_illness_rate": 0.04,
            "assumptions.income_visible_share.rural": {"mean": 0.5, "spread": 0.25},
            "income.quintile_means.urban.0": 18000,
        }
    )
    assert changed["assumptions.severe_illness_rate"] == 0.04
    assert changed["assumptions.income_visible_share.rural.mean"] == 0.5
    assert (
        changed["assumptions.income_visible_share.rural.tilt"]
        == profile["assumptions.income_visible_share.rural.tilt"]
    )
    assert changed["income.quintile_means"]["urban"][0] == 18000
    lines = zip(profile.text.splitlines(), changed.text.splitlines(), strict=True)
    assert sum(old != new for old, new in lines) == 3
    assert profile.with_values({}).text == profile.text
    (tmp_path / "profile.yaml").write_text(changed.text, encoding="utf-8")
    assert County.read(tmp_path).figures == changed.figures


def test_changes_that_make_no_sense_are_all_named(profile: County) -> None:
    with pytest.raises(MicrosimError) as caught:
        profile.with_values(
            {
                "assumptions.severe_ilness_rate": 0.04,
                "income.assistance.rurl": 1,
                "income.assistance": 3,
                "work.farm_share": "x",
            }
        )
    for words in (
        "no figure 'assumptions.severe_ilness_rate'; did you mean 'assumptions.severe_illness_rate'?",
        "'income.assistance.rurl' is not a number in the profile; did you mean 'rural'?",
        "'income.assistance' is a table; give a number for each of its parts",
        "'work.farm_share' must be a number, not 'x'",
    ):
        assert words in str(caught.value)
    with pytest.raises(MicrosimError, match=r"must be from 0 to 0\.5, not 4"):
        profile.with_values({"assumptions.severe_illness_rate": 4})


def test_no_profile_at_all(tmp_path: Path) -> None:
    with pytest.raises(MicrosimError, match="no such file"):
        County.read(tmp_path / "nothing.yaml")
    (tmp_path / "list.yaml").write_text("- 1\n- 2\n")
    with pytest.raises(MicrosimError, match="a county profile is a mapping of sections"):
        County.read(tmp_path / "list.yaml")
