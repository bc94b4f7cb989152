"""Briefs as office programs, browsers and PDF readers show them: no box, no overflow, no lonely heading."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from microsim.report.brief.build import brief_of
from microsim.report.brief.drawing import heading
from microsim.report.brief.folder import read_folder
from microsim.report.brief.model import Brief, Section, Table, Text
from microsim.report.brief.writing import brief
from tests.browser import program

KINDS = ("run", "compare", "cliffs", "ledger", "unification", "solve", "sweep", "nation")
LANGUAGES = ("zh", "en")
MOST_PAGES = 9
_TOOLS = ("pdftotext", "pdffonts", "pdfinfo")
pytestmark = [pytest.mark.long, pytest.mark.skipif(not all(map(shutil.which, _TOOLS)), reason="no poppler")]
office = pytest.mark.skipif(not shutil.which("soffice"), reason="no LibreOffice (soffice)")
browser = pytest.mark.skipif(not program(), reason="no Chromium")


@pytest.fixture(scope="module")
def written(results: Mapping[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Briefs of every kind in both languages and all formats that are opened."""
    folder = tmp_path_factory.mktemp("opened")
    for kind in KINDS:
        for lang in LANGUAGES:
            for form in ("docx", "html", "pdf"):
                brief(results[kind], folder / f"{kind}.{lang}.{form}", lang=lang)
    return folder


def out_of(*command: str | Path) -> str:
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, check=True).stdout


def squeezed(text: str) -> str:
    """Without blanks and breaks, which each program puts elsewhere."""
    return re.sub(r"\s+", "", text)


def headings(sections: tuple[Section, ...], lang: str, depth: int = 1) -> Iterator[str]:
    for n, section in enumerate(sections, start=1):
        yield heading(n, depth, section.heading, lang)
        yield from headings(section.sections, lang, depth + 1)


def texts(one: Brief) -> Iterator[str]:
    """Everything that is written and not drawn; hashes may be broken anywhere."""
    yield from (one.title, one.question, *(text.text for text in one.answer))
    yield from headings(one.sections, one.lang)
    for part in [part for section in one.sections for part in section.parts]:
        if isinstance(part, Text) and not part.exact:
            yield part.text
        elif isinstance(part, Table):
            yield part.caption


def tables(one: Brief) -> list[Table]:
    return [part for section in one.sections for part in section.parts if isinstance(part, Table)]


def check(path: Path, one: Brief) -> None:
    """What holds of every document: A4, fonts inside, every text in it, no heading at the foot of a page."""
    about = out_of("pdfinfo", path)
    width, height = map(float, re.findall(r"Page size:\s+([\d.]+) x ([\d.]+)", about)[0])
    assert (round(width), round(height)) == (595, 842)
    assert int(re.findall(r"Pages:\s+(\d+)", about)[0]) <= MOST_PAGES
    fonts = out_of("pdffonts", path).splitlines()[2:]
    assert fonts
    assert all(re.search(r"\syes\s+(yes|no)\s+(yes|no)\s+\d+\s+\d+$", line) for line in fonts), fonts
    text = out_of("pdftotext", "-layout", path, "-")
    whole = squeezed(re.sub(r"^\s*— *\d+ *—\s*$", "", text, flags=re.MULTILINE).replace("\f", ""))
    assert "\ufffd" not in text
    missing = [said for said in texts(one) if squeezed(said) not in whole]
    assert missing == []
    cells = Counter(re.findall(r"[^\s（）()，；。]+", text))
    numbers = [row[k] for table in tables(one) for row in table.rows for k in table.numeric]
    assert Counter(cell for cell in numbers if " " not in cell) - cells == Counter()
    own = {squeezed(said) for said in headings(one.sections, one.lang)}
    for page in text.split("\f"):
        lines = [squeezed(line) for line in page.splitlines() if line.strip()]
        lines = [line for line in lines if not re.fullmatch(r"—\d+—", line)]
        assert not lines or lines[-1] not in own, lines[-1]


def each(results: Mapping[str, Path]) -> Iterator[tuple[str, Brief]]:
    for kind in KINDS:
        folder = read_folder(results[kind])
        for lang in LANGUAGES:
            yield f"{kind}.{lang}", brief_of([folder], lang)


def test_as_pdf(results: Mapping[str, Path], written: Path) -> None:
    for name, one in each(results):
        check(written / f"{name}.pdf", one)


@office
def test_in_an_office_program(results: Mapping[str, Path], written: Path, tmp_path: Path) -> None:
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    documents = sorted(written.glob("*.docx"))
    out_of("soffice", home, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, *documents)
    for name, one in each(results):
        check(tmp_path / f"{name}.pdf", one)


@browser
def test_in_a_browser(results: Mapping[str, Path], written: Path, tmp_path: Path) -> None:
    """Printed, and in a narrow window, where nothing may be wider than it."""
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    script = f"<script>document.body.dataset.wide = String({wide})</script></body>"
    options = ("--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'home'}")
    for name, one in each(results):
        page, pdf = written / f"{name}.html", tmp_path / f"{name}.pdf"
        out_of(program(), *options, "--no-pdf-header-footer", f"--print-to-pdf={pdf}", page.as_uri())
        check(pdf, one)
        measured = tmp_path / f"{name}.html"
        measured.write_text(page.read_text(encoding="utf-8").replace("</body>", script), encoding="utf-8")
        shown = out_of(program(), *options, "--window-size=700,900", "--dump-dom", measured.as_uri())
        assert 'data-wide="false"' in shown, name
