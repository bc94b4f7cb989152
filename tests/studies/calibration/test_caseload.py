"""The caseload calibration: the committed county gives the paper's figures, and the study finds it again."""

from __future__ import annotations

import itertools
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
import pytest

import microsim as ms
from microsim.errors import MicrosimError
from microsim.studies.caseload import calibrate_caseload
from microsim.studies.caseload.__main__ import main
from microsim.studies.caseload.beside import printed, trend
from microsim.studies.caseload.levers import (
    Variant,
    read_levers,
    values_in,
    variants,
)
from microsim.studies.caseload.markdown import amount
from microsim.studies.caseload.report import report
from microsim.studies.caseload.side import side_figures
from tests.face.same_face import check_face

ROOT = Path(__file__).parents[3]
KEYS = [(rule, area) for rule in ("dibao_recipients", "dibao_benefit") for area in ("rural", "urban")]


class Year(NamedTuple):
    """The committed county of a year, its scenario, its page, and what the source paper gives."""

    folder: Path
    scenario: Path
    page: Path
    paper: dict[tuple[str, str], float]


def of_year(year: int, folder: str, *figures: float) -> Year:
    paths = ROOT / "data/synthetic" / folder, ROOT / f"scenarios/h-county-{year}.yaml"
    return Year(*paths, ROOT / f"docs/calibration-{folder}.md", dict(zip(KEYS, figures, strict=True)))


# Printed: 5.89 wan persons, 74.2 % of them rural, 1.98 yi, 1.34 of it rural; then 6.23, 83.5 %, 3.05, 2.44.
YEARS = {
    2016: of_year(2016, "h-county-2016", 43_704, 15_196, 134e6, 64e6),
    2020: of_year(2020, "h-county", 52_020, 10_280, 244e6, 61e6),
}
COUNTY, SCENARIO, _, PAPER = YEARS[2020]
SAMPLE = 600  # households: enough to move the levers on, too few to meet the targets closely


@pytest.fixture(scope="module")
def county() -> ms.County:
    return ms.County.read(COUNTY)


@pytest.fixture(scope="module")
def small(county: ms.County):
    return calibrate_caseload(county, households=SAMPLE)


# ------------------------------------------------------------------------------- the committed county


@cache
def totals(year: int) -> dict[tuple[str, str], float]:
    """What the committed county and scenario of a year give."""
    scenario = ms.load_scenario(YEARS[year].scenario)
    result = ms.simulate(scenario.population(), scenario.policy(), ["dibao_recipients", "dibao_benefit"])
    return {(rule, area): float(result.total(rule, by="area")[area]) for rule, area in PAPER}


@pytest.mark.parametrize("year", YEARS)
def test_committed_county_and_scenario_give_the_papers_figures(year: int):
    for (rule, area), paper in YEARS[year].paper.items():
        assert totals(year)[rule, area] == pytest.approx(paper, rel=0.01), (rule, area)


def test_dibao_grows_from_2016_to_2020_as_the_paper_tells():
    """Printed: rural recipients "20 %" more (its numbers make 19), shares 74.2 to 83.5 and 67.9 to 80 %."""
    found = trend(totals(2016), totals(2020))
    paper = trend(YEARS[2016].paper, YEARS[2020].paper)
    early, late = found["recipients, rural"]
    assert late / early - 1.0 == pytest.approx(0.20, abs=0.02)
    assert found["rural share of recipients"] == pytest.approx((0.742, 0.835), abs=0.001)
    # 1.34 of 1.98 yi, as printed, are 67.7 %: 67.9 lies within their rounding.
    assert found["rural share of expenditure"] == pytest.approx((0.679, 0.800), abs=0.003)
    assert found["recipients, all"] == pytest.approx((58_900, 62_300), rel=0.003)
    assert found["expenditure, all"] == pytest.approx((198e6, 305e6), rel=0.003)
    assert found["recipients, urban"][1] < 0.7 * found["recipients, urban"][0]
    for name, values in paper.items():
        assert found[name] == pytest.approx(values, rel=0.003), name


