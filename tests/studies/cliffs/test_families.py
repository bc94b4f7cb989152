"""Budget lines of described families: breakpoints and both sides of notches in closed form, and parts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import microsim as ms
from microsim.errors import MicrosimError
from microsim.population import Families, load_families
from microsim.studies.cliffs.families import FamilyLines, family_lines
from microsim.studies.cliffs.life import days_of_minimum_wage, months_of_support
from microsim.studies.cliffs.lines import budget_lines
from microsim.studies.cliffs.tables import household_types, ladder, losses
from tests.face.same_face import check_face
from tests.studies.small_law import LINE, earned, gap, poor

FILE = """
families:
  alone:
    label: {en: Alone, zh: 独居}
    area: rural
    members:
      - {relation: head, sex: female, age: 40, wage_income: 2000}
  ill:
    label: {en: Ill, zh: 患病}
    area: urban
    members:
      - {relation: head, sex: male, age: 50, pension_income: 3000, medical_out_of_pocket: 9000}
      - {relation: spouse, sex: female, age: 48, earner: true}
"""


@ms.household(role="cash_benefit")
def lump(poor: bool) -> float:
    """A fixed amount for the poor."""
    return 1200.0 if poor else 0.0


@ms.household(role="in_kind_benefit")
def first(income: float) -> float:
    """A tenth of the first 9,000 yuan; what comes after offsets its bend."""
    return 0.1 * min(income, 9000.0)


@ms.household(role="in_kind_benefit")
def later(income: float) -> float:
    """A tenth of what comes after them."""
    return 0.1 * max(income - 9000.0, 0.0)


@ms.household(unit="yuan/year")
def resources(income: float, gap: float, lump: float, first: float, later: float, bills: float) -> float:
    """Everything, less bills."""
    return income + gap + lump + first + later - bills


def law(line: float = LINE) -> ms.Policy:
    paying = {rule.name: replace(rule, programme=rule.name) for rule in (gap, lump, first, later)}
    bills = ms.total("medical_out_of_pocket", unit="yuan/year")
    rules = {
        "earned": earned,
        "income": ms.total(earned),
        "income_before_benefits": ms.total(earned),
        "poor": poor,
    }
    parameters = {"line": line, "tekun.minimum_wage": 12_000.0}
    return ms.Policy.from_rules(
        {**rules, **paying, "bills": bills, "resources": resources}, parameters=parameters
    )


@pytest.fixture(scope="module")
def families(tmp_path_factory: pytest.TempPathFactory) -> Families:
    path: Path = tmp_path_factory.mktemp("families") / "families.yaml"
    path.write_text(FILE, encoding="utf-8")
    return load_families(path)


@pytest.fixture(scope="module")
def lines(families: Families) -> FamilyLines:
    return family_lines(families, {"low": law(), "high": law(8_000.0)})


def test_a_line_goes_from_breakpoint_to_breakpoint(lines: FamilyLines) -> None:
    line = lines.line("alone", "low")
    own = line[line["side"] != ""]
    assert own["moved"].tolist() == pytest.approx([6_000.0, 6_000.0], abs=1e-6)
    assert own["total"].tolist() == pytest.approx([7_800.0, 6_600.0], abs=1e-6)
    assert own["lump"].tolist() == [1_200.0, 0.0]
    assert own["gap"].tolist() == pytest.approx([0.0, 0.0], abs=1e-6)
    assert line["moved"].iloc[0] == 0.0
    assert 2_000.0 in line["moved"].tolist()  # the present income
    assert line["total"].iloc[0] == pytest.approx(7_200.0)


def test_the_face_is_that_of_all_results(lines: FamilyLines, families: Families, tmp_path: Path) -> None:
    check_face(lines, tmp_path)
    found = ms.cliffs(families.population, law(), member=families.earner, kinks=True)
    check_face(budget_lines(found), tmp_path)


def test_parts_add_up_and_bend_where_the_total_does_not(lines: FamilyLines) -> None:
    for scenario in ("low", "high"):
        for family in ("alone", "ill"):
            line = lines.line(family, scenario)
            parts = line.drop(columns=["moved", "side", "total"])
            np.testing.assert_allclose(parts.sum(axis=1), line["total"], atol=1e-9)
    line = lines.line("alone", "low")
    at = np.linspace(100.0, lines.max_income - 100.0, 57)
    kept = line[line["moved"] != 6_000.0]
    drawn = np.interp(at, kept["moved"], kept["first"])
    np.testing.assert_allclose(drawn, 0.1 * np.minimum(at, 9_000.0), atol=10.0)


def test_costs_stand_below_zero_and_only_where_there_are_any(lines: FamilyLines) -> None:
    ill = lines.line("ill", "low")
    assert (ill["costs"] == -9_000.0).all()
    assert ill["other_income"].tolist() == pytest.approx([3_000.0] * len(ill))
    assert ill["total"].iloc[0] == pytest.approx(3_000 + 3_000 + 1_200 + 300 - 9_000)
    assert "costs" not in lines.line("alone", "low")


def test_notches_are_told_in_lifes_terms(lines: FamilyLines) -> None:
    notch = lines.notches.set_index(["scenario", "family"]).loc[("low", "ill")]
    assert notch["at"].item() == pytest.approx(3_000.0)  # the pension is below the line as well
    assert notch["drop"].item() == pytest.approx(1_200.0)
    assert notch["notch"].item() == 1
    # Benefits just below: 1,200 and a tenth of 6,000 (nothing is missing to the line any more).
    assert notch["months_of_support"].item() == pytest.approx(12 * 1_200 / 1_800, rel=1e-4)
    assert notch["days_of_minimum_wage"].item() == pytest.approx(1_200 / (1_000 / 21.75))
    cause = lines.causes[(lines.causes["scenario"] == "high") & (lines.causes["family"] == "alone")]
    assert cause[["notch", "gate", "programme"]].to_numpy().tolist() == [[1, "poor", "lump"]]
    assert cause["change"].item() == pytest.approx(-1_200.0)


def test_all_lines_end_together_and_labels_go_with_them(lines: FamilyLines, families: Families) -> None:
    ends = lines.lines.groupby(["scenario", "family"])["earnings"].max()
    assert ends.tolist() == [lines.max_income] * 4
    assert lines.max_income == 10_000.0  # a fifth beyond 8,000, in whole thousands
    assert lines.labels["ill"] == {"en": "Ill", "zh": "患病"}
    assert list(lines.households["present"]) == [2_000.0, 0.0] * 2
    assert set(lines.lines["scenario"]) == {"low", "high"}


def test_the_charts_take_the_tables_as_they_are(lines: FamilyLines) -> None:
    from microsim import charts

    figure = charts.family_lines(
        lines.lines, lines.notches, "zh", labels=lines.labels, households=lines.households
    )
    assert len(figure.axes) == 4
    line = lines.line("alone", "low")
    chosen = (lines.notches["family"] == "alone") & (lines.notches["scenario"] == "low")
    causes = lines.causes[(lines.causes["family"] == "alone") & (lines.causes["scenario"] == "low")]
    notches = charts.notch_labels(lines.notches[chosen], causes, "en", lines.labels)
    charts.marginal_rates(line["moved"], line["total"], notches)


def test_what_cannot_be_asked_is_said(lines: FamilyLines, families: Families) -> None:
    with pytest.raises(
        MicrosimError, match="no budget constraint of 'alone' under 'lower'; known: alone under low"
    ):
        lines.line("alone", "lower")
    with pytest.raises(MicrosimError, match="no policy is named"):
        family_lines(families, {})
    only_her = ms.cliffs(families.population, law(), member=families.earner, households=[1], kinks=True)
    assert budget_lines(only_her, max_income=4_000.0).max_income == 4_000.0
    with pytest.raises(MicrosimError, match="no budget constraint of household 2; known: 1"):
        budget_lines(only_her).line(2)
    both = families.population.with_columns({"wage_income": [1.0, 2.0, 3.0]})
    with pytest.raises(MicrosimError, match="more than once; search with one member"):
        budget_lines(ms.cliffs(both, law(), member="each", kinks=True))


# --- life's terms


def test_a_drop_in_months_and_days() -> None:
    assert months_of_support(3_000.0, 12_000.0) == 3.0
    assert np.isnan(months_of_support(3_000.0, 0.0))
    assert months_of_support([6.0, 6.0], [12.0, 0.0])[0] == 6.0
    assert days_of_minimum_wage(1_000.0, law()) == pytest.approx(21.75)
    with pytest.raises(MicrosimError, match=r"tekun\.minimum_wage"):
        days_of_minimum_wage(1.0, ms.Policy.from_rules({"income": ms.total("wage_income", unit="yuan/year")}))


# --- tables for the charts of a population


def test_the_ladder_holds_those_with_a_drop_ahead(families: Families) -> None:
    found = ms.cliffs(families.population, law(), member=families.earner, kinks=True)
    table = ladder(found)
    assert table["distance"].tolist() == pytest.approx([4_000.0, 3_000.0])
    assert table["area"].tolist() == ["rural", "urban"]
    past = ms.cliffs(
        families.population.with_columns({"wage_income": [7_000.0, 0.0, 0.0]}), law(), kinks=True
    )
    assert len(ladder(past)) == 1


def test_household_types_are_the_first_that_fits() -> None:
    persons = pd.DataFrame(
        [
            (1, 70, False, "none", "none"),
            (2, 40, True, "grade1", "none"),
            (3, 40, False, "grade2", "none"),
            (4, 35, False, "none", "none"), (4, 8, False, "none", "primary"),
            (5, 35, False, "none", "none"), (5, 36, False, "none", "none"), (5, 8, False, "none", "primary"),
            (6, 30, False, "none", "none"),
            (7, 30, False, "none", "none"), (7, 31, False, "none", "none"),
        ],
        columns=["household_id", "age", "severe_illness", "disability_grade", "in_school"],
    )  # fmt: skip
    households = pd.DataFrame({"household_id": range(1, 8), "weight": 1.0})
    population = ms.Population.from_frames(persons, households)
    kinds = [
        "elders_only",
        "severely_ill",
        "severely_disabled",
        "lone_parent",
        "with_pupils",
        "alone",
        "others",
    ]
    assert household_types(population).tolist() == kinds


def test_losses_need_rising_bands_and_the_income(families: Families) -> None:
    found = ms.cliffs(families.population, law(), member=families.earner, kinks=True)
    with pytest.raises(MicrosimError, match="do not increase"):
        losses(found, (5.0, 1.0))
    with pytest.raises(MicrosimError, match="income_before_benefits_per_head"):
        losses(found)
