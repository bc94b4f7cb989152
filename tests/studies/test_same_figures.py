"""One law on one county gives the same figures, to the last bit, whichever command is asked.

Few households and plain Python: done before numba would have compiled the law of the first date.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import microsim as ms
from microsim.population import County, Population, synthesize
from microsim.scenario import Scenario
from microsim.studies.common.baseline import RunResult, run_scenario
from microsim.studies.ledger.study import CENTRAL_INCREASE
from microsim.studies.unification.scenario_file import UNIFY, unify_scenario
from microsim.studies.unification.study import Unification, unify
from tests.plain import plain
from tests.population.census.census_table import real_census, row, write
from tests.scenario.small_county import PROFILE, frames

ROOT = Path(__file__).resolve().parents[2]
RURAL, URBAN = "dibao.line.rural", "dibao.line.urban"
ALL = sorted(
    path.relative_to(ROOT / "scenarios")
    for path in (ROOT / "scenarios").rglob("*.yaml")
    if path.stem not in ("families", "nation")
    and not path.stem.startswith("sweep-")
    and path.parent.name != "provinces"
)
# Only a run, a comparison and a ledger ration: others refuse such a file.
CAPPED = [path for path in ALL if "\nbudget:" in (ROOT / "scenarios" / path).read_text(encoding="utf-8")]
SHIPPED = [path for path in ALL if path not in CAPPED]
MEASURES = ("cost", "caseload", "resident_share", "revenue_share", "revenue")
Figures = dict[tuple[str, str, str], float]


@pytest.fixture
def as_plain_python() -> Iterator[None]:
    with plain():
        yield


def few(count: int) -> Population:
    persons, households = frames()
    return Population.from_frames(persons, households).select(np.arange(1, count + 1))


@pytest.fixture(scope="module")
def scenarios(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scenarios that are shipped, each county in them one of 60 households, of its own year."""
    folder = tmp_path_factory.mktemp("shipped")
    (folder / "scenarios" / "counties").mkdir(parents=True)
    shutil.copytree(ROOT / "scenarios" / "provinces", folder / "scenarios" / "provinces")
    made = few(60)
    for county in (ROOT / "data" / "synthetic").glob("*/profile.yaml"):
        where = folder / "data" / "synthetic" / county.parent.name
        made.write(where)
        (where / "profile.yaml").write_bytes(county.read_bytes())
    for path in ALL:
        lines = (ROOT / "scenarios" / path).read_text(encoding="utf-8").splitlines()
        text = "\n".join(line for line in lines if not line.startswith("outputs:"))
        target = folder / "scenarios" / path
        target.write_text(f"{text}\noutputs: [cost, caseload]\n", encoding="utf-8")
    return folder / "scenarios"


# ---------------------------------------------------------------- the figures of each command


def of_run(run: RunResult) -> Figures:
    return {(f.measure, f.subject, f.group): f.value for f in run.indicators.rows if f.measure in MEASURES}


def of_sweep(scenario: Scenario, out: Path) -> Figures:
    """One point, at the value that the law has already."""
    case = {URBAN: scenario.policy().amount(URBAN)}
    table = ms.sweep({"scenario": scenario.path, "cases": [case]}, out).table
    rows = table[["measure", "subject", "group", "value"]].itertuples(index=False, name=None)
    return {(str(m), str(s), str(g)): value for m, s, g, value in rows}


def of_unify(scenario: Scenario) -> Figures:
    """The first year of a path that starts where the law is."""
    if scenario.years and "dibao.line.rural" in scenario.changes:  # a path of it
        study = unify_scenario(replace(scenario, years=(scenario.years[0],) * 2))
    else:
        line, year = scenario.policy().amount(RURAL), scenario.year
        path = {"path": "linear", "from": {year: line}, "to": {year + 1: line}}
        study = unified(scenario, path)
    (year,) = study.years
    rows = study.table[study.table["path"] == UNIFY]
    wanted = rows[rows["measure"].isin(MEASURES)][["measure", "subject", "group", "value"]]
    return {(m, s, g): value for m, s, g, value in wanted.itertuples(index=False, name=None)}


def unified(scenario: Scenario, path: Mapping[str, Any]) -> Unification:
    year = scenario.year
    return unify(
        scenario.population_as_given(), scenario.policy(), scenario.county,
        {UNIFY: {RURAL: path}}, (year, year), economy=scenario.economy,
    )  # fmt: skip


