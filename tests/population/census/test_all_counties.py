"""The check of all counties: its outcomes are told for what they are, and no tables are no failure."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.population.census.census_table import other, row, write

TOOL = Path(__file__).resolve().parents[3] / "tools" / "all_counties.py"


@pytest.fixture
def tool(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("all_counties", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "all_counties", module)  # so that other processes find its functions
    monkeypatch.syspath_prepend(str(TOOL.parent))
    spec.loader.exec_module(module)
    return module


def test_a_good_county_and_a_damaged_one(tool: ModuleType, tmp_path: Path) -> None:
    tool._open(write(tmp_path / "c.csv", row(), other(320106, "鼓楼区", "南京市", rural=0)))
    good, bad = tool.county("640522"), tool.county("320106")
    assert good.kind == tool.GOOD
    assert good.miss < 1e-9
    assert good.worth > 0.95
    assert good.controls == 53
    assert good.collective == pytest.approx(11049 / 322469)
    assert good.donor == "h-county"
    assert bad.kind == tool.REFUSED
    text = tool.report([good, bad], 60.0, whole=True)
    assert "**1 of 2 counties (50.00%) have every control within 0.1 %" in text
    assert "| refused | 1 | 50.00% |" in text
    assert text.index("鼓楼区") < text.index("海原县")  # the worst first
    assert "333,518" not in text  # no figure of the census


def test_a_missed_control_is_not_good(
    tool: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tool._open(write(tmp_path / "c.csv"))
    for limit, kind in (("MET", tool.MISSED), ("WORTH", tool.UNEVEN)):
        with monkeypatch.context() as strict:
            strict.setattr(tool, limit, -1.0 if limit == "MET" else 1.0)
            assert tool.county("640522").kind == kind


def test_without_tables_it_says_so(
    tool: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MICROSIM_CENSUS", str(tmp_path / "absent.csv"))
    assert tool.main([]) == 0
    assert capsys.readouterr().out.startswith("skipped: no census tables")
    monkeypatch.delenv("MICROSIM_CENSUS")
    monkeypatch.setattr(tool, "NEIGHBOURS", (Path("absent.csv"),))
    assert tool.census_file(None) is None
    here = write(tmp_path / "here.csv")
    assert tool.census_file(str(here)) == here


@pytest.mark.long
def test_the_whole_check_on_a_small_table(tool: ModuleType, tmp_path: Path) -> None:
    table = write(tmp_path / "c.csv", row(), other(320106, "鼓楼区", "南京市"))
    assert tool.main([str(table), "--report", str(tmp_path / "r.md")]) == 0
    assert "**2 of 2 counties (100.00%)" in (tmp_path / "r.md").read_text(encoding="utf-8")


def test_the_committed_report_is_of_all_counties_and_reaches_the_goal(tool: ModuleType) -> None:
    page = (TOOL.parents[1] / "docs" / "all-counties.md").read_text(encoding="utf-8")
    found = re.search(r"\*\*([\d,]+) of ([\d,]+) counties", page)
    assert found is not None
    good, count = (int(number.replace(",", "")) for number in found.groups())
    assert count == 2943
    assert good >= tool.SHARE * count
    assert page.startswith("# All counties of the 2020 census\n\nEvery county of")
