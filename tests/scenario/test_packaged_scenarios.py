"""The shipped scenarios: each loads, runs on H county, and differs from its baseline as its title says."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import microsim as ms
from microsim.documents import read_document
from microsim.law import REGIMES
from microsim.policy.policy import Policy
from microsim.simulation import Result

ROOT = Path(__file__).parents[2]
SCENARIOS = ROOT / "scenarios"
NAMES = (
    "linked-2014",
    "broad-2018",
    "transition-2021",
    "tiered-2024",
    "gradual-exit",
    "work-deduction",
    "single-admission-off",
    "line-merger",
)
SAMPLE = 2_000  # of 20,000 households
OUTPUTS = (
    "dibao_benefit",
    "dibao_recipients",
    "dibao_single_admission",
    "dibao_line_in_force",
    "gradual_exit_household",
    "single_from_filed_poor",
    "household_tier",
    "monitored_household",
    "medical_aid_benefit",
    "education_aid_benefit",
    "public_post_pay",
    "collective_dividend_cash",
    "housing_aid_in_kind",
    "disposable_income",
    "total_benefits",
)
TABLE: list[dict[str, Any]] = read_document(Path(__file__).with_name("who_is_let_in.yaml")).data
TIERS = ("tekun", "dibao", "edge", "rigid", "monitored", "filed_poor", "other", "none")


@cache
def scenario(name: str) -> ms.Scenario:
    return ms.load_scenario(SCENARIOS / f"{name}.yaml")


@cache
def county() -> ms.Population:
    whole = ms.Population.read(ROOT / "data" / "synthetic" / "h-county")
    return whole.select(whole.household_id[:SAMPLE])


@cache
def outcome(name: str) -> Result:
    return ms.simulate(county(), scenario(name).policy(), outputs=OUTPUTS)


def total(name: str, output: str) -> float:
    return float(outcome(name).total(output))


def in_tiers(name: str, output: str, *tiers: str) -> float:
    """Total over households whose highest tier is one of some; registered poor and monitored households, to
    whom the same programmes are open, are left out but where the tier is theirs.
    """
    rows = outcome(name).households
    inside = rows["household_tier"].isin(tiers).to_numpy() & ~county().household_columns["filed_poor"]
    if "monitored" not in tiers:
        inside &= ~rows["monitored_household"].to_numpy(dtype=bool)
    return float((rows[output] * rows["weight"])[inside].sum())


@pytest.mark.parametrize("name", NAMES)
def test_it_says_what_it_is_in_both_languages_and_names_its_county(name: str) -> None:
    loaded = scenario(name)
    for text in (loaded.title, loaded.description):
        assert set(text) == {"en", "zh"}
        assert all(part.strip() for part in text.values())
    assert loaded.county_path == ROOT / "data" / "synthetic" / "h-county"


@pytest.mark.parametrize("name", NAMES)
def test_it_runs_and_pays(name: str) -> None:
    assert total(name, "total_benefits") > total(name, "dibao_benefit") > 0.0
    assert total(name, "dibao_recipients") > 0.0


@pytest.mark.parametrize("name", ["linked-2014", "broad-2018", "transition-2021", "tiered-2024"])
def test_a_regime_scenario_holds_the_regime_of_its_own_date(name: str) -> None:
    loaded = scenario(name)
    assert loaded.regime == {"all": name.split("-")[0]}
    law = Policy.load(loaded.law.date)
    if loaded.province is not None:
        law = loaded.province.over(law)
    free = law.reform(loaded.changes, allow_unusual=True)
    held = loaded.policy()
    assert {key: value.value for key, value in held.values.items()} == {
        key: value.value for key, value in free.values.items()
    }


OPENED: dict[str, Callable[[str], float]] = {
    "medical aid of registered poor outside dibao": lambda name: float(
        (
            outcome(name).households.query("household_tier not in ['tekun', 'dibao']")["medical_aid_benefit"]
        ).sum()
    ),
    "education aid": lambda name: total(name, "education_aid_benefit"),
    "posts": lambda name: total(name, "public_post_pay"),
    "dividend": lambda name: total(name, "collective_dividend_cash"),
    "repair": lambda name: total(name, "housing_aid_in_kind"),
    "individual entry": lambda name: total(name, "single_from_filed_poor"),
}


@pytest.mark.parametrize("what", OPENED)
def test_the_broad_net_opens_to_the_registered_poor_what_the_linked_net_kept_shut(what: str) -> None:
    assert OPENED[what]("broad-2018") > OPENED[what]("linked-2014")


def test_the_linked_net_gives_medical_aid_to_nobody_without_status() -> None:
    assert OPENED["medical aid of registered poor outside dibao"]("linked-2014") == 0.0
    assert (
        total("linked-2014", "collective_dividend_cash")
        == total("linked-2014", "single_from_filed_poor")
        == 0
    )


def test_the_transition_ends_individual_entry_and_counts_less_as_income() -> None:
    assert total("transition-2021", "single_from_filed_poor") == 0.0
    assert total("transition-2021", "dibao_recipients") > total("broad-2018", "dibao_recipients")
    assert in_tiers("transition-2021", "education_aid_benefit", "edge") == 0.0
    tiers = set(outcome("transition-2021").households["household_tier"])
    assert "edge" in tiers
    assert "rigid" not in tiers


@pytest.mark.parametrize("tier", ["edge", "rigid"])
def test_the_tiers_open_medical_and_education_aid_to_edge_and_rigid(tier: str) -> None:
    before = in_tiers("transition-2021", "education_aid_benefit", tier)
    assert in_tiers("tiered-2024", "education_aid_benefit", tier) > before == 0.0
    premium_and_aid = in_tiers("tiered-2024", "medical_aid_benefit", tier)
    assert premium_and_aid > in_tiers("transition-2021", "medical_aid_benefit", tier)


def test_gradual_exit_pays_more_to_those_whose_wages_passed_the_line() -> None:
    leaving = outcome("gradual-exit").array("gradual_exit_household").astype(bool)
    assert leaving.any()
    assert county().household_columns["dibao_last_year"][leaving].all()
    assert not outcome("h-county-2020").array("gradual_exit_household").any()
    gain = outcome("gradual-exit").array("dibao_benefit") - outcome("h-county-2020").array("dibao_benefit")
    assert (gain[leaving] > 0).all()
    assert (gain[~leaving] == 0).all()


@pytest.mark.slow
def test_gradual_exit_moves_the_cliff_along_the_wage() -> None:
    leaving = outcome("gradual-exit").array("gradual_exit_household").astype(bool)
    household = int(county().household_id[leaving][0])
    end = 3.0 * 12.0 * 4560.0
    grid = np.linspace(0.0, end, 401)
    incomes = {
        name: np.asarray(
            ms.walk(
                county(),
                scenario(name).policy(),
                vary="wage_income",
                grid=grid,
                outputs=["resources"],  # the kernel of the tests of the law's notches
                households=[household],
            )["resources"]
        )[0]
        for name in ("gradual-exit", "h-county-2020")
    }
    gain = incomes["gradual-exit"] - incomes["h-county-2020"]
    assert (gain >= 0.0).all()
    first, last = np.flatnonzero(gain)[[0, -1]]
    assert 0 < first <= last < len(grid) - 1
    # Where dibao ended at once the family now loses nothing, and later what it was paid meanwhile.
    assert incomes["h-county-2020"][first] < incomes["h-county-2020"][first - 1]
    assert incomes["gradual-exit"][first] > incomes["gradual-exit"][first - 1]
    assert incomes["gradual-exit"][last + 1] < incomes["gradual-exit"][last]


def test_the_work_deduction_brings_workers_in_and_nobody_loses() -> None:
    gain = outcome("work-deduction").array("dibao_benefit") - outcome("h-county-2020").array("dibao_benefit")
    assert total("work-deduction", "dibao_recipients") > total("h-county-2020", "dibao_recipients")
    earns = np.add.reduceat(county().person_columns["wage_income"], county().offsets[:-1]) > 0
    alone = outcome("h-county-2020").households["dibao_recipients"].to_numpy() > 0
    assert (gain[~earns] == 0).all()
    assert (gain[earns & ~alone] >= 0).all()
    assert gain.sum() > 0


def test_without_single_admission_families_are_assessed_whole() -> None:
    assert total("tiered-2024", "dibao_single_admission") > 0.0
    assert total("single-admission-off", "dibao_single_admission") == 0.0
    assert total("single-admission-off", "dibao_recipients") < total("tiered-2024", "dibao_recipients")
    assert total("single-admission-off", "dibao_benefit") < total("tiered-2024", "dibao_benefit")


def test_the_line_merger_lifts_the_rural_line_and_leaves_the_urban() -> None:
    merged = scenario("line-merger")
    apart = merged.policy().reform({"dibao.merger": False}, allow_unusual=True)
    without = ms.simulate(county(), apart, outputs=OUTPUTS)
    rural = (county().households["area"] == "rural").to_numpy()
    for result, line in ((outcome("line-merger"), 4000.0), (without, 3600.0)):
        lines = result.array("dibao_line_in_force")
        assert set(lines[rural]) == {line}
        assert set(lines[~rural]) == {7200.0}
    assert total("line-merger", "dibao_recipients") > without.total("dibao_recipients")
    assert total("line-merger", "dibao_benefit") > without.total("dibao_benefit")


# ------------------------------------------------------------------------------ who is let in, as a table


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row["parameter"])
@pytest.mark.parametrize("regime", REGIMES)
def test_who_is_let_in(row: dict[str, Any], regime: str) -> None:
    law = Policy.load(REGIMES[regime])
    term = law.parameters[row["parameter"]]
    assert term.access
    wanted = row[regime]
    if isinstance(wanted, bool):
        assert bool(law.value(term.name)) is wanted
        return
    open_to = [tier for tier in TIERS if term.cell(law.values[term.name].value, [tier])]
    assert open_to == (list(TIERS) if wanted == "all" else wanted)
