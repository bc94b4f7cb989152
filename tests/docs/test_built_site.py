"""The site as it is built: nothing from outside, formulas, results of a search in both languages."""

from __future__ import annotations

import functools
import http.server
import re
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.browser import program

ROOT = Path(__file__).resolve().parents[2]
OUTSIDE = re.compile(
    r"<(?:script|link|img|iframe|source)\b[^>]*\b(?:src|href)=\"(?:https?:)?//|@import|url\(['\"]?http"
)

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, with every warning an error."""
    from sphinx.cmd.build import main

    folder = tmp_path_factory.mktemp("site")
    options = ["-q", "-E", "-n", "-W", "-c", str(ROOT / "docs" / "site"), "-d", str(folder / "trees")]
    assert main([*options, str(ROOT), str(folder / "html")]) == 0
    return folder / "html"


@pytest.fixture
def address(site: Path) -> Iterator[str]:
    """Where the site is served, since browsers read no index of a search from files."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=str(site))
    ) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_nothing_is_asked_for_outside(site: Path) -> None:
    pages = [path for path in sorted(site.rglob("*")) if path.suffix in (".html", ".css")]
    assert [path.name for path in pages if OUTSIDE.search(path.read_text(encoding="utf-8"))] == []
    assert (site / "docs" / "index.html").is_file()


def test_links_that_lead_outside_are_listed(site: Path) -> None:
    lines = (site / "outside-links.txt").read_text(encoding="utf-8").splitlines()
    pages = dict(line.split("  ") for line in lines)
    assert "docs/comparison.html" in pages["https://github.com/PolicyEngine"]


def test_formulas_and_languages(site: Path) -> None:
    assert "<math " in (site / "docs" / "methods.html").read_text(encoding="utf-8")
    for page, language in (("ledger", "en"), ("ledger.zh-CN", "zh-CN")):
        text = (site / "docs" / f"{page}.html").read_text(encoding="utf-8")
        assert f'lang="{language}"' in text.split("\n", 3)[1]


@pytest.mark.skipif(not program(), reason="no Chromium on PATH")
@pytest.mark.parametrize(
    ("query", "page"),
    [("悬崖", "walkthrough.zh-CN"), ("社会救助法", "law/2026.zh-CN"), ("rationing", "architecture")],
)
def test_a_search_finds_the_page(address: str, query: str, page: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [
            program(),
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            f"--user-data-dir={tmp_path}",
            "--virtual-time-budget=20000",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            "--dump-dom",
            f"{address}/search.html?q={quote(query)}",
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    results = done.stdout.split('id="search-results"')[1]
    assert f"docs/{page}.html" in results
