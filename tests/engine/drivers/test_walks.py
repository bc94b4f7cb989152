"""Walks: one member's income at each point of a grid, who is walked, and what is said of bad use."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from microsim.errors import MicrosimError
from microsim.policy.policy import Policy
from microsim.simulation import simulate, walk
from tests.engine.drivers.mixed_policy import OUTPUTS, WALKED
from tests.engine.random_populations import TinyPopulation


def test_a_walk_at_the_actual_wage_is_the_household_as_it_is(policy: Policy, small: TinyPopulation) -> None:
    wages = small.person_columns["wage_income"]
    walked = walk(small, policy, grid=np.unique(wages), outputs=WALKED)
    plain = simulate(small, policy, OUTPUTS)
    owners = np.maximum.reduceat(wages, small.offsets[:-1])
    at = np.searchsorted(walked.grid, owners)
    for name in WALKED:
        now = walked[name][np.arange(len(at)), at]
        np.testing.assert_allclose(
            now.astype(float), plain.array(name).astype(float), rtol=1e-12, err_msg=name
        )


def test_a_walk_is_a_household_whose_member_earns_each_wage(policy: Policy, small: TinyPopulation) -> None:
    walked = walk(small, policy, vary="pension_income", grid=[0.0, 450.0, 800.0], outputs=WALKED)
    for point, amount in enumerate(walked.grid):
        pensions = small.person_columns["pension_income"].copy()
        pensions[np.isin(small.person_id, walked.person_id)] = amount
        changed = TinyPopulation(
            small.offsets,
            small.household_columns,
            {**small.person_columns, "pension_income": pensions},
            small.weight,
            small.household_id,
            small.person_id,
        )
        plain = simulate(changed, policy, OUTPUTS)
        for name in ("left", "fees"):
            np.testing.assert_allclose(walked[name][:, point], plain.array(name), rtol=1e-12, atol=1e-9)


def test_who_is_walked(policy: Policy, small: TinyPopulation) -> None:
    wages = small.person_columns["wage_income"]
    by_default = walk(small, policy, grid=[0.0], outputs=WALKED)
    for h, chosen in enumerate(by_default.person_id):
        members = range(small.offsets[h], small.offsets[h + 1])
        first_of_the_highest = max(members, key=lambda p: (wages[p], -p))
        assert chosen == small.person_id[first_of_the_highest]
    last = np.zeros(len(small.person_id), dtype=bool)
    last[small.offsets[1:] - 1] = True
    marked = walk(small, policy, grid=[0.0], outputs=WALKED, member=last)
    assert marked.person_id.tolist() == small.person_id[last].tolist()
    with_column = TinyPopulation(
        small.offsets,
        small.household_columns,
        {**small.person_columns, "last": last},
        small.weight,
        small.household_id,
        small.person_id,
    )
    wanted = small.household_id[[7, 2, 7]]
    some = walk(with_column, policy, grid=[0.0, 9.0], outputs=WALKED, member="last", households=wanted)
    assert some.household_id.tolist() == wanted.tolist()
    assert some.person_id.tolist() == small.person_id[small.offsets[[8, 3, 8]] - 1].tolist()
    np.testing.assert_array_equal(some["left"][0], some["left"][2])
    np.testing.assert_array_equal(some["left"][:, 0], marked["left"][[7, 2, 7], 0])


def test_a_walk_of_what_does_not_depend_on_the_wage(policy: Policy, small: TinyPopulation) -> None:
    walked = walk(small, policy, grid=[0.0, 5.0], outputs="any_disabled")
    plain = simulate(small, policy, OUTPUTS).array("any_disabled")
    np.testing.assert_array_equal(walked["any_disabled"], np.column_stack([plain, plain]))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"vary": "wage_incom"}, "'wage_incom' is not an amount of each person; did you mean 'wage_income'?"),
        ({"vary": "age"}, "vary: 'age' is not an amount of each person; one of pension_income, wage_income"),
        ({"vary": "net"}, "'net' is not an amount of each person"),
        (
            {"grid": [0.0, np.nan]},
            "the grid must be a list of finite amounts; for example np.linspace(0, 60000, 101)",
        ),
        ({"grid": [[0.0], [1.0]]}, "the grid must be a list of finite amounts"),
        ({"grid": []}, "the grid must be a list of finite amounts"),
        ({"grid": ["much"]}, "the grid must be a list of finite amounts"),
        ({"households": [10**6, 10**7]}, "households: 2 unknown household ids (1000000, 10000000)"),
        ({"member": "hed"}, "member 'hed' is not a yes/no person column"),
        ({"member": "age"}, "member 'age' is not a yes/no person column"),
        ({"member": np.ones(3, dtype=bool)}, "is not a yes/no person column"),
        ({"member": "disabled"}, "households without exactly one marked member (households "),
        (
            {"outputs": ["fee"]},
            "'fee' differs from person to person; take total(fee) or another household value",
        ),
        ({"outputs": ["wage_income"]}, "'wage_income' differs from person to person"),
        ({"outputs": []}, "no outputs are asked for"),
        ({"outputs": ["lft"]}, "no rule, parameter or column named 'lft'; did you mean 'left'?"),
        ({"threads": 0}, "threads: the number of threads is 0; a whole number from 1"),
    ],
)
def test_bad_walks(policy: Policy, small: TinyPopulation, options: dict[str, Any], words: str) -> None:
    with pytest.raises(MicrosimError) as caught:
        walk(small, policy, **{"outputs": ["left"], "grid": [0.0], **options})
    assert words in str(caught.value)