def of_compare(run: RunResult, side: str) -> Figures:
    rows = ms.compare(run, run).table
    rows = rows[rows["measure"].isin(MEASURES)]
    assert (rows["change"] == 0.0).all()
    return {
        (m, s, g): v for m, s, g, v in zip(rows.measure, rows.subject, rows.group, rows[side], strict=True)
    }


def check_ledger(run: RunResult) -> None:
    """All payers together pay what the run says, by programme and area, too."""
    table = ms.ledger(run, run.scenario.county).table
    table = table[table["programme"] != CENTRAL_INCREASE]  # on top of what the law pays
    cost = {(f.subject, f.group): f.value for f in run.indicators.rows if f.measure == "cost"}
    assert table["cost"].sum() == pytest.approx(cost["total", ""], rel=1e-12)
    for programme, rows in table.groupby("programme"):
        for area, sums in rows.groupby("area")["cost"].sum().items():
            assert sums == pytest.approx(cost.get((str(programme), str(area)), 0.0), rel=1e-12)
    within = {
        (f.subject): f.value
        for f in run.indicators.rows
        if f.measure == "within_market_income" and not f.group
    }
    assert table["within_market_income"].sum() == pytest.approx(sum(within.values()), rel=1e-12)


def check_all(scenario: Scenario, out: Path) -> RunResult:
    """Every command gives the figures of a run."""
    run = run_scenario(scenario)
    expected = of_run(run)
    assert {"total", "cash", "kind", "dibao", "tekun"} <= {s for m, s, _ in expected if m == "cost"}
    assert {"dibao", "tekun"} == {s for m, s, _ in expected if m == "caseload"}
    assert expected["cost", "total", ""] > 0
    swept = of_sweep(scenario, out)
    assert swept == {key: value for key, value in expected.items() if key[0] in ("cost", "caseload")}
    unification = of_unify(scenario)
    # Only a run leaves programmes' shares of cash and kind apart out.
    assert {key: unification[key] for key in expected} == expected
    assert of_compare(run, "a") == of_compare(run, "b") == expected
    check_ledger(run)
    return run


@pytest.mark.slow
@pytest.mark.usefixtures("as_plain_python")
@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_of_every_scenario_that_is_shipped(scenarios: Path, path: Path, tmp_path: Path) -> None:
    check_all(ms.load_scenario(scenarios / path), tmp_path / "sweep")


@pytest.mark.slow
@pytest.mark.usefixtures("as_plain_python")
@pytest.mark.parametrize("path", CAPPED, ids=lambda path: path.stem)
def test_of_every_shipped_scenario_with_caps(scenarios: Path, path: Path) -> None:
    run = run_scenario(ms.load_scenario(scenarios / path))
    assert run.rationing is not None
    expected = of_run(run)
    assert expected["cost", "total", ""] > 0
    assert of_compare(run, "a") == of_compare(run, "b") == expected
    check_ledger(run)


# ---------------------------------------------------------------- a county of the census, in other money


def census_county(table: Path, name: str, folder: Path) -> Path:
    """A county from census tables, with 150 households; its folder."""
    from microsim.population.census.donor import donor_named
    from microsim.population.census.profile import build_profile
    from microsim.population.census.tables import read_census

    county = build_profile(read_census(table).find(name), donor_named("h-county")).county
    synthesize(county, households=150).write(folder)
    return folder


def check_county(folder: Path) -> None:
    """In its own year, four years later as national incomes grew, and with incomes held."""
    runs = {}
    for name, law, economy in (
        ("later", 2024, None),
        ("held", 2024, "none"),
        ("stated", 2024, "{income_growth: 0.1}"),
    ):
        text = f"county: county\nlaw: {law}-12-31\noutputs: [cost, caseload]\n"
        text += f"economy: {economy}\n" if economy else ""
        path = folder.parent / f"{name}.yaml"
        path.write_text(text + "changes: {dibao.line: {by: {rural: 6000, urban: 8000}}}\n", encoding="utf-8")
        with plain():
            runs[name] = check_all(ms.load_scenario(path), folder.parent / f"sweep-{name}")
    reached = [of_run(runs[name])["caseload", "dibao", ""] for name in ("held", "later", "stated")]
    assert reached[0] > reached[1] >= reached[2] > 0
    money = runs["later"].money
    assert (money.since, money.year, money.kind) == (2020, 2024, "national")
    assert money.factor("rural") == pytest.approx(23119 / 17131)  # as the statistics bureau prints them
    assert money.factor("urban") == pytest.approx(54188 / 43834)


