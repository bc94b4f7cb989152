"""The bench policy against its plain twin: rules called by hand, and each task of the adapter."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import bench_policy as bench
from benchmarks import bench_population
from benchmarks.impl_microsim import VARIANTS, Impl
from tests.bench import reference


@pytest.fixture(scope="module")
def population():
    return bench_population.generate(400, seed=4)


SCALES = {k: 1.0 + 0.01 * k for k in (0, 37, 99)}


@pytest.fixture(scope="module")
def answers(population):
    """Outputs, costs of the reforms and the walk, by the reference: it takes its time, and once is enough."""
    walked = reference.walk({k: v.copy() for k, v in population.items()}, bench.GRID.tolist())
    costs = {k: reference.cost(population, scale) for k, scale in SCALES.items()}
    return reference.evaluate(population), costs, walked


def by_hand(rules, area, people):
    """All rules called as plain Python functions on one household."""
    known = {}

    def value(name, person):
        key = (name, id(person))
        if key not in known:
            known[key] = find(name, person)
        return known[key]

    def find(name, person):
        if name in rules:
            rule = rules[name]
            if rule.kind == "formula":
                return rule(*(value(a, person if rule.entity == "person" else None) for a in rule.arguments))
            return len(people) if rule.of is None else sum(value(rule.of, p) for p in people)
        if person is not None and name in person:
            return bench.CATEGORIES[name][person[name]] if name in bench.CATEGORIES else person[name]
        if name == "area":
            return bench.CATEGORIES["area"][area]
        if name == "education_grant":
            return bench.PARAMETERS[name]["values"][value("student_stage", person)]
        if name in bench.PARAMETERS:
            return bench.PARAMETERS[name]
        return value(name, None)

    return {name: value(name, None) for name in bench.OUTPUTS}


def test_the_rules_called_by_hand(population):
    rules = bench.policy().rules
    for area, _, people in reference.members(population):
        assert by_hand(rules, area, people) == pytest.approx(reference.answers(area, people), rel=1e-12)


def test_every_branch_is_taken(population):
    want = reference.evaluate(population)
    for name in bench.BENEFITS:
        assert 0.01 <= (want[name] > 0).mean() <= 0.6


@pytest.mark.parametrize("variant", VARIANTS)
def test_tasks_agree_with_the_reference(population, answers, variant):
    values, costs, walked = answers
    impl = Impl(**VARIANTS[variant])
    impl.load(population)
    for _ in range(2):  # the second call writes into the arrays of the first
        got = impl.t1()
        for name, want in values.items():
            assert got[name] == pytest.approx(want, rel=1e-12, abs=1e-9)
        assert got["cost"] == pytest.approx(costs[0], rel=1e-12)
        sweep = impl.t2()
        assert sweep.shape == (100, 2)
        for k, cost in costs.items():
            assert sweep[k] == pytest.approx(cost, rel=1e-12)
        assert impl.t3() == pytest.approx(walked, rel=1e-12, abs=1e-9)


def test_threads_do_not_change_a_bit(population):
    answers = []
    for threads in (1, 2):
        impl = Impl(threads)
        impl.load(population)
        answers.append((impl.t1()["cost"].tobytes(), impl.t2().tobytes(), impl.t3().tobytes()))
    assert answers[0] == answers[1]


def test_the_population_is_made_from_its_seed_alone():
    first, again = bench_population.generate(300, seed=2), bench_population.generate(300, seed=2)
    other = bench_population.generate(300, seed=3)
    assert all(np.array_equal(first[name], again[name]) for name in first)
    assert not np.array_equal(first["wage"][:100], other["wage"][:100])
    ages = np.minimum.reduceat(np.where(first["age"] >= 18, 0, 1), first["offsets"][:-1])
    assert 0 < ages.sum() < 60  # some households have no adult


def test_a_stored_population_is_read_back(tmp_path):
    path = bench_population.stored(tmp_path / "new", 50, seed=9)
    assert bench_population.stored(tmp_path / "new", 50, seed=9) == path
    read, made = bench_population.load(path), bench_population.generate(50, seed=9)
    assert list(read) == list(made)
    assert all(np.array_equal(read[name], made[name]) for name in made)
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_the_plain_way_answers_the_same(population):
    impl = Impl()
    impl.load(population)
    tuned, plain = impl.t1(), impl.plain()
    assert plain["cost"].to_numpy().tolist() == tuned["cost"].tolist()
    for name in bench.OUTPUTS:
        assert plain["households"][name].to_numpy().tolist() == tuned[name].tolist()
