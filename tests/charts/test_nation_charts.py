"""The charts of the nation: what they show, in both languages, and what bad tables are told."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from microsim import charts
from microsim.charts.counties.nation import KINDS
from microsim.errors import MicrosimError
from tests.charts.examples import texts

PROVINCES = pd.DataFrame(
    {
        "code": ["11", "12"],
        "label": ["Beijing", "Tianjin"],
        "column": [0, 1],
        "row": [0, 0],
        "share": [0.75, np.nan],
    }
)
COUNTIES = pd.DataFrame(
    {"code": ["11", "11", "11"], "kind": ["central", "own", "unified"], "residents": [20.0, 20.0, 40.0]}
)


@pytest.mark.parametrize(("lang", "word"), [("en", "Lacks central money"), ("zh", "需要中央资金")])
def test_a_tile_has_its_counties_as_a_strip(lang: str, word: str) -> None:
    figure = charts.tile_map(PROVINCES, COUNTIES, lang)
    assert {"Beijing", "75 %", "Tianjin"} <= set(texts(figure))
    assert word in texts(figure)
    strip = [p for p in figure.axes[0].patches if isinstance(p, Rectangle) and p.get_height() < 0.5]
    widths = [p.get_width() / sum(q.get_width() for q in strip) for p in strip]
    assert widths == pytest.approx([0.5, 0.25, 0.25])  # one line, own money, central money: in this order
    colours = [to_hex(p.get_facecolor()).upper() for p in strip]
    assert colours == [KINDS[kind].colour for kind in ("unified", "own", "central")]


def test_a_kind_that_is_none_is_refused() -> None:
    with pytest.raises(MicrosimError, match="no such kinds: rich"):
        charts.tile_map(PROVINCES, COUNTIES.assign(kind="rich"))


def test_provinces_are_ranked_from_the_highest() -> None:
    table = pd.DataFrame(
        {"label": ["a", "b", "c"], "value": [0.1, 0.3, 0.2], "low": 0.0, "median": 0.1, "high": 0.4}
    )
    figure = charts.ranked_provinces(table, "one_line_burden", "zh")
    axes = figure.axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["b", "c", "a"]
    assert [bar.get_width() for bar in axes.patches] == pytest.approx([30.0, 20.0, 10.0])
    assert axes.yaxis_inverted()
    with pytest.raises(MicrosimError, match="median"):
        charts.ranked_provinces(table.drop(columns="median"), "one_line_burden")


def test_a_panel_for_each_province_in_its_order() -> None:
    table = pd.DataFrame(
        {"code": ["12", "12", "11", "11"], "way": [0.0, 1.0] * 2, "value": [0.0, 0.5, 0.0, 1.5]}
    )
    figure = charts.province_curves(
        table, {"11": "Beijing", "12": "Tianjin"}, "en", note="Under assumptions."
    )
    assert [axes.get_title() for axes in figure.axes] == ["Beijing", "Tianjin"]
    line = figure.axes[0].lines[0]
    assert list(line.get_ydata()) == [0.0, 150.0]
    assert figure.axes[0].get_ylim() == figure.axes[1].get_ylim()
    assert "Under assumptions." in " ".join(texts(figure))
