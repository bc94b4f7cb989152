"""A county is made in a process of its own, and the table holds the time against its limit."""

from __future__ import annotations

import pytest

from benchmarks import synthesis


@pytest.mark.slow
def test_time_of_a_county():
    rows = synthesis.measured(households=300, rounds=1)
    assert [row["variant"] for row in rows] == ["microsim", "microsim-1t"]
    assert all(row[what][0] > 0.1 for row in rows for what in ("wall", "busy"))
    assert ": met." in synthesis.markdown([{**rows[0], "wall": [4.9, 6.0]}])
    missed = synthesis.markdown([{**rows[0], "wall": [5.2, 6.0]}])
    assert "measured 5.20 s: **missed**." in missed
