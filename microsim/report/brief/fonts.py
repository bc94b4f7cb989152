"""Fonts of a brief as PDF: those that offices have, by the names that they have on different systems."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

NO_GLYPH = "could not be displayed with font"  # in typst's error: PDF/UA allows no character without a glyph
_LATIN = ("Times New Roman", "Liberation Serif", "Libertinus Serif")
_SERIF = ("Noto Serif CJK SC", "Source Han Serif SC", "WenQuanYi Micro Hei")
_SANS = ("Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Micro Hei")
# 仿宋, 黑体, 楷体, 小标宋, then what other systems have; the last of each comes with microsim.
_ASIAN = {
    "text": ("FangSong", "FangSong_GB2312", "STFangsong", *_SERIF),
    "heading": ("SimHei", "STHeiti", *_SANS),
    "subheading": ("KaiTi", "KaiTi_GB2312", "STKaiti", *_SERIF),
    "title": ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "STZhongsong", *_SERIF),
}


def chosen(families: Iterable[str], lang: str) -> dict[str, list[Any]]:
    """Part of a brief -> the fonts for it that are among ``families``, the best first."""
    here = set(families)
    latin: list[Any] = [name for name in _LATIN if name in here]
    if lang == "zh":
        # Quotation marks and dashes are as wide as the Chinese letters beside them.
        latin = [{"name": name, "covers": "latin-in-cjk"} for name in latin]
    return {part: [*latin, *(name for name in names if name in here)] for part, names in _ASIAN.items()}
