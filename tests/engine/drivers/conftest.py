"""The policy of ``mixed_policy`` with many households and with few."""

from __future__ import annotations

import numpy as np
import pytest

from microsim.policy.policy import Policy
from tests.engine.drivers.mixed_policy import HOUSEHOLDS, PARAMETERS, RULES, part
from tests.engine.random_populations import TinyPopulation, tiny_population


@pytest.fixture(scope="module")
def policy() -> Policy:
    return Policy.from_rules(RULES, PARAMETERS)


@pytest.fixture(scope="module")
def population() -> TinyPopulation:
    """Weights with many digits, so that the order of additions shows."""
    data = tiny_population(23, HOUSEHOLDS)
    return part(data, 0, HOUSEHOLDS, np.random.default_rng(1).random(HOUSEHOLDS))


@pytest.fixture(scope="module")
def small() -> TinyPopulation:
    return tiny_population(9, 40)
