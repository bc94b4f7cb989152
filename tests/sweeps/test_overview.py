"""What is said of a finished sweep is made of one part after another, and is what the whole table says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import microsim as ms
from microsim.report.texts.sweep_text import sweep_text
from microsim.sweeps.overview import overview_of, values_of
from microsim.sweeps.run import Sweep
from microsim.sweeps.sweep_file import read_grid
from microsim.sweeps.work import SweepWork
from tests.sweeps.stopping import Content

RURAL, URBAN, IDLE = "dibao.line.rural", "dibao.line.urban", "dibao.top_up.share_elderly"


def whole_table_says(table: pd.DataFrame, axes: tuple[str, ...]) -> list[str]:
    """The axes along which nothing moves, plainly: every other column held."""
    idle = []
    for axis in axes:
        others = [name for name in axes if name != axis]
        keys = [*others, "county", "seed", "measure", "subject", "group"]
        groups = table.groupby(keys, observed=True)["value"]
        spread = groups.max() - groups.min()
        if groups.size().max() > 1 and not (spread > 0).any():
            idle.append(axis)
    return idle


@pytest.mark.parametrize("part", [1, 3, 100])
def test_rows_figures_and_idle_axes_are_those_of_the_table(content: Content, part: int) -> None:
    axes = {RURAL: [4000, 5600], IDLE: [0.1, 0.2], URBAN: [6800, 7200]}
    grid = read_grid({**content, "axes": axes, "unusual": [IDLE], "outputs": ["cost", "caseload", "paid"]})
    work = SweepWork(grid, part)
    tables = [work.rows(number, 1) for number in range(work.count)]
    table = pd.concat([one.to_pandas() for one in tables], ignore_index=True)
    found = overview_of(iter(tables), grid)
    assert found.rows == len(table)
    plain = table[["measure", "subject", "group", "unit"]].astype(str).drop_duplicates()
    assert [tuple(one) for one in found.figures] == [tuple(row) for row in plain.itertuples(index=False)]
    assert list(found.idle_axes) == whole_table_says(table, grid.axes) == [IDLE]
    wanted = [one for one in found.figures if one.measure == "cost" and one.group == ""]
    some = values_of(iter(tables), wanted)
    same = table[(table["measure"] == "cost") & (table["group"] == "")]
    assert np.array_equal(some["value"], same["value"])
    assert list(some["subject"]) == list(same["subject"].astype(str))


def test_an_axis_is_not_idle_where_nothing_is_compared(content: Content) -> None:
    grid = read_grid({**content, "axes": {IDLE: [0.1, 0.2]}, "unusual": [IDLE]})
    work = SweepWork(grid, 1)
    first, second = (work.rows(number, 1) for number in range(2))
    assert overview_of([first, second], grid).idle_axes == (IDLE,)
    assert overview_of([first], grid).idle_axes == ()  # the other part failed
    changed = second.slice(1)  # a figure is missing
    assert overview_of([first, changed], grid).idle_axes == ()


def test_the_printed_text_needs_no_whole_table(
    content: Content, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = ms.sweep(content, tmp_path / "out")
    monkeypatch.setattr(Sweep, "table", property(lambda self: pytest.fail("the whole table is read")))
    for language in ("en", "zh"):
        assert f"{done.overview.rows:,}" in sweep_text(done, language)
