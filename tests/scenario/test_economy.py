"""Incomes are carried to the year of the scenario: by national growth, as stated, or not at all."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

import microsim as ms
from microsim.errors import MicrosimError
from microsim.population import Population
from microsim.report.money_text import money_note
from microsim.scenario.economy import Economy, Money, national_incomes
from microsim.scenario.uprating import uprated, uprating
from tests.scenario.small_county import write

# Growth on the year before in per cent, as the releases of the statistics bureau print it: rural, urban.
PRINTED = {
    2018: (8.8, 7.8),
    2020: (6.9, 3.5),
    2021: (10.5, 8.2),
    2022: (6.3, 3.9),
    2023: (7.7, 5.1),
    2024: (6.6, 4.6),
    2025: (5.8, 4.3),
}


def scenario(folder: Path, law: str = "2024-12-31", more: str = "", name: str = "s.yaml") -> ms.Scenario:
    text = (
        f"county: county\nlaw: {law}\nchanges: {{dibao.line: {{by: {{rural: 4600, urban: 7000}}}}}}\n{more}"
    )
    text += "unusual: [dibao.line]\n"  # one line under the laws of all years
    return ms.load_scenario(write(folder, text, name))


def test_national_incomes_grow_as_printed() -> None:
    known = national_incomes()
    assert list(known) == list(range(min(known), max(known) + 1))
    assert {one.source for one in known.values()} <= {"cited", "recalled"}
    assert all(one.reference for one in known.values())
    for year, printed in PRINTED.items():
        for area, percent in zip(("rural", "urban"), printed, strict=True):
            grown = known[year].by_area[area] / known[year - 1].by_area[area] - 1.0
            assert 100 * grown == pytest.approx(percent, abs=0.051), (year, area)
    for before, after in itertools.pairwise(known.values()):
        assert all(after.by_area[area] > before.by_area[area] for area in ("rural", "urban"))


def test_left_out_incomes_grow_as_national_ones_of_their_area(tmp_path: Path) -> None:
    one = scenario(tmp_path)
    before, after = one.population_as_given(), one.population()
    rural = before.household_columns["area"] == 0
    members = np.repeat(rural, np.diff(before.offsets))
    for name in ("wage_income", "business_income", "basic_pension_income", "social_contributions_paid"):
        old, new = before.person_columns[name], after.person_columns[name]
        np.testing.assert_array_equal(new[members], old[members] * (23119 / 17131))
        np.testing.assert_array_equal(new[~members], old[~members] * (54188 / 43834))
    assets = before.household_columns["financial_assets"][rural] * (23119 / 17131)
    np.testing.assert_array_equal(after.household_columns["financial_assets"][rural], assets)
    np.testing.assert_array_equal(after.person_columns["age"], before.person_columns["age"])
    np.testing.assert_array_equal(after.weight, before.weight)
    assert (before.income_year, after.income_year) == (2020, 2024)
    assert one.money(after) == one.money(before)


@pytest.mark.parametrize(("law", "more"), [("2020-12-31", ""), ("2024-12-31", "economy: none\n")])
def test_nothing_is_copied_where_nothing_grows(tmp_path: Path, law: str, more: str) -> None:
    one = scenario(tmp_path, law, more)
    given = one.population_as_given()
    assert one.carried(given) is given
    assert one.money(given).of == 2020


def test_earlier_years_have_lower_incomes(tmp_path: Path) -> None:
    money = scenario(tmp_path, "2014-12-31").money()
    assert money.factor("rural") == 10488.88 / 17131
    assert money.headline == "money of 2014 (rural incomes x 0.6123, urban incomes x 0.658)"


def test_stated_growth_is_the_same_everywhere_and_prices_may_differ(tmp_path: Path) -> None:
    one = scenario(tmp_path, more="economy: {income_growth: 0.1, price_growth: 0.02}\n")
    given = one.population_as_given().with_columns(persons={"medical_out_of_pocket": 100.0})
    made = uprated(given, uprating(given, one.policy(), one.economy), 2024)
    np.testing.assert_array_equal(
        made.person_columns["wage_income"], given.person_columns["wage_income"] * 1.1**4
    )
    np.testing.assert_array_equal(made.person_columns["medical_out_of_pocket"], 100.0 * 1.02**4)
    assert "spending × 1.082" in money_note(one.money(given), "en")


def test_a_population_on_disk_is_carried_piece_by_piece(tmp_path: Path) -> None:
    one = scenario(tmp_path)
    whole = one.population()
    one.population_as_given().write(tmp_path / "pieces", households_per_piece=70)
    (tmp_path / "pieces" / "profile.yaml").write_bytes((tmp_path / "county" / "profile.yaml").read_bytes())
    opened = one.carried(Population.open(tmp_path / "pieces"))
    assert type(opened).__name__ == "OpenedPopulation"
    assert len(list(opened.pieces())) == 5
    for name in ("wage_income", "financial_assets"):
        table = "person_columns" if name == "wage_income" else "household_columns"
        pieces = np.concatenate([getattr(piece, table)[name] for piece in opened.pieces()])
        np.testing.assert_array_equal(pieces, getattr(whole, table)[name])
        np.testing.assert_array_equal(getattr(opened, table)[name], pieces)
    assert {piece.income_year for piece in opened.pieces()} == {2024}
    assert opened.hash == whole.hash == opened.read_all().hash
    twice = opened.scaled({("person", "wage_income"): {"": 2.0}}, 2025)
    factor = np.where(whole.household_columns["area"] == 0, 2 * (23119 / 17131), 2 * (54188 / 43834))
    np.testing.assert_array_equal(
        twice.person_columns["wage_income"],
        one.population_as_given().person_columns["wage_income"] * np.repeat(factor, np.diff(whole.offsets)),
    )


def test_a_carried_population_is_not_written_and_not_carried_twice(tmp_path: Path) -> None:
    one = scenario(tmp_path)
    carried = one.population()
    with pytest.raises(MicrosimError, match="the incomes were carried to 2024"):
        carried.write(tmp_path / "elsewhere")
    assert not (tmp_path / "elsewhere").exists()
    assert one.carried(carried) is carried


# ---------------------------------------------------------------- what cannot be


@pytest.mark.parametrize(
    ("law", "more", "place"),
    [
        ("2026-12-31", "", "s.yaml:2:1"),
        ("2024-12-31", "years: [2024, 2027]\n", ""),
        ("2026-12-31", "economy: {revenue_growth: 0.04}\n", "s.yaml:4:1"),
    ],
)
def test_a_year_beyond_what_is_known_is_refused_at_its_line(
    tmp_path: Path, law: str, more: str, place: str
) -> None:
    one = scenario(tmp_path, law, more)
    if not place:
        assert one.population().income_year == 2024
        with pytest.raises(MicrosimError) as caught:
            one.money(one.population_as_given(), 2027)
        assert "s.yaml:4:1" in str(caught.value)
        return
    with pytest.raises(MicrosimError) as caught:
        one.population()
    text = str(caught.value)
    assert place in text
    assert "incomes of 2020 cannot be carried to 2026: no national incomes of 2026 are known" in text
    assert "economy: {income_growth: 0.06}, or keep the incomes: economy: none" in text
    for way_out in ("economy: none\n", "economy: {income_growth: 0.05}\n"):
        scenario(tmp_path, law, way_out).population()


def test_households_without_areas_need_stated_growth(tmp_path: Path) -> None:
    with pytest.raises(MicrosimError, match="have no such area"):
        Economy().factors("income_growth", 2020, 2024, ())
    with pytest.raises(MicrosimError, match="have no such area"):
        Economy().factors("income_growth", 2020, 2024, ("rural", "urban", "suburban"))


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("nothing", "'economy' must be a mapping of growth rates, or none, found text"),
        ("0.06", "'economy' must be a mapping of growth rates, or none, found number"),
        ("{incomes: 0.06}", "no such growth rate 'incomes'"),
    ],
)
def test_what_says_nothing_of_growth_is_refused(tmp_path: Path, said: str, words: str) -> None:
    with pytest.raises(MicrosimError) as caught:
        scenario(tmp_path, more=f"economy: {said}\n")
    assert "s.yaml:4:" in str(caught.value)
    assert words in str(caught.value)


def test_a_reform_takes_growth_from_its_base_and_may_take_it_back(tmp_path: Path) -> None:
    scenario(tmp_path, more="economy: none\n", name="base.yaml")
    for own, kind in (
        ("", "held"),
        ("economy: null\n", "national"),
        ("economy: {income_growth: 0.05}\n", "stated"),
    ):
        path = tmp_path / "reform.yaml"
        path.write_text(f"base: base.yaml\n{own}", encoding="utf-8")
        assert ms.load_scenario(path).money().kind == kind


def test_revenue_and_the_urban_line_grow_only_as_stated(tmp_path: Path) -> None:
    years = "years: [2023, 2025]\n"
    plain = scenario(tmp_path, "2021-12-31", years)
    grown = scenario(
        tmp_path, "2021-12-31", f"{years}economy: {{revenue_growth: 0.1, urban_line_growth: 0.05}}\n"
    )
    assert plain.economy.revenue(plain.county, 2023) == plain.county.revenue
    assert grown.economy.revenue(plain.county, 2023) == plain.county.revenue * 1.1**3
    assert plain.policy().amount("dibao.line.urban") == 7000
    assert grown.policy().amount("dibao.line.urban") == 7000 * 1.05**2
    assert grown.policy(2025).amount("dibao.line.urban") == 7000 * 1.05**4
    assert grown.policy().amount("dibao.line.rural") == 4600


# ---------------------------------------------------------------- how it is said


def test_every_kind_is_said_in_both_languages() -> None:
    areas = ("rural", "urban")
    kinds = {
        "own": Money.carried(2024, 2024, Economy(), areas),
        "held": Money.carried(2020, 2024, Economy.of("none"), areas),
        "national": Money.carried(2020, 2024, Economy(), areas),
        "stated": Money.carried(2020, 2024, Economy.of({"income_growth": 0.05}), areas),
        "unknown": Money.carried(None, 2024, Economy(), areas),
    }
    for kind, money in kinds.items():
        assert money.kind == kind
        for lang in ("en", "zh"):
            assert len(money_note(money, lang)) > 10
        assert money.as_data()["growth"] == kind
    assert "rural × 1.350, urban × 1.236" in money_note(kinds["national"], "en")
    assert "农村×1.350，城市×1.236" in money_note(kinds["national"], "zh")
    assert kinds["held"].summary["money.year"] == {"value": 2020, "unit": "year"}
    assert kinds["national"].summary["money.incomes.rural"]["value"] == 23119 / 17131
    (row,) = kinds["national"].assumptions()
    assert row[0] == "economy.income_growth"
    assert row[4] == "assumption"
    assert "2024 (2025-01-17)" in row[5]
    assert [one[4] for one in kinds["stated"].assumptions()] == ["scenario"]
    assert kinds["held"].assumptions() == kinds["own"].assumptions() == []
