"""The register as arrays against one household at a time, on situations made at random."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from microsim.scenario.administration.figures import Administration
from microsim.studies.months.register import STATUSES, Register
from microsim.studies.months.situation import BENEFIT, Amounts, Situation
from microsim.studies.months.tally import Areas, Tally
from tests.studies.months.walker import Month, walk

SPARED = {"grandfathered": 5}
OFFICES = [
    Administration.of(),
    Administration.of({"decision": 0, "notice": 2, "review_unstable": 3}),
    Administration.of({"apply": 0.4, "stays": 0.5, "audits": 0.1}),
    Administration.of({"review_stable": "never", "review_unstable": 4, "grandfathered": 14, "decision": 2}),
    Administration.of(
        {"apply": 0.7, "decision": 3, "notice": 1, "stays": 0.3, "audits": 0.05, "grandfathered": 5}
    ),
]
NEW_LAW = (False, True, False, True)  # whether each period begins with one
N, MONTHS = 60, 9  # households, and months of each period


def amounts(random: np.random.Generator) -> Amounts:
    paid = random.uniform(0, 9000, N).round(2)
    return Amounts({BENEFIT: paid}, {"dibao": random.integers(1, 6, N).astype(float)}, paid + 100.0)


def situation(random: np.random.Generator, months: int) -> Situation:
    due = random.random(N) < 0.5
    return Situation(
        policy=SimpleNamespace(),  # type: ignore[arg-type]
        account=SimpleNamespace(),  # type: ignore[arg-type]
        weight=np.ones(N),
        due=due,
        work=random.uniform(0, 9000, N),
        stable=random.random(N) < 0.5,
        gradual=~due & (random.random(N) < 0.6),
        exit_months=months,
        steps=(0, 3) if months > 3 else (0,) if months else (),
        inside=amounts(random),
        outside=amounts(random),
        leaving=tuple(amounts(random) for _ in range(2 if months > 3 else bool(months))),
    )


def month_of(now: Situation, k: int, *, starts: bool, new_law: bool) -> Month:
    """What holds for household ``k``."""
    on_way = []
    if now.exit_months:
        steps = now.step_of(np.arange(40, dtype=np.int32))
        on_way = [float(now.leaving[step].dibao[k]) for step in steps]
    return Month(
        bool(now.due[k]), bool(now.stable[k]), float(now.inside.dibao[k]), float(now.outside.dibao[k]),
        float(now.work[k]), lambda before: bool(now.gradual[k]), lambda before: on_way, now.exit_months,
        starts, new_law,
    )  # fmt: skip


@pytest.mark.parametrize("office", OFFICES)
@pytest.mark.parametrize(("seed", "exit_months"), [(1, 6), (2, 2), (3, 0)])
def test_one_household_at_a_time(office: Administration, seed: int, exit_months: int) -> None:
    random = np.random.default_rng(seed)
    situations = [situation(random, exit_months) for _ in NEW_LAW]
    ids = np.arange(100, 100 + N)
    register = Register.begin(ids, situations[0], office, seed)
    statuses, paid, tallies = [], [], []
    for period, is_new_law in zip(situations, NEW_LAW, strict=True):
        register.meet(period)
        if is_new_law:
            register.regrant(period)
        tally = Tally(1, (), period, Areas(("",), np.zeros(N, dtype=np.intp), period.weight))
        for _ in range(MONTHS):
            statuses.append(register.status.copy())
            dibao, _ = tally.count(register)
            paid.append(dibao)
            # Made so that resources are 100 yuan a year more than dibao in every status.
            np.testing.assert_allclose(register.resources(period), dibao + 100.0 / 12.0, atol=1e-9)
            register.turn(period)
        tallies.append(tally)
    moved = 0
    for k, household in enumerate(ids):
        months = [
            month_of(period, k, starts=month == 0, new_law=is_new_law and month == 0)
            for period, is_new_law in zip(situations, NEW_LAW, strict=True)
            for month in range(MONTHS)
        ]
        path = walk(int(household), months, office, seed)
        assert [STATUSES[s[k]] for s in statuses] == [status for status, _ in path]
        assert [p[k] for p in paid] == pytest.approx([yuan for _, yuan in path], abs=1e-9)
        moved += len({status for status, _ in path}) > 1
    assert moved > N / 3
    for k, tally in enumerate(tallies):
        total = sum(float(month.sum()) for month in paid[k * MONTHS : (k + 1) * MONTHS])
        assert tally.totals()[BENEFIT][""] == pytest.approx(total, abs=1e-6)


def test_draws_depend_on_the_household_alone() -> None:
    office: Any = Administration.of({"apply": 0.4, "stays": 0.5, "audits": 0.2})
    random = np.random.default_rng(5)
    now = situation(random, 0)
    whole = Register.begin(np.arange(N), now, office, 3)
    part = np.arange(0, N, 3)
    few = replace(
        now,
        weight=now.weight[part], due=now.due[part], work=now.work[part], stable=now.stable[part],
        gradual=now.gradual[part],
        inside=Amounts({BENEFIT: now.inside.dibao[part]}, {}, now.inside.resources[part]),
    )  # fmt: skip
    own = Register.begin(part, few, office, 3)
    for _ in range(20):
        whole.turn(now)
        own.turn(few)
        assert (whole.status[part] == own.status).all()