# Every figure that the source paper prints of the county's dibao, in its own digits.
PRINTED = {
    ("recipients, all", 2016): 58_900,  # 5.89 wan
    ("recipients, all", 2020): 62_300,  # 6.23 wan
    ("recipients, rural", "change"): 0.20,
    ("rural share of recipients", 2016): 0.742,
    ("rural share of recipients", 2020): 0.835,
    ("expenditure, all", 2016): 198e6,  # 1.98 yi
    ("expenditure, all", 2020): 305e6,  # 3.05 yi
    ("expenditure, rural", 2016): 134e6,  # 1.34 yi
    ("expenditure, rural", 2020): 244e6,  # 2.44 yi
    ("rural share of expenditure", 2016): 0.679,
    ("rural share of expenditure", 2020): 0.80,
}
SHARES_OF_RESIDENTS = {"dibao_share_of_residents": 0.187, "dibao_share_of_rural_residents": 0.241}


@pytest.mark.parametrize("folder", [one.folder for one in YEARS.values()], ids=str)
def test_profiles_hold_the_papers_figures_as_printed(folder: Path):
    profile = ms.County.read(folder)
    for (name, figure), want in {
        ("dibao_total_recipients", "2016"): 58_900,
        ("dibao_total_recipients", "2020"): 62_300,
        ("dibao_rural_share", "2016"): 0.742,
        ("dibao_rural_share", "2020"): 0.835,
        ("dibao_rural_recipients_growth", "2020"): 0.20,
        ("dibao_total_outlay", "2016"): 198e6,
        ("dibao_total_outlay", "2020"): 305e6,
        ("dibao_rural_outlay_share", "2016"): 0.679,
        ("dibao_rural_outlay_share", "2020"): 0.80,
    }.items():
        assert profile[f"paper.{name}"][figure] == want, name
    for name, want in SHARES_OF_RESIDENTS.items():
        assert profile[f"paper.{name}"]["2020"] == want


def test_columns_of_the_paper_hold_its_own_figures_and_mark_all_others():
    """What the pages print under "paper" without a star is printed there, and nothing else is."""
    assert printed(*(ms.County.read(one.folder) for one in YEARS.values())) == PRINTED
    pages = [one.page.read_text(encoding="utf-8") for one in YEARS.values()]
    rows = {cells[0]: cells for page in pages for cells in _rows(page, "paper: change")}
    assert rows["recipients, rural"][1:3] + rows["recipients, rural"][5:6] == [
        "43,704 persons*",
        "52,020 persons*",
        "+20%",
    ]
    assert rows["recipients, all"][1:3] == ["58,900 persons", "62,300 persons"]
    assert rows["rural share of recipients"][1:3] == ["74.2%", "83.5%"]
    assert rows["expenditure, rural"][1:3] == ["134.0 million yuan", "244.0 million yuan"]
    assert rows["expenditure, all"][1:3] == ["198.0 million yuan", "305.0 million yuan"]
    assert rows["rural share of expenditure"][1:3] == ["67.9%", "80%"]
    for name, cells in rows.items():
        for at, cell in ((2016, cells[1]), (2020, cells[2]), ("change", cells[5])):
            assert cell.endswith("*") == ((name, at) not in PRINTED), (name, at)
    for year, page in zip(YEARS, pages, strict=True):
        for cells in _rows(page, "source paper"):
            assert cells[1].endswith("*") == ((cells[0], year) not in PRINTED), cells


def _rows(page: str, head: str) -> list[list[str]]:
    """Cells of the table that has a column of this name."""
    lines = page.splitlines()
    start = next((k for k, line in enumerate(lines) if f"| {head} |" in line), None)
    if start is None:
        return []
    table = itertools.takewhile(lambda line: line.startswith("|"), lines[start + 2 :])
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table]


@pytest.mark.parametrize("year", YEARS)
def test_committed_values_lie_in_the_range_of_their_lever(year: int):
    county, policy = ms.County.read(YEARS[year].folder), ms.load_scenario(YEARS[year].scenario).policy()
    levers = read_levers(county, ms.Policy.load(f"{year}-12-31"))
    values = values_in(levers, county, policy)
    for lever in levers:
        assert lever.low - 1e-3 <= values[lever.name] <= lever.high + 1e-3, lever.name


