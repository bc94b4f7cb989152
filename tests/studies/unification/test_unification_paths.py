"""Several paths side by side: who pays, poverty, who overtakes whom, other standards, conditions, order."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import microsim as ms
from microsim.errors import MicrosimError
from microsim.measures import fgt
from microsim.population import County, Population
from microsim.studies.unification.scenario_file import unify_scenario
from microsim.studies.unification.study import AS_IS, Unification
from tests.scenario.small_county import PROFILE
from tests.studies.unification.one_line import GROWTH, LINES, SCENARIO

RATIO = {"ratio_to": "dibao.line.urban"}
RURAL = "dibao.line.rural"
SLOW = {RURAL: {"path": "linear", **RATIO, "from": {2021: 0.62}, "to": {2025: 0.9}}}
FAST = {
    RURAL: {"path": "ratio_then_one", **RATIO, "from": {2021: 0.62}, "ratio": {2022: 0.8}, "to": {2024: 1.0}}
}
TEKUN = "tekun.living_multiple"
BOTH = {**SLOW, f"{TEKUN}.rural": {"path": "immediate", "ratio_to": f"{TEKUN}.urban", "to": {2022: 1.2}}}
AID, CARE = "temporary_aid.multiple", "tekun.care_multiple"
AID_AND_CARE = {
    f"{AID}.rural": {"path": "linear", "ratio_to": f"{AID}.urban", "from": {2021: 0.5}, "to": {2023: 1.0}},
    f"{CARE}.rural": {"path": "stepped", "ratio_to": f"{CARE}.urban", "at": {2021: 0.8, 2023: 1.0}},
}
WAITING = {
    RURAL: {
        "path": "conditional",
        **RATIO,
        "from": {2021: 0.62},
        "step": 0.1,
        "while": {"county_extra": 0.001},
    }
}


@pytest.fixture(scope="module")
def study(population: Population, policy: ms.Policy, county: County) -> Unification:
    paths = {"slow": SLOW, "fast": FAST, "both": BOTH, "waiting": WAITING}
    how: dict[str, Any] = {"economy": GROWTH, "price_parity": 0.8}
    return ms.unify(population, policy, county, paths, (2021, 2025), **how)


def values(study: Unification, path: str, name: str) -> list[float]:
    return [study.values[path, year, name] for year in study.years]


def test_who_pays_adds_up_to_what_is_paid(study: Unification) -> None:
    table = study.table
    for path, year in itertools.product(study.paths, study.years):
        paid = table[(table["path"] == path) & (table["year"] == year) & (table["measure"] == "paid")][
            "value"
        ]
        assert paid.sum() >= study.values[path, year, "cost.total"] - 1.0
        county = study.values[path, year, "paid.county"]
        revenue = study.values[path, year, "revenue.general_public_budget"]
        assert study.values[path, year, "paid_revenue_share.county"] == county / revenue
        if path != AS_IS:
            extra = county - study.values[AS_IS, year, "paid.county"]
            assert study.values[path, year, "extra_paid.county"] == extra
            assert study.values[path, year, "extra_paid_revenue_share.county"] == extra / revenue


def test_the_first_year_is_that_of_the_ledger(file: Path) -> None:
    scenario = ms.load_scenario(file)
    ledger, study = ms.ledger(scenario), unify_scenario(scenario)
    for payer in ("centre", "province", "county"):
        assert study.values["unify", 2021, f"paid.{payer}"] == pytest.approx(ledger.payers[payer], rel=1e-9)
    marginal = ledger.marginal
    own = marginal[
        (marginal["change"] == "yuan") & (marginal["key"] == "hardship") & (marginal["payer"] == "county")
    ]
    assert study.values["unify", 2021, "county_share.marginal"] == pytest.approx(float(own["value"].iloc[0]))


def test_poverty_and_overtaking_are_those_of_each_household(
    study: Unification, population: Population, policy: ms.Policy
) -> None:
    from microsim.scenario.uprating import uprated

    there = uprated(population, study.uprating, 2025)
    urban = 7000 * 1.06**5
    found = {}
    for path, ratio in ((AS_IS, 0.62), ("slow", 0.9)):
        lines = {"dibao.line": {"by": {"rural": ratio * urban, "urban": urban}}}
        names = ["disposable_income_per_head", "income_before_benefits_per_head", "dibao_recipients"]
        result = ms.simulate(there, policy.reform(lines, allow_unusual=True), names)
        found[path] = {name: np.asarray(result.array(name), dtype=float) for name in names}
    rural = there.household_columns["area"] == there.categories["area"].index("rural")
    sizes = np.diff(there.offsets)
    weights = np.asarray(there.weight)
    after = found["slow"]["disposable_income_per_head"]
    people = (weights * sizes)[rural]
    floored = np.maximum(after[rural], 0.0)
    assert study.values["slow", 2025, "poverty.headcount.rural"] == pytest.approx(
        fgt(floored, 4000.0, 0, people)
    )
    assert study.values["slow", 2025, "poverty.gap.rural"] == pytest.approx(fgt(floored, 4000.0, 1, people))
    below = study.values["slow", 2025, "poverty_urban_line.headcount.rural"]
    assert below == pytest.approx(fgt(floored, urban, 0, people))
    gap = float(np.sum(people * np.maximum(urban - floored, 0.0)))
    assert study.values["slow", 2025, "poverty_gap.urban_line.rural"] == pytest.approx(gap)
    in_town = (weights * found[AS_IS]["dibao_recipients"])[~rural]
    before_mean, after_mean = (
        float(np.sum(in_town * found[AS_IS][name][~rural]) / np.sum(in_town))
        for name in ("income_before_benefits_per_head", "disposable_income_per_head")
    )
    mine = (weights * found["slow"]["dibao_recipients"])[rural]
    poorer = found["slow"]["income_before_benefits_per_head"][rural] < before_mean
    for name, mean in (("overtaking", after_mean), ("overtaking_real", after_mean * 0.8)):
        share = float(np.sum(mine[poorer & (after[rural] > mean)]) / np.sum(mine))
        assert study.values["slow", 2025, f"{name}.dibao.rural"] == pytest.approx(share)


def test_support_at_the_same_prices(study: Unification) -> None:
    for year in study.years:
        nominal = study.values["fast", year, "line_ratio.dibao"]
        assert study.values["fast", year, "line_ratio_real.dibao"] == pytest.approx(nominal / 0.8)
        paid = (
            study.values["fast", year, "benefit.dibao.rural"]
            / study.values["fast", year, "benefit.dibao.urban"]
        )
        assert study.values["fast", year, "benefit_ratio.dibao"] == pytest.approx(paid)
        assert study.values["fast", year, "benefit_ratio_real.dibao"] == pytest.approx(paid / 0.8)
    assert values(study, "fast", "line_ratio.dibao") == pytest.approx([0.62, 0.8, 0.9, 1.0, 1.0])
    assert values(study, "fast", "line_gap.dibao")[-1] == pytest.approx(0.0, abs=1e-9)


def test_what_moves_with_the_line_is_apart_from_what_is_moved(study: Unification) -> None:
    assert study.paths == (AS_IS, "slow", "fast", "both", "waiting")
    assert values(study, "both", f"standard_ratio.{TEKUN}") == pytest.approx([1.0, 1.2, 1.2, 1.2, 1.2])
    assert values(study, AS_IS, f"standard_ratio.{TEKUN}") == pytest.approx([1.0] * 5)
    for year in study.years:
        alone, both = (study.values[path, year, "automatic_cost.tekun"] for path in ("slow", "both"))
        assert alone == both == study.values["slow", year, "extra_cost.tekun"]
        if year > 2021 and study.values[AS_IS, year, "caseload.tekun.rural"]:
            assert study.values["both", year, "extra_cost.tekun"] > both
    table = study.table[(study.table["measure"] == "automatic_cost") & (study.table["group"] == "")]
    sums = table.assign(total=table["subject"] == "total").groupby(["path", "year", "total"])["value"].sum()
    for path, year in itertools.product(study.paths[1:], study.years):
        assert sums[path, year, False] == pytest.approx(sums[path, year, True])


def test_temporary_aid_and_care_have_standards_by_area_of_their_own(
    policy: ms.Policy, county: County
) -> None:
    """Both reach the urban standard while the lines stay; what they pay is a run under the same values."""
    whole = Population.read(PROFILE.parent)
    some = whole.select(whole.household_id <= 3000)  # some of them struck, some destitute and in need of care
    study = ms.unify(
        some, policy, county, {"others": AID_AND_CARE, "slow": SLOW}, (2021, 2023), economy="none"
    )
    assert values(study, "others", f"standard_ratio.{AID}") == pytest.approx([0.5, 0.75, 1.0])
    assert values(study, "others", f"standard_ratio.{CARE}") == pytest.approx([0.8, 0.8, 1.0])
    assert values(study, AS_IS, f"standard_ratio.{AID}") == pytest.approx([0.5] * 3)
    held = values(study, AS_IS, "line.dibao.rural")
    assert values(study, "others", "line.dibao.rural") == held
    assert held == pytest.approx([held[0]] * 3)
    for year, aid, care in ((2021, 0.5, 0.8), (2022, 0.75, 0.8), (2023, 1.0, 1.0)):
        law = policy.reform(
            {
                RURAL: held[0],
                f"{AID}.rural": aid * policy.value(f"{AID}.urban"),
                f"{CARE}.rural": care * policy.value(f"{CARE}.urban"),
            },
            allow_unusual=True,
        )
        rules = ["temporary_aid_benefit", "tekun_benefit", "tekun_in_kind"]
        run = ms.simulate(some, law, rules)
        paid = {rule: run.total(rule, by="area")["rural"] for rule in rules}
        assert study.values["others", year, "cost.temporary_aid.rural"] == pytest.approx(
            paid["temporary_aid_benefit"]
        )
        tekun = paid["tekun_benefit"] + paid["tekun_in_kind"]
        assert study.values["others", year, "cost.tekun.rural"] == pytest.approx(tekun)
        # Nothing comes with the dibao line, which does not move; along `slow` temporary aid comes with it.
        assert study.values["others", year, "automatic_cost.total"] == pytest.approx(0.0, abs=0.01)
    for programme in ("temporary_aid", "tekun"):
        costs = values(study, "others", f"cost.{programme}.rural")
        assert costs[0] < costs[-1]
    assert study.values["slow", 2023, "automatic_cost.temporary_aid"] > 0.0
    assert study.values["slow", 2023, f"standard_ratio.{AID}"] == pytest.approx(0.5)


def test_a_conditional_path_moves_after_years_in_which_its_condition_held(study: Unification) -> None:
    ratios = values(study, "waiting", "line_ratio.dibao")
    shares = values(study, "waiting", "extra_paid_revenue_share.county")
    assert ratios[0] == pytest.approx(0.62)
    for k in range(1, 5):
        step = 0.1 if shares[k - 1] <= 0.001 else 0.0
        assert ratios[k] == pytest.approx(min(ratios[k - 1] + step, 1.0))
    assert ratios[1] == pytest.approx(0.72)
    assert ratios[-1] < 1.0
    assert study.moved["waiting"][0].factor(2025) == pytest.approx(ratios[-1])


def test_a_conditional_path_needs_every_year(
    population: Population, policy: ms.Policy, county: County
) -> None:
    with pytest.raises(
        MicrosimError, match="looks at the year before, and years are left out; give the first"
    ):
        ms.unify(population, policy, county, {"w": WAITING}, [2021, 2023, 2024], economy=GROWTH)
    with pytest.raises(
        MicrosimError, match=r"price_parity: a price parity of 80 is not usable; 0.85: what costs"
    ):
        ms.unify(population, policy, county, {"w": WAITING}, (2021, 2022), price_parity=80)


def test_without_single_admission_a_higher_path_costs_at_least_as_much(
    population: Population, policy: ms.Policy, county: County
) -> None:
    off = policy.reform({"dibao.single_admission_enabled": False})
    shapes = {
        "low": {"path": "stepped", "at": {2021: 0.62, 2024: 0.8}},
        "middle": {"path": "points", "at": {2021: 0.62, 2022: 0.7, 2025: 0.9}},
        "high": {"path": "points", "at": {2021: 0.65, 2023: 0.95, 2025: 1.0}},
    }
    paths = {name: {RURAL: {**shape, **RATIO}} for name, shape in shapes.items()}
    done = ms.unify(population, off, county, paths, (2021, 2025), economy=GROWTH)
    assert done.exceptions == ()
    for year, (lower, higher) in itertools.product(done.years, itertools.pairwise(["low", "middle", "high"])):
        costs = [done.values[path, year, "cost.total"] for path in (lower, higher)]
        assert costs[0] <= costs[1] + 0.01


def test_paths_beside_that_of_the_changes(file: Path) -> None:
    path = file.with_name("several.yaml")
    jump = "{path: immediate, ratio_to: dibao.line.urban, to: {2022: 1.0}}"
    more = f"unification:\n  price_parity: 0.85\n  paths:\n    at_once: {{dibao.line.rural: {jump}}}\n"
    path.write_text(SCENARIO + more, encoding="utf-8")
    done = unify_scenario(ms.load_scenario(path))
    assert done.paths == (AS_IS, "unify", "at_once")
    assert values(done, "at_once", "line_ratio.dibao") == pytest.approx([0.62] + [1.0] * 4)
    assert done.parity == 0.85
    path.write_text(SCENARIO + more.replace("immediate", "imediate"), encoding="utf-8")
    with pytest.raises(MicrosimError, match=r"several.yaml:\d+:\d+: .*imediate"):
        unify_scenario(ms.load_scenario(path))


def test_a_pool_has_no_place_in_a_study_over_years(file: Path) -> None:
    path = file.with_name("pooled.yaml")
    increase = "financing: {increase: {key: hardship, total: 1.0e9, others: 49.0e6, additionality: 0.7}}\n"
    path.write_text(SCENARIO + increase, encoding="utf-8")
    with pytest.raises(MicrosimError, match="takes no account of financing: increase; take increase: out"):
        unify_scenario(ms.load_scenario(path))


def test_dated_changes_of_the_policy_still_move() -> None:
    dated = ms.Policy.load("2020-12-31").reform({"dibao.line.urban": {"on": {"2022-01-01": 9999}}})
    still = dated.frozen()
    assert still.at("2021-12-31").value("dibao.line.urban") == 8131.2
    assert still.at("2022-12-31").value("dibao.line.urban") == 9999


@pytest.mark.slow
def test_cliffs_on_request_are_those_of_the_search(
    population: Population, policy: ms.Policy, county: County
) -> None:
    how: dict[str, Any] = {"economy": "none", "cliffs": True}
    done = ms.unify(population, policy, county, {"slow": SLOW}, (2021, 2022), **how)
    found = done.table[done.table["measure"] == "cliffs"]
    assert set(found["year"]) == {2021, 2022}
    assert set(found["path"]) == {AS_IS, "slow"}
    ratio = done.values["slow", 2022, "line_ratio.dibao"]
    moved = policy.reform({RURAL: ratio * 7000.0}, allow_unusual=True)
    name = "facing_notch_within_1000"
    searched = ms.cliffs(population, moved).summary[f"cliffs.{name}.rural"]["value"]
    assert done.values["slow", 2022, f"cliffs.{name}.rural"] == pytest.approx(searched)


@pytest.mark.parametrize("admission", [True, False])
def test_a_higher_line_that_costs_less_is_said_to(
    population: Population, county: County, admission: bool
) -> None:
    """A member admitted alone gets the whole line; under a higher line the household qualifies, for less."""
    law = ms.Policy.load("2021-12-31").reform({**LINES, "dibao.single_admission_enabled": admission})
    path = {"path": "immediate", **RATIO}
    paths = {
        "low": {RURAL: {**path, "to": {2021: 4000 / 7000}}},
        "high": {RURAL: {**path, "to": {2021: 4250 / 7000}}},
    }
    family = population.select(population.household_id == 119)
    found = ms.unify(family, law, county, paths, (2021, 2022), economy="none")
    low, high = (found.values[name, 2022, "cost.total"] for name in ("low", "high"))
    if admission:
        assert high < low
        less = {year: by for a, b, year, by in found.exceptions if (a, b) == ("high", "low")}
        assert set(less) == {2021, 2022}
        assert less[2022] == pytest.approx(low - high)
    else:
        assert high >= low
        assert found.exceptions == ()
