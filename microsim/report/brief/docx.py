"""A brief as a Word document: styles, real tables, and the fonts that offices have.

Chinese briefs are laid out as official documents are (GB/T 9704-2012): A4, its margins, headings in 黑体 and
楷体, text in 仿宋 of size three at a fixed pitch. Where a font is missing, the office program takes the
one that the document names beside it.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from microsim.report.brief.drawing import (
    UNBROKEN,
    WIDTH,
    Picture,
    column_widths,
    heading,
    pictures,
    say,
    title_lines,
)
from microsim.report.brief.model import Brief, Chart, Section, Table, Text

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

_DAY = (1980, 1, 1, 0, 0, 0)  # of every part of the file: equal briefs are equal bytes
_ALTERNATIVES = {"仿宋": "FangSong", "黑体": "SimHei", "楷体": "KaiTi", "宋体": "SimSun"}


@dataclass(frozen=True)
class _Type:
    """How one style is set: Latin and East Asian font, size and pitch in points, indent in characters."""

    latin: str
    asian: str
    size: float
    pitch: float | None = None
    bold: bool = False
    indent: int = 0


# Style -> language -> type. Size three is 16 points, small two 18, two 22, small four 12, five 10.5.
_TYPES: dict[str, dict[str, _Type]] = {
    "Normal": {
        "zh": _Type("Times New Roman", "仿宋", 16, 28, indent=2),
        "en": _Type("Times New Roman", "宋体", 11.5),
    },
    "Title": {
        "zh": _Type("Times New Roman", "宋体", 22, 34, bold=True),
        "en": _Type("Arial", "黑体", 18, bold=True),
    },
    "Subtitle": {"zh": _Type("Times New Roman", "楷体", 14, 28), "en": _Type("Arial", "黑体", 10)},
    "Heading 1": {
        "zh": _Type("Arial", "黑体", 16, 28, indent=2),
        "en": _Type("Arial", "黑体", 13, bold=True),
    },
    "Heading 2": {
        "zh": _Type("Arial", "楷体", 16, 28, indent=2),
        "en": _Type("Arial", "黑体", 11.5, bold=True),
    },
    "Caption": {"zh": _Type("Arial", "黑体", 12, 20), "en": _Type("Arial", "黑体", 10, bold=True)},
    "Table": {"zh": _Type("Times New Roman", "仿宋", 10.5, 15), "en": _Type("Arial", "宋体", 9)},
    "Note": {"zh": _Type("Times New Roman", "仿宋", 10.5, 16), "en": _Type("Arial", "宋体", 8.5)},
    "Fact": {"zh": _Type("Times New Roman", "仿宋", 12, 20), "en": _Type("Times New Roman", "宋体", 9.5)},
}
_HEADINGS = ("Heading 1", "Heading 2")
_OWN = ("Table", "Note", "Fact")  # styles that the template does not have


def docx_of(brief: Brief) -> bytes:
    """The document. Equal briefs give equal bytes."""
    import docx

    document = docx.Document()
    _page(document)
    _styles(document, brief.lang)
    title = document.add_paragraph(style="Title")
    for at, line in enumerate(title_lines(brief.title)):
        if at:
            title.add_run().add_break()
        title.add_run(line)
    document.add_paragraph(say("computed", brief.lang, date=brief.date), style="Subtitle")
    document.add_paragraph(say("summary", brief.lang), style="Heading 1")
    document.add_paragraph(brief.question)
    for one in brief.answer:
        document.add_paragraph(one.text)
    _sections(document, brief.sections, iter(pictures(brief)), brief.lang)
    if brief.annex:
        opening = document.add_paragraph(say("annex", brief.lang), style="Heading 1")
        opening.paragraph_format.page_break_before = True
        for table in brief.annex:
            _table(document, table)
    _about(document, brief)
    made = io.BytesIO()
    document.save(made)
    return _packed(made)


def _page(document: Document) -> None:
    from docx.shared import Mm

    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin = Mm(37), Mm(35)
    page.left_margin, page.right_margin = Mm(28), Mm(26)
    page.footer_distance = Mm(28)
    _page_number(page.footer.paragraphs[0])


def _page_number(paragraph: Paragraph) -> None:
    """— 1 —, in the middle of the foot."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run("— ")
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        part = _element("w:fldChar", {"w:fldCharType": kind}) if kind else _element("w:instrText", {})
        part.text = text or None
        run._r.append(part)
    paragraph.add_run(" —")
    paragraph.paragraph_format.first_line_indent = 0