def test_the_levers_of_2016_start_from_what_was_found_for_2020(county: ms.County):
    law = ms.load_scenario(SCENARIO).policy()
    found = values_in(read_levers(county, law), county, law)
    other = ms.County.read(YEARS[2016].folder)
    for lever in read_levers(other, ms.Policy.load("2016-12-31")):
        if lever.of_county or lever.name.startswith("dibao.individual_entry_share"):
            assert lever.start == pytest.approx(found[lever.name], abs=2e-4), lever.name
        elif lever.parameter == "dibao.top_up.minor":
            share = found[lever.name] / found[f"dibao.line.{lever.area}"]
            assert lever.start / other_line(lever.area) == pytest.approx(share, abs=0.002)


def other_line(area: str) -> float:
    return float(ms.load_scenario(YEARS[2016].scenario).policy().value("dibao.line")[area])


@pytest.mark.parametrize("year", YEARS)
def test_page_of_a_year_holds_what_is_committed(year: int):
    county, policy = ms.County.read(YEARS[year].folder), ms.load_scenario(YEARS[year].scenario).policy()
    text = YEARS[year].page.read_text(encoding="utf-8")
    levers = read_levers(county, ms.Policy.load(f"{year}-12-31"))
    values = values_in(levers, county, policy)
    for lever in levers:
        written = county[lever.name] if lever.name.endswith(".mean") else values[lever.name]
        if lever.name.endswith(".unevenness"):
            continue  # written as a spread in the profile, rounded
        row = next(line for line in text.splitlines() if line.startswith(f"| `{lever.name}` |"))
        assert amount(lever, written) in row, lever.name


@pytest.mark.long
@pytest.mark.parametrize("year", YEARS)
def test_the_study_finds_the_committed_values(year: int):
    county = ms.County.read(YEARS[year].folder)
    found = calibrate_caseload(county)
    assert found.met
    assert found.profile_values == {name: county[name] for name in found.profile_values}
    assert found.changes.items() <= ms.load_scenario(YEARS[year].scenario).changes.items()
    assert found.targets["difference"].abs().max() < 0.003
    assert f"| sum of squared moves | {found.distance:.2f} |" in YEARS[year].page.read_text()


# -------------------------------------------------------------------------------- the study on a small sample


@pytest.mark.slow
def test_the_study_is_deterministic_and_does_not_start_from_the_profile(county: ms.County, small):
    elsewhere = county.with_values({"assumptions.income_visible_share.rural.mean": 0.6})
    again = calibrate_caseload(elsewhere, households=SAMPLE)
    assert again.values == small.values
    assert np.array_equal(again.found.misses, small.found.misses)


def test_the_face_is_that_of_all_results(small, tmp_path: Path):
    check_face(small, tmp_path)


def test_no_lever_leaves_its_range(small):
    for lever in small.moved:
        assert lever.low <= small.values[lever.name] <= lever.high, lever.name
        steps = small.values[lever.name] / lever.step
        assert steps == pytest.approx(round(steps), abs=1e-6), lever.name


def test_the_study_comes_near_and_moves_few_levers(small):
    starts = {lever.name: lever.start for lever in small.moved}
    assert small.targets["difference"].abs().max() < 0.1
    assert sum(small.values[name] != start for name, start in starts.items()) <= 14
    table = small.levers.set_index("lever")
    moved = (table["value"] - table["start"]) / (table["high"] - table["low"])
    assert np.allclose(table["moved"], moved)
    assert small.distance == pytest.approx(float((moved**2).sum()))


def test_what_is_found_is_what_the_county_then_gives(county: ms.County, small):
    """Profile values and changes, used as a user would, give the figures that the study reports."""
    population = ms.synthesize(county.with_values(small.profile_values), households=SAMPLE)
    policy = ms.Policy.load("2020-12-31").reform(small.changes, allow_unusual=True)
    result = ms.simulate(population, policy, ["dibao_recipients", "dibao_benefit"])
    for row in small.targets.itertuples():
        assert result.total(row.target, by="area")[row.area] == pytest.approx(row.ours, rel=1e-12)


