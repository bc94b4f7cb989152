"""The explanation of a family in several tiers, as somebody reads it who knows the law and no Python."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pandas as pd
import pytest

from microsim.explanation.page import WIDTH, width
from microsim.explanation.trace import Explanation
from microsim.explanation.words import cited
from microsim.policy.policy import Policy
from microsim.policy.programmes import load_programmes
from microsim.population import Population
from microsim.population.core.columns import known, registry
from microsim.simulation import explain

DEFAULTS = {
    entity: {name: column.default for name, column in known(entity).items() if column.default is not None}
    for entity in ("household", "person")
}
NOTHING = {"sex": "female", "works": False, "wage_income": 0.0, "business_income": 0.0}


def person(**columns: Any) -> dict[str, Any]:
    return {"household_id": 1} | DEFAULTS["person"] | NOTHING | columns


@cache
def told(lang: str) -> Explanation:
    """A farmer, his gravely ill wife, their child, and his brother whom nobody can support; registered poor.

    6,000 a head with a line of 4,800: an edge household, the wife in dibao alone, the brother tekun; the
    household is monitored and registered poor besides.
    """
    persons = [
        person(relation="head", age=45, sex="male", works=True, business_income=18000.0),
        person(relation="spouse", age=44, severe_illness=True, medical_bill=60500.0),
        person(relation="child", age=12, in_school="primary", boards=True),
        person(relation="sibling", age=62, sex="male", has_able_supporter=False, failed_adls=2),
    ]
    household = DEFAULTS["household"] | {"area": "rural", "filed_poor": True, "monitored": True}
    family = Population.from_frames(
        pd.DataFrame(persons), pd.DataFrame([{"household_id": 1, "weight": 1.0, **household}])
    )
    law = Policy.load("2024-06-30").reform(
        {"dibao.line": {"by": {"rural": 4800, "urban": 7200}}}, allow_unusual=True
    )
    return explain(family, law, 1, ["tier", "total_benefits", "in_kind_benefits"], lang)


def lines(lang: str) -> list[str]:
    return [" ".join(line.split()) for line in str(told(lang)).splitlines()]


def test_the_result_comes_first_with_each_tier_and_each_programme_that_pays() -> None:
    top = lines("en")[: lines("en").index("How it was computed")]
    for member, tier in enumerate(("edge", "dibao", "edge", "tekun"), start=1):
        assert any(re.fullmatch(rf"Primary tier, member {member} {tier} \[\d+\]", line) for line in top)
    # Single entitlement 4,800 and a top-up of 1,200; basic living 1.3 x 4,800; a boarder's grant of 1,250.
    for amount in ("Dibao benefit 6,000", "Tekun support in cash 6,240", "Education grants 1,250"):
        assert any(line.startswith(f"{amount} yuan a year") for line in top)
    zh = lines("zh")[: lines("zh").index("计算过程")]
    for member, tier in enumerate(("低保边缘", "低保", "低保边缘", "特困"), start=1):
        assert any(line.startswith(f"主要类别（成员{member}） {tier} [") for line in zh)


def test_programmes_that_give_nothing_are_named_and_not_told() -> None:
    names = {step.name for step in told("en").steps}
    assert names & {"dibao_benefit", "tekun_benefit", "education_aid_benefit", "medical_aid_benefit"}
    assert not names & {"temporary_aid_benefit", "disaster_aid_benefit", "heating_benefit", "shock_burden"}
    (cash,) = (step for step in told("en").steps if step.name == "total_benefits")
    assert {"Temporary aid", "Heating relief", "Disaster aid in cash"} <= set(cash.nothing)
    assert "nothing from: " in str(told("en"))
    assert "为零：" in str(told("zh"))


def test_steps_follow_what_they_need_under_the_names_of_programmes() -> None:
    for lang in ("en", "zh"):
        labels = {programme.label[lang] for programme in load_programmes("microsim.law")}
        assert {step.programme for step in told(lang).steps} <= labels
        for step in told(lang).steps:
            for reckoning in step.reckonings:
                assert all(item.step is None or item.step < step.number for item in reckoning.inputs)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_line_is_too_wide_and_no_name_of_the_code_shows(lang: str) -> None:
    text = str(told(lang))
    assert max(map(width, text.splitlines())) <= WIDTH
    codes = {step.name for step in told(lang).steps if "_" in step.name} | {n for n in registry() if "_" in n}
    shown = {name for name in codes if re.search(rf"\b{name}\b", text)}
    assert not shown


def test_chinese_has_chinese_words_for_what_a_column_or_a_choice_says() -> None:
    values = {
        item.text
        for step in told("zh").steps
        for reckoning in step.reckonings
        for item in reckoning.inputs
        if isinstance(item.value, str)
    }
    values |= {p.text for step in told("zh").steps for p in step.parameters if isinstance(p.value, str)}
    assert values
    assert not [value for value in values if re.search("[a-z]", value)]
    assert "45岁" in str(told("zh"))
    assert "年龄：45年" not in str(told("zh"))


def test_every_category_and_choice_has_a_word_in_both_languages(root: Any) -> None:
    from microsim.documents import read_document

    words = read_document(root / "microsim" / "simulation" / "words.yaml").data["categories"]
    wanted = {category for column in registry().values() for category in column.categories}
    policy = Policy.load("2024-06-30")
    wanted |= {category for rule in policy.rules.values() for category in rule.categories}
    wanted |= {choice for parameter in policy.parameters.values() for choice in parameter.choices}
    assert not sorted(wanted - set(words))
    assert all({"en", "zh"} == set(word) for word in words.values())


def test_citations_in_chinese() -> None:
    names = {"Order 649": "《暂行办法》", "2022 joint notice": "2022年通知", "(recalled)": "（据记忆）"}
    assert cited("Order 649, arts. 42, 45; 2022 joint notice, 2 (1)-(2)", names) == (
        "《暂行办法》第42条、第45条；2022年通知2（1）-（2）"
    )
    assert (
        cited("Order 649, arts. 4 (4), 5-7 (recalled)", names) == "《暂行办法》第4条（4）、第5-7条（据记忆）"
    )
    assert cited("source unknown, part 4 (2) 1", names) == "source unknown, 第4部分（2）1"
