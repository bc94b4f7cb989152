"""Ten years under five laws are timed on all processors, on one and by month, each against its limit."""

from __future__ import annotations

import pytest

from benchmarks import projection


@pytest.mark.slow
def test_time_of_a_projection():
    rows = projection.measured(households=300, rounds=1)
    assert [row["variant"] for row in rows] == ["microsim", "microsim-1t", "microsim-months"]
    assert all(row["households"] == 300 for row in rows)
    assert all(row[what][0] > 0.01 for row in rows for what in ("wall", "busy"))
    by_month = {**rows[2], "wall": [19.0, 21.0]}
    said = projection.markdown([{**rows[0], "wall": [5.9, 7.0]}, rows[1], by_month])
    assert "Limit of microsim: 6 s; measured 5.90 s: met." in said
    assert "Limit of microsim-months: 20 s; measured 19.00 s: met." in said
    missed = projection.markdown([{**rows[0], "wall": [6.2, 7.0]}, by_month])
    assert "measured 6.20 s: **missed**." in missed
