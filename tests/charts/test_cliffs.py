"""The charts of cliffs: what they show, in both languages, without colour, with no text over another."""

from __future__ import annotations

import itertools
import warnings

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from microsim import Policy, charts
from microsim.charts import style
from microsim.charts.cliffs import _SHADES
from microsim.charts.stack import stacked
from microsim.errors import MicrosimError
from microsim.studies.common.benefits import benefits
from tests.charts.cliff_examples import (
    CAUSES,
    DRAWERS,
    EARNINGS,
    FAMILY_NOTCHES,
    LABELS,
    LINES,
    LOSSES,
    NOTCHES,
    PARTS,
    PRESENT,
    REFORM,
    TOTAL,
    budget_with_causes,
    families,
    ladder,
    rates,
)
from tests.charts.examples import texts


@pytest.mark.slow
@pytest.mark.parametrize("name", DRAWERS)
def test_the_same_data_give_the_same_bytes_and_lack_no_glyph(name, tmp_path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # matplotlib warns of each glyph that it cannot find
        first = charts.save(DRAWERS[name]("zh"), tmp_path / "a", name)
    second = charts.save(DRAWERS[name]("zh"), tmp_path / "b", name)
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes()


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", DRAWERS)
def test_no_text_is_of_the_other_language_lies_over_another_or_leaves_the_figure(name, lang) -> None:
    figure = DRAWERS[name](lang)
    written = texts(figure)
    if lang == "zh":
        assert [text for text in written if any(c.isascii() and c.isalpha() for c in text)] == []
    else:
        assert [text for text in written if any("\u4e00" <= c <= "\u9fff" for c in text)] == []
    boxes = _boxes(figure)
    assert len(boxes) > 5
    for i, (text, box) in enumerate(boxes):
        assert box.x0 >= -1, text
        assert box.x1 <= figure.bbox.x1 + 1, text
        for other, beside in boxes[i + 1 :]:
            assert not _overlap(box, beside), (text, other)
    (legend,) = figure.legends
    box = legend.get_window_extent()
    assert not any(box.overlaps(axes.get_window_extent()) for axes in figure.axes)


def _boxes(figure: Figure) -> list[tuple[str, object]]:
    """Every text that is drawn, and where."""
    renderer = figure.canvas.get_renderer()
    beyond = set()  # labels of ticks beyond the ends of an axis are there but not drawn
    for axes in figure.axes:
        frame = axes.get_window_extent(renderer)
        for side, labels in enumerate((axes.get_xticklabels(), axes.get_yticklabels())):
            for label in labels:
                box = label.get_window_extent(renderer)
                middle = ((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2)[side]
                low, high = ((frame.x0, frame.x1), (frame.y0, frame.y1))[side]
                if not low - 2 <= middle <= high + 2:
                    beyond.add(id(label))
    shown = [
        t for t in figure.findobj(Text) if t.get_text().strip() and t.get_visible() and id(t) not in beyond
    ]
    boxes = []
    for text in shown:
        box = text.get_window_extent(renderer).frozen()
        # Empty lines at the end keep room for something else.
        lines = text.get_text().count("\n") + 1
        empty = lines - len(text.get_text().rstrip("\n").split("\n"))
        box.y0 += box.height * empty / lines
        boxes.append((text.get_text(), Bbox(box)))
    return boxes


def _overlap(a, b) -> bool:
    return min(a.x1, b.x1) - max(a.x0, b.x0) > 1.0 and min(a.y1, b.y1) - max(a.y0, b.y0) > 1.0


# --- budget constraint with both sides of each notch


def test_drops_are_upright_and_told_by_cause_and_in_lifes_terms() -> None:
    figure = budget_with_causes("en")
    x, y = figure.axes[0].lines[1].get_data()
    assert list(y[np.asarray(x) == 18_000]) == [21_500, 18_500]
    (told,) = [text for text in texts(figure) if text.startswith("18,000")]
    told = " ".join(told.split())
    assert "−3,000 yuan/year" in told
    # The largest cause first; amounts are those of the programme over both causes.
    assert told.index("Minimum living guarantee (dibao)") < told.index("Edge household")
    assert "Medical aid −3,000" in told
    assert "10.3 months of benefits, 44 days at the minimum wage" in told
    (step,) = [" ".join(text.split()) for text in texts(figure) if text.startswith("26,000")]
    assert "Education aid (step)" in step


def test_notch_labels_leave_out_what_is_not_known_and_what_is_small() -> None:
    bare = NOTCHES.drop(columns=["months_of_support", "days_of_minimum_wage"])
    ((at, drop, what), *_) = charts.notch_labels(bare, CAUSES, "en", LABELS)
    assert (at, drop) == (18_000, 3_000)
    assert "support" not in what
    assert len(charts.notch_labels(bare, CAUSES, "en", least=600)) == 1
    assert charts.notch_labels(bare.iloc[:0], CAUSES) == []
    nothing = NOTCHES.assign(months_of_support=np.nan)
    assert "months" not in charts.notch_labels(nothing, CAUSES)[0][2]


def test_more_gates_than_two_are_cut_short() -> None:
    many = pd.concat([CAUSES.assign(notch=1, gate=[f"g{k}" for k in range(3)])])
    assert charts.notch_labels(NOTCHES, many)[0][2].split("\n")[0] == "g0; g2 (step)…"


def test_a_total_below_zero_is_in_the_panel() -> None:
    figure = charts.budget_constraint(EARNINGS, PARTS, TOTAL - 20_000, notches=[(18_000.0, 3_000.0, "dibao")])
    axes = figure.axes[0]
    assert axes.get_ylim()[0] < (TOTAL - 20_000).min()
    assert max(max(line.get_ydata()) for line in axes.lines) <= axes.get_ylim()[1]


def test_what_is_taken_off_is_below_zero_so_that_the_total_is_the_top_of_the_stack() -> None:
    edges = list(stacked(PARTS, TOTAL - 18_000.0))
    assert [name for name, _, _ in edges] == list(PARTS)
    assert np.allclose(edges[-1][2], TOTAL - 18_000.0)
    assert np.allclose(edges[0][1], -18_000.0)
    whole = charts.budget_constraint(EARNINGS, PARTS, TOTAL - 18_000.0, deducted="costs", present=9_000.0)
    for figure in (whole, charts.family_lines(LINES, FAMILY_NOTCHES, households=PRESENT)):
        assert {"Below zero: spending on illness and schooling", "Current income"} <= set(texts(figure))
        assert min(axes.get_ylim()[0] for axes in figure.axes) <= -18_000.0


def test_a_programme_looks_the_same_in_every_chart() -> None:
    found = style.looks_of(["medical_aid_benefit", "own", "medical_aid", "dibao_entitlement", "dibao_top_up"])
    assert found["medical_aid_benefit"] == found["medical_aid"] == style.PROGRAMMES["medical_aid"]
    assert found["dibao_entitlement"] == style.PROGRAMMES["dibao"]
    assert found["dibao_top_up"] == style.PROGRAMMES["dibao_top_up"]
    assert found["own"] not in style.PROGRAMMES.values()
    looks = [*style.PROGRAMMES.items(), *style.AREAS.items()]
    same = {("price_supplement", "dibao_price_supplement")}
    for (one, a), (other, b) in itertools.combinations(looks, 2):
        if {one, other} not in map(set, same):
            assert (a.colour, a.hatch) != (b.colour, b.hatch), (one, other)


def test_every_programme_of_the_law_has_a_look() -> None:
    looks = style.looks_of(benefits(Policy.load("2020-12-31")))
    assert set(looks.values()) <= set(style.PROGRAMMES.values())


def test_a_name_at_the_right_edge_hides_no_pole() -> None:
    long = "a name that is longer than half of the panel is"
    notches = [(26_000.0, 500.0, long), (36_000.0, 400.0, long)]
    x = np.linspace(0, 40_000, 101)
    figure = charts.budget_constraint(x, {"earnings": x}, x, notches=notches)
    assert [text.get_text() for text in figure.axes[0].texts] == ["1", "2"]


# --- marginal rates


def test_the_profile_is_the_slope_between_breakpoints() -> None:
    figure = rates("en")
    profile = figure.axes[0].lines[0]
    x, y = profile.get_data()
    assert list(y[np.asarray(x) == 3_000]) == [0, 100]
    assert list(y[np.asarray(x) == 18_000]) == pytest.approx([0, 0])
    assert {"Effective marginal tax rate", "Above 100 %: earning more leaves less"} <= set(texts(figure))
    assert any(patch.get_y() == 100 for patch in figure.axes[0].patches)


def test_spikes_stand_at_the_notches_only() -> None:
    def upright(figure: Figure) -> set[float]:
        lines = [line.get_xdata() for line in figure.axes[0].lines]
        return {float(x[0]) for x in lines if len(x) == 2 and x[0] == x[1]}

    assert upright(rates("en")) == {18_000, 26_000}
    assert upright(rates("en", notches=())) == set()
    assert "Notch: the whole loss at one point" not in texts(rates("en", notches=()))


def test_rates_below_zero_and_far_above_100_are_in_the_panel() -> None:
    figure = charts.marginal_rates([0, 10, 20, 30], [0, 30, 0, 10])
    low, high = figure.axes[0].get_ylim()
    assert low < -200
    assert high > 400


def test_what_is_wrong_with_a_line_is_said_at_once() -> None:
    with pytest.raises(MicrosimError) as caught:
        charts.marginal_rates([3, 2, 1], [1, 2])
    assert len(caught.value.offences) == 2
    with pytest.raises(MicrosimError, match="not finite"):
        charts.marginal_rates([0, 1], [0, np.nan])


# --- loss map


def test_cells_hold_their_numbers_on_shades_that_darken() -> None:
    figure = charts.loss_map(LOSSES)
    assert {"900", "4,000", "12,000", "–", "Living alone", "≥ 8,000"} <= set(texts(figure))
    assert "Nobody here faces a cliff" in texts(figure)
    grey = [np.dot(_SHADES(share)[:3], (0.299, 0.587, 0.114)) for share in np.linspace(0, 1, 11)]
    assert (np.diff(grey) < 0).all()
    white = [t.get_text() for t in figure.axes[0].texts if t.get_color() == "#FFFFFF"]
    assert white == ["12,000"]


def test_a_mean_over_few_households_is_withheld_and_the_others_show_their_number() -> None:
    values = LOSSES["value"].notna()
    counted = LOSSES.assign(households=np.where(values, 1_234.0, 0.0), rows=np.where(values, 10, 0))
    counted.loc[counted["value"] == 900.0, "rows"] = 9
    shown = texts(charts.loss_map(counted))
    assert "900" not in shown
    assert {"<", "(1,234)", "12,000", "<  Fewer than 10 households in the data"} <= set(shown)


def test_a_map_of_two_scenarios_or_of_no_loss_is_refused() -> None:
    with pytest.raises(MicrosimError, match="more than once; select one scenario"):
        charts.loss_map(pd.concat([LOSSES, LOSSES]))
    with pytest.raises(MicrosimError, match="contains no losses"):
        charts.loss_map(LOSSES.assign(value=np.nan))
    with pytest.raises(MicrosimError, match="column 'income_band' is missing; did you mean 'income_ban'"):
        charts.loss_map(LOSSES.rename(columns={"income_band": "income_ban"}))


# --- cliff ladder


def test_few_households_are_drawn_one_by_one_and_many_in_cells() -> None:
    few = charts.cliff_ladder(ladder(80))
    assert sum(len(c.get_offsets()) for c in few.axes[0].collections) == 80
    assert {"Rural", "Urban"} <= set(texts(few))
    many = charts.cliff_ladder(ladder(900))
    assert len(many.axes) == 2
    counted = sum(c.get_array().sum() for axes in many.axes for c in axes.collections)
    assert counted == pytest.approx(ladder(900)["weight"].sum())


def test_the_lines_tell_the_weighted_share_that_is_nearer() -> None:
    table = pd.DataFrame(
        {"distance": [0.0, 700, 2_000, 9_000], "drop": 100.0, "area": "rural", "weight": [1.0, 1, 2, 4]}
    )
    written = set(texts(charts.cliff_ladder(table)))
    assert {"≤ 500: 12.5 %", "≤ 1,000: 25.0 %", "≤ 3,000: 50.0 %"} <= written
    of_all = set(texts(charts.cliff_ladder(table, studied={"rural": 16.0, "urban": 4.0})))
    assert {"≤ 500: 5.0 %", "≤ 1,000: 10.0 %", "≤ 3,000: 20.0 %"} <= of_all


def test_a_ladder_of_rises_is_refused() -> None:
    with pytest.raises(MicrosimError, match="cliff_ladder: drop"):
        charts.cliff_ladder(ladder(9).assign(drop=0.0))
    with pytest.raises(MicrosimError, match="all weights are 0"):
        charts.cliff_ladder(ladder(9).assign(weight=0.0))
    with pytest.raises(MicrosimError, match="no rows to draw"):
        charts.cliff_ladder(ladder(9).iloc[:0])


# --- before and after


def test_bars_of_the_whole_stand_in_pairs() -> None:
    figure = charts.reform_cliffs(REFORM, labels=LABELS)
    left, right = figure.axes
    assert [p.get_height() for p in left.patches] == pytest.approx([1, 4, 3.8, 1.5, 6, 5.7])
    assert [p.get_height() for p in right.patches] == pytest.approx([5_500, 8_250])
    assert left.patches[0].get_hatch() != left.patches[3].get_hatch()
    assert {"Linked aid", "Tiered aid", "5,500"} <= set(texts(figure))


def test_a_reform_needs_two_scenarios_each_once() -> None:
    with pytest.raises(MicrosimError, match="holds 1 scenarios"):
        charts.reform_cliffs(REFORM[REFORM["scenario"] == "linked"])
    with pytest.raises(MicrosimError, match="more than once"):
        charts.reform_cliffs(pd.concat([REFORM, REFORM]))


# --- families


def test_each_family_stands_under_each_scenario_on_one_scale() -> None:
    figure = families("en")
    assert len(figure.axes) == 4
    for left, right in (figure.axes[:2], figure.axes[2:]):
        assert left.get_ylim() == right.get_ylim()
        assert left.get_xlim() == right.get_xlim()
    assert figure.axes[0].get_ylim()[0] < 0  # costs push the elder's total below zero
    written = texts(figure)
    assert written.count("A single elder") == 2
    assert "Linked aid\nlargest drop 3,000\n10.3 months of benefits, 44 days at the minimum wage" in written
    assert "Tiered aid\nno drop" in written
    assert {"−3,000", "−500", "Current income"} <= set(written)
    assert "Resources left" in written


def test_families_ask_for_a_total_and_for_their_columns() -> None:
    with pytest.raises(MicrosimError, match=r"no part 'total' for .*, couple under tiered"):
        charts.family_lines(LINES[LINES["part"] != "total"], FAMILY_NOTCHES)
    with pytest.raises(MicrosimError, match="column 'scenario' is missing"):
        charts.family_lines(LINES.drop(columns="scenario"), FAMILY_NOTCHES)
    without = charts.family_lines(LINES, FAMILY_NOTCHES.iloc[:0], note="A note.")
    assert "A note." in texts(without)


def test_numbers_begin_a_row_of_the_legend() -> None:
    many = [(1_000.0 * at, 500.0, "temporary_aid") for at in (1, 3, 6, 9, 18, 30, 39)]
    figure = charts.budget_constraint(EARNINGS, {"earnings": EARNINGS}, EARNINGS, notches=many)
    entries = [text.get_text() for text in figure.legends[0].get_texts()]
    # Two heads, the sign and an empty entry come first; matplotlib lists the entries column by column.
    assert entries[:3] == ["Own earnings", "Loss when earning more", "1,000: −500 yuan/year, Temporary aid"]
