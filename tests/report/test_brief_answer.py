"""The answer of an explanation: at most 15 lines before any detail, and nobody left unnamed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from microsim.explanation.page import BRIEF, WIDTH, width
from microsim.explanation.record import Member, Paid, Unpaid
from microsim.explanation.trace import Explanation
from microsim.population import Population
from microsim.scenario import load_scenario
from microsim.simulation import explain
from tests.law.test_explained_family import told


@pytest.fixture(scope="module")
def answers() -> list[Explanation]:
    """Of households here and there, one language after the other."""
    scenario = load_scenario("scenarios/tiered-2024.yaml")
    population, policy = Population.read(scenario.county_path), scenario.policy()
    return [
        explain(population, policy, int(population.household_id[index]), ["tier"], ("en", "zh")[index % 2])
        for index in range(0, 4000, 211)
    ]


def holds(answer: Explanation) -> None:
    lines = answer.brief.splitlines()
    assert len(lines) <= BRIEF
    assert all(width(line) <= WIDTH for line in lines)
    assert all(line not in ("", " ") or lines[k + 1] for k, line in enumerate(lines[:-1]))


def test_fifteen_lines_name_every_programme(answers: list[Explanation]) -> None:
    for answer in [*answers, told("en"), told("zh")]:
        holds(answer)
        flat = "".join(answer.brief.split())
        for unpaid in answer.unpaid:
            for name in unpaid.programmes:
                assert "".join(name.split()) in flat
    # Mostly there is room for a reason, and the reason is that of the whole answer.
    with_reason = [
        a for a in answers if any("".join(r.split()) in "".join(a.brief.split()) for r in reasons(a))
    ]
    assert len(with_reason) > len(answers) / 2


def reasons(answer: Explanation) -> list[str]:
    return [reason for unpaid in answer.unpaid for reason in unpaid.reasons]


def test_limits_come_before_what_there_was_no_occasion_for(answers: list[Explanation]) -> None:
    said = [
        [
            any(word in " ".join(unpaid.reasons) for word in ("must be below", "at most", "at least"))
            for unpaid in a.unpaid
        ]
        for a in answers
        if a.lang == "en"
    ]
    assert all(limits == sorted(limits, reverse=True) for limits in said)
    assert any(any(limits) for limits in said)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_large_family_with_many_benefits(lang: Any) -> None:
    """What has no room is added up, and its number said."""
    paid = tuple(Paid(f"Benefit {k}", 100.0 * k, f"{100 * k} yuan a year") for k in range(1, 10))
    people = tuple(Member(k, ("age 40", "somebody with a long description of who that is")) for k in range(9))
    many = tuple(Unpaid((f"Programme with a long name number {k}",), ("a reason " * 12,)) for k in range(30))
    family = replace(told(lang), paid=paid, members=people, unpaid=many)
    holds(family)
    brief = family.brief
    assert {"en": "8 other benefits  3,600 yuan a year", "zh": "其他8项"}[lang] in brief
    assert {"en": "30 programmes", "zh": "共30项"}[lang] in brief
    assert "Benefit 9" in brief
    assert "Benefit 1 " not in brief
    nothing = replace(family, unpaid=())
    assert len(nothing.brief.splitlines()) < BRIEF
