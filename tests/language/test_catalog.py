"""The catalog of messages: complete, without leftovers, and each message is recognised as itself."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from microsim.chinese import CATALOG, chinese, entries, parts_of
from microsim.errors import InputError, Offence
from microsim.language import known, language, speak, spoken

ROOT = Path(__file__).resolve().parents[2]
PAIRS = dict(entries(CATALOG.read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def source() -> ModuleType:
    """The tool that gathers messages from the source."""
    spec = importlib.util.spec_from_file_location("messages", ROOT / "tools" / "messages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_message_of_the_source_has_its_chinese_and_no_other_has(source: ModuleType) -> None:
    assert set(source.messages()) == set(PAIRS), "run: python tools/messages.py"
    assert [english for english, own in PAIRS.items() if not own] == []


def test_the_catalog_is_in_its_form(source: ModuleType) -> None:
    assert CATALOG.read_text(encoding="utf-8") == source.written(PAIRS, source.messages())


def test_the_chinese_has_the_same_holes() -> None:
    differ = {
        english: own for english, own in PAIRS.items() if set(parts_of(english)[1]) != set(parts_of(own)[1])
    }
    assert differ == {}


def test_a_message_is_recognised_whatever_stands_in_its_holes() -> None:
    taken_for_another = {}
    for english, own in PAIRS.items():
        words, holes = parts_of(english)
        values = {hole: f"x{k}" for k, hole in enumerate(dict.fromkeys(holes))}
        text = english.format(**values)
        if holes and not any(re.search("[a-z]{3}", word) for word in words):
            continue  # nothing but holes and signs: it is known where it is put together
        if chinese(text) != own.format(**values):
            taken_for_another[text] = chinese(text)
    assert taken_for_another == {}


def test_a_message_inside_another_is_translated_too() -> None:
    assert chinese("'area' cannot be 3") == "“area”不能为3"
    assert chinese("no such output 'cots'; did you mean 'cost'?") == "没有“cots”这项输出；是否应为“cost”？"


@pytest.fixture
def in_chinese() -> Iterator[None]:
    speak("zh")
    yield
    speak(None)


def test_errors_are_shown_in_the_language_in_force(in_chinese: None) -> None:
    error = InputError([Offence("no such file", "a.yaml:3:1", "did you mean 'b'?"), Offence("is empty", "x")])
    assert str(error).splitlines() == ["2处问题", "  a.yaml:3:1: 没有这个文件；是否应为“b”？", "  x: 为空"]


def test_the_environment_decides_where_nothing_else_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MICROSIM_LANG", raising=False)
    assert language() == "en"
    assert spoken("no such file") == "no such file"
    monkeypatch.setenv("MICROSIM_LANG", "zh_CN.UTF-8")
    assert language() == "zh"
    assert language("en") == "en"
    monkeypatch.setenv("MICROSIM_LANG", "fr")
    with pytest.raises(ValueError, match="MICROSIM_LANG is 'fr'"):
        language()
    assert known("ZH") == "zh"
