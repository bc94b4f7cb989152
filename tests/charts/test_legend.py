"""A legend never leaves the figure, and never takes the room of the panel."""

from __future__ import annotations

import pytest
from matplotlib.patches import Patch

from microsim.charts.base import below, blank, finished


@pytest.mark.parametrize(
    "label", ["Top-ups", "Price supplement to dibao recipients", "低保对象价格临时补贴合计"]
)
@pytest.mark.parametrize("entries", [1, 4, 13])
def test_a_legend_stays_inside_and_leaves_the_panel_its_height(label: str, entries: int) -> None:
    bare, (panel,) = blank()
    bare.draw_without_rendering()
    usual = panel.get_position().height * bare.get_figheight()
    figure, (axes,) = blank()
    below(figure, [Patch(label=f"{label} {i}") for i in range(entries)])
    finished(figure).draw_without_rendering()
    box = figure.legends[0].get_window_extent()
    assert box.x0 >= 0
    assert box.x1 <= figure.bbox.x1
    assert axes.get_position().height * figure.get_figheight() > 0.7 * usual
