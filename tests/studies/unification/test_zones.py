"""Zones of counties that set out one after the other, each from its own ratio."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

import microsim as ms
from microsim.cli.main import cli
from microsim.errors import MicrosimError
from microsim.scenario import Scenario
from microsim.studies.unification.scenario_file import unify_scenario
from microsim.studies.unification.zones import shifted, unify_zones
from tests.report.formulas import formulas_in
from tests.scenario.small_county import SCENARIO as PLAIN
from tests.scenario.small_county import write
from tests.studies.unification.one_line import SCENARIO

ZONES = "zones: {near: {start: 2021, counties: [own]}, far: {start: 2023, counties: [second/other.yaml]}}\n"


def zoned(file: Path, said: str) -> Scenario:
    """The scenario with zones, and a second county beside it."""
    other = file.parent / "second"
    if not other.exists():
        other.mkdir()
        write(other, PLAIN, "other.yaml")
    path = file.with_name("zones.yaml")
    path.write_text(SCENARIO + said, encoding="utf-8")
    return ms.load_scenario(path)


def test_a_path_begins_in_the_year_of_its_zone_from_the_countys_own_ratio(file: Path) -> None:
    change = {
        "path": "ratio_then_one",
        "from": {2021: 0.6},
        "ratio": {2023: 0.7},
        "hold": 2024,
        "to": {2026: 1.0},
    }
    later = shifted(change, 2023, 0.8)
    assert later["from"] == {2023: 0.8}
    assert later["ratio"] == {2025: 0.8}
    assert (later["hold"], later["to"]) == (2026, {2028: 1.0})
    found = unify_zones(zoned(file, ZONES))
    alone = unify_scenario(ms.load_scenario(file))
    for year in range(2021, 2026):
        for name in ("cost.total", "extra_cost.total", "line_ratio.dibao"):
            assert found.values["near", "zones", "unify", year, name] == alone.values["unify", year, name]
        parts = [found.values[zone, "", "unify", year, "cost.total"] for zone in ("near", "far")]
        assert found.values["", "", "unify", year, "cost.total"] == pytest.approx(sum(parts))
    assert found.values["far", "other", "unify", 2023, "extra_cost.total"] == pytest.approx(0.0, abs=0.01)
    assert found.values["far", "other", "unify", 2024, "extra_cost.total"] > 0.0


def test_the_workbook_has_the_parameters_of_every_county(file: Path, tmp_path: Path) -> None:
    zoned(file, ZONES)
    arguments = ["unify", str(file.with_name("zones.yaml")), "--out", str(tmp_path), "--xlsx", "--quiet"]
    done = CliRunner().invoke(cli, arguments)
    assert done.exit_code == 0, done.output
    path = tmp_path / "zones-unify" / "zones-unify.xlsx"
    assert formulas_in(path) == []
    book = openpyxl.load_workbook(path, read_only=True)
    assert book.sheetnames == ["About", "Unification", "Assumptions", "Parameters"]
    heading, *rows = book["Unification"].iter_rows(values_only=True)
    assert heading[:2] == ("Zone", "County")
    assert {row[1] for row in rows} == {"zones", "other", None}
    heading, *rows = book["Parameters"].iter_rows(values_only=True)
    assert {row[heading.index("Scenario")] for row in rows} == {"zones", "other"}


def test_a_path_that_no_zone_follows_is_refused(file: Path) -> None:
    jump = "{path: immediate, ratio_to: dibao.line.urban, to: {2022: 1.0}}"
    tekun = "{path: immediate, ratio_to: tekun.living_multiple.urban, to: {2022: 1.2}}"
    beside = f"unification: {{paths: {{at_once: {{dibao.line.rural: {jump}}}}}}}\n"
    scenario = zoned(file, ZONES + beside)
    text = scenario.path.read_text("utf-8").replace(
        "economy:", f"  tekun.living_multiple.rural: {tekun}\neconomy:"
    )
    scenario.path.write_text(text, encoding="utf-8")
    with pytest.raises(MicrosimError) as caught:
        unify_zones(ms.load_scenario(scenario.path))
    for words in (
        "no zone would follow path at_once; zones follow the path of dibao.line.rural alone; take it out",
        "no zone would follow the path of tekun.living_multiple.rural",
    ):
        assert words in str(caught.value)


def test_two_counties_with_one_file_name_are_refused(file: Path) -> None:
    zoned(file, ZONES)
    for name in ("east", "west"):
        (file.parent / name).mkdir()
        write(file.parent / name, PLAIN, "same.yaml")
    east, west = (f"{{start: 2021, counties: [{one}/same.yaml]}}" for one in ("east", "west"))
    with pytest.raises(
        MicrosimError, match=r"zones.yaml:\d+:\d+: the results would call two counties 'same'"
    ):
        zoned(file, f"zones: {{a: {east}, b: {west}}}\n")
