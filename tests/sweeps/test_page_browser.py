"""The page of a sweep in a browser: chosen by keys and clicks, shown and compared, in both languages."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

import microsim as ms
from microsim.report.brief.numbers import said
from microsim.report.page.content import DIGITS
from microsim.report.page.html import asset
from microsim.sweeps import work
from tests.browser import browser
from tests.scenario.small_county import write

if TYPE_CHECKING:
    from selenium.webdriver import Chrome
    from selenium.webdriver.remote.webelement import WebElement

pytestmark = pytest.mark.long
RURAL, URBAN = "dibao.line.rural", "dibao.line.urban"
GRID = {"axes": {RURAL: [4000, 4400, 4800], "dibao.payment.rural": ["gap", "banded"]}}
NAMES = {"en": ("Expenditure", "Total"), "zh": ("支出", "合计")}


@pytest.fixture(scope="module")
def chrome() -> Iterator[Chrome]:
    with browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("page"))


@pytest.fixture(scope="module")
def done(scenario: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    return ms.sweep({"scenario": scenario, **GRID}, tmp_path_factory.mktemp("grid") / "out")


def open_page(chrome: Chrome, done: Any, lang: str) -> None:
    chrome.get(ms.sweep_page(done, lang=lang).resolve().as_uri())


def one(chrome: Chrome, selector: str) -> WebElement:
    return chrome.find_element("css selector", selector)


def all_of(chrome: Chrome, selector: str) -> list[WebElement]:
    return chrome.find_elements("css selector", selector)


def totals(table: pd.DataFrame) -> pd.Series[float]:
    rows = table[(table["measure"] == "cost") & (table["subject"] == "total") & (table["group"] == "")]
    return rows.set_index("scenario")["value"]


def exact(element: WebElement) -> float:
    """The number under the pointer."""
    return float(str(element.get_attribute("title")).split()[0])


def shown_total(chrome: Chrome) -> WebElement:
    return one(chrome, ".card strong span")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_slider_moved_by_keys_shows_the_figures_of_the_computed_point(
    chrome: Chrome, done: Any, lang: str
) -> None:
    from selenium.webdriver.common.keys import Keys

    open_page(chrome, done, lang)
    known = totals(done.table)
    slider = one(chrome, "input[type=range]")
    words = " · ".join(NAMES[lang])
    assert one(chrome, ".card .name").text == words
    slider.send_keys(Keys.HOME)
    for step, point in enumerate((0, 2, 4)):
        assert exact(shown_total(chrome)) == known[point]
        unit = "/year" if lang == "en" else "/年"
        assert shown_total(chrome).text == f"{said(known[point], 'yuan/year', lang, DIGITS)}{unit}"
        line = (
            f"{(4000, 4400, 4800)[step]:,} yuan/year"
            if lang == "en"
            else f"{(4000, 4400, 4800)[step]:,}元/年"
        )
        assert one(chrome, ".control output").text == line
        assert slider.get_attribute("aria-valuetext") == line
        slider.send_keys(Keys.RIGHT)
    # The list of forms of payment, and the buttons beside the slider.
    form = one(chrome, ".control select")
    form.send_keys(Keys.DOWN)
    assert exact(shown_total(chrome)) == known[5]
    all_of(chrome, ".slide button")[0].click()
    assert exact(shown_total(chrome)) == known[3]
    assert chrome.get_log("browser") == []


def test_two_settings_side_by_side_with_the_base(chrome: Chrome, done: Any) -> None:
    from selenium.webdriver.common.keys import Keys

    open_page(chrome, done, "en")
    known = totals(done.table)
    slider = one(chrome, "input[type=range]")
    slider.send_keys(Keys.HOME)
    assert not one(chrome, "#kept").is_displayed()
    one(chrome, "#keep").click()
    slider.send_keys(Keys.END)
    assert "4,000 yuan/year" in one(chrome, "#kept").text
    row = next(row for row in all_of(chrome, "#figures tbody tr") if row.text.startswith("Total "))
    base, this, change, kept, from_kept = row.find_elements("css selector", "td span")
    assert (exact(this), exact(kept)) == (known[4], known[0])
    assert exact(from_kept) == known[4] - known[0]
    assert exact(change) == known[4] - exact(base)
    assert from_kept.text.startswith("+")
    one(chrome, "#drop").click()
    assert not one(chrome, "#kept").is_displayed()
    assert len(all_of(chrome, "#figures thead th")) == 4


def test_the_chart_has_the_computed_points_alone_and_a_click_chooses_one(chrome: Chrome, done: Any) -> None:
    open_page(chrome, done, "en")
    known = totals(done.table)
    dots = all_of(chrome, "#chart circle")
    assert len(dots) == 3
    assert not all_of(chrome, "#chart path, #chart polyline")
    dot = next(
        dot
        for dot in dots
        if "4,800" in dot.find_element("css selector", "title").get_attribute("textContent")
    )
    chrome.execute_script("arguments[0].dispatchEvent(new MouseEvent('click'))", dot)
    assert exact(shown_total(chrome)) == known[4]
    heights = [float(str(dot.get_attribute("cy"))) for dot in all_of(chrome, "#chart circle")]
    assert heights[:2] == sorted(heights[:2], reverse=True)  # a higher line costs more
    assert heights[2] < heights[1]  # the chosen one is drawn last, above the others


def test_the_table_of_points_sorts_and_chooses(chrome: Chrome, done: Any) -> None:
    open_page(chrome, done, "zh")
    known = totals(done.table)
    head = next(head for head in all_of(chrome, "#points thead button") if head.text.startswith("支出"))
    head.click()
    numbers = [int(button.text) for button in all_of(chrome, "#points .pick")]
    assert numbers == known.sort_values(kind="stable").index.tolist()
    all_of(chrome, "#points .pick")[0].click()
    assert exact(shown_total(chrome)) == known.min()


def test_drawn_points_are_said_to_be_the_nearest(chrome: Chrome, scenario: Path, tmp_path: Path) -> None:
    from selenium.webdriver.common.keys import Keys

    axes = {RURAL: {"from": 4000, "to": 5000}, URBAN: {"from": 7000, "to": 7400}}
    drawn = ms.sweep(
        {"scenario": scenario, "axes": axes, "design": {"sobol": 8, "seed": 1}}, tmp_path / "out"
    )
    open_page(chrome, drawn, "en")
    for slider in all_of(chrome, "input[type=range]"):
        slider.send_keys(Keys.HOME)
    points = np.array(drawn.grid.points, dtype=float)
    low = points.min(axis=0)
    near = int(np.argmin((((points - low) / np.ptp(points, axis=0)) ** 2).sum(axis=1)))
    assert exact(shown_total(chrome)) == totals(drawn.table)[near]
    assert f"Point {near}:" in one(chrome, "#setting").text
    assert "nearest computed:" in one(chrome, "#controls").text
    assert "Sobol sequence" in one(chrome, "#choose").text


@pytest.mark.usefixtures("small_parts")
def test_a_failed_point_shows_its_reason_and_no_number(
    chrome: Chrome, scenario: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from selenium.webdriver.common.keys import Keys

    from microsim.errors import DataError, Offence

    rows = work.SweepWork.rows

    def failing(self: work.SweepWork, number: int, threads: int | None) -> object:
        if number == 1:
            raise DataError(Offence("no such column 'age'", "persons", "add it"))
        return rows(self, number, threads)

    with monkeypatch.context() as patch:
        patch.setattr(work.SweepWork, "rows", failing)
        lines = {"from": 4000, "to": 4800, "steps": 5}
        failed = ms.sweep({"scenario": scenario, "axes": {RURAL: lines}}, tmp_path / "out")
    open_page(chrome, failed, "en")
    one(chrome, "input[type=range]").send_keys(Keys.END)
    assert "no such column 'age'" in one(chrome, "#setting").text
    assert shown_total(chrome).text == "not computed"
    assert len(all_of(chrome, "#chart circle")) == 4
    assert len(all_of(chrome, "#chart text.missing")) == 1


def test_nothing_is_asked_for_and_nothing_overflows(chrome: Chrome, done: Any) -> None:
    for lang in ("en", "zh"):
        open_page(chrome, done, lang)
        asked = chrome.execute_script(
            "return performance.getEntriesByType('resource').map((one) => one.name)"
        )
        assert asked == []
        for width in (1280, 400):
            size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width == 400}
            chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
            wide = chrome.execute_script("return document.documentElement.scrollWidth")
            assert wide == width, lang
        chrome.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        # The policy of the page refuses what somebody adds to it.
        chrome.execute_script(
            "const added = document.createElement('script');"
            "added.textContent = 'window.added = 1'; document.body.append(added)"
        )
        assert chrome.execute_script("return window.added") is None
    assert any("Content Security Policy" in line["message"] for line in chrome.get_log("browser"))


def test_ten_thousand_points_are_a_usable_page(chrome: Chrome, scenario: Path, tmp_path: Path) -> None:
    from selenium.webdriver.common.keys import Keys

    axes = {RURAL: {"from": 4000, "to": 5000, "steps": 100}, URBAN: {"from": 7000, "to": 7990, "steps": 100}}
    many = ms.sweep({"scenario": scenario, "axes": axes, "unusual": ["dibao.line"]}, tmp_path / "out")
    page = ms.sweep_page(many)
    assert page.stat().st_size < 20e6
    begin = time.monotonic()
    open_page(chrome, many, "en")
    assert time.monotonic() - begin < 20
    slider = one(chrome, "input[type=range]")
    begin = time.monotonic()
    for _ in range(10):
        slider.send_keys(Keys.RIGHT)
    assert (time.monotonic() - begin) / 10 < 0.5
    assert exact(shown_total(chrome)) == totals(many.table)[1000]


def test_the_script_rounds_as_briefs_do(chrome: Chrome) -> None:
    random = np.random.default_rng(1)
    sizes = 10.0 ** random.uniform(-6, 10, 400) * random.choice([-1.0, 1.0], 400)
    values = [0.0, 1.0, 9.9996, 99996.0, 9999.6, 99_999_999.0, *map(float, sizes)]
    chrome.get("about:blank")
    chrome.execute_script(f"{asset('figures.js')}; window.figures = figures")
    from microsim.report.brief.numbers import steps_of

    for unit in ("yuan/year", "persons", "households", "1", "index"):
        for lang in ("en", "zh"):
            steps, decimals, one = steps_of(unit, lang)
            scale = {"steps": steps or [[0, 1, ""]], "decimals": decimals, "one": one}
            ours = chrome.execute_script(
                "return arguments[0].map((value) => figures.said(value, arguments[1], 4))", values, scale
            )
            theirs = [said(value, unit, lang, 4) for value in values]
            pairs = zip(values, ours, theirs, strict=True)
            # A number exactly between two may go either way: of whole persons there are such.
            assert [value for value, one, two in pairs if one != two and round(value) % 10 != 5] == []


def test_the_script_finds_columns_ticks_and_changes(chrome: Chrome) -> None:
    import base64

    chrome.get("about:blank")
    chrome.execute_script(f"{asset('figures.js')}; window.figures = figures")
    numbers = [0.1, -3e9, 1 / 3, 5e-324]
    stored = base64.b64encode(np.array(numbers, dtype="<f8").tobytes()).decode()
    assert chrome.execute_script("return Array.from(figures.decode(arguments[0]))", stored) == numbers
    assert chrome.execute_script("return [figures.decode(2.5), isNaN(figures.decode(null))]") == [2.5, True]
    for low, high in ((0, 1), (3.1, 7.9), (-20, 180), (4.0, 4.001)):
        found = chrome.execute_script("return figures.ticks(arguments[0], arguments[1], 4)", low, high)
        at = found["at"]
        assert 2 <= len(at) <= 6
        assert all(low - 1e-9 <= tick <= high + 1e-9 for tick in at)
        assert [round(tick, found["decimals"]) for tick in at] == pytest.approx(at, abs=1e-12)
    words = {"no_change": "none", "percentage": " points", "brackets": " ({text})"}
    scale = {"steps": [[0, 1, " yuan"]], "decimals": 6, "one": ""}
    call = "return figures.changed(...arguments)"
    assert chrome.execute_script(call, 110.0, 100.0, scale, 4, words, False) == "+10.00 yuan (+10.0%)"
    assert chrome.execute_script(call, 0.05, 0.07, scale, 4, words, True) == "−2.00 points"
    assert chrome.execute_script(call, 5.0, 0.0, scale, 4, words, False) == "+5.000 yuan"
    assert chrome.execute_script(call, 5.0, 5.0, scale, 4, words, False) == "none"
