"""The page in headless Chromium, by clicks, in both languages."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import docx
import pytest

import microsim as ms
from microsim.explore.session import Session
from microsim.population import load_families
from microsim.scenario import load_scenario
from tests.explore.served import Served, served
from tests.explore.tab import Tab
from tests.explore.tab import tab as opened
from tests.scenario.small_county import write

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.long
DONE = (
    "!document.querySelector('#results').classList.contains('busy') && document.querySelector('#figures td')"
)
NAMES = {"en": ("Setting A", "Setting B"), "zh": ("方案甲", "方案乙")}


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Session, Served]]:
    path = write(tmp_path_factory.mktemp("browser"))
    families = load_families(ROOT / "scenarios" / "families.yaml")
    session = Session(load_scenario(path), families=families)
    session.answer(session.settings({"cap": 1e6}))  # compiled before somebody waits for it
    with served(session) as found:
        yield session, found


@pytest.fixture
def tab(tmp_path: Path) -> Iterator[Tab]:
    with opened(tmp_path) as found:
        found.resize(1280, 900)
        yield found


def figure(name: str, side: str) -> str:
    """The script that reads a figure of the table: the column of ``side`` is 1, 2 or 3."""
    return f"document.querySelector('#figures tr[data-name=\"{name}\"]').children[{side}].textContent"


def shown(session: Session, settings: dict[str, object], name: str, lang: str) -> str:
    """The figure as the table must have it; money in 万元 or million yuan."""
    value, unit = session.answer(session.settings(settings)).figures[name]
    if unit == "yuan/year":
        return f"{value / 1e4:,.0f}" if lang == "zh" else f"{value / 1e6:,.1f}"
    return f"{value:,.0f}"


def settle(tab: Tab) -> None:
    time.sleep(0.3)  # what was moved is asked for a moment later
    tab.until(DONE + " ? 1 : 0")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_knobs_are_moved_compared_saved_and_briefed(
    tab: Tab, page: tuple[Session, Served], lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, at = page
    monkeypatch.setattr(session, "folder", tmp_path)
    tab.open(f"{at.address}?lang={lang}", "document.querySelector('#figures td')")
    settle(tab)
    assert tab.evaluate(figure("caseload.dibao", "1")) == shown(session, {}, "caseload.dibao", lang)

    # The line is typed; the ratio follows. The slider of the ratio is pressed; the line follows.
    tab.write("[data-name=rural_line] .set input[type=number]", "5040")
    settle(tab)
    assert tab.evaluate("document.querySelector('#ratio-rural_line').nextSibling.value") == "72"
    for name in ("cost.total", "paid.county", "caseload.dibao"):
        assert tab.evaluate(figure(name, "2")).startswith(shown(session, {"rural_line": 5040}, name, lang))
    tab.drag("#ratio-rural_line", 1.0)
    settle(tab)
    assert tab.evaluate("document.querySelector('#knob-rural_line').nextSibling.value") == "7000"
    assert tab.evaluate(figure("caseload.dibao", "2")).startswith(
        shown(session, {"rural_line": 7000}, "caseload.dibao", lang)
    )

    # Setting B begins as a copy, and is moved alone: a choice by the keyboard, switches, months, a cap.
    tab.click("#other-side")
    settle(tab)
    tab.evaluate("document.querySelector('#knob-work_cost').focus()")
    tab.keys("ARROW_DOWN")
    settle(tab)
    assert tab.evaluate("document.querySelector('#knob-work_cost').value") == "rate_of_wage"
    idle = "document.querySelector('[data-name=single_admission] .idle').textContent"
    assert tab.evaluate(idle) != ""
    tab.click("#knob-edge_tier")
    settle(tab)
    assert tab.evaluate(idle) == ""
    tab.click("#knob-single_admission")
    tab.click("#limit-cap")
    settle(tab)
    cap = float(tab.evaluate("document.querySelector('#knob-cap').nextSibling.value"))
    settings = {
        "rural_line": 7000, "work_cost": "rate_of_wage", "edge_tier": True, "single_admission": True,
        "cap": cap * (1e4 if lang == "zh" else 1e6),
    }  # fmt: skip
    for name in ("cost.dibao", "caseload.dibao", "paid.county"):
        assert tab.evaluate(figure(name, "3")).startswith(shown(session, settings, name, lang)), name
        assert tab.evaluate(figure(name, "2")).startswith(shown(session, {"rural_line": 7000}, name, lang))
    assert [tab.evaluate(f"document.querySelector('#side-{side}').textContent") for side in "ab"] == list(
        NAMES[lang]
    )

    # Three lines of a family, and of another one.
    assert tab.evaluate("document.querySelectorAll('#family polyline').length") == 3
    before = tab.evaluate("document.querySelector('#family polyline').getAttribute('points')")
    tab.evaluate("document.querySelector('#which').focus()")
    tab.keys("ARROW_DOWN")
    settle(tab)
    assert tab.evaluate("document.querySelector('#family polyline').getAttribute('points')") != before

    # Saved by way of the brief, which asks for it; then replaced only after asking.
    saved(tab, session, settings, tmp_path)
    asked = {urlsplit(one).netloc for one in tab.requested() if not one.startswith(("data:", "blob:"))}
    assert asked == {f"127.0.0.1:{at.port}"}
    assert [one for one in tab.complaints() if "409" not in one] == []


def saved(tab: Tab, session: Session, settings: dict[str, object], folder: Path) -> None:
    tab.click("#actions button:nth-child(2)")
    tab.write("#save-file", "both")
    tab.click("#save-done")
    tab.until("!document.querySelector('#save').open ? 1 : 0")
    brief = folder / "both-brief.docx"
    end = time.monotonic() + 300
    while not brief.is_file() and time.monotonic() < end:
        time.sleep(0.2)
    docx.Document(str(brief))
    path = folder / "both.yaml"
    run = ms.run(path)
    own = session.answer(session.settings(settings)).figures["cost.total"][0]
    assert abs(run.summary["cost.total"]["value"] - own) <= 1e-9 * own

    tab.click("#side-a")
    settle(tab)
    content = path.read_bytes()
    tab.click("#actions button:nth-child(1)")
    tab.write("#save-file", "both")
    tab.click("#save-done")
    tab.until("document.querySelector('#save .said').textContent")
    assert path.read_bytes() == content
    tab.click("#save-done")
    tab.until("!document.querySelector('#save').open ? 1 : 0")
    assert load_scenario(path).policy().value("dibao.line.rural") == 7000
    assert path.read_bytes() != content


def test_a_language_is_changed_and_settings_are_kept(tab: Tab, page: tuple[Session, Served]) -> None:
    _, at = page
    tab.open(f"{at.address}?lang=en", "document.querySelector('#figures td')")
    tab.write("[data-name=rural_line] .set input[type=number]", "5000")
    settle(tab)
    tab.click("#language")
    tab.until("document.documentElement?.lang === 'zh-CN' && document.querySelector('#figures td') ? 1 : 0")
    settle(tab)
    assert tab.evaluate("document.querySelector('#knob-rural_line').nextSibling.value") == "5000"
    tab.click("#actions button:last-child")
    settle(tab)
    assert tab.evaluate("document.querySelector('#knob-rural_line').nextSibling.value") == "4600"


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_is_wider_than_the_window(
    tab: Tab, page: tuple[Session, Served], lang: str, width: int
) -> None:
    _, at = page
    tab.resize(width, 900)
    tab.open(f"{at.address}?lang={lang}", "document.querySelector('#figures td')")
    settle(tab)
    assert tab.evaluate("document.documentElement.scrollWidth") <= width


def test_what_the_law_refuses_is_said_and_a_server_that_has_gone_too(
    tab: Tab, scenario_path: Path, session: Session
) -> None:
    with served(session) as at:
        tab.open(f"{at.address}?lang=en", "document.querySelector('#figures td')")
        settle(tab)
        tab.write("[data-name=rural_line] .set input[type=number]", "90000")
        tab.until("document.querySelector('#status.bad') ? 1 : 0")
        assert "the law does not allow this setting" in tab.evaluate(
            "document.querySelector('#status').textContent"
        )
    tab.write("[data-name=rural_line] .set input[type=number]", "5000")
    tab.until("document.querySelector('#status').textContent.includes('has ended') ? 1 : 0")
