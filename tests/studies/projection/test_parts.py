"""The parts of a projection against plain Python: places, growth by rank, margins, flows, vulnerability."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from microsim.errors import InputError
from microsim.numerics.streams import Streams
from microsim.population import Population
from microsim.scenario.economy import Economy
from microsim.scenario.outlook.outlook import Outlook
from microsim.studies.projection.flows import Flows, Year
from microsim.studies.projection.margins import margins_of, reweighted, targets_of
from microsim.studies.projection.places import Incomes, Places, movers, within_kinds
from microsim.studies.projection.rank_growth import factors_by_rank, relative_growth
from microsim.studies.projection.vulnerability import NODES, chance_below, vulnerable
from tests.scenario.small_county import frames
from tests.studies.projection import naive


def incomes(seed: int, count: int = 400) -> tuple[Incomes, np.ndarray, np.ndarray]:
    """Incomes, kinds and ids of made-up households; a few have no market income, and some no weight."""
    random = np.random.default_rng(seed)
    size = random.integers(1, 6, count).astype(float)
    market = random.lognormal(9.0, 0.8, count) * (random.random(count) > 0.1)
    fixed = np.where(random.random(count) < 0.3, 1500.0, 0.0)
    persons = size * (random.random(count) + 0.2) * (random.random(count) > 0.1)
    return Incomes(market, fixed, size, persons), random.integers(0, 4, count), np.arange(7, count + 7)


@pytest.mark.parametrize("correlation", [0.0, 0.4, 0.95])
@pytest.mark.parametrize("seed", [1, 2])
def test_places_as_in_plain_python(seed: int, correlation: float) -> None:
    made, kinds, ids = incomes(seed)
    taken = Places(seed, correlation, 0.5).taken(ids, made, kinds, 2025)
    streams = Streams(seed)
    moves = [bool(m > 0.0 and p > 0.0) for m, p in zip(made.market, made.persons, strict=True)]
    wanted = naive.places(
        kinds.tolist(), made.per_head.tolist(), made.persons.tolist(), moves,
        streams.normal("permanent place", ids).tolist(), streams.normal("place in 2025", ids).tolist(),
        correlation,
    )  # fmt: skip
    assert taken.tolist() == wanted
    assert (kinds[taken] == kinds).all()


def test_places_that_stay() -> None:
    made, kinds, ids = incomes(3)
    assert (Places(1, 1.0, 1.0).taken(ids, made, kinds, 2025) == np.arange(len(ids))).all()
    nearly = Places(1, 1.0 - 1e-12, 1.0).taken(ids, made, kinds, 2025)
    assert np.mean(nearly == np.arange(len(ids))) > 0.99


def test_equal_weights_make_a_permutation() -> None:
    made, kinds, ids = incomes(4)
    even = Incomes(made.market + 1.0, made.fixed, np.ones(len(ids)), np.ones(len(ids)))
    taken = Places(1, 0.5, 0.5).taken(ids, even, kinds, 2025)
    assert sorted(taken) == list(range(len(ids)))


def test_quintiles_grow_as_stated() -> None:
    made, _, _ = incomes(5, 5_000)
    wanted = np.array([1.3, 1.1, 1.0, 1.05, 0.9])
    factor = factors_by_rank(made, np.zeros(5_000, np.int64), {0: wanted})
    order = np.flatnonzero(made.persons > 0)
    order = order[np.argsort(made.per_head[order], kind="stable")]
    upto = np.cumsum(made.persons[order])
    group = np.minimum(((upto - 0.5 * made.persons[order]) / upto[-1] * 5).astype(int), 4)
    weight = made.persons[order] / made.size[order]
    for q in range(5):
        mine = order[group == q]
        before = weight[group == q] @ (made.market + made.fixed)[mine]
        after = weight[group == q] @ (made.market * factor + made.fixed)[mine]
        assert after / before == pytest.approx(wanted[q], rel=1e-9)
    # Neighbours at a boundary fare alike.
    ranked = factor[order]
    assert np.abs(np.diff(ranked)).max() < 0.01


def test_growth_by_rank_is_a_difference_from_the_default() -> None:
    found = relative_growth(
        Economy.of({"income_growth": 0.06}), [0.04, 0.0, 0.0, 0.0, -0.02], "rural", 2020, 2022
    )
    assert found == pytest.approx([(1.10 / 1.06) ** 2, 1.0, 1.0, 1.0, (1.04 / 1.06) ** 2])


def test_growth_by_rank_that_leaves_nothing_is_refused() -> None:
    made, _, _ = incomes(6)
    with pytest.raises(InputError, match="below zero"):
        factors_by_rank(made, np.zeros(len(made.size), np.int64), {0: np.array([5.0, 0.1, 5.0, 0.1, 5.0])})


def said(**population: Any) -> Any:
    return Outlook.of({"population": population}).margins


def test_margins_are_met_by_the_nearest_weights() -> None:
    persons, households = frames()
    population = Population.from_frames(persons, households)
    margins = margins_of(
        population,
        said(
            area={"rural": -0.02, "urban": {2030: 14_000}}, age={"0-59": -0.01, "60+": 0.03}, filed_poor=-0.05
        ),
    )
    weights, report = reweighted(population, margins, 2020, 2025)
    targets = targets_of(margins, np.diff(population.offsets).astype(float), 2020, 2025)
    first = {one.name: one.first for one in margins}
    assert targets["area.rural"] == first["area.rural"] * 0.98**5
    assert targets["area.urban"] == pytest.approx(first["area.urban"] + (14_000 - first["area.urban"]) / 2)
    ages = [first["age.0-59"] * 0.99**5, first["age.60+"] * 1.03**5]
    assert targets["age.60+"] / targets["age.0-59"] == pytest.approx(ages[1] / ages[0])
    assert targets["age.60+"] + targets["age.0-59"] == pytest.approx(
        targets["area.rural"] + targets["area.urban"]
    )
    for margin in margins:
        reached = math.fsum(w * x for w, x in zip(weights.tolist(), margin.column.tolist(), strict=True))
        assert reached == pytest.approx(targets[margin.name], rel=1e-9)
    # Raking: the logarithm of the ratio is a sum over the controls of a household.
    design = np.column_stack([one.column for one in margins])
    ratio = np.log(weights / population.weight)
    fitted = design @ np.linalg.lstsq(design, ratio, rcond=None)[0]
    assert np.abs(fitted - ratio).max() < 1e-9
    assert np.abs(report.misses).max() < 1e-9


def test_margins_that_cannot_be_met_are_named() -> None:
    persons, households = frames()
    population = Population.from_frames(persons, households)
    contradicting = said(age={"0-59": {2021: 1_000}, "60+": {2021: 100}}, area={"rural": 0.0, "urban": 0.0})
    with pytest.raises(InputError, match="2021") as caught:
        reweighted(population, margins_of(population, contradicting), 2020, 2021)
    assert "economy.population" in str(caught.value)


def test_flows_as_in_plain_python() -> None:
    random = np.random.default_rng(9)
    persons, households = frames()
    population = Population.from_frames(persons, households)
    flows = Flows.of(population)
    owner, area = flows.owner, flows.areas
    years = [random.random(population.n_persons) < 0.4 for _ in range(4)]
    weights = [random.random(population.n_households) + 0.5 for _ in range(4)]
    found = [flows.add(Year({"a": one}, w)) for one, w in zip(years, weights, strict=True)]
    for code, name in [*enumerate(flows.names), (-1, "")]:
        mine = np.flatnonzero((area[owner] == code) | (code == -1))
        wanted = naive.stocks(
            [one[mine].tolist() for one in years], [w[owner[mine]].tolist() for w in weights]
        )
        for year, rows in enumerate(found):
            values = {measure: value for measure, _, group, value, _ in rows if group == name}
            assert values["stock"] == pytest.approx(wanted[year][0], rel=1e-12)
            row_of = [one[mine].tolist() for one in years[: year + 1]]
            assert values["spell"] == pytest.approx(
                naive.in_a_row(row_of, weights[year].tolist(), owner[mine].tolist()), rel=1e-12
            )
            if year:
                seen = [values[one] for one in ("entries", "exits", "reweighting")]
                assert seen == pytest.approx(list(wanted[year][1:]), rel=1e-12)
                total = wanted[year - 1][0] + seen[0] - seen[1] + seen[2]
                assert values["stock"] == pytest.approx(total, rel=1e-12)
            if year > 1:
                w = weights[year][owner[mine]]
                left = years[year - 2][mine] & ~years[year - 1][mine]
                assert values["relapse"] == pytest.approx(w[left & years[year][mine]].sum() / w[left].sum())


@pytest.mark.parametrize("within", [1, 3])
def test_vulnerability_as_in_plain_python_and_in_draws(within: int) -> None:
    made, kinds, _ = incomes(11)
    places = Places(1, 0.7, 0.8)
    line = np.full(len(made.size), 3_000.0)
    found = vulnerable(made, kinds, line, places, within, 0.3)
    assert 0.05 < found.mean() < 0.9
    rows = movers(made)
    stays = np.setdiff1d(np.arange(len(line)), rows)
    assert (found[stays] == (made.per_head[stays] < 3_000.0)).all()
    order = rows[np.lexsort((made.per_head[rows], kinds[rows]))]
    scores = dict(zip(order.tolist(), within_kinds(made, kinds, order).tolist(), strict=True))
    random = np.random.default_rng(2)
    for h in order[::40].tolist():
        mine = [k for k in order.tolist() if kinds[k] == kinds[h]]
        below = sum(made.persons[k] for k in mine if made.per_head[k] < 3_000.0) / sum(
            made.persons[k] for k in mine
        )
        limit = naive.NormalDist().inv_cdf(min(max(below, 1e-12), 1 - 1e-12))
        chance = naive.chance_below(scores[h], limit, 0.7, within, NODES)
        assert found[h] == (chance > 0.3)
        ours = chance_below(np.array([scores[h]]), np.array([limit]), 0.7, within)
        assert ours[0] == pytest.approx(chance, abs=1e-9)
        permanent = math.sqrt(0.7) * scores[h] + math.sqrt(0.3) * random.normal(size=(40_000, 1))
        drawn = math.sqrt(0.7) * permanent + math.sqrt(0.3) * random.normal(size=(40_000, within))
        assert chance == pytest.approx(np.mean((drawn < limit).any(axis=1)), abs=0.02)
