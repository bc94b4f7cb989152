"""Values that are possible and hardly meant are refused, unless whoever types them says they are."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

import microsim as ms
from microsim.errors import InputError
from microsim.policy.ranges import limits_of, numbers_in
from microsim.policy.unusual import unusual_values

LAW = ms.Policy.load("2020-12-31")
LINES = {"dibao.line": {"by": {"rural": 4800, "urban": 7200}}}


def refusal(changes: dict[str, Any], policy: ms.Policy = LAW) -> InputError:
    with pytest.raises(InputError) as caught:
        policy.reform(changes)
    assert policy.reform(changes, allow_unusual=True).changes[-1] == changes
    return caught.value


@pytest.mark.parametrize(
    ("change", "place", "told"),
    [
        # a monthly standard, in every form of a change
        (458, "", "458 yuan/year, outside the observed range, 3,500 to 17,500"),
        ({"value": 0.5, "unit": "1000 yuan/year"}, "", "500 yuan/year, outside"),
        ({"on": {"2018-01-01": 458}}, ".on.2018-01-01", "outside the observed range, 2,200 to 10,600"),
        ({"on": {"2030-01-01": 458}}, ".on.2030-01-01", "outside the observed range, 4,200 to 20,000"),
        # 80 meant as 80 per cent
        ({"path": "linear", "from": {2021: 4500}, "to": {2027: 80}}, ".to.2027", "80 yuan/year, outside"),
        # a ratio that is possible and yet leads far off
        (
            {"path": "linear", "ratio_to": "dibao.line.urban", "from": {2021: 0.6}, "to": {2027: 8}},
            ".to.2027",
            "outside the observed range, 4,200 to 20,000",
        ),
    ],
)
def test_every_form_of_a_change(change: Any, place: str, told: str) -> None:
    (offence,) = refusal({"dibao.line.rural": change}).offences
    assert offence.place == f"dibao.line.rural{place}"
    assert told in offence.message
    assert "unusual: yes" in offence.hint
    if isinstance(change, dict):
        LAW.reform({"dibao.line.rural": {**change, "unusual": True}})
    else:
        LAW.reform({"dibao.line.rural": {"value": change, "unusual": "yes"}})


@pytest.mark.parametrize(
    ("name", "value", "hint"),
    [
        ("dibao.line.rural", 458, "458 a month is 5,496 a year: write unit: yuan/month beside it"),
        ("dibao.line.urban", 0.9, "0.9 in units of 10,000 yuan is 9,000 yuan"),
        ("tekun.minimum_wage", 18000, "18000 a year is 1,500 a month: write unit: yuan/year beside it"),
        ("dibao.edge_multiple", 0.5, "if this is intended"),
        ("low_income.local_income.rural", 1.6, "1.6 in units of 10,000 yuan is 16,000 yuan"),
        ("temporary_aid.multiple", 10, "if this is intended"),
        ("housing_aid.poor_disabled_lines", 10, "if this is intended"),
        ("medical_aid.rate.dibao", 0.2, "if this is intended"),
    ],
)
def test_the_unit_that_was_meant_is_named(name: str, value: float, hint: str) -> None:
    assert refusal({name: value}).offences[0].hint.startswith(hint)


def test_one_number_for_all_categories_is_held_against_the_range_of_each() -> None:
    both = [offence.message for offence in refusal({"dibao.line": 10}).offences]
    assert [text.split(" is ")[0] for text in both] == ["dibao.line.rural", "dibao.line.urban"]
    (later,) = refusal({"dibao.line": {"on": {"2020-07-01": 4000}}}).offences
    assert later.place == "dibao.line.on.2020-07-01"
    assert later.message == "dibao.line.urban is 4,000 yuan/year, outside the observed range, 4,800 to 17,500"
    LAW.reform({"dibao.line": 6000})
    meant = LAW.reform({"dibao.line": {"value": 10, "unusual": True}})
    assert [one.name for one in unusual_values(meant.values, meant.parameters, meant.date)] == [
        "dibao.line.rural",
        "dibao.line.urban",
    ]


def test_categories_each_by_their_own_range_and_mark() -> None:
    wrong = {"dibao.line": {"by": {"rural": 458, "urban": 90_000}}}
    assert [o.place for o in refusal(wrong).offences] == ["dibao.line.by.rural", "dibao.line.by.urban"]
    one = {"dibao.line": {"by": {"rural": {"value": 458, "unusual": True}, "urban": 90_000}}}
    assert [o.place for o in refusal(one).offences] == ["dibao.line.by.urban"]
    LAW.reform({"dibao.line": {**wrong["dibao.line"], "unusual": True}})


def test_no_is_no_mark_and_other_words_are_none() -> None:
    refusal({"dibao.line.rural": {"value": 458, "unusual": False}})
    with pytest.raises(InputError, match="'unusual' is yes or no, not 'perhaps'"):
        LAW.reform({"dibao.line.rural": {"value": 458, "unusual": "perhaps"}})
    with pytest.raises(InputError, match="unknown key 'unusual'"):
        LAW.reform({"dibao.line.rural": {"unusual": True}})


def test_the_end_of_a_path_is_held_against_the_other_line_and_not_its_own_of_that_year() -> None:
    # The national rural line of 2023 lies above 7,000; that of the path, at 80 % of the urban one, does not.
    lines = {"dibao.line.urban": 7000}
    path = {"path": "linear", "ratio_to": "dibao.line.urban", "from": {2021: 0.6}, "to": {2023: 0.8}}
    LAW.reform({**lines, "dibao.line.rural": path})
    above = {**path, "to": {2023: 1.2}}
    (offence,) = refusal({**lines, "dibao.line.rural": above}).offences
    assert offence.message == "dibao.line: rural (8,400) is above urban (7,000)"


def test_rural_and_urban_swapped() -> None:
    (offence,) = refusal({"dibao.line": {"by": {"rural": 7200, "urban": 4800}}}).offences
    assert offence.message == "dibao.line: rural (7,200) is above urban (4,800)"
    assert offence.hint.startswith("are the two swapped?")
    (offence,) = refusal({"dibao.line.rural": 9000}).offences  # above the urban line of the law
    assert offence.message == "dibao.line: rural (9,000) is above urban (8,131.2)"
    LAW.reform({"dibao.line": {"by": {"rural": 8000, "urban": 8000}}})


def test_what_was_accepted_is_not_asked_about_again() -> None:
    low = LAW.reform({"dibao.line.rural": {"value": 458, "unusual": True}})
    assert low.reform({"dibao.line.urban": 9000}).value("dibao.line.rural") == 458
    assert low.at("2022-12-31").frozen().value("dibao.line.rural") == 458


def test_nothing_is_usual() -> None:
    assert LAW.reform({"heating.amount": 0, **LINES}).value("heating.amount") == 0


def test_the_law_itself_is_usual_at_all_times() -> None:
    for name, parameter in LAW.parameters.items():
        if parameter.kind in ("boolean", "choice"):
            continue
        for since, dated in parameter.values.items():
            for cell, number in numbers_in(dated.value):
                limits = limits_of(parameter.range_on(since), cell)
                assert not limits or not number or limits[0] <= number <= limits[1], (name, since, cell)
            if parameter.rising:
                values = [dated.value[category] for category in parameter.rising]
                assert values == sorted(values), (name, since)


def test_python_doors() -> None:
    with pytest.raises(InputError, match=r"path up: dibao\.line\.rural\.to\.2027"):
        ms.unify(
            ms.Population.read("data/synthetic/h-county"),
            LAW,
            ms.County.read("data/synthetic/h-county"),
            {"up": {"dibao.line.rural": {"path": "linear", "from": {2021: 4500}, "to": {2027: 80}}}},
            (2021, 2027),
        )
    with pytest.raises(InputError, match=r"scenario 1: dibao\.line\.rural"):
        ms.simulate_many(
            ms.Population.read("data/synthetic/h-county"),
            LAW,
            [{"dibao.line.rural": 4800}, {"dibao.line.rural": 458}],
            ["dibao_benefit"],
        )


def test_a_range_and_an_order_of_ones_own() -> None:
    @ms.household(unit="yuan/year")
    def grant(amount: float) -> float:
        return amount

    spec = {
        "unit": "yuan/year",
        "by": "area",
        "range": {dt.date(2020, 1, 1): [100, 200]},
        "rising": ["rural", "urban"],
        "values": {"rural": 100, "urban": 150},
    }
    policy = ms.Policy.from_rules({"grant": grant}, parameters={"amount": spec})
    assert "outside the observed range, 100 to 200" in str(refusal({"amount.urban": 300}, policy))
    assert "is above urban" in str(refusal({"amount.rural": 180}, policy))


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("4800", "write 4800,"),
        ("4,800", "write 4800,"),
        ("4800元", "write 4800,"),
        ("￥4800", "write 4800,"),
        ("0.48万元", "write 4800,"),
        ("+20%", "a change gives the new amount, not by how many per cent it changes"),
    ],
)
def test_numbers_that_were_typed_as_text(value: str, hint: str) -> None:
    with pytest.raises(InputError) as refused:
        LAW.reform({"dibao.line.rural": value})
    assert hint in str(refused.value)


def test_shares_that_were_typed_in_per_cent() -> None:
    with pytest.raises(InputError, match=r"write 0\.4, without quotes"):
        LAW.reform({"means_test.work_cost_rate": "40%"})


def test_changes_that_are_no_mapping_and_categories_without_by() -> None:
    with pytest.raises(InputError, match="a mapping of parameter to value, not str"):
        LAW.reform("dibao.line=4800")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="values by area go under by:"):
        LAW.reform({"dibao.line": {"rural": 4800, "urban": 7200}})
