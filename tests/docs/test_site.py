"""The pages as a site: each is in its contents, each link leads somewhere, each public name is described."""

from __future__ import annotations

import importlib.util
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import microsim

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
WRITTEN_BY_CHECKS = DOCS / "check-all.md"


def part(name: str) -> ModuleType:
    """A part of the site's configuration."""
    spec = importlib.util.spec_from_file_location(f"site_{name}", DOCS / "site" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def pages() -> list[Path]:
    """Every page that a reader may come to."""
    return [
        *sorted(ROOT.glob("*.md")),
        *(path for path in sorted(DOCS.rglob("*.md")) if path != WRITTEN_BY_CHECKS),
        *sorted((ROOT / "notebooks").glob("*.ipynb")),
        ROOT / "benchmarks" / "README.md",
    ]


def text_of(path: Path) -> str:
    """The prose of a page: code is left out, which may hold what looks like a link or a heading."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        cells = json.loads(text)["cells"]
        text = "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    text = re.sub(r"^ *(```+|~~~+).*?^ *\1", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)


def anchors(path: Path) -> set[str]:
    """Anchors of the headings of a page, as forges and the site make them."""
    found: Counter[str] = Counter()
    names = set()
    for heading in re.findall(r"^#{1,4} +(.+?)\s*#*$", text_of(path), re.MULTILINE):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        name = re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
        names.add(f"{name}-{found[name]}" if found[name] else name)
        found[name] += 1
    return names


def wrong_links(path: Path) -> Iterator[str]:
    """Links of a page within the repository that lead nowhere."""
    prose = re.sub(r"`[^`\n]*`", "", text_of(path))
    for target in re.findall(r"\]\(([^)\s]+)\)", prose):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        there = (path.parent / name).resolve() if name else path
        if not there.exists():
            yield f"{path.relative_to(ROOT)}: {target}: there is no such file"
        elif anchor and anchor not in anchors(there):
            yield f"{path.relative_to(ROOT)}: {target}: there is no such heading"


def listed(page: Path) -> list[Path]:
    """Pages below a page in the contents, one level after the other."""
    found = []
    for _, entries in part("contents").sections(page.read_text(encoding="utf-8")):
        for _, name in entries:
            below = (page.parent / name).resolve()
            below = next(
                p for p in (below.with_name(f"{below.name}.{s}") for s in ("md", "ipynb")) if p.exists()
            )
            found.append(below)
            if below.relative_to(ROOT).with_suffix("").as_posix() in part("contents").LISTS:
                found += listed(below)
    return found


def test_every_page_is_in_the_contents_once() -> None:
    first = DOCS / "index.md"
    found = Counter(listed(first))
    missing = [str(path.relative_to(ROOT)) for path in pages() if path not in found and path != first]
    assert missing == [], "list them in docs/index.md, docs/index.zh-CN.md or the README of their folder"
    assert {str(path.relative_to(ROOT)) for path, times in found.items() if times > 1} == set()


def test_every_link_leads_somewhere() -> None:
    assert [line for path in pages() for line in wrong_links(path)] == []


def test_a_link_that_leads_nowhere_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{__name__}.ROOT", tmp_path)
    page = tmp_path / "page.md"
    page.write_text("# A page 页\n\n[a](#a-page-页) [b](#b) [c](c.md) `[d](d.md)`\n\n```\n[e](e.md)\n```\n")
    assert [line.split(": ")[1] for line in wrong_links(page)] == ["#b", "c.md"]


def test_every_public_name_is_described_once() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted((DOCS / "api").glob("*.md")))
    described = re.findall(r"^\.\. auto\w+:: microsim\.(\w+)$", text, re.MULTILINE)
    assert sorted(described) == sorted(microsim.__all__)


def test_pages_in_two_languages_name_each_other() -> None:
    for chinese in sorted(DOCS.rglob("*.zh-CN.md")):
        english = chinese.with_name(chinese.name.replace(".zh-CN", ""))
        if english.exists():
            assert f"]({english.name})" in chinese.read_text(encoding="utf-8"), chinese
            assert f"]({chinese.name})" in english.read_text(encoding="utf-8"), english


def test_chinese_is_found_within_longer_words() -> None:
    words = part("two_languages").words
    assert words("农村低保标准, in yuan_a_year") == [
        "农村",
        "村低",
        "低保",
        "保标",
        "标准",
        "in",
        "yuan_a_year",
    ]
    assert set(words("低保")) <= set(words("农村低保标准"))
    assert words("元") == ["元"]
