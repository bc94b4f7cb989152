"""What the formats of a brief share: charts as pictures, widths of columns, numbers of headings."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from microsim.report.brief.model import Brief, Chart, Section, Table
from microsim.report.text import display_width, in_words

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH = 156.0  # mm, of the text on a page
UNBROKEN = 14  # rows of a table that is kept on one page
_PER_LETTER = 2.3  # mm, of a Latin letter in a table
_TITLE = 38  # letters of a title beyond which it has two lines
_HEAD = 10  # letters of a heading over numbers beyond which it is broken
_LEAST_TEXT = 28.0  # mm, of a column of texts
_ZH = "一二三四五六七八九十"
WORDS: dict[str, dict[str, str]] = {
    "figure": {"en": "Figure {n}. {title}", "zh": "图{n}　{title}"},
    "source": {"en": "Source: microsim; {title}", "zh": "资料来源：microsim测算，{title}"},
    "summary": {"en": "Summary", "zh": "摘要"},
    "annex": {"en": "Annex", "zh": "附表"},
    "written": {"en": "Brief: {file}", "zh": "简报：{file}"},
    "charts_written": {"en": "{n} charts in {folder}", "zh": "{n}幅图：{folder}"},
    "glyph": {
        "en": "no font has a glyph for {letters}, and a box is shown; install a font that has it",
        "zh": "没有字体含有“{letters}”，文中显示为方框；请安装含有该字的字体",
    },
    "law": {"en": "law of {day}", "zh": "{day}政策"},
    "money": {"en": "money of {year}", "zh": "{year}年价格"},
    "comma": {"en": ", ", "zh": "，"},
    "file": {"en": "File: ", "zh": "文件："},
    "title": {"en": "Title: ", "zh": "标题："},
    "alt": {"en": "Description: ", "zh": "文字说明："},
    "below": {"en": "Below the chart: ", "zh": "图注："},
    "computed": {"en": "Computed with microsim on {date}", "zh": "microsim测算，{date}"},
}
say = partial(in_words, WORDS)


class Picture(NamedTuple):
    """A chart drawn: for documents and for pages."""

    png: bytes
    svg: bytes


def pictures(brief: Brief) -> list[Picture]:
    """The charts of a brief in their order, of the width of a page of text."""
    source = say("source", brief.lang, title=brief.title)
    return [drawn(chart, source) for chart in charts_of(brief.sections)]


def figure_of(chart: Chart, source: str, size: str = "page") -> Figure:
    """One chart drawn; ``size``: page, column or slide."""
    from microsim.charts import Marks, finding

    series = [Marks(one.name, one.values, one.texts) for one in chart.series]
    below = " ".join(filter(None, [chart.note, source]))
    return finding(chart.kind, chart.title, chart.labels, series, chart.unit, chart.axis, below, size)


def drawn(chart: Chart, source: str) -> Picture:
    """One chart as PNG and SVG of the width of a page of text; the same chart has the same bytes."""
    from microsim.charts import save

    with tempfile.TemporaryDirectory() as scratch:
        svg, png = save(figure_of(chart, source), scratch, "chart", title=chart.title, alt=chart.alt)
        return Picture(Path(png).read_bytes(), Path(svg).read_bytes())


def charts_of(sections: tuple[Section, ...]) -> Iterator[Chart]:
    """The charts in the order in which they are read."""
    for section in sections:
        yield from (part for part in section.parts if isinstance(part, Chart))
        yield from charts_of(section.sections)


def title_lines(title: str) -> list[str]:
    """A title in the lines in which it is set: a long Chinese one is broken between words.

    >>> title_lines("关于“2020年扣减就业成本”政策影响的测算简报")
    ['关于“2020年扣减就业成本”政策影响的', '测算简报']
    """
    kind = "测算简报"
    long = title.endswith(f"的{kind}") and display_width(title) > _TITLE
    return [title.removesuffix(kind), kind] if long else [title]


def column_widths(table: Table) -> list[float]:
    """Millimetres of each column: numbers take what they need, texts share the rest by their lengths.

    A long heading over numbers has several lines.
    """
    heads = [display_width(head) for head in table.header]
    longest = [max(map(display_width, cells)) for cells in zip(*table.rows, strict=True)]
    needed = {i: _PER_LETTER * (max(longest[i], min(heads[i], _HEAD), 8) + 2) for i in table.numeric}
    room = WIDTH - _LEAST_TEXT * (len(heads) - len(needed))
    tight = min(1.0, room / sum(needed.values())) if needed else 1.0
    needed = {i: width * tight for i, width in needed.items()}
    longest = [max(pair) for pair in zip(heads, longest, strict=True)]
    texts = {i: min(max(n, 7), 60) for i, n in enumerate(longest) if i not in needed}
    rest = WIDTH - sum(needed.values())
    return [needed.get(i) or rest * texts[i] / sum(texts.values()) for i in range(len(longest))]


def heading(n: int, depth: int, text: str, lang: str) -> str:
    """A heading with its number: 一、 and （一） in Chinese, 1. in English.

    >>> heading(2, 1, "测算方法", "zh"), heading(1, 2, "方案", "zh"), heading(2, 1, "Method", "en")
    ('二、测算方法', '（一）方案', '2. Method')
    """
    if lang != "zh":
        return f"{n}. {text}" if depth == 1 else text
    return f"{_chinese(n)}、{text}" if depth == 1 else f"（{_chinese(n)}）{text}"


def _chinese(n: int) -> str:
    """A number up to 99 as headings count.

    >>> _chinese(3), _chinese(12), _chinese(20)
    ('三', '十二', '二十')
    """
    tens, ones = divmod(n, 10)
    return ("" if not tens else f"{_ZH[tens - 1] if tens > 1 else ''}十") + (
        "" if not ones else _ZH[ones - 1]
    )
