"""Charts of briefs: every size, both languages: nothing overlaps or leaves the sheet, and grey is enough."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import rgb_to_hsv, to_rgb
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from microsim.charts import Marks, finding, save
from microsim.charts.briefs.finding import KINDS
from microsim.charts.briefs.sheet import INKS
from microsim.errors import MicrosimError
from tests.charts.brief_examples import examples

NAMES = tuple(examples("en"))
EACH = pytest.mark.parametrize("name", NAMES)
LANGUAGES = pytest.mark.parametrize("lang", ["en", "zh"])
_TOUCH = 2.0  # points by which letters may reach into each other's boxes, which are larger than they are


def written(figure: Figure) -> Iterator[tuple[str, Bbox]]:
    """Each text of a figure that is drawn, and its box in pixels."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    hidden = {text for axes in figure.axes for text in axes.findobj(Text) if not axes.get_visible()}
    for axis in (axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)):
        low, high = sorted(axis.get_view_interval())
        hidden |= {tick.label1 for tick in axis.get_major_ticks() if not low <= tick.get_loc() <= high}
    for text in figure.findobj(Text):
        if isinstance(text, Text) and text not in hidden and text.get_visible() and text.get_text().strip():
            yield text.get_text(), text.get_window_extent(canvas.get_renderer())


@pytest.mark.parametrize(
    ("size", "lang"), [("page", "zh"), ("column", "en"), ("column", "zh"), ("slide", "en")]
)
@EACH
def test_texts_neither_overlap_nor_leave_the_sheet(name: str, size: str, lang: str) -> None:
    figure = finding(**examples(lang)[name], size=size)
    found = list(written(figure))
    touch = _TOUCH * figure.dpi / 72
    for text, box in found:
        assert min(box.x0, box.y0) >= -touch, text
        assert max(box.x1 - figure.bbox.width, box.y1 - figure.bbox.height) <= touch, text
    for i, (one, box) in enumerate(found):
        for other, second in found[i + 1 :]:
            width = min(box.x1, second.x1) - max(box.x0, second.x0)
            height = min(box.y1, second.y1) - max(box.y0, second.y0)
            assert width <= touch or height <= touch, (one, other)


@LANGUAGES
@EACH
def test_a_chart_says_its_finding_and_source_and_needs_no_legend(name: str, lang: str) -> None:
    example = examples(lang)[name]
    figure = finding(**example)
    assert figure.get_suptitle().replace("\n", "" if lang == "zh" else " ") == example["title"]
    assert example["source"].split(":")[0] in figure.get_supxlabel()
    assert not figure.legends
    assert not any(axes.get_legend() for axes in figure.axes)
    said = "\n".join(text for text, _ in written(figure)).replace("\n", "" if lang == "zh" else " ")
    for marks in example["series"]:
        assert marks.name in said


@EACH
def test_few_inks_which_differ_in_grey(name: str) -> None:
    figure = finding(**examples("en")[name])
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    pixels = np.asarray(canvas.buffer_rgba())[..., :3].reshape(-1, 3)
    hue, saturation, _ = rgb_to_hsv(pixels / 255).T
    own = [rgb_to_hsv(to_rgb(look.colour))[0] for look in INKS[1:]]  # the first ink is a grey
    apart = np.min([np.abs(hue - one) for one in own], axis=0)
    assert apart[saturation > 0.3].max(initial=0.0) < 0.06
    grey = [float(np.dot(to_rgb(look.colour), (0.299, 0.587, 0.114))) for look in INKS]
    assert min(abs(a - b) for i, a in enumerate(grey) for b in grey[i + 1 :]) > 0.15


@EACH
def test_the_same_chart_has_the_same_bytes_in_each_format(name: str, tmp_path: Path) -> None:
    example = examples("zh")[name]
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # there is a warning of each character that has no glyph
        first, second = (
            save(finding(**example), tmp_path / run, name, ("svg", "png", "pdf"), "标题", "说明")
            for run in ("a", "b")
        )
    assert [path.suffix for path in first] == [".svg", ".png", ".pdf"]
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes(), one.name
    svg = first[0].read_text(encoding="utf-8")
    assert "<title>标题</title>" in svg
    assert "说明" in svg
    assert first[2].read_bytes().startswith(b"%PDF")


def test_every_kind_has_an_example() -> None:
    assert {one["kind"] for one in examples("en").values()} == set(KINDS)


def test_what_cannot_be_drawn_is_refused_with_all_that_is_wrong() -> None:
    right = Marks("", [1.0], ["1"])
    with pytest.raises(MicrosimError) as caught:
        finding("bar", "x", ["a"], [right], "", size="pages")
    assert "no size 'pages'" in str(caught.value)
    assert "no chart of kind 'bar'" in str(caught.value)
    assert "did you mean 'bars'" in str(caught.value)
    with pytest.raises(MicrosimError, match="2 values and 1 texts for 1 labels"):
        finding("bars", "x", ["a"], [Marks("", [1.0, 2.0], ["1"])], "")
    with pytest.raises(MicrosimError, match="has two series, not 1"):
        finding("pyramid", "x", ["a"], [right], "")
    with pytest.raises(MicrosimError, match="nothing to draw"):
        finding("bars", "x", [], [], "")
    with pytest.raises(MicrosimError, match="not finite"):
        finding("bars", "x", ["a"], [Marks("", [float("nan")], ["1"])], "")
    with pytest.raises(MicrosimError, match="no format 'jpg'"):
        save(finding("bars", "x", ["a"], [right], ""), "nowhere", "x", ["jpg"])
