"""The ways that are timed have the same answer, and the table says so."""

from __future__ import annotations

import pytest

from benchmarks import calibration


@pytest.mark.slow
def test_all_ways_agree_and_are_told():
    rows = calibration.measured(households=3_000, rounds=1)
    assert [row["way"] for row in rows][:2] == ["microsim", "microsim, columns, bounds"]
    assert rows[0]["miss"] <= calibration.MISS
    for row in rows[:3]:
        assert row["apart"] < 1e-7
    assert rows[3]["apart"] < 1e-2
    text = calibration.markdown(rows, 3_000)
    assert "| newton |" in text
    assert ": met." in text
    assert "**missed**" in calibration.markdown([{**rows[0], "times": [3.0]}])
