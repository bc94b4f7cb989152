"""The common face of results: table, summary, headline, notebook and files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest

import microsim as ms
from microsim import workbook
from microsim.errors import FileError, InputError
from microsim.outcome import Outcome
from microsim.population import calibrate
from tests.face.same_face import Text, check_face
from tests.scenario.small_county import PROFILE, ROOT, write
from tests.studies.small_law import LINE, earned, gap, poor

SUBCLASSES_OF_THE_PACKAGE = {
    "Result", "Walk", "RunResult", "Cliffs", "Causes", "BudgetLines", "FamilyLines", "CliffStudy",
    "Neighbours", "Distribution", "Comparison", "Unification", "Sweep", "CaseloadCalibration",
    "CalibrationReport", "CountyCalibration", "DonorRange", "Ledger", "Solution",
    "Months", "JobValue", "Followed", "Projection", "PolicyEffects", "Replication", "CaseloadEnsemble",
    "Plan", "BudgetSplit", "Zones", "Transplant", "NationResult",
}  # fmt: skip
TRICKY = ["=1+1", "+86", "-", "@cell", "plain", "\t=2"]


class Small(Outcome):
    """A result by hand, with text that looks like formulas."""

    table = pd.DataFrame({"name": TRICKY, "value": [1.5, 2.0, 3e6, np.nan, 0.25, 4.0]})
    summary: Mapping[str, Mapping[str, Any]] = {"=total": {"value": 1.5, "unit": "yuan/year"}}
    headline = "six <rows>"


@ms.household(unit="yuan/year")
def disposable_income(income: float, gap: float) -> float:
    """Income and the gap that is paid."""
    return income + gap


def small_policy() -> ms.Policy:
    rules = {"earned": earned, "income": ms.total(earned), "poor": poor, "gap": gap}
    return ms.Policy.from_rules({**rules, "disposable_income": disposable_income}, parameters={"line": LINE})


def small_population() -> ms.Population:
    ids = [1, 2, 3, 4]
    areas = pd.Categorical(["rural", "rural", "urban", "urban"], categories=["rural", "urban"])
    persons = pd.DataFrame(
        {
            "person_id": ids,
            "household_id": ids,
            "wage_income": [0.0, 4000.0, 1000.0, 90000.0],
            "pension_income": 0.0,
        }
    )
    return ms.Population.from_frames(
        persons, pd.DataFrame({"household_id": ids, "weight": [1.0, 2.0, 3.0, 4.0], "area": areas})
    )


@pytest.fixture(scope="module")
def result() -> Any:
    return ms.simulate(small_population(), small_policy(), ["gap", "poor", "disposable_income"])


def test_a_result_says_itself_in_a_line_and_in_a_notebook() -> None:
    assert repr(Small()) == "Small: six <rows>"
    said = Text(Small()._repr_html_()).said
    assert "six <rows>" in said
    assert "3,000,000" in said
    assert "0.25" in said


def test_long_tables_are_cut_in_a_notebook() -> None:
    long = Small()
    long.table = pd.DataFrame({"x": np.arange(5000)})
    said = Text(long._repr_html_()).said
    assert "First rows of the table (5,000 rows, 1 columns)" in said
    assert "11" in said
    assert "12" not in said


def test_csv_and_parquet_hold_the_table(tmp_path: Path) -> None:
    small = Small()
    assert small.to_csv(tmp_path / "a" / "small.csv") == tmp_path / "a" / "small.csv"
    pd.testing.assert_frame_equal(pd.read_csv(tmp_path / "a" / "small.csv"), small.table)
    small.to_parquet(tmp_path / "small.parquet")
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "small.parquet"), small.table)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "small.parquet"]


def test_text_in_a_workbook_is_never_a_formula(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(Small().to_excel(tmp_path / "small.xlsx"))
    assert book.sheetnames == ["table", "summary"]
    cells = [row[0] for row in book["table"].iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == TRICKY
    assert {cell.data_type for cell in cells} == {"s"}
    assert [bool(cell.quotePrefix) for cell in cells] == [True, True, True, True, False, True]
    assert book["table"]["B2"].value == 1.5
    assert book["summary"]["A2"].data_type == "s"


def test_an_older_file_stays_until_the_new_one_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Small().to_csv(tmp_path / "small.csv")
    before = path.read_bytes()

    def full(*args: object, **kwargs: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(pd.DataFrame, "to_csv", full)
    with pytest.raises(OSError, match="no space left"):
        Small().to_csv(path)
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["small.csv"]


def test_what_cannot_be_written_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FileError, match="is a folder; name a file"):
        Small().to_csv(tmp_path)
    with pytest.raises(InputError, match=r"a workbook is not called 'small.xls'; end it in .xlsx"):
        Small().to_excel("small.xls")
    monkeypatch.setattr(workbook, "ROWS", 6)
    with pytest.raises(InputError, match="a sheet holds 5 rows, and the table has 6; use to_parquet"):
        Small().to_excel(tmp_path / "small.xlsx")


def test_a_simulation_gives_its_weighted_totals(result: Any) -> None:
    table = result.table.set_index(["output", "group"])
    assert table.loc[("poor", "rural"), "unit"] == "households"
    assert table.loc[("gap", ""), "value"] == result.total("gap")
    assert table.loc[("gap", "urban"), "value"] == result.total("gap", by="area")["urban"]
    income = table.loc[("disposable_income", "urban"), "value"]
    assert result.summary["disposable_income.urban"] == {"value": income, "unit": "yuan/year"}
    assert list(result.summary)[:3] == ["gap.rural", "gap.urban", "gap"]
    assert repr(result).startswith("Result: 4 households; gap ")


def test_a_total_that_is_not_finite_does_not_stop_the_line() -> None:
    @ms.household(unit="yuan/year")
    def endless(income: float) -> float:
        return income / 0.0

    policy = ms.Policy.from_rules({"earned": earned, "income": ms.total(earned), "endless": endless})
    assert "endless not finite" in repr(ms.simulate(small_population(), policy, ["endless"]))


def test_every_result_has_the_same_face(result: Any, tmp_path: Path) -> None:
    population, policy = small_population(), small_policy()
    weights, report = calibrate({"x": np.ones(4)}, {"x": 8.0}, np.ones(4))
    found = ms.cliffs(population, policy, resources="disposable_income", kinks=True)
    walked = ms.walk(population, policy, grid=[0.0, 1000.0], outputs=["gap"])
    everything = [result, found, ms.causes(found), walked, report]
    for one in everything:
        check_face(one, tmp_path)
    assert weights.sum() == pytest.approx(8.0)
    assert walked.table["value"].tolist() == walked["gap"].ravel().tolist()


def test_no_result_is_left_out() -> None:
    from microsim.studies.caseload import CaseloadCalibration
    from microsim.studies.cliffs.study import CliffStudy
    from microsim.studies.distribution.study import Distribution
    from microsim.studies.neighbours.study import Neighbours
    from microsim.studies.unification.study import Unification
    from microsim.sweeps.run import Sweep

    for kind in (CaseloadCalibration, CliffStudy, Distribution, Neighbours, Unification, Sweep):
        assert issubclass(kind, Outcome)
    here = {one.__name__ for one in Outcome.__subclasses__() if one.__module__.startswith("microsim.")}
    assert here <= SUBCLASSES_OF_THE_PACKAGE


def test_a_run_as_an_object(tmp_path: Path) -> None:
    path = write(tmp_path)
    found = ms.run(ms.load_scenario(path))
    assert sorted(one.name for one in tmp_path.iterdir()) == ["county", "small.yaml"]
    check_face(found, tmp_path / "out")
    again = ms.run(path, out=tmp_path / "results")
    assert again.summary == found.summary
    written = json.loads((tmp_path / "results" / "small" / "summary.json").read_text(encoding="utf-8"))
    assert written == found.summary


@pytest.mark.parametrize(
    "shown",
    [
        small_population,
        small_policy,
        lambda: small_policy().reform({"line": 5000.0}),
        lambda: ms.Policy.load("2020-12-31"),
        lambda: ms.County.read(PROFILE),
        lambda: ms.load_scenario(ROOT / "scenarios" / "linked-2014.yaml"),
    ],
)
def test_what_is_given_shows_itself_in_a_notebook(shown: Any) -> None:
    one = shown()
    html = one._repr_html_()
    assert len(html) < 6000
    said = Text(html).said
    assert type(one).__name__ in said
    assert len(repr(one)) < 120
