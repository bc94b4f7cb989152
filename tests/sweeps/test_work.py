"""The rows of a sweep's tasks are those of separate runs of the same settings, whatever the blocks."""

from __future__ import annotations

import pickle
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import microsim as ms
from microsim.errors import MicrosimError
from microsim.outcome import flat_name
from microsim.sweeps.grid import Grid
from microsim.sweeps.sweep_file import read_grid
from microsim.sweeps.work import SweepWork
from tests.scenario.small_county import write

RURAL, URBAN = "dibao.line.rural", "dibao.line.urban"
KEY = ["scenario", "county", "seed", "measure", "subject", "group"]


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("work"))


@pytest.fixture(scope="module")
def neighbour(scenario: Path) -> Path:
    """Another county: every household of the small one counts more, and the last are missing."""
    place = scenario.parent / "neighbour"
    population = ms.Population.read(scenario.parent / "county")
    there = population.select(np.arange(population.n_households) < 250)
    there.write(place)
    shutil.copy(scenario.parent / "county" / "profile.yaml", place / "profile.yaml")
    return place


def grid(scenario: Path, **content: Any) -> Grid:
    return read_grid({"scenario": scenario, **content})


def rows(found: Grid, part: int = 100) -> pd.DataFrame:
    work = SweepWork(found, part)
    tables = [work.rows(number, 1).to_pandas() for number in range(work.count)]
    return pd.concat(tables, ignore_index=True).astype(
        {"county": str, "measure": str, "subject": str, "group": str}
    )


def run_of(scenario: Path, text: str, county: Path | None = None) -> dict[str, float]:
    """The figures of a run of a scenario file beside the base scenario."""
    path = scenario.parent / "one.yaml"
    path.write_text(f"base: {scenario.name}\n{text}", encoding="utf-8")
    done = ms.run(ms.load_scenario(path, county=county, allow_unusual=True))
    found = done.reform if hasattr(done, "reform") else done
    return {name: said["value"] for name, said in found.summary.items()}


def check(found: pd.DataFrame, run: dict[str, float], near: float = 0.0) -> None:
    """Every row has the value of the run: the same bits, or as near as is said."""
    assert len(found) > 20
    for row in found.itertuples():
        name = flat_name(row.measure, row.subject, row.group)
        assert row.value == (pytest.approx(run[name], rel=near) if near else run[name]), name


def test_lines_that_move_together(scenario: Path) -> None:
    table = rows(grid(scenario, linked=[{RURAL: [4200, 4800], URBAN: [7000, 7300]}]))
    for number, (rural, urban) in enumerate(((4200, 7000), (4800, 7300))):
        text = f"changes: {{dibao.line: {{by: {{rural: {rural}, urban: {urban}}}}}}}\n"
        check(table[table["scenario"] == number], run_of(scenario, text))
    assert set(table[RURAL]) == {4200.0, 4800.0}


def test_days_regimes_and_switches(scenario: Path) -> None:
    axes = {
        "law": ["2019-12-31", "2020-12-31"],
        "regime.medical_aid": ["linked", "tiered"],
        "programmes.education_aid": ["off"],
        RURAL: [4600],
    }
    found = grid(scenario, axes=axes, unusual=["dibao.line"])
    table = rows(found)
    assert len(SweepWork(found).blocks) == 4
    for number, point in enumerate(found.points):
        text = f"law: {point[0]}\nregime: {{medical_aid: {point[1]}}}\nprogrammes: {{education_aid: off}}\n"
        check(table[table["scenario"] == number], run_of(scenario, text))
    assert set(table["law"]) == {"2019-12-31", "2020-12-31"}
    medical = table.query("measure == 'cost' and subject == 'medical_aid' and group == ''")
    assert medical["value"].nunique() > 1  # else the test could not fail
    assert (table.query("measure == 'cost' and subject == 'education_aid'")["value"] == 0.0).all()


def test_growth_of_incomes(scenario: Path) -> None:
    axes = {"law": ["2022-12-31"], "economy.income_growth": {"from": 0.0, "to": 0.06, "steps": 2}}
    table = rows(grid(scenario, axes=axes, unusual=["dibao.line"]))
    for number, growth in enumerate((0.0, 0.06)):
        text = f"law: 2022-12-31\neconomy: {{income_growth: {growth}}}\n"
        check(table[table["scenario"] == number], run_of(scenario, text))
    caseload = table.query("measure == 'caseload' and subject == 'dibao' and group == ''")["value"]
    assert caseload.iloc[0] > caseload.iloc[1]


def test_counties_and_what_they_have_of_their_own(scenario: Path, neighbour: Path) -> None:
    counties = ["county", {"county": "neighbour", "name": "next", RURAL: 4400}]
    path = scenario.parent / "counties-sweep.yaml"
    ms_counties = f"[county, {{county: neighbour, name: next, {RURAL}: 4400}}]"
    path.write_text(
        f"scenario: small.yaml\ncounties: {ms_counties}\naxes: {{{URBAN}: [7000, 7300]}}\n", encoding="utf-8"
    )
    found = read_grid(path)
    assert [county.name for county in found.counties] == ["county", "next"]
    assert len(counties) == len(found.counties)
    table = rows(found)
    for number, urban in enumerate((7000, 7300)):
        for name, county, rural in (("county", None, 4600), ("next", neighbour, 4400)):
            text = f"changes: {{dibao.line: {{by: {{rural: {rural}, urban: {urban}}}}}}}\n"
            one = table[(table["scenario"] == number) & (table["county"] == name)]
            check(one, run_of(scenario, text, county))


