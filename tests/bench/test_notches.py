"""The search for notches is timed beside one evaluation, and the table holds it against its limits."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import notches


@pytest.mark.slow
def test_one_search_of_the_bench_policy():
    search, once = notches.bench_policy(300)
    found = search(1)
    assert len(found.row) > 50
    assert (np.diff(found.row) >= 0).all()
    assert (found.flags == 0).all()
    once(1)


def test_the_table_and_the_limits():
    row = {"variant": "microsim", "households": 100_000, "places": 45_866, "evaluations": 4.2, "curved": 0.0}
    rows = [
        {**row, "law": "bench policy", "search": [0.04, 0.06], "evaluate": [0.004]},
        {**row, "law": "whole law", "search": [1.2], "evaluate": [0.03]},
    ]
    table = notches.markdown(rows)
    assert "| bench policy | microsim | 60 | 40 | 10.0 | 45,866 | 4.2 | 0.0% |" in table
    assert "Limit, bench policy: 0.05 s; measured 0.040 s: met." in table
    assert "Limit, whole law: 1 s; measured 1.200 s: **missed**." in table
