"""Files of financing rules: the packaged one, and every offence of a bad one at its place."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from microsim.errors import MicrosimError
from microsim.policy.policy import Policy
from microsim.studies.common.expenditure import account_of
from microsim.studies.common.payers import GOVERNMENT
from microsim.studies.financing.reading import packaged, read_financing

HEAD = (
    "keys: {hardship: {programmes: [dibao], rules: [{since: 2018-01-01, source: assumption, reference: test, "
)


def test_every_programme_that_budgets_pay_for_has_a_key() -> None:
    paid = {
        p.programme
        for year in (2014, 2018, 2020, 2024, 2026)
        for p in account_of(Policy.load(f"{year}-12-31")).payments
        if p.source.payer == GOVERNMENT
    }
    assert paid == {programme for key in packaged().keys for programme in key.programmes}


@pytest.mark.parametrize(
    ("code", "zone"),
    [
        ("640522", "band_1"),
        ("460036", "band_2"),
        ("210200", "band_4"),
        ("210100", "band_3"),
        ("310115", "band_5"),
    ],
)
def test_a_county_is_in_the_band_of_its_province_or_city(code: str, zone: str) -> None:
    assert packaged().zone(code) == zone


def test_in_every_province_and_year_a_rule_is_in_force() -> None:
    provinces = {code[:2] for code in packaged().zones}
    assert len(provinces) == 31
    for key in packaged().keys:
        for province in provinces:
            for year in (2012, 2017, 2018, 2030):
                assert key.on(dt.date(year, 12, 31), packaged().zone(province)) is not None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("keys: {}", "keys"),
        (HEAD + "levels: {centre: {kind: share, share: 1.5}}}]}}", "share is 1.5"),
        (
            HEAD + "levels: {centre: {kind: share, share: 0.8}, province: {kind: share, share: 0.3}}}]}}",
            "1.1, above 1",
        ),
        (HEAD + "levels: {county: {kind: share, share: 0.8}}}]}}", "no level 'county'"),
        (HEAD + "levels: {centre: {kind: matching, rate: 1, cap: -1}}}]}}", "cap is -1, below 0"),
        (HEAD + "levels: {centre: {kind: matching, rate: 1}}}]}}", "kind matching and no cap"),
        (
            HEAD + "levels: {centre: {kind: share, share: 0.8, cap: 5}}}]}}",
            "'cap' has no effect on kind share",
        ),
        (HEAD + "levels: {centre: {kind: grant}}}]}}", "an amount or a share"),
        (HEAD + "levels: {centre: {kind: grant, share: dibao_financing}}}]}}", "a profile need not give"),
        (
            HEAD + "levels: {centre: {kind: pool, total: 1, others: 1}}}]}}",
            "from factors or from its average share",
        ),
        (
            HEAD + "levels: {centre: {kind: pool, total: 1, others: 1, "
            "factors: {task_volume: {weight: 0.5, value: 1}}}}}]}}",
            "the weights add up to 0.5, not to 1",
        ),
        (HEAD + "zone: west, levels: {}}]}}", "no zone is called 'west'"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "financing.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(MicrosimError) as refused:
        read_financing(path)
    assert any(said in offence.message for offence in refused.value.offences), refused.value
    assert all("financing.yaml:1:" in offence.place for offence in refused.value.offences)


def test_all_offences_are_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "financing.yaml"
    level = "{centre: {kind: share, share: 2}, province: {kind: matching, rate: 1}}"
    path.write_text(HEAD + f"zone: west, levels: {level}}}]}}}}", encoding="utf-8")
    with pytest.raises(MicrosimError) as refused:
        read_financing(path)
    assert len(refused.value.offences) == 3
