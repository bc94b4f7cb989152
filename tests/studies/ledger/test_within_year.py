"""Money is counted by the months of the year's stretches, people on the scenario's day."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import microsim as ms
from microsim.errors import InputError
from microsim.policy.policy import Policy
from microsim.population import Population
from microsim.studies.common.baseline import RunResult, run_scenario
from microsim.studies.common.within_year import days_of_change, shares, stretches_of
from microsim.studies.unification.scenario_file import UNIFY
from microsim.studies.unification.study import unify
from tests.scenario.small_county import PROFILE, frames, write_county

pytestmark = pytest.mark.usefixtures("as_plain_python")

HEAD = "county: county\nlaw: 2021-12-31\neconomy: none\noutputs: [cost, caseload]\n"
LINES = {"before": (4600.0, 7000.0), "after": (5400.0, 8200.0)}
LINE = "dibao.line: {by: {rural: 4600, urban: 7000}}"
SUMS = ("cost", "cost_part", "within_market_income", "person_months")


def lines(rural: float, urban: float, day: str = "2012-01-01") -> str:
    return f"{day}: {{by: {{rural: {rural}, urban: {urban}}}}}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The line of the first half of 2021, that of the second, and one that rises on 1 July."""
    out = tmp_path_factory.mktemp("months")
    write_county(out / "county", last=40)
    dated = {
        "before": lines(*LINES["before"]),
        "after": lines(*LINES["after"]),
        "july": f"{lines(*LINES['before'])}, {lines(*LINES['after'], day='2021-07-01')}",
        "april": f"{lines(*LINES['before'])}, {lines(*LINES['after'], day='2021-04-01')}",
        "january": f"{lines(*LINES['before'])}, {lines(*LINES['after'], day='2021-01-01')}",
    }
    for name, on in dated.items():
        text = f"{HEAD}changes: {{dibao.line: {{on: {{{on}}}}}}}\n"
        (out / f"{name}.yaml").write_text(text, encoding="utf-8")
    (out / "end.yaml").write_text("base: july.yaml\nwithin_year: year_end\n", encoding="utf-8")
    (out / "follow.yaml").write_text(HEAD.replace("2021-12-31", "{date: 2021-12-31, follow: true}"))
    return out


@pytest.fixture(scope="module")
def runs(folder: Path) -> dict[str, RunResult]:
    return {
        name: run_scenario(ms.load_scenario(folder / f"{name}.yaml"))
        for name in ("before", "after", "july", "april", "january", "end")
    }


def of(run: RunResult, *measures: str) -> dict[str, float]:
    return {one.name: one.value for one in run.indicators.rows if one.measure in measures}


@pytest.mark.parametrize(("name", "share"), [("july", 0.5), ("april", 0.25)])
def test_a_line_that_rises_costs_the_mean_of_its_stretches(
    runs: dict[str, RunResult], name: str, share: float
) -> None:
    before, after, found = (of(runs[one], *SUMS) for one in ("before", "after", name))
    assert found.keys() == before.keys() == after.keys()
    mean = {key: share * before[key] + (1 - share) * after[key] for key in found}
    assert found == pytest.approx(mean, rel=1e-14)
    assert before["cost.dibao.rural"] < found["cost.dibao.rural"] < after["cost.dibao.rural"]


def test_people_are_those_of_the_scenarios_day(runs: dict[str, RunResult]) -> None:
    counted = ("caseload", "households", "residents", "resident_share")
    assert of(runs["july"], *counted) == of(runs["after"], *counted) != of(runs["before"], *counted)
    months, stock = (of(runs["july"], one) for one in ("person_months", "caseload"))
    assert months["person_months.dibao"] < 12 * stock["caseload.dibao"]
    mean = months["person_months.dibao"] / 12
    per_head = runs["july"].indicators.value("cost_per_recipient.dibao")
    assert per_head == pytest.approx(of(runs["july"], "cost")["cost.dibao"] / mean)
    whole = of(runs["after"], "person_months"), of(runs["after"], "caseload")
    assert list(whole[0].values()) == [12 * persons for persons in whole[1].values()]


def test_without_a_change_in_the_year_the_law_of_the_day_counts(runs: dict[str, RunResult]) -> None:
    for name in ("january", "end"):
        assert len(runs[name].parts) == 1
        assert of(runs[name], *SUMS) == of(runs["after"], *SUMS)
    assert runs["july"].idle == []