def _styles(document: Document, lang: str) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt, RGBColor

    for name, types in _TYPES.items():
        if name in _OWN:
            document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style: Any = document.styles[name]
        kind = types[lang]
        style.font.name, style.font.size, style.font.bold = kind.latin, Pt(kind.size), kind.bold
        style.font.italic, style.font.color.rgb = False, RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for key in [key for key in fonts.attrib if "Theme" in key]:
            del fonts.attrib[key]  # a theme's font would come before the one that is named
        fonts.set(_name("w:eastAsia"), kind.asian)
        fonts.set(_name("w:hAnsi"), kind.latin)
        form = style.paragraph_format
        form.space_before = Pt(0 if lang == "zh" or not name.startswith("Heading") else 12)
        form.space_after = Pt(0 if lang == "zh" and name != "Title" else 5)
        if name == "Table":
            form.space_before = form.space_after = Pt(1.5)
        form.line_spacing = Pt(kind.pitch) if kind.pitch else 1.15
        form.first_line_indent = Pt(kind.indent * kind.size)
        form.keep_with_next = name.startswith("Heading") or name == "Caption"
        if name in ("Title", "Subtitle") or (name == "Caption" and lang == "zh"):
            form.alignment = WD_ALIGN_PARAGRAPH.CENTER
    # Without it some office programs take the Japanese or Traditional form of a letter.
    for language in document.styles.element.iter(_name("w:lang")):
        language.set(_name("w:eastAsia"), "zh-CN")
    border = document.styles["Title"].element.find(f".//{_name('w:pBdr')}")
    if border is not None:
        border.getparent().remove(border)
    _fonts(document)


def _fonts(document: Document) -> None:
    """Beside each Chinese font the name that it has elsewhere."""
    part = next(p for p in document.part.package.iter_parts() if str(p.partname).endswith("fontTable.xml"))
    named = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
        for name, other in _ALTERNATIVES.items()
    )
    text = part.blob.decode("utf-8")
    part._blob = text.replace("</w:fonts>", f"{named}</w:fonts>").encode("utf-8")


def _sections(
    document: Document, sections: tuple[Section, ...], drawn: Iterator[Picture], lang: str, depth: int = 1
) -> None:
    for n, section in enumerate(sections, start=1):
        document.add_paragraph(heading(n, depth, section.heading, lang), style=_HEADINGS[min(depth, 2) - 1])
        for part in section.parts:
            _part(document, part, drawn)
        _sections(document, section.sections, drawn, lang, depth + 1)


def _part(document: Document, part: Text | Table | Chart, drawn: Iterator[Picture]) -> None:
    from docx.shared import Mm

    if isinstance(part, Text):
        document.add_paragraph(part.text, style="Fact" if part.exact else "Normal")
    elif isinstance(part, Table):
        _table(document, part)
    else:
        paragraph = document.add_paragraph(style="Table")
        shape = paragraph.add_run().add_picture(io.BytesIO(next(drawn).png), width=Mm(WIDTH))
        shape._inline.docPr.set("descr", part.alt)
        paragraph.paragraph_format.line_spacing = 1.0


def _table(document: Document, table: Table) -> None:
    """Three rules, as journals and offices have them; the head is repeated on the next page."""
    from docx.enum.table import WD_TABLE_ALIGNMENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm

    document.add_paragraph(table.caption, style="Caption")
    made = document.add_table(rows=0, cols=len(table.header))
    made.alignment = WD_TABLE_ALIGNMENT.CENTER
    made.autofit = False
    widths = [Mm(width) for width in column_widths(table)]
    for column, width in zip(made.columns, widths, strict=True):
        column.width = width
    for at, row in enumerate((table.header, *table.rows)):
        cells = made.add_row().cells
        for column, (cell, text) in enumerate(zip(cells, row, strict=True)):
            cell.width = widths[column]
            paragraph = cell.paragraphs[0]
            paragraph.style = document.styles["Table"]
            run = paragraph.add_run(text)
            run.bold = at == 0
            if column in table.numeric:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            # A short table is not broken, and its note stays with it.
            paragraph.paragraph_format.keep_with_next = len(table.rows) <= UNBROKEN
    for at, row in enumerate(made.rows):
        properties = row._tr.get_or_add_trPr()
        properties.append(_element("w:cantSplit", {}))
        if at == 0:
            properties.append(_element("w:tblHeader", {}))
        rules = {0: ("top", "bottom"), len(made.rows) - 1: ("bottom",)}.get(at, ())
        for cell in row.cells:
            _ruled(cell, rules, heavy="bottom" if at else "top")
    document.add_paragraph(table.note, style="Note")


def _ruled(cell: Any, sides: tuple[str, ...], heavy: str) -> None:
    borders = _element("w:tcBorders", {})
    for side in sides:
        size = "12" if side == heavy else "6"
        borders.append(_element(f"w:{side}", {"w:val": "single", "w:sz": size, "w:color": "000000"}))
    cell._tc.get_or_add_tcPr().append(borders)


def _about(document: Document, brief: Brief) -> None:
    about = document.core_properties
    about.title, about.author, about.comments, about.last_modified_by = (
        brief.title,
        "microsim",
        "",
        "microsim",
    )
    about.language = "zh-CN" if brief.lang == "zh" else "en"
    about.created = about.modified = dt.datetime(1980, 1, 1)
    about.revision = 1


def _packed(made: io.BytesIO) -> bytes:
    """The parts of the file without the time at which they were written."""
    out = io.BytesIO()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = zipfile.ZipInfo(name, _DAY)
            part.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(part, re.sub(rb"<dcterms:(created|modified)[^>]*/>", b"", old.read(name)))
    return out.getvalue()


def _element(name: str, attributes: dict[str, str]) -> Any:
    from docx.oxml import OxmlElement

    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(_name(key), value)
    return made


def _name(short: str) -> str:
    from docx.oxml.ns import qn

    return str(qn(short))
