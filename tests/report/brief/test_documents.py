"""The documents themselves: what a browser and an office program find in them."""

from __future__ import annotations

import io
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn

from microsim.report.brief.build import brief_of
from microsim.report.brief.docx import docx_of
from microsim.report.brief.drawing import charts_of
from microsim.report.brief.folder import read_folder
from microsim.report.brief.html import html_of


class Page(HTMLParser):
    """The tags of a page, and everything that it would fetch."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.fetched: list[str] = []
        self.alts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        said = dict(attrs)
        self.fetched += [said[key] or "" for key in ("src", "href") if key in said]
        if tag == "img":
            self.alts.append(said.get("alt") or "")


@pytest.mark.parametrize("kind", ["run", "compare"])
def test_a_page_fetches_nothing_and_describes_its_charts(results: Mapping[str, Path], kind: str) -> None:
    brief = brief_of([read_folder(results[kind])], "zh")
    text = html_of(brief)
    page = Page(text)
    charts = list(charts_of(brief.sections))
    assert 2 <= len(charts) <= 4
    assert page.alts == [chart.alt for chart in charts]
    assert all(where.startswith("data:") for where in page.fetched)
    assert not {"script", "link", "iframe"} & set(page.tags)
    assert "@import" not in text
    assert "url(" not in text
    assert page.tags.count("table") == 1 + len(brief.annex)


@pytest.mark.parametrize(("lang", "font"), [("zh", "仿宋"), ("en", "宋体")])
def test_a_document_has_styles_fonts_and_real_tables(
    results: Mapping[str, Path], lang: str, font: str
) -> None:
    brief = brief_of([read_folder(results["compare"])], lang)
    document = docx.Document(io.BytesIO(docx_of(brief)))
    assert document.paragraphs[0].text == brief.title
    normal = document.styles["Normal"].element.rPr.rFonts
    assert normal.get(qn("w:eastAsia")) == font
    assert len(document.tables) == 1 + len(brief.annex)
    found = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    (table,) = [part for part in brief.sections[0].parts if hasattr(part, "rows")]
    assert found == [list(row) for row in (table.header, *table.rows)]
    page = document.sections[0]
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)  # type: ignore[union-attr]
    descriptions = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert descriptions == [chart.alt for chart in charts_of(brief.sections)]
    headings = [p.text for p in document.paragraphs if p.style and p.style.name == "Heading 1"]
    numbers = (
        ("一、", "二、", "三、", "四、", "五、") if lang == "zh" else ("1. ", "2. ", "3. ", "4. ", "5. ")
    )
    assert tuple(text[: len(numbers[0])] for text in headings[1:6]) == numbers
