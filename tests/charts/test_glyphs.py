"""No box in place of a character: all that charts and briefs can say, and the names of all counties."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from matplotlib import font_manager

from microsim.charts import glyphs, style
from tests.population.census.census_table import real_census

ROOT = Path(__file__).resolve().parents[2]
# The characters outside GB2312 in names of counties: 鄠邑区, 埇桥区, 浉河区, 瀍河回族区, 猇亭区, 硚口区.
OUTSIDE_GB2312 = "埇浉瀍猇硚鄠"
# Rare ones within it: of 亳州, 儋州, 郫都, 鄄城, 邛崃, 盱眙, 睢宁, 嵊州, 鄞州, 歙县, 黟县, 枞阳 and others.
RARE = "亳儋郫鄄濮邛崃犍筠珙荥芷湄岷宕盱眙睢邳婺衢嵊鄞歙黟枞砀璧莒郯芮绛隰蠡岢岚磴讷麟洮磐綦涪闽鄱弋"
NO_GLYPH = "𠮷𪚥"
SUFFIXES = (".py", ".po", ".yaml", ".csv", ".typ")


def lacking(text: str) -> str:
    """Characters of a text that would be shown as boxes."""
    return "".join(sorted(c for c in set(text) if c.isprintable() and ord(c) not in glyphs.known()))


def test_characters_of_county_names_are_in_the_bundled_font() -> None:
    font = font_manager.get_font(str(style.FONT_FILE))
    assert [c for c in OUTSIDE_GB2312 + RARE if ord(c) not in font.get_charmap()] == []
    for character in OUTSIDE_GB2312 + RARE:
        font.load_char(ord(character))
        assert len(font.get_path()[0]) > 20, f"{character} has no outline"
    for character in OUTSIDE_GB2312:
        with pytest.raises(UnicodeEncodeError):
            character.encode("gb2312")
    assert lacking(f"鄠邑区{NO_GLYPH}") == NO_GLYPH


@pytest.mark.parametrize("folder", ["microsim", "data", "scenarios"])
def test_all_that_can_be_said_has_glyphs(folder: str) -> None:
    """Tables of words and sentences, the catalog, the law, names of counties that are shipped: every file."""
    files = [path for path in sorted((ROOT / folder).rglob("*")) if path.suffix in SUFFIXES]
    assert files
    found = {path.name: lacking(path.read_text(encoding="utf-8")) for path in files}
    assert {name: letters for name, letters in found.items() if letters} == {}


def test_names_of_all_counties_of_the_census() -> None:
    table = pd.read_csv(
        real_census(), dtype=str, usecols=["province", "city", "county"], encoding="utf-8-sig"
    )
    assert len(table) == 2943
    text = "".join(table.to_numpy().ravel())
    assert lacking(text) == ""
    # Those typed above are all that lie outside GB2312.
    outside = {c for c in set(re.findall(r"[\u3400-\u9fff]", text)) if not c.encode("gb2312", "ignore")}
    assert outside == set(OUTSIDE_GB2312)
