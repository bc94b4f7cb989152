"""Explanations: the interpreter's trace in words that need no Python."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from microsim.errors import MicrosimError
from microsim.explanation.page import WIDTH, width
from microsim.explanation.trace import explain, leaves
from microsim.policy import household
from microsim.policy.policy import Policy
from tests.engine.grants import PARAMETERS, RULES
from tests.engine.random_populations import TinyPopulation
from tests.wrapped import says


@pytest.fixture
def policy() -> Policy:
    return Policy.from_rules(RULES, PARAMETERS, date="2021-01-01")


@pytest.fixture
def village() -> TinyPopulation:
    return TinyPopulation(
        offsets=np.array([0, 3, 4]),
        household_columns={"area": np.array([1, 0], np.int8)},
        person_columns={
            "wage": np.array([600.0, 0.0, 0.0, 90.0]),
            "age": np.array([40, 7, 7, 30]),
            "relation": np.array([0, 1, 1, 0], np.int8),
        },
        weight=np.ones(2),
        household_id=np.array([17, 23]),
        person_id=np.arange(4),
        categories={"area": ("rural", "urban"), "relation": ("head", "child")},
    )


def test_an_explanation_names_what_it_used(policy: Policy, village: TinyPopulation) -> None:
    explanation = explain(village, policy, household_id=17)
    text = str(explanation)
    assert leaves(policy) == ["grants"]
    assert text.startswith("Household 17, under the law of 1 January 2021\n")
    assert "  Grants  160 yuan a year [7]" in text
    assert "    Law: Income act, art. 3" in text
    assert "    member 1 (age 40, head): 450 yuan a year" in text
    assert "    members 2 and 3: 80 yuan a year" in text
    assert "- grant amount (urban, poor): 80; assumption" in text
    assert "[4] Income per head: 150 yuan a year" in text
    assert [step.name for step in explanation.steps] == [
        *("net_wage", "income", "size", "per_head", "standing", "grant", "grants"),
    ]
    assert explanation.steps[5].reckonings[1].members == (2, 3)
    assert explanation.steps[5].parameters[0].value == 80.0


def test_an_explanation_in_chinese(policy: Policy, village: TinyPopulation) -> None:
    words = {"urban": {"zh": "城镇"}, "head": {"zh": "户主"}, "poor": {"zh": "低保"}}
    text = str(explain(village, policy, 17, lang="zh", words=words))
    assert text.startswith("第17户，执行2021年1月1日的政策法规\n")
    assert "成员：1（40岁，户主）" in text
    assert "依据：Income act, art. 3" in text
    assert "[5] 类别：低保" in text
    assert "成员2、3：80元/年" in text
    assert "各成员合计（补助）" in text


def test_a_changed_value_says_so(policy: Policy, village: TinyPopulation) -> None:
    reformed = policy.reform({"line.urban": 120.0})
    assert "- line (urban): 120; changed by the scenario" in str(explain(village, reformed, 17))
    assert "line（urban）：120；本方案调整" in str(explain(village, reformed, 17, lang="zh"))


def test_sources_dates_and_citations(village: TinyPopulation) -> None:
    reference = (
        "Notice of the ministry no. 57 of 2021, article 13, last paragraph, which is long 民发〔2021〕57号"
    )
    values = {"2020-07-01": {"value": 0.5, "source": "recalled", "reference": reference}}
    rate = {"label": {"en": "Rate of cost", "zh": "成本比例"}, "values": values}
    policy = Policy.from_rules(RULES, {**PARAMETERS, "rate": rate}, date="2021-01-01")
    english, chinese = str(explain(village, policy, 17)), str(explain(village, policy, 17, lang="zh"))
    assert "- Rate of cost: 0.5, since 1 July 2020; from memory, not yet verified: Notice" in " ".join(
        english.split()
    )
    assert says(chinese, "- 成本比例：0.5，自2020年7月1日起；凭记忆，尚待核实：Notice")
    for text in (english, chinese):
        assert max(map(width, text.splitlines())) <= WIDTH
        assert "".join(reference.split()) in "".join(text.split())


def test_asked_for_outputs_may_be_of_persons(policy: Policy, village: TinyPopulation) -> None:
    text = str(explain(village, policy, 17, outputs=["net_wage"]))
    assert "  Net wage, member 1  450 yuan a year [1]" in text
    assert "[2]" not in text


def test_schedules_and_divisions_by_zero_in_words(village: TinyPopulation) -> None:
    @household(unit="yuan/year")
    def it(tax: Any, ramp: Any, steps: Any, none: float) -> float:
        return tax(1.0) + ramp(1.0) + steps(1.0) / none

    schedules = {
        "tax": {"kind": "brackets", "values": [[0, 0.1], [3000, 0.2]]},
        "ramp": {"kind": "linear", "values": [[0, 1], [100, 0]]},
        "steps": {"kind": "step", "unit": "yuan", "values": [[0, 50], [1000, 20]]},
        "none": 0.0,
    }
    policy = Policy.from_rules([it], schedules)
    english, chinese = str(explain(village, policy, 23)), str(explain(village, policy, 23, lang="zh"))
    assert "tax: 0.1 of the part above 0, 0.2 of the part above 3,000" in english
    assert "ramp: 1 at 0, 0 at 100 (linear in between)" in english
    assert "steps: 50 yuan from 0, 20 yuan from 1,000" in english
    assert "without limit (a division by zero)" in english
    assert "超过3,000的部分按0.2" in chinese
    assert "无穷大（除数为零）" in chinese


def test_what_cannot_be_explained(policy: Policy, village: TinyPopulation) -> None:
    with pytest.raises(MicrosimError, match="no household 18 in the population; nearest: 17, 23"):
        explain(village, policy, 18)
    with pytest.raises(MicrosimError, match=r"no rule named 'grnts' in force; did you mean 'grants'"):
        explain(village, policy, 17, outputs=["grnts"])
    with pytest.raises(MicrosimError, match="no language 'fr'"):
        explain(village, policy, 17, lang="fr")