def test_every_command_counts_the_same_months(
    folder: Path, runs: dict[str, RunResult], tmp_path: Path
) -> None:
    run, scenario = runs["july"], runs["july"].scenario
    expected = of(run, "cost", "caseload")
    case = {"elderly_allowance.enabled": scenario.policy().value("elderly_allowance.enabled")}
    table = ms.sweep({"scenario": scenario.path, "cases": [case]}, tmp_path / "sweep").table
    names = [
        ".".join(filter(None, key)) for key in zip(table.measure, table.subject, table.group, strict=True)
    ]
    assert dict(zip(names, table.value, strict=True)) == expected
    ledger = ms.ledger(run)
    assert ledger.table["cost"].sum() == pytest.approx(expected["cost.total"], rel=1e-12)
    cells = ledger.table.drop_duplicates(["programme", "area", "tier"])
    months = cells[cells["programme"] == "dibao"]["person_months"].sum()
    assert months == pytest.approx(run.indicators.value("person_months.dibao"), rel=1e-12)
    compared = ms.compare(folder / "end.yaml", folder / "july.yaml")
    assert compared.values["cost.total"] == (of(runs["after"], "cost")["cost.total"], expected["cost.total"])
    vary = "dibao.top_up.minor.rural"
    for target in ("cost.total", "cost_part.dibao_top_up"):
        wanted = run.indicators.value(target)
        assert wanted is not None
        found = ms.solve(scenario, vary=vary, target=target, value=wanted, between=(500, 700))
        assert found.met
        assert scenario.policy().value(vary) in found.bracket or found.value == pytest.approx(
            scenario.policy().value(vary), rel=1e-6
        )


def test_unification_counts_months(folder: Path, runs: dict[str, RunResult]) -> None:
    scenario = runs["july"].scenario
    path = {"dibao.top_up.minor.rural": 900}
    found = {}
    for way in ("months", "year_end"):
        study = unify(
            scenario.population_as_given(), scenario.policy(), scenario.county, {UNIFY: path},
            (2021, 2021), economy="none", within_year=way,
        )  # fmt: skip
        found[way] = {key[2]: value for key, value in study.values.items() if key[0] == "as_is"}
    assert found["months"]["caseload.dibao"] == found["year_end"]["caseload.dibao"]
    assert found["months"]["line.dibao.rural"] == LINES["after"][0]
    assert found["months"]["cost.total"] < found["year_end"]["cost.total"]
    with pytest.raises(InputError, match="no way to count a year"):
        unify(
            scenario.population_as_given(), scenario.policy(), scenario.county, {UNIFY: path}, (2021, 2021),
            within_year="quarters",
        )  # fmt: skip


def test_following_the_law_moves_with_its_own_changes(folder: Path) -> None:
    scenario = ms.load_scenario(folder / "follow.yaml")
    found = stretches_of(scenario, scenario.policy())
    assert sum(one.share for one in found) == pytest.approx(1.0)
    for one in found:
        law = Policy.load(one.since)
        assert {k: v.value for k, v in one.policy.values.items()} == {
            k: v.value for k, v in law.values.items()
        }
    assert sum(one.policy.date == scenario.day for one in found) == 1


def test_the_days_of_the_packaged_law_are_found() -> None:
    law = Policy.load("2026-12-31")
    days = days_of_change([law], 2026)
    assert dt.date(2026, 7, 1) in days
    assert days[0] == dt.date(2026, 1, 1)


@given(st.sets(st.dates(dt.date(2020, 1, 2), dt.date(2020, 12, 31)), max_size=6))
def test_shares_of_a_year_add_up_to_it(later: set[dt.date]) -> None:
    days = sorted({dt.date(2020, 1, 1), *later})
    found = shares(days)
    assert sum(found) == pytest.approx(1.0, abs=1e-15)
    assert all(share > 0 for share in found)


def test_a_misspelt_way_is_refused_at_its_place(folder: Path) -> None:
    path = folder / "wrong.yaml"
    path.write_text(HEAD + "within_year: month\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        ms.load_scenario(path)
    assert error.value.offences[0].place.endswith("wrong.yaml:5:1")


def test_spread_repairs_are_cash_repairs_over_their_years(tmp_path: Path) -> None:
    """Counted over its years, a grant adds up to what is paid where all of it is counted at once."""
    persons, households = frames()
    grades = np.resize(["C", "D", "A"], len(households))
    made = Population.from_frames(persons, households.assign(dwelling_grade=grades))
    made.select(np.arange(1, 41)).write(tmp_path / "county")
    (tmp_path / "county" / "profile.yaml").write_bytes(PROFILE.read_bytes())
    paid = {}
    for years in (1, 4):
        path = tmp_path / f"{years}.yaml"
        change = f"housing_aid.repair_years: {{value: {years}, unit: years, unusual: yes}}"
        path.write_text(f"{HEAD}changes: {{{change}, {LINE}}}\n", encoding="utf-8")
        rows = run_scenario(ms.load_scenario(path)).expenditure
        paid[years] = rows[rows["rule"] == "housing_aid_in_kind"].set_index("area")
    assert (paid[4]["timing"] == "spread").all()
    assert paid[4]["value"].sum() > 0
    over_its_years = sum(paid[4]["value"] for _ in range(4))
    for cash in (paid[1]["value"], paid[1]["cash_paid"], paid[4]["cash_paid"]):
        assert over_its_years.to_dict() == pytest.approx(cash.to_dict(), rel=1e-12)
