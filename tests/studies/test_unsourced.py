"""The ranking of numbers without a document: each is moved alone, and by no more than its law file allows."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from microsim import Policy, Population, household
from microsim.report.text import display_width
from microsim.report.texts.unsourced_text import unsourced_text
from microsim.studies.common.unsourced import trials, unsourced


@household(unit="yuan/year", role="cash_benefit")
def grant(amount: float, share: float, paid: bool) -> float:
    """So much, in a share, where it is paid."""
    return amount * share if paid else 0.0


def dated(value: object, source: str, **more: object) -> dict[str, object]:
    return {**more, "values": {"2020-01-01": {"value": value, "source": source, "reference": "toy rules"}}}


@pytest.fixture
def policy() -> Policy:
    return Policy.from_rules(
        [grant],
        {
            "amount": dated(1000, "cited", unit="yuan/year"),
            "share": dated(0.5, "recalled", unit="1", range=[0.4, 0.8]),
            "paid": dated(True, "assumption", kind="boolean"),
        },
        date="2020-12-31",
    )


def test_only_what_no_document_supports_is_ranked_and_by_what_it_moves(policy: Policy) -> None:
    population = Population.from_frames(
        pd.DataFrame({"household_id": [1, 2], "age": [40, 50]}),
        pd.DataFrame({"household_id": [1, 2], "weight": [20.0, 30.0], "area": ["rural", "urban"]}),
    )
    found = unsourced(population, policy).set_index("name")
    assert list(found.index) == ["paid", "share"]  # amount is cited
    assert found.loc["share", "cost_lowest"] == pytest.approx(400 * 50)
    assert found.loc["share", "cost_highest"] == pytest.approx(800 * 50)
    assert found.loc["paid", "moves"] == pytest.approx(500 * 50)


def test_a_step_stays_within_the_bounds() -> None:
    law = Policy.load("2020-12-31")
    for name in law.values:
        for trial in trials(law, name):
            law.reform({name: trial.change})


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_each_number_has_one_line_of_a_terminal(lang: str) -> None:
    names = sorted(Policy.load("2026-09-30").values)
    found = pd.DataFrame(
        {"name": names, "source": "recalled", "cost_lowest": 9e8, "cost_highest": 1.2e9, "moves": 3e8}
    )
    county = SimpleNamespace(name="x", title={"en": "X", "zh": "甲县"})
    lines = unsourced_text(county, found, lang).splitlines()
    assert max(map(display_width, lines)) <= 80
    assert sum(line.strip() in names for line in lines) == 0  # none stands alone, with its figures below
