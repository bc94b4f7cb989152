"""Ten years under five laws are timed on all processors and on one, and held against their limit."""

from __future__ import annotations

import pytest

from benchmarks import projection


@pytest.mark.slow
def test_time_of_a_projection():
    rows = projection.measured(households=300, rounds=1)
    assert [row["variant"] for row in rows] == ["microsim", "microsim-1t"]
    assert all(row["households"] == 300 for row in rows)
    assert all(row[what][0] > 0.01 for row in rows for what in ("wall", "busy"))
    assert ": met." in projection.markdown([{**rows[0], "wall": [5.9, 7.0]}])
    missed = projection.markdown([{**rows[0], "wall": [6.2, 7.0]}])
    assert "measured 6.20 s: **missed**." in missed
