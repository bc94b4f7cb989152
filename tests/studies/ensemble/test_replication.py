"""The prediction of 2020 from 2016: practice held, and what comes from outside applied, by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import microsim as ms
from microsim.population import synthesize
from microsim.scenario.economy import national_incomes
from microsim.scenario.practice.ensemble import ensemble_file, read_ensemble
from microsim.studies.caseload.study import known_figures
from microsim.studies.ensemble.replication import Replication, replicate

ROOT = Path(__file__).resolve().parents[3]
SEEN = "assumptions.income_visible_share"
RULES = ["dibao_recipients", "dibao_benefit"]


def scenario(name: str) -> ms.Scenario:
    return ms.load_scenario(ROOT / "scenarios" / f"{name}.yaml")


@pytest.fixture(scope="module")
def found() -> Replication:
    earlier = scenario("h-county-2016")
    members = read_ensemble(ensemble_file(earlier.county_path))[:2]
    return replicate(replace(earlier, ensemble=members), scenario("h-county-2020"))


@pytest.mark.compiled
def test_a_prediction_is_what_it_says(found: Replication) -> None:
    """The second set, with the whole county made anew and every change written out."""
    earlier, later = scenario("h-county-2016"), scenario("h-county-2020")
    member = read_ensemble(ensemble_file(earlier.county_path))[1]
    changes = {n: c for n, c in member.changes.items() if n not in ("dibao.line", "price_supplement.rate")}
    for name, change in changes.items():
        if name.startswith("dibao.top_up."):
            factors = {"rural": 4560 / 3156, "urban": 7200 / 5040}
            changes[name] = {"by": {area: x * factors[area] for area, x in change["by"].items()}}
    law = later.policy().reform(changes, allow_unusual=True)
    for people, given in (("earlier", earlier), ("later", later)):
        county = given.profile
        assert county is not None
        households = synthesize(county.with_values(member.county))
        if people == "earlier":
            national = national_incomes()
            grown = {a: national[2020].by_area[a] / national[2016].by_area[a] for a in ("rural", "urban")}
            money = {
                ("person", name): grown
                for name in households.person_columns
                if name.endswith("_income") or name in ("social_contributions_paid", "medical_out_of_pocket")
            }
            money[("household", "financial_assets")] = grown
            money[("household", "rigid_expenditure")] = grown
            households = households.scaled(money, 2020)
        result = ms.simulate(households, law, RULES)
        rows = found.table[(found.table["people"] == people) & (found.table["member"] == member.name)]
        for row in rows.to_dict("records"):
            by_hand = float(result.total(row["target"], by="area")[row["area"]])
            assert row["predicted"] == pytest.approx(by_hand, rel=1e-9), (people, row["target"], row["area"])
            known = known_figures(later.profile)[row["target"], row["area"]]  # type: ignore[arg-type]
            assert row["known"] == known
            assert row["miss"] == pytest.approx(by_hand / known - 1.0)


@pytest.mark.compiled
def test_the_countryside_is_predicted_too_low_and_the_towns_too_high(found: Replication) -> None:
    misses = found.ranges.set_index(["people", "target", "area"])["miss"]
    for people in ("earlier", "later"):
        for target in RULES:
            assert -0.25 < misses[people, target, "rural"] < -0.10
            assert 0.5 < misses[people, target, "urban"] < 0.9
    assert "dibao_recipients rural -18 %" in found.headline
    assert found.summary["miss.later.dibao_recipients.rural"]["unit"] == "1"


@pytest.mark.compiled
def test_the_shipped_scenario_says_nearly_the_same(found: Replication) -> None:
    """It rounds the top-ups, and leaves those that 2016 did not move as the law of 2020 has them."""
    given = scenario("h-county-2016-2020")
    result = ms.simulate(given.population(), given.policy(), RULES)
    ours = found.ranges[found.ranges["people"] == "earlier"].set_index(["target", "area"])["first"]
    for rule in RULES:
        for area, value in result.total(rule, by="area").items():
            assert float(value) == pytest.approx(ours[rule, area], rel=0.01)


def test_without_an_ensemble_there_is_nothing_to_predict_from() -> None:
    with pytest.raises(ms.InputError, match=r"add ensemble: all to h-county-2016\.yaml"):
        replicate(scenario("h-county-2016"), scenario("h-county-2020"))
