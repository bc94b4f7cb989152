"""A county under another share of income seen has the bits of one made so from the start."""

from __future__ import annotations

import numpy as np
import pytest

from microsim.population import County, synthesize
from microsim.population.synthesis.seen import FIGURE, SeenAnew
from tests.scenario.small_county import PROFILE

OTHER = {f"{FIGURE}.rural.mean": 0.7, f"{FIGURE}.rural.tilt": 0.3, f"{FIGURE}.urban.spread": 0.1}


@pytest.mark.parametrize(("households", "seed"), [(600, 1), (400, 7)])
def test_the_same_bits_as_made_anew(households: int, seed: int) -> None:
    county = County.read(PROFILE)
    made = synthesize(county, seed, households)
    other = county.with_values(OTHER)
    fast, slow = SeenAnew.of(made, county, seed).under(other), synthesize(other, seed, households)
    assert fast.hash == slow.hash
    assert fast.hash != made.hash
    for table in ("person_columns", "household_columns"):
        ours, theirs = getattr(fast, table), getattr(slow, table)
        assert list(ours) == list(theirs)
        for name in ours:
            assert ours[name].dtype == theirs[name].dtype, name
            assert np.array_equal(ours[name], theirs[name]), name
    assert np.array_equal(fast.weight, slow.weight)
    assert fast.county is not None
    assert fast.county[FIGURE] == other[FIGURE]


def test_nothing_changes_under_its_own_share() -> None:
    county = County.read(PROFILE)
    made = synthesize(county, households=300)
    assert SeenAnew.of(made, county).under(county).hash == made.hash
