"""Amounts arrive as they were typed: from single precision, and from units of ten thousand yuan."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from microsim.population.core.intake import as_typed
from tests.population.survey.small_survey import MAPPING, TABLE, imported, written


def test_every_fen_up_to_a_hundred_thousand_yuan_survives_single_precision() -> None:
    typed = np.arange(0, 10_000_000, 7) / 100  # to 100,000 yuan
    assert np.array_equal(as_typed(typed.astype(np.float32)), typed)


@pytest.mark.parametrize("typed", [6956.4, 10434.6, 131_071.99, 999_999.5, 1_234_567.0, 9_999_999.0, 1e7])
def test_amounts_up_to_ten_million_that_single_precision_can_tell(typed: float) -> None:
    assert as_typed(np.array([typed], np.float32)).tolist() == [typed]


def test_what_single_precision_cannot_tell_is_the_shortest_decimal_of_it() -> None:
    assert as_typed(np.array([1_234_567.89], np.float32)).tolist() == [1_234_567.9]


def test_draws_and_gaps_stay_as_they_are() -> None:
    draws = np.random.default_rng(1).random(1000).astype(np.float32)
    assert np.abs(as_typed(draws) - draws).max() < 1e-7
    assert np.isnan(as_typed(np.array([np.nan], np.float32))).all()


@pytest.mark.parametrize(
    ("unit", "typed", "yuan"),
    [
        ("10000 yuan/year", "0.69564", 6956.4),
        ("1000 yuan/year", "6.9564", 6956.4),
        ("yuan/month", "579.7", 6956.4),
    ],
)
def test_other_units_land_on_the_fen(tmp_path: Path, unit: str, typed: str, yuan: float) -> None:
    table = TABLE.replace('"1,000"', typed).replace("no,,", "no,0,")
    population, _ = imported(*written(tmp_path, MAPPING.replace("yuan/month", unit), table))
    assert population.person_columns["wage_income"][0] == yuan


def test_a_stata_file_in_single_precision(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"number": [1, 2], "family": [1, 1], "age": [40, 38], "sex": [1, 2], "works": [1, 0]}
    ).assign(wage=np.array([6956.4, 0.69564], np.float32), area="城市")
    frame.to_stata(tmp_path / "data.dta", version=118, write_index=False)
    mapping, _ = written(tmp_path, MAPPING.replace("yuan/month", "yuan/year"))
    population, _ = imported(mapping, tmp_path / "data.dta")
    assert population.person_columns["wage_income"][0] == 6956.4
