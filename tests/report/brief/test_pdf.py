"""Briefs as PDF: official layout, no missing glyph, the same bytes, and what is said without the library."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from microsim.charts.glyphs import GlyphWarning
from microsim.errors import InputError
from microsim.report.brief import pdf
from microsim.report.brief.build import brief_of
from microsim.report.brief.drawing import Picture
from microsim.report.brief.folder import read_folder
from microsim.report.brief.model import Brief
from microsim.report.brief.pdf import pdf_of
from microsim.report.brief.writing import brief

PICTURE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="100" height="50"><rect width="9" height="9"/></svg>'
)


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rectangle for each chart: these tests are not about them, and drawing takes time."""
    monkeypatch.setattr(pdf, "pictures", lambda brief: [Picture(b"", PICTURE)] * 20)


def made(folder: Path, lang: str) -> Brief:
    return brief_of([read_folder(folder)], lang)


@pytest.mark.usefixtures("plain")
@pytest.mark.filterwarnings("error::microsim.charts.glyphs.GlyphWarning")
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("kind", ["run", "compare", "cliffs", "ledger", "unification", "solve", "sweep"])
def test_every_character_has_a_glyph_without_any_font_of_the_system(
    results: Mapping[str, Path], kind: str, lang: str
) -> None:
    document = pdf_of(made(results[kind], lang), system_fonts=False)
    assert document.startswith(b"%PDF-")
    assert b"595.2" in document  # points: A4 is 595.28 by 841.89
    assert b"841.8" in document
    assert document == pdf_of(made(results[kind], lang), system_fonts=False)
    assert b"CreationDate" not in document


@pytest.mark.usefixtures("plain")
def test_a_character_without_a_glyph_is_named(results: Mapping[str, Path]) -> None:
    one = replace(made(results["run"], "zh"), title="关于\U00012345的简报")
    with pytest.warns(GlyphWarning, match="\U00012345"):
        assert pdf_of(one, system_fonts=False).startswith(b"%PDF-")


@pytest.mark.usefixtures("plain")
def test_text_is_never_read_as_markup(results: Mapping[str, Path]) -> None:
    one = replace(made(results["run"], "en"), title='#panic("x") $a$ *b* \\ @c <d> = e "f"')
    assert pdf_of(one, system_fonts=False).startswith(b"%PDF-")


def test_without_the_library_the_extra_is_named(
    results: Mapping[str, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(InputError, match=r"microsim\[pdf\]"):
        brief(results["run"], tmp_path / "x.pdf")
    assert list(tmp_path.iterdir()) == []
