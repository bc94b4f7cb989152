"""Random laws, searched from flip to flip and, beside that, the slow way."""

from __future__ import annotations

import numpy as np
import pytest

from microsim.engine.runtime.notches import notches
from tests.engine.notches.naive_notches import along, jumps
from tests.engine.random_policies import RandomPolicy, Seeded, random_policy
from tests.engine.random_populations import PLAIN, TinyPopulation, tiny_population

RANGE = 3000.0
# Laws with jumps, of which most have none; compiling one takes seconds.
MANY = (
    17,
    20,
    28,
    30,
    31,
    32,
    36,
    42,
    46,
    53,
    54,
    131,
    142,
    148,
    149,
    152,
    155,
    162,
    163,
    174,
    178,
    193,
    195,
    196,
)
RANDOM = MANY if PLAIN else (54, 196)


def compare_with_the_slow_way(law: RandomPolicy, data: TinyPopulation, seed: int) -> int:
    """Every jump of a yuan or more along one member's wage, both ways; how many there are."""
    rules = law.policy.rules
    outputs = [n for n in law.outputs if rules[n].entity == "household" and rules[n].dtype != "category"]
    sizes = np.diff(data.offsets)
    members = seed % sizes
    rows = np.arange(len(sizes), dtype=np.uint64)
    walked = (data.offsets[:-1] + members).astype(np.uint64)
    present = data.person_columns["wage_income"][walked]
    found = notches(law.policy, data, "wage_income", outputs, rows, walked, 0.0, RANGE, present)
    count = 0
    for row, member in enumerate(members.tolist()):
        values = along(law.policy, data, row, member, "wage_income", outputs)
        places, sizes_there = found.places[found.row == row], found.jumps[found.row == row]
        for at, jump in jumps(values, 0.0, RANGE, 16.0, 1.0):
            near_it = np.abs(places[:, 0] - at) <= 0.01
            assert near_it.any(), f"household {row}: {jump} at {at} is missed"
            assert sizes_there[near_it].sum(axis=0) == pytest.approx(jump, abs=0.05), (row, at)
            count += 1
        for place in places[(places[:, 0] > 0.0) & (places[:, 0] < RANGE)]:
            below, above = values(place[0] - 2e-5), values(place[0] + 2e-5)
            together = np.abs(places[:, 0] - place[0]) <= 2e-5
            told = sizes_there[together].sum(axis=0)
            assert above - below == pytest.approx(told, abs=0.1), (row, place[0])
    return count


@pytest.mark.slow
def test_random_laws(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder, count = tmp_path_factory.mktemp("made_up_notches"), 0
    for seed in RANDOM:
        law = random_policy(Seeded(seed), folder)
        count += compare_with_the_slow_way(law, tiny_population(seed, households=2), seed)
    assert count > len(RANDOM)