def test_of_a_county_made_from_published_figures(tmp_path: Path) -> None:
    table = write(tmp_path / "census.csv", row(code=141031, province="山西省", city="临汾市", county="隰县"))
    check_county(census_county(table, "隰县", tmp_path / "county"))


@pytest.mark.slow
def test_of_a_county_of_the_real_census(tmp_path: Path) -> None:
    check_county(census_county(real_census(), "隰县", tmp_path / "county"))


# ---------------------------------------------------------------- a reform that changes nothing


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Scenario, Scenario]:
    """A base whose incomes are carried four years on, and a reform that says nothing."""
    folder = tmp_path_factory.mktemp("pair")
    few(40).write(folder / "county")
    (folder / "county" / "profile.yaml").write_bytes(PROFILE.read_bytes())
    base = "county: county\nlaw: 2024-12-31\nchanges: {dibao.line: {by: {rural: 4600, urban: 7000}}}\n"
    (folder / "base.yaml").write_text(
        base + "outputs: [cost, caseload, poverty, inequality]\n", encoding="utf-8"
    )
    (folder / "same.yaml").write_text("base: base.yaml\n", encoding="utf-8")
    return ms.load_scenario(folder / "base.yaml"), ms.load_scenario(folder / "same.yaml")


@pytest.mark.usefixtures("as_plain_python")
def test_changes_nothing_in_run_and_compare(pair: tuple[Scenario, Scenario]) -> None:
    for found in (ms.run(pair[1]), ms.compare(*pair)):
        assert len(found.table) > 100
        assert (found.table["change"] == 0.0).all()
        assert found.gains is not None
        moved = ("gain", "los", "mean_change", "mean_gain", "mean_loss")
        assert not any(e["value"] for n, e in found.gains.summary.items() if n.startswith(moved))


@pytest.mark.usefixtures("as_plain_python")
def test_changes_nothing_in_a_sweep(pair: tuple[Scenario, Scenario], tmp_path: Path) -> None:
    of_both = [of_sweep(one, tmp_path / one.name) for one in pair]
    assert of_both[0] == of_both[1]


@pytest.mark.usefixtures("as_plain_python")
def test_changes_nothing_in_unify(pair: tuple[Scenario, Scenario]) -> None:
    line, year = pair[0].policy().amount(RURAL), pair[0].year
    studies = [unified(one, {"path": "linear", "from": {year: line}, "to": {year + 1: line}}) for one in pair]
    extra = studies[0].table[studies[0].table["measure"] == "extra_cost"]
    assert len(extra)
    assert (extra["value"] == 0.0).all()
    assert studies[0].table.equals(studies[1].table)


@pytest.mark.usefixtures("as_plain_python")
def test_changes_nothing_in_cliffs_and_neighbours(pair: tuple[Scenario, Scenario]) -> None:
    found = [ms.cliffs(one.population(), one.policy(), households=range(1, 9)) for one in pair]
    assert len(found[0].notches)
    assert found[0].notches.equals(found[1].notches)
    assert found[0].summary == found[1].summary
    beside = [ms.neighbours(one.population(), one.policy(), bandwidth=4000.0).table for one in pair]
    assert beside[0].equals(beside[1])


def test_a_profile_is_made_in_the_scenarios_money(tmp_path: Path) -> None:
    """A county named by its profile is synthesised, and carried like one in a folder."""
    county = County.read(PROFILE)
    (tmp_path / "one.yaml").write_text(f"county: {PROFILE}\nlaw: 2022-12-31\n", encoding="utf-8")
    scenario = ms.load_scenario(tmp_path / "one.yaml")
    made = synthesize(county, households=100)
    later = scenario.carried(made)
    rural = made.household_columns["area"] == made.categories["area"].index("rural")
    of_persons = np.repeat(rural, np.diff(made.offsets))
    factor = (
        later.person_columns["wage_income"][of_persons].sum()
        / made.person_columns["wage_income"][of_persons].sum()
    )
    assert factor == pytest.approx(20133 / 17131)
    assert later.income_year == 2022