def test_a_table_of_counties(scenario: Path, neighbour: Path) -> None:
    (scenario.parent / "counties.csv").write_text(
        f"county,name,{RURAL}\ncounty,,\nneighbour,next,4400\n", encoding="utf-8-sig"
    )
    path = scenario.parent / "table.yaml"
    text = f"scenario: small.yaml\ncounties: counties.csv\naxes: {{{URBAN}: [7000, 7300]}}\n"
    path.write_text(text, encoding="utf-8")
    by_table = rows(read_grid(path))
    path.write_text(
        text.replace("counties.csv", f"[county, {{county: neighbour, name: next, {RURAL}: 4400}}]"),
        encoding="utf-8",
    )
    pd.testing.assert_frame_equal(by_table, rows(read_grid(path)), check_exact=True)
    assert neighbour.is_dir()


def test_several_base_scenarios_each_in_its_county(scenario: Path, neighbour: Path) -> None:
    text = scenario.read_text(encoding="utf-8").replace("county: county", f"county: {neighbour.name}")
    other = write(scenario.parent, text.replace("4600", "4800"), "other.yaml")
    table = rows(read_grid({"scenarios": [str(scenario), str(other)], "axes": {URBAN: [7000]}}))
    assert set(zip(table["base"], table["county"], strict=True)) == {
        ("small", "county"),
        ("other", "neighbour"),
    }
    check(table[table["base"] == "small"], run_of(scenario, ""))
    check(table[table["base"] == "other"], run_of(other, ""))


def test_seeds_and_sets_of_the_ensemble(tmp_path: Path, root: Path) -> None:
    """A county as its profile gives it, made again under another seed and seen as another set says."""
    home = root / "data" / "synthetic" / "h-county"
    for name in ("profile.yaml", "ensemble.yaml"):
        (tmp_path / "small").mkdir(exist_ok=True)
        shutil.copy(home / name, tmp_path / "small" / name)
    county = ms.County.read(tmp_path / "small" / "profile.yaml")
    ms.synthesize(county, households=400).write(tmp_path / "small")
    path = tmp_path / "base.yaml"
    path.write_text("county: small\nlaw: 2020-12-31\n", encoding="utf-8")
    found = read_grid({"scenario": path, "axes": {"ensemble": [1, 3], "seed": [0, 7]}})
    assert (found.seeds, found.points) == ((0, 7), ((1,), (3,)))
    table = rows(found)
    base = ms.load_scenario(path)
    from microsim.population import SeenAnew
    from microsim.scenario.practice.ensemble import read_ensemble
    from microsim.studies.common.remade import with_figures
    from microsim.studies.ensemble.study import figures_of

    members = read_ensemble(tmp_path / "small")
    for seed in (0, 7):
        made = ms.synthesize(county, households=400, seed=seed or 1)
        anew = SeenAnew.of(made, county, seed or 1)
        for number, member in enumerate((members[0], members[2])):
            seen = anew.under(with_figures(county, member.county))
            figures = figures_of(base.under(member), base.carried(seen))
            one = table[(table["scenario"] == number) & (table["seed"] == seed)]
            check(one, {row.name: row.value for row in figures.rows})
    assert rows(read_grid({"scenario": path, "axes": {"ensemble": "all"}}), 100)["ensemble"].nunique() == len(
        members
    )


def test_blocks_processes_and_threads_change_no_bit(scenario: Path, neighbour: Path) -> None:
    content = {"scenario": scenario, "counties": [str(scenario.parent / "county"), str(neighbour)]}
    axes = {RURAL: [4200, 4500, 4800], "regime.medical_aid": ["linked", "tiered"]}
    outputs = ["cost", "caseload", "poverty", "inequality"]
    found = read_grid({**content, "axes": axes, "outputs": outputs})
    whole = rows(found)
    pieces = rows(found, 1)
    pd.testing.assert_frame_equal(
        whole.sort_values(KEY, ignore_index=True),
        pieces.sort_values(KEY, ignore_index=True),
        check_exact=True,
    )
    work = SweepWork(found, 2)
    elsewhere = pickle.loads(pickle.dumps(work))
    assert elsewhere.plan == work.plan
    for number in (work.count - 1, 0):  # in another order, with another number of threads
        assert elsewhere.rows(number, 2).equals(work.rows(number, 1))
    assert work.name(1) == "scenarios 5 to 5 of 6, county county"


def test_a_county_that_fails_says_why(scenario: Path, neighbour: Path) -> None:
    broken = scenario.parent / "broken"
    shutil.copytree(neighbour, broken, dirs_exist_ok=True)
    (broken / "persons.parquet").write_bytes(b"no table")
    content = {"scenario": scenario, "counties": [str(neighbour), str(broken)], "axes": {RURAL: [4200]}}
    work = SweepWork(read_grid(content))
    assert work.rows(0, 1).num_rows > 0
    with pytest.raises(MicrosimError, match="broken"):
        work.rows(1, 1)
