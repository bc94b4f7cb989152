"""What is read under the switches in force, of made-up rules."""

from __future__ import annotations

import pytest

import microsim as ms
from microsim.scenario.live import live_parameters
from tests.scenario import live_rules


def live(**values: object) -> tuple[set[str], dict[str, set[str]]]:
    parameters: dict[str, object] = {
        "form": {"kind": "choice", "choices": ["amount", "share"], "values": values.pop("form", "amount")},
        "on": True,
        "extra": False,
        "amount": 100.0,
        "share": 0.2,
        "bonus": 5.0,
        "unused": 1.0,
        **values,
    }
    policy = ms.Policy.from_rules(live_rules, parameters=parameters)
    found = live_parameters(policy, ["grant", "doubled", "chosen", "looped"])
    return found.read, found.kept_by


def test_what_stands_behind_a_settled_condition_is_not_read() -> None:
    read, kept_by = live()
    assert read == {"form", "on", "extra", "amount"}
    assert kept_by == {"share": {"form"}, "bonus": {"extra"}}


@pytest.mark.parametrize(
    ("values", "read", "kept_by"),
    [
        ({"form": "share"}, {"form", "on", "extra", "share"}, {"amount": {"form"}, "bonus": {"extra"}}),
        ({"extra": True}, {"form", "on", "extra", "amount", "bonus"}, {"share": {"form"}}),
    ],
)
def test_switches_open_what_they_close(
    values: dict[str, object], read: set[str], kept_by: dict[str, set[str]]
) -> None:
    assert live(**values) == (read, kept_by)


def test_a_programme_that_is_off_reads_nothing_but_its_switch() -> None:
    read, kept_by = live(on=False)
    assert "amount" not in read
    assert "on" in kept_by["amount"]
