"""Units: what fits what, exact on the way there and back, and one list for rules, parameters and changes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import microsim as ms
from microsim.errors import MicrosimError
from microsim.explanation.words import parameter_text
from microsim.policy import household
from microsim.policy.policy import Policy
from microsim.units import KNOWN_UNITS, convert, exact, fits, is_money, to_internal, with_fractions

NUMBERS = st.floats(min_value=1e-6, max_value=1e12, allow_nan=False)


@given(st.integers(0, 10**12))
def test_a_yearly_amount_goes_to_the_month_and_back_without_a_bit(number: int) -> None:
    assert convert(convert(number, "yuan/year", "yuan/month"), "yuan/month", "yuan/year") == number


@given(NUMBERS | st.integers(-(10**9), 10**9))
def test_an_exact_text_reads_back(number: float) -> None:
    assert float(with_fractions(exact(number).replace(",", ""))) == number


def test_conversions() -> None:
    assert convert(17_760, "yuan/year", "yuan/month") == 1480.0
    assert convert(50, "percent", "1") == 0.5
    assert convert(3, "10000 yuan/year", "yuan/year") == 30_000.0
    assert convert(1, "years", "months") == 12.0
    assert to_internal("months") == (1.0, "months")
    assert not fits("yuan", "yuan/year")
    assert [unit for unit in KNOWN_UNITS if is_money(unit)][:3] == ["yuan/hour", "yuan/day", "yuan"]
    with pytest.raises(ValueError, match="persons does not fit yuan/month; units that do: yuan/year"):
        convert(1, "persons", "yuan/month")


@household(unit="yuan/year")
def paid(wage: float, line: float) -> float:
    """A yearly amount out of a monthly parameter."""
    return wage + line


def policy() -> Policy:
    return Policy.from_rules(
        [paid],
        {
            "wage": {"unit": "yuan/month", "values": 100},
            "line": {"unit": "yuan/year", "by": "area", "values": {"rural": 600, "urban": 1200}},
        },
        date="2021-06-30",
    )


@pytest.mark.parametrize(
    ("changes", "wage", "line"),
    [
        ({"wage": {"value": 2400, "unit": "yuan/year"}}, 200.0, 600.0),
        ({"wage": {"value": 2400}}, 2400.0, 600.0),
        ({"line": {"by": {"rural": {"value": 0.12, "unit": "10000 yuan/year"}}}}, 100.0, 1200.0),
        ({"line": {"by": {"rural": 70, "urban": 90}, "unit": "yuan/month"}}, 100.0, 840.0),
        ({"line.rural": {"value": 70, "unit": "yuan/month"}}, 100.0, 840.0),
        ({"wage": {"on": {dt.datetime(2021, 1, 1, 8): 2400}, "unit": "yuan/year"}}, 200.0, 600.0),
        ({"wage": {"on": {pd.Timestamp("2021-01-01"): {"value": 2400, "unit": "yuan/year"}}}}, 200.0, 600.0),
        (
            {"wage": {"path": "linear", "from": {2020: 1200}, "to": {2022: 3600}, "unit": "yuan/year"}},
            200.0,
            600.0,
        ),
        (
            {"line.rural": {"path": "linear", "ratio_to": "wage", "from": {2020: 0.5}, "to": {2021: 0.5}}},
            100,
            600,
        ),
    ],
    ids=["year", "own", "in by", "beside by", "of a cell", "beside on", "in on", "beside path", "ratio"],
)
def test_a_value_may_carry_its_unit(changes: dict[str, Any], wage: float, line: float) -> None:
    reformed = policy().reform(changes)
    assert reformed.value("wage") == wage
    assert reformed.value("line.rural") == line
    assert reformed.amount("wage") == 12 * wage


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"wage": {"value": 1, "unit": "persons"}},
            "wage: persons does not fit yuan/month; units that do: yuan/y",
        ),
        ({"wage": {"value": 1, "unit": "yuan/mnth"}}, "unknown unit 'yuan/mnth'; did you mean 'yuan/month'?"),
        ({"wage": {"value": 1, "unit": 2.5}}, "wage.unit: the unit is text such as yuan/month, not 2.5"),
        (
            {"wage": {"value": {"by": {}}, "unit": "yuan"}},
            "'value' is one value; for several: {by: {rural: 48",
        ),
        ({"wage": {"value": 1, "unti": "yuan"}}, "unknown key 'unti' next to 'value'; did you mean 'unit'?"),
        (
            {
                "line.rural": {
                    "path": "linear",
                    "ratio_to": "wage",
                    "unit": "1",
                    "from": {2020: 1},
                    "to": {2021: 1},
                }
            },
            "a path that is a ratio has no unit; leave unit: out",
        ),
        ({"wage": {"on": {"2021-01-01": 1, dt.date(2021, 1, 1): 2}}}, "2021-01-01 is given twice"),
        (
            {
                "line.rural": {
                    "path": "linear",
                    "ratio_to": "line.urban",
                    "from": {2020: 0.6},
                    "to": {2027: 80},
                }
            },
            "line.rural.to.2027: a ratio of 80 makes it 80 times line.urban; 80 % is 0.8",
        ),
    ],
)
def test_units_and_ratios_that_cannot_be(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(MicrosimError) as caught:
        policy().reform(changes)
    assert words in str(caught.value)


def test_kernel_and_interpreter_take_the_yearly_amount() -> None:
    households = pd.DataFrame({"household_id": [1], "weight": [1.0], "area": ["rural"]})
    persons = pd.DataFrame({"household_id": [1]})
    population = ms.Population.from_frames(persons, households)
    assert ms.simulate(population, policy(), outputs=["paid"]).households["paid"].tolist() == [1800.0]
    told = str(ms.explain(population, policy(), household_id=1, outputs=["paid"]))
    assert "1,800 yuan a year" in told
    assert "100 yuan a month (1,200 yuan a year)" in told


def test_a_parameter_of_an_unknown_unit_is_refused_however_it_is_made() -> None:
    with pytest.raises(MicrosimError, match=r"unknown unit 'yaun/year'; did you mean 'yuan/year'\?"):
        ms.Parameter("line", "line", unit="yaun/year")


@pytest.mark.parametrize(
    ("number", "text"), [(2 / 3, "2/3"), (1 / 6, "1/6"), (0.5, "0.5"), (1 / 3 + 1e-12, None)]
)
def test_simple_fractions_are_printed_and_typed_as_such(number: float, text: str | None) -> None:
    assert exact(number) == (text or repr(number))
    if text:
        assert float(with_fractions(text)) == number


def test_a_reform_may_say_a_fraction() -> None:
    policy = Policy.load("2024-01-01")
    changed = policy.reform({"dibao.band": [[0, 0.7], ["1/3", 0.6], ["2/3", 0.5]]})
    assert changed.values["dibao.band"].value == policy.values["dibao.band"].value
    assert (
        policy.reform({"employment_aid.insurance_share": "2/3"}).value("employment_aid.insurance_share")
        == 2 / 3
    )
    with pytest.raises(MicrosimError, match="expected a number, found '2/0'"):
        policy.reform({"employment_aid.insurance_share": "2/0"})


def test_explain_says_the_fraction() -> None:
    band = [(0.0, 1.0), (1 / 3, 0.7), (2 / 3, 0.5)]
    assert parameter_text(band, "step", "1", "en", {}) == "1 from 0, 0.7 from 1/3, 0.5 from 2/3"
