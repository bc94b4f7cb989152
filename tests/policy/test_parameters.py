"""Parameters: dated values, units, kinds, categories, and what is said of each mistake."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from microsim.errors import MicrosimError
from microsim.policy.parameter_spec import parameter_from
from microsim.policy.parameters import ALWAYS, Parameter, argument_name

LINE: dict[str, Any] = {
    "unit": "yuan/month",
    "by": "area",
    "values": {
        dt.date(2012, 12, 12): {"value": {"rural": 100, "urban": 200}, "source": "cited", "reference": "a"},
        "2021-01-01": {
            "value": {"rural": 300, "default": 400},
            "source": "recalled",
            "note": "as remembered",
        },
    },
}


def test_values_keep_their_own_unit_and_go_to_the_rules_by_the_year() -> None:
    line = parameter_from("line", LINE)
    assert (line.unit, line.internal_unit) == ("yuan/month", "yuan/year")
    assert [v.value for v in line.values.values()] == [
        {"rural": 100.0, "urban": 200.0},
        {"rural": 300.0, "default": 400.0},
    ]
    assert line.inside(100.0) == 1200.0
    assert line.own(1200.0, "yuan/year") == 100.0


def test_every_kind_goes_to_the_rules_in_the_internal_unit() -> None:
    step = parameter_from("x", {"kind": "step", "unit": "yuan/month", "values": [[3, 50]]})
    assert step.inside(step.values[ALWAYS].value) == [(3.0, 600.0)]
    share = parameter_from("x", {"unit": "percent", "values": 30})
    assert (share.inside(share.values[ALWAYS].value), share.internal_unit) == (0.3, "1")
    assert parameter_from("x", True).inside(True) is True


def test_a_value_holds_from_its_day_until_the_next() -> None:
    line = parameter_from("line", LINE)
    assert line.at(dt.date(2012, 12, 11)) is None
    first = line.at(dt.date(2020, 12, 31))
    assert first is not None
    assert (first.value["rural"], first.source, first.reference, first.since) == (
        100.0,
        "cited",
        "a",
        dt.date(2012, 12, 12),
    )
    second = line.at(dt.date(2021, 1, 1))
    assert second is not None
    assert (second.value["rural"], second.note) == (300.0, "as remembered")
    assert line.at(None) == second


def test_default_stands_for_every_category_not_named() -> None:
    line = parameter_from("line", LINE)
    now = line.at(None)
    assert now is not None
    assert line.cell(now.value, ["rural"]) == 300.0
    assert line.cell(now.value, ["suburb"]) == 400.0
    with pytest.raises(KeyError, match="suburb"):
        line.cell({"rural": 1.0}, ["suburb"])
    assert line.cell(5.0, ["suburb"]) == 5.0


def test_nested_categories() -> None:
    spec = {"by": ["area", "tier"], "values": {"rural": {"low": 1, "default": 2}, "urban": 3}}
    rate = parameter_from("rate", spec)
    value = rate.values[ALWAYS].value
    assert [rate.cell(value, pair) for pair in (("rural", "low"), ("rural", "high"), ("urban", "low"))] == [
        1.0,
        2.0,
        3.0,
    ]


@pytest.mark.parametrize(
    ("spec", "kind", "value"),
    [
        (5, "number", 5.0),
        (True, "boolean", True),
        ({"kind": "linear", "values": [[0, 0.1], [10, 0.2]]}, "linear", [(0.0, 0.1), (10.0, 0.2)]),
        ({"kind": "choice", "choices": ["gap", "banded"], "values": "gap"}, "choice", "gap"),
        ({"kind": "step", "unit": "yuan/month", "values": [[3, 50]]}, "step", [(3.0, 50.0)]),
        ({"kind": "brackets", "values": [[0, 0.0], [100, 0.2]]}, "brackets", [(0.0, 0.0), (100.0, 0.2)]),
        ({"kind": "boolean", "by": "area", "values": {"rural": True, "urban": False}}, "boolean", None),
    ],
    ids=["number", "switch", "linear", "choice", "step", "brackets", "switch by area"],
)
def test_kinds(spec: Any, kind: str, value: Any) -> None:
    made = parameter_from("x", spec)
    assert made.kind == kind
    if value is not None:
        assert made.values[ALWAYS].value == value


def test_dotted_names_are_arguments_with_underscores() -> None:
    assert argument_name("dibao.top_up.elderly") == "dibao_top_up_elderly"
    assert parameter_from("dibao.line", 1).argument == "dibao_line"


def test_new_values_stand_in_the_order_of_their_days() -> None:
    line = parameter_from("line", LINE)
    turned = line.with_values(dict(reversed(line.values.items())))
    assert isinstance(turned, Parameter)
    assert list(turned.values) == list(line.values)


def offences(spec: Any, **options: Any) -> list[str]:
    with pytest.raises(MicrosimError) as caught:
        parameter_from("p.x", spec, **options)
    return [str(offence) for offence in caught.value.offences]


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("text", "parameter p.x.values: p.x: expected a number, found 'text'"),
        ("17,760", "expected a number, found '17,760'; write 17760, without quotes, commas or units"),
        (10**400, "expected a number, found 1000"),
        (
            [[0, 0.1], [10, 0.2]],
            "p.x is a list of points without the kind that says how values follow from them; "
            "{'kind': 'step', 'values': [[0, 0.1], [10, 0.2]]}; kinds: step, linear, brackets",
        ),
        (
            {"values": [[0, 0.1]]},
            "found [[0, 0.1]]; a schedule states its kind: kind: step | linear | bracket",
        ),
        ({"unit": "元/月", "values": 1}, "unknown unit '元/月'; did you mean 'yuan/month'?"),
        ({"unit": "%", "values": 1}, "unknown unit '%'; did you mean 'percent'?"),
        ({"values": float("nan")}, "expected a number, found nan"),
        ({"values": float("inf")}, "expected a number, found inf"),
        ({"values": True}, "expected a number, found True"),
        ({"kind": "boolean", "values": 1}, "expected true or false, found 1"),
        ({"kind": "bolean", "values": True}, "unknown kind 'bolean'; did you mean 'boolean'?"),
        ({"kind": "choice", "values": "gap"}, "p.x is a choice without choices"),
        ({"kind": "choice", "choices": 3, "values": "gap"}, "'choices' is a list of words"),
        (
            {"kind": "choice", "choices": ["gap", "banded"], "values": "band"},
            "'band' is not one of gap, banded; did you mean 'banded'?",
        ),
        ({"kind": "step", "values": 3}, "expected a list of [threshold, value] pairs, found 3"),
        ({"kind": "step", "values": [[1, 2], [3]]}, "each point of a schedule is a pair of numbers"),
        ({"kind": "linear", "values": [[5, 1], [5, 2]]}, "thresholds must rise from point to point"),
        ({"kind": "linear", "values": []}, "expected a list of [threshold, value] pairs"),
        ({"unit": "yuan/yaer", "values": 1}, "unknown unit 'yuan/yaer'; did you mean 'yuan/year'?"),
        ({"valeus": 1}, "unknown key 'valeus'; did you mean 'values'?"),
        ({"unit": "1"}, "p.x has no values"),
        ({"values": {"rural": 1}}, "p.x has a value for each of rural, and does not say of what"),
        ({"by": "area", "values": {"rural": {"low": 1}}}, "is already split by area"),
        ({"by": "area", "values": {"rural": {}}}, "is already split by area"),
        ({"by": ["area", "tier"], "values": {"rural": {}}}, "has no categories here; name the categories of"),
        ({"by": 3, "values": 1}, "'by' names a categorical, or a list of them"),
        ({"access": "yes", "values": 1}, "expected true or false, found 'yes'"),
        ({"values": {"2021-13-01": 1, "2021-01-01": 2}}, "'2021-13-01' is not a date"),
        (
            {"values": {"2021-01-01": {"value": 1, "sorce": "x"}}},
            "unknown key 'sorce'; did you mean 'source'?",
        ),
        ({"values": {"2021-01-01": {"value": 1, "source": "heard"}}}, "source 'heard' is not one of cited"),
    ],
)
def test_mistakes(spec: Any, words: str) -> None:
    assert any(words in offence for offence in offences(spec)), offences(spec)


def test_a_law_file_needs_unit_labels_dates_sources_and_references() -> None:
    found = offences(
        {"values": {"2021-01-01": {"value": 1}, "2022-01-01": 2}, "label": {"en": "X"}}, strict=True
    )
    for words in (
        "p.x has no unit",
        "needs a label in English and Chinese",
        "source 'None' is not one of cited",
        "a value needs a reference",
        "a dated value needs value, source and reference",
    ):
        assert any(words in offence for offence in found), words
    assert any("have no date" in offence for offence in offences({"unit": "1", "values": 3}, strict=True))


def test_every_offence_is_told_at_once() -> None:
    spec = {"by": "area", "unit": "yuam", "values": {"rural": "a", "urban": "b"}, "note_": ""}
    assert len(offences(spec)) == 4
