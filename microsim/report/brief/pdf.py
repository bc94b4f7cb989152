"""A brief as PDF: A4 as official documents are laid out (`brief.typ`), text that is searched,
charts described.

Chinese text is set in the fonts that offices have where this computer has them, else in the bundled one.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from microsim.errors import InputError, Offence
from microsim.report.brief.drawing import (
    UNBROKEN,
    Picture,
    column_widths,
    heading,
    pictures,
    say,
    title_lines,
)
from microsim.report.brief.fonts import NO_GLYPH, chosen
from microsim.report.brief.model import Brief, Chart, Section, Table, Text

INSTALL = "pip install 'microsim[pdf]'"
_LAYOUT = Path(__file__).with_name("brief.typ")


def pdf_of(brief: Brief, system_fonts: bool = True) -> bytes:
    """The document (PDF/UA-1). Equal briefs give equal bytes on computers with the same fonts.

    Without ``system_fonts`` all is set in the fonts that come with microsim and typst, and the bytes are the
    same everywhere. Where no font has a character, a box is shown and ``GlyphWarning`` names it. Raises
    ``InputError`` where the library is missing, with the extra to install.
    """
    try:
        import typst
    except ImportError:
        offence = Offence("PDF needs typst, which is not installed", "", f"{INSTALL}; or --format docx")
        raise InputError(offence) from None
    from microsim.charts.glyphs import GlyphWarning
    from microsim.charts.style import FONT_FILE

    fonts = typst.Fonts(include_system_fonts=system_fonts, font_paths=[str(FONT_FILE.parent)])
    said = {
        "brief": json.dumps(
            {**_said(brief), "fonts": chosen(fonts.families(), brief.lang)}, ensure_ascii=False
        )
    }
    compiler = typst.Compiler(_LAYOUT, font_paths=fonts, sys_inputs=said)
    try:
        made = compiler.compile(format="pdf", pdf_standards="ua-1")
    except typst.TypstError as error:
        if NO_GLYPH not in error.message:
            raise
        letters = error.message.split("`")[1].strip('"')
        warnings.warn(say("glyph", brief.lang, letters=letters), GlyphWarning, stacklevel=2)
        made = compiler.compile(format="pdf")
    assert isinstance(made, bytes)  # one document, and no file to write to
    return made


def _said(brief: Brief) -> dict[str, Any]:
    """The brief as the layout reads it."""
    lang = brief.lang
    summary = [brief.question, *(one.text for one in brief.answer)]
    opening = {"heading": say("summary", lang), "parts": [_text(one) for one in summary], "sections": []}
    drawn = iter(pictures(brief))
    annex = [{"heading": say("annex", lang), "parts": [_table(one) for one in brief.annex], "sections": []}]
    return {
        "lang": lang,
        "title": brief.title,
        "title_lines": title_lines(brief.title),
        "date": say("computed", lang, date=brief.date),
        "sections": [opening, *_sections(brief.sections, drawn, lang)],
        "annex": annex if brief.annex else [],
    }


def _sections(
    sections: tuple[Section, ...], drawn: Iterator[Picture], lang: str, depth: int = 1
) -> list[dict[str, Any]]:
    return [
        {
            "heading": heading(n, depth, one.heading, lang),
            "parts": [_part(part, drawn) for part in one.parts],
            "sections": _sections(one.sections, drawn, lang, depth + 1),
        }
        for n, one in enumerate(sections, start=1)
    ]


def _part(part: Text | Table | Chart, drawn: Iterator[Picture]) -> dict[str, Any]:
    if isinstance(part, Text):
        return _text(part.text, "exact" if part.exact else "text")
    if isinstance(part, Table):
        return _table(part)
    return {"kind": "chart", "svg": next(drawn).svg.decode("utf-8"), "alt": part.alt}


def _text(text: str, kind: str = "text") -> dict[str, Any]:
    return {"kind": kind, "text": text}


def _table(table: Table) -> dict[str, Any]:
    return {
        "kind": "table",
        "caption": table.caption,
        "header": table.header,
        "rows": table.rows,
        "numeric": table.numeric,
        "widths": column_widths(table),
        "note": table.note,
        "whole": len(table.rows) <= UNBROKEN,
    }
