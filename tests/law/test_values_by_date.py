"""Each value of the basic programmes on the day before it changes and on the day."""

from __future__ import annotations

import pytest

from tests.law.timelines import LAW, Timeline, check_completeness, check_days

PROGRAMMES = ("gradual_exit", "imputed_income", "low_income", "rigid_spending", "single_admission", "tekun")
# Written from the documents that the law files name: the value before, then {day: value from that day on}.
TIMELINES: dict[str, Timeline] = {
    "tekun.enabled": {"": False, "2014-05-01": True},
    "tekun.minor_age": {"": 16, "2020-08-25": 18},
    "tekun.pupils_stay": {"": False, "2021-07-01": True, "2026-07-01": True},
    "tekun.living_multiple.rural": {"": 1.3, "2016-02-10": 1.3},
    "tekun.living_multiple.urban": {"": 1.3, "2016-02-10": 1.3},
    "tekun.care_rate": {"": [(0, 0.0)], "2016-02-10": [(0, 0.05), (1, 1 / 6), (4, 1 / 3)]},
    "tekun.minimum_wage": {
        "": 1000, "2016-01-01": 1300, "2018-01-01": 1480, "2021-09-01": 1750,
    },
    "single_admission.own_register": {"": True, "2021-07-01": False},
    "single_admission.disabled_adults": {"": False, "2022-10-20": True, "2026-07-01": True},
    "single_admission.special_difficulty": {"": False, "2026-07-01": True},
    "single_admission.hard_up_lines": {"": 2, "2022-10-20": 100},
    "single_admission.support_disregarded": {"": 0, "2022-10-20": 0},
    "gradual_exit.enabled": {"": False, "2021-07-01": True},
    "gradual_exit.months": {"": 6, "2021-07-01": 6, "2022-10-20": 6},
    "imputed_income.kin": {"": True, "2021-07-01": True},
    "rigid_spending.living_lines": {"": 0, "2025-01-01": 1},
    "low_income.rigid_tier": {"": False, "2023-10-19": True, "2026-07-01": True},
    "low_income.rigid_ratio": {"": 0.5, "2025-01-01": 0.75, "2026-07-01": 0.75},
    "low_income.monitored_tier": {"": False, "2020-03-20": True, "2026-07-01": True},
    "low_income.monitored_after_shock": {"": False, "2021-05-14": True},
    "low_income.monitoring_line": {
        "": 5000, "2021-01-01": 6000, "2022-01-01": 6600, "2023-01-01": 7300, "2024-01-01": 7800,
        "2025-01-01": 8400,
    },
    "low_income.filed_poor_tier": {"": False, "2015-11-29": True, "2026-01-01": False},
    "low_income.other_tier": {"": False, "2023-10-19": True, "2026-07-01": False},
    "low_income.local_income.rural": {
        "": 6977, "2013-01-01": 7917, "2014-01-01": 9430, "2015-01-01": 10489, "2016-01-01": 11422,
        "2017-01-01": 12363, "2018-01-01": 13432, "2019-01-01": 14617, "2020-01-01": 16021,
        "2021-01-01": 17131, "2022-01-01": 18931, "2023-01-01": 20133, "2024-01-01": 21691,
        "2025-01-01": 23119, "2026-01-01": 24456,
    },
    "dibao.refusal_reduction": {"": 0, "2014-05-01": 1},
    "dibao.floor.rural": {
        "": 2625, "2013-01-01": 2736, "2014-01-01": 2800, "2015-01-01": 2855, "2016-01-01": 2952,
        "2018-01-01": 2995, "2019-01-01": 3218, "2020-01-01": 4000,
    },
    "dibao.floor.urban": {"": 0, "2020-01-01": 0},
}  # fmt: skip


@pytest.mark.parametrize("name", TIMELINES)
def test_a_value_changes_on_its_day_and_not_before(name: str) -> None:
    check_days(name, TIMELINES[name])


def test_every_change_of_these_programmes_is_in_the_table() -> None:
    check_completeness(PROGRAMMES, TIMELINES)


@pytest.mark.parametrize("day", ["2014-05-01", "2015-11-29", "2021-01-01", "2023-10-19"])
def test_gates_have_the_value_of_the_regime_on_its_first_day(day: str) -> None:
    law = LAW.at(day)
    late = day == "2023-10-19"
    assert law.value("low_income.filed_poor_tier") is (day != "2014-05-01")
    assert law.value("low_income.monitored_tier") is (day >= "2021")
    assert law.value("low_income.rigid_tier") is late
    assert law.value("low_income.other_tier") is late
    assert law.value("single_admission.disabled_adults") is late
    assert law.value("dibao.individual_entry") is (day == "2015-11-29")
