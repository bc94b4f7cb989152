"""Totals that are no number are told, whoever asks for them."""

import numpy as np
import pandas as pd
import pytest

import microsim as ms


@ms.household(unit="1")
def homes_per_room(homes: float, rooms: float) -> float:
    """A ratio without a guard."""
    return homes / rooms


@ms.household(name="homes__per_room")
def doubled(homes: float) -> float:
    """A name that could meet a local variable's."""
    return homes


def _population():
    persons = pd.DataFrame({"household_id": [1, 2]})
    households = pd.DataFrame(
        {"household_id": [1, 2], "weight": [1.0, 1.0], "homes": [1.0, 0.0], "rooms": [2.0, 0.0]}
    )
    return ms.Population.from_frames(persons, households)


def test_many_scenarios_name_output_and_scenario():
    policy = ms.Policy.from_rules({"homes_per_room": homes_per_room}, parameters={"unused": 1.0})
    with pytest.raises(ms.MicrosimError, match=r"scenario 1: the total of 'homes_per_room' is not finite"):
        ms.simulate_many(_population(), policy, [{}, {"unused": 2.0}], ["homes_per_room"])


def test_one_run_names_the_households():
    policy = ms.Policy.from_rules({"homes_per_room": homes_per_room})
    result = ms.simulate(_population(), policy, ["homes_per_room"])
    assert np.isnan(result.array("homes_per_room")[1])
    with pytest.raises(
        ms.MicrosimError, match=r"1 values of 'homes_per_room' are not finite \(households 2\)"
    ):
        result.total("homes_per_room")


def test_a_rule_name_with_two_underscores_in_a_row_is_refused():
    with pytest.raises(ms.MicrosimError, match="two underscores in a row"):
        ms.Policy.from_rules({"homes__per_room": doubled})
