"""What a notebook shows of an object: what it is, its answer, key figures with units, how to go on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any

import numpy as np
import pandas as pd
import pytest

import microsim as ms
from microsim.card import COLUMNS_SHOWN, FIGURES_SHOWN, ROWS_SHOWN, Kind, amount, card, key_figures, kinds
from microsim.language import LANGUAGES, Lang, speak
from microsim.outcome import Outcome
from tests.face.same_face import Text

GIVEN = ("Policy", "Population", "County", "Scenario")
EVIL = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    yield
    speak(None)


class Ledger(Outcome):
    """A ledger by hand, under the name of the real one."""

    table = pd.DataFrame({"payer": ["county", "centre"], "cost": [1.5e6, 3e6]})
    summary: Mapping[str, Mapping[str, Any]] = {
        "money.year": {"value": 2020, "unit": "year"},
        "paid.county": {"value": 1.5e6, "unit": "yuan/year"},
        "cost.total": {"value": 4.5e6, "unit": "yuan/year"},
        "ratio.county_to_revenue": {"value": 0.0655, "unit": "1", "at_least": True},
    }
    headline = "expenditure 4,500,000 yuan/year; paid by the county 1,500,000 yuan/year; money of 2020"


def said(one: Any, lang: Lang) -> str:
    speak(lang)
    return " ".join(Text(one._repr_html_()).said)


def test_it_says_what_it_is_its_answer_and_key_figures_with_units() -> None:
    text = said(Ledger(), "en")
    assert "Ledger : who pays for assistance" in text
    assert Ledger.headline in text
    assert "expenditure · total 4.5 million yuan/year cost.total" in text
    assert "paid by · county 1.5 million yuan/year paid.county" in text
    assert "≥ 6.55 %" in text
    assert "money.year" not in text  # what it is about comes first


def test_it_says_how_to_go_on() -> None:
    text = said(Ledger(), "en")
    assert ".marginal who pays one more yuan" in text
    assert ".table all figures as a DataFrame" in text


def test_in_chinese_it_says_the_same() -> None:
    text = said(Ledger(), "zh")
    assert "Ledger ：救助资金由谁负担" in text
    assert "支出4,500,000元/年；县级负担1,500,000元/年；2020年收入水平" in text
    assert "支出 · 合计 450万元/年 cost.total" in text
    assert ".marginal 新增1元由谁负担" in text
    assert not re.search(r"yuan|expenditure|paid by|Going on", text)


def test_units_in_headlines_are_in_chinese() -> None:
    speak("zh")
    from microsim.language import spoken

    for english, chinese in (
        ("dibao recipients 62,297 persons", "低保保障人数62,297人"),
        (
            "20,000 households; dibao_benefit 5 yuan/year, more outputs: 1",
            "20,000户；dibao_benefit 5元/年、另有1项输出",
        ),
        ("expenditure 9 yuan/year [8 to 10]", "支出9元/年[8至10]"),
        ("158 figures", "158个数字"),
        (
            "14 scenarios of dibao.line.rural; money of 2020; kept in results/x",
            "14个方案：dibao.line.rural；2020年收入水平；存于results/x",
        ),
        ("my path 5 yuan/year", "my path 5元/年"),
    ):
        assert spoken(english) == chinese


def test_text_of_users_is_shown_and_never_run() -> None:
    rows = [{EVIL: EVIL}]
    html = card(EVIL, EVIL, rows, {EVIL: {"value": EVIL, "unit": EVIL}}, {EVIL: {"en": EVIL}}, result=True)
    assert "<script" not in html
    assert unescape(html).count(EVIL) >= 6


def test_it_asks_for_nothing_and_takes_the_colours_of_the_notebook() -> None:
    html = Ledger()._repr_html_()
    assert not re.search(r"https?:|<script|<style|<link|<img|url\(|@import", html)
    # A colour of its own would vanish in the light theme or in the dark one; grey lines are seen in both.
    assert set(re.findall(r"(?:color|background):([^;\"]+)", html)) == {"none", "inherit"}


def test_its_size_is_limited() -> None:
    wide = pd.DataFrame({f"{'column' * 40}{k}": ["x" * 5000] * 50 for k in range(30)})
    figures = {f"{'figure' * 900}{k}": {"value": float(k), "unit": "1"} for k in range(300)}
    html = card("Ledger", "word " * 9000, wide, figures)
    assert len(html) < 60_000
    text = " ".join(Text(html).said)
    assert "50 rows, 30 columns" in text
    assert html.count("<th>") == COLUMNS_SHOWN
    assert html.count("xxx…") == COLUMNS_SHOWN * ROWS_SHOWN
    assert len(key_figures(kinds()["Ledger"], figures)) == FIGURES_SHOWN


@pytest.mark.parametrize(
    ("value", "unit", "share", "english", "chinese"),
    [
        (304858421.0, "yuan/year", "", "304.9 million yuan/year", "3.049亿元/年"),
        (-5.2e9, "yuan", "", "-5.2 billion yuan", "-52亿元"),
        (4560.0, "yuan/year", "", "4,560 yuan/year", "4,560元/年"),
        (12.5, "persons", "", "12.5 persons", "12.5人"),
        (0.1868, "1", "share", "18.7 %", "18.7%"),
        (-0.002, "1", "change", "-0.2 percentage points", "-0.2个百分点"),
        (0.3344, "1", "", "0.3344", "0.3344"),
        (2020, "year", "", "2020", "2020"),
        (np.nan, "1", "", "nan", "nan"),
        (True, "yes/no", "", "True", "True"),
    ],
)
def test_amounts(value: Any, unit: str, share: Any, english: str, chinese: str) -> None:
    assert (amount(value, unit, "en", share), amount(value, unit, "zh", share)) == (english, chinese)


def test_key_figures_are_those_of_the_last_year_and_a_star_is_one_part() -> None:
    kind = Kind({}, ("*.cost.total",), True, ())
    names = ["2021.cost.total", "2022.cost.total", "low.2022.cost.total", "2022.cost.dibao"]
    assert key_figures(kind, names) == ["2022.cost.total"]
    assert key_figures(Kind({}, ("*.cost.total",), False, ()), names) == [
        "2021.cost.total",
        "2022.cost.total",
    ]
    assert key_figures(Kind({}, ("nothing",), False, ()), names) == names  # rather any than none


def results() -> dict[str, type[Outcome]]:
    """Every kind of result of the package."""
    import importlib
    import pkgutil

    for module in pkgutil.walk_packages(ms.__path__, "microsim."):
        if re.search(r"\.studies\..*(?<!__main__)$|\.sweeps\.run$|\.simulation\.walks$", module.name):
            importlib.import_module(module.name)
    found = {one.__name__: one for one in Outcome.__subclasses__() if one.__module__.startswith("microsim.")}
    assert len(found) > 25
    return found


def test_every_kind_of_result_is_described_in_both_languages() -> None:
    known = kinds()
    assert set(known) == {*results(), *GIVEN}
    for name, kind in known.items():
        for lang in LANGUAGES:
            assert kind.what[lang], name
            assert all(step[lang] for step in kind.steps), name


def test_what_is_said_to_go_on_with_is_there() -> None:
    given = {name: getattr(ms, name) for name in GIVEN}
    for name, one in {**results(), **given}.items():
        own = {*dir(one), *(each for base in one.__mro__ for each in getattr(base, "__annotations__", ()))}
        for step in kinds()[name].steps:
            code = step["code"]
            if code.startswith("."):
                assert re.match(r"\.(\w+)", code)[1] in own, (name, code)  # type: ignore[index]
            elif code.startswith("microsim."):
                assert re.match(r"microsim\.(\w+)", code)[1] in ms.__all__, (name, code)  # type: ignore[index]
            else:
                assert code.startswith("["), (name, code)
                assert hasattr(one, "__getitem__"), (name, code)
