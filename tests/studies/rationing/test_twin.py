"""Caps on random small counties against a sort in plain Python: who is kept, and what is spent."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import microsim as ms
from microsim.numerics.streams import Streams
from microsim.scenario.budget.caps import Cap
from microsim.studies.common.rationing.study import Rationing, ration
from tests.studies.rationing.small_law import county, policy

pytestmark = pytest.mark.usefixtures("as_plain_python")

OUTPUTS = (
    "dibao_benefit", "edge_benefit", "dibao_recipient", "dibao_eligible", "counted_income_per_head",
    "income_before_benefits_per_head", "household_size",
)  # fmt: skip
LAW = policy()


def law_of(population: ms.Population) -> ms.simulation.Result:
    return ms.simulate(population, LAW, outputs=OUTPUTS)


def rows_of(result: ms.simulation.Result) -> list[dict[str, Any]]:
    """Each household as a plain mapping."""
    population = result.population
    areas = population.categories["area"]
    return [
        {
            "id": int(population.household_id[h]),
            "weight": float(population.weight[h]),
            "area": areas[population.household_columns["area"][h]],
            "assessed": float(result.array("counted_income_per_head")[h]),
            "dibao": float(result.array("dibao_benefit")[h]),
            "edge": float(result.array("edge_benefit")[h]),
            "size": int(result.array("household_size")[h]),
        }
        for h in range(population.n_households)
    ]


def twin(rows: list[dict[str, Any]], most: float, key: Any, unit: str) -> dict[int, float]:
    """Household -> how much of its weight is served: sorted, and served while there is something left."""
    served, left = {}, most
    for row in sorted((r for r in rows if r["dibao"] > 0), key=key):
        own = row["weight"] * {"yuan": row["dibao"], "persons": row["size"], "cases": 1.0}[unit]
        served[row["id"]] = 1.0 if own <= left else max(left, 0.0) / own
        left -= own
    return served


def served_now(found: Rationing) -> dict[int, float]:
    """The same from what the study made of it: weight of the rows in dibao over that of the household."""
    before, now = found.before.population, found.result.population
    inside = now.weight * (found.result.array("dibao_benefit") > 0)
    whole = np.bincount(found.origin, weights=inside, minlength=before.n_households) / before.weight
    due = found.before.array("dibao_benefit") > 0
    return {int(i): float(s) for i, s, d in zip(before.household_id, whole, due, strict=True) if d}


@pytest.mark.parametrize("seed", range(200))
def test_a_cap_is_a_sort(seed: int) -> None:
    random = np.random.default_rng(seed)
    before = law_of(county(random, int(random.integers(5, 40))))
    rows = rows_of(before)
    unit = ("yuan", "persons", "cases")[seed % 3]
    rule = ("poorest_first", "first_come")[seed % 2]
    need = {
        "yuan": sum(r["weight"] * r["dibao"] for r in rows),
        "persons": sum(r["weight"] * r["size"] for r in rows if r["dibao"]),
        "cases": sum(r["weight"] for r in rows if r["dibao"]),
    }[unit]
    most = need * random.uniform(0.0, 1.1)
    cap = Cap("one", rule, {"": most}, unit, ("dibao",), seed=seed)
    found = ration(before, [cap], OUTPUTS)
    if most >= need:
        assert found.result is before
        assert not found.caps[0].binds
        return

    def place(row: dict[str, Any]) -> tuple[float, int]:
        drawn = Streams(seed).uniform("first come", np.array([row["id"]]))
        return (round(row["assessed"], 2) if rule == "poorest_first" else float(drawn[0]), row["id"])

    expected, got = twin(rows, most, place, unit), served_now(found)
    assert got == pytest.approx(expected, abs=1e-9)
    assert {i for i, s in got.items() if s} == {i for i, s in expected.items() if s}
    assert found.caps[0].spent == pytest.approx(most, abs=0.005)
    if rule == "poorest_first":
        kept = [r["assessed"] for r in rows if expected.get(r["id"], 0.0) > 0]
        refused = [r["assessed"] for r in rows if expected.get(r["id"], 1.0) < 1]
        assert max(kept, default=0.0) <= min(refused, default=math.inf) + 0.01
    # Nobody is lost, and whoever is refused dibao falls into what stands behind it.
    now = found.result
    assert np.bincount(found.origin, weights=now.population.weight) == pytest.approx(before.population.weight)
    out = found.refused["one"]
    assert (now.array("dibao_benefit")[out] == 0).all()
    near = out & (now.array("counted_income_per_head") < 1.5 * 6000.0)
    assert (now.array("edge_benefit")[near] == 500.0).all()
    spent_more = sum(r["weight"] * (1 - expected.get(r["id"], 1.0)) * 500.0 for r in rows)
    before_cost, after_cost = found.caps[0].cost_before, found.caps[0].cost_after
    saved_dibao = sum(r["weight"] * (1 - expected.get(r["id"], 1.0)) * r["dibao"] for r in rows)
    assert before_cost - after_cost == pytest.approx(saved_dibao - spent_more, abs=1e-6)


@pytest.mark.parametrize("rule", ["pro_rata", "whole_months"])
@pytest.mark.parametrize("seed", range(5))
def test_everybody_is_paid_the_same_share(rule: str, seed: int) -> None:
    before = law_of(county(np.random.default_rng(seed), 25))
    need = before.total("dibao_benefit")
    found = ration(before, [Cap("one", rule, {"": 0.7 * need}, programmes=("dibao",))], OUTPUTS)
    share = 0.7 if rule == "pro_rata" else 8 / 12
    assert found.result.array("dibao_benefit") == pytest.approx(share * before.array("dibao_benefit"))
    assert (found.result.array("dibao_recipient") == before.array("dibao_recipient")).all()
    assert found.caps[0].spent == pytest.approx(share * need, abs=0.005)
    assert found.result.array("edge_benefit").tolist() == before.array("edge_benefit").tolist()


@pytest.mark.parametrize("seed", range(5))
def test_each_area_has_its_own_cap(seed: int) -> None:
    before = law_of(county(np.random.default_rng(seed), 40))
    need = before.total("dibao_benefit", by="area")
    most = {"rural": 0.5 * need["rural"], "urban": 2.0 * need["urban"]}
    found = ration(before, [Cap("one", "poorest_first", most, programmes=("dibao",))], OUTPUTS)
    after = found.result.total("dibao_benefit", by="area")
    assert after["rural"] == pytest.approx(most["rural"], abs=0.005)
    assert after["urban"] == pytest.approx(need["urban"], rel=1e-14)
    assert [one.binds for one in found.caps] == [True, False]
    areas = found.result.population.household_columns["area"]
    assert not found.refused["one"][areas == 1].any()


def test_caps_follow_one_another_and_an_earlier_one_that_is_exceeded_is_refused() -> None:
    before = law_of(county(np.random.default_rng(3), 40))
    dibao = Cap("dibao", "poorest_first", {"": 0.5 * before.total("dibao_benefit")}, programmes=("dibao",))
    edge = Cap("edge", "first_come", {"": 2_000.0}, programmes=("edge",))
    found = ration(before, [dibao, edge], OUTPUTS)
    assert found.result.total("dibao_benefit") == pytest.approx(dibao.most[""], abs=0.005)
    assert found.result.total("edge_benefit") == pytest.approx(2_000.0, abs=0.005)
    with pytest.raises(ms.MicrosimError, match=r"budget\.edge: later caps raise what edge counts"):
        ration(before, [edge, dibao], OUTPUTS)


def test_who_comes_first_hangs_on_nothing_but_seed_and_household() -> None:
    population = county(np.random.default_rng(8), 40)
    turned = population.select(population.household_id[::-1].copy())
    cap = Cap("one", "first_come", {"": 100.0}, "cases", ("dibao",), seed=4)
    one, other = (ration(law_of(p), [cap], OUTPUTS) for p in (population, turned))
    assert served_now(one) == pytest.approx(served_now(other))
    again = ration(
        law_of(population), [Cap("one", "first_come", {"": 100.0}, "cases", ("dibao",), seed=5)], OUTPUTS
    )
    assert served_now(one) != pytest.approx(served_now(again))


def test_nothing_at_all_and_amounts_of_an_area_that_is_not_there() -> None:
    before = law_of(county(np.random.default_rng(9), 10))
    found = ration(before, [Cap("one", "poorest_first", {"": 0.0}, programmes=("dibao",))], OUTPUTS)
    assert found.result.total("dibao_benefit") == 0.0
    wrong = Cap("one", "poorest_first", {"rural": 1.0, "island": 1.0}, programmes=("dibao",))
    with pytest.raises(ms.MicrosimError, match="no household is in area island"):
        ration(before, [wrong], OUTPUTS)
