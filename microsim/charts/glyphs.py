"""Characters that the charts' fonts cannot show, reported once and in plain words."""

from __future__ import annotations

import functools
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from matplotlib import font_manager
from matplotlib.figure import Figure
from matplotlib.text import Text

from microsim.charts import style

_HAN = re.compile("[\u3400-\u9fff]")
_WORDS = {
    "en": "charts have no glyph for {letters} and show a box; use other characters, or edit the SVG by hand",
    "zh": "图表字库中没有“{letters}”，图中显示为方框；请改用其他字，或在 SVG 图中手工补上",
}
_reported: set[str] = set()


class GlyphWarning(UserWarning):
    """A chart shows boxes in place of some characters."""


@functools.cache
def known() -> frozenset[int]:
    """Code points that charts can show: of DejaVu Sans (part of matplotlib) and the bundled font."""
    points: set[int] = set()
    for path in (font_manager.findfont("DejaVu Sans"), str(style.FONT_FILE)):
        points |= set(font_manager.get_font(path).get_charmap())
    return frozenset(points)


def lacking(figure: Figure) -> str:
    """Characters of a figure that is laid out which it cannot show, in the order of Unicode."""
    written = {letter for text in _texts(figure) for letter in text.get_text()}
    return "".join(sorted(one for one in written if one.isprintable() and ord(one) not in known()))


@contextmanager
def told_once(figure: Figure) -> Iterator[None]:
    """Says (as ``GlyphWarning``) what a figure lacks: once a process, not at each drawing."""
    letters = "".join(one for one in lacking(figure) if one not in _reported)
    _reported.update(letters)
    if letters:
        warnings.warn(
            _WORDS[_language(figure)].format(letters="、".join(letters)), GlyphWarning, stacklevel=4
        )
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"Glyph \d+ .* missing from font")
        yield


def _language(figure: Figure) -> str:
    """That of the axes and legends: names in a title may be Chinese in any chart."""
    words = [axes.get_xlabel() + axes.get_ylabel() for axes in figure.axes]
    words += [text.get_text() for legend in figure.legends for text in legend.get_texts()]
    return "zh" if any(_HAN.search(text) for text in words) else "en"


def _texts(figure: Figure) -> list[Text]:
    return [text for text in figure.findobj(Text) if text.get_visible()]
