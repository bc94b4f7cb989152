"""What is usual for a number of law: the range seen, by date."""

from __future__ import annotations

import datetime as dt

import pytest

import microsim as ms
from microsim.errors import MicrosimError
from microsim.policy.parameter_spec import parameter_from
from microsim.policy.ranges import limits_of, numbers_in

LATEST = ms.Policy.load("2025-01-01")


def test_every_value_of_the_law_lies_within_its_bounds_and_its_range() -> None:
    begins = dt.date(2012, 12, 12)
    for name, parameter in LATEST.parameters.items():
        for since, dated in parameter.values.items():
            assert not parameter.problems(dated.value), name
            seen = parameter.range_on(max(since, begins))
            for cell, value in numbers_in(dated.value):
                limits = limits_of(seen, cell)
                assert not limits or value == 0 or limits[0] <= value <= limits[1], (name, since, cell)


def test_every_range_lies_within_the_bounds() -> None:
    for name, parameter in LATEST.parameters.items():
        for seen in parameter.ranges.values():
            pairs = [seen] if isinstance(seen, tuple) else list(seen.values())
            for pair in pairs:
                assert not parameter.bounds.problem(name, pair[1], parameter.unit)[0], name


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        (
            {"values": 1, "range": {"rural": [0, 1]}},
            "a range by category, for a parameter without categories",
        ),
        ({"values": 1, "range": [2, 1]}, "a range is a low and a high number"),
        ({"values": 1, "range": {"2020-01-01": [0, 1], "later": [0, 2]}}, "'later' is not a date"),
    ],
)
def test_ranges_of_a_law_file_are_checked(spec: dict[str, object], words: str) -> None:
    with pytest.raises(MicrosimError) as refused:
        parameter_from("grant", spec)
    assert words in str(refused.value)


def test_ranges_are_dated() -> None:
    spec = {"values": 1, "range": {dt.date(2020, 1, 1): [1, 2], "2024-01-01": [3, 4]}}
    parameter = parameter_from("grant", spec)
    assert parameter.range_on(dt.date(2019, 1, 1)) is None
    assert parameter.range_on(dt.date(2023, 12, 31)) == (1.0, 2.0)
    assert parameter.range_on(None) == (3.0, 4.0)
