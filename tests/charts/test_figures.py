"""The figures: what they show, that bytes do not change, and what bad tables are told."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from microsim import charts
from microsim.charts import style
from microsim.errors import MicrosimError
from tests.charts.examples import (
    CASELOAD,
    COST,
    DRAWERS,
    EARNINGS,
    POVERTY,
    REVENUE,
    UNIFICATION,
    budget,
    texts,
)


def bar_heights(figure: Figure, panel: int = 0) -> list[float]:
    return [patch.get_height() for patch in figure.axes[panel].patches]


@pytest.mark.slow
@pytest.mark.parametrize("name", DRAWERS)
def test_the_same_data_give_the_same_bytes(name, tmp_path) -> None:
    first = charts.save(DRAWERS[name]("en"), tmp_path / "a", name)
    second = charts.save(DRAWERS[name]("en"), tmp_path / "b", name)
    assert [path.name for path in first] == [f"{name}.svg", f"{name}.png"]
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes()


@pytest.mark.slow
def test_another_process_writes_the_same_svg(tmp_path) -> None:
    here = charts.save(DRAWERS["cost_by_area"]("zh"), tmp_path / "here", "cost")[0]
    code = (
        "from microsim import charts; from tests.charts.examples import DRAWERS; import sys;"
        "charts.save(DRAWERS['cost_by_area']('zh'), sys.argv[1], 'cost')"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "there")], check=True)
    assert (tmp_path / "there" / "cost.svg").read_bytes() == here.read_bytes()


def test_saving_leaves_the_figure_and_the_users_settings_alone(tmp_path) -> None:
    plain = charts.save(DRAWERS["caseload_by_area"]("en"), tmp_path / "plain", "f")
    figure = DRAWERS["caseload_by_area"]("en")
    engine, dpi = figure.get_layout_engine(), figure.dpi
    with mpl.rc_context({"figure.autolayout": True}):
        first = charts.save(figure, tmp_path / "first", "f")
    again = charts.save(figure, tmp_path / "again", "f")
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in plain]
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in plain]
    assert figure.get_layout_engine() is engine
    assert figure.dpi == dpi


def test_svg_names_no_date(tmp_path) -> None:
    svg = charts.save(DRAWERS["revenue_share"]("en"), tmp_path, "revenue")[0].read_text(encoding="utf-8")
    assert "<dc:date>" not in svg


@pytest.mark.slow
def test_figures_can_be_drawn_in_threads(tmp_path) -> None:
    def draw(i: int) -> bytes:
        return charts.save(DRAWERS["caseload_by_area"]("en"), tmp_path / str(i), "f")[0].read_bytes()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(draw, range(6)))) == 1


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", DRAWERS)
def test_legends_and_titles_cover_no_panel(name, lang) -> None:
    figure = DRAWERS[name](lang)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    (legend,) = figure.legends
    box = legend.get_window_extent(canvas.get_renderer())
    for axes in figure.axes:
        assert not box.overlaps(axes.get_window_extent(canvas.get_renderer()))
    assert box.x0 >= 0
    assert box.x1 <= figure.bbox.width


def test_cost_bars_stand_beside_the_papers() -> None:
    figure = charts.cost_by_area(COST)
    assert bar_heights(figure) == pytest.approx([243.9, 61.2, 305.1, 244, 61])
    assert "Expenditure (million yuan/year)" in texts(figure)
    assert bar_heights(charts.cost_by_area(COST, "zh"))[0] == pytest.approx(24_390)


def test_small_sums_stay_in_yuan() -> None:
    figure = charts.cost_by_area(pd.DataFrame({"area": ["rural"], "value": [84_000.0]}), "zh")
    assert {"支出（元/年）", "84,000"} <= set(texts(figure))
    assert "来源论文" not in texts(figure)


def test_caseload_is_labelled_with_separators() -> None:
    assert {"52,011", "52,000", "Recipients (persons)"} <= set(texts(charts.caseload_by_area(CASELOAD)))


def test_revenue_share_shows_the_whole_revenue() -> None:
    figure = charts.revenue_share(REVENUE, note="Revenue is an assumption.")
    assert {"102 %", "25.6 %", "100 % of revenue", "Revenue is an assumption."} <= set(texts(figure))
    assert [list(line.get_ydata()) for line in figure.axes[0].lines] == [[100, 100]]
    low = charts.revenue_share(pd.DataFrame({"area": ["all"], "value": [0.02]}))
    assert low.axes[0].get_ylim()[1] > 100


@pytest.mark.parametrize(("top", "ticks"), [(0.167, {"2.5", "5.0", "17.5"}), (0.5, {"10", "50"})])
def test_ticks_show_the_decimals_they_need(top, ticks) -> None:
    figure = charts.poverty_before_after(pd.DataFrame({"area": ["all"], "before": [top], "after": [0.0]}))
    assert ticks <= set(texts(figure))


def test_the_line_of_all_revenue_strikes_no_number_through() -> None:
    figure = charts.revenue_share(pd.DataFrame({"area": ["all"], "value": [0.97]}))
    (label,) = figure.axes[0].texts
    assert label.get_bbox_patch() is not None
    assert label.get_zorder() > figure.axes[0].lines[0].get_zorder()


def test_poverty_is_drawn_before_and_after() -> None:
    assert bar_heights(charts.poverty_before_after(POVERTY)) == pytest.approx(
        [24.1, 8.8, 18.7, 6.2, 1.1, 4.4]
    )


def test_unification_stacks_areas_and_draws_both_ratios() -> None:
    figure = charts.unification(UNIFICATION, "en", note="Revenue is an assumption.")
    assert bar_heights(figure)[:1] == pytest.approx([244])
    assert len(bar_heights(figure)) == 8
    ratio, share = figure.axes[1].lines[:2]
    assert list(ratio.get_ydata()) == pytest.approx([62, 65.1, 68.2, 71.3])
    assert share.get_ydata()[0] == pytest.approx(127)


def test_unification_writes_the_first_and_the_last_year() -> None:
    written = texts(charts.unification(UNIFICATION))
    assert {"305", "351", "62 %", "71 %", "127 %", "146 %", "2020", "2023"} <= set(written)
    one = texts(charts.unification(UNIFICATION.query("year == 2020")))
    assert {text for text in one if len(text) == 4 and text.isdigit()} == {"2020"}
    assert one.count("305") == 1


def test_unification_takes_a_county_without_areas_and_names_of_its_own() -> None:
    whole = UNIFICATION.replace({"group": {"rural": "all"}}).query("group != 'urban'")
    assert len(bar_heights(charts.unification(whole))) == 4
    towns = UNIFICATION.replace({"group": {"urban": "Haiyuan town"}})
    assert "Haiyuan town" in texts(charts.unification(towns))


def test_series_differ_without_colour() -> None:
    def grey(colour: str) -> float:
        red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
        return 0.299 * red + 0.587 * green + 0.114 * blue

    for one, other in zip(style.SERIES, style.SERIES[1:], strict=False):
        assert one.hatch != other.hatch or abs(grey(one.colour) - grey(other.colour)) > 100
    looks = [style.look(i) for i in range(16)]
    assert len({(look.colour, look.hatch) for look in looks}) == 16


# --- the budget constraint


def test_budget_stack_ends_at_the_total() -> None:
    figure = budget()
    line = figure.axes[0].lines[1]
    assert line.get_ydata()[0] == 15_000
    assert line.get_ydata()[-1] == 40_000
    assert len(figure.axes[0].collections) == 3


def test_a_notch_is_named_with_place_and_loss() -> None:
    assert "18,000: −3,000 yuan/year\nMedical aid" in texts(budget())
    assert "18,000: −3,000 元/年\n医疗救助" in texts(budget("zh"))
    assert "Loss when earning more" not in texts(budget(notches=[]))


def test_notches_at_one_place_share_a_pole() -> None:
    figure = budget(notches=[(18_000.0, 2_000.0, "medical_aid"), (18_050.0, 1_000.0, "education_aid")])
    assert "18,000: −3,000 yuan/year\nMedical aid −2,000\nEducation aid −1,000" in texts(figure)


@pytest.mark.parametrize("places", [[1_000, 9_000, 18_000], [17_000, 18_000, 39_000]])
def test_labels_of_notches_touch_neither_each_other_nor_the_curve(places) -> None:
    figure = budget(notches=[(float(at), 500.0, "temporary_aid") for at in places])
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    axes = figure.axes[0]
    boxes = [text.get_window_extent(canvas.get_renderer()) for text in axes.texts]
    assert len(boxes) == len(places)
    for i, box in enumerate(boxes):
        assert axes.bbox.y0 < box.y0
        assert box.y1 <= axes.bbox.y1
        assert not any(box.overlaps(other) for other in boxes[i + 1 :])
        curve = axes.transData.transform(np.column_stack(axes.lines[1].get_data()))
        inside = curve[(curve[:, 0] >= box.x0) & (curve[:, 0] <= box.x1)]
        assert inside[:, 1].max() < box.y0


def test_many_notches_are_numbered_and_leave_the_curve_its_room() -> None:
    figure = budget(notches=[(1_000.0 * at, 500.0, "temporary_aid") for at in (1, 3, 6, 9, 18, 30, 39)])
    assert [text.get_text() for text in figure.axes[0].texts] == list("1234567")
    assert "30,000: −500 yuan/year, Temporary aid" in texts(figure)
    assert figure.axes[0].get_ylim()[1] < 50_000


def test_a_law_may_bring_its_own_labels() -> None:
    labels = {"medical_aid": {"en": "Medical aid of the county"}}
    assert "Medical aid of the county" in texts(budget(labels=labels))


# --- bad tables


def test_every_missing_column_is_named_with_the_nearest_right_one() -> None:
    with pytest.raises(MicrosimError) as caught:
        charts.poverty_before_after(pd.DataFrame({"area": ["rural"], "befor": [0.1]}))
    message = str(caught.value)
    assert "the chart poverty_before_after cannot be drawn" in message
    assert "column 'before' is missing; did you mean 'befor'?" in message
    assert "column 'after' is missing" in message


def test_an_empty_table_is_refused() -> None:
    with pytest.raises(MicrosimError, match="no rows to draw"):
        charts.cost_by_area(COST.iloc[:0])


def test_a_missing_value_is_refused_with_its_position() -> None:
    with pytest.raises(
        MicrosimError, match=r"cost_by_area: value: 1 of 3 values are not finite, .* position 1"
    ):
        charts.cost_by_area(COST.assign(value=[1.0, np.nan, 2.0]))


def test_unification_asks_for_one_path_and_all_measures() -> None:
    rows = UNIFICATION.query("measure == 'cost'").assign(path=["fast", "slow"] * 4)
    with pytest.raises(MicrosimError) as caught:
        charts.unification(rows)
    assert [offence.message for offence in caught.value.offences] == [
        "holds several paths (fast, slow)",
        "no rows with measure 'line_ratio'",
        "no rows with measure 'revenue_share'",
    ]


def test_unification_asks_for_one_subject() -> None:
    both = pd.concat([UNIFICATION.assign(subject=name) for name in ("total", "dibao")])
    with pytest.raises(MicrosimError) as caught:
        charts.unification(both)
    assert str(caught.value.offences[0]) == (
        "table for unification: holds measure 'cost' more than once for a year and group (dibao, total); "
        "select one subject"
    )
    assert len(caught.value.offences) == 3


def test_budget_names_all_that_is_wrong_at_once() -> None:
    with pytest.raises(MicrosimError) as caught:
        charts.budget_constraint(EARNINGS[::-1], {"dibao": -EARNINGS, "medical_aid": [1.0]}, EARNINGS)
    message = str(caught.value)
    assert "earnings: must be one row of at least two increasing values" in message
    assert "parts['medical_aid']: has shape (1,) where earnings has (401,)" in message
    assert "parts['dibao']: is negative at position 1; subtract deductions from the total instead" in message
    with pytest.raises(MicrosimError, match="budget_constraint: total: 401 of 401"):
        charts.budget_constraint(EARNINGS, {}, np.full(401, np.nan))
