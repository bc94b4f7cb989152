"""``microsim rules --graph``: boxes that can be read, none over another, arrows from what is needed."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, PathPatch
from matplotlib.text import Text

from microsim.charts import rule_graph as drawing
from microsim.charts.rule_graph import Box, rule_graph
from microsim.cli.main import cli
from microsim.errors import FileError
from tests.scenario.own_law import own_law, was_run

BOXES = [
    Box("assets", "Assets of the household", note="Means test", apart=True),
    Box("poor", "Below the line", ("Line: 4,600 yuan/year",), "invented act, art. 1", needs=("assets",)),
    Box("paid", "Paid", needs=("poor", "assets", "age_limit")),
    Box("age_limit", "Old enough", ("data: Age",)),
    Box("alone", "Joined to nothing"),
]


def places(figure: Figure) -> list[tuple[float, float, float, float]]:
    """Left, top, right and bottom of each box, in the order of the boxes."""
    found = [patch for patch in figure.axes[0].patches if isinstance(patch, FancyBboxPatch)]
    return [(p.get_x(), p.get_y(), p.get_x() + p.get_width(), p.get_y() + p.get_height()) for p in found]


def test_no_box_lies_over_another_and_arrows_run_to_the_right() -> None:
    figure = rule_graph(BOXES, "A programme")
    at = dict(zip([box.name for box in BOXES], places(figure), strict=True))
    for one, (left, top, right, bottom) in at.items():
        for other, (x0, y0, x1, y1) in at.items():
            assert one == other or right <= x0 or x1 <= left or bottom <= y0 or y1 <= top
    for box in BOXES:
        assert all(at[need][2] < at[box.name][0] for need in box.needs)
    arrows = [patch for patch in figure.axes[0].patches if isinstance(patch, PathPatch)]
    assert len(arrows) == 4


def test_text_stays_inside_its_box() -> None:
    figure = rule_graph(BOXES, "A programme")
    renderer = FigureCanvasAgg(figure).get_renderer()
    boxes = places(figure)
    for text in figure.findobj(Text):
        assert isinstance(text, Text)
        if text.get_text() in ("", "A programme"):
            continue
        extent = text.get_window_extent(renderer).transformed(figure.axes[0].transData.inverted())
        assert any(x0 <= extent.x0 and extent.x1 <= x1 for x0, _, x1, _ in boxes), text.get_text()


def test_programmes_that_need_each_other_are_drawn() -> None:
    figure = rule_graph([Box("a", "A", needs=("b",)), Box("b", "B", needs=("a",))], "Two")
    assert len(places(figure)) == 2


def test_without_igraph(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "find_spec", lambda name: None)
    with pytest.raises(
        FileError, match=r"needs igraph, which is not installed; pip install 'microsim\[graph\]'"
    ):
        rule_graph(BOXES, "A programme")


@pytest.mark.parametrize("ending", ["svg", "png", "dot"])
def test_the_rules_of_an_own_programme(tmp_path: Path, ending: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    law = own_law(tmp_path)
    words = ["rules", "cake", "--graph", "--out", f"cake.{ending}", "--law-package", str(law)]
    assert (CliRunner().invoke(cli, words).exit_code, was_run(tmp_path)) == (2, False)
    done = CliRunner().invoke(cli, [*words, "--allow-code", "--lang", "zh"])
    assert (done.exit_code, done.output) == (0, f"cake.{ending}\n")
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == [f"cake.{ending}"]
    if ending == "dot":
        text = (tmp_path / "cake.dot").read_text(encoding="utf-8")
        for said in (
            '"person_cake" -> "cake_benefit";',
            "糕点费",
            "标准：10 元/月",
            "数据：年龄",
            "invented rules, art. 1",
        ):
            assert said in text


def test_what_cannot_be_drawn(tmp_path: Path) -> None:
    def refused(*words: str) -> str:
        done = CliRunner().invoke(cli, ["rules", *words])
        assert done.exit_code == 2
        return done.output

    assert "did you mean 'dibao'?" in refused("diabo", "--graph", "--out", str(tmp_path / "x.svg"))
    assert "end it in .svg, .png, .dot" in refused("dibao", "--graph", "--out", str(tmp_path / "x.pdf"))
    assert "add --graph" in refused("dibao", "--out", str(tmp_path / "x.svg"))


def test_all_programmes(tmp_path: Path) -> None:
    path = tmp_path / "all.dot"
    assert CliRunner().invoke(cli, ["rules", "--graph", "--out", str(path)]).exit_code == 0
    assert '"means_test" -> "dibao";' in path.read_text(encoding="utf-8")