def test_side_figures_add_up(small):
    figures = side_figures(small).set_index(["area", "measure"])["value"]
    for area in ("rural", "urban"):
        parts = [
            value for (where, name), value in figures.items() if where == area and "expenditure: " in name
        ]
        assert sum(parts) == pytest.approx(1.0)
        assert 1 <= figures[area, "persons per recipient household"] <= 6
        near = figures[area, "recipients truly above twice the line"]
        assert 0 <= near <= figures[area, "recipients truly above the line"] <= 1


def test_the_letter_of_the_law_cannot_explain_the_rural_figures(small):
    table = small.by_the_letter.set_index(["target", "area"])["ours"]
    assert table["dibao_benefit", "rural"] < 0.75 * PAPER["dibao_benefit", "rural"]
    line = small.policy.value("dibao.line")["rural"]
    assert table["dibao_benefit", "rural"] / table["dibao_recipients", "rural"] < line
    assert PAPER["dibao_benefit", "rural"] / PAPER["dibao_recipients", "rural"] > 4560


def test_targets_out_of_reach_are_reported_and_not_raised(county: ms.County):
    held = tuple(lever.name for lever in read_levers(county, ms.Policy.load("2020-12-31")))
    only = "dibao.top_up.minor.rural"
    alone = Variant("alone", "one lever", "a test", held=tuple(name for name in held if name != only))
    found = calibrate_caseload(county, variant=alone, households=SAMPLE)
    assert not found.met
    assert set(found.levers.query("moved != 0")["lever"]) <= {only}
    assert "not all targets could be met" in found.describe()


def test_report_tells_targets_moves_and_alternatives(county: ms.County, small):
    text = report(small, [calibrate_caseload(county, variant="discretion", households=SAMPLE)], "a command")
    assert "Generated by `a command`" in text
    assert "## The levers are not identified" in text
    assert f"There are four figures and {len(small.moved)} levers" in text
    for lever in small.moved:
        assert f"`{lever.name}`" in text
    assert variants()["discretion"].title in text
    assert "nan" not in text


def test_report_holds_a_year_against_another(small):
    other = ms.load_scenario(YEARS[2016].scenario)
    households = other.population().household_id[:SAMPLE]
    few = SimpleNamespace(population=lambda: other.population().select(households), policy=other.policy)
    text = report(small, [], "a command", few)
    assert "## From 2020 to 2016" in text
    assert "| recipients, all | 62,300 persons | 58,900 persons |" in text
    assert "| `dibao.line.rural` | 3,156 yuan | 4,560 yuan | +44% |" in text
    assert "of the range |" in text
    assert "nan" not in text


def test_command_prints_writes_and_refuses(
    county: ms.County, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    from click.testing import CliRunner

    profile = tmp_path / "profile.yaml"
    profile.write_text(county.text, encoding="utf-8")
    done = CliRunner().invoke(
        main, [str(profile), "--variant", "discretion", "--households", str(SAMPLE), "--write"]
    )
    assert done.exit_code == 0, done.output
    assert "for `changes` of a scenario" in done.output
    assert ms.County.read(profile).text != county.text
    bad = CliRunner().invoke(main, [str(profile), "--variant", "bandz"])
    assert bad.exit_code == 2
    assert "did you mean 'bands'" in bad.output


# -------------------------------------------------------------------------------- levers and the solver


def test_bad_starts_are_all_named(county: ms.County):
    policy = ms.Policy.load("2020-12-31")
    with pytest.raises(MicrosimError) as error:
        read_levers(county, policy, {"dibao.line.rural": 9000.0, "dibao.lines": 1.0})
    assert "dibao.line.rural starts at 9000, outside 4200 to 5000" in str(error.value)
    assert "'dibao.lines' is no lever" in str(error.value)


def test_a_county_without_targets_is_refused(county: ms.County):
    other = ms.County.read(COUNTY)
    figures = {name: figure for name, figure in other.figures.items() if not name.startswith("paper.")}
    object.__setattr__(other, "figures", figures)
    with pytest.raises(MicrosimError, match=r"no paper\.dibao_recipients of 2020 for rural"):
        calibrate_caseload(other, households=SAMPLE)
