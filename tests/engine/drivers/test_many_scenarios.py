"""Many scenarios in one pass are the runs one by one, and bad ones are told with their numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from microsim.errors import MicrosimError
from microsim.policy import total
from microsim.policy.policy import Policy
from microsim.simulation import simulate, simulate_many, walk
from tests.engine.drivers.mixed_policy import OUTPUTS, WALKED, net, part
from tests.engine.random_populations import TinyPopulation


def test_nobody_at_all(policy: Policy, small: TinyPopulation) -> None:
    nobody = part(small, 0, 0)
    result = simulate(nobody, policy, OUTPUTS)
    assert result.households.empty
    assert (result.total("payment"), result.total("fee", by="area").tolist()) == (0.0, [0.0, 0.0])
    assert simulate_many(nobody, policy, CHANGES, MANY)["value"].eq(0.0).all()
    assert walk(nobody, policy, grid=[0.0, 1.0], outputs=WALKED)["left"].shape == (0, 2)


MANY = ["payment", "fee", "poor", "left", "disabled"]
CHANGES: Sequence[Mapping[str, Any]] = [
    {},
    {"rate": 0.0},
    {"line.rural": 200, "rate": 0.5},
    {"line": {"by": {"urban": {"high": 900}}}},
    {"paid": False},
    {"form": "flat"},
    {"rates": [[0, 0.5]]},
    {"rates": [[0, 0.2], [100, 0.4]], "form": "flat", "line": 444},
]


@pytest.mark.parametrize("by", ["area", "tier", None])
def test_many_scenarios_are_the_runs_one_by_one(
    policy: Policy, small: TinyPopulation, by: str | None
) -> None:
    table = simulate_many(small, policy, CHANGES, MANY, by=by)
    assert list(table.columns) == ["scenario", "output", *([by] if by else []), "value"]
    rows = iter(table.itertuples(index=False))
    for k, change in enumerate(CHANGES):
        result = simulate(small, policy.reform(change), [*OUTPUTS, "disabled"])
        for name in MANY:
            totals = result.total(name, by=by)
            for group, expected in totals.items() if by else [(None, totals)]:
                row = next(rows)
                assert (row.scenario, row.output) == (k, name)
                assert by is None or getattr(row, by) == group
                assert row.value == pytest.approx(expected, rel=1e-12), (change, name, group)
    assert next(rows, None) is None


def test_a_scenario_that_changes_nothing_asked_for(policy: Policy, small: TinyPopulation) -> None:
    table = simulate_many(small, policy, [{"rate": 0.9}, {"rate": 0.1}], "any_disabled", by=None)
    assert table["value"].tolist() == [simulate(small, policy, OUTPUTS).total("any_disabled")] * 2


def test_paths_and_dates_in_many_scenarios(small: TinyPopulation) -> None:
    dated = Policy.from_rules({"net": net, "income": total(net)}, {"rate": 0.3}, date="2023-06-30")
    changes = [
        {"rate": {"path": "linear", "from": {2021: 0.0}, "to": {2025: 1.0}}},
        {"rate": {"on": {"2022-01-01": 0.5, "2024-01-01": 0.9}}},
        {"rate": 0.5},
    ]
    values = simulate_many(small, dated, changes, ["income"], by=None)["value"]
    assert values[0] == values[1] == values[2]


@pytest.mark.parametrize(
    ("outputs", "options", "words"),
    [
        (
            ["payment"],
            {"by": "aera"},
            "totals by 'aera': not a categorical household column; known: area, tier",
        ),
        (["payment"], {"by": "assets"}, "totals by 'assets': not a categorical household column"),
        (["payment"], {"by": "stage"}, "totals by 'stage': not a categorical household column"),
        (["standing", "stage"], {}, "'standing' is a category and has no total; count a yes/no rule instead"),
        (["standing", "stage"], {}, "'stage' is a category and has no total"),
        (["rates"], {}, "'rates' is a brackets and no value of households; policy.value('rates') gives it"),
        (["paymnt"], {}, "no rule, parameter or column named 'paymnt'; did you mean 'payment'?"),
    ],
)
def test_bad_totals(
    policy: Policy, small: TinyPopulation, outputs: list[str], options: dict[str, Any], words: str
) -> None:
    with pytest.raises(MicrosimError) as caught:
        simulate_many(small, policy, [{}], outputs, **options)
    assert words in str(caught.value)


def test_person_values_have_no_total_in_the_kernel(policy: Policy, small: TinyPopulation) -> None:
    with pytest.raises(MicrosimError, match=r"'fee' differs from person to person; take total\(fee\)"):
        simulate(small, policy, ["payment"], totals=["fee"])


def test_bad_scenarios_are_told_with_their_numbers(policy: Policy, small: TinyPopulation) -> None:
    with pytest.raises(MicrosimError) as caught:
        simulate_many(small, policy, [{"rat": 1}, {}, {"rate": "x", "form": "gapp"}], ["payment"])
    assert [offence.place for offence in caught.value.offences] == [
        "scenario 0: rat",
        "scenario 2: rate",
        "scenario 2: form",
    ]
