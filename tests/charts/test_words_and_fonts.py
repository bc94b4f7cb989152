"""Every word on a chart exists in both languages, and every glyph in the fonts that come with the project."""

from __future__ import annotations

import importlib.util
import warnings
from pathlib import Path

import matplotlib
import pandas as pd
import pytest
from matplotlib import font_manager

from microsim import charts
from microsim.charts import glyphs as chart_glyphs
from microsim.charts import save, style
from microsim.charts.base import number, wrapped
from microsim.charts.words import LANGUAGES, WORDS, checked, with_unit, word
from microsim.errors import MicrosimError
from tests.charts.examples import DRAWERS, texts


def test_every_word_stands_in_both_languages() -> None:
    for key, labels in WORDS.items():
        assert set(labels) == set(LANGUAGES), key
        assert all(labels.values()), key


def test_charts_speak_the_language_in_force(monkeypatch: pytest.MonkeyPatch) -> None:
    table = pd.DataFrame({"area": ["rural", "urban"], "value": [2e8, 6e7]})
    monkeypatch.setenv("MICROSIM_LANG", "zh")
    assert "农村" in texts(charts.cost_by_area(table))
    assert "Rural" in texts(charts.cost_by_area(table, "en"))
    monkeypatch.delenv("MICROSIM_LANG")
    assert "Rural" in texts(charts.cost_by_area(table))


def test_every_glyph_of_the_words_is_in_the_fonts() -> None:
    written = set("".join(label for labels in WORDS.values() for label in labels.values())) | set(
        "−，。；：（）％"
    )
    assert {c for c in written if ord(c) not in chart_glyphs.known()} == set()


def test_bundled_font_holds_all_of_gb2312() -> None:
    bundled = font_manager.get_font(str(style.FONT_FILE)).get_charmap()
    han = bytes(b for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF) for b in (row, cell))
    characters = han.decode("gb2312", errors="ignore")
    assert len(characters) == 6763
    assert all(ord(c) in bundled for c in characters)


def test_bundled_font_holds_the_names_of_all_counties(root: Path) -> None:
    spec = importlib.util.spec_from_file_location("subset_font", root / "tools" / "subset_font.py")
    assert spec
    assert spec.loader
    subset_font = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(subset_font)
    bundled = font_manager.get_font(str(style.FONT_FILE)).get_charmap()
    assert {"鄠邑区", "埇桥区", "瀍河回族区"} <= set(subset_font.NAMES)
    assert {c for name in subset_font.NAMES for c in name if ord(c) not in bundled} == set()


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("en", "charts have no glyph for 𠮷、𪚥 and show a box"),
        ("zh", "图表字库中没有“𠮷、𪚥”，图中显示为方框"),
    ],
)
def test_characters_without_a_glyph_are_told_once_in_the_charts_language(
    lang: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chart_glyphs, "_reported", set())
    figure = DRAWERS["cost_by_area"](lang)
    figure.axes[0].set_title("鄠邑区 𠮷 𪚥")
    figure.axes[0].set_xticks([0], ["𠮷"])
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        save(figure, tmp_path, "first")
        save(figure, tmp_path, "second")
    assert [warning.category for warning in caught] == [chart_glyphs.GlyphWarning]
    assert told in str(caught[0].message)


def test_bundled_font_comes_with_its_licence_and_recipe() -> None:
    folder = style.FONT_FILE.parent
    assert "Apache License" in (folder / "LICENSE-Apache-2.0.txt").read_text(encoding="utf-8")
    assert "tools/subset_font.py" in (folder / "README.md").read_text(encoding="utf-8")
    assert 700_000 < style.FONT_FILE.stat().st_size < 1_300_000


@pytest.mark.parametrize("name", DRAWERS)
def test_chinese_figures_lack_no_glyph_and_hold_no_english_word(name, tmp_path) -> None:
    figure = DRAWERS[name]("zh")
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # there is a warning of each character that has no glyph
        save(figure, tmp_path, name)
    english = [text for text in texts(figure) if any(c.isascii() and c.isalpha() for c in text)]
    assert english == []


@pytest.mark.parametrize("name", DRAWERS)
def test_english_figures_hold_no_chinese_word(name) -> None:
    assert [text for text in texts(DRAWERS[name]("en")) if any("\u4e00" <= c <= "\u9fff" for c in text)] == []


def test_labels_come_from_the_law_first_then_the_vocabulary() -> None:
    labels = {"dibao": {"en": "Dibao of 2021", "zh": "2021年低保"}}
    assert word("dibao", "en", labels) == "Dibao of 2021"
    assert word("dibao", "zh") == "最低生活保障"
    assert word("local_bonus", "zh", labels) == "local_bonus"


def test_axis_labels_carry_units_in_each_language() -> None:
    assert with_unit("cost", "ten thousand yuan/year", "zh") == "支出（万元/年）"
    assert with_unit("own_earnings", "yuan/year", "en") == "Own earnings (yuan/year)"


def test_an_unknown_language_is_refused_with_the_known_ones() -> None:
    with pytest.raises(MicrosimError, match=r"charts have no language 'fr'; the languages are en, zh"):
        checked("fr")
    with pytest.raises(MicrosimError, match=r"did you mean 'zh'"):
        checked("zhh")


def test_numbers_have_separators_and_a_true_minus() -> None:
    assert number(-12_345.6, 1) == "−12,345.6"
    assert number(-0.001, 1) == "0.0"


def test_notes_wrap_by_the_width_of_their_characters() -> None:
    assert wrapped("one two three", 8) == ["one two", "three"]
    assert wrapped("财政收入为假设。其余", 14) == ["财政收入为假设。", "其余"]
    assert wrapped("", 10) == []


def test_drawing_leaves_the_users_settings_alone(tmp_path) -> None:
    before = dict(matplotlib.rcParams)
    save(DRAWERS["cost_by_area"]("zh"), tmp_path, "figure")
    assert dict(matplotlib.rcParams) == before
