"""Values outside the range seen are taken and told, unless the scenario confirms them."""

from __future__ import annotations

from pathlib import Path

import pytest

import microsim as ms
from microsim.errors import MicrosimError
from microsim.scenario.unusual import unusual_values
from tests.scenario.small_county import write

CHANGES = "  means_test.work_cost_rate: 0.9\n  dibao.line: {by: {rural: 5400}}\n"


def scenario(folder: Path, more: str = "") -> ms.Scenario:
    text = f"county: county\nlaw: 2020-12-31\nchanges:\n{CHANGES}{more}"
    return ms.load_scenario(write(folder, text, "s.yaml"))


def test_told_with_value_range_and_the_way_to_confirm(tmp_path: Path) -> None:
    found = unusual_values(scenario(tmp_path).policy())
    assert [one.name for one in found] == ["means_test.work_cost_rate"]
    assert found[0].text("en") == (
        "means_test.work_cost_rate is 0.9, outside the observed range, 0.3 to 0.5; "
        "if this is intended, write unusual: [means_test.work_cost_rate]"
    )
    assert "超出已知范围 0.3 至 0.5" in found[0].text("zh")


def test_what_is_confirmed_is_not_told(tmp_path: Path) -> None:
    confirmed = scenario(tmp_path, "unusual: [means_test.work_cost_rate]\n")
    assert confirmed.unusual == ("means_test.work_cost_rate",)
    assert unusual_values(confirmed.policy(), confirmed.unusual) == []


def test_the_law_itself_and_none_are_usual() -> None:
    law = ms.Policy.load("2020-12-31")
    assert unusual_values(law) == []
    assert unusual_values(law.reform({"heating.amount": 0})) == []
    cells = [one.cell for one in unusual_values(law.reform({"dibao.line": {"by": {"urban": 90_000}}}))]
    assert cells == [("urban",)]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("unusual: means_test.work_cost_rate\n", "'unusual' must be a list of parameters"),
        (
            "unusual: [means_test.work_cost_rat]\n",
            "s.yaml:6:11: no such parameter 'means_test.work_cost_rat'",
        ),
    ],
)
def test_names_that_are_no_parameters(tmp_path: Path, more: str, words: str) -> None:
    with pytest.raises(MicrosimError) as refused:
        scenario(tmp_path, more)
    assert words in str(refused.value)
